//! Alias: draws from given weights in constant time (Walker 1977; Vose 1991).

use crate::random::Rng;
use std::ops::Range;

/// Tables for one or several rows of weights.
#[derive(Clone, Debug, Default)]
pub struct Alias {
    /// Of its place, the entry itself is drawn below this, in units of 2^-32; else its [`Alias::other`].
    accept: Vec<u32>,
    other: Vec<u32>,
}

impl Alias {
    /// The table of one row of `weights`, at least 0 and finite. Where all are 0, each is as likely.
    pub fn new(weights: &[f64]) -> Alias {
        let mut alias = Alias::default();
        alias.push_row(weights);
        alias
    }

    /// Appends a row.
    pub fn push_row(&mut self, weights: &[f64]) {
        let first = self.accept.len();
        let sum: f64 = weights.iter().sum();
        let scale = if sum > 0.0 { weights.len() as f64 / sum } else { 0.0 };
        let mut share: Vec<f64> = weights.iter().map(|w| if sum > 0.0 { w * scale } else { 1.0 }).collect();
        self.accept.extend(std::iter::repeat_n(u32::MAX, weights.len()));
        self.other.extend(0..weights.len() as u32);
        let (mut small, mut large) = (Vec::new(), Vec::new());
        for (i, &s) in share.iter().enumerate() {
            if s < 1.0 { small.push(i) } else { large.push(i) }
        }
        // Each small one is filled up to 1 by a large one. What rounding leaves over has a share of 1.
        while let (Some(&i), Some(&j)) = (small.last(), large.last()) {
            small.pop();
            self.accept[first + i] = (share[i] * 4_294_967_296.0) as u32;
            self.other[first + i] = j as u32;
            share[j] -= 1.0 - share[i];
            if share[j] < 1.0 {
                large.pop();
                small.push(j);
            }
        }
    }

    /// An entry of the row that stands at `row` in the table, counted from the row's begin. The row must not be empty.
    #[inline]
    pub fn draw(&self, row: Range<usize>, rng: &mut Rng) -> u32 {
        let place = rng.below(row.len() as u32);
        let at = row.start + place as usize;
        if rng.bits() < self.accept[at] { place } else { self.other[at] }
    }

    /// An entry of the only row.
    #[inline]
    pub fn draw_one(&self, rng: &mut Rng) -> u32 {
        self.draw(0..self.accept.len(), rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Use;

    #[test]
    fn as_often_as_the_weights_say() {
        let rows: [&[f64]; 3] = [&[1.0, 0.0, 3.0, 0.5, 0.5], &[2.0], &[0.0, 0.0]];
        let mut alias = Alias::default();
        rows.iter().for_each(|row| alias.push_row(row));
        let mut rng = Rng::stream(1, Use::Test, 0);
        let mut first = 0;
        for row in rows {
            let mut seen = vec![0.0; row.len()];
            let n = 100_000;
            (0..n).for_each(|_| seen[alias.draw(first..first + row.len(), &mut rng) as usize] += 1.0);
            let sum: f64 = row.iter().sum();
            for (seen, w) in seen.iter().zip(row) {
                let want = if sum > 0.0 { w / sum } else { 1.0 / row.len() as f64 };
                assert!((seen / f64::from(n) - want).abs() < 0.01, "{seen} {want}");
                assert!(*w > 0.0 || sum == 0.0 || *seen == 0.0);
            }
            first += row.len();
        }
    }
}
