//! t-SNE and UMAP by way of a sample, from 10,000 vectors to a million: seconds, memory, recall and neighbors kept.
//!
//! `cargo bench --bench projections`: prints the table; a number after `--` is a size that is measured in place of all.
//! `cargo bench --bench projections -- --write`: also docs/projections.md and docs/projections.svg.
//! Other words are options of the recipe, such as `project.sample=0`.
//!
//! The vectors: 50 dimensions, 100 Gaussian blobs of equal chance, each axis narrower than the one before (in proportion to
//! 1 / (1 + axis)^0.75), as principal components are; centers spread half as wide again as the blobs. Each size runs in a process of its
//! own, so that its memory is its own; two threads. UMAP begins from the graph that t-SNE's run made.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "common/plot.rs"]
mod plot;
#[path = "common/stages.rs"]
mod stages;

use archipelago::graph::nearest::nearest_neighbors;
use archipelago::knn::metric::Rows;
use archipelago::knn::{Metric, brute, lists};
use archipelago::parallel;
use archipelago::progress::Stage;
use archipelago::random::{Rng, Use};
use archipelago::read::{FileInfo, RecordKind, Records, Vectors};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run};
use plot::{Line, Panel};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const SIZES: [usize; 5] = [10_000, 30_000, 100_000, 300_000, 1_000_000];
const DIM: usize = 50;
const BLOBS: usize = 100;
const METHODS: [(&str, &str); 2] = [("tsne", "t-SNE"), ("umap", "UMAP")];
/// Columns of a measurement, all in seconds but for the last ones.
const PARTS: [&str; 4] = ["search", "graph", "layout", "whole"];
const K: usize = 15;
/// Points whose neighbors are judged.
const JUDGED: usize = 1000;

/// Row-major n x [`DIM`].
fn vectors(n: usize) -> Vec<f32> {
    let widths: [f32; DIM] = std::array::from_fn(|d| (1.0 + d as f32).powf(-0.75));
    let mut centers = Rng::stream(1, Use::Test, u64::MAX);
    let centers: Vec<f32> = (0..BLOBS * DIM).map(|e| 1.5 * widths[e % DIM] * centers.normal()).collect();
    let mut values = vec![0.0; n * DIM];
    parallel::for_each_part(&mut values, DIM, |start, row| {
        let mut rng = Rng::stream(1, Use::Test, (start / DIM) as u64);
        let center = &centers[rng.below(BLOBS as u32) as usize * DIM..][..DIM];
        for ((v, center), width) in row.iter_mut().zip(center).zip(widths) {
            *v = center + width * rng.normal();
        }
    });
    values
}

fn records(n: usize) -> Records {
    let names: Vec<String> = (0..n).map(|i| i.to_string()).collect();
    Records {
        kind: RecordKind::Vectors,
        collections: std::iter::empty::<&str>().collect(),
        items: names.iter().map(String::as_str).collect(),
        vectors: Vectors { values: vectors(n), dim: DIM, ..Vectors::default() },
        rows: Vec::new(),
        weights: None,
        are_distances: false,
        weight_name: None,
        columns: Vec::new(),
        info: FileInfo {
            file: "blobs".to_owned(),
            rows: n as u64,
            skipped_rows: 0,
            bytes: 0,
            hash: String::new(),
            delimiter: ',',
            columns: Vec::new(),
        },
    }
}

/// Runs to the end; returns the map and the seconds of search, graph and layout, then the longest step, and seconds of work on
/// both threads together, of the layout.
fn timed(mut run: Run, records: &Records) -> (Map, [f64; 5]) {
    let mut seconds = [0.0f64; 5];
    while run.stage() != Stage::Done {
        let part = match run.stage() {
            Stage::Collect | Stage::Count => 0,
            Stage::Graph => 1,
            _ => 2,
        };
        let (begin, worked) = (Instant::now(), stages::work_seconds());
        run.step(records).expect("a map");
        let took = begin.elapsed().as_secs_f64();
        seconds[part] += took;
        if part == 2 {
            seconds[3] = seconds[3].max(took);
            seconds[4] += stages::work_seconds() - worked;
        }
    }
    (run.into_map(), seconds)
}

/// The mean share of a point's 15 nearest vectors that are among its 15 nearest on the map, of 1,000 points evenly drawn.
fn kept(records: &Records, layout: &[f32]) -> f64 {
    let rows = Rows::new(&records.vectors.values, DIM, Metric::Euclidean);
    let n = rows.len();
    let query = |q: usize| (q * n / JUDGED) as u32;
    let there = brute::nearest(&rows, rows.len() as u32, JUDGED, query, K);
    drop(rows);
    let here = nearest_neighbors(layout, 2, K);
    let of = |q: usize| {
        let near = here.row(query(q) as usize).0;
        there[q * K..][..K].iter().filter(|&&key| near.contains(&lists::id(key))).count()
    };
    (0..JUDGED).map(of).sum::<usize>() as f64 / (JUDGED * K) as f64
}

/// Measures one size in this process: a line of numbers for each method.
fn measure(n: usize, options: &[String]) {
    parallel::set_threads(2);
    let records = records(n);
    let sample = (n / 40).max(2500);
    let base = [format!("project.sample={sample}"), "project.nNeighbors=15".to_owned()];
    let recipe = base.iter().chain(options).fold(Recipe::default(), |r, o| r.with(o).expect("an option"));
    let mut before: Option<Map> = None;
    for (method, _) in METHODS {
        stages::forget_peak();
        let recipe = recipe.with(&format!("project.method={method}")).expect("a method");
        let run = match &before {
            None => Run::new(recipe),
            Some(map) => Run::again(map, recipe),
        };
        let (map, seconds) = timed(run.expect("a recipe"), &records);
        let peak = stages::peak_bytes() as f64 / 1e9;
        let recall = map.recall.unwrap_or(1.0);
        let kept = kept(&records, &map.layout);
        let [search, graph, layout, longest, work] = seconds;
        println!(
            "{method} {search} {graph} {layout} {longest} {work} {peak} {recall} {kept} {} {}",
            map.sizes.components,
            map.hash()
        );
        before = Some(map);
    }
}

/// What a process of its own says of one size.
struct Measured {
    n: usize,
    /// Of each method: search, graph, layout, longest step, work of the layout, gigabytes, recall, kept, parts.
    of: Vec<Vec<f64>>,
}

fn run_alone(n: usize, options: &[String]) -> Measured {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).arg(format!("--alone={n}")).args(options).output().expect("a process");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{n}: {}", String::from_utf8_lossy(&output.stderr));
    let row = |line: &str| line.split(' ').skip(1).filter_map(|v| v.parse().ok()).collect::<Vec<f64>>();
    let mut of: Vec<Vec<f64>> = text.lines().map(row).collect();
    // UMAP begins from the graph that is there: its whole has the same search.
    let first = [of[0][0], of[0][1]];
    of.iter_mut().for_each(|row| row[..2].copy_from_slice(&first));
    Measured { n, of }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let options: Vec<String> =
        words.iter().filter(|w| w.contains('=') && !w.starts_with("--")).cloned().collect();
    if let Some(n) = words.iter().find_map(|word| word.strip_prefix("--alone=")) {
        return measure(n.parse().expect("a number"), &options);
    }
    let mut sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    let mut all: Vec<Measured> = Vec::new();
    for n in sizes {
        let measured = run_alone(n, &options);
        println!("{}", table(std::slice::from_ref(&measured)));
        all.push(measured);
    }
    let text = table(&all);
    println!("{text}");
    if words.iter().any(|word| word == "--write") {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        let page = format!("{INTRODUCTION}{text}");
        std::fs::write(docs.join("projections.md"), page).expect("docs/ can be written");
        std::fs::write(docs.join("projections.svg"), plot::draw(&panels(&all)))
            .expect("docs/ can be written");
    }
}

const INTRODUCTION: &str = "# Maps of very many vectors

t-SNE and UMAP by way of a sample (`project.sample`, a fortieth of the items, at least 2,500): the sample is laid out first, the
others begin among their neighbors, all go on together. Seeded Gaussian blobs, 100 in 50 dimensions
(`benches/projections.rs` says how they are made); the default recipe with 20 nearest neighbors of each vector, UMAP with 15; native, two threads,
seconds on the clock. Written by `cargo bench --bench projections -- --write`.

- **search**: the nearest neighbors of all vectors, approximate beyond 8,192; **recall**: the share of the true ones that it finds.
- **graph**: each item's nearest along the graph, and which parts nothing connects.
- **layout**: all of the projection; **work**: its seconds on both threads together, which other programs hardly change; **longest step**:
  how long a cancel may have to wait there.
- **memory**: the most that the process held, the vectors (200 bytes each) and what UMAP keeps of the run before included.
- **kept@15**: of the 15 nearest vectors of 1,000 points, found exactly, the share that is among the point's 15 nearest on the map.

![The same as lines, both axes logarithmic](projections.svg)
";

fn panels(all: &[Measured]) -> Vec<Panel> {
    let panel = |(m, &(_, title)): (usize, &(&str, &'static str))| {
        let line = |(part, &name): (usize, &&'static str)| {
            let value = |of: &[f64]| if part < 3 { of[part] } else { of[..3].iter().sum() };
            let points = all.iter().map(|at| [at.n as f64, value(&at.of[m]).max(1e-3)]).collect();
            Line { name, points }
        };
        Panel { title, lines: PARTS.iter().enumerate().map(line).collect() }
    };
    METHODS.iter().enumerate().map(panel).collect()
}

fn table(all: &[Measured]) -> String {
    let mut text = String::new();
    for (m, (_, title)) in METHODS.iter().enumerate() {
        text += &format!(
            "\n## {title}\n\n| vectors | search | graph | layout | whole | work of the layout | longest step | memory | recall | kept@15 | parts |\n\
             |---|---|---|---|---|---|---|---|---|---|---|\n"
        );
        for Measured { n, of } in all {
            let [search, graph, layout, longest, work, peak, recall, kept, parts] = of[m][..9] else {
                continue;
            };
            let whole = search + graph + layout;
            writeln!(
                text,
                "| {} | {search:.1} s | {graph:.1} s | {layout:.1} s | {whole:.1} s | {work:.1} s | {:.0} ms | {peak:.2} GB | {recall:.3} | {kept:.3} | {parts} |",
                archipelago::progress::grouped(*n),
                1e3 * longest
            )
            .expect("text grows");
        }
    }
    text
}
