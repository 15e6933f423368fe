//! Archipelago turns "who has what" data into a map.
#![deny(missing_docs)]

pub mod csr;
pub mod error;
pub mod math;
pub mod names;
pub mod parallel;
pub mod progress;
pub mod random;
pub mod read;
