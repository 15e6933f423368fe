//! Parts: the nearest neighbors of vectors within each of several parts, such as those of a graph that nothing connects.

use super::{Options, Status as Search, initialize as search};
use crate::csr::Csr;
use crate::error::Result;
use crate::pack::Parts;

/// The search under way, one part after another.
pub struct Status {
    x: Vec<f32>,
    dim: usize,
    options: Options,
    members: Csr<()>,
    /// Parts done.
    part: usize,
    search: Option<Search>,
    /// The nearest of each item of the parts done.
    lists: Vec<Vec<(u32, f32)>>,
    done: usize,
}

/// Ready to search the nearest of `x`, row-major n x `dim`, within `parts`. The seed is 0.
pub fn initialize(x: &[f32], dim: usize, options: Options, parts: &Parts) -> Status {
    let lists = vec![Vec::new(); parts.of_item.len()];
    let members = parts.members();
    Status { x: x.to_vec(), dim, options, members, part: 0, search: None, lists, done: 0 }
}

impl Status {
    /// Items whose part is done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Whether all parts are done.
    pub fn is_done(&self) -> bool {
        self.part == self.members.n_rows()
    }

    /// Does a step of the search in a part, or passes by the items that are alone.
    ///
    /// # Errors
    /// Those of [`search`].
    pub fn step(&mut self) -> Result<()> {
        while !self.is_done() {
            let (items, _) = self.members.row(self.part);
            match &mut self.search {
                _ if items.len() < 2 => {
                    self.done += items.len();
                    self.part += 1;
                    continue;
                }
                Some(search) if !search.is_done() => search.run(search.done() + 1),
                Some(_) => {
                    let found = self.search.take().map(Search::finish).into_iter();
                    for (item, near, d) in found.flat_map(|found| found.lists.triples().collect::<Vec<_>>()) {
                        // Members rise, so ties still go to the lower id.
                        self.lists[items[item as usize] as usize].push((items[near as usize], d));
                    }
                    self.done += items.len();
                    self.part += 1;
                }
                None => {
                    let of = |&item: &u32| &self.x[item as usize * self.dim..][..self.dim];
                    let rows: Vec<f32> = items.iter().flat_map(of).copied().collect();
                    self.search = Some(search(&rows, self.dim, self.options, 0)?);
                }
            }
            break;
        }
        Ok(())
    }

    /// Row i: the nearest of i and their distances, nearest first, ties by lower id.
    pub fn finish(self) -> Csr<f32> {
        let mut lists = Csr::default();
        self.lists.into_iter().for_each(|row| lists.push_row(row));
        lists
    }
}

/// All at once, see [`initialize`].
///
/// # Errors
/// Those of [`Status::step`].
pub fn nearest(x: &[f32], dim: usize, options: Options, parts: &Parts) -> Result<Csr<f32>> {
    let mut status = initialize(x, dim, options, parts);
    while !status.is_done() {
        status.step()?;
    }
    Ok(status.finish())
}
