//! Placing: where the items begin that are not of the sample: among their neighbors that have a place.
//!
//! In rounds: first those that list a sampled item, then those that list one of these, and so on. An item begins at the median,
//! along each axis, of its nearest neighbors of earlier rounds (openTSNE's `prepare_partial`); those from which no list leads to the
//! sample stay at the origin.

use crate::csr::Csr;
use crate::parallel;

/// Neighbors whose median is taken, at most: nearest first.
pub const NEIGHBORS: usize = 10;
/// The round of items that are not reached.
pub const NEVER: u8 = u8::MAX;
/// Items of a step, and of a unit of parallel work.
const ITEMS: usize = 1 << 15;
const CHUNK: usize = 1 << 10;

/// In which round each item is placed, found round by round.
pub struct Rounds {
    /// 0 for the sample.
    pub round_of: Vec<u8>,
    /// The sampled item, as its rank, that each item stands with until it has a place of its own.
    pub leader: Vec<u32>,
    round: u8,
    done: usize,
    /// Reached in this round: the item, and its leader.
    reached: Vec<(u32, u32)>,
    left: usize,
}

impl Rounds {
    /// `rank_of` is the place of each item in the sample, or `u32::MAX`.
    pub fn new(rank_of: &[u32]) -> Self {
        let is_sampled = |&rank: &u32| rank != u32::MAX;
        let round_of: Vec<u8> = rank_of.iter().map(|r| if is_sampled(r) { 0 } else { NEVER }).collect();
        let left = round_of.iter().filter(|&&round| round == NEVER).count();
        Rounds { round_of, leader: rank_of.to_vec(), round: 1, done: 0, reached: Vec::new(), left }
    }

    /// Whether all rounds are found.
    pub fn is_done(&self) -> bool {
        self.left == 0 || self.round == NEVER
    }

    /// Looks at the next items; their `nearest` are those of all items.
    pub fn step(&mut self, nearest: &Csr<f32>) {
        let n = self.round_of.len();
        let (first, last) = (self.done, n.min(self.done + ITEMS));
        let (round_of, leader) = (&self.round_of, &self.leader);
        let found = parallel::map_chunks(last - first, CHUNK, |chunk| {
            let open = chunk.map(|c| first + c).filter(|&i| round_of[i] == NEVER);
            let led = open.filter_map(|i| {
                let by = nearest.row(i).0.iter().find(|&&j| round_of[j as usize] != NEVER)?;
                Some((i as u32, leader[*by as usize]))
            });
            led.collect::<Vec<_>>()
        });
        self.reached.extend(found.into_iter().flatten());
        self.done = last;
        if last == n {
            self.done = 0;
            self.left -= self.reached.len();
            // Nobody new: nobody will be.
            let is_last = self.reached.is_empty();
            for (i, by) in self.reached.drain(..) {
                self.round_of[i as usize] = self.round;
                self.leader[i as usize] = by;
            }
            self.round = if is_last { NEVER } else { self.round + 1 };
        }
    }
}

/// The places of all items, made round by round.
pub struct Placing {
    /// Where each item stands, row-major n x `dim`.
    pub layout: Vec<f32>,
    dim: usize,
    round: u8,
    rounds: u8,
    done: usize,
}

impl Placing {
    /// The sample stands at `sample`, by rank, row-major in `dim` dimensions: at most 3.
    pub fn new(rounds: &Rounds, sample: &[f32], dim: usize) -> Self {
        let place = |(&round, &leader): (&u8, &u32)| match round {
            0 => &sample[leader as usize * dim..][..dim],
            _ => &[0.0; 3][..dim],
        };
        let layout = rounds.round_of.iter().zip(&rounds.leader).flat_map(place).copied().collect();
        let last = rounds.round_of.iter().filter(|&&round| round != NEVER).max();
        Placing { layout, dim, round: 1, rounds: last.map_or(0, |&last| last) + 1, done: 0 }
    }

    /// Whether all items have their places.
    pub fn is_done(&self) -> bool {
        self.round >= self.rounds
    }

    /// Places the next items of the round.
    pub fn step(&mut self, nearest: &Csr<f32>, round_of: &[u8]) {
        let n = round_of.len();
        let (first, last) = (self.done, n.min(self.done + ITEMS));
        let (layout, dim, round) = (&self.layout, self.dim, self.round);
        let found = parallel::map_chunks(last - first, CHUNK, |chunk| {
            let now = chunk.map(|c| first + c).filter(|&i| round_of[i] == round);
            now.map(|i| (i, placed(i, nearest, round_of, layout, dim))).collect::<Vec<_>>()
        });
        // Nobody in this round looks at another one of it.
        for (i, at) in found.into_iter().flatten() {
            self.layout[i * dim..][..dim].copy_from_slice(&at[..dim]);
        }
        self.done = last;
        if last == n {
            (self.done, self.round) = (0, self.round + 1);
        }
    }
}

/// The median of the item's nearest neighbors of earlier rounds.
fn placed(i: usize, nearest: &Csr<f32>, round_of: &[u8], layout: &[f32], dim: usize) -> [f32; 3] {
    let before = nearest.row(i).0.iter().filter(|&&j| round_of[j as usize] < round_of[i]);
    let mut axes = [[0.0f32; NEIGHBORS]; 3];
    let mut count = 0;
    for &j in before.take(NEIGHBORS) {
        (0..dim).for_each(|c| axes[c][count] = layout[j as usize * dim + c]);
        count += 1;
    }
    axes.map(|mut axis| {
        let axis = &mut axis[..count.max(1)];
        axis.sort_unstable_by(f32::total_cmp);
        0.5 * (axis[count.saturating_sub(1) / 2] + axis[count / 2])
    })
}
