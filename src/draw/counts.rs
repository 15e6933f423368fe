//! Counts: how many points lie on each cell of a grid over the screen, and the sum of their colors.
//!
//! Per-category counts of which colors are then mixed in proportion, as datashader does, give the mean of the colors of
//! the points on a cell: so the sum of colors is all that need be kept. Where the device can draw to float targets,
//! count.vert and count.frag do this; here is their twin for where it can not.

use super::cloud::{Cloud, State};
use crate::camera::Camera;

/// A dimmed point counts as much less, and has so much of the background's color: count.vert.
const DIM_WEIGHT: f32 = 0.125;
const DIM_COLOR: f32 = 0.6;

/// The most cells there may be: above, a cell is 2 device px wide, or 3, ...
const MOST_CELLS: f64 = 4_194_304.0;

/// Cells over the screen, lowest row first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Cells in a row, and rows.
    pub size: [u32; 2],
    /// Side of a cell in device px, a whole number.
    pub cell: f64,
    /// The screen in cells.
    pub screen: [f64; 2],
    /// Cells beside the screen on each side, from which points reach into it.
    pub margin: u32,
}

impl Grid {
    /// For a drawing buffer of so many device px: cells of at least `least` device px, at most `side` in a row.
    pub fn new(buffer: [u32; 2], side: u32, least: f64) -> Self {
        let sides = buffer.map(f64::from);
        // A quarter of the longest row is left for margins.
        let long = sides[0].max(sides[1]) / (0.75 * f64::from(side));
        let cell = (sides[0] * sides[1] / MOST_CELLS).sqrt().max(long).max(least).ceil().max(1.0);
        let screen = sides.map(|side| side / cell);
        Grid { size: screen.map(|side| side.ceil() as u32), cell, screen, margin: 0 }
    }

    /// The same with a margin.
    pub fn with_margin(self, margin: u32) -> Self {
        Grid { size: self.size.map(|side| side + 2 * margin), margin, ..self }
    }

    /// The sums of red, green and blue (0..=1 a point) and the count of each cell, of the last `count` points in the
    /// order of drawing, spread over `reach` cells.
    pub fn count(&self, cloud: &Cloud, camera: &Camera, of: Counted) -> Vec<[f32; 4]> {
        let [width, height] = self.size.map(|side| side as usize);
        let mut sums = vec![[0.0f32; 4]; width * height];
        let wide = of.reach.ceil() as usize;
        let disc: Vec<f32> = (0..(2 * wide + 1).pow(2))
            .map(|i| [i % (2 * wide + 1), i / (2 * wide + 1)].map(|at| at as f64 - wide as f64))
            .map(|[x, y]| (1.0 - (x * x + y * y) / (of.reach + 1.0).powi(2)).max(0.0).powi(2) as f32)
            .collect();
        let per_px = [0, 1].map(|axis| self.screen[axis] / camera.screen()[axis]);
        let window = Window { low: [-f64::from(self.margin); 2], per_px, size: [width, height] };
        cloud.each_shown(of.count, camera, &window, |[x, y], id| {
            let [r, g, b] = cloud.color(id).map(|c| f32::from(c) * (1.0 / 255.0));
            let mut tint = [r, g, b, 1.0];
            if cloud.state(id) == State::Dimmed {
                for (channel, own) in tint.iter_mut().enumerate() {
                    let under = of.background.get(channel).copied().unwrap_or(1.0);
                    *own = DIM_WEIGHT * (*own + (under - *own) * DIM_COLOR);
                }
            }
            if wide == 0 {
                let sum = &mut sums[y * width + x];
                (0..4).for_each(|channel| sum[channel] += tint[channel]);
                return;
            }
            for row in y.saturating_sub(wide)..=(y + wide).min(height - 1) {
                for column in x.saturating_sub(wide)..=(x + wide).min(width - 1) {
                    let weight = disc[(row + wide - y) * (2 * wide + 1) + column + wide - x];
                    let sum = &mut sums[row * width + column];
                    for channel in 0..4 {
                        sum[channel] += tint[channel] * weight;
                    }
                }
            }
        });
        sums
    }
}

/// A grid somewhere on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The grid's lower left corner, in cells from the screen's.
    pub low: [f64; 2],
    /// Cells per CSS px, along either axis.
    pub per_px: [f64; 2],
    /// Cells in a row, and rows.
    pub size: [usize; 2],
}

impl Cloud {
    /// Calls `tell` with cell and id of each point in the window that is not hidden, of the last `count` points in the
    /// order of drawing.
    pub(super) fn each_shown(
        &self,
        count: usize,
        camera: &Camera,
        window: &Window,
        mut tell: impl FnMut([usize; 2], u32),
    ) {
        let (center, screen) = (camera.center(), camera.screen());
        let per_unit = window.per_px.map(|per_px| camera.zoom() * per_px);
        let middle = [0, 1].map(|axis| 0.5 * screen[axis] * window.per_px[axis] - window.low[axis]);
        let sizes = window.size.map(|side| side as f64);
        let standing = if self.is_moving() { &[] } else { self.xy() };
        let ids = self.last(count);
        for (i, &id) in ids.iter().enumerate() {
            // All points are read as they lie in memory, which is several times as fast.
            let id = if ids.len() == self.len() { i as u32 } else { id };
            if self.state(id) == State::Hidden {
                continue;
            }
            let place = match standing.get(2 * id as usize..2 * id as usize + 2) {
                Some(at) => [f64::from(at[0]), f64::from(at[1])],
                None => self.place(id).unwrap_or([f64::NAN; 2]),
            };
            let [x, y] = [0, 1].map(|axis| middle[axis] + (place[axis] - center[axis]) * per_unit[axis]);
            // NaN is nowhere.
            if x >= 0.0 && y >= 0.0 && x < sizes[0] && y < sizes[1] {
                tell([x as usize, y as usize], id);
            }
        }
    }
}

/// What is counted, and how.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// So many points, the last ones in the order of drawing.
    pub count: usize,
    /// How far each is spread, in cells.
    pub reach: f64,
    /// Dimmed points are mixed with it.
    pub background: [f32; 3],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Bounds;

    #[test]
    fn points_count_where_they_are_and_only_if_shown() {
        let mut cloud = Cloud::new(&[1; 5]);
        cloud.set_positions(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 9.0, 9.0, f32::NAN, 0.0]).unwrap();
        cloud.set_colors(&[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3], [255; 3]]).unwrap();
        let mut camera = Camera::default();
        camera.set_bounds(Bounds { min: [0.0; 2], max: [9.0; 2] });
        camera.resize(8.0, 8.0);
        camera.set([0.5, 0.5], 2.0);
        let grid = Grid::new([8, 8], 2048, 1.0);
        let of = Counted { count: 5, reach: 0.0, background: [0.0; 3] };
        let at = |sums: &[[f32; 4]], x: usize, y: usize| sums[y * 8 + x];
        let sums = grid.count(&cloud, &camera, of);
        assert_eq!((at(&sums, 3, 3), at(&sums, 5, 5)), ([1.0, 1.0, 0.0, 2.0], [0.0, 0.0, 1.0, 1.0]));
        assert_eq!(sums.iter().map(|sum| sum[3]).sum::<f32>(), 3.0, "the others are not on the screen");
        cloud.set_states(&[3, 2, 0, 0, 0]).unwrap();
        let sums = grid.count(&cloud, &camera, of);
        let [r, g, b, count] = at(&sums, 3, 3);
        assert_eq!((r, b, count), (0.0, 0.0, 0.125));
        assert!((g - 0.05).abs() < 1e-6);
        let sums = grid.count(&cloud, &camera, Counted { reach: 1.0, ..of });
        assert_eq!((at(&sums, 5, 6), at(&sums, 5, 7)), ([0.0, 0.0, 0.5625, 0.5625], [0.0; 4]));
        assert_eq!(at(&sums, 6, 6)[3], 0.25, "(1 - 2 / 4)^2");
        // Off the screen, but within the margin.
        camera.set([3.0, 0.5], 2.0);
        let sums = grid.with_margin(4).count(&cloud, &camera, Counted { reach: 1.0, ..of });
        assert_eq!(sums[(3 + 4) * 16 + 2][3], 0.125);
    }

    #[test]
    fn large_screens_have_wider_cells() {
        assert_eq!(
            Grid::new([1280, 800], 2048, 1.0),
            Grid { size: [1280, 800], cell: 1.0, screen: [1280.0, 800.0], margin: 0 }
        );
        let large = Grid::new([3841, 2160], 8192, 1.0);
        assert_eq!((large.cell, large.size), (2.0, [1921, 1080]));
        assert_eq!(Grid::new([5000, 10], 2048, 1.0).with_margin(3).size, [1256, 9]);
    }
}
