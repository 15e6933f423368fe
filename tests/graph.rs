//! The neighbor graph: by hand, and each fast search against a slow one.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::error::ErrorKind;
use archipelago::graph::nearest::nearest_neighbors;
use archipelago::graph::shortest_path::{append_nearest, nearest_along_graph};
use archipelago::graph::{
    Graph, GraphOptions, connected_components, default_max_distance, neighbor_pairs, symmetrize,
};
use common::{Dice, bits, blobs, on_any_threads};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};

/// The graph of undirected edges (i, j, length) between `n` items.
fn graph_of(n: usize, edges: &[(u32, u32, f32)]) -> Graph {
    symmetrize(&Csr::from_triples(n, edges.iter().copied()))
}

fn row(csr: &Csr<f32>, i: usize) -> Vec<(u32, f32)> {
    csr.row(i).0.iter().copied().zip(csr.row(i).1.iter().copied()).collect()
}

#[test]
fn symmetrize_by_hand() {
    // Both list each other: the shorter length. One lists the other: still an edge. Itself: none.
    let lists = Csr::from_triples(4, [(0, 1, 2.0), (1, 0, 1.5), (2, 0, 1.5), (0, 0, 0.1)].into_iter());
    let graph = symmetrize(&lists);
    assert_eq!(row(&graph, 0), [(1, 1.5), (2, 1.5)], "as long: the lower id first");
    assert_eq!(row(&graph, 1), [(0, 1.5)]);
    assert_eq!(row(&graph, 2), [(0, 1.5)]);
    assert_eq!(row(&graph, 3), []);
}

/// Directed lists of up to 10 items, lengths in eighths: sums of them are exact in f32, and ties are common.
fn lists() -> impl Strategy<Value = (usize, Vec<(u32, u32, f32)>)> {
    (2..11u32).prop_flat_map(|n| {
        let edge = (0..n, 0..n, 1..30u8).prop_map(|(i, j, d)| (i, j, f32::from(d) / 8.0));
        (Just(n as usize), prop::collection::vec(edge, 0..30))
    })
}

/// numpy's `quantile(lengths, q)` with its default, linear, method: sort, then between the ranks around q (n - 1).
fn quantile(mut lengths: Vec<f64>, q: f64) -> f64 {
    lengths.sort_by(f64::total_cmp);
    let rank = q * (lengths.len() - 1) as f64;
    let (low, high) = (lengths[rank.floor() as usize], lengths[rank.ceil() as usize]);
    low + (high - low) * (rank - rank.floor())
}

#[test]
fn default_max_distance_by_hand() {
    // Lengths 1 to 4: rank 0.75 * 3 = 2.25, so 3.25.
    let graph = graph_of(5, &[(0, 1, 4.0), (1, 2, 1.0), (2, 3, 3.0), (3, 4, 2.0)]);
    assert_eq!(default_max_distance(&graph), 9.75);
    assert_eq!(default_max_distance(&graph_of(2, &[(0, 1, 0.5)])), 1.5);
    assert_eq!(default_max_distance(&graph_of(3, &[])), 0.0);
}

/// All shortest path lengths (Floyd 1962, Warshall 1962), in f64.
fn all_paths(graph: &Graph) -> Vec<Vec<f64>> {
    let n = graph.n_rows();
    let mut d = vec![vec![f64::INFINITY; n]; n];
    for (i, j, length) in graph.triples() {
        d[i as usize][j as usize] = f64::from(length);
    }
    for (i, row) in d.iter_mut().enumerate() {
        row[i] = 0.0;
    }
    for via in 0..n {
        for i in 0..n {
            for j in 0..n {
                d[i][j] = d[i][j].min(d[i][via] + d[via][j]);
            }
        }
    }
    d
}

/// The k nearest out of all path lengths.
fn cut(paths: &[Vec<f64>], i: usize, k: usize, max_distance: f32) -> Vec<(u32, f64)> {
    let near = |&(j, d): &(usize, f64)| j != i && d.is_finite() && d <= f64::from(max_distance);
    let mut list: Vec<_> = paths[i].iter().copied().enumerate().filter(near).collect();
    list.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    list.truncate(k);
    list.into_iter().map(|(j, d)| (j as u32, d)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn symmetrize_is_its_slow_twin((n, edges) in lists()) {
        // Each list names an item once.
        let mut listed = BTreeMap::new();
        for &(i, j, d) in &edges {
            listed.entry((i, j)).or_insert(d);
        }
        let lists = Csr::from_triples(n, listed.iter().map(|(&(i, j), &d)| (i, j, d)));
        let graph = symmetrize(&lists);
        for i in 0..n as u32 {
            let length = |j: u32| {
                let (there, back) = (listed.get(&(i, j)), listed.get(&(j, i)));
                let shorter = there.into_iter().chain(back).copied().reduce(f32::min);
                shorter.filter(|_| i != j).map(|d| (j, d))
            };
            let mut want: Vec<_> = (0..n as u32).filter_map(length).collect();
            want.sort_by(|a, b| a.1.total_cmp(&b.1));
            prop_assert_eq!(row(&graph, i as usize), want);
        }
    }

    #[test]
    fn default_max_distance_is_numpys_quantile((n, edges) in lists(), odd in 0.9..1.1f32) {
        let edges: Vec<_> = edges.iter().map(|&(i, j, d)| (i, j, d * odd)).collect();
        let graph = graph_of(n, &edges);
        let lengths: Vec<_> = graph.triples().filter(|e| e.0 < e.1).map(|e| f64::from(e.2)).collect();
        prop_assume!(!lengths.is_empty());
        let want = 3.0 * quantile(lengths, 0.75);
        prop_assert!((f64::from(default_max_distance(&graph)) - want).abs() < 1e-6 * want);
    }

    /// Exact lengths: equal to the slow twin in every id and bit, ties by lower id.
    #[test]
    fn paths_are_the_slow_ones((n, edges) in lists(), k in 0..13usize, max_distance in 0..80u8) {
        let graph = graph_of(n, &edges);
        let max_distance = if max_distance == 0 { f32::INFINITY } else { f32::from(max_distance) / 8.0 };
        let paths = all_paths(&graph);
        let found = nearest_along_graph(&graph, k, max_distance);
        for i in 0..n {
            let found: Vec<_> = row(&found, i).into_iter().map(|(j, d)| (j, f64::from(d))).collect();
            prop_assert_eq!(found, cut(&paths, i, k, max_distance), "item {}", i);
        }
    }

    #[test]
    fn components_are_those_of_a_walk((n, edges) in lists(), keep in 0..12usize) {
        let pairs: Vec<_> = edges.iter().take(keep).map(|&(i, j, _)| [i, j]).collect();
        let mut component = vec![u32::MAX; n];
        let mut sizes = Vec::new();
        for first in 0..n {
            if component[first] != u32::MAX {
                continue;
            }
            component[first] = sizes.len() as u32;
            let mut queue = VecDeque::from([first]);
            let mut size = 0;
            while let Some(i) = queue.pop_front() {
                size += 1;
                for &[a, b] in &pairs {
                    for (from, to) in [(a as usize, b as usize), (b as usize, a as usize)] {
                        if from == i && component[to] == u32::MAX {
                            component[to] = sizes.len() as u32;
                            queue.push_back(to);
                        }
                    }
                }
            }
            sizes.push(size);
        }
        prop_assert_eq!(connected_components(n, &pairs), (component, sizes));
    }
}

/// A graph whose lengths are any floats: path lengths to rounding, ids wherever they cannot be mistaken.
#[test]
fn paths_in_a_larger_graph() {
    let mut dice = Dice::new(8);
    let n = 300;
    let mut edges = Vec::new();
    // Two parts that nothing connects, the second one sparse.
    for _ in 0..900 {
        let (i, j) = (dice.below(200) as u32, dice.below(200) as u32);
        edges.push((i, j, dice.unit() as f32 + 0.01));
    }
    for _ in 0..110 {
        let (i, j) = (200 + dice.below(100) as u32, 200 + dice.below(100) as u32);
        edges.push((i, j, dice.unit() as f32 + 0.01));
    }
    let graph = graph_of(n, &edges);
    let paths = all_paths(&graph);
    for (k, max_distance) in [(15, f32::INFINITY), (15, 0.4), (299, 2.0)] {
        let found = nearest_along_graph(&graph, k, max_distance);
        let mut full = 0;
        for i in 0..n {
            let (found, want) = (row(&found, i), cut(&paths, i, k, max_distance));
            assert_eq!(found.len(), want.len(), "item {i}");
            full += usize::from(found.len() == k);
            for (p, (a, b)) in found.iter().zip(&want).enumerate() {
                assert!((f64::from(a.1) - b.1).abs() < 1e-5, "item {i}: {a:?} {b:?}");
                let clear = |q: usize| want.get(q).is_none_or(|c| (c.1 - b.1).abs() > 1e-5);
                assert!(a.0 == b.0 || !clear(p + 1) || !clear(p.wrapping_sub(1)), "item {i}: {a:?} {b:?}");
            }
        }
        assert!(k == 299 || full > 50, "some rows are cut at k = {k}");
    }
}

#[test]
fn path_steps_are_the_whole_on_any_number_of_threads() {
    let mut dice = Dice::new(9);
    let edges: Vec<_> = (0..2000)
        .map(|_| (dice.below(500) as u32, dice.below(500) as u32, dice.unit() as f32 + 0.01))
        .collect();
    let graph = graph_of(500, &edges);
    let whole = on_any_threads(|| {
        let found = nearest_along_graph(&graph, 10, 3.0);
        (bits(&found.values), found)
    });
    let mut pieces = Csr::default();
    for until in [1, 2, 77, 300, 500] {
        append_nearest(&graph, 10, 3.0, until, &mut pieces);
        assert_eq!(pieces.n_rows(), until);
    }
    assert_eq!(pieces, whole.1);
}

#[test]
fn four_items_on_a_line() {
    // 0 --1-- 1 --1.5-- 2 --2-- 3
    let graph = graph_of(4, &[(0, 1, 1.0), (1, 2, 1.5), (2, 3, 2.0)]);
    // k = 1: 0 -> 1, 1 -> 0, 2 -> 1, 3 -> 2. Only 0 and 1 choose each other.
    let pairs = neighbor_pairs(&nearest_along_graph(&graph, 1, f32::INFINITY));
    assert_eq!(pairs.pairs, [[0, 1], [1, 2], [2, 3]]);
    assert_eq!(pairs.weights, [2.0, 1.0, 1.0]);
    // k = 2: 0 -> 1, 2 (at 2.5); 1 -> 0, 2; 2 -> 1, 3 (0 is at 2.5, 3 at 2); 3 -> 2, 1 (at 3.5).
    // Mutual: 0-1, 1-2, 2-3. Only 0 chooses 2 of 0-2, only 3 chooses 1 of 1-3.
    let lists = nearest_along_graph(&graph, 2, f32::INFINITY);
    assert_eq!(row(&lists, 3), [(2, 2.0), (1, 3.5)]);
    let pairs = neighbor_pairs(&lists);
    assert_eq!(pairs.pairs, [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3]]);
    assert_eq!(pairs.weights, [2.0, 1.0, 2.0, 1.0, 2.0]);
    // No path longer than 2.5: 3 finds only 2. What is exactly as long counts.
    let pairs = neighbor_pairs(&nearest_along_graph(&graph, 2, 2.5));
    assert_eq!(pairs.pairs, [[0, 1], [0, 2], [1, 2], [2, 3]]);
    assert_eq!(neighbor_pairs(&nearest_along_graph(&graph, 2, 0.5)).pairs, [[0u32; 2]; 0]);
}

/// Brute force: every other point by squared distance, then id.
fn nearest_of_all(points: &[f32], dim: usize, i: usize, k: usize) -> Vec<(u32, f32)> {
    let at = |i: usize| &points[i * dim..][..dim];
    let squared = |j: usize| at(i).iter().zip(at(j)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    let others = (0..points.len() / dim).filter(|&j| j != i);
    let mut all: Vec<_> = others.map(|j| (j as u32, squared(j))).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    all.truncate(k);
    all.into_iter().map(|(j, squared)| (j, squared.sqrt())).collect()
}

fn nearest_is_brute_force(points: &[f32], dim: usize, k: usize) {
    let found = nearest_neighbors(points, dim, k);
    let n = points.len() / dim;
    assert_eq!(found.n_rows(), n);
    for i in 0..n {
        assert_eq!(row(&found, i), nearest_of_all(points, dim, i, k), "dim {dim}, k {k}, point {i} of {n}");
    }
}

#[test]
fn nearest_points_are_exact() {
    let mut dice = Dice::new(21);
    for dim in [2, 3, 4] {
        for n in [0, 1, 2, 3, 16, 17, 33, 400] {
            let spread: Vec<f32> = (0..n * dim).map(|_| dice.unit() as f32).collect();
            // Few places, so most points have copies and most distances ties.
            let grid: Vec<f32> = (0..n * dim).map(|_| dice.below(4) as f32).collect();
            let line: Vec<f32> =
                (0..n * dim).map(|v| if v % dim == 1 { (v / dim) as f32 } else { 0.0 }).collect();
            let same = vec![0.25f32; n * dim];
            for points in [spread, grid, line, same] {
                for k in [0, 1, 7, 1000] {
                    nearest_is_brute_force(&points, dim, k);
                }
            }
        }
    }
}

#[test]
fn nearest_points_of_clusters_at_any_scale() {
    for scale in [1e-9f32, 1e-3, 1.0, 1e9] {
        let three = blobs(4, &[[0.0, 0.0, 0.0], [50.0, 0.0, 1.0], [50.0, 1e-3, -7.0]], 100, 0.01);
        let scaled: Vec<f32> = three.iter().map(|v| v * scale).collect();
        nearest_is_brute_force(&scaled, 3, 30);
        let four = blobs(5, &[[0.0; 4], [1.0, 2.0, 3.0, 4.0]], 120, 1.0);
        let scaled: Vec<f32> = four.iter().map(|v| v * scale).collect();
        nearest_is_brute_force(&scaled, 4, 15);
    }
}

#[test]
fn nearest_points_on_any_number_of_threads() {
    let points = blobs(6, &[[0.0, 0.0, 0.0], [3.0, 0.0, 1.0]], 500, 1.0);
    on_any_threads(|| {
        let found = nearest_neighbors(&points, 3, 15);
        (bits(&found.values), found.columns)
    });
}

#[test]
fn options() {
    let auto = |n| GraphOptions { n_neighbors: None, ..GraphOptions::default() }.n_neighbors_for(n);
    // PyMDE: a hundredth of n (n - 1) / 2 pairs, for each of n items, from 5 to 15; never more than there are others.
    assert_eq!([1, 2, 4, 100, 1500, 2001, 1_000_000].map(auto), [0, 1, 3, 5, 7, 10, 15]);
    let fixed = GraphOptions { n_neighbors: Some(40), ..GraphOptions::default() };
    assert_eq!([10, 41, 1000].map(|n| fixed.n_neighbors_for(n)), [9, 40, 40]);
    let cases = [
        (Some(0), None, "graph.nNeighbors"),
        (Some(1001), None, "graph.nNeighbors"),
        (None, Some(0.0), "graph.maxDistance"),
        (None, Some(-1.0), "graph.maxDistance"),
        (None, Some(f64::NAN), "graph.maxDistance"),
        (None, Some(f64::INFINITY), "graph.maxDistance"),
    ];
    for (n_neighbors, max_distance, key) in cases {
        let error =
            GraphOptions { n_neighbors, max_distance, ..GraphOptions::default() }.check().unwrap_err();
        assert!(matches!(error.kind, ErrorKind::OptionOutOfRange { option, .. } if option == key), "{error}");
    }
}
