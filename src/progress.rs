//! Progress: which stage, how far.
//!
//! Long work is cut into steps that the caller runs one at a time (`initialize() -> Status`, `status.run(until)`),
//! so nothing here is a callback: between two steps the caller reads the progress, shows a frame, or cancels.

use serde::Serialize;

/// The stages of a run, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Index the items and drop the rare ones.
    Collect,
    /// Count in how many collections each pair of items stands together; similarity.
    Count,
    /// The k nearest items of each, along the graph.
    Graph,
    /// Minimum Distortion Embedding.
    Embed,
    /// The k nearest neighbors of each item in the embedding.
    Nearest,
    /// The layout in two dimensions.
    Project,
    /// Finished.
    Done,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 7] = [
        Stage::Collect,
        Stage::Count,
        Stage::Graph,
        Stage::Embed,
        Stage::Nearest,
        Stage::Project,
        Stage::Done,
    ];

    /// The stage after this one; `Done` stays `Done`.
    pub fn next(self) -> Stage {
        Self::ALL[(self as usize + 1).min(Self::ALL.len() - 1)]
    }

    /// Share of the whole run's time that this stage usually takes, for one overall bar. Sums to 1.
    pub fn share(self) -> f64 {
        match self {
            Stage::Collect => 0.04,
            Stage::Count => 0.16,
            Stage::Graph => 0.06,
            Stage::Embed => 0.34,
            Stage::Nearest => 0.04,
            Stage::Project => 0.36,
            Stage::Done => 0.0,
        }
    }
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The stage that works now.
    pub stage: Stage,
    /// Units done in this stage.
    pub done: u64,
    /// Units of this stage in all: rows, items, iterations or epochs. At least 1.
    pub total: u64,
    /// One short line for people, such as "1,203 of 3,416 items".
    pub text: String,
    /// 0 to 1 over all stages.
    pub overall: f64,
    /// Whether there are positions to show.
    pub has_layout: bool,
    /// Stages that this run does not have, or has for a moment only.
    pub skipped: &'static [Stage],
}

impl Progress {
    /// The progress of `stage` at `done` of `total`, in a run that takes next to no time for the stages `skipped`.
    pub fn new(
        stage: Stage,
        done: usize,
        total: usize,
        text: String,
        has_layout: bool,
        skipped: &'static [Stage],
    ) -> Self {
        let share = |s: Stage| if skipped.contains(&s) { 0.0 } else { s.share() };
        let all: f64 = Stage::ALL.into_iter().map(share).sum();
        let before: f64 = Stage::ALL.into_iter().filter(|&s| s < stage).map(share).sum();
        let part = share(stage) * done as f64 / total.max(1) as f64;
        let overall = if stage == Stage::Done { 1.0 } else { ((before + part) / all).min(1.0) };
        Progress { stage, done: done as u64, total: total.max(1) as u64, text, overall, has_layout, skipped }
    }
}

/// `n` with separators, such as 190,013.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overall_rises_to_one() {
        assert!((Stage::ALL.iter().map(|s| s.share()).sum::<f64>() - 1.0).abs() < 1e-12);
        for skipped in [&[][..], &[Stage::Embed, Stage::Nearest]] {
            let mut last = -1.0;
            for stage in Stage::ALL {
                for done in [0, 1, 2] {
                    let now = Progress::new(stage, done, 2, String::new(), false, skipped).overall;
                    assert!(now >= last);
                    last = now;
                }
            }
            assert_eq!(last, 1.0);
        }
    }

    #[test]
    fn groups_of_three() {
        assert_eq!([0, 12, 123, 1234, 1_000_209].map(grouped), ["0", "12", "123", "1,234", "1,000,209"]);
    }
}
