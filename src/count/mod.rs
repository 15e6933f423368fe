//! Count: how strongly items belong together, as sparse lists of each item's nearest.
//!
//! One item row at a time: walk the collections that hold the item, add up what each pair weighs in a dense scratch
//! row (`rows`), make similarities of the sums ([`similarity`]), keep the `max_neighbors` most similar (`top`), make
//! dissimilarities of those ([`dissimilarity`]). So the co-occurrence matrix, which can have hundreds of millions of
//! entries, never exists whole. Time is the sum over collections of size^2; scratch is a few rows of `n_items` per thread,
//! and of few items half the matrix (`triangle`).

pub mod dissimilarity;
pub mod distances;
pub mod formula;
pub mod latent;
mod options;
pub mod pair_weight;
pub mod preview;
mod rows;
pub mod similarity;
mod top;
mod triangle;

use crate::collect::Collections;
use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::parallel;
pub use dissimilarity::Dissimilarity;
pub use options::{CountOptions, Edges};
pub use pair_weight::{Normalization, PairWeight};
use similarity::Chance;
pub use similarity::Similarity;
use std::sync::Mutex;

/// Item rows in a unit of parallel work.
const ROWS: usize = 32;

/// Counts all of `collections` at once. See [`Status`] for the same in steps.
///
/// # Errors
/// Those of [`initialize`], and [`ErrorKind::NoEdges`] when no pair is in the domain of the dissimilarity.
pub fn count(collections: &Collections, options: &CountOptions) -> Result<Csr<f32>> {
    let mut status = initialize(collections, options)?;
    status.run(collections, collections.n_items());
    status.finish()
}

/// Ready to count `collections`, no row counted yet and no latent factors found. O(entries).
///
/// # Errors
/// [`ErrorKind::OptionOutOfRange`] for options that do not fit each other or the data, [`ErrorKind::BadRecipe`] for a column
/// that the rows do not have or a wrong formula.
pub fn initialize(collections: &Collections, options: &CountOptions) -> Result<Status> {
    options.check()?;
    let direct = collections.is_edges && options.edges == Edges::Direct;
    let status = |score, weigher: Option<pair_weight::Weigher>| Status {
        options: options.clone(),
        starting: None,
        score,
        triangle: weigher.as_ref().and_then(|weigher| triangle::Triangle::new(collections, weigher)),
        weigher,
        lists: Csr::default(),
        scratch: Mutex::default(),
    };
    if direct {
        if options.dissimilarity.needs_at_most_one()
            && collections.by_collection.values.iter().any(|&w| w > 1.0)
        {
            let legal = "\"inverse\", \"inverseLogPlusOne\" or \"inverseLog\" for edge weights above 1";
            return Err(options.dissimilarity.refused(legal));
        }
        return Ok(status(Score::Raw, None));
    }
    options.dissimilarity.check(options.similarity)?;
    let weigher = pair_weight::Weigher::new(collections, options)?;
    let own = || weigher.own(collections);
    let score = match options.similarity {
        Similarity::Raw => Score::Raw,
        Similarity::Cosine | Similarity::IdfCosine => {
            // Each root by itself: a product of two large counts would round.
            Score::Cosine(own().into_iter().map(f32::sqrt).collect())
        }
        Similarity::Jaccard => Score::Jaccard(own()),
        Similarity::Conditional => Score::Conditional(own()),
        Similarity::Pmi | Similarity::PositivePmi => {
            Score::Pmi(weigher.chance(collections, options.smoothing))
        }
        Similarity::Lift => Score::Lift(weigher.chance(collections, options.smoothing)),
        Similarity::LogLikelihood => Score::LogLikelihood(weigher.chance(collections, 0.0)),
        Similarity::Latent => {
            let starting = latent::Starting::new(collections, options, &weigher);
            return Ok(Status { starting: Some(starting), ..status(Score::Raw, Some(weigher)) });
        }
    };
    Ok(status(score, Some(weigher)))
}

/// What a similarity needs to know of all items.
enum Score {
    Raw,
    /// Roots of c_ii.
    Cosine(Vec<f32>),
    /// c_ii.
    Jaccard(Vec<f32>),
    /// c_ii.
    Conditional(Vec<f32>),
    Pmi(Chance),
    Lift(Chance),
    LogLikelihood(Chance),
    Latent(latent::Latent),
}

impl Score {
    /// From the co-occurrences of `item` with `others` to what orders them: the similarity, but for PMI, which takes
    /// its logarithms later, of what is kept. What is no similarity above 0 becomes 0 or less, or NaN.
    fn of(&self, item: usize, others: &[u32], values: &mut [f32]) {
        let each = |values: &mut [f32], of: &dyn Fn(usize, f32) -> f32| {
            others.iter().zip(values).for_each(|(&other, v)| *v = of(other as usize, *v));
        };
        match self {
            Score::Raw => {}
            Score::Cosine(root) => {
                let own = root[item];
                others.iter().zip(values).for_each(|(&other, v)| *v /= own * root[other as usize]);
            }
            Score::Jaccard(own) => {
                each(values, &|other, pair| pair / (own[item] + own[other] - pair).max(pair));
            }
            Score::Conditional(own) => each(values, &|_, pair| pair / own[item]),
            Score::Pmi(chance) => each(values, &|other, pair| {
                let lift = chance.lift(item, other, pair) as f32;
                if lift > 1.0 { lift } else { 0.0 }
            }),
            Score::Lift(chance) => each(values, &|other, pair| chance.lift(item, other, pair) as f32),
            Score::LogLikelihood(chance) => {
                each(values, &|other, pair| chance.log_likelihood(item, other, pair) as f32);
            }
            Score::Latent(latent) => latent.direct(item, others, values),
        }
    }

    /// The similarity of a score.
    fn similarity(&self, score: f32) -> f32 {
        match self {
            Score::Pmi(_) => libm::log(f64::from(score)) as f32,
            _ => score,
        }
    }
}

/// Counting under way: rows `0..done()` are counted.
pub struct Status {
    options: CountOptions,
    /// Latent factors, which the score waits for.
    starting: Option<latent::Starting>,
    score: Score,
    /// `None`: the weights of edges are the similarities.
    weigher: Option<pair_weight::Weigher>,
    /// The pairs counted once, where that is faster.
    triangle: Option<triangle::Triangle>,
    lists: Csr<f32>,
    /// Scratch rows that nobody uses just now: making one costs as much as counting a short row. They are left empty, so
    /// it does not matter which is taken.
    scratch: Mutex<Vec<Scratch>>,
}

#[derive(Default)]
struct Scratch {
    row: rows::Row,
    /// Whole rows out of the triangle.
    sums: Vec<f32>,
    top: top::Top,
}

impl Status {
    /// Rows counted so far.
    pub fn done(&self) -> usize {
        self.lists.n_rows()
    }

    /// The share of what comes before the first row that is done; none once rows are counted.
    pub fn starting(&self) -> Option<f64> {
        self.starting.as_ref().map(latent::Starting::share)
    }

    /// Whether rows are compared by latent factors, found or not.
    pub fn has_factors(&self) -> bool {
        self.starting.is_some() || matches!(self.score, Score::Latent(_))
    }

    /// Does a piece of what comes before the first row.
    pub fn start(&mut self, collections: &Collections) {
        match (self.starting.take(), &self.weigher) {
            (Some(mut starting), _) if !starting.is_done() => {
                starting.step();
                self.starting = Some(starting);
            }
            (Some(starting), Some(weigher)) => {
                self.score = Score::Latent(starting.finish(collections, &self.options, weigher));
            }
            _ => {}
        }
    }

    /// Counts on until row `until` (exclusive) is done. `collections` must be those of [`initialize`].
    pub fn run(&mut self, collections: &Collections, until: usize) {
        while self.starting.is_some() {
            self.start(collections);
        }
        let from = self.done();
        let until = until.min(collections.n_items()).max(from);
        if let (Some(triangle), Some(weigher)) = (&mut self.triangle, &self.weigher) {
            triangle.count(collections, weigher, from..until);
        }
        let this = &*self;
        let parts = parallel::map_chunks(until - from, ROWS, |rows| {
            let spare = this.scratch.lock().ok().and_then(|mut all| all.pop());
            let mut scratch = spare.unwrap_or_default();
            let mut part = Csr::default();
            let rows = from + rows.start..from + rows.end;
            if let Some(triangle) = &this.triangle {
                triangle.read(rows.clone(), &mut scratch.sums);
            }
            for (at, item) in rows.enumerate() {
                this.append_row(collections, item, at, &mut scratch, &mut part);
            }
            if let Ok(mut all) = this.scratch.lock() {
                all.push(scratch);
            }
            part
        });
        let more: usize = parts.iter().map(Csr::len).sum();
        self.lists.columns.reserve(more);
        self.lists.values.reserve(more);
        for part in parts {
            let start = self.lists.len();
            self.lists.columns.extend_from_slice(&part.columns);
            self.lists.values.extend_from_slice(&part.values);
            self.lists.offsets.extend(part.offsets[1..].iter().map(|end| start + end));
        }
    }

    /// Leaves the rows before `row` empty, where none is counted yet.
    pub(crate) fn skip(&mut self, row: usize) {
        self.lists.offsets.resize(row + 1, 0);
        // It needs the rows before.
        self.triangle = None;
    }

    /// As [`Status::finish`], be they empty.
    pub(crate) fn into_lists(self) -> Csr<f32> {
        self.lists
    }

    /// The lists: items x items, each row the item's nearest by dissimilarity, nearest first, ties in similarity by lower
    /// id. Not symmetric: j may be among i's nearest and i not among j's.
    ///
    /// # Errors
    /// [`ErrorKind::NoEdges`] when no pair is in the domain of the dissimilarity.
    pub fn finish(self) -> Result<Csr<f32>> {
        if self.lists.is_empty() {
            let reason = self.options.dissimilarity.domain().to_owned();
            return Err(Error::new(ErrorKind::NoEdges { reason }));
        }
        Ok(self.lists)
    }

    /// Appends the nearest of `item` to `part`; `at` is its place among the rows out of the triangle.
    fn append_row(
        &self,
        collections: &Collections,
        item: usize,
        at: usize,
        scratch: &mut Scratch,
        part: &mut Csr<f32>,
    ) {
        let Scratch { row, sums, top } = scratch;
        let n = collections.n_items();
        match &self.weigher {
            Some(_) if self.triangle.is_some() => row.take_sums(&sums[at * n..][..n]),
            Some(weigher) => row.count(collections, weigher, item),
            None => row.take_edges(collections, item),
        }
        self.score.of(item, &row.ids, &mut row.values);
        row.keep_positive();
        if let Score::Latent(latent) = &self.score {
            let likely = latent::LIKELY * self.options.max_neighbors as usize;
            if row.ids.len() > likely {
                let least = top.least_kept(&row.values, likely);
                row.keep(|v| v.to_bits() >= least);
            }
            latent.score(item, &row.ids, &mut row.values);
        }
        let dissimilarity = self.options.dissimilarity;
        // Equal counts come one after another, and logarithms are dear.
        let (mut last, mut length) = (f32::NAN, None);
        let keep = self.options.max_neighbors as usize;
        for (other, score) in top.select(&row.ids, &row.values, keep, row.ids_rise()) {
            if score != last {
                (last, length) = (score, dissimilarity.of(self.score.similarity(score)));
            }
            if let Some(length) = length {
                part.columns.push(other);
                part.values.push(length);
            }
        }
        part.offsets.push(part.columns.len());
    }
}
