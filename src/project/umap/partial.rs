//! Partial: a new point among others that stay where they are, by UMAP (umap-learn's `transform`).
//!
//! As there, a third of the epochs at a quarter of the learning rate. But forces are their expectations, not sampled: every
//! neighbor pulls in every epoch by its strength, and all that stay push together by the mean of what random ones would. So a
//! point has one place, whatever the seed.

use super::crowd::LEAST_PLACES;
use super::force::{CLIP, Force, LANES, Lanes, sum};
use super::force_of;
use crate::project::ProjectOptions;

/// The learning rate at first: umap-learn's.
const RATE: f32 = 0.25;

/// What moves all new points.
pub struct Partial {
    force: Force,
    epochs: usize,
    negative_sample_rate: f32,
    /// Random points are drawn from so many places at least: those beyond a smaller part are empty, and push nobody.
    least_places: usize,
}

impl Partial {
    /// By the options that made the map of `n` points.
    pub fn new(options: &ProjectOptions, n: usize) -> Self {
        Partial {
            force: force_of(options),
            epochs: (options.epochs as usize / 3).max(1),
            negative_sample_rate: options.negative_sample_rate as f32,
            least_places: LEAST_PLACES.min(n),
        }
    }

    /// Epochs in all.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// Where a point comes from `here` in an epoch: pulled by `near`, places and strengths, the strongest 1, and pushed by
    /// `n` points that stand in `blocks`.
    pub fn moved(
        &self,
        here: [f32; 2],
        epoch: usize,
        near: &[([f32; 2], f32)],
        (blocks, n): (&[[Lanes; 2]], usize),
    ) -> [f32; 2] {
        let rate = RATE * (1.0 - epoch as f32 / self.epochs as f32);
        let (mut at, mut strength) = (here, 0.0);
        for (place, weight) in near {
            // [`Force::pulled`] moves by what two visits do, each moving both ends: here is one, which moves one end.
            at = self.force.pulled(at, &place.map(|v| [v; LANES]), 1, 0.5 * rate * weight);
            strength += weight;
        }
        let mut sums = [[0.0; LANES]; 2];
        for (b, block) in blocks.iter().enumerate() {
            self.force.push(&at, block, n - b * LANES, &mut sums);
        }
        let share = rate * strength * self.negative_sample_rate / n.max(self.least_places) as f32;
        // All push at once, where random ones would one after the other, each weaker than the last: together they push no
        // farther than one. Else a point that begins amid others is thrown so far that nothing pulls it back.
        std::array::from_fn(|d| at[d] + (share * sum(&sums[d])).clamp(-rate * CLIP, rate * CLIP))
    }
}
