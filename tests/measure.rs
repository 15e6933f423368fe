//! Measures of a map: against slow obvious twins, against scikit-learn and SciPy, on samples, for any number of threads, and of what is
//! hardly a map at all.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::measure::distances::{PAIRS, distance_correlation};
use archipelago::measure::near::near;
use archipelago::measure::ordering::{Ordering, Spaces, ordering};
use archipelago::measure::purity::NO_LABEL;
use archipelago::measure::quality::{self, Input};
use archipelago::measure::{Labels, Quality};
use archipelago::pack::Parts;
use archipelago::parallel::with_threads;
use common::Dice;

const POINTS: &str = include_str!("fixtures/measure/points.csv");
const VALUES: &str = include_str!("fixtures/measure/values.csv");

/// A reference in `dim` dimensions and a layout: its first two, shaken. With `grid`, many points stand in one place.
fn made(seed: u64, n: usize, dim: usize, grid: bool) -> (Vec<f32>, Vec<f32>) {
    let mut dice = Dice::new(seed);
    let mut number = || if grid { dice.below(4) as f32 } else { dice.unit() as f32 };
    let reference: Vec<f32> = (0..n * dim).map(|_| number()).collect();
    let shaken = |row: &[f32]| [row[0], row[1]];
    let mut layout: Vec<f32> = reference.chunks_exact(dim).flat_map(shaken).collect();
    layout.iter_mut().for_each(|v| *v += 0.2 * number());
    (reference, layout)
}

fn spaces<'a>(reference: &'a [f32], reference_dim: usize, layout: &'a [f32], dim: usize) -> Spaces<'a> {
    Spaces { layout, dim, reference, reference_dim }
}

/// The other points, nearest first, ties by lower id.
fn sorted(points: &[f32], dim: usize, i: usize) -> Vec<u32> {
    let squared = |j: usize| {
        let pairs = points[i * dim..][..dim].iter().zip(&points[j * dim..][..dim]);
        pairs.fold(0.0f32, |sum, (a, b)| sum + (a - b) * (a - b))
    };
    let mut others: Vec<usize> = (0..points.len() / dim).filter(|&j| j != i).collect();
    others.sort_by(|&a, &b| squared(a).total_cmp(&squared(b)).then(a.cmp(&b)));
    others.into_iter().map(|j| j as u32).collect()
}

fn first(list: &[u32], k: usize) -> &[u32] {
    &list[..k.min(list.len())]
}

/// The mean share of the first k of `reference` that are among the first k of `layout`.
fn slow_preserved(reference: &[Vec<u32>], layout: &[Vec<u32>], k: usize) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for (wanted, found) in reference.iter().zip(layout).filter(|(wanted, _)| !wanted.is_empty()) {
        let kept = first(wanted, k).iter().filter(|id| first(found, k).contains(id)).count();
        sum += kept as f64 / first(wanted, k).len() as f64;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

/// Trustworthiness as its formula stands (Venna, Kaski 2001): `shown` is the layout.
fn slow_trust(truth: &[Vec<u32>], shown: &[Vec<u32>], k: usize) -> f64 {
    let (n, k) = (truth.len(), k.min(truth.len() - 1));
    let mut sum = 0;
    for (truth, shown) in truth.iter().zip(shown) {
        for id in first(shown, k).iter().filter(|id| !first(truth, k).contains(id)) {
            sum += truth.iter().position(|other| other == id).unwrap() + 1 - k;
        }
    }
    let whole = if 2 * k < n { n * k * (2 * n - 3 * k - 1) } else { n * (n - k) * (n - k - 1) };
    if whole == 0 { 1.0 } else { 1.0 - 2.0 * sum as f64 / whole as f64 }
}

fn close(found: Option<f64>, wanted: f64, what: &str) {
    let found = found.unwrap_or(f64::NAN);
    // The shares of single points are f32.
    assert!((found - wanted).abs() < 1e-6, "{what}: {found}, not {wanted}");
}

#[test]
fn orderings_equal_their_slow_twins() {
    for (seed, (n, dim, grid)) in
        [(2, 3, false), (3, 2, true), (20, 3, false), (31, 4, true), (120, 3, true), (150, 7, false)]
            .into_iter()
            .enumerate()
    {
        let (reference, layout) = made(seed as u64, n, dim, grid);
        let truth: Vec<_> = (0..n).map(|i| sorted(&reference, dim, i)).collect();
        let shown: Vec<_> = (0..n).map(|i| sorted(&layout, 2, i)).collect();
        for k in [1, 5, 15, 60] {
            let found = ordering(&spaces(&reference, dim, &layout, 2), k, 5000, 10, 1);
            let what = format!("{n} points in {dim} dimensions, k = {k}");
            close(found.trustworthiness, slow_trust(&truth, &shown, k), &what);
            close(found.continuity, slow_trust(&shown, &truth, k), &what);
            for preserved in &found.preserved {
                close(preserved.share, slow_preserved(&truth, &shown, preserved.k).unwrap(), &what);
            }
            assert_eq!(found.ranked.iter().map(|ranked| ranked.k).collect::<Vec<_>>(), [5, 15, 50]);
            for ranked in &found.ranked {
                close(ranked.trustworthiness, slow_trust(&truth, &shown, ranked.k), &what);
                close(ranked.continuity, slow_trust(&shown, &truth, ranked.k), &what);
            }
            assert_eq!((found.points, found.exact), (n, true));
        }
    }
}

#[test]
fn the_nearest_equal_their_slow_twins() {
    for (seed, (n, dim)) in [(1, 2), (2, 2), (9, 3), (70, 2), (200, 3), (200, 2)].into_iter().enumerate() {
        let mut dice = Dice::new(seed as u64);
        let layout: Vec<f32> = (0..n * dim).map(|_| dice.below(20) as f32).collect();
        // Lists of any length, 0 too; some name the item itself, which does not count.
        let mut lists = Csr::default();
        let mut truth = Vec::new();
        for i in 0..n {
            let mut row: Vec<u32> = (0..n as u32).collect();
            (0..n).for_each(|at| row.swap(at, dice.below(n)));
            row.truncate(dice.below(80));
            lists.push_row(row.iter().map(|&j| (j, 1.0)));
            row.retain(|&j| j as usize != i);
            truth.push(row);
        }
        let codes: Vec<u32> =
            (0..n).map(|_| dice.below(4) as u32).map(|c| if c == 3 { NO_LABEL } else { c }).collect();
        let labels = [Labels { column: "kind", codes: &codes, n_labels: 3 }];
        let shown: Vec<_> = (0..n).map(|i| sorted(&layout, dim, i)).collect();
        let found = near(&layout, dim, &lists, &labels);
        for preserved in &found.preserved {
            assert_eq!(preserved.share.is_some(), slow_preserved(&truth, &shown, preserved.k).is_some());
            if let Some(wanted) = slow_preserved(&truth, &shown, preserved.k) {
                close(preserved.share, wanted, &format!("{n} points, k = {}", preserved.k));
            }
        }
        for i in 0..n {
            match slow_preserved(&truth[i..=i], &shown[i..=i], 15) {
                Some(share) => close(Some(f64::from(found.of_item[i])), share, "one item"),
                None => assert!(found.of_item[i].is_nan()),
            }
        }
        assert_eq!(found.items, truth.iter().filter(|row| !row.is_empty()).count());

        let labelled: Vec<usize> = (0..n).filter(|&i| codes[i] != NO_LABEL).collect();
        let near: Vec<(u32, u32)> = labelled
            .iter()
            .flat_map(|&i| {
                first(&shown[i], 10).iter().map(|&j| (codes[i], codes[j as usize])).collect::<Vec<_>>()
            })
            .filter(|&(_, code)| code != NO_LABEL)
            .collect();
        let pairs: Vec<(u32, u32)> = labelled
            .iter()
            .flat_map(|&i| {
                labelled.iter().filter(move |&&j| i != j).map(|&j| (codes[i], codes[j])).collect::<Vec<_>>()
            })
            .collect();
        let share = |pairs: &[(u32, u32)]| {
            let same = pairs.iter().filter(|(a, b)| a == b).count();
            (!pairs.is_empty()).then(|| same as f64 / pairs.len() as f64)
        };
        let purity = &found.purity[0];
        assert_eq!(
            (purity.share, purity.chance, purity.items),
            (share(&near), share(&pairs), labelled.len())
        );
    }
}

#[test]
fn scikit_learn_and_scipy_say_the_same() {
    let rows: Vec<Vec<f32>> =
        POINTS.lines().skip(1).map(|line| line.split(',').map(|v| v.parse().unwrap()).collect()).collect();
    let reference: Vec<f32> = rows.iter().flat_map(|row| row[..6].to_vec()).collect();
    let layout: Vec<f32> = rows.iter().flat_map(|row| row[6..].to_vec()).collect();
    let spaces = spaces(&reference, 6, &layout, 2);
    let n = rows.len();
    for line in VALUES.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (k, value): (usize, f64) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let found = ordering(&spaces, k.max(1), 5000, 10, 1);
        let of_size = found.ranked.iter().find(|ranked| ranked.k == k);
        assert_eq!(
            of_size.map(|ranked| ranked.trustworthiness),
            Some(found.trustworthiness).filter(|_| k > 0)
        );
        assert_eq!(of_size.map(|ranked| ranked.continuity), Some(found.continuity).filter(|_| k > 0));
        let found = match fields[0] {
            "trustworthiness" => found.trustworthiness,
            "continuity" => found.continuity,
            "preserved" => found.preserved.iter().find(|preserved| preserved.k == k).unwrap().share,
            _ => distance_correlation(&spaces, &Parts::whole(n), PAIRS, 1).rho,
        };
        close(found, value, line);
    }
}

#[test]
fn samples_come_near_the_full_values() {
    let (reference, layout) = made(5, 3000, 3, false);
    let spaces = spaces(&reference, 3, &layout, 2);
    let full = ordering(&spaces, 15, 5000, 2000, 1);
    assert!(full.exact && full.points == 3000);
    let numbers = |o: &Ordering| {
        let shares = o.preserved.iter().map(|preserved| preserved.share.unwrap());
        shares.chain([o.trustworthiness.unwrap(), o.continuity.unwrap()]).collect::<Vec<f64>>()
    };
    for seed in 0..5 {
        let sampled = ordering(&spaces, 15, 0, 800, seed);
        assert_eq!((sampled.points, sampled.exact), (800, false));
        for (sampled, full) in numbers(&sampled).into_iter().zip(numbers(&full)) {
            assert!((sampled - full).abs() < 0.015, "{sampled} for {full}");
        }
    }
    // A sample of all is all.
    let all = ordering(&spaces, 15, 0, 9000, 1);
    assert_eq!(all, full);
    let (reference, layout) = made(6, 1000, 3, false);
    let (spaces, parts) = (self::spaces(&reference, 3, &layout, 2), Parts::whole(1000));
    let exact = distance_correlation(&spaces, &parts, usize::MAX, 1);
    assert_eq!(exact.pairs, 1000 * 999 / 2);
    for seed in 0..5 {
        let sampled = distance_correlation(&spaces, &parts, PAIRS, seed);
        assert_eq!(sampled.pairs, PAIRS);
        assert!((sampled.rho.unwrap() - exact.rho.unwrap()).abs() < 0.015, "{sampled:?} for {exact:?}");
    }
}

/// All measures of some made data in one or more parts, in steps.
fn measured(n: usize, layout: &[f32], reference: &[f32], reference_dim: usize) -> Quality {
    let mut lists = Csr::default();
    for i in 0..n {
        let nearest = sorted(reference, reference_dim, i);
        lists.push_row(first(&nearest, 30).iter().map(|&j| (j, 1.0)));
    }
    let codes: Vec<u32> = (0..n as u32).map(|i| i % 3).collect();
    let labels = [Labels { column: "third", codes: &codes, n_labels: 3 }];
    let (spaces, parts) = (spaces(reference, reference_dim, layout, 2), Parts::whole(n));
    quality::quality(&Input { spaces, lists: &lists, parts: &parts, labels: &labels, seed: 1 })
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (reference, layout) = made(8, 400, 3, false);
    let one = with_threads(1, || measured(400, &layout, &reference, 3));
    for threads in [2, 3, 4] {
        // Equal numbers are equal bits here: none is 0 or NaN but in Option.
        assert_eq!(with_threads(threads, || measured(400, &layout, &reference, 3)), one);
    }
    // Larger than what a step takes, and beyond what is asked point by point.
    let (reference, layout) = made(9, 5600, 2, false);
    let (spaces, lists) =
        (spaces(&reference, 2, &layout, 2), Csr { offsets: vec![0; 5601], ..Csr::default() });
    let parts = Parts::whole(5600);
    let input = Input { spaces, lists: &lists, parts: &parts, labels: &[], seed: 1 };
    let stepped = quality::quality(&input);
    assert_eq!((stepped.ordering.points, stepped.ordering.exact), (2000, false));
    assert_eq!(stepped.ordering, ordering(&spaces, 15, 5000, 2000, 1));
    assert_eq!(stepped.data[1].share, None, "no lists");
    let three = with_threads(3, || quality::quality(&input));
    assert_eq!((three.ordering, three.distances), (stepped.ordering, stepped.distances));
}

#[test]
fn what_is_hardly_a_map_is_measured_too() {
    let none = measured(0, &[], &[], 3);
    assert_eq!((none.ordering.trustworthiness, none.distances.rho, none.data[0].share), (None, None, None));
    let one = measured(1, &[1.0, 2.0], &[1.0, 2.0, 3.0], 3);
    assert_eq!((one.ordering.trustworthiness, one.distances.rho, one.data[0].share), (None, None, None));
    assert_eq!((one.labels[0].share, one.labels[0].chance), (None, None));
    for n in [2, 3] {
        let (reference, layout) = made(1, n, 3, false);
        let few = measured(n, &layout, &reference, 3);
        assert_eq!(few.ordering.trustworthiness, Some(1.0), "all are neighbors of all");
        assert_eq!(few.data[2].share, Some(1.0));
        assert_eq!(few.of_item, vec![1.0; n]);
    }
    // All in one place: distances say nothing, ties go by id in both spaces alike.
    let heap = measured(40, &[0.5; 80], &[0.25; 120], 3);
    assert_eq!(heap.ordering.trustworthiness, Some(1.0));
    assert_eq!(heap.distances.rho, None);
    assert_eq!(heap.data[0].share, Some(1.0));
    // On the map only: the ids' order is as good as chance.
    let (reference, _) = made(3, 40, 3, false);
    let crushed = measured(40, &[0.5; 80], &reference, 3);
    assert!(crushed.ordering.trustworthiness.unwrap() < 0.7, "{:?}", crushed.ordering);
    assert_eq!(crushed.distances.rho, None);
}
