//! Contours: lines around the densest parts of what is in view.
//!
//! Each line holds a share of the points in view: the highest-density regions of Hyndman (1996), as
//! seaborn's kdeplot draws them. The density is a Gaussian kernel estimate on a coarse grid, which reaches beyond the
//! screen so that no line bends at its edge; it is counted on the CPU, a few ms for a million points. What the shader
//! gets is not the density but how many lines lie below it: so every line is where a number is whole.

use super::cloud::Cloud;
use super::counts::Window;
use crate::camera::Camera;

/// The share of the points inside of each line, outermost first.
const SHARES: [f64; 6] = [0.95, 0.8, 0.6, 0.4, 0.2, 0.08];

/// Side of a cell in CSS px.
const CELL: f64 = 4.0;

/// Standard deviation of the kernel, in cells.
const SIGMA: f64 = 2.25;

/// Cells beyond each edge of the screen: the kernel's reach.
const MARGIN: usize = 8;

/// Points that are counted at most: a fair sample of more says the same.
const MOST_POINTS: usize = 1_500_000;

/// Density over the screen, as the number of lines crossed on the way there.
#[derive(Clone, Debug)]
pub struct Field {
    /// Cells in a row, and rows; lowest row first.
    pub size: [u32; 2],
    /// 0 = none .. 1 = on the outermost line .. 6.
    pub crossed: Vec<f32>,
    /// The screen's lower left corner, in cells.
    pub origin: f64,
    /// Cells per CSS px.
    pub per_px: f64,
}

impl Field {
    /// Of the last `count` points in the order of drawing.
    pub fn new(cloud: &Cloud, camera: &Camera, count: usize) -> Self {
        let screen = camera.screen();
        let size = screen.map(|side| (side / CELL).ceil() as usize + 2 * MARGIN);
        let mut counts = vec![0.0f32; size[0] * size[1]];
        let window = Window { low: [-(MARGIN as f64); 2], per_px: [1.0 / CELL; 2], size };
        cloud.each_shown(count.min(MOST_POINTS), camera, &window, |[x, y], _| counts[y * size[0] + x] += 1.0);
        let density = blurred(&blurred(&counts, 1), size[0]);
        let levels = levels(&density, size);
        let crossed = density.iter().map(|&d| crossed(d, &levels)).collect();
        Field { size: size.map(|side| side as u32), crossed, origin: MARGIN as f64, per_px: 1.0 / CELL }
    }
}

/// Along one axis, where neighbors are `step` apart. What is over a row's end comes in at the other, into the margin.
fn blurred(counts: &[f32], step: usize) -> Vec<f32> {
    let kernel: Vec<f32> = (0..=MARGIN).map(|i| (-0.5 * (i as f64 / SIGMA).powi(2)).exp() as f32).collect();
    let sum = 2.0 * kernel.iter().sum::<f32>() - kernel[0];
    let mut out: Vec<f32> = counts.iter().map(|count| count * kernel[0] / sum).collect();
    for (k, weight) in kernel.iter().enumerate().skip(1) {
        let (weight, apart) = (weight / sum, k * step);
        counts.iter().skip(apart).zip(&mut out).for_each(|(count, out)| *out += count * weight);
        out.iter_mut().skip(apart).zip(counts).for_each(|(out, count)| *out += count * weight);
    }
    out
}

/// Steps of the square root of a density in which levels are found.
const STEPS: usize = 4096;

/// The densities of the lines, outermost first: the smallest density among the densest cells of the screen that hold
/// the share.
fn levels(density: &[f32], size: [usize; 2]) -> [f32; SHARES.len()] {
    let most = density.iter().copied().fold(1e-6, f32::max);
    let mut held = vec![0.0f64; STEPS];
    for row in density.chunks(size[0]).skip(MARGIN).take(size[1] - 2 * MARGIN) {
        for &d in &row[MARGIN..size[0] - MARGIN] {
            held[((d / most).sqrt() * (STEPS - 1) as f32) as usize] += f64::from(d);
        }
    }
    let total: f64 = held.iter().sum();
    SHARES.map(|share| {
        // From the top down until the share is inside.
        let (mut inside, mut step) = (0.0, STEPS);
        while step > 1 && inside < share * total {
            step -= 1;
            inside += held[step];
        }
        let root = step as f32 / (STEPS - 1) as f32;
        root * root * most
    })
}

/// How many lines a density lies above, linear between two.
fn crossed(density: f32, levels: &[f32; SHARES.len()]) -> f32 {
    let mut below = 0.0;
    for (i, &level) in levels.iter().enumerate() {
        if density < level {
            let part = if level > below { (density - below) / (level - below) } else { 0.0 };
            return if part.is_finite() { i as f32 + part } else { i as f32 };
        }
        below = level;
    }
    // Beyond the innermost there is no further line.
    SHARES.len() as f32 + (0.45 * (density / below - 1.0)).min(0.45)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Bounds;

    #[test]
    fn each_line_holds_its_share() {
        // A bell: sums of three uniform numbers.
        let n = 20_000;
        let mut state = 1u64;
        let mut unit = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32
        };
        let xy: Vec<f32> = (0..2 * n).map(|_| unit() + unit() + unit() - 1.5).collect();
        let mut cloud = Cloud::new(&vec![1; n]);
        cloud.set_positions(&xy).unwrap();
        let mut camera = Camera::default();
        camera.set_bounds(Bounds::of(&xy));
        camera.resize(600.0, 600.0);
        camera.fit();
        let field = Field::new(&cloud, &camera, n);
        assert_eq!(field.size, [166, 166]);
        let at = |place: [f64; 2]| {
            let [x, y] = camera.to_screen(place);
            let [x, y] = [x, 600.0 - y].map(|px| (px * field.per_px + field.origin) as usize);
            field.crossed[y * 166 + x]
        };
        for (line, share) in SHARES.iter().enumerate() {
            let inside = xy.chunks(2).filter(|p| at([p[0].into(), p[1].into()]) >= (line + 1) as f32).count();
            let found = inside as f64 / n as f64;
            assert!((found - share).abs() < 0.04, "line {line}: {found} for {share}");
        }
        let none = Field::new(&Cloud::default(), &camera, 0);
        assert!(none.crossed.iter().all(|&c| c == 0.0));
    }
}
