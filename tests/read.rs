//! Reading files: every kind of bad input by its fixture, the real data sets, and properties on random bytes.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::error::Error;
use archipelago::read::{ColumnValues, HEAD, ItemTable, Reader, Records, Table};
use common::{Dice, hostile, shared_data, zipf_csv, zipf_pairs};
use proptest::prelude::*;

/// Reads a file in chunks of at most `chunk` bytes.
fn read_in(bytes: &[u8], chunk: usize) -> Result<Table, Error> {
    let mut reader = Reader::new("file.csv");
    for part in bytes.chunks(chunk) {
        reader.push(part)?;
    }
    reader.finish()
}

fn read(bytes: &[u8]) -> Result<Table, Error> {
    read_in(bytes, bytes.len().max(1))
}

fn records(bytes: &[u8]) -> Records {
    match read(bytes).expect("a good file") {
        Table::Records(records) => records,
        Table::Items(_) => panic!("rows expected"),
    }
}

fn items(bytes: &[u8]) -> ItemTable {
    match read(bytes).expect("a good file") {
        Table::Items(items) => items,
        Table::Records(_) => panic!("an items table expected"),
    }
}

/// The rows by name.
fn pairs(records: &Records) -> Vec<(&str, &str)> {
    let name = |&[c, i]: &[u32; 2]| (records.collections.get(c), records.items.get(i));
    records.rows.iter().map(name).collect()
}

/// code, line, column; "" when the file is good.
fn failure(outcome: Result<Table, Error>) -> (&'static str, u64, u64) {
    match outcome {
        Ok(_) => ("", 0, 0),
        Err(error) => {
            let place = error.place.as_deref().cloned().unwrap_or_default();
            assert_eq!(place.file, "file.csv", "every error names its file");
            assert!(error.to_string().len() > 20, "and says something");
            (error.code(), place.line, place.column)
        }
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/read").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn bad_files_say_what_and_where() {
    let cases = [
        ("empty.csv", ("empty-file", 0, 0)),
        ("blank_lines.csv", ("empty-file", 0, 0)),
        ("byte_order_mark_only.csv", ("empty-file", 0, 0)),
        ("header_only.csv", ("header-only", 1, 0)),
        ("header_only_after_blank_lines.csv", ("header-only", 3, 0)),
        ("one_column.csv", ("one-column", 1, 0)),
        ("image.png", ("binary", 0, 0)),
        ("spreadsheet.xlsx", ("binary", 0, 0)),
        ("nul_byte.csv", ("binary", 0, 0)),
        ("utf16.csv", ("utf16", 0, 0)),
        ("latin1.csv", ("not-utf8", 3, 2)),
        ("weight_nan.csv", ("bad-weight", 3, 3)),
        ("weight_negative.csv", ("bad-weight", 4, 3)),
        ("weight_infinite.csv", ("bad-weight", 2, 3)),
        ("weight_empty.csv", ("bad-weight", 3, 3)),
        ("weight_after_quoted_lines.csv", ("bad-weight", 6, 3)),
        ("short_row.csv", ("missing-field", 3, 2)),
        ("all_rows_blank.csv", ("no-usable-rows", 0, 0)),
        ("items_header_only.csv", ("header-only", 1, 0)),
    ];
    for (name, expected) in cases {
        let bytes = fixture(name);
        assert_eq!(failure(read(&bytes)), expected, "{name}");
        assert_eq!(failure(read_in(&bytes, 1)), expected, "{name}, byte by byte");
    }
}

#[test]
fn odd_files_that_are_fine() {
    let expected = [("Ann", "tea"), ("Ann", "milk, hot"), ("Bob", "tea")];
    for name in [
        "plain.csv",
        "crlf.csv",
        "lone_cr.csv",
        "byte_order_mark.csv",
        "semicolons.csv",
        "tabs.tsv",
        "pipes.csv",
        "spreadsheet_sep_line.csv",
        "no_final_line_end.csv",
        "blank_lines_between.csv",
        "columns_swapped.csv",
        "white_space.csv",
        "no_header.csv",
        "more_columns.csv",
    ] {
        let records = records(&fixture(name));
        assert_eq!(pairs(&records), expected, "{name}");
        assert!(records.weights.is_none(), "{name}");
        assert_eq!((records.info.rows, records.info.skipped_rows), (3, 0), "{name}");
    }
}

#[test]
fn rows_with_a_blank_name_are_skipped_and_counted() {
    let records = records(b"user,item,weight\nAnn,tea,1\n,tea,x\nBob, ,\nBob,milk,2\n");
    assert_eq!(pairs(&records), [("Ann", "tea"), ("Bob", "milk")]);
    assert_eq!(records.weights.as_deref(), Some([1.0, 2.0].as_slice()));
    assert_eq!((records.info.rows, records.info.skipped_rows), (4, 2));
    assert_eq!(records.items.len(), 2, "a skipped row names nothing");
}

#[test]
fn quoted_fields_keep_delimiters_quotes_and_line_ends() {
    let records = records(b"user,film\n\"Smith, J\",\"The \"\"Big\"\"\nSleep\"\n\"Smith, J\",M\n");
    assert_eq!(pairs(&records), [("Smith, J", "The \"Big\"\nSleep"), ("Smith, J", "M")]);
}

#[test]
fn what_is_known_about_a_file() {
    let records = records(b"user;film;film\nAnn;M;x\n");
    let info = records.info;
    assert_eq!((info.file.as_str(), info.bytes, info.delimiter), ("file.csv", 23, ';'));
    assert_eq!(info.columns, ["user", "film", "film (2)"]);
    // printf 'user;film;film\nAnn;M;x\n' | sha256sum
    assert_eq!(info.hash, "31d53b2e8b2641492305d6cac8c693e4");
}

#[test]
fn an_items_table() {
    let table = items(&fixture("items.csv"));
    assert_eq!(table.keys.iter().collect::<Vec<_>>(), ["m1", "m2", "m3"]);
    assert_eq!(table.labels.iter().collect::<Vec<_>>(), ["Metropolis", "m2", "Metropolis"]);
    assert_eq!((table.info.rows, table.info.skipped_rows), (5, 2), "one repeated, one blank");
    let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["category", "year", "year (2)", "column 6", "genres"]);
    let shown: Vec<_> = table.columns.iter().map(|c| values(&c.values)).collect();
    assert_eq!(shown[0], "categories 1 - 2", "a class is no quantity");
    assert_eq!(shown[1], "numbers 1927 - 1931.5");
    assert_eq!(shown[2], "categories 1920s - 1930s");
    assert_eq!(shown[3], "categories - - -");
    assert_eq!(shown[4], "categories Drama|Sci-Fi - Drama");
}

/// A column in one line, "-" for a missing value.
fn values(values: &ColumnValues) -> String {
    let words: Vec<String> = match values {
        ColumnValues::Number(numbers) => {
            numbers.iter().map(|n| if n.is_nan() { "-".into() } else { n.to_string() }).collect()
        }
        ColumnValues::Category { codes, categories } => {
            let word = |&code: &u32| if code == u32::MAX { "-" } else { categories.get(code) }.to_owned();
            codes.iter().map(word).collect()
        }
    };
    let kind = if matches!(values, ColumnValues::Number(_)) { "numbers" } else { "categories" };
    format!("{kind} {}", words.join(" "))
}

#[test]
fn a_file_that_failed_stays_failed() {
    let mut reader = Reader::new("file.csv");
    let text = [b"user,item,weight\na,b,x\n".as_slice(), &vec![b'\n'; HEAD]].concat();
    let first = reader.push(&text).unwrap_err();
    assert_eq!(reader.push(b"a,b,1\n").unwrap_err(), first);
    assert_eq!(reader.finish().unwrap_err(), first);
}

#[test]
fn errors_far_into_a_file_have_the_right_line() {
    let mut text = String::from("user,item,weight\n");
    for i in 0..40_000 {
        text.push_str(if i % 7 == 0 { "\"two\nlines\",b,1\r\n" } else { "a,b,1\n" });
    }
    let line = 1 + text.matches('\n').count() as u64;
    for (bad, expected) in [
        (b"a,b,-1\n".as_slice(), ("bad-weight", line, 3)),
        (b"\n\na,b\n", ("missing-field", line + 2, 3)),
        (b"a,\xff,1\n", ("not-utf8", line, 2)),
        (b"a,b\0,1\n", ("binary", line, 0)),
        (b"\"a\n", ("missing-field", line, 2)),
    ] {
        let bytes = [text.as_bytes(), bad].concat();
        for chunk in [bytes.len(), HEAD - 1, 1000, 7] {
            assert_eq!(failure(read_in(&bytes, chunk)), expected, "{} by {chunk}", bad.escape_ascii());
        }
    }
}

#[test]
fn generated_rows_come_back_as_written() {
    let expected = zipf_pairs(3, 300, 200, 20_000);
    let records = records(zipf_csv(3, 300, 200, 20_000).as_bytes());
    assert_eq!(records.rows.len(), expected.len());
    for (pair, [collection, item]) in pairs(&records).into_iter().zip(expected) {
        assert_eq!(pair, (format!("u{collection}").as_str(), format!("item {item}").as_str()));
    }
}

#[test]
fn the_shared_data_sets() {
    // Collections, items and rows as listed beside the data.
    let rows = [
        ("demo/films", [30_063, 16_367, 190_013]),
        ("demo/actors", [13_841, 17_373, 149_456]),
        ("demo/emoji", [2_424, 1_912, 15_944]),
        ("demo/emoji-20lang", [27_369, 1_914, 124_917]),
        ("bench/ml-1m", [6_040, 3_706, 1_000_209]),
        ("bench/ml-100k", [943, 1_682, 100_000]),
        ("bench/gutenberg", [16_535, 78_418, 386_206]),
    ];
    for (folder, expected) in rows {
        let Some(path) = shared_data(&format!("{folder}/memberships.csv")) else { continue };
        let records = records(&std::fs::read(path).unwrap());
        assert_eq!(
            [records.collections.len(), records.items.len(), records.rows.len()],
            expected,
            "{folder}"
        );
        assert_eq!(records.weights.is_some(), folder == "bench/ml-100k", "{folder}");
        let Some(path) = shared_data(&format!("{folder}/items.csv")) else { continue };
        let table = items(&std::fs::read(path).unwrap());
        assert_eq!(table.info.skipped_rows, 0, "{folder}");
        assert!(
            records.items.iter().all(|item| table.keys.find(item).is_some()),
            "{folder}: every item is listed"
        );
        assert_eq!(table.columns[0].name, "category", "{folder}");
        assert!(matches!(table.columns[0].values, ColumnValues::Category { .. }), "{folder}");
    }
}

/// A slow, obvious parser: one character at a time, everything kept.
fn twin(text: &str) -> Vec<Vec<String>> {
    let mut chars = text.chars().peekable();
    let mut rows = Vec::new();
    while chars.peek().is_some() {
        let mut row = vec![String::new()];
        let (mut quoted, mut at_start) = (false, true);
        let mut bytes_read = 0;
        while let Some(c) = chars.next() {
            bytes_read += 1;
            let field = row.last_mut().unwrap();
            if quoted {
                match c {
                    '"' if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                    '"' => quoted = false,
                    c => field.push(c),
                }
            } else if c == '"' && at_start {
                quoted = true;
            } else if c == ',' {
                row.push(String::new());
                at_start = true;
                continue;
            } else if c == '\n' || c == '\r' {
                bytes_read -= 1;
                break;
            } else {
                field.push(c);
            }
            at_start = false;
        }
        if bytes_read > 0 {
            rows.push(row);
        }
    }
    rows
}

/// What the reader should make of rows below a header `collection,item`.
fn twin_pairs(text: &str) -> Option<(Vec<(String, String)>, u64)> {
    let (mut pairs, mut skipped) = (Vec::new(), 0);
    for row in twin(text).into_iter().filter(|row| !row.concat().trim_ascii().is_empty()) {
        let [collection, item, ..] = row.as_slice() else { return None };
        match (collection.trim(), item.trim()) {
            ("", _) | (_, "") => skipped += 1,
            (collection, item) => pairs.push((collection.to_owned(), item.to_owned())),
        }
    }
    Some((pairs, skipped))
}

/// Everything in a table, or the error, as text.
fn everything(outcome: &Result<Table, Error>) -> String {
    format!("{outcome:?}")
}

proptest! {
    #[test]
    fn any_bytes_parse_or_say_why_however_they_are_cut(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        chunk in 1_usize..40,
    ) {
        prop_assert_eq!(everything(&read(&bytes)), everything(&read_in(&bytes, chunk)));
    }

    #[test]
    fn broken_tables_parse_or_say_why_however_they_are_cut(seed: u64, chunk in 1_usize..40) {
        let bytes = hostile(seed);
        prop_assert_eq!(everything(&read(&bytes)), everything(&read_in(&bytes, chunk)));
    }

    #[test]
    fn the_slow_twin_agrees(body in "([ab é]|,|\"|\n|\r|\r\n|,\"|\",|x,y\n){0,40}") {
        let text = format!("collection,item\n{body}");
        let outcome = read(text.as_bytes());
        match (twin_pairs(&body), outcome) {
            (None, outcome) => prop_assert_eq!(failure(outcome).0, "missing-field"),
            (Some((expected, skipped)), Ok(Table::Records(records))) => {
                let expected: Vec<_> = expected.iter().map(|(c, i)| (c.as_str(), i.as_str())).collect();
                prop_assert_eq!(pairs(&records), expected);
                prop_assert_eq!(records.info.skipped_rows, skipped);
            }
            (Some((expected, _)), outcome) => {
                prop_assert!(expected.is_empty());
                prop_assert!(["header-only", "no-usable-rows"].contains(&failure(outcome).0));
            }
        }
    }

    #[test]
    fn written_names_are_read_back(names in proptest::collection::vec(("\\PC{1,12}", "[\\PC\n\r]{1,12}"), 1..20)) {
        let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let line = |(c, i): &(String, String)| format!("{},{}\r\n", quote(c), quote(i));
        let text: String = std::iter::once("collection,item\r\n".to_owned()).chain(names.iter().map(line)).collect();
        let expected: Vec<_> = names.iter().map(|(c, i)| (c.trim(), i.trim())).collect();
        let expected: Vec<_> = expected.into_iter().filter(|(c, i)| !c.is_empty() && !i.is_empty()).collect();
        match read(text.as_bytes()) {
            Ok(Table::Records(records)) => prop_assert_eq!(pairs(&records), expected),
            outcome => {
                prop_assert!(expected.is_empty());
                prop_assert_eq!(failure(outcome).0, "no-usable-rows");
            }
        }
    }
}

#[test]
fn the_generators_are_the_same_everywhere() {
    let mut dice = Dice::new(1);
    assert_eq!([dice.next(), dice.next(), dice.next()], [838639306, 2912184418, 2885645322]);
}
