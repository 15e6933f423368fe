//! Graph: which items are near, as an undirected sparse graph; and from it the pairs that the embedding draws together.
//!
//! `preserve_neighbors` of PyMDE (Agrawal, Ali, Boyd 2021, section 3.4): each item's k nearest along the graph, found by
//! truncated shortest paths, become edges of weight 1, or 2 where both are among each other's nearest.

pub mod nearest;
pub mod shortest_path;

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// How the neighbor graph is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GraphOptions {
    /// Nearest neighbors of each item, itself not counted; from 1 to 1000. Larger values show more of the whole and
    /// less of the detail. `null`: 1 % of the possible pairs, between 5 and 15, as PyMDE. Default `null`.
    pub n_neighbors: Option<u32>,
    /// Paths longer than this are not followed, in units of the dissimilarity. `null`: 3 times the 75th percentile
    /// of all edge lengths, as PyMDE. Default `null`.
    pub max_distance: Option<f64>,
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

/// The undirected graph of `lists`: an edge wherever either item lists the other; the shorter length where they differ.
pub fn symmetrize(lists: &Csr<f32>) -> Graph {
    let back = lists.transpose(lists.n_rows());
    let mut graph = Csr { columns: Vec::with_capacity(lists.len() * 3 / 2), ..Csr::default() };
    graph.values.reserve(lists.len() * 3 / 2);
    let mut row: Vec<(u32, f32)> = Vec::new();
    for i in 0..lists.n_rows() {
        row.clear();
        for list in [lists.row(i), back.row(i)] {
            row.extend(list.0.iter().copied().zip(list.1.iter().copied()));
        }
        row.retain(|&(j, _)| j as usize != i);
        row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        row.dedup_by_key(|&mut (j, _)| j);
        row.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        graph.push_row(row.iter().copied());
    }
    graph
}

/// 3 times the 75th percentile of all edge lengths, each edge once, with linear interpolation between ranks.
pub fn default_max_distance(graph: &Graph) -> f32 {
    let mut lengths: Vec<f32> = graph.triples().filter(|&(i, j, _)| i < j).map(|(_, _, d)| d).collect();
    if lengths.is_empty() {
        return 0.0;
    }
    let rank = 0.75 * (lengths.len() - 1) as f64;
    let (below, fraction) = (rank.floor() as usize, rank.fract());
    let (_, &mut low, above) = lengths.select_nth_unstable_by(below, f32::total_cmp);
    let high = above.iter().copied().reduce(f32::min).unwrap_or(low);
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

/// The connected component of each of `n` items under `pairs`, numbered in order of their first item, and their sizes.
pub fn connected_components(n: usize, pairs: &[[u32; 2]]) -> (Vec<u32>, Vec<u32>) {
    let mut parent: Vec<u32> = (0..n as u32).collect();
    let find = |parent: &mut Vec<u32>, mut i: u32| {
        while parent[i as usize] != i {
            // Halving keeps the trees flat without recursion.
            parent[i as usize] = parent[parent[i as usize] as usize];
            i = parent[i as usize];
        }
        i
    };
    for &[i, j] in pairs {
        let (a, b) = (find(&mut parent, i), find(&mut parent, j));
        // The lower id becomes the root, so roots do not depend on the order of pairs.
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut component = vec![0; n];
    let mut sizes = Vec::new();
    for i in 0..n as u32 {
        let root = find(&mut parent, i);
        if root == i {
            component[i as usize] = sizes.len() as u32;
            sizes.push(1);
        } else {
            component[i as usize] = component[root as usize];
            sizes[component[i as usize] as usize] += 1;
        }
    }
    (component, sizes)
}
