//! Problem: items, pairs with signed weights or deviations, and the average distortion with its gradient.
//!
//! E(X) = 1/p sum over the p pairs of f(|x_i - x_j|), f by the pair's function (Agrawal, Ali, Boyd 2021, equation 2.1).
//! Two passes, both free of races: first each pair gets its factor g = f'(d) / d / p, then each item sums
//! g (x_i - x_j) over its own pairs in a fixed order. So the gradient has the same bits on any number of threads.
//!
//! Both passes know the dimensions 2 to 4 at compile time and take any other in a general loop. The first pass has a
//! loop of its own for the two default penalties; all other functions go block by block through [`Function::lanes`].

use super::constraint::Constraint;
use super::lbfgs::Objective;
use super::loss::Loss;
use super::penalty::{self, LANES, Lanes, Penalty};
use crate::csr::Csr;
use crate::graph::NeighborPairs;
use crate::parallel;

/// Pairs in a unit of parallel work.
const PAIRS: usize = 4096;
/// Items in a unit of parallel work.
const ITEMS: usize = 512;

/// The distortion of a pair: of its distance and its number, which is a weight or a deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// |w| times the penalty for w > 0.
    Attract(Penalty),
    /// |w| times the penalty for w < 0.
    Repel(Penalty),
    /// The loss; the pair's number is its deviation.
    Keep(Loss),
}

impl Function {
    /// f(d) and f'(d) / d of each lane, where `number` is the weight or the deviation.
    pub fn lanes(self, d: &Lanes, number: &Lanes, value: &mut Lanes, factor: &mut Lanes) {
        match self {
            Function::Attract(penalty) => penalty.lanes(true, d, value, factor),
            Function::Repel(penalty) => penalty.lanes(false, d, value, factor),
            Function::Keep(loss) => return loss.lanes(d, number, value, factor),
        }
        for l in 0..LANES {
            value[l] *= number[l].abs();
            factor[l] *= number[l].abs();
        }
    }
}

/// A Minimum Distortion Embedding problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Number of items.
    pub n_items: usize,
    /// Coordinates of an item, 1 or more.
    pub dim: usize,
    /// The similar pairs, then the dissimilar ones; or those whose distances are kept.
    pub pairs: Vec<[u32; 2]>,
    /// The weight of each pair, above 0 attracts, below 0 repels, similar pairs first; or its deviation.
    pub weights: Vec<f32>,
    /// How many of the pairs are similar.
    pub n_similar: usize,
    /// Function of the first `n_similar` pairs.
    pub near: Function,
    /// Function of the others.
    pub far: Function,
    /// What keeps the embedding in place.
    pub constraint: Constraint,
    /// For each item, the other item and the index of each of its pairs.
    by_item: Csr<u32>,
    factors: Vec<f32>,
}

impl Problem {
    /// A centered problem of `similar` pairs and `dissimilar` ones of weight -1: PyMDE's `PushAndPull`.
    pub fn new(
        n_items: usize,
        dim: usize,
        similar: NeighborPairs,
        dissimilar: &[[u32; 2]],
        attractive: Penalty,
        repulsive: Penalty,
    ) -> Self {
        let NeighborPairs { mut pairs, mut weights } = similar;
        let n_similar = pairs.len();
        pairs.extend_from_slice(dissimilar);
        weights.resize(pairs.len(), -1.0);
        Self::of_pairs(
            n_items,
            dim,
            pairs,
            weights,
            (n_similar, Function::Attract(attractive), Function::Repel(repulsive)),
        )
    }

    /// A centered problem of `pairs` at the distances `deviations`.
    pub fn with_deviations(
        n_items: usize,
        dim: usize,
        pairs: Vec<[u32; 2]>,
        deviations: Vec<f32>,
        loss: Loss,
    ) -> Self {
        let function = Function::Keep(loss);
        let n = pairs.len();
        Self::of_pairs(n_items, dim, pairs, deviations, (n, function, function))
    }

    fn of_pairs(
        n_items: usize,
        dim: usize,
        pairs: Vec<[u32; 2]>,
        weights: Vec<f32>,
        (n_similar, near, far): (usize, Function, Function),
    ) -> Self {
        let ends = pairs.iter().enumerate().flat_map(|(p, &[i, j])| [(i, j, p as u32), (j, i, p as u32)]);
        let by_item = Csr::from_triples(n_items, ends);
        let factors = vec![0.0; pairs.len()];
        let constraint = Constraint::Centered;
        Problem { n_items, dim, pairs, weights, n_similar, near, far, constraint, by_item, factors }
    }

    /// The distance and the distortion of every pair at `x` (row-major, n_items x dim), in the order of `pairs`.
    pub fn distances_and_distortions(&self, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let parts = parallel::map_chunks(self.pairs.len(), PAIRS, |range| {
            let mut both = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
            let mut at = range.start;
            while at < range.end {
                let near = at < self.n_similar;
                // A block has one function.
                let end = range.end.min(at + LANES).min(if near { self.n_similar } else { usize::MAX });
                let function = if near { self.near } else { self.far };
                let (d, value, _) = self.block(x, at..end, function);
                both.0.extend_from_slice(&d[..end - at]);
                both.1.extend_from_slice(&value[..end - at]);
                at = end;
            }
            both
        });
        let mut all = (Vec::with_capacity(self.pairs.len()), Vec::with_capacity(self.pairs.len()));
        for (distances, distortions) in parts {
            all.0.extend(distances);
            all.1.extend(distortions);
        }
        all
    }

    /// The distortion of every pair at `x`, in the order of `pairs`.
    pub fn distortions(&self, x: &[f32]) -> Vec<f32> {
        self.distances_and_distortions(x).1
    }

    /// Distance, f(d) and f'(d) / d of up to [`LANES`] pairs. What unused lanes hold means nothing.
    fn block(&self, x: &[f32], pairs: std::ops::Range<usize>, function: Function) -> (Lanes, Lanes, Lanes) {
        // 1 in unused lanes: a distance and a deviation that no function minds.
        let (mut d, mut number) = ([1.0; LANES], [1.0; LANES]);
        for (l, &[i, j]) in self.pairs[pairs.clone()].iter().enumerate() {
            let at = |i: u32| &x[i as usize * self.dim..][..self.dim];
            d[l] = squared_distance(at(i), at(j));
        }
        number[..pairs.len()].copy_from_slice(&self.weights[pairs]);
        d.iter_mut().for_each(|d| *d = d.sqrt());
        let (mut value, mut factor) = ([0.0; LANES], [0.0; LANES]);
        function.lanes(&d, &number, &mut value, &mut factor);
        (d, value, factor)
    }

    /// Writes the factors of the pairs from `first` on, all of one function; returns the sum of f(d).
    fn factors_of(&self, x: &[f32], first: usize, function: Function, out: &mut [f32]) -> f64 {
        let scale = 1.0 / self.pairs.len().max(1) as f32;
        let sums = parallel::map_parts(out, PAIRS, |start, part| {
            let mut total = 0.0f64;
            for (b, out) in part.chunks_mut(LANES).enumerate() {
                let from = first + start + b * LANES;
                let (_, value, factor) = self.block(x, from..from + out.len(), function);
                out.iter_mut().zip(factor).for_each(|(out, factor)| *out = factor * scale);
                total += f64::from(value[..out.len()].iter().sum::<f32>());
            }
            total
        });
        sums.iter().sum()
    }

    /// The default penalties by loops of their own, the others block by block.
    fn factors(&self, x: &[f32], first: usize, function: Function, out: &mut [f32]) -> f64 {
        let range = first..first + out.len();
        let (pairs, weights) = (&self.pairs[range.clone()], &self.weights[range]);
        let scale = 1.0 / self.pairs.len().max(1) as f32;
        match (function, self.dim) {
            (Function::Attract(Penalty::LOG1P), 2) => {
                factors::<2>(x, pairs, weights, scale, out, penalty::log1p)
            }
            (Function::Attract(Penalty::LOG1P), 3) => {
                factors::<3>(x, pairs, weights, scale, out, penalty::log1p)
            }
            (Function::Attract(Penalty::LOG1P), 4) => {
                factors::<4>(x, pairs, weights, scale, out, penalty::log1p)
            }
            (Function::Repel(Penalty::LOG), 2) => {
                factors::<2>(x, pairs, weights, scale, out, penalty::minus_log)
            }
            (Function::Repel(Penalty::LOG), 3) => {
                factors::<3>(x, pairs, weights, scale, out, penalty::minus_log)
            }
            (Function::Repel(Penalty::LOG), 4) => {
                factors::<4>(x, pairs, weights, scale, out, penalty::minus_log)
            }
            _ => self.factors_of(x, first, function, out),
        }
    }

    /// As the objective, by the general loops, whatever the function and the dimension: their twin in tests.
    pub fn value_and_gradient_by_general_loops(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
        let mut factors = std::mem::take(&mut self.factors);
        let (near, far) = factors.split_at_mut(self.n_similar);
        let sum = self.factors_of(x, 0, self.near, near) + self.factors_of(x, self.n_similar, self.far, far);
        self.factors = factors;
        gather_any(&self.by_item, &self.factors, self.dim, x, gradient);
        self.constraint.project_gradient(x, gradient, self.dim);
        sum / self.pairs.len().max(1) as f64
    }
}

impl Objective for Problem {
    fn value_and_gradient(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
        let mut factors = std::mem::take(&mut self.factors);
        let (near, far) = factors.split_at_mut(self.n_similar);
        let sum = self.factors(x, 0, self.near, near) + self.factors(x, self.n_similar, self.far, far);
        self.factors = factors;
        match self.dim {
            2 => gather::<2>(&self.by_item, &self.factors, x, gradient),
            3 => gather::<3>(&self.by_item, &self.factors, x, gradient),
            4 => gather::<4>(&self.by_item, &self.factors, x, gradient),
            dim => gather_any(&self.by_item, &self.factors, dim, x, gradient),
        }
        self.constraint.project_gradient(x, gradient, self.dim);
        sum / self.pairs.len().max(1) as f64
    }

    fn retract(&self, x: &mut [f32]) {
        self.constraint.retract(x, self.dim);
    }
}

/// |a - b|^2; from 8 coordinates on in 8 lanes.
fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in a8.zip(b8) {
        for l in 0..8 {
            lanes[l] += (a[l] - b[l]) * (a[l] - b[l]);
        }
    }
    if a.len() < 8 { rest } else { lanes.iter().sum::<f32>() + rest }
}

/// Writes g = |w| f'(d) / d * `scale` of each pair; returns the sum of |w| f(d).
fn factors<const D: usize>(
    x: &[f32],
    pairs: &[[u32; 2]],
    weights: &[f32],
    scale: f32,
    out: &mut [f32],
    f: impl Fn(f32) -> (f32, f32) + Sync,
) -> f64 {
    let (points, _) = x.as_chunks::<D>();
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

/// The gradient: each item's sum of g (x_i - x_j) over its pairs, in the order of `by_item`.
fn gather<const D: usize>(by_item: &Csr<u32>, factors: &[f32], x: &[f32], gradient: &mut [f32]) {
    let (points, _) = x.as_chunks::<D>();
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
}

/// As [`gather`], for any dimension.
fn gather_any(by_item: &Csr<u32>, factors: &[f32], dim: usize, x: &[f32], gradient: &mut [f32]) {
    parallel::for_each_part(gradient, ITEMS * dim, |start, part| {
        for (k, out) in part.chunks_exact_mut(dim).enumerate() {
            let item = start / dim + k;
            let (others, of_pair) = by_item.row(item);
            let here = &x[item * dim..][..dim];
            out.fill(0.0);
            for (&other, &p) in others.iter().zip(of_pair) {
                let (there, g) = (&x[other as usize * dim..][..dim], factors[p as usize]);
                for ((out, &here), &there) in out.iter_mut().zip(here).zip(there) {
                    *out += g * (here - there);
                }
            }
        }
    });
}
