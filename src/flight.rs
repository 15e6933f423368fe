//! The flight: the way from one view of a map to another that is the shortest for the eye.
//!
//! van Wijk & Nuij, "Smooth and efficient zooming and panning", InfoVis 2003: far places are reached by zooming out,
//! crossing over and zooming in, so that what is on screen seems to move equally fast all the way. The path is eq. 9, with
//! rho = sqrt(2), near what their subjects chose (1.42). All in f64.

/// How much zooming is preferred to panning; a larger value flies higher.
const RHO: f64 = std::f64::consts::SQRT_2;

/// Places nearer to each other than this part of what is on screen are one: then the way is a zoom only.
const ONE_PLACE: f64 = 1e-7;

/// A part of the map: its middle, and how wide it is, in map units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// Map coordinates of the middle.
    pub center: [f64; 2],
    /// Map units from one side to the other; > 0.
    pub width: f64,
}

/// A way from one sight to another.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    from: Sight,
    to: Sight,
    /// How far apart the two are, in map units; 0 = one place.
    distance: f64,
    /// r0 and S of the paper.
    start: f64,
    length: f64,
}

impl Flight {
    /// The shortest way; both widths must be positive.
    pub fn new(from: Sight, to: Sight) -> Self {
        let [dx, dy] = [0, 1].map(|axis| to.center[axis] - from.center[axis]);
        let apart = (dx * dx + dy * dy).sqrt();
        if apart <= ONE_PLACE * from.width.min(to.width) {
            let length = libm::log(to.width / from.width).abs() / RHO;
            return Flight { from, to, distance: 0.0, start: 0.0, length };
        }
        let (w0, w1, far) = (from.width, to.width, RHO * RHO * apart);
        // r_i = ln(-b_i + sqrt(b_i^2 + 1)) = asinh(-b_i) with b_i = (w1^2 - w0^2 +- rho^4 u1^2) / (2 w_i rho^2 u1).
        let grown = (w1 - w0) * (w1 + w0);
        let start = asinh(-(grown + far * far) / (2.0 * w0 * far));
        let end = asinh(-(grown - far * far) / (2.0 * w1 * far));
        Flight { from, to, distance: apart, start, length: (end - start) / RHO }
    }

    /// The length of the way as the eye sees it, S of eq. 9: 1 is a pan by half of what is on screen, or a zoom by e^1.4.
    pub fn length(&self) -> f64 {
        self.length
    }

    /// What is seen after a part of the way, 0..=1: exactly the two ends at 0 and 1.
    pub fn at(&self, part: f64) -> Sight {
        let (from, to) = (self.from, self.to);
        if part >= 1.0 || self.length <= 0.0 {
            return to;
        }
        if part.is_nan() || part <= 0.0 {
            return from;
        }
        if self.distance == 0.0 {
            let width = from.width * libm::exp(part * libm::log(to.width / from.width));
            return Sight {
                center: [0, 1].map(|i| from.center[i] + part * (to.center[i] - from.center[i])),
                width,
            };
        }
        // u(s) = w0 / rho^2 (cosh r0 tanh(rho s + r0) - sinh r0), which is w0 / rho^2 sinh(rho s) / cosh(rho s + r0):
        // in this form nothing cancels near the start.
        let s = RHO * self.length * part;
        let (bottom, gone) = (cosh(s + self.start), sinh(s));
        let share = from.width / (RHO * RHO) * gone / bottom / self.distance;
        Sight {
            center: [0, 1].map(|i| from.center[i] + share * (to.center[i] - from.center[i])),
            width: from.width * cosh(self.start) / bottom,
        }
    }
}

fn asinh(x: f64) -> f64 {
    let size = x.abs();
    // From 1e8 on the root is the number itself, and its square may be too large.
    let root = if size < 1e8 { (size * size + 1.0).sqrt() } else { size };
    libm::log(size + root).copysign(x)
}

fn cosh(x: f64) -> f64 {
    0.5 * (libm::exp(x) + libm::exp(-x))
}

fn sinh(x: f64) -> f64 {
    0.5 * (libm::exp(x) - libm::exp(-x))
}
