//! Which items become neighbors: against PyMDE's edges, by each rule, and with more copies of an item than neighbors.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::graph::shortest_path::nearest_along_graph;
use archipelago::graph::{
    Graph, GraphOptions, NeighborPairs, Neighbors, Status, default_max_distance, symmetrize,
};
use archipelago::pack::Parts;
use common::Dice;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The rows of a fixture: two ids and a number.
fn rows(text: &str) -> Vec<(u32, u32, f32)> {
    let row = |line: &str| {
        let mut fields = line.split(',');
        let mut next = || fields.next().unwrap().to_owned();
        (next().parse().unwrap(), next().parse().unwrap(), next().parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

fn found(graph: &Graph, neighbors: Neighbors, k: u32) -> (NeighborPairs, Parts) {
    within(graph, neighbors, k, None)
}

fn within(graph: &Graph, neighbors: Neighbors, k: u32, max_distance: Option<f64>) -> (NeighborPairs, Parts) {
    let options = GraphOptions { neighbors, n_neighbors: Some(k), max_distance };
    let mut status = Status::initialize(graph, &options);
    // In pieces, as a run does.
    while status.done() < graph.n_rows() {
        status.run(graph, status.done() + 37);
    }
    status.finish(graph)
}

/// PyMDE 0.3.0's edges and weights (benches/reference/graph_edges.py) are ours, up to ties: where an edge or its weight
/// differs, one of its ends has the other exactly as far as its k-th nearest. Both graphs are those of the golden map's
/// collections: co-occurrence by 1/ln x, where most lengths are tied, and 1 - cosine.
#[test]
fn edges_are_pymdes_up_to_ties() {
    let fixtures = [
        (include_str!("fixtures/graph/raw.graph.csv"), include_str!("fixtures/graph/raw.pymde.csv")),
        (include_str!("fixtures/graph/cosine.graph.csv"), include_str!("fixtures/graph/cosine.pymde.csv")),
    ];
    for (graph, pymde) in fixtures {
        let edges = rows(graph);
        let n = edges.iter().map(|e| e.0.max(e.1) as usize + 1).max().unwrap();
        let graph = symmetrize(&Csr::from_triples(n, edges.iter().copied()));
        let k = GraphOptions { n_neighbors: None, ..GraphOptions::default() }.n_neighbors_for(n);
        let (ours, _) = found(&graph, Neighbors::ShortestPaths, k as u32);
        let ours: BTreeMap<[u32; 2], f32> = ours.pairs.into_iter().zip(ours.weights).collect();
        let pymde: BTreeMap<[u32; 2], f32> = rows(pymde).into_iter().map(|(i, j, w)| ([i, j], w)).collect();
        let all = nearest_along_graph(&graph, n, default_max_distance(&graph));
        let is_tie = |i: u32, j: u32| {
            let (columns, lengths) = all.row(i as usize);
            let last = lengths[k.min(lengths.len()) - 1];
            columns.iter().position(|&c| c == j).is_some_and(|at| (lengths[at] - last).abs() <= 1e-6 * last)
        };
        let mut same = 0;
        for pair @ &[i, j] in ours.keys().chain(pymde.keys()) {
            if ours.get(pair) == pymde.get(pair) {
                same += 1;
            } else {
                assert!(is_tie(i, j) || is_tie(j, i), "{pair:?}: {:?} {:?}", ours.get(pair), pymde.get(pair));
            }
        }
        // Each twice: most are no ties at all.
        assert!(same > 2 * pymde.len() * 3 / 4, "{same} of {}", 2 * pymde.len());
        // As many choices, whichever of the tied ones.
        let choices = |edges: &BTreeMap<_, f32>| edges.values().sum::<f32>();
        assert_eq!(choices(&ours), choices(&pymde));
    }
}

/// A random graph with lengths in (0.5, 1.5), all different.
fn random(n: usize, degree: usize, seed: u64) -> Graph {
    let mut dice = Dice::new(seed);
    let edges: Vec<_> = (0..n * degree / 2)
        .map(|e| (dice.below(n) as u32, dice.below(n) as u32, 0.5 + dice.unit() as f32 + e as f32 * 1e-6))
        .collect();
    symmetrize(&Csr::from_triples(n, edges.iter().copied()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_rule_is_its_definition(n in 2..60usize, degree in 1..12usize, k in 1..8u32, seed: u64) {
        let graph = random(n, degree, seed);
        let k = k.min(n as u32 - 1);
        let longest = default_max_distance(&graph);
        let near = |i: usize| -> Vec<u32> {
            let (columns, lengths) = graph.row(i);
            let within = columns.iter().zip(lengths).filter(|&(_, &d)| d <= longest);
            within.take(k as usize).map(|(&j, _)| j).collect()
        };
        let weights = |pairs: NeighborPairs| -> BTreeMap<[u32; 2], f32> {
            pairs.pairs.into_iter().zip(pairs.weights).collect()
        };
        let direct = weights(found(&graph, Neighbors::Direct, k).0);
        let mutual = weights(found(&graph, Neighbors::Mutual, k).0);
        let mut has_edge = vec![false; n];
        for i in 0..n as u32 {
            for j in i + 1..n as u32 {
                let (a, b) = (near(i as usize).contains(&j), near(j as usize).contains(&i));
                let want = f32::from(u8::from(a)) + f32::from(u8::from(b));
                prop_assert_eq!(direct.get(&[i, j]).copied().unwrap_or(0.0), want);
                if want == 2.0 {
                    prop_assert_eq!(mutual.get(&[i, j]), Some(&2.0));
                }
                if mutual.contains_key(&[i, j]) {
                    (has_edge[i as usize], has_edge[j as usize]) = (true, true);
                    let first = near(i as usize).first() == Some(&j) || near(j as usize).first() == Some(&i);
                    prop_assert!(want == 2.0 || first, "neither mutual nor the nearest");
                }
            }
            prop_assert!(has_edge[i as usize] || near(i as usize).is_empty(), "{i} has lost all edges");
        }
        // Lengths in another unit: the local scale takes it away.
        let doubled = Csr { values: graph.values.iter().map(|d| d * 4.0).collect(), ..graph.clone() };
        prop_assert_eq!(found(&graph, Neighbors::Adaptive, k).0, found(&doubled, Neighbors::Adaptive, k).0);
    }
}

/// `copies` items at 1e-4 from each other, each at 0.5 from item 0 and 0.6 from item 1 of a ring of others, which are
/// nearer to each other.
fn with_copies(copies: u32) -> Graph {
    let others = 40u32;
    let mut edges: Vec<(u32, u32, f32)> =
        (0..others).map(|i| (i, (i + 1) % others, 0.03 + i as f32 * 1e-3)).collect();
    for a in others..others + copies {
        edges.extend([(a, 0, 0.5), (a, 1, 0.6)]);
        edges.extend((a + 1..others + copies).map(|b| (a, b, 1e-4)));
    }
    symmetrize(&Csr::from_triples((others + copies) as usize, edges.iter().copied()))
}

#[test]
fn copies_make_no_island() {
    for neighbors in [Neighbors::ShortestPaths, Neighbors::Direct, Neighbors::Mutual, Neighbors::Adaptive] {
        for copies in [7, 30] {
            let graph = with_copies(copies);
            // Most edges join copies, so the default distance would be theirs.
            let (pairs, parts) = within(&graph, neighbors, 6, Some(1e4));
            assert_eq!(parts.count(), 1, "{neighbors:?}, {copies} copies");
            // Half of the six may lead out. Of the direct neighbors item 0 has so few that it takes copies by itself.
            let out = |a: u32| pairs.pairs.iter().filter(|p| p[1] == a && p[0] < 40).count();
            if [Neighbors::ShortestPaths, Neighbors::Adaptive].contains(&neighbors) {
                assert!((40..40 + copies).all(|a| (1..=3).contains(&out(a))), "{neighbors:?}");
            }
        }
    }
}

/// No more copies than neighbors: nothing changes. Nor for an island that nothing leads out of.
#[test]
fn only_islands_of_copies_change() {
    let graph = with_copies(5);
    let k = 6;
    let lists = nearest_along_graph(&graph, k, default_max_distance(&graph));
    let plain = archipelago::graph::neighbor_pairs(&lists);
    assert_eq!(found(&graph, Neighbors::ShortestPaths, k as u32).0, plain);
    // Two squares with their diagonals, apart: all lengths alike, no way out.
    let square = |at: u32| (0..4).flat_map(move |i| (i + 1..4).map(move |j| (at + i, at + j, 1.0)));
    let graph = symmetrize(&Csr::from_triples(8, square(0).chain(square(4)).collect::<Vec<_>>().into_iter()));
    assert_eq!(found(&graph, Neighbors::ShortestPaths, 3).1.sizes, [4, 4]);
}
