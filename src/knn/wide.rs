//! Wide: eight pairs of rows at once on x86-64 processors with registers of 256 bits (AVX), natively.
//!
//! What [`squared`](super::squared) does with four lanes, for two pairs in each register: every lane adds what it did, in the same
//! order, without fused steps, so the bits are the same. A program is compiled for processors that may lack the registers,
//! so it asks as it runs.
#![allow(unsafe_code)] // Calling what is compiled for registers that were just asked for.

use super::squared::{Sums, lanes};
use std::arch::x86_64::{
    __m256, _mm_cvtss_f32, _mm_shuffle_ps, _mm256_add_ps, _mm256_castps256_ps128, _mm256_extractf128_ps,
    _mm256_mul_ps, _mm256_setr_ps, _mm256_setzero_ps, _mm256_sub_ps,
};

/// The sums of the products of every pair, where the processor has the registers.
#[inline]
pub fn products(a: [&[f32]; 2], b: [&[f32]; 4]) -> Option<[[Sums; 4]; 2]> {
    // SAFETY: the processor has what the function is compiled for.
    is_x86_feature_detected!("avx").then(|| unsafe { sums::<true>(a, b) })
}

/// The sums of the squared differences of every pair, where the processor has the registers.
#[inline]
pub fn differences(a: [&[f32]; 2], b: [&[f32]; 4]) -> Option<[[Sums; 4]; 2]> {
    // SAFETY: the processor has what the function is compiled for.
    is_x86_feature_detected!("avx").then(|| unsafe { sums::<false>(a, b) })
}

/// One row's coordinates, and another's.
#[target_feature(enable = "avx")]
fn both(a: &[f32; 4], b: &[f32; 4]) -> __m256 {
    _mm256_setr_ps(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])
}

/// The lanes of either half.
#[target_feature(enable = "avx")]
fn halves(sums: __m256) -> [Sums; 2] {
    [_mm256_castps256_ps128(sums), _mm256_extractf128_ps::<1>(sums)].map(|half| {
        [
            _mm_cvtss_f32(half),
            _mm_cvtss_f32(_mm_shuffle_ps::<1>(half, half)),
            _mm_cvtss_f32(_mm_shuffle_ps::<2>(half, half)),
            _mm_cvtss_f32(_mm_shuffle_ps::<3>(half, half)),
        ]
    })
}

#[target_feature(enable = "avx")]
fn add<const PRODUCTS: bool>(sums: __m256, a: __m256, b: __m256) -> __m256 {
    let of = if PRODUCTS { [a, b] } else { [_mm256_sub_ps(a, b); 2] };
    _mm256_add_ps(sums, _mm256_mul_ps(of[0], of[1]))
}

#[target_feature(enable = "avx")]
fn sums<const PRODUCTS: bool>([a0, a1]: [&[f32]; 2], [b0, b1, b2, b3]: [&[f32]; 4]) -> [[Sums; 4]; 2] {
    let [mut p, mut q, mut r, mut s] = [_mm256_setzero_ps(); 4];
    let of_a = lanes(a0).iter().zip(lanes(a1));
    let of_b = lanes(b0).iter().zip(lanes(b1)).zip(lanes(b2).iter().zip(lanes(b3)));
    for ((a0, a1), ((b0, b1), (b2, b3))) in of_a.zip(of_b) {
        let (a0, a1, first, last) = (both(a0, a0), both(a1, a1), both(b0, b1), both(b2, b3));
        (p, q) = (add::<PRODUCTS>(p, a0, first), add::<PRODUCTS>(q, a0, last));
        (r, s) = (add::<PRODUCTS>(r, a1, first), add::<PRODUCTS>(s, a1, last));
    }
    let ([a, b], [c, d]) = (halves(p), halves(q));
    let ([e, f], [g, h]) = (halves(r), halves(s));
    [[a, b, c, d], [e, f, g, h]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::squared::sums_of_two_by_four;
    use crate::random::{Rng, Use};

    #[test]
    fn the_bits_of_four_lanes() {
        let mut rng = Rng::stream(5, Use::Test, 0);
        for width in [0, 4, 8, 52, 784] {
            let rows: Vec<Vec<f32>> = (0..6).map(|_| (0..width).map(|_| rng.normal()).collect()).collect();
            let r: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let (a, b) = ([r[0], r[1]], [r[2], r[3], r[4], r[5]]);
            let bits = |sums: [[Sums; 4]; 2]| sums.map(|sums| sums.map(|sums| sums.map(f32::to_bits)));
            let Some((by_products, by_differences)) = products(a, b).zip(differences(a, b)) else {
                eprintln!("skipped: this processor has no AVX");
                return;
            };
            assert_eq!(bits(by_products), bits(sums_of_two_by_four(a, b, |sums, a, b| sums + a * b)));
            let narrow = sums_of_two_by_four(a, b, |sums, a, b| sums + (a - b) * (a - b));
            assert_eq!(bits(by_differences), bits(narrow));
        }
    }
}
