//! Principal: the directions in which rows differ most.
//!
//! Randomized subspace iteration on the covariance (Halko, Martinsson, Tropp 2011): a few random directions are multiplied by
//! S^T S again and again, S being the centered rows, and kept orthonormal. Of many rows an even sample says the directions
//! well enough. O(sample dim directions) a round.

use crate::matrix::{add_product, orthonormalize};
use crate::parallel;
use crate::random::{Rng, Use};

/// Rows in a unit of parallel work.
const ROWS: usize = 64;
/// Products of numbers in a step.
const PRODUCTS: usize = 1 << 26;

/// Directions under way.
pub struct Principal {
    /// The sampled rows, centered, row-major n x `dim`.
    sample: Vec<f32>,
    dim: usize,
    /// Row-major `dim` x `wide`: the directions are the columns.
    directions: Vec<f32>,
    wide: usize,
    /// What the round has made of the directions so far, of the first `reached` rows.
    next: Vec<f32>,
    reached: usize,
    round: usize,
    rounds: usize,
}

impl Principal {
    /// Ready to find `wide` directions in `rounds` rounds, of at most `sample` of the `rows` (row-major n x `dim`).
    pub fn new(rows: &[f32], dim: usize, wide: usize, sample: usize, rounds: usize, seed: u64) -> Principal {
        let n = rows.len() / dim;
        let count = sample.min(n);
        let mut sample: Vec<f32> =
            (0..count).flat_map(|s| rows[s * n / count * dim..][..dim].iter().copied()).collect();
        let mut sums = vec![0.0f64; dim];
        for row in sample.chunks_exact(dim) {
            sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += f64::from(v));
        }
        let mean: Vec<f32> = sums.iter().map(|sum| (sum / count as f64) as f32).collect();
        for row in sample.chunks_exact_mut(dim) {
            row.iter_mut().zip(&mean).for_each(|(v, m)| *v -= m);
        }
        let directions = random_signs(dim, wide, seed);
        let next = vec![0.0; dim * wide];
        Principal { sample, dim, directions, wide, next, reached: 0, round: 0, rounds }
    }

    /// Whether the directions are found.
    pub fn is_done(&self) -> bool {
        self.round == self.rounds
    }

    /// Sampled rows in a step.
    fn at_once(&self) -> usize {
        (PRODUCTS / (self.dim * self.wide)).next_multiple_of(ROWS)
    }

    /// Does a step.
    pub fn step(&mut self) {
        let (dim, wide) = (self.dim, self.wide);
        let count = self.at_once().min(self.sample.len() / dim - self.reached);
        let rows = &self.sample[self.reached * dim..][..count * dim];
        let products = parallel::map_chunks(count, ROWS, |part| {
            let mut sums = vec![0.0f32; dim * wide];
            let mut along = vec![0.0f32; wide];
            for row in rows[part.start * dim..part.end * dim].chunks_exact(dim) {
                along.fill(0.0);
                add_product(&mut along, row, &self.directions);
                for (sums, &v) in sums.chunks_exact_mut(wide).zip(row) {
                    if v != 0.0 {
                        sums.iter_mut().zip(&along).for_each(|(sum, a)| *sum += v * a);
                    }
                }
            }
            sums
        });
        for product in products {
            self.next.iter_mut().zip(product).for_each(|(sum, p)| *sum += p);
        }
        self.reached += count;
        if self.reached * dim == self.sample.len() {
            self.directions = std::mem::replace(&mut self.next, vec![0.0; dim * wide]);
            // Twice, as the first time leaves what rounding made of nearly dependent columns.
            orthonormalize(&mut self.directions, wide);
            orthonormalize(&mut self.directions, wide);
            self.reached = 0;
            self.round += 1;
        }
    }

    /// The directions, row-major `dim` x `wide`.
    pub fn finish(self) -> Vec<f32> {
        self.directions
    }

    /// Steps in all.
    pub fn n_steps(&self) -> usize {
        self.rounds * (self.sample.len() / self.dim).div_ceil(self.at_once())
    }
}

/// Random signs, row-major `dim` x `wide`: distances along them are kept on average, but for a factor (Achlioptas 2003).
pub fn random_signs(dim: usize, wide: usize, seed: u64) -> Vec<f32> {
    let sign = |bits: u32, l: usize| if bits >> l & 1 == 0 { -1.0 } else { 1.0 };
    let row = |k: usize| {
        let mut rng = Rng::stream(seed, Use::KnnSketch, k as u64);
        let blocks = (0..wide.div_ceil(32)).map(move |b| (b, rng.bits()));
        blocks.flat_map(move |(b, bits)| (0..32.min(wide - 32 * b)).map(move |l| sign(bits, l)))
    };
    (0..dim).flat_map(row).collect()
}
