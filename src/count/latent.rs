//! Latent: similarity by latent factors and by what is shared directly, together.
//!
//! Items stand as rows over the collections, weighted by idf and of length 1. Their leading singular vectors (latent
//! semantic analysis; Deerwester et al. 1990) say in a few numbers what kind of collections an item is in, so two items
//! may be alike although few collections hold both. What they do share, the idf cosine of the same rows, says more where
//! data is sparse. The similarity is the mean of the two cosines, each in units of its standard deviation over all pairs of
//! items: so the one that tells items apart better leads, and it need not be said which (weights from 1 : 2 on dense
//! ratings to 1 : 20 on film credits). At most 1; pairs that never co-occur are not looked at. A negative cosine of factors
//! counts as 0, so that every pair that co-occurs is similar, be it ever so little.

mod svd;

pub(crate) use svd::Svd;

use super::CountOptions;
use super::pair_weight::Weigher;
use super::rows::Row;
use crate::collect::Collections;
use crate::csr::Csr;
use crate::error::Result;
use crate::matrix::gram;
use crate::parallel;

/// The similarity is taken of the others with the largest idf cosine, this many times as many as are kept: in large
/// collections nearly all items meet nearly all others, and the factors of each would have to be looked at.
pub(super) const LIKELY: usize = 4;
/// Rows that the spread of the direct cosine is measured on.
const SAMPLE: usize = 256;
/// Items in a unit of parallel work.
const ITEMS: usize = 512;

/// The items' factors, and how to mix.
pub struct Latent {
    /// Row-major n_items x `width`, each row of length 1 (or 0).
    factors: Vec<f32>,
    width: usize,
    /// Roots of c_ii.
    roots: Vec<f32>,
    /// Weights of the two cosines; they sum to 1.
    mix: [f32; 2],
}

impl Latent {
    /// The factors of `collections`, whose collections `weigher` weights by idf.
    pub(super) fn new(collections: &Collections, options: &CountOptions, weigher: &Weigher) -> Latent {
        let n = collections.n_items();
        let rows = unit_rows(collections, weigher);
        let width = options.factors as usize;
        let mut factors = svd::left_factors(rows, collections.by_collection.n_rows(), width);
        parallel::for_each_part(&mut factors, ITEMS * width, |_, part| {
            for row in part.chunks_exact_mut(width) {
                let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
                if norm > 0.0 {
                    row.iter_mut().for_each(|v| *v /= norm);
                }
            }
        });
        let roots: Vec<f32> = weigher.own(collections).into_iter().map(f32::sqrt).collect();
        let latent = spread_of_factors(&factors, n, width);
        let direct = spread_of_direct(collections, weigher, &roots);
        let share = if latent > 0.0 { direct / (latent + direct) } else { 0.0 };
        Latent { factors, width, roots, mix: [share as f32, (1.0 - share) as f32] }
    }

    /// Replaces what each of `others` shares with `item` by its idf cosine.
    pub fn direct(&self, item: usize, others: &[u32], values: &mut [f32]) {
        let root = self.roots[item];
        others.iter().zip(values).for_each(|(&other, v)| *v /= root * self.roots[other as usize]);
    }

    /// Replaces idf cosines by the similarity.
    pub fn score(&self, item: usize, others: &[u32], values: &mut [f32]) {
        let of = |i: usize| &self.factors[i * self.width..][..self.width];
        let own = of(item);
        for (&other, value) in others.iter().zip(values) {
            let latent = dot(own, of(other as usize)).max(0.0);
            *value = (self.mix[0] * latent + self.mix[1] * *value).min(1.0);
        }
    }
}

/// The factors of `collections` under way, `width` of them (a multiple of 8): the items' rows over the collections, weighted
/// by idf and of length 1, taken apart into U S V^T.
///
/// # Errors
/// As those of the pair weights in `options`.
pub(crate) fn factors(collections: &Collections, options: &CountOptions, width: usize) -> Result<Svd> {
    let by_idf = CountOptions { similarity: super::Similarity::Latent, ..options.clone() };
    let rows = unit_rows(collections, &Weigher::new(collections, &by_idf)?);
    Ok(Svd::new(rows, collections.by_collection.n_rows(), width))
}

/// Eight sums side by side, in SIMD lanes; rows are a multiple of 8 long.
#[inline]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for l in 0..8 {
            sums[l] += a[l] * b[l];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// Items x collections: amount times the root of the collection's factor, each row of length 1.
fn unit_rows(collections: &Collections, weigher: &Weigher) -> Csr<f32> {
    let all = &collections.by_collection;
    let mut rows =
        Csr { values: vec![0.0; all.len()], columns: all.columns.clone(), offsets: all.offsets.clone() };
    for c in 0..all.n_rows() {
        let root = weigher.factor(c).sqrt();
        for e in all.offsets[c]..all.offsets[c + 1] {
            // Weights near the largest number would become infinite.
            rows.values[e] = (weigher.amount(collections, e) * root).min(f32::MAX);
        }
    }
    let mut rows = rows.transpose(collections.n_items());
    for i in 0..rows.n_rows() {
        let row = &mut rows.values[rows.offsets[i]..rows.offsets[i + 1]];
        let norm = row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
        if norm > 0.0 {
            row.iter_mut().for_each(|v| *v = (f64::from(*v) / norm) as f32);
        }
    }
    rows
}

/// The standard deviation of `sum / pairs` values whose squares sum to `squares`.
fn deviation(sum: f64, squares: f64, pairs: f64) -> f64 {
    let mean = sum / pairs;
    (squares / pairs - mean * mean).max(0.0).sqrt()
}

/// The standard deviation of the cosines of all pairs of rows, by their Gram matrix: sum over pairs of (f_i . f_j)^2 is the
/// squared norm of F^T F.
fn spread_of_factors(factors: &[f32], n: usize, width: usize) -> f64 {
    let gram = gram(factors, width);
    let own: f64 = (0..width).map(|k| gram[k * width + k]).sum();
    let mut total = vec![0.0f64; width];
    for row in factors.chunks_exact(width) {
        total.iter_mut().zip(row).for_each(|(t, &v)| *t += f64::from(v));
    }
    let sum = total.iter().map(|t| t * t).sum::<f64>() - own;
    let squares = gram.iter().map(|g| g * g).sum::<f64>() - own;
    deviation(sum, squares, n as f64 * (n as f64 - 1.0))
}

/// The standard deviation of the direct cosines of all pairs with an item of an even sample.
fn spread_of_direct(collections: &Collections, weigher: &Weigher, roots: &[f32]) -> f64 {
    let n = collections.n_items();
    let sample = n.min(SAMPLE);
    let parts = parallel::map_chunks(sample, 8, |part| {
        let (mut row, mut sums) = (Row::default(), [0.0f64; 2]);
        for item in part.map(|s| s * n / sample) {
            row.count(collections, weigher, item);
            for (&other, &pair) in row.ids.iter().zip(&row.values) {
                let cosine = f64::from(pair / (roots[item] * roots[other as usize]));
                if other as usize != item && cosine.is_finite() {
                    sums[0] += cosine;
                    sums[1] += cosine * cosine;
                }
            }
        }
        sums
    });
    let sum = |k: usize| parts.iter().map(|sums| sums[k]).sum::<f64>();
    deviation(sum(0), sum(1), sample as f64 * (n as f64 - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::{Similarity, initialize};

    /// Two kinds of items that share collections within their kind only.
    fn two_kinds() -> Collections {
        let mut triples = Vec::new();
        for c in 0..40u32 {
            let kind = c % 2;
            for k in 0..6u32 {
                triples.push((c, kind * 15 + (c * 7 + k * k * 3 + k) % 15, 1.0f32));
            }
        }
        triples.sort_by_key(|&(c, i, _)| (c, i));
        triples.dedup_by_key(|&mut (c, i, _)| (c, i));
        let by_collection = Csr::from_triples(40, triples.into_iter());
        let by_item = by_collection.transpose(30);
        Collections { items: (0..30).collect(), by_collection, by_item, ..Collections::default() }
    }

    #[test]
    fn kinds_come_out() {
        let collections = two_kinds();
        let options = CountOptions { similarity: Similarity::Latent, factors: 16, ..CountOptions::default() };
        let mut status = initialize(&collections, &options).unwrap();
        status.run(&collections, 30);
        let lists = status.finish().unwrap();
        assert!(lists.triples().all(|(i, j, d)| i / 15 == j / 15 && d > 0.0));
    }

    #[test]
    fn spreads_are_those_of_all_pairs() {
        let collections = two_kinds();
        let options = CountOptions { similarity: Similarity::Latent, factors: 16, ..CountOptions::default() };
        let weigher = Weigher::new(&collections, &options).unwrap();
        let latent = Latent::new(&collections, &options, &weigher);
        let rows = unit_rows(&collections, &weigher);
        let cosine = |i: usize, j: usize| {
            let (a, b) = (rows.row(i), rows.row(j));
            let at = |c: &u32| b.0.iter().position(|d| d == c).map_or(0.0, |p| f64::from(b.1[p]));
            a.0.iter().zip(a.1).map(|(c, &v)| f64::from(v) * at(c)).sum::<f64>()
        };
        let of = |i: usize| &latent.factors[i * 16..][..16];
        let pairs = || (0..30).flat_map(|i| (0..30).filter(move |&j| j != i).map(move |j| (i, j)));
        let spread = |values: Vec<f64>| {
            deviation(values.iter().sum(), values.iter().map(|v| v * v).sum(), values.len() as f64)
        };
        let direct = spread(pairs().map(|(i, j)| cosine(i, j)).collect());
        let factors = spread(pairs().map(|(i, j)| f64::from(dot(of(i), of(j)))).collect());
        let share = direct / (direct + factors);
        assert!((f64::from(latent.mix[0]) - share).abs() < 1e-5, "{:?} {share}", latent.mix);
    }
}
