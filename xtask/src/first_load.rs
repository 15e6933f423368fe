//! What a first visit loads, gzipped, held to the budget in wasm-pack.toml.

use crate::project::Project;
use crate::report::{Failure, OrFail, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a page needs to start: data sets, types and maps are not part of it.
const KINDS: [&str; 5] = ["html", "css", "js", "mjs", "wasm"];

/// Prints each file's size, gzipped by itself at the usual level 6, and fails when the sum is over the budget.
pub fn check(project: &Project) -> Result<()> {
    let www = project.root.join("www");
    let mut sizes = Vec::new();
    for file in files(&www).or_fail("cannot read www/", "run cargo xtask build first")? {
        let size = gzipped(&file).or_fail(format!("cannot read {}", file.display()), "build again")?;
        sizes.push((size, file));
    }
    let Some(missing) =
        project.settings.builds.iter().find(|build| !project.root.join(&build.out_dir).is_dir())
    else {
        let sum: u64 = sizes.iter().map(|(size, _)| size).sum();
        return report(&www, sizes, sum, project.settings.first_load.gzip_budget_bytes);
    };
    Err(Failure::new(format!("{} is missing", missing.out_dir), "run cargo xtask build first"))
}

fn report(www: &Path, mut sizes: Vec<(u64, PathBuf)>, sum: u64, budget: u64) -> Result<()> {
    sizes.sort_by(|a, b| b.cmp(a));
    for (size, file) in &sizes {
        eprintln!("  {:8.1} KB  {}", *size as f64 / 1000.0, file.strip_prefix(www).unwrap_or(file).display());
    }
    let line =
        format!("first load: {:.1} KB gzipped of {:.1} KB", sum as f64 / 1000.0, budget as f64 / 1000.0);
    eprintln!("  {line}");
    if sum <= budget { Ok(()) } else { Err(Failure::new(line, "make the largest files above smaller")) }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known)) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn gzipped(file: &Path) -> io::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fs::read(file)?)?;
    Ok(encoder.finish()?.len() as u64)
}
