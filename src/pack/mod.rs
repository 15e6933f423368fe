//! Pack: lays the parts of a map that nothing connects beside each other, as a galaxy with its satellites.
//!
//! Nothing says how far apart two such parts are, so an optimization that sees both lets them fly off or lie on top of each
//! other. Each part keeps its shape and its scale, is moved as a whole, and stands by this rule:
//! - the largest part has its mean at the origin;
//! - the other parts of two items or more, larger ones first, each go as near to it as their bounding circle allows,
//!   around it by the golden angle. The largest part's own outline counts from [`CORE`] of its items on: the circle
//!   that holds these is kept free, and an item further out keeps others from its own direction only;
//! - items without a neighbor come last, evenly spread on a band around all (a sunflower, Vogel 1979), which is never
//!   wider than what it goes around.
//!
//! Beyond two dimensions the rule holds in the plane of the first two axes, and along the others each part has its mean
//! at 0: what is apart in the plane is apart. O(n log n + parts * 2048); no randomness.

mod skyline;

use crate::csr::Csr;
use skyline::Skyline;

/// Share of the largest part's items within the circle around it that is kept free.
const CORE: f64 = 0.98;
/// The gap between parts, as a share of that circle's radius, beside the mean distance between its items.
const GAP: f64 = 0.03;
/// Distance between items without a neighbor, in mean distances of the largest part.
const SPACING: f64 = 1.0;
/// The golden angle, by which each satellite is turned from the one before.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// The parts of a graph that nothing connects: its connected components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The part of each item, numbered from 0 in the order of their first items.
    pub of_item: Vec<u32>,
    /// Items in each part.
    pub sizes: Vec<u32>,
}

impl Parts {
    /// All of `n` items in one part.
    pub fn whole(n: usize) -> Self {
        Parts { of_item: vec![0; n], sizes: if n == 0 { Vec::new() } else { vec![n as u32] } }
    }

    /// Number of parts.
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// The first of the largest parts; 0 where there are no items.
    pub fn largest(&self) -> usize {
        (0..self.sizes.len()).rev().max_by_key(|&p| self.sizes[p]).unwrap_or(0)
    }

    /// Number of items without a neighbor: parts of one item.
    pub fn isolated(&self) -> usize {
        self.sizes.iter().filter(|&&size| size == 1).count()
    }

    /// The items of each part, rising.
    pub fn members(&self) -> Csr<()> {
        let items = self.of_item.iter().enumerate().map(|(i, &p)| (p, i as u32, ()));
        Csr::from_triples(self.count(), items)
    }
}

/// Moves the parts of `x` (row-major, n x `dim`, `dim` at least 2, n as in `parts`) to their places; see the module.
/// A single part stays as it is, to the bit. Coordinates must be finite.
pub fn pack(x: &mut [f32], dim: usize, parts: &Parts) {
    if parts.count() < 2 {
        return;
    }
    let members = parts.members();
    let main = parts.largest();
    let items = |part: usize| members.row(part).0;
    shift_all(x, dim, items(main), &mean(x, dim, items(main)), [0.0; 2]);

    let mut distances: Vec<f64> = items(main).iter().map(|&i| polar(x, dim, i).0).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let core = distances[((distances.len() - 1) as f64 * CORE) as usize];
    // Of no extent: any unit will do, as there is nothing to compare with.
    let core = if core > f64::from(f32::MIN_POSITIVE) { core } else { 1.0 };
    // As if its items were spread evenly.
    let spacing = core * (std::f64::consts::PI / items(main).len() as f64).sqrt();
    let gap = GAP * core + spacing.min(0.25 * core);
    let mut skyline = Skyline::new(core);
    for &i in items(main) {
        let (distance, angle) = polar(x, dim, i);
        if distance > core {
            skyline.raise(angle, gap / 2.0, distance);
        }
    }

    let mut order: Vec<usize> = (0..parts.count()).filter(|&p| p != main && parts.sizes[p] > 1).collect();
    order.sort_by_key(|&p| std::cmp::Reverse(parts.sizes[p]));
    for (rank, &part) in order.iter().enumerate() {
        let mut middle = mean(x, dim, items(part));
        let (center, radius) = bounding_circle(x, dim, items(part));
        middle[..2].copy_from_slice(&center);
        let place = skyline.place(radius.max(spacing / 2.0), gap, GOLDEN_ANGLE * (rank as f64 + 0.25));
        shift_all(x, dim, items(part), &middle, place);
    }

    let alone = (0..parts.count()).filter(|&p| p != main && parts.sizes[p] == 1);
    let n_alone = alone.clone().count() as f64;
    // From where most of the outline is below; what reaches further is gone around.
    let inner = skyline.most() + gap;
    let spacing = (SPACING * spacing).min(inner * (3.0 * std::f64::consts::PI / n_alone.max(1.0)).sqrt());
    let mut step = 0.0;
    for part in alone {
        let place = loop {
            // The k-th of points that each have an area of spacing^2, outside of the inner circle.
            let radius = (inner * inner + step * spacing * spacing / std::f64::consts::PI).sqrt();
            let angle = GOLDEN_ANGLE * step;
            step += 1.0;
            if radius >= skyline.at(angle) + gap / 2.0 {
                let (sin, cos) = libm::sincos(angle);
                break [radius * cos, radius * sin];
            }
        };
        let here = mean(x, dim, items(part));
        shift_all(x, dim, items(part), &here, place);
    }
}

/// A copy of `x` with its parts packed; see [`pack`].
pub fn packed(x: &[f32], dim: usize, parts: &Parts) -> Vec<f32> {
    let mut out = x.to_vec();
    pack(&mut out, dim, parts);
    out
}

/// Moves `items` so that what was at `from` comes to `to` in the plane, and to 0 along the other axes.
fn shift_all(x: &mut [f32], dim: usize, items: &[u32], from: &[f64], to: [f64; 2]) {
    for &i in items {
        for (d, v) in x[i as usize * dim..][..dim].iter_mut().enumerate() {
            *v = (f64::from(*v) - from[d] + to.get(d).copied().unwrap_or(0.0)) as f32;
        }
    }
}

fn mean(x: &[f32], dim: usize, items: &[u32]) -> Vec<f64> {
    let mut sum = vec![0.0; dim];
    for &i in items {
        for (s, &v) in sum.iter_mut().zip(&x[i as usize * dim..][..dim]) {
            *s += f64::from(v);
        }
    }
    sum.iter().map(|s| s / items.len().max(1) as f64).collect()
}

/// Distance from the origin and angle of an item in the plane.
fn polar(x: &[f32], dim: usize, item: u32) -> (f64, f64) {
    let at = [0, 1].map(|d| f64::from(x[item as usize * dim + d]));
    ((at[0] * at[0] + at[1] * at[1]).sqrt(), libm::atan2(at[1], at[0]))
}

/// A circle in the plane that holds all `items`, and whose radius is within some percent of the least (Badoiu and
/// Clarkson 2003: step toward the farthest, each time by less).
fn bounding_circle(x: &[f32], dim: usize, items: &[u32]) -> ([f64; 2], f64) {
    let at = |i: u32| [0, 1].map(|d| f64::from(x[i as usize * dim + d]));
    let middle = mean(x, dim, items);
    let mut center = [middle[0], middle[1]];
    let farthest = |center: [f64; 2]| {
        items.iter().fold((0.0f64, center), |best, &i| {
            let there = at(i);
            let (a, b) = (there[0] - center[0], there[1] - center[1]);
            let squared = a * a + b * b;
            if squared > best.0 { (squared, there) } else { best }
        })
    };
    let mut best = (center, farthest(center).0);
    for step in 0..32 {
        let (squared, there) = farthest(center);
        if squared < best.1 {
            best = (center, squared);
        }
        let share = 1.0 / f64::from(step + 2);
        center = [0, 1].map(|d| center[d] + share * (there[d] - center[d]));
    }
    // A little more than the root, which may round below the farthest item's distance.
    (best.0, best.1.sqrt() * (1.0 + 1e-6))
}
