//! Neighbors: which of an item's near items become its edges, by one of four rules.
//!
//! [`Status::initialize`] prepares, [`Status::run`] goes on to a given item, [`Status::finish`] makes the pairs: so that a
//! long search can be shown and cancelled.

use super::{
    Graph, GraphOptions, NeighborPairs, copies, default_max_distance, neighbor_pairs, parts, shortest_path,
};
use crate::csr::Csr;
use crate::pack::Parts;
use serde::{Deserialize, Serialize};

/// Which items count as an item's neighbors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Neighbors {
    /// The k nearest along paths: PyMDE's `preserve_neighbors`.
    #[default]
    ShortestPaths,
    /// The k nearest that share an edge. Items with fewer edges have fewer neighbors.
    Direct,
    /// Of the direct neighbors those that have the item among their own k nearest. An item that would have none keeps
    /// its nearest one, so that nobody loses all edges. Makes more separate parts than the others.
    Mutual,
    /// The k nearest along paths, each edge d first divided by the local scale of both its ends, d / sqrt(s_i s_j), where
    /// s is the distance to an item's k-th nearest direct neighbor, or its last (Zelnik-Manor and Perona 2004, whose
    /// affinity is exp(-d^2 / (s_i s_j))). Dense and thin regions count alike, and hubs count less.
    Adaptive,
}

/// The search for neighbors under way.
#[derive(Clone, Debug)]
pub struct Status {
    neighbors: Neighbors,
    k: usize,
    max_distance: f32,
    /// The graph by local scales, for [`Neighbors::Adaptive`].
    scaled: Option<Graph>,
    /// The neighbors of the items done: row i holds those of i, nearest first.
    pub lists: Csr<f32>,
}

impl Status {
    /// Ready to search in `graph`, no item done.
    pub fn initialize(graph: &Graph, options: &GraphOptions) -> Self {
        let k = options.n_neighbors_for(graph.n_rows());
        let scaled = (options.neighbors == Neighbors::Adaptive).then(|| by_local_scale(graph, k));
        let searched = scaled.as_ref().unwrap_or(graph);
        let max_distance = options.max_distance.map_or_else(|| default_max_distance(searched), |d| d as f32);
        Status { neighbors: options.neighbors, k, max_distance, scaled, lists: Csr::default() }
    }

    /// Items done.
    pub fn done(&self) -> usize {
        self.lists.n_rows()
    }

    /// Goes on until item `until`. `graph` must be that of [`Status::initialize`].
    pub fn run(&mut self, graph: &Graph, until: usize) {
        let until = until.min(graph.n_rows());
        match self.neighbors {
            Neighbors::ShortestPaths | Neighbors::Adaptive => {
                let searched = self.scaled.as_ref().unwrap_or(graph);
                shortest_path::append_nearest(searched, self.k, self.max_distance, until, &mut self.lists);
            }
            Neighbors::Direct | Neighbors::Mutual => {
                for i in self.done()..until {
                    let (columns, lengths) = graph.row(i);
                    let near = columns.iter().zip(lengths).take(self.k).map(|(&j, &d)| (j, d));
                    self.lists.push_row(near.filter(|&(_, d)| d <= self.max_distance));
                }
            }
        }
    }

    /// The pairs of all items' neighbors, and the parts that they do not connect. All items must be done.
    pub fn finish(self, graph: &Graph) -> (NeighborPairs, Parts) {
        let searched = self.scaled.as_ref().unwrap_or(graph);
        let mut lists = self.lists;
        if self.neighbors == Neighbors::Mutual {
            lists = mutual(&lists);
        }
        let pairs = neighbor_pairs(&lists);
        let found = parts(lists.n_rows(), &pairs.pairs);
        match copies::link_on(searched, &lists, &found, self.k, self.max_distance) {
            None => (pairs, found),
            Some(lists) => {
                let pairs = neighbor_pairs(&lists);
                let found = parts(lists.n_rows(), &pairs.pairs);
                (pairs, found)
            }
        }
    }
}

/// Of each row those that list the row's item too, or the first one where none does.
pub fn mutual(lists: &Csr<f32>) -> Csr<f32> {
    let mut out = Csr::default();
    for i in 0..lists.n_rows() {
        let (columns, lengths) = lists.row(i);
        let row = || columns.iter().copied().zip(lengths.iter().copied());
        let before = out.columns.len();
        out.push_row(row().filter(|&(j, _)| lists.row(j as usize).0.contains(&(i as u32))));
        if out.columns.len() == before {
            out.offsets.pop();
            out.push_row(row().take(1));
        }
    }
    out
}

/// Each edge divided by the root of its ends' scales: the distance to the item's `k`-th nearest, or its last.
pub fn by_local_scale(graph: &Graph, k: usize) -> Graph {
    let scale = |i: usize| {
        let lengths = graph.row(i).1;
        let at = k.min(lengths.len());
        // An edge of length 0 stays one; any scale will do for it.
        if at == 0 { 1.0 } else { f64::from(lengths[at - 1].max(f32::MIN_POSITIVE)) }
    };
    let scales: Vec<f64> = (0..graph.n_rows()).map(scale).collect();
    let mut out = Csr { columns: Vec::with_capacity(graph.len()), ..Csr::default() };
    out.values.reserve(graph.len());
    let mut row: Vec<(u32, f32)> = Vec::new();
    for i in 0..graph.n_rows() {
        let (columns, lengths) = graph.row(i);
        row.clear();
        row.extend(columns.iter().zip(lengths).map(|(&j, &d)| {
            // The product of both is the same from either end, to the bit.
            (j, (f64::from(d) / (scales[i] * scales[j as usize]).sqrt()) as f32)
        }));
        row.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        out.push_row(row.iter().copied());
    }
    out
}
