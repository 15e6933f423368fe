//! Row columns: what a row says beside its names and its weight, such as a rating or a time.
//!
//! The first 64 KiB of the file decide: a column is read when 19 of 20 cells there are numbers, or times, blank ones
//! left aside. Cells that are neither are missing values, as are fields that a row ends before: what stands beside the
//! names is extra, and one odd cell is no reason to give no map. Texts are not read.
//!
//! A time is ISO 8601 (see `time`) under any name; or, under a name for a time (`timestamp`, `created_at`,
//! `playDate`), unix seconds or milliseconds between 1973 and 2286, or eight digits such as 20240131. It becomes
//! days since 1970.
//!
//! Four bytes a row and column: the difference to one `origin` as an f32. Days within ten years of the first keep 21
//! seconds or better, numbers below 2^24 the precision of an f32.

use std::fmt;

use super::csv::Row;
use super::field::{is_no_value, number};
use super::time::{DAY, eight_digits, iso};

/// A further column of the rows.
#[derive(Clone)]
pub struct RowColumn {
    /// Its name in the file, unique there.
    pub name: String,
    /// What the values are.
    pub kind: RowColumnKind,
    /// What the values are differences to.
    pub origin: f64,
    /// One per row kept: the value minus `origin`, finite; NaN = missing.
    pub values: Vec<f32>,
}

/// What the values of a row column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowColumnKind {
    #[default]
    /// Numbers in the file's own unit.
    Number,
    /// Times in days since 1970-01-01T00:00Z.
    Time,
}

impl RowColumn {
    /// The value in row `row`; NaN = missing.
    pub fn value(&self, row: usize) -> f64 {
        self.origin + f64::from(self.values[row])
    }
}

impl fmt::Debug for RowColumn {
    /// The values by their bits: two missing ones look the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RowColumn { name, kind, origin, values } = self;
        f.debug_tuple("RowColumn").field(name).field(kind).field(origin).field(values).finish()
    }
}

/// How the cells of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Number,
    Iso,
    EightDigits,
    Seconds,
    Milliseconds,
}

impl Form {
    fn kind(self) -> RowColumnKind {
        if self == Form::Number { RowColumnKind::Number } else { RowColumnKind::Time }
    }

    /// The value of a cell without white space around it.
    #[inline]
    fn read(self, cell: &[u8]) -> Option<f64> {
        let number = || fast_float2::parse::<f64, _>(cell).ok().filter(|n| n.is_finite());
        match self {
            Form::Number => number(),
            Form::Iso => iso(cell),
            Form::EightDigits => eight_digits(cell),
            Form::Seconds => number().map(|seconds| seconds / DAY),
            Form::Milliseconds => number().map(|milliseconds| milliseconds / (1000.0 * DAY)),
        }
    }
}

/// A row column that is being read.
#[derive(Debug)]
pub(super) struct RowColumnBuilder {
    /// Its number in the file.
    field: usize,
    form: Form,
    column: RowColumn,
}

/// Most columns read, the first ones in the file: memory is 4 bytes a row for each.
const MOST: usize = 16;
/// One odd cell in this many does not make a column text.
const ODD: usize = 20;
/// Words in the names of times.
const TIME: [&str; 14] = [
    "time",
    "timestamp",
    "date",
    "datetime",
    "at",
    "on",
    "when",
    "ts",
    "epoch",
    "unix",
    "created",
    "added",
    "updated",
    "played",
];

/// The row columns of a table with these column names, `rows` being its first rows of data, `taken` the columns read
/// as names and weight.
pub(super) fn detect(names: &[String], rows: &[Vec<String>], taken: &[usize]) -> Vec<RowColumnBuilder> {
    let free = (0..names.len()).filter(|i| !taken.contains(i));
    let detected = free.filter_map(|field| {
        let cells = rows.iter().filter_map(|row| row.get(field)).map(String::as_str);
        let cells = cells.filter(|cell| !cell.is_empty() && !is_no_value(cell));
        let form = form(&names[field], cells.clone())?;
        let mut values = cells.filter_map(|cell| form.read(cell.as_bytes()));
        let first = values.next()?;
        let origin = match form {
            // An f32 holds whole numbers up to 2^24.
            Form::Number if values.all(|v| v.abs() < 16_777_216.0) && first.abs() < 16_777_216.0 => 0.0,
            Form::Number => first,
            // Whole days stay whole.
            _ => first.floor(),
        };
        let column = RowColumn { name: names[field].clone(), kind: form.kind(), origin, values: Vec::new() };
        Some(RowColumnBuilder { field, form, column })
    });
    detected.take(MOST).collect()
}

/// How nearly all of these cells are written; `None` when they are texts, or there are none.
fn form<'a>(name: &str, cells: impl Iterator<Item = &'a str> + Clone) -> Option<Form> {
    let n = cells.clone().count();
    let mostly = |fits: &dyn Fn(&str) -> bool| {
        let odd = cells.clone().filter(|cell| !fits(cell)).count();
        n > 0 && ODD * odd <= n
    };
    let within =
        |low: f64, high: f64| mostly(&|cell: &str| number(cell).is_some_and(|n| (low..high).contains(&n)));
    if mostly(&|cell: &str| iso(cell.as_bytes()).is_some()) {
        Some(Form::Iso)
    } else if !mostly(&|cell: &str| number(cell).is_some()) {
        None
    } else if !named_time(name) {
        Some(Form::Number)
    } else if mostly(&|cell: &str| eight_digits(cell.as_bytes()).is_some()) {
        Some(Form::EightDigits)
    } else if within(1e8, 1e10) {
        Some(Form::Seconds)
    } else if within(1e11, 1e13) {
        Some(Form::Milliseconds)
    } else {
        Some(Form::Number)
    }
}

/// Whether a word of the name is one for a time. Words end at anything but a letter, and before a capital.
fn named_time(name: &str) -> bool {
    let mut word = String::new();
    let mut lower = false;
    for c in name.chars().chain([' ']) {
        if !c.is_alphabetic() || (lower && c.is_uppercase()) {
            if TIME.contains(&word.as_str()) {
                return true;
            }
            word.clear();
        }
        lower = c.is_lowercase();
        word.extend(c.is_alphabetic().then(|| c.to_lowercase()).into_iter().flatten());
    }
    false
}

impl RowColumnBuilder {
    /// Takes the row's cell, blank, missing and odd ones too.
    #[inline]
    pub(super) fn push(&mut self, row: &Row) {
        let cell = row.field(self.field).map(<[u8]>::trim_ascii).and_then(|cell| self.form.read(cell));
        let value = cell.map_or(f32::NAN, |value| (value - self.column.origin) as f32);
        // Adding 0 turns -0 into 0: equal values have equal bits.
        self.column.values.push(if value.is_finite() { value + 0.0 } else { f32::NAN });
    }

    pub(super) fn finish(self) -> RowColumn {
        self.column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, cells: &[&str]) -> Option<(Form, f64)> {
        let rows: Vec<Vec<String>> = cells.iter().map(|cell| vec![(*cell).to_owned()]).collect();
        let found = detect(&[name.to_owned()], &rows, &[]);
        found.first().map(|column| (column.form, column.column.origin))
    }

    #[test]
    fn numbers_times_and_texts() {
        assert_eq!(found("pp", &["1", "", "2.5", "NA"]), Some((Form::Number, 0.0)));
        assert_eq!(found("pp", &["1", "x"]), None);
        assert_eq!(found("pp", &[&["1"; 19][..], &["x"]].concat()), Some((Form::Number, 0.0)));
        assert_eq!(found("pp", &[&["1"; 18][..], &["x"]].concat()), None);
        assert_eq!(found("pp", &["", "n/a"]), None, "no value at all");
        assert_eq!(found("bytes", &["3e9", "3e9"]), Some((Form::Number, 3e9)));
        assert_eq!(found("any", &["2024-12-31", ""]), Some((Form::Iso, 20088.0)));
        assert_eq!(found("any", &["2024-12-31", "12"]), None);
        assert_eq!(found("timestamp", &["881250949"]), Some((Form::Seconds, 10199.0)));
        assert_eq!(found("played_at", &["1735603200000"]), Some((Form::Milliseconds, 20088.0)));
        assert_eq!(found("playDate", &["20241231"]), Some((Form::EightDigits, 20088.0)));
        assert_eq!(found("id", &["881250949"]), Some((Form::Number, 881_250_949.0)), "no name for a time");
        assert_eq!(found("time", &["12", "90"]), Some((Form::Number, 0.0)), "minutes, say");
    }

    #[test]
    fn names_of_times() {
        for name in ["time", "Timestamp", "created_at", "playDate", "date (UTC)", "last played", "ts"] {
            assert!(named_time(name), "{name}");
        }
        for name in ["rating", "candidate", "runtime", "station", "", "format"] {
            assert!(!named_time(name), "{name}");
        }
    }

    #[test]
    fn only_so_many_columns_are_read() {
        let names: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
        let row = vec!["1".to_owned(); 40];
        let found = detect(&names, &[row], &[1]);
        assert_eq!(found.len(), MOST);
        assert_eq!(found[1].field, 2, "the taken one left out");
    }
}
