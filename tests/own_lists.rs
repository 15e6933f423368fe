//! Lists of nearest neighbors that another program made: read as they are, used as they are.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::of_distances;
use archipelago::count::distances::lists;
use archipelago::csr::Csr;
use archipelago::error::Result;
use archipelago::graph::nearest::{append_nearest_in_graph, nearest_neighbors};
use archipelago::pack::Parts;
use archipelago::progress::Stage;
use archipelago::project::fuzzy_set::{fuzzy_union, neighbor_strengths};
use archipelago::read::{Reader, RecordKind, Records, Table};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run, map};
use common::{blobs, on_any_threads, read_records};
use std::fmt::Write as _;

/// The recipe with some changes, in few epochs.
fn recipe(changes: &[&str]) -> Recipe {
    let base = ["project.method=umap", "project.epochs=30", "project.iterations=30", "project.nNeighbors=15"];
    base.iter().chain(changes).fold(Recipe::default(), |recipe, change| recipe.with(change).unwrap())
}

fn read(text: &str, chunk: usize) -> Result<Table> {
    let mut reader = Reader::new("lists.csv");
    for part in text.as_bytes().chunks(chunk) {
        reader.push(part)?;
    }
    reader.finish()
}

/// The points of tests/fixtures/project, row-major n x 3.
fn points() -> Vec<f32> {
    let text = include_str!("fixtures/project/points.csv");
    text.lines().skip(1).flat_map(|line| line.split(',')).map(|v| v.parse().unwrap()).collect()
}

/// The lists as scikit-learn and pynndescent give them, each with the point itself; these come first, so that ids are those
/// of the points.
fn file(header: &str, nearest: &Csr<f32>) -> String {
    let mut text = format!("{header}\n");
    (0..nearest.n_rows()).for_each(|i| _ = writeln!(text, "p{i},p{i},0"));
    for i in 0..nearest.n_rows() {
        let (ids, distances) = nearest.row(i);
        ids.iter().zip(distances).for_each(|(j, d)| _ = writeln!(text, "p{i},p{j},{d}"));
    }
    text
}

#[test]
fn headers_that_say_distances() {
    for (header, declared) in [
        ("item,neighbor,distance", true),
        ("Item,Neighbour,Distance", true),
        ("query,neighbor_id,dist", true),
        ("source,target,distance", true),
        ("from,to,dissimilarity", true),
        ("source,target,weight", false),
        ("source,target,score", false),
    ] {
        let records = read_records(&format!("{header}\na,b,0.5\nb,c,0\nc,a,2\n"));
        assert_eq!((records.kind, records.are_distances), (RecordKind::Edges, declared), "{header}");
        assert_eq!(records.weights.as_deref(), Some([0.5, 0.0, 2.0].as_slice()), "{header}");
        assert!(records.collections.is_empty() && records.columns.is_empty(), "{header}");
    }
    let both = read_records("source,target,weight,distance\na,b,1,9\nb,c,1,8\n");
    assert!(!both.are_distances && both.columns.len() == 1, "a weight is the weight");
    let text = "item,label,neighbor,distance\na,A,b,1\nb,B,a,1\n";
    assert!(matches!(read(text, 100), Ok(Table::Items(_))), "described items");
}

#[test]
fn bad_distances_say_where() {
    for bad in ["-0.5", "NaN", "inf", "", "far"] {
        let text = format!("item,neighbor,distance\na,b,0.5\nb,\"x\ny\",1\nc,a,{bad}\nd,a,1\n");
        for chunk in [1, 1000] {
            let error = read(&text, chunk).unwrap_err();
            let place = error.place.clone().unwrap();
            assert_eq!((error.code(), place.line, place.column), ("bad-distance", 5, 3), "{bad}");
            assert!(place.file == "lists.csv" && error.message().contains(&format!("\"{bad}\"")), "{error}");
        }
    }
    let error = read("source,target,weight\na,b,-1\n", 100).unwrap_err();
    assert_eq!(error.code(), "bad-weight", "said by the recipe only");
}

#[test]
fn lists_by_hand() {
    let text = "item,neighbor,distance\na,a,0\na,c,2\na,b,2\nb,c,0.5\na,c,1\nb,a,7\nd,a,0\nb,b,0\n";
    let records = read_records(text);
    let named: Vec<&str> = records.items.iter().collect();
    assert_eq!(named, ["a", "c", "b", "d"]);
    let found = lists(&records, 10);
    assert_eq!(found.row(0), (&[1, 2][..], &[1.0, 2.0][..]), "the least of two distances, and not a itself");
    assert_eq!(found.row(1), (&[][..], &[][..]), "in lists of others only");
    assert_eq!(found.row(2), (&[1, 0][..], &[0.5, 7.0][..]));
    assert_eq!(found.row(3), (&[0][..], &[0.0][..]));
    assert_eq!(lists(&records, 1).row(0), (&[1][..], &[1.0][..]));
    let indexed = of_distances(&records).unwrap();
    assert_eq!((indexed.n_items(), indexed.self_links, &indexed.weight_name), (4, 2, &None));
    assert_eq!(indexed.popularity(), [4, 3, 3, 2], "how often listed or listing, and itself");
}

/// Of its own lists, UMAP lays out umap-learn's graph (benches/reference/umap_fixture.py).
#[test]
fn the_fuzzy_graph_is_that_of_umap_learn() {
    let nearest = nearest_neighbors(&points(), 3, 15);
    let records = read_records(&file("item,neighbor,distance", &nearest));
    let made = map(&records, &recipe(&[])).unwrap();
    let (whole, mut searched) = (Parts::whole(nearest.n_rows()), Csr::default());
    append_nearest_in_graph(&made.graph, 15, &whole, nearest.n_rows(), &mut searched);
    assert!(searched == nearest, "the lists of the file, to the bit");
    let mut seen = 0;
    for line in include_str!("fixtures/project/fuzzy_sets.csv").lines().skip(1) {
        let fields: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        if (fields[0], fields[1]) != (1.0, 1.0) {
            continue;
        }
        let graph = fuzzy_union(&neighbor_strengths(&searched, 1.0), 1.0);
        let (columns, values) = graph.row(fields[2] as usize);
        let found = columns.binary_search(&(fields[3] as u32)).map_or(0.0, |at| values[at]);
        assert!((f64::from(found) - fields[4]).abs() < 1e-4, "{line}: {found}");
        seen += 1;
    }
    assert!(seen >= 100, "{seen}");
}

fn whole(records: &Records, recipe: &Recipe) -> Map {
    let made = on_any_threads(|| map(records, recipe).unwrap().hash());
    let map = map(records, recipe).unwrap();
    assert_eq!(map.hash(), made);
    assert!(map.layout.iter().all(|v| v.is_finite()));
    map
}

#[test]
fn maps_of_lists() {
    let points = blobs(2, &[[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]], 60, 1.0);
    let nearest = nearest_neighbors(&points, 3, 12);
    let records = read_records(&file("item,neighbor,distance", &nearest));
    for changes in [
        &[][..],
        &["project.method=tsne", "project.dim=3"],
        &["project.from=embedding"],
        &["project.from=embedding", "embed.method=factors", "embed.vectorDim=8"],
        &["project.from=embedding", "embed.method=item2vec", "embed.vectorDim=8", "embed.trainingEpochs=2"],
    ] {
        let map = whole(&records, &recipe(changes));
        assert_eq!((map.collections.n_items(), map.recall), (120, None), "{changes:?}: every item stays");
    }
    // Nothing else of counting matters.
    let plain = recipe(&[]);
    let straight = map(&records, &plain).unwrap();
    for change in ["collect.minCollections=50", "count.similarity=cosine", "count.edges=direct"] {
        assert_eq!(map(&records, &plain.with(change).unwrap()).unwrap().hash(), straight.hash(), "{change}");
    }
    let groups = |map: &Map| {
        let near = nearest_neighbors(&map.layout, 2, 10);
        near.triples().filter(|&(i, j, _)| (i < 60) != (j < 60)).count()
    };
    assert_eq!(groups(&straight), 0, "two groups stay two");

    // The same by the recipe, of columns that do not say it.
    let weighted = read_records(&file("source,target,weight", &nearest));
    let said = plain.with("count.edges=distances").unwrap();
    assert_eq!(map(&weighted, &said).unwrap().hash(), straight.hash());
    let before = map(&weighted, &plain).unwrap();
    assert_ne!(before.hash(), straight.hash(), "as collections");
    let mut run = Run::again(&before, said.clone()).unwrap();
    assert_eq!(run.stage(), Stage::Collect, "other items may stay");
    while run.stage() != Stage::Done {
        run.step(&weighted).unwrap();
    }
    assert_eq!(run.into_map().hash(), straight.hash());
    let bare = read_records("source,target\na,b\nb,c\n");
    let error = map(&bare, &said).unwrap_err();
    assert!(error.code() == "option-out-of-range" && error.to_string().contains("count.edges"), "{error}");
    let rows = read_records("collection,item\na,x\na,y\nb,y\nb,z\nc,z\nc,x\na,z\n");
    assert!(
        map(&rows, &said.with("collect.minCollections=1").unwrap()).is_ok(),
        "of other rows nothing is said"
    );
}

#[test]
fn odd_lists() {
    // All distances between all points; some of them 0; a chain; a star whose center lists nobody.
    let all = |distance: fn(u32, u32) -> f32| {
        let pairs = (0..12u32).flat_map(|i| (0..12u32).map(move |j| (i, j)));
        pairs.map(|(i, j)| format!("p{i},p{j},{}\n", distance(i, j))).collect::<String>()
    };
    let chain: String = (0..20).map(|i| format!("p{i},p{},{}\n", i + 1, 1e-30)).collect();
    let star: String = (1..20).map(|i| format!("p{i},p0,{i}\n")).collect();
    for (what, rows) in [
        ("matrix", all(|i, j| i.abs_diff(j) as f32)),
        ("copies", all(|i, j| (i / 2).abs_diff(j / 2) as f32)),
        ("huge", all(|i, j| i.abs_diff(j) as f32 * 1e36)),
        ("chain", chain),
        ("star", star),
    ] {
        let records = read_records(&format!("item,neighbor,distance\n{rows}"));
        for changes in [&[][..], &["project.method=tsne"], &["project.from=embedding"]] {
            let made = whole(&records, &recipe(changes));
            assert_eq!(made.layout.len(), 2 * records.items.len(), "{what}");
        }
    }
    let same = read_records(&format!("item,neighbor,distance\n{}", all(|_, _| 0.0)));
    assert_eq!(map(&same, &recipe(&[])).err().map(|error| error.code()), Some("all-the-same"));
    let alone = read_records("item,neighbor,distance\na,a,0\nb,b,0\n");
    assert_eq!(map(&alone, &recipe(&[])).unwrap_err().code(), "nothing-co-occurs");
}
