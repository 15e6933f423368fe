//! Embed: places the items in a few dimensions, near pairs near, far pairs apart (Minimum Distortion Embedding).
//!
//! [`initialize`] makes the problem and the start; [`Status::run`] goes on to a given iteration, so that the caller can
//! show frames, pause and cancel. The coordinates belong to the caller: row-major, n_items x dim.

pub mod dissimilar;
pub mod lbfgs;
pub mod penalty;
pub mod problem;
pub mod spectral;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::{NeighborPairs, connected_components};
use crate::pack::Parts;
use crate::random::{Rng, Use};
use lbfgs::{Lbfgs, Outcome};
pub use penalty::{Attractive, Repulsive};
pub use problem::Problem;
use serde::{Deserialize, Serialize};

/// Where the items stand at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Start {
    /// Independent standard normals.
    Random,
    /// The bottom eigenvectors of the pairs' Laplacian: PyMDE's `quadratic`, by an iteration that cannot stall.
    Spectral,
}

/// What keeps the embedding in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Constraint {
    /// The mean is at the origin.
    Centered,
}

/// How the embedding is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EmbedOptions {
    /// Dimensions: 2, 3 or 4. Default 3.
    pub dim: u32,
    /// Where the items stand at first. Default `spectral`.
    pub start: Start,
    /// Penalty of similar pairs. Default `log1p`.
    pub attractive: Attractive,
    /// Penalty of dissimilar pairs. Default `log`.
    pub repulsive: Repulsive,
    /// Default `centered`.
    pub constraint: Constraint,
    /// Dissimilar pairs for each similar one, from 0.01 to 20. Larger values spread the items more. Default 1.
    pub repulsive_fraction: f64,
    /// Most iterations of L-BFGS, from 0 to 10,000. Default 500.
    pub max_iterations: u32,
    /// Stops when the gradient's Euclidean norm is at most this; 0 or more. Default 1e-5.
    pub tolerance: f64,
    /// Stops when the average distortion fell by less than this share of itself in the last 20 iterations; from 0 (never)
    /// to 1. Default 0.001.
    pub min_decrease: f64,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        EmbedOptions {
            dim: 3,
            start: Start::Spectral,
            attractive: Attractive::Log1p,
            repulsive: Repulsive::Log,
            constraint: Constraint::Centered,
            repulsive_fraction: 1.0,
            max_iterations: 500,
            tolerance: 1e-5,
            min_decrease: 1e-3,
        }
    }
}

impl EmbedOptions {
    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        let fail =
            |option, value, legal| Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }));
        if !(2..=4).contains(&self.dim) {
            return fail("embed.dim", self.dim.to_string(), "2, 3 or 4");
        }
        if !(0.01..=20.0).contains(&self.repulsive_fraction) {
            return fail("embed.repulsiveFraction", self.repulsive_fraction.to_string(), "from 0.01 to 20");
        }
        if self.max_iterations > 10_000 {
            return fail("embed.maxIterations", self.max_iterations.to_string(), "from 0 to 10000");
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return fail("embed.tolerance", self.tolerance.to_string(), "0 or a number above");
        }
        if !(0.0..=1.0).contains(&self.min_decrease) {
            return fail("embed.minDecrease", self.min_decrease.to_string(), "from 0 to 1");
        }
        Ok(())
    }
}

/// Over how many iterations the decrease is judged.
const WINDOW: usize = 20;

/// The embedding under way.
pub struct Status {
    /// The problem that is solved.
    pub problem: Problem,
    options: EmbedOptions,
    solver: Lbfgs,
    /// The average distortion after each iteration, the start's first.
    pub average_distortions: Vec<f64>,
    finished: bool,
}

/// The problem of `similar` pairs among `n_items`, and its start.
///
/// Returns the coordinates (row-major, n_items x dim) and the status, no iteration done.
pub fn initialize(
    n_items: usize,
    similar: NeighborPairs,
    options: &EmbedOptions,
    seed: u64,
) -> Result<(Vec<f32>, Status)> {
    options.check()?;
    let dim = options.dim as usize;
    let (of_item, sizes) = connected_components(n_items, &similar.pairs);
    let parts = Parts { of_item, sizes };
    let dissimilar = dissimilar::within_parts(&similar.pairs, &parts, options.repulsive_fraction, seed);
    let mut x = match options.start {
        Start::Random => {
            let mut rng = Rng::stream(seed, Use::EmbedStart, 0);
            (0..n_items * dim).map(|_| rng.normal()).collect()
        }
        Start::Spectral => spectral::start(n_items, dim, &similar, seed),
    };
    center(&mut x, dim);
    let problem = Problem::new(n_items, dim, similar, &dissimilar, options.attractive, options.repulsive);
    let status = Status::new(problem, &x, options);
    Ok((x, status))
}

impl Status {
    /// At the start `x` of a problem made elsewhere.
    pub fn new(mut problem: Problem, x: &[f32], options: &EmbedOptions) -> Self {
        let solver = Lbfgs::new(x, &mut problem);
        let average_distortions = vec![solver.value];
        Status { problem, options: options.clone(), solver, average_distortions, finished: false }
    }

    /// Iterations done.
    pub fn iteration(&self) -> usize {
        self.average_distortions.len() - 1
    }

    /// Most iterations.
    pub fn max_iterations(&self) -> usize {
        self.options.max_iterations as usize
    }

    /// The average distortion now.
    pub fn average_distortion(&self) -> f64 {
        self.solver.value
    }

    /// The Euclidean norm of the gradient now.
    pub fn gradient_norm(&self) -> f64 {
        self.solver.gradient_norm
    }

    /// Whether it has stopped: by a criterion of the options, or because no step leads lower.
    pub fn is_finished(&self) -> bool {
        self.finished || self.iteration() >= self.max_iterations()
    }

    /// Goes on until iteration `until`, or until it stops. `x` must be the coordinates as they were left.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        while self.iteration() < until && !self.is_finished() {
            if self.solver.gradient_norm <= self.options.tolerance {
                self.finished = true;
                break;
            }
            if self.solver.iterate(x, &mut self.problem) == Outcome::Stuck {
                self.finished = true;
                break;
            }
            // The objective does not see a shift, and its gradient sums to 0: this removes rounding only.
            match self.options.constraint {
                Constraint::Centered => center(x, self.problem.dim),
            }
            self.average_distortions.push(self.solver.value);
            if self.iteration() > WINDOW {
                let before = self.average_distortions[self.iteration() - WINDOW];
                let least = self.options.min_decrease * before.abs();
                self.finished = before - self.solver.value < least;
            }
        }
    }
}

/// Moves the mean of `x` (row-major, n x dim) to the origin.
pub fn center(x: &mut [f32], dim: usize) {
    let n = (x.len() / dim).max(1) as f64;
    for d in 0..dim {
        let mean = (x.iter().skip(d).step_by(dim).map(|&v| f64::from(v)).sum::<f64>() / n) as f32;
        for v in x.iter_mut().skip(d).step_by(dim) {
            *v -= mean;
        }
    }
}
