//! The projection: fuzzy strengths, how a run goes, and what a layout keeps of its embedding.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::error::ErrorKind;
use archipelago::graph::nearest::{nearest_neighbors, nearest_within_parts};
use archipelago::pack::Parts;
use archipelago::project::fuzzy_set::{find_ab, fuzzy_union, neighbor_strengths};
use archipelago::project::umap::Umap;
use archipelago::project::{Method, NeighborsFrom, ProjectOptions, Start, Status, initialize};
use common::{Dice, bits, blobs, on_any_threads};
use proptest::prelude::*;

/// The defaults, of the embedding.
fn of_embedding() -> ProjectOptions {
    ProjectOptions { method: Method::Umap, from: NeighborsFrom::Embedding, ..ProjectOptions::default() }
}

/// The projection of `points` (row-major n x 3), no epoch done.
fn begin(points: &[f32], options: &ProjectOptions, seed: u64) -> Status {
    let nearest = nearest_neighbors(points, 3, options.n_neighbors as usize);
    initialize(points, 3, &nearest, &Parts::whole(points.len() / 3), options, seed).unwrap()
}

fn layout(points: &[f32], options: &ProjectOptions, seed: u64) -> Vec<f32> {
    let mut status = begin(points, options, seed);
    status.run(u32::MAX);
    assert_eq!(status.epoch(), status.n_epochs());
    status.finish()
}

fn quick(start: Start) -> ProjectOptions {
    ProjectOptions { n_neighbors: 10, epochs: 60, start, ..of_embedding() }
}

/// UMAP of flat `points`, from where they are.
fn flat(points: &[f32], options: &ProjectOptions, seed: u64) -> (Umap<2>, Vec<[f32; 2]>) {
    let nearest = nearest_neighbors(points, 2, options.n_neighbors as usize);
    let graph = fuzzy_union(&neighbor_strengths(&nearest, 1.0), 1.0);
    let umap = Umap::new(&graph, &nearest, &Parts::whole(points.len() / 2), options, seed);
    (umap, points.as_chunks::<2>().0.to_vec())
}

fn is_finite(x: &[f32]) -> bool {
    x.iter().all(|v| v.is_finite())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// The strengths of each point sum to log2(k + 1), unless even the least bandwidth gives more.
    #[test]
    fn strengths_sum_to_the_target(
        k in 2..40usize, seed: u64, scale in -9..10i32, copies in 0..3usize, spread in 1..4i32
    ) {
        let mut dice = Dice::new(seed);
        let scale = 10f64.powi(scale);
        let rows = 5;
        let mut nearest = Csr::default();
        for _ in 0..rows {
            let mut row: Vec<f32> =
                (0..k).map(|_| ((0.01 + dice.unit().powi(spread)) * scale) as f32).collect();
            row[..copies.min(k)].fill(0.0);
            row.sort_by(f32::total_cmp);
            nearest.push_row((0..).zip(row));
        }
        let strengths = neighbor_strengths(&nearest, 1.0);
        prop_assert_eq!(&strengths.columns, &nearest.columns);
        for i in 0..rows {
            let (distances, values) = (nearest.row(i).1, strengths.row(i).1);
            prop_assert!(values.iter().all(|&w| w > 0.0 && w <= 1.0), "{values:?}");
            prop_assert!(values.windows(2).all(|w| w[0] >= w[1]), "farther is not stronger: {values:?}");
            let first = distances.iter().position(|&d| d > 0.0).unwrap_or(0);
            prop_assert_eq!(values[first], 1.0, "the nearest that is no copy");
            let (sum, target) = (values.iter().sum::<f32>(), (k as f64 + 1.0).log2());
            // The least bandwidth is a thousandth of the mean distance.
            let rho = f64::from(distances[first]);
            let mean_of = |d: &[f32]| d.iter().map(|&d| f64::from(d)).sum::<f64>() / d.len() as f64;
            let least = 1e-3 * if rho > 0.0 { mean_of(distances) } else { mean_of(&nearest.values) };
            let strength = |&d: &f32| libm::exp(-(f64::from(d) - rho).max(0.0) / least.max(1e-30));
            let want = distances.iter().map(strength).sum::<f64>().max(target);
            prop_assert!((f64::from(sum) - want).abs() < 1e-3, "{sum}, not {want}: {values:?}");
        }
    }

    #[test]
    fn union_is_its_slow_twin(
        entries in prop::collection::btree_map((0..9u32, 0..9u32), 0.01..1.0f32, 0..40),
        mix in prop_oneof![Just(0.0f32), Just(1.0), 0.0..1.0f32],
    ) {
        let directed = Csr::from_triples(9, entries.iter().map(|(&(i, j), &w)| (i, j, w)));
        let union = fuzzy_union(&directed, mix);
        for i in 0..9 {
            for j in 0..9 {
                let at = |i, j| entries.get(&(i, j)).copied();
                if i == j {
                    continue;
                }
                let (a, b) = (f64::from(at(i, j).unwrap_or(0.0)), f64::from(at(j, i).unwrap_or(0.0)));
                let (either, both, mix) = (1.0 - (1.0 - a) * (1.0 - b), a * b, f64::from(mix));
                let want = Some(mix * either + (1.0 - mix) * both).filter(|&w| w > 0.0);
                let found = |i: u32, j: u32| {
                    let (columns, values) = union.row(i as usize);
                    columns.iter().position(|&c| c == j).map(|e| values[e])
                };
                prop_assert_eq!(found(i, j), found(j, i), "the same bits both ways");
                prop_assert_eq!(found(i, j).is_some(), want.is_some());
                if let (Some(found), Some(want)) = (found(i, j), want) {
                    prop_assert!((f64::from(found) - want).abs() < 1e-6, "{found} {want}");
                }
            }
        }
    }
}

#[test]
fn ab_is_a_good_curve_over_the_whole_range() {
    for spread in [0.1, 0.5, 1.0, 3.0, 10.0] {
        for share in [0.0, 0.01, 0.3, 0.9, 1.0] {
            let min_dist = share * spread;
            let (a, b) = find_ab(min_dist, spread);
            assert!(a.is_finite() && b.is_finite() && a > 0.0 && b > 0.0, "{min_dist} {spread}: {a} {b}");
            // The fit is close: within 0.15 of the wanted curve anywhere.
            for i in 1..300 {
                let d = 3.0 * spread * f64::from(i) / 299.0;
                let want = if d < min_dist { 1.0 } else { libm::exp(-(d - min_dist) / spread) };
                let value = 1.0 / (1.0 + a * libm::pow(d, 2.0 * b));
                assert!((value - want).abs() < 0.15, "{min_dist} {spread} at {d}: {value} {want}");
            }
        }
    }
}

#[test]
fn pieces_are_the_whole_on_any_number_of_threads() {
    let points = blobs(3, &[[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 1.0]], 250, 1.0);
    for start in [Start::Pca, Start::Spectral, Start::Random] {
        let options = quick(start);
        let straight = on_any_threads(|| bits(&layout(&points, &options, 7)));
        let mut status = begin(&points, &options, 7);
        for until in [0, 1, 2, 2, 31, 59, 1000] {
            status.run(until);
            assert_eq!(status.epoch(), until.min(60));
        }
        assert_eq!(bits(&status.finish()), straight, "{start:?}");
        assert_ne!(bits(&layout(&points, &options, 8)), straight, "the seed counts");
    }
}

/// The seed names the negative samples too, not the start alone.
#[test]
fn the_seed_names_the_random_points() {
    let points = blobs(3, &[[0.0, 0.0]], 60, 1.0);
    let moved = |seed| {
        let (mut umap, mut layout) = flat(&points, &quick(Start::Pca), seed);
        umap.run(&mut layout, 5);
        bits(layout.as_flattened())
    };
    assert_eq!(moved(1), moved(1));
    assert_ne!(moved(1), moved(2));
}

#[test]
fn a_layout_is_centered() {
    let points = blobs(3, &[[90.0, 0.0, 0.0]], 200, 1.0);
    let layout = layout(&points, &quick(Start::Pca), 1);
    for c in 0..2 {
        let mean: f32 = layout.iter().skip(c).step_by(2).sum::<f32>() / 200.0;
        assert!(mean.abs() < 1e-4, "{mean}");
    }
}

/// The share of each point's k nearest in `points` (n x 3) that are among its k nearest in `layout`.
fn preserved(points: &[f32], layout: &[f32], k: usize) -> f64 {
    let (high, low) = (nearest_neighbors(points, 3, k), nearest_neighbors(layout, 2, k));
    let kept = |i: usize| high.row(i).0.iter().filter(|j| low.row(i).0.contains(j)).count();
    (0..high.n_rows()).map(kept).sum::<usize>() as f64 / high.len() as f64
}

#[test]
fn separate_blobs_stay_separate_and_keep_their_neighbors() {
    let n = 100;
    let points = blobs(9, &[[0.0, 0.0, 0.0], [20.0, 0.0, 0.0]], n, 1.0);
    for start in [Start::Pca, Start::Spectral, Start::Random] {
        let options = ProjectOptions { n_neighbors: 15, epochs: 300, start, ..of_embedding() };
        let layout = layout(&points, &options, 2);
        assert!(is_finite(&layout));
        let lists = nearest_neighbors(&layout, 2, 10);
        let strays = lists.triples().filter(|&(i, j, _)| (i < n as u32) != (j < n as u32)).count();
        assert_eq!(strays, 0, "no point's nearest are of the other blob");
        // By chance 10 of 199 would be kept, 5 %.
        let kept = preserved(&points, &layout, 10);
        assert!(kept > 0.4, "{start:?}: {kept}");
    }
}

/// A flat sheet in space is already a map: most neighbors stay.
#[test]
fn a_flat_sheet_keeps_its_neighbors() {
    let mut dice = Dice::new(4);
    let points: Vec<f32> =
        (0..400).flat_map(|_| [dice.unit() as f32 * 8.0, dice.unit() as f32 * 5.0, 0.0]).collect();
    let options = ProjectOptions { n_neighbors: 15, epochs: 200, ..of_embedding() };
    let kept = preserved(&points, &layout(&points, &options, 1), 15);
    assert!(kept > 0.6, "{kept}");
}

/// Three parts and two single items, all in the same place of the embedding: each is laid out as itself, none over another.
#[test]
fn parts_are_neither_glued_nor_thrown_off() {
    let points = blobs(5, &[[0.0, 0.0, 0.0]], 242, 1.0);
    let of_item: Vec<u32> = (0..242)
        .map(|i| {
            if i < 160 {
                0
            } else if i < 220 {
                1
            } else if i < 240 {
                2
            } else {
                i - 237
            }
        })
        .collect();
    let parts = Parts { of_item: of_item.clone(), sizes: vec![160, 60, 20, 1, 1] };
    for start in [Start::Pca, Start::Spectral, Start::Random] {
        let layout = on_any_threads(|| {
            let nearest = nearest_within_parts(&points, 3, 10, &parts);
            assert!(nearest.triples().all(|(i, j, _)| of_item[i as usize] == of_item[j as usize]));
            let mut status = initialize(&points, 3, &nearest, &parts, &quick(start), 1).unwrap();
            status.run(u32::MAX);
            let shown = status.layout();
            let finished = status.finish();
            assert!(shown.iter().zip(&finished).all(|(a, b)| (a - b).abs() < 1e-3), "shown as it ends");
            finished
        });
        let lists = nearest_neighbors(&layout, 2, 1);
        let glued = |(i, j, _): &(u32, u32, f32)| *i < 240 && of_item[*i as usize] != of_item[*j as usize];
        assert_eq!(lists.triples().filter(glued).count(), 0, "{start:?}: the nearest is of the same part");
        let far = |items: std::ops::Range<usize>| {
            items.map(|i| layout[2 * i].hypot(layout[2 * i + 1])).fold(0.0f32, f32::max)
        };
        let (main, all) = (far(0..160), far(0..242));
        assert!(all < 4.0 * main, "{start:?}: the main part reaches to {main}, all to {all}");
    }
}

/// Rows of each part are what a search in that part alone finds.
#[test]
fn nearest_within_parts_is_the_search_in_each_part() {
    let points = blobs(6, &[[0.0, 0.0, 0.0]], 60, 1.0);
    let of_item: Vec<u32> = (0..60).map(|i| if i % 7 == 0 { 1 } else { 0 }).collect();
    let parts = Parts { sizes: vec![51, 9], of_item };
    let found = nearest_within_parts(&points, 3, 12, &parts);
    for p in 0..2 {
        let items = parts.members().row(p).0.to_vec();
        let inside: Vec<f32> = items.iter().flat_map(|&i| points[3 * i as usize..][..3].to_vec()).collect();
        let alone = nearest_neighbors(&inside, 3, 12);
        for (at, &i) in items.iter().enumerate() {
            let named: Vec<u32> = alone.row(at).0.iter().map(|&j| items[j as usize]).collect();
            assert_eq!((found.row(i as usize).0, found.row(i as usize).1), (&named[..], alone.row(at).1));
        }
    }
}

#[test]
fn hostile_points_have_finite_layouts() {
    let blob = blobs(5, &[[0.0, 0.0, 0.0]], 40, 1.0);
    let mut cases: Vec<(String, Vec<f32>)> = [0usize, 1, 2, 3, 5, 50]
        .into_iter()
        .flat_map(|n| {
            let line = (0..3 * n).map(|v| if v % 3 == 0 { v as f32 } else { 0.0 }).collect();
            [(format!("{n} in one place"), vec![0.5f32; 3 * n]), (format!("{n} on a line"), line)]
        })
        .collect();
    for scale in [1e-40f32, 1e-30, 1e-9, 1e-3, 1e3, 1e9] {
        cases.push((format!("scale {scale:e}"), blob.iter().map(|v| v * scale).collect()));
    }
    // Half of the points in one place, one far away.
    let mut copies = blob.clone();
    copies[..60].fill(0.25);
    copies[119] = 1e6;
    cases.push(("copies and an outlier".to_owned(), copies));
    for (what, points) in cases {
        for start in [Start::Pca, Start::Spectral, Start::Random] {
            for strength in [0.0, 1.0, 100.0] {
                let options = ProjectOptions { repulsion_strength: strength, ..quick(start) };
                let layout = layout(&points, &options, 1);
                assert_eq!(layout.len(), points.len() / 3 * 2);
                assert!(is_finite(&layout), "{what}, {start:?}, repulsion {strength}: {layout:?}");
            }
        }
    }
}

#[test]
fn extreme_options_have_finite_layouts() {
    let points = blobs(5, &[[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]], 30, 1.0);
    let good = || quick(Start::Pca);
    let cases = [
        ProjectOptions { n_neighbors: 2, ..good() },
        ProjectOptions { n_neighbors: 500, ..good() },
        ProjectOptions { min_dist: 0.0, ..good() },
        ProjectOptions { min_dist: 0.1, spread: 0.1, ..good() },
        ProjectOptions { min_dist: 10.0, spread: 10.0, ..good() },
        ProjectOptions { epochs: 1, ..good() },
        ProjectOptions { negative_sample_rate: 1, ..good() },
        ProjectOptions { negative_sample_rate: 50, repulsion_strength: 100.0, ..good() },
        ProjectOptions { set_op_mix_ratio: 0.0, ..good() },
        ProjectOptions { local_connectivity: 0.0, ..good() },
        ProjectOptions { local_connectivity: 100.0, ..good() },
        ProjectOptions { dens_lambda: 100.0, dens_frac: 1.0, dens_var_shift: 0.0, ..good() },
    ];
    for options in cases {
        options.check().unwrap();
        assert!(is_finite(&layout(&points, &options, 1)), "{options:?}");
    }
}

#[test]
fn options_out_of_range_are_named() {
    let good = ProjectOptions::default;
    let cases = [
        (ProjectOptions { n_neighbors: 1, ..good() }, "project.nNeighbors"),
        (ProjectOptions { n_neighbors: 501, ..good() }, "project.nNeighbors"),
        (ProjectOptions { spread: 0.09, ..good() }, "project.spread"),
        (ProjectOptions { spread: f64::NAN, ..good() }, "project.spread"),
        (ProjectOptions { min_dist: 1.1, ..good() }, "project.minDist"),
        (ProjectOptions { min_dist: -0.1, ..good() }, "project.minDist"),
        (ProjectOptions { min_dist: f64::NAN, ..good() }, "project.minDist"),
        (ProjectOptions { epochs: 0, ..good() }, "project.epochs"),
        (ProjectOptions { epochs: 5001, ..good() }, "project.epochs"),
        (ProjectOptions { negative_sample_rate: 0, ..good() }, "project.negativeSampleRate"),
        (ProjectOptions { negative_sample_rate: 51, ..good() }, "project.negativeSampleRate"),
        (ProjectOptions { repulsion_strength: -0.1, ..good() }, "project.repulsionStrength"),
        (ProjectOptions { repulsion_strength: f64::INFINITY, ..good() }, "project.repulsionStrength"),
        (ProjectOptions { set_op_mix_ratio: 1.1, ..good() }, "project.setOpMixRatio"),
        (ProjectOptions { local_connectivity: f64::NAN, ..good() }, "project.localConnectivity"),
        (ProjectOptions { dens_lambda: -1.0, ..good() }, "project.densLambda"),
        (ProjectOptions { dens_frac: 2.0, ..good() }, "project.densFrac"),
        (ProjectOptions { dens_var_shift: 11.0, ..good() }, "project.densVarShift"),
    ];
    for (options, key) in cases {
        let points = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let nearest = nearest_neighbors(&points, 3, 1);
        let error = initialize(&points, 3, &nearest, &Parts::whole(2), &options, 1).err().expect(key);
        assert!(matches!(error.kind, ErrorKind::OptionOutOfRange { option, .. } if option == key), "{error}");
    }
}
