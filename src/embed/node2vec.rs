//! Node2vec: skip-gram on random walks (Grover, Leskovec 2016): items that a walk visits one soon after another are each
//! other's partners.
//!
//! The graph is that of the similar pairs, with their weights: what MDE draws together. A partner is at most `window` places
//! from the item on a walk, one place away as often as word2vec's shrinking windows make it: with a share of
//! window - d + 1 for d places. 8 bytes for each place of a walk.

use super::options::{EmbedOptions, refuse};
use super::skip_gram::{Partners, SkipGram, Training};
use super::walks::{Walker, graph_of_pairs};
use crate::error::Result;
use crate::graph::NeighborPairs;
use crate::random::Rng;

/// Items whose walks are walked in a step.
const ITEMS: usize = 1024;
/// Places of walks in all: a gigabyte.
const MOST_PLACES: usize = 1 << 27;
/// Partners that an item draws in an epoch.
const PARTNERS: usize = 100;
/// How often a place beyond the walk's ends, or of the item itself, is drawn before this draw meets none.
const TRIES: usize = 8;

/// The walks as text.
pub struct Walks {
    /// The walks, each `length` items.
    places: Vec<u32>,
    length: usize,
    window: u32,
    /// Where in `places` each item stands: those of item i from `offsets[i]` on.
    at: Vec<u32>,
    offsets: Vec<usize>,
}

impl Walks {
    /// The text of `places`, walks of `length` items each.
    pub fn new(places: Vec<u32>, length: usize, window: u32, n_items: usize) -> Walks {
        let mut offsets = vec![0usize; n_items + 1];
        places.iter().for_each(|&item| offsets[item as usize + 1] += 1);
        (0..n_items).for_each(|i| offsets[i + 1] += offsets[i]);
        let (mut next, mut at) = (offsets.clone(), vec![0u32; places.len()]);
        for (place, &item) in places.iter().enumerate() {
            at[next[item as usize]] = place as u32;
            next[item as usize] += 1;
        }
        Walks { places, length, window, at, offsets }
    }
}

impl Partners for Walks {
    fn frequencies(&self) -> Vec<u32> {
        self.offsets.windows(2).map(|w| (w[1] - w[0]) as u32).collect()
    }

    fn draws(&self, _: usize) -> usize {
        PARTNERS
    }

    fn draw(&self, item: usize, rng: &mut Rng) -> Option<u32> {
        let at = &self.at[self.offsets[item]..self.offsets[item + 1]];
        if at.is_empty() {
            return None;
        }
        for _ in 0..TRIES {
            let place = at[rng.below(at.len() as u32) as usize] as usize;
            // The smaller of two different numbers from 0 to window: d places away with a share of window - d + 1.
            let (a, b) = (rng.below(self.window + 1), rng.below(self.window));
            let far = if b >= a { a + 1 } else { b + 1 } as usize;
            let inside = place % self.length;
            let partner = match rng.below(2) {
                0 if inside >= far => self.places[place - far],
                1 if inside + far < self.length => self.places[place + far],
                _ => continue,
            };
            if partner as usize != item {
                return Some(partner);
            }
        }
        None
    }
}

/// Walking, then training.
enum Phase {
    Walk(Walker, Vec<u32>),
    Train(Box<SkipGram<Walks>>),
}

/// The embedding under way.
pub struct Status {
    phase: Phase,
    training: Training,
    n_items: usize,
    walks_per_item: usize,
    walk_length: usize,
    window: u32,
    walked: usize,
}

/// Ready to walk along the `similar` pairs.
///
/// # Errors
/// [`ErrorKind::OptionOutOfRange`](crate::error::ErrorKind) where the walks are too long in all.
pub fn initialize(
    n_items: usize,
    similar: &NeighborPairs,
    options: &EmbedOptions,
    seed: u64,
) -> Result<Status> {
    let (walks_per_item, walk_length) = (options.walks_per_item as usize, options.walk_length as usize);
    if n_items * walks_per_item * walk_length > MOST_PLACES {
        return refuse(
            "embed.walksPerItem",
            options.walks_per_item,
            "such that items x embed.walksPerItem x embed.walkLength is at most 134217728",
        );
    }
    let walker = Walker::new(graph_of_pairs(n_items, similar), options.return_p, options.in_out_q);
    Ok(Status {
        phase: Phase::Walk(walker, vec![0; n_items * walks_per_item * walk_length]),
        training: options.training(seed),
        n_items,
        walks_per_item,
        walk_length,
        window: options.window,
        walked: 0,
    })
}

impl Status {
    fn steps_of_walking(&self) -> usize {
        self.n_items.div_ceil(ITEMS)
    }

    /// Steps done, the walking among them.
    pub fn step(&self) -> usize {
        match &self.phase {
            Phase::Walk(..) => self.walked,
            Phase::Train(training) => self.walked + training.step(),
        }
    }

    /// Steps in all.
    pub fn n_steps(&self) -> usize {
        let of_training = 2 * self.n_items.div_ceil(ITEMS) * self.training.epochs as usize;
        self.steps_of_walking() + of_training
    }

    /// The loss, see [`SkipGram::loss`].
    pub fn loss(&self) -> Option<f64> {
        match &self.phase {
            Phase::Walk(..) => None,
            Phase::Train(training) => training.loss(),
        }
    }

    /// Goes on until step `until`, and writes what moved into `x`, row-major n x dim, rows of length 1.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        let of_item = self.walks_per_item * self.walk_length;
        let steps_of_walking = self.steps_of_walking();
        while self.step() < until.min(self.n_steps()) {
            match &mut self.phase {
                Phase::Walk(walker, places) => {
                    let items = self.walked * ITEMS..self.n_items.min((self.walked + 1) * ITEMS);
                    let out = &mut places[items.start * of_item..items.end * of_item];
                    walker.walk(items, self.walks_per_item, self.walk_length, self.training.seed, out);
                    self.walked += 1;
                    if self.walked == steps_of_walking {
                        let walks =
                            Walks::new(std::mem::take(places), self.walk_length, self.window, self.n_items);
                        self.phase = Phase::Train(Box::new(SkipGram::new(walks, self.training.clone())));
                    }
                }
                Phase::Train(training) => training.run(x, until - self.walked),
            }
        }
    }
}
