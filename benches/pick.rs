//! Picking among a million points: building the grid, hovering, a lasso. `cargo bench --bench pick`.
//!
//! Two sets: even, and 200 crowds of which the densest hold a tenth of all points. A hover looks around a place on
//! a screen of 1280 x 800 that shows the whole map, at 4 px from discs of 0.75 to 13 px, few of them large, half of the places among points.
#![allow(clippy::disallowed_methods)] // A clock is what this program is for.

use archipelago::explore::{Grid, Query};
use archipelago::random::{Rng, Use};
use std::hint::black_box;
use std::time::Instant;

const N: usize = 1_000_000;

fn even() -> Vec<f32> {
    let mut rng = Rng::stream(1, Use::Test, 0);
    (0..2 * N).map(|_| rng.uniform() * 1000.0).collect()
}

fn crowds() -> Vec<f32> {
    let mut rng = Rng::stream(2, Use::Test, 0);
    let centers: Vec<[f32; 3]> = (0..200)
        .map(|_| [rng.uniform() * 1000.0, rng.uniform() * 1000.0, 1.0 + 30.0 * rng.uniform()])
        .collect();
    let mut point = || {
        // The first crowds get most.
        let u = rng.uniform();
        let [x, y, wide] = centers[((u * u * u) * 200.0) as usize % 200];
        [x + wide * rng.normal(), y + wide * rng.normal()]
    };
    (0..N).flat_map(|_| point()).collect()
}

fn main() {
    // What lies above what: as mixed as can be.
    let mut rng = Rng::stream(4, Use::Test, 0);
    let mut ids: Vec<u32> = (0..N as u32).collect();
    (1..N).for_each(|i| ids.swap(i, rng.below(i as u32 + 1) as usize));
    let mut slots = vec![0; N];
    ids.iter().zip(0..).for_each(|(&id, slot)| slots[id as usize] = slot);
    // Few are large, as few are popular.
    let sizes: Vec<u8> = (0..N).map(|_| (255.0 * rng.uniform().powi(12)) as u8).collect();
    for (name, xy) in [("even", even()), ("crowds", crowds())] {
        let mut builds = Vec::new();
        let mut grid = Grid::default();
        for _ in 0..5 {
            let start = Instant::now();
            grid = Grid::in_order(&xy, &ids, &sizes);
            builds.push(start.elapsed().as_secs_f64() * 1e3);
        }
        builds.sort_by(f64::total_cmp);
        let mut rng = Rng::stream(3, Use::Test, 0);
        let mut hovers: Vec<f64> = (0..20_000)
            .map(|i| {
                let id = rng.below(N as u32) as usize;
                let at = match i % 2 {
                    0 => [f64::from(xy[2 * id]), f64::from(xy[2 * id + 1])],
                    _ => [f64::from(rng.uniform()) * 1000.0, f64::from(rng.uniform()) * 1000.0],
                };
                let px = 1000.0 / 800.0;
                let radius = |size: u8| (0.75 + 12.25 * f64::from(size) / 255.0) * px;
                let query = Query { at, tolerance: 4.0 * px, max_radius: 13.0 * px, sorted: true };
                let start = Instant::now();
                black_box(grid.pick(
                    &xy,
                    query,
                    |id| slots[id as usize],
                    |id| radius(sizes[id as usize]),
                    radius,
                ));
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        hovers.sort_by(f64::total_cmp);
        // A wobbly circle of 400 corners around a third of the map.
        let corners: Vec<[f64; 2]> = (0..400)
            .map(|i| {
                let angle = std::f64::consts::TAU * f64::from(i) / 400.0;
                let radius = 325.0 + 20.0 * (9.0 * angle).sin();
                [500.0 + radius * angle.cos(), 500.0 + radius * angle.sin()]
            })
            .collect();
        let mut found = 0;
        let mut lassos: Vec<f64> = (0..9)
            .map(|_| {
                let start = Instant::now();
                found = black_box(grid.in_polygon(&xy, &corners)).len();
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        lassos.sort_by(f64::total_cmp);
        println!(
            "{name:7} build {:.0} ms; hover median {:.4} ms, p99 {:.4} ms; lasso {:.2} ms for {found} points",
            builds[2],
            hovers[hovers.len() / 2],
            hovers[hovers.len() * 99 / 100],
            lassos[4],
        );
    }
}
