//! The architecture, held by reading the sources: who may use whom, which crates stay where, and how long a
//! file may get. The rules stand in `ALLOWED` and below; the reasons in DESIGN.md.
#![cfg(not(target_arch = "wasm32"))]

mod source;

use source::{Path as ModulePath, Source};
use std::fs;
use std::path::Path;

/// Modules without a view of the flow; they use only each other.
const BASE: [&str; 15] = [
    "eigen", "matrix", "error", "csr", "math", "random", "parallel", "progress", "camera", "flight", "names",
    "pack", "knn", "select", "simd",
];
/// The stages in their order. Each may use the base and what lies to its left.
const FLOW: [&str; 6] = ["read", "collect", "count", "graph", "embed", "project"];
/// The whole: all options, the order of the stages, the map's items, new points in a finished map, and a map with what
/// it was made from. Each may use every stage and what lies to its left.
const WHOLE: [&str; 5] = ["recipe", "run", "items", "place", "session"];
/// Drawing and looking; they use only the base, and not each other.
const VIEW: [&str; 3] = ["draw", "explore", "share"];
/// The only functions a stage takes from another; everything else it takes are types.
const SHARED: [&str; 7] = [
    "count::latent",
    "graph::nearest",
    "graph::connected_components",
    "graph::symmetrize",
    "embed::spectral",
    "embed::center",
    "embed::initialize",
];
/// What belongs to the browser, and the only place that may name it.
const BROWSER: [&str; 6] =
    ["wasm_bindgen", "wasm_bindgen_futures", "web_sys", "js_sys", "serde_wasm_bindgen", "getrandom"];
/// Methods of f32 and f64 whose last bits differ between targets; the same input must give the same map.
const INEXACT: [&str; 25] = [
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "cbrt", "hypot", "sin",
    "cos", "tan", "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh",
];
/// The most lines in a file.
const LONGEST: usize = 400;

/// Whether module `user` may use module `used` of this crate.
fn may_use(user: &str, used: &str) -> bool {
    let base = BASE.contains(&used);
    let place = |name: &str| FLOW.iter().chain(&WHOLE).position(|stage| *stage == name);
    match user {
        _ if user == used => true,
        // The tour of the crate, which re-exports, and the edge.
        "lib" | "web" => true,
        _ if used == "web" => false,
        _ if WHOLE.contains(&user) && used == "measure" => true,
        "measure" => base || used == "graph",
        _ if BASE.contains(&user) || VIEW.contains(&user) => base,
        _ => base || place(used).is_some_and(|left| place(user).is_some_and(|right| left < right)),
    }
}

fn is_known(module: &str) -> bool {
    let others = ["lib", "bin", "web", "measure"];
    [&BASE[..], &FLOW, &WHOLE, &VIEW, &others].iter().any(|group| group.contains(&module))
}

/// Every breach of the rules in one file below src/. `file` is its path from there, such as `embed/mod.rs`.
fn breaches(file: &str, text: &str) -> Vec<String> {
    let module = file.split('/').next().unwrap_or(file).trim_end_matches(".rs");
    let source = Source::read(file, text);
    let mut found = Vec::new();
    let mut say = |line: usize, rule: String| found.push(format!("src/{file}:{line}: {rule}"));
    if !is_known(module) {
        say(1, format!("module {module} has no place in the layers: give it one in tests/layers.rs"));
    }
    for path in &source.crate_paths {
        check_path(module, path, &mut say);
    }
    for (line, name) in &source.identifiers {
        if BROWSER.contains(&name.as_str()) && module != "web" {
            say(*line, format!("{name} belongs to the browser and is named only in src/web"));
        }
        if name == "wasm_bindgen_rayon" && file != "web/mod.rs" {
            say(*line, "wasm_bindgen_rayon is named only in src/web/mod.rs".to_string());
        }
        if name == "glow" && module != "draw" && file != "web/view.rs" {
            say(*line, "glow is named only in src/draw and src/web/view.rs".to_string());
        }
        if name == "rayon" && file != "parallel.rs" {
            say(*line, "rayon is named only in src/parallel.rs, the one way to use threads".to_string());
        }
        // WebGL's calls, and registers that the program is not compiled for.
        let may = file == "draw/gl.rs" || file.starts_with("draw/gl/") || file == "knn/wide.rs";
        if name == "unsafe" && !may {
            say(*line, "unsafe stands only in src/draw/gl.rs and below, and in src/knn/wide.rs".to_string());
        }
    }
    // What is only drawn may differ in its last bit; what a map is made of may not.
    let exact = [&BASE[..], &FLOW, &WHOLE].iter().any(|group| group.contains(&module)) && module != "camera";
    for (line, name) in
        source.method_calls.iter().filter(|(_, name)| exact && INEXACT.contains(&name.as_str()))
    {
        say(*line, format!("{name} has not the same bits on every target: use crate::math or libm"));
    }
    found.dedup();
    found
}

fn check_path(module: &str, path: &ModulePath, say: &mut impl FnMut(usize, String)) {
    let used = path.names.first().map_or("*", String::as_str);
    if module == "bin" {
        // A program of its own: what it sees of the library is public.
        return;
    }
    // `crate::Name` is a re-export of lib.rs; only there is it known what lies behind it.
    if used == "*" || used.starts_with(char::is_uppercase) {
        if module != "web" && module != "lib" {
            say(path.line, format!("crate::{used} hides which module is used: name it"));
        }
        return;
    }
    if !may_use(module, used) {
        let rule = if FLOW.contains(&module) && FLOW.contains(&used) {
            format!("the flow is {}", FLOW.join(" -> "))
        } else {
            "see the layers in tests/layers.rs".to_string()
        };
        say(path.line, format!("{module} may not use {used}: {rule}"));
    } else if FLOW.contains(&module) && FLOW.contains(&used) && module != used {
        let whole = path.names.join("::");
        let shared = SHARED.iter().any(|name| whole == *name || whole.starts_with(&format!("{name}::")));
        let is_type =
            path.names.len() > 1 && path.names.iter().any(|name| name.starts_with(char::is_uppercase));
        if !shared && !is_type {
            say(
                path.line,
                format!("{module} takes {whole} from another stage: only types and {}", SHARED.join(", ")),
            );
        }
    }
}

/// Calls `visit` with each file below `folder` and its path from `root`, without generated and foreign ones.
fn walk(root: &Path, folder: &Path, visit: &mut impl FnMut(&str, &Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let generated =
                ["node_modules", "target", "out"].contains(&name.as_str()) || name.starts_with("pkg");
            if !generated {
                walk(root, &path, visit);
            }
        } else {
            let parts: Vec<_> =
                path.strip_prefix(root).unwrap().iter().map(|part| part.to_string_lossy()).collect();
            visit(&parts.join("/"), &path);
        }
    }
}

#[test]
fn the_sources_keep_to_the_layers() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut files = 0;
    walk(&src, &src, &mut |name, path| {
        if name.ends_with(".rs") {
            files += 1;
            found.extend(breaches(name, &fs::read_to_string(path).unwrap()));
        }
    });
    assert!(files > 10, "only {files} files were read");
    assert!(found.is_empty(), "{} breaches:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kinds = [".rs", ".js", ".mjs", ".css", ".html", ".vert", ".frag"];
    let mut long = Vec::new();
    for folder in ["src", "www", "tests", "xtask"] {
        walk(root, &root.join(folder), &mut |name, path| {
            if kinds.iter().any(|kind| name.ends_with(kind)) {
                let lines = fs::read_to_string(path).unwrap().lines().count();
                if lines > LONGEST {
                    long.push(format!("{name}:{LONGEST}: the file has {lines} lines: split it by idea"));
                }
            }
        });
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn each_rule_can_be_broken() {
    let cases = [
        ("count/mod.rs", "use crate::graph::Graph;", "count may not use graph"),
        ("embed/lbfgs.rs", "\n\nuse crate::{math, project::umap};", ":3: embed may not use project"),
        ("math.rs", "use crate::read::Records;", "math may not use read"),
        ("graph/mod.rs", "fn f(x: crate::recipe::Recipe) {}", "graph may not use recipe"),
        ("recipe.rs", "use crate::run::Run;", "recipe may not use run"),
        ("run.rs", "use crate::web::Engine;", "run may not use web"),
        ("draw/mod.rs", "use crate::explore::Grid;", "draw may not use explore"),
        ("explore/labels.rs", "use crate::collect::Collections;", "explore may not use collect"),
        ("measure.rs", "use crate::embed::Problem;", "measure may not use embed"),
        ("project/mod.rs", "use crate::embed::lbfgs::minimize;", "takes embed::lbfgs::minimize"),
        ("project/mod.rs", "use crate::embed;", "takes embed from another stage"),
        ("count/mod.rs", "use super::graph::Graph;", "count may not use graph"),
        ("count/a.rs", "use super::super::{graph::Graph};", "count may not use graph"),
        ("count/mod.rs", "mod tests { use super::super::graph::Graph; }", "count may not use graph"),
        ("count/mod.rs", "use crate::*;", "hides which module"),
        ("count/mod.rs", "use crate::Graph;", "hides which module"),
        ("count/mod.rs", "use crate as all;", "hides which module"),
        ("helpers.rs", "", "helpers has no place"),
        ("recipe.rs", "use wasm_bindgen::prelude::*;", "wasm_bindgen belongs to the browser"),
        ("random.rs", "fn f() { ::getrandom::fill(&mut b) }", "getrandom belongs to the browser"),
        ("draw/gl.rs", "use web_sys::Window;", "web_sys belongs to the browser"),
        ("web/engine.rs", "use glow::Context;", "glow is named only"),
        ("web/engine.rs", "use wasm_bindgen_rayon::init_thread_pool;", "wasm_bindgen_rayon is named only"),
        ("embed/mod.rs", "use rayon::prelude::*;", "rayon is named only"),
        ("draw/points.rs", "fn f() { unsafe { g() } }", "unsafe stands only"),
        ("embed/mod.rs", "fn f(x: f32) -> f32 { x.exp() }", "exp has not the same bits"),
        ("embed/mod.rs", "fn f(x: f32) -> f32 { f32::powi(x, 3) }", "powi has not the same bits"),
        ("bin/archipelago.rs", "use js_sys::Array;", "js_sys belongs to the browser"),
    ];
    for (file, text, rule) in cases {
        let found = breaches(file, text);
        assert!(
            found.len() == 1 && found[0].contains(rule),
            "{file} with {text:?} gave {found:?}, not {rule:?}"
        );
    }
}

#[test]
fn what_the_rules_allow_passes() {
    let cases = [
        ("count/mod.rs", "use crate::{csr::Csr, error::{Error, Result}, collect::Collections};"),
        ("project/umap.rs", "use crate::graph::nearest::{self, Nearest}; use crate::embed::spectral;"),
        ("run.rs", "use crate::{count, recipe::Recipe, measure}; fn f() { crate::project::run() }"),
        ("count/mod.rs", "mod tests { use super::*; use super::similarity; }"),
        ("count/a.rs", "use super::Counts; pub(crate) fn f() {} pub(in crate::count) fn g() {}"),
        ("web/engine.rs", "use crate::{Recipe, run::Run}; use js_sys::Array;"),
        ("lib.rs", "pub mod web; pub use crate::recipe::Recipe;"),
        ("embed/mod.rs", "fn f(x: f32) -> f32 { math::exp(x) + libm::exp(y) + x.sqrt() }"),
        ("embed/mod.rs", "mod tests { fn f(x: f32) -> f32 { x.exp() } }"),
        ("draw/cloud.rs", "fn f(x: f32) -> f32 { x.log10() }"),
        ("draw/gl.rs", "fn f<'a>(x: &'a u8) -> char { unsafe { g(x) }; '\\'' }"),
        (
            "math.rs",
            "// unsafe rayon\n/* crate::web /* glow */ */ const A: &str = r#\"unsafe \" crate::web\"#;",
        ),
        ("math.rs", "const A: &[u8] = b\"unsafe \\\" rayon\"; const Q: char = '\"'; const R: u8 = b'\"';"),
    ];
    for (file, text) in cases {
        assert_eq!(breaches(file, text), Vec::<String>::new(), "{file} with {text:?}");
    }
}
