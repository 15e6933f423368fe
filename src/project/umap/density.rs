//! Density: what densMAP adds (Narayan, Berger, Cho 2021, "Assessing single-cell transcriptomic variability through
//! density-preserving data visualization").
//!
//! A point's local radius is the mean squared distance to its neighbors, weighted by how firmly they belong to it. In the last
//! epochs each edge pulls or pushes so that the logarithms of the radii on the map come to be correlated with those in the
//! data. The gradient is umap-learn's.

use super::force::{LANES, Lanes};
use crate::csr::Csr;
use crate::parallel;

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// Keeps logarithms of radii finite.
const EPSILON: f64 = 1e-8;
/// No edge moves a point by more than this along an axis, before the learning rate.
const CLIP: f32 = 4.0;
/// Squared distances are at least this.
const LEAST: f32 = 1e-12;

/// The wish for the data's densities.
pub struct Density {
    /// Membership strengths of the edges that are laid out, in their order.
    strengths: Vec<f32>,
    /// Logarithms of the radii in the data, mean 0 and variance 1; 0 for points without neighbors.
    radii: Vec<f32>,
    /// Points with neighbors.
    points: f64,
    /// Weight of the wish, the sum of all strengths, and the shift of the variance.
    settings: [f64; 3],
    /// From which share of the epochs on.
    from: f64,
    /// In this epoch, for each point: its part of an edge's force for what moves its radius, and for what moves the kernel.
    terms: Vec<[f32; 2]>,
    /// What all forces have in common in this epoch.
    factor: f32,
}

impl Density {
    /// For the edges `columns` of `graph`'s strengths, rows as there; distances are those of `nearest`, where either end
    /// lists the other. `lambda`, `frac` and `var_shift` are densMAP's.
    pub fn new(graph: &Csr<f32>, nearest: &Csr<f32>, [lambda, frac, var_shift]: [f64; 3]) -> Self {
        let n = graph.n_rows();
        let listed = |i: usize, j: u32| {
            let (ids, distances) = nearest.row(i);
            ids.iter().position(|&id| id == j).map_or(0.0, |at| f64::from(distances[at]))
        };
        let logarithms = parallel::map_chunks(n, POINTS, |points| {
            let of_point = |i: usize| {
                let (ids, strengths) = graph.row(i);
                let (mut sum, mut weight) = (0.0, 0.0);
                for (&j, &w) in ids.iter().zip(strengths) {
                    let distance = listed(i, j).max(listed(j as usize, i as u32));
                    sum += f64::from(w) * distance * distance;
                    weight += f64::from(w);
                }
                (weight > 0.0).then(|| libm::log(EPSILON + sum / weight))
            };
            points.map(of_point).collect::<Vec<_>>()
        })
        .concat();
        let points = logarithms.iter().flatten().count().max(1) as f64;
        let mean = logarithms.iter().flatten().sum::<f64>() / points;
        let variance = logarithms.iter().flatten().map(|v| (v - mean) * (v - mean)).sum::<f64>() / points;
        let deviation = variance.sqrt().max(1e-12);
        let radii = logarithms.iter().map(|v| v.map_or(0.0, |v| ((v - mean) / deviation) as f32)).collect();
        let total = graph.values.iter().map(|&w| f64::from(w)).sum();
        Density {
            strengths: graph.values.clone(),
            radii,
            points,
            settings: [lambda, total, var_shift],
            from: 1.0 - frac,
            terms: Vec::new(),
            factor: 0.0,
        }
    }

    /// Other weights, of the same data.
    pub fn set(&mut self, [lambda, frac, var_shift]: [f64; 3]) {
        (self.settings[0], self.from, self.settings[2]) = (lambda, 1.0 - frac, var_shift);
    }

    /// Whether density counts in `epoch` of `n_epochs`.
    pub fn counts(&self, epoch: u32, n_epochs: u32) -> bool {
        self.settings[0] > 0.0 && f64::from(epoch + 1) / f64::from(n_epochs) > self.from
    }

    /// Measures the radii as all points stand now, with the kernel's `a` and `b`.
    /// `layout` is row-major n x `dim`.
    pub fn read(&mut self, layout: &[f32], dim: usize, edges: &Csr<u32>, [a, b]: [f32; 2]) {
        let place = |i: usize| &layout[i * dim..][..dim];
        // For each point the logarithm of its radius and the sum of the kernel over its edges.
        let found = parallel::map_chunks(edges.n_rows(), POINTS, |points| {
            let of_point = |i: usize| {
                let (mut sum, mut weight) = (0.0f64, 0.0f64);
                for &j in edges.row(i).0 {
                    let both = place(i).iter().zip(place(j as usize));
                    let squared = both.map(|(here, there)| here - there).fold(0.0, |s, by| s + by * by);
                    let kernel = 1.0 / (1.0 + a * super::force::power(squared.max(LEAST), b));
                    sum += f64::from(kernel * squared);
                    weight += f64::from(kernel);
                }
                (weight > 0.0).then(|| (libm::log(EPSILON + sum / weight), weight))
            };
            points.map(of_point).collect::<Vec<_>>()
        })
        .concat();
        let [lambda, total, var_shift] = self.settings;
        let radius = || found.iter().flatten().map(|of| of.0);
        let mean = radius().sum::<f64>() / self.points;
        let variance = radius().map(|v| (v - mean) * (v - mean)).sum::<f64>() / self.points + var_shift;
        let variance = variance.max(1e-12);
        let both = found.iter().zip(&self.radii).filter_map(|(of, &r)| Some((of.as_ref()?.0, f64::from(r))));
        let covariance = both.map(|(on_map, r)| on_map * r).sum::<f64>() / (self.points - 1.0).max(1.0);
        self.factor = (lambda * total / (variance.sqrt() * self.points)) as f32;
        let term = |(of, &r): (&Option<(f64, f64)>, &f32)| {
            let Some((radius, kernels)) = *of else { return [0.0; 2] };
            let weight = f64::from(r) - covariance * (radius - mean) / variance;
            // umap-learn comes by each edge twice and so has twice the sum of the kernel.
            let share = weight / (2.0 * kernels);
            [(share / libm::exp(radius)) as f32, share as f32]
        };
        self.terms = found.iter().zip(&self.radii).map(term).collect();
    }

    /// How far density moves point `i`, which stands at `here`, along a `batch` of its edges whose ends are `others`, axis by
    /// axis, before the learning rate. Not in line: once for the plane and for space, as it is only sometimes wanted.
    #[inline(never)]
    pub fn moves(
        &self,
        edges: &Csr<u32>,
        i: usize,
        here: &[f32],
        batch: &[u32],
        others: &[Lanes],
        [a, b]: [f32; 2],
    ) -> [f32; 3] {
        let of_edges = &self.strengths[edges.offsets[i]..edges.offsets[i + 1]];
        let (neighbors, own) = (edges.row(i).0, self.terms[i]);
        let (mut strengths, mut terms) = ([1.0; LANES], [[0.0; LANES]; 2]);
        for (l, &edge) in batch.iter().enumerate() {
            let other = self.terms[neighbors[edge as usize] as usize];
            strengths[l] = of_edges[edge as usize];
            (terms[0][l], terms[1][l]) = (own[0] + other[0], own[1] + other[1]);
        }
        let mut factor = [0.0f32; LANES];
        for l in 0..LANES {
            let apart = here.iter().zip(others).map(|(here, others)| here - others[l]);
            let squared = apart.fold(0.0, |s, by| s + by * by).max(LEAST);
            let power = super::force::power(squared, b);
            let kernel = 1.0 / (1.0 + a * power);
            let of_kernel = a * b * power / squared * kernel;
            let both = terms[0][l] * (1.0 - b * (1.0 - kernel)) + terms[1][l] * of_kernel;
            // Twice for the square, and twice as an edge is visited from both ends, each time moving both.
            factor[l] = 2.0 * self.factor * kernel * both / strengths[l];
        }
        let mut by = [0.0; 3];
        for (by, (here, others)) in by.iter_mut().zip(here.iter().zip(others)) {
            for (factor, other) in factor.iter().zip(others).take(batch.len()) {
                *by += 2.0 * (factor * (here - other)).clamp(-CLIP, CLIP);
            }
        }
        by
    }
}
