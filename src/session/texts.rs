//! Texts: what names on the map need of the current one.

use super::Session;
use crate::items::Items;
use crate::read::{Column, Texts};

impl Session {
    /// Positions of the current map, row-major n x 2, as they are on screen; empty without a map, or where it is in space.
    pub fn flat_layout(&self) -> Vec<f32> {
        match &self.current {
            Some((_, map)) if map.layout_dim == 2 => match &self.turn {
                Some(turn) => turn.apply(&map.layout),
                None => map.layout.clone(),
            },
            _ => Vec::new(),
        }
    }

    /// What to show for some items of the current map; "" for those that it does not have.
    pub fn labels_of(&self, ids: &[u32]) -> Texts {
        let mut labels = Texts::default();
        for &id in ids {
            let label = self.current.as_ref().and_then(|(data, map)| {
                let name = data.records.items.get(*map.collections.items.get(id as usize)?);
                let table = data.items.as_ref();
                let row = table.and_then(|table| table.keys.find(name));
                Some(table.zip(row).map_or(name, |(table, row)| table.labels.get(row as usize)))
            });
            _ = labels.push(label.unwrap_or(""));
        }
        labels
    }

    /// Popularity and columns of the items of the current map.
    pub fn described(&self) -> (Vec<u32>, Vec<Column>) {
        self.current.as_ref().map_or_else(Default::default, |(data, map)| {
            let columns = Items::columns(map, &data.records, data.items.as_ref());
            (map.collections.popularity(), columns)
        })
    }
}
