//! The embedding against PyMDE: every function's values and derivatives, and how low whole solves get. The numbers are
//! benches/reference/mde_fixture.py's.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::embed::lbfgs::Objective;
use archipelago::embed::penalty::{LANES, Lanes};
use archipelago::embed::{
    Constraint, ConstraintName, EmbedOptions, Function, Loss, LossName, Penalty, PenaltyName, Problem, Status,
};
use archipelago::graph::NeighborPairs;
use archipelago::random::{Rng, Use};
use serde::de::DeserializeOwned;

const FUNCTIONS: &str = include_str!("fixtures/embed/functions.csv");
const PROBLEM: &str = include_str!("fixtures/embed/problem.csv");
const SOLVES: &str = include_str!("fixtures/embed/solves.csv");

fn named<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).unwrap()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn function(group: &str, name: &str, [a, t, b]: [Option<f64>; 3]) -> Function {
    match group {
        // b is alpha or sigma; no function has both.
        "attract" => Function::Attract(Penalty::new(named::<PenaltyName>(name), a, t, b, b)),
        "repel" => Function::Repel(Penalty::new(named::<PenaltyName>(name), a, t, b, b)),
        _ => Function::Keep(Loss::new(named::<LossName>(name), a, t, a, 1.0)),
    }
}

/// f(d) and f'(d) / d at one distance.
fn at(function: Function, number: f32, d: f32) -> (f64, f64) {
    let (mut value, mut factor): (Lanes, Lanes) = ([0.0; LANES], [0.0; LANES]);
    function.lanes(&[d; LANES], &[number; LANES], &mut value, &mut factor);
    assert!(value.iter().all(|v| v.to_bits() == value[0].to_bits()), "lanes are alike");
    (f64::from(value[0]), f64::from(factor[0]))
}

#[test]
fn every_function_has_the_values_and_derivatives_of_pymde() {
    let mut seen = 0;
    for row in rows(FUNCTIONS) {
        let [group, name, a, t, b, number, d, value, slope] = row[..] else { panic!("{row:?}") };
        let [number, d, value, slope]: [f64; 4] = [number, d, value, slope].map(|v| v.parse().unwrap());
        let function = function(group, name, [a, t, b].map(|p| p.parse().ok()));
        let (ours, factor) = at(function, number as f32, d as f32);
        // Numbers next to 0 are differences of numbers next to 1.
        assert!((ours - value).abs() <= 4e-6 * value.abs() + 1e-6, "{row:?}: {ours}");
        let ours = factor * f64::from(d as f32);
        assert!((ours - slope).abs() <= 2e-5 * slope.abs() + 2e-6, "{row:?}: derivative {ours}");
        seen += 1;
    }
    assert!(seen > 700, "{seen}");
}

#[test]
fn every_derivative_is_the_difference_quotient() {
    let mut last = String::new();
    for row in rows(FUNCTIONS) {
        let what = row[..6].join(",");
        if std::mem::replace(&mut last, what.clone()) == what {
            continue;
        }
        let function = function(row[0], row[1], [row[2], row[3], row[4]].map(|p| p.parse().ok()));
        let number: f32 = row[5].parse().unwrap();
        for d in [0.06f32, 0.37, 0.86, 1.7, 3.1] {
            // Rounding weighs less on a wide difference, and these functions are smooth there or straight.
            let h = 0.01 * d;
            let quotient = (at(function, number, d + h).0 - at(function, number, d - h).0)
                / (f64::from(d + h) - f64::from(d - h));
            let ours = at(function, number, d).1 * f64::from(d);
            assert!(
                (quotient - ours).abs() < 4e-3 * ours.abs().max(0.05),
                "{what} at {d}: {quotient} {ours}"
            );
        }
    }
}

#[test]
fn nothing_is_nan_anywhere() {
    for row in rows(FUNCTIONS) {
        let function = function(row[0], row[1], [row[2], row[3], row[4]].map(|p| p.parse().ok()));
        for number in [row[5].parse().unwrap(), 0.0f32] {
            for d in [0.0f32, f32::MIN_POSITIVE, 1e-20, 1e-12, 1e-6, 1e3, 1e12] {
                let (value, factor) = at(function, number, d);
                assert!(!value.is_nan() && factor.is_finite(), "{row:?} at {d}: {value} {factor}");
                assert!(d > 0.0 || factor == 0.0, "{row:?} at 0: {factor}");
            }
        }
    }
}

/// (similar pairs, dissimilar pairs, deviations of all, in the order of the file, in which similar pairs come first).
fn problem() -> (NeighborPairs, Vec<[u32; 2]>, Vec<f32>) {
    let (mut similar, mut dissimilar, mut deviations) = (NeighborPairs::default(), Vec::new(), Vec::new());
    for row in rows(PROBLEM) {
        let (pair, weight) =
            ([row[0].parse().unwrap(), row[1].parse().unwrap()], row[2].parse::<f32>().unwrap());
        if weight > 0.0 {
            similar.pairs.push(pair);
            similar.weights.push(weight);
        } else {
            dissimilar.push(pair);
        }
        deviations.push(row[3].parse().unwrap());
    }
    (similar, dissimilar, deviations)
}

#[test]
fn solves_get_as_low_as_pymde() {
    let (similar, dissimilar, deviations) = problem();
    let n = 120;
    let all: Vec<_> = similar.pairs.iter().chain(&dissimilar).copied().collect();
    let mut seen = 0;
    for row in rows(SOLVES) {
        let (functions, constraint, dim) = (row[0], row[1], row[2].parse::<usize>().unwrap());
        let theirs: f64 = row[3].parse().unwrap();
        let penalty = |name: &str| Penalty::new(named(name), None, None, None, None);
        let mut problem = if let Some(loss) = functions.strip_prefix("keep ") {
            let loss = Loss::new(named(loss), None, None, None, 1.0);
            Problem::with_deviations(n, dim, all.clone(), deviations.clone(), loss)
        } else {
            let (near, far) = functions.split_once('+').unwrap_or((functions, ""));
            let (far, pairs) =
                if far.is_empty() { (Penalty::LOG, &[][..]) } else { (penalty(far), &dissimilar[..]) };
            Problem::new(n, dim, similar.clone(), pairs, penalty(near), far)
        };
        let mut options = EmbedOptions {
            dim: dim as u32,
            max_iterations: 600,
            min_decrease: 0.0,
            ..EmbedOptions::default()
        };
        options.tolerance = 1e-7;
        if constraint == "standardized" {
            problem.constraint = Constraint::Standardized;
            options.constraint = ConstraintName::Standardized;
        }
        let mut best = f64::INFINITY;
        for seed in 0..12 {
            let mut rng = Rng::stream(seed, Use::Test, 0);
            let mut x: Vec<f32> = (0..n * dim).map(|_| rng.normal()).collect();
            problem.constraint.project(&mut x, dim);
            let mut status = Status::new(problem.clone(), &x, &options);
            status.run(&mut x, usize::MAX);
            // The value is that of the coordinates left, and these meet the constraint.
            let mut again = x.clone();
            problem.constraint.project(&mut again, dim);
            assert!(x.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-4), "{row:?}");
            let value = problem.value_and_gradient(&x, &mut again);
            assert!((value - status.average_distortion()).abs() < 1e-5 * value.abs().max(1e-3), "{row:?}");
            best = best.min(value);
        }
        // Functions with a kink, or nearly one, have many minima: from random starts, the best of twelve here and the best
        // of PyMDE's four may be different ones. The others agree to 0.5 %.
        let slack = match functions {
            "linear+log" | "keep absolute" => 1.04,
            "keep softFractional" => 1.10,
            _ => 1.005,
        };
        assert!(best < theirs * slack, "{row:?}: {best}");
        if functions == "quadratic" {
            // The Laplacian embedding has one minimum: the eigenvectors.
            assert!((best - theirs).abs() < 2e-3 * theirs, "{row:?}: {best}");
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}
