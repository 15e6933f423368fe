//! `cargo xtask bench --draw`: frame times beside regl-scatterplot and cosmos.gl, and pictures beside these and
//! embedding-atlas.
//!
//! These are installed, pinned, in a folder of the user's cache, and bundled there into modules for the page.
//! tests/browser/draw_peers.mjs runs them all on the same points and writes docs/draw.md; tests/browser/pictures.mjs
//! shows the same maps in all of them and writes docs/pictures-*.png.

use crate::process::run;
use crate::project::Project;
use crate::report::{OrFail, Result, found, step};
use crate::{builds, peers, setup, site};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PEERS: [&str; 3] = ["regl-scatterplot@1.16.0", "@cosmos.gl/graph@3.3.0", "esbuild@0.28.2"];

const ENTRY: &str = "export { default as createScatterplot } from \"regl-scatterplot\";
export { Graph } from \"@cosmos.gl/graph\";
";

/// Stands for what embedding-atlas asks of a database: its view of given points needs none.
const STUB: &str =
    "module.exports = new Proxy({}, { get: (_, name) => (name === \"__esModule\" ? false : class {}) });
";

/// Compares; `words` go to the script.
pub fn compare(project: &Project, words: &[String]) -> Result<()> {
    let kit = setup::for_builds(project)?;
    let browser = setup::for_tests(project)?;
    let pictures = words.first().is_some_and(|word| word == "--pictures");
    let mut script = Command::new("node");
    let folder = project.root.join("tests/browser");
    if pictures {
        builds::make_all(project, &kit)?;
        script.arg(folder.join("pictures.mjs")).args(&words[1..]);
        script.env("ARCHIPELAGO", peers::program(project)?).env("ATLAS", atlas(project)?);
    } else {
        builds::make(project, &kit, project.build("modes")?)?;
        site::make(project, &kit)?;
        script.arg(folder.join("draw_peers.mjs")).args(words);
    }
    script.env("PEERS", bundle(project)?).env("CHROME", &browser.chrome);
    run(script.current_dir(&project.root), "see the messages above")
}

/// embedding-atlas's view as one module.
fn atlas(project: &Project) -> Result<PathBuf> {
    let package = peers::atlas(project)?;
    bundle(project)?; // esbuild comes with it
    let folder = folder(project);
    let module = folder.join("atlas.js");
    if module.is_file() {
        return Ok(module);
    }
    let entry = format!(
        "export {{ EmbeddingView }} from {:?};\n",
        package.join("dist/component.js").display().to_string()
    );
    let advice = "make it writable";
    fs::write(folder.join("atlas-entry.js"), entry).or_fail("cannot write to the cache", advice)?;
    fs::write(folder.join("stub.cjs"), STUB).or_fail("cannot write to the cache", advice)?;
    let stub = |name: &str| format!("--alias:@uwdata/mosaic-{name}=./stub.cjs");
    one(&folder, &["atlas-entry.js".into(), "--outfile=atlas.js".into(), stub("core"), stub("sql")])?;
    Ok(module)
}

/// One module of many.
fn one(folder: &Path, words: &[String]) -> Result<()> {
    let mut bundle = Command::new("node_modules/.bin/esbuild");
    bundle.args(["--bundle", "--minify", "--format=esm"]).args(words);
    run(bundle.current_dir(folder), "see esbuild's message above")
}

fn folder(project: &Project) -> PathBuf {
    project.tool("draw-peers", "1.16-3.3")
}

/// regl-scatterplot and cosmos.gl as one module.
fn bundle(project: &Project) -> Result<PathBuf> {
    let folder = folder(project);
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
        one(&folder, &["entry.js".into(), "--outfile=peers.js".into()])
    })?;
    Ok(module)
}
