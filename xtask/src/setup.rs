//! Everything the builds and the tests need beside the Rust and Node already here: found, or installed.
//!
//! Tools lie in the user's cache, one folder per version, so a second start only looks and another version
//! stands beside the first.

use crate::browser::{self, Browser};
use crate::packages;
use crate::process::{answer, is_program, native_cargo, on_path, run};
use crate::project::{Project, major_minor};
use crate::report::{Failure, Result, found, step};
use crate::toolchain::{self, Toolchain};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a build needs.
pub struct Kit {
    /// The compiler.
    pub toolchain: Toolchain,
    /// The folder of the program wasm-pack.
    pub wasm_pack: PathBuf,
    /// The folder of the programs wasm-bindgen and wasm-bindgen-test-runner.
    pub wasm_bindgen: PathBuf,
    /// The script wasm-opt, for Node.
    pub wasm_opt: PathBuf,
    /// The program esbuild.
    pub esbuild: PathBuf,
}

/// The oldest Node that runs the tests' own runner as they use it.
const OLDEST_NODE: u32 = 20;

/// What all builds need.
pub fn for_builds(project: &Project) -> Result<Kit> {
    node()?;
    let toolchain = toolchain::find_or_install(project)?;
    // wasm-bindgen-cli's lock file may name releases that a registry no longer serves; wasm-pack's is sound.
    let wasm_bindgen = cargo_tool(project, "wasm-bindgen", "wasm-bindgen-cli", &project.wasm_bindgen, false)?;
    let wasm_pack = cargo_tool(project, "wasm-pack", "wasm-pack", &project.settings.tools.wasm_pack, true)?;
    // What both had in common need not be kept.
    let _ = fs::remove_dir_all(shared_target(project));
    let tools = &project.settings.tools;
    let wasm_opt = npm_tool(project, "binaryen", &tools.binaryen, "wasm-opt", "100 MB")?;
    let esbuild = npm_tool(project, "esbuild", &tools.esbuild, "esbuild", "10 MB")?;
    Ok(Kit { toolchain, wasm_pack, wasm_bindgen, wasm_opt, esbuild })
}

/// What the tests need beside the builds: a browser, its driver, and the packages of the page's tests.
pub fn for_tests(project: &Project) -> Result<Browser> {
    let browser = match browser::find() {
        Ok(browser) => browser,
        Err(missing) => {
            packages::install(&missing.what, &packages::BROWSER).map_err(|failure| {
                Failure::new(failure.what, format!("{}\nor else: {}", failure.advice, missing.advice))
            })?;
            browser::find()?
        }
    };
    found(format!("{} with {}", browser.chrome.display(), browser.driver.display()));
    page_packages(&project.root.join("tests/browser"))?;
    Ok(browser)
}

fn node() -> Result<()> {
    let advice = "install Node 20 or newer with npm: https://nodejs.org, or your system's packages";
    let version = answer(Command::new("node").arg("--version"));
    let version = version.ok_or_else(|| Failure::new("there is no Node here", advice))?;
    if major_minor(version.trim_start_matches('v')).is_none_or(|(major, _)| major < OLDEST_NODE) {
        return Err(Failure::new(format!("Node {version} is too old"), advice));
    }
    if on_path("npm").is_none() {
        return Err(Failure::new("there is no npm here", advice));
    }
    found(format!("Node {version}"));
    Ok(())
}

fn shared_target(project: &Project) -> PathBuf {
    project.cache.join("tools").join("target")
}

/// The folder of a program that cargo can install, by version.
fn cargo_tool(
    project: &Project,
    program: &str,
    package: &str,
    version: &str,
    locked: bool,
) -> Result<PathBuf> {
    let folder = project.tool(program, version);
    let bin = folder.join("bin");
    if is_program(&bin.join(program)) {
        found(format!("{program} {version}"));
        return Ok(bin);
    }
    step(format!("compile {program} {version} (about 4 minutes on 2 cores)"), || {
        let mut cargo = native_cargo();
        cargo.args(["install", "--quiet", package, "--version", &format!("={version}")]);
        cargo.args(locked.then_some("--locked"));
        cargo.arg("--root").arg(&folder).arg("--target-dir").arg(shared_target(project));
        // Away from the repository, whose own cargo settings are not meant for it.
        fs::create_dir_all(&folder).ok();
        run(
            cargo.current_dir(&folder),
            "check that crates.io can be reached and that a C compiler is installed",
        )
    })?;
    Ok(bin)
}

/// A script of an npm package, by version.
fn npm_tool(project: &Project, package: &str, version: &str, script: &str, size: &str) -> Result<PathBuf> {
    let folder = project.tool(package, version);
    let script = folder.join("node_modules").join(package).join("bin").join(script);
    if script.is_file() {
        found(format!("{package} {version}"));
        return Ok(script);
    }
    step(format!("install {package} {version} by npm (about {size} unpacked)"), || {
        fs::create_dir_all(&folder).ok();
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&folder);
        run(npm.arg(format!("{package}@{version}")), "check that npm's registry can be reached")
    })?;
    Ok(script)
}

/// Installs the packages of the page's tests when package.json or its lock changed since the last time.
fn page_packages(folder: &Path) -> Result<()> {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|about| about.modified()).ok();
    let Some(wanted) = changed("package.json").max(changed("package-lock.json")) else {
        return Ok(());
    };
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some_and(|installed| installed >= wanted) {
        found("the page tests' packages");
        return Ok(());
    }
    step("install the page tests' packages by npm", || {
        let locked = folder.join("package-lock.json").is_file();
        let mut npm = Command::new("npm");
        npm.arg(if locked { "ci" } else { "install" }).args(["--silent", "--no-audit", "--no-fund"]);
        run(npm.current_dir(folder), "check that npm's registry can be reached")?;
        // npm keeps the file's old time when nothing in it changed.
        let _ = fs::File::options()
            .append(true)
            .open(folder.join("node_modules/.package-lock.json"))
            .and_then(|file| file.set_modified(std::time::SystemTime::now()));
        Ok(())
    })
}
