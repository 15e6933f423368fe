//! Nearest: the search for the neighbors that a flat map is made of, wherever the recipe has them from, in steps.

use super::Map;
use crate::csr::Csr;
use crate::error::Result;
use crate::graph::nearest::append_nearest_in_graph;
use crate::graph::search::{Search, search};
use crate::knn;
use crate::project::NeighborsFrom;

/// Edges of the graph that a step looks at, about.
const EDGES: usize = 1 << 20;

/// A search under way.
pub(super) enum Nearest {
    /// Along the map's graph: so many of each item, and the lists so far.
    Graph(usize, Csr<f32>),
    Points(Box<dyn Search + Send>),
    Vectors(Box<knn::parts::Status>),
}

impl Nearest {
    /// By the recipe of `map`.
    pub(super) fn new(map: &Map) -> Nearest {
        let recipe = &map.recipe;
        let k = recipe.project.wanted_neighbors();
        match recipe.project.from {
            NeighborsFrom::Graph => {
                let mut lists = Csr::default();
                let len = map.graph.len().min(map.graph.n_rows() * k);
                lists.columns.reserve(len);
                lists.values.reserve(len);
                Nearest::Graph(k, lists)
            }
            NeighborsFrom::Embedding if recipe.embed.method.makes_vectors() => {
                let options = knn::Options::euclidean(k);
                Nearest::Vectors(Box::new(knn::parts::initialize(
                    &map.embedding,
                    map.dim,
                    options,
                    &map.parts,
                )))
            }
            NeighborsFrom::Embedding => {
                let (x, dim) = map.space();
                Nearest::Points(search(&x, dim, k, &map.parts))
            }
        }
    }

    /// Does a step; returns whether all items are done.
    pub(super) fn step(&mut self, map: &Map) -> Result<bool> {
        Ok(match self {
            Nearest::Graph(k, lists) => {
                let (graph, done) = (&map.graph, lists.n_rows());
                let until = graph.offsets[done] + EDGES;
                let last = graph.offsets.partition_point(|&start| start < until).max(done + 1);
                append_nearest_in_graph(graph, *k, &map.parts, last, lists);
                lists.n_rows() == graph.n_rows()
            }
            Nearest::Points(search) => {
                search.step();
                search.is_done()
            }
            Nearest::Vectors(status) => {
                status.step()?;
                status.is_done()
            }
        })
    }

    /// Items done.
    pub(super) fn done(&self) -> usize {
        match self {
            Nearest::Graph(_, lists) => lists.n_rows(),
            Nearest::Points(search) => search.done(),
            Nearest::Vectors(status) => status.done(),
        }
    }

    /// Row i: the nearest of i, nearest first.
    pub(super) fn finish(self) -> Csr<f32> {
        match self {
            Nearest::Graph(_, lists) => lists,
            Nearest::Points(search) => search.finish(),
            Nearest::Vectors(status) => status.finish(),
        }
    }
}
