//! Shown: what is seen of a run under way: how far it is, and where the items are now.

use super::{At, Run};
use crate::embed::Embedder;
use crate::progress::{Progress, Stage, grouped};
use crate::project::align::Turn;

/// Units of a stage that has a start and iterations, and the share of the start, as its inverse.
const STEPS: usize = 1000;
const START: usize = 8;

impl Run {
    /// How far the run is.
    pub fn progress(&self) -> Progress {
        let n = self.map.collections.n_items();
        let of = |done: usize, total: usize, what: &str| {
            (done, total, format!("{} of {} {what}", grouped(done), grouped(total)))
        };
        let at_start = |share: f64, what: &str| {
            let done = (share * (STEPS / START) as f64) as usize;
            (done, STEPS, format!("{what} for {} items", grouped(n)))
        };
        let places = "Finding places to start from";
        let after_start = |done: usize, total: usize, text: String| {
            let rest = STEPS - STEPS / START;
            (STEPS / START + done * rest / total.max(1), STEPS, text)
        };
        let (done, total, text) = match &self.at {
            At::Ready(Stage::Collect) => (0, 1, "Indexing the items".to_owned()),
            At::Ready(Stage::Nearest) => (0, 1, format!("Neighbors of {} items", grouped(n))),
            At::Ready(Stage::Done) => (1, 1, format!("{} items", grouped(n))),
            At::Ready(Stage::Embed) => at_start(0.0, places),
            At::Ready(_) => of(0, n, "items"),
            At::Count(status) => {
                let (done, total, items) = of(status.done(), n, "items");
                match status.starting() {
                    Some(share) => at_start(share, "Finding latent factors"),
                    None if status.has_factors() => after_start(done, total, items),
                    None => (done, total, items),
                }
            }
            At::Reduce(status) => (status.done(), status.total(), "Fewer dimensions".to_owned()),
            At::Knn(status) => {
                (status.done(), status.total(), format!("Nearest neighbors of {} items", grouped(n)))
            }
            At::Graph(status) => of(status.done(), n, "items"),
            At::EmbedStart(starting, _) => at_start(starting.share(), places),
            At::Embed(embedder) => {
                let (done, total, text) = of(embedder.step(), embedder.n_steps(), embedder.steps_name());
                match **embedder {
                    Embedder::Mde(_) => after_start(done, total, text),
                    _ => (done, total, text),
                }
            }
            At::Nearest(status) => of(status.done(), n, "items"),
            At::Flat(status) => of(status.iteration(), status.max_iterations(), "iterations"),
            At::ProjectStart(starting) => at_start(starting.share(), places),
            At::Sampled(status) => {
                let (share, text) = status.progress();
                ((share * STEPS as f64) as usize, STEPS, text)
            }
            At::Project(status) | At::Finish(status) => {
                let (done, total, text) =
                    of(status.epoch() as usize, status.n_epochs() as usize, status.epochs_name());
                after_start(done, total, text)
            }
        };
        let skipped: &[Stage] = if self.map.recipe.embeds() { &[] } else { &[Stage::Embed, Stage::Nearest] };
        Progress::new(self.stage(), done, total, text, self.has_layout(), skipped)
    }

    /// Whether [`Run::layout`] has something to show: as soon as the items are known.
    pub fn has_layout(&self) -> bool {
        !matches!(self.at, At::Ready(Stage::Collect))
    }

    /// Dimensions of [`Run::layout`]: those of the recipe, also before there is a layout by it.
    pub fn layout_dim(&self) -> usize {
        self.map.recipe.project.dim as usize
    }

    /// The positions now, row-major n_items x [`Run::layout_dim`]. Until there is an embedding: those of the map before where it had the
    /// same items, else a sunflower of all items; then the embedding's principal view, until the projection begins.
    /// Empty before the items are known.
    pub fn layout(&self) -> Vec<f32> {
        let map = &self.map;
        match &self.at {
            At::Ready(Stage::Collect) => Vec::new(),
            At::Ready(Stage::Done) => map.layout.clone(),
            At::Ready(Stage::Count | Stage::Graph | Stage::Embed)
            | At::Count(_)
            | At::Reduce(_)
            | At::Knn(_)
            | At::Graph(_) => map.unplaced(),
            At::EmbedStart(..) => map.unplaced(),
            At::Ready(_) | At::Nearest(_) | At::ProjectStart(_) if map.embedding.is_empty() => map.unplaced(),
            At::Ready(_) | At::Embed(_) | At::Nearest(_) | At::ProjectStart(_) => map.view(),
            At::Sampled(status) if status.has_layout() => status.layout(),
            At::Sampled(_) if map.embedding.is_empty() => map.unplaced(),
            At::Sampled(_) => map.view(),
            At::Project(status) | At::Finish(status) => status.layout(),
            At::Flat(status) => status.layout(),
        }
    }

    /// By what `layout`, the positions now, is turned to lie as the map before did; where there was none, a layout in space
    /// turns its widest side to who looks along the third axis.
    pub fn turn(&self, layout: &[f32]) -> Turn {
        let dim = self.layout_dim();
        if let Some(turn) = self.given.as_ref().filter(|turn| turn.dim() == dim) {
            return turn.clone();
        }
        let previous = self.previous.as_ref().filter(|_| !layout.is_empty());
        let turn = previous.and_then(|previous| previous.turn(layout, dim, &self.map.collections));
        turn.unwrap_or_else(|| if dim == 2 { Turn::identity(2) } else { Turn::widest(layout, dim) })
    }
}
