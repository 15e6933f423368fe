//! Matrix: products of dense matrices with many rows and few columns, and orthonormal columns.

use crate::parallel;

/// Rows in a unit of parallel work.
const ROWS: usize = 512;

/// Adds `row` times the matrix `columns` (rows of `sums.len()` numbers, one for each number in `row`) to `sums`.
#[inline]
pub fn add_product(sums: &mut [f32], row: &[f32], columns: &[f32]) {
    for (&v, from) in row.iter().zip(columns.chunks_exact(sums.len())) {
        if v != 0.0 {
            sums.iter_mut().zip(from).for_each(|(sum, &c)| *sum += v * c);
        }
    }
}

/// X^T X of a dense matrix of rows of `wide` numbers, summed in f64 in order of chunks.
pub fn gram(x: &[f32], wide: usize) -> Vec<f64> {
    let rows = x.len() / wide;
    let parts = parallel::map_chunks(rows, ROWS, |part| {
        // Sums over 64 rows in f32 cost half, and lose nothing that matters before they are added up in f64.
        let mut sums = vec![0.0f64; wide * wide];
        let mut block = vec![0.0f32; wide * wide];
        for first in part.clone().step_by(64) {
            block.fill(0.0);
            for row in x[first * wide..part.end.min(first + 64) * wide].chunks_exact(wide) {
                for (k, &v) in row.iter().enumerate() {
                    block[k * wide..][..wide].iter_mut().zip(row).for_each(|(s, &w)| *s += v * w);
                }
            }
            sums.iter_mut().zip(&block).for_each(|(s, &b)| *s += f64::from(b));
        }
        sums
    });
    let mut out = vec![0.0f64; wide * wide];
    for part in parts {
        out.iter_mut().zip(part).for_each(|(o, p)| *o += p);
    }
    out
}

/// Makes the columns orthonormal by the Cholesky factor of their Gram matrix; columns that depend on those before become 0.
pub fn orthonormalize(x: &mut [f32], wide: usize) {
    let mut l = gram(x, wide);
    for c in 0..wide {
        let before: f64 = (0..c).map(|k| l[c * wide + k] * l[c * wide + k]).sum();
        let pivot = l[c * wide + c] - before;
        // What rounding in f32 leaves of a dependent column.
        let root = if pivot > 1e-6 * l[c * wide + c] && pivot > 1e-30 { pivot.sqrt() } else { 0.0 };
        l[c * wide + c] = root;
        for r in c + 1..wide {
            let sum: f64 = (0..c).map(|k| l[r * wide + k] * l[c * wide + k]).sum();
            l[r * wide + c] = if root > 0.0 { (l[r * wide + c] - sum) / root } else { 0.0 };
        }
    }
    let l: Vec<f32> = l.into_iter().map(|v| v as f32).collect();
    parallel::for_each_part(x, ROWS * wide, |_, part| {
        for row in part.chunks_exact_mut(wide) {
            for c in 0..wide {
                let root = l[c * wide + c];
                let sum: f32 = (0..c).map(|k| l[c * wide + k] * row[k]).sum();
                row[c] = if root > 0.0 { (row[c] - sum) / root } else { 0.0 };
            }
        }
    });
}
