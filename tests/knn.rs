//! Nearest neighbors of vectors: against every pair in f64, NN-descent against the exact search, odd vectors, threads.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::knn::{self, Metric, Nearest, Options, Search};
use common::{Dice, bits, blobs, on_any_threads};
use proptest::prelude::*;

const METRICS: [Metric; 3] = [Metric::Euclidean, Metric::Cosine, Metric::Correlation];

fn search(vectors: &[f32], dim: usize, k: usize, metric: Metric, search: Search) -> Nearest {
    knn::nearest(vectors, dim, Options { k, metric, search }, 1).expect("good vectors")
}

/// The slow twin: the metric as it is written.
fn distance(a: &[f32], b: &[f32], metric: Metric) -> f64 {
    let numbers = |row: &[f32]| row.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    let (mut a, mut b) = (numbers(a), numbers(b));
    if metric == Metric::Euclidean {
        return a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    }
    if metric == Metric::Correlation {
        for row in [&mut a, &mut b] {
            let mean = row.iter().sum::<f64>() / row.len() as f64;
            row.iter_mut().for_each(|v| *v -= mean);
        }
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (length_a, length_b) = (dot(&a, &a).sqrt(), dot(&b, &b).sqrt());
    // All values equal leave nothing but rounding of the mean.
    match [length_a, length_b].map(|length| length < 1e-9) {
        [true, true] => 0.0,
        [false, false] => 1.0 - dot(&a, &b) / (length_a * length_b),
        _ => 1.0,
    }
}

/// Asserts that each row has the `k` nearest by the twin, up to rounding, in order, and not itself.
fn check(vectors: &[f32], dim: usize, k: usize, metric: Metric, found: &Nearest) {
    let n = vectors.len() / dim;
    let row = |i: usize| &vectors[i * dim..][..dim];
    assert_eq!(found.lists.n_rows(), n);
    for i in 0..n {
        let (ids, lengths) = found.lists.row(i);
        let others = (0..n).filter(|&j| j != i);
        let mut wanted: Vec<f64> = others.map(|j| distance(row(i), row(j), metric)).collect();
        wanted.sort_by(f64::total_cmp);
        wanted.truncate(k);
        assert_eq!(ids.len(), wanted.len());
        for ((&j, &d), wanted) in ids.iter().zip(lengths).zip(wanted) {
            let near = |other: f64| (f64::from(d) - other).abs() <= 2e-6 + 1e-5 * other;
            assert!(j as usize != i && near(wanted), "{i}: {d} where {wanted} is the next");
            assert!(near(distance(row(i), row(j as usize), metric)), "{i} to {j}: {d}");
        }
        let places: Vec<(f32, u32)> = lengths.iter().copied().zip(ids.iter().copied()).collect();
        // Two squares that differ in their last bit may have the same root, so only exact squares show how ties go.
        let exact = metric == Metric::Euclidean && vectors.iter().all(|v| v.fract() == 0.0);
        let in_order = |p: &[(f32, u32)]| if exact { p[0] < p[1] } else { p[0].0 <= p[1].0 };
        assert!(places.windows(2).all(in_order), "nearest first, ties by lower id: {places:?}");
        let different: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "twice in a row: {places:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn exact_is_every_pair(seed: u64, n in 2usize..70, dim in 1usize..23, k in 1usize..12, whole: bool) {
        let mut dice = Dice::new(seed);
        // Whole numbers from 0 to 2 make copies, ties and rows of zeros.
        let mut value = || if whole { dice.below(3) as f32 } else { (dice.unit() * 20.0 - 10.0) as f32 };
        let vectors: Vec<f32> = (0..n * dim).map(|_| value()).collect();
        for metric in METRICS {
            check(&vectors, dim, k, metric, &search(&vectors, dim, k, metric, Search::Exact));
        }
    }
}

/// Whole numbers have exact squared distances, so neighbors can be named.
#[test]
fn ties_go_to_the_lower_id() {
    let vectors: Vec<f32> = (0..10).flat_map(|i| [(i % 5) as f32, 0.0]).collect();
    let found = search(&vectors, 2, 3, Metric::Euclidean, Search::Exact);
    assert_eq!(found.lists.row(7), (&[2u32, 1, 3][..], &[0.0f32, 1.0, 1.0][..]));
    assert_eq!(found.lists.row(0), (&[5u32, 1, 6][..], &[0.0f32, 1.0, 1.0][..]));
    assert_eq!(found.recall, 1.0);
}

/// Forty groups of a hundred in 12 dimensions.
fn groups() -> Vec<f32> {
    let mut dice = Dice::new(5);
    let centers: Vec<[f64; 12]> = (0..40).map(|_| std::array::from_fn(|_| dice.unit() * 20.0)).collect();
    blobs(6, &centers, 100, 1.0)
}

#[test]
fn descent_finds_nearly_all() {
    let vectors = groups();
    for metric in METRICS {
        let exact = search(&vectors, 12, 10, metric, Search::Exact);
        let found = search(&vectors, 12, 10, metric, Search::Approximate);
        let hits = (0..4000).map(|i| {
            let (exact, _) = exact.lists.row(i);
            found.lists.row(i).0.iter().filter(|j| exact.contains(j)).count()
        });
        let recall = hits.sum::<usize>() as f64 / 40_000.0;
        assert!(recall > 0.99, "{metric:?}: {recall}");
        assert!((found.recall - recall).abs() < 0.01, "{metric:?}: {recall}, and it says {}", found.recall);
        // What is found is measured by the same rule: equal pairs have equal bits.
        for i in 0..4000 {
            let (ids, lengths) = found.lists.row(i);
            let (exact_ids, exact_lengths) = exact.lists.row(i);
            for (id, d) in ids.iter().zip(lengths) {
                if let Some(at) = exact_ids.iter().position(|other| other == id) {
                    assert_eq!(d.to_bits(), exact_lengths[at].to_bits());
                }
            }
        }
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads_and_in_any_steps() {
    let vectors = groups();
    for by in [Search::Exact, Search::Approximate] {
        let options = Options { k: 7, metric: Metric::Cosine, search: by };
        let at_once = on_any_threads(|| knn::nearest(&vectors, 12, options, 3).unwrap());
        let mut status = knn::initialize(&vectors, 12, options, 3).unwrap();
        let mut before = 0;
        while !status.is_done() {
            status.run(status.done() + 3);
            assert!(status.done() > before && status.done() <= status.total());
            before = status.done();
        }
        let in_steps = status.finish();
        assert_eq!(bits(&at_once.lists.values), bits(&in_steps.lists.values));
        assert_eq!(at_once, in_steps);
    }
    let seeded = |seed| {
        let options = Options { k: 7, metric: Metric::Euclidean, search: Search::Approximate };
        knn::nearest(&vectors, 12, options, seed).unwrap()
    };
    assert_eq!(seeded(4), seeded(4));
}

#[test]
fn odd_vectors() {
    let line: Vec<f32> = (0..3000).map(|i| i as f32).collect();
    let shapes: [(&str, Vec<f32>, usize); 8] = [
        ("two rows", vec![1.0, 2.0, 3.0, 4.0], 2),
        ("copies", [1.5f32, -2.0, 7.0].repeat(3000), 3),
        ("zeros", vec![0.0; 3000 * 4], 4),
        ("one dimension", line.clone(), 1),
        ("constant columns", line.iter().flat_map(|&v| [5.0, v, -1.0]).collect(), 3),
        ("huge", line.iter().flat_map(|&v| [v * 1e35, -3e38]).collect(), 2),
        ("tiny", line.iter().flat_map(|&v| [v * 1e-42, 0.0]).collect(), 2),
        (
            "far from the origin",
            line.iter().flat_map(|&v| [1e6 + (v as i32 % 60) as f32, 1e6 + v]).collect(),
            2,
        ),
    ];
    for (name, vectors, dim) in shapes {
        for metric in METRICS {
            for by in [Search::Exact, Search::Approximate] {
                let found = search(&vectors, dim, 5, metric, by);
                let wanted = 5.min(vectors.len() / dim - 1);
                for i in 0..found.lists.n_rows() {
                    let (ids, lengths) = found.lists.row(i);
                    assert_eq!(ids.len(), wanted, "{name}, {metric:?}, {by:?}");
                    assert!(!ids.contains(&(i as u32)), "{name}");
                    assert!(lengths.iter().all(|d| d.is_finite() && *d >= 0.0), "{name}");
                    assert!(lengths.windows(2).all(|d| d[0] <= d[1]), "{name}");
                }
                assert!(found.recall > 0.97, "{name}, {metric:?}, {by:?}: {}", found.recall);
            }
        }
    }
}

#[test]
fn what_is_refused() {
    let code = |vectors: &[f32], dim| {
        let options = Options { k: 5, metric: Metric::Euclidean, search: Search::Auto };
        knn::nearest(vectors, dim, options, 1).map(|_| ()).unwrap_err().code()
    };
    assert_eq!(code(&[], 3), "too-few-items");
    assert_eq!(code(&[1.0, 2.0, 3.0], 3), "too-few-items");
    assert_eq!(code(&[1.0, f32::NAN], 1), "option-out-of-range");
    assert_eq!(code(&[1.0, f32::INFINITY], 1), "option-out-of-range");
}
