//! Measure: numbers that say what a map is worth.

pub mod hubness;

pub use hubness::{Hubness, hubness};
