//! Force: how far one batch of neighbors pulls a point, and one block of others pushes it.
//!
//! The gradients of the fuzzy cross entropy with the kernel 1 / (1 + a d^2b) (McInnes, Healy, Melville 2018, section 4.2), as
//! in umap-learn. All lanes do the same sums, so that the compiler turns the loops into SIMD code.

/// Forces computed side by side.
pub const LANES: usize = 8;
/// No random point pushes another by more than this along an axis, before the learning rate.
pub(super) const CLIP: f32 = 4.0;
/// Keeps the repulsion finite between points in one place.
const EPSILON: f32 = 1e-3;
/// Squared distances are at least this.
const LEAST: f32 = 1e-12;

/// One coordinate axis of several points.
pub type Lanes = [f32; LANES];

/// The kernel and the strength of the repulsion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Force {
    /// Curve of the kernel.
    pub a: f32,
    /// Curve of the kernel.
    pub b: f32,
    /// Strength of the repulsion.
    pub repulsion_strength: f32,
}

impl Force {
    /// Where `here` comes to when the first `count` of `others` pull one after the other, each with the strength it has from
    /// where the point stands now.
    ///
    /// A pull never goes past the middle: umap-learn visits an edge in both directions and moves both ends each time; here
    /// each end makes its half of what that leaves.
    #[inline]
    pub fn pulled<const D: usize>(
        &self,
        here: [f32; D],
        others: &[Lanes; D],
        count: usize,
        rate: f32,
    ) -> [f32; D] {
        let Force { a, b, .. } = *self;
        let factor = 2.0 * rate * a * b;
        let mut pull = [0.0f32; LANES];
        for (l, pull) in pull.iter_mut().enumerate() {
            let squared = larger(squared(&here, others, l), LEAST);
            let power = power(squared, b);
            // Two visits, each moving both ends by this share of the way, leave (1 - 2 share)^2 of the distance. From a
            // share of one half on they meet in the middle and do not swing past each other.
            let share = smaller(factor * power / (squared * (1.0 + a * power)), 0.5);
            *pull = 2.0 * share * (1.0 - share);
        }
        let mut here = here;
        for (l, pull) in pull.into_iter().enumerate().take(count) {
            for d in 0..D {
                here[d] += pull * (others[d][l] - here[d]);
            }
        }
        here
    }

    /// Adds to `sums`, lane by lane, how far each of `others` pushes `here` away before the learning rate, those beyond the
    /// first `count` not at all.
    #[inline]
    pub fn push<const D: usize>(
        &self,
        here: &[f32; D],
        others: &[Lanes; D],
        count: usize,
        sums: &mut [Lanes; D],
    ) {
        let Force { a, b, repulsion_strength } = *self;
        let strength = 2.0 * repulsion_strength * b;
        let mut factor = [0.0f32; LANES];
        for (l, factor) in factor.iter_mut().enumerate() {
            let squared = squared(here, others, l);
            let power = power(larger(squared, LEAST), b);
            let strength = if l < count { strength } else { 0.0 };
            *factor = strength / ((EPSILON + squared) * (1.0 + a * power));
        }
        for d in 0..D {
            for l in 0..LANES {
                let push = factor[l] * (here[d] - others[d][l]);
                sums[d][l] += larger(smaller(push, CLIP), -CLIP);
            }
        }
    }
}

/// The sum of all lanes, always in the same order.
#[inline(always)]
pub fn sum(v: &Lanes) -> f32 {
    ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]))
}

#[inline(always)]
fn squared<const D: usize>(here: &[f32; D], others: &[Lanes; D], l: usize) -> f32 {
    let mut squared = 0.0;
    for d in 0..D {
        let by = here[d] - others[d][l];
        squared += by * by;
    }
    squared
}

/// The larger one; a single instruction, unlike `f32::max`, which has to look for what is not a number.
#[inline(always)]
fn larger(x: f32, y: f32) -> f32 {
    if x > y { x } else { y }
}

/// The smaller one.
#[inline(always)]
fn smaller(x: f32, y: f32) -> f32 {
    if x < y { x } else { y }
}

/// x^y for positive normal x, between 2^-126 and 2^126, with a relative error below 2e-4 where |y| is about 1: of a force that
/// random points exert no more is needed, and [`crate::math::powf`] takes half as long again.
/// The polynomials have the least largest error of their degree.
#[inline(always)]
pub fn power(x: f32, y: f32) -> f32 {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    /// Adding and subtracting 1.5 * 2^23 rounds an f32 of modest size to the nearest integer.
    const ROUND: f32 = 12_582_912.0;
    let bits = x.to_bits().wrapping_sub(SQRT_HALF);
    let exponent = (bits as i32 >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff) + SQRT_HALF) - 1.0;
    let log2 = exponent + m * (1.441_760_7 + m * (-0.724_904_2 + m * (0.517_509_4 - m * 0.329_629_8)));
    let e = larger(smaller(y * log2, 126.0), -126.0);
    let rounded = e + ROUND;
    let r = e - (rounded - ROUND);
    let fraction = 0.999_928 + r * (0.693_261 + r * (0.242_611_4 + r * 0.055_171_8));
    let scale = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    fraction * f32::from_bits(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_close() {
        for y in [0.1f32, 0.79, 0.9, 1.0, 1.33, 2.5] {
            for i in -200..300 {
                let x = libm::pow(10.0, f64::from(i) / 20.0) as f32;
                let want = libm::pow(f64::from(x), f64::from(y));
                if (1e-37..1e37).contains(&want) {
                    let error = (f64::from(power(x, y)) / want - 1.0).abs();
                    assert!(error < 1e-4 * (1.0 + f64::from(y)), "{x}^{y}: {error}");
                }
            }
        }
        assert!(power(1e-12, 9.0) > 0.0 && power(1e30, 9.0).is_finite());
    }

    /// One lane at a time, in the sums of the paper.
    #[test]
    #[allow(clippy::needless_range_loop, reason = "lane and axis name places in several tables")]
    fn forces_are_the_formulas() {
        let force = Force { a: 1.577, b: 0.895, repulsion_strength: 1.5 };
        let (a, b) = (f64::from(force.a), f64::from(force.b));
        let here = [0.5f32, -1.0, 2.0];
        let others: [Lanes; 3] = std::array::from_fn(|d| {
            std::array::from_fn(|l| here[d] + (l as f32 - 3.0) * 0.7f32.powi(d as i32) + 0.01)
        });
        let at = |l: usize| [0, 1, 2].map(|d: usize| f64::from(others[d][l]));
        let away = |from: [f64; 3], l: usize| [0, 1, 2].map(|d: usize| from[d] - at(l)[d]);
        let squared = |by: [f64; 3]| by.iter().map(|v| v * v).sum::<f64>();

        let mut sums = [[0.0; LANES]; 3];
        force.push(&here, &others, 6, &mut sums);
        for l in 0..LANES {
            let by = away(here.map(f64::from), l);
            let factor = 2.0 * 1.5 * b / ((0.001 + squared(by)) * (1.0 + a * squared(by).powf(b)));
            for d in 0..3 {
                let want = if l < 6 { (factor * by[d]).clamp(-4.0, 4.0) } else { 0.0 };
                assert!((f64::from(sums[d][l]) - want).abs() < 2e-3 * (1.0 + want.abs()), "{l} {d}");
            }
        }

        let mut want = here.map(f64::from);
        for l in 0..5 {
            let by = squared(away(here.map(f64::from), l));
            let share = (0.3 * 2.0 * a * b * by.powf(b - 1.0) / (1.0 + a * by.powf(b))).min(0.5);
            let left = (1.0 - 2.0 * share).powi(2);
            // Half of what the two visits leave, for this end of the edge.
            want = [0, 1, 2].map(|d: usize| at(l)[d] + (1.0 + left) / 2.0 * (want[d] - at(l)[d]));
        }
        let found = force.pulled(here, &others, 5, 0.3);
        for d in 0..3 {
            assert!((f64::from(found[d]) - want[d]).abs() < 1e-3, "{found:?} {want:?}");
        }
    }
}
