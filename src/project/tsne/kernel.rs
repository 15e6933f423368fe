//! Kernel: how near two points of the layout are, w = (1 + d^2 / a)^-a with a degrees of freedom (Kobak et al. 2019).
//!
//! a = 1 is t-SNE's Cauchy kernel. The gradient of the Kullback-Leibler divergence is, for point i and up to the factor 4,
//! the sum over j of (p_ij - w_ij / Z) w_ij^(1/a) (y_i - y_j), where Z is the sum of w over all pairs.

use crate::math;
use crate::simd::F32x4;

/// The kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    degrees: f32,
    inverse: f32,
}

impl Kernel {
    /// With so many degrees of freedom, above 0.
    pub fn new(degrees: f64) -> Self {
        Kernel { degrees: degrees as f32, inverse: degrees.recip() as f32 }
    }

    /// Whether it is t-SNE's own, which needs no powers.
    pub fn is_cauchy(self) -> bool {
        self.degrees == 1.0
    }

    /// w^(1/a), by which an affinity pulls, at the squared distance.
    #[inline(always)]
    pub fn pull(self, squared: f32) -> f32 {
        1.0 / (1.0 + squared * self.inverse)
    }

    /// w at the squared distance.
    #[inline(always)]
    pub fn similarity(self, squared: f32) -> f32 {
        if self.is_cauchy() { self.pull(squared) } else { math::powf(self.pull(squared), self.degrees) }
    }

    /// As [`Kernel::pull`], four at once.
    #[inline(always)]
    pub fn pulls(self, squared: F32x4) -> F32x4 {
        let one = F32x4::splat(1.0);
        one / (one + squared * F32x4::splat(self.inverse))
    }

    /// w and w^(1 + 1/a), by which points push, at the squared distance. `CAUCHY` is [`Kernel::is_cauchy`], known when
    /// compiled so that loops over it become SIMD code.
    #[inline(always)]
    pub fn push<const CAUCHY: bool>(self, squared: f32) -> (f32, f32) {
        let pull = self.pull(squared);
        let w = if CAUCHY { pull } else { math::powf(pull, self.degrees) };
        (w, w * pull)
    }

    /// As [`Kernel::push`], four at once.
    #[inline(always)]
    pub fn pushes<const CAUCHY: bool>(self, squared: F32x4) -> (F32x4, F32x4) {
        let pull = self.pulls(squared);
        let w = match CAUCHY {
            true => pull,
            false => F32x4::new(pull.array().map(|pull| math::powf(pull, self.degrees))),
        };
        (w, w * pull)
    }

    /// -ln w at the squared distance.
    #[inline(always)]
    pub fn minus_ln(self, squared: f32) -> f32 {
        self.degrees * math::ln(1.0 + squared * self.inverse)
    }
}
