//! Nearest neighbors of vectors: seconds, recall, and how much faster than comparing every row with every other.
//!
//! `cargo bench --features cli --bench knn` searches the shared vector sets by NN-descent, and exactly on a sample of rows,
//! from which the time of the whole exact search follows. `-- NAME...` takes only sets whose name contains a NAME;
//! `-- sizes` finds where NN-descent begins to win, on the first rows of each. benches/reference/knn_compare.py runs this
//! beside pynndescent and scikit-learn.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "common/stages.rs"]
mod stages;

use archipelago::knn::{self, Metric, Options, Search, metric::Rows};
use archipelago::parallel;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

const SETS: [&str; 3] =
    ["bench/babynames-30k/vectors.csv", "bench/mnist-63k/pca50.csv", "bench/mnist-63k/vectors_u8.npy.gz"];
const K: usize = 15;
/// Rows searched exactly for the time of an exact search.
const SAMPLE: usize = 512;

/// Row-major vectors and their dimension.
fn read(path: &Path) -> Option<(Vec<f32>, usize)> {
    let bytes = std::fs::read(path).ok()?;
    if path.extension()? == "gz" {
        let mut all = Vec::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut all).ok()?;
        // NPY 1.0: magic, version, the header's length, the header, bytes.
        let header = 10 + u16::from_le_bytes([all[8], all[9]]) as usize;
        let shape = std::str::from_utf8(&all[10..header]).ok()?.split_once("'shape': (")?.1;
        let dim = shape.split_once(')')?.0.split_once(',')?.1.trim().parse().ok()?;
        return Some((all[header..].iter().map(|&b| f32::from(b)).collect(), dim));
    }
    let text = String::from_utf8(bytes).ok()?;
    let mut values = Vec::new();
    let mut dim = 0;
    for line in text.lines().skip(1) {
        let before = values.len();
        // The first column is the item, which may be called Nan.
        values.extend(line.split(',').skip(1).filter_map(|field| field.parse::<f32>().ok()));
        dim = values.len() - before;
    }
    Some((values, dim))
}

/// Seconds on the clock and of work, recall, the longest step.
fn approximate(vectors: &[f32], dim: usize, metric: Metric) -> [f64; 4] {
    let (begin, work) = (Instant::now(), stages::work_seconds());
    let options = Options { k: K, metric, search: Search::Approximate };
    let mut status = knn::initialize(vectors, dim, options, 1).expect("good vectors");
    let mut longest = 0.0f64;
    while !status.is_done() {
        let step = Instant::now();
        status.run(status.done() + 1);
        longest = longest.max(step.elapsed().as_secs_f64());
    }
    let recall = status.finish().recall;
    [begin.elapsed().as_secs_f64(), stages::work_seconds() - work, recall, longest]
}

/// Seconds on the clock and of work for all rows.
fn exact(vectors: &[f32], dim: usize, metric: Metric) -> [f64; 2] {
    let rows = Rows::new(vectors, dim, metric);
    let n = rows.len();
    let count = SAMPLE.min(n);
    let (begin, work) = (Instant::now(), stages::work_seconds());
    knn::brute::nearest(&rows, rows.len() as u32, count, |q| (q * n / count) as u32, K);
    let seconds = [begin.elapsed().as_secs_f64(), stages::work_seconds() - work];
    seconds.map(|seconds| seconds * n as f64 / count as f64)
}

fn report(name: &str, vectors: &[f32], dim: usize, metric: Metric) {
    let [seconds, work, recall, longest] = approximate(vectors, dim, metric);
    let [all, all_work] = exact(vectors, dim, metric);
    println!(
        "{name}: {} x {dim}, {metric:?}, k {K}, {} threads: {seconds:.2} s, {work:.2} s of work, recall {recall:.4}, longest \
         step {:.0} ms; every row with every other {all:.1} s, {all_work:.1} s of work: {:.1} times the work",
        vectors.len() / dim,
        parallel::threads(),
        longest * 1e3,
        all_work / work
    );
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let sizes = args.iter().position(|a| a == "sizes").map(|at| args.remove(at)).is_some();
    for name in
        SETS.into_iter().filter(|set| args.is_empty() || args.iter().any(|a| set.contains(a.as_str())))
    {
        let Some(path) = common::shared_data(name) else { continue };
        let (vectors, dim) = read(&path).expect("a vector set");
        if sizes {
            for n in [2048, 4096, 8192, 16384] {
                report(name, &vectors[..n * dim], dim, Metric::Euclidean);
            }
            continue;
        }
        for metric in [Metric::Euclidean, Metric::Cosine] {
            report(name, &vectors, dim, metric);
        }
    }
}
