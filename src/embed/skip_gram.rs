//! Skip-gram: vectors that tell an item's partners from random items (word2vec; Mikolov et al. 2013, section 2.2).
//!
//! Each item has two vectors: one as the center v, one as the partner u. For partners o of i and k random items r, the sum
//! of ln s(v_i . u_o) + sum over r of ln s(-v_i . u_r) is made large, s being the logistic function; random items are drawn
//! with their frequency to the power 3/4. The embedding is v.
//!
//! word2vec moves both vectors after every pair, in the order of the text, and several threads at once write over each other.
//! Here, in turn, all v move while all u stand, then all u while all v stand, each vector by itself: along partners that it
//! draws, one after the other. So vectors are shared among threads and no two ever meet: the same bits on any number
//! of them. It minimizes the same function: partners of o as the center are drawn as o's partners are, and its pushes are
//! weighted by how much more often a push is due to it than a pull. How many partners an item draws in an epoch is its own
//! matter: rare items are trained longer than in word2vec, and the time hardly depends on how large the data is.

use super::alias::Alias;
use super::vectors::{LANES, Vectors, add_all, dot};
use crate::math;
use crate::parallel;
use crate::random::{Rng, Use};

/// Items in a step.
const ITEMS: usize = 1024;
/// Items in a unit of parallel work.
const CHUNK: usize = 16;
/// The learning rate falls to this share of itself, as in word2vec.
const LEAST_RATE: f32 = 1e-4;
/// Exponent of an item's frequency among random items.
const NOISE_EXPONENT: f64 = 0.75;
/// Half the width of the start's numbers, times the root of the dimensions: so short that what is learned soon leads.
const START: f32 = 0.3;

/// What an item meets.
pub trait Partners: Sync {
    /// How often each item occurs.
    fn frequencies(&self) -> Vec<u32>;

    /// How many partners `item` draws in an epoch, for either of its vectors.
    fn draws(&self, item: usize) -> usize;

    /// A random partner of `item`; `None` where this draw met none. Over all occurrences, i must meet o as often as o meets i.
    fn draw(&self, item: usize, rng: &mut Rng) -> Option<u32>;
}

/// How the vectors are trained.
#[derive(Clone, Debug)]
pub struct Training {
    /// Numbers of a vector.
    pub dim: usize,
    /// Random items for each partner.
    pub negatives: u32,
    /// Epochs.
    pub epochs: u32,
    /// Learning rate of the first epoch; it falls in a straight line to nearly 0.
    pub rate: f32,
    /// Names the random streams.
    pub seed: u64,
}

/// Vectors under way.
pub struct SkipGram<P> {
    partners: P,
    training: Training,
    centers: Vectors,
    others: Vectors,
    /// Draws random items as partners, and as centers.
    noise: Alias,
    frequent: Alias,
    /// How much a push counts when an item moves as a partner.
    push: Vec<f32>,
    n_items: usize,
    steps: usize,
    losses: Vec<f64>,
}

impl<P: Partners> SkipGram<P> {
    /// Ready to train.
    pub fn new(partners: P, training: Training) -> SkipGram<P> {
        let frequencies: Vec<f64> = partners.frequencies().into_iter().map(f64::from).collect();
        let noisy: Vec<f64> = frequencies.iter().map(|&f| libm::pow(f, NOISE_EXPONENT)).collect();
        let (all, all_noisy) = (frequencies.iter().sum::<f64>(), noisy.iter().sum::<f64>());
        let push =
            |(&f, &noise): (&f64, &f64)| if f > 0.0 { (noise / all_noisy / (f / all)) as f32 } else { 0.0 };
        let (n_items, dim) = (frequencies.len(), training.dim);
        SkipGram {
            centers: Vectors::uniform(n_items, dim, START / (dim as f32).sqrt(), training.seed),
            others: Vectors::zeros(n_items, dim),
            noise: Alias::new(&noisy),
            frequent: Alias::new(&frequencies),
            push: frequencies.iter().zip(&noisy).map(push).collect(),
            partners,
            training,
            n_items,
            steps: 0,
            losses: Vec::new(),
        }
    }

    fn steps_of_side(&self) -> usize {
        self.n_items.div_ceil(ITEMS)
    }

    /// Steps done.
    pub fn step(&self) -> usize {
        self.steps
    }

    /// Steps in all: an epoch has one for every 1024 items as partners, and one as centers.
    pub fn n_steps(&self) -> usize {
        2 * self.steps_of_side() * self.training.epochs as usize
    }

    /// The mean of the loss, -ln s(...), over the partners and random items drawn in the last epoch done. Two times its
    /// start where nothing can be told apart.
    pub fn loss(&self) -> Option<f64> {
        let of_epoch = self.steps_of_side();
        let done = self.losses.len() / of_epoch.max(1) * of_epoch;
        (done > 0).then(|| self.losses[done - of_epoch..done].iter().sum::<f64>() / self.n_items as f64)
    }

    /// Goes on until step `until`, and writes what moved into `x`, row-major n x dim, rows of length 1.
    pub fn run(&mut self, x: &mut [f32], until: usize) {
        let dim = self.training.dim;
        while self.steps < until.min(self.n_steps()) {
            let of_side = self.steps_of_side();
            let (round, slice) = (self.steps / of_side, self.steps % of_side);
            let items = slice * ITEMS..self.n_items.min((slice + 1) * ITEMS);
            // Partners first: they stand at 0, and nothing moves toward that.
            if round % 2 == 0 {
                let mut others = std::mem::replace(&mut self.others, Vectors::zeros(0, dim));
                let part = &mut others.data[items.start * others.width..items.end * others.width];
                self.move_all(part, items.start, round, &self.centers, &self.frequent, Some(&self.push));
                self.others = others;
            } else {
                let mut centers = std::mem::replace(&mut self.centers, Vectors::zeros(0, dim));
                let part = &mut centers.data[items.start * centers.width..items.end * centers.width];
                let loss = self.move_all(part, items.start, round, &self.others, &self.noise, None);
                centers.write_unit(items.start, &mut x[items.start * dim..items.end * dim]);
                self.centers = centers;
                self.losses.push(loss);
            }
            self.steps += 1;
        }
    }

    /// Moves the vectors in `part`, of the items from `first` on, while those of the other side, `fixed`, stand. Returns
    /// the sum of each item's loss at its first partner.
    fn move_all(
        &self,
        part: &mut [f32],
        first: usize,
        round: usize,
        fixed: &Vectors,
        random: &Alias,
        push: Option<&[f32]>,
    ) -> f64 {
        let width = fixed.width;
        let progress = (round / 2) as f32 / self.training.epochs as f32;
        let rate = self.training.rate * (1.0 - progress).max(LEAST_RATE);
        let losses = parallel::map_parts(part, CHUNK * width, |start, part| {
            let mut loss = 0.0;
            for (k, row) in part.chunks_exact_mut(width).enumerate() {
                let item = first + start / width + k;
                let push = push.map_or(1.0, |push| push[item]);
                loss += f64::from(self.move_one(row, item, round, fixed, random, rate, rate * push));
            }
            loss
        });
        losses.into_iter().sum()
    }

    /// Moves the vector `here` of `item` along its partners of this round. As in word2vec, a partner and its random items act
    /// on the vector as it stood before them: so they are computed side by side.
    #[allow(clippy::too_many_arguments, reason = "the two sides differ in nothing else")]
    fn move_one(
        &self,
        here: &mut [f32],
        item: usize,
        round: usize,
        fixed: &Vectors,
        random: &Alias,
        pull: f32,
        push: f32,
    ) -> f32 {
        let mut rng = Rng::stream(self.training.seed, Use::SkipGram, (round as u64) << 32 | item as u64);
        let mut loss = 0.0;
        for p in 0..self.partners.draws(item) {
            let Some(partner) = self.partners.draw(item, &mut rng) else { continue };
            let mut left = self.training.negatives as usize;
            let mut together = [partner; LANES];
            let mut first = 1;
            loop {
                let used = LANES.min(first + left);
                left -= used - first;
                together[first..used].iter_mut().for_each(|other| *other = random.draw_one(&mut rng));
                // 1 for the partner, -1 for random items.
                let (mut sign, mut weight) = ([-1.0f32; LANES], [push; LANES]);
                if first == 1 {
                    (sign[0], weight[0]) = (1.0, pull);
                }
                let mut by = [0.0f32; LANES];
                for (by, &other) in by[..used].iter_mut().zip(&together) {
                    *by = dot(here, fixed.row(other as usize));
                }
                if p == 0 {
                    loss +=
                        by[..used].iter().zip(sign).map(|(product, s)| softplus(-s * product)).sum::<f32>();
                }
                for l in 0..LANES {
                    by[l] = sign[l] * weight[l] / (1.0 + math::exp(sign[l] * by[l]));
                }
                add_all(here, &by[..used], |l| fixed.row(together[l] as usize));
                if left == 0 {
                    break;
                }
                first = 0;
            }
        }
        loss
    }
}

/// ln(1 + e^x).
fn softplus(x: f32) -> f32 {
    x.max(0.0) + math::ln(1.0 + math::exp(-x.abs()))
}
