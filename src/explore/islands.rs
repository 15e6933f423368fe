//! Islands: where the points of a map crowd together, found from their density.
//!
//! Points are counted in square cells and the counts smoothed by three box sums, near to a Gaussian (Wells 1986). Then
//! the land rises out of the sea: cells are taken from the highest down, each joins the highest island beside it, and
//! where two islands meet, the one whose peak stands little above that saddle is a part of the other (ToMATo: Chazal,
//! Guibas, Oudot, Skraba 2013). All in whole numbers, so the same everywhere. O(points + cells log cells).

use crate::camera::Bounds;

/// Cells along the longer side of the map.
const SIDE: usize = 192;

/// A peak is an island of its own where the saddle to a higher one is lower than this part of it, in 8ths.
const SADDLE: u64 = 6;

/// Cells lower than this part of the highest peak are sea.
const SEA: u64 = 400;

/// No island.
pub const NONE: u32 = u32::MAX;

/// The islands of a map at one scale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Islands {
    /// The island of each point; [`NONE`] at sea.
    pub of: Vec<u32>,
    /// Points of each island; the largest is first.
    pub sizes: Vec<u32>,
    /// The middle of each island's crowded part, in map units.
    pub at: Vec<[f64; 2]>,
    /// How far its points spread along each axis, in map units: the standard deviation.
    pub spread: Vec<[f64; 2]>,
}

/// The islands of at least `least` points of `xy` = x0, y0, x1, y1, ..., after smoothing by a box of 2 `radius` + 1
/// cells of 192 along the longer side; thrice.
pub fn islands(xy: &[f32], radius: usize, least: usize) -> Islands {
    let bounds = Bounds::of(xy);
    let per_unit = SIDE as f64 / (2.0 * bounds.half());
    let cell_of = |point: &[f32]| {
        let cell =
            |axis: usize| (((f64::from(point[axis]) - bounds.min[axis]) * per_unit) as usize).min(SIDE - 1);
        (point[0].is_finite() && point[1].is_finite()).then(|| cell(1) * SIDE + cell(0))
    };
    let mut heights = vec![0u64; SIDE * SIDE];
    xy.chunks_exact(2).filter_map(cell_of).for_each(|cell| heights[cell] += 1);
    for _ in 0..3 {
        heights = smooth(&smooth(&heights, radius), radius);
    }
    let (of, peaks) = flood(&heights);
    gather(xy, &of, &heights, &peaks, least, cell_of)
}

/// Sums over 2 `radius` + 1 cells of each row, the result turned: rows are columns. Twice gives sums over squares.
fn smooth(heights: &[u64], radius: usize) -> Vec<u64> {
    let mut out = vec![0; heights.len()];
    for (y, row) in heights.chunks_exact(SIDE).enumerate() {
        let mut sum: u64 = row[..radius.min(SIDE)].iter().sum();
        for x in 0..SIDE {
            sum += row.get(x + radius).copied().unwrap_or(0);
            out[x * SIDE + y] = sum;
            sum -= if x >= radius { row[x - radius] } else { 0 };
        }
    }
    out
}

/// The peak of each cell's island, as a cell, or [`NONE`] at sea, and the cells that are peaks, highest first.
fn flood(heights: &[u64]) -> (Vec<u32>, Vec<u32>) {
    let sea = heights.iter().max().map_or(0, |&highest| highest / SEA);
    // The highest first: a height in 48 bits, which millions of points do not fill, and the cell in 16.
    const { assert!(SIDE * SIDE <= 1 << 16) };
    let most = (1u64 << 48) - 1;
    let key = |(cell, &height): (usize, &u64)| (most - height.min(most)) << 16 | cell as u64;
    let mut order: Vec<u64> = heights.iter().enumerate().filter(|(_, h)| **h > sea).map(key).collect();
    order.sort_unstable();
    // A cell's island by way of other cells; a peak's is itself.
    let mut of = vec![NONE; heights.len()];
    let mut peaks = Vec::new();
    for cell in order.into_iter().map(|key| key as u16 as u32) {
        let (x, y) = (cell as usize % SIDE, cell as usize / SIDE);
        let mut beside = [NONE; 9];
        for (i, slot) in beside.iter_mut().enumerate() {
            let (x, y) = ((x + i % 3).wrapping_sub(1), (y + i / 3).wrapping_sub(1));
            if x < SIDE && y < SIDE {
                *slot = root(&mut of, (y * SIDE + x) as u32);
            }
        }
        let rank = |&peak: &u32| (u64::MAX - heights[peak as usize], peak);
        let Some(highest) = beside.iter().copied().filter(|&peak| peak != NONE).min_by_key(rank) else {
            of[cell as usize] = cell;
            peaks.push(cell);
            continue;
        };
        of[cell as usize] = highest;
        for peak in beside.into_iter().filter(|&peak| peak != NONE && peak != highest) {
            if 8 * heights[cell as usize] >= SADDLE * heights[peak as usize] {
                of[peak as usize] = highest;
            }
        }
    }
    for cell in 0..of.len() as u32 {
        of[cell as usize] = root(&mut of, cell);
    }
    peaks.retain(|&peak| of[peak as usize] == peak);
    (of, peaks)
}

/// The peak that a cell's island has now.
fn root(of: &mut [u32], mut cell: u32) -> u32 {
    while of[cell as usize] != NONE && of[cell as usize] != cell {
        let next = of[cell as usize];
        // Halving the path keeps it short.
        of[cell as usize] = of[next as usize];
        cell = of[cell as usize];
    }
    of[cell as usize]
}

/// The islands with enough points, largest first, and where they are.
fn gather(
    xy: &[f32],
    of: &[u32],
    heights: &[u64],
    peaks: &[u32],
    least: usize,
    cell_of: impl Fn(&[f32]) -> Option<usize>,
) -> Islands {
    // Sums of each peak's island: points, and x, y, x², y² of all, and points, x, y of those in its upper half.
    let mut sums = vec![[0.0f64; 8]; of.len()];
    let mut first = vec![NONE; xy.len() / 2];
    for (point, peak) in xy.chunks_exact(2).zip(&mut first) {
        let Some(cell) = cell_of(point).filter(|&cell| of[cell] != NONE) else { continue };
        *peak = of[cell];
        let [x, y] = [f64::from(point[0]), f64::from(point[1])];
        let upper = if 2 * heights[cell] >= heights[*peak as usize] { 1.0 } else { 0.0 };
        let all = [1.0, x, y, x * x, y * y, upper, upper * x, upper * y];
        sums[*peak as usize].iter_mut().zip(all).for_each(|(sum, value)| *sum += value);
    }
    let size = |&peak: &u32| sums[peak as usize][0] as u32;
    let key = |peak: &u32| u64::from(u32::MAX - size(peak)) << 32 | u64::from(*peak);
    let mut kept: Vec<u64> =
        peaks.iter().filter(|peak| size(peak) as usize >= least.max(1)).map(key).collect();
    kept.sort_unstable();
    let mut index = vec![NONE; of.len()];
    let mut islands = Islands::default();
    for (i, peak) in kept.into_iter().map(|key| key as u32).enumerate() {
        index[peak as usize] = i as u32;
        let [n, x, y, xx, yy, upper, ux, uy] = sums[peak as usize];
        islands.sizes.push(n as u32);
        islands.at.push(if upper > 0.0 { [ux / upper, uy / upper] } else { [x / n, y / n] });
        let deviation = |sum: f64, squares: f64| (squares / n - (sum / n) * (sum / n)).max(0.0).sqrt();
        islands.spread.push([deviation(x, xx), deviation(y, yy)]);
    }
    islands.of = first.iter().map(|&peak| if peak == NONE { NONE } else { index[peak as usize] }).collect();
    islands
}
