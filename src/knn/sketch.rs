//! Sketch: rows in a few dimensions, by sums with random signs, which keep distances roughly (Achlioptas 2003).
//!
//! Good enough to say which of two rows is nearer, and many times cheaper to read than rows of hundreds of numbers: the
//! trees of the [`forest`](super::forest) are grown on it. O(n dim).

use super::metric::Rows;
use crate::parallel;
use crate::random::{Rng, Use};

/// Dimensions of a sketch.
const WIDTH: usize = 32;
/// Rows in a unit of parallel work.
const ROWS: usize = 256;

/// A sketch of `rows`, or `None` where they are hardly wider than one.
pub fn sketch(rows: &Rows, seed: u64) -> Option<Rows> {
    let width = rows.width();
    if width <= 2 * WIDTH {
        return None;
    }
    let signs: Vec<[f32; WIDTH]> = (0..width as u64)
        .map(|column| {
            let bits = Rng::stream(seed, Use::KnnSketch, column).bits();
            std::array::from_fn(|l| if bits >> l & 1 == 0 { -1.0 } else { 1.0 })
        })
        .collect();
    let mut values = vec![0.0f32; rows.len() * WIDTH];
    parallel::for_each_part(&mut values, ROWS * WIDTH, |start, part| {
        for (r, out) in part.as_chunks_mut::<WIDTH>().0.iter_mut().enumerate() {
            let mut sums = [0.0f32; WIDTH];
            for (&v, signs) in rows.row((start / WIDTH + r) as u32).iter().zip(&signs) {
                if v != 0.0 {
                    sums.iter_mut().zip(signs).for_each(|(sum, sign)| *sum += v * sign);
                }
            }
            *out = sums;
        }
    });
    Some(Rows::ready(values, WIDTH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::Metric;
    use crate::knn::squared::one_by_two;

    #[test]
    fn distances_are_kept_roughly() {
        let mut rng = Rng::stream(2, Use::Test, 0);
        let vectors: Vec<f32> = (0..200 * 40).map(|_| rng.normal()).collect();
        let rows = Rows::new(&vectors, 200, Metric::Euclidean);
        let small = sketch(&rows, 1).unwrap();
        assert_eq!((small.len(), small.width()), (40, WIDTH));
        let ratio = |i: u32, j: u32| {
            let [d, _] = one_by_two(rows.row(i), [rows.row(j); 2]);
            let [s, _] = one_by_two(small.row(i), [small.row(j); 2]);
            f64::from(s / d) / WIDTH as f64
        };
        let ratios: Vec<f64> = (0..40).flat_map(|i| (0..i).map(move |j| ratio(i, j))).collect();
        assert!(ratios.iter().all(|r| (0.2..3.0).contains(r)));
        assert!((ratios.iter().sum::<f64>() / ratios.len() as f64 - 1.0).abs() < 0.2);
        assert!(sketch(&Rows::new(&vectors, 40, Metric::Euclidean), 1).is_none());
    }
}
