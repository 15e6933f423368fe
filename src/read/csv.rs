//! Push tokenizer: feed bytes in chunks of any size, get whole rows.
//!
//! csv-core finds the fields (RFC 4180, CRLF, lone CR, blank lines skipped; any bytes parse to something). Here
//! are the reused buffers, their limits, and line numbers. Nothing is counted per row: only the row's offset in
//! the chunk is kept, and its line is worked out when an error needs it. Line ends: LF, CRLF or a lone CR.

use csv_core::ReadRecordResult;

use crate::error::{Error, ErrorKind, Result};

/// Longest field accepted, in bytes. A longer one is nearly always a quote that was never closed.
pub(super) const FIELD_LIMIT: usize = 1 << 20;
/// Longest row accepted, in bytes of text.
const ROW_LIMIT: usize = 1 << 24;
/// Most fields accepted in a row.
const FIELDS_LIMIT: usize = 1 << 20;

/// The fields of one row, valid until the next.
pub(super) struct Row<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// Number of fields, at least 1.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Field `i`, unquoted, from 0.
    #[inline]
    pub(super) fn field(&self, i: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(i)?;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        self.text.get(start..end)
    }

    /// Whether the row is nothing but white space and delimiters.
    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }
}

/// What is wrong with a row. The tokenizer adds the line.
pub(super) struct Problem {
    pub(super) kind: ErrorKind,
    /// Field number from 0.
    pub(super) field: usize,
}

/// The tokenizer of one file.
pub(super) struct Tokenizer {
    core: csv_core::Reader,
    /// The fields of the row in progress, end to end.
    text: Vec<u8>,
    text_len: usize,
    /// Where each ends in `text`.
    ends: Vec<usize>,
    ends_len: usize,
    /// Line ends in the chunks before this one, and their last byte.
    lines: u64,
    previous: u8,
    /// The line where the row in progress began, when that was in an earlier chunk.
    begun: Option<u64>,
}

impl Tokenizer {
    /// A tokenizer whose first byte is on line `1 + lines_before`.
    pub(super) fn new(delimiter: u8, lines_before: u64) -> Self {
        Tokenizer {
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 1 << 12],
            text_len: 0,
            ends: vec![0; 64],
            ends_len: 0,
            lines: lines_before,
            previous: 0,
            begun: None,
        }
    }

    /// Reads a chunk; `on_row` gets every row that ends in it.
    pub(super) fn feed(
        &mut self,
        file: &str,
        bytes: &[u8],
        mut on_row: impl FnMut(&Row) -> Result<(), Problem>,
    ) -> Result<()> {
        // `at`: bytes read. `start`: where the row in progress started, blank lines before it included.
        let (mut at, mut start) = (0, 0);
        while at < bytes.len() {
            let (result, read) = self.step(&bytes[at..]);
            at += read;
            let outcome = match result {
                ReadRecordResult::Record => self.complete(&mut on_row),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => self.grow(),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => Ok(()),
            };
            if let Err(problem) = outcome {
                let line = self.begun.unwrap_or_else(|| self.line_of_row(bytes, start));
                return Err(self.locate(problem, file, line));
            }
            if matches!(result, ReadRecordResult::Record) {
                self.clear();
                start = at;
            }
        }
        if self.begun.is_none() && bytes[start..].iter().any(|&b| !is_line_end(b)) {
            self.begun = Some(self.line_of_row(bytes, start));
        }
        self.lines += line_ends(self.previous, bytes);
        self.previous = bytes.last().copied().unwrap_or(self.previous);
        Ok(())
    }

    /// Ends the input: a last row without a line end is a row too.
    pub(super) fn finish(
        &mut self,
        file: &str,
        mut on_row: impl FnMut(&Row) -> Result<(), Problem>,
    ) -> Result<()> {
        loop {
            let (result, _) = self.step(&[]);
            let outcome = match result {
                ReadRecordResult::Record => self.complete(&mut on_row),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => self.grow(),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(()),
            };
            if let Err(problem) = outcome {
                let line = self.begun.unwrap_or(self.lines + 1);
                return Err(self.locate(problem, file, line));
            }
            if matches!(result, ReadRecordResult::Record) {
                self.clear();
            }
        }
    }

    /// The line of the byte after those read so far.
    pub(super) fn line(&self) -> u64 {
        self.lines + 1
    }

    #[inline]
    fn step(&mut self, input: &[u8]) -> (ReadRecordResult, usize) {
        let (result, read, wrote, ended) =
            self.core.read_record(input, &mut self.text[self.text_len..], &mut self.ends[self.ends_len..]);
        self.text_len += wrote;
        self.ends_len += ended;
        (result, read)
    }

    #[inline]
    fn complete(&self, on_row: &mut impl FnMut(&Row) -> Result<(), Problem>) -> Result<(), Problem> {
        let row = Row { text: &self.text[..self.text_len], ends: &self.ends[..self.ends_len] };
        if self.text_len > FIELD_LIMIT {
            let too_long = |&i: &usize| row.field(i).is_some_and(|f| f.len() > FIELD_LIMIT);
            if let Some(field) = (0..row.len()).find(too_long) {
                return Err(Problem { kind: ErrorKind::FieldTooLong { limit: FIELD_LIMIT }, field });
            }
        }
        on_row(&row)
    }

    fn clear(&mut self) {
        self.text_len = 0;
        self.ends_len = 0;
        self.begun = None;
    }

    /// Makes room for a longer row, up to the limits.
    fn grow(&mut self) -> Result<(), Problem> {
        let last_end = self.ends[..self.ends_len].last().copied().unwrap_or(0);
        let field = self.ends_len;
        if self.text_len.saturating_sub(last_end) > FIELD_LIMIT {
            return Err(Problem { kind: ErrorKind::FieldTooLong { limit: FIELD_LIMIT }, field });
        }
        if self.text_len == self.text.len() {
            if self.text.len() >= ROW_LIMIT {
                return Err(Problem { kind: ErrorKind::RowTooLong, field });
            }
            self.text.resize(2 * self.text.len(), 0);
        }
        if self.ends_len == self.ends.len() {
            if self.ends.len() >= FIELDS_LIMIT {
                return Err(Problem { kind: ErrorKind::RowTooLong, field });
            }
            self.ends.resize(2 * self.ends.len(), 0);
        }
        Ok(())
    }

    /// The line of the first byte at or after `start` that is part of a row.
    fn line_of_row(&self, bytes: &[u8], start: usize) -> u64 {
        let blank = bytes[start..].iter().take_while(|&&b| is_line_end(b)).count();
        let first = (start + blank + 1).min(bytes.len());
        1 + self.lines + line_ends(self.previous, &bytes[..first])
    }

    /// Adds file, line and column. A quoted field may hold line ends, so a field can start below its row; a
    /// field that is not there has its row's line.
    fn locate(&self, problem: Problem, file: &str, row_line: u64) -> Error {
        let row = Row { text: &self.text[..self.text_len], ends: &self.ends[..self.ends_len] };
        let before = if problem.field > row.len() { 0 } else { problem.field };
        let missing = matches!(problem.kind, ErrorKind::MissingField { .. });
        let inside: u64 = (0..if missing { 0 } else { before })
            .filter_map(|i| row.field(i))
            .map(|field| line_ends(0, field) + u64::from(field.last() == Some(&b'\r')))
            .sum();
        Error::new(problem.kind).at(file, row_line + inside, problem.field as u64 + 1)
    }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// Line ends in `bytes`: each LF, and each CR (also `previous`) that is followed by another byte than LF. A CR at
/// the very end counts when its next byte comes.
pub(super) fn line_ends(previous: u8, bytes: &[u8]) -> u64 {
    // Blocks that cannot overflow a u8: the compiler counts 16 or 32 lanes at once.
    let block = |block: &[u8]| usize::from(block.iter().fold(0_u8, |n, &b| n + u8::from(b == b'\n')));
    let mut count: usize = bytes.chunks(255).map(block).sum();
    if previous == b'\r' || bytes.contains(&b'\r') {
        let before = std::iter::once(&previous).chain(bytes);
        count += before.zip(bytes).filter(|&(&p, &b)| p == b'\r' && b != b'\n').count();
    }
    count as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row as text, or the error.
    fn rows(chunks: &[&[u8]]) -> Result<Vec<Vec<String>>> {
        let mut out = Vec::new();
        let mut tokenizer = Tokenizer::new(b',', 0);
        let mut on_row = |row: &Row| {
            let field = |i| String::from_utf8_lossy(row.field(i).unwrap_or_default()).into_owned();
            out.push((0..row.len()).map(field).collect());
            Ok(())
        };
        for chunk in chunks {
            tokenizer.feed("f", chunk, &mut on_row)?;
        }
        tokenizer.finish("f", &mut on_row)?;
        Ok(out)
    }

    /// (line, column) reported for a problem in the first row that holds a field `!`.
    fn place(chunks: &[&[u8]]) -> (u64, u64) {
        let mut tokenizer = Tokenizer::new(b',', 0);
        let on_row = |row: &Row| match (0..row.len()).find(|&i| row.field(i) == Some(b"!")) {
            Some(field) => Err(Problem { kind: ErrorKind::NotUtf8, field }),
            None => Ok(()),
        };
        let fed = chunks.iter().try_for_each(|chunk| tokenizer.feed("f", chunk, on_row));
        let place = fed.and_then(|()| tokenizer.finish("f", on_row)).unwrap_err().place.unwrap();
        (place.line, place.column)
    }

    #[test]
    fn rows_over_chunks() {
        assert_eq!(rows(&[b"a,b\r", b"\n\"c", b"\"\"\nd\",", b"e"]).unwrap(), [["a", "b"], ["c\"\nd", "e"]]);
        assert!(rows(&[b"\n\r\n", b""]).unwrap().is_empty());
    }

    #[test]
    fn lines_count_every_kind_of_line_end() {
        let cases: [(&[u8], (u64, u64)); 8] = [
            (b"!,b", (1, 1)),
            (b"a,b\n!,d\n", (2, 1)),
            (b"a,b\r\nc,!\r\n", (2, 2)),
            (b"a,b\rc,!\r", (2, 2)),
            (b"\n\n\r\n\ra,!", (5, 2)),
            (b"a,\"x\ny\"\nb,!", (3, 2)),
            (b"\"x\r\ny\",!", (2, 2)),
            (b"a,b\n\n\n\"x\ry\n\",z,!", (6, 3)),
        ];
        for (text, expected) in cases {
            assert_eq!(place(&[text]), expected, "{}", text.escape_ascii());
            let bytes: Vec<&[u8]> = text.chunks(1).collect();
            assert_eq!(place(&bytes), expected, "{} by bytes", text.escape_ascii());
        }
    }

    #[test]
    fn an_open_quote_is_named_by_the_line_where_it_began() {
        let text = [b"a,b\nc,\"".as_slice(), &vec![b'\n'; FIELD_LIMIT + 2]].concat();
        for size in [1 << 10, text.len()] {
            let chunks: Vec<&[u8]> = text.chunks(size).collect();
            let error = rows(&chunks).unwrap_err();
            assert_eq!(error.code(), "field-too-long");
            assert_eq!(error.place.map(|p| (p.line, p.column)), Some((2, 2)));
        }
    }

    #[test]
    fn a_field_at_the_limit_is_fine_and_one_byte_more_is_not() {
        let row = |n: usize| [b"a,".as_slice(), &vec![b'x'; n], b"\n"].concat();
        assert_eq!(rows(&[&row(FIELD_LIMIT)]).unwrap()[0][1].len(), FIELD_LIMIT);
        assert_eq!(rows(&[&row(FIELD_LIMIT + 1)]).unwrap_err().code(), "field-too-long");
    }

    #[test]
    fn rows_without_end_stop() {
        assert_eq!(rows(&[&vec![b','; FIELDS_LIMIT + 10]]).unwrap_err().code(), "row-too-long");
        let wide = [vec![b'x'; FIELD_LIMIT / 2], vec![b',']].concat().repeat(40);
        assert_eq!(rows(&[&wide]).unwrap_err().code(), "row-too-long");
    }
}
