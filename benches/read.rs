//! How fast the reader reads, in MB/s, beside the `csv` crate filling hash maps, in the same run.
//!
//! `cargo bench --bench read [FILE...]`: without files, a seeded Zipf file of 1 million rows and, where it is
//! there, bench/ml-1m of the shared data. Every pass checks its answer. Times are the best of five passes.
#![allow(clippy::disallowed_methods)] // A clock is what this program is for.

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::HashMap;
use std::time::Instant;

use archipelago::read::{Reader, Table};

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!("{:<28} {:>9} {:>10} {:>10} {:>16}", "file", "MB", "rows", "MB/s", "csv + HashMap");
    if files.is_empty() {
        bench("Zipf, 1 million rows", common::zipf_csv(7, 20_000, 5_000, 1_000_000).as_bytes());
        for name in ["bench/ml-1m/memberships.csv", "demo/films/memberships.csv"] {
            if let Some(path) = common::shared_data(name) {
                bench(name, &std::fs::read(path).expect("a readable file"));
            }
        }
    }
    for file in files {
        bench(&file, &std::fs::read(&file).expect("a readable file"));
    }
}

fn bench(name: &str, bytes: &[u8]) {
    let (ours, answer) = best(|| read(bytes));
    let (reference, expected) = best(|| read_with_csv(bytes));
    assert_eq!(answer, expected, "{name}: both count the same collections, items and rows");
    let mb = bytes.len() as f64 / 1e6;
    println!("{name:<28} {mb:>9.2} {:>10} {:>10.0} {:>16.0}", answer[2], mb / ours, mb / reference);
}

/// Seconds of the fastest of five passes, and the answer.
fn best(work: impl Fn() -> [usize; 3]) -> (f64, [usize; 3]) {
    let pass = || {
        let start = Instant::now();
        let answer = work();
        (start.elapsed().as_secs_f64(), answer)
    };
    (0..5).map(|_| pass()).min_by(|a, b| a.0.total_cmp(&b.0)).expect("five passes")
}

/// Collections, items, rows: as a page would read them, in chunks of 256 KiB, SHA-256 included.
fn read(bytes: &[u8]) -> [usize; 3] {
    let mut reader = Reader::new("bench.csv");
    for chunk in bytes.chunks(1 << 18) {
        reader.push(chunk).expect("a good file");
    }
    match reader.finish().expect("a good file") {
        Table::Records(records) => [records.collections.len(), records.items.len(), records.rows.len()],
        Table::Items(_) => panic!("rows expected"),
    }
}

/// The same with the `csv` crate and the standard library, as one would write it first; no hash of the file.
fn read_with_csv(bytes: &[u8]) -> [usize; 3] {
    let mut reader = csv::Reader::from_reader(bytes);
    let mut collections: HashMap<String, u32> = HashMap::new();
    let mut items: HashMap<String, u32> = HashMap::new();
    let mut rows: Vec<[u32; 2]> = Vec::new();
    fn id(names: &mut HashMap<String, u32>, name: &str) -> u32 {
        let next = names.len() as u32;
        match names.get(name) {
            Some(&id) => id,
            None => *names.entry(name.to_owned()).or_insert(next),
        }
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).expect("a good file") {
        rows.push([id(&mut collections, &record[0]), id(&mut items, &record[1])]);
    }
    [collections.len(), items.len(), rows.len()]
}
