//! Shading: how the density view turns counts into a picture, and when it gives way to points.
//!
//! After datashader (James A. Bednar et al.): opacity from counts by histogram equalization, logarithm or
//! proportion, and points spread where they are sparse. Two things differ: equalization takes the middle rank of equal
//! counts, so that a map of lone points is neither all faint nor all solid; and spreading goes on from where dynspread
//! ends. That makes sparse points larger dots, up to 3 px; here their kernels grow until they overlap, without a leap
//! while zooming, so that a few thousand points have a density as well.

use crate::camera::Camera;

/// How counts become opacity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// By rank: as many cells are faint as are solid.
    #[default]
    Equalized,
    /// log(1 + count).
    Log,
    /// In proportion to the count.
    Linear,
}

/// All choices of the density view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shading {
    /// How counts become opacity.
    pub how: How,
    /// Whether sparse points are spread until they overlap.
    pub spread: bool,
    /// Whether lines of equal density are drawn.
    pub contours: bool,
    /// Whether points are drawn instead where the camera is so near that they are sparse.
    pub fade: bool,
}

impl Default for Shading {
    fn default() -> Self {
        Shading { how: How::Equalized, spread: true, contours: false, fade: true }
    }
}

/// A point is not spread further, in CSS px.
pub const MOST_REACH: f64 = 24.0;

/// So many points reach a cell on average, where there are few.
const COMPANY: f64 = 32.0;

/// Points on a CSS px^2 below which the cells of a density need not be smaller than CSS px.
pub const SMOOTH: f64 = 0.3;

/// Points per CSS px^2 at which they begin to be sparse, and at which they are. (Embedding Atlas gives up its contours
/// at 1/16.)
const SPARSE: [f64; 2] = [1.0 / 16.0, 1.0 / 64.0];

/// Magnifications between which points take over, if they are sparse: a small map is a density too.
const NEAR: [f64; 2] = [1.6, 3.2];

impl Shading {
    /// How far a point is spread, in cells, where `density` other points lie on a cell.
    ///
    /// So far that [`COMPANY`] points reach a cell: pi (r + 2)^2 density; one more than the reach's own r + 1, so that a
    /// crowd is sharp to the pixel.
    pub fn reach(&self, density: f64, most: f64) -> f64 {
        if !self.spread {
            return 0.0;
        }
        ((COMPANY / (std::f64::consts::PI * density)).sqrt() - 2.0).clamp(0.0, most)
    }

    /// The part of the picture that is density, 0..=1; the rest are points. `density` is that of the crowd, in points
    /// per CSS px^2.
    pub fn share(&self, density: f64, camera: &Camera) -> f64 {
        let rise = |from: f64, to: f64, at: f64| {
            let t = ((at.ln() - from.ln()) / (to.ln() - from.ln())).clamp(0.0, 1.0);
            t * t * (3.0 - 2.0 * t)
        };
        let sparse = rise(SPARSE[0], SPARSE[1], density.max(1e-12));
        if self.fade { 1.0 - sparse * rise(NEAR[0], NEAR[1], camera.magnification()) } else { 1.0 }
    }
}

/// Bins of the histogram of counts: 8 an octave, 2^-8 the lowest.
pub const BINS: usize = 256;

/// Runs of cells that the histogram looks at: one cell of each run.
pub const RUNS: usize = 65_536;

/// Cells with less, at the rim of a lone point's kernel, are not counted.
const LEAST: f32 = 0.5;

/// No less opaque is a cell with points: datashader's min_alpha.
const FLOOR: f32 = 40.0 / 255.0;

/// What opacity depends on: the distribution of counts. The CPU's twin of tally.vert, levels.frag and shade.frag.
#[derive(Clone, Debug)]
pub struct Levels {
    /// For each bin, the shares of the cells in lower bins and in this one.
    shares: Vec<[f32; 2]>,
    most: f32,
}

/// The bin of a count, and how far in it.
fn place(t: f32) -> f32 {
    // log2 to within 0.00003 by a polynomial for the mantissa, 0 and 1 at its ends: a whole picture in a few ms.
    let bits = t.to_bits();
    let m = f32::from_bits(bits & 0x7f_ffff | 0x3f80_0000) - 1.0;
    let bend = 0.441_740 + m * (-0.266_030 + m * (0.146_314 - m * 0.044_005));
    let log2 = (bits >> 23) as f32 - 127.0 + m + m * (1.0 - m) * bend;
    (8.0 * log2 + 64.5).clamp(0.0, 255.99)
}

/// The cell of a run of `stride` that speaks for it: always the same, but without a pattern.
fn speaks(run: usize, stride: usize) -> usize {
    let mut n = run as u32;
    n = (n ^ (n >> 16)).wrapping_mul(0x85eb_ca6b);
    n = (n ^ (n >> 13)).wrapping_mul(0xc2b2_ae35);
    (n ^ (n >> 16)) as usize % stride
}

/// Cells of a run where there are so many.
pub fn stride(cells: usize) -> usize {
    cells.div_ceil(RUNS).max(1)
}

impl Levels {
    /// Of all cells' sums, a count last.
    pub fn of(sums: &[[f32; 4]]) -> Self {
        let stride = stride(sums.len());
        let (mut bins, mut most) = (vec![0u32; BINS], 0.0f32);
        for (run, cells) in sums.chunks(stride).enumerate() {
            let spoken = cells.get(speaks(run, stride)).map_or(0.0, |cell| cell[3]);
            most = cells.iter().fold(most, |most, cell| most.max(cell[3]));
            if spoken >= LEAST {
                bins[place(spoken) as usize] += 1;
            }
        }
        let total = bins.iter().sum::<u32>().max(1) as f32;
        let mut below = 0;
        let shares = bins.iter().map(|&cells| {
            below += cells;
            [(below - cells) as f32 / total, cells as f32 / total]
        });
        Levels { shares: shares.collect(), most }
    }

    /// Where a cell with count `t` > 0 stands between the least and the most, 0..=1.
    pub fn value(&self, how: How, t: f32) -> f32 {
        let v = match how {
            How::Equalized => {
                let place = place(t);
                let [below, within] = self.shares[place as usize];
                below + (place - place.floor()) * within
            }
            How::Log => (1.0 + t).ln() / (1.0 + self.most).ln(),
            How::Linear => t / self.most,
        };
        v.min(1.0)
    }

    /// Its opacity.
    pub fn opacity(&self, how: How, t: f32) -> f32 {
        (FLOOR + (1.0 - FLOOR) * self.value(how, t)) * t.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Bounds;

    fn cells(counts: &[f32]) -> Vec<[f32; 4]> {
        counts.iter().map(|&t| [t, t, t, t]).collect()
    }

    #[test]
    fn equalized_is_the_middle_rank() {
        // Empty cells say nothing: of 8 others, 4 have 1, 2 have 2, one has 16 and one 1000.
        let sums = cells(&[1.0, 0.0, 1.0, 2.0, 0.0, 1000.0, 1.0, 16.0, 2.0, 1.0]);
        let levels = Levels::of(&sums);
        let rank = |t: f32| (levels.opacity(How::Equalized, t) - FLOOR) / (1.0 - FLOOR);
        for (t, wanted) in [(1.0, 0.25), (2.0, 0.625), (16.0, 0.8125)] {
            assert!((rank(t) - wanted).abs() < 1e-6, "{t}: {}", rank(t));
        }
        assert!(rank(1000.0) > 0.875 && rank(1000.0) <= 1.0);
        for how in [How::Equalized, How::Log, How::Linear] {
            let up: Vec<f32> = (1..1000).map(|t| levels.opacity(how, t as f32)).collect();
            assert!(up.is_sorted() && up[0] >= FLOOR && up[998] <= 1.0, "{how:?}");
        }
        assert_eq!((levels.opacity(How::Linear, 1000.0), levels.opacity(How::Log, 1000.0)), (1.0, 1.0));
        assert_eq!(Levels::of(&cells(&[0.0; 9])).most, 0.0, "an empty picture");
    }

    #[test]
    fn a_sample_of_cells_knows_the_ranks_of_all() {
        let counts: Vec<f32> = (0..5 * RUNS + 3).map(|i| (1 + (i * 7919) % 900) as f32).collect();
        let levels = Levels::of(&cells(&counts));
        for t in [30.0f32, 100.0, 450.0, 800.0] {
            let v = (levels.opacity(How::Equalized, t) - FLOOR) / (1.0 - FLOOR);
            assert!((v - t / 900.0).abs() < 0.02, "{t}: {v}");
        }
        assert_eq!(levels.most, 900.0, "the largest is never missed");
    }

    #[test]
    fn sparse_points_are_spread_and_then_shown_as_points() {
        let shading = Shading::default();
        let reach = |density: f64| shading.reach(density, MOST_REACH);
        assert_eq!((reach(0.0), reach(5.0)), (MOST_REACH, 0.0));
        let rising: Vec<f64> = [1.0, 0.1, 0.01, 0.001].map(reach).to_vec();
        assert!(rising.is_sorted() && rising[0] < 1.5 && rising[1] > 8.0 && rising[1] < 8.2, "{rising:?}");
        assert_eq!(Shading { spread: false, ..shading }.reach(0.0, 3.0), 0.0);

        let mut camera = Camera::default();
        camera.set_bounds(Bounds { min: [0.0; 2], max: [1.0; 2] });
        camera.fit();
        assert_eq!(shading.share(0.0, &camera), 1.0, "a small map as a whole");
        camera.zoom_at(150.0, 75.0, 10.0);
        assert_eq!(shading.share(0.0, &camera), 0.0);
        assert_eq!(shading.share(1.0, &camera), 1.0, "crowded");
        let between = shading.share(1.0 / 32.0, &camera);
        assert!(between > 0.1 && between < 0.9);
        assert_eq!(Shading { fade: false, ..shading }.share(0.0, &camera), 1.0);
    }
}
