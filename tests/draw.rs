//! What drawing computes without a GPU: the camera, picking against brute force, colors and legends.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::camera::{Bounds, Camera, MAX_ZOOM, MIN_ZOOM};
use archipelago::draw::{Look, diameters};
use archipelago::explore::color::{
    CATEGORY_COLORS, MISSING_CODE, N_CATEGORY_COLORS, Theme, by_category, by_number, by_popularity, hex,
};
use archipelago::explore::{Grid, Query};
use proptest::prelude::*;

const DARK: Theme = Theme { dark: true };

/// A coordinate as a file or a broken worker might bring it: mostly tame, some equal, some wild.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        6 => -10.0f32..10.0,
        2 => (-4i8..4).prop_map(f32::from),
        1 => prop::num::f32::ANY,
    ]
}

/// Any f64, with the ones that break things made likely.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::ANY,
        -1e3..1e3f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(-0.0),
        Just(f64::MIN_POSITIVE),
        Just(f64::MAX),
    ]
}

fn camera_over(xy: &[f32]) -> Camera {
    let mut camera = Camera::default();
    camera.set_bounds(Bounds::of(xy));
    camera.resize(1000.0, 700.0);
    camera.fit();
    camera
}

/// The slow twin of `Grid::pick`: looks at every point.
fn pick_all(xy: &[f32], query: Query, disc: impl Fn(u32) -> (f64, u32)) -> Option<u32> {
    let key = |id: u32| {
        let [x, y] = [xy[2 * id as usize], xy[2 * id as usize + 1]].map(f64::from);
        let (radius, order) = disc(id);
        let [dx, dy] = [x - query.at[0], y - query.at[1]];
        (((dx * dx + dy * dy).sqrt() - radius).max(0.0), std::cmp::Reverse(order), id)
    };
    let finite = |id: &u32| xy[2 * *id as usize].is_finite() && xy[2 * *id as usize + 1].is_finite();
    let near = (0..xy.len() as u32 / 2).filter(finite).map(key).filter(|k| k.0 <= query.tolerance);
    near.min_by(|a, b| a.partial_cmp(b).expect("no NaN")).map(|k| k.2)
}

proptest! {
    #[test]
    fn grid_picks_what_brute_force_picks(
        xy in prop::collection::vec([coordinate(), coordinate()], 0..200),
        at in [-12.0..12.0f64, -12.0..12.0],
        tolerance in 0.0..3.0f64,
        biggest in 0.0..2.0f64,
        turn in 1u32..7,
        piece in 1usize..90,
    ) {
        let xy: Vec<f32> = xy.into_iter().flatten().collect();
        let n = (xy.len() / 2).max(1) as u32;
        let of_size = |size: u8| biggest * f64::from(size) / 4.0;
        let radius = |id: u32| of_size((id % 5) as u8);
        let order = |id: u32| (id * turn + 3) % n * n + id;
        let wanted = |query| pick_all(&xy, query, |id| (radius(id), order(id)));
        let query = Query { at, tolerance, max_radius: biggest, sorted: false };
        prop_assert_eq!(Grid::new(&xy).pick(&xy, query, order, radius, |_| biggest), wanted(query));
        // Two of one place and one depth in a galaxy: one of them was picked by the order of looking.
        let tied = |id: u32| order(id) / n % 3;
        prop_assert_eq!(
            Grid::new(&xy).pick(&xy, query, tied, radius, |_| biggest),
            pick_all(&xy, query, |id| (radius(id), tied(id)))
        );
        let mut ids: Vec<u32> = (0..xy.len() as u32 / 2).collect();
        ids.sort_by_key(|&id| order(id));
        let query = Query { sorted: true, ..query };
        let sizes: Vec<u8> = (0..n).map(|id| (id % 5) as u8).collect();
        prop_assert_eq!(Grid::in_order(&xy, &ids, &sizes).pick(&xy, query, order, radius, of_size), wanted(query));
        // Made in pieces it is the same, and until it is made nothing is found in it.
        let mut grid = Grid::start(Bounds::of(&xy), xy.len() / 2);
        prop_assert!(!grid.run(0, &xy, &ids, &sizes));
        while !grid.run(piece, &xy, &ids, &sizes) {
            prop_assert_eq!(grid.pick(&xy, query, order, radius, of_size), None);
        }
        prop_assert_eq!(grid, Grid::in_order(&xy, &ids, &sizes));
    }

    #[test]
    fn no_input_breaks_the_camera(
        xy in prop::collection::vec([coordinate(), coordinate()], 0..20),
        steps in prop::collection::vec((0u8..5, hostile(), hostile(), hostile()), 0..20),
    ) {
        let mut camera = camera_over(&xy.into_iter().flatten().collect::<Vec<_>>());
        for (step, a, b, c) in steps {
            match step {
                0 => camera.pan(a, b),
                1 => camera.zoom_at(a, b, c),
                2 => camera.set([a, b], c),
                3 => camera.resize(a, b),
                _ => camera.fit(),
            }
            let (bounds, center) = (camera.bounds(), camera.center());
            let inside = [0, 1].map(|axis| (bounds.min[axis]..=bounds.max[axis]).contains(&center[axis]));
            prop_assert_eq!(inside, [true, true]);
            let magnification = camera.magnification();
            prop_assert!((MIN_ZOOM * 0.999..=MAX_ZOOM * 1.001).contains(&magnification), "{}", magnification);
        }
    }

    #[test]
    fn zoom_keeps_the_place_under_the_cursor(x in 300.0..700.0f64, y in 250.0..450.0f64, factor in 0.6..50.0f64) {
        let mut camera = camera_over(&[-5.0, -5.0, 5.0, 5.0]);
        camera.zoom_at(500.0, 350.0, 8.0);
        let before = camera.to_map([x, y]);
        camera.zoom_at(x, y, factor);
        let after = camera.to_map([x, y]);
        prop_assert!((before[0] - after[0]).hypot(before[1] - after[1]) < 1e-9);
    }

    #[test]
    fn screen_and_map_are_inverse(x in -2e3..2e3f64, y in -2e3..2e3f64) {
        let camera = camera_over(&[100.0, -3.0, 107.0, 9.0]);
        let back = camera.to_screen(camera.to_map([x, y]));
        prop_assert!((back[0] - x).hypot(back[1] - y) < 1e-9);
    }

    #[test]
    fn category_counts_add_up(codes in prop::collection::vec(prop_oneof![0u32..30, Just(MISSING_CODE)], 0..300)) {
        let (colors, legend) = by_category(&codes, 25, DARK);
        prop_assert_eq!(colors.len(), codes.len());
        let shown: u32 = legend.entries.iter().map(|entry| entry.count).sum();
        prop_assert_eq!((shown + legend.missing) as usize, codes.len());
        let own: Vec<_> = legend.entries.iter().filter(|entry| entry.code >= 0).collect();
        prop_assert!(own.len() <= N_CATEGORY_COLORS);
        prop_assert!(own.windows(2).all(|pair| pair[0].count >= pair[1].count));
        for (color, &code) in colors.iter().zip(&codes) {
            let entry = own.iter().find(|entry| entry.code == i64::from(code));
            let other = if code < 25 { DARK.other() } else { DARK.missing() };
            prop_assert_eq!(hex(*color), entry.map_or(hex(other), |entry| entry.color.clone()));
        }
    }

    #[test]
    fn a_legend_tells_the_color_of_every_number(values in prop::collection::vec(prop::num::f32::ANY, 0..300)) {
        let (colors, legend) = by_number(&values, DARK);
        prop_assert!(legend.stops.windows(2).all(|pair| pair[0].at <= pair[1].at));
        prop_assert_eq!((legend.stops[0].at, legend.stops.last().expect("two stops").at), (0.0, 1.0));
        prop_assert_eq!(legend.missing as usize, values.iter().filter(|value| !value.is_finite()).count());
        let (min, max) = (f64::from(legend.min), f64::from(legend.max));
        for (&color, &value) in colors.iter().zip(&values).filter(|(_, value)| value.is_finite()) {
            let at = if max > min { (f64::from(value) - min) / (max - min) } else { 0.0 };
            let told = gradient(&legend.stops.iter().map(|s| (s.at, rgb(&s.color))).collect::<Vec<_>>(), at);
            let apart = (0..3).map(|c| (told[c] - f64::from(color[c])).abs()).fold(0.0, f64::max);
            prop_assert!(apart <= 1.0, "{value}: drawn {color:?}, told {told:?}");
        }
    }
}

/// A CSS linear gradient at `at`.
fn gradient(stops: &[(f64, [f64; 3])], at: f64) -> [f64; 3] {
    let upper = stops.iter().position(|stop| stop.0 >= at).unwrap_or(stops.len() - 1).max(1);
    let ((a, from), (b, to)) = (stops[upper - 1], stops[upper]);
    let t = if b > a { ((at - a) / (b - a)).clamp(0.0, 1.0) } else { 1.0 };
    [0, 1, 2].map(|c| from[c] + (to[c] - from[c]) * t)
}

fn rgb(hex: &str) -> [f64; 3] {
    [1, 3, 5].map(|i| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).expect("two hex digits")))
}

#[test]
fn a_few_wild_numbers_do_not_flatten_the_rest() {
    let mut values: Vec<f32> = (0..1000).map(|i| i as f32).collect();
    values.push(1e9);
    let (colors, legend) = by_number(&values, DARK);
    assert_ne!(colors[100], colors[900]);
    assert_eq!((legend.min, legend.max), (0.0, 1e9));
}

#[test]
fn a_gradient_too_narrow_for_its_legend_spans_all() {
    let mut values = vec![0.0; 52];
    (values[0], values[1], values[2]) = (-1.7e19, 4.7e-33, 2.4e22);
    let (colors, legend) = by_number(&values, DARK);
    assert_eq!(colors[1], colors[3], "as near each other as the legend can tell");
    assert_eq!(rgb(&legend.stops.last().expect("stops").color), colors[2].map(f64::from));
    assert_ne!(legend.stops[0].at, legend.stops[1].at);
}

#[test]
fn no_numbers_and_one_number() {
    for values in [&[][..], &[f32::NAN], &[3.0, 3.0, f32::INFINITY]] {
        let (colors, legend) = by_number(values, DARK);
        assert_eq!((colors.len(), legend.stops.len()), (values.len(), 2));
    }
}

#[test]
fn popularity_colors_follow_rank_and_ties_are_equal() {
    let colors = by_popularity(&[5, 1, 5, 900, 1], DARK);
    assert_eq!((colors[0], colors[1]), (colors[2], colors[4]));
    let light = |color: [u8; 3]| color.iter().map(|&c| u32::from(c)).sum::<u32>();
    assert!(light(colors[1]) < light(colors[0]) && light(colors[0]) < light(colors[3]));
    assert!(by_popularity(&[], DARK).is_empty());
    assert_eq!(by_popularity(&[7], Theme { dark: false }).len(), 1);
}

#[test]
fn category_colors_differ() {
    for (i, a) in CATEGORY_COLORS.iter().enumerate() {
        for b in &CATEGORY_COLORS[i + 1..] {
            let apart: f64 = (0..3).map(|c| (f64::from(a[c]) - f64::from(b[c])).powi(2)).sum();
            assert!(apart.sqrt() > 50.0, "{} and {}", hex(*a), hex(*b));
        }
    }
}

#[test]
fn discs_grow_slower_than_distances_up_to_a_cap() {
    let mut camera = camera_over(&[-1.0, -1.0, 1.0, 1.0]);
    let look = |camera: &Camera| Look::new(16_000, camera, 1000.0);
    let far = look(&camera);
    let screen = (700.0f64 / 900.0).sqrt();
    assert_eq!([far.smallest, far.largest], diameters(16_000).map(|d| d * screen));
    camera.zoom_at(500.0, 350.0, 16.0);
    let near = look(&camera);
    let growth = near.smallest / far.smallest;
    assert!((growth - 16f64.powf(0.35)).abs() < 1e-9);
    // As many points on 256 times the screen, under discs that grew less.
    let crowded = |look: Look, density: f64| look.crowded(density, [0.1, 0.02]).opacity;
    assert!(crowded(near, 0.01) > crowded(far, 2.56) && crowded(near, 0.0) == near.opacity);
    camera.zoom_at(500.0, 350.0, 1e9);
    assert!(look(&camera).diameter(1.0) <= 44.0);
    assert!(Look::new(16_000, &camera, 20.0).diameter(1.0) <= 20.0, "the device's limit holds");
    for n in [0, 1, 2_000, 1_000_000] {
        let [smallest, largest] = diameters(n);
        assert!(smallest >= 1.5 && largest > smallest);
    }
}
