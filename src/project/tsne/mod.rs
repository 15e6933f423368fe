//! t-SNE: the layout whose pairs are near as likely as the affinities say (van der Maaten, Hinton 2008).
//!
//! Gradient descent with momentum and gains, in the phases of openTSNE (Poličar, Stražar, Zupan 2024), whose defaults these are:
//! exaggerated pulls first, so that groups find together, then the pulls as they are. Every point moves by itself, all
//! others standing as they stood when the iteration began, so the layout has the same bits on any number of threads.
//!
//! Points of different parts count as infinitely far apart: they do not push each other, and the normalization Z runs over
//! pairs of the same part. All parts share P and Z, so that points stand equally dense in large and small ones; with
//! pushes between parts, which nothing holds together, they would drift apart as long as it runs, and each by itself
//! a pair of points would have no size at all, as its only affinity is met at any distance. `tests/tsne.rs` holds this.

pub mod affinities;
pub mod exact;
pub mod fft;
pub mod interpolation;
pub mod kernel;
pub mod partial;
pub mod repulsion;
pub mod tree;

use super::ProjectOptions;
use crate::csr::Csr;
use crate::pack::Parts;
use crate::parallel;
use crate::simd::F32x4;
use kernel::Kernel;
use repulsion::Repulsion;

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// Points whose pulls are computed in a piece of an iteration, a multiple of [`POINTS`].
const PIECE: usize = 1 << 15;
/// Pulls computed side by side.
const LANES: usize = 8;
/// Momentum in both phases, as openTSNE 1.0.
const MOMENTUM: f32 = 0.8;
/// The least learning rate that is chosen by itself.
const LEAST_RATE: f64 = 200.0;
/// No gain is below.
const LEAST_GAIN: f32 = 0.01;
/// No point goes farther in one iteration.
const LONGEST_STEP: f32 = 5.0;

/// What moves a point.
#[derive(Clone, Copy)]
struct Motion<const D: usize> {
    step: [f32; D],
    /// Factor of the learning rate along each axis: rises while the gradient keeps its direction (delta-bar-delta,
    /// Jacobs 1988).
    gain: [f32; D],
    /// Where the point goes.
    next: [f32; D],
}

/// A layout in `D` dimensions (2 or 3) under way.
pub struct Tsne<const D: usize> {
    affinities: Csr<f32>,
    repulsion: Repulsion<D>,
    kernel: Kernel,
    motions: Vec<Motion<D>>,
    iteration: u32,
    /// Where the iteration stands, if it has begun.
    pulls: Option<Pulls<D>>,
    options: ProjectOptions,
}

/// The second half of an iteration: the pushes are known.
struct Pulls<const D: usize> {
    z: f64,
    /// Points that have their next places, and the sum of these.
    done: usize,
    sum: [f64; D],
}

impl<const D: usize> Tsne<D> {
    /// Ready to lay out points with these `affinities` (see [`affinities::affinities`]), none between `parts`.
    pub fn new(affinities: Csr<f32>, parts: &Parts, options: &ProjectOptions) -> Self {
        let kernel = Kernel::new(options.degrees_of_freedom);
        Tsne {
            motions: vec![Motion::STILL; affinities.n_rows()],
            affinities,
            repulsion: Repulsion::new(parts, kernel),
            kernel,
            iteration: 0,
            pulls: None,
            options: options.clone(),
        }
    }

    /// Iterations done.
    pub fn iteration(&self) -> u32 {
        self.iteration
    }

    /// Iterations in all.
    pub fn n_iterations(&self) -> u32 {
        self.options.iterations
    }

    /// Goes on by other options where these differ in the exaggerations, the iterations, the learning rate and the degrees of
    /// freedom only: returns whether that is so, else nothing is changed. Past the middle of what follows the early phase it goes
    /// back there, unless only the numbers of iterations differ: else a change would hardly show.
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let now = &self.options;
        let same = ProjectOptions {
            early_exaggeration: options.early_exaggeration,
            early_iterations: options.early_iterations,
            exaggeration: options.exaggeration,
            iterations: options.iterations,
            learning_rate: options.learning_rate,
            degrees_of_freedom: options.degrees_of_freedom,
            ..now.clone()
        };
        if same != *options {
            return false;
        }
        let only_longer = ProjectOptions {
            early_iterations: options.early_iterations,
            iterations: options.iterations,
            ..now.clone()
        };
        if now.degrees_of_freedom != options.degrees_of_freedom {
            self.kernel = Kernel::new(options.degrees_of_freedom);
            self.repulsion.set_kernel(self.kernel);
        }
        if only_longer != same {
            let early = options.early_iterations.min(options.iterations);
            self.iteration = self.iteration.min(early + (options.iterations - early) / 2);
        }
        self.iteration = self.iteration.min(options.iterations);
        self.options = same;
        true
    }

    /// Goes on until iteration `until`. `layout` is row-major n x D, as it was left.
    pub fn run(&mut self, layout: &mut [[f32; D]], until: u32) {
        while self.iteration < until.min(self.options.iterations) {
            self.piece(layout);
        }
    }

    /// Does a piece of an iteration, or all of it where points are few: `layout` changes with the last one.
    pub fn piece(&mut self, layout: &mut [[f32; D]]) {
        let mut pulls = match self.pulls.take() {
            Some(pulls) => pulls,
            None => {
                let Some(z) = self.repulsion.piece(layout) else { return };
                let pulls = Pulls { z, done: 0, sum: [0.0; D] };
                if layout.len() > PIECE {
                    self.pulls = Some(pulls);
                    return;
                }
                pulls
            }
        };
        self.pull(layout, &mut pulls);
        if pulls.done < layout.len() {
            self.pulls = Some(pulls);
            return;
        }
        let mean = pulls.sum.map(|s| (s / layout.len().max(1) as f64) as f32);
        for (place, motion) in layout.iter_mut().zip(&self.motions) {
            *place = std::array::from_fn(|c| motion.next[c] - mean[c]);
        }
        self.iteration += 1;
    }

    /// Ends the iteration that has begun, if one has.
    pub fn end_iteration(&mut self, layout: &mut [[f32; D]]) {
        while self.pulls.is_some() || self.repulsion.is_within() {
            self.piece(layout);
        }
    }

    /// Moves the next points.
    fn pull(&mut self, layout: &[[f32; D]], pulls: &mut Pulls<D>) {
        let is_early = self.iteration < self.options.early_iterations;
        let exaggeration = if is_early { self.options.early_exaggeration } else { self.options.exaggeration };
        let by_itself = || (self.affinities.n_rows() as f64 / exaggeration).max(LEAST_RATE);
        let rate = self.options.learning_rate.unwrap_or_else(by_itself) as f32;
        let exaggeration = exaggeration as f32;
        let push = if pulls.z > 0.0 { (1.0 / pulls.z) as f32 } else { 0.0 };
        let (affinities, kernel, forces) = (&self.affinities, self.kernel, &self.repulsion.forces);
        let (first, last) = (pulls.done, layout.len().min(pulls.done + PIECE));
        let sums = parallel::map_parts(&mut self.motions[first..last], POINTS, |start, part| {
            let mut sum = [0.0f64; D];
            for (i, motion) in (first + start..).zip(part) {
                let pulled = pull(i, layout, affinities, kernel);
                let gradient = std::array::from_fn(|c| exaggeration * pulled[c] - push * forces[i][c]);
                motion.go(gradient, rate, MOMENTUM);
                motion.next = std::array::from_fn(|c| layout[i][c] + motion.step[c]);
                sum = std::array::from_fn(|c| sum[c] + f64::from(motion.next[c]));
            }
            sum
        });
        pulls.sum = sums.iter().fold(pulls.sum, |a, b| std::array::from_fn(|c| a[c] + b[c]));
        pulls.done = last;
    }

    /// The gradient at `layout`, row-major n x D, without exaggeration and without the factor 4, as steps take it.
    pub fn gradient(&mut self, layout: &[[f32; D]]) -> Vec<[f32; D]> {
        let z = self.repulsion.update(layout);
        let push = if z > 0.0 { (1.0 / z) as f32 } else { 0.0 };
        let pulled = (0..layout.len()).map(|i| pull(i, layout, &self.affinities, self.kernel));
        pulled.zip(&self.repulsion.forces).map(|(p, f)| std::array::from_fn(|c| p[c] - push * f[c])).collect()
    }

    /// The Kullback-Leibler divergence of the layout's distribution from the affinities, in nats: what the iterations make
    /// small. 0 where there are no affinities.
    pub fn divergence(&mut self, layout: &[[f32; D]]) -> f64 {
        let z = self.repulsion.update(layout);
        if self.affinities.is_empty() || z <= 0.0 {
            return 0.0;
        }
        let of_pairs = parallel::sum_chunks(layout.len(), POINTS, |points| {
            let mut sum = 0.0;
            for i in points {
                let (columns, values) = self.affinities.row(i);
                for (&j, &p) in columns.iter().zip(values).filter(|&(_, &p)| p >= f32::MIN_POSITIVE) {
                    let squared = squared_distance(&layout[i], &layout[j as usize]);
                    let log_ratio = crate::math::ln(p) + self.kernel.minus_ln(squared);
                    sum += f64::from(p) * f64::from(log_ratio);
                }
            }
            sum
        });
        // The affinities' own sum differs from 1 by rounding only.
        of_pairs + libm::log(z)
    }
}

impl<const D: usize> Motion<D> {
    /// Before the first step.
    const STILL: Motion<D> = Motion { step: [0.0; D], gain: [1.0; D], next: [0.0; D] };

    /// The next step.
    #[inline]
    fn go(&mut self, gradient: [f32; D], rate: f32, momentum: f32) {
        let sign = |v: f32| i8::from(v > 0.0) - i8::from(v < 0.0);
        for (c, &gradient) in gradient.iter().enumerate() {
            // A step goes against the gradient, so equal signs mean that it went too far.
            let too_far = sign(self.step[c]) == sign(gradient);
            self.gain[c] = if too_far { self.gain[c] * 0.8 + LEAST_GAIN } else { self.gain[c] + 0.2 };
            self.step[c] = momentum * self.step[c] - rate * self.gain[c] * gradient;
        }
        let length = self.step.iter().fold(0.0, |sum, s| sum + s * s).sqrt();
        if length > LONGEST_STEP {
            self.step = self.step.map(|s| s / length * LONGEST_STEP);
        }
    }
}

/// The sum over i's neighbors of p_ij w^(1/a) (y_i - y_j).
#[inline]
fn pull<const D: usize>(i: usize, layout: &[[f32; D]], affinities: &Csr<f32>, kernel: Kernel) -> [f32; D] {
    let here = layout[i];
    let (columns, values) = affinities.row(i);
    let (mut low, mut high) = ([F32x4::splat(0.0); D], [F32x4::splat(0.0); D]);
    let mut add = |others: &[[f32; D]; LANES], p: &[f32; LANES]| {
        pull_four(
            &here,
            [others[0], others[1], others[2], others[3]],
            [p[0], p[1], p[2], p[3]],
            kernel,
            &mut low,
        );
        pull_four(
            &here,
            [others[4], others[5], others[6], others[7]],
            [p[4], p[5], p[6], p[7]],
            kernel,
            &mut high,
        );
    };
    let ((whole, rest), (p_whole, p_rest)) = (columns.as_chunks::<LANES>(), values.as_chunks::<LANES>());
    for (&[i, j, k, l, m, n, o, q], p) in whole.iter().zip(p_whole) {
        let at = |i: u32| layout[i as usize];
        add(&[at(i), at(j), at(k), at(l), at(m), at(n), at(o), at(q)], p);
    }
    // Lanes that are not used stand where the point stands.
    let (mut others, mut p) = ([here; LANES], [0.0; LANES]);
    for (l, (&j, &value)) in rest.iter().zip(p_rest).enumerate() {
        (others[l], p[l]) = (layout[j as usize], value);
    }
    add(&others, &p);
    std::array::from_fn(|axis| {
        let [a, b, c, d] = (low[axis] + high[axis]).array();
        (a + c) + (b + d)
    })
}

/// Adds to `forces` how four neighbors pull. Axis by axis in so many words: the compiler leaves what it finds in loops in
/// memory where it saves size.
#[inline(always)]
fn pull_four<const D: usize>(
    here: &[f32; D],
    [a, b, c, d]: [[f32; D]; 4],
    p: [f32; 4],
    kernel: Kernel,
    forces: &mut [F32x4; D],
) {
    let apart = |axis: usize| F32x4::splat(here[axis]) - F32x4::new([a[axis], b[axis], c[axis], d[axis]]);
    let (x, y) = (apart(0), apart(1));
    if D == 2 {
        let factor = F32x4::new(p) * kernel.pulls(x * x + y * y);
        (forces[0], forces[1]) = (forces[0] + factor * x, forces[1] + factor * y);
    } else {
        let z = apart(D - 1);
        let factor = F32x4::new(p) * kernel.pulls(x * x + y * y + z * z);
        (forces[0], forces[1]) = (forces[0] + factor * x, forces[1] + factor * y);
        forces[D - 1] = forces[D - 1] + factor * z;
    }
}

/// Of two points.
#[inline(always)]
fn squared_distance<const D: usize>(a: &[f32; D], b: &[f32; D]) -> f32 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b))
}
