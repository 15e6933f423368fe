//! Skyline: how far out each direction is taken, and where the next disc fits.
//!
//! The outline is a height for each of [`BINS`] directions, as in skyline packing of rectangles, bent around the origin. A
//! disc takes the wedge that it fills, from the tallest height below it: so discs cannot overlap.

use std::collections::VecDeque;
use std::f64::consts::{PI, TAU};

/// Directions told apart.
const BINS: usize = 2048;

/// The outline around the origin.
pub struct Skyline {
    /// The distance from the origin below which a direction is taken.
    heights: Vec<f64>,
}

impl Skyline {
    /// A circle of radius `core`.
    pub fn new(core: f64) -> Self {
        Skyline { heights: vec![core; BINS] }
    }

    /// The bins that the wedge of half-angle `half` around `angle` touches: the first one, and how many.
    fn bins(angle: f64, half: f64) -> (usize, usize) {
        let to_bin = BINS as f64 / TAU;
        let (low, high) = ((angle - half) * to_bin, (angle + half) * to_bin);
        let first = low.floor();
        let count = ((high.floor() - first) as usize + 1).min(BINS);
        (first.rem_euclid(BINS as f64) as usize % BINS, count)
    }

    /// A point at `distance` along `angle`, with `margin` to its sides, is taken.
    pub fn raise(&mut self, angle: f64, margin: f64, distance: f64) {
        let half = libm::asin((margin / distance).min(1.0));
        self.take(Self::bins(angle, half), distance);
    }

    fn take(&mut self, (first, count): (usize, usize), height: f64) {
        for b in first..first + count {
            let h = &mut self.heights[b % BINS];
            *h = h.max(height);
        }
    }

    /// The height along `angle`.
    pub fn at(&self, angle: f64) -> f64 {
        self.heights[Self::bins(angle, 0.0).0]
    }

    /// A height that nine of ten directions do not pass.
    pub fn most(&self) -> f64 {
        let mut sorted = self.heights.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted[BINS * 9 / 10]
    }

    /// Takes the place of a disc of `radius`, `gap` above what is below it and half as far to its sides: as low as
    /// possible, and of places about as low the one nearest to `wish`, an angle. Returns its center.
    pub fn place(&mut self, radius: f64, gap: f64, wish: f64) -> [f64; 2] {
        let lowest = self.heights.iter().copied().fold(f64::INFINITY, f64::min);
        // The wedge where it is widest: at the lowest place.
        let half = |height: f64| libm::asin((radius + gap / 2.0) / (height + gap + radius));
        let width = Self::bins(0.0, half(lowest)).1 + 1;
        let tallest = self.tallest_of_each(width);
        let best = tallest.iter().copied().fold(f64::INFINITY, f64::min);
        // A place is the first bin of the wedge.
        let center_of = |first: usize| (first as f64 + width as f64 / 2.0) * TAU / BINS as f64;
        let turn = |first: usize| {
            let away = (center_of(first) - wish).rem_euclid(TAU);
            away.min(TAU - away)
        };
        let good = (0..BINS).filter(|&first| tallest[first] <= best + 0.3 * radius);
        let first = good.min_by(|&a, &b| turn(a).total_cmp(&turn(b)).then(a.cmp(&b))).unwrap_or(0);
        let (height, angle) = (tallest[first], center_of(first));
        let distance = height + gap + radius;
        self.take(Self::bins(angle, half(height).min(PI)), distance + radius);
        let (sin, cos) = libm::sincos(angle);
        [distance * cos, distance * sin]
    }

    /// The tallest height among the `width` bins from each on, around the circle: a sliding maximum, O(bins).
    fn tallest_of_each(&self, width: usize) -> Vec<f64> {
        let at = |b: usize| self.heights[b % BINS];
        let mut out = vec![0.0; BINS];
        // Bins whose heights fall: the front is the tallest of the window.
        let mut window: VecDeque<usize> = VecDeque::new();
        for b in 0..BINS + width - 1 {
            while window.back().is_some_and(|&last| at(last) <= at(b)) {
                window.pop_back();
            }
            window.push_back(b);
            if b + 1 >= width {
                let first = b + 1 - width;
                while window.front().is_some_and(|&front| front < first) {
                    window.pop_front();
                }
                out[first] = at(window[0]);
            }
        }
        out
    }
}
