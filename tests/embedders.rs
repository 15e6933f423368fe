//! The embedders beside MDE: slow twins, exact probabilities, groups that come apart, and what must hold for all of them.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::Collections;
use archipelago::count::CountOptions;
use archipelago::embed::alias::Alias;
use archipelago::embed::item2vec::Sets;
use archipelago::embed::node2vec::Walks;
use archipelago::embed::skip_gram::{Partners, SkipGram, Training};
use archipelago::embed::vectors::Vectors;
use archipelago::embed::walks::{Walker, graph_of_pairs};
use archipelago::embed::{EmbedOptions, Input, Method, ggvec, method};
use archipelago::graph::nearest::nearest_within_parts;
use archipelago::graph::{NeighborPairs, parts};
use archipelago::knn::{self, Options as Knn};
use archipelago::random::{Rng, Use};
use archipelago::recipe::Recipe;
use common::groups::{collections, two_groups};
use common::{bits, blobs, on_any_threads};
use std::collections::BTreeMap;
use std::sync::Arc;

const METHODS: [Method; 4] = [Method::Node2vec, Method::Ggvec, Method::Item2vec, Method::Factors];

fn options(method: Method) -> EmbedOptions {
    EmbedOptions { method, vector_dim: 12, training_epochs: Some(8), ..EmbedOptions::default() }
}

/// The embedding by `options`, in pieces up to the given steps.
fn embed(
    similar: &NeighborPairs,
    collections: &Arc<Collections>,
    options: &EmbedOptions,
    pieces: &[usize],
) -> Vec<f32> {
    let input = Input { n_items: collections.n_items(), similar: similar.clone(), ..Input::default() };
    let (mut x, mut embedder) =
        method::initialize(input, collections, &CountOptions::default(), options, 3).unwrap();
    pieces.iter().for_each(|&until| embedder.run(&mut x, until));
    assert!(embedder.is_finished() && embedder.step() <= embedder.n_steps());
    x
}

/// Draws `n` times and compares with the shares that `exact` makes of its weights.
fn compare(exact: &BTreeMap<u32, f64>, n: usize, mut draw: impl FnMut() -> Option<u32>) {
    let mut seen = BTreeMap::new();
    let mut all = 0.0;
    for drawn in (0..n).filter_map(|_| draw()) {
        *seen.entry(drawn).or_insert(0.0) += 1.0;
        all += 1.0;
    }
    assert!(all > 0.9 * n as f64);
    let total: f64 = exact.values().sum();
    for (id, weight) in exact {
        let (share, want) = (seen.remove(id).unwrap_or(0.0) / all, weight / total);
        assert!((share - want).abs() < 4.0 * (want / all).sqrt() + 1e-9, "{id}: {share} of {want}");
    }
    assert!(seen.is_empty(), "{seen:?}");
}

#[test]
fn walks_have_the_probabilities_of_the_paper() {
    let pairs = vec![[0, 1], [0, 2], [0, 3], [1, 2], [2, 3], [3, 4], [4, 5], [0, 5]];
    let weights = vec![1.0, 2.0, 1.0, 3.0, 1.0, 2.0, 1.0, 0.5];
    let graph = graph_of_pairs(7, &NeighborPairs { pairs, weights });
    for (p, q) in [(1.0, 1.0), (0.25, 4.0), (4.0, 0.25), (100.0, 100.0), (0.01, 100.0)] {
        let walker = Walker::new(graph.clone(), p, q);
        for (before, at) in [(0, 2), (1, 2), (5, 0), (3, 4), (0, 5)] {
            let next_to = |i: u32, j: u32| graph.row(i as usize).0.contains(&j);
            let (columns, weights) = graph.row(at as usize);
            let alpha = |x: u32| {
                if x == before {
                    1.0 / p
                } else if next_to(before, x) {
                    1.0
                } else {
                    1.0 / q
                }
            };
            let exact = columns.iter().zip(weights).map(|(&x, &w)| (x, alpha(x) * f64::from(w))).collect();
            let mut rng = Rng::stream(1, Use::Test, u64::from(before * 8 + at));
            compare(&exact, 40_000, || Some(walker.next(Some(before), at, &mut rng)));
        }
    }
    let walker = Walker::new(graph.clone(), 0.5, 2.0);
    let mut walks = vec![0; 7 * 3 * 20];
    walker.walk(0..7, 3, 20, 1, &mut walks);
    for (w, walk) in walks.chunks(20).enumerate() {
        assert_eq!(walk[0] as usize, w / 3);
        assert!(
            walk.windows(2).all(|s| s[0] == s[1] && s[0] == 6 || graph.row(s[0] as usize).0.contains(&s[1]))
        );
    }
}

#[test]
fn partners_on_walks_are_those_of_shrinking_windows() {
    let walks = [[0u32, 1, 2, 3, 1, 4], [4, 4, 2, 0, 1, 1]];
    let text = Walks::new(walks.concat(), 6, 3, 6);
    assert_eq!(text.frequencies(), [2, 4, 2, 1, 3, 0]);
    for item in 0..5u32 {
        let mut exact = BTreeMap::new();
        for walk in &walks {
            for (a, &center) in walk.iter().enumerate().filter(|(_, center)| **center == item) {
                for (b, &other) in walk.iter().enumerate().filter(|(_, other)| **other != item) {
                    let far = a.abs_diff(b);
                    if center == item && far <= 3 {
                        // Windows of 1, 2 and 3 are as likely: those that reach.
                        *exact.entry(other).or_insert(0.0) += (4 - far) as f64;
                    }
                }
            }
        }
        let mut rng = Rng::stream(2, Use::Test, u64::from(item));
        compare(&exact, 40_000, || text.draw(item as usize, &mut rng));
    }
}

#[test]
fn partners_in_collections_are_as_likely_in_each() {
    let rows = [vec![0, 1, 2], vec![0, 3], vec![4], vec![1, 2], vec![0, 1, 2, 3, 5]];
    let sets = Sets(collections(6, &rows));
    for item in [0u32, 1, 2, 3, 5] {
        let mut exact = BTreeMap::new();
        for row in rows.iter().filter(|row| row.contains(&item) && row.len() > 1) {
            for &other in row.iter().filter(|&&other| other != item) {
                *exact.entry(other).or_insert(0.0) += 1.0 / (row.len() - 1) as f64;
            }
        }
        let mut rng = Rng::stream(3, Use::Test, u64::from(item));
        compare(&exact, 40_000, || sets.draw(item as usize, &mut rng));
    }
    let mut rng = Rng::stream(3, Use::Test, 9);
    assert_eq!(sets.draw(4, &mut rng), None, "alone wherever it is");
}

fn unit(x: &[f64]) -> Vec<f64> {
    let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
    x.iter().map(|v| v / norm).collect()
}

fn assert_near(x: &[f32], slow: &[Vec<f64>], what: &str) {
    let dim = slow[0].len();
    for (row, slow) in x.chunks_exact(dim).zip(slow) {
        for (a, b) in row.iter().zip(unit(slow)) {
            assert!((f64::from(*a) - b).abs() < 2e-4, "{what}: {a} {b}");
        }
    }
}

/// The start of vectors as f64.
fn start(n: usize, dim: usize, half: f32, seed: u64) -> Vec<Vec<f64>> {
    let vectors = Vectors::uniform(n, dim, half, seed);
    (0..n).map(|i| vectors.row(i)[..dim].iter().map(|&v| f64::from(v)).collect()).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Two epochs of skip-gram, one update after the other in f64, from the same random numbers.
#[test]
fn skip_gram_is_its_slow_twin() {
    let (_, collections) = two_groups(12);
    let (n, dim, negatives, epochs, rate, seed) = (24, 6, 3u32, 2u32, 0.05f64, 9u64);
    let sets = Sets(collections);
    let f: Vec<f64> = sets.frequencies().into_iter().map(f64::from).collect();
    let noise: Vec<f64> = f.iter().map(|f| libm::pow(*f, 0.75)).collect();
    let (all, all_noise) = (f.iter().sum::<f64>(), noise.iter().sum::<f64>());
    let (as_center, as_partner) = (Alias::new(&noise), Alias::new(&f));
    let mut v = start(n, dim, 0.3 / (dim as f32).sqrt(), seed);
    let mut u = vec![vec![0.0; dim]; n];
    let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    for round in 0..2 * u64::from(epochs) {
        let rate = rate * (1.0 - (round / 2) as f64 / f64::from(epochs));
        for i in 0..n {
            let (moving, fixed) = if round % 2 == 0 { (&mut u, &v) } else { (&mut v, &u) };
            let (alias, push) = if round % 2 == 0 {
                (&as_partner, noise[i] / all_noise / (f[i] / all))
            } else {
                (&as_center, 1.0)
            };
            let mut rng = Rng::stream(seed, Use::SkipGram, round << 32 | i as u64);
            for _ in 0..sets.draws(i) {
                let partner = sets.draw(i, &mut rng).unwrap() as usize;
                let before = moving[i].clone();
                let mut go = |other: usize, sign: f64, weight: f64| {
                    let by = sign * weight * logistic(-sign * product(&before, &fixed[other]));
                    moving[i].iter_mut().zip(&fixed[other]).for_each(|(m, o)| *m += by * o);
                };
                go(partner, 1.0, rate);
                (0..negatives).for_each(|_| go(alias.draw_one(&mut rng) as usize, -1.0, rate * push));
            }
        }
    }
    let training = Training { dim, negatives, epochs, rate: rate as f32, seed };
    let mut fast = SkipGram::new(sets, training);
    let mut x = vec![0.0; n * dim];
    fast.run(&mut x, usize::MAX);
    assert_eq!((fast.step(), fast.n_steps()), (4, 4));
    assert_near(&x, &v, "skip-gram");
}

#[test]
fn ggvec_is_its_slow_twin_and_its_loss_falls() {
    let (pairs, _) = two_groups(20);
    let options = EmbedOptions { negative_ratio: 0.4, vector_dim: 5, ..EmbedOptions::default() };
    let options = EmbedOptions { method: Method::Ggvec, learning_rate: Some(0.05), ..options };
    let (n, dim, seed) = (40, 5, 4);
    let graph = graph_of_pairs(n, &pairs);
    let (mut x, mut bias) = (start(n, dim, 0.5, seed), vec![0.0; n]);
    let pushes = 0.4 * graph.len() as f64 / n as f64;
    let mut status = ggvec::initialize(n, &pairs, &options, seed);
    let mut fast = vec![0.0; n * dim];
    let mut first = 0.0;
    for epoch in 0..5u64 {
        let (before, bias_before) = (x.clone(), bias.clone());
        let mut loss = 0.0;
        for i in 0..n {
            let mut rng = Rng::stream(seed, Use::Ggvec, epoch << 32 | i as u64);
            let due = |epoch: u64| (pushes * epoch as f64) as usize;
            let random = (due(epoch)..due(epoch + 1)).map(|_| (rng.below(n as u32), 0.0)).collect::<Vec<_>>();
            let edges = graph.row(i).0.iter().map(|&j| (j, 1.0));
            for (at, (j, target)) in random.iter().copied().chain(edges).enumerate() {
                let other = &before[j as usize];
                let residual = product(&x[i], other) + bias[i] + bias_before[j as usize] - target;
                x[i].iter_mut()
                    .zip(other)
                    .for_each(|(v, o)| *v = (*v - 0.05 * residual * o).clamp(-1.0, 1.0));
                bias[i] -= 0.05 * residual;
                loss += if at >= random.len() { residual.abs() } else { 0.0 };
            }
        }
        status.run(&mut fast, epoch as usize + 1);
        let want = loss / graph.len() as f64;
        assert!((status.loss().unwrap() - want).abs() < 1e-4 * want, "{:?} {want}", status.loss());
        first = if epoch == 0 { want } else { first };
    }
    assert_near(&fast, &x, "ggvec");
    status.run(&mut fast, usize::MAX);
    assert!(status.is_finished() && status.loss().unwrap() < 0.6 * first, "{first} {:?}", status.loss());
}

#[test]
fn two_groups_come_apart() {
    let (pairs, collections) = two_groups(40);
    let whole = parts(80, &pairs.pairs);
    for method in METHODS {
        for order in if method == Method::Ggvec { 1..4 } else { 1..2 } {
            let options = EmbedOptions { training_epochs: Some(40), order, ..options(method) };
            let x = embed(&pairs, &collections, &options, &[usize::MAX]);
            let near = knn::parts::nearest(&x, 12, Knn::euclidean(10), &whole).unwrap();
            let same =
                near.triples().filter(|&(i, j, _)| i / 40 == j / 40).count() as f64 / near.len() as f64;
            // By chance 0.5. GGVec sees single edges only, and few of them.
            let least = if method == Method::Ggvec { 0.75 } else { 0.9 };
            assert!(same > least, "{method:?}, order {order}: {same}");
            let norm = |row: &[f32]| row.iter().map(|v| v * v).sum::<f32>();
            assert!(x.chunks(12).all(|row| (norm(row) - 1.0).abs() < 1e-5), "{method:?}");
        }
    }
}

#[test]
fn any_threads_and_any_pieces_give_the_same_bits() {
    // More items than a step has.
    let (pairs, collections) = two_groups(700);
    for method in METHODS {
        let options = EmbedOptions { training_epochs: Some(2), order: 2, return_p: 0.5, ..options(method) };
        let straight = bits(&embed(&pairs, &collections, &options, &[usize::MAX]));
        let pieces = embed(&pairs, &collections, &options, &[0, 1, 1, 2, 3, 5, 6, usize::MAX]);
        assert_eq!(bits(&pieces), straight, "{method:?}");
        on_any_threads(|| bits(&embed(&pairs, &collections, &options, &[usize::MAX])));
        let nearest = |threads| {
            archipelago::parallel::with_threads(threads, || {
                knn::parts::nearest(&pieces, 12, Knn::euclidean(7), &parts(1400, &pairs.pairs)).unwrap()
            })
        };
        assert_eq!(nearest(1), nearest(3));
    }
}

#[test]
fn odd_inputs_have_finite_vectors() {
    let pair = NeighborPairs { pairs: vec![[0, 2]], weights: vec![2.0] };
    for (n, rows, similar) in [
        (1, vec![vec![0]], NeighborPairs::default()),
        (2, vec![vec![0], vec![1]], NeighborPairs::default()),
        (3, vec![vec![0, 2], vec![1], vec![0, 1, 2]], pair.clone()),
        (4, vec![vec![0, 2]; 5], pair.clone()),
        (5, vec![vec![], vec![0, 1, 2, 3, 4]], pair),
    ] {
        for method in METHODS {
            let hard = EmbedOptions {
                window: 100,
                walk_length: 2,
                learning_rate: Some(1.0),
                negative_ratio: 20.0,
                exponent: 0.0,
                order: 4,
                vector_dim: 2,
                ..options(method)
            };
            for options in [hard, options(method)] {
                let x = embed(&similar, &collections(n, &rows), &options, &[usize::MAX]);
                assert!(
                    x.len() == n * options.dimensions() && x.iter().all(|v| v.is_finite()),
                    "{method:?} {n}"
                );
            }
        }
    }
}

#[test]
fn options_out_of_range_are_named() {
    for (assignment, option) in [
        ("embed.vectorDim=1", "embed.vectorDim"),
        ("embed.walksPerItem=0", "embed.walksPerItem"),
        ("embed.walkLength=1", "embed.walkLength"),
        ("embed.returnP=0", "embed.returnP"),
        ("embed.inOutQ=1000", "embed.inOutQ"),
        ("embed.window=0", "embed.window"),
        ("embed.negativeSamples=51", "embed.negativeSamples"),
        ("embed.order=5", "embed.order"),
        ("embed.negativeRatio=-1", "embed.negativeRatio"),
        ("embed.exponent=3", "embed.exponent"),
        ("embed.trainingEpochs=0", "embed.trainingEpochs"),
        ("embed.learningRate=2", "embed.learningRate"),
    ] {
        let error = Recipe::default().with(assignment).unwrap_err();
        assert!(error.code() == "option-out-of-range" && error.to_string().contains(option), "{error}");
    }
    for method in ["mde", "node2vec", "ggvec", "item2vec", "factors"] {
        let recipe = Recipe::default().with(&format!("embed.method={method}")).unwrap();
        assert_eq!(recipe.to_value()["embed"]["method"], method);
        assert_eq!(Recipe::from_json(&recipe.to_value().to_string()).unwrap(), recipe);
    }
    let walks = EmbedOptions { walks_per_item: 100, walk_length: 1000, ..options(Method::Node2vec) };
    let input = Input { n_items: 2000, ..Input::default() };
    let refused = method::initialize(input, &collections(2000, &[]), &CountOptions::default(), &walks, 1);
    assert!(refused.err().unwrap().to_string().contains("embed.walksPerItem"));
}

#[test]
fn nearest_of_vectors_are_the_trees() {
    let x = blobs(6, &[[0.0, 0.0, 0.0], [3.0, 1.0, 0.0]], 300, 1.0);
    let n = x.len() / 3;
    let pairs: Vec<[u32; 2]> = (1..n as u32).filter(|i| i % 50 != 0).map(|i| [i - 1, i]).collect();
    for parts in [archipelago::pack::Parts::whole(n), parts(n, &pairs)] {
        for k in [1, 9, 70] {
            let (all, tree) = (
                knn::parts::nearest(&x, 3, Knn::euclidean(k), &parts).unwrap(),
                nearest_within_parts(&x, 3, k, &parts),
            );
            assert_eq!((all.offsets, all.columns), (tree.offsets, tree.columns));
            assert!(all.values.iter().zip(&tree.values).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs()));
        }
    }
    // In more dimensions, against sorting all.
    let x = blobs(7, &[[0.0; 21]], 60, 1.0);
    let near = knn::parts::nearest(&x, 21, Knn::euclidean(5), &archipelago::pack::Parts::whole(60)).unwrap();
    for i in 0..60 {
        let square =
            |j: usize| (0..21).map(|d| f64::from(x[i * 21 + d] - x[j * 21 + d]).powi(2)).sum::<f64>();
        let mut order: Vec<usize> = (0..60).filter(|&j| j != i).collect();
        order.sort_by(|&a, &b| square(a).total_cmp(&square(b)));
        assert!(near.row(i).0.iter().zip(&order).all(|(&a, &b)| a as usize == b));
    }
}
