//! The order of drawing: what lies on top of what, and what is left out first.
//!
//! Slots are drawn from 0 upward, so the last is on top, and a picture with less detail draws only the last ones: no
//! buffer changes. Up to [`TOP`] points the order is that of popularity. Of more, the [`TOP`] most popular lie on
//! top in their order, and all others below them in a mixed order: whatever is drawn of them is a fair sample, dense
//! where the map is dense.

use crate::select::sorted;

/// So many points lie in the order of their popularity, above all others; fewer are never drawn to save time.
pub const TOP: usize = 32_768;

/// The ids of all items in the order of drawing. Equally popular: the lower id above.
pub fn order(popularity: &[u32]) -> Vec<u32> {
    let n = popularity.len();
    let sorted = sorted(popularity);
    // The least popularity on top, and how many that have it lie there.
    let least = sorted.get(n.saturating_sub(TOP)).copied().unwrap_or(0);
    let mut places = n.min(TOP) - (n - sorted.partition_point(|&p| p <= least));
    let (mut items, mut top) = (Vec::with_capacity(n), Vec::new());
    let bits = n.next_power_of_two().trailing_zeros().max(2);
    for id in (0..1 << bits).map(|slot| mixed(slot, bits)) {
        let Some(&p) = popularity.get(id as usize) else { continue };
        let chosen = p > least || (p == least && places > 0);
        places -= usize::from(chosen && p == least);
        if chosen {
            // To be sorted by popularity, then by falling id.
            top.push(u64::from(p) << 32 | u64::from(!id));
        } else {
            items.push(id);
        }
    }
    top.sort_unstable();
    items.extend(top.iter().map(|&key| !(key as u32)));
    items
}

/// Another order of 0..2^bits: a step back and forth for each (multiplying by an odd number and adding higher bits to
/// lower ones can be undone), which leaves no trace of the first order.
fn mixed(slot: u32, bits: u32) -> u32 {
    let mask = ((1u64 << bits) - 1) as u32;
    let mut h = slot;
    for odd in [0x85eb_ca6b, 0xc2b2_ae35, 0x9e37_79b1u32] {
        h = h.wrapping_mul(odd) & mask;
        h ^= h >> bits.div_ceil(2);
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_of_many_holds_the_popular_and_a_fair_sample() {
        let n = 4 * TOP;
        // The popular lie anywhere; the others' places are their ids, in eight stripes.
        let popularity: Vec<u32> =
            (0..n as u32).map(|id| if id % 8 == 0 { 9 + id % 64 } else { 1 }).collect();
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
