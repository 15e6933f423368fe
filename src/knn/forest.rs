//! Forest: random trees whose leaves hold near rows together, as a start for the search (Dasgupta, Freund 2008).
//!
//! A node is split by which of two of its rows, drawn at random, is nearer: so a tree follows the shape of the data, and
//! rows far apart are parted early. Level by level, all rows at once: a level is a step of the work. O(n dim log n) a tree.

use super::join::Groups;
use super::metric::Rows;
use super::squared::one_by_two;
use crate::parallel;
use crate::random::{Rng, Use};
use std::ops::Range;

/// Most rows in a leaf.
const LEAF: usize = 60;
/// Levels after which nodes are cut where they are: only rows that no split can part go so deep.
const DEEPEST: u64 = 40;
/// Rows in a unit of parallel work.
const ROWS: usize = 256;

/// A tree under way.
pub struct Tree {
    /// The rows in tree order.
    order: Vec<u32>,
    /// Nodes that are not leaves, as ranges of `order`, rising.
    open: Vec<Range<usize>>,
    leaves: Vec<Range<usize>>,
    level: u64,
    /// Number of the tree, for its random streams.
    index: u64,
}

impl Tree {
    /// Tree number `index` of `n` rows, nothing split.
    pub fn new(n: usize, index: u64) -> Tree {
        let mut tree =
            Tree { order: (0..n as u32).collect(), open: Vec::new(), leaves: Vec::new(), level: 0, index };
        tree.add(0..n);
        tree
    }

    /// How many levels a tree of `n` rows usually has.
    pub fn usual_levels(n: usize) -> usize {
        (n.div_ceil(LEAF).max(1).ilog2() + 3) as usize
    }

    /// Whether all nodes are leaves.
    pub fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    fn add(&mut self, node: Range<usize>) {
        if node.len() <= LEAF {
            self.leaves.push(node);
        } else if self.level < DEEPEST {
            self.open.push(node);
        } else {
            let pieces = node.clone().step_by(LEAF).map(|start| start..node.end.min(start + LEAF));
            self.leaves.extend(pieces);
        }
    }

    /// Splits every node that is larger than a leaf.
    pub fn split_level(&mut self, rows: &Rows, seed: u64) {
        let open = std::mem::take(&mut self.open);
        let stream = |what: usize| {
            Rng::stream(seed, Use::KnnForest, self.index << 48 | self.level << 40 | what as u64)
        };
        let pivots: Vec<[u32; 2]> = open
            .iter()
            .map(|node| {
                let mut rng = stream(node.start);
                let (first, second) = (rng.below(node.len() as u32), rng.below(node.len() as u32 - 1));
                // The second one is another than the first.
                let second = second + u32::from(second >= first);
                [first, second].map(|p| self.order[node.start + p as usize])
            })
            .collect();
        let mut goes_right = vec![false; self.order.len()];
        parallel::for_each_part(&mut goes_right, ROWS, |start, part| {
            let end = start + part.len();
            let reached = open.partition_point(|node| node.end <= start);
            for (node, pivots) in open.iter().zip(&pivots).skip(reached).take_while(|(n, _)| n.start < end) {
                let pivots = pivots.map(|p| rows.row(p));
                for at in node.start.max(start)..node.end.min(end) {
                    let [left, right] = one_by_two(rows.row(self.order[at]), pivots);
                    // As near to both, as copies are: by chance.
                    part[at - start] = left > right || left == right && stream(at).bits() >> 31 == 1;
                }
            }
        });
        self.level += 1;
        let mut right = Vec::new();
        for node in open {
            right.clear();
            let mut middle = node.start;
            for at in node.clone() {
                let row = self.order[at];
                if goes_right[at] {
                    right.push(row);
                } else {
                    self.order[middle] = row;
                    middle += 1;
                }
            }
            self.order[middle..node.end].copy_from_slice(&right);
            for side in [node.start..middle, middle..node.end] {
                if !side.is_empty() {
                    self.add(side);
                }
            }
        }
    }

    /// Number of the tree.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The rows in tree order: what is near in the tree is near here.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// Calls the rows by their places in tree order from now on.
    pub fn renumber(&mut self) {
        self.order.iter_mut().zip(0..).for_each(|(row, place)| *row = place);
    }

    /// Number of leaves so far.
    pub fn n_leaves(&self) -> usize {
        self.leaves.len()
    }

    /// Some of the leaves as groups, all members fresh.
    pub fn groups(&self, leaves: Range<usize>) -> Groups {
        let mut groups = Groups::default();
        for leaf in &self.leaves[leaves] {
            groups.members.extend_from_slice(&self.order[leaf.clone()]);
            groups.ends.push([groups.members.len(); 2]);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::Metric;

    fn grown(values: &[f32]) -> Tree {
        let rows = Rows::new(values, 1, Metric::Euclidean);
        let mut tree = Tree::new(values.len(), 3);
        while !tree.is_done() {
            tree.split_level(&rows, 7);
        }
        tree
    }

    #[test]
    fn leaves_hold_every_row_once_and_near_ones_together() {
        let values: Vec<f32> = (0..2000).map(|i| (i * 7 % 2000) as f32).collect();
        let tree = grown(&values);
        let groups = tree.groups(0..tree.n_leaves());
        let mut all = groups.members.clone();
        all.sort_unstable();
        assert_eq!(all, (0..2000).collect::<Vec<_>>());
        for leaf in &tree.leaves {
            let inside = tree.order[leaf.clone()].iter().map(|&row| values[row as usize]);
            let (low, high) = inside.fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
            assert_eq!((high - low) as usize + 1, leaf.len(), "on a line a leaf has no gaps");
            assert!(leaf.len() <= LEAF);
        }
    }

    #[test]
    fn copies_end() {
        let tree = grown(&[1.5; 5000]);
        assert!(tree.leaves.iter().all(|leaf| leaf.len() <= LEAF && !leaf.is_empty()));
        assert!(tree.level < DEEPEST);
    }
}
