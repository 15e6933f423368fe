//! Purity: do neighbors on the map carry the same label?
//!
//! Labels take no part in making the map, so that islands of one label say that it found what people see too. Chance
//! stands beside it: where most items carry one label, a random map is pure.

use serde::Serialize;

/// An item without a label, as tables of items have it.
pub const NO_LABEL: u32 = u32::MAX;
/// Neighbors looked at.
pub const NEIGHBORS: usize = 10;

/// The label of each item.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// The column's name.
    pub column: &'a str,
    /// The label of each item as a number below `n_labels`, or [`NO_LABEL`].
    pub codes: &'a [u32],
    /// Number of labels.
    pub n_labels: usize,
}

/// How pure the neighborhoods on a map are in one kind of label.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Purity {
    /// The column that the labels come from.
    pub column: String,
    /// Of the 10 nearest on the map of items with a label, among those with a label too, the share that carry the same; from
    /// 0 to 1, `None` where there are none.
    pub share: Option<f64>,
    /// The share among random items. `None` where fewer than two carry a label.
    pub chance: Option<f64>,
    /// Items with a label.
    pub items: usize,
}

/// Neighbors that carry the same label, and neighbors with a label at all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Same {
    same: u64,
    all: u64,
}

impl Same {
    /// The neighbors of item `i`.
    pub(super) fn add(&mut self, codes: &[u32], i: u32, nearest: impl Iterator<Item = u32>) {
        let own = codes[i as usize];
        if own == NO_LABEL {
            return;
        }
        for code in nearest.take(NEIGHBORS).map(|id| codes[id as usize]).filter(|&code| code != NO_LABEL) {
            self.all += 1;
            self.same += u64::from(code == own);
        }
    }

    /// Those of other points.
    pub(super) fn join(&mut self, other: Same) {
        self.same += other.same;
        self.all += other.all;
    }

    /// The share, and what chance would give.
    pub(super) fn finish(self, labels: &Labels) -> Purity {
        let mut counts = vec![0u64; labels.n_labels];
        labels.codes.iter().filter(|&&code| code != NO_LABEL).for_each(|&code| counts[code as usize] += 1);
        let items: u64 = counts.iter().sum();
        let pairs = |n: u64| n * n.saturating_sub(1);
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        Purity {
            column: labels.column.to_owned(),
            share: share(self.same, self.all),
            chance: share(counts.iter().map(|&count| pairs(count)).sum(), pairs(items)),
            items: items as usize,
        }
    }
}
