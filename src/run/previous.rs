//! Previous: the map before as the start of the next embedding, so that a change of the recipe moves things instead of
//! everything.

use super::Map;
use crate::collect::Collections;
use crate::read::Records;

/// Where the items of the map before stood.
#[derive(Clone, Debug)]
pub struct Previous {
    /// For each item of the rows to come, its point in the map before, or [`UNKNOWN`].
    point_of: Vec<u32>,
    /// Row-major points x `dim`.
    embedding: Vec<f32>,
    dim: usize,
}

const UNKNOWN: u32 = u32::MAX;

impl Previous {
    /// The items of `records`, by their names, in `map`, which was made of the rows `before`.
    pub fn new(map: &Map, before: &Records, records: &Records) -> Previous {
        let mut point_of = vec![UNKNOWN; records.items.len()];
        for (point, &id) in map.collections.items.iter().enumerate() {
            if let Some(item) = records.items.find(before.items.get(id)) {
                point_of[item as usize] = point as u32;
            }
        }
        Previous { point_of, embedding: map.embedding.clone(), dim: map.dim }
    }

    /// The place of each item, row-major n_items x `dim`; a row of NaN is an item that was not there. `None` when the map
    /// before had another number of dimensions, or none of the items: then there is nothing to start from.
    pub fn places(&self, collections: &Collections, dim: usize) -> Option<Vec<f32>> {
        let points: Vec<u32> = collections.items.iter().map(|&id| self.point_of[id as usize]).collect();
        if dim != self.dim || points.iter().all(|&point| point == UNKNOWN) {
            return None;
        }
        let mut places = vec![f32::NAN; points.len() * dim];
        for (item, &point) in points.iter().enumerate().filter(|&(_, &point)| point != UNKNOWN) {
            places[item * dim..][..dim].copy_from_slice(&self.embedding[point as usize * dim..][..dim]);
        }
        Some(places)
    }
}
