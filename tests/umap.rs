//! UMAP: umap-learn's numbers, a slow twin of the epochs, three dimensions, densMAP, and options that change while it runs.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::graph::nearest::nearest_neighbors;
use archipelago::pack::Parts;
use archipelago::project::fuzzy_set::{find_ab, fuzzy_union, neighbor_strengths};
use archipelago::project::umap::Umap;
use archipelago::project::{Method, NeighborsFrom, ProjectOptions, Start, initialize};
use common::{bits, blobs, on_any_threads};

/// The defaults, of the embedding.
fn of_embedding() -> ProjectOptions {
    ProjectOptions { method: Method::Umap, from: NeighborsFrom::Embedding, ..ProjectOptions::default() }
}

/// The points of tests/fixtures/project, row-major n x 3.
fn points() -> Vec<f32> {
    let text = include_str!("fixtures/project/points.csv");
    text.lines().skip(1).flat_map(|line| line.split(',')).map(|v| v.parse().unwrap()).collect()
}

fn graph_of(nearest: &Csr<f32>, local_connectivity: f64, mix: f32) -> Csr<f32> {
    fuzzy_union(&neighbor_strengths(nearest, local_connectivity), mix)
}

/// umap-learn 0.5.12: `fuzzy_simplicial_set` with other options (benches/reference/umap_fixture.py).
#[test]
fn fuzzy_sets_as_umap_learn() {
    let nearest = nearest_neighbors(&points(), 3, 15);
    let text = include_str!("fixtures/project/fuzzy_sets.csv");
    let mut made: Vec<((String, String), Csr<f32>)> = Vec::new();
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let named = (fields[0].to_owned(), fields[1].to_owned());
        if made.last().is_none_or(|(last, _)| *last != named) {
            let graph = graph_of(&nearest, fields[0].parse().unwrap(), fields[1].parse().unwrap());
            made.push((named, graph));
        }
        let graph = &made.last().unwrap().1;
        let (i, want): (usize, f32) = (fields[2].parse().unwrap(), fields[4].parse().unwrap());
        let (columns, values) = graph.row(i);
        let at = columns.binary_search(&fields[3].parse().unwrap());
        let found = at.map_or(0.0, |at| values[at]);
        assert!((found - want).abs() < 1e-4, "{line}: {found}");
        seen += 1;
    }
    assert!(seen >= 600 && made.len() >= 4, "{seen} {}", made.len());
}

/// An epoch in words: toward each due neighbor one after the other, then away from all points that are drawn. Without random
/// points it can be told apart from nothing else, and a strong push of nothing is nothing.
#[test]
fn pulls_are_their_slow_twin() {
    let points = blobs(3, &[[0.0, 0.0]], 80, 1.0);
    let nearest = nearest_neighbors(&points, 2, 8);
    let graph = graph_of(&nearest, 1.0, 1.0);
    let options = ProjectOptions { repulsion_strength: 0.0, epochs: 30, ..of_embedding() };
    let mut umap = Umap::<2>::new(&graph, &nearest, &Parts::whole(80), &options, 1);
    let mut layout = points.as_chunks::<2>().0.to_vec();
    umap.run(&mut layout, 30);

    let (a, b) = find_ab(options.min_dist, options.spread);
    let strongest = f64::from(graph.values.iter().copied().fold(0.0f32, f32::max));
    let mut slow: Vec<[f64; 2]> = points.chunks(2).map(|p| [f64::from(p[0]), f64::from(p[1])]).collect();
    for epoch in 0..30 {
        let (now, rate) = (slow.clone(), 1.0 - f64::from(epoch) / 30.0);
        for (i, here) in slow.iter_mut().enumerate() {
            let (columns, values) = graph.row(i);
            let visits = |e: i32, w: f32| (f64::from(e) * f64::from(w) / strongest + 0.5 - 1e-9).floor();
            let due: Vec<usize> = columns
                .iter()
                .zip(values)
                .filter(|&(_, &w)| {
                    f64::from(w) >= strongest / 30.0 && visits(epoch + 1, w) > visits(epoch, w)
                })
                .map(|(&j, _)| j as usize)
                .collect();
            for batch in due.chunks(8) {
                let from = *here;
                for &j in batch {
                    let s = (from[0] - now[j][0]).powi(2) + (from[1] - now[j][1]).powi(2);
                    let share = (rate * 2.0 * a * b * s.powf(b - 1.0) / (1.0 + a * s.powf(b))).min(0.5);
                    let pull = 2.0 * share * (1.0 - share);
                    *here = [0, 1].map(|d| here[d] + pull * (now[j][d] - here[d]));
                }
            }
        }
    }
    for (fast, slow) in layout.iter().zip(&slow) {
        for d in 0..2 {
            assert!((f64::from(fast[d]) - slow[d]).abs() < 1e-2, "{fast:?} {slow:?}");
        }
    }
}

/// A layout in three dimensions is any layout: the same bits on any number of threads, and blobs stay apart.
#[test]
fn three_dimensions() {
    let points = blobs(9, &[[0.0, 0.0, 0.0], [12.0, 0.0, 0.0]], 60, 1.0);
    let nearest = nearest_neighbors(&points, 3, 10);
    let graph = graph_of(&nearest, 1.0, 1.0);
    let options = ProjectOptions { epochs: 80, ..of_embedding() };
    let layout = on_any_threads(|| {
        let mut umap = Umap::<3>::new(&graph, &nearest, &Parts::whole(120), &options, 1);
        let mut layout = points.as_chunks::<3>().0.to_vec();
        umap.run(&mut layout, 80);
        layout.into_flattened()
    });
    let lists = nearest_neighbors(&layout, 3, 10);
    assert_eq!(lists.triples().filter(|&(i, j, _)| (i < 60) != (j < 60)).count(), 0);
}

/// Correlation of the logarithms of local radii: the mean squared distance to the 15 nearest, in the data and on the map.
fn density_kept(points: &[f32], layout: &[f32]) -> f64 {
    let radii = |x: &[f32], dim: usize| -> Vec<f64> {
        let near = nearest_neighbors(x, dim, 15);
        let radius =
            |i: usize| near.row(i).1.iter().map(|&d| f64::from(d).powi(2)).sum::<f64>() / 15.0 + 1e-8;
        (0..near.n_rows()).map(|i| radius(i).ln()).collect()
    };
    let (there, here) = (radii(points, 3), radii(layout, 2));
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (m, k) = (mean(&there), mean(&here));
    let dot =
        |a: &[f64], x: f64, b: &[f64], y: f64| a.iter().zip(b).map(|(a, b)| (a - x) * (b - y)).sum::<f64>();
    dot(&there, m, &here, k) / (dot(&there, m, &there, m) * dot(&here, k, &here, k)).sqrt()
}

/// umap-learn's own two numbers are in the fixture: without and with densMAP.
#[test]
fn densities_are_kept_as_by_umap_learn() {
    let points = points();
    let nearest = nearest_neighbors(&points, 3, 15);
    let kept = |lambda: f64| {
        let options = ProjectOptions {
            n_neighbors: 15,
            min_dist: 0.1,
            epochs: 500,
            start: Start::Spectral,
            dens_lambda: lambda,
            ..of_embedding()
        };
        let mut status =
            initialize(&points, 3, &nearest, &Parts::whole(points.len() / 3), &options, 1).unwrap();
        status.run(u32::MAX);
        density_kept(&points, &status.finish())
    };
    let text = include_str!("fixtures/project/densities.csv");
    let wanted: Vec<f64> =
        text.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().parse().unwrap()).collect();
    let (plain, dense) = (kept(0.0), kept(2.0));
    assert!(dense > plain + 0.1, "{plain} {dense}");
    assert!(dense > wanted[1] - 0.02, "{plain} {dense}, umap-learn {wanted:?}");
}

#[test]
fn options_may_change_while_it_runs() {
    let points = blobs(3, &[[0.0, 0.0, 0.0], [6.0, 0.0, 0.0]], 80, 1.0);
    let nearest = nearest_neighbors(&points, 3, 10);
    let options = ProjectOptions { n_neighbors: 10, epochs: 60, ..of_embedding() };
    let begin =
        |options: &ProjectOptions| initialize(&points, 3, &nearest, &Parts::whole(160), options, 1).unwrap();
    let straight = |options: &ProjectOptions| {
        let mut status = begin(options);
        status.run(u32::MAX);
        bits(&status.finish())
    };
    // No change is none, in the first half.
    let mut status = begin(&options);
    status.run(20);
    assert!(status.change(&options));
    assert_eq!(status.epoch(), 20);
    status.run(u32::MAX);
    assert_eq!(bits(&status.finish()), straight(&options));
    // Before the first epoch it is as if begun so, but for the start's width, which is the spread's.
    let other =
        ProjectOptions { min_dist: 0.1, repulsion_strength: 2.0, negative_sample_rate: 9, ..options.clone() };
    let mut status = begin(&options);
    assert!(status.change(&other));
    status.run(u32::MAX);
    assert_eq!(bits(&status.finish()), straight(&other));
    // Late, it goes back to the middle, and the change shows.
    let mut status = begin(&options);
    status.run(59);
    assert!(status.change(&ProjectOptions { min_dist: 0.0, ..options.clone() }));
    assert_eq!(status.epoch(), 30);
    status.run(u32::MAX);
    assert_ne!(bits(&status.finish()), straight(&options));
    // Others need another graph or start.
    let mut status = begin(&options);
    status.run(7);
    for other in [
        ProjectOptions { n_neighbors: 11, ..options.clone() },
        ProjectOptions { epochs: 61, ..options.clone() },
        ProjectOptions { set_op_mix_ratio: 0.5, ..options.clone() },
        ProjectOptions { start: Start::Random, ..options.clone() },
        ProjectOptions { dens_lambda: 2.0, ..options.clone() },
    ] {
        assert!(!status.change(&other), "{other:?}");
    }
    status.run(u32::MAX);
    assert_eq!(bits(&status.finish()), straight(&options));
}
