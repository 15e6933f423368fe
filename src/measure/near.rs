//! Near: the nearest of every item on the map, against the lists of the nearest in the data and against labels.
//!
//! Exact for any number of items, as in two or three dimensions a k-d tree finds 50 neighbors in microseconds; and for
//! each item by itself, so that a map can show where it can be trusted.

use super::preservation::{MIDDLE, Means, Preserved, SIZES, preserved};
use super::purity::{Labels, Purity, Same};
use crate::csr::Csr;
use crate::graph::nearest::{Found, Tree};
use crate::parallel;
use std::ops::Range;

/// Items in a unit of parallel work.
const ITEMS: usize = 64;

/// What the nearest on the map say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Near {
    /// Of each item's nearest in the data, the share that is among its nearest on the map, for each of [`SIZES`].
    pub preserved: Vec<Preserved>,
    /// Items that have a neighbor in the data.
    pub items: usize,
    /// The share for the 15 nearest of each item: from 0 to 1, NaN where it has no neighbor in the data.
    pub of_item: Vec<f32>,
    /// For each column of labels, how pure neighborhoods are.
    pub purity: Vec<Purity>,
}

/// A tree over points in two or three dimensions.
enum Points {
    Flat(Tree<2>),
    Solid(Tree<3>),
}

/// The search under way.
pub struct Status {
    points: Points,
    done: usize,
    means: Means,
    of_item: Vec<f32>,
    same: Vec<Same>,
}

/// What a run of items comes to.
struct Part {
    shares: Vec<(u32, [f32; 3])>,
    same: Vec<Same>,
}

/// Begins: the tree of `layout`, row-major n x `dim`, with `dim` 2 or 3; its coordinates must be finite.
///
/// # Panics
/// When `dim` is neither 2 nor 3: maps are not made in other dimensions.
pub fn initialize(layout: &[f32], dim: usize, n_columns: usize) -> Status {
    let points = match dim {
        2 => Points::Flat(Tree::new(layout)),
        3 => Points::Solid(Tree::new(layout)),
        _ => panic!("a layout in {dim} dimensions"),
    };
    let of_item = vec![f32::NAN; layout.len() / dim];
    Status { points, done: 0, means: Means::default(), of_item, same: vec![Same::default(); n_columns] }
}

impl Status {
    /// Items done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Goes on until `until` items are done. `lists` are the nearest of each item in the data, nearest first, and `labels`
    /// the columns; the same at every call.
    pub fn run(&mut self, lists: &Csr<f32>, labels: &[Labels], until: usize) {
        let (start, end) = (self.done, until.min(self.of_item.len()));
        let points = &self.points;
        let parts = parallel::map_chunks(end.saturating_sub(start), ITEMS, |part| {
            let places = start + part.start..start + part.end;
            match points {
                Points::Flat(tree) => look(tree, places, lists, labels),
                Points::Solid(tree) => look(tree, places, lists, labels),
            }
        });
        for part in parts {
            for (id, shares) in part.shares {
                self.means.add(shares);
                self.of_item[id as usize] = shares[MIDDLE];
            }
            self.same.iter_mut().zip(part.same).for_each(|(sum, same)| sum.join(same));
        }
        self.done = end.max(start);
    }

    /// What was found.
    pub fn finish(self, labels: &[Labels]) -> Near {
        Near {
            preserved: self.means.finish().to_vec(),
            items: self.means.points(),
            of_item: self.of_item,
            purity: self.same.iter().zip(labels).map(|(same, labels)| same.finish(labels)).collect(),
        }
    }
}

fn look<const D: usize>(tree: &Tree<D>, places: Range<usize>, lists: &Csr<f32>, labels: &[Labels]) -> Part {
    let most = SIZES[SIZES.len() - 1];
    let mut out =
        Part { shares: Vec::with_capacity(places.len()), same: vec![Same::default(); labels.len()] };
    let mut reference = Vec::with_capacity(most);
    tree.for_each_nearest(places, most, |id, nearest: &[Found]| {
        let near = nearest.iter().map(|found| found.1);
        reference.clear();
        reference.extend(lists.row(id as usize).0.iter().copied().filter(|&other| other != id).take(most));
        out.shares.push((id, preserved(&reference, near.clone())));
        out.same.iter_mut().zip(labels).for_each(|(same, labels)| same.add(labels.codes, id, near.clone()));
    });
    out
}

/// All at once: see [`Status`].
pub fn near(layout: &[f32], dim: usize, lists: &Csr<f32>, labels: &[Labels]) -> Near {
    let mut status = initialize(layout, dim, labels.len());
    status.run(lists, labels, usize::MAX);
    status.finish(labels)
}
