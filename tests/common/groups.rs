//! Two groups of items, for embedders.

use super::Dice;
use archipelago::collect::Collections;
use archipelago::csr::Csr;
use archipelago::graph::NeighborPairs;
use std::sync::Arc;

/// Collections of given items.
pub fn collections(n_items: usize, rows: &[Vec<u32>]) -> Arc<Collections> {
    let mut by_collection = Csr::default();
    rows.iter().for_each(|row| by_collection.push_row(row.iter().map(|&i| (i, 1.0f32))));
    let by_item = by_collection.transpose(n_items);
    Arc::new(Collections {
        items: (0..n_items as u32).collect(),
        by_collection,
        by_item,
        ..Collections::default()
    })
}

/// Two groups of `half` items: pairs along two rings with chords and a few across, and collections that mostly stay in
/// one of them.
pub fn two_groups(half: u32) -> (NeighborPairs, Arc<Collections>) {
    let mut dice = Dice::new(5);
    let mut pairs = std::collections::BTreeSet::new();
    for group in 0..2 {
        for i in 0..half {
            for step in [1, 2, 1 + dice.below(half as usize - 1) as u32] {
                let (a, b) = (group * half + i, group * half + (i + step) % half);
                pairs.insert([a.min(b), a.max(b)]);
            }
        }
    }
    (0..half / 8).for_each(|i| _ = pairs.insert([i * 8, half + i * 8]));
    let rows: Vec<Vec<u32>> = (0..12 * half)
        .map(|c| {
            let mut row: Vec<u32> = (0..6)
                .map(|_| {
                    let group = if dice.below(10) == 0 { 1 - c % 2 } else { c % 2 };
                    group * half + dice.below(half as usize) as u32
                })
                .collect();
            row.sort_unstable();
            row.dedup();
            row
        })
        .collect();
    let weights = vec![1.0; pairs.len()];
    (NeighborPairs { pairs: pairs.into_iter().collect(), weights }, collections(2 * half as usize, &rows))
}
