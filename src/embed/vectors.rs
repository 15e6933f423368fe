//! Vectors: rows of numbers side by side in SIMD lanes, of the embedders that compare items by cosine.
//!
//! Rows are padded with zeros to a multiple of 8, which no dot product sees. What the caller is shown are the rows
//! without padding and of length 1: on these, Euclidean distance orders as the cosine does.

use crate::parallel;
use crate::random::{Rng, Use};

/// Numbers side by side.
pub const LANES: usize = 8;
/// Rows in a unit of parallel work.
const ROWS: usize = 512;

/// n vectors of `dim` numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Vectors {
    /// Row-major n x `width`.
    pub data: Vec<f32>,
    /// Numbers of a row that are used.
    pub dim: usize,
    /// `dim`, padded.
    pub width: usize,
}

impl Vectors {
    /// `n` vectors of zeros.
    pub fn zeros(n: usize, dim: usize) -> Vectors {
        let width = dim.next_multiple_of(LANES);
        Vectors { data: vec![0.0; n * width], dim, width }
    }

    /// `n` vectors of independent uniform numbers from `-half` to `half`.
    pub fn uniform(n: usize, dim: usize, half: f32, seed: u64) -> Vectors {
        let mut out = Vectors::zeros(n, dim);
        let mut rng = Rng::stream(seed, Use::EmbedStart, 0);
        for row in out.data.chunks_exact_mut(out.width) {
            row[..dim].iter_mut().for_each(|v| *v = half * (2.0 * rng.uniform() - 1.0));
        }
        out
    }

    /// Vector `i`.
    #[inline]
    pub fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.width..][..self.width]
    }

    /// Writes the rows from `first` on into `out`, row-major without padding, each of length 1.
    pub fn write_unit(&self, first: usize, out: &mut [f32]) {
        let (dim, width) = (self.dim, self.width);
        parallel::for_each_part(out, ROWS * dim, |start, part| {
            let from = self.data[(first + start / dim) * width..].chunks_exact(width);
            for (row, from) in part.chunks_exact_mut(dim).zip(from) {
                row.copy_from_slice(&from[..dim]);
                to_unit_length(row);
            }
        });
    }
}

/// Scales `row` to length 1; zeros stay.
pub fn to_unit_length(row: &mut [f32]) {
    let norm = row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
    if norm > 0.0 {
        row.iter_mut().for_each(|v| *v = (f64::from(*v) / norm) as f32);
    }
}

/// The dot product: eight sums side by side. Rows must be a multiple of 8 long.
#[inline]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for l in 0..LANES {
            sums[l] += a[l] * b[l];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// Adds `factor` times `b` to `a`. Rows must be a multiple of 8 long.
#[inline]
pub fn add(a: &mut [f32], factor: f32, b: &[f32]) {
    for (a, b) in a.as_chunks_mut::<LANES>().0.iter_mut().zip(b.as_chunks::<LANES>().0) {
        for l in 0..LANES {
            a[l] += factor * b[l];
        }
    }
}

/// Adds each of `factors` times its row to `a`. Rows must be a multiple of 8 long.
#[inline]
pub fn add_all<'a>(a: &mut [f32], factors: &[f32], row: impl Fn(usize) -> &'a [f32]) {
    let mut rows = [[].as_slice(); LANES];
    for (l, place) in rows.iter_mut().enumerate().take(factors.len()) {
        *place = row(l).as_chunks::<LANES>().0;
    }
    for (c, a) in a.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        for (factor, row) in factors.iter().zip(&rows) {
            for l in 0..LANES {
                a[l] += factor * row[c][l];
            }
        }
    }
}
