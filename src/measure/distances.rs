//! Distances: are far pairs far on the map?
//!
//! Spearman's rank correlation (1904) between the distances of pairs of points in the reference and in the layout: what
//! neighborhoods do not say, whether the map's large outlines mean something. Ranks, as a map may stretch. Of random
//! pairs; all pairs where there are few points.

use super::ordering::Spaces;
use crate::pack::Parts;
use crate::random::{Rng, Use};
use serde::Serialize;

/// Pairs drawn: the standard error of the correlation is then below 0.01.
pub const PAIRS: usize = 20_000;

/// How the distances of pairs agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DistanceCorrelation {
    /// Spearman's rho: 1 where both order all distances alike, 0 where they have nothing in common. `None` where there are
    /// fewer than two pairs, or all distances are equal.
    pub rho: Option<f64>,
    /// Pairs it was taken over.
    pub pairs: usize,
}

/// The correlation over at most `most` pairs. Only points of one part of the graph make pairs: how far parts are from each
/// other is chosen by [`crate::pack`] and not by the data. All pairs where they are no more than `most`; else a point and
/// another one of its part, `most` times, by the stream of `seed`.
pub fn distance_correlation(spaces: &Spaces, parts: &Parts, most: usize, seed: u64) -> DistanceCorrelation {
    let (mut layout, mut reference) = (Vec::new(), Vec::new());
    for_each_pair(parts, most, seed, |i, j| {
        layout.push(squared(spaces.layout, spaces.dim, i, j));
        reference.push(squared(spaces.reference, spaces.reference_dim, i, j));
    });
    DistanceCorrelation { rho: spearman(&layout, &reference), pairs: layout.len() }
}

fn for_each_pair(parts: &Parts, most: usize, seed: u64, mut each: impl FnMut(usize, usize)) {
    let members = parts.members();
    let all: u64 =
        parts.sizes.iter().map(|&size| u64::from(size) * u64::from(size.saturating_sub(1)) / 2).sum();
    if all <= most as u64 {
        for part in 0..parts.count() {
            let items = members.row(part).0;
            for (at, &i) in items.iter().enumerate() {
                items[at + 1..].iter().for_each(|&j| each(i as usize, j as usize));
            }
        }
        return;
    }
    let linked: Vec<u32> =
        members.columns.iter().copied().filter(|&i| parts.sizes[part_of(parts, i)] > 1).collect();
    let mut rng = Rng::stream(seed, Use::MeasurePairs, 0);
    for _ in 0..most {
        let i = linked[rng.below(linked.len() as u32) as usize];
        let items = members.row(part_of(parts, i)).0;
        // One of the others: the last one stands in where it is the point itself.
        let at = rng.below(items.len() as u32 - 1) as usize;
        let j = if items[at] == i { items[items.len() - 1] } else { items[at] };
        each(i as usize, j as usize);
    }
}

fn part_of(parts: &Parts, item: u32) -> usize {
    parts.of_item[item as usize] as usize
}

/// Orders as the distance does.
fn squared(points: &[f32], dim: usize, i: usize, j: usize) -> f64 {
    let (a, b) = (&points[i * dim..][..dim], &points[j * dim..][..dim]);
    a.iter().zip(b).fold(0.0, |sum, (a, b)| {
        let difference = f64::from(*a) - f64::from(*b);
        sum + difference * difference
    })
}

/// Spearman's rho of paired numbers: Pearson's correlation of their ranks, ties at their mean rank.
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 + 1.0) / 2.0;
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let scale = (sum(&a, &a) * sum(&b, &b)).sqrt();
    (scale > 0.0).then(|| sum(&a, &b) / scale)
}

/// The rank of each number, from 1; equal numbers share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut out = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let tied = order[start..].partition_point(|&i| values[i] <= values[order[start]]);
        let mean = start as f64 + (tied as f64 + 1.0) / 2.0;
        order[start..start + tied].iter().for_each(|&i| out[i] = mean);
        start += tied;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_share_ties() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 0.5, 3.0]), [4.0, 2.0, 4.0, 1.0, 4.0]);
        // scipy.stats.spearmanr([1, 2, 3, 4], [5, 6, 6, 7])
        assert!(
            (spearman(&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 6.0, 7.0]).unwrap() - 0.948_683_298_050_513_8).abs()
                < 1e-12
        );
        assert_eq!(spearman(&[1.0, 2.0], &[4.0, 3.0]), Some(-1.0));
        assert_eq!(
            [spearman(&[], &[]), spearman(&[1.0], &[2.0]), spearman(&[1.0, 1.0], &[2.0, 3.0])],
            [None; 3]
        );
    }

    #[test]
    fn pairs_stay_within_their_part() {
        let parts = Parts { of_item: vec![0, 1, 0, 2, 1, 1], sizes: vec![2, 3, 1] };
        let pairs = |most| {
            let mut pairs = Vec::new();
            for_each_pair(&parts, most, 1, |i, j| pairs.push([i, j]));
            pairs
        };
        assert_eq!(pairs(4), [[0, 2], [1, 4], [1, 5], [4, 5]]);
        let drawn = pairs(3);
        assert_eq!(drawn.len(), 3);
        assert!(drawn.iter().all(|[i, j]| i != j && parts.of_item[*i] == parts.of_item[*j]));
    }
}
