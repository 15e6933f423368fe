//! GGVec: vectors whose dot products are the weights of a graph's edges (the package nodevectors; after GloVe, Pennington,
//! Socher, Manning 2014).
//!
//! Of an edge of weight w between i and j, the residual x_i . x_j + b_i + b_j - w^exponent is made small by its square; of
//! random pairs, the same with a weight of 0. Numbers stay between -1 and 1. nodevectors moves both ends of one
//! edge after the other, with threads that write over each other; here in an epoch every item moves by itself, first by its random
//! pairs, then along its edges, all others as they stood: the same bits on any number of threads.
//!
//! Orders above 1 add edges to neighbors of neighbors: the weights are then how likely a random walk of 1 to `order` steps
//! ends there, as in GraRep (Cao, Lu, Xu 2015).

use super::options::EmbedOptions;
use super::vectors::{Vectors, add, dot};
use super::walks::graph_of_pairs;
use crate::csr::Csr;
use crate::graph::{NeighborPairs, symmetrize};
use crate::parallel;
use crate::random::{Rng, Use};

/// Items in a unit of parallel work.
const ITEMS: usize = 64;
/// No residual counts more than this: nodevectors' `max_loss`.
const MOST: f32 = 10.0;
/// Over how many epochs the loss is watched: nodevectors' `tol_samples`.
const WATCHED: usize = 30;
/// It stops when the loss varied by less than this share of itself over those: nodevectors' `tol`.
const STEADY: f64 = 0.05;
/// Most edges that an item keeps where the order is above 1.
const MOST_EDGES: usize = 64;

/// The embedding under way.
pub struct Status {
    /// Targets: weights to the power of the exponent.
    edges: Csr<f32>,
    vectors: Vectors,
    biases: Vec<f32>,
    /// Random pairs of each item in an epoch.
    pushes: f64,
    rate: f32,
    epochs: usize,
    seed: u64,
    losses: Vec<f64>,
    steady: bool,
}

/// Ready to embed the graph of the `similar` pairs.
pub fn initialize(n_items: usize, similar: &NeighborPairs, options: &EmbedOptions, seed: u64) -> Status {
    let mut edges = of_order(graph_of_pairs(n_items, similar), options.order as usize);
    edges.values.iter_mut().for_each(|w| *w = libm::pow(f64::from(*w), options.exponent) as f32);
    Status {
        vectors: Vectors::uniform(n_items, options.vector_dim as usize, 0.5, seed),
        biases: vec![0.0; n_items],
        pushes: options.negative_ratio * edges.len() as f64 / n_items.max(1) as f64,
        rate: options.rate() as f32,
        epochs: options.epochs() as usize,
        edges,
        seed,
        losses: Vec::new(),
        steady: false,
    }
}

impl Status {
    /// Epochs done.
    pub fn epoch(&self) -> usize {
        self.losses.len()
    }

    /// Most epochs.
    pub fn n_epochs(&self) -> usize {
        self.epochs
    }

    /// Whether it has stopped.
    pub fn is_finished(&self) -> bool {
        self.steady || self.epoch() >= self.epochs
    }

    /// The mean absolute residual of the edges in the last epoch, before they moved.
    pub fn loss(&self) -> Option<f64> {
        self.losses.last().copied()
    }

    /// Goes on until epoch `until`, or until it stops. Writes the vectors into `x`, row-major n x dim, rows of length 1.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        while self.epoch() < until && !self.is_finished() {
            self.move_all();
            let last = &self.losses[self.losses.len().saturating_sub(WATCHED)..];
            let (low, high) = last.iter().fold((f64::INFINITY, 0.0f64), |(l, h), &v| (l.min(v), h.max(v)));
            self.steady = last.len() == WATCHED && high - low < STEADY * high;
        }
        self.vectors.write_unit(0, x);
    }

    /// An epoch: every item moves, all others as they stood.
    fn move_all(&mut self) {
        let this = &*self;
        let parts = parallel::map_chunks(self.biases.len(), ITEMS, |items| {
            let width = this.vectors.width;
            let mut rows = this.vectors.data[items.start * width..items.end * width].to_vec();
            let mut biases = this.biases[items.clone()].to_vec();
            let mut loss = 0.0;
            for ((item, row), bias) in items.zip(rows.chunks_exact_mut(width)).zip(&mut biases) {
                loss += this.move_one(item, row, bias);
            }
            (rows, biases, loss)
        });
        self.vectors.data.clear();
        self.biases.clear();
        let mut loss = 0.0;
        for (rows, biases, of_part) in parts {
            self.vectors.data.extend(rows);
            self.biases.extend(biases);
            loss += of_part;
        }
        self.losses.push(loss / self.edges.len().max(1) as f64);
    }

    /// Moves the vector `row` and the `bias` of `item`; returns the sum of its edges' absolute residuals.
    fn move_one(&self, item: usize, row: &mut [f32], bias: &mut f32) -> f64 {
        let (n, epoch) = (self.biases.len(), self.epoch());
        let mut step = |other: usize, target: f32| {
            let residual = dot(row, self.vectors.row(other)) + *bias + self.biases[other] - target;
            let by = -self.rate * residual.clamp(-MOST, MOST);
            add(row, by, self.vectors.row(other));
            row.iter_mut().for_each(|v| *v = v.clamp(-1.0, 1.0));
            *bias += by;
            residual.abs()
        };
        let mut rng = Rng::stream(self.seed, Use::Ggvec, (epoch as u64) << 32 | item as u64);
        // As many as are due on the whole, whole numbers in each epoch.
        let due = |epoch: usize| (self.pushes * epoch as f64) as usize;
        for _ in due(epoch)..due(epoch + 1) {
            step(rng.below(n as u32) as usize, 0.0);
        }
        let (others, targets) = self.edges.row(item);
        others.iter().zip(targets).map(|(&other, &target)| f64::from(step(other as usize, target))).sum()
    }
}

/// The edges of `graph` and, where the order is above 1, those of its further steps.
fn of_order(graph: Csr<f32>, order: usize) -> Csr<f32> {
    if order < 2 {
        return graph;
    }
    let n = graph.n_rows();
    let total: Vec<f32> = (0..n).map(|i| graph.row(i).1.iter().sum()).collect();
    let parts = parallel::map_chunks(n, ITEMS, |items| {
        let (mut reached, mut part) = (Vec::<(u32, f32)>::new(), Csr::<f32>::default());
        for item in items {
            let mut here = vec![(item as u32, 1.0f32)];
            reached.clear();
            for _ in 0..order {
                let from = here.iter().flat_map(|&(at, share)| {
                    let (columns, weights) = graph.row(at as usize);
                    let share = share / total[at as usize];
                    columns.iter().zip(weights).map(move |(&to, &w)| (to, share * w))
                });
                here = merged(from.collect());
                reached.extend(&here);
            }
            let mut all = merged(std::mem::take(&mut reached));
            all.retain(|&(to, _)| to as usize != item);
            // Largest first, ties by lower id: negated, so that the graph below keeps the larger of two directions.
            all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            part.push_row(all.into_iter().take(MOST_EDGES).map(|(to, share)| (to, -share)));
        }
        part
    });
    let mut lists = Csr::default();
    for part in &parts {
        (0..part.n_rows()).for_each(|r| {
            let (columns, values) = part.row(r);
            lists.push_row(columns.iter().copied().zip(values.iter().copied()));
        });
    }
    let mut graph = symmetrize(&lists);
    // In units of the mean, so that targets are about 1 as without it.
    let mean = graph.values.iter().map(|&v| f64::from(v)).sum::<f64>() / graph.len().max(1) as f64;
    graph.values.iter_mut().for_each(|v| *v = (f64::from(*v) / mean) as f32);
    graph
}

/// The entries with the values of equal ids added, ids rising.
fn merged(mut entries: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    entries.sort_by_key(|e| e.0);
    entries.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    entries
}
