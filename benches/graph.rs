//! The neighbor graph of real data, timed, and written out for benches/reference/graph_edges.py to compare with PyMDE's.
//!
//! `cargo bench --bench graph` prints the seconds from the counted lists to a symmetric graph, which is what PyMDE gets, and
//! from there to the pairs, which is its `preserve_neighbors`.
//! `cargo bench --bench graph -- FOLDER preset minCollections DATA...` also writes FOLDER/NAME.graph.csv (i,j,distance:
//! what PyMDE gets) and FOLDER/NAME.pairs.csv (i,j,weight: what it should make of it), for each DATA, a memberships.csv
//! or an edge list with lengths that starts with the header i,j,distance.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

use archipelago::csr::Csr;
use archipelago::graph::{Graph, GraphOptions, Status, symmetrize};
use archipelago::read::{Reader, Table};
use archipelago::recipe::Recipe;
use archipelago::{collect, count};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

fn lists(path: &Path, recipe: &Recipe) -> Option<Csr<f32>> {
    let bytes = std::fs::read(path).ok()?;
    if bytes.starts_with(b"i,j,distance") {
        let text = String::from_utf8(bytes).ok()?;
        let edge = |line: &str| {
            let mut fields = line.split(',');
            let (i, j) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            Some((i, j, fields.next()?.parse().ok()?))
        };
        let edges: Vec<(u32, u32, f32)> = text.lines().skip(1).filter_map(edge).collect();
        let n = edges.iter().map(|e| e.0.max(e.1) + 1).max()?;
        return Some(Csr::from_triples(n as usize, edges.iter().copied()));
    }
    let mut reader = Reader::new(&path.display().to_string());
    reader.push(&bytes).ok()?;
    let Table::Records(records) = reader.finish().ok()? else { return None };
    let collections = collect::collect(&records, &recipe.collect).ok()?;
    let mut status = count::initialize(&collections, &recipe.count).ok()?;
    status.run(&collections, collections.n_items());
    status.finish().ok()
}

/// The pairs of a graph, and the seconds to make it symmetric and to find them: the least of five.
fn timed(lists: &Csr<f32>, options: &GraphOptions) -> (Graph, archipelago::graph::NeighborPairs, [f64; 2]) {
    let mut best = [f64::INFINITY; 2];
    let mut made = None;
    for _ in 0..5 {
        let begin = Instant::now();
        let graph = symmetrize(lists);
        best[0] = best[0].min(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        let mut status = Status::initialize(&graph, options);
        status.run(&graph, graph.n_rows());
        let (pairs, _) = status.finish(&graph);
        best[1] = best[1].min(begin.elapsed().as_secs_f64());
        made = Some((graph, pairs));
    }
    let (graph, pairs) = made.expect("five runs");
    (graph, pairs, best)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let usual =
        ["bench/ml-100k/memberships.csv", "bench/ml-1m/memberships.csv", "demo/films/memberships.csv"];
    let (folder, preset, least, data) = match args.as_slice() {
        [folder, preset, least, data @ ..] => {
            (Some(folder), preset.as_str(), least.parse().expect("a number"), data.to_vec())
        }
        _ => (None, "author", 5, usual.map(|d| root.join(d).display().to_string()).to_vec()),
    };
    let mut recipe = Recipe::preset(preset).expect("a preset");
    recipe.collect.min_collections = least;
    for path in data {
        let path = Path::new(&path);
        let Some(lists) = lists(path, &recipe) else {
            println!("skipped: {}", path.display());
            continue;
        };
        let (graph, pairs, seconds) = timed(&lists, &recipe.graph);
        let folder_name = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = folder_name.to_string_lossy();
        println!(
            "{name}: {} items, {} edges, {} pairs; symmetrize {:.4} s, preserve_neighbors {:.4} s on {} threads",
            graph.n_rows(),
            graph.len() / 2,
            pairs.pairs.len(),
            seconds[0],
            seconds[1],
            archipelago::parallel::threads()
        );
        if let Some(folder) = folder {
            let mut text = String::from("i,j,distance\n");
            for (i, j, d) in graph.triples().filter(|&(i, j, _)| i < j) {
                writeln!(text, "{i},{j},{d}").expect("a string");
            }
            std::fs::write(format!("{folder}/{name}.graph.csv"), text).expect("a folder to write to");
            let mut text = String::from("i,j,weight\n");
            for ([i, j], w) in pairs.pairs.iter().zip(&pairs.weights) {
                writeln!(text, "{i},{j},{w}").expect("a string");
            }
            std::fs::write(format!("{folder}/{name}.pairs.csv"), text).expect("a folder to write to");
        }
    }
}
