//! Count: in how many collections two items stand together, as sparse lists of each item's nearest.
//!
//! One item row at a time: walk the collections that hold the item, add up their items in a dense scratch
//! row, keep the `max_neighbors` most similar. So the co-occurrence matrix, which can have hundreds of millions of
//! entries, never exists. Time is the sum over collections of size^2; scratch is one row of `n_items` per thread.

pub mod formula;
pub mod preview;
pub mod similarity;

use crate::collect::Collections;
use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::parallel;
use serde::{Deserialize, Serialize};
pub use similarity::{Dissimilarity, Similarity};

/// What a collection adds to the co-occurrence of two of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PairWeight {
    /// 1: weights in the file are ignored.
    One,
    /// The product of the two rows' weights. The same as `one` where the file has no weights.
    Product,
}

/// How pairs are counted and compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CountOptions {
    /// What each collection adds to a pair. Default `one`.
    pub pair_weight: PairWeight,
    /// Similarity of two items. Default `cosine`, so that popular items do not rule.
    pub similarity: Similarity,
    /// From similarity to the length of a graph edge. Default `oneMinus`.
    pub dissimilarity: Dissimilarity,
    /// How many of the most similar items are kept for each item, from 1 to 100,000. Larger values make the graph
    /// denser and cost memory: 8 bytes a pair. Default 256.
    pub max_neighbors: u32,
}

impl Default for CountOptions {
    fn default() -> Self {
        CountOptions {
            pair_weight: PairWeight::One,
            similarity: Similarity::Cosine,
            dissimilarity: Dissimilarity::OneMinus,
            max_neighbors: 256,
        }
    }
}

impl CountOptions {
    /// Checks every option's range, and that the formulas fit each other.
    pub fn check(&self) -> Result<()> {
        if !(1..=100_000).contains(&self.max_neighbors) {
            let (option, value) = ("count.maxNeighbors", self.max_neighbors.to_string());
            return Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal: "from 1 to 100000" }));
        }
        self.dissimilarity.check(self.similarity)
    }
}

/// Item rows in a unit of parallel work: enough to pay for a scratch row.
const ROWS: usize = 32;

/// Counts all of `collections` at once. See [`Status`] for the same in steps.
///
/// # Errors
/// [`ErrorKind::NoEdges`] when no pair is in the domain of the dissimilarity.
pub fn count(collections: &Collections, options: &CountOptions) -> Result<Csr<f32>> {
    let mut status = initialize(collections, options)?;
    status.run(collections, collections.n_items());
    status.finish()
}

/// Ready to count `collections`, no row counted yet.
pub fn initialize(collections: &Collections, options: &CountOptions) -> Result<Status> {
    options.check()?;
    let own = (0..collections.n_items())
        .map(|i| match options.pair_weight {
            PairWeight::One => collections.by_item.row(i).0.len() as f32,
            PairWeight::Product => collections.by_item.row(i).1.iter().map(|w| w * w).sum(),
        })
        .collect();
    Ok(Status { options: options.clone(), own, lists: Csr::default() })
}

/// Counting under way: rows `0..done()` are counted.
pub struct Status {
    options: CountOptions,
    /// Each item's co-occurrence with itself.
    own: Vec<f32>,
    lists: Csr<f32>,
}

impl Status {
    /// Rows counted so far.
    pub fn done(&self) -> usize {
        self.lists.n_rows()
    }

    /// Counts on until row `until` (exclusive) is done. `collections` must be those of [`initialize`].
    pub fn run(&mut self, collections: &Collections, until: usize) {
        let from = self.done();
        let until = until.min(collections.n_items());
        let this = &*self;
        let parts = parallel::map_chunks(until.saturating_sub(from), ROWS, |rows| {
            let mut scratch = Scratch::new(collections.n_items());
            let mut part = Csr::default();
            for row in rows {
                this.count_row(collections, from + row, &mut scratch);
                part.push_row(scratch.found.iter().copied());
            }
            part
        });
        for part in parts {
            for row in 0..part.n_rows() {
                let (columns, values) = part.row(row);
                self.lists.push_row(columns.iter().copied().zip(values.iter().copied()));
            }
        }
    }

    /// The lists: items x items, each row the item's nearest by dissimilarity, nearest first, ties by lower id.
    /// Not symmetric: j may be among i's nearest and i not among j's.
    pub fn finish(self) -> Result<Csr<f32>> {
        if self.lists.is_empty() {
            let reason = self.options.dissimilarity.domain().to_owned();
            return Err(Error::new(ErrorKind::NoEdges { reason }));
        }
        Ok(self.lists)
    }

    /// Leaves the nearest items of `item` in `scratch.found`, nearest first.
    fn count_row(&self, collections: &Collections, item: usize, scratch: &mut Scratch) {
        let (holders, weights) = collections.by_item.row(item);
        for (&c, &own_weight) in holders.iter().zip(weights) {
            let (items, weights) = collections.by_collection.row(c as usize);
            match self.options.pair_weight {
                PairWeight::One => scratch.add(items, |_| 1.0),
                PairWeight::Product if own_weight > 0.0 => scratch.add(items, |e| own_weight * weights[e]),
                PairWeight::Product => {}
            }
        }
        scratch.found.clear();
        for &other in &scratch.touched {
            let pair = std::mem::take(&mut scratch.sums[other as usize]);
            if other as usize == item || pair <= 0.0 {
                continue;
            }
            let (own, others) = (self.own[item], self.own[other as usize]);
            scratch.found.push((other, self.options.similarity.of(pair, own, others)));
        }
        scratch.touched.clear();
        let nearer = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let keep = self.options.max_neighbors as usize;
        if scratch.found.len() > keep {
            scratch.found.select_nth_unstable_by(keep - 1, nearer);
            scratch.found.truncate(keep);
        }
        scratch.found.sort_unstable_by(nearer);
        scratch.found.retain_mut(|(_, value)| match self.options.dissimilarity.of(*value) {
            Some(dissimilarity) => {
                *value = dissimilarity;
                true
            }
            None => false,
        });
    }
}

/// A dense row of sums that knows which entries it touched.
struct Scratch {
    sums: Vec<f32>,
    touched: Vec<u32>,
    found: Vec<(u32, f32)>,
}

impl Scratch {
    fn new(n_items: usize) -> Self {
        Scratch { sums: vec![0.0; n_items], touched: Vec::new(), found: Vec::new() }
    }

    #[inline]
    fn add(&mut self, items: &[u32], weight: impl Fn(usize) -> f32) {
        for (e, &other) in items.iter().enumerate() {
            let sum = &mut self.sums[other as usize];
            if *sum == 0.0 {
                self.touched.push(other);
            }
            *sum += weight(e);
        }
    }
}
