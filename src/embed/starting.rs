//! Starting: all that Minimum Distortion Embedding needs before its first iteration, in steps.

use super::options::{EmbedOptions, EmbedRecipe, Start, refuse};
use super::{
    Constraint, Input, Problem, Status, constraint_of, dissimilar, distance_problem, draw_dissimilar,
    problem_of_pairs, spectral, start, unit_graph,
};
use crate::error::Result;
use crate::graph::{Graph, NeighborPairs};
use std::sync::Arc;

/// The share of the work that the start is, where it is spectral.
const SPECTRAL: f64 = 0.8;

/// An embedding that is being made ready.
pub struct Starting {
    options: EmbedOptions,
    seed: u64,
    n_items: usize,
    similar: NeighborPairs,
    constraint: Constraint,
    at: At,
}

/// What the next step does.
enum At {
    Spectral(Box<spectral::Status>),
    /// Makes the problem of this start, or begins to draw its dissimilar pairs.
    Problem(Vec<f32>),
    Draw(Vec<f32>, Box<dissimilar::Status>),
    /// Moves the start to where the problem allows it.
    Settle(Vec<f32>, Box<Problem>),
    /// Begins the solver there.
    Solve(Vec<f32>, Box<Problem>),
    Done,
}

impl Starting {
    /// As [`super::initialize`], nothing done.
    ///
    /// # Errors
    /// As there.
    pub fn new(input: Input<'_>, options: &EmbedOptions, seed: u64) -> Result<Self> {
        options.check()?;
        let (n_items, dim) = (input.n_items, options.dim as usize);
        if input.previous.is_some_and(|x| options.start == Start::Previous && x.len() != n_items * dim) {
            return refuse(
                "embed.start",
                "previous",
                "previous only with a place of embed.dim coordinates for each item",
            );
        }
        let constraint = constraint_of(options, n_items, input.anchors.as_ref())?;
        let at = match start::spectral_dim(options, input.previous.is_some()) {
            Some(dim) => {
                let graph = spectral::graph_of(n_items, &input.similar);
                At::Spectral(Box::new(spectral::initialize(Arc::new(graph), dim, seed)))
            }
            None => At::Problem(start::start(n_items, &input.similar, input.previous, options, seed)),
        };
        Ok(Starting { options: options.clone(), seed, n_items, similar: input.similar, constraint, at })
    }

    /// The share of the work that is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        match &self.at {
            At::Spectral(status) => SPECTRAL * status.share(),
            _ => SPECTRAL,
        }
    }

    /// Does a step; the last one gives the coordinates (row-major, n_items x dim) and the status, no iteration done. `graph` is
    /// that of [`Input`].
    pub fn step(&mut self, graph: Option<&Graph>) -> Option<(Vec<f32>, Status)> {
        self.at = match std::mem::replace(&mut self.at, At::Done) {
            At::Spectral(mut status) if !status.is_done() => {
                status.step();
                At::Spectral(status)
            }
            At::Spectral(status) => {
                let dim = self.options.dim as usize;
                At::Problem(start::widened(status.finish(), self.n_items, dim, self.seed))
            }
            At::Problem(x) => match self.options.recipe {
                EmbedRecipe::PreserveDistances => At::Settle(x, Box::new(self.distance_problem(graph))),
                EmbedRecipe::PreserveNeighbors | EmbedRecipe::Laplacian => {
                    let similar = std::mem::take(&mut self.similar);
                    let (constraint, options) = (&self.constraint, &self.options);
                    let (similar, drawing) =
                        draw_dissimilar(self.n_items, similar, constraint, options, self.seed);
                    self.similar = similar;
                    At::Draw(x, Box::new(drawing))
                }
            },
            At::Draw(x, mut drawing) => match drawing.step(&self.similar.pairs) {
                true => At::Draw(x, drawing),
                false => {
                    let (n, similar) = (self.n_items, std::mem::take(&mut self.similar));
                    let (dissimilar, constraint) = (drawing.finish(), &self.constraint);
                    let problem = problem_of_pairs(n, similar, dissimilar, constraint, &self.options);
                    At::Settle(x, Box::new(problem))
                }
            },
            At::Settle(mut x, mut problem) => {
                problem.constraint = self.constraint.clone();
                let keeps_distances = self.options.recipe == EmbedRecipe::PreserveDistances;
                start::settle(&problem, &mut x, keeps_distances, self.seed);
                At::Solve(x, problem)
            }
            At::Solve(x, problem) => {
                let mut status = Status::new(*problem, &x, &self.options);
                status.seed = self.seed;
                return Some((x, status));
            }
            At::Done => At::Done,
        };
        None
    }

    fn distance_problem(&mut self, graph: Option<&Graph>) -> Problem {
        let similar = std::mem::take(&mut self.similar);
        let graph_of_pairs;
        let graph = match graph {
            Some(graph) => graph,
            None => {
                graph_of_pairs = unit_graph(self.n_items, &similar);
                &graph_of_pairs
            }
        };
        distance_problem(graph, &self.constraint, &self.options, self.seed)
    }
}
