//! Tree: how all points push each other away, far groups of them as one (Barnes, Hut 1986; for t-SNE van der Maaten 2014).
//!
//! Space is halved along every axis again and again. A cell pushes as one point at the cell's mean where its width is
//! below [`THETA`] of the distance; else its own cells do. Nodes stand in the order of a walk that goes down first, each
//! with where its subtree ends, so the search is a loop that goes on or skips. Eight points that are near each other walk together,
//! by the distance of the box around them: side by side in SIMD lanes, and more exact than each by itself.
//! O(n log n); the order of all sums is that of the points, so the bits are the same on any number of threads.

use super::kernel::Kernel;
use crate::parallel;
use crate::simd::F32x4;

/// Points that walk together.
const LANES: usize = 8;
/// Eights in a unit of parallel work.
const BLOCKS: usize = 32;
/// The width of a cell by its distance, below which it counts as one point: openTSNE's.
const THETA: f32 = 0.5;
/// A cell with so many points at most is not divided.
const LEAF: usize = 8;
/// How many cells and points a walk finds before they are added up.
const FOUND: usize = 64;
/// Nor is one that was halved so often: its points are in one place, or as good as.
const DEEPEST: usize = 40;

/// A cell.
#[derive(Clone, Copy)]
struct Node {
    /// Along each axis, 0 beyond the last one.
    mean: F32x4,
    /// Squared width by the square of [`THETA`]: beyond this squared distance the cell counts as one point.
    reach: f32,
    /// Its points in `sorted`.
    start: u32,
    end: u32,
    /// The node after its subtree.
    next: u32,
    is_leaf: bool,
}

/// A number for each point that walks.
type Lanes = [F32x4; 2];

/// What the points that walk have gathered.
#[derive(Clone, Copy)]
struct Sums<const D: usize> {
    force: [Lanes; D],
    z: Lanes,
}

/// What is kept from one layout to the next: space.
pub struct Tree<const D: usize> {
    kernel: Kernel,
    nodes: Vec<Node>,
    /// The points and their numbers, cell by cell.
    sorted: Vec<([f32; D], u32)>,
    spare: Vec<([f32; D], u32)>,
    /// The pushes in the order of `sorted`.
    pushes: Vec<[f32; D]>,
    /// Points whose pushes are found, and the sums of w of each unit of them.
    walked: usize,
    sums: Vec<f64>,
}

impl<const D: usize> Tree<D> {
    /// For layouts under `kernel`.
    pub fn new(kernel: Kernel) -> Self {
        let (nodes, sorted, spare, pushes, sums) = Default::default();
        Tree { kernel, nodes, sorted, spare, pushes, walked: 0, sums }
    }

    /// As [`super::exact::push`], nearly. `points` must be finite.
    pub fn push(&mut self, points: &[[f32; D]], out: &mut [[f32; D]]) -> f64 {
        self.build(points);
        self.walk(usize::MAX);
        self.finish(out)
    }

    /// Finds the pushes on the next points, at least so many; returns whether those on all are found.
    pub fn walk(&mut self, points: usize) -> bool {
        let mut pushes = std::mem::take(&mut self.pushes);
        let (n, first, unit) = (self.sorted.len(), self.walked, BLOCKS * LANES);
        let last = if points < n - first { first + points.next_multiple_of(unit) } else { n }.min(n);
        pushes.resize(n, [0.0; D]);
        let this = &*self;
        let sums = parallel::map_parts(&mut pushes[first..last], unit, |start, part| {
            let mut sum = 0.0;
            for (block, out) in part.chunks_mut(LANES).enumerate() {
                let here = &this.sorted[first + start + block * LANES..][..out.len()];
                let z = match this.kernel.is_cauchy() {
                    true => this.on::<true>(here, out),
                    false => this.on::<false>(here, out),
                };
                // Without the points themselves, which are as near to themselves as can be.
                sum += z - out.len() as f64;
            }
            sum
        });
        self.pushes = pushes;
        self.sums.extend(sums);
        self.walked = last;
        last == n
    }

    /// Leaves the pushes in `out`, and returns Z. All points must have been walked from.
    pub fn finish(&self, out: &mut [[f32; D]]) -> f64 {
        for (push, (_, id)) in self.pushes.iter().zip(&self.sorted) {
            out[*id as usize] = *push;
        }
        self.sums.iter().sum::<f64>().max(f64::from(f32::MIN_POSITIVE))
    }

    /// Leaves the pushes on up to 8 points in `out`, and returns the sum of w, the points themselves counted.
    #[inline]
    fn on<const CAUCHY: bool>(&self, points: &[([f32; D], u32)], out: &mut [[f32; D]]) -> f64 {
        // Lanes that are not used stand where the first point stands.
        let lane = |l: usize, c: usize| points.get(l).map_or(points[0].0[c], |p| p.0[c]);
        let here: [Lanes; D] = std::array::from_fn(|c| {
            [0, 4].map(|l| F32x4::new([lane(l, c), lane(l + 1, c), lane(l + 2, c), lane(l + 3, c)]))
        });
        let lane = |lanes: &Lanes, l: usize| lanes[l / 4].array()[l % 4];
        let fold = |of: fn(f32, f32) -> f32| {
            here.map(|lanes| (1..LANES).fold(lane(&lanes, 0), |m, l| of(m, lane(&lanes, l))))
        };
        let (low, high) = (axes(fold(f32::min)), axes(fold(f32::max)));
        let zero = [F32x4::splat(0.0); 2];
        let mut sums = Sums { force: [zero; D], z: zero };
        // The walk branches, the sums do not: what the walk finds is added up many at a time, with the sums in registers.
        let mut found = [([0.0f32; D], 0.0f32); FOUND];
        let mut n_found = 0;
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            let beyond = (low - node.mean).max(node.mean - high).max(F32x4::splat(0.0));
            let [x, y, z, _] = (beyond * beyond).array();
            if x + y + z > node.reach {
                let mean = node.mean.array();
                found[n_found] = (std::array::from_fn(|c| mean[c]), (node.end - node.start) as f32);
                n_found += 1;
                at = node.next as usize;
            } else if node.is_leaf {
                for points in self.sorted[node.start as usize..node.end as usize].chunks(LEAF) {
                    for (found, (other, _)) in found[n_found..].iter_mut().zip(points) {
                        *found = (*other, 1.0);
                    }
                    n_found += points.len();
                    if n_found > FOUND - LEAF {
                        self.add::<CAUCHY>(&here, &found[..n_found], &mut sums);
                        n_found = 0;
                    }
                }
                at = node.next as usize;
            } else {
                at += 1;
            }
            if n_found > FOUND - LEAF {
                self.add::<CAUCHY>(&here, &found[..n_found], &mut sums);
                n_found = 0;
            }
        }
        self.add::<CAUCHY>(&here, &found[..n_found], &mut sums);
        for (l, out) in out.iter_mut().enumerate() {
            *out = std::array::from_fn(|c| lane(&sums.force[c], l));
        }
        (0..out.len()).map(|l| f64::from(lane(&sums.z, l))).sum()
    }

    /// Adds the pushes of those `found`, each with how many points it stands for, to what pushes the points `here`.
    #[inline(never)]
    fn add<const CAUCHY: bool>(&self, here: &[Lanes; D], found: &[([f32; D], f32)], sums: &mut Sums<D>) {
        // Half the lanes after the other: all sums of a half have room in registers.
        for half in 0..2 {
            let here = here.map(|lanes| lanes[half]);
            let (mut force, mut z) = (sums.force.map(|lanes| lanes[half]), sums.z[half]);
            for (other, count) in found {
                let count = F32x4::splat(*count);
                let apart: [F32x4; D] = std::array::from_fn(|c| here[c] - F32x4::splat(other[c]));
                let squared = apart.iter().fold(F32x4::splat(0.0), |sum, &apart| sum + apart * apart);
                let (w, push) = self.kernel.pushes::<CAUCHY>(squared);
                z = z + count * w;
                let push = count * push;
                force = std::array::from_fn(|c| force[c] + push * apart[c]);
            }
            (0..D).for_each(|c| sums.force[c][half] = force[c]);
            sums.z[half] = z;
        }
    }

    /// The tree of `points`, which must be finite; no push is found.
    pub fn build(&mut self, points: &[[f32; D]]) {
        self.walked = 0;
        self.sums.clear();
        self.sorted.clear();
        self.sorted.extend(points.iter().copied().zip(0..));
        self.spare.clear();
        self.spare.resize(points.len(), ([0.0; D], 0));
        self.nodes.clear();
        let low: [f32; D] = std::array::from_fn(|c| points.iter().fold(f32::INFINITY, |m, p| m.min(p[c])));
        let high: [f32; D] =
            std::array::from_fn(|c| points.iter().fold(f32::NEG_INFINITY, |m, p| m.max(p[c])));
        let half = low.iter().zip(&high).fold(0.0f32, |m, (l, h)| m.max(0.5 * (h - l)));
        let center = std::array::from_fn(|c| 0.5 * (low[c] + high[c]));
        self.divide(0, points.len(), center, half, 0);
    }

    /// Adds the cell of `sorted[start..end]`, `half` its width to either side of `center`, and all below it.
    fn divide(&mut self, start: usize, end: usize, center: [f32; D], half: f32, depth: usize) {
        let here = self.nodes.len();
        let points = &self.sorted[start..end];
        let sum =
            points.iter().fold([0.0f64; D], |s, (p, _)| std::array::from_fn(|c| s[c] + f64::from(p[c])));
        let mean = sum.map(|s| (s / points.len().max(1) as f64) as f32);
        let is_leaf = points.len() <= LEAF || depth == DEEPEST;
        let reach = (2.0 * half / THETA) * (2.0 * half / THETA);
        self.nodes.push(Node {
            mean: axes(mean),
            reach,
            start: start as u32,
            end: end as u32,
            next: 0,
            is_leaf,
        });
        if !is_leaf {
            // By counting: how many points each of the 2^D cells has, then each point to its place.
            let cell = |p: &[f32; D]| (0..D).fold(0, |cell, c| cell | usize::from(p[c] >= center[c]) << c);
            let mut places = [0usize; 8];
            points.iter().for_each(|(p, _)| places[cell(p)] += 1);
            let mut next = start;
            for place in &mut places {
                next += std::mem::replace(place, next);
            }
            let starts = places;
            for p in points {
                let place = &mut places[cell(&p.0)];
                self.spare[*place] = *p;
                *place += 1;
            }
            self.sorted[start..end].copy_from_slice(&self.spare[start..end]);
            let half = 0.5 * half;
            for (cell, (&start, &end)) in starts.iter().zip(&places).enumerate().filter(|(_, (s, e))| s < e) {
                let side = |c: usize| if cell >> c & 1 == 1 { half } else { -half };
                self.divide(start, end, std::array::from_fn(|c| center[c] + side(c)), half, depth + 1);
            }
        }
        self.nodes[here].next = self.nodes.len() as u32;
    }
}

/// A number for each axis, and 0 for those that there are not.
fn axes<const D: usize>(point: [f32; D]) -> F32x4 {
    F32x4::new(std::array::from_fn(|c| point.get(c).copied().unwrap_or(0.0)))
}
