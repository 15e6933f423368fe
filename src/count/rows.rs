//! Rows: one row of the co-occurrence matrix at a time, in a dense scratch row.
//!
//! Walk the collections that hold the item and add up their items. Nearly all the time of counting is in the few
//! loops below, one for each way to weigh a pair. Two ways to find what they touched: rows that touch much are scanned whole; for
//! the rest each first touch is noted, without a branch (it would be mispredicted half the time).

use super::formula::usable;
use super::pair_weight::{self, Rows, Weigher};
use crate::collect::Collections;

/// A scratch row, left empty after each use, and what it held.
#[derive(Default)]
pub(super) struct Row {
    /// A count, or the bits of an f32 sum, for each item. 0 is 0 in both.
    sums: Vec<u32>,
    /// The first items touched, in order; the rest is rubbish.
    touched: Vec<u32>,
    n_touched: usize,
    /// Whether the whole row is scanned, and `touched` not used.
    scan: bool,
    /// What was found: items other than the row's own, and their sums.
    pub ids: Vec<u32>,
    pub values: Vec<f32>,
    /// A formula's column values.
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Row {
    /// Whether `ids` rise.
    pub fn ids_rise(&self) -> bool {
        self.scan
    }

    /// Leaves the co-occurrences of `item` with all others in `ids` and `values`: those above 0.
    pub fn count(&mut self, collections: &Collections, weigher: &Weigher, item: usize) {
        self.sums.resize(collections.n_items(), 0);
        // One more, as the last touch of all writes one past the end.
        self.touched.resize(collections.n_items() + 1, 0);
        self.n_touched = 0;
        let (holders, weights) = collections.by_item.row(item);
        let offsets = &collections.by_collection.offsets;
        let work: usize = holders.iter().map(|&c| offsets[c as usize + 1] - offsets[c as usize]).sum();
        self.scan = work >= collections.n_items() / 4;

        if let (Rows::One, true) = (&weigher.rows, weigher.factor.is_empty()) {
            holders.iter().for_each(|&c| self.add_ones(collections.by_collection.row(c as usize).0));
            // Exact up to 2^24, and the nearest f32 beyond.
            return self.collect(item, |sum| sum as f32);
        }
        for (k, (&c, &own_weight)) in holders.iter().zip(weights).enumerate() {
            let (items, weights) = collections.by_collection.row(c as usize);
            let factor = weigher.factor(c as usize);
            let entries = offsets[c as usize]..offsets[c as usize + 1];
            let entry = || match collections.entry_of.get(collections.by_item.offsets[item] + k) {
                Some(&entry) => entry as usize,
                None => entries.start + items.binary_search(&(item as u32)).unwrap_or(0),
            };
            match &weigher.rows {
                _ if factor <= 0.0 => {}
                Rows::One => self.add(items, |_| factor),
                Rows::Product(None) => {
                    let own = own_weight * factor;
                    if own > 0.0 {
                        self.add(items, |e| own * weights[e]);
                    }
                }
                Rows::Product(Some(amounts)) => {
                    let (own, others) = (amounts[entry()] * factor, &amounts[entries]);
                    if own > 0.0 {
                        self.add(items, |e| own * others[e]);
                    }
                }
                Rows::Closeness(values, scale) => {
                    let (own, others) = (values[entry()], &values[entries]);
                    self.add(items, |e| factor * pair_weight::closeness(own, others[e], *scale));
                }
                Rows::Gaussian(values, scale) => {
                    let (own, others) = (values[entry()], &values[entries]);
                    self.add(items, |e| factor * pair_weight::gaussian(own, others[e], *scale));
                }
                Rows::HalfLife(values, rate) => {
                    let (own, others) = (values[entry()], &values[entries]);
                    self.add(items, |e| factor * pair_weight::half_life(own, others[e], *rate));
                }
                Rows::Formula(formula) => {
                    let (mut a, mut b) = (std::mem::take(&mut self.a), std::mem::take(&mut self.b));
                    pair_weight::column_values(collections, entry(), &mut a);
                    self.add(items, |e| {
                        pair_weight::column_values(collections, entries.start + e, &mut b);
                        let (own, other) = (f64::from(own_weight), f64::from(weights[e]));
                        factor * usable(formula.eval(&a, &b, own, other, items.len() as f64))
                    });
                    (self.a, self.b) = (a, b);
                }
            }
        }
        self.collect(item, f32::from_bits);
    }

    /// Leaves a whole row of sums in `ids` and `values`: those above 0.
    pub fn take_sums(&mut self, sums: &[f32]) {
        self.ids.clear();
        self.values.clear();
        for (id, &sum) in (0..).zip(sums) {
            if sum != 0.0 {
                self.ids.push(id);
                self.values.push(sum);
            }
        }
        self.scan = true;
    }

    /// Leaves the weights of the edges of `item` in `ids` and `values`.
    pub fn take_edges(&mut self, collections: &Collections, item: usize) {
        self.ids.clear();
        self.values.clear();
        let (others, weights) = collections.by_collection.row(collections.items[item] as usize);
        for (&other, &weight) in others.iter().zip(weights).filter(|(other, _)| **other as usize != item) {
            self.ids.push(other);
            self.values.push(weight);
        }
        // Columns of collections rise.
        self.scan = true;
    }

    /// Drops what is not above 0, or not finite.
    pub fn keep_positive(&mut self) {
        self.keep(|v| v > 0.0 && v < f32::INFINITY);
    }

    /// Drops the others whose value is not `good`.
    pub fn keep(&mut self, good: impl Fn(f32) -> bool) {
        // Most rows have nothing to drop.
        if self.values.iter().all(|&v| good(v)) {
            return;
        }
        let mut kept = 0;
        for e in 0..self.ids.len() {
            self.ids[kept] = self.ids[e];
            self.values[kept] = self.values[e];
            kept += usize::from(good(self.values[e]));
        }
        self.ids.truncate(kept);
        self.values.truncate(kept);
    }

    fn add_ones(&mut self, items: &[u32]) {
        let sums = &mut self.sums[..];
        if self.scan {
            for &other in items {
                sums[other as usize] += 1;
            }
            return;
        }
        let mut n = self.n_touched;
        for &other in items {
            let sum = &mut sums[other as usize];
            self.touched[n] = other;
            n += usize::from(*sum == 0);
            *sum += 1;
        }
        self.n_touched = n;
    }

    #[inline]
    fn add(&mut self, items: &[u32], mut weight: impl FnMut(usize) -> f32) {
        let sums = &mut self.sums[..];
        if self.scan {
            for (e, &other) in items.iter().enumerate() {
                let sum = &mut sums[other as usize];
                *sum = (f32::from_bits(*sum) + weight(e)).to_bits();
            }
            return;
        }
        let mut n = self.n_touched;
        for (e, &other) in items.iter().enumerate() {
            let sum = &mut sums[other as usize];
            let new = (f32::from_bits(*sum) + weight(e)).to_bits();
            self.touched[n] = other;
            // A weight of 0 leaves no trace.
            n += usize::from((*sum == 0) & (new != 0));
            *sum = new;
        }
        self.n_touched = n;
    }

    /// Moves the sums to `ids` and `values`, without `item` itself, and empties the scratch row.
    fn collect(&mut self, item: usize, value: impl Fn(u32) -> f32) {
        self.ids.clear();
        self.values.clear();
        if self.scan {
            self.sums[item] = 0;
            for (first, sums) in (0..).step_by(8).zip(self.sums.chunks_mut(8)) {
                if sums.iter().fold(0, |any, &sum| any | sum) == 0 {
                    continue;
                }
                for (id, sum) in (first..).zip(sums) {
                    if *sum != 0 {
                        self.ids.push(id);
                        self.values.push(value(std::mem::take(sum)));
                    }
                }
            }
            return;
        }
        for &other in &self.touched[..self.n_touched] {
            let sum = std::mem::take(&mut self.sums[other as usize]);
            if other as usize != item {
                self.ids.push(other);
                self.values.push(value(sum));
            }
        }
    }
}
