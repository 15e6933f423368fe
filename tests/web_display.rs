//! What a visitor chooses of how points look, in a real browser: pixels against the slow rasterizer, and layouts that
//! turn into each other.
#![cfg(all(target_arch = "wasm32", feature = "view"))]

mod raster;

use archipelago::web::view::View;
use raster::assert_same_picture;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

const N: u32 = 200;
const SIDE: f64 = 160.0;

fn hash(i: u32) -> u32 {
    (i + 1).wrapping_mul(0x9e37_79b9) >> 8
}

fn places(turn: u32) -> Vec<f32> {
    (0..2 * N).map(|i| (hash(i * 7 + turn) % 10_007) as f32 / 1000.0).collect()
}

fn view() -> (View, Vec<u32>) {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    let mut view = View::new(canvas).unwrap();
    let popularity: Vec<u32> = (0..N).map(|i| 2000 / (1 + hash(i) % 997)).collect();
    view.resize(SIDE, SIDE, 1.0);
    view.set_items(popularity.clone()).unwrap();
    view.set_positions(&places(0)).unwrap();
    view.fit();
    view.draw();
    (view, popularity)
}

#[wasm_bindgen_test]
fn every_choice_is_drawn() {
    let (mut view, popularity) = view();
    let usual = view.read_pixels();
    let choices = [(2.0, true, f64::NAN), (1.0, false, f64::NAN), (0.5, true, 0.5), (8.0, false, 0.05)];
    for (size, rim, opacity) in choices {
        view.set_display(size, rim, opacity, false);
        assert!(view.draw());
        assert_ne!(view.read_pixels(), usual);
        assert_same_picture(&view, &popularity);
    }
    // Out of range, and no numbers: the nearest that is, and the usual.
    view.set_display(f64::NAN, true, f64::INFINITY, false);
    view.draw();
    assert_eq!(view.read_pixels(), usual);
    view.set_display(1e9, true, -1.0, false);
    assert!(view.draw());
    assert_eq!(view.scene().display().size, 8.0);
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn sizes_show_a_number() {
    let (mut view, popularity) = view();
    let usual = view.read_pixels();
    let values: Vec<f32> = (0..N).map(|i| if i % 9 == 0 { f32::NAN } else { i as f32 }).collect();
    view.size_by(&values);
    assert!(view.draw());
    assert_same_picture(&view, &popularity);
    assert!(view.diameter(199) > view.diameter(100) && view.diameter(100) > view.diameter(9));
    view.size_by(&vec![0.0; N as usize]);
    view.draw();
    assert_eq!(view.diameter(199), view.diameter(9));
    assert_same_picture(&view, &popularity);
    assert_eq!(view.load()[1], 12 * N, "no more bytes");
    view.size_by(&[]);
    view.draw();
    assert_eq!(view.read_pixels(), usual, "back to popularity");
}

#[wasm_bindgen_test]
fn only_what_is_highlighted_twinkles() {
    let (mut view, popularity) = view();
    let usual = view.read_pixels();
    view.set_twinkle(0.3, 1.0);
    assert!(view.draw());
    assert_eq!(view.read_pixels(), usual, "nothing is highlighted");
    view.set_states(&(0..N).map(|i| u8::from(i % 3 == 0)).collect::<Vec<_>>()).unwrap();
    view.set_twinkle(0.0, 0.0);
    view.draw();
    let still = view.read_pixels();
    for phase in [0.1, 7.6] {
        view.set_twinkle(phase, 1.0);
        assert!(view.draw());
        assert_ne!(view.read_pixels(), still);
        assert_same_picture(&view, &popularity);
    }
    view.set_twinkle(0.0, 0.0);
    view.draw();
    assert_eq!(view.read_pixels(), still);
    view.set_twinkle(0.0, 0.0);
    assert!(!view.needs_draw());
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn a_layout_turns_into_one_of_another_scale() {
    let (mut view, popularity) = view();
    let before = view.read_pixels();
    let (center, zoom) = (view.scene().camera().center(), view.scene().camera().zoom());
    let there: Vec<f32> = places(5).iter().map(|c| 900.0 - 40.0 * c).collect();
    view.move_to(&there).unwrap();
    view.fit();
    view.come_from(center[0], center[1], zoom);
    assert!(view.draw());
    let apart = before.iter().zip(view.read_pixels()).filter(|(a, b)| a.abs_diff(*b) > 24).count();
    assert!(apart < 40, "{apart} bytes differ: nothing leaps");
    view.set_blend(0.5);
    view.draw();
    assert_same_picture(&view, &popularity);
    // On the way, another place to go; where they come from stays.
    let at = view.project(7);
    let elsewhere: Vec<f32> = there.iter().map(|c| c + 10.0).collect();
    view.turn_to(&elsewhere).unwrap();
    view.draw();
    assert_same_picture(&view, &popularity);
    let moved = f64::from(view.project(7)[0] - at[0]) / view.scene().camera().zoom();
    assert!((moved - 5.0).abs() < 1e-3, "half of the way: {moved}");
    assert!(view.turn_to(&[1.0]).is_err() && view.scene().cloud().is_moving());
    view.come_from(f64::NAN, 0.0, 1.0);
    view.set_blend(1.0);
    view.draw();
    assert_eq!(view.scene().cloud().xy(), elsewhere);
    assert_eq!(view.load()[1], 12 * N, "freed");
    assert_same_picture(&view, &popularity);
}

#[wasm_bindgen_test]
fn a_context_lost_on_the_way_comes_back_on_the_way() {
    let (mut view, popularity) = view();
    view.set_states(&(0..N).map(|i| (i % 4) as u8).collect::<Vec<_>>()).unwrap();
    view.set_display(1.5, false, f64::NAN, false);
    view.move_to(&places(3)).unwrap();
    view.fit();
    view.set_blend(0.4);
    view.draw();
    let before = view.read_pixels();
    // All resources go and come again, in a context that was not lost: what is drawn must not depend on the old ones.
    view.context_lost();
    assert_eq!(view.live_resources(), 0);
    assert!(!view.draw());
    view.context_restored().unwrap();
    assert!(view.draw());
    assert_eq!(view.read_pixels(), before);
    assert_same_picture(&view, &popularity);
    view.set_blend(1.0);
    view.draw();
    assert_eq!(view.load()[1], 13 * N);
}

#[wasm_bindgen_test]
fn fractional_pixels() {
    let (mut view, popularity) = view();
    for (width, height, ratio) in [(197.5, 161.25, 1.75), (260.0, 190.0, 1.1), (133.0, 220.0, 2.625)] {
        view.resize(width, height, ratio);
        view.draw();
        assert_same_picture(&view, &popularity);
        let px = view.project(7);
        let found = view.pick(px[0].into(), px[1].into(), Some(0.0));
        assert!(found >= 0, "what is drawn there is found at {ratio} px per CSS px");
    }
}

/// What picking knows, made in pieces, answers as when it was made at once.
#[wasm_bindgen_test]
fn what_is_where_comes_in_pieces() {
    let (mut view, _) = view();
    assert!(!view.index(0));
    let (mut other, _) = self::view();
    let at_once = other.pick(80.0, 80.0, Some(30.0));
    let pieces = (1..).find(|_| view.index(7)).unwrap();
    assert!(pieces > 2 * N / 7 - 1, "each point is looked at twice: {pieces}");
    assert!(view.index(0));
    assert_eq!(view.pick(80.0, 80.0, Some(30.0)), at_once);
    // Other places: it begins again, and a question does not wait for the last piece.
    view.set_positions(&places(1)).unwrap();
    other.set_positions(&places(1)).unwrap();
    assert!(!view.index(7));
    assert_eq!(view.pick(80.0, 80.0, Some(30.0)), other.pick(80.0, 80.0, Some(30.0)));
    assert!(view.index(0));
    view.move_to(&places(2)).unwrap();
    view.set_blend(0.5);
    assert!(view.index(0), "nothing to know while items move");
}
