//! Products: squared distances by way of dot products, |a|^2 + |b|^2 - 2 ab.
//!
//! Two thirds of the work of the differences in [`squared`](super::squared). What is near drowns in the rounding of what is
//! long, so they only lead the search, where the rows' nearest are not too near for it; the distances of what it found are
//! taken by differences.

use super::metric::Rows;
use super::squared::{Sums, sums_of_two_by_four, total, two_by_four};
use crate::parallel;

/// Rows are far enough apart where the last of their nearest is at least this part of their squared length away: products
/// are then right to a part in a thousand.
const LEAST: f32 = 1.0 / 1024.0;
/// The share of rows that may be nearer.
const NEARER: f64 = 0.02;
/// Rows in a unit of parallel work.
const ROWS: usize = 64;

/// Rows to compare, by products or by differences.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The rows.
    pub rows: Rows,
    /// Half of the squared length of each row; empty where differences are taken.
    halves: Vec<f32>,
}

impl Compared {
    /// By differences.
    pub fn new(rows: Rows) -> Compared {
        Compared { rows, halves: Vec::new() }
    }

    /// Whether products do, seen from some rows and the squared distances of the last of their nearest. Where that is 0
    /// there is nothing to tell apart.
    pub fn products_do(&self, nearest: impl Iterator<Item = (u32, f32)>) -> bool {
        let (mut all, mut nearer) = (0u32, 0u32);
        for (row, squared) in nearest {
            all += 1;
            nearer += u32::from(squared > 0.0 && squared < LEAST * 2.0 * half_square(self.rows.row(row)));
        }
        f64::from(nearer) <= NEARER * f64::from(all)
    }

    /// Measures the next `count` rows; once all are, products are taken.
    pub fn measure(&mut self, count: usize) {
        let first = self.halves.len();
        let parts = parallel::map_chunks(count, ROWS, |part| {
            part.map(|r| half_square(self.rows.row((first + r) as u32))).collect::<Vec<_>>()
        });
        self.halves.extend(parts.into_iter().flatten());
    }

    /// The squared distances of every pair, roughly where products are taken.
    #[inline]
    pub fn two_by_four(&self, a: [u32; 2], b: [u32; 4]) -> [[f32; 4]; 2] {
        let (of_a, of_b) = (a.map(|i| self.rows.row(i)), b.map(|j| self.rows.row(j)));
        if self.halves.is_empty() {
            return two_by_four(of_a, of_b);
        }
        let mut products = products_of_two_by_four(of_a, of_b).map(|sums| sums.map(total));
        for (&i, products) in a.iter().zip(&mut products) {
            for (&j, product) in b.iter().zip(products) {
                let half = self.halves[i as usize] + self.halves[j as usize] - *product;
                // Not -0, whose bits are those of a large whole number.
                *product = if half > 0.0 { 2.0 * half } else { 0.0 };
            }
        }
        products
    }
}

/// Half of the squared length.
fn half_square(row: &[f32]) -> f32 {
    (0.5 * row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>()) as f32
}

/// The sums of the products of every pair; see [`squared`](super::squared).
#[inline(never)]
fn products_of_two_by_four(a: [&[f32]; 2], b: [&[f32]; 4]) -> [[Sums; 4]; 2] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sums) = super::wide::products(a, b) {
        return sums;
    }
    sums_of_two_by_four(a, b, |sums, a, b| sums + a * b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::Metric;
    use crate::random::{Rng, Use};

    fn rows() -> Compared {
        let mut rng = Rng::stream(6, Use::Test, 0);
        let vectors: Vec<f32> = (0..30 * 40).map(|_| rng.normal() + 1.0).collect();
        Compared::new(Rows::new(&vectors, 30, Metric::Euclidean))
    }

    #[test]
    fn products_are_squared_distances() {
        let plain = rows();
        let mut measured = plain.clone();
        measured.measure(25);
        measured.measure(15);
        for i in (0..40).step_by(2) {
            for j in (0..40).step_by(4) {
                let (a, b) = ([i, i + 1], [j, j + 1, j + 2, j + 3]);
                let (wanted, found) = (plain.two_by_four(a, b), measured.two_by_four(a, b));
                for (wanted, found) in wanted.concat().into_iter().zip(found.concat()) {
                    assert!((wanted - found).abs() <= 1e-4, "{i} {j}: {wanted} {found}");
                    assert!(found.to_bits() < f32::INFINITY.to_bits(), "keys rise with the distance");
                }
            }
        }
    }

    #[test]
    fn products_do_for_what_is_not_too_near() {
        let compared = rows();
        let all =
            |share: f32| (0..40).map(|i| (i, share * 2.0 * half_square(compared.rows.row(i)))).collect();
        let said = |found: Vec<(u32, f32)>| compared.products_do(found.into_iter());
        assert!(said(all(0.5)));
        assert!(said(all(0.0)), "copies");
        assert!(!said(all(1e-5)));
    }
}
