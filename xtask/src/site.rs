//! The site: www/ as it is put on a server, in dist/. The page's scripts become few: one of the page, one of the worker,
//! what both share, and one for each that is loaded only when it is asked for; the styles become one. Many small files
//! would be larger together, gzipped each by itself. www/ also runs as it is.

use crate::project::Project;
use crate::report::{OrFail, Result};
use crate::setup::Kit;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The scripts that a page starts; all others are reached from them.
const ENTRIES: [&str; 2] = ["main.js", "worker.js"];

/// The one style of the site.
const STYLE: &str = "style.css";

/// Makes dist/ of www/, whose builds must be there.
pub fn make(project: &Project, kit: &Kit) -> Result<()> {
    let (www, site) = (project.root.join("www"), project.site());
    let new = site.with_extension("new");
    let old = site.with_extension("old");
    let advice = "make this folder writable";
    for left in [&new, &old] {
        remove(left).or_fail(format!("cannot remove {}", left.display()), advice)?;
    }
    let mut scripts = Vec::new();
    copy(&www, &new, &mut scripts).or_fail(format!("cannot write {}", new.display()), advice)?;
    let small = ["--minify", "--target=es2022", "--log-level=warning"];
    let esbuild = |more: &[String]| {
        // A program, or a script that starts one: npm decides. In `new`, so that its map names files from there.
        let mut esbuild = Command::new(&kit.esbuild);
        esbuild.args(small).args(more).current_dir(&new);
        crate::process::run(&mut esbuild, "see esbuild's message above")
    };
    let path = |path: &Path| path.display().to_string();
    let (from, to) = (format!("--outbase={}", path(&www)), "--outdir=.".to_string());
    // What wasm-bindgen writes finds its module and its workers beside itself: each file as it is.
    let mut builds = vec![from.clone(), to.clone()];
    builds.extend(scripts.iter().map(|script| path(script)));
    esbuild(&builds)?;
    let map = format!("--metafile={}", path(&map_file(project)));
    let mut bundle = vec![from, to, map];
    bundle.extend(["--bundle", "--splitting", "--format=esm"].map(String::from));
    bundle.extend(ENTRIES.map(|entry| path(&www.join(entry))));
    esbuild(&bundle)?;
    style(&www, &new).or_fail("cannot write the style", advice)?;
    esbuild(&[STYLE.to_string(), format!("--outfile={STYLE}"), "--allow-overwrite".to_string()])?;
    // In one rename each, so that a page loaded meanwhile gets old files or new ones.
    let swap = || {
        if site.exists() {
            fs::rename(&site, &old)?;
        }
        fs::rename(&new, &site)?;
        remove(&old)
    };
    swap().or_fail(format!("cannot write {}", site.display()), advice)
}

/// Where esbuild tells which script loads which.
fn map_file(project: &Project) -> PathBuf {
    project.root.join("target").join("site.json")
}

/// The scripts of dist/ that a first visit does not load: those that are reached only when somebody asks for them.
pub fn later(project: &Project) -> Result<BTreeSet<PathBuf>> {
    let advice = "run cargo xtask build first";
    let text = fs::read_to_string(map_file(project)).or_fail("cannot read target/site.json", advice)?;
    let map = serde_json::from_str(&text).or_fail("target/site.json", advice)?;
    Ok(reached_later(&map))
}

fn reached_later(map: &Value) -> BTreeSet<PathBuf> {
    let outputs = &map["outputs"];
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut next: Vec<&str> = ENTRIES.to_vec();
    while let Some(name) = next.pop() {
        if found.insert(name) {
            let imports = outputs[name]["imports"].as_array().into_iter().flatten();
            let at_once = imports.filter(|import| import["kind"] == "import-statement");
            next.extend(at_once.filter_map(|import| import["path"].as_str()));
        }
    }
    let names = outputs.as_object().into_iter().flat_map(|outputs| outputs.keys());
    names.filter(|name| !found.contains(name.as_str())).map(PathBuf::from).collect()
}

fn remove(folder: &Path) -> io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}

/// Copies what a page loads as it is; `scripts` gets those of the builds, which are to be made small each.
fn copy(from: &Path, to: &Path, scripts: &mut Vec<PathBuf>) -> io::Result<()> {
    copy_part(from, to, false, scripts)
}

fn copy_part(from: &Path, to: &Path, in_build: bool, scripts: &mut Vec<PathBuf>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let in_build = in_build || from.join("archipelago_bg.wasm").is_file();
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            // Neither a build that is being put in its place, nor what is bundled.
            if path.extension().is_none() && name != "later" {
                copy_part(&path, &to.join(name), in_build, scripts)?;
            }
        } else if name.ends_with(".js") {
            if in_build {
                scripts.push(path);
            }
        } else if ![".css", ".ts"].iter().any(|end| name.ends_with(end)) && name != "tsconfig.json" {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Puts the styles that index.html names into one, in their order, and names that one.
fn style(www: &Path, site: &Path) -> io::Result<()> {
    let page = fs::read_to_string(www.join("index.html"))?;
    let (mut lines, mut style) = (Vec::new(), String::new());
    for line in page.lines() {
        match line
            .trim()
            .strip_prefix("<link rel=\"stylesheet\" href=\"")
            .and_then(|rest| rest.split_once('"'))
        {
            None => lines.push(line.to_string()),
            Some((file, _)) => {
                if style.is_empty() {
                    lines.push(line.replace(file, STYLE));
                }
                style += &fs::read_to_string(www.join(file))?;
            }
        }
    }
    fs::write(site.join("index.html"), lines.join("\n") + "\n")?;
    fs::write(site.join(STYLE), style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scripts_of_builds_are_made_small_and_types_stay_behind() {
        let outer = std::env::temp_dir().join(format!("archipelago-site-{}", std::process::id()));
        let (www, site) = (outer.join("www"), outer.join("dist"));
        for folder in ["demo", "pkg/snippets/a", "pkg.new", "later"] {
            fs::create_dir_all(www.join(folder)).unwrap();
        }
        let files = ["a.js", "later/b.js", "types.d.ts", "tsconfig.json", "pkg.new/half.wasm"];
        let copied = ["favicon.svg", "demo/a.csv", "pkg/archipelago_bg.wasm"];
        let small = ["pkg/archipelago.js", "pkg/snippets/a/c.js"];
        for file in files.iter().chain(&copied).chain(&small) {
            fs::write(www.join(file), file).unwrap();
        }
        let links = ["a", "b"].map(|name| format!("  <link rel=\"stylesheet\" href=\"{name}.css\" />\n"));
        fs::write(www.join("index.html"), format!("<html>\n{}{}</html>\n", links[0], links[1])).unwrap();
        fs::write(www.join("a.css"), "a{}\n").unwrap();
        fs::write(www.join("b.css"), "b{}\n").unwrap();
        let mut scripts = Vec::new();
        copy(&www, &site, &mut scripts).unwrap();
        scripts.sort();
        assert_eq!(scripts, small.map(|file| www.join(file)));
        assert!(copied.iter().all(|file| site.join(file).is_file()));
        assert!(files.iter().all(|file| !site.join(file).exists()));
        style(&www, &site).unwrap();
        let read = |name: &str| fs::read_to_string(site.join(name)).unwrap();
        assert_eq!(read("style.css"), "a{}\nb{}\n");
        assert_eq!(read("index.html"), "<html>\n  <link rel=\"stylesheet\" href=\"style.css\" />\n</html>\n");
        fs::remove_dir_all(outer).unwrap();
    }

    #[test]
    fn what_is_loaded_later() {
        let import = |path: &str, kind: &str| json!({ "path": path, "kind": kind });
        let at_once = "import-statement";
        let map = json!({ "outputs": {
            "main.js": { "imports": [import("shared.js", at_once), import("sheet.js", "dynamic-import")] },
            "worker.js": { "imports": [import("shared.js", at_once), import("deep.js", at_once)] },
            "shared.js": { "imports": [] },
            "deep.js": { "imports": [import("deeper.js", at_once)] },
            "deeper.js": { "imports": [] },
            "sheet.js": { "imports": [import("shared.js", at_once), import("part.js", at_once)] },
            "part.js": { "imports": [] },
        } });
        assert_eq!(reached_later(&map), ["part.js", "sheet.js"].map(PathBuf::from).into());
    }
}
