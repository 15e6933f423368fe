//! UMAP alone, timed by part, on 30,000 vectors and one list of their 15 nearest; and how well the map keeps them.
//!
//! `cargo bench --bench umap`; options after `--`: `threads=2`, `rounds=3` (the least seconds are printed; 0 makes no map),
//! `start=pca`, `epochs=200`, `minDist=0.1`, `seed=1`; `out=FOLDER` leaves the neighbors (indices.i32, distances.f32; `k=15` of them)
//! and our layout (archipelago.f32) there. Any other word is a file of 32-bit floats, n x 2, a layout made elsewhere, that is
//! judged as ours is.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "common/stages.rs"]
mod stages;
#[path = "common/vectors.rs"]
mod vectors;

use archipelago::graph::connected_components;
use archipelago::pack::Parts;
use archipelago::parallel;
use archipelago::project::{Method, ProjectOptions, fuzzy_set, initialize};
use stages::work_seconds;
use std::path::PathBuf;
use std::time::Instant;
use vectors::{JUDGED, Vectors, distances, floats, indices, of_floats};

const SET: &str = "../shared/data/bench/babynames-30k/vectors.csv";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let option = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let number = |key: &str, usual: f64| option(key).map_or(usual, |v| v.parse().expect("a number"));
    let threads = number("threads", 0.0) as usize;
    parallel::set_threads(threads);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let Some(vectors) = Vectors::read(&root.join(SET)) else {
        println!("skipped: {SET} is not there");
        return;
    };
    let nearest = vectors.nearest(JUDGED, &root.join("target/bench/babynames-30k.nearest"));
    let wanted = number("k", JUDGED as f64) as usize;
    let judge = |name: &str, layout: &[f32]| {
        let (kept, trust) = vectors.judge(layout, &nearest);
        println!("{name:<24} kept {kept:.4}  trustworthiness {trust:.4}");
    };
    if let Some(folder) = option("out").map(PathBuf::from) {
        let kept = root.join(format!("target/bench/babynames-30k.nearest-{wanted}"));
        let more = if wanted == JUDGED { nearest.clone() } else { vectors.nearest(wanted, &kept) };
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("indices.i32"), indices(&more)).expect("a file");
        std::fs::write(folder.join("distances.f32"), distances(&more)).expect("a file");
    }

    let options = ProjectOptions {
        method: Method::Umap,
        n_neighbors: JUDGED as u32,
        min_dist: number("minDist", 0.1),
        epochs: number("epochs", 200.0) as u32,
        start: serde_json::from_value(option("start").unwrap_or("spectral").into()).expect("a start"),
        ..ProjectOptions::default()
    };
    let of_list = |(i, j, _): (u32, u32, f32)| [i, j];
    let (of_item, sizes) =
        connected_components(vectors.n(), &nearest.triples().map(of_list).collect::<Vec<_>>());
    let parts = Parts { of_item, sizes };
    let seed = number("seed", 1.0) as u64;
    let mut least = [f64::INFINITY; 4];
    let mut layout = Vec::new();
    for _ in 0..number("rounds", 3.0) as u32 {
        let begin = Instant::now();
        let _ = fuzzy_set::fuzzy_union(&fuzzy_set::neighbor_strengths(&nearest, 1.0), 1.0);
        let set = begin.elapsed().as_secs_f64();
        let (begin, worked) = (Instant::now(), work_seconds());
        let mut status =
            initialize(&vectors.x, vectors.dim, &nearest, &parts, &options, seed).expect("good options");
        let made = begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        status.run(u32::MAX);
        let run = begin.elapsed().as_secs_f64();
        let work = work_seconds() - worked;
        layout = status.finish();
        for (least, seconds) in least.iter_mut().zip([set, made - set, run, work]) {
            *least = least.min(seconds);
        }
    }
    if !layout.is_empty() {
        println!(
            "{} threads, {} parts: fuzzy set {:.3} s, start {:.3} s, epochs {:.3} s: {:.3} s, {:.3} s of work",
            parallel::threads(),
            parts.count(),
            least[0],
            least[1],
            least[2],
            least[..3].iter().sum::<f64>(),
            least[3]
        );
        judge("archipelago", &layout);
        if let Some(folder) = option("out") {
            std::fs::write(PathBuf::from(folder).join("archipelago.f32"), floats(&layout)).expect("a file");
        }
    }
    for file in words.iter().filter(|word| !word.contains('=')) {
        judge(file, &of_floats(&std::fs::read(file).expect("a layout")));
    }
}
