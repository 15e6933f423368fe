//! Every method: golden bits, any number of threads, cut anywhere.
#![cfg(not(target_arch = "wasm32"))]

mod common;
mod golden;

use archipelago::count;
use archipelago::embed::{self, EmbedOptions, Embedder};
use archipelago::graph::nearest::nearest_within_parts;
use archipelago::knn::{self, Metric, Search};
use archipelago::pack::Parts;
use archipelago::parallel::with_threads;
use archipelago::progress::Stage;
use archipelago::project::{Method, NeighborsFrom, ProjectOptions, flat, initialize};
use archipelago::recipe::Recipe;
use archipelago::run::{Map, Run, map};
use common::{bits, blobs, on_any_threads, read_records};

fn recipe(changes: &[&str]) -> Recipe {
    let all = golden::SHORT.iter().chain(changes);
    all.fold(Recipe::default(), |recipe, change| recipe.with(change).unwrap())
}

/// Natively; tests/web_worker.rs holds the other builds to the same.
#[test]
fn golden_methods_on_any_number_of_threads() {
    let made = golden::METHODS.map(|(name, changes, _)| {
        let (records, recipe) = (read_records(&golden::rows(name)), recipe(changes));
        let made = |threads| with_threads(threads, || map(&records, &recipe).unwrap().hash());
        let one = made(1);
        assert_eq!([made(2), made(4)], [one.clone(), one.clone()], "{name} {changes:?}");
        (name, changes, one)
    });
    assert_eq!(made, golden::METHODS.map(|(name, changes, hash)| (name, changes, hash.to_owned())));
    assert_eq!(on_any_threads(golden::grid), golden::GRID);
}

/// The map as it is when `stage` begins.
fn until(stage: Stage, name: &str, changes: &[&str]) -> Map {
    let records = read_records(&golden::rows(name));
    let mut run = Run::new(recipe(changes)).unwrap();
    while run.stage() != stage {
        run.step(&records).unwrap();
    }
    run.into_map()
}

/// Odd places to stop at, then the end.
const CUTS: [usize; 6] = [1, 2, 2, 9, 30, 1_000_000];

#[test]
fn layouts_stopped_and_resumed() {
    let points = blobs(3, &[[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 1.0]], 230, 1.0);
    // Enough for the tree; the other part is summed exactly.
    let parts = Parts { of_item: (0..690).map(|i| u32::from(i >= 640)).collect(), sizes: vec![640, 50] };
    let nearest = nearest_within_parts(&points, 3, 30, &parts);
    for method in [Method::Tsne, Method::Umap] {
        for (dim, dens_lambda) in [(2, 0.0), (3, 0.0), (3, 1.0)] {
            let options = ProjectOptions {
                method,
                from: NeighborsFrom::Embedding,
                dim,
                dens_lambda,
                perplexity: serde_json::from_str("10").unwrap(),
                epochs: 40,
                iterations: 40,
                ..ProjectOptions::default()
            };
            let begin = || initialize(&points, 3, &nearest, &parts, &options, 5).unwrap();
            let straight = on_any_threads(|| {
                let mut status = begin();
                status.run(u32::MAX);
                bits(&status.finish())
            });
            let mut status = begin();
            for until in CUTS {
                status.run(until as u32);
                assert_eq!(status.layout().len(), dim as usize * 690);
            }
            assert_eq!(bits(&status.finish()), straight, "{method:?} in {dim} dimensions");
        }
    }
}

#[test]
fn flat_maps_stopped_and_resumed() {
    let map = until(Stage::Nearest, "fixture", &["project.method=mde"]);
    for (method, dim) in [(Method::Mde, 2), (Method::Mde, 3), (Method::Pca, 3), (Method::RandomProjection, 2)]
    {
        let begin = || {
            let source = flat::Source {
                embedding: &map.embedding,
                dim: map.dim,
                unit_rows: false,
                similar: &map.similar,
                graph: &map.graph,
                parts: &map.parts,
            };
            flat::initialize(&source, method, dim, &map.recipe.embed, 5).unwrap()
        };
        let straight = on_any_threads(|| {
            let mut status = begin();
            status.run(usize::MAX);
            bits(&status.finish())
        });
        let mut status = begin();
        CUTS.into_iter().for_each(|until| status.run(until));
        assert_eq!(bits(&status.finish()), straight, "{method:?} in {dim} dimensions");
    }
}

#[test]
fn embeddings_stopped_and_resumed() {
    let map = until(Stage::Embed, "fixture", &["project.from=embedding"]);
    for method in ["mde", "node2vec", "ggvec", "item2vec", "factors"] {
        let options: EmbedOptions = recipe(&[&format!("embed.method={method}")]).embed;
        let begin = || -> (Vec<f32>, Embedder) {
            let input = embed::Input {
                n_items: map.collections.n_items(),
                similar: map.similar.clone(),
                graph: Some(&map.graph),
                previous: None,
                anchors: None,
            };
            embed::method::initialize(input, &map.collections, &map.recipe.count, &options, 5).unwrap()
        };
        let straight = on_any_threads(|| {
            let (mut x, mut embedder) = begin();
            embedder.run(&mut x, usize::MAX);
            bits(&x)
        });
        let (mut x, mut embedder) = begin();
        for until in CUTS {
            embedder.run(&mut x, until);
        }
        assert!(embedder.is_finished(), "{method}");
        assert_eq!(bits(&x), straight, "{method}");
    }
}

/// Counting, and searching the nearest vectors.
#[test]
fn lists_stopped_and_resumed() {
    let map = until(Stage::Count, "fixture", &[]);
    let begin = || count::initialize(&map.collections, &map.recipe.count).unwrap();
    let straight = on_any_threads(|| {
        let mut status = begin();
        status.run(&map.collections, usize::MAX);
        status.finish().unwrap()
    });
    let mut status = begin();
    CUTS.into_iter().for_each(|until| status.run(&map.collections, until));
    assert_eq!(status.finish().unwrap(), straight);

    let points = blobs(4, &[[0.0; 8], [3.0; 8]], 300, 1.0);
    let options = knn::Options { k: 10, metric: Metric::Euclidean, search: Search::Approximate };
    let begin = || knn::initialize(&points, 8, options, 0).unwrap();
    let straight = on_any_threads(|| {
        let mut status = begin();
        status.run(usize::MAX);
        status.finish().lists
    });
    let mut status = begin();
    for until in CUTS {
        status.run(until);
    }
    assert!(status.is_done());
    assert_eq!(status.finish().lists, straight);
}
