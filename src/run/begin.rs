//! Begin: the first step of each stage, from what the map has already.

use super::nearest::Nearest;
use super::{At, Run, Sizes, take_lists};
use crate::collect;
use crate::count;
use crate::embed::{self, Method, Start};
use crate::error::{Error, ErrorKind, Result};
use crate::graph;
use crate::knn;
use crate::progress::Stage;
use crate::read::{RecordKind, Records};
use crate::recipe::Recipe;
use std::sync::Arc;

/// Whether the rows are edges whose weights are distances: then who is near is not counted, but given.
///
/// # Errors
/// [`ErrorKind::OptionOutOfRange`] where the recipe says so of a file without weights.
pub(crate) fn by_distance(records: &Records, recipe: &Recipe) -> Result<bool> {
    let said = recipe.count.edges == count::Edges::Distances;
    if records.kind != RecordKind::Edges || !said && !records.are_distances {
        return Ok(false);
    }
    if records.weights.is_none() {
        let (option, value) = ("count.edges", "\"distances\"".to_owned());
        let legal = "\"neighborhoods\" or \"direct\" for a file without a column of distances";
        let error = Error::new(ErrorKind::OptionOutOfRange { option, value, legal });
        return Err(error.at(&records.info.file, 0, 0));
    }
    Ok(true)
}

/// The search of the nearest vectors. Always the same seed: another one begins with the embedding.
pub(super) fn search(vectors: &[f32], dim: usize, recipe: &Recipe, records: &Records) -> Result<At> {
    let status = knn::initialize(vectors, dim, recipe.count.nearest(), 0);
    Ok(At::Knn(Box::new(status.map_err(|e| e.at(&records.info.file, 0, 0))?)))
}

impl Run {
    /// Begins `stage`, and ends it where it is a single step.
    pub(super) fn begin(&mut self, stage: Stage, records: &Records) -> Result<()> {
        let map = &mut self.map;
        let recipe = &map.recipe;
        self.at = match stage {
            Stage::Collect => {
                let collections = match by_distance(records, recipe)? {
                    true => collect::of_distances(records)?,
                    false => collect::collect(records, &recipe.collect)?,
                };
                map.sizes = Sizes {
                    rows: records.info.rows,
                    skipped_rows: records.info.skipped_rows,
                    repeated_rows: collections.repeated_rows,
                    collections: collections.by_collection.n_rows(),
                    items_read: collections.n_items_read,
                    items: collections.n_items(),
                    ..Sizes::default()
                };
                map.collections = Arc::new(collections);
                // Positions of other items.
                map.layout.clear();
                map.embedding.clear();
                At::Ready(Stage::Count)
            }
            Stage::Count if records.kind == RecordKind::Vectors => {
                let vectors = &records.vectors;
                let count = &recipe.count;
                let dim = count.reduce_dim as usize;
                match knn::reduce::initialize(&vectors.values, vectors.dim, count.reduce, dim) {
                    Some(status) => At::Reduce(Box::new(status)),
                    None => search(&vectors.values, vectors.dim, recipe, records)?,
                }
            }
            Stage::Count if by_distance(records, recipe)? => {
                let lists = count::distances::lists(records, recipe.count.max_neighbors as usize);
                map.recall = None;
                take_lists(map, &lists);
                At::Ready(Stage::Graph)
            }
            Stage::Count => At::Count(Box::new(count::initialize(&map.collections, &recipe.count)?)),
            Stage::Graph => At::Graph(graph::Status::initialize(&map.graph, &recipe.graph)),
            Stage::Embed => {
                let dim = recipe.embed.dimensions();
                let wanted = recipe.embed.method == Method::Mde && recipe.embed.start == Start::Previous;
                let previous = self.previous.as_ref().filter(|_| wanted);
                let places = previous.and_then(|previous| previous.places(&map.collections, dim));
                let input = embed::Input {
                    n_items: map.collections.n_items(),
                    similar: map.similar.clone(),
                    graph: Some(&map.graph),
                    previous: places.as_deref(),
                    anchors: None,
                };
                if recipe.embed.method == Method::Mde {
                    let starting = embed::Starting::new(input, &recipe.embed, recipe.seed)?;
                    At::EmbedStart(Box::new(starting), places.is_some())
                } else {
                    let (x, embedder) = embed::method::initialize(
                        input,
                        &map.collections,
                        &recipe.count,
                        &recipe.embed,
                        recipe.seed,
                    )?;
                    (map.embedding, map.dim, map.continued) = (x, dim, false);
                    At::Embed(Box::new(embedder))
                }
            }
            Stage::Nearest => {
                if !recipe.embeds() {
                    map.forget_embedding();
                }
                match map.recipe.project.method.needs_neighbors() {
                    true => At::Nearest(Box::new(Nearest::new(map))),
                    false => At::Flat(Box::new(map.flat()?)),
                }
            }
            Stage::Project | Stage::Done => At::Ready(Stage::Done),
        };
        Ok(())
    }
}
