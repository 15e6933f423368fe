//! A slow rasterizer of the density view: what its shaders, and their twin on the CPU, should draw.

use archipelago::draw::{How, State};
use archipelago::web::view::View;

/// Mean colors over the background, by the definitions: each cell counts the points whose kernels reach it, each
/// opacity is found among all cells. For grids of at most 65,536 cells of one px, where the histogram leaves none out.
/// RGB, lowest row first.
pub fn rasterize_density(view: &View) -> Vec<[f64; 3]> {
    let scene = view.scene();
    let ([width, height], shading) = (scene.buffer(), scene.shading().expect("a density"));
    let grid = scene.grid().expect("a density");
    assert!(grid.cell == 1.0 && grid.size[0] * grid.size[1] <= 65_536 && scene.density_share() == 1.0);
    let (margin, [left, low]) = (f64::from(grid.margin), [grid.margin; 2].map(i64::from));
    let background = scene.background().map(f64::from);
    let points: Vec<([f64; 2], [f64; 3], f64)> = (0..scene.cloud().len() as u32)
        .filter_map(|id| {
            let [x, y] = scene.camera().to_screen(scene.cloud().place(id)?).map(|css| css * scene.pixel());
            let cell = [x.floor(), (f64::from(height) - y).floor()];
            let within = |at: f64, side: u32| at >= -margin && at < f64::from(side) + margin;
            let inside = within(cell[0], width) && within(cell[1], height);
            let own = scene.cloud().color(id).map(f64::from);
            let faded = [0, 1, 2].map(|channel| 0.4 * own[channel] + 0.6 * background[channel]);
            match scene.cloud().state(id) {
                State::Hidden => None,
                State::Dimmed => Some((cell, faded, 0.125)),
                _ => Some((cell, own, 1.0)),
            }
            .filter(|_| inside)
        })
        .collect();
    let reach = scene.reach();
    let mut cells = Vec::new();
    for row in -low..i64::from(height) + low {
        for column in -left..i64::from(width) + left {
            let (mut sum, mut count) = ([0.0; 3], 0.0);
            for (cell, color, weight) in &points {
                let (across, up) = (column as f64 - cell[0], row as f64 - cell[1]);
                if across.abs() > reach + 1.0 || up.abs() > reach + 1.0 {
                    continue;
                }
                let weight =
                    weight * (1.0 - (across * across + up * up) / (reach + 1.0).powi(2)).max(0.0).powi(2);
                count += weight;
                (0..3).for_each(|channel| sum[channel] += weight * color[channel]);
            }
            let seen = (0..i64::from(height)).contains(&row) && (0..i64::from(width)).contains(&column);
            cells.push((sum, count, seen));
        }
    }
    let counts: Vec<f64> = cells.iter().map(|cell| cell.1).filter(|&count| count >= 0.5).collect();
    let most = cells.iter().map(|cell| cell.1).fold(0.0, f64::max);
    let place = |t: f64| 8.0 * t.log2() + 64.5;
    let v = |t: f64| match shading.how {
        How::Log => (1.0 + t).ln() / (1.0 + most).ln(),
        How::Linear => t / most,
        How::Equalized => {
            let bin = place(t).floor();
            let below = counts.iter().filter(|&&other| place(other).floor() < bin).count() as f64;
            let within = counts.iter().filter(|&&other| place(other).floor() == bin).count() as f64;
            (below + (place(t) - bin) * within) / counts.len() as f64
        }
    };
    let over = |&(sum, count, _): &([f64; 3], f64, bool)| {
        if count <= 0.0 {
            return background;
        }
        let alpha = (40.0 + 215.0 * v(count)) / 255.0 * count.min(1.0);
        [0, 1, 2].map(|channel| {
            let color = scene.ramp().map_or(sum[channel] / count, |ramp| {
                let low = ((4.0 * v(count)) as usize).min(3);
                let part = 4.0 * v(count) - low as f64;
                255.0
                    * (f64::from(ramp[low][channel]) * (1.0 - part)
                        + f64::from(ramp[low + 1][channel]) * part)
            });
            alpha * color + (1.0 - alpha) * background[channel]
        })
    };
    cells.iter().filter(|cell| cell.2).map(over).collect()
}

/// Panics unless what is drawn is what the slow twin draws, but for points at the edge between two cells.
pub fn assert_same_density(view: &View) {
    let (drawn, wanted) = (view.read_pixels(), rasterize_density(view));
    let (mut apart, mut sum) = (0, 0.0);
    for (pixel, wanted) in drawn.chunks_exact(4).zip(&wanted) {
        let most = (0..3).map(|c| (f64::from(pixel[c]) - wanted[c]).abs()).fold(0.0, f64::max);
        apart += usize::from(most > 3.0);
        sum += most;
    }
    let (share, mean) = (apart as f64 / wanted.len() as f64, sum / wanted.len() as f64);
    assert!(share <= 0.002 && mean <= 0.5, "{apart} pixels differ, {mean} on average");
    let lit = drawn.chunks_exact(4).filter(|pixel| pixel[..3] != scene_background(view)).count();
    assert!(lit > 50, "only {lit} pixels are lit");
    assert_eq!(view.gl_error(), 0);
}

fn scene_background(view: &View) -> [u8; 3] {
    view.scene().background()
}
