//! t-SNE: its gradient is that of its divergence, the grid is the exact sum, and what a layout keeps.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::error::ErrorKind;
use archipelago::graph::nearest::{nearest_neighbors, nearest_within_parts};
use archipelago::pack::Parts;
use archipelago::project::tsne::Tsne;
use archipelago::project::tsne::affinities::{Perplexity, affinities};
use archipelago::project::{Method, NeighborsFrom, ProjectOptions, Start, Status, initialize};
use common::{Dice, bits, blobs, on_any_threads};

/// The defaults, of the embedding.
fn of_embedding() -> ProjectOptions {
    ProjectOptions {
        method: Method::Tsne,
        from: NeighborsFrom::Embedding,
        early_iterations: 250,
        iterations: 750,
        ..ProjectOptions::default()
    }
}

fn options() -> ProjectOptions {
    ProjectOptions { method: Method::Tsne, perplexity: Perplexity::One(10.0), ..of_embedding() }
}

/// The projection of `points` (row-major n x 3), no iteration done.
fn begin(points: &[f32], options: &ProjectOptions, seed: u64) -> Status {
    let nearest = nearest_neighbors(points, 3, options.wanted_neighbors());
    initialize(points, 3, &nearest, &Parts::whole(points.len() / 3), options, seed).unwrap()
}

fn layout(points: &[f32], options: &ProjectOptions) -> Vec<f32> {
    let mut status = begin(points, options, 1);
    status.run(u32::MAX);
    assert_eq!(status.epoch(), options.iterations);
    let divergence = status.divergence().unwrap();
    assert!(divergence.is_finite(), "{divergence} {:?}", &points[..points.len().min(9)]);
    status.finish()
}

/// `n` points of several sizes of groups, as wide as `width`.
fn scattered(seed: u64, n: usize, width: f32) -> Vec<[f32; 2]> {
    let centers = [[0.0, 0.0], [0.3, 0.1], [0.1, 0.4], [-0.4, -0.3], [-0.2, 0.45]];
    let points: Vec<f32> = blobs(seed, &centers, n / centers.len(), 0.05);
    points.as_chunks::<2>().0.iter().map(|p| p.map(|v| v * width)).collect()
}

/// The root mean square of the difference, by that of the values.
fn relative_error(found: &[[f32; 2]], want: &[[f64; 2]]) -> f64 {
    let square = |v: f64| v * v;
    let pairs = || found.as_flattened().iter().zip(want.as_flattened());
    let error: f64 = pairs().map(|(a, b)| square(f64::from(*a) - b)).sum();
    (error / pairs().map(|(_, b)| square(*b)).sum::<f64>()).sqrt()
}

fn fixture(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/fixtures/project/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn fixture_points() -> Vec<f32> {
    fixture("points").iter().flatten().map(|v| number(v) as f32).collect()
}

fn perplexity(text: &str) -> Perplexity {
    let all: Vec<f64> = text.split('+').map(number).collect();
    if all.len() == 1 { Perplexity::One(all[0]) } else { Perplexity::Several(all) }
}

/// Three bisections to a tolerance apart: openTSNE's ends at 1e-8 of the entropy, this at 1e-5.
#[test]
fn affinities_are_those_of_open_tsne() {
    let points = fixture_points();
    for name in ["30", "10", "5+60"] {
        let perplexity = perplexity(name);
        let p = affinities(&nearest_neighbors(&points, 3, perplexity.wanted_neighbors()), &perplexity);
        for row in fixture("affinities").iter().filter(|row| row[0] == name) {
            let [i, j, want] = [1, 2, 3].map(|c| number(&row[c]));
            let (columns, values) = p.row(i as usize);
            let found = columns.iter().position(|&c| c == j as u32).map_or(0.0, |at| f64::from(values[at]));
            assert!((found - want).abs() < 1e-3 * want + 1e-9, "{name} {i} {j}: {found}, not {want}");
        }
    }
}

/// The mean of several starts that differ by their jitter: one alone is worth 1 %.
#[test]
fn divergences_are_within_a_hundredth_of_open_tsne() {
    const SEEDS: u64 = 4;
    let points = fixture_points();
    for row in fixture("divergences") {
        let [degrees_of_freedom, exaggeration, want] = [1, 2, 3].map(|c| number(&row[c]));
        let options =
            ProjectOptions { perplexity: perplexity(&row[0]), degrees_of_freedom, exaggeration, ..options() };
        let of_seed = |seed| {
            let mut status = begin(&points, &options, seed);
            status.run(u32::MAX);
            status.divergence().unwrap()
        };
        let all: Vec<f64> = (1..=SEEDS).map(of_seed).collect();
        let found = all.iter().sum::<f64>() / SEEDS as f64;
        println!("{row:?}: {found:.6} {all:.5?}");
        assert!(found < 1.01 * want && found > 0.98 * want, "{row:?}: {found}");
    }
}

/// The divergence in f64, as it is written.
fn slow_divergence(p: &Csr<f32>, layout: &[[f64; 2]], degrees: f64) -> f64 {
    let w = |i: usize, j: usize| {
        let d = [0, 1].map(|c| layout[i][c] - layout[j][c]);
        (1.0 + (d[0] * d[0] + d[1] * d[1]) / degrees).powf(-degrees)
    };
    let n = layout.len();
    let z: f64 =
        (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j))).map(|(i, j)| w(i, j)).sum();
    let term = |(i, j, p): (u32, u32, f32)| {
        let p = f64::from(p);
        p * (p / (w(i as usize, j as usize) / z)).ln()
    };
    p.triples().map(term).sum()
}

#[test]
fn the_gradient_is_that_of_the_divergence() {
    let points = blobs(4, &[[0.0, 0.0, 0.0], [4.0, 1.0, 0.0]], 30, 1.0);
    for degrees_of_freedom in [1.0, 0.5, 4.0] {
        let options = ProjectOptions { degrees_of_freedom, ..options() };
        let p = affinities(&nearest_neighbors(&points, 3, 30), &options.perplexity);
        let mut tsne = Tsne::<2>::new(p.clone(), &Parts::whole(60), &options);
        for width in [0.5, 5.0, 40.0] {
            let layout: Vec<[f32; 2]> = scattered(9, 60, width);
            let gradient = tsne.gradient(&layout);
            let exactly: Vec<[f64; 2]> = layout.iter().map(|p| p.map(f64::from)).collect();
            let found = tsne.divergence(&layout);
            let want = slow_divergence(&p, &exactly, degrees_of_freedom);
            assert!((found / want - 1.0).abs() < 1e-4, "{found} {want}");
            let step = 1e-4 * f64::from(width);
            let along = |i: usize, c: usize, by: f64| {
                let mut moved = exactly.clone();
                moved[i][c] += by;
                slow_divergence(&p, &moved, degrees_of_freedom)
            };
            let numerical: Vec<[f64; 2]> = (0..60)
                .map(|i| [0, 1].map(|c| (along(i, c, step) - along(i, c, -step)) / (2.0 * step) / 4.0))
                .collect();
            let error = relative_error(&gradient, &numerical);
            assert!(error < 1e-3, "degrees {degrees_of_freedom}, width {width}: {error}");
        }
    }
}

/// Few enough points to look at all pairs, and enough for the tree.
#[test]
fn pieces_are_the_whole_on_any_number_of_threads() {
    for (n, iterations) in [(100, 60), (900, 12)] {
        let points = blobs(3, &[[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 1.0]], n, 1.0);
        for start in [Start::Pca, Start::Spectral] {
            let options = ProjectOptions { iterations, early_iterations: 7, start, ..options() };
            let straight = on_any_threads(|| bits(&layout(&points, &options)));
            let mut status = begin(&points, &options, 1);
            for until in [0, 1, 2, 2, 7, 11, 1000] {
                status.run(until);
                assert_eq!(status.epoch(), until.min(iterations));
            }
            assert_eq!(bits(&status.finish()), straight, "{n} {start:?}");
        }
    }
}

#[test]
fn separate_groups_stay_separate() {
    for n in [100, 1050] {
        let points = blobs(9, &[[0.0, 0.0, 0.0], [20.0, 0.0, 0.0]], n, 1.0);
        let layout = layout(&points, &ProjectOptions { iterations: 300, early_iterations: 150, ..options() });
        let lists = nearest_neighbors(&layout, 2, 10);
        let strays = lists.triples().filter(|&(i, j, _)| (i < n as u32) != (j < n as u32)).count();
        // Groups touch in t-SNE's maps: of many points a few stand at the border.
        let most = if n > 1000 { lists.len() / 200 } else { 0 };
        assert!(strays <= most, "{n}: {strays} of the nearest are of the other group");
        let high = nearest_neighbors(&points, 3, 10);
        let kept = |i: usize| high.row(i).0.iter().filter(|j| lists.row(i).0.contains(j)).count();
        let kept = (0..high.n_rows()).map(kept).sum::<usize>() as f64 / high.len() as f64;
        assert!(kept > 0.4, "{kept}");
    }
}

/// Parts of all sizes in the same place of the embedding: as dense as each other, none over another.
#[test]
fn parts_are_equally_dense_and_apart() {
    let sizes = [400u32, 100, 20, 3, 2, 1, 1];
    let of_item: Vec<u32> = (0..).zip(sizes).flat_map(|(p, n)| std::iter::repeat_n(p, n as usize)).collect();
    let points = blobs(5, &[[0.0, 0.0, 0.0]], of_item.len(), 1.0);
    let parts = Parts { of_item: of_item.clone(), sizes: sizes.to_vec() };
    let nearest = nearest_within_parts(&points, 3, 30, &parts);
    let mut status = initialize(&points, 3, &nearest, &parts, &options(), 1).unwrap();
    status.run(u32::MAX);
    let layout = status.finish();
    assert!(layout.iter().all(|v| v.is_finite()));
    let lists = nearest_neighbors(&layout, 2, 1);
    let glued = |&(i, j, _): &(u32, u32, f32)| {
        sizes[of_item[i as usize] as usize] > 3 && of_item[i as usize] != of_item[j as usize]
    };
    assert_eq!(lists.triples().filter(glued).count(), 0, "the nearest is of the same part");
    let spacing = |part: u32| {
        let of_part: Vec<f32> =
            lists.triples().filter(|&(i, _, _)| of_item[i as usize] == part).map(|(_, _, d)| d).collect();
        of_part.iter().sum::<f32>() / of_part.len() as f32
    };
    let spacings: Vec<f32> = (0..3).map(spacing).collect();
    assert!(spacings.iter().all(|s| (0.4..2.5).contains(&(s / spacings[0]))), "{spacings:?}");
    let far = |range: std::ops::Range<usize>| {
        range.map(|i| layout[2 * i].hypot(layout[2 * i + 1])).fold(0.0f32, f32::max)
    };
    assert!(far(0..of_item.len()) < 4.0 * far(0..400), "{} {}", far(0..of_item.len()), far(0..400));
}

#[test]
fn hostile_points_have_finite_layouts() {
    let blob = blobs(5, &[[0.0, 0.0, 0.0]], 40, 1.0);
    let mut cases: Vec<(String, Vec<f32>)> = [0usize, 1, 2, 3, 4, 5, 50, 2100]
        .into_iter()
        .flat_map(|n| {
            let line = (0..3 * n).map(|v| if v % 3 == 0 { v as f32 } else { 0.0 }).collect();
            [(format!("{n} in one place"), vec![0.5f32; 3 * n]), (format!("{n} on a line"), line)]
        })
        .collect();
    for scale in [1e-40f32, 1e-30, 1e-9, 1e-3, 1e3, 1e9] {
        let scaled = blob.iter().map(|v| v * scale).collect();
        cases.push((format!("scale {scale:e}"), scaled));
    }
    // Half of the points in one place, one far away.
    let mut copies = blob.clone();
    copies[..60].fill(0.25);
    copies[119] = 1e6;
    cases.push(("copies and an outlier".to_owned(), copies));
    for (what, points) in cases {
        for start in [Start::Pca, Start::Spectral] {
            let iterations = if points.len() > 1000 { 30 } else { 300 };
            let options = ProjectOptions { iterations, early_iterations: 20, start, ..options() };
            let layout = layout(&points, &options);
            assert_eq!(layout.len(), points.len() / 3 * 2);
            assert!(layout.iter().all(|v| v.is_finite()), "{what}, {start:?}: {layout:?}");
        }
    }
}

/// Neighbors that are given by a graph: lists of different lengths, some empty, and any distances.
#[test]
fn uneven_lists_have_finite_layouts() {
    let mut dice = Dice::new(2);
    let mut nearest = Csr::default();
    for i in 0..200u32 {
        let k = dice.below(30);
        let mut row: Vec<(u32, f32)> =
            (0..k).map(|e| ((i + e as u32 + 1) % 200, dice.unit() as f32)).collect();
        row.sort_by(|a, b| a.1.total_cmp(&b.1));
        nearest.push_row(if i % 17 == 0 { Vec::new() } else { row });
    }
    let points = blobs(1, &[[0.0, 0.0, 0.0]], 200, 1.0);
    let mut status = initialize(&points, 3, &nearest, &Parts::whole(200), &options(), 1).unwrap();
    status.run(u32::MAX);
    assert!(status.divergence().unwrap() > 0.0);
    assert!(status.finish().iter().all(|v| v.is_finite()));
}

#[test]
fn extreme_options_have_finite_layouts() {
    let points = blobs(5, &[[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]], 30, 1.0);
    let good = || ProjectOptions { iterations: 150, early_iterations: 50, ..options() };
    let cases = [
        ProjectOptions { perplexity: Perplexity::One(2.0), ..good() },
        ProjectOptions { perplexity: Perplexity::One(300.0), ..good() },
        ProjectOptions { perplexity: Perplexity::Several(vec![2.0, 300.0, 30.0]), ..good() },
        ProjectOptions { early_exaggeration: 100.0, exaggeration: 100.0, ..good() },
        ProjectOptions { early_iterations: 0, ..good() },
        ProjectOptions { iterations: 1, ..good() },
        ProjectOptions { learning_rate: Some(1e9), ..good() },
        ProjectOptions { learning_rate: Some(1e-3), ..good() },
        ProjectOptions { degrees_of_freedom: 0.2, ..good() },
        ProjectOptions { degrees_of_freedom: 100.0, ..good() },
    ];
    for options in cases {
        options.check().unwrap();
        assert!(layout(&points, &options).iter().all(|v| v.is_finite()), "{options:?}");
    }
}

/// So many lists that they are weighed and joined in several steps: copies of a few, whose affinities are known.
#[test]
fn affinities_of_many_lists_are_those_of_each_copy() {
    let (n, copies, perplexity) = (300, 150, Perplexity::One(5.0));
    let one = nearest_neighbors(&blobs(4, &[[0.0, 0.0, 0.0]], n, 1.0), 3, 15);
    let mut all = Csr::default();
    for i in 0..n * copies {
        let (columns, distances) = one.row(i % n);
        let first = (i / n * n) as u32;
        all.push_row(columns.iter().map(|j| first + j).zip(distances.iter().copied()));
    }
    let (one, all) = (affinities(&one, &perplexity), affinities(&all, &perplexity));
    for i in 0..n * copies {
        let ((near, p), (columns, values)) = (one.row(i % n), all.row(i));
        assert!(
            near.iter().zip(columns).all(|(j, c)| (i / n * n) as u32 + j == *c)
                && near.len() == columns.len()
        );
        let same = |(p, v): (&f32, &f32)| (p / copies as f32 - v).abs() <= 1e-5 * v;
        assert!(p.iter().zip(values).all(same), "{i}");
    }
}

#[test]
fn options_may_change_while_it_runs() {
    let points = blobs(3, &[[0.0, 0.0, 0.0], [6.0, 0.0, 0.0]], 80, 1.0);
    let options = ProjectOptions { iterations: 120, early_iterations: 40, ..options() };
    let straight = |options: &ProjectOptions| bits(&layout(&points, options));
    let run_on = |mut status: Status, until: u32| {
        status.run(until);
        status
    };
    let finished = |status: Status| bits(&run_on(status, u32::MAX).finish());
    let run_to = |iteration: u32| run_on(begin(&points, &options, 1), iteration);
    // No change is none, wherever it stands; more iterations are as if begun so.
    for at in [0, 20, 60, 119] {
        let mut status = run_to(at);
        assert!(status.change(&options) && status.epoch() == at);
        assert_eq!(finished(status), straight(&options));
        let longer = ProjectOptions { iterations: 150, ..options.clone() };
        let mut status = run_to(at);
        assert!(status.change(&longer) && status.epoch() == at && status.n_epochs() == 150);
        assert_eq!(finished(status), straight(&longer));
    }
    // Before the first iteration it is as if begun so; so is what a later phase does, before that begins.
    let other = ProjectOptions {
        early_exaggeration: 6.0,
        early_iterations: 30,
        exaggeration: 3.0,
        learning_rate: Some(90.0),
        degrees_of_freedom: 0.7,
        ..options.clone()
    };
    let mut status = run_to(0);
    assert!(status.change(&other));
    assert_eq!(finished(status), straight(&other));
    let late = ProjectOptions { exaggeration: 4.0, ..options.clone() };
    let mut status = run_to(40);
    assert!(status.change(&late));
    assert_eq!(finished(status), straight(&late));
    // Late, it goes back to the middle of its phase, and the change shows.
    let mut status = run_to(119);
    assert!(status.change(&late) && status.epoch() == 80);
    let changed = finished(status);
    assert!(changed != straight(&options) && changed != straight(&late));
    // Fewer iterations than are done: it is at its end.
    let mut status = run_to(60);
    assert!(status.change(&ProjectOptions { iterations: 50, ..options.clone() }));
    assert!(status.epoch() >= status.n_epochs());
    // Others need other affinities or another start.
    let mut status = run_to(7);
    for other in [
        ProjectOptions { perplexity: Perplexity::One(11.0), ..options.clone() },
        ProjectOptions { start: Start::Random, ..options.clone() },
        ProjectOptions { method: Method::Umap, ..options.clone() },
    ] {
        assert!(!status.change(&other), "{other:?}");
    }
    assert_eq!(finished(status), straight(&options));
}

#[test]
fn options_out_of_range_are_named() {
    let good = options;
    let cases = [
        (ProjectOptions { perplexity: Perplexity::One(1.9), ..good() }, "project.perplexity"),
        (ProjectOptions { perplexity: Perplexity::One(f64::NAN), ..good() }, "project.perplexity"),
        (ProjectOptions { perplexity: Perplexity::Several(vec![]), ..good() }, "project.perplexity"),
        (
            ProjectOptions { perplexity: Perplexity::Several(vec![30.0, 301.0]), ..good() },
            "project.perplexity",
        ),
        (ProjectOptions { early_exaggeration: 0.9, ..good() }, "project.earlyExaggeration"),
        (ProjectOptions { exaggeration: 101.0, ..good() }, "project.exaggeration"),
        (ProjectOptions { early_iterations: 10_001, ..good() }, "project.earlyIterations"),
        (ProjectOptions { iterations: 0, ..good() }, "project.iterations"),
        (ProjectOptions { learning_rate: Some(0.0), ..good() }, "project.learningRate"),
        (ProjectOptions { degrees_of_freedom: 0.1, ..good() }, "project.degreesOfFreedom"),
    ];
    for (options, key) in cases {
        let error = options.check().unwrap_err();
        assert!(matches!(error.kind, ErrorKind::OptionOutOfRange { option, .. } if option == key), "{error}");
    }
}
