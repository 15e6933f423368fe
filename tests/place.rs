//! New points in a finished map: near what they belong to, each by itself, and nothing of the map moves.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, collect};
use archipelago::count::{CountOptions, Similarity, count};
use archipelago::csr::Csr;
use archipelago::knn::{self, Metric};
use archipelago::parallel;
use archipelago::place::{self, rows};
use archipelago::project::ProjectOptions;
use archipelago::project::tsne::kernel::Kernel;
use archipelago::project::tsne::partial::{self as tsne, Moving};
use archipelago::project::umap::partial::Partial;
use archipelago::read::Records;
use archipelago::recipe::Recipe;
use archipelago::run::{Map, map};
use common::placing::{GROUPS, SIZE, grouped, places, recipe, share, ways};
use common::{Dice, bits, read_records};

/// Every sixth item is new.
fn is_new(item: usize) -> bool {
    item % 6 == 5
}

fn old_and_new() -> (Records, Records) {
    let old = read_records(&grouped(|_, item| !is_new(item)));
    (old, read_records(&grouped(|_, item| is_new(item))))
}

/// Names and neighbors of the new items.
fn lists_of(map: &Map, old: &Records, new: &Records) -> (Vec<String>, Csr<f32>) {
    let mut status = rows::initialize(map, old, new).unwrap();
    let names = status.names.clone();
    while status.done() < names.len() {
        status.run(status.done() + 7);
    }
    (names, status.finish())
}

#[test]
fn new_items_land_among_their_kind_and_nothing_moves() {
    let (old, new) = old_and_new();
    for recipe in ways() {
        let map = map(&old, &recipe).unwrap();
        let (before, hash) = (bits(&map.layout), map.hash());
        let (names, lists) = lists_of(&map, &old, &new);
        assert_eq!(names.len(), GROUPS * SIZE / 6);
        let at = places(&map, &place::weights(&lists, &recipe));
        assert_eq!((bits(&map.layout), map.hash()), (before, hash), "not one bit");
        let pure: f64 =
            names.iter().zip(at.chunks(2)).map(|(name, at)| share(&map, &old, at, &name[..2])).sum();
        let of_old: f64 = (0..map.collections.n_items())
            .map(|i| {
                share(&map, &old, &map.layout[2 * i..][..2], &old.items.get(map.collections.items[i])[..2])
            })
            .sum();
        let (pure, of_old) = (pure / names.len() as f64, of_old / map.collections.n_items() as f64);
        assert!(pure > of_old - 0.1 && pure > 0.6, "{:?}: {pure} new, {of_old} old", recipe.project.method);
    }
}

#[test]
fn each_by_itself_in_steps_on_any_number_of_threads() {
    let (old, new) = old_and_new();
    for recipe in ways() {
        let map = map(&old, &recipe).unwrap();
        let weights = place::weights(&lists_of(&map, &old, &new).1, &recipe);
        let whole = bits(&places(&map, &weights));
        for threads in [1, 4] {
            assert_eq!(bits(&parallel::with_threads(threads, || places(&map, &weights))), whole);
        }
        let mut status = place::initialize(&map, &weights);
        while status.done() < status.total() {
            status.run(status.done() + 1);
        }
        assert_eq!(bits(&status.places()), whole, "in steps");
        for row in 0..weights.n_rows() {
            let (ids, values) = weights.row(row);
            let mut alone = Csr::default();
            alone.push_row(ids.iter().copied().zip(values.iter().copied()));
            assert_eq!(bits(&places(&map, &alone)), whole[2 * row..][..2], "alone");
        }
    }
}

/// The slow twin: all rows in one file, every item counted.
#[test]
fn new_items_are_counted_as_if_they_had_been_there() {
    let (old, new) = (grouped(|_, item| !is_new(item)), grouped(|_, item| is_new(item)));
    let whole = old.clone() + new.split_once('\n').unwrap().1 + "u1,lonely,2\nu2,0-0,3\nstranger,nobody,1\n";
    let new = new + "u1,lonely,2\nu2,0-0,3\nstranger,nobody,1\n";
    let (old, new, whole) = (read_records(&old), read_records(&new), read_records(&whole));
    for similarity in Similarity::ALL {
        let count_options = CountOptions {
            similarity,
            dissimilarity: similarity.usual_dissimilarity(),
            max_neighbors: 1000,
            ..CountOptions::default()
        };
        let recipe = Recipe { count: count_options.clone(), ..recipe(&["project.iterations=1"]) };
        let map = map(&old, &recipe).unwrap();
        let (names, lists) = lists_of(&map, &old, &new);
        let all = collect(&whole, &CollectOptions { min_collections: 1 }).unwrap();
        let twin = count(&all, &count_options).unwrap();
        assert_eq!(names.last().unwrap(), "nobody");
        assert!(lists.row(names.len() - 1).0.is_empty(), "in no collection with a known item");
        for (k, name) in names.iter().enumerate().take(names.len() - 1) {
            let item = all.items.binary_search(&whole.items.find(name).unwrap()).unwrap();
            let named = |(i, d): (u32, f32)| (whole.items.get(all.items[i as usize]).to_owned(), d);
            let (ids, values) = twin.row(item);
            let mut want: Vec<_> = ids.iter().copied().zip(values.iter().copied()).map(named).collect();
            want.retain(|(name, _)| {
                old.items.find(name).is_some_and(|id| map.collections.items.binary_search(&id).is_ok())
            });
            let (ids, values) = lists.row(k);
            let of_map = |i: &u32| old.items.get(map.collections.items[*i as usize]).to_owned();
            let mut found: Vec<_> = ids.iter().map(of_map).zip(values.iter().copied()).collect();
            found.sort_by(|a, b| a.0.cmp(&b.0));
            want.sort_by(|a, b| a.0.cmp(&b.0));
            assert_eq!(found, want, "{similarity:?} {name}");
        }
    }
}

#[test]
fn what_cannot_be_placed_is_told() {
    let (old, _) = old_and_new();
    let recipe = recipe(&["project.iterations=20"]);
    let map = map(&old, &recipe).unwrap();
    let new = read_records("user,item\nzoe,unheard of\nzoe,unseen\nu1,seen\n");
    let (names, lists) = lists_of(&map, &old, &new);
    assert_eq!(names, ["unheard of", "unseen", "seen"]);
    let at = places(&map, &place::weights(&lists, &recipe));
    assert_eq!(at.iter().map(|v| v.is_nan()).collect::<Vec<_>>(), [true, true, true, true, false, false]);
    let error = |text: &str| {
        let new = read_records(text);
        rows::initialize(&map, &old, &new).err().unwrap().code()
    };
    assert_eq!(error("user,item\nu1,0-0\nu2,0-1\n"), "bad-items", "nothing new");
    assert_eq!(error("from,to\na,b\nb,c\nc,d\n"), "bad-items", "another kind");
}

#[test]
fn vectors_and_links_are_placed_too() {
    let mut dice = Dice::new(8);
    let mut vector = |name: &str, group: usize| {
        let values: Vec<String> =
            (0..10).map(|d| format!("{:.3}", dice.unit() + if d % 3 == group { 3.0 } else { 0.0 })).collect();
        format!("{name},{}\n", values.join(","))
    };
    let header = format!("name,{}\n", (0..10).map(|d| format!("d{d}")).collect::<Vec<_>>().join(","));
    let (mut old, mut new) = (header.clone(), header);
    (0..90).for_each(|i| old += &vector(&format!("{}-{i}", i % 3), i % 3));
    (0..6).for_each(|i| new += &vector(&format!("{}-n{i}", i % 3), i % 3));
    let (old, new) = (read_records(&old), read_records(&new));
    let recipe = recipe(&["project.iterations=150", "graph.nNeighbors=5"]);
    let found = map(&old, &recipe).unwrap();
    let (names, lists) = lists_of(&found, &old, &new);
    let at = places(&found, &place::weights(&lists, &recipe));
    for (name, at) in names.iter().zip(at.chunks(2)) {
        assert!(share(&found, &old, at, &name[..2]) > 0.9, "{name}");
    }

    // Two rings of links with chords; a new item linked with three of the second.
    let links: String = (0..2)
        .flat_map(|ring| (0..40).flat_map(move |i| [1, 2, 5].map(|step| (ring, i, (i + step) % 40))))
        .map(|(ring, a, b)| format!("{ring}-{a},{ring}-{b}\n"))
        .collect();
    let old = read_records(&format!("from,to\n{links}0-0,1-0\n"));
    let new = read_records("from,to\nfresh,1-7\n1-8,fresh\nfresh,1-9\n");
    let found = map(&old, &recipe).unwrap();
    let (names, lists) = lists_of(&found, &old, &new);
    assert_eq!(names, ["fresh"]);
    let at = places(&found, &place::weights(&lists, &recipe));
    assert!(share(&found, &old, &at, "1-") > 0.9);
}

#[test]
fn nearest_among_the_first_are_those_of_a_plain_search() {
    let mut dice = Dice::new(5);
    let vectors: Vec<f32> = (0..70 * 9).map(|_| dice.unit() as f32 - 0.4).collect();
    let row = |i: usize| &vectors[9 * i..][..9];
    let lists = knn::nearest_among_first(&vectors, 9, Metric::Euclidean, 50, 6);
    assert_eq!(lists.n_rows(), 20);
    for q in 0..20 {
        let far =
            |i: usize| row(i).iter().zip(row(50 + q)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt();
        let mut order: Vec<usize> = (0..50).collect();
        order.sort_by(|&a, &b| far(a).total_cmp(&far(b)));
        assert!(lists.row(q).0.iter().zip(&order).all(|(&i, &j)| i as usize == j));
        assert!(lists.row(q).1.iter().zip(&order).all(|(d, &j)| (d - far(j)).abs() < 1e-5));
    }
    assert_eq!(
        knn::nearest_among_first(&vectors, 9, Metric::Cosine, 3, 6).row(0).0.len(),
        3,
        "fewer than wanted"
    );
}

/// t-SNE's divergence of one point, in f64, pulls exaggerated as while it moves.
fn divergence(at: [f32; 2], near: &[([f32; 2], f32)], fixed: &[[f32; 2]]) -> f64 {
    let squared = |o: &[f32; 2]| f64::from(at[0] - o[0]).powi(2) + f64::from(at[1] - o[1]).powi(2);
    let z: f64 = fixed.iter().map(|o| 1.0 / (1.0 + squared(o))).sum();
    near.iter().map(|(o, p)| 1.5 * f64::from(*p) * (1.0 + squared(o)).ln()).sum::<f64>() + z.ln()
}

#[test]
fn a_point_placed_by_tsne_is_where_its_divergence_is_least() {
    let mut dice = Dice::new(4);
    let mut point = || [dice.unit() as f32 * 20.0, dice.unit() as f32 * 20.0];
    for _ in 0..10 {
        let fixed: Vec<[f32; 2]> = (0..333).map(|_| point()).collect();
        let near: Vec<([f32; 2], f32)> = fixed[..9].iter().map(|&at| (at, 1.0 / 9.0)).collect();
        let (blocks, start) = (place::blocks(&fixed), fixed[4]);
        let mut moving = Moving::new(start);
        (0..tsne::ITERATIONS).for_each(|_| moving.go(&near, &blocks, Kernel::new(1.0)));
        let (at, here) = (moving.at(), divergence(moving.at(), &near, &fixed));
        assert!(here < divergence(start, &near, &fixed));
        for direction in 0..8 {
            let (sin, cos) = (f64::from(direction) * std::f64::consts::FRAC_PI_4).sin_cos();
            let beside = [at[0] + 0.3 * cos as f32, at[1] + 0.3 * sin as f32];
            assert!(divergence(beside, &near, &fixed) > here - 1e-3, "{at:?} {beside:?}");
        }
    }
}

/// The slow twin of an epoch of UMAP: every point of the map in turn, in f64.
#[test]
fn an_epoch_of_umap_is_the_mean_of_its_samples() {
    let mut dice = Dice::new(4);
    let options = ProjectOptions { epochs: 30, min_dist: 0.3, ..ProjectOptions::default() };
    let partial = Partial::new(&options, 60);
    let (a, b) = archipelago::project::fuzzy_set::find_ab(options.min_dist, options.spread);
    let fixed: Vec<[f32; 2]> =
        (0..45).map(|_| [dice.unit() as f32 * 9.0, dice.unit() as f32 * 9.0]).collect();
    let near: Vec<([f32; 2], f32)> = (0..5).map(|i| (fixed[i * 7], 1.0 - 0.15 * i as f32)).collect();
    let here = [4.0f32, 5.0];
    let found = partial.moved(here, 3, &near, (&place::blocks(&fixed), fixed.len()));
    let rate = 0.25 * (1.0 - 3.0 / 10.0);
    let mut want = here.map(f64::from);
    let apart = |at: [f64; 2], o: &[f32; 2]| [at[0] - f64::from(o[0]), at[1] - f64::from(o[1])];
    for (o, strength) in &near {
        let d = apart(want, o);
        let squared = d[0] * d[0] + d[1] * d[1];
        let pull = 2.0 * a * b * squared.powf(b - 1.0) / (1.0 + a * squared.powf(b));
        want = [0, 1].map(|c| want[c] - rate * f64::from(*strength) * pull * d[c]);
    }
    let from = want;
    for o in &fixed {
        let d = apart(from, o);
        let squared = d[0] * d[0] + d[1] * d[1];
        let push = 2.0 * b / ((0.001 + squared) * (1.0 + a * squared.powf(b)));
        let share = rate * near.iter().map(|n| f64::from(n.1)).sum::<f64>() * 5.0 / 60.0;
        want = [0, 1].map(|c| want[c] + share * (push * d[c]).clamp(-4.0, 4.0));
    }
    assert!((0..2).all(|c| (f64::from(found[c]) - want[c]).abs() < 0.03), "{found:?} {want:?}");
}
