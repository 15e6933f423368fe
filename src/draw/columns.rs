//! How crowded a galaxy is: points counted in 64 x 64 columns along each of its three axes.
//!
//! Opacity follows from it, as on the flat map from density.rs: of what is mostly void, the clusters count.

use super::orbit::Vector;

/// Columns along each side of the ball's box.
const SIDE: usize = 64;

/// More points than this are not looked at: every second, third, ... stands for the others.
const MOST: usize = 1 << 17;

/// Other points in the column of the average point, per square of the ball's radius; the mean over the three axes.
/// `xyz` are x0, y0, z0, x1, ... in map units, as `center` and `radius` are; places that are not finite do not count. 0 of a
/// ball without radius.
pub fn crowd(xyz: &[f32], center: Vector, radius: f64) -> f64 {
    if radius <= 0.0 {
        return 0.0;
    }
    let stride = (xyz.len() / 3).div_ceil(MOST).max(1);
    let mut counts = vec![0u32; 3 * SIDE * SIDE];
    for place in xyz.chunks_exact(3).step_by(stride).filter(|place| place.iter().all(|c| c.is_finite())) {
        let cell = |axis: usize| {
            let part = (f64::from(place[axis]) - center[axis]) / radius;
            ((0.5 + 0.5 * part).clamp(0.0, 1.0) * (SIDE - 1) as f64).round() as usize
        };
        let [x, y, z] = [0, 1, 2].map(cell);
        for (axis, [a, b]) in [[x, y], [y, z], [z, x]].into_iter().enumerate() {
            counts[(axis * SIDE + a) * SIDE + b] += 1;
        }
    }
    // Of the others: one that is alone in its column is not crowded by itself.
    let sums = counts
        .iter()
        .map(|&count| f64::from(count))
        .fold([0.0; 2], |[points, pairs], count| [points + count, pairs + count * (count - 1.0)]);
    let area = (2.0 / (SIDE - 1) as f64) * (2.0 / (SIDE - 1) as f64);
    if sums[0] > 0.0 { sums[1] / sums[0] * stride as f64 / area } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    /// Evenly in balls of this radius around some centers.
    fn balls(n: usize, centers: &[Vector], radius: f64) -> Vec<f32> {
        let mut rng = Rng::stream(5, Use::Test, 0);
        let mut xyz = Vec::new();
        while xyz.len() < 3 * n {
            let at = [0; 3].map(|_| 2.0 * f64::from(rng.uniform()) - 1.0);
            let center = centers[xyz.len() / 3 % centers.len()];
            if at.iter().map(|c| c * c).sum::<f64>() <= 1.0 {
                xyz.extend([0, 1, 2].map(|axis| (center[axis] + radius * at[axis]) as f32));
            }
        }
        xyz
    }

    #[test]
    fn an_even_ball_is_as_crowded_as_the_integral_says() {
        // The mean over the points of n 3 / (2 pi) sqrt(1 - r^2): 9 n / (8 pi).
        for n in [50_000, 400_000] {
            let found = crowd(&balls(n, &[[3.0, 0.0, -1.0]], 2.0), [3.0, 0.0, -1.0], 2.0);
            let wanted = 9.0 / 8.0 / std::f64::consts::PI * n as f64;
            assert!((found / wanted - 1.0).abs() < 0.04, "{n}: {found}, {wanted}");
        }
    }

    #[test]
    fn clusters_are_more_crowded_and_none_is_not() {
        let centers = [[0.7, 0.0, 0.3], [-0.6, 0.5, 0.0], [0.0, -0.6, -0.6]];
        let apart = crowd(&balls(50_000, &centers, 0.1), [0.0; 3], 1.0);
        assert!(apart > 15.0 * crowd(&balls(50_000, &[[0.0; 3]], 1.0), [0.0; 3], 1.0));
        assert_eq!(crowd(&[], [0.0; 3], 1.0), 0.0);
        assert_eq!(crowd(&[f32::NAN; 3], [0.0; 3], 1.0), 0.0);
        assert_eq!(crowd(&[1.0, 0.0, 0.0], [0.0; 3], 0.0), 0.0);
    }
}
