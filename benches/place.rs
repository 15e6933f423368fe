//! Placing in a finished map: do new items find their kind, and a person's list the rest of what the person has?
//!
//! Items: every tenth item is left out, a map is made of the rest, the left-out ones are placed in it. Label purity of their
//! 10 nearest among the others, beside what these items have in the map of all.
//! Lists: up to 300 collections of 10 items or more are left out and each is cut in two at random; one half is placed. How
//! often an item of the other half is nearer to that place than a random one that is in neither (the area under the ROC curve;
//! 0.5 by chance), beside the mean of the half's items, and the one of them around whom most of the others lie.
//! `cargo bench --bench place`; names after it choose data sets, options change the recipe:
//! `-- films project.method=umap`. `--export FOLDER` writes what openTSNE's `transform` is compared on.
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

use archipelago::collect::{CollectOptions, collect};
use archipelago::place::{self, list, rows};
use archipelago::random::{Rng, Use};
use archipelago::read::{ColumnValues, ItemTable, MISSING, Reader, RecordKind, Records, Table};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, map};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

const SETS: [(&str, u32, &str); 5] = [
    ("www/demo/emoji", 3, "category"),
    ("www/demo/films", 3, "country"),
    ("../shared/data/bench/ml-100k", 5, "category"),
    ("../shared/data/bench/ml-1m", 5, "category"),
    ("../shared/data/bench/wikispeedia", 3, "category"),
];

fn table(path: &Path) -> Option<Table> {
    let mut reader = Reader::new(&path.display().to_string());
    reader.push(&std::fs::read(path).ok()?).ok()?;
    reader.finish().ok()
}

/// The rows that `wanted` takes, by their item and collection; names keep their ids where all are `kept`.
fn part(records: &Records, wanted: impl Fn(&[u32; 2]) -> bool) -> Records {
    let mut out = records.clone();
    (out.items, out.collections) = Default::default();
    out.rows.clear();
    let taken: Vec<usize> = (0..records.rows.len()).filter(|&row| wanted(&records.rows[row])).collect();
    for &row in &taken {
        let [a, b] = records.rows[row];
        let a = match records.kind {
            RecordKind::Edges => out.items.intern(records.items.get(a)),
            _ => out.collections.intern(records.collections.get(a)),
        };
        out.rows.push([a.unwrap(), out.items.intern(records.items.get(b)).unwrap()]);
    }
    out.weights = records.weights.as_ref().map(|weights| taken.iter().map(|&row| weights[row]).collect());
    for (column, all) in out.columns.iter_mut().zip(&records.columns) {
        column.values = taken.iter().map(|&row| all.values[row]).collect();
    }
    out
}

fn code_of<'a>(items: &'a ItemTable, label: &str) -> impl Fn(&str) -> Option<u32> + use<'a> {
    let column = items.columns.iter().find(|column| column.name == label).expect("the label's column");
    let ColumnValues::Category { codes, categories } = &column.values else { panic!("labels") };
    let unknown = categories.find("Unknown");
    move |name| {
        let code = codes[items.keys.find(name)? as usize];
        (code != MISSING && Some(code) != unknown).then_some(code)
    }
}

/// The share of the 10 nearest of `at` among `points` that have its `code`.
fn pure(at: [f32; 2], code: u32, points: &[([f32; 2], u32)]) -> f64 {
    let mut near: Vec<(f32, u32)> = points
        .iter()
        .map(|(other, code)| ((at[0] - other[0]).powi(2) + (at[1] - other[1]).powi(2), *code))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.iter().take(10).filter(|(_, other)| *other == code).count() as f64 / 10.0
}

fn place_of(map: &Map, i: usize) -> [f32; 2] {
    [map.layout[2 * i], map.layout[2 * i + 1]]
}

fn new_items(records: &Records, items: &ItemTable, label: &str, recipe: &Recipe, export: Option<&Path>) {
    let code = code_of(items, label);
    let collections = collect(records, &recipe.collect).unwrap();
    let mut left = vec![false; records.items.len()];
    collections.items.iter().skip(4).step_by(10).for_each(|&id| left[id as usize] = true);
    let is_left =
        |[a, b]: &[u32; 2]| left[*b as usize] || records.kind == RecordKind::Edges && left[*a as usize];
    let (old, new) = (part(records, |row| !is_left(row)), part(records, |row| is_left(row)));
    let begin = Instant::now();
    let found = map(&old, recipe).unwrap();
    let mapped = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let mut status = rows::initialize(&found, &old, &new).unwrap();
    status.run(usize::MAX);
    let names = status.names.clone();
    let lists = status.finish();
    let counted = begin.elapsed().as_secs_f64();
    let weights = place::weights(&lists, recipe);
    let begin = Instant::now();
    let mut placing = place::initialize(&found, &weights);
    placing.run_all();
    let (places, placed) = (placing.places(), begin.elapsed().as_secs_f64());
    let name = |i: usize| old.items.get(found.collections.items[i]);
    let known: Vec<([f32; 2], u32)> = (0..found.collections.n_items())
        .filter_map(|i| Some((place_of(&found, i), code(name(i))?)))
        .collect();
    let whole = map(records, recipe).unwrap();
    let whole_name = |i: usize| records.items.get(whole.collections.items[i]);
    let in_whole: Vec<([f32; 2], u32)> = (0..whole.collections.n_items())
        .filter(|&i| !left[whole.collections.items[i] as usize])
        .filter_map(|i| Some((place_of(&whole, i), code(whole_name(i))?)))
        .collect();
    let (mut sums, mut n, mut lost) = ([0.0; 3], 0, 0);
    for (k, item) in names.iter().enumerate() {
        let point = records.items.find(item).and_then(|id| whole.collections.items.binary_search(&id).ok());
        let (Some(code), Some(point), true) = (code(item), point, places[2 * k].is_finite()) else {
            lost += usize::from(places[2 * k].is_nan());
            continue;
        };
        let nearest = lists.row(k).0[0] as usize;
        sums[0] += pure(place_of(&whole, point), code, &in_whole);
        sums[1] += pure([places[2 * k], places[2 * k + 1]], code, &known);
        sums[2] += pure(place_of(&found, nearest), code, &known);
        n += 1;
    }
    let [full, here, first] = sums.map(|sum| sum / n as f64);
    println!(
        "  items: {n} placed, {lost} without a neighbor; purity {label}: in the map of all {full:.3}, placed {here:.3}, \
         at the nearest item's place {first:.3}; map {mapped:.2} s, counted {counted:.2} s, placed {placed:.2} s"
    );
    if let Some(folder) = export {
        let mut text = String::new();
        (0..found.collections.n_items()).for_each(|i| {
            let [x, y] = place_of(&found, i);
            _ = writeln!(text, "{x},{y},{}", code(name(i)).map_or(-1, i64::from));
        });
        std::fs::write(folder.join("map.csv"), text).unwrap();
        let mut text = String::new();
        for (k, item) in names.iter().enumerate().filter(|(k, _)| places[2 * k].is_finite()) {
            let (ids, values) = weights.row(k);
            let code = code(item).map_or(-1, i64::from);
            _ = write!(text, "{},{},{code}", places[2 * k], places[2 * k + 1]);
            ids.iter().zip(values).for_each(|(i, w)| _ = write!(text, ",{i}:{w}"));
            text.push('\n');
        }
        std::fs::write(folder.join("new.csv"), text).unwrap();
    }
}

/// How often one of `wanted` is nearer to `at` than one of `others`.
fn area(at: [f32; 2], map: &Map, wanted: &[u32], others: &[u32]) -> f64 {
    let far = |&i: &u32| {
        let [x, y] = place_of(map, i as usize);
        (x - at[0]).powi(2) + (y - at[1]).powi(2)
    };
    let mut all: Vec<f32> = others.iter().map(far).collect();
    all.sort_by(f32::total_cmp);
    let above = |d: f32| (all.len() - all.partition_point(|&o| o <= d)) as f64 / all.len() as f64;
    wanted.iter().map(|i| above(far(i))).sum::<f64>() / wanted.len() as f64
}

/// The share of `wanted` among the 20 nearest of `at` that are not `mine`.
fn near(at: [f32; 2], map: &Map, wanted: &[u32], mine: &[u32]) -> f64 {
    let mut all: Vec<(f32, u32)> = (0..map.collections.n_items() as u32)
        .filter(|i| !mine.contains(i))
        .map(|i| {
            let [x, y] = place_of(map, i as usize);
            ((x - at[0]).powi(2) + (y - at[1]).powi(2), i)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.iter().take(20).filter(|(_, i)| wanted.contains(i)).count() as f64 / 20.0
}

fn lists(records: &Records, recipe: &Recipe) {
    let mut sizes = vec![0; records.collections.len()];
    records.rows.iter().for_each(|row| sizes[row[0] as usize] += 1);
    let large: Vec<u32> = (0..sizes.len() as u32).filter(|&c| sizes[c as usize] >= 10).collect();
    let step = (large.len() / 300).max(2);
    let mut out = vec![false; sizes.len()];
    large.iter().step_by(step).for_each(|&c| out[c as usize] = true);
    let old = part(records, |row| !out[row[0] as usize]);
    let found = map(&old, recipe).unwrap();
    let n = found.collections.n_items();
    let point_of = |id: u32| {
        let id = old.items.find(records.items.get(id))?;
        found.collections.items.binary_search(&id).ok().map(|point| point as u32)
    };
    let mut held: Vec<Vec<u32>> = vec![Vec::new(); sizes.len()];
    for &[c, i] in records.rows.iter().filter(|row| out[row[0] as usize]) {
        held[c as usize].extend(point_of(i));
    }
    let (mut sums, mut count, mut spent) = ([0.0; 8], 0, 0.0);
    for (c, held) in held.iter_mut().enumerate() {
        let mut rng = Rng::stream(1, Use::Test, c as u64);
        for left in (2..=held.len()).rev() {
            held.swap(left - 1, rng.below(left as u32) as usize);
        }
        let (mine, rest) = held.split_at(held.len() / 2);
        if mine.len() < 3 {
            continue;
        }
        let others: Vec<u32> = (0..n as u32).filter(|i| !held.contains(i)).collect();
        let begin = Instant::now();
        let weighted: Vec<(u32, f32)> = mine.iter().map(|&i| (i, 1.0)).collect();
        let taste = list::taste(&found, &weighted, 10);
        let mut placing = place::initialize(&found, &taste.near);
        placing.run(usize::MAX);
        let at = placing.places();
        spent += begin.elapsed().as_secs_f64();
        let mut mean = [0.0f32; 2];
        for &i in mine {
            let [x, y] = place_of(&found, i as usize);
            mean = [mean[0] + x / mine.len() as f32, mean[1] + y / mine.len() as f32];
        }
        let middle = *mine
            .iter()
            .min_by(|&&a, &&b| {
                let far = |i: u32| {
                    let [x, y] = place_of(&found, i as usize);
                    mine.iter()
                        .map(|&j| {
                            let other = place_of(&found, j as usize);
                            -1.0 / (1.0 + (x - other[0]).powi(2) + (y - other[1]).powi(2))
                        })
                        .sum::<f32>()
                };
                far(a).total_cmp(&far(b))
            })
            .unwrap();
        for (k, at) in [[at[0], at[1]], mean, place_of(&found, middle as usize)].into_iter().enumerate() {
            sums[k] += area(at, &found, rest, &others);
            sums[4 + k] += near(at, &found, rest, mine);
        }
        sums[7] += rest.len() as f64 / (n - mine.len()) as f64;
        let hits = taste.suggestions.iter().filter(|i| rest.contains(i)).count();
        sums[3] += hits as f64 / taste.suggestions.len().max(1) as f64;
        count += 1;
    }
    let [placed, mean, middle, hits, near_placed, near_mean, near_middle, chance] =
        sums.map(|sum| sum / count as f64);
    println!(
        "  lists: {count}; of the other half, nearer than random: placed {placed:.3}, mean {mean:.3}, thickest item \
         {middle:.3}; among the 20 nearest: placed {near_placed:.3}, mean {near_mean:.3}, thickest item \
         {near_middle:.3}, chance {chance:.3}; among 10 suggestions {hits:.3}; {:.1} ms each",
        spent * 1e3 / count as f64
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let export = arguments.iter().position(|a| a == "--export").map(|at| arguments[at + 1].clone());
    let names: Vec<&String> = arguments.iter().filter(|a| !a.contains('=') && !a.starts_with('-')).collect();
    for (folder, min_collections, label) in SETS {
        let name = folder.rsplit('/').next().unwrap();
        if !names.is_empty() && !names.iter().any(|wanted| *wanted == name) {
            continue;
        }
        let folder = Path::new(folder);
        let read = |file: &str| table(&folder.join(file));
        let records = read("memberships.csv").or_else(|| read("edges.csv"));
        let (Some(Table::Records(records)), Some(Table::Items(items))) = (records, read("items.csv")) else {
            println!("{name}: not there");
            continue;
        };
        let mut recipe = Recipe { collect: CollectOptions { min_collections }, ..Recipe::default() };
        for option in arguments.iter().filter(|a| a.contains('=')) {
            recipe = recipe.with(option).unwrap();
        }
        println!("{name}");
        new_items(&records, &items, label, &recipe, export.as_deref().map(Path::new));
        if records.kind == RecordKind::Memberships {
            lists(&records, &recipe);
        }
    }
}
