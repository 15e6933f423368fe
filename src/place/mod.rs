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
use crate::pack::Parts;
use crate::parallel;
use crate::project::lanes::LANES;
use crate::project::tsne::affinities::{Perplexity, conditional};
use crate::project::tsne::kernel::Kernel;
use crate::project::tsne::partial::{self as tsne, Moving};
use crate::project::umap::partial::{self as umap, Partial};
use crate::project::{Method, fuzzy_set};
use crate::random::{Rng, Use};
use crate::recipe::Recipe;
use crate::run::Map;

/// Pairs of a new point and one of the map in a step, about.
const PAIRS: usize = 1 << 22;

/// Points that stay, in blocks side by side.
type Blocks = Vec<[[f32; LANES]; 2]>;

/// A new point.
struct Point {
    part: usize,
    /// Its neighbors' places and weights; none where it cannot be placed.
    near: Vec<([f32; 2], f32)>,
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
        Method::Umap => By::Umap(Partial::new(&recipe.project)),
        Method::Mde if recipe.embed.recipe != EmbedRecipe::PreserveDistances => {
            let fraction = match recipe.embed.recipe {
                EmbedRecipe::Laplacian => 0.0,
                _ => recipe.embed.repulsive_fraction_for(map.similar.pairs.len()),
            };
            By::Mde(Box::new(EmbedOptions { dim: 2, ..recipe.embed.clone() }), fraction, recipe.seed)
        }
        _ => By::Mean,
    };
    let of = |i: u32| [map.layout[2 * i as usize], map.layout[2 * i as usize + 1]];
    let points: Vec<Point> = (0..neighbors.n_rows())
        .map(|row| {
            let (part, near) = in_one_part(neighbors.row(row), &map.parts);
            let mut near: Vec<_> = near.into_iter().map(|(i, weight)| (of(i), weight)).collect();
            let at = match by {
                By::Mean => mean(&near),
                _ => thickest(&near),
            };
            if let By::Umap(_) = by {
                let strongest = near.iter().fold(0.0f32, |most, (_, w)| most.max(*w));
                near.iter_mut().for_each(|(_, w)| *w /= strongest);
            }
            Point { part, near, moving: Moving::new(at), at }
        })
        .collect();
    let mut wanted = vec![false; map.parts.count()];
    points.iter().filter(|point| !point.near.is_empty()).for_each(|point| wanted[point.part] = true);
    let members = map.parts.members();
    let fixed: Vec<(Blocks, Vec<[f32; 2]>)> = (0..map.parts.count())
        .map(|part| {
            let items = if wanted[part] { members.row(part).0 } else { &[] };
            let places: Vec<[f32; 2]> = items.iter().map(|&i| of(i)).collect();
            match by {
                By::Tsne(_) => (tsne::blocks(&places), places),
                By::Umap(_) => (umap::blocks(&places), places),
                By::Mde(..) => (Blocks::new(), places),
                By::Mean => Default::default(),
            }
        })
        .collect();
    let most = fixed.iter().map(|(_, places)| places.len()).max().unwrap_or(0);
    Status { by, points, fixed, at_once: (PAIRS / most.max(1)).clamp(1, 1024), done: 0 }
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
            let (by, fixed) = (&self.by, &self.fixed);
            parallel::for_each_part(&mut self.points[first..last], 1, |start, points| {
                for (k, point) in points.iter_mut().enumerate().filter(|(_, point)| !point.near.is_empty()) {
                    let (blocks, places) = &fixed[point.part];
                    match by {
                        By::Tsne(kernel) => {
                            point.moving.go(&point.near, blocks, *kernel);
                            point.at = point.moving.at();
                        }
                        By::Umap(partial) => {
                            let all = (&blocks[..], places.len());
                            point.at = partial.moved(point.at, iteration, &point.near, all);
                        }
                        By::Mde(options, fraction, seed) => {
                            let mut rng = Rng::stream(*seed, Use::Place, (first + start + k) as u64);
                            let wanted = (fraction * point.near.len() as f64).round() as usize;
                            let far = (0..wanted).map(|_| places[rng.below(places.len() as u32) as usize]);
                            let far: Vec<_> =
                                far.filter(|far| point.near.iter().all(|(near, _)| near != far)).collect();
                            point.at = anchored::place(point.at, &point.near, &far, options);
                        }
                        By::Mean => {}
                    }
                }
            });
            self.done += 1;
        }
    }

    /// Where the new points stand, row-major n x 2, in the coordinates of [`Map::layout`]; NaN for those that have no
    /// neighbor in the map.
    pub fn places(&self) -> Vec<f32> {
        let place = |point: &Point| if point.near.is_empty() { [f32::NAN; 2] } else { point.at };
        self.points.iter().flat_map(place).collect()
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
            false => conditional(&one, &perplexity),
        };
        let sum: f32 = found.values.iter().sum();
        found.values.iter_mut().for_each(|w| *w /= sum);
        out.push_row(found.columns.into_iter().zip(found.values));
    }
    out
}

/// The part that most of the weight is in, and the neighbors in it; their weights sum to 1.
fn in_one_part((ids, weights): (&[u32], &[f32]), parts: &Parts) -> (usize, Vec<(u32, f32)>) {
    let part_of = |&i: &u32| parts.of_item[i as usize] as usize;
    // The first of the heaviest; few parts are met by any one point.
    let weight_of = |part: usize| {
        ids.iter().zip(weights).filter(|(i, _)| part_of(i) == part).map(|(_, &w)| w).sum::<f32>()
    };
    let heaviest = ids.iter().map(part_of).map(|part| (weight_of(part), part));
    let (sum, part) = heaviest.reduce(|a, b| if b.0 > a.0 { b } else { a }).unwrap_or_default();
    let near = ids.iter().zip(weights).filter(|&(i, &w)| part_of(i) == part && w > 0.0);
    (part, near.map(|(&i, &w)| (i, w / sum)).collect())
}

/// The weighted mean.
fn mean(near: &[([f32; 2], f32)]) -> [f32; 2] {
    near.iter().fold([0.0; 2], |sum, (at, w)| [sum[0] + w * at[0], sum[1] + w * at[1]])
}

/// The neighbor around whom most of the weight lies, that of others falling with their distance as t-SNE's kernel does. Where
/// neighbors are in several places a mean or a median is in none of them.
fn thickest(near: &[([f32; 2], f32)]) -> [f32; 2] {
    let around = |at: &[f32; 2]| {
        near.iter().fold(0.0f32, |sum, (other, w)| {
            let apart = [at[0] - other[0], at[1] - other[1]];
            sum + w / (1.0 + apart[0] * apart[0] + apart[1] * apart[1])
        })
    };
    let all = near.iter().map(|(at, _)| (around(at), *at));
    all.reduce(|a, b| if b.0 > a.0 { b } else { a }).map_or([0.0; 2], |(_, at)| at)
}
