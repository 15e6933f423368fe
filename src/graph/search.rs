//! Search: the nearest neighbors of points, each within its own part, in steps.

use super::nearest::{Growing, Tree};
use crate::csr::Csr;
use crate::pack::Parts;
use crate::parallel;

/// Points that a step sorts into a tree, each node's counted.
const SORTED: usize = 1 << 17;
/// Neighbors that a step finds.
const FOUND: usize = 1 << 16;
/// Points in a unit of parallel work.
const POINTS: usize = 128;

/// A search under way, in any number of dimensions.
pub trait Search {
    /// Does a step.
    fn step(&mut self);
    /// Points done.
    fn done(&self) -> usize;
    /// Whether all are.
    fn is_done(&self) -> bool;
    /// Row i: the nearest of i, nearest first, ties by lower id. All points must be done.
    fn finish(self: Box<Self>) -> Csr<f32>;
}

/// Ready to find the exact `k` nearest of each of `points`, row-major `n x dim`, `dim` from 2 to 4, within its part.
///
/// # Panics
/// When `dim` is not 2, 3 or 4: the recipe checks it.
pub fn search(points: &[f32], dim: usize, k: usize, parts: &Parts) -> Box<dyn Search + Send> {
    match dim {
        2 => Box::new(Within::<2>::new(points, k, parts)),
        3 => Box::new(Within::<3>::new(points, k, parts)),
        4 => Box::new(Within::<4>::new(points, k, parts)),
        _ => panic!("nearest neighbors of points in {dim} dimensions"),
    }
}

struct Within<const D: usize> {
    points: Vec<f32>,
    k: usize,
    members: Csr<()>,
    /// With a place for each neighbor.
    lists: Csr<f32>,
    /// The part at hand, and the points of it and of those before it that are done.
    part: usize,
    done: usize,
    at: At<D>,
}

enum At<const D: usize> {
    Next,
    Grow(Growing<D>),
    /// The tree, and how many of its points are done.
    Ask(Tree<D>, usize),
}

impl<const D: usize> Within<D> {
    fn new(points: &[f32], k: usize, parts: &Parts) -> Self {
        let mut offsets = vec![0];
        offsets.extend(parts.of_item.iter().scan(0, |sum, &part| {
            *sum += k.min(parts.sizes[part as usize] as usize - 1);
            Some(*sum)
        }));
        let len = offsets[parts.of_item.len()];
        let lists = Csr { offsets, columns: vec![0; len], values: vec![0.0; len] };
        let (points, members) = (points.to_vec(), parts.members());
        Within { points, k, members, lists, part: 0, done: 0, at: At::Next }
    }

    /// The next part's tree, not built.
    fn grow(&self) -> Growing<D> {
        let items = self.members.row(self.part).0;
        if items.len() == self.points.len() / D {
            return Growing::new(&self.points);
        }
        let inside: Vec<f32> =
            items.iter().flat_map(|&i| &self.points[i as usize * D..][..D]).copied().collect();
        Growing::new(&inside)
    }

    /// Finds the neighbors of the next points of the tree; returns how many are done.
    fn ask(&mut self, tree: &Tree<D>, first: usize) -> usize {
        let last = tree.len().min(first + FOUND / self.k.max(1) + 1);
        let found = parallel::map_chunks(last - first, POINTS, |chunk| {
            let mut all = Vec::new();
            tree.for_each_nearest(first + chunk.start..first + chunk.end, self.k, |id, near| {
                all.push((id, near.to_vec()));
            });
            all
        });
        let items = self.members.row(self.part).0;
        for (id, near) in found.into_iter().flatten() {
            let start = self.lists.offsets[items[id as usize] as usize];
            for (e, (squared, other)) in (start..).zip(near) {
                self.lists.columns[e] = items[other as usize];
                self.lists.values[e] = squared.sqrt();
            }
        }
        self.done += last - first;
        last
    }
}

impl<const D: usize> Search for Within<D> {
    fn step(&mut self) {
        let until = self.done + FOUND / self.k.max(1);
        // Several parts, where they are small.
        while !self.is_done() && self.done <= until {
            let small = self.members.row(self.part).0.len() <= POINTS;
            self.at = match std::mem::replace(&mut self.at, At::Next) {
                At::Next => At::Grow(self.grow()),
                At::Grow(mut growing) => match growing.step(SORTED) {
                    true => At::Ask(growing.finish(), 0),
                    false => At::Grow(growing),
                },
                At::Ask(tree, first) => {
                    let last = self.ask(&tree, first);
                    if last == tree.len() {
                        self.part += 1;
                        At::Next
                    } else {
                        At::Ask(tree, last)
                    }
                }
            };
            if !small {
                break;
            }
        }
    }

    fn done(&self) -> usize {
        self.done
    }

    fn is_done(&self) -> bool {
        self.part == self.members.n_rows()
    }

    fn finish(self: Box<Self>) -> Csr<f32> {
        self.lists
    }
}
