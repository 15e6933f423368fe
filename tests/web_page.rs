//! The view in a real browser: pixels against a slow rasterizer, errors, lost contexts, resources, sizes.
#![cfg(all(target_arch = "wasm32", feature = "view"))]

mod raster;

use archipelago::draw::BACKGROUND;
use archipelago::web::view::View;
use js_sys::futures::JsFuture;
use js_sys::{Function, Promise, Reflect};
use raster::{assert_same_picture, rasterize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext, WebglLoseContext};

wasm_bindgen_test_configure!(run_in_browser);

const SIDE: f64 = 160.0;

fn canvas() -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    document.create_element("canvas").unwrap().unchecked_into()
}

/// A view of `n` items whose popularities, places and categories come from a small hash of the id.
fn view_of(n: u32, ratio: f64) -> (View, HtmlCanvasElement, Vec<u32>) {
    let canvas = canvas();
    let mut view = View::new(canvas.clone()).unwrap();
    let hash = |i: u32| (i + 1).wrapping_mul(0x9e37_79b9) >> 8;
    let popularity: Vec<u32> = (0..n).map(|i| 2000 / (1 + hash(i) % 997)).collect();
    let xy: Vec<f32> = (0..2 * n).map(|i| (hash(i * 7) % 10_007) as f32 / 1000.0 - 3.0).collect();
    let codes: Vec<u32> = (0..n).map(|i| hash(i) % 15).collect();
    view.resize(SIDE, SIDE, ratio);
    view.set_items(popularity.clone()).unwrap();
    view.set_positions(&xy).unwrap();
    view.color_by_category(&codes, 15).unwrap();
    view.fit();
    (view, canvas, popularity)
}

fn lit(view: &View) -> usize {
    view.read_pixels().chunks_exact(4).filter(|pixel| pixel[..3] != BACKGROUND).count()
}

/// Waits for an event, and for its task to end: a context may be restored only when all have heard of its loss.
async fn event(target: &HtmlCanvasElement, name: &str) {
    let promise = Promise::new(&mut |resolve, _| {
        target.add_event_listener_with_callback(name, &resolve).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
    let next_task = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback(&resolve).unwrap();
    });
    JsFuture::from(next_task).await.unwrap();
}

#[wasm_bindgen_test]
fn pixels_equal_a_slow_rasterizer() {
    for ratio in [1.0, 2.0, 1.25] {
        let (mut view, _, popularity) = view_of(300, ratio);
        assert!(view.draw());
        assert_same_picture(&view, &popularity);
        view.zoom_at(100.0, 40.0, 3.0);
        assert!(view.draw());
        assert_same_picture(&view, &popularity);
    }
}

#[wasm_bindgen_test]
fn states_are_drawn_and_need_no_other_upload() {
    let (mut view, _, popularity) = view_of(300, 1.0);
    view.draw();
    let plain = view.read_pixels();
    let per_point = |view: &View| view.load()[1] as f64 / 300.0;
    assert!(per_point(&view) <= 12.0, "{} bytes a point", per_point(&view));
    let states: Vec<u8> = (0..300).map(|i| (i % 5) as u8).collect();
    view.set_states(&states).unwrap();
    assert!(view.draw());
    assert_eq!(per_point(&view), 13.0);
    assert_same_picture(&view, &popularity);
    let hidden = (0..300).find(|i| i % 5 == 3).unwrap();
    let at = view.project(hidden);
    assert_ne!(view.pick(at[0].into(), at[1].into(), None), hidden, "what is hidden can not be picked");
    #[cfg(feature = "modes")]
    assert!(view.in_box(0.0, 0.0, SIDE, SIDE).iter().all(|id| id % 5 != 3));
    assert!(view.set_states(&[1]).is_err());
    view.set_states(&[]).unwrap();
    assert!(view.draw());
    assert_eq!((view.read_pixels(), per_point(&view)), (plain, 12.0));
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn faint_points_are_drawn_by_lot() {
    // So small on such a screen that each would be fainter than a byte can say.
    let (mut view, _, popularity) = view_of(4000, 0.1);
    view.draw();
    let look = view.scene().look();
    let alpha = look.opacity * (look.smallest * view.scene().pixel() / 1.5).powi(2);
    assert!(alpha < 1.0 / 32.0, "{alpha}");
    let (drawn, wanted) = (view.read_pixels(), rasterize(&view, &popularity));
    let mean = |sum: f64| sum / wanted.len() as f64;
    let drawn = mean(drawn.chunks_exact(4).map(|p| f64::from(p[1])).sum());
    let wanted = mean(wanted.iter().map(|p| p[1]).sum());
    assert!((drawn - wanted).abs() < 1.0 && wanted > 20.0, "{drawn}, {wanted}");
}

#[wasm_bindgen_test]
fn points_move_from_one_layout_to_another() {
    let (mut view, _, popularity) = view_of(300, 1.0);
    view.draw();
    let there: Vec<f32> = view.scene().cloud().xy().iter().rev().map(|c| 4.0 - c).collect();
    view.move_to(&there).unwrap();
    for blend in [0.0, 0.3, 0.8] {
        view.set_blend(blend);
        assert!(view.draw());
        assert_same_picture(&view, &popularity);
        assert_eq!(view.pick(80.0, 80.0, Some(500.0)), -1, "on the way");
    }
    // Another way from where they are, and the first stands still for the eye.
    let before = view.read_pixels();
    view.move_to(&vec![0.5; 600]).unwrap();
    view.set_camera(view.scene().camera().center()[0], view.scene().camera().center()[1], 20.0);
    view.draw();
    assert_same_picture(&view, &popularity);
    assert_ne!(before, view.read_pixels());
    view.set_blend(1.0);
    view.draw();
    assert_same_picture(&view, &popularity);
    assert_eq!(view.load()[1], 12 * 300, "what is no longer needed is freed");
    assert!(view.pick(80.0, 80.0, Some(500.0)) >= 0);
    view.set_blend(0.5);
    assert!(!view.needs_draw(), "they have arrived");
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn motion_draws_fewer_and_rest_all() {
    let n = 100_000;
    let mut view = View::new(canvas()).unwrap();
    view.resize(400.0, 400.0, 1.0);
    view.set_items(vec![1; n]).unwrap();
    let xy: Vec<f32> = (0..n).flat_map(|i| [(i % 317) as f32, (i / 317) as f32]).collect();
    view.set_positions(&xy).unwrap();
    view.fit();
    view.draw();
    let (all, still) = (view.load()[0], view.read_pixels());
    assert_eq!(all, n as u32);
    for _ in 0..9 {
        view.pan(1.0, 0.0);
        view.set_motion(true, 400.0);
        assert!(view.draw());
    }
    assert_eq!(view.load()[0], 32_768);
    let mean = |pixels: &[u8]| pixels.chunks_exact(4).map(|p| f64::from(p[0])).sum::<f64>() / 160_000.0;
    let moving = view.read_pixels();
    assert!((mean(&moving) / mean(&still) - 1.0).abs() < 0.5, "{} or {}", mean(&moving), mean(&still));
    view.pan(-9.0, 0.0);
    view.draw();
    view.set_motion(false, 0.0);
    assert!(view.needs_draw() && view.draw());
    assert_eq!(view.read_pixels(), still);
    view.set_motion(false, 0.0);
    assert!(!view.needs_draw());
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn draws_only_when_something_changed() {
    let (mut view, _, _) = view_of(50, 1.0);
    let mut draws_after = |change: &dyn Fn(&mut View)| {
        view.draw();
        assert!(!view.needs_draw() && !view.draw(), "nothing changed");
        change(&mut view);
        view.draw()
    };
    assert!(draws_after(&|view| view.pan(3.0, 0.0)));
    assert!(draws_after(&|view| view.set_hover(7)));
    assert!(!draws_after(&|view| view.set_hover(7)));
    assert!(draws_after(&|view| view.set_hover(-1)));
    assert!(!draws_after(&|view| view.set_selected(50)), "no such item");
    assert!(draws_after(&|view| view.set_selected(49)));
    assert!(draws_after(&|view| view.color_by_nothing().unwrap()));
    assert!(draws_after(&|view| view.set_positions(&[0.5; 100]).unwrap()));
    assert!(draws_after(&|view| view.set_background(255, 255, 255).unwrap()));
    assert!(!draws_after(&|view| view.set_camera(f64::NAN, 0.0, 1.0)));
    assert!(!draws_after(&|view| view.zoom_at(0.0, 0.0, f64::INFINITY)));
    assert!(draws_after(&|view| view.resize(99.0, 50.0, 1.0)));
    assert!(!draws_after(&|view| assert!(view.pick(10.0, 10.0, None) < 50)));
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn marks_are_drawn_over_all() {
    let (mut view, _, _) = view_of(300, 1.0);
    view.draw();
    let before = view.read_pixels();
    view.set_selected(5);
    view.set_hover(6);
    view.draw();
    let white = |pixels: &[u8]| pixels.chunks_exact(4).filter(|p| p[..3] == [255; 3]).count();
    assert!(white(&view.read_pixels()) > white(&before) + 10, "two white rings");
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn deep_zoom_does_not_tremble() {
    let mut view = View::new(canvas()).unwrap();
    view.resize(SIDE, SIDE, 1.0);
    view.set_items(vec![1; 3]).unwrap();
    view.set_positions(&[-1000.0, -1000.0, 1000.0, 1000.0, 333.333, -77.77]).unwrap();
    view.fit();
    let at = view.project(2);
    view.zoom_at(f64::from(at[0]), f64::from(at[1]), 4000.0);
    view.draw();
    let side = SIDE as usize;
    let mut before = view.read_pixels();
    for _ in 0..5 {
        view.pan(1.0, 0.0);
        view.draw();
        let now = view.read_pixels();
        for row in 0..side {
            for column in 1..side {
                let (then, here) = (4 * (row * side + column - 1), 4 * (row * side + column));
                let apart = (0..3).map(|channel| before[then + channel].abs_diff(now[here + channel])).max();
                assert!(apart <= Some(3), "a pan of one pixel moves all by one pixel");
            }
        }
        before = now;
    }
}

#[wasm_bindgen_test]
async fn a_lost_context_comes_back() {
    let (mut view, canvas, popularity) = view_of(300, 1.0);
    view.draw();
    let before = view.read_pixels();
    let context: WebGl2RenderingContext = canvas.get_context("webgl2").unwrap().unwrap().unchecked_into();
    let extension: WebglLoseContext =
        context.get_extension("WEBGL_lose_context").unwrap().unwrap().unchecked_into();
    let prevent = Function::new_with_args("event", "event.preventDefault()");
    canvas.add_event_listener_with_callback("webglcontextlost", &prevent).unwrap();

    extension.lose_context();
    event(&canvas, "webglcontextlost").await;
    view.context_lost();
    assert_eq!(view.live_resources(), 0);
    // Everything stays safe, and what changes meanwhile is not forgotten.
    view.set_positions(&vec![0.0; 600]).unwrap();
    view.resize(SIDE, SIDE, 1.0);
    view.color_by_nothing().unwrap();
    assert!(!view.needs_draw() && !view.draw());
    assert!(view.pick(80.0, 80.0, None) >= 0);
    assert!(View::new(canvas.clone()).is_err(), "a lost context is an error, not a panic");
    let (again, _, _) = view_of(300, 1.0);
    view.set_positions(again.scene().cloud().xy()).unwrap();
    view.color_by_category(
        &(0..300u32).map(|i| ((i + 1).wrapping_mul(0x9e37_79b9) >> 8) % 15).collect::<Vec<_>>(),
        15,
    )
    .unwrap();
    view.fit();

    extension.restore_context();
    event(&canvas, "webglcontextrestored").await;
    view.context_restored().unwrap();
    assert!(view.live_resources() > 0 && view.draw());
    assert_eq!(view.read_pixels(), before);
    assert_same_picture(&view, &popularity);
}

#[wasm_bindgen_test]
fn a_dropped_view_leaves_nothing_behind() {
    let (mut view, _, _) = view_of(10, 1.0);
    view.draw();
    let live = view.live_resources();
    assert!(live > 0);
    for n in [0, 5, 1000] {
        view.set_items(vec![1; n]).unwrap();
        view.set_positions(&vec![0.5; 2 * n]).unwrap();
        view.draw();
        assert_eq!(view.live_resources(), live, "new data reuses the resources");
    }
    let device = view.scene().device().clone();
    drop(view);
    assert_eq!((device.live(), device.error()), (0, 0));
}

#[wasm_bindgen_test]
fn the_drawing_buffer_follows_size_and_ratio() {
    let (mut view, canvas, _) = view_of(10, 1.0);
    for (width, height, ratio, wanted) in [
        (100.0, 50.0, 1.0, [100, 50]),
        (101.0, 33.0, 1.5, [152, 50]),
        (99.5, 10.25, 2.0, [199, 21]),
        (0.0, 0.0, 1.0, [1, 1]),
        (40.0, 30.0, f64::NAN, [40, 30]),
    ] {
        view.resize(width, height, ratio);
        assert_eq!([canvas.width(), canvas.height()], wanted);
        assert_eq!(view.scene().buffer(), wanted);
        assert!(view.draw());
    }
    // Wider than any device draws: as large as it goes, with the aspect of the canvas.
    view.resize(40_000.0, 10.0, 2.0);
    let [width, height] = view.scene().buffer();
    assert!(width < 40_000 && height <= 10 && view.draw());
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn picking_finds_what_is_drawn_on_top() {
    let (mut view, _, popularity) = view_of(300, 1.0);
    for id in 0..300 {
        let [x, y] = view.project(id)[..] else { panic!("two numbers") };
        let found = view.pick(f64::from(x), f64::from(y), None);
        let rank = |id: i32| (popularity[id as usize], -id);
        assert!(found >= 0 && rank(found) >= rank(id), "{found} over {id}");
    }
    assert_eq!(view.pick(-500.0, -500.0, None), -1);
    assert_eq!(view.pick(f64::NAN, 0.0, None), -1);
    assert!(view.pick(-500.0, -500.0, Some(2000.0)) >= 0);
    assert!(view.project(300)[0].is_nan() && view.project(-1)[0].is_nan());
}

#[wasm_bindgen_test]
fn hidden_none_and_wrong() {
    let mut view = View::new(canvas()).unwrap();
    view.resize(SIDE, SIDE, 1.0);
    assert!(view.draw());
    assert_eq!((lit(&view), view.pick(1.0, 1.0, None)), (0, -1));
    view.set_items(vec![]).unwrap();
    view.set_positions(&[]).unwrap();
    view.fit();
    view.draw();
    assert_eq!(lit(&view), 0);
    view.set_items(vec![4, 4]).unwrap();
    view.draw();
    assert_eq!(lit(&view), 0, "no positions yet");
    view.set_positions(&[f32::NAN, 0.0, f32::INFINITY, f32::NEG_INFINITY]).unwrap();
    view.fit();
    view.draw();
    assert_eq!((lit(&view), view.pick(80.0, 80.0, Some(500.0))), (0, -1), "hidden");
    view.set_positions(&[f32::MAX, f32::MIN, 0.0, 0.0]).unwrap();
    view.fit();
    view.draw();
    assert!(lit(&view) > 0);

    let error = view.set_positions(&[1.0]).unwrap_err();
    assert_eq!(Reflect::get(&error, &JsValue::from("code")).unwrap(), JsValue::from("drawing"));
    assert!(view.color_by_number(&[1.0]).is_err() && view.color_by_category(&[1], 2).is_err());
    let taken = canvas();
    taken.get_context("2d").unwrap();
    let error = View::new(taken).err().expect("a canvas has one kind of context");
    assert_eq!(Reflect::get(&error, &JsValue::from("code")).unwrap(), JsValue::from("drawing"));
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn a_view_takes_over_the_canvas_of_another() {
    let (mut first, canvas, popularity) = view_of(300, 1.0);
    assert!(first.draw());
    let before = first.read_pixels();
    // Both live for a while: the second compiles while the first still draws.
    let mut second = View::new(canvas).unwrap();
    first.zoom_at(80.0, 80.0, 1.0);
    first.set_hover(3);
    assert!(first.draw());
    first.set_hover(-1);
    assert!(first.draw());
    assert_eq!(first.read_pixels(), before);
    second.resize(SIDE, SIDE, 1.0);
    second.set_items(popularity.clone()).unwrap();
    let places: Vec<f32> =
        (0..300).flat_map(|id| first.scene().cloud().place(id).unwrap()).map(|c| c as f32).collect();
    second.set_positions(&places).unwrap();
    drop(first);
    assert!(second.draw());
    assert_same_picture(&second, &popularity);
    assert_eq!(second.gl_error(), 0);
}

#[wasm_bindgen_test]
async fn a_patient_view_draws_when_its_shaders_are_there() {
    let (mut view, _, popularity) = view_of(300, 1.0);
    while !view.compiled().unwrap() {
        assert!(!view.draw() && view.needs_draw());
        let moment = Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(moment).await.unwrap();
    }
    assert!(view.draw());
    assert_same_picture(&view, &popularity);
}
