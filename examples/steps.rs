//! The longest step of each stage: how long a cancel may have to wait.
//!
//! usage: cargo run --release --example steps -- FILE.csv [threads=2] [OPTION=VALUE ...]
//!
//! A step is what `Run::step` does at once. Times are milliseconds on the clock and of work (all threads together, which other
//! programs on the machine hardly change).
#![allow(clippy::disallowed_methods, missing_docs)] // A clock is what this program is for.

#[path = "../benches/common/stages.rs"]
mod stages;

use archipelago::parallel;
use archipelago::progress::Stage;
use archipelago::read::{Reader, Table};
use archipelago::recipe::Recipe;
use archipelago::run::Run;
use std::time::Instant;

/// What the steps under one heading took.
struct Steps {
    name: String,
    count: usize,
    clock: f64,
    longest: [f64; 2],
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (file, options) = words.split_first().ok_or("say which file")?;
    let mut recipe = Recipe::default();
    let mut threads = 2;
    for option in options {
        match option.strip_prefix("threads=") {
            Some(number) => threads = number.parse()?,
            None => recipe = recipe.with(option)?,
        }
    }
    parallel::set_threads(threads);
    let mut reader = Reader::new(file);
    reader.push(&std::fs::read(file)?)?;
    let Table::Records(records) = reader.finish()? else { return Err("rows are needed".into()) };
    let mut run = Run::new(recipe)?;
    let mut all: Vec<Steps> = Vec::new();
    while run.stage() != Stage::Done {
        // The words of the progress tell the parts of a stage apart; numbers are how far it is.
        let text = run.progress().text;
        let words: Vec<&str> =
            text.split(' ').filter(|w| !w.starts_with(|c: char| c.is_ascii_digit())).collect();
        let name = format!("{:?}: {}", run.stage(), words.join(" "));
        let (clock, work) = (Instant::now(), stages::work_seconds());
        run.step(&records)?;
        let took = [clock.elapsed().as_secs_f64(), stages::work_seconds() - work].map(|s| 1e3 * s);
        if all.last().is_none_or(|last| last.name != name) {
            all.push(Steps { name, count: 0, clock: 0.0, longest: [0.0; 2] });
        }
        let last = all.last_mut().ok_or("a step")?;
        last.count += 1;
        last.clock += took[0];
        last.longest = [0, 1].map(|i| last.longest[i].max(took[i]));
    }
    println!("{:<48} {:>6} {:>10} {:>12} {:>12}", "stage", "steps", "ms", "longest", "its work");
    for Steps { name, count, clock, longest } in all {
        println!("{name:<48} {count:>6} {clock:>10.1} {:>12.1} {:>12.1}", longest[0], longest[1]);
    }
    println!("map {}", run.into_map().hash());
    Ok(())
}
