//! Collect: index the items, drop the rare ones.
//!
//! Out of rows (collection, item, weight) come two lists: the items of each collection and the collections of each
//! item, both as [`Csr`]. A pair that the file repeats counts once, its weights added. An item in fewer than
//! `min_collections` collections says too little about its neighbors and is dropped; how many is reported.
//! O(rows + items + collections), apart from sorting the items within each collection.

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::read::{Records, RowColumnKind};
use serde::{Deserialize, Serialize};

/// Which items stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CollectOptions {
    /// Items in fewer collections than this are dropped. From 1 upward. Larger values give fewer and surer points.
    /// Default 3.
    pub min_collections: u32,
}

impl Default for CollectOptions {
    fn default() -> Self {
        CollectOptions { min_collections: 3 }
    }
}

impl CollectOptions {
    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        if self.min_collections == 0 {
            let (option, value) = ("collect.minCollections", "0".to_owned());
            return Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal: "1 or more" }));
        }
        Ok(())
    }
}

/// Who has what, indexed both ways.
#[derive(Clone, Debug, Default)]
pub struct Collections {
    /// For each kept item (a point of the map), its id in [`Records::items`]; rising.
    pub items: Vec<u32>,
    /// Collections x kept items: the weights (1 where the file has none). Columns rise within a row.
    pub by_collection: Csr<f32>,
    /// Kept items x collections: the same entries.
    pub by_item: Csr<f32>,
    /// Items in the file.
    pub n_items_read: usize,
    /// Rows that repeated a pair.
    pub repeated_rows: usize,
    /// Whether the rows were edges: then row `items[i]` of `by_collection` is the closed neighborhood of item i.
    pub is_edges: bool,
    /// Further columns of the rows, values aligned with the entries of `by_collection`.
    pub row_columns: Vec<EntryColumn>,
    /// For each entry of `by_item` the index of the same entry in `by_collection`. Empty where there are no columns.
    pub entry_of: Vec<u32>,
}

/// A column of the rows, by entry of [`Collections::by_collection`].
#[derive(Clone, Debug, Default)]
pub struct EntryColumn {
    /// Its name in the file.
    pub name: String,
    /// What its values mean.
    pub kind: RowColumnKind,
    /// What was subtracted from each value.
    pub origin: f64,
    /// Values minus `origin`; NaN = missing.
    pub values: Vec<f32>,
}

impl Collections {
    /// Number of kept items.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    /// In how many collections each kept item is: its popularity.
    pub fn popularity(&self) -> Vec<u32> {
        self.by_item.offsets.windows(2).map(|w| (w[1] - w[0]) as u32).collect()
    }
}

/// Indexes `records`.
///
/// # Errors
/// [`ErrorKind::TooFewItems`] when fewer than two items stay, [`ErrorKind::NothingCoOccurs`] when no collection
/// holds two of them, [`ErrorKind::AllTheSame`] when every item is in exactly the same collections.
pub fn collect(records: &Records, options: &CollectOptions) -> Result<Collections> {
    options.check()?;
    let weight = |row: usize| records.weights.as_ref().map_or(1.0, |weights| weights[row]);
    let rows = records.rows.iter().enumerate().map(|(row, &[c, i])| (c, i, weight(row)));
    let (all, repeated_rows) = without_repeats(Csr::from_triples(records.collections.len(), rows));

    let mut size = vec![0u32; records.items.len()];
    for &item in &all.columns {
        size[item as usize] += 1;
    }
    let mut items = Vec::new();
    let mut new_id = vec![u32::MAX; size.len()];
    for (item, _) in size.iter().enumerate().filter(|&(_, &size)| size >= options.min_collections) {
        new_id[item] = items.len() as u32;
        items.push(item as u32);
    }
    if items.len() < 2 {
        return Err(Error::new(ErrorKind::TooFewItems {
            found: size.len(),
            kept: items.len(),
            min_collections: options.min_collections,
        })
        .at(&records.info.file, 0, 0));
    }

    let mut by_collection = Csr::default();
    for c in 0..all.n_rows() {
        let (columns, weights) = all.row(c);
        let entries = columns.iter().zip(weights).map(|(&item, &w)| (new_id[item as usize], w));
        by_collection.push_row(entries.filter(|&(item, _)| item != u32::MAX));
    }
    if by_collection.offsets.windows(2).all(|w| w[1] - w[0] < 2) {
        let collections = by_collection.n_rows();
        return Err(Error::new(ErrorKind::NothingCoOccurs { collections }).at(&records.info.file, 0, 0));
    }
    let by_item = by_collection.transpose(items.len());
    let first = by_item.row(0).0;
    if (1..items.len()).all(|i| by_item.row(i).0 == first) {
        return Err(Error::new(ErrorKind::AllTheSame).at(&records.info.file, 0, 0));
    }
    Ok(Collections {
        n_items_read: size.len(),
        items,
        by_collection,
        by_item,
        repeated_rows,
        ..Collections::default()
    })
}

/// Each row sorted by column, repeated columns added up; and how many entries were repeats.
fn without_repeats(csr: Csr<f32>) -> (Csr<f32>, usize) {
    let mut out = Csr { columns: Vec::with_capacity(csr.len()), ..Csr::default() };
    out.values.reserve(csr.len());
    let mut row = Vec::new();
    for r in 0..csr.n_rows() {
        let (columns, values) = csr.row(r);
        row.clear();
        row.extend(columns.iter().copied().zip(values.iter().copied()));
        // Stable, so that the weights of a repeated pair are added in file order.
        row.sort_by_key(|&(column, _)| column);
        row.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        out.push_row(row.iter().copied());
    }
    let repeats = csr.len() - out.len();
    (out, repeats)
}
