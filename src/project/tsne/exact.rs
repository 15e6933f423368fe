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
pub fn push(points: &[[f32; 2]], kernel: Kernel, out: &mut [[f32; 2]]) -> f64 {
    if kernel.is_cauchy() {
        push_by::<true>(points, kernel, out)
    } else {
        push_by::<false>(points, kernel, out)
    }
}

fn push_by<const CAUCHY: bool>(points: &[[f32; 2]], kernel: Kernel, out: &mut [[f32; 2]]) -> f64 {
    let column = |c: usize| {
        let mut column: Vec<f32> = points.iter().map(|p| p[c]).collect();
        column.resize(points.len().next_multiple_of(LANES), FAR);
        column
    };
    let (xs, ys) = (column(0), column(1));
    let sums = parallel::map_parts(out, POINTS, |start, part| {
        let mut sum_z = 0.0f64;
        for (out, &[x, y]) in part.iter_mut().zip(&points[start..]) {
            let (mut fx, mut fy, mut z) = ([0.0f32; LANES], [0.0f32; LANES], [0.0f32; LANES]);
            for (xs, ys) in xs.as_chunks::<LANES>().0.iter().zip(ys.as_chunks::<LANES>().0) {
                for l in 0..LANES {
                    let (dx, dy) = (x - xs[l], y - ys[l]);
                    let (w, push) = kernel.push::<CAUCHY>(dx * dx + dy * dy);
                    z[l] += w;
                    fx[l] += push * dx;
                    fy[l] += push * dy;
                }
            }
            let sum = |m: [f32; LANES]| ((m[0] + m[4]) + (m[2] + m[6])) + ((m[1] + m[5]) + (m[3] + m[7]));
            // Without the point itself, which is as near to itself as can be.
            sum_z += f64::from(sum(z)) - 1.0;
            *out = [sum(fx), sum(fy)];
        }
        sum_z
    });
    sums.iter().sum()
}
