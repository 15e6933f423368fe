//! Exact: how all points push each other away, every pair computed. O(n^2), for few points and as the twin of
//! [`super::interpolation`].

use super::kernel::Kernel;
use crate::parallel;
use crate::project::lanes::{LANES, blocks};

/// Points in a unit of parallel work.
const POINTS: usize = 64;
/// Where the points are that fill up the last lanes: so far that they push nothing.
const FAR: f32 = 1e18;

/// Leaves in `out` the push on each of `points`, the sum over all others of w^(1 + 1/a) (y_i - y_j), and returns the sum of w
/// over all ordered pairs.
pub fn push<const D: usize>(points: &[[f32; D]], kernel: Kernel, out: &mut [[f32; D]]) -> f64 {
    let blocks = blocks(points, FAR);
    let sums = parallel::map_parts(out, POINTS, |start, part| {
        let mut sum_z = 0.0f64;
        for (out, here) in part.iter_mut().zip(&points[start..]) {
            let (force, z) = push_on(here, &blocks, kernel);
            // Without the point itself, which is as near to itself as can be.
            sum_z += f64::from(z) - 1.0;
            *out = force;
        }
        sum_z
    });
    sums.iter().sum()
}

/// How the points of `blocks` (filled up far away) push one that stands `here`, and the sum of w over them, the point
/// itself counted where it is among them.
pub fn push_on<const D: usize>(
    here: &[f32; D],
    blocks: &[[[f32; LANES]; D]],
    kernel: Kernel,
) -> ([f32; D], f32) {
    if kernel.is_cauchy() {
        push_by::<D, true>(here, blocks, kernel)
    } else {
        push_by::<D, false>(here, blocks, kernel)
    }
}

fn push_by<const D: usize, const CAUCHY: bool>(
    here: &[f32; D],
    blocks: &[[[f32; LANES]; D]],
    kernel: Kernel,
) -> ([f32; D], f32) {
    let (mut force, mut z) = ([[0.0f32; LANES]; D], [0.0f32; LANES]);
    for block in blocks {
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
    (force.map(sum), sum(z))
}
