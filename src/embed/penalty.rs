//! Penalty: the distortion of a pair at distance d, given its weight.
//!
//! Positive weights attract, negative ones repel (Agrawal, Ali, Boyd 2021, section 2.4). Each function
//! gives the distortion and its derivative over d: with g = f'(d) / d, the gradient at the first point is g (x_i - x_j).

use crate::math;
use serde::{Deserialize, Serialize};

/// How similar pairs are drawn together. d is the distance, w > 0 the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attractive {
    /// f(d) = w ln(1 + d^1.5). Far pairs matter less and less.
    Log1p,
    /// f(d) = w d.
    Linear,
    /// f(d) = w d^2. The spectral embedding's function.
    Quadratic,
}

/// How dissimilar pairs are pushed apart. d is the distance, w < 0 the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Repulsive {
    /// f(d) = w ln(1 - e^-d). Infinite at 0, vanishing far away.
    Log,
}

/// Below this distance a pair counts as coinciding: its gradient has no direction and is 0.
pub const COINCIDE: f32 = 1e-12;

impl Attractive {
    /// (f(d), f'(d) / d) for weight 1; the derivative is 0 where d is 0.
    #[inline(always)]
    pub fn of(self, d: f32) -> (f32, f32) {
        let apart = if d > COINCIDE { 1.0 } else { 0.0 };
        let safe = d.max(COINCIDE);
        match self {
            Attractive::Log1p => {
                let root = safe.sqrt();
                let power = safe * root;
                (math::ln(1.0 + power), apart * 1.5 / (root * (1.0 + power)))
            }
            Attractive::Linear => (d, apart / safe),
            Attractive::Quadratic => (d * d, 2.0),
        }
    }
}

impl Repulsive {
    /// (f(d), f'(d) / d) for weight -1; the derivative is 0 where d is 0.
    #[inline(always)]
    pub fn of(self, d: f32) -> (f32, f32) {
        let apart = if d > COINCIDE { 1.0 } else { 0.0 };
        let safe = d.max(COINCIDE);
        match self {
            Repulsive::Log => {
                let q = math::one_minus_exp_neg(safe);
                (-math::ln(q), apart * (q - 1.0) / (q * safe))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivative_matches(f: impl Fn(f32) -> (f32, f32)) {
        for d in [0.05f32, 0.3, 0.7, 1.0, 2.5, 6.0] {
            let h = 1e-2 * d;
            let slope = f64::from(f(d + h).0 - f(d - h).0) / f64::from(2.0 * h);
            let ours = f64::from(f(d).1 * d);
            assert!((slope - ours).abs() < 2e-3 * ours.abs().max(0.1), "d = {d}: {slope} {ours}");
        }
    }

    #[test]
    fn derivatives() {
        for f in [Attractive::Log1p, Attractive::Linear, Attractive::Quadratic] {
            derivative_matches(|d| f.of(d));
        }
        derivative_matches(|d| Repulsive::Log.of(d));
    }

    #[test]
    fn values_by_hand() {
        assert!((Attractive::Log1p.of(1.0).0 - 2f32.ln()).abs() < 1e-6);
        assert!((Attractive::Log1p.of(4.0).0 - 9f32.ln()).abs() < 1e-6);
        assert!((Repulsive::Log.of(2f32.ln()).0 - 2f32.ln()).abs() < 1e-6);
        assert_eq!(Attractive::Log1p.of(0.0).1, 0.0);
        assert_eq!(Repulsive::Log.of(0.0).1, 0.0);
        assert!(Repulsive::Log.of(0.0).0.is_finite());
        assert!(Repulsive::Log.of(1e6).0.abs() < 1e-6);
    }
}
