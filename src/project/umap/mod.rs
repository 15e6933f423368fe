//! UMAP: the layout of a fuzzy graph by sampled attraction and repulsion (McInnes, Healy, Melville 2018, section 4).
//!
//! An epoch moves every point by itself: toward its due neighbors and away from a few random points, all of them as
//! they stood when the epoch began. umap-learn instead moves both ends of one edge after the other, so its result depends on the order
//! (and, with threads, on timing). Here no point sees another's move within an epoch, so points are shared among threads
//! and the layout has the same bits on any number of them.

mod crowd;
mod density;
mod force;
pub mod partial;

use super::fuzzy_set::find_ab;
use super::options::ProjectOptions;
use crate::csr::Csr;
use crate::pack::Parts;
use crate::parallel;
use crate::random::{Draws, Rng, Use};
use crowd::Crowd;
use density::Density;
use force::{Force, LANES, sum};

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// Points moved in a piece of an epoch, a multiple of [`POINTS`].
const PIECE: usize = 1 << 15;
/// Edges of a point that are looked through at once.
const EDGES: usize = 64;

/// A layout under way, in `D` dimensions.
pub struct Umap<const D: usize> {
    options: ProjectOptions,
    seed: u64,
    force: Force,
    /// For each point its neighbors, and how often the edge is due: a share of the epochs in units of 2^-32.
    edges: Csr<u32>,
    /// Part of each point.
    of_item: Vec<u32>,
    crowd: Crowd<D>,
    density: Option<Density>,
    epoch: u32,
    /// Points of this epoch that have moved, to their places in `next`.
    moved: usize,
    next: Vec<[f32; D]>,
}

impl<const D: usize> Umap<D> {
    /// Ready to lay out `graph` (symmetric, strengths in (0, 1], edges within `parts` only); edges that would never be due
    /// are left out. Points push each other away within parts only. `nearest` has the distances, for densMAP.
    pub fn new(
        graph: &Csr<f32>,
        nearest: &Csr<f32>,
        parts: &Parts,
        options: &ProjectOptions,
        seed: u64,
    ) -> Self {
        let (edges, density) = edges_of(graph, nearest, options);
        Umap {
            options: options.clone(),
            seed,
            force: force_of(options),
            edges,
            of_item: parts.of_item.clone(),
            crowd: Crowd::new(parts, seed),
            density,
            epoch: 0,
            moved: 0,
            next: Vec::new(),
        }
    }

    /// Epochs done.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Epochs in all.
    pub fn n_epochs(&self) -> u32 {
        self.options.epochs
    }

    /// Leaves out the first half of the epochs.
    pub fn skip_to_middle(&mut self) {
        self.epoch = self.n_epochs() / 2;
    }

    /// Goes on by other options where these differ in `min_dist`, `spread`, `repulsion_strength`, `negative_sample_rate` and
    /// the weights of densMAP only, not from or to none: returns whether that is so, else nothing is changed. The learning
    /// rate falls to 0, so past the middle of the epochs it goes back there: else a change would hardly show.
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let same = ProjectOptions {
            min_dist: options.min_dist,
            spread: options.spread,
            repulsion_strength: options.repulsion_strength,
            negative_sample_rate: options.negative_sample_rate,
            dens_lambda: options.dens_lambda,
            dens_frac: options.dens_frac,
            dens_var_shift: options.dens_var_shift,
            ..self.options.clone()
        };
        if same != *options || self.density.is_some() != (options.dens_lambda > 0.0) {
            return false;
        }
        if let Some(density) = &mut self.density {
            density.set(dens(options));
        }
        self.force = force_of(options);
        self.options = same;
        self.epoch = self.epoch.min(self.n_epochs() / 2);
        // What moved by the old options is forgotten.
        self.moved = 0;
        true
    }

    /// Goes on until epoch `until`. `layout` has a row for each point, as it was left.
    pub fn run(&mut self, layout: &mut Vec<[f32; D]>, until: u32) {
        while self.epoch < until.min(self.n_epochs()) {
            self.piece(layout);
        }
    }

    /// Does a piece of an epoch, which moves some of the points: `layout` changes with the last one.
    pub fn piece(&mut self, layout: &mut Vec<[f32; D]>) {
        let (first, last) = (self.moved, layout.len().min(self.moved + PIECE));
        let n_epochs = self.n_epochs();
        let is_dense = |density: &Density| density.counts(self.epoch, n_epochs);
        if first == 0 {
            self.next.resize(layout.len(), [0.0; D]);
            self.crowd.read(layout);
            if let Some(density) = self.density.as_mut().filter(|density| is_dense(density)) {
                density.read(layout.as_flattened(), D, &self.edges, [self.force.a, self.force.b]);
            }
        }
        let epoch = Epoch {
            epoch: self.epoch,
            rate: 1.0 - self.epoch as f32 / n_epochs as f32,
            force: self.force,
            negative_sample_rate: self.options.negative_sample_rate,
            names: Rng::stream(self.seed, Use::Negatives, u64::from(self.epoch)).key(),
            now: layout,
            edges: &self.edges,
            crowd: &self.crowd,
            density: self.density.as_ref().filter(|density| is_dense(density)),
        };
        let of_item = &self.of_item;
        parallel::for_each_part(&mut self.next[first..last], POINTS, |start, part| {
            for (i, out) in (first + start..).zip(part) {
                *out = epoch.moved(i, of_item[i] as usize);
            }
        });
        self.moved = last;
        if last == layout.len() {
            std::mem::swap(layout, &mut self.next);
            self.epoch += 1;
            self.moved = 0;
        }
    }
}

/// The edges that are due at all with their shares of the epochs, and what densMAP knows of them.
fn edges_of(graph: &Csr<f32>, nearest: &Csr<f32>, options: &ProjectOptions) -> (Csr<u32>, Option<Density>) {
    let strongest = graph.values.iter().copied().fold(0.0f32, f32::max);
    let least = strongest / options.epochs.max(1) as f32;
    let mut kept = Csr::default();
    for i in 0..graph.n_rows() {
        let (columns, values) = graph.row(i);
        kept.push_row(columns.iter().copied().zip(values.iter().copied()).filter(|&(_, w)| w >= least));
    }
    let dens = dens(options);
    let density = (dens[0] > 0.0).then(|| Density::new(&kept, nearest, dens));
    let share = |&w: &f32| (f64::from(w / strongest) * f64::from(u32::MAX)) as u32;
    let values = kept.values.iter().map(share).collect();
    (Csr { values, offsets: kept.offsets, columns: kept.columns }, density)
}

/// The curve and strength that the options ask for.
fn force_of(options: &ProjectOptions) -> Force {
    let (a, b) = find_ab(options.min_dist, options.spread);
    Force { a: a as f32, b: b as f32, repulsion_strength: options.repulsion_strength as f32 }
}

/// densMAP's weight, share of epochs and shift of the variance.
fn dens(options: &ProjectOptions) -> [f64; 3] {
    [options.dens_lambda, options.dens_frac, options.dens_var_shift]
}

/// What all points see in an epoch.
struct Epoch<'a, const D: usize> {
    epoch: u32,
    rate: f32,
    force: Force,
    negative_sample_rate: u32,
    /// Names the points' random draws.
    names: u64,
    now: &'a [[f32; D]],
    edges: &'a Csr<u32>,
    crowd: &'a Crowd<D>,
    /// In the epochs in which it counts.
    density: Option<&'a Density>,
}

impl<const D: usize> Epoch<'_, D> {
    /// Where point `i` of `part` stands after the epoch. Its due neighbors come in batches: these pull, then as many
    /// random points as are their share push.
    fn moved(&self, i: usize, part: usize) -> [f32; D] {
        let mut here = self.now[i];
        let mut draws = Draws::new(self.names, i as u64);
        let range = self.crowd.range(part);
        let (neighbors, shares) = self.edges.row(i);
        let mut due = [0u32; EDGES];
        for (some, shares) in shares.chunks(EDGES).enumerate() {
            let count = due_edges(shares, self.epoch, &mut due);
            // Where density counts, one after the other: radii change with every move.
            let at_once = if self.density.is_some() { 1 } else { LANES };
            for batch in due[..count].chunks_mut(at_once) {
                batch.iter_mut().for_each(|edge| *edge += (some * EDGES) as u32);
                let mut others = here.map(|v| [v; LANES]);
                for (l, &edge) in batch.iter().enumerate() {
                    let other = self.now[neighbors[edge as usize] as usize];
                    (0..D).for_each(|d| others[d][l] = other[d]);
                }
                let from = here;
                here = self.force.pulled(here, &others, batch.len(), self.rate);
                if let Some(density) = self.density {
                    let curve = [self.force.a, self.force.b];
                    let by = density.moves(self.edges, i, &from, batch, &others, curve);
                    (0..D).for_each(|d| here[d] += self.rate * by[d]);
                }
                here = self.pushed(here, range, batch.len() * self.negative_sample_rate as usize, &mut draws);
            }
        }
        here
    }

    /// Where `here` comes to when `left` random points of the range push it.
    fn pushed(&self, here: [f32; D], range: (u32, u32), mut left: usize, draws: &mut Draws) -> [f32; D] {
        let mut sums = [[0.0; LANES]; D];
        while left > 0 {
            // The point itself may be drawn: at distance 0 it has no force.
            let block = self.crowd.block((range.0 + draws.below(range.1)) as usize);
            self.force.push(&here, &block, left, &mut sums);
            left = left.saturating_sub(LANES);
        }
        std::array::from_fn(|d| here[d] + self.rate * sum(&sums[d]))
    }
}

/// Leaves in `due` which of the edges are due in `epoch`, and returns their number. An edge is due when a whole number of
/// visits is passed, share * epoch + 1/2 in units of 2^32: spread evenly over the epochs, with no state to keep. Only
/// the fraction is looked at, which then has become less. Without branches, as no processor guesses these.
#[inline(never)]
fn due_edges(shares: &[u32], epoch: u32, due: &mut [u32; EDGES]) -> usize {
    let mut count = 0;
    for (edge, &share) in shares.iter().enumerate() {
        let before = epoch.wrapping_mul(share).wrapping_add(u32::MAX / 2);
        due[count] = edge as u32;
        count += usize::from(before.wrapping_add(share) < before);
    }
    count
}
