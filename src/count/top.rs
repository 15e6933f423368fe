//! Top: the largest few of many values, in order, by counting instead of comparing.
//!
//! Positive floats are ordered like their bits, so the place of the last value to keep is found by a histogram of
//! the leading bits, and what is left is put in order by a radix sort (least significant byte first, stable). Both are plain loops
//! without branches on the data: in WebAssembly, where the standard library is compiled for size, several
//! times faster than its selection and sort. O(values + kept).

/// Leading bits that the histogram tells apart: the exponent and four bits more. The sign is always 0.
const SHIFT: u32 = 31 - 12;
/// Below this, insertion is faster than counting.
const FEW: usize = 32;

/// Space for a selection, used again and again.
#[derive(Default)]
pub(super) struct Top {
    histogram: Vec<u32>,
    keys: Vec<u64>,
    spare: Vec<u64>,
}

/// Rises as the value falls, then with the id: `!bits`, so that ascending order is nearest first.
#[inline]
fn key(id: u32, value: f32) -> u64 {
    (u64::from(!value.to_bits()) << 32) | u64::from(id)
}

impl Top {
    /// The `keep` largest of `values`, largest first, ties by lower id, as (id, value). Values must be positive and not
    /// NaN; `ids` are different and, if `ids_rise`, in rising order, which saves time.
    pub fn select(
        &mut self,
        ids: &[u32],
        values: &[f32],
        keep: usize,
        ids_rise: bool,
    ) -> impl Iterator<Item = (u32, f32)> {
        self.keys.clear();
        let pairs = ids.iter().zip(values);
        if values.len() > keep {
            let least = self.least_kept(values, keep);
            self.keys.extend(pairs.filter(|(_, v)| v.to_bits() >= least).map(|(&i, &v)| key(i, v)));
        } else {
            self.keys.extend(pairs.map(|(&i, &v)| key(i, v)));
        }
        if self.keys.len() <= FEW {
            insertion_sort(&mut self.keys);
        } else {
            self.radix_sort(if ids_rise { 4 } else { 0 });
        }
        self.keys.iter().take(keep).map(|&k| (k as u32, f32::from_bits(!((k >> 32) as u32))))
    }

    /// Bits such that at least `keep` values have them or more, and not many more than `keep`.
    pub fn least_kept(&mut self, values: &[f32], keep: usize) -> u32 {
        self.histogram.clear();
        self.histogram.resize(1 << (31 - SHIFT), 0);
        let last = self.histogram.len() - 1;
        for v in values {
            // The mask changes nothing; it shows the compiler that the index is inside.
            self.histogram[(v.to_bits() >> SHIFT) as usize & last] += 1;
        }
        let mut above = 0;
        for (bucket, &count) in self.histogram.iter().enumerate().rev() {
            above += count as usize;
            if above >= keep {
                return (bucket as u32) << SHIFT;
            }
        }
        0
    }

    /// Sorts the keys by their bytes from `first_byte` up.
    fn radix_sort(&mut self, first_byte: usize) {
        let mut counts = [[0u32; 256]; 8];
        for &k in &self.keys {
            for (byte, counts) in counts.iter_mut().enumerate() {
                counts[(k >> (8 * byte)) as usize & 255] += 1;
            }
        }
        self.spare.clear();
        self.spare.resize(self.keys.len(), 0);
        let n = self.keys.len() as u32;
        let first = self.keys[0];
        for (byte, counts) in counts.iter_mut().enumerate().skip(first_byte) {
            if counts[(first >> (8 * byte)) as usize & 255] == n {
                continue;
            }
            let mut next = 0;
            for count in counts.iter_mut() {
                next += std::mem::replace(count, next);
            }
            for &k in &self.keys {
                let place = &mut counts[(k >> (8 * byte)) as usize & 255];
                self.spare[*place as usize] = k;
                *place += 1;
            }
            std::mem::swap(&mut self.keys, &mut self.spare);
        }
    }
}

fn insertion_sort(keys: &mut [u64]) {
    for i in 1..keys.len() {
        let k = keys[i];
        let mut at = i;
        while at > 0 && keys[at - 1] > k {
            keys[at] = keys[at - 1];
            at -= 1;
        }
        keys[at] = k;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    #[test]
    fn equals_sort_and_cut() {
        let mut top = Top::default();
        for index in 0..400 {
            let mut rng = Rng::stream(8, Use::Test, index);
            let n = rng.below(700) as usize;
            let rise = rng.below(2) == 0;
            let mut ids: Vec<u32> = (0..n as u32).map(|i| i * 300 + rng.below(300)).collect();
            if !rise {
                ids.reverse();
                let half = n / 2;
                ids[..half].reverse();
            }
            // Few different values, so that ties are common; some tiny, some huge, some infinite.
            let kinds = 1 + rng.below(60);
            let value = |rng: &mut Rng| match rng.below(30) {
                0 => f32::from_bits(1 + rng.below(3)),
                1 => f32::INFINITY,
                _ => (1 + rng.below(kinds)) as f32 * if index % 2 == 0 { 1.0 } else { 0.013 },
            };
            let values: Vec<f32> = (0..n).map(|_| value(&mut rng)).collect();
            let mut want: Vec<(u32, f32)> = ids.iter().copied().zip(values.iter().copied()).collect();
            want.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            for keep in [1, 2, 31, 33, 256, 1000] {
                let found: Vec<_> = top.select(&ids, &values, keep, rise).collect();
                assert_eq!(found, want[..keep.min(n)], "{n} values, {keep} kept, {rise}");
            }
        }
    }
}
