//! `cargo xtask bench --reference`: Archipelago beside the Python programs that it is measured against.
//!
//! They are installed, pinned, in a folder of the user's cache, never in the repository or the system. The comparison
//! itself is Python, benches/reference/compare.py: most of what it calls is.

use crate::process::{answer, is_program, native_cargo, run};
use crate::project::Project;
use crate::report::{Failure, OrFail, Result, found, step};
use crate::setup::{self, Kit};
use crate::{builds, serve};
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compared unless other folders are named.
const SETS: [&str; 1] = ["../shared/data/bench/ml-1m"];

/// Compares on each folder with memberships.csv.
pub fn compare(project: &Project, folders: &[String]) -> Result<()> {
    let chosen: Vec<String> = if folders.is_empty() {
        SETS.iter().map(|folder| project.root.join(folder).display().to_string()).collect()
    } else {
        folders.to_vec()
    };
    if let Some(missing) = chosen.iter().find(|folder| !Path::new(folder).join("memberships.csv").is_file()) {
        let advice = "name folders that have one: cargo xtask bench --reference FOLDER...";
        return Err(Failure::new(format!("{missing} has no memberships.csv"), advice));
    }
    let python = python(project)?;
    let kit: Kit = setup::for_builds(project)?;
    let browser = setup::for_tests(project)?;
    builds::make_all(project, &kit)?;
    let mut cargo = native_cargo();
    cargo.args([
        "build",
        "--release",
        "--features",
        "cli",
        "--bin",
        "archipelago",
        "--example",
        "solve_problem",
    ]);
    run(cargo.current_dir(&project.root), "see the compiler's messages above")?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or(project.root.join("target"), PathBuf::from);
    let program = target.join("release").join("archipelago").with_extension(env::consts::EXE_EXTENSION);
    let serving = serve::start(&project.site(), 0, true)?;
    let script = |name: &str| project.root.join("benches/reference").join(name);

    let mut whole = Command::new(&python);
    whole
        .arg(script("compare.py"))
        .arg("--program")
        .arg(&program)
        .args(["--page", &serving.address])
        .args(&chosen);
    run(whole.env("CHROME", &browser.chrome), "see the messages above")?;
    // The embedding alone, on the same pairs from the same start.
    if script("mde_compare.py").is_file() {
        let solver = target.join("release/examples/solve_problem").with_extension(env::consts::EXE_EXTENSION);
        let mut alone = Command::new(&python);
        alone.arg(script("mde_compare.py")).arg("--solver").arg(solver).args(&chosen);
        run(&mut alone, "see the messages above")?;
    }
    Ok(())
}

/// A Python with the packages of benches/reference/requirements.txt: the one that `ARCHIPELAGO_PYTHON` names, or one of
/// our own, set up once for each version of the list.
pub fn python(project: &Project) -> Result<PathBuf> {
    if let Some(named) = env::var_os("ARCHIPELAGO_PYTHON") {
        return Ok(named.into());
    }
    let list = project.root.join("benches/reference/requirements.txt");
    let text = fs::read_to_string(&list)
        .or_fail(format!("cannot read {}", list.display()), "run this in a complete checkout")?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let folder = project.tool("reference", &format!("{:016x}", hasher.finish()));
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if ready.is_file() && is_program(&python) {
        found(format!("the Python packages in {}", folder.display()));
        return Ok(python);
    }
    if answer(Command::new("python3").arg("--version")).is_none() {
        return Err(Failure::new(
            "there is no python3 here",
            "install Python 3.11 or newer with its module venv",
        ));
    }
    step("install PyMDE, umap-learn, openTSNE and what they need (some minutes, 6 GB unpacked)", || {
        let advice =
            "check that PyPI can be reached, that there is room, and that Python's module venv is installed";
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), advice)?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&list);
        run(&mut pip, advice)?;
        fs::write(&ready, "").or_fail("cannot write to the cache", "make it writable")
    })?;
    Ok(python)
}
