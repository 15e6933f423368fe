//! Vectors: a name and many numbers in each row, such as measurements, pixels or another program's embedding.
//!
//! A file is one of vectors when its first column names items, none twice in the file's start, and nearly all the others hold
//! numbers ([`numeric_columns`]). What is no error, by choice: a blank name or one that was there before (the row is skipped
//! and counted); an empty cell or a word for "no value" (it gets the mean of its column). A cell that holds anything
//! else, or a row that ends too early, is an error: it says where.

use super::FileInfo;
use super::csv::{Problem, Row};
use super::field::{is_no_value, number, shown, text};
use super::records::{RecordKind, Records};
use crate::error::ErrorKind;
use crate::names::Names;

/// Fewest columns of numbers: fewer describe items, as in a table of labels and years.
const FEWEST: usize = 8;
/// Of the columns beside the name, the share that must hold numbers, in quarters. The others are left out.
const QUARTERS: usize = 3;

/// A vector for each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    /// Row-major n_items x `dim`, finite.
    pub values: Vec<f32>,
    /// Numbers in a vector.
    pub dim: usize,
    /// The columns' names, in file order.
    pub columns: Vec<String>,
    /// Cells without a value: they have the mean of their column, 0 where it has none at all.
    pub missing: u64,
}

/// The columns that make vectors, if the rows (of data, from the file's start) are vectors: those beside the first in which
/// no less than half of the cells are numbers, where they are 8 or more and three quarters of all.
pub(super) fn numeric_columns(n_columns: usize, rows: &[Vec<String>]) -> Option<Vec<usize>> {
    let is_numeric = |column: &usize| {
        let cells = rows.iter().filter_map(|row| row.get(*column));
        let cells = cells.filter(|cell| !cell.is_empty() && !is_no_value(cell));
        let (all, numbers) = cells
            .fold((0, 0), |(all, numbers), cell| (all + 1, numbers + usize::from(number(cell).is_some())));
        numbers > 0 && 2 * numbers >= all
    };
    let numeric: Vec<usize> = (1..n_columns).filter(is_numeric).collect();
    (numeric.len() >= FEWEST && 4 * numeric.len() >= QUARTERS * (n_columns - 1)).then_some(numeric)
}

/// Collects the rows of a file of vectors.
pub(super) struct VectorsBuilder {
    /// The numbers' columns in the file, rising.
    fields: Vec<usize>,
    /// Column names, for messages.
    names: Vec<String>,
    items: Names,
    /// NaN = missing.
    values: Vec<f32>,
    missing: u64,
    skipped: u64,
}

impl VectorsBuilder {
    pub(super) fn new(fields: Vec<usize>, names: &[String]) -> Self {
        let names = names.to_vec();
        VectorsBuilder { fields, names, items: Names::new(), values: Vec::new(), missing: 0, skipped: 0 }
    }

    /// Takes a row.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Problem> {
        let name = text(row.field(0).unwrap_or_default(), 0)?;
        if name.is_empty() || self.items.find(name).is_some() {
            self.skipped += 1;
            return Ok(());
        }
        for &field in &self.fields {
            let missing = || Problem {
                kind: ErrorKind::MissingField { name: self.names.get(field).cloned().unwrap_or_default() },
                field,
            };
            let value = read(row.field(field).ok_or_else(missing)?, field)?;
            self.missing += u64::from(value.is_nan());
            self.values.push(value);
        }
        self.items.intern(name).ok_or(Problem { kind: ErrorKind::TooMuchText, field: 0 })?;
        Ok(())
    }

    /// Rows skipped so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(super) fn finish(mut self, info: FileInfo) -> Records {
        let dim = self.fields.len();
        if self.missing > 0 {
            fill(&mut self.values, dim);
        }
        let columns = self.fields.iter().filter_map(|&field| self.names.get(field).cloned()).collect();
        let vectors = Vectors { values: self.values, dim, columns, missing: self.missing };
        Records { kind: RecordKind::Vectors, vectors, ..Records::new(self.items, info) }
    }
}

/// A cell: a finite number, or NaN where it has no value.
#[inline]
fn read(field: &[u8], column: usize) -> Result<f32, Problem> {
    let bad = || Problem { kind: ErrorKind::BadNumber { value: shown(field) }, field: column };
    let cell = field.trim_ascii();
    match fast_float2::parse::<f32, _>(cell) {
        // Adding 0 turns -0 into 0, so that equal vectors have equal bits.
        Ok(value) if value.is_finite() => Ok(value + 0.0),
        _ => match text(field, column)? {
            "" => Ok(f32::NAN),
            word if is_no_value(word) => Ok(f32::NAN),
            _ => Err(bad()),
        },
    }
}

/// Puts the mean of its column, summed in file order, in place of each missing value.
fn fill(values: &mut [f32], dim: usize) {
    let mut sums = vec![(0.0f64, 0u64); dim];
    for row in values.chunks_exact(dim) {
        for ((sum, count), v) in sums.iter_mut().zip(row).filter(|(_, v)| !v.is_nan()) {
            *sum += f64::from(*v);
            *count += 1;
        }
    }
    let means: Vec<f32> = sums.into_iter().map(|(sum, count)| (sum / count.max(1) as f64) as f32).collect();
    for row in values.chunks_exact_mut(dim) {
        for (v, &mean) in row.iter_mut().zip(&means).filter(|(v, _)| v.is_nan()) {
            *v = mean;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        for (cell, value) in [("1", 1.0), (" -2.5e3 ", -2500.0), ("-0", 0.0), ("1e-50", 0.0)] {
            assert_eq!(read(cell.as_bytes(), 2).ok().map(f32::to_bits), Some(f32::to_bits(value)), "{cell}");
        }
        for cell in ["", "  ", "NaN", "n/a", "null"] {
            assert!(read(cell.as_bytes(), 2).ok().unwrap().is_nan(), "{cell}");
        }
        for cell in ["inf", "-Infinity", "1e39", "abc", "1,5", "0x10"] {
            let problem = read(cell.as_bytes(), 2).unwrap_err();
            assert_eq!(problem.kind, ErrorKind::BadNumber { value: cell.into() });
            assert_eq!(problem.field, 2);
        }
    }

    #[test]
    fn missing_values_are_means() {
        let mut values = [1.0, f32::NAN, 3.0, f32::NAN, f32::NAN, f32::NAN];
        fill(&mut values, 2);
        assert_eq!(values, [1.0, 0.0, 3.0, 0.0, 2.0, 0.0]);
    }
}
