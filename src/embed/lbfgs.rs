//! L-BFGS: minimize a smooth function of very many numbers (Nocedal and Wright 2006, algorithms 7.4, 7.5, 3.5, 3.6).
//!
//! Knows vectors and a function, no items or graphs. Settings are PyMDE's: memory 10, strong Wolfe conditions with
//! c1 = 1e-4 and c2 = 0.9, at most 25 evaluations a search, first step min(1, 1 / |g|_1), later 1, pairs with
//! y.s <= 1e-10 not remembered, a step halved while the function is not finite. Vectors are f32, sums f64 over fixed
//! blocks, so that the path is the same on any number of threads.

use crate::parallel;

/// Remembered steps.
const MEMORY: usize = 10;
/// Sufficient decrease.
const C1: f64 = 1e-4;
/// Curvature.
const C2: f64 = 0.9;
/// Evaluations in one line search.
const MAX_EVALUATIONS: usize = 25;
/// Numbers in a block of a sum.
const BLOCK: usize = 8192;

/// What is minimized.
pub trait Objective {
    /// The value at `x`; writes the gradient there into `gradient`.
    fn value_and_gradient(&mut self, x: &[f32], gradient: &mut [f32]) -> f64;

    /// Moves a trial point back to where points may be: the nearest such point. As PyMDE does, every point of the line
    /// search is moved so, and the gradient is taken there.
    fn retract(&self, _x: &mut [f32]) {}
}

/// The minimizer between two iterations. `x` belongs to the caller.
pub struct Lbfgs {
    /// Value at the current point.
    pub value: f64,
    /// Euclidean norm of the gradient at the current point.
    pub gradient_norm: f64,
    /// Evaluations of the objective so far.
    pub evaluations: usize,
    gradient: Vec<f32>,
    direction: Vec<f32>,
    /// Remembered (s, y, 1 / y.s), oldest first.
    pairs: Vec<(Vec<f32>, Vec<f32>, f64)>,
    /// Scratch: the trial point and its gradient.
    trial: Vec<f32>,
    trial_gradient: Vec<f32>,
    first: bool,
}

/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `x` moved to a point of lower or equal value.
    Moved,
    /// No step along the direction or the steepest descent makes the value lower: the end, to rounding.
    Stuck,
}

/// A point on the search line.
#[derive(Clone, Copy, Debug)]
struct Point {
    step: f64,
    value: f64,
    slope: f64,
}

impl Lbfgs {
    /// At `x`, evaluated once.
    pub fn new(x: &[f32], objective: &mut impl Objective) -> Self {
        let mut gradient = vec![0.0; x.len()];
        let value = objective.value_and_gradient(x, &mut gradient);
        Lbfgs {
            value,
            gradient_norm: dot(&gradient, &gradient).sqrt(),
            evaluations: 1,
            direction: vec![0.0; x.len()],
            pairs: Vec::new(),
            trial: vec![0.0; x.len()],
            trial_gradient: vec![0.0; x.len()],
            gradient,
            first: true,
        }
    }

    /// One iteration: a direction, a line search, a remembered pair. Moves `x`.
    pub fn iterate(&mut self, x: &mut [f32], objective: &mut impl Objective) -> Outcome {
        self.find_direction();
        let mut slope = dot(&self.gradient, &self.direction);
        if slope >= 0.0 || !slope.is_finite() {
            self.forget();
            slope = dot(&self.gradient, &self.direction);
        }
        let mut found = self.search(x, slope, objective);
        if found.is_none() && !self.pairs.is_empty() {
            self.forget();
            let slope = dot(&self.gradient, &self.direction);
            found = self.search(x, slope, objective);
        }
        let Some(point) = found else { return Outcome::Stuck };
        // The search leaves the accepted point and its gradient in the scratch vectors.
        let mut s = std::mem::take(&mut self.trial);
        for (s, x) in s.iter_mut().zip(x.iter_mut()) {
            (*s, *x) = (*s - *x, *s);
        }
        let mut y = std::mem::replace(&mut self.gradient, std::mem::take(&mut self.trial_gradient));
        for (y, &new) in y.iter_mut().zip(&self.gradient) {
            *y = new - *y;
        }
        let ys = dot(&y, &s);
        if ys > 1e-10 {
            let (trial, trial_gradient) = if self.pairs.len() == MEMORY {
                let (s, y, _) = self.pairs.remove(0);
                (s, y)
            } else {
                (vec![0.0; x.len()], vec![0.0; x.len()])
            };
            self.pairs.push((s, y, 1.0 / ys));
            (self.trial, self.trial_gradient) = (trial, trial_gradient);
        } else {
            (self.trial, self.trial_gradient) = (s, y);
        }
        self.value = point.value;
        self.gradient_norm = dot(&self.gradient, &self.gradient).sqrt();
        self.first = false;
        Outcome::Moved
    }

    /// Drops the memory: the direction becomes the steepest descent.
    fn forget(&mut self) {
        self.pairs.clear();
        self.first = true;
        self.find_direction();
    }

    /// The two-loop recursion (algorithm 7.4).
    fn find_direction(&mut self) {
        let q = &mut self.direction;
        for (q, &g) in q.iter_mut().zip(&self.gradient) {
            *q = -g;
        }
        let mut alphas = [0.0; MEMORY];
        for (i, (s, y, rho)) in self.pairs.iter().enumerate().rev() {
            alphas[i] = rho * dot(s, q);
            add_scaled(q, -alphas[i], y);
        }
        if let Some((_, y, rho)) = self.pairs.last() {
            let scale = (1.0 / (rho * dot(y, y))) as f32;
            for q in q.iter_mut() {
                *q *= scale;
            }
        }
        for (i, (s, y, rho)) in self.pairs.iter().enumerate() {
            let beta = rho * dot(y, q);
            add_scaled(q, alphas[i] - beta, s);
        }
    }

    /// A step that meets the strong Wolfe conditions, or the lowest point seen; `None` when nothing is lower.
    fn search(&mut self, x: &[f32], slope: f64, objective: &mut impl Objective) -> Option<Point> {
        let start = Point { step: 0.0, value: self.value, slope };
        let norm1: f64 = self.gradient.iter().map(|g| f64::from(g.abs())).sum();
        let mut step = if self.first { (1.0 / norm1).min(1.0) } else { 1.0 };
        let mut budget = MAX_EVALUATIONS;
        let mut point = self.evaluate(x, step, objective);
        for _ in 0..10 {
            if point.value.is_finite() && point.slope.is_finite() {
                break;
            }
            step *= 0.5;
            point = self.evaluate(x, step, objective);
        }
        if !(point.value.is_finite() && point.slope.is_finite()) {
            return None;
        }
        budget -= 1;
        let enough = |p: Point| p.value <= start.value + C1 * p.step * start.slope;
        let flat = |p: Point| p.slope.abs() <= -C2 * start.slope;

        // Algorithm 3.5: step out until an interval holds a good point.
        let mut last = start;
        let (mut low, mut high) = loop {
            if !enough(point) || (last.step > 0.0 && point.value >= last.value) {
                break (last, point);
            }
            if flat(point) {
                return Some(point);
            }
            if point.slope >= 0.0 {
                break (point, last);
            }
            if budget == 0 {
                return Some(point);
            }
            let range = (point.step + 0.01 * (point.step - last.step), point.step * 10.0);
            let next = minimum_of_cubic(last, point).unwrap_or(range.1).clamp(range.0, range.1);
            last = point;
            point = self.evaluate(x, next, objective);
            if !point.value.is_finite() {
                point.value = f64::INFINITY;
            }
            budget -= 1;
        };

        // Algorithm 3.6: shrink the interval around it. `low` is always the best point that is low enough.
        let mut at = point;
        let mut was_near_end = false;
        while budget > 0 {
            let (a, b) = (low.step.min(high.step), low.step.max(high.step));
            if (b - a) * max_abs(&self.direction) < 1e-9 {
                break;
            }
            let mut next = minimum_of_cubic(low, high).unwrap_or(0.5 * (a + b)).clamp(a, b);
            // Never creep along an end: at the second time in a row, or outside, go a tenth inward.
            let margin = 0.1 * (b - a);
            if (b - next).min(next - a) < margin {
                if was_near_end || next >= b || next <= a {
                    next = if b - next < next - a { b - margin } else { a + margin };
                    was_near_end = false;
                } else {
                    was_near_end = true;
                }
            } else {
                was_near_end = false;
            }
            at = self.evaluate(x, next, objective);
            budget -= 1;
            if !at.value.is_finite() || !enough(at) || at.value >= low.value {
                high = at;
                continue;
            }
            if flat(at) {
                return Some(at);
            }
            if at.slope * (high.step - low.step) >= 0.0 {
                high = low;
            }
            low = at;
        }
        if low.step == 0.0 {
            return None;
        }
        if at.step != low.step {
            low = self.evaluate(x, low.step, objective);
        }
        Some(low)
    }

    /// The objective at `x + step * direction`, left in the scratch vectors.
    fn evaluate(&mut self, x: &[f32], step: f64, objective: &mut impl Objective) -> Point {
        let factor = step as f32;
        for ((t, &x), &d) in self.trial.iter_mut().zip(x).zip(&self.direction) {
            *t = x + factor * d;
        }
        objective.retract(&mut self.trial);
        let value = objective.value_and_gradient(&self.trial, &mut self.trial_gradient);
        self.evaluations += 1;
        Point { step, value, slope: dot(&self.trial_gradient, &self.direction) }
    }
}

/// The minimum of the cubic through two points and their slopes (equation 3.59); `None` when it has none.
fn minimum_of_cubic(a: Point, b: Point) -> Option<f64> {
    let (a, b) = if a.step <= b.step { (a, b) } else { (b, a) };
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.step - b.step);
    let square = d1 * d1 - a.slope * b.slope;
    // Also false when a value is not finite.
    if square >= 0.0 {
        let d2 = square.sqrt();
        let step = b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2));
        return step.is_finite().then_some(step);
    }
    None
}

fn max_abs(v: &[f32]) -> f64 {
    f64::from(v.iter().fold(0.0f32, |m, x| m.max(x.abs())))
}

/// a.b in f64, block by block; within a block in 8 lanes, which the compiler turns into SIMD code.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    parallel::sum_chunks(a.len(), BLOCK, |range| {
        let (a, b) = (&a[range.clone()], &b[range]);
        let mut lanes = [0.0f64; 8];
        let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
        let rest: f64 =
            a8.remainder().iter().zip(b8.remainder()).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
        for (a, b) in a8.zip(b8) {
            for l in 0..8 {
                lanes[l] += f64::from(a[l]) * f64::from(b[l]);
            }
        }
        lanes.iter().sum::<f64>() + rest
    })
}

/// y += factor * x.
fn add_scaled(y: &mut [f32], factor: f64, x: &[f32]) {
    let factor = factor as f32;
    parallel::for_each_part(y, BLOCK, |start, part| {
        let end = start + part.len();
        for (y, &x) in part.iter_mut().zip(&x[start..end]) {
            *y += factor * x;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rosenbrock;

    impl Objective for Rosenbrock {
        fn value_and_gradient(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
            let (a, b) = (f64::from(x[0]), f64::from(x[1]));
            gradient[0] = (-400.0 * a * (b - a * a) - 2.0 * (1.0 - a)) as f32;
            gradient[1] = (200.0 * (b - a * a)) as f32;
            100.0 * (b - a * a).powi(2) + (1.0 - a).powi(2)
        }
    }

    #[test]
    fn finds_the_bottom_of_the_curved_valley() {
        let mut x = [-1.2f32, 1.0];
        let mut solver = Lbfgs::new(&x, &mut Rosenbrock);
        let mut values = vec![solver.value];
        for _ in 0..60 {
            if solver.gradient_norm < 1e-4 || solver.iterate(&mut x, &mut Rosenbrock) == Outcome::Stuck {
                break;
            }
            values.push(solver.value);
        }
        assert!((x[0] - 1.0).abs() < 1e-3 && (x[1] - 1.0).abs() < 1e-3, "{x:?} after {}", values.len());
        assert!(values.windows(2).all(|w| w[1] <= w[0]), "{values:?}");
    }

    /// Infinite beyond 1, as a barrier: the search must step back and not fail.
    struct Barrier;

    impl Objective for Barrier {
        fn value_and_gradient(&mut self, x: &[f32], gradient: &mut [f32]) -> f64 {
            let gap = f64::from(1.0 - x[0]);
            if gap <= 0.0 {
                gradient[0] = f32::NAN;
                return f64::INFINITY;
            }
            gradient[0] = (1.0 / gap - 4.0) as f32;
            -gap.ln() - 4.0 * f64::from(x[0])
        }
    }

    #[test]
    fn stays_inside_a_barrier() {
        let mut x = [-20.0f32];
        let mut solver = Lbfgs::new(&x, &mut Barrier);
        for _ in 0..50 {
            if solver.iterate(&mut x, &mut Barrier) == Outcome::Stuck {
                break;
            }
        }
        assert!((x[0] - 0.75).abs() < 1e-3, "{x:?}");
    }
}
