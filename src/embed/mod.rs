//! Embed: places the items in a few dimensions (Minimum Distortion Embedding; Agrawal, Ali, Boyd 2021), or by one of the
//! other embedders, which make vectors that are compared by their cosine: [`method`] chooses.
//!
//! [`initialize`] makes the problem and the start; [`Status::run`] goes on to a given iteration, so that the caller can
//! show frames, pause and cancel, and [`Status::change`] goes on with other options. The coordinates belong to the
//! caller: row-major, n_items x dim.

pub mod alias;
pub mod constraint;
pub mod dissimilar;
mod distortions;
pub mod export;
pub mod factors;
pub mod ggvec;
pub mod item2vec;
pub mod lbfgs;
pub mod loss;
pub mod method;
pub mod node2vec;
pub mod options;
pub mod pairs;
pub mod penalty;
pub mod problem;
pub mod skip_gram;
pub mod spectral;
mod start;
mod starting;
pub mod vectors;
pub mod walks;

use crate::error::Result;
use crate::graph::{Graph, NeighborPairs, connected_components};
use crate::pack::Parts;
pub use constraint::{Anchors, Constraint, center};
pub use distortions::{Distortions, SHARES, Worst};
use lbfgs::{Lbfgs, Outcome};
pub use loss::{Loss, LossName};
pub use method::{Embedder, Method};
use options::refuse;
pub use options::{ConstraintName, EmbedOptions, EmbedRecipe, Start};
pub use penalty::{Penalty, PenaltyName};
pub use problem::{Function, Problem};
pub use starting::Starting;

/// Over how many iterations the decrease is judged.
const WINDOW: usize = 20;
/// Losses by ratio take no deviation below this share of the mean one: a distance of 0 would weigh without end.
const SMALLEST_DEVIATION: f64 = 1e-3;

/// What an embedding is made from.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Number of items.
    pub n_items: usize,
    /// The pairs to keep near; for `preserveDistances`, those that the start is made from.
    pub similar: NeighborPairs,
    /// The graph whose paths are the distances of `preserveDistances`; without it, the similar pairs at length 1.
    pub graph: Option<&'a Graph>,
    /// The places of the start `previous`, row-major n_items x dim: item i here is item i of this run, a row of NaN is
    /// an item that was not there. New items start among their similar ones.
    pub previous: Option<&'a [f32]>,
    /// What the constraint `anchored` holds.
    pub anchors: Option<Anchors>,
}

/// The embedding under way.
pub struct Status {
    /// The problem that is solved.
    pub problem: Problem,
    /// The average distortion after each iteration, the start's first.
    pub average_distortions: Vec<f64>,
    options: EmbedOptions,
    solver: Lbfgs,
    finished: bool,
    /// The iteration of the last change; the decrease is judged from there on.
    since: usize,
    seed: u64,
}

/// The problem of `input` and its start. All at once: see [`Starting`] for the same in steps.
///
/// Returns the coordinates (row-major, n_items x dim) and the status, no iteration done.
///
/// # Errors
/// [`ErrorKind::OptionOutOfRange`](crate::error::ErrorKind) for options out of range, a start `previous` of another size,
/// `anchored` without anchors, and `standardized` with no more items than dimensions.
pub fn initialize(input: Input<'_>, options: &EmbedOptions, seed: u64) -> Result<(Vec<f32>, Status)> {
    let graph = input.graph;
    let mut starting = Starting::new(input, options, seed)?;
    loop {
        if let Some(ready) = starting.step(graph) {
            return Ok(ready);
        }
    }
}

/// The constraint that the options name.
fn constraint_of(options: &EmbedOptions, n_items: usize, anchors: Option<&Anchors>) -> Result<Constraint> {
    let dim = options.dim as usize;
    match (options.constraint_name(), anchors) {
        (ConstraintName::Centered, _) => Ok(Constraint::Centered),
        (ConstraintName::Standardized, _) if n_items <= dim => {
            refuse("embed.dim", dim, "less than the number of items where the constraint is standardized")
        }
        (ConstraintName::Standardized, _) => Ok(Constraint::Standardized),
        (ConstraintName::Anchored, Some(anchors)) => {
            let sound = anchors.values.len() == anchors.items.len() * dim
                && anchors.items.iter().all(|&i| (i as usize) < n_items)
                && anchors.values.iter().all(|v| v.is_finite());
            if !sound {
                return refuse(
                    "embed.constraint",
                    "anchored",
                    "anchored with a finite place for each anchor",
                );
            }
            Ok(Constraint::Anchored(anchors.clone()))
        }
        (ConstraintName::Anchored, None) => refuse(
            "embed.constraint",
            "anchored",
            "centered or standardized; anchored only for programs that give anchors",
        ),
    }
}

/// Similar pairs near, as many dissimilar ones as the options say apart.
fn neighbor_problem(
    n_items: usize,
    similar: NeighborPairs,
    constraint: &Constraint,
    options: &EmbedOptions,
    seed: u64,
) -> Problem {
    let (similar, mut drawing) = draw_dissimilar(n_items, similar, constraint, options, seed);
    while drawing.step(&similar.pairs) {}
    problem_of_pairs(n_items, similar, drawing.finish(), constraint, options)
}

/// The similar pairs that decide anything, and the drawing of the dissimilar ones.
fn draw_dissimilar(
    n_items: usize,
    mut similar: NeighborPairs,
    constraint: &Constraint,
    options: &EmbedOptions,
    seed: u64,
) -> (NeighborPairs, dissimilar::Status) {
    // As PyMDE: pairs of two anchors decide nothing and are left out, the similar ones before others are drawn.
    if let Some(free) = constraint.free_items(n_items) {
        let NeighborPairs { pairs, weights } = similar;
        let kept = pairs.into_iter().zip(weights).filter(|(pair, _)| pair.iter().any(|&i| free[i as usize]));
        let (pairs, weights) = kept.unzip();
        similar = NeighborPairs { pairs, weights };
    }
    let fraction = match options.recipe {
        EmbedRecipe::Laplacian => 0.0,
        _ => options.repulsive_fraction_for(similar.pairs.len()),
    };
    // Pairs of two parts would only push these away from each other: where they stand is decided by `pack`.
    let (of_item, sizes) = connected_components(n_items, &similar.pairs);
    let drawing = dissimilar::Status::new(&similar.pairs, &Parts { of_item, sizes }, fraction, seed);
    (similar, drawing)
}

/// The problem of these pairs.
fn problem_of_pairs(
    n_items: usize,
    similar: NeighborPairs,
    mut dissimilar: Vec<[u32; 2]>,
    constraint: &Constraint,
    options: &EmbedOptions,
) -> Problem {
    if let Some(free) = constraint.free_items(n_items) {
        dissimilar.retain(|pair| pair.iter().any(|&i| free[i as usize]));
    }
    Problem::new(
        n_items,
        options.dim as usize,
        similar,
        &dissimilar,
        options.attractive_penalty(),
        options.repulsive_penalty(),
    )
}

/// Pairs at the distances of their shortest paths.
fn distance_problem(graph: &Graph, constraint: &Constraint, options: &EmbedOptions, seed: u64) -> Problem {
    let (n_items, dim) = (graph.n_rows(), options.dim as usize);
    let (mut pairs, mut deviations) = pairs::path_pairs(graph, options.max_distances as usize, seed);
    if let Some(free) = constraint.free_items(n_items) {
        let kept = pairs.into_iter().zip(deviations);
        (pairs, deviations) = kept.filter(|([i, j], _)| free[*i as usize] || free[*j as usize]).unzip();
    }
    let sum = |power: fn(f64) -> f64| {
        deviations.iter().map(|&d| power(f64::from(d))).sum::<f64>() / deviations.len().max(1) as f64
    };
    let (mut mean, square) = (sum(|d| d), sum(|d| d * d));
    if *constraint == Constraint::Standardized && square > 0.0 {
        // That constraint fixes how long distances are on the whole.
        let factor = constraint::natural_length(n_items, dim) / square.sqrt();
        deviations.iter_mut().for_each(|d| *d *= factor as f32);
        mean *= factor;
    }
    if matches!(options.loss, LossName::WeightedQuadratic | LossName::Fractional | LossName::SoftFractional) {
        let least = (SMALLEST_DEVIATION * mean) as f32;
        deviations.iter_mut().for_each(|d| *d = d.max(least));
    }
    Problem::with_deviations(n_items, dim, pairs, deviations, options.loss_function(mean))
}

/// The graph of the pairs, every edge of length 1.
fn unit_graph(n_items: usize, similar: &NeighborPairs) -> Graph {
    let both: Vec<_> = similar.pairs.iter().flat_map(|&[i, j]| [(i, j, 1.0), (j, i, 1.0)]).collect();
    Graph::from_triples(n_items, both.into_iter())
}

impl Status {
    /// At the start `x` of a problem made elsewhere. `x` must meet the problem's constraint.
    pub fn new(mut problem: Problem, x: &[f32], options: &EmbedOptions) -> Self {
        let solver = Lbfgs::new(x, &mut problem);
        let average_distortions = vec![solver.value];
        let options = options.clone();
        Status { problem, average_distortions, options, solver, finished: false, since: 0, seed: 0 }
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

    /// How the distortions at `x` are distributed, and the worst pairs.
    pub fn distortions(&self, x: &[f32]) -> Distortions {
        distortions::distortions(&self.problem, x)
    }

    /// Whether it has stopped: by a criterion of the options, or because no step leads lower.
    pub fn is_finished(&self) -> bool {
        self.finished || self.iteration() >= self.max_iterations()
    }

    /// Goes on until iteration `until`, or until it stops. `x` must be the coordinates as they were left. Where the runs
    /// are cut changes nothing: a pause is not to call it.
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
            // Line searches end on the constraint but for rounding: this removes it.
            if self.problem.constraint == Constraint::Centered {
                center(x, self.problem.dim);
            }
            self.average_distortions.push(self.solver.value);
            if self.iteration() - self.since > WINDOW {
                let before = self.average_distortions[self.iteration() - WINDOW];
                let least = self.options.min_decrease * before.abs();
                self.finished = before - self.solver.value < least;
            }
        }
    }

    /// Goes on from `x` with other options: functions, their parameters, the constraint, `repulsive_fraction` and when to
    /// stop. The solver forgets its steps where the problem changed, and only there. Iterations count on; `start` means
    /// nothing any more.
    ///
    /// # Errors
    /// [`ErrorKind::OptionOutOfRange`](crate::error::ErrorKind) as [`initialize`], and where `recipe`, `dim` or
    /// `max_distances` are others: these need a new embedding. After an error nothing has changed.
    pub fn change(&mut self, x: &mut [f32], options: &EmbedOptions) -> Result<()> {
        options.check()?;
        if options.recipe != self.options.recipe {
            return refuse("embed.recipe", "another", "the same while an embedding goes on");
        }
        if options.dim != self.options.dim {
            return refuse("embed.dim", options.dim, "the same while an embedding goes on");
        }
        if options.max_distances != self.options.max_distances {
            return refuse(
                "embed.maxDistances",
                options.max_distances,
                "the same while an embedding goes on",
            );
        }
        let anchors = match &self.problem.constraint {
            Constraint::Anchored(anchors) => Some(anchors.clone()),
            _ => None,
        };
        let constraint = constraint_of(options, self.problem.n_items, anchors.as_ref())?;
        let keeps_distances = options.recipe == EmbedRecipe::PreserveDistances;
        if keeps_distances && constraint != self.problem.constraint {
            return refuse("embed.constraint", "another", "the same while distances are kept");
        }
        let redraw = options.recipe == EmbedRecipe::PreserveNeighbors
            && options.repulsive_fraction != self.options.repulsive_fraction;
        let before = (self.problem.near, self.problem.far, self.problem.constraint.clone());
        if keeps_distances {
            let deviations = &self.problem.weights;
            let mean = deviations.iter().map(|&d| f64::from(d)).sum::<f64>() / deviations.len().max(1) as f64;
            let function = Function::Keep(options.loss_function(mean));
            (self.problem.near, self.problem.far) = (function, function);
        } else if !redraw {
            self.problem.near = Function::Attract(options.attractive_penalty());
            self.problem.far = Function::Repel(options.repulsive_penalty());
        } else {
            let mut similar = NeighborPairs {
                pairs: std::mem::take(&mut self.problem.pairs),
                weights: std::mem::take(&mut self.problem.weights),
            };
            similar.pairs.truncate(self.problem.n_similar);
            similar.weights.truncate(self.problem.n_similar);
            self.problem = neighbor_problem(self.problem.n_items, similar, &constraint, options, self.seed);
        }
        self.problem.constraint = constraint;
        let after = (self.problem.near, self.problem.far, self.problem.constraint.clone());
        self.options = options.clone();
        self.finished = false;
        if redraw || before != after {
            start::settle(&self.problem, x, false, self.seed);
            self.solver = Lbfgs::new(x, &mut self.problem);
            self.since = self.iteration();
            // The value of this iteration is that of the new problem.
            self.average_distortions.truncate(self.since);
            self.average_distortions.push(self.solver.value);
        }
        Ok(())
    }
}
