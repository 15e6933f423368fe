//! Fft: the fast Fourier transform (Cooley, Tukey 1965) along the columns of a matrix, with the same bits on every machine.
//!
//! Own code in place of rustfft: that chooses its kernels by the processor it finds, computes twiddles by the platform's
//! sine, and promises the bits of neither, so nothing but reading its sources again at every update would tell that
//! maps stay the same. Here there are only additions and multiplications in a fixed order, with twiddles by `libm` in f64.
//! Several columns go side by side in SIMD lanes, so it needs no instructions chosen by hand.
//!
//! [`Fft::forward`] leaves its output in an order with the bits of the index reversed, which [`Fft::backward`] takes: what is
//! done in between, product by product, does not care, and both save the reordering. Radix 4, with one radix-2 pass where
//! the size is no power of 4.

use crate::parallel;

/// Columns that are transformed side by side.
pub const LANES: usize = 8;
/// So many columns are a unit of parallel work.
const COLUMNS: usize = 2 * LANES;

/// A complex number: real part, imaginary part.
pub type Complex = [f32; 2];
/// The real or imaginary parts of one row of the columns under way.
type Lane = [f32; LANES];

/// The transform of one size.
#[derive(Clone, Debug)]
pub struct Fft {
    size: usize,
    /// exp(-2 pi i k / size).
    twiddles: Vec<Complex>,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To frequencies, in reversed order.
    Forward,
    /// From frequencies in reversed order, times the size.
    Backward,
}

impl Fft {
    /// Of `size`, a power of two.
    pub fn new(size: usize) -> Self {
        debug_assert!(size.is_power_of_two());
        let twiddle = |k| {
            let (sin, cos) = libm::sincos(-std::f64::consts::TAU * k as f64 / size as f64);
            [cos as f32, sin as f32]
        };
        Fft { size, twiddles: (0..size).map(twiddle).collect() }
    }

    /// The size.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Transforms the columns of `input` (rows of `n_columns`, at most `size`; further rows count as 0), and leaves the
    /// first `keep` values of each column one after the other in `output`: the transposed matrix, so that twice is the
    /// transform along both axes. `finish(column, values)` may change them; returns its results, in order of the columns.
    pub fn columns<R: Send>(
        &self,
        direction: Direction,
        input: &[Complex],
        n_columns: usize,
        output: &mut [Complex],
        keep: usize,
        finish: impl Fn(usize, &mut [Complex]) -> R + Sync,
    ) -> Vec<R> {
        let rows = input.len() / n_columns.max(1);
        debug_assert!(rows <= self.size && output.len() == n_columns * keep);
        let results = parallel::map_parts(output, COLUMNS * keep, |start, part| {
            let (mut re, mut im) = (vec![[0.0; LANES]; self.size], vec![[0.0; LANES]; self.size]);
            let mut results = Vec::with_capacity(COLUMNS);
            for (block, part) in part.chunks_mut(LANES * keep).enumerate() {
                let first = start / keep + block * LANES;
                let width = part.len() / keep;
                re[rows..].fill([0.0; LANES]);
                im[rows..].fill([0.0; LANES]);
                for (r, (re, im)) in re.iter_mut().zip(&mut im).take(rows).enumerate() {
                    let row = &input[r * n_columns + first..][..width];
                    for (l, value) in row.iter().enumerate() {
                        (re[l], im[l]) = (value[0], value[1]);
                    }
                }
                match direction {
                    Direction::Forward => self.forward(&mut re, &mut im),
                    Direction::Backward => self.backward(&mut re, &mut im),
                }
                for (l, column) in part.chunks_mut(keep).enumerate() {
                    for (out, (re, im)) in column.iter_mut().zip(re.iter().zip(&im)) {
                        *out = [re[l], im[l]];
                    }
                    results.push(finish(first + l, column));
                }
            }
            results
        });
        results.into_iter().flatten().collect()
    }

    /// Decimation in frequency: passes over blocks of `size`, `size` / 4, ...
    fn forward(&self, re: &mut [Lane], im: &mut [Lane]) {
        let mut block = self.size;
        while block >= 4 {
            for (re, im) in re.chunks_exact_mut(block).zip(im.chunks_exact_mut(block)) {
                self.split(quarters(re), quarters(im));
            }
            block /= 4;
        }
        if block == 2 {
            butterflies(re, im);
        }
    }

    /// The passes of [`Fft::forward`] the other way round.
    fn backward(&self, re: &mut [Lane], im: &mut [Lane]) {
        let mut block = if self.size.trailing_zeros().is_multiple_of(2) { 4 } else { 8 };
        if block == 8 {
            butterflies(re, im);
        }
        while block <= self.size {
            for (re, im) in re.chunks_exact_mut(block).zip(im.chunks_exact_mut(block)) {
                self.join(quarters(re), quarters(im));
            }
            block *= 4;
        }
    }

    /// exp(-2 pi i k / block) for k, 2k and 3k.
    #[inline]
    fn three_twiddles(&self, k: usize, quarter: usize) -> [Complex; 3] {
        let step = k * (self.size / (4 * quarter));
        [1, 2, 3].map(|m| self.twiddles[m * step])
    }

    /// Two radix-2 passes of decimation in frequency at once.
    fn split(&self, re: [&mut [Lane]; 4], im: [&mut [Lane]; 4]) {
        let ([r0, r1, r2, r3], [i0, i1, i2, i3]) = (re, im);
        let n = r0.len();
        let (r1, r2, r3) = (&mut r1[..n], &mut r2[..n], &mut r3[..n]);
        let (i0, i1, i2, i3) = (&mut i0[..n], &mut i1[..n], &mut i2[..n], &mut i3[..n]);
        for k in 0..n {
            let [w1, w2, w3] = self.three_twiddles(k, n);
            for l in 0..LANES {
                let (a, ai) = (r0[k][l] + r2[k][l], i0[k][l] + i2[k][l]);
                let (b, bi) = (r1[k][l] + r3[k][l], i1[k][l] + i3[k][l]);
                let (c, ci) = (r0[k][l] - r2[k][l], i0[k][l] - i2[k][l]);
                // -i times the difference.
                let (d, di) = (i1[k][l] - i3[k][l], r3[k][l] - r1[k][l]);
                let (x1, y1) = (a - b, ai - bi);
                let (x2, y2) = (c + d, ci + di);
                let (x3, y3) = (c - d, ci - di);
                (r0[k][l], i0[k][l]) = (a + b, ai + bi);
                (r1[k][l], i1[k][l]) = (x1 * w2[0] - y1 * w2[1], x1 * w2[1] + y1 * w2[0]);
                (r2[k][l], i2[k][l]) = (x2 * w1[0] - y2 * w1[1], x2 * w1[1] + y2 * w1[0]);
                (r3[k][l], i3[k][l]) = (x3 * w3[0] - y3 * w3[1], x3 * w3[1] + y3 * w3[0]);
            }
        }
    }

    /// The inverse of [`Fft::split`] times 4.
    fn join(&self, re: [&mut [Lane]; 4], im: [&mut [Lane]; 4]) {
        let ([r0, r1, r2, r3], [i0, i1, i2, i3]) = (re, im);
        let n = r0.len();
        let (r1, r2, r3) = (&mut r1[..n], &mut r2[..n], &mut r3[..n]);
        let (i0, i1, i2, i3) = (&mut i0[..n], &mut i1[..n], &mut i2[..n], &mut i3[..n]);
        for k in 0..n {
            let [w1, w2, w3] = self.three_twiddles(k, n);
            for l in 0..LANES {
                // By the conjugated twiddles.
                let (x1, y1) = (r1[k][l] * w2[0] + i1[k][l] * w2[1], i1[k][l] * w2[0] - r1[k][l] * w2[1]);
                let (x2, y2) = (r2[k][l] * w1[0] + i2[k][l] * w1[1], i2[k][l] * w1[0] - r2[k][l] * w1[1]);
                let (x3, y3) = (r3[k][l] * w3[0] + i3[k][l] * w3[1], i3[k][l] * w3[0] - r3[k][l] * w3[1]);
                let (a, ai) = (r0[k][l] + x1, i0[k][l] + y1);
                let (b, bi) = (r0[k][l] - x1, i0[k][l] - y1);
                let (c, ci) = (x2 + x3, y2 + y3);
                // i times the difference.
                let (d, di) = (y3 - y2, x2 - x3);
                (r0[k][l], i0[k][l]) = (a + c, ai + ci);
                (r1[k][l], i1[k][l]) = (b + d, bi + di);
                (r2[k][l], i2[k][l]) = (a - c, ai - ci);
                (r3[k][l], i3[k][l]) = (b - d, bi - di);
            }
        }
    }
}

/// The quarters of a block.
fn quarters(block: &mut [Lane]) -> [&mut [Lane]; 4] {
    let (low, high) = block.split_at_mut(block.len() / 2);
    let quarter = low.len() / 2;
    let ((a, b), (c, d)) = (low.split_at_mut(quarter), high.split_at_mut(quarter));
    [a, b, c, d]
}

/// Sum and difference of each two rows: the pass without twiddles.
fn butterflies(re: &mut [Lane], im: &mut [Lane]) {
    for lanes in [re, im] {
        for [a, b] in lanes.as_chunks_mut::<2>().0 {
            for l in 0..LANES {
                (a[l], b[l]) = (a[l] + b[l], a[l] - b[l]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    fn reversed(k: usize, size: usize) -> usize {
        k.reverse_bits() >> (usize::BITS - size.trailing_zeros())
    }

    #[test]
    fn columns_as_a_naive_transform() {
        for (size, rows, n_columns) in
            [(2, 2, 1), (4, 3, 9), (8, 8, 16), (16, 9, 17), (32, 32, 3), (64, 40, 11)]
        {
            let mut rng = Rng::stream(1, Use::Test, size as u64);
            let input: Vec<Complex> = (0..rows * n_columns).map(|_| [rng.normal(), rng.normal()]).collect();
            let fft = Fft::new(size);
            let mut output = vec![[0.0; 2]; n_columns * size];
            fft.columns(Direction::Forward, &input, n_columns, &mut output, size, |_, _| ());
            for c in 0..n_columns {
                for f in 0..size {
                    let (mut re, mut im) = (0.0f64, 0.0f64);
                    for r in 0..rows {
                        let turn = -std::f64::consts::TAU * (r * f) as f64 / size as f64;
                        let (sin, cos) = libm::sincos(turn);
                        let [x, y] = input[r * n_columns + c].map(f64::from);
                        (re, im) = (re + x * cos - y * sin, im + x * sin + y * cos);
                    }
                    let found = output[c * size + reversed(f, size)].map(f64::from);
                    let error = (found[0] - re).abs().max((found[1] - im).abs());
                    assert!(error < 1e-5 * (size as f64).sqrt(), "{size} at {f}: {found:?}, not {re} {im}");
                }
            }
        }
    }

    #[test]
    fn there_and_back_along_both_axes() {
        for size in [2usize, 4, 8, 128, 256] {
            let (rows, kept) = (size / 2 + 1, size - 1);
            let mut rng = Rng::stream(2, Use::Test, size as u64);
            let input: Vec<Complex> = (0..rows * kept).map(|_| [rng.normal(), rng.normal()]).collect();
            let fft = Fft::new(size);
            let mut a = vec![[0.0; 2]; kept * size];
            let mut b = vec![[0.0; 2]; size * size];
            fft.columns(Direction::Forward, &input, kept, &mut a, size, |_, _| ());
            fft.columns(Direction::Forward, &a, size, &mut b, size, |_, _| ());
            let mut a = vec![[0.0; 2]; size * rows];
            fft.columns(Direction::Backward, &b, size, &mut a, rows, |_, _| ());
            let mut back = vec![[0.0; 2]; rows * kept];
            let order = fft.columns(Direction::Backward, &a, rows, &mut back, kept, |c, _| c);
            assert_eq!(order, (0..rows).collect::<Vec<_>>());
            let scale = (size * size) as f32;
            for (r, row) in input.chunks(kept).enumerate() {
                for (c, value) in row.iter().enumerate() {
                    let found = back[r * kept + c].map(|v| v / scale);
                    let error = (found[0] - value[0]).abs().max((found[1] - value[1]).abs());
                    assert!(error < 1e-5, "{size}: {found:?}, not {value:?}");
                }
            }
        }
    }
}
