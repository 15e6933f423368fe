//! Lists: the k nearest so far of each row.
//!
//! A neighbor is one whole number, its key: the bits of its squared distance, which order as the distance does, then its
//! id, then whether it is fresh. So nearer ones come first, ties by lower id, and what is kept does not depend on the order
//! in which neighbors were found.

/// Most rows: ids have 31 bits.
pub const MOST_ROWS: usize = 1 << 31;
/// No neighbor: after every other.
pub const NONE: u64 = u64::MAX;
/// Set in the key of a neighbor that nothing was tried with yet.
pub const FRESH: u64 = 1;

/// The key of a fresh neighbor.
#[inline(always)]
pub fn key(squared: f32, id: u32) -> u64 {
    u64::from(squared.to_bits()) << 32 | u64::from(id) << 1 | FRESH
}

/// The neighbor's id.
#[inline(always)]
pub fn id(key: u64) -> u32 {
    key as u32 >> 1
}

/// The neighbor's squared distance.
pub fn squared_distance(key: u64) -> f32 {
    f32::from_bits((key >> 32) as u32)
}

/// Puts `key` into the rising `list` if it is nearer than the last one and not there; the last one falls out. Returns
/// whether it did.
#[inline]
pub fn insert(list: &mut [u64], key: u64) -> bool {
    let old = key & !FRESH;
    if list.last().is_none_or(|&last| last <= key) {
        return false;
    }
    let at = list.partition_point(|&other| other < old);
    if list[at] & !FRESH == old {
        return false;
    }
    list.copy_within(at..list.len() - 1, at + 1);
    list[at] = key;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_first_each_once() {
        let mut list = [NONE; 3];
        let found = [(2.0, 5), (1.0, 9), (1.0, 4), (2.0, 5), (3.0, 1), (0.0, 8)];
        let taken = found.map(|(d, i)| insert(&mut list, key(d, i)));
        assert_eq!(taken, [true, true, true, false, false, true]);
        assert_eq!(list.map(id), [8, 4, 9]);
        assert_eq!(list.map(squared_distance), [0.0, 1.0, 1.0]);
        list[1] &= !FRESH;
        assert!(!insert(&mut list, key(1.0, 4)), "there, though not fresh any more");
        list[2] &= !FRESH;
        assert!(!insert(&mut list, key(1.0, 9)), "the last one too");
    }
}
