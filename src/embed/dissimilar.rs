//! Dissimilar pairs within parts: nothing is known about how far apart two parts of a graph are that no pair connects.
//!
//! Pairs drawn among all items, as PyMDE's, would hardly ever fall within a small part, so it would shrink to a point, and
//! drive it away from all others for as long as the run goes. Drawn within each part, in proportion to its similar pairs,
//! each part is an embedding of its own; where they stand beside each other is [`crate::pack`]'s.

use super::pairs::dissimilar_pairs;
use crate::pack::Parts;

/// `fraction` times as many pairs as each part has in `similar` (sorted), drawn by [`dissimilar_pairs`] within it; sorted.
/// Of a single part the same pairs as that draws.
pub fn within_parts(similar: &[[u32; 2]], parts: &Parts, fraction: f64, seed: u64) -> Vec<[u32; 2]> {
    let wanted = |n_similar: usize| (fraction * n_similar as f64).round() as usize;
    if parts.count() < 2 {
        return dissimilar_pairs(parts.of_item.len(), similar, wanted(similar.len()), seed);
    }
    let members = parts.members();
    let mut place = vec![0u32; parts.of_item.len()];
    for part in 0..parts.count() {
        (0..).zip(members.row(part).0).for_each(|(p, &i)| place[i as usize] = p);
    }
    let mut inside: Vec<Vec<[u32; 2]>> = vec![Vec::new(); parts.count()];
    for pair in similar {
        // Members rise, so the order of the pairs stays.
        inside[parts.of_item[pair[0] as usize] as usize].push(pair.map(|i| place[i as usize]));
    }
    let mut pairs = Vec::new();
    for (part, similar) in inside.iter().enumerate() {
        let items = members.row(part).0;
        let drawn = dissimilar_pairs(items.len(), similar, wanted(similar.len()), seed);
        pairs.extend(drawn.into_iter().map(|pair| pair.map(|p| items[p as usize])));
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stay_within_their_part() {
        // Two paths and a single item, their ids mixed.
        let of_item: Vec<u32> = (0..28).map(|i| [0, 0, 0, 1][i % 4]).collect();
        let mut parts = Parts { of_item, sizes: vec![21, 7] };
        parts.of_item[27] = 2;
        parts.sizes = vec![21, 6, 1];
        let items = parts.members();
        let ring = items.row(0).0.windows(2).map(|w| [w[0], w[1]]);
        let mut similar: Vec<[u32; 2]> =
            ring.chain(items.row(1).0.windows(2).map(|w| [w[0], w[1]])).collect();
        similar.sort_unstable();
        let pairs = within_parts(&similar, &parts, 1.0, 7);
        assert!(pairs.windows(2).all(|w| w[0] < w[1]));
        let within = |part: u32| {
            pairs.iter().filter(|pair| pair.map(|i| parts.of_item[i as usize]) == [part; 2]).count()
        };
        assert_eq!([within(0), within(1), pairs.len()], [20, 5, 25]);
        assert!(pairs.iter().all(|pair| similar.binary_search(pair).is_err()));
    }
}
