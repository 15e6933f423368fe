//! Files of vectors: which files are, what is read, what is refused, and the map that a run makes of them.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::error::{Error, Result};
use archipelago::progress::Stage;
use archipelago::read::{Reader, RecordKind, Records, Table};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run, map};
use archipelago::session::{Opened, Session};
use common::{blobs, on_any_threads, shared_data};
use std::fmt::Write;

fn read(text: &str) -> Result<Table> {
    let mut reader = Reader::new("vectors.csv");
    text.as_bytes().chunks(77).try_for_each(|chunk| reader.push(chunk))?;
    reader.finish()
}

fn vectors(text: &str) -> Records {
    match read(text) {
        Ok(Table::Records(records)) if records.kind == RecordKind::Vectors => records,
        other => panic!("{text}: {other:?}"),
    }
}

fn refused(text: &str) -> (&'static str, u64, u64) {
    let error: Error = read(text).map(|_| ()).unwrap_err();
    let place = error.place.clone().unwrap();
    assert_eq!(place.file, "vectors.csv");
    (error.code(), place.line, place.column)
}

/// A header and `rows` of a name and eight numbers; `cell(row, column)` from 0.
fn table(rows: usize, cell: impl Fn(usize, usize) -> String) -> String {
    let mut text = "item,a,b,c,d,e,f,g,h\n".to_owned();
    for r in 0..rows {
        let cells: Vec<String> = (0..8).map(|c| cell(r, c)).collect();
        writeln!(text, "name {r},{}", cells.join(",")).unwrap();
    }
    text
}

fn number(r: usize, c: usize) -> String {
    format!("{}", (r * 8 + c) as f64 / 2.0)
}

#[test]
fn names_and_numbers() {
    let records = vectors(&table(5, number));
    assert_eq!(records.items.iter().collect::<Vec<_>>(), ["name 0", "name 1", "name 2", "name 3", "name 4"]);
    assert_eq!(records.vectors.dim, 8);
    assert_eq!(records.vectors.columns, ["a", "b", "c", "d", "e", "f", "g", "h"]);
    assert_eq!(records.vectors.values, (0..40).map(|v| v as f32 / 2.0).collect::<Vec<_>>());
    assert_eq!((records.info.rows, records.info.skipped_rows, records.vectors.missing), (5, 0, 0));
    assert!(records.rows.is_empty());
    // Another delimiter, no header, numbers for names.
    let plain = table(5, number);
    let semicolons = plain.replace(',', ";");
    assert_eq!(vectors(&semicolons).vectors.values, records.vectors.values);
    let (_, headless) = plain.split_once('\n').unwrap();
    assert_eq!(vectors(headless).vectors.values, records.vectors.values);
    assert_eq!(vectors(headless).info.columns[..2], ["item", "column 2"]);
    assert_eq!(vectors(&plain.replace("name ", "")).vectors.values, records.vectors.values);
}

#[test]
fn blank_cells_text_columns_and_repeated_names() {
    let gaps = |r: usize, c: usize| match (r, c) {
        (1, 0) => String::new(),
        (2, 1) => "NaN".to_owned(),
        (_, 7) => format!("red {}", r % 3),
        _ => number(r, c),
    };
    let nine = table(4, gaps)
        .replace(",h\n", ",h,i\n")
        .replace("red 0", "red,1")
        .replace("red 1", "red,2")
        .replace("red 2", "red,3");
    let records = vectors(&nine);
    assert_eq!((records.vectors.dim, records.vectors.missing), (8, 2), "the column of text is left out");
    assert_eq!(records.vectors.columns, ["a", "b", "c", "d", "e", "f", "g", "i"]);
    assert_eq!(records.vectors.values[8], (0.0 + 8.0 + 12.0) / 3.0, "the mean of the others");
    // Beyond the file's start, where it was decided what this is, a name may come again.
    let mut text = table(3000, number);
    text.push_str("name 7,1,1,1,1,1,1,1,1\n,1,1,1,1,1,1,1,1\n");
    let records = vectors(&text);
    assert_eq!((records.items.len(), records.info.skipped_rows), (3000, 2));
    assert_eq!(records.vectors.values.len(), 3000 * 8);
}

#[test]
fn other_tables_stay_what_they_are() {
    let is_items = |text: &str| matches!(read(text), Ok(Table::Items(_)));
    let plain = table(5, number);
    assert!(is_items(&plain.replace(",h\n", ",category\n")), "it says that it describes items");
    assert!(is_items(&plain.replace(",a,", ",label,")));
    assert!(is_items("item,year,a,b\nx,1,2,3\ny,4,5,6\n"), "few numbers");
    let text_columns = table(5, |r, c| if c < 4 { format!("text {r}") } else { number(r, c) });
    assert!(is_items(&text_columns));
    let kind = |text: &str| match read(text) {
        Ok(Table::Records(records)) => records.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(&plain.replace("item,a,", "user,movie,")), RecordKind::Memberships);
    assert_eq!(kind(&plain.replace("item,a,", "source,target,")), RecordKind::Edges);
    let repeated = plain.replace("name 4", "name 3").replace("item,", "user,");
    assert_eq!(kind(&repeated), RecordKind::Memberships);
}

#[test]
fn what_is_refused_says_where() {
    let bad = |at: (usize, usize), with: &str| {
        table(5, |r, c| if (r, c) == at { with.to_owned() } else { number(r, c) })
    };
    assert_eq!(refused(&bad((3, 2), "abc")), ("bad-number", 5, 4));
    assert_eq!(refused(&bad((0, 7), "inf")), ("bad-number", 2, 9));
    assert_eq!(refused(&bad((0, 0), "1e39")), ("bad-number", 2, 2));
    assert_eq!(refused(&(table(5, number) + "short,1,2\n")), ("missing-field", 7, 4));
    let error = read(&bad((3, 2), "abc")).map(|_| ()).unwrap_err().to_string();
    assert!(
        error.contains("line 5, column 4") && error.contains("\"abc\" is not a finite number"),
        "{error}"
    );
}

/// Four groups of 60 in 10 dimensions, and what they are.
fn groups() -> (String, String) {
    let centers: Vec<[f64; 10]> =
        (0..4).map(|g| std::array::from_fn(|c| if c % 4 == g { 12.0 } else { 0.0 })).collect();
    let points = blobs(3, &centers, 60, 1.0);
    let (mut text, mut items) = ("name".to_owned(), "item,label,category\n".to_owned());
    (0..10).for_each(|c| write!(text, ",x{c}").unwrap());
    text.push('\n');
    for (i, point) in points.chunks_exact(10).enumerate() {
        let cells: Vec<String> = point.iter().map(f32::to_string).collect();
        writeln!(text, "p{i},{}", cells.join(",")).unwrap();
        writeln!(items, "p{i},Point {i},group {}", i / 60).unwrap();
    }
    (text, items)
}

/// The share of each point's nearest on the map that is of its group.
fn purity(map: &Map) -> f64 {
    let n = map.layout.len() / 2;
    let at = |i: usize| [map.layout[2 * i], map.layout[2 * i + 1]];
    let same = (0..n).filter(|&i| {
        let d = |j: &usize| (0..2).map(|c| (at(i)[c] - at(*j)[c]).powi(2)).sum::<f32>();
        let nearest = (0..n).filter(|&j| j != i).min_by(|a, b| d(a).total_cmp(&d(b))).unwrap();
        nearest / 60 == i / 60
    });
    same.count() as f64 / n as f64
}

#[test]
fn a_map_of_vectors() {
    let records = vectors(&groups().0);
    let recipes = [
        vec![],
        vec!["count.metric=cosine", "project.method=tsne", "project.iterations=300"],
        vec!["count.metric=correlation", "project.from=graph", "count.vectorNeighbors=9"],
        vec!["count.reduce=pca", "count.reduceDim=3"],
        vec!["count.reduce=randomProjection", "count.reduceDim=6"],
    ];
    let mut hashes = Vec::new();
    for options in recipes {
        let recipe = options.iter().fold(Recipe::default(), |recipe, o| recipe.with(o).unwrap());
        let made = on_any_threads(|| map(&records, &recipe).unwrap().layout);
        let map = map(&records, &recipe).unwrap();
        assert_eq!(map.layout, made);
        assert_eq!((map.sizes.items, map.sizes.items_read, map.sizes.collections), (240, 240, 0));
        assert_eq!(map.recall, Some(1.0));
        assert!(map.layout.iter().all(|v| v.is_finite()));
        assert!(purity(&map) > 0.99, "{options:?}: {}", purity(&map));
        hashes.push(map.hash());
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 5);
}

/// The seed names the streams of the embedding and what follows: a run from there on gives the bits of a whole one.
#[test]
fn another_seed_and_another_metric_from_where_they_matter() {
    let records = vectors(&groups().0);
    let first = map(&records, &Recipe::default()).unwrap();
    for (option, stage) in [("seed=5", Stage::Nearest), ("count.metric=cosine", Stage::Count)] {
        let recipe = Recipe::default().with(option).unwrap();
        let mut again = Run::again(&first, recipe.clone()).unwrap();
        assert_eq!(again.stage(), stage);
        while again.stage() != Stage::Done {
            assert!(again.progress().overall <= 1.0);
            again.step(&records).unwrap();
        }
        assert_eq!(again.into_map().hash(), map(&records, &recipe).unwrap().hash(), "{option}");
    }
}

#[test]
fn a_session_with_items() {
    let (text, items) = groups();
    let mut session = Session::new();
    let open = |session: &mut Session, name: &str, text: &str| {
        session.open_start();
        session.file_start(name);
        session.file_push(text.as_bytes())?;
        session.file_end()?;
        session.open_end()
    };
    assert_eq!(open(&mut session, "vectors.csv", &text).unwrap(), Opened::Records);
    session.run_start(Recipe::default()).unwrap();
    while session.run_step().unwrap() != Stage::Done {
        let n = session.layout().len();
        assert!(n == 0 || n == 480);
    }
    assert_eq!(open(&mut session, "items.csv", &items).unwrap(), Opened::Items);
    let shown = session.items().unwrap();
    assert_eq!((shown.labels.get(7), shown.names.get(7), shown.columns.len()), ("Point 7", "p7", 1));
    assert_eq!(shown.popularity, [0; 240], "vectors say nothing about it");
    assert_eq!(session.preview("1", 3).unwrap().map(|preview| preview.pairs.len()), Some(0));
    let (ids, lengths) = session.neighbors(0, 5);
    assert!(ids.len() == 5 && ids.iter().all(|&id| id < 60) && lengths.is_sorted());
    assert_eq!(session.embedding_csv().unwrap_err().code(), "no-embedding");
    session.run_start(Recipe::default().with("project.from=embedding").unwrap()).unwrap();
    while session.run_step().unwrap() != Stage::Done {}
    assert!(session.embedding_csv().unwrap().starts_with("item,label,"));
}

#[test]
fn vectors_without_a_map() {
    let code = |text: &str| map(&vectors(text), &Recipe::default()).map(|_| ()).unwrap_err().code();
    assert_eq!(code(&table(1, number)), "too-few-items");
    assert_eq!(code(&table(9, |_, _| "4".to_owned())), "all-the-same");
    for (rows, cell) in [(2, 1.0), (3, 1e38), (40, 1e-40)] {
        let text = table(rows, |r, c| format!("{:e}", (r * r + c) as f64 * cell / 100.0));
        let map = map(&vectors(&text), &Recipe::default()).unwrap();
        assert!(map.layout.len() == 2 * rows && map.layout.iter().all(|v| v.is_finite()), "{rows} {cell}");
    }
}

/// The shared sets are what they are meant to be.
#[test]
fn shared_sets() {
    for (name, n, dim) in [("babynames-30k/vectors.csv", 30_000, 69), ("mnist-63k/pca50.csv", 63_000, 50)] {
        let Some(path) = shared_data(&format!("bench/{name}")) else { continue };
        let text = std::fs::read_to_string(path).unwrap();
        let records = vectors(&text);
        assert_eq!((records.items.len(), records.vectors.dim, records.vectors.missing), (n, dim, 0));
    }
}
