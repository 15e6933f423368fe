//! Label purity: do neighbors on the map have the same label? For both presets, on every labelled set that is there.
//!
//! Share of an item's 10 nearest that carry its label, items with an empty or unknown label left out, on the map and in
//! the embedding; chance is the share that random neighbors would have. Beside it the seconds of the whole run.
//! `cargo bench --bench quality`; options after it change both presets: `-- graph.neighbors=mutual`.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

use archipelago::graph::nearest::nearest_neighbors;
use archipelago::items::Items;
use archipelago::read::{ColumnValues, MISSING, Reader, Table};
use archipelago::recipe::Recipe;
use archipelago::run::map;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Folder, items in fewer collections than this are dropped, label columns.
const SETS: [(&str, u32, &[&str]); 4] = [
    ("www/demo/emoji", 3, &["category"]),
    ("www/demo/films", 3, &["country", "decade", "category"]),
    ("../shared/data/bench/ml-100k", 5, &["category"]),
    ("../shared/data/bench/ml-1m", 5, &["category", "decade"]),
];

fn table(path: &Path) -> Option<Table> {
    let mut reader = Reader::new(&path.display().to_string());
    reader.push(&std::fs::read(path).ok()?).ok()?;
    reader.finish().ok()
}

/// Purity of the 10 nearest of `points` (row-major n x dim), and chance, among the items whose code is known.
fn purity(points: &[f32], dim: usize, codes: &[u32], unknown: Option<u32>) -> (f64, f64) {
    let known: Vec<usize> =
        (0..codes.len()).filter(|&i| codes[i] != MISSING && Some(codes[i]) != unknown).collect();
    let part: Vec<f32> = known.iter().flat_map(|&i| points[i * dim..][..dim].to_vec()).collect();
    let near = nearest_neighbors(&part, dim, 10);
    let same =
        near.triples().filter(|&(i, j, _)| codes[known[i as usize]] == codes[known[j as usize]]).count();
    let mut counts = std::collections::BTreeMap::new();
    known.iter().for_each(|&i| *counts.entry(codes[i]).or_insert(0.0) += 1.0);
    let n = known.len() as f64;
    let chance = counts.values().map(|c: &f64| c * (c - 1.0)).sum::<f64>() / (n * (n - 1.0));
    (same as f64 / near.len() as f64, chance)
}

fn main() {
    println!(
        "{:<10} {:<8} {:<9} {:>6} {:>9} {:>6} {:>8}",
        "data", "preset", "label", "map", "embedding", "chance", "seconds"
    );
    for (folder, min_collections, labels) in SETS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (Some(Table::Records(records)), Some(Table::Items(items))) =
            (table(&folder.join("memberships.csv")), table(&folder.join("items.csv")))
        else {
            println!("{name:<10} skipped: {} is not there", folder.display());
            continue;
        };
        for preset in Recipe::PRESETS {
            let mut recipe = Recipe::preset(preset).expect("a preset");
            recipe.collect.min_collections = min_collections;
            for option in std::env::args().skip(1).filter(|a| a.contains('=')) {
                recipe = recipe.with(&option).expect("an option as key=value");
            }
            let begin = Instant::now();
            let map = map(&records, &recipe).expect("a map");
            let seconds = begin.elapsed().as_secs_f64();
            let items = Items::new(&map, &records, Some(&items));
            for label in labels {
                let column = items.columns.iter().find(|c| c.name == *label).expect("the label's column");
                let ColumnValues::Category { codes, categories } = &column.values else { continue };
                let unknown = categories.find("Unknown");
                let (on_map, chance) = purity(&map.layout, 2, codes, unknown);
                let (embedded, _) = purity(&map.embedding, map.dim, codes, unknown);
                println!(
                    "{name:<10} {preset:<8} {label:<9} {on_map:>6.3} {embedded:>9.3} {chance:>6.3} {seconds:>8.2}"
                );
            }
        }
    }
}
