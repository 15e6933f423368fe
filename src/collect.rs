//! Collect: index the items, drop the rare ones.
//!
//! Out of rows (collection, item, weight) come two lists: the items of each collection and the collections of each
//! item, both as [`Csr`]. A pair that the file repeats counts once, its weights added. An item in fewer than
//! `min_collections` collections says too little about its neighbors and is dropped; how many is reported.
//! O(rows + items + collections), apart from sorting the items within each collection.
//!
//! **Edge lists** become collections too: row v is the closed neighborhood of item v, that is v and every item linked
//! with it (as in SCAN: Xu et al. 2007, "SCAN: a structural clustering algorithm for networks", KDD, definition 1).
//! Links have no direction: a link and its reverse are one repeated pair, their weights added. A link from an item to
//! itself names the item and counts for nothing else. An item is in its own neighborhood with the largest weight of its
//! links, 1 if it has none.
//!
//! **Distances** of pairs, such as each item's nearest neighbors, say by themselves who is near: all items stay, and
//! the neighborhoods only tell how often an item is listed.
//!
//! **Vectors** have no collections: all items stay.
//!
//! **Row columns** stand beside the entries that the rows became. A repeated pair keeps the values of its row with the
//! largest weight, the first of equals; an item in its own neighborhood those of its heaviest link.

use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::read::{RecordKind, Records, RowColumnKind};
use serde::{Deserialize, Serialize};

/// Which items stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CollectOptions {
    /// Items in fewer collections than this are dropped. From 1 upward. Larger values give fewer and surer points.
    /// In an edge list these are the neighborhoods that hold the item: the items linked with it, and itself. So 3 keeps
    /// the items with two links or more, and 1 keeps all. Default 3.
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
    /// Whether these are the closed neighborhoods of an edge list; row `items[i]` is that of kept item `i`.
    pub is_edges: bool,
    /// For each kept item (a point of the map), its id in [`Records::items`]; rising.
    pub items: Vec<u32>,
    /// Collections x kept items: the weights (1 where the file has none). Columns rise within a row. Dropped items of
    /// an edge list keep their row: two kept items may share them as a neighbor.
    pub by_collection: Csr<f32>,
    /// Kept items x collections: the same entries.
    pub by_item: Csr<f32>,
    /// The rows' further columns, by the entries of `by_collection`.
    pub row_columns: Vec<EntryColumn>,
    /// For each entry of `by_item`, the index of the same entry in `by_collection`. Empty without `row_columns`.
    pub entry_of: Vec<u32>,
    /// The name of the weight column, when the file has one.
    pub weight_name: Option<String>,
    /// Items in the file.
    pub n_items_read: usize,
    /// Rows that repeated a pair, either way round in an edge list.
    pub repeated_rows: usize,
    /// Rows of an edge list that link an item to itself.
    pub self_links: usize,
}

/// A row column by entries.
#[derive(Clone, Debug, Default)]
pub struct EntryColumn {
    /// Its name in the file.
    pub name: String,
    /// What the values are.
    pub kind: RowColumnKind,
    /// What the values are differences to.
    pub origin: f64,
    /// One per entry of [`Collections::by_collection`]: the value minus `origin`, finite; NaN = missing.
    pub values: Vec<f32>,
}

impl EntryColumn {
    /// The value at an entry of [`Collections::by_collection`]; NaN = missing.
    pub fn value(&self, entry: usize) -> f64 {
        self.origin + f64::from(self.values[entry])
    }
}

impl Collections {
    /// Number of kept items.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    /// In how many collections each kept item is: its popularity. All 0 where the data are vectors.
    pub fn popularity(&self) -> Vec<u32> {
        self.by_item.offsets.windows(2).map(|w| (w[1] - w[0]) as u32).collect()
    }
}

/// Indexes `records`.
///
/// # Errors
/// [`ErrorKind::TooFewItems`] when fewer than two items stay, [`ErrorKind::NothingCoOccurs`] when no collection
/// holds two of them, [`ErrorKind::AllTheSame`] when every item is in exactly the same collections (in an edge list:
/// when every two items are linked, all by the same weight).
pub fn collect(records: &Records, options: &CollectOptions) -> Result<Collections> {
    options.check()?;
    if records.kind == RecordKind::Vectors {
        return of_vectors(records);
    }
    index(records, options.min_collections, false, |_, size| size >= options.min_collections)
}

/// As [`collect`], with the items that `keep` says, by their id and the number of collections that hold them; errors name
/// `min_collections` as the limit.
pub(crate) fn collect_kept(
    records: &Records,
    min_collections: u32,
    keep: impl Fn(usize, u32) -> bool,
) -> Result<Collections> {
    index(records, min_collections, false, keep)
}

/// Indexes edges whose weights are distances: each one weighs 1 here, and every item stays.
///
/// # Errors
/// As [`collect`]; [`ErrorKind::AllTheSame`] when all distances are 0.
pub fn of_distances(records: &Records) -> Result<Collections> {
    let found = index(records, 1, true, |_, size| size >= 1)?;
    let mut distances = records.rows.iter().zip(records.weights.iter().flatten());
    if distances.all(|([from, to], &distance)| from == to || distance == 0.0) {
        return Err(Error::new(ErrorKind::AllTheSame).at(&records.info.file, 0, 0));
    }
    Ok(found)
}

fn index(
    records: &Records,
    min_collections: u32,
    distances: bool,
    keep: impl Fn(usize, u32) -> bool,
) -> Result<Collections> {
    let weights = records.weights.as_deref().filter(|_| !distances);
    let Merged { entries: all, sources, repeated_rows, self_links } = merge(records, weights);
    let mut size = vec![0u32; records.items.len()];
    for &item in &all.columns {
        size[item as usize] += 1;
    }
    let mut items = Vec::new();
    let mut new_id = vec![u32::MAX; size.len()];
    for (item, _) in size.iter().enumerate().filter(|&(item, &size)| keep(item, size)) {
        new_id[item] = items.len() as u32;
        items.push(item as u32);
    }
    if items.len() < 2 {
        return Err(Error::new(ErrorKind::TooFewItems {
            found: size.len(),
            kept: items.len(),
            min_collections,
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
    let is_edges = records.kind == RecordKind::Edges;
    let by_item = by_collection.transpose(items.len());
    let first = by_item.row(0).0;
    let one_weight = || by_item.values.iter().all(|w| *w == by_item.values[0]);
    let same = || (1..items.len()).all(|i| by_item.row(i).0 == first);
    if !distances && same() && (!is_edges || one_weight()) {
        return Err(Error::new(ErrorKind::AllTheSame).at(&records.info.file, 0, 0));
    }

    let kept = all.columns.iter().zip(&sources).filter(|(item, _)| new_id[**item as usize] != u32::MAX);
    let sources: Vec<u32> = kept.map(|(_, &row)| row).collect();
    let value = |values: &[f32], row: u32| values.get(row as usize).copied().unwrap_or(f32::NAN);
    let row_columns = records.columns.iter().map(|column| EntryColumn {
        name: column.name.clone(),
        kind: column.kind,
        origin: column.origin,
        values: sources.iter().map(|&row| value(&column.values, row)).collect(),
    });
    let entry_of =
        if records.columns.is_empty() { Vec::new() } else { entries_by_item(&by_collection, items.len()) };
    Ok(Collections {
        is_edges,
        n_items_read: size.len(),
        items,
        row_columns: row_columns.collect(),
        entry_of,
        weight_name: records.weight_name.clone().filter(|_| !distances),
        by_collection,
        by_item,
        repeated_rows,
        self_links,
    })
}

/// Every item of a file of vectors: they are in no collections.
fn of_vectors(records: &Records) -> Result<Collections> {
    let n = records.items.len();
    let fail = |kind| Err(Error::new(kind).at(&records.info.file, 0, 0));
    if n < 2 {
        return fail(ErrorKind::TooFewItems { found: n, kept: n, min_collections: 1 });
    }
    let vectors = &records.vectors;
    if vectors.values.chunks_exact(vectors.dim.max(1)).all(|row| row == &vectors.values[..row.len()]) {
        return fail(ErrorKind::AllTheSame);
    }
    let none = || Csr { offsets: vec![0; n + 1], ..Csr::default() };
    Ok(Collections {
        n_items_read: n,
        items: (0..n as u32).collect(),
        by_item: none(),
        ..Collections::default()
    })
}

/// For each entry of the transpose, its index in `csr`.
fn entries_by_item(csr: &Csr<f32>, n_columns: usize) -> Vec<u32> {
    let numbered = csr.triples().zip(0u32..).map(|((row, column, _), entry)| (column, row, entry));
    Csr::from_triples(n_columns, numbered).values
}

/// All rows as collections x items, before any item is dropped.
struct Merged {
    /// Columns rise within a row, each once.
    entries: Csr<f32>,
    /// The row that each entry takes its values in the row columns from, [`NO_ROW`] if from none. Empty when there are
    /// no row columns.
    sources: Vec<u32>,
    repeated_rows: usize,
    self_links: usize,
}

/// The source of an entry that no row of the file made.
const NO_ROW: u32 = u32::MAX;

/// A pair under way: its column, the weights of its rows added, and the row with the largest weight.
#[derive(Clone, Copy)]
struct Entry {
    column: u32,
    weight: f32,
    source: u32,
}

/// Sorts the rows into collections and merges those of the same pair.
fn merge(records: &Records, weights: Option<&[f32]>) -> Merged {
    let is_edges = records.kind == RecordKind::Edges;
    let keeps_sources = !records.columns.is_empty();
    let weight = |row: u32| weights.map_or(1.0, |weights| weights[row as usize]);
    let rows = || (0u32..).zip(&records.rows).map(|(row, &[c, i])| (c, i, row));
    let self_links = if is_edges { rows().filter(|(a, b, _)| a == b).count() } else { 0 };
    let by_row = if is_edges {
        // Each link from both ends, in file order.
        let links = rows().filter(|(a, b, _)| a != b);
        Csr::from_triples(records.items.len(), links.flat_map(|(a, b, row)| [(a, b, row), (b, a, row)]))
    } else {
        Csr::from_triples(records.collections.len(), rows())
    };
    let n = by_row.len() + if is_edges { by_row.n_rows() } else { 0 };
    let mut entries = Csr { columns: Vec::with_capacity(n), ..Csr::default() };
    entries.values.reserve(n);
    let mut sources = Vec::with_capacity(if keeps_sources { n } else { 0 });
    let mut pairs: Vec<Entry> = Vec::new();
    for c in 0..by_row.n_rows() {
        let (columns, rows) = by_row.row(c);
        let entry = |(&column, &source)| Entry { column, weight: weight(source), source };
        pairs.clear();
        pairs.extend(columns.iter().zip(rows).map(entry));
        // Stable, so that the weights of a repeated pair are added in file order.
        pairs.sort_by_key(|pair| pair.column);
        pairs.dedup_by(|next, kept| {
            let same = next.column == kept.column;
            if same {
                kept.weight += next.weight;
                kept.source =
                    if weight(next.source) > weight(kept.source) { next.source } else { kept.source };
            }
            same
        });
        if is_edges {
            let heaviest = pairs.iter().copied().reduce(|a, b| if b.weight > a.weight { b } else { a });
            let (weight, source) = heaviest.map_or((1.0, NO_ROW), |pair| (pair.weight, pair.source));
            let at = pairs.partition_point(|pair| (pair.column as usize) < c);
            pairs.insert(at, Entry { column: c as u32, weight, source });
        }
        entries.push_row(pairs.iter().map(|pair| (pair.column, pair.weight)));
        if keeps_sources {
            sources.extend(pairs.iter().map(|pair| pair.source));
        }
    }
    // A link makes two entries, and every item of an edge list one of its own.
    let made = if is_edges { (entries.len() - by_row.n_rows()) / 2 } else { entries.len() };
    let repeated_rows = records.rows.len() - self_links - made;
    Merged { entries, sources, repeated_rows, self_links }
}

#[cfg(test)]
mod tests;
