//! Exact: how all points push each other away, every pair computed. O(n^2), for few points and as the twin of
//! [`super::interpolation`].

use super::kernel::Kernel;
use crate::parallel;

/// Points in a unit of parallel work.
const POINTS: usize = 64;
/// Pairs computed side by side.
const LANES: usize = 8;
/// Where the points are that fill up the last lanes: so far that they push nothing.
const FAR: f32 = 1e18;

/// Leaves in `out` the push on each of `points`, the sum over all others of w^(1 + 1/a) (y_i - y_j), and returns the sum of w
/// over all ordered pairs.
pub fn push<const D: usize>(points: &[[f32; D]], kernel: Kernel, out: &mut [[f32; D]]) -> f64 {
    if kernel.is_cauchy() {
        push_by::<D, true>(points, kernel, out)
    } else {
        push_by::<D, false>(points, kernel, out)
    }
}

fn push_by<const D: usize, const CAUCHY: bool>(
    points: &[[f32; D]],
    kernel: Kernel,
    out: &mut [[f32; D]],
) -> f64 {
    // Points side by side in lanes: of each block all first coordinates, then all second ones.
    let blocks: Vec<[[f32; LANES]; D]> = points
        .chunks(LANES)
        .map(|block| std::array::from_fn(|c| std::array::from_fn(|l| block.get(l).map_or(FAR, |p| p[c]))))
        .collect();
    let sums = parallel::map_parts(out, POINTS, |start, part| {
        let mut sum_z = 0.0f64;
        for (out, here) in part.iter_mut().zip(&points[start..]) {
            let (mut force, mut z) = ([[0.0f32; LANES]; D], [0.0f32; LANES]);
            for block in &blocks {
                for l in 0..LANES {
                    let apart: [f32; D] = std::array::from_fn(|c| here[c] - block[c][l]);
                    let squared = apart.iter().fold(0.0, |sum, d| sum + d * d);
                    let (w, push) = kernel.push::<CAUCHY>(squared);
                    z[l] += w;
                    for c in 0..D {
                        force[c][l] += push * apart[c];
                    }
                }
            }
            let sum = |m: [f32; LANES]| ((m[0] + m[4]) + (m[2] + m[6])) + ((m[1] + m[5]) + (m[3] + m[7]));
            // Without the point itself, which is as near to itself as can be.
            sum_z += f64::from(sum(z)) - 1.0;
            *out = force.map(sum);
        }
        sum_z
    });
    sums.iter().sum()
}
