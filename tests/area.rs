//! Points in boxes and inside drawn lines, against looking at every point.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::explore::Grid;
use proptest::prelude::*;

/// Mostly tame, some on a lattice, so that points, corners and edges of cells coincide; a few not finite.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        5 => -10.0f32..10.0,
        4 => (-8i8..9).prop_map(f32::from),
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(1e30), Just(1e-30)],
    ]
}

fn corner() -> impl Strategy<Value = f64> {
    prop_oneof![-15.0..15.0f64, (-9i8..10).prop_map(f64::from)]
}

fn places(xy: &[f32]) -> impl Iterator<Item = (u32, [f64; 2])> {
    let finite = |&(_, p): &(u32, &[f32])| p.iter().all(|c| c.is_finite());
    let all = xy.chunks_exact(2).enumerate().map(|(i, p)| (i as u32, p));
    all.filter(finite).map(|(i, p)| (i, [f64::from(p[0]), f64::from(p[1])]))
}

/// How often the closed line goes around a place: a ray to the right, each edge that crosses it up or down.
fn goes_around(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let mut times = 0;
    for (i, b) in corners.iter().enumerate() {
        let a = corners[(i + corners.len() - 1) % corners.len()];
        let left = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);
        if a[1] <= y && b[1] > y && left > 0.0 {
            times += 1;
        }
        if a[1] > y && b[1] <= y && left < 0.0 {
            times -= 1;
        }
    }
    times != 0
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn boxes(
        xy in prop::collection::vec([coordinate(), coordinate()], 0..200),
        a in [corner(), corner()],
        b in [corner(), corner()],
    ) {
        let xy: Vec<f32> = xy.into_iter().flatten().collect();
        let (min, max) = ([0, 1].map(|i| a[i].min(b[i])), [0, 1].map(|i| a[i].max(b[i])));
        let inside = |p: &[f64; 2]| (0..2).all(|i| min[i] <= p[i] && p[i] <= max[i]);
        let wanted: Vec<u32> = places(&xy).filter(|(_, p)| inside(p)).map(|(id, _)| id).collect();
        prop_assert_eq!(sorted(Grid::new(&xy).in_box(&xy, min, max)), wanted);
    }

    #[test]
    fn polygons(
        xy in prop::collection::vec([coordinate(), coordinate()], 0..200),
        corners in prop::collection::vec([corner(), corner()], 3..12),
    ) {
        let xy: Vec<f32> = xy.into_iter().flatten().collect();
        let wanted: Vec<u32> = places(&xy).filter(|(_, p)| goes_around(&corners, *p)).map(|(id, _)| id).collect();
        prop_assert_eq!(sorted(Grid::new(&xy).in_polygon(&xy, &corners)), wanted);
    }
}

#[test]
fn a_star_and_a_ring_over_many_points() {
    // 300 x 300 points: most cells are wholly inside or outside.
    let xy: Vec<f32> = (0..90_000).flat_map(|i| [(i % 300) as f32 / 30.0, (i / 300) as f32 / 30.0]).collect();
    let grid = Grid::new(&xy);
    let around = |turns: f64, n: usize, radius: f64| {
        let angle = move |i: usize| turns * std::f64::consts::TAU * i as f64 / n as f64;
        (0..n).map(move |i| [5.0 + radius * angle(i).cos(), 5.0 + radius * angle(i).sin()])
    };
    let star: Vec<_> = around(2.0, 5, 4.7).collect();
    let ring: Vec<_> = around(1.0, 200, 4.9).chain(around(-1.0, 200, 3.1)).collect();
    for corners in [star, ring] {
        let wanted: Vec<u32> =
            places(&xy).filter(|(_, p)| goes_around(&corners, *p)).map(|(id, _)| id).collect();
        assert!(wanted.len() > 10_000 && wanted.len() < 80_000);
        assert_eq!(sorted(grid.in_polygon(&xy, &corners)), wanted);
    }
}

#[test]
fn nothing_to_find() {
    let triangle = [[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]];
    let find = |xy: &[f32], corners: &[[f64; 2]]| Grid::new(xy).in_polygon(xy, corners);
    assert_eq!(find(&[1.0, 1.0], &triangle), vec![0]);
    assert!(find(&[], &triangle).is_empty());
    assert!(find(&[f32::NAN, 1.0], &triangle).is_empty());
    assert!(find(&[1.0, 1.0], &triangle[..2]).is_empty());
    assert!(find(&[1.0, 1.0], &[[0.0, f64::NAN], [4.0, 0.0], [0.0, 4.0]]).is_empty());
    assert!(Grid::new(&[1.0, 1.0]).in_box(&[1.0, 1.0], [0.0; 2], [f64::NAN; 2]).is_empty());
}
