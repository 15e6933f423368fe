//! A run's seconds, stage by stage: on the clock, and of work on all cores together.

#![allow(dead_code, reason = "each program uses its own part")]

use archipelago::progress::Stage;
use archipelago::read::Records;
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run};
use std::fs;
use std::time::Instant;

/// What one stage took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds on the clock.
    pub clock: f64,
    /// Seconds that this process kept cores busy, all threads together: what other programs on the machine do hardly
    /// changes it. 0 where the system does not tell.
    pub work: f64,
}

/// A run and what it took.
pub struct Timed {
    /// The map; without a layout when the run ended at the embedding.
    pub map: Map,
    /// Each stage in order.
    pub stages: Vec<(&'static str, Cost)>,
}

impl Timed {
    /// Seconds on the clock of all stages.
    pub fn clock(&self) -> f64 {
        self.stages.iter().map(|(_, cost)| cost.clock).sum()
    }
}

/// The stages' names, in order; a run without an embedding has no `embed`.
pub const STAGES: [&str; 6] = ["collect", "count", "graph", "embed", "nearest", "project"];

/// Makes a map, or only its embedding.
pub fn run(records: &Records, recipe: &Recipe, whole: bool) -> Timed {
    let mut run = Run::new(recipe.clone()).expect("a good recipe");
    let mut stages: Vec<(&'static str, Cost)> = Vec::new();
    let (mut clock, mut work) = (Instant::now(), work_seconds());
    let mut stage = name(run.stage());
    loop {
        run.step(records).expect("a map");
        let next = name(run.stage());
        if next == stage {
            continue;
        }
        let (now, done) = (Instant::now(), work_seconds());
        let cost = Cost { clock: (now - clock).as_secs_f64(), work: done - work };
        stages.extend(stage.map(|stage| (stage, cost)));
        (clock, work, stage) = (now, done, next);
        if stage.is_none() || (!whole && stage == Some("nearest")) {
            break;
        }
    }
    Timed { map: run.into_map(), stages }
}

fn name(stage: Stage) -> Option<&'static str> {
    let index = match stage {
        Stage::Collect => 0,
        Stage::Count => 1,
        Stage::Graph => 2,
        Stage::Embed => 3,
        Stage::Nearest => 4,
        Stage::Project => 5,
        _ => return None,
    };
    Some(STAGES[index])
}

/// Seconds of all threads on a core so far (Linux: the first number of each thread's schedstat, in nanoseconds).
pub fn work_seconds() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = tasks.filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}

/// The most memory this process has held, in bytes, since [`forget_peak`]; 0 where the system does not tell.
pub fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Begins a new peak.
pub fn forget_peak() {
    // Where this is not possible the peak is that of the whole process: too much, never too little.
    let _ = fs::write("/proc/self/clear_refs", "5");
}
