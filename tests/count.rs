//! Collecting and counting: by hand, against a dense matrix, in steps, and on any number of threads.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, Collections, collect};
use archipelago::count::{self, CountOptions, Dissimilarity, PairWeight, Similarity, count};
use archipelago::csr::Csr;
use archipelago::error::{Error, ErrorKind};
use archipelago::read::Records;
use common::{Dice, bits, on_any_threads, read_records, records_of, zipf_pairs};
use proptest::prelude::*;

fn kept(records: &Records, min_collections: u32) -> Result<Collections, Error> {
    collect(records, &CollectOptions { min_collections })
}

/// Rows by name, the weight last.
const SMALL: &str = "user,song,plays\n\
    ann,a,1\nann,b,2\nann,rare,9\n\
    bob,b,4\nbob,a,8\nann,b,16\n\
    eve,a,32\n";

#[test]
fn collect_by_hand() {
    // a: ann 1, bob 8, eve 32. b: ann 2 + 16, bob 4. rare: ann only, so it goes and a = 0, b = 1.
    let found = kept(&read_records(SMALL), 2).unwrap();
    assert_eq!(found.items, [0, 1]);
    assert_eq!((found.n_items_read, found.repeated_rows), (3, 1));
    assert_eq!(found.popularity(), [3, 2]);
    assert_eq!(found.by_item.row(0), (&[0, 1, 2][..], &[1.0, 8.0, 32.0][..]));
    assert_eq!(found.by_item.row(1), (&[0, 1][..], &[18.0, 4.0][..]));
    assert_eq!(found.by_collection.row(0), (&[0, 1][..], &[1.0, 18.0][..]));
    assert_eq!(found.by_collection.row(1), (&[0, 1][..], &[8.0, 4.0][..]));
    assert_eq!(found.by_collection.row(2), (&[0][..], &[32.0][..]));
}

#[test]
fn kept_items_are_renumbered_in_order() {
    // Of 0..6 only the odd ones are in two collections.
    let pairs = [[0, 0], [0, 1], [0, 3], [0, 5], [1, 5], [1, 3], [1, 2], [2, 1], [2, 4]];
    let found = kept(&records_of(&pairs, None), 2).unwrap();
    assert_eq!(found.items, [1, 3, 5]);
    assert_eq!(found.by_collection.row(1).0, [1, 2]);
    assert_eq!(found.by_item.row(0).0, [0, 2]);
    assert!(found.by_item.values.iter().all(|&w| w == 1.0), "no weights in the file: all are 1");
    assert_eq!(kept(&records_of(&pairs, None), 1).unwrap().items, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn what_cannot_be_a_map_is_refused() {
    let cases: [(&[[usize; 2]], u32, &str); 7] = [
        (&[], 1, "too-few-items"),
        (&[[0, 0], [1, 0], [2, 0]], 1, "too-few-items"),
        (&[[0, 0], [0, 0], [0, 0]], 3, "too-few-items"),
        (&[[0, 0], [0, 1], [1, 0]], 2, "too-few-items"),
        (&[[0, 0], [1, 1], [2, 2], [2, 2]], 1, "nothing-co-occurs"),
        // Only 2 stood beside 0 and 1, and 2 is dropped.
        (&[[0, 0], [0, 2], [1, 1], [2, 0], [3, 1]], 2, "nothing-co-occurs"),
        (&[[0, 0], [0, 1], [0, 2], [1, 2], [1, 1], [1, 0]], 1, "all-the-same"),
    ];
    for (pairs, min_collections, code) in cases {
        let error = kept(&records_of(pairs, None), min_collections).unwrap_err();
        assert_eq!(error.code(), code, "{pairs:?}");
        assert_eq!(error.place.unwrap().file, "rows");
    }
    let error = kept(&records_of(&[[0, 0], [0, 1], [1, 0]], None), 2).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooFewItems { found: 2, kept: 1, min_collections: 2 });
    let error = kept(&records_of(&[[0, 0]], None), 0).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::OptionOutOfRange { option: "collect.minCollections", .. }));
}

fn lists_of(csr: &Csr<f32>) -> Vec<Vec<(u32, f32)>> {
    let row = |i| csr.row(i).0.iter().copied().zip(csr.row(i).1.iter().copied()).collect();
    (0..csr.n_rows()).map(row).collect()
}

fn cosine() -> CountOptions {
    CountOptions { similarity: Similarity::Cosine, ..CountOptions::default() }
}

fn author() -> CountOptions {
    CountOptions {
        similarity: Similarity::Raw,
        dissimilarity: Dissimilarity::InverseLog,
        ..CountOptions::default()
    }
}

#[test]
fn count_by_hand() {
    // 0 and 1 together in 3 collections, 0 and 2 in 1, 1 and 2 in 1, 3 and 0 in 1.
    let pairs = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [3, 0], [3, 3]];
    let collections = kept(&records_of(&pairs, None), 1).unwrap();
    let lists = count(&collections, &cosine()).unwrap();
    // Sizes 4, 3, 1, 1: cosines 3 / sqrt 12, 1 / 2, 1 / sqrt 3, 1 / 2.
    assert_eq!(lists.row(0).0, [1, 2, 3], "2 and 3 are as near: the lower id first");
    let want = [1.0 - 0.75f32.sqrt(), 0.5, 0.5];
    assert!(lists.row(0).1.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", lists.row(0));
    assert_eq!(lists.row(2).0, [1, 0]);
    // Raw counts: only 0 and 1 are together in more than 2.
    let lists = count(&collections, &author()).unwrap();
    assert_eq!(lists_of(&lists), [vec![(1, 0.910_239_2)], vec![(0, 0.910_239_2)], vec![], vec![]]);
    // The one nearest.
    let lists = count(&collections, &CountOptions { max_neighbors: 1, ..cosine() }).unwrap();
    assert_eq!(lists.columns, [1, 0, 1, 0]);
}

#[test]
fn items_with_the_same_collections_are_near_but_apart() {
    let pairs = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]];
    let lists = count(&kept(&records_of(&pairs, None), 1).unwrap(), &CountOptions::default()).unwrap();
    assert_eq!((lists.row(0).0[0], lists.row(0).1[0]), (1, 1e-4));
}

/// Rows of up to 8 collections and 12 items, some repeated, with weights 0 to 3 in quarters: sums and products of
/// them are exact in f32.
fn rows() -> impl Strategy<Value = (Vec<[usize; 2]>, Vec<f32>)> {
    let row = (0..8usize, 0..12usize, 0..13u8);
    prop::collection::vec(row, 1..80).prop_map(|rows| {
        let pairs = rows.iter().map(|&(c, i, _)| [c, i]).collect();
        (pairs, rows.iter().map(|&(_, _, w)| f32::from(w) / 4.0).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_are_the_whole(rows in rows(), step in 1..5usize) {
        let Ok(collections) = kept(&records_of(&rows.0, None), 1) else { return Ok(()) };
        let mut status = count::initialize(&collections, &CountOptions::default()).unwrap();
        while status.done() < collections.n_items() {
            let until = status.done() + step;
            status.run(&collections, until);
            prop_assert_eq!(status.done(), until.min(collections.n_items()));
        }
        prop_assert_eq!(status.finish().unwrap(), count(&collections, &CountOptions::default()).unwrap());
    }
}

#[test]
fn collect_is_its_slow_twin() {
    let pairs = zipf_pairs(3, 60, 80, 1500);
    let mut dice = Dice::new(5);
    let weights: Vec<f32> = pairs.iter().map(|_| dice.below(16) as f32 / 4.0).collect();
    let found = kept(&records_of(&pairs, Some(weights.clone())), 3).unwrap();
    let mut seen = vec![vec![None; 80]; 60];
    for (&[c, i], w) in pairs.iter().zip(weights) {
        *seen[c][i].get_or_insert(0.0) += w;
    }
    let is_kept = |i: &usize| seen.iter().filter(|row| row[*i].is_some()).count() >= 3;
    let ids: Vec<usize> = (0..80).filter(is_kept).collect();
    assert!(ids.len() < 80 && ids.iter().map(|&i| i as u32).eq(found.items.iter().copied()));
    for (c, row) in seen.iter().enumerate().take(found.by_collection.n_rows()) {
        let want = ids.iter().enumerate().filter_map(|(new, &i)| Some((new as u32, row[i]?)));
        let (items, weights) = found.by_collection.row(c);
        assert!(want.eq(items.iter().copied().zip(weights.iter().copied())), "collection {c}");
    }
    assert_eq!(found.by_item, found.by_collection.transpose(found.n_items()));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let pairs = zipf_pairs(11, 300, 500, 9000);
    let mut dice = Dice::new(12);
    let weights = pairs.iter().map(|_| dice.unit() as f32 * 5.0).collect();
    let collections = kept(&records_of(&pairs, Some(weights)), 2).unwrap();
    let options = CountOptions { pair_weight: PairWeight::Product, max_neighbors: 40, ..Default::default() };
    let lists = on_any_threads(|| {
        let lists = count(&collections, &options).unwrap();
        (bits(&lists.values), lists.columns, lists.offsets)
    });
    assert!(lists.2.windows(2).any(|w| w[1] - w[0] == 40) && collections.n_items() > 200);
}

#[test]
fn options_out_of_range_are_named() {
    let of = |options: CountOptions| match options.check().unwrap_err().kind {
        ErrorKind::OptionOutOfRange { option, value, .. } => (option, value),
        other => panic!("{other:?}"),
    };
    for max_neighbors in [0, 100_001] {
        let options = CountOptions { max_neighbors, ..CountOptions::default() };
        assert_eq!(of(options), ("count.maxNeighbors", max_neighbors.to_string()));
    }
    let options = CountOptions { similarity: Similarity::Raw, ..CountOptions::default() };
    assert_eq!(of(options), ("count.dissimilarity", "oneMinus".to_owned()));
}
