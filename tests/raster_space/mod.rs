//! A slow rasterizer of a galaxy: what space.vert and points.frag should draw.

use archipelago::draw::State;
use archipelago::web::view::View;

/// Smooth step, as in GLSL.
fn smoothstep(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Every disc, far ones first, over every pixel near it, in f64, rounded to bytes after each blend as the drawing buffer
/// does. RGB, lowest row first. Only for discs that are not thinned out by lot.
pub fn rasterize(view: &View) -> Vec<[f64; 3]> {
    let scene = view.scene();
    let space = scene.space().expect("a galaxy");
    let (cloud, look, [width, height], pixel) =
        (scene.cloud(), scene.depth_look(space), scene.buffer(), scene.pixel());
    let background = scene.background().map(f64::from);
    let mut picture = vec![background; (width * height) as usize];
    let mut discs: Vec<(u32, [f64; 3])> =
        (0..cloud.len() as u32).filter_map(|id| Some((id, scene.in_space(id)?))).collect();
    discs.sort_by(|a, b| b.1[2].total_cmp(&a.1[2]));
    discs.sort_by_key(|&(id, _)| cloud.state(id) == State::Highlighted);
    for (id, [x, y, depth]) in discs {
        let (x, y) = (x * pixel, f64::from(height) - y * pixel);
        let diameter = look.diameter(cloud.size(id), depth) * pixel;
        let drawn = diameter.max(1.5);
        let opacity = match cloud.state(id) {
            State::Hidden => continue,
            State::Highlighted => 1.0,
            State::Dimmed => 0.5 * look.look.opacity,
            State::Plain => look.look.opacity,
        };
        let near = 0.05 * look.distance;
        let alpha = opacity * (diameter / drawn).powi(2) * smoothstep(near, 4.0 * near, depth);
        let fog = if cloud.state(id) == State::Highlighted {
            0.0
        } else {
            look.fog_most * smoothstep(look.fog[0], look.fog[1], depth)
        };
        let radius = drawn / 2.0;
        let rim_width = (0.22 * radius).clamp(0.75, (1.5 * pixel).max(0.75));
        let rim_strength = 0.42 * (radius / (2.0 * pixel) - 0.5).clamp(0.0, 1.0);
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
                    let own = f64::from(cloud.color(id)[channel]);
                    let dim = if cloud.state(id) == State::Dimmed { 0.6 } else { 0.0 };
                    let color = own + dim * (background[channel] - own);
                    let color = color + fog * (background[channel] - color);
                    *under = (color * rim * opaque + *under * (1.0 - opaque)).round();
                }
            }
        }
    }
    picture
}

/// Panics unless what is drawn is what the slow twin draws, within antialiasing.
pub fn assert_same_picture(view: &View) {
    let (drawn, wanted) = (view.read_pixels(), rasterize(view));
    let (mut worst, mut sum, mut lit) = (0.0f64, 0.0, 0);
    for (pixel, wanted) in drawn.chunks_exact(4).zip(&wanted) {
        lit += usize::from(pixel[..3] != view.scene().background());
        for channel in 0..3 {
            let apart = (f64::from(pixel[channel]) - wanted[channel]).abs();
            worst = worst.max(apart);
            sum += apart;
        }
    }
    let mean = sum / (3 * wanted.len()) as f64;
    // A rasterizer may place points on a grid of 1/16 px, which shows at edges only.
    assert!(worst <= 32.0 && mean <= 0.6, "pixels differ by up to {worst}, {mean} on average");
    assert!(lit > 100, "only {lit} pixels are lit");
    assert_eq!(view.gl_error(), 0);
}
