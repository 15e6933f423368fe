//! The compiler of the WebAssembly builds: found, or installed, and put where only these builds see it.
//!
//! The builds compile std from its source, so they need a rustc of which the source is at hand and that
//! accepts `-Z`. Two kinds are known:
//! - rustup's nightly of the date in wasm-pack.toml, with rust-src;
//! - a system's own set of rustc, cargo, std's source and the `wasm-ld` of the same LLVM, such as Debian's
//!   rustc-web, cargo-web, rust-web-src and lld-N. `RUSTC_BOOTSTRAP=1` unlocks `-Z` in a stable compiler.
//!
//! The order: what is installed, rustup's first; then what can be installed, rustup's first. The variable
//! `ARCHIPELAGO_TOOLCHAIN=rustup` or `=system` narrows the choice to one.
//!
//! There is no rust-toolchain.toml, as that would also rule the native builds and break every cargo call on a
//! machine that cannot reach rustup's server. `wrappers.rs` makes the choice visible to wasm-pack instead.

use crate::packages;
use crate::process::{answer, is_program, on_path, run_within};
use crate::project::{Project, major_minor};
use crate::report::{Failure, Result, found, step};
use crate::wrappers;
use std::env;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A compiler that can make the WebAssembly builds.
pub struct Toolchain {
    /// For messages and stamps: where it comes from and its exact version.
    pub name: String,
    /// The compiler itself.
    pub rustc: PathBuf,
    /// Its cargo.
    pub cargo: PathBuf,
    /// The linker, where rustc does not bring its own.
    pub linker: Option<PathBuf>,
    /// rustup's name for it, when it is rustup's.
    pub rustup: Option<String>,
    /// Whether `cargo clippy` of the same version is there.
    pub clippy: bool,
    /// The folder of wrappers to put first on PATH; see `wrappers.rs`.
    pub bin: PathBuf,
}

/// How long rustup may take to download a toolchain.
const RUSTUP_LIMIT: Duration = Duration::from_secs(600);
/// How long rustup's server may take to answer at all.
const REACH_LIMIT: Duration = Duration::from_secs(5);

/// Finds the compiler, or installs one.
pub fn find_or_install(project: &Project) -> Result<Toolchain> {
    let wish = env::var("ARCHIPELAGO_TOOLCHAIN").unwrap_or_default();
    if !matches!(wish.as_str(), "" | "rustup" | "system") {
        let what = format!("ARCHIPELAGO_TOOLCHAIN is \"{wish}\"");
        return Err(Failure::new(what, "set it to rustup or to system, or unset it"));
    }
    let (rustup, system) = (wish != "system", wish != "rustup");

    let ready =
        rustup.then(|| find_rustup(project)).flatten().or_else(|| system.then(|| find_system(project))?);
    if let Some(mut toolchain) = ready {
        toolchain.bin = wrappers::write(project, &toolchain)?;
        found(&toolchain.name);
        return Ok(toolchain);
    }
    let mut reasons = Vec::new();
    if rustup {
        match install_rustup(project) {
            Ok(()) => match find_rustup(project) {
                Some(toolchain) => return with_wrappers(project, toolchain),
                None => reasons.push("rustup's toolchain lacks rustc, cargo or rust-src".to_string()),
            },
            Err(failure) => reasons.push(failure.what),
        }
    }
    if system {
        match install_system() {
            Ok(()) => match find_system(project) {
                Some(toolchain) => return with_wrappers(project, toolchain),
                None => reasons.push("Debian's packages do not fit together or are too old".to_string()),
            },
            Err(failure) => reasons.push(format!("{} ({})", failure.what, failure.advice)),
        }
    }
    let pinned = &project.settings.tools.rustup_toolchain;
    let advice = format!(
        "do one of these, then start again\n\
         rustup toolchain install {pinned} --profile minimal -c rust-src -c clippy -t wasm32-unknown-unknown\n\
         on Debian: apt-get install {} and the lld-N of its LLVM",
        packages::RUST.join(" ")
    );
    Err(Failure::new(format!("no compiler for WebAssembly: {}", reasons.join("; ")), advice))
}

fn with_wrappers(project: &Project, mut toolchain: Toolchain) -> Result<Toolchain> {
    toolchain.bin = wrappers::write(project, &toolchain)?;
    Ok(toolchain)
}

fn find_rustup(project: &Project) -> Option<Toolchain> {
    let pinned = &project.settings.tools.rustup_toolchain;
    // `rustup which` would install what it does not find, unless told not to.
    let which = |program: &str| {
        let mut rustup = Command::new("rustup");
        rustup.args(["which", "--toolchain", pinned, program]).env("RUSTUP_AUTO_INSTALL", "0");
        answer(&mut rustup).map(PathBuf::from).filter(|file| is_program(file))
    };
    let rustc = which("rustc")?;
    let about = Version::of(&rustc)?;
    if !about.has_source() {
        return None;
    }
    Some(Toolchain {
        name: format!("rustup's {pinned}, rustc {}", about.release),
        cargo: which("cargo")?,
        clippy: which("cargo-clippy").is_some(),
        rustc,
        linker: None,
        rustup: Some(pinned.clone()),
        bin: PathBuf::new(),
    })
}

fn find_system(project: &Project) -> Option<Toolchain> {
    // Not by PATH: there rustup's proxies may come first.
    let folder = ["/usr/bin", "/usr/local/bin"].map(Path::new).into_iter().find(|folder| {
        is_program(&folder.join("rustc"))
            && is_program(&folder.join("cargo"))
            && !is_proxy(&folder.join("rustc"))
    })?;
    let rustc = folder.join("rustc");
    let about = Version::of(&rustc)?;
    if !about.has_source() || major_minor(&about.release)? < project.oldest_rust {
        return None;
    }
    let linker = on_path(&format!("wasm-ld-{}", about.llvm)).or_else(|| {
        let plain = on_path("wasm-ld")?;
        let version = answer(Command::new(&plain).arg("--version"))?;
        version.contains(&format!("LLD {}.", about.llvm)).then_some(plain)
    })?;
    Some(Toolchain {
        name: format!("{}, rustc {} with {}", rustc.display(), about.release, linker.display()),
        cargo: folder.join("cargo"),
        clippy: is_program(&folder.join("cargo-clippy")),
        rustc,
        linker: Some(linker),
        rustup: None,
        bin: PathBuf::new(),
    })
}

/// Whether a program called rustc is rustup in disguise.
fn is_proxy(rustc: &Path) -> bool {
    rustc.canonicalize().is_ok_and(|file| file.file_name().is_some_and(|name| name == "rustup"))
}

fn install_rustup(project: &Project) -> Result<()> {
    if on_path("rustup").is_none() {
        return Err(Failure::new("rustup is not installed", "see https://rustup.rs"));
    }
    if !may_reach_rustup() {
        return Err(Failure::new("rustup's server cannot be reached", "check the network"));
    }
    let pinned = &project.settings.tools.rustup_toolchain;
    step(format!("install {pinned} with std's source by rustup (about 200 MB)"), || {
        let mut rustup = Command::new("rustup");
        rustup.args(["toolchain", "install", pinned, "--profile", "minimal", "--no-self-update"]);
        rustup.args(["-c", "rust-src", "-c", "clippy", "-t", "wasm32-unknown-unknown"]);
        run_within(&mut rustup, RUSTUP_LIMIT, "type the same line to see why")
    })
}

/// A quick look, so that a machine without the whole internet does not wait for rustup's own time-outs. Behind
/// a proxy or with a mirror only rustup itself can tell.
fn may_reach_rustup() -> bool {
    let routed = ["RUSTUP_DIST_SERVER", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if routed.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return true;
    }
    let addresses = ("static.rust-lang.org", 443).to_socket_addrs();
    addresses
        .is_ok_and(|mut all| all.any(|address| TcpStream::connect_timeout(&address, REACH_LIMIT).is_ok()))
}

fn install_system() -> Result<()> {
    packages::install("rustc, cargo and std's source", &packages::RUST)?;
    let rustc = Path::new("/usr/bin/rustc");
    let about = Version::of(rustc)
        .ok_or_else(|| Failure::new("/usr/bin/rustc does not answer", "reinstall the package rustc-web"))?;
    // The linker must read what this rustc's LLVM writes.
    packages::install("the linker of the same LLVM", &[&format!("lld-{}", about.llvm)])
}

/// What `rustc -vV` and `--print sysroot` say.
struct Version {
    release: String,
    /// LLVM's major version.
    llvm: u32,
    sysroot: PathBuf,
}

impl Version {
    fn of(rustc: &Path) -> Option<Version> {
        let sysroot = answer(Command::new(rustc).args(["--print", "sysroot"]))?.into();
        let (release, llvm) = read_version(&answer(Command::new(rustc).arg("-vV"))?)?;
        Some(Version { release, llvm, sysroot })
    }

    /// Whether std's source lies where `-Z build-std` looks for it.
    fn has_source(&self) -> bool {
        self.sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
    }
}

/// The release and LLVM's major version in the output of `rustc -vV`.
fn read_version(text: &str) -> Option<(String, u32)> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let llvm = field("LLVM version:")?.split('.').next()?.parse().ok()?;
    Some((field("release:")?.to_string(), llvm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_rustc_prints() {
        let text =
            "rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\nrelease: 1.96.0\nLLVM version: 22.1.8\n";
        assert_eq!(read_version(text), Some(("1.96.0".to_string(), 22)));
        assert_eq!(read_version("rustc 1.96.0"), None);
    }
}
