//! Runs the fuzz bodies without a fuzzer: on their seeds, on the fixtures, and on seeded hostile input.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::path::Path;

include!("../fuzz/bodies/formula.rs");
include!("../fuzz/bodies/read_csv.rs");

/// The contents of every file in a folder of the repository; must not be empty.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn read_csv_on_seeds() {
    files("fuzz/seeds/read_csv").iter().for_each(|seed| read_csv(seed));
}

#[test]
fn read_csv_on_fixtures() {
    // Cut in 1, 4 and 256 bytes.
    for file in files("tests/fixtures/read") {
        for cut in [0, 3, 255] {
            read_csv(&[&[cut], file.as_slice()].concat());
        }
    }
}

#[test]
fn read_csv_on_hostile_input() {
    for seed in 0..3000 {
        let mut data = vec![common::Dice::new(seed).next() as u8];
        data.extend(common::hostile(seed));
        read_csv(&data);
    }
}

#[test]
fn formula_on_seeds() {
    files("fuzz/seeds/formula").iter().for_each(|seed| formula(seed));
}

/// Pieces of formulas put together at random; now and then a long run of one.
#[test]
fn formula_on_hostile_input() {
    const PIECES: [&str; 40] = [
        "a.time",
        "b.time",
        "a.pp",
        "b.\"Play count\"",
        "a.rating",
        "a.weight",
        "size",
        "a.",
        "b",
        "\"",
        "1",
        ".5",
        "1e308",
        "2",
        "e",
        "0",
        "+",
        "-",
        "*",
        "/",
        "^",
        "<",
        "<=",
        "==",
        "!=",
        "!",
        "&&",
        "||",
        "&",
        "(",
        ")",
        "(",
        ")",
        ",",
        " ",
        "abs(",
        "if(",
        "min(",
        "pow(",
        "é",
    ];
    let mut good = 0;
    for seed in 0..20_000 {
        let mut dice = common::Dice::new(seed);
        let mut text = String::new();
        for _ in 0..dice.below(12) {
            let times = if dice.below(200) == 0 { 900 } else { 1 };
            text.push_str(&PIECES[dice.below(PIECES.len())].repeat(times));
        }
        formula(text.as_bytes());
        good += usize::from(archipelago::count::formula::Formula::parse(&text, &["time", "pp"]).is_ok());
    }
    assert!(good > 300, "some are formulas: {good}");
}
