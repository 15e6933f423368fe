//! Exact: how all points push each other away, every pair computed. O(n^2), for few points and as the twin of
//! [`super::interpolation`].

use super::kernel::{Kernel, LANES};
use crate::parallel;

/// Points in a unit of parallel work.
const POINTS: usize = 64;
/// Where the points are that fill up the last lanes: so far that they push nothing.
const FAR: f32 = 1e18;

/// Leaves in `out` the push on each of `points`, the sum over all others of w^(1 + 1/a) (y_i - y_j), and returns the sum of w
/// over all ordered pairs.
pub fn push<const D: usize>(points: &[[f32; D]], kernel: Kernel, out: &mut [[f32; D]]) -> f64 {
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
                let (mut apart, mut squared) = ([[0.0f32; LANES]; D], [0.0f32; LANES]);
                for c in 0..D {
                    for l in 0..LANES {
                        apart[c][l] = here[c] - block[c][l];
                        squared[l] += apart[c][l] * apart[c][l];
                    }
                }
                let (w, push) = kernel.push(&squared);
                for l in 0..LANES {
                    z[l] += w[l];
                    for c in 0..D {
                        force[c][l] += push[l] * apart[c][l];
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
