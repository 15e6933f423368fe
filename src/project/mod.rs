//! Project: from neighbors and a start to the map, by UMAP or t-SNE; maps that need no neighbors stand in [`flat`].
//!
//! [`initialize`] makes what is laid out from nearest neighbors, those of the embedding or of the similarity graph, and
//! a start; [`Status::run`] goes on to a given epoch. The layout is row-major n_items x `dim`, in the plane or in space.
//!
//! Parts that nothing connects are projected each by itself: neighbors and random points are of the same part, so parts
//! are neither glued together nor pushed out of sight. Where they stand beside each other is [`crate::pack`]'s.

pub mod align;
pub mod coincident;
pub mod flat;
pub mod fuzzy_set;
pub mod lanes;
mod moving;
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
use moving::{Moving, by_tsne, by_umap};
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

/// The projection under way.
pub struct Status {
    by: Box<dyn Moving>,
    dim: usize,
    epochs_name: &'static str,
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
    let dim_out = options.dim as usize;
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
        Start::Auto | Start::Pca => pca::view_of_parts(embedding, dim, dim_out, parts),
        Start::Spectral => {
            let upper = graph.triples().filter(|&(i, j, _)| i < j);
            let (pairs, weights) = upper.map(|(i, j, w)| ([i, j], w)).unzip();
            spectral::start(nearest.n_rows(), dim_out, &NeighborPairs { pairs, weights }, seed)
        }
        Start::Random => {
            let mut rng = Rng::stream(seed, Use::ProjectStart, 1);
            (0..dim_out * nearest.n_rows()).map(|_| rng.uniform()).collect()
        }
    };
    let jitter = match options.method {
        Method::Umap => {
            fit(&mut start, dim_out, parts, START_WIDTH * options.spread as f32);
            JITTER
        }
        _ => {
            deviate(&mut start, dim_out, TSNE_START);
            TSNE_START * TSNE_JITTER
        }
    };
    let mut rng = Rng::stream(seed, Use::ProjectStart, 0);
    start.iter_mut().for_each(|v| *v += jitter * rng.normal());
    let by = match (options.method, dim_out) {
        (Method::Umap, 2) => by_umap(Umap::<2>::new(&graph, nearest, parts, options, seed), &start),
        (Method::Umap, _) => by_umap(Umap::<3>::new(&graph, nearest, parts, options, seed), &start),
        (_, 2) => by_tsne(Tsne::<2>::new(graph, parts, options), &start),
        _ => by_tsne(Tsne::<3>::new(graph, parts, options), &start),
    };
    let is_umap = options.method == Method::Umap;
    Ok(Status {
        by,
        dim: dim_out,
        epochs_name: if is_umap { "epochs" } else { "iterations" },
        parts: parts.clone(),
        apart: if is_umap { APART * options.spread as f32 } else { APART },
    })
}

impl Status {
    /// Epochs done; for t-SNE, iterations.
    pub fn epoch(&self) -> u32 {
        self.by.done()
    }

    /// Epochs in all; for t-SNE, iterations.
    pub fn n_epochs(&self) -> u32 {
        self.by.total()
    }

    /// What an epoch is called, in the plural.
    pub fn epochs_name(&self) -> &'static str {
        self.epochs_name
    }

    /// Goes on until epoch `until`.
    pub fn run(&mut self, until: u32) {
        self.by.run(until);
    }

    /// Goes on from where it stands by other options, if that is possible; see [`Umap::change`].
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let goes_on = self.by.change(options);
        if goes_on {
            self.apart = APART * options.spread as f32;
        }
        goes_on
    }

    /// t-SNE: the Kullback-Leibler divergence now, see [`Tsne::divergence`].
    pub fn divergence(&mut self) -> Option<f64> {
        self.by.divergence()
    }

    /// The layout now, row-major n_items x `dim`, its parts beside each other.
    pub fn layout(&self) -> Vec<f32> {
        pack::packed(self.by.places(), self.dim, &self.parts)
    }

    /// The finished layout, row-major n_items x `dim`, the mean of its largest part at the origin.
    pub fn finish(self) -> Vec<f32> {
        let mut layout = self.by.places().to_vec();
        center(&mut layout, self.dim);
        pack::pack(&mut layout, self.dim, &self.parts);
        coincident::part(&mut layout, self.dim, self.apart);
        layout
    }
}

/// Scales `layout` (row-major n x `dim`, each part's mean at the origin) so that the standard deviation of its wider axis is
/// `deviation`.
fn deviate(layout: &mut [f32], dim: usize, deviation: f32) {
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
