//! Simd: four 32-bit numbers side by side, each as if by itself.
//!
//! Loops over arrays are left to the compiler elsewhere. Where they are the whole of the work, what it makes of them
//! should not depend on flags that save size in WebAssembly: there it left sums in memory, or took lanes one by one. Sum,
//! difference, product and quotient are IEEE's in every lane, so the bits are those of plain numbers.

use std::ops::{Add, Div, Mul, Sub};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod by {
    use std::arch::wasm32;
    pub use std::arch::wasm32::v128 as Lanes;
    pub use wasm32::{
        f32x4 as new, f32x4_add as add, f32x4_div as div, f32x4_mul as mul, f32x4_pmax as max,
        f32x4_sub as sub,
    };

    #[inline(always)]
    pub fn array(a: Lanes) -> [f32; 4] {
        use wasm32::f32x4_extract_lane as lane;
        [lane::<0>(a), lane::<1>(a), lane::<2>(a), lane::<3>(a)]
    }
}

// Where nothing saves size the compiler makes SIMD code of these.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod by {
    pub type Lanes = [f32; 4];

    #[inline(always)]
    pub fn new(a: f32, b: f32, c: f32, d: f32) -> Lanes {
        [a, b, c, d]
    }
    #[inline(always)]
    fn each(a: Lanes, b: Lanes, of: impl Fn(f32, f32) -> f32) -> Lanes {
        [of(a[0], b[0]), of(a[1], b[1]), of(a[2], b[2]), of(a[3], b[3])]
    }
    #[inline(always)]
    pub fn add(a: Lanes, b: Lanes) -> Lanes {
        each(a, b, |a, b| a + b)
    }
    #[inline(always)]
    pub fn sub(a: Lanes, b: Lanes) -> Lanes {
        each(a, b, |a, b| a - b)
    }
    #[inline(always)]
    pub fn mul(a: Lanes, b: Lanes) -> Lanes {
        each(a, b, |a, b| a * b)
    }
    #[inline(always)]
    pub fn div(a: Lanes, b: Lanes) -> Lanes {
        each(a, b, |a, b| a / b)
    }
    #[inline(always)]
    pub fn max(a: Lanes, b: Lanes) -> Lanes {
        each(a, b, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    pub fn array(a: Lanes) -> [f32; 4] {
        a
    }
}

/// Four numbers.
#[derive(Clone, Copy)]
pub struct F32x4(by::Lanes);

impl F32x4 {
    /// These.
    #[inline(always)]
    pub fn new([a, b, c, d]: [f32; 4]) -> Self {
        F32x4(by::new(a, b, c, d))
    }

    /// The same number in every lane.
    #[inline(always)]
    pub fn splat(a: f32) -> Self {
        F32x4::new([a; 4])
    }

    /// In every lane `other`'s number where it is larger.
    #[inline(always)]
    pub fn max(self, other: F32x4) -> F32x4 {
        F32x4(by::max(self.0, other.0))
    }

    /// The numbers.
    #[inline(always)]
    pub fn array(self) -> [f32; 4] {
        by::array(self.0)
    }
}

impl Add for F32x4 {
    type Output = F32x4;
    #[inline(always)]
    fn add(self, other: F32x4) -> F32x4 {
        F32x4(by::add(self.0, other.0))
    }
}

impl Sub for F32x4 {
    type Output = F32x4;
    #[inline(always)]
    fn sub(self, other: F32x4) -> F32x4 {
        F32x4(by::sub(self.0, other.0))
    }
}

impl Mul for F32x4 {
    type Output = F32x4;
    #[inline(always)]
    fn mul(self, other: F32x4) -> F32x4 {
        F32x4(by::mul(self.0, other.0))
    }
}

impl Div for F32x4 {
    type Output = F32x4;
    #[inline(always)]
    fn div(self, other: F32x4) -> F32x4 {
        F32x4(by::div(self.0, other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_is_a_number_by_itself() {
        let values = [1.5f32, -0.0, 3.4e38, f32::MIN_POSITIVE / 4.0, 7.1, f32::NAN];
        for (k, &a) in values.iter().enumerate() {
            for &b in &values {
                let mut lanes = ([1.0; 4], [2.0; 4]);
                (lanes.0[k % 4], lanes.1[k % 4]) = (a, b);
                let (x, y) = (F32x4::new(lanes.0), F32x4::new(lanes.1));
                let of = |result: F32x4| result.array()[k % 4];
                for (got, wanted) in [
                    (of(x.max(y)), if a < b { b } else { a }),
                    (of(x + y), a + b),
                    (of(x - y), a - b),
                    (of(x * y), a * b),
                    (of(x / y), a / b),
                ] {
                    assert!(got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan(), "{a} {b}");
                }
            }
        }
        assert_eq!(F32x4::new([1.0, 2.0, 3.0, 4.0]).array(), [1.0, 2.0, 3.0, 4.0]);
    }
}
