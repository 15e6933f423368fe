//! Distortions: how the pairs of an embedding bear it, and which bear it worst: these find outliers and bad data.

use super::problem::Problem;
use serde::Serialize;

/// Bins of the histogram.
const BINS: usize = 32;
/// Pairs listed as the worst.
const WORST: usize = 20;
/// The shares of pairs that [`Distortions::quantiles`] are at.
pub const SHARES: [f64; 7] = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];

/// How the distortions of all pairs are distributed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distortions {
    /// The mean: what the embedding minimizes.
    pub average: f64,
    /// The distortions that 0, 5, 25, 50, 75, 95 and 100 % of the pairs do not exceed.
    pub quantiles: [f32; 7],
    /// Pairs in each of 32 equal bins from the smallest distortion to the largest.
    pub histogram: Vec<u32>,
    /// The 20 pairs of largest distortion, largest first.
    pub worst: Vec<Worst>,
}

/// A pair of large distortion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// The two items.
    pub pair: [u32; 2],
    /// Whether it should be near; true also for pairs whose distance is kept.
    pub similar: bool,
    /// Its distance in the embedding.
    pub distance: f32,
    /// Its distortion.
    pub distortion: f32,
}

/// The distortions of `problem` at `x`.
pub(super) fn distortions(problem: &Problem, x: &[f32]) -> Distortions {
    let (distances, values) = problem.distances_and_distortions(x);
    if values.is_empty() {
        return Distortions::default();
    }
    let average = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
    let mut sorted = values.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let quantiles = SHARES.map(|share| sorted[(share * (sorted.len() - 1) as f64).round() as usize]);
    let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
    let mut histogram = vec![0u32; BINS];
    for v in &values {
        // All alike: 0 / 0 is cut to 0.
        let bin = ((v - low) / (high - low) * BINS as f32) as usize;
        histogram[bin.min(BINS - 1)] += 1;
    }
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let larger = |&a: &u32, &b: &u32| values[b as usize].total_cmp(&values[a as usize]).then(a.cmp(&b));
    if order.len() > WORST {
        #[allow(clippy::disallowed_methods, reason = "without ties: the index decides")]
        order.select_nth_unstable_by(WORST, larger);
        order.truncate(WORST);
    }
    order.sort_unstable_by(larger);
    let worst = |&p: &u32| {
        let p = p as usize;
        let (pair, distance, distortion) = (problem.pairs[p], distances[p], values[p]);
        Worst { pair, similar: p < problem.n_similar, distance, distortion }
    };
    Distortions { average, quantiles, histogram, worst: order.iter().map(worst).collect() }
}
