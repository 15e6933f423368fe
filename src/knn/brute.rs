//! Brute: the exact nearest of some rows among all, by looking at every one. O(n dim) for each.

use super::lists::{NONE, insert, key};
use super::metric::Rows;
use super::squared::two_by_four;
use crate::parallel;

/// Most rows in a unit of parallel work: searched for together, so that a tile is read from memory once for all.
const QUERIES: usize = 32;
/// Numbers in a tile of rows: with the queries it stays in the second level of the cache.
const TILE: usize = 1 << 16;

/// The `k` nearest of the rows `query(0)..query(n)` among the first `all` rows, themselves left out: n x `k` keys, [`NONE`]
/// at the end where there are fewer.
pub fn nearest(rows: &Rows, all: u32, n: usize, query: impl Fn(usize) -> u32 + Sync, k: usize) -> Vec<u64> {
    let mut keys = vec![NONE; n * k];
    let tile = (TILE / rows.width()).next_multiple_of(4).max(4);
    // A few rows are still shared among threads.
    let unit = n.div_ceil(4).next_multiple_of(2).min(QUERIES);
    parallel::for_each_part(&mut keys, unit * k, |start, lists| {
        let first = start / k;
        let count = lists.len() / k;
        for from in (0..all).step_by(tile) {
            let until = all.min(from + tile as u32);
            for q in (0..count).step_by(2) {
                // A row without a partner is searched for twice.
                let pair = [q, (q + 1).min(count - 1)];
                let ids = pair.map(|q| query(first + q));
                let searched = ids.map(|id| rows.row(id));
                for c in (from..until).step_by(4) {
                    let others = [c, c + 1, c + 2, c + 3].map(|c| c.min(until - 1));
                    let found = two_by_four(searched, others.map(|c| rows.row(c)));
                    for ((&q, &id), found) in pair.iter().zip(&ids).zip(found) {
                        let list = &mut lists[q * k..][..k];
                        for (other, d) in others.into_iter().zip(found) {
                            if other != id && key(d, other) < list[k - 1] {
                                insert(list, key(d, other));
                            }
                        }
                    }
                }
            }
        }
    });
    keys
}
