//! Metric: what near means, and rows made ready for it.
//!
//! Every metric becomes a squared Euclidean distance of prepared rows, so there is one search for all of them: rows of
//! length 1 are at |a - b|^2 = 2 (1 - cos). A row without a direction (all zeros; for the correlation, all equal) gets a
//! coordinate of its own kind: 1 from every other, 0 from its like.

use super::squared::LANES;
use crate::parallel;
use serde::{Deserialize, Serialize};

/// Rows in a unit of parallel work.
const ROWS: usize = 256;

/// What near means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Metric {
    /// The root of the summed squared differences, in the vectors' own units.
    #[default]
    Euclidean,
    /// 1 - cos of the angle between the two, from 0 to 2: length does not matter.
    Cosine,
    /// 1 - Pearson's correlation, from 0 to 2: neither length nor mean matters.
    Correlation,
}

/// Rows whose squared Euclidean distances are, up to a factor, the metric's distances or their squares.
#[derive(Clone, Debug)]
pub struct Rows {
    values: Vec<f32>,
    width: usize,
    metric: Metric,
    /// What Euclidean rows were multiplied by: a power of two, so that no square is beyond all numbers and nothing
    /// is rounded.
    scale: f64,
}

impl Rows {
    /// Of `vectors`, row-major n x `dim`, finite.
    pub fn new(vectors: &[f32], dim: usize, metric: Metric) -> Rows {
        let dim = dim.max(1);
        let most = vectors.iter().fold(0.0f32, |most, v| most.max(v.abs()));
        let scale = power_below(most).recip();
        let directed = |row: &[f32]| match metric {
            Metric::Euclidean => true,
            Metric::Cosine => row.iter().any(|&v| v != 0.0),
            Metric::Correlation => row.iter().any(|&v| v != row[0]),
        };
        let undirected = vectors.chunks_exact(dim).any(|row| !directed(row));
        let width = (dim + usize::from(undirected)).next_multiple_of(LANES);
        let mut values = vec![0.0f32; vectors.len() / dim * width];
        parallel::for_each_part(&mut values, ROWS * width, |start, part| {
            let from = &vectors[start / width * dim..];
            for (to, row) in part.chunks_exact_mut(width).zip(from.chunks_exact(dim)) {
                if !directed(row) {
                    to[dim] = 1.0;
                    continue;
                }
                let mean = match metric {
                    Metric::Correlation => row.iter().map(|&v| f64::from(v)).sum::<f64>() / dim as f64,
                    _ => 0.0,
                };
                let factor = match metric {
                    Metric::Euclidean => scale,
                    _ => {
                        let square = |&v: &f32| (f64::from(v) - mean) * (f64::from(v) - mean);
                        row.iter().map(square).sum::<f64>().sqrt().recip()
                    }
                };
                to.iter_mut().zip(row).for_each(|(t, &v)| *t = ((f64::from(v) - mean) * factor) as f32);
            }
        });
        Rows { values, width, metric, scale }
    }

    /// Of `values`, row-major n x `width`, as they are; `width` is a multiple of [`LANES`].
    pub(super) fn ready(values: Vec<f32>, width: usize) -> Rows {
        Rows { values, width, metric: Metric::Euclidean, scale: 1.0 }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Numbers in a row, a multiple of [`LANES`].
    pub fn width(&self) -> usize {
        self.width
    }

    /// Row `i`.
    #[inline(always)]
    pub fn row(&self, i: u32) -> &[f32] {
        &self.values[i as usize * self.width..][..self.width]
    }

    /// Exchanges two rows.
    pub(super) fn swap(&mut self, i: usize, j: usize) {
        let (i, j) = (i.min(j), i.max(j));
        if i < j {
            let (left, right) = self.values.split_at_mut(j * self.width);
            left[i * self.width..][..self.width].swap_with_slice(&mut right[..self.width]);
        }
    }

    /// The metric's distance of two rows that are `squared` apart.
    pub fn distance(&self, squared: f32) -> f32 {
        match self.metric {
            Metric::Euclidean => {
                // The distance of two numbers may be more than the largest number.
                ((f64::from(squared).sqrt() / self.scale) as f32).min(f32::MAX)
            }
            Metric::Cosine | Metric::Correlation => 0.5 * squared,
        }
    }
}

/// The largest power of two that is at most `most`; 1 for 0.
fn power_below(most: f32) -> f64 {
    // The exponent of an f64 in place, as any f32 is a normal one.
    let bits = f64::from(most).to_bits() & (0x7ff << 52);
    if bits == 0 { 1.0 } else { f64::from_bits(bits) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::squared::one_by_two;

    fn distance(metric: Metric, rows: [&[f32]; 2]) -> f32 {
        let all = Rows::new(&rows.concat(), rows[0].len(), metric);
        all.distance(one_by_two(all.row(0), [all.row(1); 2])[0])
    }

    #[test]
    fn distances_by_hand() {
        assert_eq!(distance(Metric::Euclidean, [&[0.0, 3.0], &[4.0, 0.0]]), 5.0);
        assert_eq!(distance(Metric::Cosine, [&[2.0, 0.0], &[0.0, 9.0]]), 1.0);
        assert_eq!(distance(Metric::Cosine, [&[2.0, 0.0], &[-1.0, 0.0]]), 2.0);
        assert!(distance(Metric::Correlation, [&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]]) < 1e-7);
        assert!((distance(Metric::Correlation, [&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]]) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn rows_without_a_direction() {
        assert_eq!(distance(Metric::Cosine, [&[0.0, 0.0], &[3.0, 4.0]]), 1.0);
        assert_eq!(distance(Metric::Cosine, [&[0.0, 0.0], &[0.0, 0.0]]), 0.0);
        assert!((distance(Metric::Correlation, [&[0.1, 0.1, 0.1], &[1.0, 2.0, 9.0]]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn huge_and_tiny_values() {
        assert_eq!(distance(Metric::Euclidean, [&[3e38, 0.0], &[0.0, 0.0]]), 3e38);
        assert_eq!(distance(Metric::Euclidean, [&[3e38, 0.0], &[-3e38, 0.0]]), f32::MAX);
        assert_eq!(distance(Metric::Euclidean, [&[1e-40, 0.0], &[0.0, 0.0]]), 1e-40);
        assert_eq!(distance(Metric::Euclidean, [&[0.0], &[0.0]]), 0.0);
        assert_eq!(distance(Metric::Cosine, [&[3e38, 0.0], &[0.0, 1e-40]]), 1.0);
        assert_eq!(power_below(5.0), 4.0);
    }
}
