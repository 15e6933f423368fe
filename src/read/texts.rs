//! Texts: a list of strings, repeats allowed, in one arena. What [`Names`](crate::names::Names) is without ids.

use std::fmt;

/// Strings by number, each at its own place even when two are equal.
#[derive(Clone, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    /// For each string, the offset in `bytes` where it ends.
    ends: Vec<u32>,
}

impl Texts {
    /// Number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a string. `None` when the list would pass 4 GiB of text.
    pub fn push(&mut self, text: &str) -> Option<()> {
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(end);
        Some(())
    }

    /// String number `i`.
    ///
    /// # Panics
    /// When `i >= len()`.
    pub fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        // The arena holds whole `&str`s only, so each slice is UTF-8.
        std::str::from_utf8(&self.bytes[start..self.ends[i] as usize]).unwrap_or_default()
    }

    /// All strings in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The arena and, for each string, the offset where it ends: what crosses to the page.
    pub fn parts(&self) -> (&[u8], &[u32]) {
        (&self.bytes, &self.ends)
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
