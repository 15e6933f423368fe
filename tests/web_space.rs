//! Galaxies in a real browser: pixels against a slow rasterizer, picking against brute force, the way there and back.
#![cfg(all(target_arch = "wasm32", feature = "modes"))]

mod raster_space;

use archipelago::draw::State;
use archipelago::web::view::View;
use raster_space::assert_same_picture;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

const SIDE: f64 = 160.0;

fn canvas() -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    document.create_element("canvas").unwrap().unchecked_into()
}

fn hash(i: u32) -> u32 {
    (i + 1).wrapping_mul(0x9e37_79b9) >> 8
}

/// A flat view of `n` items by a small hash of the id, and their places in space.
fn view_of(n: u32, ratio: f64) -> (View, Vec<f32>) {
    let mut view = View::new(canvas()).unwrap();
    let xyz: Vec<f32> = (0..3 * n).map(|i| (hash(i * 7) % 10_007) as f32 / 1000.0 - 3.0).collect();
    let xy: Vec<f32> = xyz.chunks_exact(3).flat_map(|p| [10.0 * p[0], 10.0 * p[1]]).collect();
    let codes: Vec<u32> = (0..n).map(|i| hash(i) % 15).collect();
    view.resize(SIDE, SIDE, ratio);
    view.set_items((0..n).map(|i| 2000 / (1 + hash(i) % 997)).collect()).unwrap();
    view.set_positions(&xy).unwrap();
    view.color_by_category(&codes, 15).unwrap();
    view.fit();
    (view, xyz)
}

fn galaxy_of(n: u32, ratio: f64) -> View {
    let (mut view, xyz) = view_of(n, ratio);
    view.set_space(&xyz).unwrap();
    view.step_space(1.0);
    view
}

#[wasm_bindgen_test]
fn pixels_equal_a_slow_rasterizer() {
    for ratio in [1.0, 2.0, 1.25] {
        let mut view = galaxy_of(300, ratio);
        assert!(view.draw());
        assert_same_picture(&view);
        assert!(!view.draw(), "nothing changed");
        view.turn_space(70.0, -30.0);
        view.dolly_space(100.0, 40.0, 2.5, -1);
        view.set_middle(60.0, 90.0);
        assert!(view.draw());
        assert_same_picture(&view);
        view.fly_space(0.1, -0.1, 0.6);
        assert!(view.draw());
        assert_same_picture(&view);
    }
}

#[wasm_bindgen_test]
fn states_are_drawn_and_bytes_are_few() {
    let mut view = galaxy_of(300, 1.0);
    view.draw();
    // The list of slots comes to that: 4 bytes a point that is drawn.
    assert!(view.load()[1] <= 16 * 300, "{} bytes", view.load()[1]);
    let plain = view.read_pixels();
    let states: Vec<u8> = (0..300).map(|i| (i % 5) as u8).collect();
    view.set_states(&states).unwrap();
    assert!(view.draw());
    assert_same_picture(&view);
    assert!(view.in_box(0.0, 0.0, SIDE, SIDE).iter().all(|id| id % 5 != 3));
    view.set_states(&[]).unwrap();
    view.draw();
    assert_eq!(view.read_pixels(), plain);
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn the_way_there_and_back_is_one_picture_with_the_flat_map() {
    let (mut view, xyz) = view_of(300, 1.0);
    view.draw();
    let (flat, live) = (view.read_pixels(), view.live_resources());
    view.set_space(&xyz).unwrap();
    view.step_space(0.0);
    assert!(view.draw());
    let mean = |a: &[u8], b: &[u8]| {
        a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
    };
    let apart = mean(&flat, &view.read_pixels());
    // All lie in one plane: only who lies on whom within one depth may differ, and a quantum.
    assert!(apart < 1.0, "{apart} from the flat picture");
    for t in [0.3, 0.7] {
        view.step_space(t);
        assert!(view.draw());
        assert_same_picture(&view);
        assert_eq!(view.pick(80.0, 80.0, Some(500.0)), -1, "on the way");
    }
    // Back from there, and there again, and back.
    view.leave_space();
    view.step_space(0.5);
    view.draw();
    assert_same_picture(&view);
    view.set_space(&xyz).unwrap();
    view.step_space(1.0);
    view.draw();
    assert_same_picture(&view);
    assert!(view.pick(80.0, 80.0, Some(500.0)) >= 0);
    view.leave_space();
    view.step_space(1.0);
    assert!(view.scene().space().is_none() && view.space_camera().is_empty());
    assert!(view.draw());
    assert_eq!(view.read_pixels(), flat);
    assert_eq!(view.live_resources(), live, "everything of the galaxy is freed");
    assert_eq!(view.load()[1], 12 * 300);
    assert_eq!(view.gl_error(), 0);
}

/// The slow twin of picking in space: looks at every item.
fn pick_all(view: &View, at: [f64; 2], tolerance: f64) -> i32 {
    let scene = view.scene();
    let look = scene.depth_look(scene.space().unwrap());
    let key = |id: u32| {
        let [x, y, depth] = scene.in_space(id)?;
        let radius = 0.5 * look.diameter(scene.cloud().size(id), f64::from(depth as f32));
        let (x, y) = (f64::from(x as f32), f64::from(y as f32));
        let outside = ((x - at[0]).hypot(y - at[1]) - radius).max(0.0);
        let shown = scene.cloud().state(id) != State::Hidden;
        let below = scene.cloud().state(id) != State::Highlighted;
        (shown && outside <= tolerance).then_some((outside, below, depth as f32, id))
    };
    let nearest = (0..scene.cloud().len() as u32).filter_map(key);
    nearest.min_by(|a, b| a.partial_cmp(b).unwrap()).map_or(-1, |found| found.3 as i32)
}

#[wasm_bindgen_test]
fn picking_equals_brute_force() {
    let mut view = galaxy_of(2000, 1.0);
    let states: Vec<u8> = (0..2000).map(|i| (hash(i) % 9) as u8).collect();
    view.set_states(&states).unwrap();
    let mut found = 0;
    for round in 0..6 {
        view.turn_space(37.0 * f64::from(round), 11.0);
        view.dolly_space(70.0, 90.0, 1.4, -1);
        for i in 0..200 {
            let at = [f64::from(hash(i * 3) % 160), f64::from(hash(i * 5 + 1) % 160)];
            for tolerance in [0.0, 4.0, 30.0] {
                let picked = view.pick(at[0], at[1], Some(tolerance));
                assert_eq!(picked, pick_all(&view, at, tolerance), "{at:?} {tolerance}");
                found += usize::from(picked >= 0);
            }
        }
        let inside = view.in_box(20.0, 30.0, 90.0, 100.0).len();
        let all = (0..2000).filter(|&id| {
            let [x, y] = [0, 1].map(|axis| view.project(id)[axis]);
            let shown = view.scene().cloud().state(id as u32) != State::Hidden;
            shown && (20.0..=90.0).contains(&x) && (30.0..=100.0).contains(&y)
        });
        assert_eq!(inside, all.count());
    }
    assert!(found > 1000, "{found}");
}

#[wasm_bindgen_test]
fn a_camera_comes_back_by_its_numbers_and_wild_ones_are_ignored() {
    let mut view = galaxy_of(100, 1.0);
    view.turn_space(40.0, 20.0);
    view.dolly_space(30.0, 60.0, 2.0, 5);
    view.draw();
    let (camera, picture) = (view.space_camera(), view.read_pixels());
    view.go_space(1, -1);
    view.step_space(1.0);
    view.draw();
    assert_ne!(view.read_pixels(), picture);
    view.set_space_camera(&camera);
    let back = view.space_camera();
    assert!(camera.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-9), "{camera:?} {back:?}");
    for wild in [&[][..], &[1.0; 5], &[f64::NAN; 6], &[f64::INFINITY, 0.0, 0.0, 0.0, 0.0, 1.0], &[2.0; 6]] {
        view.set_space_camera(wild);
        view.dolly_space(wild.first().copied().unwrap_or(f64::NAN), f64::NAN, f64::NAN, 7);
        view.set_middle(f64::NAN, 1.0);
        assert_eq!(view.space_camera(), back);
    }
    view.set_space_camera(&[1e9, 1e9, 1e9, 0.0, 1e300, 0.0]);
    assert!(view.space_camera().iter().all(|c| c.abs() < 1e3), "{:?}", view.space_camera());
    view.go_space(3, 7);
    view.step_space(1.0);
    let [x, y] = [0, 1].map(|axis| view.project(7)[axis]);
    assert!((x - 80.0).abs() < 0.1 && (y - 80.0).abs() < 0.1, "{x} {y}");
    assert!(view.set_space(&[1.0]).is_err());
    view.drop_space();
    assert!(view.draw());
    assert_eq!(view.gl_error(), 0);
}

/// What picking knows of a galaxy, made in pieces, answers as when it was made at once; for another camera it begins again.
#[wasm_bindgen_test]
fn what_is_where_comes_in_pieces() {
    let (mut view, mut other) = (galaxy_of(300, 1.0), galaxy_of(300, 1.0));
    for turn in [0.0, 40.0] {
        view.turn_space(turn, 0.0);
        other.turn_space(turn, 0.0);
        assert!(!view.index(0));
        let pieces = (1..).find(|_| view.index(11)).unwrap();
        assert!(pieces > 3 * 300 / 11 - 1, "each point is looked at three times: {pieces}");
        assert_eq!(view.pick(80.0, 80.0, Some(40.0)), other.pick(80.0, 80.0, Some(40.0)));
        assert!(view.index(0));
    }
}
