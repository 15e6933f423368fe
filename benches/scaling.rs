//! What it costs when rows, items or k double, stage by stage, beside the order that the algorithms promise.
//!
//! `cargo bench --bench scaling`: prints the table.
//! `cargo bench --bench scaling -- --write`: also docs/scaling.md and docs/scaling.svg.
//! `cargo bench --bench scaling -- --osu`: instead, data of the osu! atlas's size to its embedding: seconds and memory.
//!
//! Two threads. Times are work: seconds of cores in use, all threads together, which other programs on the machine
//! hardly change; the better one of two passes.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "common/generate.rs"]
mod generate;
#[path = "common/plot.rs"]
mod plot;
#[path = "common/stages.rs"]
mod stages;

use archipelago::parallel;
use archipelago::read::Records;
use archipelago::recipe::Recipe;
use generate::Size;
use plot::{Line, Panel};
use stages::{Cost, STAGES};
use std::fmt::Write;
use std::path::Path;

const SEED: u64 = 1;
const PASSES: usize = 2;
/// Doublings of each quantity.
const STEPS: u32 = 4;

/// What the doubled quantity should do to each stage: the power of it that the cost should follow.
struct Series {
    title: &'static str,
    /// Of the first point.
    start: usize,
    point: fn(usize) -> (Size, usize),
    expected: [&'static str; 6],
    because: &'static str,
}

const SERIES: [Series; 3] = [
    Series {
        title: "rows",
        start: 1_000_000,
        // Collections keep their size: more rows are more collections.
        point: |rows| (Size { rows, items: 1_000, collections: rows / 50 }, 15),
        expected: ["1", "1", "0", "0", "0", "0"],
        because: "1,000 items, 50 of them in a collection on average. Counting adds every pair of every collection: rows x \
                  items of a collection; it rises above 1 once the collections, which every item reads in another order, \
                  no longer fit the caches. What follows sees the items only, each with its best pairs, however often \
                  they were counted.",
    },
    Series {
        title: "items",
        start: 2_000,
        point: |items| (Size { rows: 500_000, items, collections: 10_000 }, 15),
        expected: ["0", "0 to 1", "1", "1", "1", "1"],
        because: "500,000 rows in 10,000 collections. Counting adds the same number of pairs, but they are more different ones, each \
                  to be compared when the best of an item are chosen, until no two rows meet in the same pair. \
                  Afterwards each item has its k neighbors, whatever the number of items: order n, or n log n with \
                  the search trees and with caches that no longer hold everything.",
    },
    Series {
        title: "k",
        start: 5,
        point: |k| (Size { rows: 500_000, items: 4_000, collections: 10_000 }, k),
        expected: ["0", "0", "1 to 2", "0 to 1", "0", "0"],
        because: "4,000 items. The search along the graph settles k items from each and looks at the pairs of all of them that may \
                  still be nearer than the k-th: more than k when k is small against the pairs an item has. The \
                  embedding goes over k pairs an item, beside the vectors that L-BFGS keeps, which k does not change.",
    },
];

fn main() {
    parallel::set_threads(2);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|word| word == "--osu") {
        return osu();
    }
    let mut text = String::new();
    let mut panels = Vec::new();
    for series in &SERIES {
        let panel = measure(series);
        text += &table(series, &panel);
        println!("{}", table(series, &panel));
        panels.push(panel);
    }
    if arguments.iter().any(|word| word == "--write") {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        std::fs::write(docs.join("scaling.md"), format!("{INTRODUCTION}{text}"))
            .expect("docs/ can be written");
        std::fs::write(docs.join("scaling.svg"), plot::draw(&panels)).expect("docs/ can be written");
    }
}

const INTRODUCTION: &str = "# What more costs

Seconds of work per stage as one quantity doubles and the others stay; below them the power of that quantity that the
measured seconds follow (a least-squares line through the logarithms), and the one expected. Generated rows, Zipf and
seeded (`benches/common/generate.rs`); the default recipe by way of the embedding and UMAP, so that every stage is there, with k as
given, 100 iterations of the embedding and 200 epochs of the projection; native, two threads, whose seconds are added up. Written by
`cargo bench --bench scaling -- --write`.

![The same as lines, both axes logarithmic](scaling.svg)
";

fn measure(series: &Series) -> Panel {
    let mut lines: Vec<Line> = STAGES.iter().map(|name| Line { name, points: Vec::new() }).collect();
    for step in 0..STEPS {
        let x = series.start << step;
        let (size, k) = (series.point)(x);
        let records = generate::records(SEED, size);
        let k = format!("graph.nNeighbors={k}");
        let options = [
            "project.from=embedding",
            "project.method=umap",
            "embed.maxIterations=100",
            "embed.minDecrease=0",
            &k,
        ];
        let recipe =
            options.iter().fold(Recipe::default(), |recipe, option| recipe.with(option).expect("an option"));
        let costs = best_of(&records, &recipe);
        for (line, cost) in lines.iter_mut().zip(costs) {
            line.points.push([x as f64, if cost.work > 0.0 { cost.work } else { cost.clock }]);
        }
    }
    Panel { title: series.title, lines }
}

/// Each stage's cheapest of the passes.
fn best_of(records: &Records, recipe: &Recipe) -> Vec<Cost> {
    let pass = || stages::run(records, recipe, true).stages.into_iter().map(|(_, cost)| cost).collect();
    let passes: Vec<Vec<Cost>> = (0..PASSES).map(|_| pass()).collect();
    let cheapest =
        |stage: usize| passes.iter().map(|pass| pass[stage]).min_by(|a, b| a.work.total_cmp(&b.work));
    (0..STAGES.len()).filter_map(cheapest).collect()
}

/// One series as a table in Markdown.
fn table(series: &Series, panel: &Panel) -> String {
    let mut text = format!("\n## More {}\n\n| {} |", series.title, series.title);
    STAGES.iter().for_each(|name| write!(text, " {name} |").expect("text grows"));
    text += "\n|---|";
    text += &"---|".repeat(STAGES.len());
    for step in 0..STEPS as usize {
        write!(text, "\n| {} |", grouped(series.start << step)).expect("text grows");
        for line in &panel.lines {
            write!(text, " {:.3} |", line.points[step][1]).expect("text grows");
        }
    }
    text += "\n| measured power |";
    for line in &panel.lines {
        write!(text, " {:.2} |", line.power()).expect("text grows");
    }
    text += "\n| expected |";
    for expected in series.expected {
        write!(text, " {expected} |").expect("text grows");
    }
    text + "\n\n" + series.because + "\n"
}

/// 1,234,567.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.iter().map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(",")
}

/// Data as large as the osu! atlas's, to the embedding, by both presets.
fn osu() {
    let begin = std::time::Instant::now();
    let records = generate::records(SEED, generate::OSU);
    println!("{} rows generated in {:.1} s", grouped(records.rows.len()), begin.elapsed().as_secs_f64());
    for preset in Recipe::PRESETS {
        stages::forget_peak();
        let recipe = Recipe::preset(preset).and_then(|recipe| recipe.with("project.from=embedding"));
        let run = stages::run(&records, &recipe.expect("a preset"), false);
        let sizes = &run.map.sizes;
        println!(
            "{preset}: {:.1} s to the embedding, {:.2} GB at most, rows included; {} items, {} collections, {} pairs, \
             {} iterations, average distortion {:.4}",
            run.clock(),
            stages::peak_bytes() as f64 / 1e9,
            grouped(sizes.items),
            grouped(sizes.collections),
            grouped(sizes.graph_edges),
            run.map.iterations,
            run.map.average_distortion,
        );
        for (name, cost) in &run.stages {
            println!("  {name:<8} {:>7.1} s on the clock, {:>7.1} s of work", cost.clock, cost.work);
        }
    }
}
