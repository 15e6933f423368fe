//! Walks: second-order random walks on a weighted graph (node2vec; Grover, Leskovec 2016, section 3.2).
//!
//! From v, reached from t, the next item is x with a probability in proportion to the edge's weight times 1 / p where x is t
//! itself, 1 where x is next to t, and 1 / q elsewhere. Drawn exactly: by weight alone and then accepted in proportion to
//! the rest (Yang et al. 2019), and where that is refused too often, from the whole row.

use super::alias::Alias;
use crate::csr::Csr;
use crate::graph::NeighborPairs;
use crate::parallel;
use crate::random::{Rng, Use};
use std::ops::Range;

/// Draws before the whole row is weighed.
const TRIES: usize = 32;

/// A weighted graph that can be walked.
pub struct Walker {
    /// Undirected: each edge stands in both rows; columns rise.
    graph: Csr<f32>,
    by_weight: Alias,
    /// 1 / p and 1 / q.
    back: f32,
    away: f32,
}

/// Both directions of `pairs`, columns rising.
pub fn graph_of_pairs(n_items: usize, pairs: &NeighborPairs) -> Csr<f32> {
    // The pairs rise, so in each row those with lower ids come before those with higher ones.
    let ends = pairs.pairs.iter().zip(&pairs.weights).flat_map(|(&[i, j], &w)| [(i, j, w), (j, i, w)]);
    Csr::from_triples(n_items, ends)
}

impl Walker {
    /// A walker on `graph`, undirected with rising columns and positive weights; `p` and `q` as in the paper.
    pub fn new(graph: Csr<f32>, p: f64, q: f64) -> Walker {
        let mut by_weight = Alias::default();
        let mut weights = Vec::new();
        for i in 0..graph.n_rows() {
            weights.clear();
            weights.extend(graph.row(i).1.iter().map(|&w| f64::from(w)));
            by_weight.push_row(&weights);
        }
        Walker { graph, by_weight, back: (1.0 / p) as f32, away: (1.0 / q) as f32 }
    }

    /// Number of items.
    pub fn n_items(&self) -> usize {
        self.graph.n_rows()
    }

    /// Walks from each of `items`, `per_item` of `length` items each, one after the other into `out`. An item without an
    /// edge stays where it is.
    pub fn walk(&self, items: Range<usize>, per_item: usize, length: usize, seed: u64, out: &mut [u32]) {
        parallel::for_each_part(out, per_item * length * 8, |start, part| {
            for (k, walk) in part.chunks_exact_mut(length).enumerate() {
                let index = items.start * per_item + start / length + k;
                let mut rng = Rng::stream(seed, Use::Walks, index as u64);
                let (mut before, mut at) = (None, (index / per_item) as u32);
                for place in walk {
                    *place = at;
                    let next = self.next(before, at, &mut rng);
                    (before, at) = (Some(*place), next);
                }
            }
        });
    }

    /// The item after `at`, which was reached from `before`.
    pub fn next(&self, before: Option<u32>, at: u32, rng: &mut Rng) -> u32 {
        let row = self.graph.offsets[at as usize]..self.graph.offsets[at as usize + 1];
        if row.is_empty() {
            return at;
        }
        let of_weight =
            |rng: &mut Rng| self.graph.columns[row.start + self.by_weight.draw(row.clone(), rng) as usize];
        let Some(before) = before else { return of_weight(rng) };
        if self.back == 1.0 && self.away == 1.0 {
            return of_weight(rng);
        }
        let most = self.back.max(self.away).max(1.0);
        for _ in 0..TRIES {
            let next = of_weight(rng);
            if rng.uniform() * most < self.bias(before, next) {
                return next;
            }
        }
        let (columns, weights) = self.graph.row(at as usize);
        let weighed = |(&next, &w): (&u32, &f32)| f64::from(w) * f64::from(self.bias(before, next));
        let total: f64 = columns.iter().zip(weights).map(weighed).sum();
        let mut left = f64::from(rng.uniform()) * total;
        for entry in columns.iter().zip(weights) {
            left -= weighed(entry);
            if left < 0.0 {
                return *entry.0;
            }
        }
        columns[columns.len() - 1]
    }

    /// What the way from `before` to `next` multiplies the edge's weight by.
    pub fn bias(&self, before: u32, next: u32) -> f32 {
        if next == before {
            self.back
        } else if self.graph.row(before as usize).0.binary_search(&next).is_ok() {
            1.0
        } else {
            self.away
        }
    }
}
