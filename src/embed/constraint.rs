//! Constraint: what keeps an embedding in place.
//!
//! Each has a projection onto its set, and one of the gradient onto the directions in which the set lets the items move
//! (Agrawal, Ali, Boyd 2021, section 2.3). Standardized is X^T X = n I with mean 0: the projection is sqrt(n) U V^T of
//! X = U S V^T, here by the inverse root of the small matrix X^T X, in f64, in a fixed order: the same bits on any
//! number of threads.

use crate::eigen::symmetric_eigen;
use crate::parallel;

/// Rows in a unit of parallel work.
const ROWS: usize = 512;
/// Up to this many dimensions the inverse root is taken by Jacobi's eigenvectors, beyond by Newton and Schulz.
const JACOBI: usize = 8;

/// Items that stay where they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anchors {
    /// The items, each once.
    pub items: Vec<u32>,
    /// Their places, row-major items x dim.
    pub values: Vec<f32>,
}

/// What keeps the embedding in place.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// The mean is at the origin.
    Centered,
    /// The mean is at the origin, and X^T X / n is the identity.
    Standardized,
    /// Some items stay at their places.
    Anchored(Anchors),
}

impl Constraint {
    /// Moves `x` (row-major, n x dim) to the nearest point that meets the constraint.
    pub fn project(&self, x: &mut [f32], dim: usize) {
        match self {
            Constraint::Centered => center(x, dim),
            Constraint::Standardized => standardize(x, dim),
            Constraint::Anchored(anchors) => {
                for (&item, place) in anchors.items.iter().zip(anchors.values.chunks_exact(dim)) {
                    x[item as usize * dim..][..dim].copy_from_slice(place);
                }
            }
        }
    }

    /// As [`Constraint::project`], for trial points of a line search: what a direction made of projected gradients
    /// keeps by itself is not done again.
    pub fn retract(&self, x: &mut [f32], dim: usize) {
        if *self == Constraint::Standardized {
            standardize(x, dim);
        }
    }

    /// Takes from `gradient` what would lead out of the constraint at `x`.
    pub fn project_gradient(&self, x: &[f32], gradient: &mut [f32], dim: usize) {
        match self {
            // The average distortion does not see a shift, and its gradient sums to 0.
            Constraint::Centered => {}
            Constraint::Standardized => {
                // Z - X (Z^T X) / n, as PyMDE has it.
                let n = (x.len() / dim).max(1) as f64;
                let product: Vec<f32> = cross(gradient, x, dim).iter().map(|v| (v / n) as f32).collect();
                parallel::for_each_part(gradient, ROWS * dim, |start, part| {
                    for (out, row) in part.chunks_exact_mut(dim).zip(x[start..].chunks_exact(dim)) {
                        for (&x, to) in row.iter().zip(product.chunks_exact(dim)) {
                            out.iter_mut().zip(to).for_each(|(out, &m)| *out -= x * m);
                        }
                    }
                });
            }
            Constraint::Anchored(anchors) => {
                for &item in &anchors.items {
                    gradient[item as usize * dim..][..dim].fill(0.0);
                }
            }
        }
    }

    /// Which items may move; `None` where all may. A pair of two that may not has nothing to decide.
    pub fn free_items(&self, n_items: usize) -> Option<Vec<bool>> {
        let Constraint::Anchored(anchors) = self else { return None };
        let mut free = vec![true; n_items];
        anchors.items.iter().for_each(|&item| free[item as usize] = false);
        Some(free)
    }
}

/// The root mean square length of all distances of a standardized embedding: sqrt(2 n dim / (n - 1)).
pub fn natural_length(n_items: usize, dim: usize) -> f64 {
    let n = n_items.max(2) as f64;
    (2.0 * n * dim as f64 / (n - 1.0)).sqrt()
}

/// Moves the mean of `x` (row-major, n x dim) to the origin.
pub fn center(x: &mut [f32], dim: usize) {
    let n = (x.len() / dim).max(1) as f64;
    for d in 0..dim {
        let mean = (x.iter().skip(d).step_by(dim).map(|&v| f64::from(v)).sum::<f64>() / n) as f32;
        for v in x.iter_mut().skip(d).step_by(dim) {
            *v -= mean;
        }
    }
}

/// The nearest standardized matrix. Where `x` has too few directions, those it has not stay nearly 0.
fn standardize(x: &mut [f32], dim: usize) {
    center(x, dim);
    let n = (x.len() / dim).max(1) as f64;
    let covariance: Vec<f64> = cross(x, x, dim).iter().map(|v| v / n).collect();
    let root: Vec<f32> = inverse_root(covariance, dim).iter().map(|&v| v as f32).collect();
    parallel::for_each_part(x, ROWS * dim, |_, part| {
        let mut row = vec![0.0; dim];
        for out in part.chunks_exact_mut(dim) {
            row.copy_from_slice(out);
            out.fill(0.0);
            for (&x, to) in row.iter().zip(root.chunks_exact(dim)) {
                out.iter_mut().zip(to).for_each(|(out, &m)| *out += x * m);
            }
        }
    });
}

/// A^T B of two row-major n x dim matrices: row-major dim x dim.
fn cross(a: &[f32], b: &[f32], dim: usize) -> Vec<f64> {
    let parts = parallel::map_chunks(a.len() / dim, ROWS, |rows| {
        let mut sum = vec![0.0f64; dim * dim];
        let range = rows.start * dim..rows.end * dim;
        for (a, b) in a[range.clone()].chunks_exact(dim).zip(b[range].chunks_exact(dim)) {
            for (&a, sum) in a.iter().zip(sum.chunks_exact_mut(dim)) {
                sum.iter_mut().zip(b).for_each(|(sum, &b)| *sum += f64::from(a) * f64::from(b));
            }
        }
        sum
    });
    let mut total = vec![0.0; dim * dim];
    for part in parts {
        total.iter_mut().zip(part).for_each(|(total, v)| *total += v);
    }
    total
}

/// A^(-1/2) of a symmetric positive `m` x `m` matrix.
fn inverse_root(a: Vec<f64>, m: usize) -> Vec<f64> {
    if m > JACOBI
        && let Some(root) = inverse_root_newton(&a, m)
    {
        return root;
    }
    inverse_root_jacobi(a, m)
}

/// By eigenvectors; exact also where an eigenvalue is 0, which then counts as a trillionth of the largest.
fn inverse_root_jacobi(a: Vec<f64>, m: usize) -> Vec<f64> {
    let (values, v) = symmetric_eigen(a, m);
    let least = (values[0] * 1e-12).max(1e-30);
    let scale: Vec<f64> = values.iter().map(|&value| 1.0 / value.max(least).sqrt()).collect();
    let mut out = vec![0.0; m * m];
    for (i, row) in out.chunks_exact_mut(m).enumerate() {
        for (j, out) in row.iter_mut().enumerate() {
            *out = (0..m).map(|c| v[i * m + c] * scale[c] * v[j * m + c]).sum();
        }
    }
    out
}

/// By the coupled iteration of Newton and Schulz (Higham 2008, equation 6.35), a few products where `a` is near the
/// identity, as it is from one iteration to the next; `None` where it does not converge.
fn inverse_root_newton(a: &[f64], m: usize) -> Option<Vec<f64>> {
    let from_identity = |a: &[f64], scale: f64| {
        let identity = |e: usize| if e / m == e % m { 1.0 } else { 0.0 };
        a.iter().enumerate().map(|(e, v)| v / scale - identity(e)).map(|v| v * v).sum::<f64>().sqrt()
    };
    // A spectral radius below 1 is what it needs; the norm of A as the scale always gives that.
    let norm = a.iter().map(|v| v * v).sum::<f64>().sqrt();
    let scale = if from_identity(a, 1.0) < 0.9 { 1.0 } else { norm };
    if !(scale > 0.0 && scale.is_finite()) {
        return None;
    }
    let mut y: Vec<f64> = a.iter().map(|v| v / scale).collect();
    let mut z: Vec<f64> = (0..m * m).map(|e| f64::from(u8::from(e / m == e % m))).collect();
    for _ in 0..40 {
        let mut t = multiply(&z, &y, m);
        if from_identity(&t, 1.0) < 1e-9 {
            let root = 1.0 / scale.sqrt();
            z.iter_mut().for_each(|v| *v *= root);
            return Some(z);
        }
        for (e, v) in t.iter_mut().enumerate() {
            *v = 0.5 * (if e / m == e % m { 3.0 } else { 0.0 } - *v);
        }
        y = multiply(&y, &t, m);
        z = multiply(&t, &z, m);
    }
    None
}

/// The product of two row-major m x m matrices.
fn multiply(a: &[f64], b: &[f64], m: usize) -> Vec<f64> {
    let mut out = vec![0.0; m * m];
    parallel::for_each_part(&mut out, 16 * m, |start, part| {
        for (out, a) in part.chunks_exact_mut(m).zip(a[start..].chunks_exact(m)) {
            for (&a, b) in a.iter().zip(b.chunks_exact(m)) {
                out.iter_mut().zip(b).for_each(|(out, &b)| *out += a * b);
            }
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    fn normals(count: usize) -> Vec<f32> {
        let mut rng = Rng::stream(1, Use::Test, 0);
        (0..count).map(|_| rng.normal()).collect()
    }

    #[test]
    fn both_inverse_roots_are_the_same() {
        for m in [1, 2, 3, 9, 20] {
            let x = normals(60 * m);
            let a: Vec<f64> = cross(&x, &x, m).iter().map(|v| v / 60.0).collect();
            let (jacobi, newton) = (inverse_root_jacobi(a.clone(), m), inverse_root_newton(&a, m).unwrap());
            for (j, n) in jacobi.iter().zip(&newton) {
                assert!((j - n).abs() < 1e-6 * jacobi[0].abs().max(1.0), "{m}: {j} {n}");
            }
            // R A R = I.
            let identity = multiply(&multiply(&jacobi, &a, m), &jacobi, m);
            for (e, v) in identity.iter().enumerate() {
                assert!((v - f64::from(u8::from(e / m == e % m))).abs() < 1e-9, "{m}: {v}");
            }
        }
    }

    #[test]
    fn standardized_is_standardized_and_nearest() {
        for dim in [2, 3, 12] {
            let mut x: Vec<f32> =
                normals(700 * dim).iter().enumerate().map(|(e, v)| v * (1 + e % dim) as f32 + 5.0).collect();
            let before = x.clone();
            Constraint::Standardized.project(&mut x, dim);
            for (e, v) in cross(&x, &x, dim).iter().enumerate() {
                let want = if e / dim == e % dim { 700.0 } else { 0.0 };
                assert!((v - want).abs() < 2e-3, "{dim}: {v} {want}");
            }
            for d in 0..dim {
                assert!(x.iter().skip(d).step_by(dim).sum::<f32>().abs() < 1e-2);
            }
            // The nearest one: X^T (centered before) is symmetric and positive (the polar factor).
            let polar = cross(&x, &before, dim);
            for i in 0..dim {
                assert!(polar[i * dim + i] > 0.0);
                for j in 0..i {
                    assert!((polar[i * dim + j] - polar[j * dim + i]).abs() < 0.5, "{dim}");
                }
            }
            let again = x.clone();
            Constraint::Standardized.project(&mut x, dim);
            assert!(x.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-5), "a second time changes nothing");
        }
    }

    #[test]
    fn a_projected_gradient_leads_along_the_constraint() {
        let (dim, n) = (3, 200);
        let mut x = normals(n * dim);
        Constraint::Standardized.project(&mut x, dim);
        let mut gradient = normals(n * dim * 2)[n * dim..].to_vec();
        Constraint::Standardized.project_gradient(&x, &mut gradient, dim);
        // X^T Z + Z^T X is 0: a small step leaves X^T X as it is, to first order.
        let change = cross(&x, &gradient, dim);
        for (i, j) in (0..dim).flat_map(|i| (0..dim).map(move |j| (i, j))) {
            assert!((change[i * dim + j] + change[j * dim + i]).abs() < 1e-3);
        }
        let anchors = Anchors { items: vec![0, 7], values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] };
        let anchored = Constraint::Anchored(anchors);
        anchored.project(&mut x, dim);
        anchored.project_gradient(&x, &mut gradient, dim);
        assert_eq!((&x[21..24], &gradient[21..24]), (&[4.0, 5.0, 6.0][..], &[0.0; 3][..]));
    }

    #[test]
    fn flat_points_stay_finite() {
        for dim in [2, 3, 12] {
            let mut x: Vec<f32> = (0..50 * dim).map(|e| (e / dim) as f32).collect();
            Constraint::Standardized.project(&mut x, dim);
            assert!(x.iter().all(|v| v.is_finite()));
            let mut x = vec![0.0; 50 * dim];
            Constraint::Standardized.project(&mut x, dim);
            assert!(x.iter().all(|v| v.is_finite()));
        }
    }
}
