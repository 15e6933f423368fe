//! Options of counting, and what they may be.

use super::{Dissimilarity, Normalization, PairWeight, Similarity};
use crate::error::{Error, ErrorKind, Result};
use crate::knn::{self, Metric, Reduce};
use serde::{Deserialize, Serialize};

/// What a file of edges means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Edges {
    /// Each node with the nodes next to it is a collection, so nodes are near that have neighbors in common, as SCAN has
    /// it (Xu, Yuruk, Feng, Schweiger 2007).
    Neighborhoods,
    /// An edge's weight is the similarity of its two nodes; nothing is counted.
    Direct,
    /// An edge's weight is the distance of its two nodes, and a link from one to the other makes the other one of its nearest;
    /// nothing is counted, and no item is dropped. Edges with a column called `distance` and none for weights are read like
    /// this whatever is chosen.
    Distances,
}

/// How pairs are counted and compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CountOptions {
    /// What a file of edges means; other files do not mind. Default `neighborhoods`. With `direct` all options below but
    /// `dissimilarity` and `max_neighbors` are ignored, with `distances` all but `max_neighbors`.
    pub edges: Edges,
    /// What the two rows of a pair weigh together. Default `one`.
    pub pair_weight: PairWeight,
    /// Name of the rows' column that `closeness`, `gaussian` and `halfLife` compare. `null`: the first one (for `halfLife`
    /// the first time, if there is one). Default `null`.
    pub column: Option<String>,
    /// For `closeness` and `gaussian`: the relative difference at which a pair weighs nothing, or exp(-1/2). Above 0, up
    /// to 100. Larger values count more pairs. Default 0.5.
    pub range: f64,
    /// For `halfLife`: the difference at which a pair weighs one half, in the column's units, days for a time. Above 0.
    /// Larger values count more pairs. Default 30.
    pub half_life: f64,
    /// For `product`: points `[weight in the file, weight]` of a piecewise linear curve that weights go through first, the first
    /// numbers rising. 0 below the first point, as the last above it. `null`: weights as they are. The anime atlas':
    /// `[[6, 0.5], [7, 3.3], [8, 6.5], [9, 9.1], [10, 10.1]]`. Default `null`.
    pub rating_curve: Option<Vec<[f64; 2]>>,
    /// What a collection's size multiplies its pairs by. Default `none`.
    pub normalization: Normalization,
    /// The formula of the pair weight `formula`. Default `null`.
    pub formula: Option<String>,
    /// Similarity of two items. Default `latent`: chosen by label purity, see DESIGN.md.
    pub similarity: Similarity,
    /// For `pmi`, `positivePmi` and `lift`: added to every count and every expected count, from 0 (none) to 1000000. Larger
    /// values trust pairs less that are seen few times: without it, two items seen once, together, are nearest of all.
    /// Default 2.
    pub smoothing: f64,
    /// For `latent`: number of factors, from 16 to 128, a multiple of 8. More of them tell finer groups apart, and see more
    /// noise. Default 32.
    pub factors: u32,
    /// From similarity to the length of a graph edge. Default `oneMinus`.
    pub dissimilarity: Dissimilarity,
    /// For files of vectors: how they are taken to `reduce_dim` dimensions before their neighbors are searched: `none`, `pca`
    /// (principal components) or `randomProjection`. Default `none`.
    pub reduce: Reduce,
    /// For files of vectors: to how many dimensions, from 2 to 100; vectors that have no more stay as they are. More of them
    /// keep more of the detail, and of the noise. Default 50.
    pub reduce_dim: u32,
    /// For files of vectors: what near means; then only this, `vector_neighbors` and the two above are used. Default `euclidean`.
    pub metric: Metric,
    /// For files of vectors: nearest neighbors of each item, itself not counted, from 1 to 1000. Larger values show more of the
    /// whole and take longer. Default 20.
    pub vector_neighbors: u32,
    /// How many of the most similar items are kept for each item, from 1 to 100,000. Larger values make the graph
    /// denser and cost memory: 8 bytes a pair. Default 128.
    pub max_neighbors: u32,
}

impl Default for CountOptions {
    fn default() -> Self {
        CountOptions {
            edges: Edges::Neighborhoods,
            pair_weight: PairWeight::One,
            column: None,
            range: 0.5,
            half_life: 30.0,
            rating_curve: None,
            normalization: Normalization::None,
            formula: None,
            similarity: Similarity::Latent,
            smoothing: 2.0,
            factors: 32,
            dissimilarity: Dissimilarity::OneMinus,
            reduce: Reduce::None,
            reduce_dim: 50,
            metric: Metric::Euclidean,
            vector_neighbors: 20,
            max_neighbors: 128,
        }
    }
}

impl CountOptions {
    /// How the nearest vectors are searched.
    pub fn nearest(&self) -> knn::Options {
        let k = self.vector_neighbors as usize;
        knn::Options { k, metric: self.metric, search: knn::Search::Auto }
    }

    /// Checks every option's range, and that they fit each other.
    ///
    /// # Errors
    /// [`ErrorKind::OptionOutOfRange`].
    pub fn check(&self) -> Result<()> {
        let fail =
            |option, value, legal| Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }));
        if !(1..=100_000).contains(&self.max_neighbors) {
            return fail("count.maxNeighbors", self.max_neighbors.to_string(), "from 1 to 100000");
        }
        if !(1..=1000).contains(&self.vector_neighbors) {
            return fail("count.vectorNeighbors", self.vector_neighbors.to_string(), "from 1 to 1000");
        }
        if !(2..=100).contains(&self.reduce_dim) {
            return fail("count.reduceDim", self.reduce_dim.to_string(), "from 2 to 100");
        }
        if !(self.range > 0.0 && self.range <= 100.0) {
            return fail("count.range", self.range.to_string(), "a number above 0, up to 100");
        }
        if !(1e-6..=1e9).contains(&self.half_life) {
            return fail(
                "count.halfLife",
                self.half_life.to_string(),
                "a number from 0.000001 to 1000000000",
            );
        }
        if !(0.0..=1e6).contains(&self.smoothing) {
            return fail("count.smoothing", self.smoothing.to_string(), "a number from 0 to 1000000");
        }
        if !(16..=128).contains(&self.factors) || !self.factors.is_multiple_of(8) {
            return fail("count.factors", self.factors.to_string(), "from 16 to 128, a multiple of 8");
        }
        if let Some(curve) = &self.rating_curve {
            let rises = curve.windows(2).all(|p| p[0][0] < p[1][0]);
            let fits = |p: &[f64; 2]| p[0].is_finite() && (0.0..=1e9).contains(&p[1]);
            if curve.is_empty() || !rises || !curve.iter().all(fits) {
                let legal = "pairs [rating, weight], the ratings rising and the weights from 0 to 1000000000, or null";
                return fail("count.ratingCurve", format!("{curve:?}"), legal);
            }
        }
        if self.pair_weight == PairWeight::Formula && self.formula.is_none() {
            return fail("count.formula", "null".to_owned(), "a formula for the pair weight \"formula\"");
        }
        match self.edges {
            Edges::Neighborhoods => self.dissimilarity.check(self.similarity),
            // Whether it is read as a similarity or the file's weights is known only with the data.
            Edges::Direct | Edges::Distances => Ok(()),
        }
    }
}
