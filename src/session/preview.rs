//! Preview: what a formula makes of a few pairs of rows, with their names, while it is being written.

use super::{Data, Session};
use crate::count::preview::{self, PreviewPair};
use crate::error::Result;
use crate::run::Map;
use serde::Serialize;

/// A formula at work on some pairs of rows that are in one collection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// A few of them.
    pub pairs: Vec<Pair>,
    /// How many were tried in all.
    pub drawn: usize,
    /// How many of these weigh 0.
    pub zero: usize,
    /// How many count as 0 as their weight is missing, below 0, or beyond all numbers.
    pub unusable: usize,
}

/// Two rows of a collection and what the formula gives for them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The one row's item.
    pub a: String,
    /// The other's.
    pub b: String,
    /// The collection's name.
    pub collection: String,
    /// What the formula can see, by its names for it; `null` = missing.
    pub values: Vec<(String, Option<f64>)>,
    /// What the pair counts.
    pub weight: f32,
}

impl Session {
    /// What `formula` gives for `n` pairs of the rows on screen; `None` where there are none.
    ///
    /// # Errors
    /// [`BadRecipe`](crate::error::ErrorKind::BadRecipe) with the column of the formula where it is wrong.
    pub fn preview(&self, formula: &str, n: usize) -> Result<Option<Preview>> {
        let Some((data, map)) = self.shown().filter(|(_, map)| map.collections.n_items() > 0) else {
            return Ok(None);
        };
        let found = preview::preview_formula(&map.collections, formula, n, map.recipe.seed)?;
        let pairs = found.pairs.iter().map(|pair| named(data, map, pair)).collect();
        let unusable = found.missing + found.negative + found.infinite;
        Ok(Some(Preview { pairs, drawn: found.drawn, zero: found.zero, unusable }))
    }
}

fn named(data: &Data, map: &Map, pair: &PreviewPair) -> Pair {
    let records = &data.records;
    let item = |point: u32| {
        let name = records.items.get(map.collections.items[point as usize]);
        let table = data.items.as_ref();
        let row = table.and_then(|table| Some((table, table.keys.find(name)?)));
        row.map_or(name, |(table, row)| table.labels.get(row as usize)).to_owned()
    };
    let collection = match map.collections.is_edges {
        // Row v is the neighborhood of item v.
        true => records.items.get(pair.collection),
        false => records.collections.get(pair.collection),
    };
    let mut values = Vec::new();
    for (side, who) in ["a", "b"].into_iter().enumerate() {
        values.push((format!("{who}.weight"), Some(f64::from(pair.weights[side]))));
        for (column, value) in map.collections.row_columns.iter().zip(&pair.values[side]) {
            values.push((format!("{who}.{}", column.name), Some(*value).filter(|value| value.is_finite())));
        }
    }
    values.push(("size".to_owned(), Some(f64::from(pair.size))));
    Pair {
        a: item(pair.items[0]),
        b: item(pair.items[1]),
        collection: collection.to_owned(),
        values,
        weight: pair.weight,
    }
}
