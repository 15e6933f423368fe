//! Previous: the map before as the start of the next embedding, so that a change of the recipe moves things instead of
//! everything.
//!
//! Items are matched by name. One that is new stands at the mean of its placed neighbors, a little aside, so that new items
//! with the same neighbors do not coincide; what is connected with nothing placed stands at random among the rest.

use super::Map;
use crate::collect::Collections;
use crate::csr::Csr;
use crate::graph::NeighborPairs;
use crate::random::{Rng, Use};
use crate::read::Records;

/// How far aside a new item stands from the mean of its neighbors, in units of the map's standard deviation.
const ASIDE: f32 = 0.02;

/// Where the items of the map before stood.
#[derive(Clone, Debug)]
pub struct Previous {
    /// For each item of the rows to come, its point in the map before, or [`UNKNOWN`].
    point_of: Vec<u32>,
    /// Row-major points x `dim`.
    embedding: Vec<f32>,
    dim: usize,
}

const UNKNOWN: u32 = u32::MAX;

impl Previous {
    /// The items of `records` in `map`, which was made of the rows `before`.
    pub fn new(map: &Map, before: &Records, records: &Records) -> Previous {
        let mut point_of = vec![UNKNOWN; records.items.len()];
        for (point, &id) in map.collections.items.iter().enumerate() {
            if let Some(item) = records.items.find(before.items.get(id)) {
                point_of[item as usize] = point as u32;
            }
        }
        Previous { point_of, embedding: map.embedding.clone(), dim: map.dim }
    }

    /// A start in `dim` dimensions, row-major; `None` when the map before had another number of them, or none of the items.
    pub fn start(
        &self,
        collections: &Collections,
        similar: &NeighborPairs,
        dim: usize,
        seed: u64,
    ) -> Option<Vec<f32>> {
        let n = collections.n_items();
        let points: Vec<u32> = collections.items.iter().map(|&id| self.point_of[id as usize]).collect();
        if dim != self.dim || points.iter().all(|&point| point == UNKNOWN) {
            return None;
        }
        let mut x = vec![0.0f32; n * dim];
        for (item, &point) in points.iter().enumerate().filter(|&(_, &point)| point != UNKNOWN) {
            x[item * dim..][..dim].copy_from_slice(&self.embedding[point as usize * dim..][..dim]);
        }
        let (center, deviation) = self.shape();
        let mut placed: Vec<bool> = points.iter().map(|&point| point != UNKNOWN).collect();
        let both = similar.pairs.iter().flat_map(|&[i, j]| [(i, j, ()), (j, i, ())]);
        let neighbors = Csr::from_triples(n, both);
        // From the placed ones outward: each round uses only what stood before it, so the order within it is no matter.
        loop {
            let next: Vec<usize> = (0..n)
                .filter(|&i| !placed[i] && neighbors.row(i).0.iter().any(|&j| placed[j as usize]))
                .collect();
            if next.is_empty() {
                break;
            }
            for &item in &next {
                let near = neighbors.row(item).0.iter().map(|&j| j as usize).filter(|&j| placed[j]);
                let mut rng = Rng::stream(seed, Use::NewItems, item as u64);
                for d in 0..dim {
                    let (count, sum) = near
                        .clone()
                        .fold((0u32, 0.0f64), |(count, sum), j| (count + 1, sum + f64::from(x[j * dim + d])));
                    x[item * dim + d] = (sum / f64::from(count)) as f32 + ASIDE * deviation * rng.normal();
                }
            }
            next.into_iter().for_each(|item| placed[item] = true);
        }
        for item in (0..n).filter(|&i| !placed[i]) {
            let mut rng = Rng::stream(seed, Use::NewItems, item as u64);
            for d in 0..dim {
                x[item * dim + d] = center[d] + deviation * rng.normal();
            }
        }
        Some(x)
    }

    /// The mean of the map before, and the standard deviation of a coordinate.
    fn shape(&self) -> (Vec<f32>, f32) {
        let n = (self.embedding.len() / self.dim.max(1)).max(1) as f64;
        let column = |d: usize| self.embedding.iter().skip(d).step_by(self.dim).map(|&v| f64::from(v));
        let means: Vec<f64> = (0..self.dim).map(|d| column(d).sum::<f64>() / n).collect();
        let squares: f64 =
            (0..self.dim).flat_map(|d| column(d).map(move |v| (d, v))).fold(0.0, |sum, (d, v)| {
                let off = v - means[d];
                sum + off * off
            });
        let deviation = (squares / (n * self.dim.max(1) as f64)).sqrt();
        (means.into_iter().map(|mean| mean as f32).collect(), deviation as f32)
    }
}
