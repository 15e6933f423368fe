//! Descent: the nearest of many rows, nearly all of them, by NN-descent (Dong, Moses, Li 2011).
//!
//! A neighbor's neighbor is likely a neighbor. The lists start from the leaves of a random [`forest`](super::forest);
//! then each round joins, for every row, a few of those it lists or that list it (`join`), until hardly any
//! list changes. Pairs are tried where one of the two is fresh, so no pair is tried in vain twice. In place of the paper's
//! random samples the neighbors of least hash are taken: the same for any number of threads. About n^1.1 dim in practice.
//!
//! Rows are put in the order of the first tree, so that those compared together are in the cache together, and compared by
//! [`products`](super::products) where these are exact enough; the distances of what is found are exact in any case.
//!
//! Rows are gone through in blocks, each seeing what those before it changed: a round more than a step of work at a time,
//! and fewer rounds.

use super::forest::Tree;
use super::join::{Groups, join};
use super::lists::{FRESH, NONE, id, key};
use super::metric::Rows;
use super::products::Compared;
use super::sketch::sketch;
use super::squared::one_by_two;
use crate::csr::Csr;
use crate::parallel;
use crate::random::{Rng, Use};

/// Trees that the lists start from.
const TREES: usize = 8;
/// Fresh neighbors, and others, that a row joins in a round: as many as are wanted, within this range.
const JOINED: [usize; 2] = [15, 30];
/// Neighbors kept beyond those wanted: a longer list is a better graph to descend in, and slower.
const SPARE: usize = 2;
/// Most rounds.
const ROUNDS: usize = 20;
/// It has converged when a round changes fewer of all neighbors than this share.
const CHANGED: f64 = 0.001;
/// Numbers in the rows of a block, which is a step of the work.
const BLOCK: usize = 1 << 19;
/// Numbers of the rows that a step puts in order.
const MOVED: usize = 1 << 22;
/// Rows in a unit of parallel work.
const ROWS: usize = 32;

/// The search under way.
pub struct Descent {
    /// n x `k`: the keys of the nearest so far.
    pub lists: Vec<u64>,
    /// Neighbors kept for each row.
    pub k: usize,
    at: At,
    /// Which row stands at each place.
    order: Vec<u32>,
    /// Whether products are taken.
    by_products: bool,
    /// What the trees are grown on, if not the rows themselves.
    sketch: Option<Rows>,
    /// Rows in a block.
    block: usize,
    steps: usize,
    seed: u64,
}

enum At {
    Split(Tree),
    /// The first tree, by whose order rows are put, and how many are.
    Order(Tree, usize),
    /// The tree and how many of its leaves are joined.
    Leaves(Tree, usize),
    Round(Round),
    /// Rows whose distances are exact.
    Exact(usize),
    Done,
}

struct Round {
    index: usize,
    /// Row i: who lists i, and whether i is fresh there, as the round began.
    reverse: Csr<bool>,
    /// Rows done.
    done: usize,
    changed: usize,
}

impl Descent {
    /// Ready to search the `k` nearest of all rows.
    pub fn new(rows: &Rows, k: usize, seed: u64) -> Descent {
        let k = (k + SPARE).min(rows.len() - 1);
        let block = (BLOCK / rows.width()).clamp(ROWS, 1 << 12);
        let at = At::Split(Tree::new(rows.len(), 0));
        Descent {
            lists: vec![NONE; rows.len() * k],
            k,
            at,
            order: Vec::new(),
            by_products: false,
            sketch: sketch(rows, seed),
            block,
            steps: 0,
            seed,
        }
    }

    /// Steps done.
    pub fn done(&self) -> usize {
        self.steps
    }

    /// Steps in all, as it usually goes.
    pub fn total(&self, rows: &Rows) -> usize {
        let blocks = rows.len().div_ceil(self.block);
        let usual = TREES * (Tree::usual_levels(rows.len()) + blocks) + 6 * blocks;
        if self.is_done() { self.steps } else { usual.max(self.steps + 1) }
    }

    /// Whether the lists are as good as they get.
    pub fn is_done(&self) -> bool {
        matches!(self.at, At::Done)
    }

    /// Which row stands at each place, once the search has put them in another order.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// Takes products of rows for their distances; before the first step.
    pub fn take_products(&mut self) {
        self.by_products = true;
    }

    /// Does a step. Rows that are near come to stand near each other: they are compared together, and so are in the cache
    /// together.
    pub fn step(&mut self, compared: &mut Compared) {
        let rows = &mut compared.rows;
        let n = rows.len();
        self.steps += 1;
        self.at = match std::mem::replace(&mut self.at, At::Done) {
            At::Split(mut tree) => {
                tree.split_level(self.sketch.as_ref().unwrap_or(rows), self.seed);
                match tree.is_done() {
                    true if tree.index() == 0 => {
                        self.order = tree.order().to_vec();
                        tree.renumber();
                        At::Order(tree, 0)
                    }
                    true => At::Leaves(tree, 0),
                    false => At::Split(tree),
                }
            }
            At::Order(tree, done) => {
                let until = n.min(done + (MOVED / rows.width()).max(1));
                for place in done..until {
                    // What stood here before may have been moved, once or more.
                    let mut from = self.order[place] as usize;
                    while from < place {
                        from = self.order[from] as usize;
                    }
                    rows.swap(place, from);
                    if let Some(sketch) = &mut self.sketch {
                        sketch.swap(place, from);
                    }
                }
                if self.by_products {
                    compared.measure(until - done);
                }
                if until < n { At::Order(tree, until) } else { At::Leaves(tree, 0) }
            }
            At::Leaves(tree, done) => {
                let until = tree.n_leaves().min(done + (self.block / 32).max(1));
                join(compared, &tree.groups(done..until), &mut self.lists, self.k);
                if until < tree.n_leaves() {
                    At::Leaves(tree, until)
                } else if (tree.index() as usize) + 1 < TREES {
                    At::Split(Tree::new(n, tree.index() + 1))
                } else {
                    self.sketch = None;
                    At::Round(self.round(n, 0))
                }
            }
            At::Round(mut round) => {
                let until = n.min(round.done + self.block);
                let groups = self.candidates(&round, until);
                round.changed += join(compared, &groups, &mut self.lists, self.k);
                round.done = until;
                if until < n {
                    At::Round(round)
                } else if round.changed as f64 <= CHANGED * (n * self.k) as f64 || round.index + 1 == ROUNDS {
                    if self.by_products { At::Exact(0) } else { At::Done }
                } else {
                    At::Round(self.round(n, round.index + 1))
                }
            }
            At::Exact(done) => {
                let until = n.min(done + 4 * self.block);
                let k = self.k;
                parallel::for_each_part(&mut self.lists[done * k..until * k], ROWS * k, |start, part| {
                    for (r, list) in part.chunks_exact_mut(k).enumerate() {
                        let row = rows.row((done + start / k + r) as u32);
                        for pair in list.chunks_mut(2) {
                            let [first, last] = [pair[0], pair[pair.len() - 1]];
                            let found = one_by_two(row, [first, last].map(|l| rows.row(id(l) % n as u32)));
                            for (entry, d) in pair.iter_mut().zip(found).filter(|(entry, _)| **entry != NONE)
                            {
                                *entry = key(d, id(*entry));
                            }
                        }
                        list.sort_unstable();
                    }
                });
                if until < n { At::Exact(until) } else { At::Done }
            }
            At::Done => At::Done,
        };
    }

    fn round(&self, n: usize, index: usize) -> Round {
        let entries = (0u32..).zip(self.lists.chunks_exact(self.k));
        let entries = entries.flat_map(|(row, list)| list.iter().map(move |&key| (row, key)));
        let entries = entries.filter(|&(_, key)| key != NONE);
        let reverse = Csr::from_triples(n, entries.map(|(row, key)| (id(key), row, key & FRESH == FRESH)));
        Round { index, reverse, done: 0, changed: 0 }
    }

    /// The groups of the round's next rows, up to `until`; the fresh neighbors in them are not fresh any more.
    fn candidates(&mut self, round: &Round, until: usize) -> Groups {
        let (k, first) = (self.k, round.done);
        let joined = (k - SPARE.min(k)).clamp(JOINED[0], JOINED[1]);
        let salt = Rng::stream(self.seed, Use::KnnRounds, round.index as u64).bits();
        let parts = parallel::map_parts(&mut self.lists[first * k..until * k], ROWS * k, |start, part| {
            let mut groups = Groups::default();
            let (mut fresh, mut old): (Vec<u64>, Vec<u64>) = Default::default();
            for (r, list) in part.chunks_exact_mut(k).enumerate() {
                let row = (first + start / k + r) as u32;
                fresh.clear();
                old.clear();
                let (listed_by, fresh_there) = round.reverse.row(row as usize);
                let forward =
                    list.iter().filter(|&&key| key != NONE).map(|&key| (id(key), key & FRESH == FRESH));
                let reverse = listed_by.iter().copied().zip(fresh_there.iter().copied());
                for (other, is_fresh) in forward.chain(reverse) {
                    let of = if is_fresh { &mut fresh } else { &mut old };
                    of.push(u64::from(hash(salt, row, other)) << 32 | u64::from(other));
                }
                least(&mut fresh, joined);
                least(&mut old, joined);
                old.retain(|other| fresh.binary_search(other).is_err());
                for key in list.iter_mut().filter(|key| **key & FRESH == FRESH && **key != NONE) {
                    let other = id(*key);
                    let entry = u64::from(hash(salt, row, other)) << 32 | u64::from(other);
                    if fresh.binary_search(&entry).is_ok() {
                        *key &= !FRESH;
                    }
                }
                groups.members.extend(fresh.iter().map(|&entry| entry as u32));
                let fresh_end = groups.members.len();
                groups.members.extend(old.iter().map(|&entry| entry as u32));
                groups.ends.push([fresh_end, groups.members.len()]);
            }
            groups
        });
        let mut all = Groups::default();
        for part in parts {
            let start = all.members.len();
            all.members.extend(part.members);
            all.ends.extend(part.ends.iter().map(|ends| ends.map(|end| start + end)));
        }
        all
    }
}

/// The `most` least of `entries`, each once, rising.
fn least(entries: &mut Vec<u64>, most: usize) {
    entries.sort_unstable();
    entries.dedup();
    entries.truncate(most);
}

/// 32 random bits of a pair, the same from either end.
fn hash(salt: u32, a: u32, b: u32) -> u32 {
    let pair = u64::from(a.min(b)) << 32 | u64::from(a.max(b));
    let mut x = (pair ^ u64::from(salt)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (x >> 32) as u32
}
