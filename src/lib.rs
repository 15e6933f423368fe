//! Archipelago turns "who has what" data into a map.
#![deny(missing_docs)]

pub mod camera;
pub mod collect;
pub mod count;
pub mod csr;
pub mod draw;
pub mod embed;
pub mod error;
pub mod explore;
pub mod graph;
pub mod items;
pub mod math;
pub mod names;
pub mod parallel;
pub mod progress;
pub mod project;
pub mod random;
pub mod read;
pub mod recipe;
pub mod run;
pub mod session;
#[cfg(target_arch = "wasm32")]
pub mod web;
