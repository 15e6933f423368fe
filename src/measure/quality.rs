//! Quality: all measures of a finished map, in steps.
//!
//! None of them changes the map, and a map is shown before they are there.

use super::distances::{DistanceCorrelation, PAIRS, distance_correlation};
use super::near;
use super::ordering::{self, EXACT, Ordering, SAMPLE, Spaces};
use super::preservation::Preserved;
use super::purity::{Labels, Purity};
use crate::csr::Csr;
use crate::pack::Parts;
use serde::Serialize;

/// Items whose nearest on the map are searched in a step.
const STEP_ITEMS: usize = 2048;
/// Distances of up to 8 dimensions taken, or four times as many ranks counted, in a step: tens of milliseconds on one thread.
const STEP_DISTANCES: usize = 1 << 21;

/// What a map is measured against. The slices are in the order of its items.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The map, in two or three dimensions, and the space of the data.
    pub spaces: Spaces<'a>,
    /// The nearest of each item in the data, nearest first.
    pub lists: &'a Csr<f32>,
    /// The parts of the graph that nothing connects.
    pub parts: &'a Parts,
    /// The columns of labels; may be none.
    pub labels: &'a [Labels<'a>],
    /// Names the samples' streams.
    pub seed: u64,
}

/// What a map is worth. Shares and correlations are pure numbers; see the fields' types.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quality {
    /// Of each item's nearest in the data, the share among its nearest on the map: of all items that have any.
    pub data: Vec<Preserved>,
    /// Items that have a neighbor in the data.
    pub data_items: usize,
    /// The map against the space of the data: neighborhoods and ranks.
    pub ordering: Ordering,
    /// The map against the space of the data: distances.
    pub distances: DistanceCorrelation,
    /// For each column of labels, whether neighbors on the map carry the same.
    pub labels: Vec<Purity>,
    /// For each item, the share of its 15 nearest in the data that is among its 15 nearest on the map; NaN where it has no
    /// neighbor in the data.
    #[serde(skip)]
    pub of_item: Vec<f32>,
}

/// Which measure is under way.
enum At {
    Begin,
    Near(near::Status),
    Ordering(ordering::Status),
    Distances,
    Done,
}

/// The measuring under way.
pub struct Status {
    at: At,
    quality: Quality,
}

impl Default for Status {
    fn default() -> Self {
        Self::new()
    }
}

impl Status {
    /// Nothing measured yet.
    pub fn new() -> Self {
        Status { at: At::Begin, quality: Quality::default() }
    }

    /// Whether all is measured.
    pub fn is_finished(&self) -> bool {
        matches!(self.at, At::Done)
    }

    /// A small piece of work. `input` must be the same at every step.
    pub fn step(&mut self, input: &Input) {
        let (spaces, n) = (&input.spaces, input.spaces.n());
        match &mut self.at {
            At::Begin => {
                self.at = At::Near(near::initialize(spaces.layout, spaces.dim, input.labels.len()));
            }
            At::Near(status) => {
                status.run(input.lists, input.labels, status.done() + STEP_ITEMS);
                if status.done() < n {
                    return;
                }
                let next =
                    At::Ordering(ordering::initialize(n, ordering::NEIGHBORS, EXACT, SAMPLE, input.seed));
                if let At::Near(status) = std::mem::replace(&mut self.at, next) {
                    let found = status.finish(input.labels);
                    let out = &mut self.quality;
                    (out.data, out.data_items) = (found.preserved, found.items);
                    (out.labels, out.of_item) = (found.purity, found.of_item);
                }
            }
            At::Ordering(status) => {
                // And the ranks of some tens of strangers.
                let cost = n * (spaces.reference_dim.div_ceil(8) + 4);
                status.run(spaces, status.done() + (STEP_DISTANCES / cost.max(1)).max(1));
                if status.done() == status.total() {
                    self.quality.ordering = status.finish();
                    self.at = At::Distances;
                }
            }
            At::Distances => {
                self.quality.distances = distance_correlation(spaces, input.parts, PAIRS, input.seed);
                self.at = At::Done;
            }
            At::Done => {}
        }
    }

    /// What was measured: complete when [`Status::is_finished`].
    pub fn finish(self) -> Quality {
        self.quality
    }
}

/// All at once.
pub fn quality(input: &Input) -> Quality {
    let mut status = Status::new();
    while !status.is_finished() {
        status.step(input);
    }
    status.finish()
}
