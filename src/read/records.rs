//! Rows of (collection, item, weight), of links between items, or of vectors, as they stand in the file.

use crate::error::ErrorKind;
use crate::names::{Names, same};

use super::FileInfo;
use super::csv::{Problem, Row};
use super::field::{shown, text};
use super::row_columns::{RowColumn, RowColumnBuilder};
use super::vectors::Vectors;

/// One file of rows: who has what, what links to what, or a vector for each item.
#[derive(Clone, Debug)]
pub struct Records {
    /// What a row says.
    pub kind: RecordKind,
    /// Collection names; ids in order of first appearance. Empty for edges and vectors.
    pub collections: Names,
    /// Item names; ids in order of first appearance. For edges, the names of both ends.
    pub items: Names,
    /// `[collection id, item id]` per row kept, in file order; for edges, `[item id, item id]`. A pair may stand more
    /// than once, and a link may lead back to its own item: what that means is decided when the rows are collected.
    pub rows: Vec<[u32; 2]>,
    /// One weight per row kept, finite and >= 0; `None` when the header names no weight column.
    pub weights: Option<Vec<f32>>,
    /// Whether these are edges whose weights are distances, by the header: each item's nearest neighbors.
    pub are_distances: bool,
    /// The name of the weight column, such as `rating`, when there is one.
    pub weight_name: Option<String>,
    /// The further columns of numbers and times, in file order.
    pub columns: Vec<RowColumn>,
    /// A vector for each item, in the order of their ids, where the rows are vectors: then `rows` is empty.
    pub vectors: Vectors,
    /// About the file.
    pub info: FileInfo,
}

impl Records {
    /// `items` and no rows yet.
    pub fn new(items: Names, info: FileInfo) -> Records {
        Records {
            kind: RecordKind::default(),
            collections: Names::new(),
            items,
            rows: Vec::new(),
            weights: None,
            are_distances: false,
            weight_name: None,
            columns: Vec::new(),
            vectors: Vectors::default(),
            info,
        }
    }
}

/// What the rows of a file say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordKind {
    /// A collection holds an item.
    #[default]
    Memberships,
    /// Two items are linked.
    Edges,
    /// An item has a vector.
    Vectors,
}

/// Which column holds what, by number from 0. For edges, the collection is the end where the link starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordColumns {
    pub(super) kind: RecordKind,
    pub(super) collection: usize,
    pub(super) item: usize,
    pub(super) weight: Option<usize>,
    /// Whether the weights are distances.
    pub(super) distances: bool,
}

/// Collects the rows of a file.
pub(super) struct RecordsBuilder {
    columns: RecordColumns,
    /// Column names, for messages.
    names: Vec<String>,
    collections: Names,
    items: Names,
    rows: Vec<[u32; 2]>,
    weights: Vec<f32>,
    extra: Vec<RowColumnBuilder>,
    /// The collection's field in a row with the same collection as the last row kept.
    last: Vec<u8>,
    skipped: u64,
}

/// A name: its id, or its text when it has none yet (blank texts never get one).
enum Found<'a> {
    Known(u32),
    New(&'a str),
}

impl RecordsBuilder {
    pub(super) fn new(columns: RecordColumns, names: &[String], extra: Vec<RowColumnBuilder>) -> Self {
        RecordsBuilder {
            columns,
            names: names.to_vec(),
            collections: Names::new(),
            items: Names::new(),
            rows: Vec::new(),
            weights: Vec::new(),
            extra,
            last: Vec::new(),
            skipped: 0,
        }
    }

    /// Takes a row. One with a blank collection or item is skipped and counted, not an error: exports are full
    /// of them. A row that ends before a column that is read is an error: it is more likely a wrong delimiter
    /// or a broken quote.
    #[inline]
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Problem> {
        // Two copies of the code: plain memberships, the most common files by far, ask for nothing else in each row.
        match self.columns.kind {
            RecordKind::Edges => self.row_of::<true>(row),
            _ => self.row_of::<false>(row),
        }
    }

    #[inline]
    fn row_of<const EDGES: bool>(&mut self, row: &Row) -> Result<(), Problem> {
        let RecordColumns { collection, item, weight, .. } = self.columns;
        let collection_field = self.field(row, collection)?;
        let item_field = self.field(row, item)?;
        let owners = if EDGES { &self.items } else { &self.collections };
        // Files are often grouped by collection.
        let owner = match self.rows.last() {
            Some(&[id, _]) if same(&self.last, collection_field) => Found::Known(id),
            _ => look_up(owners, collection_field, collection)?,
        };
        let thing = look_up(&self.items, item_field, item)?;
        if matches!(owner, Found::New("")) || matches!(thing, Found::New("")) {
            self.skipped += 1;
            return Ok(());
        }
        if let Some(column) = weight {
            let field = self.field(row, column)?;
            let weight = parse_weight(field, column);
            self.weights.push(if self.columns.distances { weight.map_err(of_distance)? } else { weight? });
        }
        if !self.extra.is_empty() {
            self.extra.iter_mut().for_each(|column| column.push(row));
        }
        let owners = if EDGES { &mut self.items } else { &mut self.collections };
        let owner = id(owners, owner, collection)?;
        let row = [owner, id(&mut self.items, thing, item)?];
        if self.rows.last().is_none_or(|last| last[0] != row[0]) {
            self.last.clear();
            self.last.extend_from_slice(collection_field);
        }
        self.rows.push(row);
        Ok(())
    }

    #[inline]
    fn field<'a>(&self, row: &Row<'a>, i: usize) -> Result<&'a [u8], Problem> {
        row.field(i).ok_or_else(|| {
            let name = self.names.get(i).cloned().unwrap_or_default();
            Problem { kind: ErrorKind::MissingField { name }, field: i }
        })
    }

    /// Rows skipped so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(super) fn finish(self, info: FileInfo) -> Records {
        let weight = self.columns.weight;
        Records {
            kind: self.columns.kind,
            collections: self.collections,
            rows: self.rows,
            weights: weight.map(|_| self.weights),
            are_distances: self.columns.distances,
            weight_name: weight.and_then(|column| self.names.get(column).cloned()),
            columns: self.extra.into_iter().map(RowColumnBuilder::finish).collect(),
            ..Records::new(self.items, info)
        }
    }
}

/// Bytes that are a known name are UTF-8 with no white space around them, so only new ones are looked at closely.
#[inline]
fn look_up<'a>(names: &Names, field: &'a [u8], column: usize) -> Result<Found<'a>, Problem> {
    match names.find_bytes(field) {
        Some(id) => Ok(Found::Known(id)),
        // White space around it may have hidden a known name: `intern` finds that.
        None => text(field, column).map(Found::New),
    }
}

#[inline]
fn id(names: &mut Names, name: Found, column: usize) -> Result<u32, Problem> {
    match name {
        Found::Known(id) => Ok(id),
        Found::New(text) => names.intern(text).ok_or(Problem { kind: ErrorKind::TooMuchText, field: column }),
    }
}

/// A weight: a finite number >= 0. An empty field is no number, so it is an error too: reading it as 0 or 1 would
/// be a guess that changes the map.
fn parse_weight(field: &[u8], column: usize) -> Result<f32, Problem> {
    match fast_float2::parse::<f32, _>(field.trim_ascii()) {
        // Adding 0 turns -0 into 0, so that equal weights have equal bits.
        Ok(weight) if weight.is_finite() && weight >= 0.0 => Ok(weight + 0.0),
        _ => Err(Problem { kind: ErrorKind::BadWeight { value: shown(field) }, field: column }),
    }
}

/// The same problem of a distance.
fn of_distance(problem: Problem) -> Problem {
    match problem.kind {
        ErrorKind::BadWeight { value } => Problem { kind: ErrorKind::BadDistance { value }, ..problem },
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights() {
        for (text, weight) in [("1", 1.0), (" 2.5 ", 2.5), ("1e3", 1000.0), ("-0", 0.0), (".5", 0.5)] {
            let parsed = parse_weight(text.as_bytes(), 2).ok().unwrap();
            assert_eq!(parsed.to_bits(), f32::to_bits(weight), "{text}");
        }
        for text in ["", " ", "NaN", "inf", "-1", "1e39", "five", "1,5", "0x10", "1 2"] {
            let problem = parse_weight(text.as_bytes(), 2).unwrap_err();
            assert_eq!(problem.kind, ErrorKind::BadWeight { value: text.trim().into() });
            assert_eq!(problem.field, 2);
        }
    }
}
