//! Preview: what a pair weight makes of a few real pairs, before anything is counted.
//!
//! Pairs are drawn by seed: an entry of the data, then another of its collection, so that collections come up as often
//! as they hold rows. The first few are shown; of a thousand it is counted how many weigh nothing, and why.

use super::formula::{Formula, usable};
use crate::collect::Collections;
use crate::error::Result;
use crate::random::{Rng, Use};

/// Pairs drawn, to count those that weigh nothing.
const DRAWN: u64 = 1000;

/// What a pair weight makes of some pairs.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// A few of them, all different.
    pub pairs: Vec<PreviewPair>,
    /// How many were drawn in all.
    pub drawn: usize,
    /// How many of these weigh 0 as computed.
    pub zero: usize,
    /// How many count as 0 because the result is missing: no number, as from an empty field or 0 / 0.
    pub missing: usize,
    /// How many count as 0 because the result is below 0.
    pub negative: usize,
    /// How many count as 0 because the result is infinite or too large.
    pub infinite: usize,
}

/// A real pair and its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewPair {
    /// The two items, as numbers of kept items; the first is the lower.
    pub items: [u32; 2],
    /// The collection, a row of [`Collections::by_collection`].
    pub collection: u32,
    /// Kept items in the collection.
    pub size: u32,
    /// The weights of the two rows, 1 where the file has none.
    pub weights: [f32; 2],
    /// For each of the two, its values in [`Collections::row_columns`]; NaN = missing.
    pub values: [Vec<f64>; 2],
    /// What the pair weight gives.
    pub result: f64,
    /// What that counts as.
    pub weight: f32,
}

/// Shows up to `n` pairs and counts among a thousand. `weigh` gets the collection and the two entries of
/// [`Collections::by_collection`] and gives the pair's weight as computed. Time O(pairs drawn).
pub fn preview(
    collections: &Collections,
    n: usize,
    seed: u64,
    weigh: impl Fn(usize, usize, usize) -> f64,
) -> Preview {
    let entries = &collections.by_collection;
    let mut out = Preview::default();
    let mut shown: Vec<(usize, usize)> = Vec::new();
    for index in 0..DRAWN {
        let mut rng = Rng::stream(seed, Use::Preview, index);
        let Some((c, [a, b])) = draw(collections, &mut rng) else { continue };
        let result = weigh(c, a, b);
        out.drawn += 1;
        let kind = match result {
            _ if result.is_nan() => &mut out.missing,
            _ if result < 0.0 => &mut out.negative,
            _ if !(result as f32).is_finite() => &mut out.infinite,
            _ => &mut out.zero,
        };
        *kind += usize::from(usable(result) == 0.0);
        if shown.len() < n && !shown.contains(&(a, b)) {
            shown.push((a, b));
            let values = |entry| collections.row_columns.iter().map(|column| column.value(entry)).collect();
            out.pairs.push(PreviewPair {
                items: [entries.columns[a], entries.columns[b]],
                collection: c as u32,
                size: entries.row(c).0.len() as u32,
                weights: [entries.values[a], entries.values[b]],
                values: [values(a), values(b)],
                result,
                weight: usable(result),
            });
        }
    }
    out
}

/// The same for a formula.
///
/// # Errors
/// As [`Formula::parse`].
pub fn preview_formula(collections: &Collections, text: &str, n: usize, seed: u64) -> Result<Preview> {
    let columns = &collections.row_columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let formula = Formula::parse_with(text, &names, collections.weight_name.as_deref())?;
    let values = |entry: usize| columns.iter().map(|column| column.value(entry)).collect::<Vec<f64>>();
    let weight = |entry: usize| f64::from(collections.by_collection.values[entry]);
    Ok(preview(collections, n, seed, |c, a, b| {
        let size = collections.by_collection.row(c).0.len();
        formula.eval(&values(a), &values(b), weight(a), weight(b), size as f64)
    }))
}

/// A collection and two of its entries, the first item lower. `None` after a few that hold one item only.
fn draw(collections: &Collections, rng: &mut Rng) -> Option<(usize, [usize; 2])> {
    let offsets = &collections.by_collection.offsets;
    let n = u32::try_from(collections.by_collection.len()).unwrap_or(u32::MAX);
    // No entries at all: the data are vectors.
    (0..if n == 0 { 0 } else { 20 }).find_map(|_| {
        let entry = rng.below(n) as usize;
        let c = offsets.partition_point(|&start| start <= entry).checked_sub(1)?;
        let (start, size) = (offsets[c], offsets[c + 1] - offsets[c]);
        let step = 1 + rng.below(size.saturating_sub(1) as u32) as usize;
        let other = start + (entry - start + step) % size;
        (size > 1).then(|| (c, [entry.min(other), entry.max(other)]))
    })
}
