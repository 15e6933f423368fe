//! Place: new points in a finished map, of which nothing moves.
//!
//! [`rows`] finds the neighbors of new items, [`list`] those of a person's own collection; both give each new point a row
//! of map points with weights that sum to 1. From there on [`Status`] places it by the method that made the map: it begins
//! where most of the weight lies, then moves alone:
//! - t-SNE: [`crate::project::tsne::partial`], as openTSNE's `transform`;
//! - UMAP: [`crate::project::umap::partial`], as umap-learn's `transform`, forces by their expectation; density is left out;
//! - MDE in two dimensions: [`anchored`], all others as anchors;
//! - PCA, a random projection and MDE that keeps distances: the weighted mean of its neighbors.
//!
//! New points do not see each other, so the place of one does not depend on what else is placed. A new point is of the
//! part of the map that most of its weight is in; the other parts neither pull nor push.

pub mod anchored;
pub mod list;
pub mod rows;

use crate::csr::Csr;
use crate::embed::{EmbedOptions, EmbedRecipe};
use crate::parallel;
use crate::project::lanes::{self, LANES};
use crate::project::tsne::affinities::{Perplexity, conditional_rows};
use crate::project::tsne::kernel::Kernel;
use crate::project::tsne::partial::{self as tsne, Moving};
use crate::project::umap::partial::Partial;
use crate::project::{Method, fuzzy_set};
use crate::random::{Rng, Use};
use crate::recipe::Recipe;
use crate::run::Map;

/// Pairs of a new point and one of the map in a step, about.
const PAIRS: usize = 1 << 22;

/// Where the points are that fill up the last lanes: so far that they push nothing, near enough that sums stay finite.
const FAR: f32 = 1e15;

/// Points that stay, in blocks side by side.
pub type Blocks = Vec<[[f32; LANES]; 2]>;
/// Where a neighbor stands, and its weight.
pub type Near = ([f32; 2], f32);

/// Points that stay, as the optimizers take them.
pub fn blocks(places: &[[f32; 2]]) -> Blocks {
    lanes::blocks(places, FAR)
}

/// A new point.
struct Point {
    part: usize,
    /// Its neighbors' places and weights; none where it cannot be placed.
    near: Vec<Near>,
    moving: Moving,
    at: [f32; 2],
}

/// What moves them.
enum By {
    Tsne(Kernel),
    Umap(Partial),
    Mde(Box<EmbedOptions>, f64, u64),
    Mean,
}

/// The placing of new points under way.
pub struct Status {
    by: By,
    points: Vec<Point>,
    /// The points of each part that new ones are placed in.
    fixed: Vec<(Blocks, Vec<[f32; 2]>)>,
    /// New points that move at once.
    at_once: usize,
    done: usize,
}

/// Ready to place new points in `map`: row i of `neighbors` has the map points next to new point i, with weights that sum
/// to 1. One without any is not placed.
pub fn initialize(map: &Map, neighbors: &Csr<f32>) -> Status {
    let recipe = &map.recipe;
    let by = match recipe.project.method {
        Method::Tsne => By::Tsne(Kernel::new(recipe.project.degrees_of_freedom)),
        Method::Umap => By::Umap(Partial::new(&recipe.project, map.layout.len() / 2)),
        Method::Mde if recipe.embed.recipe != EmbedRecipe::PreserveDistances => {
            let fraction = match recipe.embed.recipe {
                EmbedRecipe::Laplacian => 0.0,
                _ => recipe.embed.repulsive_fraction_for(map.similar.pairs.len()),
            };
            By::Mde(Box::new(EmbedOptions { dim: 2, ..recipe.embed.clone() }), fraction, recipe.seed)
        }
        _ => By::Mean,
    };
    let layout = map.layout.as_chunks::<2>().0;
    let mut points = Vec::new();
    let mut fixed = vec![(Blocks::new(), Vec::new()); map.parts.count()];
    let mut wanted = vec![false; fixed.len()];
    for row in 0..neighbors.n_rows() {
        let (part, mut near) = in_one_part(neighbors.row(row), map);
        let at = start(&near, matches!(by, By::Mean));
        if matches!(by, By::Umap(_)) {
            let strongest = near.iter().fold(0.0f32, |most, (_, w)| most.max(*w));
            near.iter_mut().for_each(|(_, w)| *w /= strongest);
        }
        if !near.is_empty() {
            wanted[part] = true;
        }
        points.push(Point { part, near, moving: Moving::new(at), at });
    }
    for (place, &part) in layout.iter().zip(&map.parts.of_item) {
        if wanted[part as usize] {
            fixed[part as usize].1.push(*place);
        }
    }
    let mut most = 1;
    for (filled, places) in &mut fixed {
        *filled = blocks(places);
        most = most.max(places.len());
    }
    Status { by, points, fixed, at_once: (PAIRS / most).clamp(1, 1024), done: 0 }
}

impl Status {
    /// Steps done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Steps in all.
    pub fn total(&self) -> usize {
        self.points.len().div_ceil(self.at_once) * self.iterations()
    }

    /// Steps of a point.
    fn iterations(&self) -> usize {
        match &self.by {
            By::Tsne(_) => tsne::ITERATIONS,
            By::Umap(partial) => partial.epochs(),
            By::Mde(..) => 1,
            By::Mean => 0,
        }
    }

    /// Goes on until step `until`, or the end. Where it is cut changes nothing.
    pub fn run(&mut self, until: usize) {
        let (iterations, total) = (self.iterations(), self.total());
        while self.done < until.min(total) {
            let (first, iteration) = (self.done / iterations * self.at_once, self.done % iterations);
            let last = self.points.len().min(first + self.at_once);
            for point in &mut self.points[first..last] {
                step(point, iteration, &self.by, &self.fixed);
            }
            self.done += 1;
        }
    }

    /// Goes on to the end on all threads, where no step is done yet: the same places.
    pub fn run_all(&mut self) {
        let (iterations, by, fixed) = (self.iterations(), &self.by, &self.fixed);
        parallel::for_each_part(&mut self.points, 1, |_, point| {
            (0..iterations).for_each(|iteration| step(&mut point[0], iteration, by, fixed));
        });
        self.done = self.total();
    }

    /// Where the new points stand, row-major n x 2, in the coordinates of [`Map::layout`]; NaN for those that have no
    /// neighbor in the map.
    pub fn places(&self) -> Vec<f32> {
        let place = |point: &Point| if point.near.is_empty() { [f32::NAN; 2] } else { point.at };
        self.points.iter().flat_map(place).collect()
    }
}

/// Moves a new point.
fn step(point: &mut Point, iteration: usize, by: &By, fixed: &[(Blocks, Vec<[f32; 2]>)]) {
    if point.near.is_empty() {
        return;
    }
    let (blocks, places) = &fixed[point.part];
    match by {
        By::Tsne(kernel) => {
            point.moving.go(&point.near, blocks, *kernel);
            point.at = point.moving.at();
        }
        By::Umap(partial) => {
            point.at = partial.moved(point.at, iteration, &point.near, (&blocks[..], places.len()));
        }
        By::Mde(options, fraction, seed) => {
            // Named by where it begins, so that it does not matter what else is placed.
            let [x, y] = point.at.map(|v| u64::from(v.to_bits()));
            let mut rng = Rng::stream(*seed, Use::Place, x << 32 | y);
            let wanted = (fraction * point.near.len() as f64).round() as usize;
            let mut drawn: Vec<u32> = (0..wanted).map(|_| rng.below(places.len() as u32)).collect();
            // Each once, as the map's own pairs: the few points of a small part would push many times over.
            drawn.sort_unstable();
            drawn.dedup();
            let far = drawn.iter().map(|&i| places[i as usize]);
            let far: Vec<_> = far.filter(|far| point.near.iter().all(|(near, _)| near != far)).collect();
            point.at = anchored::place(point.at, &point.near, &far, options);
        }
        By::Mean => {}
    }
}

/// The weights of new points' nearest `lists`, map points and dissimilarities, nearest first: as the map's method weighs
/// neighbors, each row by itself.
pub fn weights(lists: &Csr<f32>, recipe: &Recipe) -> Csr<f32> {
    let umap = recipe.project.method == Method::Umap;
    let perplexity = Perplexity::One(tsne::PERPLEXITY);
    let k = if umap { recipe.project.n_neighbors as usize } else { perplexity.wanted_neighbors() };
    let mut out = Csr::default();
    for row in 0..lists.n_rows() {
        let (ids, lengths) = lists.row(row);
        let k = k.min(ids.len());
        let one = Csr { offsets: vec![0, k], columns: ids[..k].to_vec(), values: lengths[..k].to_vec() };
        let mut found = match umap {
            // As umap-learn: a new point is not one of the map's, so one neighbor less is held firmly.
            true => fuzzy_set::neighbor_strengths(&one, (recipe.project.local_connectivity - 1.0).max(0.0)),
            false => {
                let values = conditional_rows(&one, 0..1, &perplexity);
                Csr { values, ..one }
            }
        };
        let sum: f32 = found.values.iter().sum();
        found.values.iter_mut().for_each(|w| *w /= sum);
        out.push_row(found.columns.into_iter().zip(found.values));
    }
    out
}

/// The part that most of the weight is in, and the places of the neighbors in it; their weights sum to 1.
fn in_one_part((ids, weights): (&[u32], &[f32]), map: &Map) -> (usize, Vec<Near>) {
    let of_item = &map.parts.of_item;
    // The first of the heaviest; few parts are met by any one point.
    let (mut part, mut sum) = (0, 0.0);
    for &first in ids {
        let candidate = of_item[first as usize];
        let mut weight = 0.0;
        for (&i, w) in ids.iter().zip(weights) {
            if of_item[i as usize] == candidate {
                weight += w;
            }
        }
        if weight > sum {
            (part, sum) = (candidate, weight);
        }
    }
    let mut near = Vec::new();
    for (&i, &w) in ids.iter().zip(weights) {
        if of_item[i as usize] == part && w > 0.0 {
            near.push(([map.layout[2 * i as usize], map.layout[2 * i as usize + 1]], w / sum));
        }
    }
    (part as usize, near)
}

/// Where a point begins: at the neighbor around whom most of the weight lies, that of others falling with their distance as
/// t-SNE's kernel does. Where neighbors are in several places a mean or a median is in none of them. Or, if asked for, at the
/// weighted mean.
fn start(near: &[Near], at_mean: bool) -> [f32; 2] {
    let (mut best, mut most) = ([0.0; 2], 0.0);
    for (at, weight) in near {
        if at_mean {
            best = [best[0] + weight * at[0], best[1] + weight * at[1]];
            continue;
        }
        let mut around = 0.0f32;
        for (other, w) in near {
            let apart = [at[0] - other[0], at[1] - other[1]];
            around += w / (1.0 + apart[0] * apart[0] + apart[1] * apart[1]);
        }
        if around > most {
            (best, most) = (*at, around);
        }
    }
    best
}
