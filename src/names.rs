//! Names: string -> dense id, in order of first appearance.
//!
//! One byte arena and one offset array instead of a `String` per name: a million names cost their bytes plus
//! 8 each, and the whole table crosses to the page as two typed arrays. Ids do not depend on the hash.

use hashbrown::HashTable;

/// An interner. Ids are `0..len()`, in order of first appearance.
#[derive(Clone, Default)]
pub struct Names {
    bytes: Vec<u8>,
    /// For each id, the offset in `bytes` where its name ends.
    ends: Vec<u32>,
    table: HashTable<u32>,
}

/// A multiplicative hash over 8-byte words with a final mix: fast on short keys and the same everywhere.
fn hash(name: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64 ^ name.len() as u64;
    let mut add = |word: u64| h = (h ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let (words, rest) = name.as_chunks::<8>();
    words.iter().for_each(|&word| add(u64::from_le_bytes(word)));
    // The last 1 to 7 bytes as one word; its halves may overlap, the length tells such keys apart.
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>(), rest) {
        (Some(&head), Some(&tail), _) => {
            add(u64::from(u32::from_le_bytes(head)) | u64::from(u32::from_le_bytes(tail)) << 32)
        }
        (_, _, &[]) => {}
        (_, _, rest) => {
            let byte = |i: usize| u64::from(rest[i]);
            add(byte(0) | byte(rest.len() / 2) << 8 | byte(rest.len() - 1) << 16)
        }
    }
    (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// `a == b`, without a call for the short names that most ids are.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        0..4 => a.iter().zip(b).all(|(a, b)| a == b),
        // Two halves that may overlap.
        4..8 => a.first_chunk::<4>() == b.first_chunk() && a.last_chunk::<4>() == b.last_chunk(),
        8..16 => a.first_chunk::<8>() == b.first_chunk() && a.last_chunk::<8>() == b.last_chunk(),
        _ => a == b,
    }
}

impl Names {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of `name`, given now if it is new. `None` when the table would pass 4 GiB of text.
    pub fn intern(&mut self, name: &str) -> Option<u32> {
        let hash_value = hash(name.as_bytes());
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(&id) = self.table.find(hash_value, |&id| slice(bytes, ends, id) == name.as_bytes()) {
            return Some(id);
        }
        let end = u32::try_from(self.bytes.len() + name.len()).ok()?;
        let id = u32::try_from(self.ends.len()).ok()?;
        self.bytes.extend_from_slice(name.as_bytes());
        self.ends.push(end);
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.table.insert_unique(hash_value, id, |&id| hash(slice(bytes, ends, id)));
        Some(id)
    }

    /// The id of `name`, if it is known.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.find_bytes(name.as_bytes())
    }

    /// The id of the name with these bytes, if it is known: no need to check that they are UTF-8 first.
    #[inline]
    pub fn find_bytes(&self, name: &[u8]) -> Option<u32> {
        let found = |&id: &u32| same(slice(&self.bytes, &self.ends, id), name);
        self.table.find(hash(name), found).copied()
    }

    /// The name of `id`.
    ///
    /// # Panics
    /// When `id >= len()`.
    pub fn get(&self, id: u32) -> &str {
        // The arena holds whole `&str`s only, so each slice is UTF-8.
        std::str::from_utf8(slice(&self.bytes, &self.ends, id)).unwrap_or_default()
    }

    /// All names in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|id| self.get(id))
    }

    /// The arena and, for each name, the offset where it ends: what crosses to the page.
    pub fn parts(&self) -> (&[u8], &[u32]) {
        (&self.bytes, &self.ends)
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    &bytes[start..ends[id] as usize]
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut out = Names::new();
        for name in names {
            out.intern(name);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_is_equal() {
        let text = b"abcdefghijklmnopqrstuvwxyz";
        for n in 0..text.len() {
            let copy = text[..n].to_vec();
            assert!(same(&text[..n], &copy));
            assert!(!same(&text[..n], &text[..n + 1]));
            for i in 0..n {
                let mut other = copy.clone();
                other[i] = b'!';
                assert!(!same(&text[..n], &other), "byte {i} of {n}");
            }
        }
    }

    #[test]
    fn ids_follow_first_appearance() {
        let mut names = Names::new();
        let ids: Vec<_> =
            ["b", "a", "", "b", "a", "longer than eight bytes"].iter().map(|n| names.intern(n)).collect();
        assert_eq!(ids, [Some(0), Some(1), Some(2), Some(0), Some(1), Some(3)]);
        assert_eq!(names.iter().collect::<Vec<_>>(), ["b", "a", "", "longer than eight bytes"]);
        assert_eq!(names.find("a"), Some(1));
        assert_eq!(names.find("c"), None);
    }
}
