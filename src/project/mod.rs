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
pub mod sampled;
mod starting;
pub mod tsne;
pub mod umap;
pub mod weighing;

use crate::csr::Csr;
use crate::embed::center;
use crate::error::Result;
use crate::pack::{self, Parts};
use moving::Moving;
pub use options::{Method, NeighborsFrom, ProjectOptions, Start};
pub use starting::Starting;

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

    /// Does a piece of an epoch, or all of it where points are few.
    pub fn piece(&mut self) {
        self.by.piece();
    }

    /// UMAP: leaves out the first half of the epochs, in which points move far.
    fn skip_to_middle(&mut self) {
        self.by.skip_to_middle();
    }

    /// Where the points stand, row-major n_items x `dim`, each part by itself.
    fn places(&self) -> &[f32] {
        self.by.places()
    }

    /// Goes on from where it stands by other options, if that is possible; see [`umap::Umap::change`] and
    /// [`tsne::Tsne::change`].
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let goes_on = self.by.change(options);
        if goes_on && options.method == Method::Umap {
            self.apart = APART * options.spread as f32;
        }
        goes_on
    }

    /// t-SNE: the Kullback-Leibler divergence now, see [`tsne::Tsne::divergence`].
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
