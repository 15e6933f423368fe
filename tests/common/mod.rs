//! Seeded inputs for tests and benchmarks: collections as people have them, and files as people should not.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod groups;
pub mod placing;

use archipelago::read::{FileInfo, ItemTable, Reader, RecordKind, Records, Table, Vectors};
use std::path::PathBuf;

/// A small portable generator (PCG output on a 64-bit LCG), so that inputs stay the same whatever the crate's own
/// streams become.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed ^ 0x853c_49e6_748f_ea9b);
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = ((self.0 >> 22) ^ self.0) >> ((self.0 >> 61) + 22);
        mixed as u32
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.next()) * n as u64) >> 32) as usize
    }

    /// A number in 0..1.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.next()) / 4_294_967_296.0
    }

    /// An index below `n`, index `i` about as likely as `1 / (i + 1)`.
    pub fn zipf(&mut self, n: usize) -> usize {
        let x = (n as f64 + 1.0).powf(self.unit());
        (x as usize).clamp(1, n) - 1
    }
}

/// `n_rows` pairs of (collection, item), popular ones far more often, grouped by collection as exports are.
/// Pairs may repeat. Items lean towards their collection's own tenth, so that there is something to map.
pub fn zipf_pairs(seed: u64, n_collections: usize, n_items: usize, n_rows: usize) -> Vec<[usize; 2]> {
    let mut dice = Dice::new(seed);
    let pair = |dice: &mut Dice| {
        let collection = dice.zipf(n_collections);
        let rank = dice.zipf(n_items);
        let taste = collection % 10;
        let item = if dice.below(4) == 0 { rank } else { (rank / 10 * 10 + taste).min(n_items - 1) };
        [collection, item]
    };
    let mut pairs: Vec<_> = (0..n_rows).map(|_| pair(&mut dice)).collect();
    pairs.sort_by_key(|pair| pair[0]);
    pairs
}

/// [`zipf_pairs`] as a file with the header `collection,item`.
pub fn zipf_csv(seed: u64, n_collections: usize, n_items: usize, n_rows: usize) -> String {
    let mut text = String::from("collection,item\n");
    for [collection, item] in zipf_pairs(seed, n_collections, n_items, n_rows) {
        text.push_str(&format!("u{collection},item {item}\n"));
    }
    text
}

/// Bytes that look like a table and are broken somewhere: pieces of CSV, odd bytes and long runs, put together at
/// random.
pub fn hostile(seed: u64) -> Vec<u8> {
    const PIECES: [&[u8]; 28] = [
        b",",
        b";",
        b"\t",
        b"|",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b"\"\"",
        b"a",
        b"u1",
        b"item",
        b"collection",
        b"weight",
        b"1",
        b"-1",
        b"NaN",
        b"1e999",
        b" ",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\0",
        b"\xc3",
        b"\xa9",
        "é".as_bytes(),
        "🎬".as_bytes(),
        b"sep=;\n",
        b"u1,film a\n",
    ];
    let mut dice = Dice::new(seed);
    let mut bytes = match dice.below(4) {
        0 => b"collection,item,weight\n".to_vec(),
        1 => b"item,label,year\n".to_vec(),
        _ => Vec::new(),
    };
    for _ in 0..dice.below(60) {
        let piece = PIECES[dice.below(PIECES.len())];
        let times = if dice.below(40) == 0 { 3000 } else { 1 };
        for _ in 0..times {
            bytes.extend_from_slice(piece);
        }
    }
    bytes
}

/// A file of the shared data sets, or `None`, with a line that says so, where they are not there.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

fn table(text: &str) -> Table {
    let mut reader = Reader::new("file.csv");
    reader.push(text.as_bytes()).expect("a good file");
    reader.finish().expect("a good file")
}

/// The rows that `text` holds.
pub fn read_records(text: &str) -> Records {
    match table(text) {
        Table::Records(records) => records,
        Table::Items(_) => panic!("rows expected"),
    }
}

/// The table of items that `text` holds.
pub fn read_items(text: &str) -> ItemTable {
    match table(text) {
        Table::Items(items) => items,
        Table::Records(_) => panic!("an items table expected"),
    }
}

/// Rows without a file: pairs of (collection, item), and a weight for each if there are any.
pub fn records_of(pairs: &[[usize; 2]], weights: Option<Vec<f32>>) -> Records {
    let names = |c: usize| {
        let count = pairs.iter().map(|pair| pair[c] + 1).max().unwrap_or(0);
        (0..count).map(|i| format!("{i}")).collect::<Vec<_>>()
    };
    Records {
        kind: RecordKind::Memberships,
        collections: names(0).iter().map(String::as_str).collect(),
        items: names(1).iter().map(String::as_str).collect(),
        vectors: Vectors::default(),
        rows: pairs.iter().map(|pair| pair.map(|id| id as u32)).collect(),
        weights,
        are_distances: false,
        weight_name: None,
        columns: Vec::new(),
        info: FileInfo {
            file: "rows".to_owned(),
            rows: pairs.len() as u64,
            skipped_rows: 0,
            bytes: 0,
            hash: String::new(),
            delimiter: ',',
            columns: Vec::new(),
        },
    }
}

/// What tells two floats apart, also where `==` does not: 0 and -0, NaN.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// `n` points around each of `centers`, normally spread with `width` along each axis; row-major.
pub fn blobs<const D: usize>(seed: u64, centers: &[[f64; D]], n: usize, width: f64) -> Vec<f32> {
    let mut dice = Dice::new(seed);
    // The sum of 12 uniform numbers has variance 1 and is near enough to a normal one.
    let mut normal = || (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0;
    let points = centers.iter().flat_map(|center| std::iter::repeat_n(center, n));
    points.flatten().map(|&middle| (middle + width * normal()) as f32).collect()
}

/// What `f` gives on one thread, having checked that two and four give the same.
#[cfg(not(target_arch = "wasm32"))]
pub fn on_any_threads<T: PartialEq + std::fmt::Debug + Send>(f: impl Fn() -> T + Sync) -> T {
    let one = archipelago::parallel::with_threads(1, &f);
    for threads in [2, 4] {
        let more = archipelago::parallel::with_threads(threads, &f);
        assert!(more == one, "{threads} threads give another result than one");
    }
    one
}
