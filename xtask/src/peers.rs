//! `cargo xtask bench --peers`: Archipelago's projections beside the programs that people would use instead.
//!
//! These are installed, pinned, in a folder of the user's cache. benches/reference/peers.py runs them all on the same
//! neighbors and writes docs/peers.md.

use crate::process::{native_cargo, run};
use crate::project::Project;
use crate::reference::python;
use crate::report::{Failure, OrFail, Result, found, step};
use crate::setup::{self, Kit};
use crate::{builds, serve};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Only its module for UMAP is used, which needs nothing else; a package that it depends on is not published.
const ATLAS: &str = "embedding-atlas@0.26.0";
const UMAP_JS: &str = "umap-js@1.4.0";
const VECTORS: &str = "../shared/data/bench/babynames-30k/vectors.csv";

/// Compares; `words` go to the script.
pub fn compare(project: &Project, words: &[String]) -> Result<()> {
    if !project.root.join(VECTORS).is_file() {
        return Err(Failure::new(format!("{VECTORS} is not there"), "the comparison needs these vectors"));
    }
    let python = python(project)?;
    let (atlas, umap_js) = javascript(project)?;
    let kit: Kit = setup::for_builds(project)?;
    let browser = setup::for_tests(project)?;
    builds::make_all(project, &kit)?;
    let program = program(project)?;
    let bench = bench(project)?;
    let serving = serve::start(&project.site(), 0, true)?;
    let mut script = Command::new(python);
    script.arg(project.root.join("benches/reference/peers.py"));
    script.arg("--bench").arg(bench).arg("--program").arg(program);
    script.arg("--atlas").arg(atlas).arg("--umap-js").arg(umap_js);
    script.args(["--page", &serving.address]).args(words);
    run(script.env("CHROME", &browser.chrome), "see the messages above")
}

/// Builds the command line, and says where it is.
pub fn program(project: &Project) -> Result<PathBuf> {
    let mut cargo = native_cargo();
    cargo.args(["build", "--release", "--features", "cli", "--bin", "archipelago"]);
    run(cargo.current_dir(&project.root), "see the compiler's messages above")?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or(project.root.join("target"), PathBuf::from);
    Ok(target.join("release").join("archipelago").with_extension(env::consts::EXE_EXTENSION))
}

/// Builds benches/umap.rs, and says where it is.
fn bench(project: &Project) -> Result<PathBuf> {
    let advice = "see the compiler's messages above";
    let mut cargo = native_cargo();
    cargo.args(["build", "--release", "--features", "cli", "--bench", "umap"]);
    run(cargo.current_dir(&project.root), advice)?;
    // Built already: this only tells its name.
    let mut cargo = native_cargo();
    cargo.args(["build", "--release", "--features", "cli", "--bench", "umap", "--message-format", "json"]);
    let output = cargo
        .current_dir(&project.root)
        .stderr(Stdio::null())
        .output()
        .or_fail("cannot start cargo", advice)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter(|line| line.contains("\"name\":\"umap\""));
    let mut path = names.filter_map(|line| line.split("\"executable\":\"").nth(1)?.split('"').next());
    path.next_back()
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("cargo does not say where it put benches/umap.rs", advice))
}

/// The folder of embedding-atlas's package.
pub fn atlas(project: &Project) -> Result<PathBuf> {
    let (umap, _) = javascript(project)?;
    let package = umap.parent().and_then(|dist| dist.parent()).map(PathBuf::from);
    package.ok_or_else(|| Failure::new("embedding-atlas lies elsewhere", "remove it from the cache"))
}

/// The modules of the JavaScript peers.
fn javascript(project: &Project) -> Result<(PathBuf, PathBuf)> {
    let folder = project.tool("peers", &format!("{ATLAS}-{UMAP_JS}"));
    let modules = (folder.join("package/dist/umap.js"), folder.join("node_modules/umap-js/dist/index.js"));
    if modules.0.is_file() && modules.1.is_file() {
        found(format!("the JavaScript peers in {}", folder.display()));
        return Ok(modules);
    }
    let advice = "check that the npm registry can be reached, and that node, npm and tar are installed";
    step("install embedding-atlas and umap-js", || {
        fs::create_dir_all(&folder).or_fail("cannot write to the cache", "make it writable")?;
        let mut pack = Command::new("npm");
        run(pack.args(["pack", "--silent", ATLAS]).current_dir(&folder), advice)?;
        let mut unpack = Command::new("tar");
        unpack.arg("xzf").arg(format!("{}.tgz", ATLAS.replace('@', "-")));
        run(unpack.current_dir(&folder), advice)?;
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", ".", UMAP_JS]);
        run(install.current_dir(&folder), advice)
    })?;
    Ok(modules)
}
