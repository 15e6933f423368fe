//! Align: turns a layout so that it lies as the one before did (orthogonal Procrustes problem: Schönemann 1966).
//!
//! A layout says nothing about what is up or left, and two of them by nearly the same recipe may be turned or mirrored. What
//! is shown is turned; the map itself, its hash and its files are not, as they must not depend on what was looked at before.

use super::pca;
use crate::eigen::symmetric_eigen;

/// A rotation, or a rotation and a reflection, about the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    dim: usize,
    /// Row-major dim x dim, orthogonal: row vectors are multiplied from the left.
    matrix: Vec<f64>,
}

impl Turn {
    /// None at all.
    pub fn identity(dim: usize) -> Self {
        let matrix = (0..dim * dim).map(|at| if at % (dim + 1) == 0 { 1.0 } else { 0.0 }).collect();
        Turn { dim, matrix }
    }

    /// The turn whose [`Turn::matrix`] this is, or the nearest one to a matrix from anywhere; `None` when it is neither 2 x 2
    /// nor 3 x 3 of finite numbers.
    pub fn of(matrix: &[f64]) -> Option<Self> {
        let dim = [2, 3].into_iter().find(|dim| dim * dim == matrix.len())?;
        let finite = matrix.iter().all(|v| v.is_finite());
        let good = finite && is_orthogonal(matrix, dim);
        let matrix = || if good { matrix.to_vec() } else { rounded(nearest_orthogonal(matrix, dim)) };
        finite.then(|| Turn { dim, matrix: matrix() })
    }

    /// Row-major dim x dim, by which row vectors are multiplied.
    pub fn matrix(&self) -> &[f64] {
        &self.matrix
    }

    /// Dimensions of the layouts that it turns.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// That which brings `moving` nearest to `fixed` in least squares, each about its mean and whatever their scales; both
    /// row-major n x `dim`, rows of `fixed` that are NaN left out. Where they say nothing about a direction, or there are
    /// fewer than two points, that one is left as it is as far as it can be.
    pub fn onto(moving: &[f32], fixed: &[f32], dim: usize) -> Self {
        let rows = || {
            let both = moving.chunks_exact(dim).zip(fixed.chunks_exact(dim));
            both.filter(|(_, fixed)| fixed.iter().all(|v| v.is_finite()))
        };
        let n = rows().count().max(1) as f64;
        let (mut from, mut to) = (vec![0.0; dim], vec![0.0; dim]);
        for (x, y) in rows() {
            for c in 0..dim {
                from[c] += f64::from(x[c]) / n;
                to[c] += f64::from(y[c]) / n;
            }
        }
        let mut product = vec![0.0; dim * dim];
        for (x, y) in rows() {
            for r in 0..dim {
                for c in 0..dim {
                    product[r * dim + c] += (f64::from(x[r]) - from[r]) * (f64::from(y[c]) - to[c]);
                }
            }
        }
        Turn { dim, matrix: rounded(nearest_orthogonal(&product, dim)) }
    }

    /// That which brings the axis along which `layout` (row-major n x `dim`) is widest to the first place, and so on.
    pub fn widest(layout: &[f32], dim: usize) -> Self {
        Turn { dim, matrix: rounded(pca::axes(layout, dim, dim).1) }
    }

    /// `layout`, row-major n x dim, turned.
    pub fn apply(&self, layout: &[f32]) -> Vec<f32> {
        if *self == Turn::identity(self.dim) {
            return layout.to_vec();
        }
        let (dim, matrix) = (self.dim, &self.matrix);
        let turned = layout.chunks_exact(dim).flat_map(|row| {
            (0..dim)
                .map(move |c| (0..dim).map(|r| f64::from(row[r]) * matrix[r * dim + c]).sum::<f64>() as f32)
        });
        turned.collect()
    }
}

/// Whether the rows of `m`, row-major n x n, are of length 1 and at right angles, but for rounding.
fn is_orthogonal(m: &[f64], n: usize) -> bool {
    (0..n * n).all(|at| {
        let (a, b) = (at / n, at % n);
        let dot: f64 = (0..n).map(|c| m[a * n + c] * m[b * n + c]).sum();
        (dot - if a == b { 1.0 } else { 0.0 }).abs() < 1e-6
    })
}

/// To the 7 decimals that a link carries, so that a map lies there to the bit as it does here.
fn rounded(matrix: Vec<f64>) -> Vec<f64> {
    matrix.into_iter().map(|v| libm::rint(v * 1e7) / 1e7).collect()
}

/// U V^T of the singular value decomposition U S V^T of `m`, row-major n x n.
fn nearest_orthogonal(m: &[f64], n: usize) -> Vec<f64> {
    let largest = m.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return Turn::identity(n).matrix;
    }
    let m: Vec<f64> = m.iter().map(|v| v / largest).collect();
    let squared = (0..n * n).map(|at| (0..n).map(|k| m[k * n + at / n] * m[k * n + at % n]).sum()).collect();
    let (values, v) = symmetric_eigen(squared, n);
    let mut u: Vec<Vec<f64>> = Vec::with_capacity(n);
    for (c, value) in values.iter().enumerate() {
        let along: Vec<f64> = (0..n).map(|r| v[r * n + c]).collect();
        let image: Vec<f64> = (0..n).map(|r| (0..n).map(|k| m[r * n + k] * along[k]).sum()).collect();
        // A direction of which nothing is known: as it is, then the axes, whichever is new first.
        let known = *value > 1e-20 * values[0];
        let axis = |a: usize| (0..n).map(|r| f64::from(u8::from(r == a))).collect();
        let candidates = known.then_some(image).into_iter().chain([along]).chain((0..n).map(axis));
        u.extend(candidates.filter_map(|candidate| beside(candidate, &u)).take(1).collect::<Vec<_>>());
    }
    (0..n * n).map(|at| (0..n).map(|c| u[c][at / n] * v[(at % n) * n + c]).sum()).collect()
}

/// The part of `vector` that is at right angles to all of `others`, of length 1; `None` where next to nothing is left.
fn beside(mut vector: Vec<f64>, others: &[Vec<f64>]) -> Option<Vec<f64>> {
    let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let whole = length(&vector);
    for other in others {
        let along: f64 = vector.iter().zip(other).map(|(a, b)| a * b).sum();
        vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
    }
    let left = length(&vector);
    (left > 1e-6 * whole && left > 0.0).then(|| vector.iter().map(|v| v / left).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    fn cloud(seed: u64, n: usize, dim: usize) -> Vec<f32> {
        let mut rng = Rng::stream(seed, Use::Test, 1);
        (0..n * dim).map(|at| rng.normal() * (1 + at % dim) as f32).collect()
    }

    /// A random orthogonal matrix; of any sign.
    fn orthogonal(seed: u64, dim: usize) -> Turn {
        let mut rng = Rng::stream(seed, Use::Test, 2);
        let m: Vec<f64> = (0..dim * dim).map(|_| f64::from(rng.normal())).collect();
        Turn { dim, matrix: nearest_orthogonal(&m, dim) }
    }

    fn near(a: &[f32], b: &[f32], most: f32) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < most)
    }

    #[test]
    fn a_turn_is_told_and_made_again() {
        for dim in [2, 3] {
            for seed in 0..200 {
                let layout = cloud(3, 20, dim);
                let onto = Turn::onto(&orthogonal(seed, dim).apply(&layout), &layout, dim);
                let told: Vec<f64> = onto.matrix().iter().map(|v| v.to_string().parse().unwrap()).collect();
                assert_eq!(Turn::of(&told), Some(onto));
            }
            let wild: Vec<f64> = (0..dim * dim).map(|i| (i * i) as f64 - 3.0).collect();
            let bent = Turn::of(&wild).unwrap();
            let product: Vec<f64> = (0..dim * dim)
                .map(|at| {
                    (0..dim).map(|c| bent.matrix[at / dim * dim + c] * bent.matrix[at % dim * dim + c]).sum()
                })
                .collect();
            let identity = Turn::identity(dim);
            assert!(product.iter().zip(&identity.matrix).all(|(a, b)| (a - b).abs() < 1e-6), "{product:?}");
        }
        for bad in [&[][..], &[1.0; 5], &[f64::NAN; 4], &[f64::INFINITY, 0.0, 0.0, 1.0]] {
            assert_eq!(Turn::of(bad), None);
        }
    }

    #[test]
    fn a_turned_layout_is_turned_back() {
        for dim in [2, 3] {
            for seed in 0..40 {
                let fixed = cloud(seed, 50, dim);
                let turned: Vec<f32> = orthogonal(seed, dim).apply(&fixed).iter().map(|v| 7.5 * v).collect();
                let back = Turn::onto(&turned, &fixed, dim).apply(&turned);
                let scaled: Vec<f32> = fixed.iter().map(|v| 7.5 * v).collect();
                assert!(near(&back, &scaled, 1e-3), "{dim} dimensions, seed {seed}");
            }
        }
    }

    /// No turn of a fine net is nearer.
    #[test]
    fn nothing_is_nearer_in_the_plane() {
        for seed in 0..10 {
            let (moving, fixed) = (cloud(seed, 12, 2), cloud(seed + 100, 12, 2));
            let centered = |x: &[f32]| {
                let mean = [0, 1].map(|c| x.iter().skip(c).step_by(2).sum::<f32>() / 12.0);
                x.chunks(2).flat_map(|p| [p[0] - mean[0], p[1] - mean[1]]).collect::<Vec<f32>>()
            };
            let (moving, fixed) = (centered(&moving), centered(&fixed));
            let error = |turn: &Turn| {
                let turned = turn.apply(&moving);
                turned.iter().zip(&fixed).map(|(a, b)| f64::from((a - b) * (a - b))).sum::<f64>()
            };
            let best = error(&Turn::onto(&moving, &fixed, 2));
            for step in 0..720 {
                let (sin, cos) = f64::from(step).to_radians().sin_cos();
                let sign = if step < 360 { 1.0 } else { -1.0 };
                let turn = Turn { dim: 2, matrix: vec![cos, sign * sin, -sin, sign * cos] };
                assert!(error(&turn) > best - 1e-3, "{step} degrees: {} {best}", error(&turn));
            }
        }
    }

    #[test]
    fn the_widest_axis_comes_first() {
        for seed in 0..10 {
            let layout = orthogonal(seed, 3).apply(&cloud(seed, 200, 3));
            let turned = Turn::widest(&layout, 3).apply(&layout);
            let spread = |c: usize| turned.iter().skip(c).step_by(3).map(|v| v * v).sum::<f32>();
            assert!(spread(0) > spread(1) && spread(1) > spread(2), "seed {seed}");
            let length = |x: &[f32]| x.iter().map(|v| v * v).sum::<f32>();
            assert!((length(&turned) / length(&layout) - 1.0).abs() < 1e-4, "only turned");
        }
    }

    #[test]
    fn what_is_unknown_stays() {
        let fixed = cloud(3, 20, 3);
        let mut gaps = fixed.clone();
        gaps[3..6].fill(f32::NAN);
        assert!(near(&Turn::onto(&fixed, &gaps, 3).apply(&fixed), &fixed, 1e-4), "rows of NaN");
        for dim in [2, 3] {
            let nowhere = vec![1.0f32; 5 * dim];
            assert_eq!(Turn::onto(&nowhere, &cloud(1, 5, dim), dim), Turn::identity(dim));
            assert_eq!(Turn::onto(&[], &[], dim), Turn::identity(dim));
        }
        // On a line: its direction is met, and the rest is orthogonal all the same.
        let line: Vec<f32> = (0..10).flat_map(|i| [i as f32, 0.0, 0.0]).collect();
        let other: Vec<f32> = (0..10).flat_map(|i| [0.0, -(i as f32), 0.0]).collect();
        let turned = Turn::onto(&line, &other, 3).apply(&line);
        assert!(near(&turned, &other, 1e-4), "{turned:?}");
    }
}
