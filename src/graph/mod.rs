//! Graph: which items are near, as an undirected sparse graph; and from it the pairs that the embedding draws together.
//!
//! `preserve_neighbors` of PyMDE (Agrawal, Ali, Boyd 2021, section 3.4): each item's k nearest along the graph, found by
//! truncated shortest paths, become edges of weight 1, or 2 where both are among each other's nearest. Other choices of
//! neighbors stand in [`neighbors`].

mod components;
pub mod copies;
pub mod nearest;
pub mod neighbors;
pub mod search;
pub mod shortest_path;

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Parts;
use crate::parallel;
use crate::select::{self, rank, unrank};
pub use components::Components;
pub use neighbors::{Neighbors, Status};
use serde::{Deserialize, Serialize};

/// How the neighbor graph is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GraphOptions {
    /// Which items count as an item's neighbors. Default `shortestPaths`.
    pub neighbors: Neighbors,
    /// Nearest neighbors of each item, itself not counted; from 1 to 1000. Larger values show more of the whole and
    /// less of the detail. `null`: 1 % of the possible pairs, between 5 and 15, as PyMDE. Default 10:
    /// on most labelled sets items of one label come nearer than with 15.
    pub n_neighbors: Option<u32>,
    /// Neighbors farther than this are left out, and longer paths are not followed; in units of the dissimilarity,
    /// for `adaptive` in units of the local scale. `null`: 3 times the 75th percentile of all edge lengths, as PyMDE.
    /// Default `null`.
    pub max_distance: Option<f64>,
}

impl Default for GraphOptions {
    fn default() -> Self {
        GraphOptions { neighbors: Neighbors::default(), n_neighbors: Some(10), max_distance: None }
    }
}

impl GraphOptions {
    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        let fail =
            |option, value, legal| Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }));
        match (self.n_neighbors, self.max_distance) {
            (Some(k), _) if !(1..=1000).contains(&k) => {
                fail("graph.nNeighbors", k.to_string(), "from 1 to 1000, or null")
            }
            (_, Some(d)) if !(d > 0.0 && d.is_finite()) => {
                fail("graph.maxDistance", d.to_string(), "a number above 0, or null")
            }
            _ => Ok(()),
        }
    }

    /// The number of neighbors for a graph of `n_items`.
    pub fn n_neighbors_for(&self, n_items: usize) -> usize {
        // PyMDE: 0.01 * n(n-1)/2 / n, cut to whole numbers.
        let chosen =
            self.n_neighbors.map_or_else(|| (n_items.saturating_sub(1) / 200).clamp(5, 15), |k| k as usize);
        chosen.min(n_items.saturating_sub(1))
    }
}

/// An undirected graph. Row i: the items next to i and the lengths of the edges, shortest first, ties by lower id.
/// Every edge stands in both rows. No self edges.
pub type Graph = Csr<f32>;

/// Rows in a unit of parallel work.
const ROWS: usize = 64;

/// The undirected graph of `lists`: an edge wherever either item lists the other; the shorter length where they differ.
pub fn symmetrize(lists: &Csr<f32>) -> Graph {
    let back = lists.transpose(lists.n_rows());
    // Each entry as one whole number: those sort many times faster than pairs.
    let parts = parallel::map_chunks(lists.n_rows(), ROWS, |rows| {
        let mut part = Graph::default();
        let mut row: Vec<u64> = Vec::new();
        for i in rows {
            row.clear();
            for (columns, lengths) in [lists.row(i), back.row(i)] {
                let others = columns.iter().zip(lengths).filter(|&(&j, _)| j as usize != i);
                row.extend(others.map(|(&j, &d)| u64::from(j) << 32 | u64::from(rank(d))));
            }
            row.sort_unstable();
            row.dedup_by_key(|entry| *entry >> 32);
            row.iter_mut().for_each(|entry| *entry = entry.rotate_left(32));
            row.sort_unstable();
            part.push_row(row.iter().map(|&entry| (entry as u32, unrank((entry >> 32) as u32))));
        }
        part
    });
    let len = parts.iter().map(Csr::len).sum();
    let mut graph = Csr { columns: Vec::with_capacity(len), ..Csr::default() };
    graph.values.reserve(len);
    for part in parts {
        let start = graph.len();
        graph.columns.extend(part.columns);
        graph.values.extend(part.values);
        graph.offsets.extend(part.offsets[1..].iter().map(|end| start + end));
    }
    graph
}

/// 3 times the 75th percentile of all edge lengths, each edge once, with linear interpolation between ranks.
pub fn default_max_distance(graph: &Graph) -> f32 {
    let lengths: Vec<f32> = graph.triples().filter(|&(i, j, _)| i < j).map(|(_, _, d)| d).collect();
    let rank = 0.75 * lengths.len().saturating_sub(1) as f64;
    let (below, fraction) = (rank.floor() as usize, rank.fract());
    let Some(low) = select::nth(&lengths, below) else { return 0.0 };
    let high = select::nth(&lengths, below + 1).unwrap_or(low);
    (3.0 * (f64::from(low) + fraction * f64::from(high - low))) as f32
}

/// Pairs to keep near, i < j, sorted, with weight 1, or 2 where each is among the other's nearest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NeighborPairs {
    /// The pairs `[i, j]`, i < j, in rising order.
    pub pairs: Vec<[u32; 2]>,
    /// 1 or 2 for each pair.
    pub weights: Vec<f32>,
}

/// The pairs of directed neighbor lists (row i: the nearest of i).
pub fn neighbor_pairs(lists: &Csr<f32>) -> NeighborPairs {
    let mut directed: Vec<[u32; 2]> = lists.triples().map(|(i, j, _)| [i.min(j), i.max(j)]).collect();
    directed.sort_unstable();
    let mut out = NeighborPairs::default();
    for pair in directed {
        if out.pairs.last() == Some(&pair) {
            if let Some(weight) = out.weights.last_mut() {
                *weight = 2.0;
            }
        } else {
            out.pairs.push(pair);
            out.weights.push(1.0);
        }
    }
    out
}

/// The parts of `n` items that `pairs` do not connect.
pub fn parts(n: usize, pairs: &[[u32; 2]]) -> Parts {
    let mut components = Components::new(n);
    pairs.iter().for_each(|&[i, j]| components.join(i, j));
    components.finish()
}

/// The connected component of each of `n` items under `pairs`, numbered in order of their first item, and their sizes.
pub fn connected_components(n: usize, pairs: &[[u32; 2]]) -> (Vec<u32>, Vec<u32>) {
    let Parts { of_item, sizes } = parts(n, pairs);
    (of_item, sizes)
}
