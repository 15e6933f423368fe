//! Previews of a pair weight: by hand, and on real rows.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, Collections, collect};
use archipelago::count::preview::{Preview, PreviewPair, preview, preview_formula};
use common::{read_records, shared_data};

fn collections(text: &str) -> Collections {
    collect(&read_records(text), &CollectOptions { min_collections: 1 }).unwrap()
}

#[test]
fn a_formula_on_three_rows() {
    let found = collections("user,item,rating,day\nu,x,4,10\nu,y,5,13\nu,z,1,\nv,x,2,9\n");
    let preview = preview_formula(&found, "a.rating * b.rating + abs(a.day - b.day)", 10, 1).unwrap();
    assert_eq!(preview.pairs.len(), 3, "v has no pair, u has three");
    let xy = preview.pairs.iter().find(|pair| pair.items == [0, 1]).unwrap();
    let expected = PreviewPair {
        items: [0, 1],
        collection: 0,
        size: 3,
        weights: [4.0, 5.0],
        values: [vec![10.0], vec![13.0]],
        result: 23.0,
        weight: 23.0,
    };
    assert_eq!(xy, &expected);
    let xz = preview.pairs.iter().find(|pair| pair.items == [0, 2]).unwrap();
    assert!(xz.result.is_nan() && xz.weight == 0.0, "z has no day");
    let Preview { drawn, zero, missing, negative, infinite, .. } = preview;
    assert!(drawn > 900, "{drawn} of 1000");
    assert!((drawn * 5..drawn * 8).contains(&(10 * missing)), "two thirds: {missing} of {drawn}");
    assert_eq!([zero, negative, infinite], [0; 3]);
}

#[test]
fn what_counts_as_nothing_is_told_apart() {
    let found = collections("user,item\nu,x\nu,y\nv,x\n");
    let count = |result: f64| {
        let Preview { drawn, zero, missing, negative, infinite, .. } =
            preview(&found, 1, 1, |_, _, _| result);
        [zero, missing, negative, infinite].map(|n| n == drawn)
    };
    assert_eq!(count(0.0), [true, false, false, false]);
    assert_eq!(count(f64::NAN), [false, true, false, false]);
    assert_eq!(count(-1.0), [false, false, true, false]);
    assert_eq!(count(f64::NEG_INFINITY), [false, false, true, false]);
    assert_eq!(count(f64::INFINITY), [false, false, false, true]);
    assert_eq!(count(1e300), [false, false, false, true]);
    assert_eq!(count(1.0), [false; 4]);
}

#[test]
fn previews_on_real_rows() {
    let Some(path) = shared_data("bench/ml-100k/memberships.csv") else { return };
    let records = read_records(&std::fs::read_to_string(path).unwrap());
    let collections = collect(&records, &CollectOptions::default()).unwrap();
    let text = "exp(-abs(a.timestamp - b.timestamp) / 30) * a.rating * b.rating";
    let preview = preview_formula(&collections, text, 5, 1).unwrap();
    assert_eq!((preview.pairs.len(), preview.drawn), (5, 1000));
    assert_eq!([preview.zero, preview.missing, preview.negative, preview.infinite], [0; 4]);
    for pair in &preview.pairs {
        let days = (pair.values[0][0] - pair.values[1][0]).abs();
        assert!(days < 300.0, "the ratings come from seven months");
        let expected = (-days / 30.0).exp() * f64::from(pair.weights[0] * pair.weights[1]);
        assert!((pair.result - expected).abs() < 1e-9 * expected, "{pair:?}");
    }
    assert_eq!(preview_formula(&collections, text, 5, 1).unwrap().pairs, preview.pairs, "the same by seed");
    let error = preview_formula(&collections, "a.genre", 5, 1).unwrap_err();
    assert!(error.message().contains("a.timestamp, b.timestamp"), "{error}");
}
