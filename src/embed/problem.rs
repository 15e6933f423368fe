//! Problem: items, pairs with signed weights, and the average distortion with its gradient.
//!
//! E(X) = 1/p sum over the p pairs of f(|x_i - x_j|), f by the pair's penalty (Agrawal, Ali, Boyd 2021, equation 2.1).
//! Two passes, both free of races: first each pair gets its factor g = f'(d) / d / p, then each item sums
//! g (x_i - x_j) over its own pairs in a fixed order. So the gradient has the same bits on any number of threads.

use super::lbfgs::Objective;
use super::penalty::{Attractive, Repulsive};
use crate::csr::Csr;
use crate::graph::NeighborPairs;
use crate::parallel;
use crate::random::{Rng, Use};

/// Pairs in a unit of parallel work.
const PAIRS: usize = 4096;
/// Items in a unit of parallel work.
const ITEMS: usize = 512;
/// Pairs whose distortions are computed side by side, in SIMD lanes.
const LANES: usize = 16;

/// A Minimum Distortion Embedding problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Number of items.
    pub n_items: usize,
    /// Coordinates of an item: 2, 3 or 4.
    pub dim: usize,
    /// The similar pairs, then the dissimilar ones.
    pub pairs: Vec<[u32; 2]>,
    /// The weight of each pair: above 0 attracts, below 0 repels; similar pairs first.
    pub weights: Vec<f32>,
    /// How many of the pairs are similar.
    pub n_similar: usize,
    /// Function of the similar pairs.
    pub attractive: Attractive,
    /// Function of the dissimilar pairs.
    pub repulsive: Repulsive,
    /// For each item, the other item and the index of each of its pairs.
    by_item: Csr<u32>,
    factors: Vec<f32>,
}

impl Problem {
    /// A problem of `similar` pairs and `dissimilar` ones of weight -1.
    pub fn new(
        n_items: usize,
        dim: usize,
        similar: NeighborPairs,
        dissimilar: &[[u32; 2]],
        attractive: Attractive,
        repulsive: Repulsive,
    ) -> Self {
        let NeighborPairs { mut pairs, mut weights } = similar;
        let n_similar = pairs.len();
        pairs.extend_from_slice(dissimilar);
        weights.resize(pairs.len(), -1.0);
        let ends = pairs.iter().enumerate().flat_map(|(p, &[i, j])| [(i, j, p as u32), (j, i, p as u32)]);
        let by_item = Csr::from_triples(n_items, ends);
        let factors = vec![0.0; pairs.len()];
        Problem { n_items, dim, pairs, weights, n_similar, attractive, repulsive, by_item, factors }
    }

    /// The distortion of every pair at `x` (row-major, n_items x dim), in the order of `pairs`.
    pub fn distortions(&self, x: &[f32]) -> Vec<f32> {
        let distance = |&[i, j]: &[u32; 2]| {
            let at = |i: u32| &x[i as usize * self.dim..][..self.dim];
            at(i).iter().zip(at(j)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
        };
        let value = |(p, pair): (usize, &[u32; 2])| {
            let d = distance(pair);
            let f = if p < self.n_similar { self.attractive.of(d).0 } else { self.repulsive.of(d).0 };
            f * self.weights[p].abs()
        };
        self.pairs.iter().enumerate().map(value).collect()
    }

    fn evaluate<const D: usize>(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
        let (points, _) = x.as_chunks::<D>();
        let (near, far) = self.factors.split_at_mut(self.n_similar);
        let (pairs, weights) = (&self.pairs, &self.weights);
        let (near_pairs, far_pairs) = pairs.split_at(self.n_similar);
        let (near_weights, far_weights) = weights.split_at(self.n_similar);
        let scale = 1.0 / pairs.len().max(1) as f32;
        // One loop for each function, so that each is free of branches.
        let attracted = match self.attractive {
            Attractive::Log1p => {
                factors(points, near_pairs, near_weights, scale, near, |d| Attractive::Log1p.of(d))
            }
            Attractive::Linear => {
                factors(points, near_pairs, near_weights, scale, near, |d| Attractive::Linear.of(d))
            }
            Attractive::Quadratic => {
                factors(points, near_pairs, near_weights, scale, near, |d| Attractive::Quadratic.of(d))
            }
        };
        let repelled = match self.repulsive {
            Repulsive::Log => factors(points, far_pairs, far_weights, scale, far, |d| Repulsive::Log.of(d)),
        };
        let (by_item, factors) = (&self.by_item, &self.factors);
        parallel::for_each_part(gradient, ITEMS * D, |start, part| {
            for (k, out) in part.as_chunks_mut::<D>().0.iter_mut().enumerate() {
                let item = start / D + k;
                let (others, of_pair) = by_item.row(item);
                let here = points[item];
                let mut sum = [0.0f32; D];
                for (&other, &p) in others.iter().zip(of_pair) {
                    let (there, g) = (points[other as usize], factors[p as usize]);
                    for d in 0..D {
                        sum[d] += g * (here[d] - there[d]);
                    }
                }
                *out = sum;
            }
        });
        (attracted + repelled) / pairs.len().max(1) as f64
    }
}

impl Objective for Problem {
    fn value_and_gradient(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
        match self.dim {
            2 => self.evaluate::<2>(x, gradient),
            3 => self.evaluate::<3>(x, gradient),
            _ => self.evaluate::<4>(x, gradient),
        }
    }
}

/// Writes g = |w| f'(d) / d * `scale` of each pair; returns the sum of |w| f(d).
fn factors<const D: usize>(
    points: &[[f32; D]],
    pairs: &[[u32; 2]],
    weights: &[f32],
    scale: f32,
    out: &mut [f32],
    f: impl Fn(f32) -> (f32, f32) + Sync,
) -> f64 {
    let sums = parallel::map_parts(out, PAIRS, |start, part| {
        let mut total = 0.0f64;
        for (b, block) in part.chunks_mut(LANES).enumerate() {
            let first = start + b * LANES;
            let mut distance = [0.0f32; LANES];
            let mut weight = [0.0f32; LANES];
            for (l, &[i, j]) in pairs[first..first + block.len()].iter().enumerate() {
                let (a, b) = (points[i as usize], points[j as usize]);
                for d in 0..D {
                    distance[l] += (a[d] - b[d]) * (a[d] - b[d]);
                }
                weight[l] = weights[first + l].abs();
            }
            let (mut value, mut factor) = ([0.0f32; LANES], [0.0f32; LANES]);
            for l in 0..LANES {
                let (v, g) = f(distance[l].sqrt());
                value[l] = v * weight[l];
                factor[l] = g * weight[l] * scale;
            }
            block.copy_from_slice(&factor[..block.len()]);
            // Unused lanes have weight 0.
            total += f64::from(value.iter().sum::<f32>());
        }
        total
    });
    sums.iter().sum()
}

/// `count` different pairs i < j, uniform among those not in `similar` (sorted), themselves sorted; fewer when there are
/// not so many. Drawn once, as PyMDE does.
pub fn dissimilar_pairs(n_items: usize, similar: &[[u32; 2]], count: usize, seed: u64) -> Vec<[u32; 2]> {
    let n = n_items as u32;
    // 64 bits: from 65,537 items on the product does not fit the 32 of wasm.
    let all = n_items as u64 * n_items.saturating_sub(1) as u64 / 2;
    let left = all - similar.len() as u64;
    let mut rng = Rng::stream(seed, Use::DissimilarPairs, 0);
    let is_similar = |pair: &[u32; 2]| similar.binary_search(pair).is_ok();
    if count as u64 >= left / 2 {
        // Most pairs are wanted, so n is small: list the rest and take a random part of it (Fisher and Yates).
        let mut rest: Vec<_> =
            (0..n).flat_map(|i| (i + 1..n).map(move |j| [i, j])).filter(|p| !is_similar(p)).collect();
        let count = count.min(rest.len());
        for i in 0..count {
            let j = i + rng.below((rest.len() - i) as u32) as usize;
            rest.swap(i, j);
        }
        rest.truncate(count);
        rest.sort_unstable();
        return rest;
    }
    let mut pairs: Vec<[u32; 2]> = Vec::with_capacity(count);
    while pairs.len() < count {
        for _ in pairs.len()..count {
            let (i, j) = (rng.below(n), rng.below(n));
            let pair = [i.min(j), i.max(j)];
            if i != j && !is_similar(&pair) {
                pairs.push(pair);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
    pairs
}
