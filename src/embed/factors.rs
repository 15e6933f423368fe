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

/// Units that progress is told in.
const STEPS: usize = 100;

/// The embedding under way.
pub struct Status {
    svd: Option<Svd>,
    dim: usize,
    width: usize,
}

/// Ready to find `dim` factors of `collections`, whose rows weigh what `options` say.
///
/// # Errors
/// As those of the pair weights in `options`.
pub fn initialize(collections: &Collections, options: &CountOptions, dim: usize) -> Result<Status> {
    let width = dim.next_multiple_of(8);
    Ok(Status { svd: Some(latent::factors(collections, options, width)?), dim, width })
}

impl Status {
    /// Steps done.
    pub fn step(&self) -> usize {
        self.svd.as_ref().map_or(STEPS, |svd| ((svd.share() * STEPS as f64) as usize).min(STEPS - 1))
    }

    /// Steps in all.
    pub fn n_steps(&self) -> usize {
        STEPS
    }

    /// Goes on until step `until`, or a little beyond; the last one writes `x`, row-major n x dim, rows of length 1.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        while self.step() < until.min(STEPS) {
            match &mut self.svd {
                Some(svd) if !svd.is_done() => svd.step(),
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
