//! Sampled: the layout of very many items by way of a random part of them (openTSNE's notebook "Preserving global alignment";
//! Kobak, Berens 2019).
//!
//! The sample is laid out first, t-SNE's with a larger perplexity, so that it sees the whole; the others begin among their
//! neighbors of it, and all go on together for half as long: t-SNE with pulls exaggerated four times, which keeps groups of very many
//! points together, UMAP in the second half of its cooling. In steps, as everything here.

pub mod links;
pub mod placing;

use super::options::{Method, ProjectOptions};
use super::tsne::affinities::Perplexity;
use super::{Starting, Status as Layout};
use crate::csr::Csr;
use crate::error::Result;
use crate::pack::{self, Parts};
use crate::random::{Rng, Use};
use links::Links;
use placing::{Placing, Rounds};

/// The sample's perplexity is this share of its number, up to the most.
const PERPLEXITY: f64 = 0.01;
const MOST_PERPLEXITY: f64 = 100.0;
/// Exaggeration when all items go on, at least.
const EXAGGERATION: f64 = 4.0;
/// Standard deviation of what parts items that begin in one place, as a share of the layout's.
const JITTER: f64 = 1e-3;

/// Which items are of the sample: `count` of `n` without repetition, rising, named by `seed`.
pub fn sample(n: usize, count: usize, seed: u64) -> Vec<u32> {
    // Each item in turn with the chance that as many as are still wanted come from those left (Knuth 1969, algorithm S).
    let mut rng = Rng::stream(seed, Use::ProjectSample, 0);
    let mut wanted = count.min(n) as u32;
    let is_taken = |&i: &u32| {
        let taken = rng.below(n as u32 - i) < wanted;
        wanted -= u32::from(taken);
        taken
    };
    (0..n as u32).filter(is_taken).collect()
}

/// A layout under way.
pub struct Status {
    options: ProjectOptions,
    seed: u64,
    parts: Parts,
    /// All items' neighbors, until they are weighed.
    nearest: Csr<f32>,
    /// Row-major n x `dim`, or empty.
    embedding: Vec<f32>,
    dim: usize,
    ids: Vec<u32>,
    rank_of: Vec<u32>,
    rounds: Rounds,
    at: At,
}

/// What the next step does.
enum At {
    Lead,
    Link(Box<Links>),
    Begin(Box<Starting>),
    Sample(Box<Layout>),
    Place(Box<Placing>),
    BeginAll(Box<Starting>),
    All(Box<Layout>),
}

/// Ready to lay out items by way of [`ProjectOptions::sample`] of them. The other arguments are those of [`super::initialize`].
pub fn initialize(
    embedding: &[f32],
    dim: usize,
    nearest: Csr<f32>,
    parts: &Parts,
    options: &ProjectOptions,
    seed: u64,
) -> Result<Status> {
    options.check()?;
    let n = nearest.n_rows();
    let ids = sample(n, options.sample as usize, seed);
    let mut rank_of = vec![u32::MAX; n];
    (0..).zip(&ids).for_each(|(rank, &i)| rank_of[i as usize] = rank);
    let rounds = Rounds::new(&rank_of);
    let (options, parts, embedding) = (options.clone(), parts.clone(), embedding.to_vec());
    Ok(Status { options, seed, parts, nearest, embedding, dim, ids, rank_of, rounds, at: At::Lead })
}

/// The sample's own options.
fn of_sample(options: &ProjectOptions) -> ProjectOptions {
    let larger = (PERPLEXITY * f64::from(options.sample)).min(MOST_PERPLEXITY);
    let own = options.perplexity.values().iter().fold(0.0f64, |most, &p| most.max(p));
    let perplexity = if own < larger { Perplexity::One(larger) } else { options.perplexity.clone() };
    ProjectOptions { perplexity, ..options.clone() }
}

/// Those of all items.
fn of_all(options: &ProjectOptions) -> ProjectOptions {
    ProjectOptions {
        early_iterations: 0,
        exaggeration: options.exaggeration.max(EXAGGERATION),
        iterations: options.iterations.div_ceil(2),
        ..options.clone()
    }
}

impl Status {
    /// Whether all items are laid out.
    pub fn is_done(&self) -> bool {
        matches!(&self.at, At::All(layout) if layout.epoch() >= layout.n_epochs())
    }

    /// The share of the work that is done, from 0 to 1, and a short line for people.
    pub fn progress(&self) -> (f64, String) {
        let epochs = |layout: &Layout| {
            let (epoch, n_epochs) = (layout.epoch(), layout.n_epochs());
            let text = format!("{epoch} of {n_epochs} {}", layout.epochs_name());
            (f64::from(epoch) / f64::from(n_epochs.max(1)), text)
        };
        let sample = || "The sample: ".to_owned();
        match &self.at {
            At::Lead => (0.0, sample() + "finding who follows it"),
            At::Link(links) => {
                let share = links.done() as f64 / self.ids.len().max(1) as f64;
                (0.02 + 0.05 * share, sample() + "finding its neighbors")
            }
            At::Begin(starting) => {
                (0.07 + 0.03 * starting.share(), sample() + "finding places to start from")
            }
            At::Sample(layout) => {
                let (share, text) = epochs(layout);
                (0.1 + 0.2 * share, sample() + &text)
            }
            At::Place(_) => (0.3, "Placing all others".to_owned()),
            At::BeginAll(starting) => (0.3 + 0.1 * starting.share(), "Weighing all neighbors".to_owned()),
            At::All(layout) => {
                let (share, text) = epochs(layout);
                (0.4 + 0.6 * share, text)
            }
        }
    }

    /// Does a step.
    pub fn step(&mut self) -> Result<()> {
        self.at = match std::mem::replace(&mut self.at, At::Lead) {
            At::Lead if !self.rounds.is_done() => {
                self.rounds.step(&self.nearest);
                At::Lead
            }
            At::Lead => At::Link(Box::new(Links::new(of_sample(&self.options).wanted_neighbors()))),
            At::Link(mut links) if links.done() < self.ids.len() => {
                links.step(&self.nearest, &self.ids, &self.rank_of);
                At::Link(links)
            }
            At::Link(links) => At::Begin(Box::new(self.begin(links.finish())?)),
            At::Begin(mut starting) if !starting.is_done() => {
                starting.step();
                At::Begin(starting)
            }
            At::Begin(starting) => At::Sample(Box::new(starting.finish())),
            At::Sample(mut layout) if layout.epoch() < layout.n_epochs() => {
                layout.piece();
                At::Sample(layout)
            }
            At::Sample(layout) => {
                At::Place(Box::new(Placing::new(&self.rounds, layout.places(), self.options.dim as usize)))
            }
            At::Place(mut placing) if !placing.is_done() => {
                placing.step(&self.nearest, &self.rounds.round_of);
                At::Place(placing)
            }
            At::Place(placing) => At::BeginAll(Box::new(self.begin_all(placing.layout)?)),
            At::BeginAll(mut starting) if !starting.is_done() => {
                starting.step();
                At::BeginAll(starting)
            }
            At::BeginAll(starting) => {
                let mut layout = starting.finish();
                layout.skip_to_middle();
                At::All(Box::new(layout))
            }
            At::All(mut layout) => {
                layout.piece();
                At::All(layout)
            }
        };
        Ok(())
    }

    /// The sample with its neighbors.
    fn begin(&self, nearest: Csr<f32>) -> Result<Starting> {
        let dim = self.dim;
        let row = |&i: &u32| self.embedding.get(i as usize * dim..(i as usize + 1) * dim).unwrap_or_default();
        let embedding: Vec<f32> = self.ids.iter().flat_map(row).copied().collect();
        // Numbered in the order of their first items.
        let mut number = vec![u32::MAX; self.parts.count()];
        let mut parts = Parts::default();
        for &i in &self.ids {
            let number = &mut number[self.parts.of_item[i as usize] as usize];
            if *number == u32::MAX {
                *number = parts.sizes.len() as u32;
                parts.sizes.push(0);
            }
            parts.of_item.push(*number);
            parts.sizes[*number as usize] += 1;
        }
        Starting::new(&embedding, dim, nearest, &parts, &of_sample(&self.options), self.seed)
    }

    /// All items from where they were placed.
    fn begin_all(&mut self, mut start: Vec<f32>) -> Result<Starting> {
        if self.options.method == Method::Tsne {
            // As dense as the sample was. UMAP's layouts keep their size.
            let growth = (self.rank_of.len() as f64 / self.ids.len().max(1) as f64).sqrt() as f32;
            start.iter_mut().for_each(|v| *v *= growth);
        }
        let square: f64 = start.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
        let jitter = (JITTER * (square / start.len().max(1) as f64).sqrt()) as f32;
        let mut rng = Rng::stream(self.seed, Use::ProjectSample, 1);
        start.iter_mut().for_each(|v| *v += jitter * rng.normal());
        let nearest = std::mem::take(&mut self.nearest);
        Starting::placed(start, nearest, &self.parts, &of_all(&self.options), self.seed)
    }

    /// Goes on from where it stands by other options, if that is possible; see [`Layout::change`].
    pub fn change(&mut self, options: &ProjectOptions) -> bool {
        let goes_on = options.sample == self.options.sample
            && match &mut self.at {
                At::Sample(layout) => layout.change(&of_sample(options)),
                At::All(layout) => layout.change(&of_all(options)),
                _ => false,
            };
        if goes_on {
            self.options = options.clone();
        }
        goes_on
    }

    /// Whether there is a layout to show.
    pub fn has_layout(&self) -> bool {
        matches!(self.at, At::Sample(_) | At::Place(_) | At::All(_))
    }

    /// The layout now, row-major n_items x `project.dim`, its parts beside each other; items without a place of their own stand with a
    /// sampled one, or at the origin.
    pub fn layout(&self) -> Vec<f32> {
        let dim = self.options.dim as usize;
        match &self.at {
            At::Sample(layout) => {
                let place = |&leader: &u32| {
                    layout
                        .places()
                        .get(leader as usize * dim..(leader as usize + 1) * dim)
                        .unwrap_or(&[0.0; 3][..dim])
                };
                let all: Vec<f32> = self.rounds.leader.iter().flat_map(place).copied().collect();
                pack::packed(&all, dim, &self.parts)
            }
            At::Place(placing) => pack::packed(&placing.layout, dim, &self.parts),
            At::All(layout) => layout.layout(),
            _ => vec![0.0; dim * self.parts.of_item.len()],
        }
    }

    /// The finished layout of all items; `None` before they are laid out.
    pub fn finish(self) -> Option<Box<Layout>> {
        match self.at {
            At::All(layout) => Some(layout),
            _ => None,
        }
    }
}

/// Whether these options mean a sample of `n` items.
pub fn is_sampled(options: &ProjectOptions, n: usize) -> bool {
    matches!(options.method, Method::Umap | Method::Tsne) && (1..n).contains(&(options.sample as usize))
}
