//! Interpolation: how all points push each other away, by way of a grid, in about linear time (FIt-SNE: Linderman,
//! Rachh, Hoskins, Steinerberger, Kluger 2019).
//!
//! Each point gives its charge to the 3 x 3 nodes around it by the weights of Lagrange's interpolation; the nodes' pushes
//! on each other are a convolution, done by FFT; each point takes its push from its 9 nodes by the same weights.
//!
//! Where this differs from FIt-SNE:
//! - a point's nodes are the three nearest along each axis, not those of a fixed interval of three, at whose ends the
//!   polynomial is worst: the largest error is a fifth;
//! - the push itself is what is interpolated, both axes as one complex number, and Z comes from the frequencies: one
//!   transform there and one back in place of four each;
//! - the distance of nodes is one of a ladder of steps, so that the kernel's transforms last for many iterations.

use super::fft::{Complex, Direction, Fft};
use super::kernel::Kernel;
use crate::parallel;

/// Points in a unit of parallel work.
const POINTS: usize = 1024;
/// The largest distance of nodes, in units of the layout, where the largest transform allows it: FIt-SNE's. With the
/// nearest nodes the error is about a quarter of openTSNE's on such points (`tests/tsne_push.rs`, DESIGN.md).
const COARSEST: f32 = 1.0 / 3.0;
/// Nodes along an axis at least: 3 for each of 50 intervals, as openTSNE.
const LEAST_NODES: f32 = 150.0;
/// The largest transform along an axis.
const LARGEST: usize = 2048;
/// Nodes beyond the outermost points, with room for rounding.
const MARGIN: f32 = 4.0;

/// A point's nodes: the first one's index, and the weights along both axes.
#[derive(Clone, Copy, Default)]
struct Stencil {
    first: u32,
    x: [f32; 3],
    y: [f32; 3],
}

/// What is kept from one layout to the next.
pub struct Grid {
    kernel: Kernel,
    /// Distance of nodes; 0 before the first layout.
    spacing: f32,
    fft: Fft,
    /// The transforms of the push, x as the real and y as the imaginary part, and of w; both by the square of the size.
    push: Vec<Complex>,
    near: Vec<f32>,
    stencils: Vec<Stencil>,
    /// Nodes along an axis, and Z as far as it is known.
    n: usize,
    z: f64,
    /// On the nodes: charges, then pushes.
    nodes: Vec<Complex>,
    /// Transformed along one axis, and along both.
    half: Vec<Complex>,
    full: Vec<Complex>,
}

impl Grid {
    /// For layouts under `kernel`.
    pub fn new(kernel: Kernel) -> Self {
        Grid {
            kernel,
            spacing: 0.0,
            fft: Fft::new(1),
            push: Vec::new(),
            near: Vec::new(),
            stencils: Vec::new(),
            n: 0,
            z: 0.0,
            nodes: Vec::new(),
            half: Vec::new(),
            full: Vec::new(),
        }
    }

    /// As [`super::exact::push`], nearly.
    pub fn push(&mut self, points: &[[f32; 2]], out: &mut [[f32; 2]]) -> f64 {
        self.spread(points);
        self.convolve();
        self.gather(out)
    }

    /// Each point gives its charge to its nodes.
    pub fn spread(&mut self, points: &[[f32; 2]]) {
        let low = [0, 1].map(|c| points.iter().fold(f32::INFINITY, |m, p| m.min(p[c])));
        let high = [0, 1].map(|c| points.iter().fold(f32::NEG_INFINITY, |m, p| m.max(p[c])));
        let extent = (high[0] - low[0]).max(high[1] - low[1]);
        let (size, spacing) = choose(extent);
        if (size, spacing) != (self.fft.size(), self.spacing) {
            self.prepare(size, spacing);
        }
        let n = (extent / spacing + MARGIN) as usize + 1;
        self.n = n;
        self.z = -self.place(points, low, n);
        self.nodes.clear();
        self.nodes.resize(n * n, [0.0; 2]);
        for stencil in &self.stencils {
            for (r, y) in stencil.y.iter().enumerate() {
                for (c, x) in stencil.x.iter().enumerate() {
                    self.nodes[stencil.first as usize + r * n + c][0] += x * y;
                }
            }
        }
    }

    /// Each point takes its push from its nodes; returns Z.
    pub fn gather(&self, out: &mut [[f32; 2]]) -> f64 {
        let (nodes, stencils, n) = (&self.nodes, &self.stencils, self.n);
        parallel::for_each_part(out, POINTS, |start, part| {
            for (out, stencil) in part.iter_mut().zip(&stencils[start..]) {
                let mut sum = [0.0; 2];
                for (r, y) in stencil.y.iter().enumerate() {
                    for (c, x) in stencil.x.iter().enumerate() {
                        let push = nodes[stencil.first as usize + r * n + c];
                        sum = [sum[0] + x * y * push[0], sum[1] + x * y * push[1]];
                    }
                }
                *out = sum;
            }
        });
        self.z.max(f64::from(f32::MIN_POSITIVE))
    }

    /// Finds the nodes of each point, on a grid of `n` x `n`. Returns the sum of each point's w with itself, as the nodes
    /// have it: near 1 each, but not where nodes are far apart.
    fn place(&mut self, points: &[[f32; 2]], low: [f32; 2], n: usize) -> f64 {
        let scale = 1.0 / self.spacing;
        let along = |at: f32, low: f32| {
            let at = (at - low) * scale + 1.0;
            let nearest = ((at + 0.5) as usize).clamp(1, n - 2);
            let t = at - nearest as f32;
            (nearest - 1, [0.5 * t * (t - 1.0), 1.0 - t * t, 0.5 * t * (t + 1.0)])
        };
        let steps = [0, 1, 2].map(|k| (k as f32 * self.spacing) * (k as f32 * self.spacing));
        let w = steps.map(|y| steps.map(|x| self.kernel.similarity(x + y)));
        // How often two of a point's nodes are 0, 1 and 2 steps apart, by their weights, either way.
        let apart = |v: [f32; 3]| {
            [v[0] * v[0] + v[1] * v[1] + v[2] * v[2], 2.0 * (v[0] + v[2]) * v[1], 2.0 * v[0] * v[2]]
        };
        self.stencils.resize(points.len(), Stencil::default());
        let sums = parallel::map_parts(&mut self.stencils, POINTS, |start, part| {
            let mut sum = 0.0;
            for (stencil, point) in part.iter_mut().zip(&points[start..]) {
                let ((column, x), (row, y)) = (along(point[0], low[0]), along(point[1], low[1]));
                *stencil = Stencil { first: (row * n + column) as u32, x, y };
                let (x, y) = (apart(x), apart(y));
                let along_x = w.map(|w| w[0] * x[0] + w[1] * x[1] + w[2] * x[2]);
                sum += f64::from(along_x[0] * y[0] + along_x[1] * y[1] + along_x[2] * y[2]);
            }
            sum
        });
        sums.iter().sum()
    }

    /// Charges become pushes.
    pub fn convolve(&mut self) {
        let Grid { fft, push, near, nodes, half, full, n, .. } = self;
        let n = *n;
        let size = fft.size();
        half.resize(n * size, [0.0; 2]);
        full.resize(size * size, [0.0; 2]);
        fft.columns(Direction::Forward, nodes, n, half, size, |_, _| ());
        let z = fft.columns(Direction::Forward, half, size, full, size, |column, values| {
            let mut z = 0.0;
            let (push, near) = (&push[column * size..][..size], &near[column * size..][..size]);
            for ((value, push), near) in values.iter_mut().zip(push).zip(near) {
                let [a, b] = *value;
                z += f64::from((a * a + b * b) * near);
                *value = [a * push[0] - b * push[1], a * push[1] + b * push[0]];
            }
            z
        });
        fft.columns(Direction::Backward, full, size, half, n, |_, _| ());
        fft.columns(Direction::Backward, half, n, nodes, n, |_, _| ());
        // Over all pairs of charges, less those with themselves.
        self.z += z.iter().sum::<f64>();
    }

    /// Transforms the kernel for grids of this `size` and `spacing`.
    fn prepare(&mut self, size: usize, spacing: f32) {
        if size != self.fft.size() {
            self.fft = Fft::new(size);
        }
        self.spacing = spacing;
        let kernel = self.kernel;
        self.transform(|dx, dy| [kernel.similarity(dx * dx + dy * dy), 0.0]);
        self.near.clear();
        self.near.extend(self.full.iter().map(|v| v[0]));
        self.transform(|dx, dy| {
            let squared = dx * dx + dy * dy;
            let push = kernel.similarity(squared) * kernel.pull(squared);
            [push * dx, push * dy]
        });
        self.push.clone_from(&self.full);
    }

    /// Leaves in `full` the transform of what depends on the offset, by the square of the size.
    fn transform(&mut self, value: impl Fn(f32, f32) -> Complex + Sync) {
        let (size, spacing) = (self.fft.size(), self.spacing);
        let scale = 1.0 / (size * size) as f32;
        // Offsets of target from source, those from the middle on negative; the middle itself never occurs.
        let offset = |k: usize| if k < size / 2 { k as f32 } else { k as f32 - size as f32 } * spacing;
        self.full.resize(size * size, [0.0; 2]);
        parallel::for_each_part(&mut self.full, size, |start, row| {
            let dy = offset(start / size);
            for (c, out) in row.iter_mut().enumerate() {
                *out = value(offset(c), dy).map(|v| v * scale);
            }
        });
        self.half.resize(size * size, [0.0; 2]);
        self.fft.columns(Direction::Forward, &self.full, size, &mut self.half, size, |_, _| ());
        self.fft.columns(Direction::Forward, &self.half, size, &mut self.full, size, |_, _| ());
    }
}

/// The size of the transform and the distance of nodes for a layout of this extent.
fn choose(extent: f32) -> (usize, f32) {
    let wanted = (extent / COARSEST).max(LEAST_NODES).min(LARGEST as f32);
    let size = (2 * (wanted + MARGIN) as usize + 2).next_power_of_two().min(LARGEST);
    // The grid and its reach must fit in half of the circle that the transform closes.
    let fits = |spacing: f32| extent / spacing + MARGIN + 1.0 <= (size / 2) as f32;
    let mut spacing = COARSEST;
    while !fits(spacing) && spacing < 1e30 {
        spacing *= std::f32::consts::SQRT_2;
    }
    while fits(spacing * std::f32::consts::FRAC_1_SQRT_2) && spacing > 1e-9 {
        spacing *= std::f32::consts::FRAC_1_SQRT_2;
    }
    (size, spacing)
}
