//! Latent: similarity by latent factors. Not there yet: the recipe is refused.

use super::CountOptions;
use crate::collect::Collections;
use crate::error::{Error, ErrorKind, Result};

/// The items' factors.
pub struct Latent;

impl Latent {
    /// The factors of `collections`, each weighted by `factor` (empty: all alike).
    ///
    /// # Errors
    /// Always, for now.
    pub fn new(_collections: &Collections, _options: &CountOptions, _factor: &[f32]) -> Result<Latent> {
        let (option, value) = ("count.similarity", "latent".to_owned());
        Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal: "one that is there already" }))
    }

    /// Replaces what each of `others` shares with `item` by the similarity of their factors.
    pub fn score(&self, _item: usize, _others: &[u32], _values: &mut [f32]) {}
}
