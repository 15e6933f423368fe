//! Start: where the items stand before the first iteration.

use super::constraint::Constraint;
use super::options::{EmbedOptions, Start};
use super::problem::Problem;
use super::spectral;
use crate::csr::Csr;
use crate::eigen::symmetric_eigen;
use crate::graph::NeighborPairs;
use crate::parallel;
use crate::random::{Rng, Use};

/// Items that distances are taken to, at least; Harel and Koren use 50.
const PIVOTS: usize = 50;
/// The most dimensions that start by eigenvectors; further ones start at random. Vectors cost their number squared.
const SPECTRAL: usize = 64;
/// Share of random jitter in a start by components: it parts items that are equally far from every pivot.
const JITTER: f32 = 0.05;
/// What parts two items of a pair that stand in one place; PyMDE's figure.
const APART: f32 = 1e-4;

/// The number of coordinates that eigenvectors give, where `options.start` says so: see [`spectral`].
pub(super) fn spectral_dim(options: &EmbedOptions, has_previous: bool) -> Option<usize> {
    let spectral = options.start == Start::Spectral || (options.start == Start::Previous && !has_previous);
    spectral.then(|| SPECTRAL.min(options.dim as usize))
}

/// `eigenvectors`, row-major n_items x [`spectral_dim`], with random further coordinates up to `dim`.
pub(super) fn widened(eigenvectors: Vec<f32>, n_items: usize, dim: usize, seed: u64) -> Vec<f32> {
    if dim <= SPECTRAL {
        return eigenvectors;
    }
    let mut x = normals(n_items, dim, seed);
    for (row, first) in x.chunks_exact_mut(dim).zip(eigenvectors.chunks_exact(SPECTRAL)) {
        row[..SPECTRAL].copy_from_slice(first);
    }
    x
}

/// Coordinates (row-major, n_items x dim) as `options.start` says, where that is not spectral; `previous` as in
/// [`super::Input`].
pub(super) fn start(
    n_items: usize,
    similar: &NeighborPairs,
    previous: Option<&[f32]>,
    options: &EmbedOptions,
    seed: u64,
) -> Vec<f32> {
    let dim = options.dim as usize;
    match (options.start, previous) {
        (Start::Pca, _) => pca(n_items, dim, similar, seed),
        (Start::Previous, Some(previous)) => complete(previous, dim, similar, seed),
        _ => normals(n_items, dim, seed),
    }
}

/// Independent standard normals.
fn normals(n_items: usize, dim: usize, seed: u64) -> Vec<f32> {
    let mut rng = Rng::stream(seed, Use::EmbedStart, 0);
    (0..n_items * dim).map(|_| rng.normal()).collect()
}

/// The first `dim` principal components of each item's distances (in pairs) to pivots far from each other: high-dimensional
/// embedding (Harel and Koren 2002). Each of unit variance, with a little jitter. O((pairs + n pivots) pivots).
fn pca(n_items: usize, dim: usize, similar: &NeighborPairs, seed: u64) -> Vec<f32> {
    let mut x = normals(n_items, dim, seed);
    let width = PIVOTS.max(dim).min(n_items);
    let graph = spectral::graph_of(n_items, similar);
    // The first pivot is an item of most pairs, each further one a farthest item from those before; ties by lower id.
    let mut pivot = (0..n_items).rev().max_by_key(|&i| graph.row(i).0.len()).unwrap_or(0);
    let mut nearest = vec![u32::MAX; n_items];
    let mut columns: Vec<Vec<u32>> = Vec::new();
    for _ in 0..width {
        let steps = steps_from(&graph, pivot as u32);
        nearest.iter_mut().zip(&steps).for_each(|(nearest, &s)| *nearest = s.min(*nearest));
        columns.push(steps);
        pivot = (0..n_items).rev().max_by_key(|&i| nearest[i]).unwrap_or(0);
    }
    let n = n_items.max(1) as f64;
    let mean: Vec<f64> = columns.iter().map(|c| c.iter().map(|&s| f64::from(s)).sum::<f64>() / n).collect();
    let covariance = parallel::map_chunks(width * width, width, |row| {
        let a = row.start / width;
        let of = |a: usize, b: usize| {
            let products = columns[a].iter().zip(&columns[b]).map(|(&s, &t)| f64::from(s) * f64::from(t));
            products.sum::<f64>() / n - mean[a] * mean[b]
        };
        (0..width).map(|b| of(a, b)).collect::<Vec<f64>>()
    });
    let (values, axes) = symmetric_eigen(covariance.concat(), width);
    for c in 0..dim.min(width) {
        // Directions that only rounding makes are left to the random numbers.
        if values[c] <= 1e-9 * values[0] {
            break;
        }
        let scale = 1.0 / values[c].sqrt();
        for i in 0..n_items {
            let along =
                (0..width).map(|k| (f64::from(columns[k][i]) - mean[k]) * axes[k * width + c]).sum::<f64>();
            x[i * dim + c] = (along * scale) as f32 + JITTER * x[i * dim + c];
        }
    }
    x
}

/// The number of pairs on the shortest way from `source` to each item; where there is none, one more than to the farthest.
fn steps_from(graph: &Csr<f32>, source: u32) -> Vec<u32> {
    let mut steps = vec![u32::MAX; graph.n_rows()];
    steps[source as usize] = 0;
    let mut queue = vec![source];
    let mut at = 0;
    while at < queue.len() {
        let item = queue[at];
        at += 1;
        for &other in graph.row(item as usize).0 {
            if steps[other as usize] == u32::MAX {
                steps[other as usize] = steps[item as usize] + 1;
                queue.push(other);
            }
        }
    }
    let farthest = queue.last().map_or(0, |&item| steps[item as usize]);
    steps.iter_mut().filter(|s| **s == u32::MAX).for_each(|s| *s = farthest + 1);
    steps
}

/// `previous` with its gaps (items that have a coordinate that is not finite) filled: the weighted mean of the similar
/// items that have a place, with a little jitter; a random place of the same spread where there is none.
fn complete(previous: &[f32], dim: usize, similar: &NeighborPairs, seed: u64) -> Vec<f32> {
    let n_items = previous.len() / dim;
    let place = |i: usize| Some(&previous[i * dim..][..dim]).filter(|p| p.iter().all(|v| v.is_finite()));
    let placed: Vec<&[f32]> = (0..n_items).filter_map(place).collect();
    let square: f64 = placed.iter().flat_map(|p| *p).map(|&v| f64::from(v) * f64::from(v)).sum();
    let spread = if placed.is_empty() { 1.0 } else { (square / (placed.len() * dim) as f64).sqrt() as f32 };
    let graph = spectral::graph_of(n_items, similar);
    let mut rng = Rng::stream(seed, Use::EmbedJitter, 0);
    let mut x = previous.to_vec();
    for (i, out) in x.chunks_exact_mut(dim).enumerate().filter(|&(i, _)| place(i).is_none()) {
        let mut sum = vec![0.0f32; dim];
        let mut total = 0.0;
        for (&other, &w) in graph.row(i).0.iter().zip(graph.row(i).1) {
            if let Some(place) = place(other as usize) {
                sum.iter_mut().zip(place).for_each(|(sum, &v)| *sum += w * v);
                total += w;
            }
        }
        let jitter = if total > 0.0 { JITTER } else { 1.0 } * spread;
        for (out, sum) in out.iter_mut().zip(&sum) {
            *out = sum / if total > 0.0 { total } else { 1.0 } + jitter * rng.normal();
        }
    }
    x
}

/// Makes `x` meet the problem: of the right size where distances are kept, no pair in one place, within the constraint.
pub(super) fn settle(problem: &Problem, x: &mut [f32], scale_to_deviations: bool, seed: u64) {
    let dim = problem.dim;
    problem.constraint.project(x, dim);
    if scale_to_deviations && problem.constraint == Constraint::Centered {
        // The factor that makes the sum of (factor d - delta)^2 smallest.
        let (distances, _) = problem.distances_and_distortions(x);
        let (mut along, mut square) = (0.0f64, 0.0f64);
        for (&d, &delta) in distances.iter().zip(&problem.weights) {
            along += f64::from(d) * f64::from(delta);
            square += f64::from(d) * f64::from(d);
        }
        let factor = (along / square) as f32;
        if factor.is_finite() && factor > 0.0 {
            x.iter_mut().for_each(|v| *v *= factor);
        }
    }
    if problem.distances_and_distortions(x).0.contains(&0.0) {
        let mut rng = Rng::stream(seed, Use::EmbedJitter, 1);
        x.iter_mut().for_each(|v| *v += APART * rng.normal());
        problem.constraint.project(x, dim);
    }
}
