//! Reference: the space of the data, which a map is measured against, whatever way the map was made.
//!
//! Of vectors, they themselves, as the metric has them. Of who has what, the items' latent factors (see
//! [`crate::embed::factors`]): their distances are not those of the recipe's similarity, but the same for all recipes, so that
//! maps compare. In steps, as the factors of many items take seconds.

use super::Map;
use crate::count::CountOptions;
use crate::embed::factors;
use crate::knn::metric::Rows;
use crate::read::{RecordKind, Records};
use std::borrow::Cow;

/// Factors that stand for who has what.
const FACTORS: usize = 32;

/// Points in some space, in the order of the map's items.
#[derive(Clone, Debug, Default)]
pub struct Reference<'a> {
    /// Row-major n x `dim`.
    pub points: Cow<'a, [f32]>,
    /// Dimensions.
    pub dim: usize,
}

/// The making of it.
pub enum Status {
    /// Of who has what.
    Factors(Box<factors::Status>, Vec<f32>),
    /// Nothing to be done.
    Done(Reference<'static>),
}

/// Ready to find the space of the rows that `map` was made of.
pub fn initialize(map: &Map, records: &Records) -> Status {
    if records.kind == RecordKind::Vectors {
        let rows = Rows::new(&records.vectors.values, records.vectors.dim, map.recipe.count.metric);
        let points = (0..rows.len() as u32).flat_map(|i| rows.row(i).to_vec()).collect();
        return Status::Done(Reference { points: Cow::Owned(points), dim: rows.width() });
    }
    let points = vec![0.0; map.collections.n_items() * FACTORS];
    // Links that are taken as they are need no weight, so a recipe may name one that these rows do not have.
    let found = factors::initialize(&map.collections, &map.recipe.count, FACTORS)
        .or_else(|_| factors::initialize(&map.collections, &CountOptions::default(), FACTORS));
    match found {
        Ok(status) => Status::Factors(Box::new(status), points),
        // All in one place: of the same shape, and it says nothing.
        Err(_) => Status::Done(Reference { points: Cow::Owned(points), dim: FACTORS }),
    }
}

impl Status {
    /// The next piece.
    pub fn step(&mut self) {
        if let Status::Factors(status, points) = self {
            status.run(points, status.step() + 1);
            if status.step() == status.n_steps() {
                let points = Cow::Owned(std::mem::take(points));
                *self = Status::Done(Reference { points, dim: FACTORS });
            }
        }
    }

    /// The space, when it is found.
    pub fn reference(&self) -> Option<&Reference<'static>> {
        match self {
            Status::Factors(..) => None,
            Status::Done(reference) => Some(reference),
        }
    }
}

/// All at once.
pub fn reference(map: &Map, records: &Records) -> Reference<'static> {
    let mut status = initialize(map, records);
    loop {
        match status {
            Status::Done(reference) => return reference,
            Status::Factors(..) => status.step(),
        }
    }
}
