//! The flight between two views against slow twins: the length of its path measured in small steps, and a rubber band
//! that finds the shortest path by itself.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::flight::{Flight, Sight};
use proptest::prelude::*;

const RHO2: f64 = 2.0;

fn sight(x: f64, y: f64, width: f64) -> Sight {
    Sight { center: [x, y], width }
}

/// Length of a small step by the metric of van Wijk & Nuij, eq. 3: ds^2 = rho^2 / w^2 du^2 + dw^2 / (rho^2 w^2).
fn step(a: [f64; 2], b: [f64; 2]) -> f64 {
    let [(u0, w0), (u1, w1)] = [(a[0], a[1].exp()), (b[0], b[1].exp())];
    let du = (u1 - u0) / (w0 * w1).sqrt();
    let dw = b[1] - a[1];
    (RHO2 * du * du + dw * dw / RHO2).sqrt()
}

/// Way from the start in map units, and the logarithm of the width.
fn path(flight: &Flight, from: Sight, part: f64) -> [f64; 2] {
    let at = flight.at(part);
    [(at.center[0] - from.center[0]).hypot(at.center[1] - from.center[1]), at.width.ln()]
}

/// The slow twin: a path of many nodes, each drawn to where the two steps beside it are shortest, over and over.
fn rubber_band(w0: f64, w1: f64, u1: f64) -> Vec<[f64; 2]> {
    let n = 64;
    let mut nodes: Vec<[f64; 2]> = (0..=n)
        .map(|i| i as f64 / n as f64)
        .map(|t| [u1 * t, w0.ln() + (w1 / w0).ln() * t + 2.0 * t * (1.0 - t)])
        .collect();
    let pull = |a: [f64; 2], at: [f64; 2], b: [f64; 2]| step(a, at).powi(2) + step(at, b).powi(2);
    let mut reach = vec![[0.1 * u1, 0.1]; n + 1];
    for _ in 0..30_000 {
        for i in 1..n {
            for axis in 0..2 {
                let here = pull(nodes[i - 1], nodes[i], nodes[i + 1]);
                let tried = [1.0, -1.0].map(|sign| {
                    let mut node = nodes[i];
                    node[axis] += sign * reach[i][axis];
                    (pull(nodes[i - 1], node, nodes[i + 1]), node)
                });
                let best = if tried[0].0 < tried[1].0 { tried[0] } else { tried[1] };
                if best.0 < here {
                    nodes[i] = best.1;
                    reach[i][axis] *= 1.2;
                } else {
                    reach[i][axis] = (reach[i][axis] * 0.6).max(1e-9);
                }
            }
        }
    }
    nodes
}

#[test]
fn no_path_is_shorter() {
    for (w0, w1, u1) in [(1.0, 1.0, 4.0), (1.0, 3.0, 0.5), (2.0, 0.5, 6.0)] {
        let (from, to) = (sight(0.0, 0.0, w0), sight(u1, 0.0, w1));
        let flight = Flight::new(from, to);
        let band = rubber_band(w0, w1, u1);
        let length: f64 = band.windows(2).map(|pair| step(pair[0], pair[1])).sum();
        assert!((flight.length() / length - 1.0).abs() < 2e-3, "{} or {length}", flight.length());
        for (i, node) in band.iter().enumerate() {
            let at = path(&flight, from, i as f64 / 64.0);
            let apart = step(at, *node);
            assert!(apart < 0.03 * length, "node {i}: {at:?} or {node:?}");
        }
    }
}

proptest! {
    #[test]
    fn it_is_as_long_as_it_says_at_an_even_pace(
        a in [-5.0..5.0f64, -5.0..5.0], b in [-5.0..5.0f64, -5.0..5.0],
        widths in [-9.0..3.0f64, -9.0..3.0],
    ) {
        let [w0, w1] = widths.map(f64::exp);
        let (from, to) = (sight(a[0], a[1], w0), sight(b[0], b[1], w1));
        let flight = Flight::new(from, to);
        prop_assert_eq!((flight.at(0.0), flight.at(1.0)), (from, to));
        let n = 2000;
        let nodes: Vec<_> = (0..=n).map(|i| path(&flight, from, f64::from(i) / f64::from(n))).collect();
        let pace = flight.length() / f64::from(n);
        for pair in nodes.windows(2) {
            let way = step(pair[0], pair[1]);
            prop_assert!((way / pace - 1.0).abs() < 1e-3, "{} of {}", way, pace);
        }
    }

    #[test]
    fn there_and_back_are_one_way(u in 1e-9..1e4f64, widths in [-12.0..3.0f64, -12.0..3.0], part in 0.0..1.0f64) {
        let [from, to] = [sight(0.0, 1.0, widths[0].exp()), sight(u, 1.0, widths[1].exp())];
        let (there, back) = (Flight::new(from, to).at(part), Flight::new(to, from).at(1.0 - part));
        prop_assert!((there.width / back.width - 1.0).abs() < 1e-6);
        prop_assert!((there.center[0] - back.center[0]).abs() < 1e-6 * there.width.max(back.width) + 1e-9 * u);
        prop_assert_eq!(there.center[1], 1.0);
    }
}

#[test]
fn one_place_is_a_zoom_and_far_places_are_seen_from_above() {
    let zoom = Flight::new(sight(3.0, 4.0, 1.0), sight(3.0, 4.0, 16.0));
    assert!((zoom.at(0.5).width - 4.0).abs() < 1e-12);
    assert_eq!(zoom.at(0.5).center, [3.0, 4.0]);
    let none = Flight::new(sight(3.0, 4.0, 2.0), sight(3.0, 4.0, 2.0));
    assert_eq!((none.length(), none.at(0.3)), (0.0, sight(3.0, 4.0, 2.0)));
    let far = Flight::new(sight(0.0, 0.0, 1e-3), sight(100.0, 0.0, 1e-3));
    let top = far.at(0.5);
    assert!((top.center[0] - 50.0).abs() < 1e-6 && (80.0..120.0).contains(&top.width), "{top:?}");
    // Just beside: no leap to the case of one place.
    let [near, at] = [2e-7, 0.5e-7].map(|u| Flight::new(sight(0.0, 0.0, 1.0), sight(u, 0.0, 3.0)));
    assert!(
        (near.length() / at.length() - 1.0).abs() < 1e-6
            && (near.at(0.4).width / at.at(0.4).width - 1.0).abs() < 1e-6
    );
    for part in [f64::NAN, -1.0, 0.0] {
        assert_eq!(far.at(part).center, [0.0, 0.0]);
    }
    assert_eq!(far.at(7.0).center, [100.0, 0.0]);
}
