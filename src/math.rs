//! exp, ln and powf with the same bits on every target.
//!
//! `f32::exp` and friends call the platform's library natively and another one in wasm, and their last bits differ.
//! These are made of additions, multiplications and bit moves only, which IEEE 754 fixes, and have no branches, so the
//! compiler turns loops over them into SIMD code: that, and not only portability, is why `libm` is used for the rest
//! (f64, outside of hot loops) and not here. No fused multiply-add, as Rust never contracts `a * b + c`.

use std::f32::consts::LOG2_E;

/// Adding and subtracting 1.5 * 2^23 rounds an f32 of modest size to the nearest integer.
const ROUND: f32 = 12_582_912.0;

/// e^x. Relative error below 3e-7 for -87 < x < 88; outside, x is clamped to that range.
/// Range reduction by ln 2 in two parts and the polynomial of Cephes `expf` (Moshier 1992).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 5.000_000_3e-1;
    let y = p * r * r + r + 1.0;
    // 2^n by writing its exponent: the integer n stands in the low bits of `rounded`.
    let exponent = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    y * f32::from_bits(exponent)
}

/// Natural logarithm of a positive normal number. Absolute error below 2e-7 near 1, relative below 2e-7 elsewhere.
/// Zero and subnormals give about -88; the caller keeps negative numbers out.
/// The polynomial of Cephes `logf` (Moshier 1992).
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let bits = x.to_bits().wrapping_sub(SQRT_HALF);
    let e = (bits as i32 >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff) + SQRT_HALF) - 1.0;
    let z = m * m;
    let mut p = 7.037_683_6e-2;
    p = p * m - 1.151_461e-1;
    p = p * m + 1.167_699_9e-1;
    p = p * m - 1.242_014_1e-1;
    p = p * m + 1.424_932_3e-1;
    p = p * m - 1.666_805_8e-1;
    p = p * m + 2.000_071_5e-1;
    p = p * m - 2.499_999_4e-1;
    p = p * m + 3.333_333e-1;
    let y = p * m * z + e * -2.121_944_4e-4 - 0.5 * z;
    m + y + e * 0.693_359_4
}

/// x^y for positive x. Relative error below 1e-6 * (1 + |y ln x|).
#[inline(always)]
pub fn powf(x: f32, y: f32) -> f32 {
    exp(y * ln(x))
}

/// 1 - e^(-x) for x >= 0, without cancellation near 0. Relative error below 1e-6.
#[inline(always)]
pub fn one_minus_exp_neg(x: f32) -> f32 {
    // Taylor up to x^7: the next term is below 1e-7 of the sum for x < 0.5.
    let mut p = 1.0 / 5040.0;
    p = p * -x + 1.0 / 720.0;
    p = p * -x + 1.0 / 120.0;
    p = p * -x + 1.0 / 24.0;
    p = p * -x + 1.0 / 6.0;
    p = p * -x + 0.5;
    p = p * -x + 1.0;
    let near = p * x;
    let far = 1.0 - exp(-x);
    if x < 0.5 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(
        range: impl Iterator<Item = f32>,
        ours: fn(f32) -> f32,
        exact: fn(f64) -> f64,
        absolute: bool,
    ) -> f64 {
        range
            .map(|x| {
                let want = exact(f64::from(x));
                let error = (f64::from(ours(x)) - want).abs();
                if absolute { error / want.abs().max(1.0) } else { error / want.abs() }
            })
            .fold(0.0, f64::max)
    }

    fn grid(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0..=200_000).map(move |i| from + (to - from) * i as f32 / 200_000.0)
    }

    #[test]
    fn close_to_the_exact_value() {
        assert!(worst(grid(-86.9, 87.9), exp, libm::exp, false) < 3e-7);
        assert!(worst(grid(1e-3, 4.0), ln, libm::log, true) < 2e-7);
        assert!(worst(grid(4.0, 1e6), ln, libm::log, false) < 2e-7);
        assert!(worst(grid(1e-6, 30.0), one_minus_exp_neg, |x| -libm::expm1(-x), false) < 1e-6);
        let power = |x: f32| powf(x, 0.895);
        assert!(worst(grid(1e-4, 50.0), power, |x| libm::pow(x, f64::from(0.895f32)), false) < 2e-6);
    }

    #[test]
    fn edges() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(one_minus_exp_neg(0.0), 0.0);
        assert!(exp(-1e9) > 0.0 && exp(-1e9) < 1e-37);
        assert!(exp(1e9).is_finite());
        assert!(ln(0.0) < -80.0 && ln(0.0).is_finite());
        assert!(ln(f32::MIN_POSITIVE).is_finite());
    }

    /// The same bits in every build: a sum over many values, held by the native and both wasm test runs.
    #[test]
    fn golden_bits() {
        let sum = |f: fn(f32) -> f32| {
            (1..10_000).fold(0u32, |h, i| h.rotate_left(5) ^ f(i as f32 * 0.003).to_bits())
        };
        assert_eq!(
            [sum(|x| exp(-x)), sum(ln), sum(|x| powf(x, 0.79))],
            [1_477_300_716, 3_393_667_561, 607_062_867]
        );
    }
}
