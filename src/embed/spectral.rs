//! Spectral: the bottom eigenvectors of a graph's normalized Laplacian, as a start that knows the whole graph.
//!
//! I - S with S = D^-1/2 W D^-1/2 (Belkin and Niyogi 2003). The eigenvectors are found by Chebyshev-filtered subspace
//! iteration (Zhou, Saad, Tiago, Chelikowsky 2006): a fixed number of rounds, so it can neither stall nor hang as
//! Lanczos does on graphs with many small eigenvalues (PyMDE's issue 34); a start needs no more precision. Each part that
//! nothing connects to the rest has eigenvectors of its own, small ones exactly, as of the whole graph the bottom ones
//! would only tell the parts apart.
//!
//! [`initialize`] takes the graph, [`Status::step`] does a small piece, [`Status::finish`] gives the coordinates.

mod block;
mod iteration;

use crate::csr::Csr;
use crate::eigen::symmetric_eigen;
use crate::graph::{Components, NeighborPairs};
use crate::pack::{Parts, pack};
use crate::random::{Rng, Use};
use iteration::{GUARDS, Iteration};
use std::sync::Arc;

/// Parts of up to this many items are solved exactly.
const SMALL: usize = 24;
/// Parts of up to this many are solved in one step.
const FEW: u32 = 256;
/// Share of random jitter in the start: it parts items that the eigenvectors put in one place.
const JITTER: f32 = 0.05;
/// Entries of the graph that a step goes through.
const ENTRIES: usize = 1 << 20;
/// Items of parts that a step places at once, where the parts are small.
const ITEMS: usize = 1 << 12;

/// A start under way.
pub struct Status {
    graph: Arc<Csr<f32>>,
    dim: usize,
    seed: u64,
    parts: Parts,
    members: Csr<()>,
    /// The number of each item within its part.
    place: Vec<u32>,
    x: Vec<f32>,
    /// Items that have their coordinates.
    placed: usize,
    at: At,
}

/// What the next step does.
enum At {
    /// Finds the parts, from this row on.
    Components(usize, Components),
    /// Goes on to this part.
    Part(usize),
    /// Takes this part out of the graph.
    TakeOut(usize, Csr<f32>),
    Iterate(usize, Box<Iteration>),
}

/// Ready to find coordinates in `dim` dimensions for the items of `graph`, symmetric, its weights positive.
pub fn initialize(graph: Arc<Csr<f32>>, dim: usize, seed: u64) -> Status {
    let at = At::Components(0, Components::new(graph.n_rows()));
    let (parts, members, place, x) = Default::default();
    Status { graph, dim, seed, parts, members, place, x, placed: 0, at }
}

/// Coordinates (row-major, n_items x dim): of unit variance along each axis for the largest part, and for another as much
/// smaller as its share of that size fills less room, beside it; see [`crate::pack`]. Items without a pair stand there too.
pub fn start(n_items: usize, dim: usize, pairs: &NeighborPairs, seed: u64) -> Vec<f32> {
    let mut status = initialize(Arc::new(graph_of(n_items, pairs)), dim, seed);
    while !status.is_done() {
        status.step();
    }
    status.finish()
}

/// The graph of the pairs, both directions.
pub fn graph_of(n_items: usize, pairs: &NeighborPairs) -> Csr<f32> {
    let ends = pairs.pairs.iter().zip(&pairs.weights);
    Csr::from_triples(n_items, ends.flat_map(|(&[i, j], &w)| [(i, j, w), (j, i, w)]))
}

impl Status {
    /// Whether every part has its coordinates.
    pub fn is_done(&self) -> bool {
        matches!(self.at, At::Part(part) if part == self.parts.count())
    }

    /// The share of it that is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        let now = match &self.at {
            At::Iterate(part, iteration) => iteration.share() * f64::from(self.parts.sizes[*part]),
            _ => 0.0,
        };
        (self.placed as f64 + now) / self.place.len().max(1) as f64
    }

    /// Does a step.
    pub fn step(&mut self) {
        self.at = match std::mem::replace(&mut self.at, At::Part(0)) {
            At::Components(row, components) => self.connect(row, components),
            At::Part(part) => self.go_on(part),
            At::TakeOut(part, inside) => self.take_out(part, inside),
            At::Iterate(part, mut iteration) => {
                // All of a small part at once.
                let is_small = self.parts.sizes[part] <= FEW;
                iteration.step();
                while is_small && !iteration.is_done() {
                    iteration.step();
                }
                if iteration.is_done() {
                    self.write(part, &iteration.finish());
                    At::Part(part + 1)
                } else {
                    At::Iterate(part, iteration)
                }
            }
        };
    }

    /// The parts, as far as a step goes from `row` on.
    fn connect(&mut self, mut row: usize, mut components: Components) -> At {
        let n = self.graph.n_rows();
        let until = self.graph.offsets[row] + ENTRIES;
        while row < n && self.graph.offsets[row] < until {
            self.graph.row(row).0.iter().for_each(|&j| components.join(row as u32, j));
            row += 1;
        }
        if row < n {
            return At::Components(row, components);
        }
        self.parts = components.finish();
        self.members = self.parts.members();
        self.place = vec![0; n];
        for part in 0..self.parts.count() {
            let items = self.members.row(part).0;
            (0..).zip(items).for_each(|(place, &i)| self.place[i as usize] = place);
        }
        let mut rng = Rng::stream(self.seed, Use::EmbedStart, 0);
        self.x = (0..n * self.dim).map(|_| rng.normal()).collect();
        At::Part(0)
    }

    /// Small parts at once; the first large one begins.
    fn go_on(&mut self, mut part: usize) -> At {
        let until = self.placed + ITEMS;
        while part < self.parts.count() && self.placed < until {
            let n = self.parts.sizes[part] as usize;
            // Too few points have no shape, unless they are a part among others: the random start stays.
            let alone = self.parts.count() == 1;
            if n >= self.dim + GUARDS + 2 || (!alone && n > 1) {
                if alone {
                    let iteration = Iteration::new(self.graph.clone(), self.dim, self.seed);
                    return At::Iterate(part, Box::new(iteration));
                }
                if n > SMALL {
                    return At::TakeOut(part, Csr::default());
                }
                let mut inside = Csr::default();
                self.rows_inside(part, usize::MAX, &mut inside);
                self.write(part, &exact_eigenvectors(&inside, self.dim));
            } else {
                self.placed += n;
            }
            part += 1;
        }
        At::Part(part)
    }

    fn take_out(&mut self, part: usize, mut inside: Csr<f32>) -> At {
        self.rows_inside(part, ENTRIES, &mut inside);
        if inside.n_rows() < self.parts.sizes[part] as usize {
            return At::TakeOut(part, inside);
        }
        At::Iterate(part, Box::new(Iteration::new(Arc::new(inside), self.dim, self.seed)))
    }

    /// Appends the next rows of the part's own graph, of about so many entries.
    fn rows_inside(&self, part: usize, entries: usize, inside: &mut Csr<f32>) {
        let until = inside.len().saturating_add(entries);
        for &i in &self.members.row(part).0[inside.n_rows()..] {
            let (columns, weights) = self.graph.row(i as usize);
            inside.push_row(columns.iter().map(|&j| self.place[j as usize]).zip(weights.iter().copied()));
            if inside.len() >= until {
                break;
            }
        }
    }

    /// Gives the items of a part the coordinates `vectors`.
    fn write(&mut self, part: usize, vectors: &[f32]) {
        let (dim, items) = (self.dim, self.members.row(part).0);
        // Room grows with the number of items, so width with its root.
        let largest = self.parts.sizes[self.parts.largest()];
        let share = f64::from(self.parts.sizes[part]) / f64::from(largest);
        let width = libm::pow(share, 1.0 / dim as f64) as f32;
        let scale = (items.len() as f32).sqrt();
        for (p, &i) in items.iter().enumerate() {
            for d in 0..dim {
                let at = &mut self.x[i as usize * dim + d];
                // A width of 1 changes no bit.
                *at = (vectors[p * dim + d] * scale + *at * JITTER) * width;
            }
        }
        self.placed += items.len();
    }

    /// The coordinates; see [`start`].
    pub fn finish(self) -> Vec<f32> {
        let mut x = self.x;
        pack(&mut x, self.dim, &self.parts);
        x
    }
}

/// As [`bottom_eigenvectors`], exactly, for few items: O(n^3). Columns beyond n - 1 are 0.
fn exact_eigenvectors(graph: &Csr<f32>, wanted: usize) -> Vec<f32> {
    let n = graph.n_rows();
    let root: Vec<f64> =
        (0..n).map(|i| graph.row(i).1.iter().map(|&w| f64::from(w)).sum::<f64>().sqrt()).collect();
    let mut matrix = vec![0.0; n * n];
    for (i, j, w) in graph.triples() {
        matrix[i as usize * n + j as usize] += f64::from(w) / (root[i as usize] * root[j as usize]);
    }
    let (_, vectors) = symmetric_eigen(matrix, n);
    // The first is the trivial one.
    let at = |i: usize, c: usize| if c + 1 < n { vectors[i * n + c + 1] as f32 } else { 0.0 };
    (0..n).flat_map(|i| (0..wanted).map(move |c| at(i, c))).collect()
}

/// The `wanted` eigenvectors after the trivial one, row-major n x wanted, each of unit length, of the normalized
/// Laplacian of a connected `graph` with symmetric positive weights. Approximate; signs are arbitrary but fixed.
pub fn bottom_eigenvectors(graph: &Csr<f32>, wanted: usize, seed: u64) -> Vec<f32> {
    let mut iteration = Iteration::new(Arc::new(graph.clone()), wanted, seed);
    while !iteration.is_done() {
        iteration.step();
    }
    iteration.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring's bottom eigenvectors are a sine and a cosine: the start is a circle.
    #[test]
    fn a_ring_starts_as_a_circle() {
        let n = 60u32;
        let mut pairs: Vec<[u32; 2]> = (0..n - 1).map(|i| [i, i + 1]).collect();
        pairs.push([0, n - 1]);
        pairs.sort_unstable();
        let graph = Csr::from_triples(
            n as usize,
            pairs.iter().flat_map(|&[i, j]| [(i, j, 1.0), (j, i, 1.0)]).collect::<Vec<_>>().into_iter(),
        );
        let v = bottom_eigenvectors(&graph, 2, 1);
        let radius: Vec<f32> = v.chunks(2).map(|p| p[0].hypot(p[1])).collect();
        let mean = radius.iter().sum::<f32>() / radius.len() as f32;
        assert!(radius.iter().all(|r| (r / mean - 1.0).abs() < 0.02), "{radius:?}");
    }

    /// Two rings, a path of 3 and a single item: each ring starts as a circle, the smaller one smaller, none over another.
    #[test]
    fn each_part_has_a_start_of_its_own() {
        let ring = |at: u32, n: u32| (0..n).map(move |i| [at + i.min((i + 1) % n), at + i.max((i + 1) % n)]);
        let mut pairs: Vec<[u32; 2]> = ring(0, 40).chain(ring(40, 10)).chain([[50, 51], [51, 52]]).collect();
        pairs.sort_unstable();
        let weights = vec![1.0; pairs.len()];
        let x = start(54, 2, &NeighborPairs { pairs, weights }, 1);
        let circle = |items: std::ops::Range<usize>| {
            let n = items.len() as f32;
            let mean = [0, 1].map(|d| items.clone().map(|i| x[2 * i + d]).sum::<f32>() / n);
            let radii: Vec<f32> =
                items.clone().map(|i| (x[2 * i] - mean[0]).hypot(x[2 * i + 1] - mean[1])).collect();
            let radius = radii.iter().sum::<f32>() / n;
            assert!(radii.iter().all(|r| (r / radius - 1.0).abs() < 0.25), "{radii:?}");
            (mean, radius)
        };
        let ((a, r), (b, s)) = (circle(0..40), circle(40..50));
        assert!((r - 2f32.sqrt()).abs() < 0.1 && (s / r - 0.5).abs() < 0.1, "{r} {s}");
        assert!((a[0] - b[0]).hypot(a[1] - b[1]) > r + s);
    }
}
