//! Partial: a new point among others that stay where they are, by t-SNE (openTSNE's `transform`: Poličar, Stražar, Zupan 2023,
//! "Embedding to reference t-SNE space addresses batch effects in single-cell classification", Machine Learning 112).
//!
//! The point's own picks p(j) stand against its own similarities q(j) = w_j / sum of w over all that stay: each new point has a
//! divergence of its own, and new points do not see each other. The gradient is 4 times the sum over j of
//! (p_j - q_j) w_j^(1/a) (y - y_j).

use super::exact::push_on;
use super::kernel::Kernel;
use super::{MOMENTUM, Motion};
use crate::project::lanes::LANES;

/// Effective number of neighbors: openTSNE's.
pub const PERPLEXITY: f64 = 5.0;
/// Iterations: openTSNE's.
pub const ITERATIONS: usize = 250;
/// Factor of the pulls: openTSNE's. Its early phase has a factor of 4 and no iterations.
const EXAGGERATION: f32 = 1.5;
/// The learning rate, and the longest gradient: openTSNE's. Among many others a point would shoot off by larger ones.
const RATE: f32 = 0.1;
const LONGEST_GRADIENT: f32 = 0.25;

/// A point on its way.
#[derive(Clone, Copy)]
pub struct Moving(Motion<2>);

impl Moving {
    /// One that stands at `at`.
    pub fn new(at: [f32; 2]) -> Self {
        Moving(Motion { next: at, ..Motion::STILL })
    }

    /// Where it stands.
    pub fn at(&self) -> [f32; 2] {
        self.0.next
    }

    /// One iteration: pulled by `near`, places and picks that sum to 1, and pushed by all of `blocks`.
    pub fn go(&mut self, near: &[([f32; 2], f32)], blocks: &[[[f32; LANES]; 2]], kernel: Kernel) {
        let here = self.0.next;
        let (push, z) = push_on(&here, blocks, kernel);
        let z = z.max(f32::MIN_POSITIVE);
        let mut gradient = push.map(|push| -4.0 * push / z);
        for (place, p) in near {
            let apart = [here[0] - place[0], here[1] - place[1]];
            let pull = 4.0 * EXAGGERATION * p * kernel.pull(apart[0] * apart[0] + apart[1] * apart[1]);
            gradient = [gradient[0] + pull * apart[0], gradient[1] + pull * apart[1]];
        }
        let length = (gradient[0] * gradient[0] + gradient[1] * gradient[1]).sqrt();
        if length > LONGEST_GRADIENT {
            gradient = gradient.map(|g| g / length * LONGEST_GRADIENT);
        }
        self.0.go(gradient, RATE, MOMENTUM);
        self.0.next = [here[0] + self.0.step[0], here[1] + self.0.step[1]];
    }
}
