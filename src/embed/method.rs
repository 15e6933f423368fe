//! Method: which of the embedders makes the embedding, and any of them under way.

use super::ggvec;
use super::item2vec::Sets;
use super::node2vec;
use super::options::EmbedOptions;
use super::skip_gram::SkipGram;
use super::vectors::Vectors;
use super::{Input, Status, factors};
use crate::collect::Collections;
use crate::count::CountOptions;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What makes the embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Minimum Distortion Embedding (Agrawal, Ali, Boyd 2021): a few dimensions, in which distance means something.
    Mde,
    /// Skip-gram on random walks along the similar pairs (Grover, Leskovec 2016).
    Node2vec,
    /// Dot products that are the weights of the similar pairs (the package nodevectors).
    Ggvec,
    /// Skip-gram on the collections (Barkan, Koenigstein 2016).
    Item2vec,
    /// The leading latent factors of the collections: principal components.
    Factors,
}

impl Method {
    /// Whether it makes vectors to be compared by their cosine: rows of length 1, in `vectorDim` dimensions.
    pub fn makes_vectors(self) -> bool {
        self != Method::Mde
    }
}

/// An embedding under way, by any method.
pub enum Embedder {
    /// See [`super::Status`].
    Mde(Box<Status>),
    /// See [`node2vec::Status`].
    Node2vec(Box<node2vec::Status>),
    /// See [`ggvec::Status`].
    Ggvec(Box<ggvec::Status>),
    /// See [`SkipGram`].
    Item2vec(Box<SkipGram<Sets>>),
    /// See [`factors::Status`].
    Factors(Box<factors::Status>),
}

/// The start by `options.method`: the coordinates, row-major n_items x [`EmbedOptions::dimensions`], and what goes on from
/// there.
///
/// # Errors
/// Those of the methods, [`ErrorKind::OptionOutOfRange`](crate::error::ErrorKind) among them.
pub fn initialize(
    input: Input<'_>,
    collections: &Arc<Collections>,
    count: &CountOptions,
    options: &EmbedOptions,
    seed: u64,
) -> Result<(Vec<f32>, Embedder)> {
    options.check()?;
    let (n_items, dim) = (input.n_items, options.dimensions());
    let embedder = match options.method {
        Method::Mde => {
            let (x, status) = super::initialize(input, options, seed)?;
            return Ok((x, Embedder::Mde(Box::new(status))));
        }
        Method::Node2vec => {
            Embedder::Node2vec(Box::new(node2vec::initialize(n_items, &input.similar, options, seed)?))
        }
        Method::Ggvec => Embedder::Ggvec(Box::new(ggvec::initialize(n_items, &input.similar, options, seed))),
        Method::Item2vec => {
            Embedder::Item2vec(Box::new(SkipGram::new(Sets(collections.clone()), options.training(seed))))
        }
        Method::Factors => Embedder::Factors(Box::new(factors::initialize(collections, count, dim)?)),
    };
    // Where the methods begin, and what items that they never move keep.
    let mut x = vec![0.0; n_items * dim];
    Vectors::uniform(n_items, dim, 1.0, seed).write_unit(0, &mut x);
    Ok((x, embedder))
}

impl Embedder {
    /// Steps done: of MDE and GGVec, iterations over all items.
    pub fn step(&self) -> usize {
        match self {
            Embedder::Mde(status) => status.iteration(),
            Embedder::Node2vec(status) => status.step(),
            Embedder::Ggvec(status) => status.epoch(),
            Embedder::Item2vec(status) => status.step(),
            Embedder::Factors(status) => status.step(),
        }
    }

    /// Most steps.
    pub fn n_steps(&self) -> usize {
        match self {
            Embedder::Mde(status) => status.max_iterations(),
            Embedder::Node2vec(status) => status.n_steps(),
            Embedder::Ggvec(status) => status.n_epochs(),
            Embedder::Item2vec(status) => status.n_steps(),
            Embedder::Factors(status) => status.n_steps(),
        }
    }

    /// What a step is called, in the plural.
    pub fn steps_name(&self) -> &'static str {
        match self {
            Embedder::Mde(_) => "iterations",
            Embedder::Ggvec(_) => "epochs",
            _ => "steps",
        }
    }

    /// Whether it has stopped.
    pub fn is_finished(&self) -> bool {
        match self {
            Embedder::Mde(status) => status.is_finished(),
            Embedder::Ggvec(status) => status.is_finished(),
            _ => self.step() >= self.n_steps(),
        }
    }

    /// What the methods that train vectors make small; see each.
    pub fn loss(&self) -> Option<f64> {
        match self {
            Embedder::Mde(_) | Embedder::Factors(_) => None,
            Embedder::Node2vec(status) => status.loss(),
            Embedder::Ggvec(status) => status.loss(),
            Embedder::Item2vec(status) => status.loss(),
        }
    }

    /// Goes on until step `until`, or until it stops. `x` must be the coordinates as they were left. Where the runs are
    /// cut changes nothing.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        match self {
            Embedder::Mde(status) => status.run(x, until),
            Embedder::Node2vec(status) => status.run(x, until),
            Embedder::Ggvec(status) => status.run(x, until),
            Embedder::Item2vec(status) => status.run(x, until),
            Embedder::Factors(status) => status.run(x, until),
        }
    }
}
