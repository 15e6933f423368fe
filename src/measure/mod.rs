//! Measure: numbers that say what a map is worth.

pub mod distances;
pub mod hubness;
pub mod near;
pub mod ordering;
pub mod preservation;
pub mod purity;
pub mod quality;
pub mod ranks;

pub use hubness::{Hubness, hubness};
pub use purity::Labels;
pub use quality::{Quality, quality};
