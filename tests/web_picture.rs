//! Pictures of the view in a real browser: against the screen's own pixels, tile by tile, transparent, disc by disc.
#![cfg(all(target_arch = "wasm32", feature = "modes"))]

use archipelago::draw::{Counter, How, LineStyle, Shading, State};
use archipelago::web::view::View;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

/// CSS px of the screen: not square, and odd.
const SCREEN: [f64; 2] = [171.0, 120.0];
const PAPER: [u8; 3] = [0x0b, 0x0e, 0x14];

/// A view of 400 items of three kinds of states, whose places come from a small hash of the id; one is selected.
fn view_at(ratio: f64) -> View {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    let mut view = View::new(canvas).unwrap();
    let hash = |i: u32| (i + 1).wrapping_mul(0x9e37_79b9) >> 8;
    view.resize(SCREEN[0], SCREEN[1], ratio);
    view.set_items((0..400).map(|i| 2000 / (1 + hash(i) % 997)).collect()).unwrap();
    let xy: Vec<f32> = (0..800).map(|i| (hash(i * 7) % 10_007) as f32 / 1000.0 - 3.0).collect();
    view.set_positions(&xy).unwrap();
    view.color_by_category(&(0..400).map(|i| hash(i) % 9).collect::<Vec<_>>(), 9).unwrap();
    view.set_states(&(0..400).map(|i| [0, 0, 1, 2, 3][i % 5]).collect::<Vec<_>>()).unwrap();
    view.fit();
    view.zoom_at(70.0, 50.0, 2.5);
    view.set_selected(7);
    view
}

/// Ways to show the same items.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Points,
    Lines,
    Galaxy,
    Density(How, Counter),
    /// Half points, half a density, and contours.
    Between,
}

const MODES: [Mode; 7] = [
    Mode::Lines,
    Mode::Galaxy,
    Mode::Density(How::Equalized, Counter::Float),
    Mode::Density(How::Equalized, Counter::Cpu),
    Mode::Density(How::Log, Counter::Half),
    Mode::Density(How::Linear, Counter::Float),
    Mode::Between,
];

/// The view in one of them.
fn view_in(mode: Mode, ratio: f64) -> View {
    let mut view = view_at(ratio);
    match mode {
        Mode::Points => {}
        Mode::Lines => {
            // More than a frame of the screen draws, so that how many there are matters.
            let ends: Vec<u32> = (0..1200).map(|i| (i * 7919 + i / 3) % 400).collect();
            let style = LineStyle { color: [200, 90, 30], opacity: 0.5, width: 1.5, fading: true };
            view.scene_mut().set_lines(0, None, &ends, style);
        }
        Mode::Galaxy => {
            let xyz: Vec<f32> = (0..1200u32)
                .map(|i| ((i * 7 + 1).wrapping_mul(0x9e37_79b9) >> 8) % 10_007)
                .map(|c| c as f32 / 1000.0)
                .collect();
            view.set_space(&xyz).unwrap();
            view.step_space(1.0);
            view.turn_space(30.0, -20.0);
            view.dolly_space(100.0, 40.0, 1.8, -1);
            view.set_middle(70.0, 66.0);
        }
        Mode::Density(how, counter) => {
            view.scene_mut().set_counter(counter).unwrap();
            let shading = Shading { how, fade: false, ..Shading::default() };
            view.scene_mut().set_shading(Some(shading)).unwrap();
        }
        Mode::Between => {
            let shading = Shading { contours: true, ..Shading::default() };
            view.scene_mut().set_shading(Some(shading)).unwrap();
            view.zoom_at(85.0, 60.0, 0.9);
        }
    }
    view
}

/// What is on screen, RGBA, upper row first.
fn screen(view: &mut View) -> Vec<u8> {
    view.pan(0.0, 0.0);
    view.draw();
    let width = 4 * view.scene().buffer()[0] as usize;
    view.read_pixels().chunks_exact(width).rev().flatten().copied().collect()
}

fn picture(view: &mut View, scale: f64, paper: &[u8]) -> Vec<u8> {
    let [width, height] = view.scene().picture_size(scale);
    view.picture_tile(scale, 0, 0, width, height, paper).unwrap()
}

/// Panics unless two pictures are equal but for the rounding of where edges lie.
fn assert_near(a: &[u8], b: &[u8], what: &str) {
    assert_within(a, b, 24, what);
}

/// The same of one mode: many thin lines, whose corners the device rounds to parts of a px of each tile, may add up.
fn assert_near_in(mode: Mode, a: &[u8], b: &[u8], what: &str) {
    assert_within(a, b, if matches!(mode, Mode::Lines) { 48 } else { 24 }, &format!("{mode:?}{what}"));
}

fn assert_within(a: &[u8], b: &[u8], most: u8, what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    let apart: Vec<u8> = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).collect();
    let mean = apart.iter().map(|&d| f64::from(d)).sum::<f64>() / apart.len() as f64;
    let worst = apart.iter().max().unwrap();
    assert!(mean < 0.2 && *worst <= most, "{what}: {mean} on average, {worst} at worst");
}

#[wasm_bindgen_test]
fn a_picture_is_what_the_screen_shows() {
    let mut view = view_at(1.0);
    let shown = screen(&mut view);
    assert_near(&picture(&mut view, 1.0, &PAPER), &shown, "at 1x");
    for scale in [2.0, 3.0, 8.0] {
        // Twice as fine is what a screen of twice the pixels shows.
        assert_near(
            &picture(&mut view, scale, &PAPER),
            &screen(&mut view_at(scale)),
            &format!("at {scale}x"),
        );
    }
    assert!(!view.needs_draw(), "the screen is left alone");
    let camera = *view.scene().camera();
    assert_eq!((screen(&mut view), *view.scene().camera()), (shown, camera));
    assert_eq!(view.gl_error(), 0);
}

#[wasm_bindgen_test]
fn a_picture_is_what_the_screen_shows_in_every_mode() {
    for mode in MODES {
        let mut view = view_in(mode, 1.0);
        let shown = screen(&mut view);
        assert_near_in(mode, &picture(&mut view, 1.0, &PAPER), &shown, " at 1x");
        let finer = picture(&mut view, 2.0, &PAPER);
        assert_near_in(mode, &finer, &screen(&mut view_in(mode, 2.0)), " at 2x");
        assert!(!view.needs_draw(), "the screen is left alone");
        assert_eq!(screen(&mut view), shown, "{mode:?}");
        assert_eq!(view.gl_error(), 0, "{mode:?}");
    }
}

#[wasm_bindgen_test]
fn tiles_join_in_every_mode() {
    for mode in MODES {
        tiles_join(mode, view_in(mode, 1.0));
    }
}

#[wasm_bindgen_test]
fn tiles_make_up_the_whole() {
    tiles_join(Mode::Points, view_at(1.5));
}

fn tiles_join(mode: Mode, mut view: View) {
    let live = {
        view.draw();
        view.live_resources()
    };
    let scale = 2.0;
    let [width, height] = view.scene().picture_size(scale);
    let whole = picture(&mut view, scale, &PAPER);
    let mut patched = vec![0; whole.len()];
    for y in (0..height).step_by(100) {
        for x in (0..width).step_by(77) {
            let (w, h) = (77.min(width - x), 100.min(height - y));
            let tile = view.picture_tile(scale, x, y, w, h, &PAPER).unwrap();
            for (row, pixels) in tile.chunks_exact(4 * w as usize).enumerate() {
                let at = 4 * ((y as usize + row) * width as usize + x as usize);
                patched[at..at + pixels.len()].copy_from_slice(pixels);
            }
        }
    }
    assert_near_in(mode, &patched, &whole, " in tiles");
    assert_eq!((view.live_resources(), view.gl_error()), (live, 0));
    for (x, y, w, h) in [(0, 0, width + 1, 1), (width, 0, 1, 1), (0, u32::MAX, 1, 5), (0, 0, 0, 4)] {
        assert!(view.picture_tile(scale, x, y, w, h, &PAPER).is_err(), "no such part");
    }
    assert!(view.draw() || !view.needs_draw());
    assert_eq!(view.live_resources(), live, "{mode:?}");
}

#[wasm_bindgen_test]
fn a_transparent_picture_over_paper_is_an_opaque_one() {
    let mut view = view_at(1.0);
    let opaque = picture(&mut view, 2.0, &PAPER);
    let clear = picture(&mut view, 2.0, &[]);
    let over: Vec<u8> = clear
        .chunks_exact(4)
        .flat_map(|pixel| {
            let alpha = f64::from(pixel[3]) / 255.0;
            let mix = |c: usize| f64::from(pixel[c]) * alpha + f64::from(PAPER[c]) * (1.0 - alpha);
            [mix(0) as u8, mix(1) as u8, mix(2) as u8, 255]
        })
        .collect();
    assert!(clear.chunks_exact(4).any(|pixel| pixel == [0; 4]), "nothing where no point is");
    let apart = over.iter().zip(&opaque).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(apart <= 6, "{apart}");
    // Another paper: the same points.
    let white = picture(&mut view, 2.0, &[255; 3]);
    assert!(white.chunks_exact(4).filter(|pixel| pixel[..3] == [255; 3]).count() > 1000);
    assert_eq!(view.scene().background(), PAPER, "the screen keeps its own");
}

#[wasm_bindgen_test]
fn discs_lie_where_the_camera_puts_them() {
    let mut view = view_at(1.0);
    view.draw();
    let told = view.discs(400, &[]);
    let n = told.len() / 7;
    let in_view = |id: i32| {
        let [x, y] = view.project(id)[..] else { panic!("two numbers") };
        let r = 0.5 * view.diameter(id) as f32;
        let inside = |c: f32, side: f64| c > -r && c < side as f32 + r;
        (inside(x, SCREEN[0]) && inside(y, SCREEN[1])).then_some([x, y, r])
    };
    let shown = |id: &i32| view.scene().cloud().state(*id as u32) != State::Hidden;
    let mut wanted: Vec<(i32, [f32; 3])> =
        (0..400).filter(shown).filter_map(|id| Some((id, in_view(id)?))).collect();
    let key = |id: i32| {
        (view.scene().cloud().state(id as u32) == State::Highlighted, view.scene().cloud().slot(id as u32))
    };
    wanted.sort_by_key(|(id, _)| key(*id));
    assert!(n > 50 && n < 320, "{n}");
    assert_eq!(
        told.chunks_exact(7).map(|d| [d[0], d[1], d[2]]).collect::<Vec<_>>(),
        wanted.iter().map(|w| w.1).collect::<Vec<_>>()
    );
    assert!(told.chunks_exact(7).zip(&wanted).all(|(disc, (id, _))| {
        let color = view.scene().cloud().color(*id as u32).map(|c| f32::from(c) / 255.0);
        let solid = disc[3] == 1.0;
        let state = view.scene().cloud().state(*id as u32);
        solid == (state == State::Highlighted) && (disc[4..] == color) == (state != State::Dimmed)
    }));
    assert_eq!(view.discs(n as u32 - 1, &[]), [n as f32], "too many: only how many");
}

#[wasm_bindgen_test]
fn lines_are_told_as_they_are_drawn() {
    let mut view = view_at(1.0);
    // Fewer than any frame leaves out, the shortest not first.
    let pairs: Vec<u32> = (0..240).map(|i| (i * 7919 + i / 3) % 400).collect();
    let (gray, red) = ([0.2, 0.4, 0.6, 0.5, 2.0, 1.0], [1.0, 0.0, 0.0, 0.85, 1.5, 0.0]);
    view.set_lines(0, &pairs, &gray);
    view.set_lines(2, &[7, 20, 7, 40, 7, 3], &red);
    view.draw();
    let without = picture(&mut view, 1.0, &PAPER);
    let told = view.strokes(1000);
    view.set_lines(3, &[8, 1, 8, 2], &red);
    view.set_hover(8);
    assert_eq!(view.strokes(1000), told, "what is hovered is left out");
    assert_eq!(picture(&mut view, 1.0, &PAPER), without, "of pixels, too");
    // Slowly: all ends that are shown, the middle one's length, each line's opacity, and whether it can be seen.
    let shown = |id: u32| view.scene().cloud().state(id) != State::Hidden;
    let px = |id: u32| view.scene().camera().to_screen(view.scene().cloud().place(id).unwrap());
    let long = |[a, b]: [u32; 2]| (px(a)[0] - px(b)[0]).hypot(px(a)[1] - px(b)[1]);
    let lines: Vec<[u32; 2]> =
        pairs.as_chunks::<2>().0.iter().copied().filter(|ends| ends.iter().all(|&id| shown(id))).collect();
    let fade = 2.0 * long(lines[lines.len() / 2]);
    let inside = |[a, b]: [u32; 2]| {
        (0..=4000).any(|t| {
            let at = [0, 1].map(|axis| px(a)[axis] + f64::from(t) / 4000.0 * (px(b)[axis] - px(a)[axis]));
            at.iter().zip(SCREEN).all(|(&c, side)| c >= -2.0 && c <= side + 2.0)
        })
    };
    let opacity = |line| 0.5 / (1.0 + (long(line) / fade).powi(2));
    let wanted: Vec<[u32; 2]> =
        lines.into_iter().filter(|&line| inside(line) && opacity(line) >= 0.012).collect();
    let reds = [[7, 20], [7, 40], [7, 3]]
        .into_iter()
        .filter(|&[a, b]| shown(a) && shown(b) && inside([a, b]))
        .count();
    assert!(wanted.len() > 30 && reds > 0, "{} {reds}", wanted.len());
    assert_eq!(told[0] as usize, wanted.len() + reds);
    assert_eq!(told.len(), 1 + 9 * (wanted.len() + reds));
    for (stroke, &line) in told[1..].as_chunks::<9>().0.iter().zip(&wanted) {
        let [ax, ay, bx, by, width, alpha, r, g, b] = *stroke;
        let (from, to) = (px(line[0]), px(line[1]));
        // On the line, and as far as its ends where these are in view.
        for [x, y] in [[ax, ay], [bx, by]] {
            let off =
                (to[0] - from[0]) * (f64::from(y) - from[1]) - (to[1] - from[1]) * (f64::from(x) - from[0]);
            assert!(off.abs() / long(line).max(1.0) < 0.01, "{off}");
            let kept = from == [f64::from(x), f64::from(y)] || to == [f64::from(x), f64::from(y)];
            let edge = [(x, SCREEN[0]), (y, SCREEN[1])].iter().any(|&(c, side)| {
                (f64::from(c) + 2.0).abs() < 0.01 || (f64::from(c) - side - 2.0).abs() < 0.01
            });
            let near = [from, to].iter().any(|end| (end[0] as f32 - x).hypot(end[1] as f32 - y) < 0.01);
            assert!(kept || near || edge, "{x} {y}");
        }
        assert!((f64::from(alpha) - opacity(line)).abs() < 1e-6);
        assert_eq!([width, r, g, b], [2.0, 51.0 / 255.0, 102.0 / 255.0, 153.0 / 255.0]);
    }
    let last = &told[1 + 9 * wanted.len()..];
    assert!(last.as_chunks::<9>().0.iter().all(|stroke| stroke[4..] == [1.5, 0.85, 1.0, 0.0, 0.0]));
    // Capped: the selected item's before the graph's, of each the first.
    let few = view.strokes(reds as u32 + 4);
    assert_eq!((few[0], few.len()), (told[0], 1 + 9 * (reds + 4)));
    assert_eq!((&few[1..37], &few[37..]), (&told[1..37], last));
    assert_eq!(view.strokes(0), [told[0]]);
}

#[wasm_bindgen_test]
fn the_mark_is_told_as_it_is_drawn_and_on_the_paper_chosen() {
    let mut view = view_at(2.0);
    view.draw();
    let [x, y] = view.project(7)[..] else { panic!("two numbers") };
    let disc = 0.5 * view.diameter(7).max(5.0) as f32;
    let color = view.scene().cloud().color(7).map(|c| f32::from(c) / 255.0);
    for (paper, gap, ring) in
        [(&[][..], PAPER, [1.0; 3]), (&[255, 255, 255][..], [255; 3], [0.08, 0.1, 0.14])]
    {
        let told = view.ring(paper);
        let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
        assert!(near(&told[..5], &[x, y, disc, disc + 2.0, disc + 4.5]), "{told:?}");
        let colors = [color, gap.map(|c| f32::from(c) / 255.0), ring].concat();
        assert!(told.len() == 14 && near(&told[5..], &colors), "{told:?}");
    }
    // Dimmed discs are mixed with it.
    let mixed = |view: &mut View, paper: &[u8]| -> f32 {
        view.discs(400, paper).as_chunks::<7>().0.iter().map(|disc| disc[4] + disc[5] + disc[6]).sum()
    };
    assert!(mixed(&mut view, &[255; 3]) > mixed(&mut view, &[0; 3]) + 10.0);
    assert_eq!(view.scene().background(), PAPER, "the screen keeps its own");
    view.set_selected(-1);
    assert!(view.ring(&[]).is_empty());
}

#[wasm_bindgen_test]
fn a_picture_of_a_change_leaves_the_screen_its_frame() {
    let mut view = view_at(1.0);
    view.draw();
    view.pan(5.0, 0.0);
    picture(&mut view, 1.0, &PAPER);
    assert!(view.needs_draw(), "who moves along with each frame is still to be told");
    assert!(view.draw());
    picture(&mut view, 1.0, &PAPER);
    assert!(!view.needs_draw());
}

#[wasm_bindgen_test]
fn a_flight_ends_where_it_should_and_within_the_limits() {
    let mut view = view_at(1.0);
    let to = view.scene().camera().center();
    let length = view.start_flight(to[0] + 1.0, to[1] - 0.5, 400.0);
    assert!(length > 0.5, "{length}");
    let zooms: Vec<f64> = (0..=20)
        .map(|i| {
            view.fly_to(f64::from(i) / 20.0);
            view.scene().camera().zoom()
        })
        .collect();
    assert!((zooms[20] / 400.0 - 1.0).abs() < 1e-12 && zooms.windows(2).all(|pair| pair[0] < pair[1] * 2.0));
    let there = view.scene().camera().center();
    assert!((there[0] - to[0] - 1.0).abs() < 1e-9 && (there[1] - to[1] + 0.5).abs() < 1e-9);
    assert_eq!(view.start_flight(there[0], there[1], zooms[20]), 0.0);
    view.start_flight(f64::NAN, 0.0, 1.0);
    view.fly_to(1.0);
    assert_eq!(view.scene().camera().center(), there, "what is no place is ignored");
    view.start_flight(1e300, 1e300, 1e300);
    for part in [0.1, 0.5, 0.9, f64::NAN, 1.0] {
        view.fly_to(part);
        let (camera, bounds) = (view.scene().camera(), view.scene().camera().bounds());
        assert!((0..2).all(|i| (bounds.min[i]..=bounds.max[i]).contains(&camera.center()[i])));
    }
}
