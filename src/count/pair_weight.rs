//! Pair weight: what a collection adds to the co-occurrence of two of its items.
//!
//! The product of two factors: one of the pair's two rows (1, product of their weights, how close a column's values are, or
//! the user's own formula), and one of the collection's size, so that huge collections do not rule. A row whose column is empty
//! adds nothing.

use super::CountOptions;
use super::formula::{Formula, usable};
use crate::collect::{Collections, EntryColumn};
use crate::error::{Error, ErrorKind, Result};
use crate::math;
use crate::read::RowColumnKind;
use serde::{Deserialize, Serialize};

/// What the two rows of a pair weigh together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PairWeight {
    /// 1: weights in the file are ignored.
    One,
    /// The product of the two rows' weights, each read off `ratingCurve` if there is one. The same as `one` where the
    /// file has no weights and there is no curve.
    Product,
    /// 2 (1 - r / range) where r = |a - b| / max(|a|, |b|) is at most `range`, else 0, of a column's values a and b: 2
    /// for equal values. The osu! beatmap atlas' recipe, there with the score's points.
    Closeness,
    /// exp(-(r / range)^2 / 2), with the same r.
    Gaussian,
    /// 2^(-|a - b| / halfLife), such as of two times: pairs of the same evening count more.
    HalfLife,
    /// What `formula` gives; what is not above 0 counts as 0.
    Formula,
}

/// What a collection of n kept items multiplies its pairs by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Normalization {
    /// 1: a collection adds to n (n - 1) / 2 pairs, so large ones rule.
    None,
    /// 1 / (n - 1): each of its rows has the same say.
    InverseSize,
    /// 1 / ln n, between the two.
    InverseLog,
}

impl Normalization {
    /// The factor of a collection of `size` items. One item makes no pair; in sums over rows it counts as two.
    pub fn of(self, size: usize) -> f64 {
        let size = size.max(2) as f64;
        match self {
            Normalization::None => 1.0,
            Normalization::InverseSize => 1.0 / (size - 1.0),
            Normalization::InverseLog => 1.0 / libm::log(size),
        }
    }
}

/// The rows' part, with what it needs of the rows looked up. Slices are by entry of `by_collection`.
pub(super) enum Rows {
    One,
    /// Amounts read off the curve; `None`: the weights as they are.
    Product(Option<Vec<f32>>),
    /// Values, and by what r is multiplied.
    Closeness(Vec<f32>, f32),
    Gaussian(Vec<f32>, f32),
    /// Values, and by what |a - b| is multiplied.
    HalfLife(Vec<f32>, f32),
    Formula(Formula),
}

/// The pair weights of one data set.
pub(super) struct Weigher {
    pub rows: Rows,
    /// Each collection's factor. Empty: 1 for all.
    pub factor: Vec<f32>,
}

/// `1 - r / range`, twice, and 0 below. NaN (an empty column) gives 0.
#[inline]
pub(super) fn closeness(a: f32, b: f32, scale: f32) -> f32 {
    (2.0 - 2.0 * relative(a, b) * scale).max(0.0)
}

#[inline]
pub(super) fn gaussian(a: f32, b: f32, scale: f32) -> f32 {
    let x = relative(a, b) * scale;
    if x >= 0.0 { math::exp(-0.5 * x * x) } else { 0.0 }
}

#[inline]
pub(super) fn half_life(a: f32, b: f32, rate: f32) -> f32 {
    let x = (a - b).abs() * rate;
    if x >= 0.0 { math::exp(-x) } else { 0.0 }
}

/// |a - b| / max(|a|, |b|); 0 where both are 0; NaN where either is.
#[inline]
fn relative(a: f32, b: f32) -> f32 {
    let apart = (a - b).abs();
    if apart == 0.0 { 0.0 } else { apart / a.abs().max(b.abs()) }
}

/// What one entry's columns are, for a formula.
pub(super) fn column_values(collections: &Collections, entry: usize, out: &mut Vec<f64>) {
    out.clear();
    out.extend(collections.row_columns.iter().map(|c| c.origin + f64::from(c.values[entry])));
}

impl Weigher {
    /// The pair weights of `options` for `collections`.
    ///
    /// # Errors
    /// [`ErrorKind::BadRecipe`] when the column is not there, or the formula is missing or wrong.
    pub fn new(collections: &Collections, options: &CountOptions) -> Result<Weigher> {
        let rows = match options.pair_weight {
            PairWeight::One => Rows::One,
            PairWeight::Product => Rows::Product(options.rating_curve.as_ref().map(|curve| {
                collections.by_collection.values.iter().map(|&w| along(curve, f64::from(w)) as f32).collect()
            })),
            PairWeight::Closeness => {
                Rows::Closeness(values(collections, options)?, 1.0 / options.range as f32)
            }
            PairWeight::Gaussian => Rows::Gaussian(values(collections, options)?, 1.0 / options.range as f32),
            PairWeight::HalfLife => {
                // Differences: the origin does not matter, and without it f32 is precise enough for times.
                let values = column(collections, options)?.values.clone();
                Rows::HalfLife(values, (std::f64::consts::LN_2 / options.half_life) as f32)
            }
            PairWeight::Formula => {
                let names: Vec<&str> = collections.row_columns.iter().map(|c| c.name.as_str()).collect();
                let problem = "The pair weight \"formula\" needs count.formula.".to_owned();
                let text =
                    options.formula.as_ref().ok_or_else(|| Error::new(ErrorKind::BadRecipe { problem }))?;
                Rows::Formula(Formula::parse_with(text, &names, collections.weight_name.as_deref())?)
            }
        };
        let idf = matches!(options.similarity, super::Similarity::IdfCosine | super::Similarity::Latent);
        let mut factor = Vec::new();
        if idf || options.normalization != Normalization::None {
            let n = collections.n_items() as f64;
            let sizes = collections.by_collection.offsets.windows(2).map(|w| w[1] - w[0]);
            factor.extend(sizes.map(|size| {
                let idf = if idf { libm::log((1.0 + n) / (0.5 + size as f64)) } else { 1.0 };
                (options.normalization.of(size) * idf * idf) as f32
            }));
        }
        Ok(Weigher { rows, factor })
    }

    /// The factor of collection `c`.
    #[inline]
    pub fn factor(&self, c: usize) -> f32 {
        self.factor.get(c).copied().unwrap_or(1.0)
    }

    /// The rows' part for the entries `a` and `b` of collection `c`: one by one, for sums over rows and for previews.
    /// Counting has loops of its own.
    pub fn pair(&self, collections: &Collections, c: usize, a: usize, b: usize) -> f32 {
        let weights = &collections.by_collection.values;
        match &self.rows {
            Rows::One => 1.0,
            Rows::Product(None) => weights[a] * weights[b],
            Rows::Product(Some(amounts)) => amounts[a] * amounts[b],
            Rows::Closeness(values, scale) => closeness(values[a], values[b], *scale),
            Rows::Gaussian(values, scale) => gaussian(values[a], values[b], *scale),
            Rows::HalfLife(values, rate) => half_life(values[a], values[b], *rate),
            Rows::Formula(formula) => {
                let (mut x, mut y) = (Vec::new(), Vec::new());
                column_values(collections, a, &mut x);
                column_values(collections, b, &mut y);
                let size = collections.by_collection.row(c).0.len();
                usable(formula.eval(&x, &y, f64::from(weights[a]), f64::from(weights[b]), size as f64))
            }
        }
    }

    /// The amount of an entry: see [`super::similarity`].
    pub fn amount(&self, collections: &Collections, entry: usize) -> f32 {
        match &self.rows {
            Rows::One | Rows::Formula(_) => 1.0,
            Rows::Product(None) => collections.by_collection.values[entry],
            Rows::Product(Some(amounts)) => amounts[entry],
            Rows::Closeness(values, _) | Rows::Gaussian(values, _) | Rows::HalfLife(values, _) => {
                f32::from(!values[entry].is_nan())
            }
        }
    }

    /// c_ii of each item.
    pub fn own(&self, collections: &Collections) -> Vec<f32> {
        let sums = self.sums(collections, |c, e| self.pair(collections, c, e, e));
        sums.into_iter().map(|sum| sum as f32).collect()
    }

    /// m_i of each item, N, and the unit of pairs: see [`super::similarity`].
    pub fn chance(&self, collections: &Collections, smoothing: f64) -> super::similarity::Chance {
        let mut marginals = self.sums(collections, |_, e| self.amount(collections, e));
        let all = &collections.by_collection;
        let held = (0..all.n_rows()).filter(|&c| all.offsets[c + 1] > all.offsets[c]);
        let total = held.map(|c| f64::from(self.factor(c))).sum();
        let unit = match &self.rows {
            Rows::One => 1.0,
            Rows::Product(_) => {
                let largest = (0..all.len()).map(|e| self.amount(collections, e)).fold(0.0, f32::max);
                let largest = if largest > 0.0 { f64::from(largest) } else { 1.0 };
                marginals.iter_mut().for_each(|m| *m /= largest);
                largest * largest
            }
            _ => self.mean_pair(collections),
        };
        super::similarity::Chance { marginals, total, unit, smoothing }
    }

    fn sums(&self, collections: &Collections, of: impl Fn(usize, usize) -> f32) -> Vec<f64> {
        let mut sums = vec![0.0; collections.n_items()];
        let all = &collections.by_collection;
        for c in 0..all.n_rows() {
            let factor = f64::from(self.factor(c));
            for e in all.offsets[c]..all.offsets[c + 1] {
                sums[all.columns[e] as usize] += factor * f64::from(of(c, e));
            }
        }
        sums
    }

    /// What a pair of two rows that have the column weighs on average, collections counting by their factor: each row
    /// with up to 16 others of its collection, evenly spread, so that huge collections cost no more than their rows.
    fn mean_pair(&self, collections: &Collections) -> f64 {
        const OTHERS: usize = 16;
        let all = &collections.by_collection;
        let (mut sum, mut pairs) = (0.0, 0.0);
        for c in 0..all.n_rows() {
            let (start, n) = (all.offsets[c], all.offsets[c + 1] - all.offsets[c]);
            let others = OTHERS.min(n.saturating_sub(1));
            // Each sampled pair stands for as many as there are.
            let weight = f64::from(self.factor(c)) * (n.saturating_sub(1)) as f64 / others.max(1) as f64;
            for a in 0..n {
                for s in 0..others {
                    let b = (a + 1 + s * (n - 1) / others) % n;
                    let both = self.amount(collections, start + a) * self.amount(collections, start + b);
                    pairs += weight * f64::from(both);
                    sum += weight * f64::from(self.pair(collections, c, start + a, start + b));
                }
            }
        }
        if sum > 0.0 { sum / pairs } else { 1.0 }
    }
}

/// The piecewise linear curve through `points` at `x`: 0 below the first, as the last above it.
fn along(points: &[[f64; 2]], x: f64) -> f64 {
    let after = points.partition_point(|p| p[0] <= x);
    match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
        (None, _) => 0.0,
        (Some([_, y]), None) => y,
        (Some([x0, y0]), Some([x1, y1])) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
    }
}

/// The column that the options name.
fn column<'a>(collections: &'a Collections, options: &CountOptions) -> Result<&'a EntryColumn> {
    let columns = &collections.row_columns;
    let time = options.pair_weight == PairWeight::HalfLife;
    let found = match &options.column {
        Some(name) => columns.iter().find(|c| c.name == *name),
        None if time => columns.iter().find(|c| c.kind == RowColumnKind::Time).or(columns.first()),
        None => columns.first(),
    };
    found.ok_or_else(|| {
        let names: Vec<String> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
        let has = match names.len() {
            0 => "the rows have no such column".to_owned(),
            _ => format!("the rows have: {}", names.join(", ")),
        };
        let wants = options.column.as_ref().map_or("a column of numbers".to_owned(), |n| format!("\"{n}\""));
        let problem = format!("The pair weight needs {wants} in the rows (count.column); {has}.");
        Error::new(ErrorKind::BadRecipe { problem })
    })
}

/// The column's values, its origin added: `closeness` compares them with their size.
fn values(collections: &Collections, options: &CountOptions) -> Result<Vec<f32>> {
    let column = column(collections, options)?;
    Ok(column.values.iter().map(|&v| (column.origin + f64::from(v)) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Twice 1 - (1/4) / (1/2).
        assert_eq!(closeness(75.0, 100.0, 2.0), 1.0);
        assert_eq!(closeness(-4.0, -4.0, 2.0), 2.0);
        assert_eq!(closeness(0.0, 0.0, 2.0), 2.0);
        assert_eq!(closeness(10.0, 100.0, 2.0), 0.0);
        assert!((gaussian(75.0, 100.0, 4.0) - 0.606_530_66).abs() < 1e-6);
        assert!((half_life(3.0, 33.0, std::f32::consts::LN_2 / 15.0) - 0.25).abs() < 1e-6);
        for (a, b) in [(f32::NAN, 0.0), (0.0, f32::NAN), (f32::NAN, f32::NAN), (1.0, f32::NAN)] {
            assert_eq!(closeness(a, b, 2.0), 0.0);
            assert_eq!(gaussian(a, b, 2.0), 0.0);
            assert_eq!(half_life(a, b, 2.0), 0.0);
        }
    }

    #[test]
    fn curve_by_hand() {
        let anime = [[6.0, 0.5], [7.0, 3.3], [8.0, 6.5], [9.0, 9.1], [10.0, 10.1]];
        assert_eq!([5.9, 6.0, 9.0, 10.0, 11.0].map(|x| along(&anime, x)), [0.0, 0.5, 9.1, 10.1, 10.1]);
        assert!((along(&anime, 7.5) - 4.9).abs() < 1e-12);
    }

    #[test]
    fn normalization_by_hand() {
        assert_eq!(Normalization::InverseSize.of(5), 0.25);
        assert_eq!(Normalization::InverseSize.of(1), 1.0);
        assert!((Normalization::InverseLog.of(2) - std::f64::consts::LOG2_E).abs() < 1e-15);
    }
}
