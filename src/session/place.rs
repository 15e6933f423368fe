//! Place: where a person's own list belongs in the current map, in steps. Nothing of the map changes.

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::place::{self, list};

/// Suggestions that a list is given.
const SUGGESTIONS: usize = 10;

/// A list being placed in the current map.
pub(super) struct Placing {
    status: place::Status,
    suggestions: Vec<u32>,
}

/// Where a list belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Landing {
    /// The place, turned as [`Session::layout`] is; NaN for an empty list.
    pub at: Vec<f32>,
    /// The items next to the list that are not on it, nearest first.
    pub suggestions: Vec<u32>,
}

impl Session {
    /// Begins to place a list of points of the current map, with their weights above 0. Points that the map does not have are
    /// left out; a list placed before is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when there is no map, [`ErrorKind::NotFlat`] when it is in space.
    pub fn place_start(&mut self, items: &[u32], weights: &[f32]) -> Result<()> {
        let Some((_, map)) = &self.current else { return Err(Error::new(ErrorKind::NoData)) };
        if map.layout_dim != 2 {
            return Err(Error::new(ErrorKind::NotFlat));
        }
        let pairs = items.iter().copied().zip(weights.iter().copied());
        let list: Vec<(u32, f32)> = pairs
            .filter(|&(i, w)| (i as usize) < map.collections.n_items() && w > 0.0 && w.is_finite())
            .collect();
        let taste = list::taste(map, &list, SUGGESTIONS);
        let status = place::initialize(map, &taste.near);
        self.placing = Some(Placing { status, suggestions: taste.suggestions });
        Ok(())
    }

    /// A small piece of the placing. Returns where the list belongs when all is done; `None` before.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when nothing is being placed: the map it was begun for is no more.
    pub fn place_step(&mut self) -> Result<Option<Landing>> {
        let Some(Placing { status, .. }) = &mut self.placing else {
            return Err(Error::new(ErrorKind::NoData));
        };
        status.run(status.done() + 1);
        if status.done() < status.total() {
            return Ok(None);
        }
        let at = status.places();
        let at = self.turn.as_ref().map_or_else(|| at.clone(), |turn| turn.apply(&at));
        Ok(self.placing.take().map(|placing| Landing { at, suggestions: placing.suggestions }))
    }
}
