//! Svd: the leading left singular vectors of a sparse matrix, scaled by their singular values.
//!
//! Randomized subspace iteration (Halko, Martinsson, Tropp 2011, algorithms 4.4 and 5.1): multiply a few random vectors by
//! X X^T several times, keep them orthonormal, and solve the small problem in what they span. Never dense: memory is
//! (items + collections) x (factors + 8) numbers. The random start is the same for every seed of the map.

use crate::csr::Csr;
use crate::eigen::symmetric_eigen;
use crate::matrix::{gram, orthonormalize};
use crate::parallel;
use crate::random::{Rng, Use};
use crate::simd::F32x4;
use std::mem;

/// Vectors beyond those wanted, so that the last wanted ones are right too.
const MORE: usize = 8;
/// Multiplications by X X^T. Their number is fixed, so this cannot stall.
const ROUNDS: usize = 4;
/// Rows in a unit of parallel work.
const ROWS: usize = 512;
/// Products of numbers in a step, about.
const PRODUCTS: usize = 1 << 24;

/// What the next step does.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// Goes on with X times what is at the columns.
    Rows,
    /// Makes what is at the rows orthonormal.
    Orthonormal,
    /// Goes on with X^T times what is at the rows.
    Columns,
    Done,
}

/// The iteration under way.
pub(crate) struct Svd {
    x: Csr<f32>,
    transposed: Csr<f32>,
    /// Row-major, `width + MORE` numbers a row: for each row of x, and for each column.
    at_rows: Vec<f32>,
    at_columns: Vec<f32>,
    width: usize,
    round: usize,
    next: Next,
    /// The product under way, and its rows so far.
    product: Vec<f32>,
    reached: usize,
}

impl Svd {
    /// Ready to find the `width` leading factors of `x` (rows of n_columns). `width` is a multiple of 8.
    pub fn new(x: Csr<f32>, n_columns: usize, width: usize) -> Svd {
        let wide = width + MORE;
        let transposed = x.transpose(n_columns);
        // Random signs do as well as normals, and cost nothing.
        let mut at_columns = vec![0.0f32; n_columns * wide];
        parallel::for_each_part(&mut at_columns, ROWS * wide, |start, part| {
            for (r, row) in part.chunks_exact_mut(wide).enumerate() {
                let mut rng = Rng::stream(0, Use::Factors, (start / wide + r) as u64);
                for signs in row.chunks_mut(32) {
                    let bits = rng.bits();
                    signs
                        .iter_mut()
                        .enumerate()
                        .for_each(|(l, v)| *v = if bits >> l & 1 == 0 { -1.0 } else { 1.0 });
                }
            }
        });
        let (at_rows, product, next) = (Vec::new(), Vec::new(), Next::Rows);
        Svd { x, transposed, at_rows, at_columns, width, round: 0, next, product, reached: 0 }
    }

    /// How much is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        let (part, round) = (self.reached as f64, 2.0 * self.round as f64);
        let products = match self.next {
            Next::Rows => round + part / self.x.n_rows().max(1) as f64,
            Next::Orthonormal => round - 1.0,
            Next::Columns => round - 1.0 + part / self.transposed.n_rows().max(1) as f64,
            Next::Done => round,
        };
        products / (2 * ROUNDS + 2) as f64
    }

    /// Whether the factors can be had.
    pub fn is_done(&self) -> bool {
        self.next == Next::Done
    }

    /// Does a piece of it.
    pub fn step(&mut self) {
        let wide = self.width + MORE;
        match self.next {
            Next::Rows => {
                if go_on(&self.x, &self.at_columns, wide, &mut self.product, &mut self.reached) {
                    self.at_rows = self.take_product();
                    self.next = Next::Orthonormal;
                    self.round += 1;
                }
            }
            Next::Orthonormal => {
                orthonormalize(&mut self.at_rows, wide);
                self.next = Next::Columns;
            }
            Next::Columns => {
                if go_on(&self.transposed, &self.at_rows, wide, &mut self.product, &mut self.reached) {
                    self.at_columns = self.take_product();
                    self.next = if self.round > ROUNDS { Next::Done } else { Next::Rows };
                }
            }
            Next::Done => {}
        }
    }

    fn take_product(&mut self) -> Vec<f32> {
        self.reached = 0;
        mem::take(&mut self.product)
    }

    /// Row-major n_rows x `width`: U S, after the last step. Columns beyond the rank are 0.
    pub fn finish(self) -> Vec<f32> {
        let (width, wide) = (self.width, self.width + MORE);
        // Q^T X X^T Q: its eigenvectors turn Q into singular vectors, its eigenvalues are the squared singular values.
        let (values, vectors) = symmetric_eigen(gram(&self.at_columns, wide), wide);
        let mut turn = vec![0.0f32; wide * width];
        for k in 0..wide {
            for f in 0..width {
                turn[k * width + f] = (vectors[k * wide + f] * values[f].max(0.0).sqrt()) as f32;
            }
        }
        let mut out = vec![0.0f32; self.x.n_rows() * width];
        parallel::for_each_part(&mut out, ROWS * width, |start, part| {
            for (r, row) in part.chunks_exact_mut(width).enumerate() {
                let from = &self.at_rows[(start / width + r) * wide..][..wide];
                for (k, &v) in from.iter().enumerate() {
                    row.iter_mut().zip(&turn[k * width..][..width]).for_each(|(o, &t)| *o += v * t);
                }
            }
        });
        out
    }
}

/// Goes on with the sparse `x` times a dense matrix of rows of `wide` numbers, from row `reached` of the `product`. Whether it
/// is done.
fn go_on(x: &Csr<f32>, dense: &[f32], wide: usize, product: &mut Vec<f32>, reached: &mut usize) -> bool {
    product.resize(x.n_rows() * wide, 0.0);
    let until = x.offsets[*reached] + PRODUCTS / wide;
    let last = x.offsets.partition_point(|&start| start < until).clamp(*reached + 1, x.n_rows());
    let first = mem::replace(reached, last);
    parallel::for_each_part(&mut product[first * wide..last * wide], ROWS * wide, |start, part| {
        for (r, sums) in part.chunks_exact_mut(wide).enumerate() {
            let row = x.row(first + start / wide + r);
            for (block, sums) in sums.as_chunks_mut::<8>().0.iter_mut().enumerate() {
                *sums = sum_of_rows(row, dense, wide, 8 * block);
            }
        }
    });
    last == x.n_rows()
}

/// Eight numbers of the product, from number `at` of its row: in registers until all are added.
#[inline]
fn sum_of_rows((columns, values): (&[u32], &[f32]), dense: &[f32], wide: usize, at: usize) -> [f32; 8] {
    let (mut low, mut high) = (F32x4::splat(0.0), F32x4::splat(0.0));
    for (&column, &value) in columns.iter().zip(values) {
        let Some(&[a, b, c, d, e, f, g, h]) = dense[column as usize * wide + at..].first_chunk() else {
            break;
        };
        let value = F32x4::splat(value);
        low = low + value * F32x4::new([a, b, c, d]);
        high = high + value * F32x4::new([e, f, g, h]);
    }
    let ([a, b, c, d], [e, f, g, h]) = (low.array(), high.array());
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_factors(x: Csr<f32>, n_columns: usize, width: usize) -> Vec<f32> {
        let mut svd = Svd::new(x, n_columns, width);
        let mut share = 0.0;
        while !svd.is_done() {
            svd.step();
            assert!(svd.share() >= share, "{share}");
            share = svd.share();
        }
        svd.finish()
    }

    /// X X^T of the factors is the best approximation: with full width it is X X^T itself.
    #[test]
    fn all_factors_give_back_the_matrix() {
        let mut rng = Rng::stream(3, Use::Test, 0);
        let (n, m) = (12usize, 20usize);
        let triples: Vec<(u32, u32, f32)> = (0..n as u32)
            .flat_map(|r| (0..m as u32).map(move |c| (r, c)))
            .filter(|&(r, c)| (r * 7 + c * 3) % 4 == 0)
            .map(|(r, c)| (r, c, rng.normal()))
            .collect();
        let x = Csr::from_triples(n, triples.iter().copied());
        let dense = |r: usize| {
            let mut row = vec![0.0f32; m];
            x.row(r).0.iter().zip(x.row(r).1).for_each(|(&c, &v)| row[c as usize] = v);
            row
        };
        let factors = left_factors(x.clone(), m, 16);
        for i in 0..n {
            for j in 0..n {
                let want: f32 = dense(i).iter().zip(dense(j)).map(|(a, b)| a * b).sum();
                let got: f32 =
                    factors[i * 16..][..16].iter().zip(&factors[j * 16..][..16]).map(|(a, b)| a * b).sum();
                assert!((want - got).abs() < 1e-3, "{i} {j}: {want} {got}");
            }
        }
    }

    /// Singular values of a diagonal matrix are its entries, however many are asked for.
    #[test]
    fn leading_factors_of_a_diagonal() {
        let x = Csr::from_triples(40, (0..40u32).map(|i| (i, i, 1.0 + 0.9f32.powi(i as i32) * 20.0)));
        let factors = left_factors(x.clone(), 40, 16);
        for i in 0..10usize {
            let row = &factors[i * 16..][..16];
            let norm = row.iter().map(|v| v * v).sum::<f32>().sqrt();
            let want = x.row(i).1[0];
            assert!((norm / want - 1.0).abs() < 0.02, "{i}: {norm} {want}");
        }
    }
}
