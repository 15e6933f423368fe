//! How crowded a view is: points counted in 128 x 128 cells over the map, summed for the part that is on screen.
//!
//! Opacity follows from it. The measure is the density that the average point in view sees, not the average of
//! the screen: of a map that is mostly sea, the islands count.

use super::quantize::{HIDDEN, Quantizer};
use crate::camera::Camera;

/// Cells along the longer side of the map, as a power of 2: the high bits of a quantum name its cell.
const BITS: u32 = 7;
const SIDE: usize = 1 << BITS;

/// Points in each cell.
#[derive(Clone, Debug, Default)]
pub struct Density {
    counts: Vec<u32>,
}

/// What is on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crowd {
    /// Points in view, to within those of the cells at its edge.
    pub points: f64,
    /// Other points per square CSS px, at the average point in view; 0 without points.
    pub density: f64,
}

impl Density {
    /// Counts points by the high halves of their quanta.
    pub fn new(high: &[[u16; 2]]) -> Self {
        let mut counts = vec![0; SIDE * SIDE];
        for &[x, y] in high.iter().filter(|&&point| point != HIDDEN) {
            counts[(y as usize >> (16 - BITS)) << BITS | x as usize >> (16 - BITS)] += 1;
        }
        Density { counts }
    }

    /// What a camera shows of it.
    pub fn seen(&self, camera: &Camera, quantizer: &Quantizer) -> Crowd {
        let [width, height] = camera.screen();
        let cell = |px: [f64; 2]| {
            let [x, y] = quantizer.quanta(camera.to_map(px));
            [x, y].map(|q| q.clamp(0.0, 65_535.0) as usize >> (16 - BITS))
        };
        let (low, high) = (cell([0.0, height]), cell([width, 0.0]));
        let (mut points, mut pairs) = (0.0, 0.0);
        for row in low[1]..=high[1] {
            let start = row << BITS;
            for &count in self.counts.get(start + low[0]..=start + high[0]).unwrap_or_default() {
                points += f64::from(count);
                // Of the others: one that is alone in its cell is not crowded by itself.
                pairs += f64::from(count) * (f64::from(count) - 1.0);
            }
        }
        let side = (65_536 >> BITS) as f64 / quantizer.per_unit * camera.zoom();
        Crowd { points, density: if points > 0.0 { (pairs / points).max(0.0) / (side * side) } else { 0.0 } }
    }
}

/// Opacity of one disc where `overlap` discs lie over each other on average.
///
/// 1 - (1 - COVER)^(1 / sqrt(overlap)), at most COVER: alone, a disc is nearly solid. With 1 / overlap in place of
/// the root any crowd would cover alike and lone discs beside it would vanish; with 0, all crowds would be solid.
pub fn opacity(overlap: f64) -> f64 {
    (1.0 - (1.0 - COVER).powf(1.0 / overlap.max(1.0).sqrt())).max(FAINTEST)
}

/// Opacity of a disc without company.
const COVER: f64 = 0.92;

/// Lone discs beside the densest crowd are still seen.
const FAINTEST: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Bounds;

    #[test]
    fn counts_what_is_in_view() {
        let bounds = Bounds { min: [0.0; 2], max: [1.0; 2] };
        let quantizer = Quantizer::new(bounds);
        let mut camera = Camera::default();
        camera.set_bounds(bounds);
        camera.resize(640.0, 640.0);
        camera.fit();
        let place = |i: usize| [(i % 256) as f64 / 256.0, (i / 256) as f64 / 256.0];
        let mut high: Vec<[u16; 2]> = (0..65_536).map(|i| quantizer.halves(place(i)).0).collect();
        high.push(HIDDEN);
        let density = Density::new(&high);
        let all = density.seen(&camera, &quantizer);
        assert_eq!(all.points, 65_536.0);
        // Four in each cell, so three others.
        let wanted = 0.75 * 65_536.0 / camera.zoom().powi(2);
        assert!((all.density / wanted - 1.0).abs() < 0.02, "{all:?}, {wanted}");
        camera.zoom_at(320.0, 320.0, 4.0);
        let part = density.seen(&camera, &quantizer);
        assert!(part.points > 4_000.0 && part.points < 6_000.0, "{part:?}");
        assert!((part.density * 16.0 / all.density - 1.0).abs() < 0.05);
        assert_eq!(Density::default().seen(&camera, &quantizer), Crowd { points: 0.0, density: 0.0 });
    }

    #[test]
    fn crowds_are_fainter() {
        let faint = [0.0, 1.0, 4.0, 100.0, 1e9].map(opacity);
        assert!((faint[0] - COVER).abs() < 1e-12 && faint[0] == faint[1]);
        assert!(faint.windows(2).all(|pair| pair[0] >= pair[1]) && faint[4] == FAINTEST);
    }
}
