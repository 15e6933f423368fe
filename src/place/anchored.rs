//! Anchored: a new point in a map made by MDE, all others as anchors (PyMDE's `Anchored`).
//!
//! The problem holds the new point and those it has a pair with; a pair of two anchors would decide nothing.

use crate::embed::{Anchors, Constraint, EmbedOptions, Problem, Status};
use crate::graph::NeighborPairs;

/// Where the point stands from `start` on: near to `near` (places and weights, all together 1), far from `far`.
pub fn place(
    start: [f32; 2],
    near: &[([f32; 2], f32)],
    far: &[[f32; 2]],
    options: &EmbedOptions,
) -> [f32; 2] {
    let (k, n) = (near.len(), near.len() + far.len());
    let pairs = |range: std::ops::RangeInclusive<usize>| range.map(|i| [0, i as u32]).collect::<Vec<_>>();
    let weights = near.iter().map(|(_, weight)| weight * k as f32).collect();
    let places = near.iter().map(|(place, _)| place).chain(far);
    let values: Vec<f32> = places.flatten().copied().collect();
    let mut x = [&start[..], &values].concat();
    let mut problem = Problem::new(
        n + 1,
        2,
        NeighborPairs { pairs: pairs(1..=k), weights },
        &pairs(k + 1..=n),
        options.attractive_penalty(),
        options.repulsive_penalty(),
    );
    problem.constraint = Constraint::Anchored(Anchors { items: (1..=n as u32).collect(), values });
    let mut status = Status::new(problem, &x, options);
    status.run(&mut x, usize::MAX);
    [x[0], x[1]]
}
