//! Counting by Jaccard against its slow twin: it is the exact search of the nearest sparse rows.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, collect};
use archipelago::count::{CountOptions, Similarity, count};
use archipelago::csr::Csr;
use common::records_of;
use proptest::prelude::*;

/// The nearest of each row by 1 - |a and b| / |a or b|, every pair looked at, ties by lower id; rows that share nothing left
/// out. Quotients of whole numbers: those that are equal are equal in f32 too.
fn jaccard_neighbors(by_item: &Csr<f32>, k: usize) -> Vec<Vec<(u32, f32)>> {
    let n = by_item.n_rows();
    let nearest = |i: usize| {
        let mine = by_item.row(i).0;
        let others = (0..n).filter(|&j| j != i).filter_map(|j| {
            let other = by_item.row(j).0;
            let both = mine.iter().filter(|c| other.contains(c)).count();
            let any = mine.len() + other.len() - both;
            (both > 0).then(|| (j as u32, both as f32 / any as f32))
        });
        let mut others: Vec<(u32, f32)> = others.collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        others.truncate(k);
        others
    };
    (0..n).map(nearest).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Counting by Jaccard is the exact search of the nearest sparse rows, for any k.
    #[test]
    fn jaccard_is_every_pair_of_sparse_rows(
        rows in prop::collection::vec((0..8usize, 0..12usize), 1..80),
        k in 1u32..8,
    ) {
        let pairs: Vec<[usize; 2]> = rows.iter().map(|r| [r.0, r.1]).collect();
        let options = CollectOptions { min_collections: 1 };
        let Ok(collections) = collect(&records_of(&pairs, None), &options) else { return Ok(()) };
        let options =
            CountOptions { similarity: Similarity::Jaccard, max_neighbors: k, ..CountOptions::default() };
        let Ok(lists) = count(&collections, &options) else { return Ok(()) };
        for (i, wanted) in jaccard_neighbors(&collections.by_item, k as usize).into_iter().enumerate() {
            let (ids, distances) = lists.row(i);
            let near: Vec<u32> = wanted.iter().map(|&(j, _)| j).collect();
            prop_assert_eq!(ids, &near[..], "item {}", i);
            for (d, (_, similarity)) in distances.iter().zip(wanted) {
                // No edge is shorter than 1e-4.
                prop_assert!((d - (1.0 - similarity).max(1e-4)).abs() < 1e-6);
            }
        }
    }
}
