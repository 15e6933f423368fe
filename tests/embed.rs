//! The embedding: value and gradient against a slow f64 twin, dissimilar pairs, starts, and how a run goes.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::eigen::symmetric_eigen;
use archipelago::embed::lbfgs::Objective;
use archipelago::embed::pairs::dissimilar_pairs;
use archipelago::embed::spectral;
use archipelago::embed::{EmbedOptions, Input, Penalty, PenaltyName, Problem, Start, Status, center};
use archipelago::graph::NeighborPairs;
use common::{Dice, bits, blobs, on_any_threads};
use proptest::prelude::*;

/// The distortion of a similar pair of weight 1.
fn attraction(penalty: PenaltyName, d: f64) -> f64 {
    match penalty {
        PenaltyName::Linear => d,
        PenaltyName::Quadratic => d * d,
        _ => libm::log1p(libm::pow(d, 1.5)),
    }
}

/// Its derivative.
fn attraction_slope(penalty: PenaltyName, d: f64) -> f64 {
    match penalty {
        PenaltyName::Linear => 1.0,
        PenaltyName::Quadratic => 2.0 * d,
        _ => 1.5 * d.sqrt() / (1.0 + libm::pow(d, 1.5)),
    }
}

fn penalty(name: PenaltyName) -> Penalty {
    Penalty::new(name, None, None, None, None)
}

fn initialize(
    n_items: usize,
    similar: NeighborPairs,
    options: &EmbedOptions,
    seed: u64,
) -> Result<(Vec<f32>, Status), archipelago::error::Error> {
    archipelago::embed::initialize(Input { n_items, similar, ..Input::default() }, options, seed)
}

/// The slow twin of the objective: one pair after the other, in f64.
fn slow_value_and_gradient(problem: &Problem, attractive: PenaltyName, x: &[f64]) -> (f64, Vec<f64>) {
    let (dim, p) = (problem.dim, problem.pairs.len() as f64);
    let (mut value, mut gradient) = (0.0, vec![0.0; x.len()]);
    for (&[i, j], &w) in problem.pairs.iter().zip(&problem.weights) {
        let (i, j, w) = (i as usize * dim, j as usize * dim, f64::from(w));
        let difference: Vec<f64> = (0..dim).map(|c| x[i + c] - x[j + c]).collect();
        let d = difference.iter().map(|v| v * v).sum::<f64>().sqrt();
        let (f, slope) = if w > 0.0 {
            (w * attraction(attractive, d), w * attraction_slope(attractive, d))
        } else {
            // w ln(1 - e^-d)
            (w * libm::log(-libm::expm1(-d)), w / libm::expm1(d))
        };
        value += f / p;
        for (c, v) in difference.iter().enumerate().filter(|_| d > 0.0) {
            gradient[i + c] += slope * v / d / p;
            gradient[j + c] -= slope * v / d / p;
        }
    }
    (value, gradient)
}

/// `count` different pairs of `n` items, sorted, with weights 1 and 2.
fn some_pairs(seed: u64, n: usize, count: usize) -> NeighborPairs {
    let mut dice = Dice::new(seed);
    let mut pairs: Vec<[u32; 2]> = Vec::new();
    while pairs.len() < count {
        let (i, j) = (dice.below(n) as u32, dice.below(n) as u32);
        if i < j && !pairs.contains(&[i, j]) {
            pairs.push([i, j]);
        }
    }
    pairs.sort_unstable();
    let weights = pairs.iter().map(|_| 1.0 + dice.below(2) as f32).collect();
    NeighborPairs { pairs, weights }
}

/// A ring of `n` items, each tied to the next two.
fn ring(n: u32) -> NeighborPairs {
    let to = |i: u32, j: u32| [i.min(j), i.max(j)];
    let mut pairs: Vec<_> = (0..n).flat_map(|i| [to(i, (i + 1) % n), to(i, (i + 2) % n)]).collect();
    pairs.sort_unstable();
    let weights = pairs.iter().map(|p| if p[1] - p[0] == 1 { 2.0 } else { 1.0 }).collect();
    NeighborPairs { pairs, weights }
}

fn problem(seed: u64, n: usize, dim: usize, attractive: PenaltyName) -> Problem {
    let similar = some_pairs(seed, n, 2 * n);
    let far = dissimilar_pairs(n, &similar.pairs, 2 * n, seed);
    Problem::new(n, dim, similar, &far, penalty(attractive), Penalty::LOG)
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

const PENALTIES: [PenaltyName; 3] = [PenaltyName::Log1p, PenaltyName::Linear, PenaltyName::Quadratic];

#[test]
fn value_and_gradient_are_the_slow_twins() {
    for attractive in PENALTIES {
        for dim in [2, 3, 4] {
            for (seed, scale) in [(1, 0.01f32), (2, 0.3), (3, 1.0), (4, 20.0)] {
                let mut problem = problem(seed, 40, dim, attractive);
                let x: Vec<f32> = blobs(seed, &[[0.0]], 40 * dim, 1.0).iter().map(|v| v * scale).collect();
                let exact: Vec<f64> = x.iter().map(|&v| f64::from(v)).collect();
                let mut gradient = vec![f32::NAN; x.len()];
                let value = problem.value_and_gradient(&x, &mut gradient);
                let (slow_value, slow) = slow_value_and_gradient(&problem, attractive, &exact);
                let what = format!("{attractive:?}, dim {dim}, scale {scale}");
                assert!((value - slow_value).abs() < 1e-5 * slow_value.abs().max(0.1), "{what}: {value}");
                let error: Vec<f64> = gradient.iter().zip(&slow).map(|(&a, b)| f64::from(a) - b).collect();
                assert!(norm(&error) < 1e-5 * norm(&slow), "{what}: {} of {}", norm(&error), norm(&slow));
                // No item pushes more than it is pushed.
                for d in 0..dim {
                    let sum: f64 = gradient.iter().skip(d).step_by(dim).map(|&g| f64::from(g)).sum();
                    assert!(sum.abs() < 1e-5 * norm(&slow), "{what}: sum {sum}");
                }
                // The distortions, one by one, make up the same value.
                let mean = problem.distortions(&x).iter().map(|&f| f64::from(f)).sum::<f64>();
                let mean = mean / problem.pairs.len() as f64;
                assert!((mean - slow_value).abs() < 1e-5 * slow_value.abs().max(0.1), "{what}: {mean}");
            }
        }
    }
}

#[test]
fn gradient_is_the_difference_quotient() {
    for attractive in PENALTIES {
        let mut problem = problem(7, 25, 3, attractive);
        let x = blobs(7, &[[0.0]], 25 * 3, 1.0);
        let mut gradient = vec![0.0; x.len()];
        problem.value_and_gradient(&x, &mut gradient);
        let mut moved: Vec<f64> = x.iter().map(|&v| f64::from(v)).collect();
        for (c, &g) in gradient.iter().enumerate() {
            let mut at = |v: f64| {
                moved[c] = v;
                slow_value_and_gradient(&problem, attractive, &moved).0
            };
            let (here, h) = (f64::from(x[c]), 1e-5);
            let quotient = (at(here + h) - at(here - h)) / (2.0 * h);
            at(here);
            assert!((quotient - f64::from(g)).abs() < 1e-5, "{attractive:?} {c}: {quotient} {g}");
        }
    }
}

/// By hand: items at 0 and 3 and 4 on a line, one near pair of weight 2 and one far pair.
#[test]
fn three_items_by_hand() {
    let similar = NeighborPairs { pairs: vec![[0, 1]], weights: vec![2.0] };
    let mut problem = Problem::new(3, 2, similar, &[[1, 2]], Penalty::Quadratic, Penalty::LOG);
    let mut gradient = [0.0; 6];
    let value = problem.value_and_gradient(&[0.0, 0.0, 3.0, 0.0, 4.0, 0.0], &mut gradient);
    // (2 * 9 - ln(1 - 1/e)) / 2; pulls 2 * 2 * 3 / 2 = 6, pushes 1 / (e - 1) / 2.
    let (pull, push) = (6.0, 0.5 / (std::f32::consts::E - 1.0));
    assert!((value - (18.0 + 0.458_675_1) / 2.0).abs() < 1e-5, "{value}");
    for (g, want) in gradient.iter().zip([-pull, 0.0, pull + push, 0.0, -push, 0.0]) {
        assert!((g - want).abs() < 1e-5, "{gradient:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// From none similar to a complete graph, from no pair wanted to far too many.
    #[test]
    fn dissimilar_pairs_are_sound(n in 0..25usize, density in 0..5u64, wanted in 0..400usize, seed: u64) {
        let mut dice = Dice::new(seed);
        let all: Vec<[u32; 2]> =
            (0..n as u32).flat_map(|i| (i + 1..n as u32).map(move |j| [i, j])).collect();
        let similar: Vec<_> = all
            .iter()
            .filter(|_| match density {
                0 => false,
                4 => true,
                3 => dice.below(30) > 0,
                density => dice.below(3) < density as usize,
            })
            .copied()
            .collect();
        let found = dissimilar_pairs(n, &similar, wanted, seed);
        prop_assert_eq!(found.len(), wanted.min(all.len() - similar.len()));
        prop_assert!(found.windows(2).all(|w| w[0] < w[1]), "sorted, each once");
        prop_assert!(found.iter().all(|p| all.contains(p) && similar.binary_search(p).is_err()));
        prop_assert_eq!(&found, &dissimilar_pairs(n, &similar, wanted, seed));
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix(n in 1..8usize, seed: u64, scale in -9..10i32) {
        let mut dice = Dice::new(seed);
        let scale = 10f64.powi(scale);
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                // Some entries alike, some 0, so that eigenvalues coincide now and then.
                let value = if dice.below(3) == 0 { dice.below(2) as f64 } else { dice.unit() - 0.5 };
                (a[i * n + j], a[j * n + i]) = (value * scale, value * scale);
            }
        }
        let (values, v) = symmetric_eigen(a.clone(), n);
        prop_assert!(values.windows(2).all(|w| w[0] >= w[1]), "largest first: {:?}", values);
        for i in 0..n {
            for j in 0..n {
                let rebuilt: f64 = (0..n).map(|c| values[c] * v[i * n + c] * v[j * n + c]).sum();
                prop_assert!((rebuilt - a[i * n + j]).abs() < 1e-12 * scale, "{} {}", rebuilt, a[i * n + j]);
                let dot: f64 = (0..n).map(|k| v[k * n + i] * v[k * n + j]).sum();
                prop_assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-12, "{dot}");
            }
        }
    }
}

#[test]
fn dissimilar_pairs_are_uniform() {
    // Each of the 45 - 5 pairs in about a quarter of the draws of 10.
    let similar: Vec<[u32; 2]> = (0..5).map(|i| [i, i + 5]).collect();
    let mut seen = [[0; 10]; 10];
    for seed in 0..4000 {
        for [i, j] in dissimilar_pairs(10, &similar, 10, seed) {
            seen[i as usize][j as usize] += 1;
        }
    }
    let counts: Vec<i32> = seen.as_flattened().iter().copied().filter(|&c| c > 0).collect();
    assert_eq!(counts.len(), 40);
    assert!(counts.iter().all(|c| (850..1150).contains(c)), "{counts:?}");
}

fn quick(start: Start, attractive: PenaltyName) -> EmbedOptions {
    EmbedOptions { start, attractive, max_iterations: 60, min_decrease: 0.0, ..EmbedOptions::default() }
}

#[test]
fn a_run_goes_down_stays_centered_and_can_be_cut_anywhere() {
    for attractive in PENALTIES {
        for start in [Start::Random, Start::Spectral] {
            let options = quick(start, attractive);
            let similar = some_pairs(5, 150, 600);
            let (mut straight, mut status) = initialize(150, similar.clone(), &options, 3).unwrap();
            status.run(&mut straight, usize::MAX);
            let what = format!("{start:?} {attractive:?}");
            let values = &status.average_distortions;
            assert!(values.windows(2).all(|w| w[1] <= w[0]), "{what}: {values:?}");
            assert!(values.last().unwrap() < &(0.9 * values[0]), "{what}: {values:?}");
            assert!(status.is_finished() && status.iteration() <= 60);
            let (mut pieces, mut cut) = initialize(150, similar, &options, 3).unwrap();
            for until in [0, 1, 1, 7, 8, 30, 1000] {
                cut.run(&mut pieces, until);
                for d in 0..3 {
                    let mean: f64 =
                        pieces.iter().skip(d).step_by(3).map(|&v| f64::from(v)).sum::<f64>() / 150.0;
                    assert!(mean.abs() < 1e-6, "{what}: mean {mean}");
                }
            }
            assert_eq!(bits(&pieces), bits(&straight), "{what}");
            assert_eq!(&cut.average_distortions, values);
        }
    }
}

#[test]
fn a_start_off_the_middle_is_centered() {
    let options = quick(Start::Random, PenaltyName::Log1p);
    let mut x = blobs(8, &[[5.0, -7.0, 0.1]], 40, 1.0);
    let mut status = Status::new(problem(8, 40, 3, PenaltyName::Log1p), &x, &options);
    status.run(&mut x, 1);
    for d in 0..3 {
        let mean: f32 = x.iter().skip(d).step_by(3).sum::<f32>() / 40.0;
        assert!(mean.abs() < 1e-5, "axis {d}: {mean}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    // More numbers, pairs and items than a unit of parallel work has.
    let similar = ring(4000);
    for start in [Start::Random, Start::Spectral] {
        let options = EmbedOptions { max_iterations: 8, start, ..EmbedOptions::default() };
        on_any_threads(|| {
            let (mut x, mut status) = initialize(4000, similar.clone(), &options, 5).unwrap();
            status.run(&mut x, usize::MAX);
            (bits(&x), status.average_distortion().to_bits())
        });
    }
}

#[test]
fn the_seed_names_the_embedding() {
    let options = EmbedOptions { repulsive_fraction: Some(1.0), ..quick(Start::Random, PenaltyName::Log1p) };
    let start = |seed| initialize(50, ring(50), &options, seed).unwrap();
    assert_eq!(bits(&start(1).0), bits(&start(1).0));
    assert_ne!(bits(&start(1).0), bits(&start(2).0));
    assert_ne!(start(1).1.problem.pairs, start(2).1.problem.pairs);
}

fn is_finite(x: &[f32]) -> bool {
    x.iter().all(|v| v.is_finite())
}

#[test]
fn coinciding_points_are_no_reason_for_nan() {
    for attractive in PENALTIES {
        let options = quick(Start::Random, attractive);
        let mut blob = blobs(2, &[[0.0]], 90, 1.0);
        for i in 0..15 {
            blob.copy_within(0..3, 3 * i);
        }
        center(&mut blob, 3);
        let tiny: Vec<f32> = blob.iter().map(|v| v * 1e-20).collect();
        for mut x in [vec![0.0f32; 90], blob, tiny] {
            let mut status = Status::new(problem(3, 30, 3, attractive), &x, &options);
            status.run(&mut x, usize::MAX);
            assert!(is_finite(&x) && status.average_distortion().is_finite(), "{attractive:?}");
        }
    }
}

#[test]
fn a_spectral_start_on_two_components() {
    let (mut two, size) = (ring(40), 40);
    two.pairs.extend(ring(20).pairs.iter().map(|[i, j]| [i + size, j + size]));
    two.weights.extend(ring(20).weights);
    let x = spectral::start(70, 3, &two, 1);
    assert!(x.len() == 210 && is_finite(&x), "{x:?}");
    // The larger part has its shape and unit variance; the rest stands around the middle.
    for d in 0..3 {
        let square = x[..120].iter().skip(d).step_by(3).map(|v| v * v).sum::<f32>() / 40.0;
        assert!((square - 1.0).abs() < 0.2, "axis {d}: {square}");
    }
    assert!(x[120..].iter().all(|v| v.abs() < 6.0));
    // Too few, none at all, a star, a complete graph: finite too.
    let star = NeighborPairs { pairs: (1..30).map(|i| [0, i]).collect(), weights: vec![1.0; 29] };
    let all: Vec<_> = (0..30u32).flat_map(|i| (i + 1..30).map(move |j| [i, j])).collect();
    let complete = NeighborPairs { weights: vec![2.0; all.len()], pairs: all };
    for (n, pairs) in
        [(30, star), (30, complete), (3, ring(3)), (2, some_pairs(1, 2, 1)), (5, Default::default())]
    {
        for dim in [2, 3, 4] {
            assert!(is_finite(&spectral::start(n, dim, &pairs, 1)), "{n} items");
        }
    }
}

/// The fast eigenvectors against Jacobi's on the dense matrix: as low an eigenvalue, to the little that is asked.
#[test]
fn eigenvectors_are_the_dense_ones() {
    let n = 60;
    let mut pairs = some_pairs(4, n, 60);
    for [i, j] in ring(n as u32).pairs {
        if pairs.pairs.binary_search(&[i, j]).is_err() {
            pairs.pairs.push([i, j]);
            pairs.weights.push(1.0);
            pairs.pairs.sort_unstable();
        }
    }
    let both = pairs.pairs.iter().zip(&pairs.weights).flat_map(|(&[i, j], &w)| [(i, j, w), (j, i, w)]);
    let graph = Csr::from_triples(n, both.collect::<Vec<_>>().into_iter());
    let degree: Vec<f64> = (0..n).map(|i| graph.row(i).1.iter().map(|&w| f64::from(w)).sum()).collect();
    let mut smooth = vec![0.0; n * n];
    for (i, j, w) in graph.triples() {
        let (i, j) = (i as usize, j as usize);
        smooth[i * n + j] = f64::from(w) / (degree[i] * degree[j]).sqrt();
    }
    let (values, _) = symmetric_eigen(smooth.clone(), n);
    assert!((values[0] - 1.0).abs() < 1e-9, "the trivial one");
    let vectors = spectral::bottom_eigenvectors(&graph, 3, 9);
    for c in 0..3 {
        let v: Vec<f64> = vectors.iter().skip(c).step_by(3).map(|&v| f64::from(v)).collect();
        assert!((norm(&v) - 1.0).abs() < 1e-4);
        let trivial: f64 = v.iter().zip(&degree).map(|(v, d)| v * d.sqrt()).sum();
        assert!(trivial.abs() < 1e-3, "{trivial}");
        let rayleigh: f64 = (0..n * n).map(|e| v[e / n] * smooth[e] * v[e % n]).sum();
        assert!((rayleigh - values[c + 1]).abs() < 1e-3, "{c}: {rayleigh} {}", values[c + 1]);
    }
}
