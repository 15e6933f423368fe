//! Factors: the items' latent factors as their embedding: principal components of who has what.
//!
//! Items stand as rows over the collections, weighted by idf and of length 1, and are taken apart into their leading
//! singular vectors (latent semantic analysis; Deerwester et al. 1990): PCA without moving the mean to the origin, which would
//! make the sparse rows dense. Linear, and of all embedders here the only one without a random choice.

use super::vectors::to_unit_length;
use crate::collect::Collections;
use crate::count::CountOptions;
use crate::count::latent::{self, Svd};
use crate::error::Result;

/// The embedding under way.
pub struct Status {
    svd: Option<Svd>,
    dim: usize,
    width: usize,
    steps: usize,
}

/// Ready to find `dim` factors of `collections`, whose rows weigh what `options` say.
///
/// # Errors
/// As those of the pair weights in `options`.
pub fn initialize(collections: &Collections, options: &CountOptions, dim: usize) -> Result<Status> {
    let width = dim.next_multiple_of(8);
    Ok(Status { svd: Some(latent::factors(collections, options, width)?), dim, width, steps: 0 })
}

impl Status {
    /// Steps done.
    pub fn step(&self) -> usize {
        self.steps
    }

    /// Steps in all: one for each round, and one to finish.
    pub fn n_steps(&self) -> usize {
        Svd::ROUNDS + 1
    }

    /// Goes on until step `until`; the last one writes `x`, row-major n x dim, rows of length 1.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        while self.steps < until.min(self.n_steps()) {
            self.steps += 1;
            match &mut self.svd {
                Some(svd) if svd.round() < Svd::ROUNDS => svd.go_round(),
                _ => {
                    let factors = self.svd.take().map(Svd::finish).unwrap_or_default();
                    for (row, from) in x.chunks_exact_mut(self.dim).zip(factors.chunks_exact(self.width)) {
                        row.copy_from_slice(&from[..self.dim]);
                        to_unit_length(row);
                    }
                }
            }
        }
    }
}
