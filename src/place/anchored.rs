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
    let k = near.len();
    let (mut x, mut weights, mut pairs) = (start.to_vec(), Vec::new(), Vec::new());
    for (place, weight) in near {
        x.extend(place);
        weights.push(weight * k as f32);
    }
    far.iter().for_each(|place| x.extend(place));
    let n = (x.len() / 2 - 1) as u32;
    (1..=n).for_each(|i| pairs.push([0, i]));
    let dissimilar = pairs.split_off(k);
    let mut problem = Problem::new(
        n as usize + 1,
        2,
        NeighborPairs { pairs, weights },
        &dissimilar,
        options.attractive_penalty(),
        options.repulsive_penalty(),
    );
    problem.constraint = Constraint::Anchored(Anchors { items: (1..=n).collect(), values: x[2..].to_vec() });
    let mut status = Status::new(problem, &x, options);
    status.run(&mut x, usize::MAX);
    [x[0], x[1]]
}
