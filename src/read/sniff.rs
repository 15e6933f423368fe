//! What kind of file this is, from its first bytes: text or not, and which delimiter.

use crate::error::ErrorKind;

use super::csv::{Row, Tokenizer};
use super::edges;
use super::header::{Role, role};

/// Delimiters tried, in order of preference when nothing else decides. A tab is hardly ever part of a name; `|`
/// often separates several values within one field (`Drama|Crime`), so it comes last.
const DELIMITERS: [u8; 4] = *b"\t,;|";

/// First bytes of files that people drop by mistake, and what they are.
const MAGIC: [(&[u8], &str); 17] = [
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"PK\x03\x04", "spreadsheet (xlsx, ods) or ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "old Office file (xls, doc)"),
    (b"%PDF-", "PDF document"),
    (b"{\\rtf", "RTF document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"\xfd7zXZ", "xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"BZh", "bzip2 archive"),
    (b"PAR1", "Parquet file"),
    (b"ARROW1", "Arrow file"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\x93NUMPY", "NumPy array"),
];

/// Why the file is no UTF-8 text at all, if so. `head` is its start, or all of it.
pub(super) fn not_text(head: &[u8]) -> Option<ErrorKind> {
    // `BZh` could begin a name; a real one has a digit and this constant behind it.
    let is =
        |magic: &[u8]| head.starts_with(magic) && (magic != b"BZh" || head.get(4..10) == Some(b"1AY&SY"));
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| is(magic)) {
        return Some(ErrorKind::Binary { looks_like: (*name).into() });
    }
    let utf16_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if utf16_mark || head.starts_with(b"\0\0\xfe\xff") {
        return Some(ErrorKind::Utf16);
    }
    if !head.contains(&0) {
        return None;
    }
    // Mostly Latin text in UTF-16 without a mark: every other byte is 0.
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half > 0 && (even == 0 && odd * 10 >= half * 7 || odd == 0 && even * 10 >= half * 7) {
        return Some(ErrorKind::Utf16);
    }
    Some(ErrorKind::Binary { looks_like: String::new() })
}

/// Bytes before the table: a byte order mark and a spreadsheet's `sep=;` line, with the delimiter this names.
pub(super) fn preamble(head: &[u8]) -> (usize, Option<u8>) {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let rest = &head[mark..];
    match rest.get(..5).map(|b| (b[..4].eq_ignore_ascii_case(b"sep="), b[4])) {
        Some((true, delimiter)) if DELIMITERS.contains(&delimiter) => match &rest[5..] {
            [b'\r', b'\n', ..] => (mark + 7, Some(delimiter)),
            [b'\r' | b'\n', ..] => (mark + 6, Some(delimiter)),
            [] => (mark + 5, Some(delimiter)),
            _ => (mark, None),
        },
        _ => (mark, None),
    }
}

/// The rows of the file's start. A row that the start cuts off is left out, unless there is no other.
pub(super) fn sample(head: &[u8], delimiter: u8, complete: bool) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut on_row = |row: &Row| {
        if !row.is_blank() {
            let field = |i| String::from_utf8_lossy(row.field(i).unwrap_or_default()).trim().to_owned();
            rows.push((0..row.len()).map(field).collect());
        }
        Ok(())
    };
    let mut tokenizer = Tokenizer::new(delimiter, 0);
    // The head is shorter than every limit, so neither can fail.
    let fed = tokenizer.feed("", head, &mut on_row);
    if fed.is_ok() && complete {
        let _ = tokenizer.finish("", &mut on_row);
    } else if rows.is_empty() {
        let _ = tokenizer.finish("", |row| {
            let field = |i| String::from_utf8_lossy(row.field(i).unwrap_or_default()).trim().to_owned();
            rows.push((0..row.len()).map(field).collect());
            Ok(())
        });
    }
    rows
}

/// The delimiter, and the sample read with it.
///
/// A first row that names both a collection and an item, or both ends of a link, decides. Else each delimiter is scored by the share of
/// rows that have the most common number of fields, where that number is 2 or more; a quoted field counts as one.
/// Of those within 5 % of the best, a tab wins, then the one of `,` and `;` with more columns, then `|`.
pub(super) fn delimiter(head: &[u8], complete: bool) -> (u8, Vec<Vec<String>>) {
    let mut tried: Vec<(u8, Vec<Vec<String>>)> = Vec::new();
    for delimiter in DELIMITERS {
        let rows = sample(head, delimiter, complete);
        let names =
            |wanted: Role| rows.first().is_some_and(|row| row.iter().any(|n| role(n) == Some(wanted)));
        let ends = rows.first().is_some_and(|row| edges::ends(row).is_some());
        if ends || names(Role::Collection) && names(Role::Item) {
            return (delimiter, rows);
        }
        tried.push((delimiter, rows));
    }
    let scores: Vec<(f64, usize)> = tried.iter().map(|(_, rows)| consistency(rows)).collect();
    let best = scores.iter().map(|s| s.0).fold(0.0, f64::max);
    let good = |i: &usize| best > 0.0 && scores[*i].0 >= 0.95 * best;
    let (tab, comma, semicolon, pipe) = (0, 1, 2, 3);
    let chosen = if good(&tab) {
        tab
    } else if good(&comma) && good(&semicolon) {
        if scores[semicolon].1 > scores[comma].1 { semicolon } else { comma }
    } else {
        [comma, semicolon, pipe].into_iter().find(good).unwrap_or_else(|| most_split(&tried))
    };
    tried.swap_remove(chosen)
}

/// (share of rows with the most common number of fields, that number); share 0 when the number is below 2. A row
/// with half a pair of quotes in a field was cut inside the quotes, so it does not speak for this delimiter.
fn consistency(rows: &[Vec<String>]) -> (f64, usize) {
    let whole = |row: &&Vec<String>| row.iter().all(|field| field.matches('"').count() % 2 == 0);
    let mut sizes: Vec<usize> = rows.iter().filter(whole).map(Vec::len).collect();
    sizes.sort_unstable();
    let groups = sizes.chunk_by(|a, b| a == b).map(|group| (group.len(), group[0]));
    match groups.max() {
        Some((count, size)) if size >= 2 => (count as f64 / rows.len() as f64, size),
        _ => (0.0, 1),
    }
}

/// For a ragged file: the delimiter that splits most rows at all, the comma if none does.
fn most_split(tried: &[(u8, Vec<Vec<String>>)]) -> usize {
    let split = |i: usize| tried[i].1.iter().filter(|row| row.len() > 1).count();
    (0..tried.len()).max_by_key(|&i| (split(i), DELIMITERS[i] == b',')).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(text: &str) -> char {
        char::from(delimiter(text.as_bytes(), true).0)
    }

    #[test]
    fn delimiters() {
        assert_eq!(guess("a,b\nc,d\n"), ',');
        assert_eq!(guess("a;b\nc;d\n"), ';');
        assert_eq!(guess("a\tb, c\nd\te, f\n"), '\t');
        assert_eq!(guess("a|b\nc|d\n"), '|');
        assert_eq!(guess(""), ',');
        assert_eq!(guess("alone\nalone\n"), ',');
    }

    #[test]
    fn delimiters_inside_fields_do_not_count() {
        assert_eq!(guess("u1;\"a,b\"\nu2;\"c,d\"\n"), ';');
        assert_eq!(guess("1,Drama|Crime\n2,Action|War\n3,Comedy|Drama\n"), ',');
        assert_eq!(guess("x,a|b|c\ny,a|b|c\n"), ',');
        assert_eq!(guess("u1;film;1,5\nu2;film;2,5\n"), ';');
        assert_eq!(guess("u1|Smith, John\nu2|Anna\nu3|Bob\n"), '|');
        assert_eq!(guess("user;item;note\n1;2;a,b\n3;4;c,d\n5;6;e,f"), ';');
    }

    #[test]
    fn a_cut_off_row_does_not_spoil_the_sample() {
        assert_eq!(sample(b"a,b\nc,d\ne", b',', false).len(), 2);
        assert_eq!(sample(b"a,b\nc,d\ne", b',', true).len(), 3);
        assert_eq!(sample(b"a,b,cut", b',', false), [["a", "b", "cut"]]);
    }

    #[test]
    fn other_files_are_named() {
        let name = |head: &[u8]| match not_text(head) {
            Some(ErrorKind::Binary { looks_like }) => looks_like,
            other => format!("{other:?}"),
        };
        assert_eq!(name(b"\x89PNG\r\n\x1a\n"), "PNG image");
        assert_eq!(name(b"PK\x03\x04....xl/workbook.xml"), "spreadsheet (xlsx, ods) or ZIP archive");
        assert_eq!(name(b"\x1f\x8b\x08"), "gzip archive");
        assert_eq!(name(b"SQLite format 3\0...."), "SQLite database");
        assert_eq!(name(b"a,b\nc\0,d"), "");
        assert_eq!(not_text(b"\xff\xfea\0,\0"), Some(ErrorKind::Utf16));
        assert_eq!(not_text(b"a\0,\0b\0\n\0"), Some(ErrorKind::Utf16));
        assert_eq!(not_text(b"BZhang,song\n"), None);
        assert_eq!(not_text("é,b\n".as_bytes()), None);
        assert_eq!(not_text(b""), None);
    }

    #[test]
    fn preambles() {
        assert_eq!(preamble(b"a,b"), (0, None));
        assert_eq!(preamble(b"\xef\xbb\xbfa,b"), (3, None));
        assert_eq!(preamble(b"\xef\xbb\xbfsep=;\r\na;b"), (10, Some(b';')));
        assert_eq!(preamble(b"sep=,"), (5, Some(b',')));
        assert_eq!(preamble(b"sep=;x"), (0, None));
    }
}
