//! PCA: the view of the points that shows most of their spread.
//!
//! The start of UMAP, and what the live picture shows while the embedding still moves in three dimensions: so the one
//! grows out of the other. O(n dim^2).

use crate::eigen::symmetric_eigen;
use crate::pack::Parts;

/// The first `wanted` principal components of `x` (row-major, n x dim): row-major n x wanted, mean at the origin; 0 beyond
/// the first `dim`. Each axis points where its largest part is positive, so that the picture does not flip between frames.
pub fn principal_axes(x: &[f32], dim: usize, wanted: usize) -> Vec<f32> {
    let (mean, axes) = axes(x, dim, wanted.min(dim));
    let along = |row: &[f32], c: usize| {
        (0..dim).map(|k| (f64::from(row[k]) - mean[k]) * axes[k * dim + c]).sum::<f64>() as f32
    };
    x.chunks_exact(dim)
        .flat_map(|row| (0..wanted).map(move |c| (row, c)))
        .map(|(row, c)| if c < dim { along(row, c) } else { 0.0 })
        .collect()
}

/// The mean of `x` (row-major, n x dim), and the axes along which it is widest, widest first: the columns of a row-major
/// dim x dim matrix, the first `wanted` of them with their largest part positive.
pub fn axes(x: &[f32], dim: usize, wanted: usize) -> (Vec<f64>, Vec<f64>) {
    let n = (x.len() / dim).max(1) as f64;
    let mut mean = vec![0.0f64; dim];
    for row in x.chunks_exact(dim) {
        for (m, &v) in mean.iter_mut().zip(row) {
            *m += f64::from(v) / n;
        }
    }
    let mut covariance = vec![0.0f64; dim * dim];
    for row in x.chunks_exact(dim) {
        for a in 0..dim {
            for b in 0..dim {
                covariance[a * dim + b] += (f64::from(row[a]) - mean[a]) * (f64::from(row[b]) - mean[b]) / n;
            }
        }
    }
    let (_, mut axes) = symmetric_eigen(covariance, dim);
    for c in 0..wanted {
        let largest =
            (0..dim).map(|k| axes[k * dim + c]).fold(0.0f64, |m, v| if v.abs() > m.abs() { v } else { m });
        if largest < 0.0 {
            (0..dim).for_each(|k| axes[k * dim + c] = -axes[k * dim + c]);
        }
    }
    (mean, axes)
}

/// Each part's own first `wanted` principal components, with its mean at the origin; see [`principal_axes`], which it is for
/// a single part.
pub fn view_of_parts(x: &[f32], dim: usize, wanted: usize, parts: &Parts) -> Vec<f32> {
    if parts.count() < 2 {
        return principal_axes(x, dim, wanted);
    }
    let members = parts.members();
    let mut out = vec![0.0; x.len() / dim * wanted];
    for part in 0..parts.count() {
        let items = members.row(part).0;
        let inside: Vec<f32> = items.iter().flat_map(|&i| &x[i as usize * dim..][..dim]).copied().collect();
        for (&i, at) in items.iter().zip(principal_axes(&inside, dim, wanted).chunks_exact(wanted)) {
            out[i as usize * wanted..][..wanted].copy_from_slice(at);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_widest_plane() {
        // Long along the third axis, less along the first, flat along the second.
        let x: Vec<f32> =
            (0..20).flat_map(|i| [if i % 2 == 0 { 1.0 } else { -1.0 }, 0.5, i as f32]).collect();
        let view = principal_axes(&x, 3, 2);
        let spread = |c: usize| view.iter().skip(c).step_by(2).map(|v| v * v).sum::<f32>();
        assert!(spread(0) > spread(1) && spread(1) > 15.0, "{} {}", spread(0), spread(1));
        assert!(view[38] > view[0], "the first axis points up the third coordinate");
        let solid = principal_axes(&view, 2, 3);
        assert!(solid.chunks(3).zip(view.chunks(2)).all(|(a, b)| (a[0] - b[0]).abs() < 1e-5 && a[2] == 0.0));
    }
}
