//! How an embedding runs: recipes, dimensions, constraints, starts, changes under way, distortions.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::embed::constraint::natural_length;
use archipelago::embed::export::npy;
use archipelago::embed::lbfgs::Objective;
use archipelago::embed::pairs::{dissimilar_pairs, path_pairs};
use archipelago::embed::{
    Anchors, ConstraintName, EmbedOptions, EmbedRecipe, Function, Input, LossName, Penalty, PenaltyName,
    Problem, Start, Status, initialize,
};
use archipelago::error::{ErrorKind, Result};
use archipelago::graph::{Graph, NeighborPairs};
use common::{bits, blobs, on_any_threads};

/// A ring of `n` items, each tied to the next two.
fn ring(n: u32) -> NeighborPairs {
    let to = |i: u32, j: u32| [i.min(j), i.max(j)];
    let mut pairs: Vec<_> = (0..n).flat_map(|i| [to(i, (i + 1) % n), to(i, (i + 2) % n)]).collect();
    pairs.sort_unstable();
    let weights = pairs.iter().map(|p| if p[1] - p[0] == 1 { 2.0 } else { 1.0 }).collect();
    NeighborPairs { pairs, weights }
}

/// The ring's edges, of lengths that differ.
fn graph(n: u32) -> Graph {
    let pairs = ring(n).pairs;
    let length = |i: u32, j: u32| 0.5 + ((i * 7 + j * 3) % 5) as f32 * 0.1;
    let both = pairs.iter().flat_map(|&[i, j]| [(i, j, length(i, j)), (j, i, length(i, j))]);
    Csr::from_triples(n as usize, both.collect::<Vec<_>>().into_iter())
}

fn quick() -> EmbedOptions {
    EmbedOptions { max_iterations: 60, min_decrease: 0.0, ..EmbedOptions::default() }
}

fn begin(n: u32, options: &EmbedOptions) -> Result<(Vec<f32>, Status)> {
    let graph = graph(n);
    initialize(
        Input { n_items: n as usize, similar: ring(n), graph: Some(&graph), ..Input::default() },
        options,
        1,
    )
}

fn is_standardized(x: &[f32], dim: usize) -> bool {
    let n = (x.len() / dim) as f64;
    (0..dim * dim).all(|e| {
        let (a, b) = (e / dim, e % dim);
        let sum: f64 = x.chunks_exact(dim).map(|r| f64::from(r[a]) * f64::from(r[b])).sum();
        (sum / n - f64::from(u8::from(a == b))).abs() < 1e-4
    })
}

#[test]
fn the_general_loops_are_the_fast_ones() {
    for dim in [2, 3, 4] {
        let similar = ring(90);
        let far = dissimilar_pairs(90, &similar.pairs, 200, 1);
        let mut problem = Problem::new(90, dim, similar, &far, Penalty::LOG1P, Penalty::LOG);
        let x = blobs(3, &[[0.0]], 90 * dim, 1.0);
        let (mut fast, mut general) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let values = (
            problem.value_and_gradient(&x, &mut fast),
            problem.value_and_gradient_by_general_loops(&x, &mut general),
        );
        assert!((values.0 - values.1).abs() < 1e-6, "{dim}: {values:?}");
        for (a, b) in fast.iter().zip(&general) {
            assert!((a - b).abs() < 1e-6, "{dim}: {a} {b}");
        }
        // With functions that have no loops of their own, the same bits.
        (problem.near, problem.far) =
            (Function::Attract(Penalty::Cubic), Function::Repel(Penalty::InvPower { exponent: 1.0 }));
        let values = (
            problem.value_and_gradient(&x, &mut fast),
            problem.value_and_gradient_by_general_loops(&x, &mut general),
        );
        assert_eq!((values.0.to_bits(), bits(&fast)), (values.1.to_bits(), bits(&general)));
    }
}

/// Coordinates that are 0 beyond the third do not matter: 3 dimensions are 20 with zeros.
#[test]
fn more_dimensions_see_the_same_distances() {
    let similar = ring(90);
    let far = dissimilar_pairs(90, &similar.pairs, 200, 1);
    let x = blobs(3, &[[0.0]], 90 * 3, 1.0);
    let wide: Vec<f32> = x.chunks_exact(3).flat_map(|p| p.iter().copied().chain([0.0; 17])).collect();
    let mut gradient = vec![0.0; x.len()];
    let mut wide_gradient = vec![0.0; wide.len()];
    let mut three = Problem::new(90, 3, similar.clone(), &far, Penalty::LOG1P, Penalty::LOG);
    let mut twenty = Problem::new(90, 20, similar, &far, Penalty::LOG1P, Penalty::LOG);
    let values =
        (three.value_and_gradient(&x, &mut gradient), twenty.value_and_gradient(&wide, &mut wide_gradient));
    assert!((values.0 - values.1).abs() < 1e-6, "{values:?}");
    for (narrow, wide) in gradient.chunks_exact(3).zip(wide_gradient.chunks_exact(20)) {
        assert!(
            narrow.iter().zip(wide).all(|(a, b)| (a - b).abs() < 1e-6) && wide[3..].iter().all(|v| *v == 0.0)
        );
    }
}

#[test]
fn every_recipe_constraint_and_start_goes_down() {
    let recipes = [EmbedRecipe::PreserveNeighbors, EmbedRecipe::PreserveDistances, EmbedRecipe::Laplacian];
    for recipe in recipes {
        for constraint in [ConstraintName::Centered, ConstraintName::Standardized] {
            for start in [Start::Random, Start::Pca, Start::Spectral, Start::Previous] {
                for dim in [2, 3, 10] {
                    let options = EmbedOptions { recipe, constraint, start, dim, ..quick() };
                    let (mut x, mut status) = begin(80, &options).unwrap();
                    status.run(&mut x, usize::MAX);
                    let what = format!("{recipe:?} {constraint:?} {start:?} {dim}");
                    let values = &status.average_distortions;
                    assert!(x.iter().all(|v| v.is_finite()), "{what}");
                    assert!(values.windows(2).all(|w| w[1] <= w[0]), "{what}: {values:?}");
                    if options.constraint_name() == ConstraintName::Standardized {
                        assert!(is_standardized(&x, dim as usize), "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn wide_embeddings_go_down_too() {
    for dim in [70, 512] {
        let options = EmbedOptions { dim, max_iterations: 5, start: Start::Random, ..quick() };
        let (mut x, mut status) = begin(60, &options).unwrap();
        status.run(&mut x, usize::MAX);
        assert!(x.len() == 60 * dim as usize && status.average_distortion() < status.average_distortions[0]);
    }
}

#[test]
fn distances_of_a_line_are_kept() {
    // Items on a line with gaps of 1: the distances have an exact embedding.
    let n = 30u32;
    let edges = (0..n - 1).flat_map(|i| [(i, i + 1, 1.0), (i + 1, i, 1.0)]);
    let line: Graph = Csr::from_triples(n as usize, edges.collect::<Vec<_>>().into_iter());
    let (pairs, lengths) = path_pairs(&line, 1_000_000, 1);
    assert_eq!(pairs.len(), 30 * 29 / 2);
    assert!(pairs.iter().zip(&lengths).all(|(&[i, j], &length)| length == (j - i) as f32));
    let sample = path_pairs(&line, 100, 1).0;
    assert!((70..=100).contains(&sample.len()) && sample.windows(2).all(|w| w[0] < w[1]), "{}", sample.len());
    let similar = NeighborPairs { pairs: (0..n - 1).map(|i| [i, i + 1]).collect(), weights: vec![1.0; 29] };
    for loss in [LossName::Quadratic, LossName::WeightedQuadratic, LossName::SoftFractional] {
        let options = EmbedOptions {
            recipe: EmbedRecipe::PreserveDistances,
            loss,
            start: Start::Pca,
            max_iterations: 500,
            ..quick()
        };
        let input = Input { n_items: 30, similar: similar.clone(), graph: Some(&line), ..Input::default() };
        let (mut x, mut status) = initialize(input, &options, 1).unwrap();
        status.run(&mut x, usize::MAX);
        assert!(status.average_distortion() < 1e-2, "{loss:?}: {}", status.average_distortion());
        let ends: f32 = (0..3).map(|d| (x[d] - x[29 * 3 + d]).powi(2)).sum::<f32>().sqrt();
        assert!((ends - 29.0).abs() < 1.0, "{loss:?}: {ends}");
    }
    // Standardized: the lengths' root mean square is what that constraint allows.
    let options = EmbedOptions {
        recipe: EmbedRecipe::PreserveDistances,
        constraint: ConstraintName::Standardized,
        ..quick()
    };
    let input = Input { n_items: 30, similar, graph: Some(&line), ..Input::default() };
    let (_, status) = initialize(input, &options, 1).unwrap();
    let square: f64 = status.problem.weights.iter().map(|&d| f64::from(d) * f64::from(d)).sum();
    let rms = (square / status.problem.weights.len() as f64).sqrt();
    assert!((rms - natural_length(30, 3)).abs() < 1e-4, "{rms}");
}

#[test]
fn anchors_stay_and_nothing_is_nan() {
    // Anchors that coincide, and pairs among anchors: what gave NaN in PyMDE (its issue 48).
    let anchors = Anchors {
        items: vec![3, 4, 5, 40],
        values: vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -2.0, 0.0, 5.0, 0.0, 0.0, 0.0],
    };
    for recipe in [EmbedRecipe::PreserveNeighbors, EmbedRecipe::PreserveDistances] {
        let options = EmbedOptions { recipe, constraint: ConstraintName::Anchored, ..quick() };
        let graph = graph(60);
        let input = Input {
            n_items: 60,
            similar: ring(60),
            graph: Some(&graph),
            anchors: Some(anchors.clone()),
            ..Input::default()
        };
        let (mut x, mut status) = initialize(input, &options, 1).unwrap();
        assert!(!status.problem.pairs.contains(&[3, 4]) && !status.problem.pairs.contains(&[4, 40]));
        status.run(&mut x, usize::MAX);
        assert!(
            x.iter().all(|v| v.is_finite()) && status.average_distortion() < status.average_distortions[0]
        );
        for (&i, place) in anchors.items.iter().zip(anchors.values.chunks_exact(3)) {
            assert_eq!(&x[i as usize * 3..][..3], place);
        }
    }
    // All anchored: nothing to do.
    let all = Anchors { items: (0..60).collect(), values: vec![0.5; 180] };
    let options = EmbedOptions { constraint: ConstraintName::Anchored, ..quick() };
    let input = Input { n_items: 60, similar: ring(60), anchors: Some(all), ..Input::default() };
    let (mut x, mut status) = initialize(input, &options, 1).unwrap();
    status.run(&mut x, usize::MAX);
    assert!(x.iter().all(|&v| v == 0.5));
}

#[test]
fn a_previous_embedding_is_where_it_goes_on() {
    let (mut x, mut status) = begin(80, &quick()).unwrap();
    status.run(&mut x, usize::MAX);
    let options = EmbedOptions { start: Start::Previous, ..quick() };
    let mut previous = x.clone();
    previous[30..33].fill(f32::NAN);
    let input = Input { n_items: 80, similar: ring(80), previous: Some(&previous), ..Input::default() };
    let (y, _) = initialize(input, &options, 1).unwrap();
    assert!(x.iter().zip(&y).enumerate().all(|(e, (a, b))| (30..33).contains(&e) || (a - b).abs() < 0.05));
    // The new item stands among its neighbors.
    for d in 0..3 {
        let mean = [8, 9, 11, 12].map(|i| x[i * 3 + d]).iter().sum::<f32>() / 4.0;
        assert!((y[30 + d] - mean).abs() < 1.0, "{} {mean}", y[30 + d]);
    }
    let short = Input { n_items: 80, similar: ring(80), previous: Some(&x[3..]), ..Input::default() };
    assert!(initialize(short, &options, 1).is_err());
}

#[test]
fn options_change_under_way() {
    let (mut x, mut status) = begin(80, &quick()).unwrap();
    status.run(&mut x, 10);
    // When to stop: as if it had been so from the start.
    let longer = EmbedOptions { max_iterations: 30, ..quick() };
    status.change(&mut x, &longer).unwrap();
    status.run(&mut x, usize::MAX);
    let (mut straight, mut other) = begin(80, &longer).unwrap();
    other.run(&mut straight, usize::MAX);
    assert_eq!((bits(&x), status.iteration()), (bits(&straight), 30));
    // A new function, a new constraint, more pairs: the value is the new problem's and falls from there.
    let changes = [
        EmbedOptions { attractive: PenaltyName::Linear, max_iterations: 60, ..longer.clone() },
        EmbedOptions { repulsive_fraction: 3.0, max_iterations: 90, ..longer.clone() },
        EmbedOptions { constraint: ConstraintName::Standardized, max_iterations: 120, ..longer.clone() },
    ];
    for options in &changes {
        let at = status.iteration();
        status.change(&mut x, options).unwrap();
        assert_eq!(status.iteration(), at);
        let first = status.average_distortion();
        status.run(&mut x, usize::MAX);
        assert!(status.average_distortion() < first, "{options:?}");
        assert!(status.average_distortions[at..].windows(2).all(|w| w[1] <= w[0]));
    }
    assert!(is_standardized(&x, 3));
    for bad in [
        EmbedOptions { dim: 2, ..longer.clone() },
        EmbedOptions { recipe: EmbedRecipe::Laplacian, ..longer.clone() },
        EmbedOptions { tolerance: f64::NAN, ..longer },
    ] {
        assert!(status.change(&mut x, &bad).is_err());
    }
    // The same change at the same iteration gives the same bits, however the rest is cut.
    let run = |cuts: &[usize]| {
        let (mut x, mut status) = begin(80, &quick()).unwrap();
        cuts.iter().for_each(|&until| status.run(&mut x, until));
        status.change(&mut x, &changes[1]).unwrap();
        status.run(&mut x, 25);
        bits(&x)
    };
    assert_eq!(run(&[12]), run(&[1, 5, 5, 12]));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let n = 3000;
    for recipe in [EmbedRecipe::PreserveDistances, EmbedRecipe::Laplacian] {
        for start in [Start::Pca, Start::Random] {
            let options = EmbedOptions { recipe, start, max_iterations: 4, max_distances: 50_000, ..quick() };
            on_any_threads(|| {
                let (mut x, mut status) = begin(n, &options).unwrap();
                status.run(&mut x, usize::MAX);
                (bits(&x), status.average_distortion().to_bits())
            });
        }
    }
}

#[test]
fn distortions_by_hand() {
    let similar = NeighborPairs { pairs: vec![[0, 1], [1, 2]], weights: vec![2.0, 1.0] };
    let problem = Problem::new(3, 2, similar, &[[0, 2]], Penalty::Quadratic, Penalty::LOG);
    let x = [0.0, 0.0, 3.0, 0.0, 4.0, 0.0];
    let found = Status::new(problem, &x, &EmbedOptions::default()).distortions(&x);
    assert!((found.average - (18.0 + 1.0 - (1.0 - (-4f64).exp()).ln()) / 3.0).abs() < 1e-5, "{found:?}");
    assert_eq!(
        (found.worst[0].pair, found.worst[0].distance, found.worst[0].distortion),
        ([0, 1], 3.0, 18.0)
    );
    assert_eq!(found.worst.iter().map(|w| w.similar).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!((found.quantiles[3], found.quantiles[6]), (1.0, 18.0));
    assert_eq!((found.histogram.len(), found.histogram.iter().sum::<u32>(), found.histogram[31]), (32, 3, 1));
    // Many pairs: the worst are the largest of a plain sort, and the histogram counts all.
    let (x, status) = begin(200, &quick()).unwrap();
    let (found, mut all) = (status.distortions(&x), status.problem.distortions(&x));
    all.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(found.worst.iter().map(|w| w.distortion).collect::<Vec<_>>(), all[..20]);
    assert_eq!(found.histogram.iter().sum::<u32>() as usize, all.len());
    assert!(found.quantiles.windows(2).all(|w| w[0] <= w[1]));
}

/// Where Python has NumPy, it reads what is written.
#[test]
fn numpy_reads_the_embedding() {
    let (x, _) = begin(80, &quick()).unwrap();
    let path = std::env::temp_dir().join(format!("archipelago-embedding-{}.npy", std::process::id()));
    std::fs::write(&path, npy(&x, 3)).unwrap();
    let script = "import sys, numpy; x = numpy.load(sys.argv[1]); print(x.dtype, x.shape, x.ravel().view('<u4').tolist())";
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = std::process::Command::new(python).args(["-c", script]).arg(&path).output();
    std::fs::remove_file(&path).unwrap();
    if let Some(output) = output.ok().filter(|o| o.status.success()) {
        let want = format!("float32 (80, 3) {:?}\n", bits(&x));
        assert_eq!(String::from_utf8_lossy(&output.stdout), want);
    }
}

#[test]
fn options_out_of_range_are_named() {
    let cases = [
        (EmbedOptions { dim: 1, ..quick() }, "embed.dim"),
        (EmbedOptions { dim: 513, ..quick() }, "embed.dim"),
        (EmbedOptions { repulsive_fraction: 0.0, ..quick() }, "embed.repulsiveFraction"),
        (EmbedOptions { repulsive_fraction: f64::NAN, ..quick() }, "embed.repulsiveFraction"),
        (EmbedOptions { max_iterations: 10_001, ..quick() }, "embed.maxIterations"),
        (EmbedOptions { tolerance: -1.0, ..quick() }, "embed.tolerance"),
        (EmbedOptions { tolerance: f64::INFINITY, ..quick() }, "embed.tolerance"),
        (EmbedOptions { min_decrease: 1.5, ..quick() }, "embed.minDecrease"),
        (EmbedOptions { attractive: PenaltyName::Log, ..quick() }, "embed.attractive"),
        (EmbedOptions { repulsive: PenaltyName::Linear, ..quick() }, "embed.repulsive"),
        (EmbedOptions { attractive_exponent: Some(0.0), ..quick() }, "embed.attractiveExponent"),
        (EmbedOptions { repulsive_threshold: Some(-1.0), ..quick() }, "embed.repulsiveThreshold"),
        (EmbedOptions { attractive_alpha: Some(f64::NAN), ..quick() }, "embed.attractiveAlpha"),
        (EmbedOptions { repulsive_sigma: Some(1e9), ..quick() }, "embed.repulsiveSigma"),
        (EmbedOptions { loss_exponent: Some(11.0), ..quick() }, "embed.lossExponent"),
        (EmbedOptions { loss_gamma: Some(0.0), ..quick() }, "embed.lossGamma"),
        (EmbedOptions { max_distances: 10, ..quick() }, "embed.maxDistances"),
        (EmbedOptions { constraint: ConstraintName::Anchored, ..quick() }, "embed.constraint"),
        (EmbedOptions { constraint: ConstraintName::Standardized, dim: 80, ..quick() }, "embed.dim"),
    ];
    for (options, key) in cases {
        let error = begin(80, &options).err().expect(key);
        assert!(matches!(error.kind, ErrorKind::OptionOutOfRange { option, .. } if option == key), "{error}");
    }
    // Without repulsion, and with any penalty, where the constraint bounds the distances.
    let standardized = EmbedOptions { constraint: ConstraintName::Standardized, ..quick() };
    EmbedOptions { repulsive_fraction: 0.0, ..standardized.clone() }.check().unwrap();
    EmbedOptions { repulsive: PenaltyName::Linear, ..standardized }.check().unwrap();
}
