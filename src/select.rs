//! Select: the value of a given rank, by counting instead of comparing.
//!
//! `select_nth_unstable` of a standard library compiled for size, as WebAssembly has it here, takes quadratic time where
//! many values are equal, as lengths made of small counts are: minutes for a few million. Floats are ordered like their bits, so
//! two histograms, of the leading and of the trailing half of the bits, find the value in linear time whatever they are.

/// A number that orders as the value does, by `total_cmp`.
#[inline]
pub fn rank(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

/// The value of a rank.
#[inline]
pub fn unrank(rank: u32) -> f32 {
    f32::from_bits(if rank >> 31 == 1 { rank & !(1 << 31) } else { !rank })
}

/// The value that would be at index `at` if `values` were sorted by `total_cmp`; `None` beyond the last.
pub fn nth(values: &[f32], at: usize) -> Option<f32> {
    if at >= values.len() {
        return None;
    }
    let (leading, before) = bucket(values.iter().map(|&v| rank(v) >> 16), at);
    let inside = values.iter().map(|&v| rank(v)).filter(|r| r >> 16 == leading);
    let (trailing, _) = bucket(inside.map(|r| r & 0xffff), at - before);
    Some(unrank(leading << 16 | trailing))
}

/// The values in their order. As quick as two looks at each, where a sort that is compiled for size takes its time.
pub fn sorted(values: &[u32]) -> Vec<u32> {
    let (mut from, mut to) = (values.to_vec(), vec![0; values.len()]);
    for shift in [0, 16] {
        let key = |value: u32| (value >> shift & 0xffff) as usize;
        if from.iter().all(|&value| key(value) == 0) {
            continue; // they are in order by this half, as most counts are by their upper one
        }
        let mut starts = vec![0u32; 1 << 16];
        from.iter().for_each(|&value| starts[key(value)] += 1);
        let mut end = 0;
        for start in &mut starts {
            (*start, end) = (end, end + *start);
        }
        for &value in &from {
            let start = &mut starts[key(value)];
            to[*start as usize] = value;
            *start += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    from
}

/// Which of 2^16 keys is at index `at` of them all sorted, and how many are below that key.
fn bucket(keys: impl Iterator<Item = u32>, at: usize) -> (u32, usize) {
    let mut histogram = vec![0usize; 1 << 16];
    keys.for_each(|key| histogram[key as usize & 0xffff] += 1);
    let mut before = 0;
    for (key, &count) in histogram.iter().enumerate() {
        if before + count > at {
            return (key as u32, before);
        }
        before += count;
    }
    (0xffff, before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    #[test]
    fn equals_sort() {
        for index in 0..200 {
            let mut rng = Rng::stream(12, Use::Test, index);
            let n = 1 + rng.below(400) as usize;
            let kinds = 1 + rng.below(50);
            let value = |rng: &mut Rng| match rng.below(20) {
                0 => f32::from_bits(rng.below(3)),
                1 => f32::INFINITY,
                2 => -rng.normal(),
                _ => (1 + rng.below(kinds)) as f32 * 0.37,
            };
            let values: Vec<f32> = (0..n).map(|_| value(&mut rng)).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f32::total_cmp);
            for (at, want) in sorted.iter().enumerate() {
                assert_eq!(nth(&values, at).map(f32::to_bits), Some(want.to_bits()));
            }
            assert_eq!(nth(&values, n), None);
        }
    }

    #[test]
    fn sorted_is_sorted() {
        for index in 0..50 {
            let mut rng = Rng::stream(13, Use::Test, index);
            let most = [3, 70_000, u32::MAX][index as usize % 3];
            let values: Vec<u32> = (0..rng.below(300)).map(|_| rng.below(most) << (index % 2 * 3)).collect();
            let mut wanted = values.clone();
            wanted.sort_unstable();
            assert_eq!(sorted(&values), wanted);
        }
    }

    #[test]
    fn ranks_are_undone() {
        for value in [0.0f32, -0.0, 1.5, -2.5, f32::INFINITY, f32::NEG_INFINITY, f32::MIN_POSITIVE] {
            assert_eq!(unrank(rank(value)).to_bits(), value.to_bits());
        }
    }
}
