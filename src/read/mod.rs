//! Read: bytes of a CSV file -> rows of (collection, item, weight), of links or of vectors, or a table of items.
//!
//! A [`Reader`] takes one file in chunks of any size and gives a [`Table`]; the result does not depend on where
//! the chunks are cut. It keeps the first [`HEAD`] bytes until it knows what the file is (`sniff`: text or not,
//! delimiter; `header`: which column is which), then streams: memory is the table's, not the file's.
//!
//! What is no error, by choice: rows with a blank collection or item and repeated items are skipped and counted
//! ([`FileInfo::skipped_rows`]); lines of nothing but white space and delimiters are ignored; fields beyond the
//! columns that are read are ignored; quotes inside an unquoted field stand for themselves. What is an error says
//! where it is and what to do. Further columns of rows are read where they hold numbers or times (`row_columns`).

mod csv;
mod edges;
mod field;
mod header;
mod items;
mod records;
mod row_columns;
mod sniff;
mod texts;
mod time;
mod vectors;

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use csv::{Problem, Row, Tokenizer};
use header::Layout;
use items::ItemsBuilder;
use records::RecordsBuilder;
use vectors::VectorsBuilder;

pub use items::{Column, ColumnValues, ItemTable, MISSING};
pub use records::{RecordKind, Records};
pub use row_columns::{RowColumn, RowColumnKind};
pub use texts::Texts;
pub use vectors::Vectors;

/// Bytes that decide what the file is.
pub const HEAD: usize = 1 << 16;

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Table {
    /// Who has what, what links to what, or a vector for each item.
    Records(Records),
    /// Labels and columns for items.
    Items(ItemTable),
}

impl Table {
    /// About the file.
    pub fn info(&self) -> &FileInfo {
        match self {
            Table::Records(records) => &records.info,
            Table::Items(items) => &items.info,
        }
    }
}

/// About a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// File name or address as given to [`Reader::new`].
    pub file: String,
    /// Data rows, skipped ones included; the header and lines without any text are not counted.
    pub rows: u64,
    /// Rows left out: a blank collection, item or end of a link; in an items table and of vectors, a repeated item.
    pub skipped_rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The first 32 hexadecimal digits of the SHA-256 of the bytes: how a shared link knows its file.
    pub hash: String,
    /// The delimiter found.
    pub delimiter: char,
    /// The columns' names, all different; made up where the file names none.
    pub columns: Vec<String>,
}

/// Reads one file, fed in chunks.
///
/// ```
/// use archipelago::read::{Reader, Table};
///
/// let mut reader = Reader::new("plays.csv");
/// reader.push(b"user,song\nAnn,Blue")?; // chunks may end anywhere
/// reader.push(b"bird\nBob,Bluebird\n")?;
/// assert_eq!(reader.rows(), 0, "not known before the file's end or its first 64 KiB");
/// let Table::Records(records) = reader.finish()? else { panic!("not rows") };
/// assert_eq!(records.rows, [[0, 0], [1, 0]]);
/// assert_eq!(records.items.get(0), "Bluebird");
/// # Ok::<(), archipelago::error::Error>(())
/// ```
pub struct Reader {
    file: String,
    hash: Sha256,
    bytes: u64,
    state: State,
}

enum State {
    /// Not enough bytes yet to know what this is.
    Head(Vec<u8>),
    Body(Box<Body>),
    Failed(Error),
}

/// A file that is known.
struct Body {
    tokenizer: Tokenizer,
    sink: Sink,
    columns: Vec<String>,
    delimiter: u8,
    /// The next row that is not blank is the header.
    at_header: bool,
    /// Line of the first row.
    first_line: u64,
    rows: u64,
}

enum Sink {
    Records(RecordsBuilder),
    Items(ItemsBuilder),
    Vectors(VectorsBuilder),
}

impl Reader {
    /// A reader for a file of this name or address (for messages).
    pub fn new(file: &str) -> Reader {
        Reader { file: file.to_owned(), hash: Sha256::new(), bytes: 0, state: State::Head(Vec::new()) }
    }

    /// Reads on. Linear in the bytes given.
    ///
    /// # Errors
    /// Whatever is wrong with the file so far, with file, line and column. The same again after the first.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        let outcome = self.read(bytes);
        self.keep(outcome)
    }

    /// Data rows read so far (the header not counted).
    pub fn rows(&self) -> u64 {
        match &self.state {
            State::Body(body) => body.rows,
            _ => 0,
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`push`](Reader::push); also `EmptyFile`, `HeaderOnly`, `OneColumn` and `NoUsableRows`.
    pub fn finish(mut self) -> Result<Table> {
        if let State::Head(head) = &self.state {
            let started = Body::start(&self.file, head, true).map(|body| self.state = State::Body(body));
            self.keep(started)?;
        }
        match self.state {
            State::Body(mut body) => {
                body.end(&self.file)?;
                let mut hash = String::with_capacity(32);
                for byte in &self.hash.finalize()[..16] {
                    // Writing to a String cannot fail.
                    let _ = write!(hash, "{byte:02x}");
                }
                body.into_table(self.file, self.bytes, hash)
            }
            State::Failed(error) => Err(error),
            State::Head(_) => Err(Error::new(ErrorKind::EmptyFile).at(&self.file, 0, 0)),
        }
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<()> {
        if let State::Head(head) = &mut self.state {
            // Exactly HEAD bytes decide, however they arrive.
            let (now, later) = bytes.split_at(bytes.len().min(HEAD - head.len()));
            head.extend_from_slice(now);
            if head.len() < HEAD {
                return Ok(());
            }
            let body = Body::start(&self.file, head, false)?;
            self.state = State::Body(body);
            bytes = later;
        }
        match &mut self.state {
            State::Body(body) => body.feed(&self.file, bytes),
            State::Failed(error) => Err(error.clone()),
            State::Head(_) => Ok(()),
        }
    }

    /// Remembers an error: a file that failed stays failed.
    fn keep(&mut self, outcome: Result<()>) -> Result<()> {
        if let Err(error) = &outcome {
            self.state = State::Failed(error.clone());
        }
        outcome
    }
}

impl Body {
    /// Decides what the file is by its head, and reads that. `complete`: the head is the whole file.
    fn start(file: &str, head: &[u8], complete: bool) -> Result<Box<Body>> {
        let fail = |kind, line| Err(Error::new(kind).at(file, line, 0));
        if let Some(kind) = sniff::not_text(head) {
            return fail(kind, 0);
        }
        let (skip, given) = sniff::preamble(head);
        let lines_before = csv::line_ends(0, &head[..skip]);
        let table = &head[skip..];
        let (delimiter, sample) = match given {
            Some(delimiter) => (delimiter, sniff::sample(table, delimiter, complete)),
            None => sniff::delimiter(table, complete),
        };
        let Some(first) = sample.first() else { return fail(ErrorKind::EmptyFile, 0) };
        let blank = table.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let first_line = 1 + lines_before + csv::line_ends(0, &table[..(blank + 1).min(table.len())]);
        if first.len() < 2 {
            let ragged = sample.iter().any(|row| row.len() > 1);
            let name = "item".to_owned();
            return match ragged {
                true => Err(Error::new(ErrorKind::MissingField { name }).at(file, first_line, 2)),
                false => fail(ErrorKind::OneColumn, first_line),
            };
        }
        let plan = header::plan(&sample);
        let sink = match plan.layout {
            Layout::Records(columns) => {
                Sink::Records(RecordsBuilder::new(columns, &plan.columns, plan.row_columns))
            }
            Layout::Items(columns) => Sink::Items(ItemsBuilder::new(columns, &plan.columns)),
            Layout::Vectors(columns) => Sink::Vectors(VectorsBuilder::new(columns, &plan.columns)),
        };
        let mut body = Box::new(Body {
            tokenizer: Tokenizer::new(delimiter, lines_before),
            sink,
            columns: plan.columns,
            delimiter,
            at_header: plan.has_header,
            first_line,
            rows: 0,
        });
        body.feed(file, table)?;
        Ok(body)
    }

    /// Reads a chunk, up to the first NUL byte if there is one: no text has any.
    fn feed(&mut self, file: &str, bytes: &[u8]) -> Result<()> {
        let nul = bytes.contains(&0).then(|| bytes.iter().position(|&b| b == 0)).flatten();
        let text = &bytes[..nul.unwrap_or(bytes.len())];
        let (at_header, rows) = (&mut self.at_header, &mut self.rows);
        match &mut self.sink {
            Sink::Records(sink) => {
                self.tokenizer.feed(file, text, |row| take(row, at_header, rows, |row| sink.row(row)))?
            }
            Sink::Items(sink) => {
                self.tokenizer.feed(file, text, |row| take(row, at_header, rows, |row| sink.row(row)))?
            }
            Sink::Vectors(sink) => {
                self.tokenizer.feed(file, text, |row| take(row, at_header, rows, |row| sink.row(row)))?
            }
        }
        match nul {
            None => Ok(()),
            Some(_) => {
                let kind = ErrorKind::Binary { looks_like: String::new() };
                Err(Error::new(kind).at(file, self.tokenizer.line(), 0))
            }
        }
    }

    fn end(&mut self, file: &str) -> Result<()> {
        let (at_header, rows) = (&mut self.at_header, &mut self.rows);
        match &mut self.sink {
            Sink::Records(sink) => {
                self.tokenizer.finish(file, |row| take(row, at_header, rows, |row| sink.row(row)))
            }
            Sink::Items(sink) => {
                self.tokenizer.finish(file, |row| take(row, at_header, rows, |row| sink.row(row)))
            }
            Sink::Vectors(sink) => {
                self.tokenizer.finish(file, |row| take(row, at_header, rows, |row| sink.row(row)))
            }
        }
    }

    fn into_table(self, file: String, bytes: u64, hash: String) -> Result<Table> {
        let skipped_rows = match &self.sink {
            Sink::Records(sink) => sink.skipped(),
            Sink::Items(sink) => sink.skipped(),
            Sink::Vectors(sink) => sink.skipped(),
        };
        if self.rows == 0 {
            return Err(Error::new(ErrorKind::HeaderOnly).at(&file, self.first_line, 0));
        }
        if self.rows == skipped_rows {
            return Err(Error::new(ErrorKind::NoUsableRows { rows: self.rows }).at(&file, 0, 0));
        }
        let delimiter = char::from(self.delimiter);
        let info =
            FileInfo { file, rows: self.rows, skipped_rows, bytes, hash, delimiter, columns: self.columns };
        Ok(match self.sink {
            Sink::Records(sink) => Table::Records(sink.finish(info)),
            Sink::Items(sink) => Table::Items(sink.finish(info)),
            Sink::Vectors(sink) => Table::Records(sink.finish(info)),
        })
    }
}

/// Passes a row of data on and counts it; the header and blank rows are none.
#[inline]
fn take(
    row: &Row,
    at_header: &mut bool,
    rows: &mut u64,
    on_row: impl FnOnce(&Row) -> Result<(), Problem>,
) -> Result<(), Problem> {
    if row.is_blank() || std::mem::take(at_header) {
        return Ok(());
    }
    *rows += 1;
    on_row(row)
}
