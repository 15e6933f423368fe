//! UMAP: the layout of a fuzzy graph by sampled attraction and repulsion (McInnes, Healy, Melville 2018, section 4).
//!
//! An epoch moves every point by itself: along each of its due edges and away from a few random points, all of them as
//! they stood when the epoch began. umap-learn instead moves both ends of one edge after the other, so its result depends on the order
//! (and, with threads, on timing). Here no point sees another's move within an epoch, so points are shared among threads
//! and the layout has the same bits on any number of them. umap-learn visits an edge in both directions and moves both
//! ends each time; here each end makes its half of the same change, see [`moves`].

use crate::csr::Csr;
use crate::math;
use crate::pack::Parts;
use crate::parallel;
use crate::random::{Rng, Use};

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// No random point pushes another by more than this along an axis, before the learning rate.
const CLIP: f32 = 4.0;
/// Forces computed side by side: a neighbor and up to 7 random points.
const LANES: usize = 8;
/// Random points are drawn from at least as many places, or from as many as there are points: those beyond a smaller part
/// are empty. Else the few points of one would meet in every draw, and push each other far apart.
const LEAST_PLACES: usize = 100;
/// Keeps the repulsion finite between points in one place.
const EPSILON: f32 = 1e-3;

/// The forces and the schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Curve of the attraction.
    pub a: f32,
    /// Curve of the attraction.
    pub b: f32,
    /// Strength of the repulsion.
    pub repulsion_strength: f32,
    /// Random points each due edge pushes away from.
    pub negative_sample_rate: u32,
    /// Epochs in all; the learning rate falls from 1 to 0 over them.
    pub n_epochs: u32,
    /// Names the random streams.
    pub seed: u64,
}

/// A layout under way.
pub struct Umap {
    schedule: Schedule,
    /// For each point its neighbors, and how often the edge is due: a share of the epochs in units of 2^-32.
    edges: Csr<u32>,
    /// The points that each point is pushed away from, where there are several parts.
    parts: Option<(Parts, Csr<()>)>,
    epoch: u32,
    next: Vec<[f32; 2]>,
}

impl Umap {
    /// Ready to lay out `graph` (symmetric, strengths in (0, 1], edges within `parts` only); edges that would never be due
    /// are left out. Points push each other away within parts only.
    pub fn new(graph: &Csr<f32>, parts: &Parts, schedule: Schedule) -> Self {
        let strongest = graph.values.iter().copied().fold(0.0f32, f32::max);
        let least = strongest / schedule.n_epochs.max(1) as f32;
        let mut edges = Csr::default();
        for i in 0..graph.n_rows() {
            let (columns, values) = graph.row(i);
            let due = columns.iter().zip(values).filter(|&(_, &w)| w >= least);
            let share = |w: f32| (f64::from(w / strongest) * f64::from(u32::MAX)) as u32;
            edges.push_row(due.map(|(&j, &w)| (j, share(w))));
        }
        let parts = (parts.count() > 1).then(|| (parts.clone(), parts.members()));
        Umap { schedule, edges, parts, epoch: 0, next: Vec::new() }
    }

    /// Epochs done.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Epochs in all.
    pub fn n_epochs(&self) -> u32 {
        self.schedule.n_epochs
    }

    /// Goes on until epoch `until`. `layout` is row-major n x 2, as it was left.
    pub fn run(&mut self, layout: &mut Vec<[f32; 2]>, until: u32) {
        self.next.resize(layout.len(), [0.0; 2]);
        while self.epoch < until.min(self.schedule.n_epochs) {
            let rate = 1.0 - self.epoch as f32 / self.schedule.n_epochs as f32;
            let (now, edges, schedule, epoch) = (&*layout, &self.edges, &self.schedule, self.epoch);
            let parts = self.parts.as_ref();
            parallel::for_each_part(&mut self.next, POINTS, |start, part| {
                for (k, out) in part.iter_mut().enumerate() {
                    *out = moved(start + k, now, edges, parts, schedule, epoch, rate);
                }
            });
            std::mem::swap(layout, &mut self.next);
            self.epoch += 1;
        }
    }
}

/// Where point `i` stands after `epoch`.
fn moved(
    i: usize,
    now: &[[f32; 2]],
    edges: &Csr<u32>,
    parts: Option<&(Parts, Csr<()>)>,
    schedule: &Schedule,
    epoch: u32,
    rate: f32,
) -> [f32; 2] {
    let mut here = now[i];
    let mut rng = Rng::stream(schedule.seed, Use::Negatives, (u64::from(epoch) << 32) | i as u64);
    let (neighbors, shares) = edges.row(i);
    // Those it may be pushed away from, by their number or by name, and from how many places they are drawn.
    let inside = parts.map(|(parts, members)| members.row(parts.of_item[i] as usize).0);
    let places = inside.map_or(now.len(), |inside| inside.len().max(LEAST_PLACES.min(now.len()))) as u32;
    let draw = |rng: &mut Rng, here: [f32; 2]| {
        let place = rng.below(places) as usize;
        match inside {
            None => now[place],
            // An empty place is where the point stands: at distance 0 it has no force.
            Some(inside) => inside.get(place).map_or(here, |&j| now[j as usize]),
        }
    };
    for (&j, &share) in neighbors.iter().zip(shares) {
        // Due when a whole number of visits is passed: spread evenly over the epochs, no state to keep.
        let visits = |e: u32| (u64::from(e) * u64::from(share) + u64::from(u32::MAX) / 2) >> 32;
        if visits(epoch + 1) == visits(epoch) {
            continue;
        }
        // The neighbor and the random points, in as many rounds as there are lanes for.
        let mut left = schedule.negative_sample_rate;
        let mut others = [here; LANES];
        others[0] = now[j as usize];
        let mut lane = 1;
        loop {
            let until = LANES.min(lane + left as usize);
            left -= (until - lane) as u32;
            for other in &mut others[lane..until] {
                // The point itself may be drawn: at distance 0 it has no force.
                *other = draw(&mut rng, here);
            }
            // Lanes that are not used stand where the point stands.
            others[until..].fill(here);
            let by = moves(here, &others, lane == 1, schedule, rate);
            here = [here[0] + by[0], here[1] + by[1]];
            if left == 0 {
                break;
            }
            lane = 0;
        }
    }
    here
}

/// How far `here` moves: away from each of `others`, but, if `pulls`, toward the first.
/// All lanes do the same sums, so that the compiler turns the loop into SIMD code.
#[inline]
fn moves(
    here: [f32; 2],
    others: &[[f32; 2]; LANES],
    pulls: bool,
    schedule: &Schedule,
    rate: f32,
) -> [f32; 2] {
    let Schedule { a, b, repulsion_strength, .. } = *schedule;
    let (mut dx, mut dy, mut factor) = ([0.0f32; LANES], [0.0f32; LANES], [0.0f32; LANES]);
    let (mut power_factor, mut constant, mut near) = ([0.0f32; LANES], [0.0f32; LANES], [EPSILON; LANES]);
    constant.fill(2.0 * repulsion_strength * b);
    if pulls {
        (power_factor[0], constant[0], near[0]) = (2.0 * a * b, 0.0, 0.0);
    }
    for l in 0..LANES {
        (dx[l], dy[l]) = (here[0] - others[l][0], here[1] - others[l][1]);
        let squared = (dx[l] * dx[l] + dy[l] * dy[l]).max(1e-12);
        let power = math::powf(squared, b);
        factor[l] = (power_factor[l] * power + constant[l]) / ((near[l] + squared) * (1.0 + a * power));
    }
    let (mut mx, mut my) = ([0.0f32; LANES], [0.0f32; LANES]);
    #[allow(clippy::manual_clamp, reason = "of what is not a number, max and min make one; clamp does not")]
    for l in 0..LANES {
        mx[l] = rate * (factor[l] * dx[l]).max(-CLIP).min(CLIP);
        my[l] = rate * (factor[l] * dy[l]).max(-CLIP).min(CLIP);
    }
    if pulls {
        // Two visits, each moving both ends by this share of the way, leave (1 - 2 share)^2 of the distance; this end's
        // half of the change. From a share of one half on they meet in the middle and do not swing past each other.
        let share = (rate * factor[0]).min(0.5);
        let pull = -2.0 * share * (1.0 - share);
        (mx[0], my[0]) = (pull * dx[0], pull * dy[0]);
    }
    let sum = |m: [f32; LANES]| ((m[0] + m[4]) + (m[2] + m[6])) + ((m[1] + m[5]) + (m[3] + m[7]));
    [sum(mx), sum(my)]
}
