//! Vectors with their exact nearest neighbors, and how well a layout keeps them: what UMAP and its peers are judged by.

#![allow(dead_code, reason = "each program uses its own part")]

use archipelago::csr::Csr;
use archipelago::graph::nearest::nearest_neighbors;
use archipelago::measure::ranks::{misplacement, most_misplacement, nearest_by_scan, squared_distances};
use archipelago::parallel;
use archipelago::random::{Rng, Use};
use std::fs;
use std::path::Path;

/// The neighborhood that layouts are judged by.
pub const JUDGED: usize = 15;
/// Points that trustworthiness is measured on, among each other.
const SAMPLE: usize = 6000;

/// Points in many dimensions.
pub struct Vectors {
    /// Row-major n x `dim`.
    pub x: Vec<f32>,
    /// Number of dimensions.
    pub dim: usize,
}

impl Vectors {
    /// A CSV table with a header, a name in the first column and numbers in the others.
    pub fn read(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let dim = text.lines().next()?.split(',').count() - 1;
        let rows = text.lines().skip(1);
        let x = rows.flat_map(|row| row.split(',').skip(1)).map(|v| v.parse().unwrap_or(0.0)).collect();
        Some(Vectors { x, dim })
    }

    /// Number of points.
    pub fn n(&self) -> usize {
        self.x.len() / self.dim
    }

    /// The `k` nearest of each point by Euclidean distance, the point itself left out, found by looking at all pairs, once:
    /// they are kept in the file `kept`.
    pub fn nearest(&self, k: usize, kept: &Path) -> Csr<f32> {
        let n = self.n();
        if let Some(lists) = fs::read(kept).ok().and_then(|bytes| lists_of(&bytes, n, k)) {
            return lists;
        }
        let rows = parallel::map_chunks(n, 64, |points| {
            let (mut distances, mut found, mut rows) = (Vec::new(), Vec::new(), Vec::new());
            for i in points {
                squared_distances(&self.x, self.dim, i, &mut distances);
                nearest_by_scan(&distances, k, &mut found);
                rows.push(found.iter().map(|&(d, j)| (j, d.sqrt())).collect::<Vec<_>>());
            }
            rows
        });
        let mut lists = Csr::default();
        rows.into_iter().flatten().for_each(|row| lists.push_row(row));
        let _ = fs::create_dir_all(kept.parent().expect("a file in a folder"));
        fs::write(kept, [indices(&lists), distances(&lists)].concat()).expect("a file for the neighbors");
        lists
    }

    /// How well `layout` (row-major n x 2) keeps `nearest`: the mean share of each point's 15 nearest that are among its
    /// 15 nearest on the map, and trustworthiness (scikit-learn's, 15 neighbors) of 6,000 random points among themselves.
    pub fn judge(&self, layout: &[f32], nearest: &Csr<f32>) -> (f64, f64) {
        let near = nearest_neighbors(layout, 2, JUDGED);
        let first = |i: usize| &nearest.row(i).0[..JUDGED];
        let kept = |i: usize| first(i).iter().filter(|j| near.row(i).0.contains(j)).count();
        let share = (0..self.n()).map(kept).sum::<usize>() as f64 / near.len() as f64;

        let sample = sample(self.n());
        let of = |x: &[f32], dim: usize| -> Vec<f32> {
            sample.iter().flat_map(|&i| x[i * dim..][..dim].to_vec()).collect()
        };
        let (data, map) = (of(&self.x, self.dim), of(layout, 2));
        let n = sample.len();
        let missed = parallel::map_chunks(n, 16, |points| {
            let (mut far, mut flat) = (Vec::new(), Vec::new());
            let (mut there, mut here) = (Vec::new(), Vec::new());
            let mut sum = 0;
            for i in points {
                squared_distances(&data, self.dim, i, &mut far);
                squared_distances(&map, 2, i, &mut flat);
                nearest_by_scan(&far, JUDGED, &mut there);
                nearest_by_scan(&flat, JUDGED, &mut here);
                sum += misplacement(&here, &there, &far, JUDGED);
            }
            sum
        });
        let all = (most_misplacement(n, JUDGED) * n as u64) as f64;
        (share, 1.0 - missed.iter().sum::<u64>() as f64 / all)
    }
}

/// The indices of lists of equal length as 32-bit numbers, as the peers read them.
pub fn indices(lists: &Csr<f32>) -> Vec<u8> {
    lists.columns.iter().flat_map(|j| j.to_le_bytes()).collect()
}

/// Their distances.
pub fn distances(lists: &Csr<f32>) -> Vec<u8> {
    floats(&lists.values)
}

/// Numbers as bytes.
pub fn floats(x: &[f32]) -> Vec<u8> {
    x.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Bytes as numbers.
pub fn of_floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b)).collect()
}

fn lists_of(bytes: &[u8], n: usize, k: usize) -> Option<Csr<f32>> {
    if bytes.len() != 8 * n * k {
        return None;
    }
    let (columns, values) = bytes.split_at(4 * n * k);
    Some(Csr {
        offsets: (0..=n).map(|i| i * k).collect(),
        columns: columns.as_chunks::<4>().0.iter().map(|&b| u32::from_le_bytes(b)).collect(),
        values: of_floats(values),
    })
}

/// Up to 6,000 different points, always the same.
fn sample(n: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..n).collect();
    let mut rng = Rng::stream(0, Use::Test, 0);
    let wanted = SAMPLE.min(n);
    for i in 0..wanted {
        let other = i + rng.below((n - i) as u32) as usize;
        all.swap(i, other);
    }
    all.truncate(wanted);
    all
}
