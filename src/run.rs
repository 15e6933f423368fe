//! Run: the whole way from rows to map, in steps. The one place that knows the order of the stages.
//!
//! A step is a small fixed piece of one stage. The caller decides when to stop between steps, to show a frame, to
//! pause, or to drop the run (which cancels it); where the caller's clock cuts changes nothing in the result.
//!
//! A run need not begin at the beginning: [`Run::again`] keeps what an earlier map has in common with the recipe, and
//! [`Run::change`] does the same for a run under way. Both give the bits of a run from the rows, unless positions are
//! carried over on purpose, which [`Map::continued`] tells.

mod begin;
mod map;
mod nearest;
pub mod previous;
pub mod reference;
mod shown;

use crate::count;
use crate::csr::Csr;
use crate::embed::{self, Embedder, Method};
use crate::error::{Error, ErrorKind, Result};
use crate::graph;
use crate::knn;
use crate::measure;
use crate::pack;
use crate::progress::Stage;
use crate::project::align::Turn;
use crate::project::{self, flat, sampled};
use crate::read::Records;
use crate::recipe::Recipe;
pub(crate) use begin::by_distance;
pub use map::{Map, Sizes};
use nearest::Nearest;
use previous::Previous;
use std::sync::Arc;

/// Item rows counted in a step.
const COUNT_ROWS: usize = 256;
/// Items whose neighbors are searched along the graph in a step.
const GRAPH_ITEMS: usize = 2048;

/// Nearest of each item that its hubness is measured on: fewer than any recipe has use for, so that recipes compare.
const HUBNESS_NEIGHBORS: usize = 10;

/// What the stage under way holds.
enum At {
    /// The stage begins at the next step; all before it is in the map.
    Ready(Stage),
    Count(Box<count::Status>),
    Reduce(Box<knn::reduce::Status>),
    Knn(Box<knn::Status>),
    Graph(graph::Status),
    /// The embedding before its first iteration, and whether it goes on from the map before.
    EmbedStart(Box<embed::Starting>, bool),
    Embed(Box<Embedder>),
    Nearest(Box<Nearest>),
    /// The layout before its first epoch.
    ProjectStart(Box<project::Starting>),
    Project(Box<project::Status>),
    /// The layout after its last epoch.
    Finish(Box<project::Status>),
    /// The layout by way of a sample.
    Sampled(Box<sampled::Status>),
    Flat(Box<flat::Status>),
}

/// A run under way.
pub struct Run {
    map: Map,
    at: At,
    /// The map before, for the embedding's start.
    previous: Option<Previous>,
    /// By what the layout is turned, where that is known beforehand.
    given: Option<Turn>,
}

/// The graph of every item's nearest.
fn take_lists(map: &mut Map, lists: &Csr<f32>) {
    map.hubness = measure::hubness(lists, HUBNESS_NEIGHBORS);
    map.graph = Arc::new(graph::symmetrize(lists));
    map.sizes.graph_edges = map.graph.len() / 2;
}

impl Run {
    /// A run by `recipe`, nothing done.
    pub fn new(recipe: Recipe) -> Result<Run> {
        recipe.check()?;
        Ok(Run {
            map: Map { recipe, ..Map::default() },
            at: At::Ready(Stage::Collect),
            previous: None,
            given: None,
        })
    }

    /// A run by `recipe` on the rows of `map`, from the first stage whose options differ: what comes before is kept. The
    /// same recipe is done at once, unless the map was [continued](Map::continued): then it is embedded again.
    pub fn again(map: &Map, recipe: Recipe) -> Result<Run> {
        recipe.check()?;
        let first = match map.recipe.first_change(&recipe) {
            Stage::Done if map.continued && recipe.embeds() => Stage::Embed,
            Stage::Done if map.continued => Stage::Nearest,
            first => first,
        };
        Ok(Run { map: Map { recipe, ..map.clone() }, at: At::Ready(first), previous: None, given: None })
    }

    /// Gives the run the map before it, from which an embedding with the start `previous` begins.
    pub fn set_previous(&mut self, previous: Option<Previous>) {
        self.previous = previous;
    }

    /// Has the layout shown as another was, of the same map: turned by what that was turned by.
    pub fn set_turn(&mut self, turn: Option<Turn>) {
        self.given = turn;
    }

    /// Goes on by another recipe. Finished stages with equal options are kept; the first one that differs begins again,
    /// or goes on where it stands if it can. Returns the stage that the next step works on.
    ///
    /// # Errors
    /// [`ErrorKind::OptionOutOfRange`], and nothing is changed.
    pub fn change(&mut self, recipe: Recipe) -> Result<Stage> {
        recipe.check()?;
        let map = &mut self.map;
        let first = map.recipe.first_change(&recipe);
        let goes_on = match &mut self.at {
            At::Project(status) if first == Stage::Nearest => status.change(&recipe.project),
            At::Sampled(status) if first == Stage::Nearest => status.change(&recipe.project),
            At::Embed(embedder) if first == Stage::Embed => match &mut **embedder {
                Embedder::Mde(status) if recipe.embed.method == Method::Mde => {
                    let same_start =
                        (map.recipe.seed, map.recipe.embed.start) == (recipe.seed, recipe.embed.start);
                    same_start && status.change(&mut map.embedding, &recipe.embed).is_ok()
                }
                _ => false,
            },
            _ => false,
        };
        map.recipe = recipe;
        if goes_on {
            map.continued = true;
            return Ok(self.stage());
        }
        // The layout needs both of its stages again.
        let reached = if self.stage() == Stage::Project { Stage::Nearest } else { self.stage() };
        if first <= reached {
            self.at = At::Ready(first);
        } else if reached == Stage::Embed && !self.map.recipe.embeds() {
            self.at = At::Ready(Stage::Nearest);
        }
        Ok(self.stage())
    }

    /// The stage that the next step works on.
    pub fn stage(&self) -> Stage {
        match self.at {
            At::Ready(stage) => stage,
            At::Count(_) | At::Reduce(_) | At::Knn(_) => Stage::Count,
            At::Graph(_) => Stage::Graph,
            At::EmbedStart(..) | At::Embed(_) => Stage::Embed,
            At::Nearest(_) => Stage::Nearest,
            At::ProjectStart(_) | At::Project(_) | At::Finish(_) | At::Sampled(_) | At::Flat(_) => {
                Stage::Project
            }
        }
    }

    /// Does the next piece of work. `records` must be the same at every step.
    ///
    /// # Errors
    /// Those of the stages. The stage that failed begins again at the next step: [`Run::change`] the recipe before.
    pub fn step(&mut self, records: &Records) -> Result<()> {
        let stage = self.stage();
        let stepped = match self.at {
            At::Ready(stage) => self.begin(stage, records),
            _ => self.go_on(records),
        };
        stepped.inspect_err(|_| self.at = At::Ready(stage))
    }

    /// A step of a stage that has begun.
    fn go_on(&mut self, records: &Records) -> Result<()> {
        let map = &mut self.map;
        match &mut self.at {
            At::Count(status) if status.starting().is_some() => status.start(&map.collections),
            At::Count(status) => {
                let until = status.done() + COUNT_ROWS;
                status.run(&map.collections, until);
                if status.done() < map.collections.n_items() {
                    return Ok(());
                }
                let At::Count(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Graph)) else {
                    return Ok(());
                };
                let lists = status.finish().map_err(|e| e.at(&records.info.file, 0, 0))?;
                map.recall = None;
                take_lists(map, &lists);
            }
            At::Reduce(status) => {
                status.step(&records.vectors.values);
                if !status.is_done() {
                    return Ok(());
                }
                if let At::Reduce(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Count)) {
                    let (vectors, dim) = status.finish(map.recipe.count.reduce);
                    self.at = begin::search(&vectors, dim, &map.recipe, records)?;
                }
            }
            At::Knn(status) => {
                status.run(status.done() + 1);
                if !status.is_done() {
                    return Ok(());
                }
                let At::Knn(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Graph)) else {
                    return Ok(());
                };
                let nearest = status.finish();
                map.recall = Some(nearest.recall);
                take_lists(map, &nearest.lists);
            }
            At::Graph(status) => {
                let n = map.graph.n_rows();
                status.run(&map.graph, status.done() + GRAPH_ITEMS);
                if status.done() < n {
                    return Ok(());
                }
                let next = if map.recipe.embeds() { Stage::Embed } else { Stage::Nearest };
                let At::Graph(status) = std::mem::replace(&mut self.at, At::Ready(next)) else {
                    return Ok(());
                };
                let (similar, parts) = status.finish(&map.graph);
                if similar.pairs.is_empty() {
                    let reason = "No two items are within graph.maxDistance of each other.".to_owned();
                    return Err(Error::new(ErrorKind::NoEdges { reason }));
                }
                map.sizes.components = parts.count();
                map.sizes.largest_component = parts.sizes[parts.largest()] as usize;
                map.sizes.isolated = parts.isolated();
                map.sizes.similar_pairs = similar.pairs.len();
                (map.similar, map.parts) = (similar, parts);
            }
            At::EmbedStart(starting, continued) => {
                if let Some((x, status)) = starting.step(Some(&map.graph)) {
                    (map.embedding, map.dim) = (x, map.recipe.embed.dimensions());
                    map.continued = *continued;
                    self.at = At::Embed(Box::new(Embedder::Mde(Box::new(status))));
                }
            }
            At::Embed(embedder) => {
                embedder.run(&mut map.embedding, embedder.step() + 1);
                if embedder.is_finished() {
                    map.iterations = embedder.step();
                    map.loss = embedder.loss();
                    (map.distortions, map.average_distortion) = Default::default();
                    map.sizes.dissimilar_pairs = 0;
                    // Vectors are compared by their cosine, also between parts: they stay where they are.
                    if let Embedder::Mde(status) = &**embedder {
                        map.sizes.dissimilar_pairs = status.problem.pairs.len() - status.problem.n_similar;
                        map.distortions = status.distortions(&map.embedding);
                        map.average_distortion = status.average_distortion();
                        pack::pack(&mut map.embedding, map.dim, &map.parts);
                    }
                    self.at = At::Ready(Stage::Nearest);
                }
            }
            At::Nearest(status) => {
                if !status.step(map)? {
                    return Ok(());
                }
                if let At::Nearest(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Nearest)) {
                    let nearest = status.finish();
                    self.at = match sampled::is_sampled(&map.recipe.project, nearest.n_rows()) {
                        true => At::Sampled(Box::new(map.sampled(nearest)?)),
                        false => At::ProjectStart(Box::new(map.projection(nearest)?)),
                    };
                }
            }
            At::ProjectStart(starting) => {
                starting.step();
                if !starting.is_done() {
                    return Ok(());
                }
                if let At::ProjectStart(starting) = std::mem::replace(&mut self.at, At::Ready(Stage::Project))
                {
                    self.at = At::Project(Box::new(starting.finish()));
                }
            }
            At::Sampled(status) => {
                status.step()?;
                if !status.is_done() {
                    return Ok(());
                }
                if let At::Sampled(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Project)) {
                    self.at = status.finish().map_or(At::Ready(Stage::Nearest), At::Project);
                }
            }
            At::Project(status) => {
                if status.epoch() < status.n_epochs() {
                    status.piece();
                    return Ok(());
                }
                map.divergence = status.divergence();
                if let At::Project(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Done)) {
                    self.at = At::Finish(status);
                }
            }
            At::Finish(_) => {
                if let At::Finish(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Done)) {
                    map.place(status.finish());
                }
            }
            At::Flat(status) => {
                status.run(status.iteration() + 1);
                if !status.is_finished() {
                    return Ok(());
                }
                if let At::Flat(status) = std::mem::replace(&mut self.at, At::Ready(Stage::Done)) {
                    map.divergence = None;
                    map.place(status.finish());
                }
            }
            At::Ready(_) => {}
        }
        Ok(())
    }

    /// The map as far as it is made: complete when the stage is [`Stage::Done`].
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// The finished map.
    pub fn into_map(self) -> Map {
        self.map
    }
}

/// The map of `records` by `recipe`, all at once.
pub fn map(records: &Records, recipe: &Recipe) -> Result<Map> {
    let mut run = Run::new(recipe.clone())?;
    while run.stage() != Stage::Done {
        run.step(records)?;
    }
    Ok(run.into_map())
}
