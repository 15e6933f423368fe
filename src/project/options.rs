//! Options: how the flat map is made. Those of the other method are kept and have no effect.

use super::tsne::affinities::Perplexity;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// How the flat map is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Uniform Manifold Approximation and Projection (McInnes, Healy, Melville 2018).
    Umap,
    /// t-distributed Stochastic Neighbor Embedding (van der Maaten, Hinton 2008).
    Tsne,
    /// Minimum Distortion Embedding straight in two dimensions, with the options of `embed`, from the principal view on.
    Mde,
    /// The embedding from where it is widest: its first two principal components.
    Pca,
    /// The embedding from a random side (Johnson, Lindenstrauss 1984).
    RandomProjection,
}

impl Method {
    /// Whether it lays out nearest neighbors; the others are made by [`super::flat`].
    pub fn needs_neighbors(self) -> bool {
        matches!(self, Method::Umap | Method::Tsne)
    }
}

/// Whose neighbors the flat map keeps near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NeighborsFrom {
    /// The nearest in the embedding: the map is a flattened embedding.
    Embedding,
    /// The most similar in the data, as far as the similarity graph lists them: closer to the data than by way of an
    /// embedding in few dimensions, and quicker, as there is none.
    Graph,
}

/// Where the points stand at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Start {
    /// `pca` from the embedding, `spectral` from the graph.
    Auto,
    /// The embedding's principal view: the map grows out of what was seen before.
    Pca,
    /// The bottom eigenvectors of the graph that is laid out, as umap-learn.
    Spectral,
    /// Anywhere, by the seed.
    Random,
}

/// How the flat map is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProjectOptions {
    /// Default `tsne`: on all labelled sets more of an item's neighbors on the map are of its label (docs/quality.md).
    pub method: Method,
    /// Whose neighbors are kept near. Default `graph`.
    pub from: NeighborsFrom,
    /// Dimensions of the map, 2 or 3. In space neighborhoods are kept better, and are harder to see. Default 2.
    pub dim: u32,
    /// UMAP: nearest neighbors of each point, itself not counted (umap-learn's n_neighbors counts it: 15 here is 16
    /// there); from 2 to 500. Larger values show more of the whole and blur the detail. Default 20.
    pub n_neighbors: u32,
    /// UMAP: least distance between points, from 0 to `spread`. Larger values loosen tight clusters. Default 0.6.
    pub min_dist: f64,
    /// UMAP: scale of the layout, from 0.1 to 10. Default 1.
    pub spread: f64,
    /// UMAP: epochs, from 1 to 5000. Larger values pull groups tighter and farther apart. Default 200, umap-learn's
    /// number for large data.
    pub epochs: u32,
    /// UMAP: random points each neighbor pair pushes away from, from 1 to 50. Default 5.
    pub negative_sample_rate: u32,
    /// UMAP: strength of that push, from 0 to 100. Larger values spread the map. Default 1.
    pub repulsion_strength: f64,
    /// UMAP: what becomes of a neighbor that only one end lists, from 0 (left out: the fuzzy intersection) to 1 (kept: the fuzzy
    /// union). Default 1.
    pub set_op_mix_ratio: f64,
    /// UMAP: how many of the nearest neighbors are held as firmly as can be, from 0 to 100; between whole numbers in proportion.
    /// Larger values keep the map more connected. Default 1.
    pub local_connectivity: f64,
    /// UMAP: weight of keeping how dense the data is around each point (densMAP; Narayan, Berger, Cho 2021), from 0 to 100; 0 is
    /// UMAP alone, umap-learn's densMAP has 2. Default 0.
    pub dens_lambda: f64,
    /// UMAP: the last share of the epochs, in which density counts, from 0 to 1. Default 0.3.
    pub dens_frac: f64,
    /// UMAP: added to the variance of the map's densities, so that a map of one density stands still; from 0 to 10. Default 0.1.
    pub dens_var_shift: f64,
    /// Where the points stand at first; `pca` is the embedding's and needs `from: embedding`. Default `auto`.
    pub start: Start,
    /// For very many items: so many of them, drawn by the seed, are laid out first, t-SNE's with a larger perplexity; the others
    /// begin among their neighbors, and all go on together for half as long, t-SNE at an exaggeration of at least 4. From 100 to
    /// 10000000; 0, or not fewer than there are items, lays out all at once. Default 0.
    pub sample: u32,
    /// t-SNE: effective number of neighbors of each point, from 2 to 300, or a list of 1 to 8 such numbers, whose
    /// affinities are averaged (openTSNE's Multiscale). Three times as many neighbors are searched. Default 30.
    pub perplexity: Perplexity,
    /// t-SNE: factor of all pulls in the early phase, from 1 to 100: groups find together before they are parted.
    /// Default 12, as openTSNE.
    pub early_exaggeration: f64,
    /// t-SNE: iterations of the early phase, from 0 to 10000; `iterations` of them at most. Default 80: openTSNE's 250 make
    /// no map purer (DESIGN.md).
    pub early_iterations: u32,
    /// t-SNE: factor of all pulls after the early phase, from 1 to 100. Larger values draw groups together; at about 4
    /// the map is like UMAP's (Böhm, Berens, Kobak 2022). Default 1.
    pub exaggeration: f64,
    /// t-SNE: iterations in all, from 1 to 10000. Default 300, where openTSNE's 750 make no map purer (DESIGN.md).
    pub iterations: u32,
    /// t-SNE: how far a step goes, from 1e-3 to 1e9. `null`: the number of points divided by the phase's exaggeration,
    /// at least 200, as openTSNE (Belkina et al. 2019). Default `null`.
    pub learning_rate: Option<f64>,
    /// t-SNE: degrees of freedom of the layout's kernel (1 + d^2 / a)^-a, from 0.2 to 100 (Kobak et al. 2019). Below 1
    /// groups fall into finer ones, large values come near SNE's Gaussian kernel. Default 1, t-SNE itself.
    pub degrees_of_freedom: f64,
}

impl Default for ProjectOptions {
    fn default() -> Self {
        ProjectOptions {
            method: Method::Tsne,
            from: NeighborsFrom::Graph,
            dim: 2,
            n_neighbors: 20,
            min_dist: 0.6,
            spread: 1.0,
            epochs: 200,
            negative_sample_rate: 5,
            repulsion_strength: 1.0,
            set_op_mix_ratio: 1.0,
            local_connectivity: 1.0,
            dens_lambda: 0.0,
            dens_frac: 0.3,
            dens_var_shift: 0.1,
            start: Start::Auto,
            sample: 0,
            perplexity: Perplexity::One(30.0),
            early_exaggeration: 12.0,
            early_iterations: 80,
            exaggeration: 1.0,
            iterations: 300,
            learning_rate: None,
            degrees_of_freedom: 1.0,
        }
    }
}

impl ProjectOptions {
    /// Whether it is made of an embedding.
    pub fn needs_embedding(&self) -> bool {
        self.from == NeighborsFrom::Embedding || !self.method.needs_neighbors()
    }

    /// How many nearest neighbors of each point the method asks for.
    pub fn wanted_neighbors(&self) -> usize {
        match self.method {
            Method::Umap => self.n_neighbors as usize,
            Method::Tsne => self.perplexity.wanted_neighbors(),
            Method::Mde | Method::Pca | Method::RandomProjection => 0,
        }
    }

    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        let fail = |option, value: String, legal| {
            Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }))
        };
        if self.start == Start::Pca && !self.needs_embedding() {
            return fail(
                "project.start",
                "\"pca\"".to_owned(),
                "\"auto\", \"spectral\" or \"random\" where project.from is \"graph\"",
            );
        }
        if !(2..=3).contains(&self.dim) {
            return fail("project.dim", self.dim.to_string(), "2 or 3");
        }
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
        for (option, value, most, legal) in [
            ("project.setOpMixRatio", self.set_op_mix_ratio, 1.0, "from 0 to 1"),
            ("project.localConnectivity", self.local_connectivity, 100.0, "from 0 to 100"),
            ("project.densLambda", self.dens_lambda, 100.0, "from 0 to 100"),
            ("project.densFrac", self.dens_frac, 1.0, "from 0 to 1"),
            ("project.densVarShift", self.dens_var_shift, 10.0, "from 0 to 10"),
        ] {
            if !(0.0..=most).contains(&value) {
                return fail(option, value.to_string(), legal);
            }
        }
        if self.sample != 0 && !(100..=10_000_000).contains(&self.sample) {
            return fail("project.sample", self.sample.to_string(), "from 100 to 10000000, or 0");
        }
        if !self.perplexity.is_legal() {
            let legal = "from 2 to 300, or a list of 1 to 8 such numbers";
            return fail("project.perplexity", self.perplexity.to_string(), legal);
        }
        for (option, value) in [
            ("project.earlyExaggeration", self.early_exaggeration),
            ("project.exaggeration", self.exaggeration),
        ] {
            if !(1.0..=100.0).contains(&value) {
                return fail(option, value.to_string(), "from 1 to 100");
            }
        }
        if self.early_iterations > 10_000 {
            return fail("project.earlyIterations", self.early_iterations.to_string(), "from 0 to 10000");
        }
        if !(1..=10_000).contains(&self.iterations) {
            return fail("project.iterations", self.iterations.to_string(), "from 1 to 10000");
        }
        if let Some(rate) = self.learning_rate.filter(|rate| !(1e-3..=1e9).contains(rate)) {
            return fail("project.learningRate", rate.to_string(), "from 0.001 to 1000000000, or null");
        }
        if !(0.2..=100.0).contains(&self.degrees_of_freedom) {
            return fail("project.degreesOfFreedom", self.degrees_of_freedom.to_string(), "from 0.2 to 100");
        }
        Ok(())
    }
}
