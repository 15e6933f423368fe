//! Dissimilar pairs within parts: nothing is known about how far apart two parts of a graph are that no pair connects.
//!
//! Pairs drawn among all items, as PyMDE's, would hardly ever fall within a small part, so it would shrink to a point, and
//! drive it away from all others for as long as the run goes. Drawn within each part, in proportion to its similar pairs,
//! each part is an embedding of its own; where they stand beside each other is [`crate::pack`]'s.

use super::pairs::Drawing;
use crate::csr::Csr;
use crate::pack::Parts;

/// `fraction` times as many pairs as each part has in `similar` (sorted), drawn by
/// [`dissimilar_pairs`](super::pairs::dissimilar_pairs) within it; sorted. Of a single part the same pairs as that draws. All at once;
/// see [`Status`] for the same in steps.
pub fn within_parts(similar: &[[u32; 2]], parts: &Parts, fraction: f64, seed: u64) -> Vec<[u32; 2]> {
    let mut status = Status::new(similar, parts, fraction, seed);
    while status.step(similar) {}
    status.finish()
}

/// Items of parts that a step draws for at once, where the parts are small.
const ITEMS: usize = 1 << 12;

/// The drawing under way.
pub(super) struct Status {
    members: Csr<()>,
    fraction: f64,
    seed: u64,
    /// The similar pairs of each part, by the items' numbers within it; empty for a single part.
    inside: Vec<Vec<[u32; 2]>>,
    part: usize,
    drawing: Option<Drawing>,
    pairs: Vec<[u32; 2]>,
}

impl Status {
    /// Nothing drawn.
    pub(super) fn new(similar: &[[u32; 2]], parts: &Parts, fraction: f64, seed: u64) -> Self {
        let members = parts.members();
        let mut inside: Vec<Vec<[u32; 2]>> = Vec::new();
        if parts.count() > 1 {
            let mut place = vec![0u32; parts.of_item.len()];
            for part in 0..parts.count() {
                (0..).zip(members.row(part).0).for_each(|(p, &i)| place[i as usize] = p);
            }
            inside.resize(parts.count(), Vec::new());
            for pair in similar {
                // Members rise, so the order of the pairs stays.
                inside[parts.of_item[pair[0] as usize] as usize].push(pair.map(|i| place[i as usize]));
            }
        }
        Status { members, fraction, seed, inside, part: 0, drawing: None, pairs: Vec::new() }
    }

    /// Draws on; returns whether there is more to do. `similar` must be that of [`Status::new`].
    pub(super) fn step(&mut self, similar: &[[u32; 2]]) -> bool {
        let mut items = 0;
        while self.part < self.members.n_rows() && items < ITEMS {
            let members = self.members.row(self.part).0;
            let similar = self.inside.get(self.part).map_or(similar, Vec::as_slice);
            let drawing = self.drawing.get_or_insert_with(|| {
                let wanted = (self.fraction * similar.len() as f64).round() as usize;
                Drawing::new(members.len(), similar, wanted, self.seed)
            });
            if drawing.step(similar) {
                return true;
            }
            let drawn = std::mem::take(&mut drawing.pairs);
            self.drawing = None;
            if self.inside.is_empty() {
                self.pairs = drawn;
            } else {
                self.pairs.extend(drawn.into_iter().map(|pair| pair.map(|p| members[p as usize])));
            }
            self.part += 1;
            items += members.len();
        }
        self.part < self.members.n_rows()
    }

    /// The pairs.
    pub(super) fn finish(mut self) -> Vec<[u32; 2]> {
        if !self.inside.is_empty() {
            self.pairs.sort_unstable();
        }
        self.pairs
    }
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
