//! Vector neighbors: the exact nearest of vectors in any number of dimensions, by comparing all with all.
//!
//! O(n^2 dim). A step takes some items at a time, so that it can be shown and stopped. Where parts are given, neighbors are of
//! the same part.

use crate::csr::Csr;
use crate::pack::Parts;
use crate::parallel;

/// Pairs compared in a step.
const PAIRS: usize = 1 << 23;
/// Items in a unit of parallel work.
const ITEMS: usize = 4;
/// Numbers side by side.
const LANES: usize = 8;

/// A search under way.
pub struct Status {
    /// Row-major, padded to a multiple of 8.
    vectors: Vec<f32>,
    width: usize,
    members: Csr<()>,
    of_item: Vec<u32>,
    k: usize,
    lists: Csr<f32>,
}

/// Ready to find the `k` nearest of each of `x` (row-major n x `dim`) within its part.
pub fn initialize(x: &[f32], dim: usize, k: usize, parts: &Parts) -> Status {
    let width = dim.next_multiple_of(LANES);
    let mut vectors = vec![0.0; x.len() / dim * width];
    for (row, from) in vectors.chunks_exact_mut(width).zip(x.chunks_exact(dim)) {
        row[..dim].copy_from_slice(from);
    }
    let (members, of_item) = (parts.members(), parts.of_item.clone());
    Status { vectors, width, members, of_item, k, lists: Csr::default() }
}

impl Status {
    /// Items done.
    pub fn done(&self) -> usize {
        self.lists.n_rows()
    }

    /// Items in all.
    pub fn n_items(&self) -> usize {
        self.of_item.len()
    }

    /// Does a step: as many items as make about eight million pairs.
    pub fn step(&mut self) {
        let (from, n) = (self.done(), self.n_items());
        let count = (PAIRS / n.max(1)).next_multiple_of(ITEMS).min(n - from);
        let this = &*self;
        let rows = parallel::map_chunks(count, ITEMS, |items| {
            items.map(|i| this.nearest(from + i)).collect::<Vec<_>>()
        });
        rows.into_iter().flatten().for_each(|row| self.lists.push_row(row));
    }

    /// The `k` nearest of `item` and their distances, nearest first, ties by lower id.
    fn nearest(&self, item: usize) -> Vec<(u32, f32)> {
        let own = self.row(item);
        let mut found: Vec<(f32, u32)> = Vec::with_capacity(self.k + 1);
        for &other in self.members.row(self.of_item[item] as usize).0 {
            if other as usize == item {
                continue;
            }
            let squared = squared_distance(own, self.row(other as usize));
            // Ids rise, so of equals the first ones stay.
            if found.len() == self.k {
                if found.last().is_none_or(|last| squared >= last.0) {
                    continue;
                }
                found.pop();
            }
            let at = found.partition_point(|f| f.0 <= squared);
            found.insert(at, (squared, other));
        }
        found.into_iter().map(|(squared, other)| (other, squared.sqrt())).collect()
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.vectors[i * self.width..][..self.width]
    }

    /// Row i: the nearest of i, nearest first.
    pub fn finish(self) -> Csr<f32> {
        self.lists
    }
}

/// All at once, see [`initialize`].
pub fn nearest(x: &[f32], dim: usize, k: usize, parts: &Parts) -> Csr<f32> {
    let mut status = initialize(x, dim, k, parts);
    while status.done() < status.n_items() {
        status.step();
    }
    status.finish()
}

#[inline]
fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for l in 0..LANES {
            let d = a[l] - b[l];
            sums[l] += d * d;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}
