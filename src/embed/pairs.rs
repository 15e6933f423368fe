//! Pairs: those to push apart, and those whose distances along the graph are kept.

use crate::graph::Graph;
use crate::parallel;
use crate::random::{Rng, Use};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// `count` different pairs i < j, uniform among those not in `similar` (sorted), themselves sorted; fewer when there are
/// not so many. Drawn once, as PyMDE does. All at once; see [`Drawing`] for the same in steps.
pub fn dissimilar_pairs(n_items: usize, similar: &[[u32; 2]], count: usize, seed: u64) -> Vec<[u32; 2]> {
    let mut drawing = Drawing::new(n_items, similar, count, seed);
    while drawing.step(similar) {}
    drawing.pairs
}

/// Pairs drawn by a step.
const DRAWN: usize = 1 << 16;

/// The drawing of [`dissimilar_pairs`] under way.
pub(super) struct Drawing {
    rng: Rng,
    n: u32,
    count: usize,
    /// Draws left until the pairs are sorted.
    left: usize,
    /// The pairs so far; at the end, all.
    pub(super) pairs: Vec<[u32; 2]>,
}

impl Drawing {
    /// Nothing drawn, but where most pairs are wanted, so that there are few of them: then all is.
    pub(super) fn new(n_items: usize, similar: &[[u32; 2]], count: usize, seed: u64) -> Self {
        let n = n_items as u32;
        // 64 bits: from 65,537 items on the product does not fit the 32 of wasm.
        let all = n_items as u64 * n_items.saturating_sub(1) as u64 / 2;
        let left = all - similar.len() as u64;
        let mut rng = Rng::stream(seed, Use::DissimilarPairs, 0);
        if count as u64 >= left / 2 {
            // n is small: list the rest and take a random part of it (Fisher and Yates).
            let is_similar = |pair: &[u32; 2]| similar.binary_search(pair).is_ok();
            let mut rest: Vec<_> =
                (0..n).flat_map(|i| (i + 1..n).map(move |j| [i, j])).filter(|p| !is_similar(p)).collect();
            let count = count.min(rest.len());
            for i in 0..count {
                let j = i + rng.below((rest.len() - i) as u32) as usize;
                rest.swap(i, j);
            }
            rest.truncate(count);
            rest.sort_unstable();
            return Drawing { rng, n, count, left: 0, pairs: rest };
        }
        Drawing { rng, n, count, left: count, pairs: Vec::with_capacity(count) }
    }

    /// Draws on; returns whether there is more to do. `similar` must be that of [`Drawing::new`].
    pub(super) fn step(&mut self, similar: &[[u32; 2]]) -> bool {
        let now = self.left.min(DRAWN);
        for _ in 0..now {
            let (i, j) = (self.rng.below(self.n), self.rng.below(self.n));
            let pair = [i.min(j), i.max(j)];
            if i != j && similar.binary_search(&pair).is_err() {
                self.pairs.push(pair);
            }
        }
        self.left -= now;
        if self.left == 0 && now > 0 {
            self.pairs.sort_unstable();
            self.pairs.dedup();
            self.left = self.count - self.pairs.len();
        }
        self.left > 0
    }
}

/// Edges that all searches for distances together look at, about: 2e9 take some 20 seconds on one core.
const EDGE_VISITS: usize = 2_000_000_000;
/// Searches in a unit of parallel work.
const SOURCES: usize = 4;

/// At most `most` pairs i < j, sorted, and the length of the shortest path between each along `graph`. Pairs that no path
/// connects are left out.
///
/// A source's distances come by Dijkstra's search (1959) over the whole graph. Where every item can be a source, the
/// pairs are all, or a uniform sample, as PyMDE's `preserve_distances` takes. In graphs where that would be more than
/// about 2e9 edges looked at, only a random part of the items are sources, at least 64, and every pair kept has one of
/// them at an end (as the pivots of Ortmann, Klimenta, Brandes 2017): each item still is held to
/// the same number of far points, and the cost stays bounded.
pub fn path_pairs(graph: &Graph, most: usize, seed: u64) -> (Vec<[u32; 2]>, Vec<f32>) {
    let n = graph.n_rows();
    let n_sources = n.min((EDGE_VISITS / graph.len().max(1)).max(64));
    let sources = some_items(n, n_sources, seed);
    let mut is_source = vec![false; n];
    sources.iter().for_each(|&s| is_source[s as usize] = true);
    // A pair of two sources belongs to the lower one.
    let of_source = |s: u32| {
        let is_source = &is_source;
        (0..n as u32).filter(move |&t| t != s && !(is_source[t as usize] && t < s))
    };
    let all = n_sources as u64 * n.saturating_sub(1) as u64
        - n_sources as u64 * n_sources.saturating_sub(1) as u64 / 2;
    let share = (most as f64 / all.max(1) as f64).min(1.0);
    let parts = parallel::map_chunks(n_sources, SOURCES, |range| {
        let mut found: Vec<([u32; 2], f32)> = Vec::new();
        for &s in &sources[range] {
            let lengths = path_lengths(graph, s);
            let mut left = of_source(s).count();
            let mut wanted = (share * left as f64).floor() as usize;
            let mut rng = Rng::stream(seed, Use::DistancePairs, u64::from(s));
            for t in of_source(s) {
                // Selection sampling (Knuth, volume 2, 3.4.2, algorithm S): exactly `wanted` of those left.
                if wanted == left || (rng.below(left as u32) as usize) < wanted {
                    wanted -= 1;
                    if lengths[t as usize].is_finite() {
                        found.push(([s.min(t), s.max(t)], lengths[t as usize]));
                    }
                }
                left -= 1;
            }
        }
        found
    });
    let mut found = parts.concat();
    found.sort_unstable_by_key(|&(pair, _)| pair);
    found.into_iter().unzip()
}

/// `count` of `n` items, rising.
fn some_items(n: usize, count: usize, seed: u64) -> Vec<u32> {
    let mut items: Vec<u32> = (0..n as u32).collect();
    let mut rng = Rng::stream(seed, Use::DistanceSources, 0);
    for i in 0..count.min(n.saturating_sub(1)) {
        let j = i + rng.below((n - i) as u32) as usize;
        items.swap(i, j);
    }
    items.truncate(count);
    items.sort_unstable();
    items
}

/// The length of the shortest path from `source` to each item; infinite where there is none.
fn path_lengths(graph: &Graph, source: u32) -> Vec<f32> {
    let mut lengths = vec![f32::INFINITY; graph.n_rows()];
    lengths[source as usize] = 0.0;
    // Bits of numbers from 0 upward rise as the numbers do.
    let mut heap = BinaryHeap::from([Reverse((0u32, source))]);
    while let Some(Reverse((bits, item))) = heap.pop() {
        let base = f32::from_bits(bits);
        if base > lengths[item as usize] {
            continue;
        }
        let (others, edges) = graph.row(item as usize);
        for (&other, &edge) in others.iter().zip(edges) {
            let length = base + edge;
            if length < lengths[other as usize] {
                lengths[other as usize] = length;
                heap.push(Reverse((length.to_bits(), other)));
            }
        }
    }
    lengths
}
