//! Archipelago turns "who has what" data into a map.
//!
//! Rows (collection, item) go through six stages, each a module that reads like its name: [`read`] -> [`collect`] ->
//! [`count`] -> [`graph`] -> [`embed`] -> [`project`], with [`run`] as the one place that knows their order and
//! [`recipe`] as the one list of options; then `draw` and `explore` show the result. [`session`] keeps the map on the screen apart
//! from what may replace it. The same rows, recipe and seed give the same bits natively and in WebAssembly, on any
//! number of threads.
//!
//! ```
//! use archipelago::read::{Reader, Table};
//! use archipelago::recipe::Recipe;
//!
//! let mut reader = Reader::new("likes.csv");
//! reader.push(b"user,film\nann,Alien\nann,Aliens\nben,Alien\nben,Aliens\ncem,Babe\ncem,Alien\ndee,Babe\n")?;
//! let Table::Records(records) = reader.finish()? else { panic!("rows, not a table of items") };
//!
//! let recipe = Recipe::default().with("collect.minCollections=2")?;
//! let map = archipelago::run::map(&records, &recipe)?;
//! assert_eq!(map.layout.len(), 2 * 3); // x, y of Alien, Aliens and Babe
//! assert_eq!(map.hash(), archipelago::run::map(&records, &recipe)?.hash());
//! # Ok::<(), archipelago::error::Error>(())
//! ```
//!
//! Limits: 2^32 items and 4 GiB of names; collections of n items cost n^2 counts each.
#![deny(missing_docs)]

pub mod camera;
pub mod collect;
pub mod count;
pub mod csr;
pub mod draw;
pub mod eigen;
pub mod embed;
pub mod error;
pub mod explore;
pub mod flight;
pub mod graph;
pub mod items;
pub mod knn;
pub mod math;
pub mod matrix;
pub mod measure;
pub mod names;
pub mod pack;
pub mod parallel;
pub mod place;
pub mod progress;
pub mod project;
pub mod random;
pub mod read;
pub mod recipe;
pub mod run;
pub mod select;
pub mod session;
pub mod simd;
#[cfg(target_arch = "wasm32")]
pub mod web;
