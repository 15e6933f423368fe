//! The density view in a real browser: pixels against a slow rasterizer, by every counter, states, lines, resources.
#![cfg(all(target_arch = "wasm32", feature = "modes"))]

mod raster;

use archipelago::draw::{Counter, How, Shading};
use archipelago::web::view::View;
use raster::assert_same_picture;
use raster::density::assert_same_density;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

const SIDE: f64 = 160.0;
const COUNTERS: [Counter; 3] = [Counter::Float, Counter::Half, Counter::Cpu];

/// A view of `n` items: a crowd of five categories in the middle of a thin square.
fn view_of(n: u32, ratio: f64) -> (View, Vec<u32>) {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    let mut view = View::new(canvas).unwrap();
    let hash = |i: u32| (i + 1).wrapping_mul(0x9e37_79b9) >> 8;
    let near = |i: u32| if i % 8 < 4 { 0.15 } else { 1.0 };
    let unit = |i: u32| (hash(i * 7) % 10_007) as f32 / 10_007.0 - 0.5;
    let xy: Vec<f32> = (0..2 * n).map(|i| near(i / 2) * unit(i)).collect();
    let popularity: Vec<u32> = (0..n).map(|i| 2000 / (1 + hash(i) % 997)).collect();
    view.resize(SIDE, SIDE, ratio);
    view.set_items(popularity.clone()).unwrap();
    view.set_positions(&xy).unwrap();
    view.color_by_category(&(0..n).map(|i| i % 5).collect::<Vec<_>>(), 5).unwrap();
    view.fit();
    (view, popularity)
}

fn shade(view: &mut View, shading: Shading) {
    view.scene_mut().set_shading(Some(shading)).unwrap();
    assert!(view.draw());
}

#[wasm_bindgen_test]
fn every_counter_draws_what_a_slow_rasterizer_draws() {
    for counter in COUNTERS {
        let (mut view, _) = view_of(3000, 1.0);
        view.scene_mut().set_counter(counter).unwrap();
        for how in [How::Equalized, How::Log, How::Linear] {
            shade(&mut view, Shading { how, fade: false, ..Shading::default() });
            assert_eq!(view.scene().counter(), Some(counter), "this browser can do it");
            assert_same_density(&view);
        }
        // Elsewhere and sparse, so that points are spread; and with no spread, and on a background of the other kind.
        view.zoom_at(100.0, 40.0, 4.0);
        assert!(view.draw() && view.scene().reach() > 0.5, "{}", view.scene().reach());
        assert_same_density(&view);
        shade(&mut view, Shading { spread: false, fade: false, ..Shading::default() });
        view.set_background(255, 255, 255).unwrap();
        view.draw();
        assert_same_density(&view);
        view.color_by_nothing().unwrap();
        view.draw();
        assert_same_density(&view);
    }
}

#[wasm_bindgen_test]
fn other_pixel_ratios_and_moving_points() {
    for (counter, ratio) in [(Counter::Float, 1.2), (Counter::Cpu, 0.7)] {
        let (mut view, _) = view_of(1000, ratio);
        view.scene_mut().set_counter(counter).unwrap();
        shade(&mut view, Shading { fade: false, ..Shading::default() });
        assert_same_density(&view);
        let there: Vec<f32> = view.scene().cloud().xy().iter().rev().map(|c| 0.2 - c).collect();
        view.move_to(&there).unwrap();
        view.set_blend(0.4);
        view.draw();
        assert_same_density(&view);
        view.set_blend(1.0);
        view.draw();
        assert_same_density(&view);
    }
}

#[wasm_bindgen_test]
fn states_count_less_or_not_or_lie_on_top() {
    for counter in [Counter::Float, Counter::Cpu] {
        let (mut view, _) = view_of(2000, 1.0);
        view.scene_mut().set_counter(counter).unwrap();
        let states: Vec<u8> = (0..2000).map(|i| [0, 2, 3, 2][i % 4]).collect();
        view.set_states(&states).unwrap();
        shade(&mut view, Shading::default());
        assert_same_density(&view);
        let without = view.read_pixels();
        let at = (0..2000).find(|&id| view.project(id).iter().all(|px| (20.0..140.0).contains(px))).unwrap();
        let mut states = states;
        states[at as usize] = 1;
        view.set_states(&states).unwrap();
        view.draw();
        let [x, y] = view.project(at)[..] else { panic!("two numbers") };
        let pixel = 4 * ((SIDE as usize - 1 - y as usize) * SIDE as usize + x as usize);
        let color = view.scene().cloud().color(at as u32);
        let drawn = &view.read_pixels()[pixel..pixel + 3];
        let apart = (0..3).map(|c| drawn[c].abs_diff(color[c])).max();
        assert!(apart <= Some(120), "a disc of its color: {drawn:?}, {color:?}");
        assert_ne!(view.read_pixels(), without);
        assert!(view.pick(x.into(), y.into(), None) >= 0, "picking goes on");
        assert_eq!(view.gl_error(), 0);
    }
}

#[wasm_bindgen_test]
fn points_take_over_when_they_are_sparse() {
    let (mut view, popularity) = view_of(300, 1.0);
    shade(&mut view, Shading::default());
    assert_eq!(view.density_share(), 1.0);
    assert_same_density(&view);
    view.zoom_at(80.0, 80.0, 40.0);
    assert_eq!(view.density_share(), 0.0);
    view.draw();
    assert_same_picture(&view, &popularity);
    view.fit();
    view.draw();
    assert_same_density(&view);
    // On the way between the two, both are there, and no error.
    let mut shares = Vec::new();
    for _ in 0..24 {
        view.zoom_at(80.0, 80.0, 1.15);
        view.draw();
        shares.push(view.density_share());
    }
    assert!(
        shares.iter().rev().is_sorted() && shares.iter().any(|share| (0.2..0.8).contains(share)),
        "{shares:?}"
    );
    view.set_density(0, true, false, true).unwrap();
    assert!(view.draw());
    assert_same_picture(&view, &popularity);
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn a_slow_device_counts_on_the_cpu() {
    let (mut view, _) = view_of(3000, 1.0);
    shade(&mut view, Shading::default());
    for interval in [0.0, 300.0, 20.0, 0.0, 300.0] {
        view.set_motion(true, interval);
        assert_eq!(view.scene().counter(), Some(Counter::Float), "one late frame says nothing");
    }
    view.set_motion(true, 300.0);
    view.pan(3.0, 0.0);
    assert!(view.draw());
    assert_eq!(view.scene().counter(), Some(Counter::Cpu));
    view.set_motion(false, 0.0);
    view.draw();
    assert_same_density(&view);
}

#[wasm_bindgen_test]
fn contours_are_lines_over_the_density() {
    let (mut view, _) = view_of(3000, 1.0);
    shade(&mut view, Shading::default());
    let plain = view.read_pixels();
    shade(&mut view, Shading { contours: true, ..Shading::default() });
    let lined = view.read_pixels();
    let changed = plain.chunks_exact(4).zip(lined.chunks_exact(4)).filter(|(a, b)| a != b).count();
    let all = plain.len() / 4;
    assert!(changed > all / 50 && changed < all / 3, "{changed} of {all}");
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn marks_lie_on_top_and_count_nothing_again() {
    let (mut view, _) = view_of(2000, 1.0);
    shade(&mut view, Shading::default());
    let plain = view.read_pixels();
    view.set_hover(7);
    view.draw();
    let white = |pixels: &[u8]| pixels.chunks_exact(4).filter(|p| p[..3] == [255; 3]).count();
    assert!(white(&view.read_pixels()) > white(&plain) + 5);
    view.set_hover(-1);
    view.draw();
    assert_eq!(view.read_pixels(), plain);
    assert!(!view.needs_draw());
    view.set_density(1, true, false, true).unwrap();
    assert!(!view.needs_draw(), "nothing changed");
}

#[wasm_bindgen_test]
fn its_resources_are_there_only_while_it_is_shown() {
    let (mut view, _) = view_of(100, 1.0);
    view.draw();
    let live = view.live_resources();
    for counter in COUNTERS {
        view.scene_mut().set_counter(counter).unwrap();
        shade(&mut view, Shading { contours: true, ..Shading::default() });
        let with = view.live_resources();
        assert!(with > live);
        for size in [200.0, 50.0, SIDE] {
            view.resize(size, SIDE, 1.0);
            view.draw();
        }
        assert_eq!(view.live_resources(), with, "a new size reuses or frees");
        view.set_items(vec![]).unwrap();
        view.set_positions(&[]).unwrap();
        view.draw();
        view.set_density(0, true, true, true).unwrap();
        assert_eq!(view.live_resources(), live);
    }
    view.scene_mut().set_counter(Counter::Float).unwrap();
    shade(&mut view, Shading::default());
    // As when the context was lost and comes back.
    view.context_lost();
    assert_eq!(view.live_resources(), 0);
    view.set_density(2, false, true, false).unwrap();
    view.context_restored().unwrap();
    assert!(view.draw() && view.scene().counter() == Some(Counter::Float));
    let device = view.scene().device().clone();
    drop(view);
    assert_eq!((device.live(), device.error()), (0, 0));
}
