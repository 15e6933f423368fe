//! Triangle: co-occurrences of few items that meet often, each pair counted once.
//!
//! Where a pair weighs the same from either end, c_ij = c_ji to the bit: the same numbers are added in the same order, that of the
//! collections. So row i is counted from i + 1 on, and what comes before stands in the rows above it. That halves the work,
//! sum over collections of size^2, for n (n - 1) / 2 numbers kept meanwhile.

use super::pair_weight::{Rows, Weigher};
use crate::collect::Collections;
use crate::parallel;
use std::ops::Range;

/// Items at most: 64 MiB of numbers.
const MOST_ITEMS: usize = 5793;
/// Fewest additions to a number, on average: below, reading the numbers back takes what is saved.
const LEAST_ADDED: u64 = 8;
/// Collections from which on a sum of ones might not be exact.
const MOST_COLLECTIONS: usize = 1 << 24;
/// Items in a unit of parallel work.
const ITEMS: usize = 16;

/// The rows counted so far, one after the other, row i from i + 1 on.
pub(super) struct Triangle {
    n: usize,
    sums: Vec<f32>,
    /// For each entry of `by_item`, where in `by_collection` what comes after it in its collection starts: to look for
    /// that would take as long as the adding.
    after: Vec<u32>,
}

impl Triangle {
    /// `None` where rows had better be counted by themselves: pairs of unlike ends, many items, or items that seldom meet.
    pub fn new(collections: &Collections, weigher: &Weigher) -> Option<Triangle> {
        let (n, by_collection) = (collections.n_items(), &collections.by_collection);
        let fits = n <= MOST_ITEMS
            && by_collection.n_rows() < MOST_COLLECTIONS
            && u32::try_from(by_collection.len()).is_ok();
        if !fits || !matches!(weigher.rows, Rows::One) {
            return None;
        }
        let pairs = |items: usize| items as u64 * (items as u64).saturating_sub(1) / 2;
        let added: u64 = by_collection.offsets.windows(2).map(|w| pairs(w[1] - w[0])).sum();
        (added >= LEAST_ADDED * pairs(n)).then(|| Triangle::of(collections))
    }

    fn of(collections: &Collections) -> Triangle {
        // Both lists rise, so items come by in the order in which each collection holds them.
        let mut next: Vec<u32> =
            collections.by_collection.offsets.iter().map(|&start| start as u32).collect();
        let after = collections.by_item.columns.iter().map(|&c| {
            next[c as usize] += 1;
            next[c as usize]
        });
        Triangle { n: collections.n_items(), after: after.collect(), sums: Vec::new() }
    }

    /// Where row `i` starts in `sums`: n - 1, n - 2, ... are the lengths of those before.
    fn start(&self, i: usize) -> usize {
        (i * (2 * self.n - i) - i) / 2
    }

    /// Counts `rows`, which follow those counted so far.
    pub fn count(&mut self, collections: &Collections, weigher: &Weigher, rows: Range<usize>) {
        let parts = parallel::map_chunks(rows.len(), ITEMS, |chunk| {
            let chunk = rows.start + chunk.start..rows.start + chunk.end;
            let mut part = vec![0.0f32; self.start(chunk.end) - self.start(chunk.start)];
            let mut rest = &mut part[..];
            for item in chunk {
                let (row, later) = rest.split_at_mut(self.n - item - 1);
                rest = later;
                self.add(collections, weigher, item, row);
            }
            part
        });
        parts.iter().for_each(|part| self.sums.extend_from_slice(part));
    }

    /// Adds up what `item` weighs with each item after it.
    fn add(&self, collections: &Collections, weigher: &Weigher, item: usize, row: &mut [f32]) {
        let (of_item, of_collection) = (&collections.by_item, &collections.by_collection);
        let entries = of_item.offsets[item]..of_item.offsets[item + 1];
        for (&c, &after) in of_item.columns[entries.clone()].iter().zip(&self.after[entries]) {
            let factor = weigher.factor(c as usize);
            let items = &of_collection.columns[after as usize..of_collection.offsets[c as usize + 1]];
            if factor > 0.0 {
                items.iter().for_each(|&other| row[other as usize - item - 1] += factor);
            }
        }
    }

    /// Leaves the whole rows `rows` in `out`, one after the other, 0 for an item with itself. All up to the last of
    /// them must have been counted.
    pub fn read(&self, rows: Range<usize>, out: &mut Vec<f32>) {
        out.clear();
        out.resize(rows.len() * self.n, 0.0);
        // A few columns of the rows above, side by side: one by one each number would be a miss of the cache.
        for above in 0..rows.end.saturating_sub(1) {
            let first = rows.start.max(above + 1);
            let found = &self.sums[self.start(above)..][first - above - 1..rows.end - above - 1];
            let places = out[(first - rows.start) * self.n + above..].iter_mut().step_by(self.n);
            places.zip(found).for_each(|(place, &sum)| *place = sum);
        }
        for (item, out) in rows.zip(out.chunks_exact_mut(self.n)) {
            out[item + 1..].copy_from_slice(&self.sums[self.start(item)..self.start(item + 1)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::rows::Row;
    use crate::count::{CountOptions, Normalization, PairWeight, Similarity};
    use crate::csr::Csr;
    use crate::random::{Rng, Use};

    /// Collections of up to 12 of `n` items; items after the first 8 are rare.
    fn collections(rng: &mut Rng, n: u32) -> Collections {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for _ in 0..40 {
            let item = |rng: &mut Rng| if rng.below(3) == 0 { rng.below(n) } else { rng.below(n.min(8)) };
            let mut row: Vec<u32> = (0..rng.below(12)).map(|_| item(rng)).collect();
            row.sort_unstable();
            row.dedup();
            rows.push(row);
        }
        let triples = (0..).zip(&rows).flat_map(|(c, row)| row.iter().map(move |&item| (c, item, 1.0f32)));
        let by_collection = Csr::from_triples(rows.len(), triples);
        let by_item = by_collection.transpose(n as usize);
        Collections { items: (0..n).collect(), by_collection, by_item, ..Collections::default() }
    }

    #[test]
    fn each_row_has_the_bits_of_one_counted_by_itself() {
        for index in 0..60 {
            let mut rng = Rng::stream(4, Use::Test, index);
            let n = 1 + rng.below(70);
            let collections = collections(&mut rng, n);
            let similarity = if index % 2 == 0 { Similarity::Latent } else { Similarity::Jaccard };
            let normalization = if index % 3 == 0 { Normalization::InverseLog } else { Normalization::None };
            let options = CountOptions { similarity, normalization, ..CountOptions::default() };
            let weigher = Weigher::new(&collections, &options).unwrap();
            let mut triangle = Triangle::of(&collections);
            let (mut alone, mut row, mut sums, mut done) = (Row::default(), Row::default(), Vec::new(), 0);
            while done < n as usize {
                let until = (done + 1 + rng.below(40) as usize).min(n as usize);
                triangle.count(&collections, &weigher, done..until);
                triangle.read(done..until, &mut sums);
                for (item, sums) in (done..until).zip(sums.chunks(n as usize)) {
                    row.take_sums(sums);
                    alone.count(&collections, &weigher, item);
                    let pairs = |row: &Row| {
                        let values = row.values.iter().map(|v| v.to_bits());
                        let mut pairs: Vec<_> = row.ids.iter().copied().zip(values).collect();
                        pairs.sort_unstable();
                        pairs
                    };
                    assert_eq!(pairs(&row), pairs(&alone), "item {item} of {n}");
                    assert!(row.ids.windows(2).all(|w| w[0] < w[1]));
                }
                done = until;
            }
        }
    }

    #[test]
    fn only_where_it_pays() {
        let mut rng = Rng::stream(4, Use::Test, 999);
        let (dense, sparse) = (collections(&mut rng, 8), collections(&mut rng, 200));
        let options = CountOptions::default();
        let weigher = |collections, pair_weight| {
            Weigher::new(collections, &CountOptions { pair_weight, ..options.clone() }).unwrap()
        };
        assert!(Triangle::new(&dense, &weigher(&dense, PairWeight::One)).is_some());
        assert!(Triangle::new(&dense, &weigher(&dense, PairWeight::Product)).is_none(), "ends may differ");
        assert!(Triangle::new(&sparse, &weigher(&sparse, PairWeight::One)).is_none(), "few pairs meet");
        assert!(
            Triangle::new(&Collections::default(), &Weigher { rows: Rows::One, factor: vec![] }).is_some()
        );
    }
}
