//! Knn: the k nearest neighbors of vectors.
//!
//! Few rows are compared with every other ([`brute`], exact); many go by NN-descent ([`descent`]), which finds nearly all
//! neighbors in a time that hardly grows faster than the rows. How nearly is measured, not promised: [`Nearest::recall`] of
//! a sample of rows that are searched exactly. The same vectors, options and seed give the same bits on any number of
//! threads.

pub mod brute;
pub mod descent;
pub mod forest;
pub mod join;
pub mod lists;
pub mod metric;
pub mod sketch;
pub mod squared;

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::random::{Rng, Use};
use descent::Descent;
pub use metric::Metric;
use metric::Rows;
use serde::{Deserialize, Serialize};

/// Most rows that are compared with every other where the search is [`Search::Auto`]: beyond, NN-descent is faster.
pub const FEW: usize = 8192;
/// Rows that the recall is measured on.
const SAMPLE: usize = 128;
/// Rows searched exactly in a step of work.
const EXACT: usize = 64;

/// How the nearest are searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Search {
    /// Exact up to [`FEW`] rows, or where that many are wanted that it is as fast; else approximate.
    #[default]
    Auto,
    /// Every row is compared with every other.
    Exact,
    /// NN-descent.
    Approximate,
}

/// What is searched, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Nearest neighbors of each row, itself not counted. At least 1.
    pub k: usize,
    /// What near means.
    pub metric: Metric,
    /// How they are searched.
    pub search: Search,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Row i: the nearest of i and their distances, nearest first, ties by lower id; i itself is left out.
    pub lists: Csr<f32>,
    /// The share of the true nearest neighbors that were found, on a sample; 1 where the search is exact.
    pub recall: f64,
}

/// A search under way.
pub struct Status {
    rows: Rows,
    k: usize,
    seed: u64,
    by: By,
}

enum By {
    /// The keys of the rows done.
    Brute(Vec<u64>),
    Descent(Descent),
}

/// Ready to search the nearest of `vectors`, row-major n x `dim`. O(n dim).
///
/// # Errors
/// [`ErrorKind::TooFewItems`] for fewer than two rows; [`ErrorKind::OptionOutOfRange`] for a number that is not finite, or
/// more than 2^31 rows.
pub fn initialize(vectors: &[f32], dim: usize, options: Options, seed: u64) -> Result<Status> {
    let n = vectors.len() / dim.max(1);
    if n < 2 {
        return Err(Error::new(ErrorKind::TooFewItems { found: n, kept: n, min_collections: 1 }));
    }
    let refuse =
        |option, value: String, legal| Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }));
    if n > lists::MOST_ROWS {
        return refuse("vectors", n.to_string(), "at most 2147483648 rows");
    }
    if let Some(value) = vectors.iter().find(|v| !v.is_finite()) {
        return refuse("vectors", value.to_string(), "finite numbers");
    }
    let rows = Rows::new(vectors, dim, options.metric);
    let k = options.k.clamp(1, n - 1);
    let exact = match options.search {
        // Descent compares a row with about k^2 others in each of a few rounds.
        Search::Auto => n <= FEW.max(8 * k * k),
        Search::Exact => true,
        Search::Approximate => false,
    };
    let by = if exact { By::Brute(Vec::new()) } else { By::Descent(Descent::new(&rows, k, seed)) };
    Ok(Status { rows, k, seed, by })
}

/// All at once: see [`Status`] for the same in steps.
///
/// # Errors
/// Those of [`initialize`].
pub fn nearest(vectors: &[f32], dim: usize, options: Options, seed: u64) -> Result<Nearest> {
    let mut status = initialize(vectors, dim, options, seed)?;
    status.run(usize::MAX);
    Ok(status.finish())
}

impl Status {
    /// Steps done.
    pub fn done(&self) -> usize {
        match &self.by {
            By::Brute(keys) => (keys.len() / self.k).div_ceil(EXACT),
            By::Descent(descent) => descent.done(),
        }
    }

    /// Steps in all, as far as they can be foreseen.
    pub fn total(&self) -> usize {
        match &self.by {
            By::Brute(_) => self.rows.len().div_ceil(EXACT),
            By::Descent(descent) => descent.total(&self.rows),
        }
    }

    /// Whether all are found.
    pub fn is_done(&self) -> bool {
        self.done() >= self.total()
    }

    /// Goes on until step `until`, or the end.
    pub fn run(&mut self, until: usize) {
        while self.done() < until && !self.is_done() {
            match &mut self.by {
                By::Brute(keys) => {
                    let first = keys.len() / self.k;
                    let count = EXACT.min(self.rows.len() - first);
                    keys.extend(brute::nearest(&self.rows, count, |q| (first + q) as u32, self.k));
                }
                By::Descent(descent) => descent.step(&self.rows),
            }
        }
    }

    /// The lists, and how good they are.
    pub fn finish(self) -> Nearest {
        let (keys, kept, recall) = match self.by {
            By::Brute(keys) => (keys, self.k, 1.0),
            By::Descent(descent) => {
                let recall = recall(&self.rows, &descent.lists, descent.k, self.k, self.seed);
                (descent.lists, descent.k, recall)
            }
        };
        let mut lists = Csr::default();
        for row in keys.chunks_exact(kept) {
            let found = row[..self.k].iter().filter(|&&key| key != lists::NONE);
            lists.push_row(
                found.map(|&key| (lists::id(key), self.rows.distance(lists::squared_distance(key)))),
            );
        }
        Nearest { lists, recall }
    }
}

/// The share of the `k` nearest that the first `k` of the n x `kept` keys hold, on a sample. One as near as the k-th
/// nearest is as good.
fn recall(rows: &Rows, keys: &[u64], kept: usize, k: usize, seed: u64) -> f64 {
    let n = rows.len();
    let count = SAMPLE.min(n);
    // Evenly, from a random first one.
    let first = Rng::stream(seed, Use::KnnSample, 0).below(n as u32) as usize;
    let query = |q: usize| ((first + q * n / count) % n) as u32;
    let exact = brute::nearest(rows, count, query, k);
    let mut found = 0;
    for (q, exact) in exact.chunks_exact(k).enumerate() {
        let worst = lists::squared_distance(exact[k - 1]);
        let row = &keys[query(q) as usize * kept..][..k];
        found += row.iter().filter(|&&key| lists::squared_distance(key) <= worst).count();
    }
    found as f64 / (count * k) as f64
}
