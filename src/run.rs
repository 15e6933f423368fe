//! Run: the whole way from rows to map, in steps. The one place that knows the order of the stages.
//!
//! A step is a small fixed piece of one stage. The caller decides when to stop between steps, to show a frame, or to
//! drop the run (which cancels it); where the caller's clock cuts changes nothing in the result.

use crate::collect::{self, Collections};
use crate::count;
use crate::embed;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{self, Graph, nearest};
use crate::pack::{self, Parts};
use crate::progress::{Progress, Stage, grouped};
use crate::project::{self, pca};
use crate::read::Records;
use crate::recipe::Recipe;
use serde::Serialize;

/// Item rows counted in a step.
const COUNT_ROWS: usize = 256;
/// Items whose neighbors are searched along the graph in a step.
const GRAPH_ITEMS: usize = 2048;

/// Sizes along the way, for the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
    /// Rows read.
    pub rows: u64,
    /// Rows with a blank collection or item, left out.
    pub skipped_rows: u64,
    /// Rows that repeated a pair, counted once.
    pub repeated_rows: usize,
    /// Collections in the file.
    pub collections: usize,
    /// Items in the file.
    pub items_read: usize,
    /// Items in the map.
    pub items: usize,
    /// Pairs of items in the similarity graph.
    pub graph_edges: usize,
    /// Pairs kept near in the embedding.
    pub similar_pairs: usize,
    /// Pairs pushed apart in the embedding.
    pub dissimilar_pairs: usize,
    /// Parts of the neighbor graph that nothing connects.
    pub components: usize,
    /// Items in the largest part.
    pub largest_component: usize,
    /// Items without any neighbor: parts of one item.
    pub isolated: usize,
}

/// A finished map.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Positions, row-major n_items x 2.
    pub layout: Vec<f32>,
    /// The embedding, row-major n_items x `dim`.
    pub embedding: Vec<f32>,
    /// Dimensions of the embedding.
    pub dim: usize,
    /// Who has what, indexed.
    pub collections: Collections,
    /// The similarity graph: each item's near items, nearest first.
    pub graph: Graph,
    /// The parts of the neighbor graph that nothing connects, each laid out by itself.
    pub parts: Parts,
    /// Sizes along the way.
    pub sizes: Sizes,
    /// The embedding's average distortion.
    pub average_distortion: f64,
    /// Iterations of the embedding.
    pub iterations: usize,
    /// The recipe it was made by.
    pub recipe: Recipe,
}

impl Map {
    /// 64 bits of the positions' bits, as 16 hexadecimal digits: equal for equal maps, so a link can say what it
    /// promised. FNV-1a (Fowler, Noll, Vo) over the little-endian bytes.
    pub fn hash(&self) -> String {
        let bytes = self.layout.iter().flat_map(|v| v.to_bits().to_le_bytes());
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }
}

/// What the stage under way holds.
enum At {
    Collect,
    Count(count::Status),
    Graph(graph::Status),
    Embed(Box<embed::Status>),
    Nearest,
    Project(project::Status),
    Done,
}

/// A run under way.
pub struct Run {
    map: Map,
    at: At,
}

impl Run {
    /// A run by `recipe`, nothing done.
    pub fn new(recipe: Recipe) -> Result<Run> {
        recipe.check()?;
        Ok(Run { map: Map { dim: recipe.embed.dim as usize, recipe, ..Map::default() }, at: At::Collect })
    }

    /// The stage that the next step works on.
    pub fn stage(&self) -> Stage {
        match self.at {
            At::Collect => Stage::Collect,
            At::Count(_) => Stage::Count,
            At::Graph(_) => Stage::Graph,
            At::Embed(_) => Stage::Embed,
            At::Nearest => Stage::Nearest,
            At::Project(_) => Stage::Project,
            At::Done => Stage::Done,
        }
    }

    /// Does the next piece of work. `records` must be the same at every step.
    ///
    /// # Errors
    /// Those of the stages. After an error the run is over; nothing of it is left behind.
    pub fn step(&mut self, records: &Records) -> Result<()> {
        let map = &mut self.map;
        match &mut self.at {
            At::Collect => {
                map.collections = collect::collect(records, &map.recipe.collect)?;
                map.sizes = Sizes {
                    rows: records.info.rows,
                    skipped_rows: records.info.skipped_rows,
                    repeated_rows: map.collections.repeated_rows,
                    collections: map.collections.by_collection.n_rows(),
                    items_read: map.collections.n_items_read,
                    items: map.collections.n_items(),
                    ..Sizes::default()
                };
                self.at = At::Count(count::initialize(&map.collections, &map.recipe.count)?);
            }
            At::Count(status) => {
                let n = map.collections.n_items();
                let until = status.done() + COUNT_ROWS;
                status.run(&map.collections, until);
                if status.done() < n {
                    return Ok(());
                }
                let At::Count(status) = std::mem::replace(&mut self.at, At::Done) else { return Ok(()) };
                let lists = status.finish().map_err(|e| e.at(&records.info.file, 0, 0))?;
                map.graph = graph::symmetrize(&lists);
                map.sizes.graph_edges = map.graph.len() / 2;
                self.at = At::Graph(graph::Status::initialize(&map.graph, &map.recipe.graph));
            }
            At::Graph(status) => {
                let n = map.graph.n_rows();
                status.run(&map.graph, status.done() + GRAPH_ITEMS);
                if status.done() < n {
                    return Ok(());
                }
                let At::Graph(status) = std::mem::replace(&mut self.at, At::Done) else { return Ok(()) };
                let (similar, parts) = status.finish(&map.graph);
                if similar.pairs.is_empty() {
                    let reason = "No two items are within graph.maxDistance of each other.".to_owned();
                    return Err(Error::new(ErrorKind::NoEdges { reason }));
                }
                map.sizes.components = parts.count();
                map.sizes.largest_component = parts.sizes[parts.largest()] as usize;
                map.sizes.isolated = parts.isolated();
                map.sizes.similar_pairs = similar.pairs.len();
                map.parts = parts;
                let (x, status) = embed::initialize(n, similar, &map.recipe.embed, map.recipe.seed)?;
                map.sizes.dissimilar_pairs = status.problem.pairs.len() - status.problem.n_similar;
                map.embedding = x;
                self.at = At::Embed(Box::new(status));
            }
            At::Embed(status) => {
                let until = status.iteration() + 1;
                status.run(&mut map.embedding, until);
                if status.is_finished() {
                    map.average_distortion = status.average_distortion();
                    map.iterations = status.iteration();
                    pack::pack(&mut map.embedding, map.dim, &map.parts);
                    self.at = At::Nearest;
                }
            }
            At::Nearest => {
                let (x, dim, options) = (&map.embedding, map.dim, &map.recipe.project);
                let lists = nearest::nearest_within_parts(x, dim, options.n_neighbors as usize, &map.parts);
                let status = project::initialize(x, dim, &lists, &map.parts, options, map.recipe.seed)?;
                self.at = At::Project(status);
            }
            At::Project(status) => {
                status.run(status.epoch() + 1);
                if status.epoch() < status.n_epochs() {
                    return Ok(());
                }
                if let At::Project(status) = std::mem::replace(&mut self.at, At::Done) {
                    map.layout = status.finish();
                }
            }
            At::Done => {}
        }
        Ok(())
    }

    /// How far the run is.
    pub fn progress(&self) -> Progress {
        let n = self.map.collections.n_items();
        let of = |done: usize, total: usize, what: &str| {
            (done, total, format!("{} of {} {what}", grouped(done), grouped(total)))
        };
        let (done, total, text) = match &self.at {
            At::Collect => (0, 1, "Indexing the items".to_owned()),
            At::Count(status) => of(status.done(), n, "items"),
            At::Graph(status) => of(status.done(), n, "items"),
            At::Embed(status) => of(status.iteration(), status.max_iterations(), "iterations"),
            At::Nearest => (0, 1, format!("Neighbors of {} items", grouped(n))),
            At::Project(status) => of(status.epoch() as usize, status.n_epochs() as usize, "epochs"),
            At::Done => (1, 1, format!("{} items", grouped(n))),
        };
        Progress::new(self.stage(), done, total, text, self.has_layout())
    }

    /// Whether [`Run::layout`] has something to show: as soon as the items are known.
    pub fn has_layout(&self) -> bool {
        !matches!(self.at, At::Collect)
    }

    /// The positions now, row-major n_items x 2: a sunflower of all items until there is an embedding, then its principal
    /// view until the projection begins. Empty before the items are known.
    pub fn layout(&self) -> Vec<f32> {
        match &self.at {
            At::Count(_) | At::Graph(_) => sunflower(&self.map.collections.popularity()),
            At::Embed(_) | At::Nearest => {
                let (x, dim, parts) = (&self.map.embedding, self.map.dim, &self.map.parts);
                pack::packed(&pca::view_of_parts(x, dim, parts), 2, parts)
            }
            At::Project(status) => status.layout(),
            _ => self.map.layout.clone(),
        }
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

/// Items that have no place yet, the most popular in the middle: evenly spread on a disc of radius 1, each turned by the
/// golden angle from the one before (Vogel 1979). Row-major n x 2.
fn sunflower(popularity: &[u32]) -> Vec<f32> {
    const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
    let n = popularity.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(popularity[i]));
    let mut out = vec![0.0; 2 * n];
    for (rank, item) in order.into_iter().enumerate() {
        let radius = ((rank as f64 + 0.5) / n as f64).sqrt();
        let (sin, cos) = libm::sincos(GOLDEN_ANGLE * rank as f64);
        out[2 * item] = (radius * cos) as f32;
        out[2 * item + 1] = (radius * sin) as f32;
    }
    out
}

/// The map of `records` by `recipe`, all at once.
pub fn map(records: &Records, recipe: &Recipe) -> Result<Map> {
    let mut run = Run::new(recipe.clone())?;
    while run.stage() != Stage::Done {
        run.step(records)?;
    }
    Ok(run.into_map())
}
