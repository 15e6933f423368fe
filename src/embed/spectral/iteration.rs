//! Iteration: the bottom eigenvectors of one connected graph, by Chebyshev-filtered subspace iteration, in steps of a piece of a
//! product each.

use super::block::{Block, Product, Smooth};
use crate::csr::Csr;
use crate::random::{Rng, Use};
use std::sync::Arc;

/// Vectors iterated beyond those wanted: they take up what the last wanted one would be mixed with.
pub(super) const GUARDS: usize = 4;
/// Rounds of filtering.
const ROUNDS: usize = 8;
/// Degree of the Chebyshev filter.
const DEGREE: usize = 12;
/// Entries of the graph that a step scales, and random numbers that it draws.
const ENTRIES: usize = 1 << 20;
const NUMBERS: usize = 1 << 17;
/// Entries of the graph that a piece of a product goes through.
const MULTIPLIED: usize = 1 << 21;

/// The iteration under way.
pub(super) struct Iteration {
    /// W, and the weights of S = D^-1/2 W D^-1/2 as far as they are known.
    graph: Arc<Csr<f32>>,
    values: Vec<f32>,
    wanted: usize,
    /// D^-1/2.
    inverse_root: Vec<f32>,
    /// The eigenvector that every connected graph has.
    trivial: Vec<f32>,
    rng: Rng,
    block: Block,
    product: Product,
    /// Of the filter: the polynomials of the last two degrees.
    now: Option<Block>,
    before: Option<Block>,
    /// Eigenvalues of (I + S) / 2 below are damped.
    cut: f32,
    round: usize,
    at: At,
}

/// What the next step does.
#[derive(Clone, Copy)]
enum At {
    /// Draws the first block.
    Draw,
    /// Scales the graph's weights.
    Scale,
    /// Goes on to this degree.
    Filter(usize),
    /// Makes this column orthonormal.
    Orthonormalize(usize),
    Image,
    Rotate,
}

impl Iteration {
    /// For the `wanted` eigenvectors after the trivial one of `graph`, which has symmetric positive weights.
    pub(super) fn new(graph: Arc<Csr<f32>>, wanted: usize, seed: u64) -> Self {
        let n = graph.n_rows();
        let width = wanted + GUARDS;
        let degree: Vec<f32> = (0..n).map(|i| graph.row(i).1.iter().sum::<f32>()).collect();
        let inverse_root = degree.iter().map(|d| 1.0 / d.max(f32::MIN_POSITIVE).sqrt()).collect();
        let norm = degree.iter().map(|&d| f64::from(d)).sum::<f64>().sqrt();
        let trivial = degree.iter().map(|d| (f64::from(d.sqrt()) / norm) as f32).collect();
        Iteration {
            values: Vec::with_capacity(graph.len()),
            graph,
            wanted,
            inverse_root,
            trivial,
            rng: Rng::stream(seed, Use::Spectral, 0),
            block: Block { width, data: Vec::with_capacity(n * width) },
            product: Product::new(MULTIPLIED),
            now: None,
            before: None,
            cut: 0.0,
            round: 0,
            at: At::Draw,
        }
    }

    /// Whether all rounds are done.
    pub(super) fn is_done(&self) -> bool {
        self.round == ROUNDS
    }

    /// The share of it that is done, from 0 to 1.
    pub(super) fn share(&self) -> f64 {
        let products = match self.at {
            At::Draw | At::Scale => 0,
            At::Filter(degree) => degree,
            _ => DEGREE,
        };
        (self.round * DEGREE + products) as f64 / (ROUNDS * DEGREE) as f64
    }

    /// Does a step.
    pub(super) fn step(&mut self) {
        self.at = match self.at {
            At::Draw => {
                let left = self.graph.n_rows() * self.block.width - self.block.data.len();
                let drawn = (0..left.min(NUMBERS)).map(|_| self.rng.normal());
                self.block.data.extend(drawn);
                if left > NUMBERS { At::Draw } else { At::Scale }
            }
            At::Scale => self.scale(),
            At::Filter(degree) => {
                if !self.filter(degree) {
                    At::Filter(degree)
                } else if degree + 1 < DEGREE {
                    At::Filter(degree + 1)
                } else {
                    self.before = None;
                    if let Some(now) = self.now.take() {
                        self.block = now;
                    }
                    At::Orthonormalize(0)
                }
            }
            At::Orthonormalize(column) => {
                self.block.orthonormalize(column, &self.trivial);
                if column + 1 < self.block.width { At::Orthonormalize(column + 1) } else { At::Image }
            }
            At::Image => {
                let smooth = Smooth { graph: &self.graph, values: &self.values };
                self.now = self.product.piece(smooth, &self.block, (0.5, 0.5), None);
                if self.now.is_some() { At::Rotate } else { At::Image }
            }
            At::Rotate => {
                if let Some(image) = self.now.take() {
                    self.cut = self.block.rotate_to_ritz_vectors(&image);
                }
                self.round += 1;
                At::Filter(0)
            }
        };
    }

    /// The next weights of S.
    fn scale(&mut self) -> At {
        let Iteration { graph, values, inverse_root, .. } = self;
        let n = graph.n_rows();
        let mut row = graph.offsets.partition_point(|&start| start <= values.len()) - 1;
        let until = values.len() + ENTRIES;
        while row < n && values.len() < until {
            let (columns, weights) = graph.row(row);
            let scaled = |(&j, &w): (&u32, &f32)| w * (inverse_root[row] * inverse_root[j as usize]);
            values.extend(columns.iter().zip(weights).map(scaled));
            row += 1;
        }
        if row < n { At::Scale } else { At::Filter(0) }
    }

    /// A piece of a product: of (I + S) / 2 in the first round, where there is no estimate yet of what to damp; then of the Chebyshev
    /// polynomial that is within [-1, 1] for eigenvalues of (I + S) / 2 in [0, cut] and grows fast above. Returns whether it is made.
    fn filter(&mut self, degree: usize) -> bool {
        let Iteration { graph, values, block, product, now, before, .. } = self;
        let smooth = Smooth { graph, values };
        let last = now.as_ref().filter(|_| degree > 0);
        let made = if self.round == 0 {
            product.piece(smooth, last.unwrap_or(block), (0.5, 0.5), None)
        } else {
            // Maps [0, cut] to [-1, 1]: t = 2 e / cut - 1 with e = (1 + s) / 2, so t = s / cut + 1 / cut - 1.
            let (a, b) = (1.0 / self.cut, 1.0 / self.cut - 1.0);
            match last {
                None => product.piece(smooth, block, (a, b), None),
                Some(now) => {
                    let minus = before.as_ref().unwrap_or(block);
                    product.piece(smooth, now, (2.0 * a, 2.0 * b), Some(minus))
                }
            }
        };
        let is_made = made.is_some();
        if let Some(made) = made {
            let old = now.replace(made);
            // In the first round nothing looks back.
            *before = old.filter(|_| self.round > 0);
        }
        is_made
    }

    /// The eigenvectors, row-major n x wanted, each of unit length. Approximate; signs are arbitrary but fixed.
    pub(super) fn finish(self) -> Vec<f32> {
        let width = self.block.width;
        self.block.data.chunks_exact(width).flat_map(|row| row[..self.wanted].to_vec()).collect()
    }
}
