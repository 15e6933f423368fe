//! Options of the embedding: which problem, which functions, which constraint, and when to stop.

use super::loss::{Loss, LossName};
use super::method::Method;
use super::penalty::{Penalty, PenaltyName};
use super::skip_gram::Training;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// What the embedding keeps of the data: PyMDE's three recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmbedRecipe {
    /// Similar pairs near, sampled dissimilar pairs apart.
    PreserveNeighbors,
    /// The lengths of shortest paths along the graph, for all pairs or a sample of them.
    PreserveDistances,
    /// Similar pairs near by a quadratic penalty, standardized, nothing pushed: the spectral embedding.
    Laplacian,
}

/// Where the items stand at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Start {
    /// Independent standard normals.
    Random,
    /// The bottom eigenvectors of the pairs' Laplacian: PyMDE's `quadratic`, by an iteration that cannot stall.
    Spectral,
    /// The principal components of each item's distances to a few pivots (Harel and Koren 2002).
    Pca,
    /// Where they stood in the embedding before, so that a changed option moves things and not everything. Without an
    /// embedding before, as `spectral`.
    Previous,
}

/// What keeps the embedding in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConstraintName {
    /// The mean is at the origin.
    Centered,
    /// The mean is at the origin, each axis has variance 1, and no two axes are correlated.
    Standardized,
    /// Some items stay at given places; only for programs, which give the places.
    Anchored,
}

/// How the embedding is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EmbedOptions {
    /// What makes the embedding. Options of the other methods are kept and have no effect. Default `mde`.
    pub method: Method,
    /// What is kept of the data. Default `preserveNeighbors`.
    pub recipe: EmbedRecipe,
    /// Dimensions, from 2 to 512. 2 to 4 make maps; more make feature vectors for other uses. Default 3.
    pub dim: u32,
    /// Where the items stand at first. Default `spectral`.
    pub start: Start,
    /// Penalty of similar pairs: one that is smallest at distance 0, so not `log`, `invPower` or `logRatio`. Default
    /// `log1p`. Ignored unless the recipe is `preserveNeighbors`.
    pub attractive: PenaltyName,
    /// Exponent of `power` (`null`: 2) and `log1p` (`null`: 1.5); from 0.1 to 10. Larger values pull far pairs harder.
    pub attractive_exponent: Option<f64>,
    /// Threshold of `huber` (`null`: 0.5), `logistic` (`null`: 0), `sigmoid` and `hinge` (`null`: 1), a distance; from 0
    /// to 1000.
    pub attractive_threshold: Option<f64>,
    /// Steepness of `logistic` (`null`: 3) and `sigmoid` (`null`: 1); from 0.01 to 100.
    pub attractive_alpha: Option<f64>,
    /// Half the width between the thresholds of `hinge` for both signs; from 0 to 1000. `null`: half the threshold.
    pub attractive_sigma: Option<f64>,
    /// Penalty of dissimilar pairs: `log`, `invPower`, `logRatio`, `sigmoid` or `hinge`; with the constraint
    /// `standardized`, which bounds the distances, any. Default `log`. Ignored unless the recipe is `preserveNeighbors`.
    pub repulsive: PenaltyName,
    /// Exponent of `log` (`null`: 1), `invPower` (`null`: 1), `logRatio` (`null`: 2), and as `attractiveExponent`.
    pub repulsive_exponent: Option<f64>,
    /// As `attractiveThreshold`.
    pub repulsive_threshold: Option<f64>,
    /// As `attractiveAlpha`.
    pub repulsive_alpha: Option<f64>,
    /// As `attractiveSigma`.
    pub repulsive_sigma: Option<f64>,
    /// Loss of a pair whose distance should be given. Default `absolute`. Ignored unless the recipe is
    /// `preserveDistances`.
    pub loss: LossName,
    /// Exponent of the loss `power`, from 0.1 to 10. `null`: 2.
    pub loss_exponent: Option<f64>,
    /// Threshold of the loss `huber`, in units of the data's distances; from 0 to 1000. `null`: their mean.
    pub loss_threshold: Option<f64>,
    /// gamma of the loss `softFractional`, from 0.01 to 100. Larger values are nearer to `fractional`. `null`: 10.
    pub loss_gamma: Option<f64>,
    /// Most pairs whose distances are kept, from 1000 to 50,000,000; a pair takes 32 bytes. Default 5,000,000. Ignored
    /// unless the recipe is `preserveDistances`.
    pub max_distances: u32,
    /// Default `centered`; `laplacian` is always standardized.
    pub constraint: ConstraintName,
    /// Dissimilar pairs for each similar one, from 0.01 to 20; with the constraint `standardized` from 0, and PyMDE
    /// takes 0.5 there. Larger values keep strangers apart better, and take longer: at PyMDE's 1 an item is pushed by about as
    /// many others as pull it, and its place among its neighbors is rough. `null`: 2000 / sqrt(similar pairs), from 1 to 20, so that small data,
    /// where they cost little, gets the most. Default `null`.
    pub repulsive_fraction: Option<f64>,
    /// Most iterations of L-BFGS, from 0 to 10,000. Default 500.
    pub max_iterations: u32,
    /// Stops when the gradient's Euclidean norm is at most this; 0 or more. Default 1e-5.
    pub tolerance: f64,
    /// Stops when the average distortion fell by less than this share of itself in the last 20 iterations; from 0 (never)
    /// to 1. Default 0.001.
    pub min_decrease: f64,
    /// All methods but MDE: numbers of a vector, from 2 to 512. Default 32, nodevectors' number.
    pub vector_dim: u32,
    /// node2vec: walks from each item, from 1 to 100. Default 10, the paper's number.
    pub walks_per_item: u32,
    /// node2vec: items on a walk, from 2 to 1000. Default 40.
    pub walk_length: u32,
    /// node2vec: p of the paper, from 0.01 to 100. Smaller values send a walk back to where it came from. Default 1.
    pub return_p: f64,
    /// node2vec: q of the paper, from 0.01 to 100. Smaller values send a walk on to items that the one before is not next to.
    /// Default 1.
    pub in_out_q: f64,
    /// node2vec: how far apart on a walk two items may be to be partners, from 1 to 100. Default 5.
    pub window: u32,
    /// node2vec, item2vec: random items for each partner, from 1 to 50. Default 2: what is drawn matters
    /// more than what it is held against, so epochs are the better use of time than gensim's 5.
    pub negative_samples: u32,
    /// GGVec: steps along the pairs that tie two items, from 1 to 4. Default 1, as nodevectors.
    pub order: u32,
    /// GGVec: random pairs for each tied pair, from 0 to 20. Default 1: purer than nodevectors' 0.15.
    pub negative_ratio: f64,
    /// GGVec: exponent of the weights, from 0 to 2. Smaller values hold back heavy ones. Default 0.33, as nodevectors.
    pub exponent: f64,
    /// node2vec, item2vec, GGVec: epochs, from 1 to 10000. `null`: 20, 50, and at most 350, as nodevectors. Default `null`.
    pub training_epochs: Option<u32>,
    /// node2vec, item2vec, GGVec: how far a step goes at first, from 0.0001 to 1. `null`: 0.05, for GGVec 0.1, as nodevectors.
    /// Default `null`.
    pub learning_rate: Option<f64>,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        EmbedOptions {
            method: Method::Mde,
            recipe: EmbedRecipe::PreserveNeighbors,
            dim: 3,
            start: Start::Spectral,
            attractive: PenaltyName::Log1p,
            attractive_exponent: None,
            attractive_threshold: None,
            attractive_alpha: None,
            attractive_sigma: None,
            repulsive: PenaltyName::Log,
            repulsive_exponent: None,
            repulsive_threshold: None,
            repulsive_alpha: None,
            repulsive_sigma: None,
            loss: LossName::Absolute,
            loss_exponent: None,
            loss_threshold: None,
            loss_gamma: None,
            max_distances: 5_000_000,
            constraint: ConstraintName::Centered,
            repulsive_fraction: None,
            max_iterations: 500,
            tolerance: 1e-5,
            min_decrease: 1e-3,
            vector_dim: 32,
            walks_per_item: 10,
            walk_length: 40,
            return_p: 1.0,
            in_out_q: 1.0,
            window: 5,
            negative_samples: 2,
            order: 1,
            negative_ratio: 1.0,
            exponent: 0.33,
            training_epochs: None,
            learning_rate: None,
        }
    }
}

/// Dissimilar pairs in all, where the recipe leaves it open.
const DISSIMILAR: f64 = 1e6;

impl EmbedOptions {
    /// Dissimilar pairs for each of `similar` similar ones.
    pub fn repulsive_fraction_for(&self, similar: usize) -> f64 {
        self.repulsive_fraction.unwrap_or_else(|| (DISSIMILAR / similar.max(1) as f64).clamp(1.0, 20.0))
    }

    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        let standardized = self.constraint_name() == ConstraintName::Standardized;
        if !(2..=512).contains(&self.dim) {
            return refuse("embed.dim", self.dim, "from 2 to 512");
        }
        self.check_parameters()?;
        self.check_vectors()?;
        if matches!(self.attractive, PenaltyName::Log | PenaltyName::InvPower | PenaltyName::LogRatio) {
            return refuse(
                "embed.attractive",
                name_of(self.attractive),
                "a penalty that attracts: linear, quadratic, cubic, power, huber, logistic, sigmoid, hinge or log1p",
            );
        }
        let bounded = matches!(
            self.repulsive,
            PenaltyName::Log
                | PenaltyName::InvPower
                | PenaltyName::LogRatio
                | PenaltyName::Sigmoid
                | PenaltyName::Hinge
        );
        if !bounded && !standardized {
            return refuse(
                "embed.repulsive",
                name_of(self.repulsive),
                "log, invPower, logRatio, sigmoid or hinge; others push without end unless embed.constraint is standardized",
            );
        }
        let least = if standardized { 0.0 } else { 0.01 };
        if let Some(fraction) = self.repulsive_fraction
            && !(least..=20.0).contains(&fraction)
        {
            return refuse(
                "embed.repulsiveFraction",
                fraction,
                "from 0.01 to 20, or 0 with the constraint standardized; or null",
            );
        }
        if !(1000..=50_000_000).contains(&self.max_distances) {
            return refuse("embed.maxDistances", self.max_distances, "from 1000 to 50000000");
        }
        if self.max_iterations > 10_000 {
            return refuse("embed.maxIterations", self.max_iterations, "from 0 to 10000");
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return refuse("embed.tolerance", self.tolerance, "0 or a number above");
        }
        if !(0.0..=1.0).contains(&self.min_decrease) {
            return refuse("embed.minDecrease", self.min_decrease, "from 0 to 1");
        }
        Ok(())
    }

    fn check_parameters(&self) -> Result<()> {
        const EXPONENT: &str = "from 0.1 to 10, or null";
        const DISTANCE: &str = "from 0 to 1000, or null";
        const STEEPNESS: &str = "from 0.01 to 100, or null";
        let parameters = [
            ("embed.attractiveExponent", self.attractive_exponent, 0.1, 10.0, EXPONENT),
            ("embed.attractiveThreshold", self.attractive_threshold, 0.0, 1000.0, DISTANCE),
            ("embed.attractiveAlpha", self.attractive_alpha, 0.01, 100.0, STEEPNESS),
            ("embed.attractiveSigma", self.attractive_sigma, 0.0, 1000.0, DISTANCE),
            ("embed.repulsiveExponent", self.repulsive_exponent, 0.1, 10.0, EXPONENT),
            ("embed.repulsiveThreshold", self.repulsive_threshold, 0.0, 1000.0, DISTANCE),
            ("embed.repulsiveAlpha", self.repulsive_alpha, 0.01, 100.0, STEEPNESS),
            ("embed.repulsiveSigma", self.repulsive_sigma, 0.0, 1000.0, DISTANCE),
            ("embed.lossExponent", self.loss_exponent, 0.1, 10.0, EXPONENT),
            ("embed.lossThreshold", self.loss_threshold, 0.0, 1000.0, DISTANCE),
            ("embed.lossGamma", self.loss_gamma, 0.01, 100.0, STEEPNESS),
        ];
        for (option, value, low, high, legal) in parameters {
            if let Some(value) = value.filter(|value| !(low..=high).contains(value)) {
                return refuse(option, value, legal);
            }
        }
        Ok(())
    }

    fn check_vectors(&self) -> Result<()> {
        const TURN: &str = "from 0.01 to 100";
        let numbers = [
            ("embed.vectorDim", f64::from(self.vector_dim), 2.0, 512.0, "from 2 to 512"),
            ("embed.walksPerItem", f64::from(self.walks_per_item), 1.0, 100.0, "from 1 to 100"),
            ("embed.walkLength", f64::from(self.walk_length), 2.0, 1000.0, "from 2 to 1000"),
            ("embed.returnP", self.return_p, 0.01, 100.0, TURN),
            ("embed.inOutQ", self.in_out_q, 0.01, 100.0, TURN),
            ("embed.window", f64::from(self.window), 1.0, 100.0, "from 1 to 100"),
            ("embed.negativeSamples", f64::from(self.negative_samples), 1.0, 50.0, "from 1 to 50"),
            ("embed.order", f64::from(self.order), 1.0, 4.0, "from 1 to 4"),
            ("embed.negativeRatio", self.negative_ratio, 0.0, 20.0, "from 0 to 20"),
            ("embed.exponent", self.exponent, 0.0, 2.0, "from 0 to 2"),
            ("embed.trainingEpochs", f64::from(self.epochs()), 1.0, 10_000.0, "from 1 to 10000, or null"),
            ("embed.learningRate", self.rate(), 1e-4, 1.0, "from 0.0001 to 1, or null"),
        ];
        for (option, value, low, high, legal) in numbers {
            if !(low..=high).contains(&value) {
                return refuse(option, value, legal);
            }
        }
        Ok(())
    }

    /// Dimensions of the embedding, by its method.
    pub fn dimensions(&self) -> usize {
        (if self.method.makes_vectors() { self.vector_dim } else { self.dim }) as usize
    }

    /// Epochs of the methods that train vectors.
    pub(super) fn epochs(&self) -> u32 {
        self.training_epochs.unwrap_or(match self.method {
            Method::Ggvec => 350,
            Method::Item2vec => 50,
            _ => 20,
        })
    }

    /// Their learning rate.
    pub(super) fn rate(&self) -> f64 {
        self.learning_rate.unwrap_or(if self.method == Method::Ggvec { 0.1 } else { 0.05 })
    }

    /// How skip-gram is trained.
    pub fn training(&self, seed: u64) -> Training {
        Training {
            dim: self.vector_dim as usize,
            negatives: self.negative_samples,
            epochs: self.epochs(),
            rate: self.rate() as f32,
            seed,
        }
    }

    /// The penalty of similar pairs.
    pub fn attractive_penalty(&self) -> Penalty {
        if self.recipe == EmbedRecipe::Laplacian {
            return Penalty::Quadratic;
        }
        Penalty::new(
            self.attractive,
            self.attractive_exponent,
            self.attractive_threshold,
            self.attractive_alpha,
            self.attractive_sigma,
        )
    }

    /// The penalty of dissimilar pairs.
    pub fn repulsive_penalty(&self) -> Penalty {
        Penalty::new(
            self.repulsive,
            self.repulsive_exponent,
            self.repulsive_threshold,
            self.repulsive_alpha,
            self.repulsive_sigma,
        )
    }

    /// The loss, for deviations of this mean.
    pub fn loss_function(&self, mean_deviation: f64) -> Loss {
        Loss::new(self.loss, self.loss_exponent, self.loss_threshold, self.loss_gamma, mean_deviation)
    }

    /// The constraint that holds: the option's, or that of the recipe.
    pub fn constraint_name(&self) -> ConstraintName {
        if self.recipe == EmbedRecipe::Laplacian { ConstraintName::Standardized } else { self.constraint }
    }
}

/// The error of an option out of its range.
pub(super) fn refuse<T>(option: &'static str, value: impl ToString, legal: &'static str) -> Result<T> {
    Err(Error::new(ErrorKind::OptionOutOfRange { option, value: value.to_string(), legal }))
}

/// A penalty's name as the recipe writes it.
fn name_of(name: PenaltyName) -> String {
    serde_json::to_value(name).ok().and_then(|v| Some(v.as_str()?.to_owned())).unwrap_or_default()
}
