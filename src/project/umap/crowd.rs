//! Crowd: the points in random order, from which those that push are drawn.
//!
//! A draw is a place in this order, and the points from there on, as many as there are lanes: each point is as likely as in
//! draws of single points, and neighbors in a random order have nothing to do with each other. So one random number
//! serves a block, and its coordinates are read in one piece, where single draws would wait for memory at each.

use super::force::{LANES, Lanes};
use crate::pack::Parts;
use crate::parallel;
use crate::random::{Rng, Use};

/// Points are drawn from at least as many places, or from as many as there are points: those beyond a smaller part are
/// empty. Else the few points of one would meet in every draw, and push each other far apart.
pub(super) const LEAST_PLACES: usize = 100;
/// No point stands in this place.
const EMPTY: u32 = u32::MAX;
/// Where empty places are: so far that they push nothing, near enough that the sums stay finite.
const FAR: f32 = 1e15;
/// Places in a unit of parallel work.
const PLACES: usize = 4096;

/// The points in random order, part by part. At the end of each part its first places come again, so that blocks may begin
/// anywhere.
pub struct Crowd<const D: usize> {
    /// The point of each place.
    order: Vec<u32>,
    /// First place of each part, and number of places without those that come again.
    ranges: Vec<(u32, u32)>,
    /// Where they stand, axis by axis.
    axes: [Vec<f32>; D],
}

impl<const D: usize> Crowd<D> {
    /// All points of `parts` in random order. Single points have no places: nothing pulls them, so nothing pushes them.
    pub fn new(parts: &Parts, seed: u64) -> Self {
        let (order, ranges) = order_of(parts, seed);
        let axes = std::array::from_fn(|_| vec![FAR; order.len()]);
        Crowd { order, ranges, axes }
    }

    /// Reads where all points stand now.
    pub fn read(&mut self, layout: &[[f32; D]]) {
        let order = &self.order;
        for (d, axis) in self.axes.iter_mut().enumerate() {
            parallel::for_each_part(axis, PLACES, |start, part| {
                for (out, &i) in part.iter_mut().zip(&order[start..]) {
                    *out = layout.get(i as usize).map_or(FAR, |p| p[d]);
                }
            });
        }
    }

    /// First place and number of places of a part.
    pub fn range(&self, part: usize) -> (u32, u32) {
        self.ranges[part]
    }

    /// Where the points stand that begin at a place.
    #[inline(always)]
    pub fn block(&self, place: usize) -> [Lanes; D] {
        std::array::from_fn(|d| {
            let mut lanes = [0.0; LANES];
            lanes.copy_from_slice(&self.axes[d][place..place + LANES]);
            lanes
        })
    }
}

/// The places of [`Crowd`] and the range of each part.
fn order_of(parts: &Parts, seed: u64) -> (Vec<u32>, Vec<(u32, u32)>) {
    let n = parts.of_item.len();
    let members = parts.members();
    let mut rng = Rng::stream(seed, Use::Negatives, u64::MAX);
    let (mut order, mut ranges) = (Vec::with_capacity(n + LANES), Vec::with_capacity(parts.count()));
    for part in 0..parts.count() {
        let (start, inside) = (order.len(), members.row(part).0);
        if inside.len() > 1 {
            order.extend_from_slice(inside);
            order.resize(start + inside.len().max(LEAST_PLACES.min(n)), EMPTY);
            let places = &mut order[start..];
            for left in (2..=places.len()).rev() {
                places.swap(left - 1, rng.below(left as u32) as usize);
            }
        }
        let count = order.len() - start;
        ranges.push((start as u32, count as u32));
        order.extend(
            (0..LANES - 1)
                .filter(|_| count > 0)
                .map(|k| k % count.max(1) + start)
                .map(|p| order[p])
                .collect::<Vec<_>>(),
        );
    }
    (order, ranges)
}
