//! The whole way on tiny and odd inputs: finite positions or one of the documented errors, by either preset.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::recipe::Recipe;
use archipelago::run::map;
use common::{records_of, zipf_pairs};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Each set of items as `times` collections of their own.
fn sets(times: usize, sets: impl IntoIterator<Item = Vec<usize>>) -> Vec<[usize; 2]> {
    let owned = sets.into_iter().flat_map(|set| std::iter::repeat_n(set, times)).enumerate();
    owned.flat_map(|(c, set)| set.into_iter().map(move |i| [c, i])).collect()
}

/// Pairs of items, each pair together in 6 collections: enough for both presets.
fn edges(edges: impl IntoIterator<Item = [usize; 2]>) -> Vec<[usize; 2]> {
    sets(6, edges.into_iter().map(Vec::from))
}

/// `pairs`, and one more collection that holds `items`.
fn and(mut pairs: Vec<[usize; 2]>, items: &[usize]) -> Vec<[usize; 2]> {
    let collection = pairs.iter().map(|pair| pair[0] + 1).max().unwrap_or(0);
    pairs.extend(items.iter().map(|&i| [collection, i]));
    pairs
}

/// Name, rows, and the error: "" where there is a map.
fn shapes() -> Vec<(&'static str, Vec<[usize; 2]>, &'static str)> {
    let all = |n: usize| (0..n).flat_map(move |i| (i + 1..n).map(move |j| [i, j]));
    vec![
        ("nothing", vec![], "too-few-items"),
        ("one item", sets(6, [vec![0]]), "too-few-items"),
        ("items alone", sets(6, (0..9).map(|i| vec![i])), "nothing-co-occurs"),
        ("two items, always together", edges([[0, 1]]), "all-the-same"),
        ("two items", and(edges([[0, 1]]), &[0]), ""),
        ("two items and a stranger", and(edges([[0, 1]]), &[2]), "all-the-same"),
        ("three items in a row", edges([[0, 1], [1, 2]]), ""),
        ("three items, each with each", edges(all(3)), ""),
        ("a pair and one alone", and(sets(6, [vec![0, 1], vec![2]]), &[0]), ""),
        ("five items in a row", edges((0..4).map(|i| [i, i + 1])), ""),
        ("star", edges((1..40).map(|i| [0, i])), ""),
        ("complete", edges(all(20)), ""),
        ("long chain", edges((0..300).map(|i| [i, i + 1])), ""),
        ("ring", edges((0..60).map(|i| [i, (i + 1) % 60])), ""),
        ("one huge collection, once", sets(1, [(0..400).collect()]), "too-few-items"),
        ("one huge collection", sets(6, [(0..400).collect()]), "all-the-same"),
        ("huge collections", sets(6, [(0..300).collect(), (0..150).collect()]), ""),
        ("one item in all", sets(6, (0..30).map(|i| vec![0, 1 + i, 1 + (i + 1) % 30])), ""),
        ("many pairs", edges((0..80).map(|i| [2 * i, 2 * i + 1])), ""),
        ("many groups", sets(6, (0..40).map(|g| (5 * g..5 * g + 5).collect())), ""),
        (
            "a large part and many pairs",
            {
                let chain = (0..60).flat_map(|i| [[i, (i + 1) % 60], [i, (i + 7) % 60]]);
                edges(chain.chain((0..20).map(|i| [60 + 2 * i, 61 + 2 * i])))
            },
            "",
        ),
        (
            "two copies of everything",
            {
                let rows = zipf_pairs(4, 60, 40, 900);
                rows.iter().flat_map(|&[c, i]| [[c, 2 * i], [c, 2 * i + 1]]).collect()
            },
            "",
        ),
    ]
}

/// Both presets, and options that are as far as they go, with fewer iterations.
fn recipes() -> Vec<Recipe> {
    let author = Recipe::preset("author").unwrap();
    let short = ["embed.maxIterations=30", "project.epochs=20", "project.iterations=20"];
    let with = |recipe: &Recipe, changes: &[&str]| {
        short.iter().chain(changes).fold(recipe.clone(), |recipe, change| recipe.with(change).unwrap())
    };
    vec![
        with(&Recipe::default(), &["graph.nNeighbors=1000", "project.nNeighbors=500", "embed.dim=4"]),
        with(&Recipe::default(), &["graph.nNeighbors=1", "project.nNeighbors=2", "embed.dim=2"]),
        with(
            &Recipe::default(),
            &["project.start=spectral", "embed.attractive=linear", "count.maxNeighbors=1"],
        ),
        with(&Recipe::default(), &["project.method=tsne", "project.from=graph", "project.earlyIterations=9"]),
        with(&Recipe::default(), &["project.method=tsne", "project.start=spectral"]),
        with(&Recipe::default(), &["project.from=graph", "embed.method=item2vec", "embed.trainingEpochs=3"]),
        with(&Recipe::default(), &["project.method=mde", "embed.method=node2vec", "embed.trainingEpochs=3"]),
        with(&Recipe::default(), &["project.method=pca", "embed.method=factors"]),
        with(&Recipe::default(), &["project.method=randomProjection"]),
        with(&Recipe::default(), &["project.method=tsne", "embed.method=ggvec", "embed.trainingEpochs=9"]),
        with(&author, &["embed.repulsiveFraction=20", "project.minDist=0", "embed.attractive=quadratic"]),
        with(&author, &["embed.repulsiveFraction=0.01", "embed.start=spectral", "embed.maxIterations=0"]),
        author,
        Recipe::default(),
    ]
}

#[test]
fn odd_shapes_have_finite_maps() {
    for (name, pairs, error) in shapes() {
        let records = records_of(&pairs, None);
        for recipe in recipes() {
            let what = || format!("{name} by {}", recipe.to_value());
            match map(&records, &recipe) {
                Ok(map) => {
                    assert_eq!(error, "", "{}", what());
                    let n = map.collections.n_items();
                    assert!(map.layout.len() == 2 * n && map.embedding.len() == map.dim * n, "{}", what());
                    assert!(map.embedding.iter().all(|v| v.is_finite()), "{}: {:?}", what(), map.embedding);
                    assert!(map.layout.iter().all(|v| v.is_finite()), "{}: {:?}", what(), map.layout);
                    assert!(map.average_distortion.is_finite(), "{}", what());
                    let place = |p: &[f32]| (p[0].to_bits(), p[1].to_bits());
                    let places: BTreeSet<_> = map.layout.chunks(2).map(place).collect();
                    assert_eq!(places.len(), n, "{}: items in one place", what());
                    assert!(map.layout.iter().all(|v| v.abs() < 1000.0), "{}", what());
                }
                Err(found) => assert_eq!(found.code(), error, "{}: {found}", what()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Few rows of few items with weights from nothing to almost infinite.
    #[test]
    fn any_rows_have_a_finite_map_or_an_error(
        rows in prop::collection::vec((0..7usize, 0..9usize, prop_oneof![
            Just(0.0f32), Just(1.0), Just(1e-45), Just(1e-30), Just(1e20), Just(f32::MAX), 0.0..10.0f32
        ]), 0..60),
        product: bool,
        which in 0..11usize,
        min in 1..3u32,
    ) {
        let pairs: Vec<_> = rows.iter().map(|&(c, i, _)| [c, i]).collect();
        let records = records_of(&pairs, Some(rows.iter().map(|row| row.2).collect()));
        let mut recipe = recipes()[which].with(&format!("collect.minCollections={min}")).unwrap();
        if product {
            recipe = recipe.with("count.pairWeight=product").unwrap();
        }
        recipe = recipe.with("project.epochs=20").unwrap().with("embed.maxIterations=40").unwrap();
        match map(&records, &recipe) {
            Ok(map) => {
                let finite = |x: &[f32]| x.iter().all(|v| v.is_finite());
                prop_assert!(finite(&map.layout) && finite(&map.embedding), "{:?} {:?}", map.embedding, map.layout);
            }
            Err(error) => prop_assert!(
                ["too-few-items", "nothing-co-occurs", "all-the-same", "no-edges"].contains(&error.code()),
                "{error}"
            ),
        }
    }
}
