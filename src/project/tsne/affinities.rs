//! Affinities: from each point's nearest neighbors to one distribution over pairs (van der Maaten, Hinton 2008, section 2).
//!
//! The probability that i picks j as its neighbor is Gaussian, p(j|i) ~ exp(-b_i d_ij^2), with b_i such that i's picks have
//! the wanted perplexity: 2 to their entropy in bits. Several perplexities give the mean of their probabilities
//! (Kobak, Berens 2019). Both directions together are P = (p(j|i) + p(i|j)) / 2n.

use crate::csr::Csr;
use crate::math;
use crate::project::weighing::{self, Weights};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Bisection steps: enough for the precision of the entropy.
const STEPS: usize = 64;
/// Difference of the entropy (in nats) from the wanted one that is good enough.
const TOLERANCE: f32 = 1e-5;
/// Neighbors listed for each that counts: the Gaussian is next to nothing beyond (van der Maaten 2014).
const LISTED: f64 = 3.0;

/// The effective number of neighbors, or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Perplexity {
    /// The same for every point.
    One(f64),
    /// The affinities of all, averaged.
    Several(Vec<f64>),
}

impl Perplexity {
    /// All of them.
    pub fn values(&self) -> &[f64] {
        match self {
            Perplexity::One(one) => std::slice::from_ref(one),
            Perplexity::Several(all) => all,
        }
    }

    /// Three times the largest.
    pub fn wanted_neighbors(&self) -> usize {
        self.values().iter().fold(0, |most, p| most.max((LISTED * p).ceil() as usize))
    }

    /// 1 to 8 numbers from 2 to 300.
    pub(crate) fn is_legal(&self) -> bool {
        (1..=8).contains(&self.values().len()) && self.values().iter().all(|p| (2.0..=300.0).contains(p))
    }
}

impl fmt::Display for Perplexity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.values().iter().map(f64::to_string).collect();
        f.write_str(&all.join(", "))
    }
}

/// The affinities P of directed neighbor lists: `nearest` row i holds the nearest of i (i left out) and their distances,
/// nearest first. Symmetric to the bit, columns rising within a row, all values together 1.
///
/// Where a list is shorter than three times a perplexity, a third of its length takes the perplexity's place, as in
/// openTSNE.
pub fn affinities(nearest: &Csr<f32>, perplexity: &Perplexity) -> Csr<f32> {
    weighing::initialize(nearest.clone(), Weights::Affinities(perplexity.clone())).finish()
}

/// p(j|i) of some rows of `nearest`, one after the other: rows sum to 1, or are empty.
pub(crate) fn conditional_rows(nearest: &Csr<f32>, rows: Range<usize>, perplexity: &Perplexity) -> Vec<f32> {
    let share = 1.0 / perplexity.values().len().max(1) as f32;
    let mut out = vec![0.0; nearest.offsets[rows.end] - nearest.offsets[rows.start]];
    let (mut squared, mut weights) = (Vec::new(), Vec::new());
    let mut rest = &mut out[..];
    for i in rows {
        let distances = nearest.row(i).1;
        let (row, after) = rest.split_at_mut(distances.len());
        rest = after;
        // In units of the mean distance, above the nearest: neither overflow nor underflow, whatever the data's scale.
        let mean = distances.iter().sum::<f32>() / distances.len() as f32;
        let unit = if mean > 0.0 { mean.recip() } else { 0.0 };
        let unit = if unit.is_finite() { unit } else { 0.0 };
        let nearest = distances.first().map_or(0.0, |d| d * unit);
        squared.clear();
        squared.extend(distances.iter().map(|d| (d * unit) * (d * unit) - nearest * nearest));
        for &perplexity in perplexity.values() {
            let perplexity = perplexity.min(distances.len() as f64 / LISTED).max(1.0);
            let sum = gaussian(&squared, perplexity, &mut weights);
            for (p, w) in row.iter_mut().zip(&weights) {
                *p += share * w / sum;
            }
        }
    }
    out
}

/// Leaves exp(-b d^2) in `weights`, with b such that they have the `perplexity`, and returns their sum.
/// `squared` are the d^2, least 0 and first.
fn gaussian(squared: &[f32], perplexity: f64, weights: &mut Vec<f32>) -> f32 {
    let target = libm::log(perplexity) as f32;
    let (mut low, mut high, mut b) = (0.0f32, f32::INFINITY, 1.0f32);
    let mut sum = 0.0;
    for _ in 0..STEPS {
        weights.clear();
        weights.extend(squared.iter().map(|d| math::exp(-b * d)));
        sum = weights.iter().sum::<f32>();
        let mean = weights.iter().zip(squared).map(|(w, d)| w * d).sum::<f32>() / sum;
        let entropy = math::ln(sum) + b * mean;
        if (entropy - target).abs() < TOLERANCE {
            break;
        }
        if entropy > target {
            low = b;
            b = if high.is_finite() { 0.5 * (low + high) } else { b * 2.0 };
        } else {
            high = b;
            b = 0.5 * (low + high);
        }
        // Neighbors that are equally near cannot be told apart by any b.
        if !(1e-30..=1e30).contains(&b) {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(distances: &[f32]) -> Csr<f32> {
        let n = distances.len();
        Csr { offsets: vec![0, n], columns: (1..=n as u32).collect(), values: distances.to_vec() }
    }

    fn conditional(nearest: &Csr<f32>, perplexity: &Perplexity) -> Vec<f32> {
        conditional_rows(nearest, 0..nearest.n_rows(), perplexity)
    }

    fn perplexity_of(p: &[f32]) -> f64 {
        libm::exp(p.iter().filter(|&&p| p > 0.0).map(|&p| -f64::from(p) * libm::log(f64::from(p))).sum())
    }

    #[test]
    fn rows_have_the_perplexity_at_any_scale() {
        for scale in [1e-30f32, 1e-3, 1.0, 1e12] {
            let distances: Vec<f32> = (0..60).map(|i| scale * (1.0 + (i as f32).sqrt())).collect();
            let p = conditional(&row(&distances), &Perplexity::One(12.0));
            assert!((perplexity_of(&p) - 12.0).abs() < 1e-2, "{scale}: {}", perplexity_of(&p));
            assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(p.windows(2).all(|w| w[0] >= w[1]), "farther is not likelier");
        }
    }

    #[test]
    fn several_perplexities_are_averaged() {
        let distances: Vec<f32> = (0..90).map(|i| 0.5 + i as f32 * 0.01).collect();
        let one = |p| conditional(&row(&distances), &Perplexity::One(p));
        let both = conditional(&row(&distances), &Perplexity::Several(vec![5.0, 30.0]));
        for ((a, b), c) in one(5.0).iter().zip(one(30.0)).zip(both) {
            assert!((0.5 * (a + b) - c).abs() < 1e-6);
        }
    }

    #[test]
    fn ties_and_short_lists_are_finite() {
        for distances in [
            &[0.0f32, 0.0, 0.0][..],
            &[0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
            &[2.0],
            &[1e-40, 2e-40],
            &[3.0; 9],
            &[],
        ] {
            let p = conditional(&row(distances), &Perplexity::One(30.0));
            assert!(p.iter().all(|p| p.is_finite()), "{distances:?}: {p:?}");
            assert!(p.is_empty() || (p.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{distances:?}: {p:?}");
        }
    }

    #[test]
    fn symmetric_and_one_in_all() {
        let lists = Csr::from_triples(
            3,
            [(0, 1, 0.5f32), (0, 2, 1.0), (1, 2, 0.25), (2, 1, 0.25), (2, 0, 1.0)].into_iter(),
        );
        let p = affinities(&lists, &Perplexity::One(2.0));
        assert!((p.values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(p.transpose(3), p, "to the bit");
        assert!((0..3).all(|i| p.row(i).0.windows(2).all(|w| w[0] < w[1])));
    }
}
