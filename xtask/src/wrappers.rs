//! A folder with a `cargo` and a `rustc` that lead wasm-pack to the chosen compiler, and nothing else.
//!
//! wasm-pack calls whatever `cargo` and `rustc` come first on PATH. With this folder there, calls that concern
//! WebAssembly reach the chosen compiler with what only it must see (`RUSTC_BOOTSTRAP`, build-std); every other
//! call goes on to the cargo that comes next on PATH. So a shell prepared by `cargo xtask env` can still run
//! `cargo test` or `cargo xtask` natively.

use crate::project::Project;
use crate::report::{OrFail, Result};
use crate::toolchain::Toolchain;
use std::fs;
use std::path::{Path, PathBuf};

/// The variable with the parts of std to compile, in cargo's own form.
pub const BUILD_STD: &str = "ARCHIPELAGO_WASM_BUILD_STD";
/// The features of std: see there.
pub const BUILD_STD_FEATURES: &str = "ARCHIPELAGO_WASM_BUILD_STD_FEATURES";
/// The variable with the target folder of the build.
pub const TARGET_DIR: &str = "ARCHIPELAGO_WASM_TARGET_DIR";

/// Writes the folder for this toolchain and answers its path.
pub fn write(project: &Project, toolchain: &Toolchain) -> Result<PathBuf> {
    let name = toolchain.rustup.as_deref().unwrap_or("system");
    let folder = project.cache.join("toolchains").join(name);
    let (bin, lib) = (folder.join("bin"), folder.join("lib"));
    for path in [&bin, &lib] {
        fs::create_dir_all(path)
            .or_fail(format!("cannot make {}", path.display()), "make this folder writable")?;
    }
    put(&bin.join("cargo"), &cargo(toolchain, &bin))?;
    put(&bin.join("rustc"), &rustc(toolchain, &lib))?;
    Ok(bin)
}

fn cargo(toolchain: &Toolchain, bin: &Path) -> String {
    let rustup = match &toolchain.rustup {
        // cargo finds `cargo clippy` among rustup's proxies, which obey this variable.
        Some(name) => format!("export RUSTUP_TOOLCHAIN={}\n", quoted(name)),
        None => String::new(),
    };
    format!(
        r#"#!/bin/sh
# Written by `cargo xtask setup`: leads cargo calls for WebAssembly to {name}.
case "$1" in
    +*) wasm=no ;;
    # wasm-pack asks here where the build's files are.
    metadata) wasm=yes ;;
    *)
        # wasm-pack names the target by variable when it builds, by argument when it tests.
        case " $CARGO_BUILD_TARGET $* " in
            *" wasm32-unknown-unknown "* | *"=wasm32-unknown-unknown "*) wasm=yes ;;
            *) wasm=no ;;
        esac
        ;;
esac
if [ "$wasm" = yes ]; then
    export RUSTC={rustc} RUSTC_BOOTSTRAP=1
    export CARGO_UNSTABLE_BUILD_STD="${{{BUILD_STD}:?is not set: cargo xtask env sets it}}"
    export CARGO_UNSTABLE_BUILD_STD_FEATURES="${BUILD_STD_FEATURES}"
    export CARGO_TARGET_DIR="${{{TARGET_DIR}:?is not set: cargo xtask env sets it}}"
    {rustup}exec {cargo} "$@"
fi
PATH=$(printf %s "$PATH" | tr ':' '\n' | grep -vxF {bin} | paste -sd: -)
exec cargo "$@"
"#,
        name = toolchain.name,
        rustc = quoted(toolchain.rustc.display()),
        cargo = quoted(toolchain.cargo.display()),
        bin = quoted(bin.display()),
    )
}

fn rustc(toolchain: &Toolchain, lib: &Path) -> String {
    format!(
        r#"#!/bin/sh
# Written by `cargo xtask setup`: {name}.
# wasm-pack asks only whether the target's library folder exists. build-std needs none there, so any folder will do.
case "$*" in
    "--target wasm32-unknown-unknown --print target-libdir") echo {lib} ;;
    *) exec {rustc} "$@" ;;
esac
"#,
        name = toolchain.name,
        lib = quoted(lib.display()),
        rustc = quoted(toolchain.rustc.display()),
    )
}

/// Writes an executable file whole: a shell that runs the old one meanwhile keeps the old one.
fn put(file: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let new = file.with_extension(format!("new{}", std::process::id()));
    fs::write(&new, text)
        .and_then(|()| make_executable(&new))
        .and_then(|()| fs::rename(&new, file))
        .or_fail(format!("cannot write {}", file.display()), "make this folder writable")
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other(
        "the wrappers are shell scripts: use Linux, macOS or the Windows subsystem for Linux",
    ))
}

/// A word for a shell, whatever stands in it.
pub fn quoted(word: impl std::fmt::Display) -> String {
    format!("'{}'", word.to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::answer;
    use std::process::Command;

    #[test]
    fn a_quoted_word_survives_the_shell() {
        let word = "a'b \"c\" $HOME `d` \\";
        let line = format!("printf %s {}", quoted(word));
        assert_eq!(answer(Command::new("sh").args(["-c", &line])).as_deref(), Some(word));
    }
}
