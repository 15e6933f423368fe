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
pub mod options;
pub mod pca;
pub mod sampled;
mod starting;
pub mod tsne;
pub mod umap;
pub mod weighing;

use crate::csr::Csr;
use crate::embed::center;
use crate::error::Result;
use crate::pack::{self, Parts};
pub use options::{Method, NeighborsFrom, ProjectOptions, Start};
pub use starting::Starting;
use tsne::Tsne;
use umap::Umap;

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
/// the neighbors are the graph's. All at once: see [`Starting`] for the same in steps.
pub fn initialize(
    embedding: &[f32],
    dim: usize,
    nearest: &Csr<f32>,
    parts: &Parts,
    options: &ProjectOptions,
    seed: u64,
) -> Result<Status> {
    let mut starting = Starting::new(embedding, dim, nearest.clone(), parts, options, seed)?;
    while !starting.is_done() {
        starting.step();
    }
    Ok(starting.finish())
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

    /// Does a piece of an epoch, or all of it where points are few.
    pub fn piece(&mut self) {
        match &mut self.by {
            Layout::Umap(umap) => umap.piece(&mut self.layout),
            Layout::Tsne(tsne) => tsne.piece(&mut self.layout),
        }
    }

    /// UMAP: leaves out the first half of the epochs, in which points move far.
    fn skip_to_middle(&mut self) {
        if let Layout::Umap(umap) = &mut self.by {
            umap.skip_to_middle();
        }
    }

    /// Goes on from where it stands by other options, if that is possible; see [`Umap::change`] and [`Tsne::change`].
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        match &mut self.by {
            Layout::Umap(umap) => {
                let goes_on = umap.change(options);
                if goes_on {
                    self.apart = APART * options.spread as f32;
                }
                goes_on
            }
            Layout::Tsne(tsne) => {
                tsne.end_iteration(&mut self.layout);
                tsne.change(options)
            }
        }
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
