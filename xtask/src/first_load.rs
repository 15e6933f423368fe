//! What a first visit loads, gzipped, held to the budgets in wasm-pack.toml: one for each kind of page. Everything in dist/
//! counts but data, the builds for another kind of page, and scripts that are loaded only when somebody asks for them.

use crate::project::{Build, FirstLoad, Project};
use crate::report::{Failure, OrFail, Result};
use crate::site;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a page needs to start: data sets, types and maps are not part of it.
const KINDS: [&str; 5] = ["html", "css", "js", "mjs", "wasm"];

/// One file of the page: its place below dist, and its size gzipped by itself at the usual level 6.
struct Part {
    name: PathBuf,
    bytes: u64,
}

/// Prints each file's size and each visit's sum, and fails when a sum is over its budget.
pub fn check(project: &Project) -> Result<()> {
    let site = project.site();
    let builds = &project.settings.builds;
    let in_site = |build: &Build| build.out_dir.strip_prefix("www/").map(|folder| site.join(folder));
    if let Some(missing) = builds.iter().find(|build| !in_site(build).is_some_and(|folder| folder.is_dir())) {
        let what = format!("dist/ lacks the build {}", missing.name);
        return Err(Failure::new(what, "run cargo xtask build first"));
    }
    let mut parts = Vec::new();
    for file in files(&site).or_fail("cannot read dist/", "run cargo xtask build first")? {
        let bytes = gzipped(&file).or_fail(format!("cannot read {}", file.display()), "build again")?;
        parts.push(Part { name: file.strip_prefix(&site).unwrap_or(&file).to_path_buf(), bytes });
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    let later = site::later(project)?;
    for part in &parts {
        let when = if later.contains(&part.name) { "  (when asked for)" } else { "" };
        eprintln!("  {:8.1} KB  {}{when}", kilobytes(part.bytes), part.name.display());
    }
    parts.retain(|part| !later.contains(&part.name));
    let mut over = None;
    for visit in &project.settings.first_load {
        let line = line(project, visit, &parts);
        eprintln!("  {}", line.0);
        if line.1 {
            over = over.or(Some(line.0));
        }
    }
    match over {
        None => Ok(()),
        Some(line) => Err(Failure::new(line, "make the largest files above smaller")),
    }
}

/// What to say of a visit, and whether it is over its budget: all `parts` but the builds that it does not load.
fn line(project: &Project, visit: &FirstLoad, parts: &[Part]) -> (String, bool) {
    let left_out: Vec<_> = project
        .settings
        .builds
        .iter()
        .filter(|build| !visit.builds.contains(&build.name))
        .filter_map(|build| Path::new(&build.out_dir).strip_prefix("www").ok())
        .collect();
    let loaded = |part: &&Part| !left_out.iter().any(|folder| part.name.starts_with(folder));
    let sum: u64 = parts.iter().filter(loaded).map(|part| part.bytes).sum();
    let (sum_kb, budget_kb) = (kilobytes(sum), kilobytes(visit.gzip_budget_bytes));
    let what = format!("{} ({})", visit.name, visit.builds.join(", "));
    (
        format!("first load, {what}: {sum_kb:.1} KB gzipped of {budget_kb:.1} KB"),
        sum > visit.gzip_budget_bytes,
    )
}

fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
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
