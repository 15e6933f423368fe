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

/// Vectors beyond those wanted, so that the last wanted ones are right too.
const MORE: usize = 8;
/// Multiplications by X X^T. Their number is fixed, so this cannot stall.
const ROUNDS: usize = 4;
/// Rows in a unit of parallel work.
const ROWS: usize = 512;

/// Row-major n_rows x `width`: U S of `x` (rows of n_columns). Columns beyond the rank are 0. `width` is a multiple of 8.
pub(super) fn left_factors(x: Csr<f32>, n_columns: usize, width: usize) -> Vec<f32> {
    let mut svd = Svd::new(x, n_columns, width);
    while svd.round() < ROUNDS {
        svd.go_round();
    }
    svd.finish()
}

/// The iteration under way, a round at a time.
pub(crate) struct Svd {
    x: Csr<f32>,
    transposed: Csr<f32>,
    at_rows: Vec<f32>,
    width: usize,
    round: usize,
}

impl Svd {
    /// Rounds in all.
    pub const ROUNDS: usize = ROUNDS;

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
        let at_rows = multiply(&x, &at_columns, wide);
        Svd { x, transposed, at_rows, width, round: 0 }
    }

    /// Rounds done.
    pub fn round(&self) -> usize {
        self.round
    }

    /// A multiplication by X X^T.
    pub fn go_round(&mut self) {
        let wide = self.width + MORE;
        orthonormalize(&mut self.at_rows, wide);
        let at_columns = multiply(&self.transposed, &self.at_rows, wide);
        self.at_rows = multiply(&self.x, &at_columns, wide);
        self.round += 1;
    }

    /// Row-major n_rows x `width`: U S. Columns beyond the rank are 0.
    pub fn finish(mut self) -> Vec<f32> {
        let (width, wide) = (self.width, self.width + MORE);
        orthonormalize(&mut self.at_rows, wide);
        let at_columns = multiply(&self.transposed, &self.at_rows, wide);
        // Q^T X X^T Q: its eigenvectors turn Q into singular vectors, its eigenvalues are the squared singular values.
        let (values, vectors) = symmetric_eigen(gram(&at_columns, wide), wide);
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

/// The sparse `x` times a dense matrix of rows of `wide` numbers.
fn multiply(x: &Csr<f32>, dense: &[f32], wide: usize) -> Vec<f32> {
    let mut out = vec![0.0f32; x.n_rows() * wide];
    parallel::for_each_part(&mut out, ROWS * wide, |start, part| {
        for (r, sum) in part.chunks_exact_mut(wide).enumerate() {
            let (columns, values) = x.row(start / wide + r);
            for (&column, &value) in columns.iter().zip(values) {
                let (sums, row) =
                    (sum.as_chunks_mut::<8>().0, dense[column as usize * wide..][..wide].as_chunks::<8>().0);
                for (s, d) in sums.iter_mut().zip(row) {
                    for l in 0..8 {
                        s[l] += value * d[l];
                    }
                }
            }
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
