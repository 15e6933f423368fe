//! The session: what may replace the map on the screen, and what must leave it as it is.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::error::{Error, Result};
use archipelago::progress::Stage;
use archipelago::project::align::Turn;
use archipelago::project::{Method, NeighborsFrom};
use archipelago::recipe::Recipe;
use archipelago::run;
use archipelago::session::{Opened, Session};
use common::{bits, read_records, zipf_csv};
use proptest::prelude::*;

const ITEMS: &str = "item,label,year\nitem 3,Three,1999\nitem 0,Zero,2001\n";

fn data() -> String {
    zipf_csv(1, 40, 30, 600)
}

fn other_data() -> String {
    zipf_csv(2, 50, 40, 700)
}

/// A short way to a map.
fn recipe() -> Recipe {
    let mut recipe = Recipe::default();
    (recipe.embed.max_iterations, recipe.project.epochs) = (10, 10);
    (recipe.project.from, recipe.project.method) = (NeighborsFrom::Embedding, Method::Umap);
    recipe
}

fn open(session: &mut Session, files: &[(&str, &str)]) -> Result<Opened> {
    session.open_start();
    for (name, text) in files {
        session.file_start(name);
        for part in text.as_bytes().chunks(100) {
            session.file_push(part)?;
        }
        session.file_end()?;
    }
    session.open_end()
}

fn finish(session: &mut Session) -> Result<()> {
    while session.run_step()? != Stage::Done {}
    Ok(())
}

fn open_and_map(session: &mut Session, files: &[(&str, &str)], recipe: Recipe) -> Result<()> {
    if open(session, files)? == Opened::Records {
        session.run_start(recipe)?;
        finish(session)?;
    }
    Ok(())
}

fn with_map() -> Session {
    let mut session = Session::new();
    open_and_map(&mut session, &[("first.csv", &data()), ("items.csv", ITEMS)], recipe()).unwrap();
    session
}

/// All that the user sees of a session at rest.
#[derive(Debug, PartialEq)]
struct Seen {
    file: Option<String>,
    hash: Option<String>,
    layout: Vec<u32>,
    labels: Vec<String>,
    years: Vec<u32>,
    neighbors: Vec<u32>,
}

fn seen(session: &Session) -> Seen {
    let items = session.items();
    let texts = |items: &archipelago::items::Items| {
        (0..items.labels.len()).map(|i| items.labels.get(i).to_owned()).collect()
    };
    let years = items.as_ref().and_then(|items| items.columns.first()).map(|column| match &column.values {
        archipelago::read::ColumnValues::Number(years) => bits(years),
        archipelago::read::ColumnValues::Category { codes, .. } => codes.clone(),
    });
    Seen {
        file: session.current().map(|(_, info)| info.file.clone()),
        hash: session.current().map(|(map, _)| map.hash()),
        layout: match session.current() {
            Some((map, _)) if session.progress().is_none() => shown(&session.layout(), &map.layout),
            _ => bits(&session.layout()),
        },
        labels: items.as_ref().map_or_else(Vec::new, texts),
        years: years.unwrap_or_default(),
        neighbors: session.neighbors(0, 1000).0.to_vec(),
    }
}

/// The bits of `layout`, of which `seen` may be turned and is nothing else.
fn shown(seen: &[f32], layout: &[f32]) -> Vec<u32> {
    let turned = Turn::onto(layout, seen, 2).apply(layout);
    let most = layout.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    assert!(seen.len() == layout.len() && seen.iter().zip(&turned).all(|(a, b)| (a - b).abs() < 1e-3 * most));
    bits(layout)
}

/// code, file, line, column.
fn failure(error: &Error) -> (&'static str, String, u64, u64) {
    let place = error.place.as_deref().cloned().unwrap_or_default();
    assert!(error.to_string().len() > 40 && !error.hint().is_empty(), "says what to do: {error}");
    (error.code(), place.file, place.line, place.column)
}

#[test]
fn a_map_is_that_of_the_pipeline() {
    let session = with_map();
    let map = run::map(&read_records(&data()), &recipe()).unwrap();
    assert_eq!(seen(&session).layout, bits(&map.layout));
    assert_eq!(seen(&session).hash, Some(map.hash()));
    let labels = seen(&session).labels;
    assert_eq!(labels.len(), map.collections.n_items());
    assert!(labels.contains(&"Three".to_owned()) && labels.contains(&"item 1".to_owned()), "{labels:?}");
}

/// Every file that makes no map, and where it says that it goes wrong.
const BAD: [(&str, &str, u64, u64); 18] = [
    ("", "empty-file", 0, 0),
    ("\n \n,,\n", "empty-file", 0, 0),
    ("collection,item\n", "header-only", 1, 0),
    ("item\na\nb\n", "one-column", 1, 0),
    ("\u{0}\u{1}\u{2}PNG", "binary", 0, 0),
    ("\u{89}PNG\r\n\u{1a}\n\u{0}\u{0}", "binary", 0, 0),
    ("user,song\n,a\nann,\n", "no-usable-rows", 0, 0),
    ("user,song,plays\nann,a,1\nbob,b,NaN\n", "bad-weight", 3, 3),
    ("user,song,plays\nann,a,-1\n", "bad-weight", 2, 3),
    ("user,song,plays\nann,a,1e999\n", "bad-weight", 2, 3),
    ("plays,user,song\n\n1,ann,a\n,bob,b\n", "bad-weight", 4, 1),
    ("user,song,plays\nann,a,1\nbob,b\n", "missing-field", 3, 3),
    // One item; the same row over and over; each collection with one item; equal collections.
    ("user,song\nu1,a\nu2,a\nu3,a\nu4,a\n", "too-few-items", 0, 0),
    ("user,song\nu1,a\nu1,a\nu1,a\nu1,a\n", "too-few-items", 0, 0),
    ("user,song\nu1,a\nu1,b\nu2,a\nu2,b\n", "too-few-items", 0, 0),
    ("user,song\nu1,a\nu2,a\nu3,a\nu4,b\nu5,b\nu6,b\n", "nothing-co-occurs", 0, 0),
    ("user,song\nu1,a\nu1,b\nu2,a\nu2,b\nu3,b\nu3,a\n", "all-the-same", 0, 0),
    ("user,song,plays\nu1,a,0\nu1,b,0\nu2,a,0\nu2,b,0\nu3,b,0\nu3,a,0\nu4,a,0\n", "no-edges", 0, 0),
];

#[test]
fn bad_input_says_what_and_where_and_leaves_the_map() {
    let mut session = with_map();
    let before = seen(&session);
    let mut weighted = recipe();
    weighted.count.pair_weight = archipelago::count::PairWeight::Product;
    for (text, code, line, column) in BAD {
        let files: [&[(&str, &str)]; 2] = [&[("bad.csv", text)], &[("items.csv", ITEMS), ("bad.csv", text)]];
        for files in files {
            // Where the rows are good enough to be read, a table that does not fit them is told first.
            let error = open_and_map(&mut session, files, weighted.clone()).unwrap_err();
            if error.code() != "bad-items" || files.len() == 1 {
                assert_eq!(failure(&error), (code, "bad.csv".to_owned(), line, column), "{text:?}");
            }
            assert!(session.progress().is_none(), "nothing goes on after {code}");
            assert_eq!(seen(&session), before, "{text:?}");
        }
        // The same without a map before.
        let error = open_and_map(&mut Session::new(), &[("bad.csv", text)], weighted.clone()).unwrap_err();
        assert_eq!(failure(&error).0, code);
    }
    // And it goes on working.
    open_and_map(&mut session, &[("second.csv", &other_data())], recipe()).unwrap();
    let map = run::map(&read_records(&other_data()), &recipe()).unwrap();
    assert_eq!(seen(&session).layout, bits(&map.layout));
    assert_eq!(seen(&session).file.unwrap(), "second.csv");
    assert_eq!(seen(&session).years, [0; 0], "the first map's table is gone");
}

#[test]
fn items_may_come_with_the_rows_or_later_but_not_alone() {
    let (rows, items) = (data(), ("items.csv", ITEMS));
    let mut session = Session::new();
    let error = open(&mut session, &[items]).unwrap_err();
    assert_eq!(failure(&error), ("no-records", "items.csv".to_owned(), 0, 0));

    // In either order, or later: the same.
    open_and_map(&mut session, &[items, ("first.csv", &rows)], recipe()).unwrap();
    assert_eq!(seen(&session), seen(&with_map()));
    open_and_map(&mut session, &[("first.csv", &rows)], recipe()).unwrap();
    assert_ne!(seen(&session), seen(&with_map()));
    assert_eq!(open(&mut session, &[items]).unwrap(), Opened::Items);
    assert_eq!(seen(&session), seen(&with_map()));

    // A table that describes none of them: refused, and the one before stays.
    let stranger = ("other.csv", "item,label,year\nnobody,Nobody,1\nnothing,Nothing,2\n");
    let error = open(&mut session, &[stranger]).unwrap_err();
    assert_eq!(failure(&error), ("bad-items", "other.csv".to_owned(), 0, 0));
    let error = open(&mut session, &[stranger, ("second.csv", &other_data())]).unwrap_err();
    assert_eq!(error.code(), "bad-items");
    assert_eq!(session.run_step().unwrap_err().code(), "no-data", "the rows beside it are dropped too");
    assert_eq!(seen(&session), seen(&with_map()));
    // Another that does takes its place.
    let renamed = "item,label,year\nitem 3,Drei,1\n";
    assert_eq!(open(&mut session, &[("again.csv", renamed)]).unwrap(), Opened::Items);
    assert!(seen(&session).labels.contains(&"Drei".to_owned()));
    assert!(!seen(&session).labels.contains(&"Zero".to_owned()));
}

#[test]
fn at_most_one_file_of_each_kind() {
    let mut session = with_map();
    let (a, b) = (("a.csv", &*data()), ("b.csv", &*other_data()));
    for files in [&[a, b][..], &[("a.csv", ITEMS), b, ("b.csv", ITEMS)]] {
        let error = open(&mut session, files).unwrap_err();
        assert_eq!(error.code(), "too-many-files");
        assert!(error.to_string().contains("a.csv") && error.to_string().contains("b.csv"), "{error}");
        assert_eq!(session.open_end().unwrap_err().code(), "empty-file", "the whole set is dropped");
        assert_eq!(seen(&session), seen(&with_map()));
    }
}

#[test]
fn no_data_no_run() {
    let mut session = Session::new();
    assert_eq!(session.run_start(recipe()).unwrap_err().code(), "no-data");
    assert_eq!(session.run_step().unwrap_err().code(), "no-data");
    assert_eq!(session.file_end().unwrap_err().code(), "empty-file");
    assert_eq!(session.file_push(b"a,b\n").unwrap(), 0);
    assert!(session.items().is_none() && session.current().is_none() && session.layout().is_empty());
    assert_eq!(session.neighbors(0, 5), (&[][..], &[][..]));
    // Data that was opened waits for its run, also after a recipe that cannot be.
    open(&mut session, &[("first.csv", &data())]).unwrap();
    let mut bad = recipe();
    bad.embed.dim = 600;
    assert_eq!(session.run_start(bad).unwrap_err().code(), "option-out-of-range");
    session.run_start(recipe()).unwrap();
    finish(&mut session).unwrap();
    // Opening the next set drops it.
    open(&mut session, &[("second.csv", &other_data())]).unwrap();
    open(&mut session, &[("items.csv", ITEMS)]).unwrap();
    assert_eq!(seen(&session), seen(&with_map()));
    session.run_start(recipe()).unwrap();
    finish(&mut session).unwrap();
    assert_eq!(seen(&session), seen(&with_map()), "a run is of the map's own rows again");
}

/// Cancelled before and after the first steps of every stage, on new data and on the map's own.
#[test]
fn cancel_in_any_stage_leaves_the_map() {
    let mut session = with_map();
    let before = seen(&session);
    for stage in Stage::ALL.into_iter().filter(|&s| s != Stage::Done) {
        for steps in [0, 1, 4] {
            for again in [false, true] {
                if !again {
                    open(&mut session, &[("second.csv", &other_data())]).unwrap();
                }
                // Another first option, so that no stage is kept from the map.
                session.run_start(recipe().with("collect.minCollections=2").unwrap()).unwrap();
                while session.progress().unwrap().stage != stage {
                    session.run_step().unwrap();
                }
                for _ in 0..steps {
                    session.run_step().ok();
                }
                if session.progress().is_some() {
                    assert_eq!(seen(&session).hash, before.hash, "not before it is done");
                }
                session.cancel();
                assert!(session.progress().is_none());
                assert_eq!(seen(&session), before, "{stage:?} and {steps} steps, again {again}");
            }
        }
    }
}

#[test]
fn another_recipe_on_the_same_data() {
    let mut session = with_map();
    let before = seen(&session);
    let other = Recipe { seed: 5, ..recipe() };
    session.run_start(other.clone()).unwrap();
    finish(&mut session).unwrap();
    let map = run::map(&read_records(&data()), &other).unwrap();
    assert_eq!(seen(&session).layout, bits(&map.layout));
    assert_eq!(seen(&session).labels, before.labels, "the table stays");
    assert_eq!(session.current().unwrap().0.recipe, other);
    session.run_start(recipe()).unwrap();
    finish(&mut session).unwrap();
    assert_eq!(seen(&session), before, "and back");

    // One that fails, in whichever stage, leaves all as it was.
    let cases = [("collect.minCollections=1000", "too-few-items"), ("graph.maxDistance=1e-9", "no-edges")];
    for (change, code) in cases {
        session.run_start(recipe().with(change).unwrap()).unwrap();
        assert_eq!(finish(&mut session).unwrap_err().code(), code);
        assert_eq!(seen(&session), before);
    }
    let unknown = Recipe::from_json(r#"{"embed":{"dims":3}}"#).unwrap_err();
    assert!(unknown.code() == "bad-recipe" && unknown.to_string().contains("\"dims\""), "{unknown}");
    // And it runs on.
    session.run_start(other).unwrap();
    finish(&mut session).unwrap();
    assert_eq!(seen(&session).hash, Some(map.hash()));
}

#[test]
fn neighbors_are_the_graphs() {
    let session = with_map();
    let (map, _) = session.current().unwrap();
    for item in 0..map.collections.n_items() {
        let (ids, lengths) = session.neighbors(item as u32, 4);
        assert_eq!(ids, &map.graph.row(item).0[..ids.len()]);
        assert!(lengths.windows(2).all(|w| w[0] <= w[1]) && ids.len() == map.graph.row(item).0.len().min(4));
    }
    assert_eq!(session.neighbors(u32::MAX, 4).0, [0; 0]);
}

/// Calls in any order, also those that no page makes: no panic, and only a finished run changes the map.
#[derive(Clone, Debug)]
enum Call {
    OpenStart,
    File(usize),
    Half(usize),
    FileEnd,
    OpenEnd,
    RunStart(u64),
    Change(u64),
    Steps(usize),
    Cancel,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        Just(Call::OpenStart),
        (0..6usize).prop_map(Call::File),
        (0..6usize).prop_map(Call::Half),
        Just(Call::FileEnd),
        Just(Call::OpenEnd),
        Just(Call::OpenEnd),
        (0..4u64).prop_map(Call::RunStart),
        (0..4u64).prop_map(Call::Change),
        (1..60usize).prop_map(Call::Steps),
        Just(Call::Cancel),
    ];
    prop::collection::vec(call, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_in_any_order(calls in calls()) {
        let files = [data(), other_data(), zipf_csv(3, 9, 7, 60), ITEMS.into(), "a,b\n1,1\n".into(), "x".into()];
        let mut session = with_map();
        let mut hash = seen(&session).hash;
        for call in calls {
            match call {
                Call::OpenStart => session.open_start(),
                Call::File(f) => {
                    session.file_start("some.csv");
                    session.file_push(files[f].as_bytes()).ok();
                    session.file_end().ok();
                }
                Call::Half(f) => {
                    session.file_start("half.csv");
                    session.file_push(&files[f].as_bytes()[..files[f].len() / 2]).ok();
                }
                Call::FileEnd => _ = session.file_end(),
                Call::OpenEnd => _ = session.open_end(),
                Call::RunStart(seed) => _ = session.run_start(Recipe { seed, ..recipe() }),
                Call::Change(seed) => _ = session.run_change(Recipe { seed, ..recipe() }),
                Call::Steps(steps) => {
                    for _ in 0..steps {
                        if session.run_step().is_ok_and(|stage| stage == Stage::Done) {
                            hash = session.current().map(|(map, _)| map.hash());
                        }
                    }
                }
                Call::Cancel => session.cancel(),
            }
            let now = seen(&session);
            prop_assert_eq!(&now.hash, &hash, "after {:?}", call);
            let items = session.items().expect("there is always a map");
            prop_assert!(now.layout.is_empty() || now.layout.len() == 2 * items.popularity.len());
        }
    }
}
