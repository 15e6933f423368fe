//! Project: from neighbors and a start to the flat map, by UMAP or t-SNE; maps that need no neighbors stand in [`flat`].
//!
//! [`initialize`] makes what is laid out from nearest neighbors, those of the embedding or of the similarity graph, and
//! a start; [`Status::run`] goes on to a given epoch. The layout is row-major n_items x 2.
//!
//! Parts that nothing connects are projected each by itself: neighbors and random points are of the same part, so parts
//! are neither glued together nor pushed out of sight. Where they stand beside each other is [`crate::pack`]'s.

pub mod align;
pub mod coincident;
pub mod flat;
pub mod fuzzy_set;
pub mod lanes;
pub mod options;
pub mod pca;
pub mod tsne;
pub mod umap;

use crate::csr::Csr;
use crate::embed::{center, spectral};
use crate::error::Result;
use crate::graph::NeighborPairs;
use crate::pack::{self, Parts};
use crate::random::{Rng, Use};
pub use options::{Method, NeighborsFrom, ProjectOptions, Start};
use tsne::Tsne;
use tsne::affinities::affinities;
use umap::Umap;

/// Width of UMAP's start, its longer side, in units of `spread`: umap-learn's.
const START_WIDTH: f32 = 10.0;
/// Standard deviation of the jitter that parts points in one place, in UMAP's start.
const JITTER: f32 = 1e-4;
/// Standard deviation of t-SNE's start along its wider axis: so small that points find their places by what pulls them
/// (Kobak, Berens 2019), and of its jitter as a share of it, as in openTSNE.
const TSNE_START: f32 = 1e-4;
const TSNE_JITTER: f32 = 0.01;

/// How far points that end in one place are parted, in units of `spread`.
const APART: f32 = 0.01;

/// What moves the points.
enum Layout {
    Umap(Umap<2>),
    Tsne(Tsne<2>),
}

/// The projection under way.
pub struct Status {
    by: Layout,
    layout: Vec<[f32; 2]>,
    parts: Parts,
    /// How far points in one place are parted.
    apart: f32,
}

/// Ready to lay out the points whose `nearest` neighbors are given ([`ProjectOptions::wanted_neighbors`] of each, or
/// fewer), none of another part (see [`crate::graph::nearest`]); `embedding` is row-major n_items x `dim`, or empty where
/// the neighbors are the graph's.
pub fn initialize(
    embedding: &[f32],
    dim: usize,
    nearest: &Csr<f32>,
    parts: &Parts,
    options: &ProjectOptions,
    seed: u64,
) -> Result<Status> {
    options.check()?;
    let graph = match options.method {
        Method::Umap => {
            let strengths = fuzzy_set::neighbor_strengths(nearest, options.local_connectivity);
            fuzzy_set::fuzzy_union(&strengths, options.set_op_mix_ratio as f32)
        }
        _ => affinities(nearest, &options.perplexity),
    };
    let by_itself = match options.from {
        NeighborsFrom::Embedding => Start::Pca,
        NeighborsFrom::Graph => Start::Spectral,
    };
    let mut start = match if options.start == Start::Auto { by_itself } else { options.start } {
        Start::Auto | Start::Pca => pca::view_of_parts(embedding, dim, parts),
        Start::Spectral => {
            let upper = graph.triples().filter(|&(i, j, _)| i < j);
            let (pairs, weights) = upper.map(|(i, j, w)| ([i, j], w)).unzip();
            spectral::start(nearest.n_rows(), 2, &NeighborPairs { pairs, weights }, seed)
        }
        Start::Random => {
            let mut rng = Rng::stream(seed, Use::ProjectStart, 1);
            (0..2 * nearest.n_rows()).map(|_| rng.uniform()).collect()
        }
    };
    let jitter = match options.method {
        Method::Umap => {
            fit(&mut start, parts, START_WIDTH * options.spread as f32);
            JITTER
        }
        _ => {
            deviate(&mut start, TSNE_START);
            TSNE_START * TSNE_JITTER
        }
    };
    let mut rng = Rng::stream(seed, Use::ProjectStart, 0);
    start.iter_mut().for_each(|v| *v += jitter * rng.normal());
    let (by, apart) = match options.method {
        Method::Umap => {
            let umap = Umap::new(&graph, nearest, parts, options, seed);
            (Layout::Umap(umap), APART * options.spread as f32)
        }
        _ => (Layout::Tsne(Tsne::new(graph, parts, options)), APART),
    };
    let layout = start.chunks_exact(2).map(|p| [p[0], p[1]]).collect();
    Ok(Status { by, layout, parts: parts.clone(), apart })
}

impl Status {
    /// Epochs done; for t-SNE, iterations.
    pub fn epoch(&self) -> u32 {
        match &self.by {
            Layout::Umap(umap) => umap.epoch(),
            Layout::Tsne(tsne) => tsne.iteration(),
        }
    }

    /// Epochs in all; for t-SNE, iterations.
    pub fn n_epochs(&self) -> u32 {
        match &self.by {
            Layout::Umap(umap) => umap.n_epochs(),
            Layout::Tsne(tsne) => tsne.n_iterations(),
        }
    }

    /// What an epoch is called, in the plural.
    pub fn epochs_name(&self) -> &'static str {
        match self.by {
            Layout::Umap(_) => "epochs",
            Layout::Tsne(_) => "iterations",
        }
    }

    /// Goes on until epoch `until`.
    pub fn run(&mut self, until: u32) {
        match &mut self.by {
            Layout::Umap(umap) => umap.run(&mut self.layout, until),
            Layout::Tsne(tsne) => tsne.run(&mut self.layout, until),
        }
    }

    /// Goes on from where it stands by other options, if that is possible; see [`Umap::change`].
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let Layout::Umap(umap) = &mut self.by else { return false };
        let goes_on = umap.change(options);
        if goes_on {
            self.apart = APART * options.spread as f32;
        }
        goes_on
    }

    /// t-SNE: the Kullback-Leibler divergence now, see [`Tsne::divergence`].
    pub fn divergence(&mut self) -> Option<f64> {
        match &mut self.by {
            Layout::Umap(_) => None,
            Layout::Tsne(tsne) => Some(tsne.divergence(&self.layout)),
        }
    }

    /// The layout now, row-major n_items x 2, its parts beside each other.
    pub fn layout(&self) -> Vec<f32> {
        pack::packed(self.layout.as_flattened(), 2, &self.parts)
    }

    /// The finished layout, row-major n_items x 2, the mean of its largest part at the origin.
    pub fn finish(self) -> Vec<f32> {
        let mut layout = self.layout.into_flattened();
        center(&mut layout, 2);
        pack::pack(&mut layout, 2, &self.parts);
        coincident::part(&mut layout, 2, self.apart);
        layout
    }
}

/// Scales `layout` (row-major n x 2, each part's mean at the origin) so that the standard deviation of its wider axis is
/// `deviation`.
fn deviate(layout: &mut [f32], deviation: f32) {
    // In units of the farthest, so that no square overflows or vanishes.
    let most = layout.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    if most < f32::MIN_POSITIVE {
        layout.fill(0.0);
        return;
    }
    let square = |v: &f32| f64::from(v / most) * f64::from(v / most);
    let axis = |c: usize| layout.iter().skip(c).step_by(2).map(square).sum::<f64>();
    let of_all = (axis(0).max(axis(1)) / (layout.len() / 2) as f64).sqrt();
    let scale = (f64::from(deviation) / of_all) as f32;
    layout.iter_mut().for_each(|v| *v = *v / most * scale);
}

/// Centers `layout` (row-major n x 2) and scales it so that the longer side of its largest part is `width`.
fn fit(layout: &mut [f32], parts: &Parts, width: f32) {
    center(layout, 2);
    let main = parts.largest() as u32;
    let mut side = 0.0f32;
    for c in 0..2 {
        let of_main = layout.iter().skip(c).step_by(2).zip(&parts.of_item).filter(|&(_, &part)| part == main);
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
