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
    /// Row-major points x `layout_dim`, as it was shown.
    layout: Vec<f32>,
    layout_dim: usize,
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
        Previous { point_of, embedding, dim, layout, layout_dim: map.layout_dim }
    }

    /// The place of each item, row-major n_items x `dim`; a row of NaN is an item that was not there. `None` when the map
    /// before had another number of dimensions, or none of the items: then there is nothing to start from.
    pub fn places(&self, collections: &Collections, dim: usize) -> Option<Vec<f32>> {
        if dim == self.dim { self.rows(&self.embedding, dim, collections, dim) } else { None }
    }

    /// By what `layout` (row-major n_items x `dim`) is turned to lie as the map before did: in the plane as that was seen
    /// from the front, in space as that lay in the plane. `None` where none of the items was there.
    pub fn turn(&self, layout: &[f32], dim: usize, collections: &Collections) -> Option<Turn> {
        let before = Some(&self.layout).filter(|layout| !layout.is_empty())?;
        let fixed = self.rows(before, self.layout_dim, collections, dim)?;
        Some(Turn::onto(layout, &fixed, dim))
    }

    /// The row of each item in `table` of the map before, row-major points x `width`: its first `dim` numbers, 0 beyond; NaN
    /// where it was not there. `None` when none was.
    fn rows(&self, table: &[f32], width: usize, collections: &Collections, dim: usize) -> Option<Vec<f32>> {
        let points: Vec<u32> = collections.items.iter().map(|&id| self.point_of[id as usize]).collect();
        if points.iter().all(|&point| point == UNKNOWN) {
            return None;
        }
        let mut rows = vec![f32::NAN; points.len() * dim];
        for (item, &point) in points.iter().enumerate().filter(|&(_, &point)| point != UNKNOWN) {
            let (row, there) = (&mut rows[item * dim..][..dim], &table[point as usize * width..][..width]);
            row.fill(0.0);
            row.iter_mut().zip(there).for_each(|(v, &t)| *v = t);
        }
        Some(rows)
    }
}
