//! The WebAssembly builds: their environment, wasm-pack, wasm-opt, and when nothing needs doing.

use crate::browser::{self, Browser};
use crate::process::run;
use crate::project::{Build, Project};
use crate::report::{OrFail, Result, found, step};
use crate::setup::Kit;
use crate::site;
use crate::wrappers::{self, quoted};
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seconds after which a test in the browser counts as hanging. The runner's own limit is 20, too little for a
/// whole map on a small machine.
const TEST_LIMIT: &str = "600";

/// The variable with rustc's flags for the target.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The variables under which a plain `wasm-pack` makes or tests this build.
pub fn environment(
    project: &Project,
    kit: &Kit,
    build: &Build,
    browser: Option<&Browser>,
) -> Result<Vec<(String, OsString)>> {
    let folders = [&kit.toolchain.bin, &kit.wasm_bindgen, &kit.wasm_pack].into_iter().cloned();
    let before = env::var_os("PATH").unwrap_or_default();
    // The folders of another build's environment, if this runs in one, are left where they are: behind.
    let path = env::join_paths(folders.chain(env::split_paths(&before)))
        .or_fail("PATH cannot be extended", "remove the folder with a colon in its name from PATH")?;
    let mut all = vec![
        ("PATH".to_string(), path),
        (wrappers::BUILD_STD.to_string(), build.build_std.join(",").into()),
        (wrappers::BUILD_STD_FEATURES.to_string(), build.build_std_features.join(",").into()),
        (wrappers::TARGET_DIR.to_string(), project.target_dir(build).into()),
        (RUSTFLAGS.to_string(), build.rustflags.join(" ").into()),
    ];
    if let Some(linker) = &kit.toolchain.linker {
        all.push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER".to_string(), linker.into()));
    }
    if let Some(browser) = browser {
        all.push(("CHROMEDRIVER".to_string(), browser.driver.clone().into()));
        all.push((
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON".to_string(),
            browser::capabilities(project, browser)?.into(),
        ));
        all.push(("WASM_BINDGEN_TEST_TIMEOUT".to_string(), TEST_LIMIT.into()));
    }
    Ok(all)
}

/// The same as shell code for `eval`.
pub fn shell(environment: &[(String, OsString)]) -> String {
    environment
        .iter()
        .map(|(name, value)| format!("export {name}={}\n", quoted(value.to_string_lossy())))
        .collect()
}

/// A command under a build's environment, in the repository.
pub fn command(project: &Project, environment: &[(String, OsString)], program: &str) -> Command {
    // Found here, as the PATH it is started under does not say where it is itself searched.
    let path = environment.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value);
    let place = path.and_then(|path| {
        env::split_paths(path).map(|folder| folder.join(program)).find(|file| file.is_file())
    });
    let mut command = Command::new(place.unwrap_or_else(|| program.into()));
    command.current_dir(&project.root).envs(environment.iter().map(|(name, value)| (name, value)));
    // Would lead wasm-pack's question for the target folder past the wrappers.
    command.env_remove("CARGO");
    command
}

/// Makes all builds, and the site of them.
pub fn make_all(project: &Project, kit: &Kit) -> Result<()> {
    project.settings.builds.iter().try_for_each(|build| make(project, kit, build))?;
    site::make(project, kit)
}

/// Makes the build and puts it where the page finds it, unless nothing it is made from changed.
pub fn make(project: &Project, kit: &Kit, build: &Build) -> Result<()> {
    let target = project.target_dir(build);
    let out = project.root.join(&build.out_dir);
    let stamp_file = target.join(format!("stamp-{}", build.name));
    let _lock =
        lock(&target).or_fail(format!("cannot lock {}", target.display()), "make target/ writable")?;
    let stamp =
        stamp(project, kit, build).or_fail("cannot read the sources", "check this checkout's permissions")?;
    let whole = out.join("archipelago_bg.wasm").is_file() && out.join("archipelago.js").is_file();
    if whole && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        found(format!("{} (nothing changed)", build.out_dir));
        return Ok(());
    }
    step(format!("build {} (the first time also std: some minutes)", build.out_dir), || {
        let pkg = target.join(format!("pkg-{}", build.name));
        let environment = environment(project, kit, build, None)?;
        let rustflags = [build.rustflags.as_slice(), &build.release_rustflags].concat().join(" ");
        let mut wasm_pack = command(project, &environment, "wasm-pack");
        wasm_pack.args(["build", "--target", "web", "--release", "--mode", "no-install", "--no-pack"]);
        wasm_pack
            .arg("--out-dir")
            .arg(&pkg)
            .args(["--out-name", "archipelago", ".", "--"])
            .args(&build.cargo_args);
        wasm_pack.env(RUSTFLAGS, rustflags);
        run(&mut wasm_pack, "see the compiler's messages above")?;
        optimize(kit, build, &pkg.join("archipelago_bg.wasm"))?;
        publish(&pkg, &out)
            .or_fail(format!("cannot write {}", build.out_dir), "make this folder writable")?;
        fs::write(&stamp_file, &stamp).or_fail("cannot write the stamp", "make target/ writable")
    })
}

/// Makes another xtask wait until this one has finished the build, as long as the file is held.
fn lock(target: &Path) -> io::Result<fs::File> {
    fs::create_dir_all(target)?;
    let file = fs::File::create(target.join("lock"))?;
    if file.try_lock().is_err() {
        eprintln!("  wait   another cargo xtask is at this build");
        file.lock()?;
    }
    Ok(file)
}

/// Runs wasm-opt over a module, in place.
fn optimize(kit: &Kit, build: &Build, module: &Path) -> Result<()> {
    let before = module.metadata().map_or(0, |about| about.len());
    let optimized = module.with_extension("optimized");
    let mut node = Command::new("node");
    node.arg(&kit.wasm_opt).args(&build.wasm_opt).arg(module).arg("-o").arg(&optimized);
    run(&mut node, "see wasm-opt's message above; its flags stand in wasm-pack.toml")?;
    fs::rename(&optimized, module).or_fail("cannot replace the module", "make target/ writable")?;
    let after = module.metadata().map_or(0, |about| about.len());
    eprintln!("         wasm-opt: {} KB -> {} KB", before / 1000, after / 1000);
    Ok(())
}

/// Puts a package in place of the old one in one rename, so that a page loaded meanwhile never gets half of each.
fn publish(pkg: &Path, out: &Path) -> io::Result<()> {
    let new = out.with_extension("new");
    let old = out.with_extension("old");
    for left in [&new, &old] {
        if left.exists() {
            fs::remove_dir_all(left)?;
        }
    }
    copy_package(pkg, &new)?;
    if out.exists() {
        fs::rename(out, &old)?;
    }
    fs::rename(&new, out)?;
    if old.exists() { fs::remove_dir_all(&old) } else { Ok(()) }
}

/// Copies scripts, types, the module and snippets; no package.json, README or .gitignore.
fn copy_package(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_package(&path, &target)?;
        } else if path.file_name().is_some_and(|name| name == "archipelago.js") {
            fs::write(&target, without_docs(&fs::read_to_string(&path)?))?;
        } else if path.extension().is_some_and(|kind| ["js", "ts", "wasm"].iter().any(|known| kind == *known))
        {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// wasm-bindgen's script without its comments: the types beside it say the same, and nobody should load them.
fn without_docs(script: &str) -> String {
    let mut inside = false;
    let code = script.lines().filter(|line| {
        inside |= line.trim_start().starts_with("/**");
        let comment = inside;
        inside &= !line.trim_end().ends_with("*/");
        !comment
    });
    code.flat_map(|line| [line, "\n"]).collect()
}

/// A short text that changes whenever anything the build is made from changes.
fn stamp(project: &Project, kit: &Kit, build: &Build) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    let mut add = |text: &[u8]| {
        hasher.write_usize(text.len());
        hasher.write(text);
    };
    for file in inputs(&project.root)? {
        add(file.to_string_lossy().as_bytes());
        add(&fs::read(&file)?);
    }
    let tools = &project.settings.tools;
    for word in [&build.name, &kit.toolchain.name, &tools.wasm_pack, &tools.binaryen] {
        add(word.as_bytes());
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// Every file that any build reads, in a fixed order. cargo itself knows more exactly, but asking it takes
/// wasm-pack, wasm-bindgen and wasm-opt along.
fn inputs(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        ["Cargo.toml", "Cargo.lock", "wasm-pack.toml"].iter().map(|name| root.join(name)).collect();
    files.retain(|file| file.is_file());
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_lose_their_docs_only() {
        let script =
            "class A {\n  /**\n   * Says.\n   */\n  b() {\n  /** c */\n    return 1; /* d */\n  }\n}\n";
        assert_eq!(without_docs(script), "class A {\n  b() {\n    return 1; /* d */\n  }\n}\n");
    }

    #[test]
    fn the_shell_code_sets_exactly_the_value() {
        let all = [
            ("ARCHIPELAGO_A".to_string(), OsString::from("it's a b")),
            ("ARCHIPELAGO_B".to_string(), "c".into()),
        ];
        let line = format!("{}printf %s \"$ARCHIPELAGO_A|$ARCHIPELAGO_B\"", shell(&all));
        let told = crate::process::answer(Command::new("sh").args(["-c", &line]));
        assert_eq!(told.as_deref(), Some("it's a b|c"));
    }
}
