//! Fuzzy set: from each point's nearest neighbors to one graph of membership strengths.
//!
//! McInnes, Healy, Melville 2018, section 3.1: the strength of j for i is exp(-max(0, d_ij - rho_i) / sigma_i), with rho_i
//! the distance to the nearest neighbor and sigma_i such that i's strengths sum to log2(k + 1); the two directions
//! are joined by the probabilistic union w + w' - w w', or a mix of it and the intersection w w' ([`super::weighing`]).

use super::weighing::{self, Weights};
use crate::csr::Csr;
use crate::math;
use std::ops::Range;

/// Bisection steps: enough for a sigma to the last bits.
const STEPS: usize = 64;
/// Sigma is at least this share of the mean distance, as in umap-learn.
const LEAST_SIGMA: f32 = 1e-3;

/// How strengths are found and joined.
#[derive(Clone, Copy, Debug)]
pub struct Fuzzy {
    /// How many of the nearest neighbors have strength 1 (umap-learn's 1); between whole numbers in proportion.
    pub local_connectivity: f64,
    /// The share of the union w + w' - w w'; the rest is of the intersection w w'.
    pub mix: f32,
    /// Mean distance of all neighbors.
    pub mean_of_all: f32,
}

impl Fuzzy {
    /// For the lists `nearest`.
    pub fn new(nearest: &Csr<f32>, local_connectivity: f64, mix: f32) -> Self {
        let sum = nearest.values.iter().map(|&d| f64::from(d)).sum::<f64>();
        let mean_of_all = (sum / nearest.len().max(1) as f64) as f32;
        Fuzzy { local_connectivity, mix, mean_of_all }
    }
}

/// The strengths of directed neighbor lists: `nearest` row i holds the k nearest of i (i left out) and their distances,
/// nearest first. Same shape as the input, values in (0, 1]. The nearest `local_connectivity` neighbors have strength 1.
pub fn neighbor_strengths(nearest: &Csr<f32>, local_connectivity: f64) -> Csr<f32> {
    let fuzzy = Fuzzy::new(nearest, local_connectivity, 1.0);
    Csr { values: strengths(nearest, 0..nearest.n_rows(), &fuzzy), ..nearest.clone() }
}

/// The strengths of some rows, one after the other.
pub(super) fn strengths(nearest: &Csr<f32>, rows: Range<usize>, fuzzy: &Fuzzy) -> Vec<f32> {
    let mut all = Vec::with_capacity(nearest.offsets[rows.end] - nearest.offsets[rows.start]);
    for i in rows {
        let distances = nearest.row(i).1;
        let rho = rho(distances, fuzzy.local_connectivity);
        let sigma = sigma(distances, rho, fuzzy.mean_of_all);
        all.extend(distances.iter().map(|&d| if d <= rho { 1.0 } else { math::exp(-(d - rho) / sigma) }));
    }
    all
}

/// The distance up to which neighbors are as near as can be, as umap-learn has it. Copies of a point do not count, so that
/// they are not its whole neighborhood.
fn rho(distances: &[f32], local_connectivity: f64) -> f32 {
    let apart = &distances[distances.iter().take_while(|&&d| d <= 0.0).count()..];
    let whole = local_connectivity as usize;
    let share = (local_connectivity - whole as f64) as f32;
    let at = |place: usize| apart.get(place).or(apart.last()).copied().unwrap_or(0.0);
    match whole {
        0 => share * at(0),
        _ => at(whole - 1) + share * (at(whole) - at(whole - 1)),
    }
}

/// The bandwidth at which the strengths sum to log2(k + 1): umap-learn counts the point itself among its k.
fn sigma(distances: &[f32], rho: f32, mean_of_all: f32) -> f32 {
    let target = libm::log2(distances.len() as f64 + 1.0) as f32;
    let (mut low, mut high, mut sigma) = (0.0f32, f32::INFINITY, 1.0f32);
    for _ in 0..STEPS {
        let sum: f32 =
            distances.iter().map(|&d| if d <= rho { 1.0 } else { math::exp(-(d - rho) / sigma) }).sum();
        if (sum - target).abs() < 1e-5 {
            break;
        }
        if sum > target {
            high = sigma;
            sigma = 0.5 * (low + high);
        } else {
            low = sigma;
            sigma = if high.is_finite() { 0.5 * (low + high) } else { sigma * 2.0 };
        }
    }
    let mean = distances.iter().sum::<f32>() / distances.len().max(1) as f32;
    let least = LEAST_SIGMA * if rho > 0.0 { mean } else { mean_of_all };
    sigma.max(least).max(f32::MIN_POSITIVE)
}

/// One graph of both directions: symmetric, columns rising within a row. `mix` of the union w + w' - w w' and the rest of
/// the intersection w w': 1 keeps what either end lists, 0 only what both do.
pub fn fuzzy_union(strengths: &Csr<f32>, mix: f32) -> Csr<f32> {
    weighing::join(strengths.clone(), Weights::Fuzzy(Fuzzy::new(strengths, 1.0, mix))).finish()
}

/// The a and b with which 1 / (1 + a d^2b) is nearest, in least squares, to 1 for d <= `min_dist` and
/// exp(-(d - min_dist) / spread) beyond, on 300 points from 0 to 3 `spread`. Levenberg and Marquardt.
pub fn find_ab(min_dist: f64, spread: f64) -> (f64, f64) {
    let points: Vec<(f64, f64)> = (0..300)
        .map(|i| 3.0 * spread * f64::from(i) / 299.0)
        .map(|d| (d, if d < min_dist { 1.0 } else { libm::exp(-(d - min_dist) / spread) }))
        .collect();
    let residuals = |a: f64, b: f64| {
        // J^T J (aa, ab, bb), J^T r (a, b), and the sum of squares.
        let (mut aa, mut ab, mut bb, mut ra, mut rb, mut sum) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for &(d, want) in &points {
            let power = if d > 0.0 { libm::pow(d, 2.0 * b) } else { 0.0 };
            let value = 1.0 / (1.0 + a * power);
            let (da, db) = if d > 0.0 {
                (-value * value * power, -value * value * a * power * 2.0 * libm::log(d))
            } else {
                (0.0, 0.0)
            };
            let r = want - value;
            aa += da * da;
            ab += da * db;
            bb += db * db;
            ra += da * r;
            rb += db * r;
            sum += r * r;
        }
        (aa, ab, bb, ra, rb, sum)
    };
    let (mut a, mut b, mut damping) = (1.0, 1.0, 1e-3);
    let mut now = residuals(a, b);
    for _ in 0..200 {
        let (aa, ab, bb, ra, rb, sum) = now;
        let (daa, dbb) = (aa * (1.0 + damping), bb * (1.0 + damping));
        let det = daa * dbb - ab * ab;
        let (sa, sb) = ((ra * dbb - rb * ab) / det, (rb * daa - ra * ab) / det);
        let next = residuals((a + sa).max(1e-6), (b + sb).max(1e-6));
        if next.5 < sum {
            (a, b, now) = ((a + sa).max(1e-6), (b + sb).max(1e-6), next);
            damping *= 0.3;
            if sum - next.5 < 1e-14 * sum {
                break;
            }
        } else {
            damping *= 4.0;
            if damping > 1e12 {
                break;
            }
        }
    }
    (a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// umap-learn 0.5.12: `umap.umap_.find_ab_params(spread, min_dist)`.
    #[test]
    fn ab_as_umap_learn() {
        for (min_dist, a, b) in
            [(0.0, 1.933, 0.790), (0.1, 1.577, 0.895), (0.25, 1.121, 1.058), (0.5, 0.583, 1.334)]
        {
            let ours = find_ab(min_dist, 1.0);
            assert!((ours.0 - a).abs() < 2e-3 && (ours.1 - b).abs() < 2e-3, "{min_dist}: {ours:?}");
        }
    }

    #[test]
    fn strengths_sum_to_the_target() {
        let distances = vec![0.5f32, 0.7, 0.9, 1.5, 2.0];
        let nearest = Csr { offsets: vec![0, 5], columns: vec![1, 2, 3, 4, 5], values: distances };
        let strengths = neighbor_strengths(&nearest, 1.0);
        let sum: f32 = strengths.values.iter().sum();
        assert!((sum - 6f32.log2()).abs() < 1e-4, "{sum}");
        assert_eq!(strengths.values[0], 1.0);
    }

    #[test]
    fn all_coinciding_points_are_finite() {
        let nearest = Csr { offsets: vec![0, 2, 4], columns: vec![1, 1, 0, 0], values: vec![0.0; 4] };
        assert!(neighbor_strengths(&nearest, 1.0).values.iter().all(|&w| w == 1.0));
    }

    #[test]
    fn union_is_symmetric() {
        let directed = Csr::from_triples(3, [(0, 1, 0.5f32), (1, 0, 0.5), (2, 0, 0.25)].into_iter());
        let union = fuzzy_union(&directed, 1.0);
        assert_eq!(union.row(0), (&[1u32, 2][..], &[0.75f32, 0.25][..]));
        assert_eq!(union.row(2), (&[0u32][..], &[0.25f32][..]));
    }
}
