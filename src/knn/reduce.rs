//! Reduce: vectors in fewer dimensions, before their neighbors are searched.

use super::principal::{Principal, random_signs};
use crate::eigen::symmetric_eigen;
use crate::matrix::{add_product, gram};
use crate::parallel;
use serde::{Deserialize, Serialize};

/// Directions beyond those wanted, so that the last wanted ones are right too.
const MORE: usize = 8;
/// Most rows that the principal directions are found from, evenly spread, and rounds of it.
const SAMPLE: usize = 1 << 14;
const ROUNDS: usize = 6;
/// Products of numbers in a step.
const PRODUCTS: usize = 1 << 26;
/// Rows in a unit of parallel work.
const ROWS: usize = 64;

/// How vectors are taken to fewer dimensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reduce {
    /// Not at all.
    #[default]
    None,
    /// To the directions in which they differ most: principal components (Pearson 1901), found by randomized subspace
    /// iteration, above 16,384 rows from that many of them.
    Pca,
    /// To random ones: distances are kept on average (Johnson, Lindenstrauss 1984; random signs, Achlioptas 2003).
    RandomProjection,
}

/// The reduction under way.
pub struct Status {
    principal: Option<Principal>,
    /// Row-major `dim` x `wide`: directions are columns.
    directions: Vec<f32>,
    dim: usize,
    wide: usize,
    wanted: usize,
    /// Row-major n x `wide`, so far.
    along: Vec<f32>,
    steps: usize,
    total: usize,
}

/// Ready to take `vectors`, row-major n x `dim`, to `wanted` dimensions; `None` where there is nothing to do.
pub fn initialize(vectors: &[f32], dim: usize, how: Reduce, wanted: usize) -> Option<Status> {
    if how == Reduce::None || wanted >= dim {
        return None;
    }
    let wide = if how == Reduce::Pca { dim.min(wanted + MORE) } else { wanted };
    let principal = (how == Reduce::Pca).then(|| Principal::new(vectors, dim, wide, SAMPLE, ROUNDS, 0));
    let directions = if principal.is_some() { Vec::new() } else { random_signs(dim, wide, 0) };
    let mut status =
        Status { principal, directions, dim, wide, wanted, along: Vec::new(), steps: 0, total: 0 };
    let found = status.principal.as_ref().map_or(0, Principal::n_steps);
    status.total = found + (vectors.len() / dim).div_ceil(status.at_once());
    Some(status)
}

impl Status {
    /// Steps done.
    pub fn done(&self) -> usize {
        self.steps
    }

    /// Steps in all.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        self.steps >= self.total
    }

    /// Rows that a step takes to the directions.
    fn at_once(&self) -> usize {
        (PRODUCTS / (self.dim * self.wide)).next_multiple_of(ROWS).max(ROWS)
    }

    /// Does a step; `vectors` as at the beginning.
    pub fn step(&mut self, vectors: &[f32]) {
        self.steps += 1;
        if let Some(principal) = &mut self.principal {
            principal.step();
            if principal.is_done() {
                self.directions = self.principal.take().map(Principal::finish).unwrap_or_default();
            }
            return;
        }
        let (dim, wide, first) = (self.dim, self.wide, self.along.len() / self.wide);
        let count = self.at_once().min(vectors.len() / dim - first);
        self.along.resize((first + count) * wide, 0.0);
        parallel::for_each_part(&mut self.along[first * wide..], ROWS * wide, |start, part| {
            let rows = vectors[(first + start / wide) * dim..].chunks_exact(dim);
            part.chunks_exact_mut(wide)
                .zip(rows)
                .for_each(|(to, row)| add_product(to, row, &self.directions));
        });
    }

    /// The vectors, row-major n x `wanted`, and their dimensions. Principal components are centered and in order of their
    /// variance.
    pub fn finish(self, how: Reduce) -> (Vec<f32>, usize) {
        let (mut along, wide, wanted) = (self.along, self.wide, self.wanted);
        if how != Reduce::Pca {
            let scale = 1.0 / libm::sqrt(wanted as f64) as f32;
            along.iter_mut().for_each(|v| *v *= scale);
            return (along, wanted);
        }
        let mut sums = vec![0.0f64; wide];
        for row in along.chunks_exact(wide) {
            sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += f64::from(v));
        }
        let n = along.len() / wide;
        let mean: Vec<f32> = sums.iter().map(|sum| (sum / n as f64) as f32).collect();
        along.chunks_exact_mut(wide).for_each(|row| row.iter_mut().zip(&mean).for_each(|(v, m)| *v -= m));
        let (_, turn) = symmetric_eigen(gram(&along, wide), wide);
        let turn: Vec<f32> = turn.chunks_exact(wide).flat_map(|t| &t[..wanted]).map(|&v| v as f32).collect();
        let mut out = vec![0.0; n * wanted];
        parallel::for_each_part(&mut out, ROWS * wanted, |start, part| {
            let rows = along[start / wanted * wide..].chunks_exact(wide);
            part.chunks_exact_mut(wanted).zip(rows).for_each(|(to, row)| add_product(to, row, &turn));
        });
        (out, wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    fn reduced(vectors: &[f32], dim: usize, how: Reduce, wanted: usize) -> Vec<f32> {
        let mut status = initialize(vectors, dim, how, wanted).unwrap();
        while !status.is_done() {
            status.step(vectors);
        }
        status.finish(how).0
    }

    /// Normal numbers, each column shorter than the one before, mixed with its neighbor.
    fn vectors(n: usize, dim: usize) -> Vec<f32> {
        let mut rng = Rng::stream(8, Use::Test, 0);
        let row = |_| {
            let mut row: Vec<f32> = (0..dim).map(|c| rng.normal() * 8.0 / (1.0 + c as f32) + 3.0).collect();
            (1..dim).for_each(|c| row[c] += 0.5 * row[c - 1]);
            row
        };
        (0..n).flat_map(row).collect()
    }

    #[test]
    fn principal_components_are_the_eigenvectors_of_the_covariance() {
        let (n, dim, wanted) = (300, 24, 5);
        let x = vectors(n, dim);
        let found = reduced(&x, dim, Reduce::Pca, wanted);
        let mean = |c: usize| (0..n).map(|i| f64::from(x[i * dim + c])).sum::<f64>() / n as f64;
        let means: Vec<f64> = (0..dim).map(mean).collect();
        let at = |i: usize, c: usize| f64::from(x[i * dim + c]) - means[c];
        let covariance = |c: usize| (0..n).map(|i| at(i, c / dim) * at(i, c % dim)).sum();
        let (_, axes) = symmetric_eigen((0..dim * dim).map(covariance).collect(), dim);
        for axis in 0..wanted {
            let wanted_along = |i: usize| (0..dim).map(|c| at(i, c) * axes[c * dim + axis]).sum::<f64>();
            let along = |i: usize| f64::from(found[i * wanted + axis]);
            let sign = (wanted_along(0) * along(0)).signum();
            let length = (0..n).map(|i| along(i) * along(i)).sum::<f64>().sqrt();
            let apart: f64 = (0..n).map(|i| (wanted_along(i) - sign * along(i)).powi(2)).sum();
            assert!(apart.sqrt() < 1e-3 * length, "axis {axis}: {} of {length}", apart.sqrt());
        }
    }

    #[test]
    fn random_projection_keeps_distances_on_average() {
        let (n, dim, wanted) = (60, 200, 50);
        let x = vectors(n, dim);
        let found = reduced(&x, dim, Reduce::RandomProjection, wanted);
        let square = |x: &[f32], dim: usize, i: usize, j: usize| -> f32 {
            (0..dim).map(|c| (x[i * dim + c] - x[j * dim + c]).powi(2)).sum()
        };
        let ratios: Vec<f32> = (1..n).map(|i| square(&found, wanted, i, 0) / square(&x, dim, i, 0)).collect();
        assert!((ratios.iter().sum::<f32>() / ratios.len() as f32 - 1.0).abs() < 0.2);
    }

    #[test]
    fn nothing_to_do() {
        assert!(initialize(&[1.0; 12], 4, Reduce::None, 2).is_none());
        assert!(initialize(&[1.0; 12], 4, Reduce::Pca, 4).is_none());
    }
}
