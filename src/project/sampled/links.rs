//! Links: the nearest of each sampled item among the sample, along the lists of all items.
//!
//! Paths of few steps, the shortest found: a sampled item's neighbors are mostly not sampled, their neighbors' neighbors
//! enough are. Exact distances would need the vectors, which not every map is made of; how the sample lies as a whole does not
//! depend on the difference.

use crate::csr::Csr;
use crate::parallel;
use std::sync::Mutex;

/// Most steps of a path.
const HOPS: usize = 4;
/// A search ends when it has seen so many entries of lists.
const VISITS: usize = 1 << 14;
/// Items searched from in a step, and in a unit of parallel work.
const ITEMS: usize = 1 << 9;
const CHUNK: usize = 64;

/// No distance yet.
const FAR: f32 = f32::INFINITY;

/// The lists of the sample, as far as they are made.
pub struct Links {
    k: usize,
    lists: Csr<f32>,
    /// Distances that nobody uses just now, all [`FAR`]: one of all items for each thread.
    scratch: Mutex<Vec<Vec<f32>>>,
}

impl Links {
    /// For `k` neighbors of each.
    pub fn new(k: usize) -> Self {
        Links { k, lists: Csr::default(), scratch: Mutex::default() }
    }

    /// Items done.
    pub fn done(&self) -> usize {
        self.lists.n_rows()
    }

    /// Does a step. `nearest` are the lists of all items, `ids` the sampled ones, rising, and `rank_of` the place of each item
    /// in `ids`, or `u32::MAX`.
    pub fn step(&mut self, nearest: &Csr<f32>, ids: &[u32], rank_of: &[u32]) {
        let first = self.done();
        let count = ITEMS.min(ids.len() - first);
        let this = &*self;
        let rows = parallel::map_chunks(count, CHUNK, |chunk| {
            let spare = this.scratch.lock().ok().and_then(|mut all| all.pop());
            let mut scratch = spare.unwrap_or_else(|| vec![FAR; nearest.n_rows()]);
            let of = |c: usize| linked(nearest, ids[first + c], rank_of, this.k, &mut scratch);
            let rows: Vec<_> = chunk.map(of).collect();
            if let Ok(mut all) = this.scratch.lock() {
                all.push(scratch);
            }
            rows
        });
        rows.into_iter().flatten().for_each(|row| self.lists.push_row(row));
    }

    /// Row r: the nearest of `ids[r]`, as ranks, nearest first, ties by lower rank.
    pub fn finish(self) -> Csr<f32> {
        self.lists
    }
}

/// The `k` nearest sampled items of `source`. `distances` are [`FAR`] before and after.
fn linked(
    nearest: &Csr<f32>,
    source: u32,
    rank_of: &[u32],
    k: usize,
    distances: &mut [f32],
) -> Vec<(u32, f32)> {
    distances[source as usize] = 0.0;
    let mut reached = vec![source];
    let (mut from, mut found, mut visits) = (0, 0, 0);
    for _ in 0..HOPS {
        let until = reached.len();
        for r in from..until {
            if visits >= VISITS {
                break;
            }
            let (columns, lengths) = nearest.row(reached[r] as usize);
            let here = distances[reached[r] as usize];
            visits += columns.len();
            for (&j, &d) in columns.iter().zip(lengths) {
                let at = &mut distances[j as usize];
                if *at == FAR {
                    reached.push(j);
                    found += usize::from(rank_of[j as usize] != u32::MAX);
                }
                *at = at.min(here + d);
            }
        }
        from = until;
        if found >= k || visits >= VISITS || from == reached.len() {
            break;
        }
    }
    let sampled = reached[1..].iter().map(|&j| (rank_of[j as usize], distances[j as usize]));
    let mut row: Vec<(u32, f32)> = sampled.filter(|&(rank, _)| rank != u32::MAX).collect();
    row.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    row.truncate(k);
    reached.iter().for_each(|&j| distances[j as usize] = FAR);
    row
}
