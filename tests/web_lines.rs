//! Lines in a real browser: where they are, what they leave behind, below the points, through a lost context.
#![cfg(all(target_arch = "wasm32", feature = "modes"))]

use archipelago::draw::BACKGROUND;
use archipelago::web::view::View;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

const SIDE: usize = 160;
const RED: [f32; 6] = [1.0, 0.0, 0.0, 1.0, 4.0, 0.0];

/// Four items in the corners of a square.
fn view() -> View {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    let mut view = View::new(canvas).unwrap();
    view.resize(SIDE as f64, SIDE as f64, 1.0);
    view.set_items(vec![1; 4]).unwrap();
    view.set_positions(&[0.0, 0.0, 4.0, 0.0, 0.0, 4.0, 4.0, 4.0]).unwrap();
    view.fit();
    view
}

/// The pixel at CSS px.
fn pixel(view: &View, [x, y]: [f32; 2]) -> [u8; 3] {
    let pixels = view.read_pixels();
    let at = 4 * ((SIDE - 1 - y as usize) * SIDE + x as usize);
    [pixels[at], pixels[at + 1], pixels[at + 2]]
}

fn between(view: &View, a: i32, b: i32, share: f32) -> [f32; 2] {
    let (a, b) = (view.project(a), view.project(b));
    [0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * share)
}

#[wasm_bindgen_test]
fn a_line_is_where_it_belongs_and_nowhere_else() {
    let mut view = view();
    view.draw();
    let (plain, live) = (view.read_pixels(), view.live_resources());
    view.set_lines(2, &[0, 3], &RED);
    assert!(view.needs_draw() && view.draw());
    for share in [0.2, 0.5, 0.8] {
        assert_eq!(pixel(&view, between(&view, 0, 3, share)), [255, 0, 0], "at {share}");
        assert_eq!(pixel(&view, between(&view, 0, 1, share)), BACKGROUND, "no line there, at {share}");
    }
    let red = view.read_pixels().chunks_exact(4).filter(|p| p[0] > 200 && p[1] < 30).count();
    let [from, to] = [view.project(0), view.project(3)];
    let wanted = 4.0 * (to[0] - from[0]).hypot(to[1] - from[1]);
    assert!((red as f32) > 0.75 * wanted && (red as f32) < 1.05 * wanted, "{red} pixels, not {wanted}");
    // Items lie above the line.
    let at = view.project(0);
    assert_ne!(pixel(&view, [at[0], at[1]]), [255, 0, 0]);
    // It goes with the camera, and deep in too.
    view.zoom_at(80.0, 80.0, 300.0);
    view.draw();
    assert_eq!(pixel(&view, [80.0, 80.0]), [255, 0, 0]);
    view.fit();
    view.set_lines(2, &[], &RED);
    view.draw();
    assert_eq!(
        (view.read_pixels(), view.live_resources(), view.gl_error()),
        (plain, live, 0),
        "nothing stays"
    );
}

#[wasm_bindgen_test]
fn rays_fading_hidden_ends_and_wrong_input() {
    let mut view = view();
    view.set_rays(1, 2.0, 2.0, &[0, 1], &RED);
    view.draw();
    let (x, y) = (0.5 * SIDE as f32, 0.5 * SIDE as f32);
    assert_eq!(pixel(&view, [x, y]), [255, 0, 0], "from the middle");
    assert_eq!(pixel(&view, between(&view, 2, 3, 0.5)), BACKGROUND);
    // The longer of three fades, the shorter stay; an end that is hidden or does not exist has no line.
    view.set_states(&[0, 0, 3, 0]).unwrap();
    view.set_lines(0, &[0, 1, 1, 3, 0, 2, 7, 1, 0, 9, 3], &[0.0, 1.0, 0.0, 1.0, 2.0, 1.0]);
    view.set_lines(99, &[0, 1], &RED);
    view.set_rays(1, f64::NAN, 0.0, &[0], &[]);
    view.draw();
    assert_eq!(pixel(&view, between(&view, 0, 2, 0.5)), BACKGROUND);
    assert!(pixel(&view, between(&view, 1, 3, 0.5))[1] > 150);
    // New items have none, nor a lost view; moving items draw none.
    view.context_lost();
    assert_eq!(view.live_resources(), 0);
    view.context_restored().unwrap();
    view.draw();
    assert!(pixel(&view, between(&view, 1, 3, 0.5))[1] > 150);
    view.set_items(vec![1; 2]).unwrap();
    view.set_positions(&[0.0, 0.0, 1.0, 1.0]).unwrap();
    view.fit();
    view.draw();
    assert_eq!((pixel(&view, [x, y]), view.gl_error()), (BACKGROUND, 0));
}
