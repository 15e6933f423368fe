//! Reading edge lists and the further columns of rows.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, collect};
use archipelago::error::Error;
use archipelago::read::{Reader, RecordKind, Records, RowColumnKind, Table};
use common::shared_data;
use proptest::prelude::*;

fn read_in(bytes: &[u8], chunk: usize) -> Result<Table, Error> {
    let mut reader = Reader::new("file.csv");
    for part in bytes.chunks(chunk) {
        reader.push(part)?;
    }
    reader.finish()
}

fn records(bytes: &[u8]) -> Records {
    match read_in(bytes, bytes.len().max(1)).expect("a good file") {
        Table::Records(records) => records,
        Table::Items(_) => panic!("rows expected"),
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/read").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The links by name.
fn links(records: &Records) -> Vec<(&str, &str)> {
    assert_eq!(records.kind, RecordKind::Edges);
    assert!(records.collections.is_empty(), "both ends are items");
    records.rows.iter().map(|&[a, b]| (records.items.get(a), records.items.get(b))).collect()
}

/// The values of a column, `None` = missing.
fn values(records: &Records, column: usize) -> Vec<Option<f64>> {
    let column = &records.columns[column];
    (0..column.values.len()).map(|row| Some(column.value(row)).filter(|v| !v.is_nan())).collect()
}

#[test]
fn bad_edge_lists_say_what_and_where() {
    for (name, expected) in [
        ("edges_weight_negative.csv", ("bad-weight", 3, 3)),
        ("edges_weight_nan.csv", ("bad-weight", 4, 3)),
        ("edges_short_row.csv", ("missing-field", 3, 2)),
        ("edges_blank_ends.csv", ("no-usable-rows", 0, 0)),
        ("edges_header_only.csv", ("header-only", 1, 0)),
    ] {
        let bytes = fixture(name);
        for chunk in [1, bytes.len()] {
            let error = read_in(&bytes, chunk).expect_err(name);
            let place = error.place.clone().unwrap();
            assert_eq!((error.code(), place.line, place.column), expected, "{name}");
            assert!(place.file == "file.csv" && !error.hint().is_empty(), "{name}");
        }
    }
}

#[test]
fn edge_lists() {
    let tabs = records(&fixture("edges_tabs.tsv"));
    assert_eq!(links(&tabs), [("3", "7"), ("7", "3"), ("3", "3"), ("7", "9")], "as they stand in the file");
    assert_eq!(tabs.weights.as_deref(), Some([2.0, 1.0, 5.0, 0.5].as_slice()));
    assert_eq!(tabs.items.iter().collect::<Vec<_>>(), ["3", "7", "9"]);
    assert_eq!((tabs.weight_name.as_deref(), tabs.columns.len()), (Some("weight"), 0));
    let swapped = records(&fixture("edges_swapped_semicolons.csv"));
    assert_eq!(links(&swapped), [("a", "b;1"), ("c", "a")]);
}

#[test]
fn other_rows_and_tables_are_no_edge_lists() {
    for text in [
        "collection,item\na,b\n",
        "user,item,source,target\na,b,c,d\n",
        "a,b\nb,c\na,c\n",
        "V1,V2\na,b\nb,b\n",
    ] {
        assert_eq!(records(text.as_bytes()).kind, RecordKind::Memberships, "{text}");
    }
    let table = read_in(b"item,label,category,source,target\na,A,x,p,q\n", 99).unwrap();
    assert!(matches!(table, Table::Items(_)));
}

#[test]
fn row_columns_and_what_is_missing_in_them() {
    let rows = records(&fixture("row_columns.csv"));
    assert_eq!(rows.kind, RecordKind::Memberships);
    assert_eq!(rows.weight_name.as_deref(), Some("rating"));
    let names: Vec<_> = rows.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect();
    assert_eq!(names, [("pp", RowColumnKind::Number)], "comments and a time called soon are text");
    assert_eq!(values(&rows, 0), [Some(12.5), None, Some(7.0), None], "1e300 is beyond an f32");

    // The first 64 KiB decide; what comes later and does not fit is missing.
    let mut text = String::from("user,item,timestamp,pp\n");
    (0..4000)
        .for_each(|i| text += &format!("user {},item {},{},{}\n", i / 9, i % 99, 881_250_949 + i * 100, i));
    text += "u,x,soon,many\nu,y\nu,z,881251949,-0\n";
    let rows = records(text.as_bytes());
    let kinds: Vec<_> = rows.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect();
    assert_eq!(kinds, [("timestamp", RowColumnKind::Time), ("pp", RowColumnKind::Number)]);
    let (times, numbers) = (values(&rows, 0), values(&rows, 1));
    assert_eq!(rows.columns[0].origin, 10_199.0, "whole days");
    for i in 0..4000 {
        let days = (881_250_949 + i * 100) as f64 / 86_400.0;
        assert!((times[i].unwrap() - days).abs() < 1e-6, "row {i}");
        assert_eq!(numbers[i], Some(i as f64));
    }
    assert_eq!((times[4000], numbers[4000], times[4001], numbers[4001]), (None, None, None, None));
    assert!(times[4002].is_some() && rows.columns[1].values[4002].to_bits() == 0, "-0 is 0");
}

#[test]
fn times_in_every_form_are_the_same_days() {
    let day = 20_088.0; // 2024-12-31
    for (header, cell, days) in [
        ("any", "2024-12-31", day),
        ("any", "2024/12/31", day),
        ("any", "2024-12-31T12:00:00Z", day + 0.5),
        ("any", "2024-12-31 18:00:00+06:00", day + 0.5),
        ("date", "20241231", day),
        ("time", "1735603200", day),
        ("created_at", "1735646400000", day + 0.5),
    ] {
        let rows = records(format!("user,item,{header}\na,b,{cell}\na,c,{cell}\n").as_bytes());
        assert_eq!(rows.columns[0].kind, RowColumnKind::Time, "{cell}");
        assert_eq!(values(&rows, 0), [Some(days); 2], "{cell}");
    }
}

#[test]
fn the_shared_edge_lists() {
    // Items and links as listed beside the data, and items with two links or more, counted by other means.
    for (folder, expected, weighted) in
        [("bench/wikispeedia", [4_592, 119_882], false), ("bench/debian-depends", [59_239, 271_910], true)]
    {
        let Some(path) = shared_data(&format!("{folder}/edges.csv")) else { continue };
        let rows = records(&std::fs::read(path).unwrap());
        assert_eq!([rows.items.len(), rows.rows.len()], expected, "{folder}");
        assert_eq!((rows.kind, rows.weights.is_some()), (RecordKind::Edges, weighted), "{folder}");
        let all = collect(&rows, &CollectOptions { min_collections: 1 }).unwrap();
        assert_eq!(all.n_items(), rows.items.len(), "{folder}");
        assert!(all.is_edges && all.by_collection.n_rows() == all.n_items());
        let made = (all.by_collection.len() - all.n_items()) / 2;
        assert_eq!(made + all.repeated_rows + all.self_links, rows.rows.len(), "{folder}");
        // Links have no direction, so the matrix is its own transpose.
        assert_eq!(all.by_item, all.by_collection, "{folder}");
        println!("{folder}: {made} links, {} repeated, {} to itself", all.repeated_rows, all.self_links);
    }
}

#[test]
fn the_times_of_ml_100k() {
    let Some(path) = shared_data("bench/ml-100k/memberships.csv") else { return };
    let rows = records(&std::fs::read(path).unwrap());
    assert_eq!((rows.kind, rows.weight_name.as_deref()), (RecordKind::Memberships, Some("rating")));
    let [time] = rows.columns.as_slice() else { panic!("one column beside the rating") };
    assert_eq!((time.name.as_str(), time.kind, time.origin), ("timestamp", RowColumnKind::Time, 10_199.0));
    // 1997-09-20 to 1998-04-22, as its README says.
    let days: Vec<f64> = (0..rows.rows.len()).map(|row| time.value(row).floor()).collect();
    let bounds = days.iter().fold((f64::MAX, f64::MIN), |(low, high), &d| (low.min(d), high.max(d)));
    assert_eq!(bounds, (10_124.0, 10_338.0));
    assert!((time.value(0) * 86_400.0 - 881_250_949.0).abs() < 0.1);
    let collections = collect(&rows, &CollectOptions { min_collections: 1 }).unwrap();
    assert_eq!(collections.row_columns[0].values.len(), 100_000);
    assert_eq!(collections.entry_of.len(), 100_000);
}

/// What a cell of numbers means, slowly.
fn twin(cell: &str) -> Option<f64> {
    cell.trim().parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| f64::from(n as f32))
}

proptest! {
    #[test]
    fn columns_of_numbers_come_back_however_they_are_cut(
        cells in proptest::collection::vec("-?[0-9]{1,4}(\\.[0-9]{1,3})?| |NA", 1..40),
        chunk in 1_usize..40,
    ) {
        let mut text = String::from("source,target,x\nfirst,second,1\n");
        cells.iter().for_each(|cell| text += &format!("a,b,{cell}\n"));
        let whole = read_in(text.as_bytes(), text.len());
        prop_assert_eq!(format!("{:?}", whole), format!("{:?}", read_in(text.as_bytes(), chunk)));
        let Ok(Table::Records(rows)) = whole else { panic!("rows expected") };
        let expected: Vec<_> = std::iter::once(Some(1.0)).chain(cells.iter().map(|cell| twin(cell))).collect();
        prop_assert_eq!(values(&rows, 0), expected);
    }

    #[test]
    fn any_header_and_cells_parse_or_say_why(
        header in "(source|from|item|user|weight|date|x1|x2|node1|node2)(,(target|to|item|user|time|label|b|node2)){1,4}",
        body in "(a|b|1|2024-01-31|881250949|-1|,|,|,|\n|\"){0,60}",
        chunk in 1_usize..40,
    ) {
        let text = format!("{header}\n{body}");
        prop_assert_eq!(
            format!("{:?}", read_in(text.as_bytes(), text.len())),
            format!("{:?}", read_in(text.as_bytes(), chunk))
        );
    }
}
