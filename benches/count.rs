//! How fast counting is, beside the plain way to write it, in the same run: a scratch row with a branch at each first
//! touch, then the standard library's selection and sort.
//!
//! `cargo bench --bench count --features cli [-- NAME...]`: ml-1m, moby-thesaurus (gzipped, hence the feature), films, and, only
//! when named, `osu-size`: generated, 35.8 million rows of 45,071 items (3 GB, minutes). Every pass checks rows against
//! a slow twin that intersects two items' collections for every pair.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "../tests/common/mod.rs"]
mod common;

use archipelago::collect::{CollectOptions, Collections, collect};
use archipelago::count::{CountOptions, Dissimilarity, Similarity, count, similarity::log_likelihood};
use archipelago::csr::Csr;
use archipelago::parallel;
use archipelago::read::{Reader, Table};
use common::Dice;
use std::time::Instant;

/// Name, file of the shared data, items in fewer collections are dropped.
const FILES: [(&str, &str, u32); 3] = [
    ("films", "demo/films/memberships.csv", 3),
    ("ml-1m", "bench/ml-1m/memberships.csv", 5),
    ("moby", "bench/moby-thesaurus/memberships.csv.gz", 1),
];
const SIMILARITIES: [Similarity; 7] = [
    Similarity::Raw,
    Similarity::Cosine,
    Similarity::IdfCosine,
    Similarity::Jaccard,
    Similarity::Conditional,
    Similarity::PositivePmi,
    Similarity::LogLikelihood,
];

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!(
        "{} threads\n{:<8} {:>9} {:>8} {:>14} {:<14} {:>8} {:>10} {:>7} {:>7}",
        parallel::threads(),
        "data",
        "rows",
        "items",
        "sum of size^2",
        "similarity",
        "seconds",
        "M pairs/s",
        "plain",
        "ratio"
    );
    for (name, file, min_collections) in FILES {
        if named.is_empty() || named.iter().any(|n| n == name) {
            match read(file, min_collections) {
                Ok(collections) => bench(name, &collections, if name == "moby" { 1 } else { 3 }),
                Err(why) => println!("{name:<8} skipped: {why}"),
            }
        }
    }
    if named.iter().any(|n| n == "osu-size") {
        bench("osu-size", &osu_size(), 1);
    }
}

fn read(file: &str, min_collections: u32) -> Result<Collections, String> {
    let path = common::shared_data(file).ok_or("the file is not there")?;
    let mut bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    if file.ends_with(".gz") {
        bytes = unzip(&bytes)?;
    }
    let mut reader = Reader::new(file);
    reader.push(&bytes).map_err(|e| e.to_string())?;
    match reader.finish().map_err(|e| e.to_string())? {
        Table::Records(records) => {
            collect(&records, &CollectOptions { min_collections }).map_err(|e| e.to_string())
        }
        Table::Items(_) => Err("rows expected".to_owned()),
    }
}

#[cfg(feature = "cli")]
fn unzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(bytes);
    std::io::Read::read_to_end(&mut reader, &mut out).map_err(|e| e.to_string())?;
    Ok(out)
}

#[cfg(not(feature = "cli"))]
fn unzip(_: &[u8]) -> Result<Vec<u8>, String> {
    Err("gzipped: add --features cli".to_owned())
}

/// Players and the beatmaps they have scores on: 35.8 million pairs, no pair twice. Sizes and popularity are Zipf-like,
/// the largest collection about 6,000.
fn osu_size() -> Collections {
    const ITEMS: usize = 45_071;
    let mut dice = Dice::new(17);
    let mut by_collection = Csr::default();
    let mut left = 35_800_000usize;
    let mut has = vec![u32::MAX; ITEMS];
    let mut player = 0;
    while left > 0 {
        // Between 30 and 6,000, about evenly in the logarithm.
        let size = ((30.0 * 200f64.powf(dice.unit())) as usize).min(left);
        let taste = dice.below(50);
        let mut row = Vec::with_capacity(size);
        while row.len() < size {
            let rank = dice.zipf(ITEMS);
            let item = if dice.below(3) == 0 { rank } else { (rank / 50 * 50 + taste).min(ITEMS - 1) };
            // Large collections run out of popular items.
            let item = if has[item] == player { dice.below(ITEMS) } else { item };
            if has[item] != player {
                has[item] = player;
                row.push(item as u32);
            }
        }
        row.sort_unstable();
        by_collection.push_row(row.into_iter().map(|i| (i, 1.0)));
        left -= size;
        player += 1;
    }
    let by_item = by_collection.transpose(ITEMS);
    Collections { items: (0..ITEMS as u32).collect(), by_collection, by_item, ..Collections::default() }
}

fn best<T>(passes: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut pass = || {
        let begin = Instant::now();
        let answer = work();
        (begin.elapsed().as_secs_f64(), answer)
    };
    let mut best = pass();
    for _ in 1..passes {
        let next = pass();
        best = if next.0 < best.0 { next } else { best };
    }
    best
}

fn bench(name: &str, collections: &Collections, passes: usize) {
    let rows = collections.by_collection.len();
    let n = collections.n_items();
    let work: f64 =
        collections.by_collection.offsets.windows(2).map(|w| ((w[1] - w[0]) as f64).powi(2)).sum();
    for similarity in SIMILARITIES {
        let dissimilarity = similarity.usual_dissimilarity();
        let options = CountOptions { similarity, dissimilarity, ..CountOptions::default() };
        let (seconds, lists) = best(passes, || count(collections, &options).expect("lists"));
        check(collections, &options, &lists);
        let mut reference = String::new();
        if similarity == Similarity::Cosine {
            let (plain_seconds, plain) = best(passes, || plain_cosine(collections, 256));
            assert!(plain == lists, "{name}: the plain way gives the same bits");
            reference = format!("{plain_seconds:>7.2} {:>7.2}", plain_seconds / seconds);
        }
        let speed = work / seconds / 1e6;
        let similarity = format!("{similarity:?}");
        println!(
            "{name:<8} {rows:>9} {n:>8} {work:>14} {similarity:<14} {seconds:>8.2} {speed:>10.0} {reference}"
        );
    }
}

/// Cosine as one would write it first.
fn plain_cosine(collections: &Collections, keep: usize) -> Csr<f32> {
    let n = collections.n_items();
    let own: Vec<f32> = (0..n).map(|i| collections.by_item.row(i).0.len() as f32).collect();
    let parts = parallel::map_chunks(n, 32, |range| {
        let mut sums = vec![0.0f32; n];
        let (mut touched, mut found) = (Vec::new(), Vec::new());
        let mut part = Csr::default();
        for item in range {
            for &c in collections.by_item.row(item).0 {
                for &other in collections.by_collection.row(c as usize).0 {
                    let sum = &mut sums[other as usize];
                    if *sum == 0.0 {
                        touched.push(other);
                    }
                    *sum += 1.0;
                }
            }
            found.clear();
            for other in touched.drain(..) {
                let pair = std::mem::take(&mut sums[other as usize]);
                if other as usize != item {
                    found.push((other, pair / (own[item].sqrt() * own[other as usize].sqrt())));
                }
            }
            let nearer = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
            if found.len() > keep {
                found.select_nth_unstable_by(keep - 1, nearer);
                found.truncate(keep);
            }
            found.sort_unstable_by(nearer);
            part.push_row(found.iter().map(|&(j, x)| (j, (1.0 - x).max(1e-4))));
        }
        part
    });
    let mut lists = Csr::default();
    for part in parts {
        for row in 0..part.n_rows() {
            let (columns, values) = part.row(row);
            lists.push_row(columns.iter().copied().zip(values.iter().copied()));
        }
    }
    lists
}

/// Some rows by intersecting sorted lists of collections, for every other item.
fn check(collections: &Collections, options: &CountOptions, lists: &Csr<f32>) {
    let n = collections.n_items();
    let size = |c: u32| collections.by_collection.row(c as usize).0.len() as f64;
    let held = (0..collections.by_collection.n_rows()).filter(|&c| size(c as u32) > 0.0).count() as f64;
    let weight = |c: u32| match options.similarity {
        Similarity::IdfCosine => ((1.0 + n as f64) / (1.0 + size(c))).ln().max(0.0).powi(2),
        _ => 1.0,
    };
    let own = |i: usize| collections.by_item.row(i).0.iter().map(|&c| weight(c)).sum::<f64>();
    for item in (0..6).map(|s| s * n / 6) {
        let mine = collections.by_item.row(item).0;
        let c_ii = own(item);
        let mut want: Vec<f64> = Vec::new();
        for other in (0..n).filter(|&other| other != item) {
            let theirs = collections.by_item.row(other).0;
            let (mut a, mut b, mut pair) = (0, 0, 0.0);
            while a < mine.len() && b < theirs.len() {
                if mine[a] == theirs[b] {
                    pair += weight(mine[a]);
                }
                let (x, y) = (mine[a], theirs[b]);
                a += usize::from(x <= y);
                b += usize::from(y <= x);
            }
            if pair == 0.0 {
                continue;
            }
            let c_jj =
                if options.similarity == Similarity::IdfCosine { own(other) } else { theirs.len() as f64 };
            want.push(match options.similarity {
                Similarity::Raw => pair,
                Similarity::Jaccard => pair / (c_ii + c_jj - pair),
                Similarity::Conditional => pair / c_ii,
                Similarity::PositivePmi => {
                    let s = options.smoothing;
                    ((pair + s) / (c_ii * c_jj / held + s)).ln()
                }
                Similarity::LogLikelihood => log_likelihood(pair, c_ii, c_jj, held),
                _ => pair / (c_ii * c_jj).sqrt(),
            });
        }
        want.sort_by(|a, b| b.total_cmp(a));
        want.truncate(options.max_neighbors as usize);
        let length = |x: &f64| match options.dissimilarity {
            Dissimilarity::InverseLog => (*x > 2.0).then(|| 1.0 / x.ln()),
            Dissimilarity::InverseLogPlusOne => (*x > 1e-6).then(|| 1.0 / x.ln_1p()),
            _ => (*x > 0.0).then(|| (1.0 - x).max(1e-4)),
        };
        let want: Vec<f64> = want.iter().filter_map(length).collect();
        let found = lists.row(item).1;
        assert_eq!(found.len(), want.len(), "{:?} row {item}", options.similarity);
        for (found, want) in found.iter().zip(&want) {
            let apart = (f64::from(*found) - want).abs();
            assert!(apart < 1e-4 * want + 1e-5, "{:?} row {item}: {found}, not {want}", options.similarity);
        }
    }
}
