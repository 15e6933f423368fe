//! `cargo xtask bench --draw`: frame times beside regl-scatterplot and cosmos.gl.
//!
//! These are installed, pinned, in a folder of the user's cache, and bundled there into one module for the page.
//! tests/browser/draw_peers.mjs runs them all on the same points and writes docs/draw.md.

use crate::process::run;
use crate::project::Project;
use crate::report::{OrFail, Result, found, step};
use crate::{builds, setup, site};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const PEERS: [&str; 3] = ["regl-scatterplot@1.16.0", "@cosmos.gl/graph@3.3.0", "esbuild@0.28.2"];

const ENTRY: &str = "export { default as createScatterplot } from \"regl-scatterplot\";
export { Graph } from \"@cosmos.gl/graph\";
";

/// Compares; `words` go to the script.
pub fn compare(project: &Project, words: &[String]) -> Result<()> {
    let kit = setup::for_builds(project)?;
    let browser = setup::for_tests(project)?;
    builds::make(project, &kit, project.build("view")?)?;
    site::make(project, &kit)?;
    let mut script = Command::new("node");
    script.arg(project.root.join("tests/browser/draw_peers.mjs")).args(words);
    script.env("PEERS", peers(project)?).env("CHROME", &browser.chrome);
    run(script.current_dir(&project.root), "see the messages above")
}

/// The peers as one module.
fn peers(project: &Project) -> Result<PathBuf> {
    let folder = project.tool("draw-peers", "1.16-3.3");
    let module = folder.join("peers.js");
    if module.is_file() {
        found(format!("the peers in {}", folder.display()));
        return Ok(module);
    }
    let advice = "check that the npm registry can be reached, and that node and npm are installed";
    step("install regl-scatterplot and cosmos.gl", || {
        fs::create_dir_all(&folder).or_fail("cannot write to the cache", "make it writable")?;
        fs::write(folder.join("entry.js"), ENTRY).or_fail("cannot write to the cache", "make it writable")?;
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", "."]);
        run(install.args(PEERS).current_dir(&folder), advice)?;
        let mut bundle = Command::new("node_modules/.bin/esbuild");
        bundle.args(["entry.js", "--bundle", "--minify", "--format=esm", "--outfile=peers.js"]);
        run(bundle.current_dir(&folder), advice)
    })?;
    Ok(module)
}
