//! Ranks: all points in order of their distance from one, for what the nearest alone do not tell.
//!
//! Trustworthiness and continuity (Venna, Kaski 2001, "Neighborhood preservation in nonlinear projection methods") ask not
//! only whether a neighbor is a false one, but how far away it was. No tree helps: each rank is counted among all points,
//! O(n) a neighbor.

use crate::graph::nearest::Found;

/// Leaves the squared Euclidean distances from point `i` to every point in `out`; to itself NaN, which no comparison holds for.
/// `points` are row-major n x `dim`. The sums are those of [`crate::graph::nearest`].
pub fn squared_distances(points: &[f32], dim: usize, i: usize, out: &mut Vec<f32>) {
    match dim {
        2 => of_few::<2>(points, i, out),
        3 => of_few::<3>(points, i, out),
        4 => of_few::<4>(points, i, out),
        _ => {
            let query = &points[i * dim..][..dim];
            let squared = |p: &[f32]| p.iter().zip(query).fold(0.0, |sum, (a, b)| sum + (b - a) * (b - a));
            out.clear();
            out.extend(points.chunks_exact(dim.max(1)).map(squared));
        }
    }
    out[i] = f32::NAN;
}

/// As above, with the number of dimensions known to the compiler: several points at a time.
fn of_few<const D: usize>(points: &[f32], i: usize, out: &mut Vec<f32>) {
    let (all, _) = points.as_chunks::<D>();
    let query = all[i];
    out.clear();
    out.extend(all.iter().map(|p| (0..D).fold(0.0, |sum, d| sum + (query[d] - p[d]) * (query[d] - p[d]))));
}

/// Leaves the `k` nearest by `distances` in `found`, nearest first, ties by lower id; what is NaN is left out.
pub fn nearest_by_scan(distances: &[f32], k: usize, found: &mut Vec<Found>) {
    found.clear();
    if k == 0 {
        return;
    }
    let mut worst = f32::INFINITY;
    for (id, &distance) in distances.iter().enumerate() {
        // Ids rise, so among equals the one found first stays.
        let full = found.len() == k;
        if distance.is_nan() || (full && distance >= worst) {
            continue;
        }
        if full {
            found.pop();
        }
        found.insert(found.partition_point(|f| f.0 <= distance), (distance, id as u32));
        worst = found[found.len() - 1].0;
    }
}

/// The place of `id` in the order of `distances`, from 1: nearer points and, where as near, those of lower id come before.
pub fn rank(distances: &[f32], id: u32) -> usize {
    let (below, rest) = distances.split_at(id as usize);
    let distance = rest[0];
    let before = below.iter().map(|&d| u32::from(d <= distance)).sum::<u32>()
        + rest[1..].iter().map(|&d| u32::from(d < distance)).sum::<u32>();
    before as usize + 1
}

/// By how many places the `k` nearest in one space miss the `k` nearest in another, for each of `sizes`: the sum of rank - k
/// over those that are not among them. `nearest` are the nearest in the one, at least as many as the largest size, `distances`
/// and `reference` the distances and the nearest in the other.
pub fn misplacements<const S: usize>(
    nearest: &[Found],
    reference: &[Found],
    distances: &[f32],
    sizes: [usize; S],
) -> [u64; S] {
    let mut sums = [0; S];
    for (place, &(_, id)) in nearest.iter().take(sizes.into_iter().max().unwrap_or(0)).enumerate() {
        // Those that are listed are in the order of their ranks.
        let listed = reference.iter().position(|known| known.1 == id);
        let rank = listed.map_or_else(|| rank(distances, id), |at| at + 1);
        for (sum, k) in sums.iter_mut().zip(sizes).filter(|&(_, k)| place < k && rank > k) {
            *sum += (rank - k) as u64;
        }
    }
    sums
}

/// As [`misplacements`], for one size.
pub fn misplacement(nearest: &[Found], reference: &[Found], distances: &[f32], k: usize) -> u64 {
    misplacements(nearest, reference, distances, [k])[0]
}

/// The largest [`misplacement`] that one of `n` points can have: as many of the most distant points as do not fit among
/// its k nearest. Summed over all points, the reciprocal of Venna's and Kaski's factor A_k / 2.
pub fn most_misplacement(n: usize, k: usize) -> u64 {
    let others = n.saturating_sub(1);
    let k = k.min(others);
    let strangers = k.min(others - k);
    // Ranks others, others - 1, ..., others - strangers + 1, each less k.
    (strangers * (others - k) - strangers * strangers.saturating_sub(1) / 2) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::nearest::nearest_neighbors;
    use crate::random::{Rng, Use};

    #[test]
    fn scans_find_what_the_tree_finds_and_ranks_are_places_in_a_sorted_list() {
        for (index, (n, dim)) in [(1, 2), (2, 3), (40, 2), (300, 3), (300, 4)].into_iter().enumerate() {
            let mut rng = Rng::stream(3, Use::Test, index as u64);
            // Few different coordinates: many ties.
            let points: Vec<f32> = (0..n * dim).map(|_| rng.below(6) as f32).collect();
            let tree = nearest_neighbors(&points, dim, 15);
            let (mut distances, mut found) = (Vec::new(), Vec::new());
            for i in 0..n {
                squared_distances(&points, dim, i, &mut distances);
                assert!(distances[i].is_nan());
                nearest_by_scan(&distances, 15, &mut found);
                assert_eq!(found.iter().map(|f| f.1).collect::<Vec<_>>(), tree.row(i).0);
                let mut order: Vec<usize> = (0..n).filter(|&j| j != i).collect();
                order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]).then(a.cmp(&b)));
                for (place, &j) in order.iter().enumerate() {
                    assert_eq!(rank(&distances, j as u32), place + 1);
                }
            }
        }
    }

    #[test]
    fn distances_in_many_dimensions() {
        let mut out = Vec::new();
        squared_distances(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 4.0], 5, 1, &mut out);
        assert_eq!(out[0], 21.0);
        assert!(out[1].is_nan());
    }

    #[test]
    fn the_most_misplacement_is_that_of_the_formula() {
        // 2 / (n k (2n - 3k - 1)) for k < n / 2, 2 / (n (n - k) (n - k - 1)) from there (Venna 2007, section 4.1).
        for n in 1..40u64 {
            for k in 1..n {
                let whole = if 2 * k < n { k * (2 * n - 3 * k - 1) } else { (n - k) * (n - k - 1) };
                assert_eq!(2 * most_misplacement(n as usize, k as usize), whole, "{n} {k}");
            }
        }
        assert_eq!([most_misplacement(0, 5), most_misplacement(1, 5), most_misplacement(3, 5)], [0; 3]);
    }
}
