//! Label purity: do neighbors on the map have the same label? For both presets, on every labelled set that is there.
//!
//! Share of an item's 10 nearest that carry its label, items with an empty or unknown label left out: on the map, in the
//! embedding (of vectors, in all their dimensions; the one that the recipe would make where its map needs none), and, as the
//! yardstick, among the neighbors by idf cosine in the data itself; chance is the share that random
//! neighbors would have. Beside it the seconds of the whole run.
//! `cargo bench --bench quality`; names after it choose data sets, options change the presets:
//! `-- films ml-1m default graph.neighbors=mutual`. `-- --write` writes docs/quality.md and its plot.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "common/bars.rs"]
mod bars;

use archipelago::collect::{CollectOptions, collect};
use archipelago::count::{CountOptions, Similarity, count};
use archipelago::graph::nearest::nearest_neighbors;
use archipelago::items::Items;
use archipelago::knn;
use archipelago::pack::Parts;
use archipelago::progress::Stage;
use archipelago::read::{ColumnValues, ItemTable, MISSING, Reader, RecordKind, Records, Table};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run, map};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Folder, items in fewer collections than this are dropped, label columns.
const SETS: [(&str, u32, &[&str]); 6] = [
    ("www/demo/emoji", 3, &["category"]),
    ("www/demo/films", 3, &["country", "decade", "category"]),
    ("../shared/data/bench/ml-100k", 5, &["category"]),
    ("../shared/data/bench/ml-1m", 5, &["category", "decade"]),
    ("../shared/data/bench/wikispeedia", 3, &["category", "subcategory"]),
    ("../shared/data/bench/gutenberg", 5, &["category", "language"]),
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
    let near = if dim > 4 {
        // Vectors, all dimensions of them.
        knn::parts::nearest(&part, dim, knn::Options::euclidean(10), &Parts::whole(known.len()))
            .expect("finite vectors")
    } else {
        nearest_neighbors(&part, dim, 10)
    };
    let same =
        near.triples().filter(|&(i, j, _)| codes[known[i as usize]] == codes[known[j as usize]]).count();
    let mut counts = std::collections::BTreeMap::new();
    known.iter().for_each(|&i| *counts.entry(codes[i]).or_insert(0.0) += 1.0);
    let n = known.len() as f64;
    let chance = counts.values().map(|c: &f64| c * (c - 1.0)).sum::<f64>() / (n * (n - 1.0));
    (same as f64 / near.len() as f64, chance)
}

/// Purity of the 10 nearest by idf cosine, among the known items that share a collection with theirs.
fn purity_of_data(records: &Records, min_collections: u32, items: &ItemTable, label: &str) -> f64 {
    let mut records = records.clone();
    if records.kind == RecordKind::Edges {
        // As the yardstick has it: who links here is the collection.
        records.kind = RecordKind::Memberships;
        records.collections = records.items.clone();
    }
    let collections = collect(&records, &CollectOptions { min_collections }).expect("collections");
    let options =
        CountOptions { similarity: Similarity::IdfCosine, max_neighbors: 1000, ..CountOptions::default() };
    let lists = count(&collections, &options).expect("lists");
    let described =
        Items::new(&Map { collections: collections.into(), ..Map::default() }, &records, Some(items));
    let column = described.columns.iter().find(|c| c.name == label).expect("the label's column");
    let ColumnValues::Category { codes, categories } = &column.values else { return f64::NAN };
    let unknown = categories.find("Unknown");
    let is_known = |i: usize| codes[i] != MISSING && Some(codes[i]) != unknown;
    let (mut same, mut all) = (0.0, 0.0);
    for i in (0..codes.len()).filter(|&i| is_known(i)) {
        let (ids, values) = lists.row(i);
        let near: Vec<_> = ids.iter().zip(values).filter(|&(&j, _)| is_known(j as usize)).collect();
        let share = |near: &[(&u32, &f32)]| {
            near.iter().filter(|(j, _)| codes[**j as usize] == codes[i]).count() as f64
                / near.len().max(1) as f64
        };
        // Of those as far as the 10th, any may be among the 10: the mean over all choices. The order of ids, by which the
        // lists break ties, says something on its own where a data set numbers what belongs together in a row.
        let last = near.get(9).map_or(f32::INFINITY, |tenth| *tenth.1);
        let nearer = near.iter().filter(|n| *n.1 < last).count();
        let ties = near.iter().filter(|n| *n.1 == last).count();
        same += share(&near[..nearer]) * nearer as f64
            + share(&near[nearer..nearer + ties]) * ties.min(10 - nearer.min(10)) as f64;
        all += 10.0;
    }
    same / all
}

/// The embedding of a map, or, where it was made without one, the one that its recipe would make.
fn embedding_of(map: &Map, records: &Records) -> (Vec<f32>, usize) {
    if !map.embedding.is_empty() {
        return (map.embedding.clone(), map.dim);
    }
    let recipe = map.recipe.with("project.start=auto").and_then(|r| r.with("project.from=embedding"));
    let mut run = Run::again(map, recipe.expect("a recipe")).expect("a run");
    while run.stage() < Stage::Nearest {
        run.step(records).expect("an embedding");
    }
    (run.map().embedding.clone(), run.map().dim)
}

/// Writes docs/quality.md and docs/quality.svg: `rows` are the name, the shares on the map, in the embedding, in the data and
/// by chance, and the seconds of the run.
fn write_docs(rows: &[(String, [f64; 4], f64)]) {
    const KINDS: [&str; 4] = ["on the map", "in the 3-D embedding", "in the data (idf cosine)", "by chance"];
    let mut text = String::from(
        "# Label purity of default maps\n\nShare of an item's 10 nearest that carry its label, by the default preset, no setting touched but the least number of\ncollections of an item (5; films, emoji and wikispeedia 3). Written by `cargo xtask bench --quality`; seconds are of one run from rows to map,\nnatively, on the machine of that day.\n\n![Label purity](quality.svg)\n\n| data, label |",
    );
    KINDS.iter().for_each(|kind| text += &format!(" {kind} |"));
    text += " seconds |\n|---|---|---|---|---|---|\n";
    for (name, shares, seconds) in rows {
        text += &format!("| {name} |");
        shares.iter().for_each(|share| text += &format!(" {share:.3} |"));
        text += &format!(" {seconds:.1} |\n");
    }
    let groups: Vec<bars::Group> = rows
        .iter()
        .map(|(name, shares, _)| bars::Group { name: name.clone(), values: shares.to_vec() })
        .collect();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::write(docs.join("quality.md"), text).expect("docs/ can be written");
    std::fs::write(docs.join("quality.svg"), bars::draw(&KINDS, &groups)).expect("docs/ can be written");
}

fn main() {
    let mut shares: Vec<(String, [f64; 4], f64)> = Vec::new();
    let chosen: Vec<String> =
        std::env::args().skip(1).filter(|a| !a.starts_with('-') && !a.contains('=')).collect();
    let wanted = |name: &str, among: &[&str]| {
        let named: Vec<_> = chosen.iter().filter(|c| among.contains(&c.as_str())).collect();
        named.is_empty() || named.iter().any(|c| *c == name)
    };
    let names: Vec<&str> = SETS.iter().map(|(folder, ..)| folder.rsplit('/').next().unwrap_or("")).collect();
    println!(
        "{:<11} {:<8} {:<11} {:>6} {:>9} {:>10} {:>6} {:>8}",
        "data", "preset", "label", "map", "embedding", "idf cosine", "chance", "seconds"
    );
    for (folder, min_collections, labels) in SETS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if !wanted(&name, &names) {
            continue;
        }
        let rows = table(&folder.join("memberships.csv")).or_else(|| table(&folder.join("edges.csv")));
        let (Some(Table::Records(records)), Some(Table::Items(table))) =
            (rows, table(&folder.join("items.csv")))
        else {
            println!("{name:<10} skipped: {} is not there", folder.display());
            continue;
        };
        let data: Vec<f64> =
            labels.iter().map(|label| purity_of_data(&records, min_collections, &table, label)).collect();
        for preset in Recipe::PRESETS.into_iter().filter(|preset| wanted(preset, &Recipe::PRESETS)) {
            let mut recipe = Recipe::preset(preset).expect("a preset");
            recipe.collect.min_collections = min_collections;
            for option in std::env::args().skip(1).filter(|a| a.contains('=')) {
                recipe = recipe.with(&option).expect("an option as key=value");
            }
            let begin = Instant::now();
            let map = map(&records, &recipe).expect("a map");
            let seconds = begin.elapsed().as_secs_f64();
            let items = Items::new(&map, &records, Some(&table));
            let (embedding, dim) = embedding_of(&map, &records);
            for (label, data) in labels.iter().zip(&data) {
                let column = items.columns.iter().find(|c| c.name == *label).expect("the label's column");
                let ColumnValues::Category { codes, categories } = &column.values else { continue };
                let unknown = categories.find("Unknown");
                let (on_map, chance) = purity(&map.layout, 2, codes, unknown);
                let (embedded, _) = purity(&embedding, dim, codes, unknown);
                println!(
                    "{name:<11} {preset:<8} {label:<11} {on_map:>6.3} {embedded:>9.3} {data:>10.3} {chance:>6.3} {seconds:>8.2}"
                );
                if preset == "default" {
                    shares.push((format!("{name} {label}"), [on_map, embedded, *data, chance], seconds));
                }
            }
        }
    }
    if std::env::args().any(|word| word == "--write") {
        write_docs(&shares);
    }
}
