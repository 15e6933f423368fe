//! Item2vec: skip-gram on the collections (Barkan, Koenigstein 2016): items held together are each other's partners.
//!
//! A partner is drawn in two steps: one of the item's collections, each as likely, then any other item of it. So each
//! collection that holds an item has the same say for it, however large. What the rows weigh is left aside.

use super::skip_gram::Partners;
use crate::collect::Collections;
use crate::random::Rng;
use std::sync::Arc;

/// How often a collection without another item is drawn before this draw meets none.
const TRIES: usize = 8;

/// Partners that an item draws in an epoch: as many as it has collections, within these bounds. What a popular item is like
/// takes more draws to tell.
const FEWEST: usize = 32;
const MOST: usize = 400;

/// The collections as text.
pub struct Sets(pub Arc<Collections>);

impl Partners for Sets {
    fn frequencies(&self) -> Vec<u32> {
        self.0.popularity()
    }

    fn draws(&self, item: usize) -> usize {
        self.0.by_item.row(item).0.len().clamp(FEWEST, MOST)
    }

    fn draw(&self, item: usize, rng: &mut Rng) -> Option<u32> {
        let of_item = self.0.by_item.row(item).0;
        if of_item.is_empty() {
            return None;
        }
        for _ in 0..TRIES {
            let collection = of_item[rng.below(of_item.len() as u32) as usize];
            let inside = self.0.by_collection.row(collection as usize).0;
            if let [firsts @ .., last] = inside
                && !firsts.is_empty()
            {
                // Each other item as likely: in the place of the item itself stands the last one.
                let other = firsts[rng.below(firsts.len() as u32) as usize];
                return Some(if other as usize == item { *last } else { other });
            }
        }
        None
    }
}
