//! Previous: the map before as the start of the next embedding and as what the next layout is turned to, so that a change
//! of the recipe moves things instead of everything.

use super::Map;
use crate::collect::Collections;
use crate::project::align::Turn;
use crate::read::Records;

/// Where the items of the map before stood.
#[derive(Clone, Debug)]
pub struct Previous {
    /// For each item of the rows to come, its point in the map before, or [`UNKNOWN`].
    point_of: Vec<u32>,
    /// Row-major points x `dim`.
    embedding: Vec<f32>,
    dim: usize,
    /// Row-major points x 2, as it was shown.
    layout: Vec<f32>,
}

const UNKNOWN: u32 = u32::MAX;

impl Previous {
    /// The items of `records`, by their names, in `map`, which was made of the rows `before` and shown by `turn`.
    pub fn new(map: &Map, turn: &Turn, before: &Records, records: &Records) -> Previous {
        let mut point_of = vec![UNKNOWN; records.items.len()];
        for (point, &id) in map.collections.items.iter().enumerate() {
            if let Some(item) = records.items.find(before.items.get(id)) {
                point_of[item as usize] = point as u32;
            }
        }
        let (embedding, dim, layout) = (map.embedding.clone(), map.dim, turn.apply(&map.layout));
        Previous { point_of, embedding, dim, layout }
    }

    /// The place of each item, row-major n_items x `dim`; a row of NaN is an item that was not there. `None` when the map
    /// before had another number of dimensions, or none of the items: then there is nothing to start from.
    pub fn places(&self, collections: &Collections, dim: usize) -> Option<Vec<f32>> {
        if dim == self.dim { self.rows(&self.embedding, collections, dim) } else { None }
    }

    /// By what `layout` (row-major n_items x 2) is turned to lie as the map before did.
    pub fn turn(&self, layout: &[f32], collections: &Collections) -> Turn {
        let fixed = if self.layout.is_empty() { None } else { self.rows(&self.layout, collections, 2) };
        fixed.map_or_else(|| Turn::identity(2), |fixed| Turn::onto(layout, &fixed, 2))
    }

    /// The row of each item in `table` of the map before; NaN where it was not there. `None` when none was.
    fn rows(&self, table: &[f32], collections: &Collections, dim: usize) -> Option<Vec<f32>> {
        let points: Vec<u32> = collections.items.iter().map(|&id| self.point_of[id as usize]).collect();
        if points.iter().all(|&point| point == UNKNOWN) {
            return None;
        }
        let mut rows = vec![f32::NAN; points.len() * dim];
        for (item, &point) in points.iter().enumerate().filter(|&(_, &point)| point != UNKNOWN) {
            rows[item * dim..][..dim].copy_from_slice(&table[point as usize * dim..][..dim]);
        }
        Some(rows)
    }
}
