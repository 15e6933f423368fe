//! What the user sees while work goes on: each step's name and time, and failures that say what to do.
//!
//! All of it goes to stderr, so that `cargo xtask env` can put shell code, and nothing else, on stdout.

use std::fmt;
use std::time::Instant;

/// Why a step failed and what the reader can do about it.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong, as one sentence.
    pub what: String,
    /// What to do now: a command to type or a place to look; may have several lines.
    pub advice: String,
}

/// The outcome of a step.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure with its advice.
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Failure {
        Failure { what: what.into(), advice: advice.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.what)?;
        for (i, line) in self.advice.lines().enumerate() {
            write!(out, "\n  {}{line}", if i == 0 { "what to do: " } else { "            " })?;
        }
        Ok(())
    }
}

/// Adds what was being done, and advice, to a library's error.
pub trait OrFail<T> {
    /// Turns an error into a [`Failure`] that reads "`what`: the error".
    fn or_fail(self, what: impl fmt::Display, advice: &str) -> Result<T>;
}

impl<T, E: fmt::Display> OrFail<T> for std::result::Result<T, E> {
    fn or_fail(self, what: impl fmt::Display, advice: &str) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{what}: {error}"), advice))
    }
}

/// Says that `what` was already there.
pub fn found(what: impl fmt::Display) {
    eprintln!("  ready  {what}");
}

/// Runs one piece of work under its name and says how long it took.
pub fn step<T>(what: impl fmt::Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("  start  {what}");
    let start = Instant::now();
    let outcome = work()?;
    eprintln!("  done   {what}, in {:.1} s", start.elapsed().as_secs_f64());
    Ok(outcome)
}
