//! Ordering: does the map order all points around each as the reference does?
//!
//! The reference are points in any number of dimensions, the data's own space. Preservation, trustworthiness and continuity, exact
//! up to [`EXACT`] points. Beyond, [`SAMPLE`] points drawn at random without repetition are asked, each against *all*
//! points: their ranks are the true ones, so that the means converge to the full values as the sample grows (a sample
//! against itself would be another, thinner cloud). O(queries * n).

use super::preservation::{Means, Preserved, SIZES, preserved};
use super::ranks::{misplacements, most_misplacement, nearest_by_scan, squared_distances};
use crate::parallel;
use crate::random::{Rng, Use};
use serde::Serialize;

/// Most points of which each is asked.
pub const EXACT: usize = 5000;
/// Points asked where there are more: the standard error of a share is then below 0.01.
pub const SAMPLE: usize = 2000;
/// The neighborhood of trustworthiness and continuity.
pub const NEIGHBORS: usize = 15;
/// Points in a unit of parallel work.
const QUERIES: usize = 4;

/// Whether neighborhoods of one size are true and whole; see [`Ordering`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The neighborhood's size.
    pub k: usize,
    /// Whether what is near in the layout is near in the reference. `None` below 2 points.
    pub trustworthiness: Option<f64>,
    /// Whether what is near in the reference is near in the layout.
    pub continuity: Option<f64>,
}

/// How well the points around each are ordered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ordering {
    /// Of each point's nearest in the reference, the share among its nearest in the layout, for each of [`SIZES`].
    pub preserved: Vec<Preserved>,
    /// Whether what is near in the layout is near in the reference: 1 where no neighbor is false, lower the farther away
    /// false neighbors are; about 0.5 by chance. Of the [`NEIGHBORS`] nearest (Venna, Kaski 2001). `None` below 2 points.
    pub trustworthiness: Option<f64>,
    /// Whether what is near in the reference is near in the layout: the same with the two exchanged.
    pub continuity: Option<f64>,
    /// The two for each of [`SIZES`].
    pub ranked: Vec<Ranked>,
    /// Points asked: all, or the sample.
    pub points: usize,
    /// Whether all points were asked.
    pub exact: bool,
}

/// The points of a layout and of its reference, in one order.
#[derive(Clone, Copy, Debug)]
pub struct Spaces<'a> {
    /// The layout, row-major n x `dim`.
    pub layout: &'a [f32],
    /// Dimensions of the layout.
    pub dim: usize,
    /// The reference, row-major n x `reference_dim`.
    pub reference: &'a [f32],
    /// Dimensions of the reference.
    pub reference_dim: usize,
}

impl Spaces<'_> {
    /// Number of points.
    pub fn n(&self) -> usize {
        self.layout.len() / self.dim.max(1)
    }
}

/// The comparison under way.
pub struct Status {
    n: usize,
    /// The neighborhood asked for, then [`SIZES`].
    sizes: [usize; 4],
    queries: Vec<u32>,
    done: usize,
    means: Means,
    /// Misplacement of the layout's neighbors in the reference, and of the reference's in the layout.
    misplaced: [[u64; 4]; 2],
}

/// Begins a comparison of neighborhoods of `k`, asking all of `n` points, or `sample` of them by the stream of `seed` where
/// there are more than `exact`.
pub fn initialize(n: usize, k: usize, exact: usize, sample: usize, seed: u64) -> Status {
    let queries = if n <= exact { (0..n as u32).collect() } else { draw(n, sample, seed) };
    let [few, some, many] = SIZES;
    Status {
        n,
        sizes: [k, few, some, many],
        queries,
        done: 0,
        means: Means::default(),
        misplaced: [[0; 4]; 2],
    }
}

/// `count` of `n` ids, rising: the beginning of a shuffle (Fisher, Yates 1938).
fn draw(n: usize, count: usize, seed: u64) -> Vec<u32> {
    let mut rng = Rng::stream(seed, Use::MeasureSample, 0);
    let mut ids: Vec<u32> = (0..n as u32).collect();
    let count = count.min(n);
    for i in 0..count {
        ids.swap(i, i + rng.below((n - i) as u32) as usize);
    }
    ids.truncate(count);
    ids.sort_unstable();
    ids
}

impl Status {
    /// Points asked so far.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Points to ask in all.
    pub fn total(&self) -> usize {
        self.queries.len()
    }

    /// Goes on until `until` points are asked. `spaces` must be the same at every call.
    pub fn run(&mut self, spaces: &Spaces, until: usize) {
        let sizes = self.sizes;
        let end = until.clamp(self.done, self.queries.len());
        let queries = &self.queries[self.done..end];
        let parts = parallel::map_chunks(queries.len(), QUERIES, |part| {
            let mut asker = Asker::default();
            queries[part].iter().map(|&i| asker.ask(spaces, i as usize, sizes)).collect::<Vec<_>>()
        });
        for (shares, misplaced) in parts.into_iter().flatten() {
            self.means.add(shares);
            let sums = self.misplaced.iter_mut().flatten();
            sums.zip(misplaced.into_iter().flatten()).for_each(|(sum, m)| *sum += m);
        }
        self.done = end;
    }

    /// What was found.
    pub fn finish(&self) -> Ordering {
        // Where everyone is everyone's neighbor, none can be misplaced.
        let score = |way: usize, size: usize| {
            let most = most_misplacement(self.n, self.sizes[size]) * self.done as u64;
            (self.n > 1).then(|| 1.0 - self.misplaced[way][size] as f64 / most.max(1) as f64)
        };
        let ranked = |(at, k)| Ranked { k, trustworthiness: score(0, at + 1), continuity: score(1, at + 1) };
        Ordering {
            preserved: self.means.finish().to_vec(),
            trustworthiness: score(0, 0),
            continuity: score(1, 0),
            ranked: SIZES.into_iter().enumerate().map(ranked).collect(),
            points: self.done,
            exact: self.done == self.n,
        }
    }
}

/// The scratch of one thread.
#[derive(Default)]
struct Asker {
    distances: [Vec<f32>; 2],
    nearest: [Vec<(f32, u32)>; 2],
    reference: Vec<u32>,
}

impl Asker {
    fn ask(&mut self, spaces: &Spaces, i: usize, sizes: [usize; 4]) -> ([f32; 3], [[u64; 4]; 2]) {
        let [in_layout, in_reference] = &mut self.distances;
        squared_distances(spaces.layout, spaces.dim, i, in_layout);
        squared_distances(spaces.reference, spaces.reference_dim, i, in_reference);
        let [near, truly] = &mut self.nearest;
        let most = SIZES[SIZES.len() - 1].max(sizes[0]);
        nearest_by_scan(in_layout, most, near);
        nearest_by_scan(in_reference, most, truly);
        self.reference.clear();
        self.reference.extend(truly.iter().map(|found| found.1));
        let shares = preserved(&self.reference, near.iter().map(|found| found.1));
        let sizes = sizes.map(|k| k.min(near.len()));
        let misplaced =
            [misplacements(near, truly, in_reference, sizes), misplacements(truly, near, in_layout, sizes)];
        (shares, misplaced)
    }
}

/// All at once, of every point or of a sample: see [`initialize`].
pub fn ordering(spaces: &Spaces, k: usize, exact: usize, sample: usize, seed: u64) -> Ordering {
    let mut status = initialize(spaces.n(), k, exact, sample, seed);
    status.run(spaces, usize::MAX);
    status.finish()
}
