//! Rows: the neighbors of new items in a map.
//!
//! New rows are counted as if they had been in the file from the start, by the recipe's own pair weight and similarity: what
//! they add to collections that are known, and their own collections, count alike; idf, chance and latent factors are those of all
//! rows together. Only the new items' lists are counted, and in them only the map's points stay. New items may
//! be in fewer collections than `collect.minCollections`: a single one places an item, if roughly. Items of the old file that
//! were too rare for the map stay out. Of edge lists the neighborhoods are those of all links together; of
//! vectors the nearest are searched exactly, by the recipe's metric.

use crate::collect::{Collections, collect_kept};
use crate::count::{self, CountOptions};
use crate::csr::Csr;
use crate::error::{Error, ErrorKind, Result};
use crate::knn;
use crate::names::Names;
use crate::read::{RecordKind, Records};
use crate::run::Map;

/// The neighbors of new items under way.
pub struct Status {
    /// The new items' names, in the order of their lists.
    pub names: Vec<String>,
    n_known: usize,
    by: By,
}

enum By {
    Count(Box<Collections>, Box<count::Status>),
    Vectors(Csr<f32>),
}

/// Ready to find the neighbors in `map`, which was made of `old`, of the items that only `new` has.
///
/// # Errors
/// [`ErrorKind::BadItems`] where `new` is of another kind (or its vectors of another length) or has no item that the old
/// rows have not; else as [`count::initialize`].
pub fn initialize(map: &Map, old: &Records, new: &Records) -> Result<Status> {
    let refuse = |problem: &str| {
        Err(Error::new(ErrorKind::BadItems { problem: problem.into() }).at(&new.info.file, 0, 0))
    };
    if old.kind != new.kind || old.vectors.dim != new.vectors.dim {
        return refuse("New rows must be of the same kind and width as those of the map.");
    }
    let n_known = map.collections.n_items();
    let is_new = |name: &&str| old.items.find(name).is_none();
    let names: Vec<String> = new.items.iter().filter(is_new).map(str::to_owned).collect();
    if names.is_empty() {
        return refuse("It has no item that the map's own file has not.");
    }
    if old.kind == RecordKind::Vectors {
        let dim = old.vectors.dim;
        let mut values = old.vectors.values.clone();
        for id in (0..new.items.len() as u32).filter(|&id| is_new(&new.items.get(id))) {
            values.extend_from_slice(&new.vectors.values[id as usize * dim..][..dim]);
        }
        let nearest = map.recipe.count.nearest();
        let lists = knn::nearest_among_first(&values, dim, nearest.metric, n_known, nearest.k);
        return Ok(Status { names, n_known, by: By::Vectors(lists) });
    }
    let together = joined(old, new);
    let mut in_map = vec![false; old.items.len()];
    map.collections.items.iter().for_each(|&id| in_map[id as usize] = true);
    // The map's points come first, in their order: ids of the old names do not change.
    let collections = collect_kept(&together, 1, |item, _| in_map.get(item).copied().unwrap_or(true))?;
    // Some rows of new items may have had blanks only: count what is there.
    let names = collections.items[n_known..].iter().map(|&id| together.items.get(id).to_owned()).collect();
    let options = CountOptions { ..map.recipe.count.clone() };
    let mut status = count::initialize(&collections, &options)?;
    status.skip(n_known);
    Ok(Status { names, n_known, by: By::Count(Box::new(collections), Box::new(status)) })
}

impl Status {
    /// Items whose neighbors are found.
    pub fn done(&self) -> usize {
        match &self.by {
            By::Count(_, status) => status.done() - self.n_known,
            By::Vectors(_) => self.names.len(),
        }
    }

    /// Goes on until the neighbors of `until` items are found.
    pub fn run(&mut self, until: usize) {
        if let By::Count(collections, status) = &mut self.by {
            status.run(collections, self.n_known + until.min(self.names.len()));
        }
    }

    /// Each new item's nearest points of the map and their dissimilarities, nearest first; none where the item is in no
    /// collection with a point of the map.
    pub fn finish(self) -> Csr<f32> {
        let lists = match self.by {
            By::Vectors(lists) => return lists,
            By::Count(_, status) => status.into_lists(),
        };
        let mut out = Csr::default();
        for row in self.n_known..lists.n_rows() {
            let (ids, lengths) = lists.row(row);
            let known = ids.iter().copied().zip(lengths.iter().copied());
            out.push_row(known.filter(|&(id, _)| (id as usize) < self.n_known));
        }
        out
    }
}

/// The rows of both, the old ones first: names keep their ids.
fn joined(old: &Records, new: &Records) -> Records {
    let mut all = old.clone();
    // A file cannot pass 4 GiB of names, two can: names beyond are left out with their rows.
    let into =
        |names: &mut Names, more: &Names| more.iter().map(|name| names.intern(name)).collect::<Vec<_>>();
    let items = into(&mut all.items, &new.items);
    let collections = into(&mut all.collections, &new.collections);
    let side = if old.kind == RecordKind::Edges { &items } else { &collections };
    let mut taken = Vec::new();
    for (row, &[a, b]) in new.rows.iter().enumerate() {
        if let (Some(a), Some(b)) = (side[a as usize], items[b as usize]) {
            all.rows.push([a, b]);
            taken.push(row);
        }
    }
    if all.weights.is_some() || new.weights.is_some() {
        let ones = || vec![1.0; old.rows.len()];
        let mut weights = all.weights.take().unwrap_or_else(ones);
        weights.extend(taken.iter().map(|&row| new.weights.as_ref().map_or(1.0, |weights| weights[row])));
        all.weights = Some(weights);
    }
    for column in &mut all.columns {
        let same = new.columns.iter().find(|other| other.name == column.name);
        let value = |&row: &usize| same.map_or(f32::NAN, |same| (same.value(row) - column.origin) as f32);
        column.values.extend(taken.iter().map(value));
    }
    all
}
