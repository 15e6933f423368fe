//! Preservation: how many of an item's nearest are still its nearest on the map?
//!
//! For each point the share of its k nearest in the reference that are among its k nearest in the layout; 1 where all
//! are, about k / n by chance. The mean over points is the "neighborhood preservation" or "k-NN recall" of the field (Lee,
//! Verleysen 2009 call it Q_NX(k)). A point with fewer than k neighbors in the reference counts with those it has, and one
//! without any does not count.

use serde::Serialize;

/// The neighborhoods looked at: from the very nearest to the wider surroundings.
pub const SIZES: [usize; 3] = [5, 15, 50];
/// Place in [`SIZES`] of the size that single points are shown by.
pub const MIDDLE: usize = 1;

/// The preservation of neighborhoods of one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Preserved {
    /// The neighborhood's size.
    pub k: usize,
    /// The mean share, from 0 to 1; `None` where no point has a neighbor.
    pub share: Option<f64>,
}

/// The share for each of [`SIZES`] at one point: NaN where it has no neighbors. Both lists nearest first, the point itself in
/// neither; only the first k of each are looked at.
pub fn preserved(reference: &[u32], nearest: impl Iterator<Item = u32> + Clone) -> [f32; 3] {
    let mut kept = [0u32; 3];
    let most = SIZES[SIZES.len() - 1];
    for (place, &wanted) in reference.iter().take(most).enumerate() {
        if let Some(at) = nearest.clone().take(most).position(|id| id == wanted) {
            let farther = place.max(at);
            SIZES.iter().zip(&mut kept).for_each(|(&k, kept)| *kept += u32::from(farther < k));
        }
    }
    std::array::from_fn(|s| kept[s] as f32 / reference.len().min(SIZES[s]) as f32)
}

/// Means over points, taken in the order in which they are added.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Means {
    sums: [f64; 3],
    counts: [usize; 3],
}

impl Means {
    /// One point's shares.
    pub(super) fn add(&mut self, shares: [f32; 3]) {
        for (s, &share) in shares.iter().enumerate().filter(|(_, share)| !share.is_nan()) {
            self.sums[s] += f64::from(share);
            self.counts[s] += 1;
        }
    }

    /// Points that count.
    pub(super) fn points(&self) -> usize {
        self.counts[MIDDLE]
    }

    /// The mean shares.
    pub(super) fn finish(&self) -> [Preserved; 3] {
        std::array::from_fn(|s| Preserved {
            k: SIZES[s],
            share: (self.counts[s] > 0).then(|| self.sums[s] / self.counts[s] as f64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let shares = preserved(&[1, 2, 3, 4, 5, 6], [2, 9, 8, 7, 1, 3].into_iter());
        // Of 1..=5 there are 2 and 1 among the first five; all in all 1, 2 and 3 of six.
        assert_eq!(shares, [0.4, 0.5, 0.5]);
        assert_eq!(preserved(&[7], [1, 2, 7].into_iter()), [1.0; 3], "what there is");
        assert!(preserved(&[], [1, 2].into_iter()).iter().all(|share| share.is_nan()));
        let mut means = Means::default();
        means.add(shares);
        means.add([f32::NAN; 3]);
        assert_eq!(means.finish()[1], Preserved { k: 15, share: Some(0.5) });
        assert_eq!(Means::default().finish()[0].share, None);
    }
}
