//! Project: from the embedding to the flat map, by UMAP.
//!
//! [`initialize`] makes the graph and the start from the embedding's exact nearest neighbors; [`Status::run`] goes on to a
//! given epoch. The layout is row-major n_items x 2.
//!
//! Parts that nothing connects are projected each by itself: neighbors and random points are of the same part, so parts
//! are neither glued together nor pushed out of sight. Where they stand beside each other is [`crate::pack`]'s.

pub mod coincident;
pub mod fuzzy_set;
pub mod pca;
pub mod umap;

use crate::csr::Csr;
use crate::embed::{center, spectral};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::NeighborPairs;
use crate::pack::{self, Parts};
use crate::random::{Rng, Use};
use serde::{Deserialize, Serialize};
use umap::{Schedule, Umap};

/// How the flat map is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Uniform Manifold Approximation and Projection.
    Umap,
}

/// Where the points stand at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Start {
    /// The embedding's principal view: the map grows out of what was seen before.
    Pca,
    /// The bottom eigenvectors of the fuzzy graph, as umap-learn.
    Spectral,
}

/// How the flat map is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProjectOptions {
    /// Default `umap`.
    pub method: Method,
    /// Nearest neighbors of each point, itself not counted (umap-learn's n_neighbors counts it: 15 here is 16 there);
    /// from 2 to 500. Larger values show more of the whole and blur the detail. Default 20.
    pub n_neighbors: u32,
    /// Least distance between points, from 0 to `spread`. Larger values loosen tight clusters. Default 0.6.
    pub min_dist: f64,
    /// Scale of the layout, from 0.1 to 10. Default 1.
    pub spread: f64,
    /// Epochs, from 1 to 5000. Larger values pull groups tighter and farther apart. Default 200, umap-learn's number for
    /// large data.
    pub epochs: u32,
    /// Random points each neighbor pair pushes away from, from 1 to 50. Default 5.
    pub negative_sample_rate: u32,
    /// Strength of that push, from 0 to 100. Larger values spread the map. Default 1.
    pub repulsion_strength: f64,
    /// Where the points stand at first. Default `pca`.
    pub start: Start,
}

impl Default for ProjectOptions {
    fn default() -> Self {
        ProjectOptions {
            method: Method::Umap,
            n_neighbors: 20,
            min_dist: 0.6,
            spread: 1.0,
            epochs: 200,
            negative_sample_rate: 5,
            repulsion_strength: 1.0,
            start: Start::Pca,
        }
    }
}

impl ProjectOptions {
    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        let fail = |option, value: String, legal| {
            Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }))
        };
        if !(2..=500).contains(&self.n_neighbors) {
            return fail("project.nNeighbors", self.n_neighbors.to_string(), "from 2 to 500");
        }
        if !(0.1..=10.0).contains(&self.spread) {
            return fail("project.spread", self.spread.to_string(), "from 0.1 to 10");
        }
        if !(0.0..=self.spread).contains(&self.min_dist) {
            return fail("project.minDist", self.min_dist.to_string(), "from 0 to project.spread");
        }
        if !(1..=5000).contains(&self.epochs) {
            return fail("project.epochs", self.epochs.to_string(), "from 1 to 5000");
        }
        if !(1..=50).contains(&self.negative_sample_rate) {
            return fail("project.negativeSampleRate", self.negative_sample_rate.to_string(), "from 1 to 50");
        }
        if !(0.0..=100.0).contains(&self.repulsion_strength) {
            return fail("project.repulsionStrength", self.repulsion_strength.to_string(), "from 0 to 100");
        }
        Ok(())
    }
}

/// Width of the start's longer side, in units of `spread`: umap-learn's.
const START_WIDTH: f32 = 10.0;
/// Standard deviation of the jitter that parts points in one place.
const JITTER: f32 = 1e-4;

/// How far points that end in one place are parted, in units of `spread`.
const APART: f32 = 0.01;

/// The projection under way.
pub struct Status {
    umap: Umap,
    layout: Vec<[f32; 2]>,
    parts: Parts,
    spread: f32,
}

/// Ready to lay out the points whose k `nearest` neighbors are given, none of another part (see
/// [`crate::graph::nearest::nearest_within_parts`]); `embedding` is row-major n_items x `dim` and gives the start.
pub fn initialize(
    embedding: &[f32],
    dim: usize,
    nearest: &Csr<f32>,
    parts: &Parts,
    options: &ProjectOptions,
    seed: u64,
) -> Result<Status> {
    options.check()?;
    let n = nearest.n_rows();
    let graph = fuzzy_set::fuzzy_union(&fuzzy_set::neighbor_strengths(nearest));
    let mut start = match options.start {
        Start::Pca => pca::view_of_parts(embedding, dim, parts),
        Start::Spectral => {
            let upper = graph.triples().filter(|&(i, j, _)| i < j);
            let (pairs, weights) = upper.map(|(i, j, w)| ([i, j], w)).unzip();
            spectral::start(n, 2, &NeighborPairs { pairs, weights }, seed)
        }
    };
    let mut rng = Rng::stream(seed, Use::ProjectStart, 0);
    fit(&mut start, parts, START_WIDTH * options.spread as f32);
    start.iter_mut().for_each(|v| *v += JITTER * rng.normal());
    let layout = start.chunks_exact(2).map(|p| [p[0], p[1]]).collect();
    let (a, b) = fuzzy_set::find_ab(options.min_dist, options.spread);
    let schedule = Schedule {
        a: a as f32,
        b: b as f32,
        repulsion_strength: options.repulsion_strength as f32,
        negative_sample_rate: options.negative_sample_rate,
        n_epochs: options.epochs,
        seed,
    };
    Ok(Status {
        umap: Umap::new(&graph, parts, schedule),
        layout,
        parts: parts.clone(),
        spread: options.spread as f32,
    })
}

impl Status {
    /// Epochs done.
    pub fn epoch(&self) -> u32 {
        self.umap.epoch()
    }

    /// Epochs in all.
    pub fn n_epochs(&self) -> u32 {
        self.umap.n_epochs()
    }

    /// Goes on until epoch `until`.
    pub fn run(&mut self, until: u32) {
        self.umap.run(&mut self.layout, until);
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
        coincident::part(&mut layout, 2, APART * self.spread);
        layout
    }
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
