//! UMAP: the layout of a fuzzy graph by sampled attraction and repulsion (McInnes, Healy, Melville 2018, section 4).
//!
//! An epoch moves every point by itself: along its due edges, then away from random points, all as they stood when the
//! epoch began. umap-learn instead moves both ends of one edge after the other, so its result depends on the order
//! (and, with threads, on timing). Here no point sees another's move within an epoch, so points are shared among threads
//! and the layout has the same bits on any number of them. An edge is in both ends' lists, and is pulled on twice by
//! each: umap-learn visits it in both directions and moves both ends each time.

use crate::csr::Csr;
use crate::math;
use crate::parallel;
use crate::random::{Rng, Use};

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// No sampled force moves a point by more than this along an axis, before the learning rate.
const CLIP: f32 = 4.0;
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
    epoch: u32,
    next: Vec<[f32; 2]>,
}

impl Umap {
    /// Ready to lay out `graph` (symmetric, strengths in (0, 1]); edges that would never be due are left out.
    pub fn new(graph: &Csr<f32>, schedule: Schedule) -> Self {
        let strongest = graph.values.iter().copied().fold(0.0f32, f32::max);
        let least = strongest / schedule.n_epochs.max(1) as f32;
        let mut edges = Csr::default();
        for i in 0..graph.n_rows() {
            let (columns, values) = graph.row(i);
            let due = columns.iter().zip(values).filter(|&(_, &w)| w >= least);
            let share = |w: f32| (f64::from(w / strongest) * f64::from(u32::MAX)) as u32;
            edges.push_row(due.map(|(&j, &w)| (j, share(w))));
        }
        Umap { schedule, edges, epoch: 0, next: Vec::new() }
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
            parallel::for_each_part(&mut self.next, POINTS, |start, part| {
                for (k, out) in part.iter_mut().enumerate() {
                    *out = moved(start + k, now, edges, schedule, epoch, rate);
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
    schedule: &Schedule,
    epoch: u32,
    rate: f32,
) -> [f32; 2] {
    let Schedule { a, b, repulsion_strength, negative_sample_rate, .. } = *schedule;
    let mut here = now[i];
    let mut rng = Rng::stream(schedule.seed, Use::Negatives, (u64::from(epoch) << 32) | i as u64);
    let (neighbors, shares) = edges.row(i);
    for (&j, &share) in neighbors.iter().zip(shares) {
        // Due when a whole number of visits is passed: spread evenly over the epochs, no state to keep.
        let visits = |e: u32| (u64::from(e) * u64::from(share) + u64::from(u32::MAX) / 2) >> 32;
        if visits(epoch + 1) == visits(epoch) {
            continue;
        }
        for _ in 0..2 {
            let (dx, dy) = (here[0] - now[j as usize][0], here[1] - now[j as usize][1]);
            let squared = dx * dx + dy * dy;
            if squared > 0.0 {
                let power = math::powf(squared, b);
                let pull = -2.0 * a * b * power / (squared * (1.0 + a * power));
                here[0] += rate * (pull * dx).clamp(-CLIP, CLIP);
                here[1] += rate * (pull * dy).clamp(-CLIP, CLIP);
            }
        }
        for _ in 0..negative_sample_rate {
            let other = rng.below(now.len() as u32) as usize;
            if other == i {
                continue;
            }
            let (dx, dy) = (here[0] - now[other][0], here[1] - now[other][1]);
            let squared = dx * dx + dy * dy;
            if squared > 0.0 {
                let power = math::powf(squared, b);
                let push = 2.0 * repulsion_strength * b / ((EPSILON + squared) * (1.0 + a * power));
                here[0] += rate * (push * dx).clamp(-CLIP, CLIP);
                here[1] += rate * (push * dy).clamp(-CLIP, CLIP);
            }
        }
    }
    here
}
