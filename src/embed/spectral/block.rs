//! Block: several vectors side by side, and what the iteration does with them.

use crate::csr::Csr;
use crate::eigen::symmetric_eigen;
use crate::parallel;
use std::ops::Range;

/// Rows in a unit of parallel work.
const ROWS: usize = 512;

/// `width` vectors of length `n`, row-major n x width.
pub(super) struct Block {
    pub(super) width: usize,
    pub(super) data: Vec<f32>,
}

/// The operator S: a graph and its scaled weights.
#[derive(Clone, Copy)]
pub(super) struct Smooth<'a> {
    pub(super) graph: &'a Csr<f32>,
    pub(super) values: &'a [f32],
}

/// A product that is being made.
pub(super) struct Product {
    /// Entries of the graph that a piece goes through.
    entries: usize,
    data: Vec<f32>,
    /// Rows done.
    done: usize,
}

impl Product {
    /// Nothing made; `entries` of the graph to a piece.
    pub(super) fn new(entries: usize) -> Self {
        Product { entries, data: Vec::new(), done: 0 }
    }

    /// Makes the next rows of a S x + b x - minus; returns the product when all are there. Its factors must be the same until then.
    pub(super) fn piece(
        &mut self,
        smooth: Smooth<'_>,
        x: &Block,
        factors: (f32, f32),
        minus: Option<&Block>,
    ) -> Option<Block> {
        let offsets = &smooth.graph.offsets;
        let (n, first, width) = (offsets.len() - 1, self.done, x.width);
        self.data.resize(n * width, 0.0);
        let last = offsets.partition_point(|&start| start < offsets[first] + self.entries);
        let last = last.clamp((first + 1).min(n), n);
        multiply(smooth, x, factors, minus, first..last, &mut self.data[first * width..last * width]);
        self.done = last;
        (last == n).then(|| {
            self.done = 0;
            Block { width, data: std::mem::take(&mut self.data) }
        })
    }
}

/// Leaves these rows of a S x + b x - minus in `out`, row-major.
fn multiply(
    smooth: Smooth<'_>,
    x: &Block,
    (a, b): (f32, f32),
    minus: Option<&Block>,
    rows: Range<usize>,
    out: &mut [f32],
) {
    // Two and three wanted vectors, the usual ones, with a width that the compiler knows.
    match x.width {
        6 => multiply_by::<6>(smooth, x, (a, b), minus, rows, out),
        7 => multiply_by::<7>(smooth, x, (a, b), minus, rows, out),
        _ => multiply_by::<0>(smooth, x, (a, b), minus, rows, out),
    }
}

/// The same for blocks of `W` vectors, or, if `W` is 0, of any number.
fn multiply_by<const W: usize>(
    smooth: Smooth<'_>,
    x: &Block,
    (a, b): (f32, f32),
    minus: Option<&Block>,
    rows: Range<usize>,
    out: &mut [f32],
) {
    let width = if W == 0 { x.width } else { W };
    let Csr { offsets, columns, .. } = smooth.graph;
    parallel::for_each_part(out, ROWS * width, |start, part| {
        for (i, out) in (rows.start + start / width..).zip(part.chunks_exact_mut(width)) {
            let entries = offsets[i]..offsets[i + 1];
            // Sums in registers where there is room.
            let mut kept = [0.0; W];
            let sums = if W == 0 { &mut *out } else { &mut kept[..] };
            sums.fill(0.0);
            for (&j, &v) in columns[entries.clone()].iter().zip(&smooth.values[entries]) {
                let row = &x.data[j as usize * width..][..width];
                for (sum, &x) in sums.iter_mut().zip(row) {
                    *sum += v * x;
                }
            }
            if W > 0 {
                out.copy_from_slice(&kept);
            }
            for (c, o) in out.iter_mut().enumerate() {
                *o = a * *o + b * x.data[i * width + c] - minus.map_or(0.0, |m| m.data[i * width + c]);
            }
        }
    });
}

impl Block {
    /// Sum over rows of f(row), a table of `size` numbers, in fixed chunks.
    fn table(&self, size: usize, f: impl Fn(usize, &[f32], &mut [f64]) + Sync) -> Vec<f64> {
        let parts = parallel::map_chunks(self.data.len() / self.width, ROWS, |rows| {
            let mut sums = vec![0.0f64; size];
            for i in rows {
                f(i, &self.data[i * self.width..][..self.width], &mut sums);
            }
            sums
        });
        let mut total = vec![0.0f64; size];
        for part in parts {
            for (t, p) in total.iter_mut().zip(part) {
                *t += p;
            }
        }
        total
    }

    /// Makes column `c` of unit length and orthogonal to `trivial` and the columns before it (modified Gram and Schmidt, twice
    /// for safety).
    pub(super) fn orthonormalize(&mut self, c: usize, trivial: &[f32]) {
        let width = self.width;
        for _ in 0..2 {
            let dots = self.table(c + 1, |i, row, sums| {
                for (k, sum) in sums[..c].iter_mut().enumerate() {
                    *sum += f64::from(row[c]) * f64::from(row[k]);
                }
                sums[c] += f64::from(row[c]) * f64::from(trivial[i]);
            });
            for (i, row) in self.data.chunks_exact_mut(width).enumerate() {
                let mut value = f64::from(row[c]) - dots[c] * f64::from(trivial[i]);
                for k in 0..c {
                    value -= dots[k] * f64::from(row[k]);
                }
                row[c] = value as f32;
            }
            let square = self.table(1, |_, row, sums| sums[0] += f64::from(row[c]) * f64::from(row[c]))[0];
            // A column that vanishes was in the span of the others; 0 keeps it out of everything.
            let scale = if square > 1e-30 { (1.0 / square.sqrt()) as f32 } else { 0.0 };
            for row in self.data.chunks_exact_mut(width) {
                row[c] *= scale;
            }
        }
    }

    /// Rayleigh and Ritz: rotates the columns to the best eigenvectors in their span, largest eigenvalue of (I + S) / 2
    /// first; `image` is (I + S) / 2 times the block. Returns the smallest of these, which the next filter damps from there down.
    pub(super) fn rotate_to_ritz_vectors(&mut self, image: &Block) -> f32 {
        let width = self.width;
        let matrix = self.table(width * width, |i, row, sums| {
            let other = &image.data[i * width..][..width];
            for a in 0..width {
                for b in 0..width {
                    sums[a * width + b] += f64::from(row[a]) * f64::from(other[b]);
                }
            }
        });
        let (values, vectors) = symmetric_eigen(matrix, width);
        parallel::for_each_part(&mut self.data, ROWS * width, |_, part| {
            let mut old = vec![0.0; width];
            for row in part.chunks_exact_mut(width) {
                old.iter_mut().zip(&*row).for_each(|(old, &v)| *old = f64::from(v));
                for (c, out) in row.iter_mut().enumerate() {
                    *out = (0..width).map(|k| old[k] * vectors[k * width + c]).sum::<f64>() as f32;
                }
            }
        });
        values.last().map_or(0.5, |&v| v as f32).clamp(0.05, 0.999_999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    #[test]
    fn a_product_in_pieces_is_the_product() {
        let mut rng = Rng::stream(3, Use::Test, 0);
        let n = 700u32;
        let mut graph = Csr::default();
        for _ in 0..n {
            let k = rng.below(9);
            let row: Vec<_> = (0..k).map(|_| (rng.below(n), rng.uniform())).collect();
            graph.push_row(row);
        }
        let smooth = Smooth { graph: &graph, values: &graph.values };
        for width in [5, 6, 7] {
            let mut block = || Block { width, data: (0..n as usize * width).map(|_| rng.normal()).collect() };
            let (x, minus) = (block(), block());
            let made = |entries: usize| {
                let mut product = Product::new(entries);
                let mut steps = 0;
                loop {
                    steps += 1;
                    if let Some(made) = product.piece(smooth, &x, (0.3, 2.0), Some(&minus)) {
                        return (made.data, steps);
                    }
                }
            };
            let (whole, steps) = made(1 << 20);
            assert_eq!(steps, 1);
            for entries in [1, 100] {
                let (pieces, steps) = made(entries);
                assert!(pieces == whole && steps > 20, "{steps} steps");
            }
            let (i, c) = (431, width - 1);
            let (columns, weights) = graph.row(i);
            let sum: f32 =
                columns.iter().zip(weights).map(|(&j, w)| w * x.data[j as usize * width + c]).sum();
            let want = 0.3 * sum + 2.0 * x.data[i * width + c] - minus.data[i * width + c];
            assert!((whole[i * width + c] - want).abs() < 1e-5);
        }
    }
}
