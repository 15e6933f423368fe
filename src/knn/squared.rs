//! Squared: squared Euclidean distances between a few rows and a few others at once.
//!
//! By differences and not by |a|^2 + |b|^2 - 2ab: what is near would drown in the rounding of what is long, and with four
//! lanes the differences cost hardly more. Each pair has four sums, over every fourth coordinate in order, added up at the
//! end in one order. So a pair has the same bits in any block, from either side, and rows that are equal are at 0.

use crate::simd::F32x4;

/// Coordinates side by side, in SIMD lanes. Rows are a multiple of it long.
pub const LANES: usize = 4;

/// The four sums of a pair.
pub type Sums = [f32; LANES];

/// |a_i - b_j|^2 of every pair. All rows have the same length, a multiple of [`LANES`].
#[inline]
pub fn two_by_four(a: [&[f32]; 2], b: [&[f32]; 4]) -> [[f32; 4]; 2] {
    differences_of_two_by_four(a, b).map(|sums| sums.map(total))
}

/// |a - b_j|^2 of both pairs.
#[inline]
pub fn one_by_two(a: &[f32], b: [&[f32]; 2]) -> [f32; 2] {
    differences_of_one_by_two(a, b).map(total)
}

/// The sums of each pair, step by step: `add` is given a pair's sums so far and the next coordinates of its rows. Eight pairs
/// at once keep six rows in use and all sums in registers; written out, as loops would leave them in memory where the
/// compiler saves size.
#[inline(always)]
pub fn sums_of_two_by_four(
    [a0, a1]: [&[f32]; 2],
    [b0, b1, b2, b3]: [&[f32]; 4],
    add: impl Fn(F32x4, F32x4, F32x4) -> F32x4,
) -> [[Sums; 4]; 2] {
    let zero = F32x4::splat(0.0);
    let ([mut p0, mut p1, mut p2, mut p3], [mut q0, mut q1, mut q2, mut q3]) = ([zero; 4], [zero; 4]);
    let of_a = lanes(a0).iter().zip(lanes(a1));
    let of_b = lanes(b0).iter().zip(lanes(b1)).zip(lanes(b2).iter().zip(lanes(b3)));
    for ((a0, a1), ((b0, b1), (b2, b3))) in of_a.zip(of_b) {
        let (a0, a1) = (F32x4::new(*a0), F32x4::new(*a1));
        let (b0, b1, b2, b3) = (F32x4::new(*b0), F32x4::new(*b1), F32x4::new(*b2), F32x4::new(*b3));
        (p0, p1, p2, p3) = (add(p0, a0, b0), add(p1, a0, b1), add(p2, a0, b2), add(p3, a0, b3));
        (q0, q1, q2, q3) = (add(q0, a1, b0), add(q1, a1, b1), add(q2, a1, b2), add(q3, a1, b3));
    }
    [[p0.array(), p1.array(), p2.array(), p3.array()], [q0.array(), q1.array(), q2.array(), q3.array()]]
}

/// Never inlined, and so below: what is done with the sums would decide how the loop is compiled.
#[inline(never)]
fn differences_of_two_by_four(a: [&[f32]; 2], b: [&[f32]; 4]) -> [[Sums; 4]; 2] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sums) = super::wide::differences(a, b) {
        return sums;
    }
    sums_of_two_by_four(a, b, add)
}

#[inline(never)]
fn differences_of_one_by_two(a: &[f32], [b0, b1]: [&[f32]; 2]) -> [Sums; 2] {
    let (mut p, mut q) = (F32x4::splat(0.0), F32x4::splat(0.0));
    for (a, (b0, b1)) in lanes(a).iter().zip(lanes(b0).iter().zip(lanes(b1))) {
        let a = F32x4::new(*a);
        (p, q) = (add(p, a, F32x4::new(*b0)), add(q, a, F32x4::new(*b1)));
    }
    [p.array(), q.array()]
}

#[inline(always)]
fn add(sums: F32x4, a: F32x4, b: F32x4) -> F32x4 {
    let difference = a - b;
    sums + difference * difference
}

/// The sum of the four sums.
#[inline(always)]
pub fn total([p, q, r, s]: Sums) -> f32 {
    (p + r) + (q + s)
}

/// A row, [`LANES`] coordinates at a time.
#[inline(always)]
pub fn lanes(row: &[f32]) -> &[[f32; LANES]] {
    row.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    #[test]
    fn the_same_bits_in_any_block() {
        let mut rng = Rng::stream(4, Use::Test, 0);
        let rows: Vec<Vec<f32>> = (0..6).map(|_| (0..52).map(|_| rng.normal()).collect()).collect();
        let r: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let block = two_by_four([r[0], r[1]], [r[2], r[3], r[4], r[1]]);
        for (i, line) in block.iter().enumerate() {
            for (j, &d) in [2, 3, 4, 1].iter().zip(line) {
                assert_eq!(one_by_two(r[i], [r[0], r[*j]])[1].to_bits(), d.to_bits());
                assert_eq!(one_by_two(r[*j], [r[i], r[0]])[0].to_bits(), d.to_bits(), "from the other side");
                let difference = |(&a, &b): (&f32, &f32)| f64::from(a) - f64::from(b);
                let exact: f64 = rows[i].iter().zip(&rows[*j]).map(difference).map(|d| d * d).sum();
                assert!((f64::from(d) - exact).abs() <= 1e-6 * exact, "{d} {exact}");
            }
        }
        assert_eq!(block[1][3], 0.0);
    }
}
