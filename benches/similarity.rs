//! Which similarity keeps what belongs together, and which makes hubs? On every labelled set that is there.
//!
//! Share of an item's 10 nearest in the input that carry its label, items with an empty or unknown label left out; and
//! of the links to each item's 15 nearest the share that is returned, the share that the most linked 1 % of the items
//! take, and items without any. No map is made. `cargo bench --bench similarity`
#![allow(missing_docs)]

use archipelago::collect::{CollectOptions, collect};
use archipelago::count::{CountOptions, Normalization, PairWeight, Similarity, count};
use archipelago::csr::Csr;
use archipelago::items::Items;
use archipelago::measure::hubness;
use archipelago::read::{ColumnValues, MISSING, Reader, Table};
use archipelago::run::Map;
use std::path::{Path, PathBuf};

/// Folder, items in fewer collections than this are dropped, label columns.
const SETS: [(&str, u32, &[&str]); 5] = [
    ("www/demo/films", 3, &["country", "decade", "category"]),
    ("www/demo/emoji", 3, &["category"]),
    ("../shared/data/bench/ml-100k", 5, &["category"]),
    ("../shared/data/bench/ml-1m", 5, &["category", "decade"]),
    ("../shared/data/bench/gutenberg", 3, &["category", "language"]),
];

fn table(path: &Path) -> Option<Table> {
    let mut reader = Reader::new(&path.display().to_string());
    reader.push(&std::fs::read(path).ok()?).ok()?;
    reader.finish().ok()
}

/// Purity of the first 10 known of each known item's list.
fn purity(lists: &Csr<f32>, codes: &[u32], unknown: Option<u32>) -> f64 {
    let known = |i: usize| codes[i] != MISSING && Some(codes[i]) != unknown;
    let (mut same, mut links) = (0, 0);
    for i in (0..codes.len()).filter(|&i| known(i)) {
        for &j in lists.row(i).0.iter().filter(|&&j| known(j as usize)).take(10) {
            links += 1;
            same += usize::from(codes[i] == codes[j as usize]);
        }
    }
    f64::from(same as u32) / f64::from(links as u32)
}

fn choices() -> Vec<(String, CountOptions)> {
    let of = |similarity: Similarity| {
        let dissimilarity = similarity.usual_dissimilarity();
        CountOptions { similarity, dissimilarity, ..CountOptions::default() }
    };
    let plain = Similarity::ALL
        .into_iter()
        .filter(|s| ![Similarity::Pmi, Similarity::PositivePmi, Similarity::Lift].contains(s))
        .map(|s| (format!("{s:?}"), of(s)));
    let mut all: Vec<_> = plain.collect();
    // Lift orders neighbors as PMI does.
    for smoothing in [0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0] {
        let options = CountOptions { smoothing, ..of(Similarity::PositivePmi) };
        all.push((format!("PositivePmi, smoothing {smoothing}"), options));
    }
    for normalization in [Normalization::InverseLog, Normalization::InverseSize] {
        for similarity in [Similarity::Raw, Similarity::Cosine, Similarity::LogLikelihood] {
            let mut options = CountOptions { normalization, ..of(similarity) };
            if similarity == Similarity::Raw {
                // Sums of small numbers seldom reach the 2 that 1/ln(x) needs.
                options.dissimilarity = archipelago::count::Dissimilarity::InverseLogPlusOne;
            }
            all.push((format!("{similarity:?}, {normalization:?}"), options));
        }
    }
    let product = CountOptions { pair_weight: PairWeight::Product, ..of(Similarity::Cosine) };
    all.push(("Cosine, product of weights".to_owned(), product));
    all
}

fn main() {
    for (folder, min_collections, labels) in SETS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (Some(Table::Records(records)), Some(Table::Items(items))) =
            (table(&folder.join("memberships.csv")), table(&folder.join("items.csv")))
        else {
            println!("{name:<10} skipped: {} is not there", folder.display());
            continue;
        };
        let collections = collect(&records, &CollectOptions { min_collections }).expect("collections");
        println!("\n{name}: {} items\n{:<28} {labels:?} mutual top1% isolated", collections.n_items(), "");
        let map = Map { collections, ..Map::default() };
        let items = Items::new(&map, &records, Some(&items));
        for (choice, options) in choices() {
            let lists = match count(&map.collections, &options) {
                Ok(lists) => lists,
                Err(error) => {
                    println!("{choice:<28} {}", error.message());
                    continue;
                }
            };
            let found = hubness(&lists, 15);
            print!("{choice:<28}");
            for label in labels {
                let column = items.columns.iter().find(|c| c.name == *label).expect("the label's column");
                let ColumnValues::Category { codes, categories } = &column.values else { continue };
                print!(" {:>6.3}", purity(&lists, codes, categories.find("Unknown")));
            }
            println!(
                "   {:>5.1} % {:>5.1} % {:>6}",
                found.mutual_share * 100.0,
                found.top_share * 100.0,
                found.isolated
            );
        }
    }
}
