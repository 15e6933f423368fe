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
pub mod parts;
pub mod principal;
pub mod products;
pub mod reduce;
pub mod sketch;
pub mod squared;
#[cfg(target_arch = "x86_64")]
mod wide;

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::parallel;
use crate::random::{Rng, Use};
use descent::Descent;
pub use metric::Metric;
use metric::Rows;
use products::Compared;
pub use reduce::Reduce;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Most rows that are compared with every other where the search is [`Search::Auto`]: beyond, NN-descent is faster.
pub const FEW: usize = 8192;
/// Rows that the recall is measured on.
const SAMPLE: usize = 64;
/// Numbers read in a step of exact search, about, and the most rows in one.
const EXACT: usize = 1 << 28;
const MOST_EXACT: usize = 64;

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

impl Options {
    /// The `k` nearest by Euclidean distance.
    pub fn euclidean(k: usize) -> Options {
        Options { k, metric: Metric::Euclidean, search: Search::Auto }
    }
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
    compared: Compared,
    k: usize,
    seed: u64,
    /// `None`: every row is searched exactly.
    descent: Option<Descent>,
    /// The keys of the rows searched exactly so far: all, or the sample that the recall is measured on.
    exact: Vec<u64>,
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
    // Of numbers without a sign those that are not finite have the largest bits: a maximum is found many at a time.
    let largest =
        |part: Range<usize>| vectors[part].iter().map(|v| v.abs().to_bits() as i32).fold(0, i32::max);
    if parallel::map_chunks(vectors.len(), metric::NUMBERS, largest)
        .into_iter()
        .any(|bits| bits > f32::MAX.to_bits() as i32)
        && let Some(value) = vectors.iter().find(|v| !v.is_finite())
    {
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
    let descent = (!exact).then(|| Descent::new(&rows, k, seed));
    Ok(Status { compared: Compared::new(rows), k, seed, descent, exact: Vec::new() })
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

/// The `k` nearest of every row from `n_known` on among the rows before it, exactly: distances, nearest first, ties by lower
/// id. `vectors` is row-major n x `dim`, finite.
pub fn nearest_among_first(
    vectors: &[f32],
    dim: usize,
    metric: Metric,
    n_known: usize,
    k: usize,
) -> Csr<f32> {
    let rows = Rows::new(vectors, dim, metric);
    let k = k.clamp(1, n_known.max(1));
    let n = rows.len().saturating_sub(n_known);
    let keys = brute::nearest(&rows, n_known as u32, n, |q| (n_known + q) as u32, k);
    let mut lists = Csr::default();
    for row in keys.chunks_exact(k) {
        let found = row.iter().filter(|&&key| key != lists::NONE);
        lists.push_row(found.map(|&key| (lists::id(key), rows.distance(lists::squared_distance(key)))));
    }
    lists
}

impl Status {
    /// Steps done.
    pub fn done(&self) -> usize {
        self.descent.as_ref().map_or(0, Descent::done) + (self.exact.len() / self.k).div_ceil(self.at_once())
    }

    /// Steps in all, as far as they can be foreseen.
    pub fn total(&self) -> usize {
        let descent = self.descent.as_ref().map_or(0, |descent| descent.total(&self.compared.rows));
        descent + self.wanted().div_ceil(self.at_once())
    }

    /// Whether all are found.
    pub fn is_done(&self) -> bool {
        self.done() >= self.total()
    }

    /// Goes on until step `until`, or the end.
    pub fn run(&mut self, until: usize) {
        while self.done() < until && !self.is_done() {
            let first = self.exact.len() / self.k;
            if first < self.wanted() {
                let count = self.at_once().min(self.wanted() - first);
                let rows = &self.compared.rows;
                let found = brute::nearest(rows, rows.len() as u32, count, |q| self.query(first + q), self.k);
                self.exact.extend(found);
                if first + count == self.wanted() {
                    self.prepare_descent();
                }
            } else if let Some(descent) = &mut self.descent {
                descent.step(&mut self.compared);
            }
        }
    }

    /// Has the descent take products if the sample says that these do.
    fn prepare_descent(&mut self) {
        let last = |(q, found): (usize, &[u64])| (self.query(q), lists::squared_distance(found[self.k - 1]));
        if self.compared.products_do(self.exact.chunks_exact(self.k).enumerate().map(last))
            && let Some(descent) = &mut self.descent
        {
            descent.take_products();
        }
    }

    /// The lists, and how good they are.
    pub fn finish(self) -> Nearest {
        let (keys, kept, recall) = match &self.descent {
            None => (&self.exact, self.k, 1.0),
            Some(descent) => (&descent.lists, descent.k, self.recall(descent)),
        };
        let order = self.descent.as_ref().map_or(&[][..], Descent::order);
        let named = |place: usize| order.get(place).map_or(place as u32, |&row| row);
        let mut place_of = vec![0; self.compared.rows.len()];
        (0..self.compared.rows.len()).for_each(|place| place_of[named(place) as usize] = place);
        let mut lists = Csr::default();
        let mut found = Vec::new();
        for place in place_of {
            let row = keys[place * kept..][..self.k].iter().filter(|&&key| key != lists::NONE);
            found.clear();
            found.extend(row.map(|&k| lists::key(lists::squared_distance(k), named(lists::id(k) as usize))));
            found.sort_unstable();
            let distance = |key| self.compared.rows.distance(lists::squared_distance(key));
            lists.push_row(found.iter().map(|&key| (lists::id(key), distance(key))));
        }
        Nearest { lists, recall }
    }

    /// Rows that are searched exactly.
    fn wanted(&self) -> usize {
        if self.descent.is_some() { SAMPLE.min(self.compared.rows.len()) } else { self.compared.rows.len() }
    }

    /// Rows searched exactly in a step.
    fn at_once(&self) -> usize {
        (EXACT / (self.compared.rows.len() * self.compared.rows.width())).clamp(16, MOST_EXACT)
    }

    /// Row number `q` of those searched exactly: all, or evenly spread from a random first one.
    fn query(&self, q: usize) -> u32 {
        if self.descent.is_none() {
            return q as u32;
        }
        let n = self.compared.rows.len();
        let first = Rng::stream(self.seed, Use::KnnSample, 0).below(n as u32) as usize;
        ((first + q * n / self.wanted()) % n) as u32
    }

    /// The share of the nearest of the sample that the search found. One as near as the last of them is as good.
    fn recall(&self, descent: &Descent) -> f64 {
        let mut found = 0;
        let mut place_of = vec![0; self.compared.rows.len()];
        descent.order().iter().zip(0..).for_each(|(&row, place)| place_of[row as usize] = place);
        for (q, exact) in self.exact.chunks_exact(self.k).enumerate() {
            let worst = lists::squared_distance(exact[self.k - 1]);
            let row = &descent.lists[place_of[self.query(q) as usize] * descent.k..][..self.k];
            found += row.iter().filter(|&&key| lists::squared_distance(key) <= worst).count();
        }
        found as f64 / self.exact.len() as f64
    }
}
