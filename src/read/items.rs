//! The items table: a label and columns to colour by, for each item.

use crate::error::ErrorKind;
use crate::names::Names;

use super::FileInfo;
use super::csv::{Problem, Row};
use super::field::{is_no_value, number, text};
use super::header::plain;
use super::texts::Texts;

/// The code of a missing value in [`ColumnValues::Category`].
pub const MISSING: u32 = u32::MAX;

/// What is known about the items.
#[derive(Clone, Debug)]
pub struct ItemTable {
    /// Unique item names, in row order. Of two rows with the same name, the first counts.
    pub keys: Names,
    /// One label per key: the `label` (else `title`, else `name`) column, or the key where that is blank.
    pub labels: Texts,
    /// The other columns, in file order.
    pub columns: Vec<Column>,
    /// About the file.
    pub info: FileInfo,
}

/// A column of the items table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, unique in the table.
    pub name: String,
    /// One value per key.
    pub values: ColumnValues,
}

/// The values of a column, one per key.
#[derive(Clone, Debug)]
pub enum ColumnValues {
    /// Every value is a finite number or missing, and at least one is a number.
    Number(
        /// NaN = missing.
        Vec<f32>,
    ),
    /// Texts. Free text stays a category too: whoever colours by it decides what to do with many categories.
    Category {
        /// Index into `categories`, or [`MISSING`].
        codes: Vec<u32>,
        /// The different texts, in order of first appearance.
        categories: Names,
    },
}

/// Which column holds what, by number from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemColumns {
    pub(super) key: usize,
    pub(super) label: Option<usize>,
}

/// Names (in plain form) of columns that are categories even when all their values are numbers: a class 0 to 9 is
/// no quantity.
const ALWAYS_CATEGORY: [&str; 4] = ["category", "class", "cluster", "group"];

/// Collects the rows of an items file. Every column starts as categories; which are numbers is known at the end.
pub(super) struct ItemsBuilder {
    columns: ItemColumns,
    names: Vec<String>,
    keys: Names,
    labels: Texts,
    /// One per file column; those of the key and the label stay empty.
    values: Vec<(Vec<u32>, Names)>,
    skipped: u64,
}

impl ItemsBuilder {
    pub(super) fn new(columns: ItemColumns, names: &[String]) -> Self {
        ItemsBuilder {
            columns,
            names: names.to_vec(),
            keys: Names::new(),
            labels: Texts::default(),
            values: names.iter().map(|_| Default::default()).collect(),
            skipped: 0,
        }
    }

    /// Takes a row. A blank or repeated key is skipped and counted; fields missing at the end are missing values;
    /// fields beyond the header are ignored.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Problem> {
        let get = |i: usize| row.field(i).map_or(Ok(""), |field| text(field, i));
        let full = |field| Problem { kind: ErrorKind::TooMuchText, field };
        let ItemColumns { key, label } = self.columns;
        let key_text = get(key)?;
        if key_text.is_empty() || self.keys.find(key_text).is_some() {
            self.skipped += 1;
            return Ok(());
        }
        self.keys.intern(key_text).ok_or_else(|| full(key))?;
        let label_text = label.map_or(Ok(""), get)?;
        let label_text = if label_text.is_empty() { key_text } else { label_text };
        self.labels.push(label_text).ok_or_else(|| full(label.unwrap_or(key)))?;
        for (i, (codes, categories)) in self.values.iter_mut().enumerate() {
            if i == key || Some(i) == label {
                continue;
            }
            let value = get(i)?;
            let code = if value.is_empty() { Some(MISSING) } else { categories.intern(value) };
            codes.push(code.ok_or_else(|| full(i))?);
        }
        Ok(())
    }

    /// Rows skipped so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(super) fn finish(self, info: FileInfo) -> ItemTable {
        let ItemColumns { key, label } = self.columns;
        let columns = self.names.into_iter().zip(self.values).enumerate();
        let columns = columns
            .filter(|(i, _)| *i != key && Some(*i) != label)
            .map(|(_, (name, (codes, categories)))| {
                let always = ALWAYS_CATEGORY.contains(&plain(&name).as_str());
                let numbers = if always { None } else { as_numbers(&codes, &categories) };
                let values = match numbers {
                    Some(numbers) => ColumnValues::Number(numbers),
                    None => ColumnValues::Category { codes, categories },
                };
                Column { name, values }
            })
            .collect();
        ItemTable { keys: self.keys, labels: self.labels, columns, info }
    }
}

/// The column as numbers, if it is one: each different text is a finite number or a word for "no value", and at
/// least one is a number.
fn as_numbers(codes: &[u32], categories: &Names) -> Option<Vec<f32>> {
    let mut numbers = Vec::with_capacity(categories.len());
    let mut any = false;
    for text in categories.iter() {
        match number(text).map(|n| n as f32).filter(|n| n.is_finite()) {
            Some(value) => {
                any = true;
                numbers.push(value);
            }
            None if is_no_value(text) => numbers.push(f32::NAN),
            None => return None,
        }
    }
    let value = |&code: &u32| numbers.get(code as usize).copied().unwrap_or(f32::NAN);
    any.then(|| codes.iter().map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[&str]) -> Option<Vec<f32>> {
        let mut names = Names::new();
        let code = |v: &&str| if v.is_empty() { MISSING } else { names.intern(v).unwrap() };
        let codes: Vec<u32> = values.iter().map(code).collect();
        as_numbers(&codes, &names)
    }

    #[test]
    fn a_column_of_numbers_may_have_gaps() {
        let bits =
            |v: Vec<f32>| v.into_iter().map(|x| if x.is_nan() { None } else { Some(x) }).collect::<Vec<_>>();
        assert_eq!(numbers(&["1", "", "2.5", "N/A"]).map(bits), Some(vec![Some(1.0), None, Some(2.5), None]));
        assert_eq!(numbers(&["1", "2", "Drama"]), None);
        assert_eq!(numbers(&["", "NA"]), None, "no number at all");
        assert_eq!(numbers(&["1", "inf"]), None, "not finite");
        assert_eq!(numbers(&["1", "1e39"]), None, "not finite as f32");
    }
}
