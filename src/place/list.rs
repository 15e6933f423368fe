//! List: where a person's own collection belongs in the map.
//!
//! A list says nothing of where it is, but its items do: pick one of them by its weight, then stay there or go to one of its
//! neighbors in the data, as likely as the map's own weights say. Where that leads to is what the list stands for:
//! the sum of its items' neighborhoods. So every similarity, that of vectors and of edge lists too, serves as it is, and the scale
//! of dissimilarities does not matter.

use super::weights;
use crate::csr::Csr;
use crate::run::Map;

/// The share that stays.
const STAYS: f32 = 0.5;
/// Map points that a list's place is made of: the heaviest ones. Fewer hear less of a list, more draw it to the middle
/// (DESIGN.md).
const KEPT: usize = 50;

/// What a list stands for.
#[derive(Clone, Debug, Default)]
pub struct Taste {
    /// One row: the map points that it is placed by, and weights that sum to 1.
    pub near: Csr<f32>,
    /// The items next to it that are not on it, nearest first.
    pub suggestions: Vec<u32>,
}

/// What the `list` of map points and weights (above 0) stands for, with up to `k` suggestions. An item that stands there
/// twice has both weights; an empty list stands nowhere.
pub fn taste(map: &Map, list: &[(u32, f32)], k: usize) -> Taste {
    let mut rows = Csr::default();
    for &(item, _) in list {
        let (ids, lengths) = map.graph.row(item as usize);
        rows.push_row(ids.iter().copied().zip(lengths.iter().copied()));
    }
    let neighbors = weights(&rows, &map.recipe);
    let total: f32 = list.iter().map(|&(_, weight)| weight).sum();
    let mut sums = vec![0.0f32; map.collections.n_items()];
    let mut listed = vec![false; sums.len()];
    for (row, &(item, weight)) in list.iter().enumerate() {
        let (ids, shares) = neighbors.row(row);
        let weight = weight / total;
        sums[item as usize] += if ids.is_empty() { weight } else { STAYS * weight };
        listed[item as usize] = true;
        ids.iter().zip(shares).for_each(|(&i, share)| sums[i as usize] += (1.0 - STAYS) * weight * share);
    }
    // Heaviest first, ties by lower id: the bits of numbers above 0 order as they do.
    let key = |i: usize| u64::from(!sums[i].to_bits()) << 32 | i as u64;
    let mut keys: Vec<u64> = (0..sums.len()).filter(|&i| sums[i] > 0.0).map(key).collect();
    keys.sort_unstable();
    let mut order: Vec<u32> = keys.into_iter().map(|key| key as u32).collect();
    let suggestions = order.iter().copied().filter(|&i| !listed[i as usize]).take(k).collect();
    order.truncate(KEPT);
    let sum: f32 = order.iter().map(|&i| sums[i as usize]).sum();
    let mut near = Csr::default();
    near.push_row(order.into_iter().map(|i| (i, sums[i as usize] / sum)));
    Taste { near, suggestions }
}
