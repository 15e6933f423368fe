//! Truncated shortest paths: each item's k nearest along the graph, exactly.
//!
//! Dijkstra (1959) from every item, but it stops after k items, and it never looks at a whole row: rows are sorted by
//! length, so one cursor per settled item gives its next candidate, and the heap holds at most k + 1 cursors. A source
//! costs O(k log k) plus the candidates that were settled before, in place of the whole graph: PyMDE's all-pairs
//! run followed by a cut gives the same neighbors (its paths are what made the seed author wait for hours). Lengths are
//! summed in f64, as PyMDE's are: in f32, rounding would make ties, and break others.

use super::Graph;
use crate::csr::Csr;
use crate::parallel;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Items in a unit of parallel work.
const ITEMS: usize = 64;

/// The `k` nearest of each item along `graph`, within `max_distance`: row i holds ids and path lengths, nearest first,
/// ties by lower id. Rows are shorter where fewer items can be reached.
pub fn nearest_along_graph(graph: &Graph, k: usize, max_distance: f32) -> Csr<f32> {
    let mut out = Csr::default();
    let n = graph.n_rows();
    append_nearest(graph, k, max_distance, n, &mut out);
    out
}

/// Does rows `out.n_rows()..until` of [`nearest_along_graph`] and appends them to `out`.
pub fn append_nearest(graph: &Graph, k: usize, max_distance: f32, until: usize, out: &mut Csr<f32>) {
    let from = out.n_rows();
    let parts = parallel::map_chunks(until.saturating_sub(from), ITEMS, |items| {
        let mut search = Search::default();
        let mut part = Csr::default();
        for item in items {
            search.run(graph, (from + item) as u32, k, max_distance);
            part.push_row(search.settled[1..].iter().map(|&(item, distance)| (item, distance as f32)));
        }
        part
    });
    for part in parts {
        for r in 0..part.n_rows() {
            let (columns, values) = part.row(r);
            out.push_row(columns.iter().copied().zip(values.iter().copied()));
        }
    }
}

/// The next candidate of one settled item: `item`, at `distance` from the source, by the edge at `at` of row `via`.
struct Cursor {
    distance: f64,
    item: u32,
    via: u32,
    at: u32,
}

impl Ord for Cursor {
    /// Nearest first out of a max-heap, ties by lower id, then by lower `via` to make it total.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .distance
            .total_cmp(&self.distance)
            .then(other.item.cmp(&self.item))
            .then(other.via.cmp(&self.via))
    }
}

impl PartialOrd for Cursor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cursor {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cursor {}

#[derive(Default)]
struct Search {
    heap: BinaryHeap<Cursor>,
    /// The source at distance 0, then the settled items, nearest first.
    settled: Vec<(u32, f64)>,
}

impl Search {
    fn run(&mut self, graph: &Graph, source: u32, k: usize, max_distance: f32) {
        self.heap.clear();
        self.settled.clear();
        self.settled.push((source, 0.0));
        self.push(graph, source, 0.0, 0);
        while self.settled.len() <= k {
            let Some(next) = self.heap.pop() else { break };
            if next.distance > f64::from(max_distance) {
                break;
            }
            let base = self.distance(next.via).unwrap_or_default();
            self.push(graph, next.via, base, next.at + 1);
            if self.distance(next.item).is_none() {
                self.settled.push((next.item, next.distance));
                self.push(graph, next.item, next.distance, 0);
            }
        }
    }

    /// The distance of a settled item. A scan: there are at most k + 1, and no table needs clearing between sources.
    fn distance(&self, item: u32) -> Option<f64> {
        self.settled.iter().find(|&&(i, _)| i == item).map(|&(_, d)| d)
    }

    /// The first candidate of row `via` from edge `at` on that is not settled.
    fn push(&mut self, graph: &Graph, via: u32, base: f64, at: u32) {
        let (columns, lengths) = graph.row(via as usize);
        for e in at as usize..columns.len() {
            if self.distance(columns[e]).is_none() {
                let distance = base + f64::from(lengths[e]);
                let cursor = Cursor { distance, item: columns[e], via, at: e as u32 };
                self.heap.push(cursor);
                return;
            }
        }
    }
}
