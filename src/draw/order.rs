//! The order of drawing: what lies on top of what, and what is left out first.
//!
//! Slots are drawn from 0 upward, so the last is on top, and a picture with less detail draws only the last ones: no
//! buffer changes. Up to [`TOP`] points the order is that of popularity. Of more, the [`TOP`] most popular lie on
//! top in their order, and all others below them in the order of a hash: whatever is drawn of them is a fair sample,
//! dense where the map is dense.

use std::cmp::Reverse;

/// So many points lie in the order of their popularity, above all others; fewer are never drawn to save time.
pub const TOP: usize = 32_768;

/// The ids of all items in the order of drawing. Equally popular: the lower id above.
pub fn order(popularity: &[u32]) -> Vec<u32> {
    let n = popularity.len();
    let mut items: Vec<u32> = (0..n as u32).collect();
    let rank = |&id: &u32| (popularity[id as usize], Reverse(id));
    if n <= TOP {
        items.sort_unstable_by_key(rank);
        return items;
    }
    // Among equals a hash chooses who is on top: neighbors in the file may be neighbors on the map.
    let fair = |&id: &u32| (popularity[id as usize], hash(id));
    items.select_nth_unstable_by_key(n - TOP, fair);
    items[n - TOP..].sort_unstable_by_key(rank);
    items[..n - TOP].sort_unstable_by_key(|&id| hash(id));
    items
}

/// A fair number for an id, another for each: the finalizer of MurmurHash3, which is invertible.
fn hash(id: u32) -> u32 {
    let mut h = id ^ 0x9e37_79b9;
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_of_many_holds_the_popular_and_a_fair_sample() {
        let n = 4 * TOP;
        // The popular lie anywhere; the others' places are their ids, in eight stripes.
        let popularity: Vec<u32> = (0..n as u32).map(|id| if id % 8 == 0 { 9 + id % 64 } else { 1 }).collect();
        let order = order(&popularity);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(i, &id)| i as u32 == id), "each once");
        let popular = |id: &u32| popularity[*id as usize] > 1;
        assert!(order[n - n / 8..].iter().all(popular), "the popular on top");
        assert!(order[n - n / 8..].is_sorted_by_key(|&id| popularity[id as usize]));
        let mut stripes = [0; 8];
        order[n / 2..n - TOP].iter().for_each(|&id| stripes[id as usize / (n / 8)] += 1);
        let mean = (n / 2 - TOP) / 8;
        assert!(stripes.iter().all(|&s: &usize| s.abs_diff(mean) < mean / 10), "{stripes:?} about {mean}");
    }
}
