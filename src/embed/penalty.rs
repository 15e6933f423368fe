//! Penalty: the distortion of a pair at distance d, given a signed weight.
//!
//! f(d) = w p(d); w > 0 attracts, w < 0 repels (Agrawal, Ali, Boyd 2021, section 2.4; the functions and their defaults
//! are PyMDE's). Pairs are evaluated in blocks of [`LANES`]: the function is chosen outside of the loop over the lanes,
//! which the compiler turns into SIMD code, so that twelve functions need twelve short loops and not twelve copies of
//! the passes over pairs. The two default functions have loops of their own in problem.rs.

use crate::math;
use serde::{Deserialize, Serialize};

/// Pairs evaluated side by side.
pub const LANES: usize = 16;
/// One number for each pair of a block.
pub type Lanes = [f32; LANES];

/// Below this distance a pair counts as coinciding: its gradient has no direction and is 0.
pub const COINCIDE: f32 = 1e-12;
/// No pair pulls or pushes harder than this: what is infinite at 0 stays a number.
const STEEPEST: f32 = 1e20;

/// A penalty's name in a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the formulas stand at Penalty's variants of the same names")]
pub enum PenaltyName {
    Linear,
    Quadratic,
    Cubic,
    Power,
    Huber,
    Logistic,
    Sigmoid,
    Hinge,
    Log1p,
    Log,
    InvPower,
    LogRatio,
}

/// A penalty p and its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the parameters stand in the formulas")]
pub enum Penalty {
    /// p(d) = d.
    Linear,
    /// p(d) = d^2. The spectral embedding's function.
    Quadratic,
    /// p(d) = d^3.
    Cubic,
    /// p(d) = d^exponent.
    Power { exponent: f32 },
    /// p(d) = d^2 / 2 below the threshold, threshold (d - threshold / 2) from there.
    Huber { threshold: f32 },
    /// p(d) = ln(1 + e^(alpha (d - threshold))).
    Logistic { threshold: f32, alpha: f32 },
    /// p(d) = 1 / (1 + e^(-alpha (d - threshold))).
    Sigmoid { threshold: f32, alpha: f32 },
    /// f(d) = max(0, w (d - threshold + sigma)) for w > 0, max(0, w (d - threshold - sigma)) for w < 0.
    Hinge { threshold: f32, sigma: f32 },
    /// p(d) = ln(1 + d^exponent). Far pairs matter less and less.
    Log1p { exponent: f32 },
    /// p(d) = ln(1 - e^(-d^exponent)): repels; f is infinite at 0 and vanishes far away.
    Log { exponent: f32 },
    /// f(d) = |w| / d^exponent: repels whatever the sign, as PyMDE's.
    InvPower { exponent: f32 },
    /// p(d) = ln(d^exponent / (1 + d^exponent)): repels.
    LogRatio { exponent: f32 },
}

impl Penalty {
    /// The default of similar pairs: ln(1 + d^1.5).
    pub const LOG1P: Penalty = Penalty::Log1p { exponent: 1.5 };
    /// The default of dissimilar pairs: ln(1 - e^-d).
    pub const LOG: Penalty = Penalty::Log { exponent: 1.0 };

    /// The penalty of this name; parameters that are `None` have PyMDE's default, and where it has none: power 2, sigmoid
    /// and hinge threshold 1.
    pub fn new(
        name: PenaltyName,
        exponent: Option<f64>,
        threshold: Option<f64>,
        alpha: Option<f64>,
        sigma: Option<f64>,
    ) -> Penalty {
        let or = |given: Option<f64>, default: f64| given.unwrap_or(default) as f32;
        match name {
            PenaltyName::Linear => Penalty::Linear,
            PenaltyName::Quadratic => Penalty::Quadratic,
            PenaltyName::Cubic => Penalty::Cubic,
            PenaltyName::Power => Penalty::Power { exponent: or(exponent, 2.0) },
            PenaltyName::Huber => Penalty::Huber { threshold: or(threshold, 0.5) },
            PenaltyName::Logistic => {
                Penalty::Logistic { threshold: or(threshold, 0.0), alpha: or(alpha, 3.0) }
            }
            PenaltyName::Sigmoid => Penalty::Sigmoid { threshold: or(threshold, 1.0), alpha: or(alpha, 1.0) },
            PenaltyName::Hinge => {
                let threshold = or(threshold, 1.0);
                Penalty::Hinge { threshold, sigma: or(sigma, f64::from(threshold) / 2.0) }
            }
            PenaltyName::Log1p => Penalty::Log1p { exponent: or(exponent, 1.5) },
            PenaltyName::Log => Penalty::Log { exponent: or(exponent, 1.0) },
            PenaltyName::InvPower => Penalty::InvPower { exponent: or(exponent, 1.0) },
            PenaltyName::LogRatio => Penalty::LogRatio { exponent: or(exponent, 2.0) },
        }
    }

    /// f(d) and f'(d) / d of each lane for weight 1 (`attracts`) or -1; the derivative is 0 where d is 0.
    pub fn lanes(self, attracts: bool, d: &Lanes, value: &mut Lanes, factor: &mut Lanes) {
        let w = if attracts { 1.0f32 } else { -1.0 };
        let out = (value, factor);
        match self {
            Penalty::Linear => each(d, out, |d| (w * d, w)),
            Penalty::Quadratic => each(d, out, |d| (w * d * d, w * 2.0 * d)),
            Penalty::Cubic => each(d, out, |d| (w * d * d * d, w * 3.0 * d * d)),
            Penalty::Power { exponent } => each(d, out, |d| {
                let power = math::powf(d, exponent);
                (w * power, w * exponent * power / d)
            }),
            Penalty::Huber { threshold } => each(d, out, |d| {
                let near = d < threshold;
                let p = if near { 0.5 * d * d } else { threshold * (d - 0.5 * threshold) };
                (w * p, w * if near { d } else { threshold })
            }),
            Penalty::Logistic { threshold, alpha } => each(d, out, |d| {
                let x = alpha * (d - threshold);
                (w * soft_plus(x), w * alpha * sigmoid(x))
            }),
            Penalty::Sigmoid { threshold, alpha } => each(d, out, |d| {
                let p = sigmoid(alpha * (d - threshold));
                (w * p, w * alpha * p * (1.0 - p))
            }),
            Penalty::Hinge { threshold, sigma } => {
                let edge = threshold - w * sigma;
                each(d, out, |d| {
                    let f = w * (d - edge);
                    if f > 0.0 { (f, w) } else { (0.0, 0.0) }
                });
            }
            Penalty::Log1p { exponent } => each(d, out, |d| {
                let power = math::powf(d, exponent);
                (w * math::ln(1.0 + power), w * exponent * (power / (1.0 + power)) / d)
            }),
            Penalty::Log { exponent } => each(d, out, |d| {
                let power = math::powf(d, exponent);
                let q = math::one_minus_exp_neg(power);
                (w * math::ln(q), w * exponent * (1.0 - q) * (power / q) / d)
            }),
            Penalty::InvPower { exponent } => each(d, out, |d| {
                let power = math::powf(d, -exponent);
                (power, -exponent * power / d)
            }),
            Penalty::LogRatio { exponent } => each(d, out, |d| {
                // ln(t / (1 + t)) = -ln(1 + 1 / t), which loses nothing where t is large.
                let inverse = math::powf(d, -exponent);
                (-w * math::ln(1.0 + inverse), w * exponent * (inverse / (1.0 + inverse)) / d)
            }),
        }
    }
}

/// As [`each_lane`], where all lanes are alike.
#[inline(always)]
fn each(d: &Lanes, out: (&mut Lanes, &mut Lanes), f: impl Fn(f32) -> (f32, f32)) {
    each_lane(d, out, |_, d| f(d));
}

/// Applies `f`, which gives (f(d), f'(d)) of a lane, to each: the value and the factor f'(d) / d.
#[inline(always)]
pub(super) fn each_lane(d: &Lanes, out: (&mut Lanes, &mut Lanes), f: impl Fn(usize, f32) -> (f32, f32)) {
    for (l, &d) in d.iter().enumerate() {
        let safe = d.max(COINCIDE);
        let (value, slope) = f(l, safe);
        out.0[l] = value;
        out.1[l] = if d > COINCIDE { (slope / safe).clamp(-STEEPEST, STEEPEST) } else { 0.0 };
    }
}

/// ln(1 + e^x), for any x.
#[inline(always)]
pub(super) fn soft_plus(x: f32) -> f32 {
    x.max(0.0) + math::ln(1.0 + math::exp(-x.abs()))
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + math::exp(-x))
}

/// ln(1 + d^1.5) and its derivative over d, divided by d: [`Penalty::LOG1P`] with a root in place of a power.
#[inline(always)]
pub fn log1p(d: f32) -> (f32, f32) {
    let apart = if d > COINCIDE { 1.0 } else { 0.0 };
    let safe = d.max(COINCIDE);
    let root = safe.sqrt();
    let power = safe * root;
    (math::ln(1.0 + power), apart * 1.5 / (root * (1.0 + power)))
}

/// -ln(1 - e^-d) and its derivative over d, divided by d: [`Penalty::LOG`] for weight -1.
#[inline(always)]
pub fn minus_log(d: f32) -> (f32, f32) {
    let apart = if d > COINCIDE { 1.0 } else { 0.0 };
    let safe = d.max(COINCIDE);
    let q = math::one_minus_exp_neg(safe);
    (-math::ln(q), apart * (q - 1.0) / (q * safe))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loops of the two defaults are the general functions.
    #[test]
    fn the_defaults_are_the_general_functions() {
        let d: Lanes = std::array::from_fn(|l| 0.01 * (1.6f32).powi(l as i32));
        let (mut value, mut factor) = ([0.0; LANES], [0.0; LANES]);
        for (penalty, attracts, fast) in
            [(Penalty::LOG1P, true, log1p as fn(f32) -> (f32, f32)), (Penalty::LOG, false, minus_log)]
        {
            penalty.lanes(attracts, &d, &mut value, &mut factor);
            for l in 0..LANES {
                let (v, g) = fast(d[l]);
                assert!(
                    (v - value[l]).abs() < 3e-6 * v.abs().max(0.1),
                    "{penalty:?} {}: {v} {}",
                    d[l],
                    value[l]
                );
                assert!(
                    (g - factor[l]).abs() < 2e-5 * g.abs().max(1e-4),
                    "{penalty:?} {}: {g} {}",
                    d[l],
                    factor[l]
                );
            }
        }
    }

    #[test]
    fn values_by_hand() {
        assert!((log1p(1.0).0 - 2f32.ln()).abs() < 1e-6);
        assert!((log1p(4.0).0 - 9f32.ln()).abs() < 1e-6);
        assert!((minus_log(2f32.ln()).0 - 2f32.ln()).abs() < 1e-6);
        assert_eq!((log1p(0.0).1, minus_log(0.0).1), (0.0, 0.0));
        assert!(minus_log(0.0).0.is_finite());
        assert!(minus_log(1e6).0.abs() < 1e-6);
    }
}
