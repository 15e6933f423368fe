//! The site: www/ as it is put on a server, in dist/. The same files under the same names, so that what is
//! served is what is read here; scripts and style without what only people read, each by itself.

use crate::project::Project;
use crate::report::{OrFail, Result};
use crate::setup::Kit;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    // A program, or a script that starts one: npm decides.
    let mut esbuild = Command::new(&kit.esbuild);
    esbuild.args(["--minify", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--outbase={}", www.display())).arg(format!("--outdir={}", new.display()));
    crate::process::run(esbuild.args(scripts), "see esbuild's message above")?;
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

fn remove(folder: &Path) -> io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}

/// Copies what a page loads as it is; `scripts` gets what is to be made small.
fn copy(from: &Path, to: &Path, scripts: &mut Vec<PathBuf>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            // A build that is being put in its place.
            if path.extension().is_none() {
                copy(&path, &to.join(name), scripts)?;
            }
        } else if name.ends_with(".js") || name.ends_with(".css") {
            scripts.push(path);
        } else if !name.ends_with(".ts") && name != "tsconfig.json" {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_style_are_made_small_and_types_stay_behind() {
        let outer = std::env::temp_dir().join(format!("archipelago-site-{}", std::process::id()));
        let (www, site) = (outer.join("www"), outer.join("dist"));
        for folder in ["demo", "pkg", "pkg.new"] {
            fs::create_dir_all(www.join(folder)).unwrap();
        }
        let files =
            ["a.js", "a.css", "index.html", "types.d.ts", "tsconfig.json", "demo/a.csv", "pkg/a.wasm"];
        for file in files.iter().chain(&["pkg.new/half.wasm"]) {
            fs::write(www.join(file), file).unwrap();
        }
        let mut scripts = Vec::new();
        copy(&www, &site, &mut scripts).unwrap();
        scripts.sort();
        assert_eq!(scripts, [www.join("a.css"), www.join("a.js")]);
        for (file, copied) in files.iter().zip([false, false, true, false, false, true, true]) {
            assert_eq!(site.join(file).is_file(), copied, "{file}");
        }
        assert!(!site.join("pkg.new").exists());
        fs::remove_dir_all(outer).unwrap();
    }
}
