//! Starting: all that a layout needs before its first epoch, in steps: the weighted graph and where the points stand.

use super::fuzzy_set::Fuzzy;
use super::moving::{by_tsne, by_umap};
use super::options::{Method, NeighborsFrom, ProjectOptions, Start};
use super::tsne::Tsne;
use super::umap::Umap;
use super::weighing::{self, Weights};
use super::{APART, Status, pca};
use crate::csr::Csr;
use crate::embed::{center, spectral};
use crate::error::Result;
use crate::pack::Parts;
use crate::random::{Rng, Use};
use std::sync::Arc;

/// Width of UMAP's start, its longer side, in units of `spread`: umap-learn's.
const START_WIDTH: f32 = 10.0;
/// Standard deviation of the jitter that parts points in one place, in UMAP's start.
const JITTER: f32 = 1e-4;
/// Standard deviation of t-SNE's start along its wider axis: so small that points find their places by what pulls them
/// (Kobak, Berens 2019), and of its jitter as a share of it, as in openTSNE.
const TSNE_START: f32 = 1e-4;
const TSNE_JITTER: f32 = 0.01;

/// The share of the work that the weights are, where the start is spectral.
const WEIGHTS: f64 = 0.4;

/// A layout that is being made ready.
pub struct Starting {
    options: ProjectOptions,
    seed: u64,
    parts: Parts,
    /// The neighbors' distances, for densMAP.
    nearest: Csr<f32>,
    /// Whether the start is a layout already, of its own size.
    is_placed: bool,
    at: At,
}

/// What the next step does.
enum At {
    /// The start, if it is known.
    Weigh(Box<weighing::Status>, Option<Vec<f32>>),
    Spectral(Arc<Csr<f32>>, Box<spectral::Status>),
    Ready(Csr<f32>, Vec<f32>),
}

impl Starting {
    /// As [`super::initialize`], nothing done.
    pub fn new(
        embedding: &[f32],
        dim: usize,
        nearest: Csr<f32>,
        parts: &Parts,
        options: &ProjectOptions,
        seed: u64,
    ) -> Result<Self> {
        options.check()?;
        let by_itself = match options.from {
            NeighborsFrom::Embedding => Start::Pca,
            NeighborsFrom::Graph => Start::Spectral,
        };
        let start = match if options.start == Start::Auto { by_itself } else { options.start } {
            Start::Auto | Start::Pca => Some(pca::view_of_parts(embedding, dim, options.dim as usize, parts)),
            Start::Spectral => None,
            Start::Random => {
                let mut rng = Rng::stream(seed, Use::ProjectStart, 1);
                Some((0..options.dim as usize * nearest.n_rows()).map(|_| rng.uniform()).collect())
            }
        };
        Ok(Self::from(start, nearest, parts, options, seed))
    }

    /// As [`Starting::new`], from a layout on: row-major n x `dim`.
    pub(super) fn placed(
        layout: Vec<f32>,
        nearest: Csr<f32>,
        parts: &Parts,
        options: &ProjectOptions,
        seed: u64,
    ) -> Result<Self> {
        options.check()?;
        Ok(Starting { is_placed: true, ..Self::from(Some(layout), nearest, parts, options, seed) })
    }

    fn from(
        start: Option<Vec<f32>>,
        nearest: Csr<f32>,
        parts: &Parts,
        options: &ProjectOptions,
        seed: u64,
    ) -> Self {
        let dense = options.method == Method::Umap && options.dens_lambda > 0.0;
        let kept = if dense { nearest.clone() } else { Csr::default() };
        let weights = match options.method {
            Method::Umap => {
                let mix = options.set_op_mix_ratio as f32;
                Weights::Fuzzy(Fuzzy::new(&nearest, options.local_connectivity, mix))
            }
            _ => Weights::Affinities(options.perplexity.clone()),
        };
        let at = At::Weigh(Box::new(weighing::initialize(nearest, weights)), start);
        let (options, parts) = (options.clone(), parts.clone());
        Starting { options, seed, parts, nearest: kept, is_placed: false, at }
    }

    /// Whether the layout is ready.
    pub fn is_done(&self) -> bool {
        matches!(self.at, At::Ready(..))
    }

    /// The share of the work that is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        match &self.at {
            At::Weigh(status, Some(_)) => status.share(),
            At::Weigh(status, None) => WEIGHTS * status.share(),
            At::Spectral(_, status) => WEIGHTS + (1.0 - WEIGHTS) * status.share(),
            At::Ready(..) => 1.0,
        }
    }

    /// Does a step.
    pub fn step(&mut self) {
        self.at = match std::mem::replace(&mut self.at, At::Ready(Csr::default(), Vec::new())) {
            At::Weigh(mut status, start) if !status.is_done() => {
                status.step();
                At::Weigh(status, start)
            }
            At::Weigh(status, start) => {
                let graph = Arc::new(status.finish());
                match start {
                    Some(start) => At::Ready(Arc::unwrap_or_clone(graph), start),
                    None => {
                        let status =
                            spectral::initialize(graph.clone(), self.options.dim as usize, self.seed);
                        At::Spectral(graph, Box::new(status))
                    }
                }
            }
            At::Spectral(graph, mut status) if !status.is_done() => {
                status.step();
                At::Spectral(graph, status)
            }
            At::Spectral(graph, status) => {
                let start = status.finish();
                At::Ready(Arc::unwrap_or_clone(graph), start)
            }
            ready @ At::Ready(..) => ready,
        };
    }

    /// The layout, no epoch done. All steps must be.
    pub fn finish(self) -> Status {
        let (graph, mut start) = match self.at {
            At::Ready(graph, start) => (graph, start),
            _ => Default::default(),
        };
        let Starting { options, seed, parts, nearest, is_placed, .. } = self;
        let dim = options.dim as usize;
        let jitter = match options.method {
            _ if is_placed => 0.0,
            Method::Umap => {
                fit(&mut start, dim, &parts, START_WIDTH * options.spread as f32);
                JITTER
            }
            _ => {
                deviate(&mut start, dim, TSNE_START);
                TSNE_START * TSNE_JITTER
            }
        };
        let mut rng = Rng::stream(seed, Use::ProjectStart, 0);
        if jitter > 0.0 {
            start.iter_mut().for_each(|v| *v += jitter * rng.normal());
        }
        let by = match (options.method, dim) {
            (Method::Umap, 2) => by_umap(Umap::<2>::new(&graph, &nearest, &parts, &options, seed), &start),
            (Method::Umap, _) => by_umap(Umap::<3>::new(&graph, &nearest, &parts, &options, seed), &start),
            (_, 2) => by_tsne(Tsne::<2>::new(graph, &parts, &options), &start),
            _ => by_tsne(Tsne::<3>::new(graph, &parts, &options), &start),
        };
        let is_umap = options.method == Method::Umap;
        Status {
            by,
            dim,
            epochs_name: if is_umap { "epochs" } else { "iterations" },
            parts,
            apart: if is_umap { APART * options.spread as f32 } else { APART },
        }
    }
}

/// Scales `layout` (row-major n x `dim`, each part's mean at the origin) so that the standard deviation of its wider axis is
/// `deviation`.
pub(super) fn deviate(layout: &mut [f32], dim: usize, deviation: f32) {
    // In units of the farthest, so that no square overflows or vanishes.
    let most = layout.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    if most < f32::MIN_POSITIVE {
        layout.fill(0.0);
        return;
    }
    let square = |v: &f32| f64::from(v / most) * f64::from(v / most);
    let axis = |c: usize| layout.iter().skip(c).step_by(dim).map(square).sum::<f64>();
    let of_all = ((0..dim).map(axis).fold(0.0, f64::max) / (layout.len() / dim) as f64).sqrt();
    let scale = (f64::from(deviation) / of_all) as f32;
    layout.iter_mut().for_each(|v| *v = *v / most * scale);
}

/// Centers `layout` (row-major n x `dim`) and scales it so that the longer side of its largest part is `width`.
fn fit(layout: &mut [f32], dim: usize, parts: &Parts, width: f32) {
    center(layout, dim);
    let main = parts.largest() as u32;
    let mut side = 0.0f32;
    for c in 0..dim {
        let of_main =
            layout.iter().skip(c).step_by(dim).zip(&parts.of_item).filter(|&(_, &part)| part == main);
        let (low, high) =
            of_main.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), (&v, _)| (l.min(v), h.max(v)));
        side = side.max(high - low);
    }
    let scale = width / side;
    // Infinite for points in one place, or as good as: only the jitter parts those.
    if scale.is_finite() {
        layout.iter_mut().for_each(|v| *v *= scale);
    }
}
