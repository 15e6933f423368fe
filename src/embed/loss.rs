//! Loss: the distortion of a pair at distance d whose distance should be delta, its deviation in the data.
//!
//! 0 where d = delta, above 0 elsewhere (Agrawal, Ali, Boyd 2021, section 2.5; the functions are PyMDE's).

use super::penalty::{Lanes, each_lane, sigmoid, soft_plus};
use crate::math;
use serde::{Deserialize, Serialize};

/// A loss's name in a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the formulas stand at Loss's variants of the same names")]
pub enum LossName {
    Absolute,
    Quadratic,
    WeightedQuadratic,
    Huber,
    Cubic,
    Power,
    Logistic,
    Fractional,
    SoftFractional,
}

/// A loss and its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the parameters stand in the formulas")]
pub enum Loss {
    /// |d - delta|. Few large errors are borne, which keeps the rest exact.
    Absolute,
    /// (d - delta)^2: stress (Kruskal 1964).
    Quadratic,
    /// (d - delta)^2 / delta^2: weighted stress (Kamada and Kawai 1989).
    WeightedQuadratic,
    /// r^2 for r = |d - delta| below the threshold, threshold (2 r - threshold) from there.
    Huber { threshold: f32 },
    /// |d - delta|^3.
    Cubic,
    /// |d - delta|^exponent.
    Power { exponent: f32 },
    /// ln(1 + e^|d - delta|): ln 2 where d = delta.
    Logistic,
    /// max(delta / d, d / delta) - 1.
    Fractional,
    /// ln((e^(gamma delta / d) + e^(gamma d / delta)) / (2 e^gamma)) / gamma. Larger gamma are nearer to fractional.
    SoftFractional { gamma: f32 },
}

/// Ratios take no smaller deviation than this; preserve_distances keeps its own well above.
const SMALLEST: f32 = 1e-6;

impl Loss {
    /// The loss of this name. `None`: exponent 2, threshold the mean deviation, gamma 10 (PyMDE's default).
    pub fn new(
        name: LossName,
        exponent: Option<f64>,
        threshold: Option<f64>,
        gamma: Option<f64>,
        mean_deviation: f64,
    ) -> Loss {
        match name {
            LossName::Absolute => Loss::Absolute,
            LossName::Quadratic => Loss::Quadratic,
            LossName::WeightedQuadratic => Loss::WeightedQuadratic,
            LossName::Huber => Loss::Huber { threshold: threshold.unwrap_or(mean_deviation) as f32 },
            LossName::Cubic => Loss::Cubic,
            LossName::Power => Loss::Power { exponent: exponent.unwrap_or(2.0) as f32 },
            LossName::Logistic => Loss::Logistic,
            LossName::Fractional => Loss::Fractional,
            LossName::SoftFractional => Loss::SoftFractional { gamma: gamma.unwrap_or(10.0) as f32 },
        }
    }

    /// The loss and its derivative over d, divided by d, of each lane; the derivative is 0 where d is 0.
    pub fn lanes(self, d: &Lanes, delta: &Lanes, value: &mut Lanes, factor: &mut Lanes) {
        let out = (value, factor);
        match self {
            Loss::Absolute => pair(d, delta, out, |r, _, _| (r.abs(), sign(r))),
            Loss::Quadratic => pair(d, delta, out, |r, _, _| (r * r, 2.0 * r)),
            Loss::WeightedQuadratic => pair(d, delta, out, |r, _, delta| {
                let weight = 1.0 / (delta * delta);
                (weight * r * r, weight * 2.0 * r)
            }),
            Loss::Huber { threshold } => pair(d, delta, out, |r, _, _| {
                let near = r.abs() < threshold;
                let far = threshold * (2.0 * r.abs() - threshold);
                (if near { r * r } else { far }, 2.0 * if near { r } else { threshold * sign(r) })
            }),
            Loss::Cubic => pair(d, delta, out, |r, _, _| (r.abs() * r * r, 3.0 * r * r.abs())),
            Loss::Power { exponent } => pair(d, delta, out, |r, _, _| {
                // Below exponent 1 the slope is infinite at 0.
                let size = r.abs().max(SMALLEST);
                let power = math::powf(size, exponent);
                (if r == 0.0 { 0.0 } else { power }, exponent * power / size * sign(r))
            }),
            Loss::Logistic => pair(d, delta, out, |r, _, _| (soft_plus(r.abs()), sigmoid(r.abs()) * sign(r))),
            Loss::Fractional => pair(d, delta, out, |_, d, delta| {
                let (a, b) = (delta / d, d / delta);
                if a > b { (a - 1.0, -a / d) } else { (b - 1.0, 1.0 / delta) }
            }),
            Loss::SoftFractional { gamma } => pair(d, delta, out, |_, d, delta| {
                let (a, b) = (delta / d, d / delta);
                let rest = math::ln(0.5 + 0.5 * math::exp(-gamma * (a - b).abs())) / gamma;
                // The shares of the two exponentials.
                let of_a = sigmoid(gamma * (a - b));
                (a.max(b) - 1.0 + rest, (1.0 - of_a) / delta - of_a * a / d)
            }),
        }
    }
}

/// -1, 0 or 1: at the target there is no pull, as PyMDE has it.
#[inline(always)]
fn sign(r: f32) -> f32 {
    if r > 0.0 {
        1.0
    } else if r < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// Applies `f(d - delta, d, delta)`, which gives the loss and its derivative over d, to each lane.
#[inline(always)]
fn pair(d: &Lanes, delta: &Lanes, out: (&mut Lanes, &mut Lanes), f: impl Fn(f32, f32, f32) -> (f32, f32)) {
    each_lane(d, out, |l, d| {
        let delta = delta[l].max(0.0);
        f(d - delta, d, delta.max(SMALLEST))
    });
}
