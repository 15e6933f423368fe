//! Map: what a run makes, complete when it is done.

use super::reference::Reference;
use crate::collect::Collections;
use crate::csr::Csr;
use crate::embed::Distortions;
use crate::error::Result;
use crate::graph::{Graph, NeighborPairs};
use crate::measure::ordering::Spaces;
use crate::measure::quality::Input;
use crate::measure::{Hubness, Labels};
use crate::pack::{self, Parts};
use crate::project::{self, flat, pca, sampled};
use crate::recipe::Recipe;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// Most dimensions that the flat map is made from, if coordinates are distances.
const MOST_DIMENSIONS: usize = 4;
/// Most dimensions whose principal axes are found for a live picture.
const MOST_VIEWED: usize = 64;

/// Sizes along the way, for the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
    /// Rows read.
    pub rows: u64,
    /// Rows with a blank collection or item, left out.
    pub skipped_rows: u64,
    /// Rows that repeated a pair, counted once.
    pub repeated_rows: usize,
    /// Collections in the file.
    pub collections: usize,
    /// Items in the file.
    pub items_read: usize,
    /// Items in the map.
    pub items: usize,
    /// Pairs of items in the similarity graph.
    pub graph_edges: usize,
    /// Pairs kept near in the embedding.
    pub similar_pairs: usize,
    /// Pairs pushed apart in the embedding.
    pub dissimilar_pairs: usize,
    /// Parts of the neighbor graph that nothing connects.
    pub components: usize,
    /// Items in the largest part.
    pub largest_component: usize,
    /// Items that nothing connects with any other: parts of one item.
    pub isolated: usize,
}

/// A finished map. What is large and goes on unchanged into the next run is shared, not copied.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Positions, row-major n_items x `layout_dim`.
    pub layout: Vec<f32>,
    /// Dimensions of the layout, 2 or 3; 0 where there is none yet.
    pub layout_dim: usize,
    /// The embedding, row-major n_items x `dim`.
    pub embedding: Vec<f32>,
    /// Dimensions of the embedding.
    pub dim: usize,
    /// Who has what, indexed.
    pub collections: Arc<Collections>,
    /// The similarity graph: each item's near items, nearest first.
    pub graph: Arc<Graph>,
    /// The pairs that the embedding keeps near.
    pub similar: NeighborPairs,
    /// The parts of the neighbor graph that nothing connects, each laid out by itself.
    pub parts: Parts,
    /// Sizes along the way.
    pub sizes: Sizes,
    /// The embedding's average distortion; 0 but for MDE.
    pub average_distortion: f64,
    /// What the embedders that train vectors make small: see [`crate::embed::Embedder::loss`].
    pub loss: Option<f64>,
    /// How the distortions of its pairs are distributed, and which are the worst.
    pub distortions: Distortions,
    /// Whether few items draw the links of all: of each item's 10 most similar.
    pub hubness: Hubness,
    /// Of vectors, the share of the nearest neighbors that the search found, on a sample. `None` for other data.
    pub recall: Option<f64>,
    /// What t-SNE made small: the Kullback-Leibler divergence of the layout from the affinities, in nats. `None` for UMAP.
    pub divergence: Option<f64>,
    /// Iterations of the embedding; steps of the embedders that have none.
    pub iterations: usize,
    /// Whether positions were carried over from an earlier map or from another setting, so that data, recipe and seed
    /// alone do not give the same bits again.
    pub continued: bool,
    /// The recipe it was made by.
    pub recipe: Recipe,
}

impl Map {
    /// 64 bits of the positions' bits, as 16 hexadecimal digits: equal for equal maps, so a link can say what it
    /// promised. FNV-1a (Fowler, Noll, Vo) over the little-endian bytes.
    pub fn hash(&self) -> String {
        let bytes = self.layout.iter().flat_map(|v| v.to_bits().to_le_bytes());
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }

    /// What the map is measured against: its graph, the space of the data and `labels`.
    pub fn measure_input<'a>(&'a self, reference: &'a Reference, labels: &'a [Labels<'a>]) -> Input<'a> {
        let spaces = Spaces {
            layout: &self.layout,
            dim: self.layout_dim,
            reference: &reference.points,
            reference_dim: reference.dim.max(1),
        };
        Input { spaces, lists: &self.graph, parts: &self.parts, labels, seed: self.recipe.seed }
    }

    /// Takes the finished layout, in the recipe's dimensions.
    pub(super) fn place(&mut self, layout: Vec<f32>) {
        (self.layout, self.layout_dim) = (layout, self.recipe.project.dim as usize);
    }

    /// Forgets what an earlier recipe's embedding was: the layout is to be made without one.
    pub(super) fn forget_embedding(&mut self) {
        let before = std::mem::take(self);
        *self = Map {
            layout: before.layout,
            layout_dim: before.layout_dim,
            collections: before.collections,
            graph: before.graph,
            similar: before.similar,
            parts: before.parts,
            sizes: Sizes { dissimilar_pairs: 0, ..before.sizes },
            hubness: before.hubness,
            recall: before.recall,
            recipe: before.recipe,
            ..Map::default()
        };
    }

    /// The embedding in at most 4 dimensions, which the flat map is made of: where it has more, its first principal axes.
    /// Exact neighbors are searched in few dimensions only; more are meant as features for other programs.
    pub(super) fn space(&self) -> (Cow<'_, [f32]>, usize) {
        match self.dim {
            0..=MOST_DIMENSIONS => (Cow::Borrowed(&self.embedding), self.dim),
            _ if self.recipe.embed.method.makes_vectors() => (Cow::Borrowed(&self.embedding), self.dim),
            _ => {
                let axes = pca::principal_axes(&self.embedding, self.dim, MOST_DIMENSIONS);
                (Cow::Owned(axes), MOST_DIMENSIONS)
            }
        }
    }

    /// Where items stand that have no place by this recipe yet: where the map before had them, else on a sunflower. In the
    /// recipe's dimensions.
    pub(super) fn unplaced(&self) -> Vec<f32> {
        let dim = self.recipe.project.dim as usize;
        match self.layout_dim {
            _ if self.layout.is_empty() => sunflower(&self.collections.popularity(), dim),
            before if before == dim => self.layout.clone(),
            before => pca::principal_axes(&self.layout, before, dim),
        }
    }

    /// The projection of these `nearest` neighbors, nothing done.
    pub(super) fn projection(&self, nearest: Csr<f32>) -> Result<project::Starting> {
        let (x, dim) = self.space();
        project::Starting::new(&x, dim, nearest, &self.parts, &self.recipe.project, self.recipe.seed)
    }

    /// The same by way of a sample.
    pub(super) fn sampled(&self, nearest: Csr<f32>) -> Result<sampled::Status> {
        let (x, dim) = self.space();
        sampled::initialize(&x, dim, nearest, &self.parts, &self.recipe.project, self.recipe.seed)
    }

    /// The projection that needs no neighbors, ready to begin.
    pub(super) fn flat(&self) -> Result<flat::Status> {
        let recipe = &self.recipe;
        let (x, dim) = self.space();
        let source = flat::Source {
            embedding: &x,
            dim,
            unit_rows: recipe.embed.method.makes_vectors(),
            similar: &self.similar,
            graph: &self.graph,
            parts: &self.parts,
        };
        let project = &recipe.project;
        flat::initialize(&source, project.method, project.dim as usize, &recipe.embed, recipe.seed)
    }

    /// What is shown of the embedding while it moves: its principal view in the map's dimensions, the parts beside each other; of more than 4
    /// dimensions (64 of vectors) the first ones, as finding the view would take longer than moving.
    pub(super) fn view(&self) -> Vec<f32> {
        let most = if self.recipe.embed.method.makes_vectors() { MOST_VIEWED } else { MOST_DIMENSIONS };
        let wanted = self.recipe.project.dim as usize;
        let view = match self.dim {
            dim if dim <= most => pca::view_of_parts(&self.embedding, dim, wanted, &self.parts),
            dim => self.embedding.chunks_exact(dim).flat_map(|row| &row[..wanted]).copied().collect(),
        };
        pack::packed(&view, wanted, &self.parts)
    }
}

/// Items that have no place yet, the most popular in the middle: evenly spread on a disc of radius 1, each turned by the
/// golden angle from the one before (Vogel 1979). Row-major n x `dim`, 0 along further axes.
fn sunflower(popularity: &[u32], dim: usize) -> Vec<f32> {
    const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
    let n = popularity.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(popularity[i]));
    let mut out = vec![0.0; dim * n];
    for (rank, item) in order.into_iter().enumerate() {
        let radius = ((rank as f64 + 0.5) / n as f64).sqrt();
        let (sin, cos) = libm::sincos(GOLDEN_ANGLE * rank as f64);
        out[dim * item] = (radius * cos) as f32;
        out[dim * item + 1] = (radius * sin) as f32;
    }
    out
}
