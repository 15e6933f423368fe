//! A slow rasterizer of the cloud: what points.vert and points.frag should draw.

use archipelago::draw::{BACKGROUND, State};
use archipelago::web::view::View;

/// A number in 0..1 for a slot, as in points.vert.
fn luck(mut n: u32) -> f64 {
    n = (n ^ (n >> 16)).wrapping_mul(0x85eb_ca6b);
    n = (n ^ (n >> 13)).wrapping_mul(0xc2b2_ae35);
    f64::from((n ^ (n >> 16)) >> 8) / 16_777_216.0
}

/// The slow twin of points.vert and points.frag: every disc over every pixel near it, in f64, rounded to bytes after
/// each blend as the drawing buffer does. RGB, lowest row first.
pub fn rasterize(view: &View, popularity: &[u32]) -> Vec<[f64; 3]> {
    let scene = view.scene();
    let ([width, height], pixel, look) = (scene.buffer(), scene.pixel(), scene.look());
    let display = scene.display();
    let background = scene.background().map(f64::from);
    let mut picture = vec![background; (width * height) as usize];
    let mut order: Vec<u32> = (0..popularity.len() as u32).collect();
    order.sort_by_key(|&id| (popularity[id as usize], std::cmp::Reverse(id)));
    let order: Vec<(usize, u32)> = order.into_iter().enumerate().collect();
    let state = |id: u32| scene.cloud().state(id);
    let (above, below): (Vec<_>, Vec<_>) =
        order.into_iter().partition(|&(_, id)| state(id) == State::Highlighted);
    for (slot, id) in below.into_iter().chain(above) {
        let Some(place) = scene.cloud().place(id) else { continue };
        // The buffer has whole pixels: where the canvas has not, its sides are stretched a little differently.
        let ([x, y], css) = (scene.camera().to_screen(place), scene.camera().screen());
        let (x, y) = (x * f64::from(width) / css[0], (1.0 - y / css[1]) * f64::from(height));
        let turn = std::f64::consts::TAU * (display.phase + luck(slot as u32));
        let spark = if state(id) == State::Highlighted { display.twinkle * turn.sin() } else { 0.0 };
        let diameter = look.diameter(scene.cloud().size(id)) * pixel * (1.0 + 0.18 * spark);
        let drawn = diameter.max(1.5);
        let dimmed = state(id) == State::Dimmed;
        let opacity = match state(id) {
            State::Hidden => continue,
            State::Highlighted => 1.0,
            State::Dimmed => 0.5 * look.opacity,
            State::Plain => look.opacity,
        };
        let (radius, mut alpha) = (drawn / 2.0, opacity * (diameter / drawn).powi(2));
        if alpha < 1.0 / 32.0 {
            if luck(slot as u32) / 32.0 >= alpha {
                continue;
            }
            alpha = 1.0 / 32.0;
        }
        let rim_width = (0.22 * radius).clamp(0.75, (1.5 * pixel).max(0.75));
        let rim_strength = if display.rim { 0.42 } else { 0.0 };
        let rim_strength = rim_strength * (radius / (2.0 * pixel) - 0.5).clamp(0.0, 1.0);
        let range = |center: f64, side: u32| {
            let reach = radius + 1.0;
            (center - reach).floor().max(0.0) as u32..((center + reach).ceil().max(0.0) as u32).min(side)
        };
        for row in range(y, height) {
            for column in range(x, width) {
                let px = (f64::from(column) + 0.5 - x).hypot(f64::from(row) + 0.5 - y);
                let opaque = (radius - px + 0.5).clamp(0.0, 1.0) * alpha;
                let rim = 1.0 - rim_strength * ((px - radius) / rim_width + 1.5).clamp(0.0, 1.0);
                let under = &mut picture[(row * width + column) as usize];
                for (channel, under) in under.iter_mut().enumerate() {
                    let own = f64::from(scene.cloud().color(id)[channel]);
                    let own = own + (255.0 - own) * 0.5 * spark.max(0.0);
                    let color = if dimmed { 0.4 * own + 0.6 * background[channel] } else { own };
                    *under = (color * rim * opaque + *under * (1.0 - opaque)).round();
                }
            }
        }
    }
    picture
}

/// Panics unless what is drawn is what the slow twin draws, within antialiasing.
pub fn assert_same_picture(view: &View, popularity: &[u32]) {
    let (drawn, wanted) = (view.read_pixels(), rasterize(view, popularity));
    let (mut worst, mut sum) = (0.0f64, 0.0);
    for (pixel, wanted) in drawn.chunks_exact(4).zip(&wanted) {
        for channel in 0..3 {
            let apart = (f64::from(pixel[channel]) - wanted[channel]).abs();
            worst = worst.max(apart);
            sum += apart;
        }
    }
    let mean = sum / (3 * wanted.len()) as f64;
    // A rasterizer may place points on a grid of 1/16 px, which shows at edges only.
    assert!(worst <= 24.0 && mean <= 0.5, "pixels differ by up to {worst}, {mean} on average");
    let lit = drawn.chunks_exact(4).filter(|pixel| pixel[..3] != BACKGROUND).count();
    assert!(lit > 100, "only {lit} pixels are lit");
    assert_eq!(view.gl_error(), 0);
}
