//! Maps in space: `project.dim` = 3, from the options to the files.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::measure::quality;
use archipelago::parallel::with_threads;
use archipelago::progress::Stage;
use archipelago::project::align::Turn;
use archipelago::recipe::Recipe;
use archipelago::run::reference::Reference;
use archipelago::run::{Map, Run, map};
use archipelago::session::Session;
use common::{read_records, zipf_csv};
use std::borrow::Cow;

fn recipe(changes: &[&str]) -> Recipe {
    let base = ["project.dim=3", "project.epochs=20", "project.iterations=20"];
    base.iter().chain(changes).fold(Recipe::default(), |recipe, change| recipe.with(change).unwrap())
}

fn data() -> String {
    zipf_csv(3, 150, 90, 1500)
}

/// The mean square along each axis.
fn spread(layout: &[f32]) -> [f64; 3] {
    let along = |c: usize| layout.iter().skip(c).step_by(3).map(|v| f64::from(*v) * f64::from(*v)).sum();
    [along(0), along(1), along(2)]
}

/// By every method, looked at after every step, on any number of threads.
#[test]
fn every_method_fills_space() {
    let records = read_records(&data());
    for changes in [
        &["project.method=tsne"][..],
        &["project.method=umap"],
        &["project.method=umap", "project.densLambda=1"],
        &["project.method=umap", "project.from=embedding"],
        &["project.method=tsne", "project.from=embedding", "embed.dim=2"],
        &["project.method=mde"],
        &["project.method=mde", "embed.dim=2"],
        &["project.method=mde", "embed.method=factors"],
        &["project.method=pca"],
        &["project.method=randomProjection", "embed.dim=5"],
        &["project.start=random"],
    ] {
        let recipe = recipe(changes);
        let straight = with_threads(1, || map(&records, &recipe).unwrap());
        let n = straight.collections.n_items();
        assert_eq!((straight.layout_dim, straight.layout.len()), (3, 3 * n), "{changes:?}");
        assert!(straight.layout.iter().all(|v| v.is_finite()), "{changes:?}");
        let [x, y, z] = spread(&straight.layout);
        assert!(z > 0.02 * x.max(y), "{changes:?} is flat: {x} {y} {z}");
        for threads in [2, 4] {
            let made = with_threads(threads, || {
                let mut run = Run::new(recipe.clone()).unwrap();
                while run.stage() != Stage::Done {
                    run.step(&records).unwrap();
                    let layout = run.layout();
                    assert!(run.layout_dim() == 3 && layout.len() == 3 * n, "{changes:?}");
                    assert!(run.turn(&layout).apply(&layout).iter().all(|v| v.is_finite()));
                }
                run.into_map()
            });
            assert_eq!(made.hash(), straight.hash(), "{changes:?}, {threads} threads");
        }
        let flat = map(&records, &recipe.with("project.dim=2").unwrap()).unwrap();
        assert_eq!((flat.layout_dim, flat.layout.len()), (2, 2 * n), "{changes:?}");
    }
    for (value, fits) in [("1", false), ("4", false), ("2", true), ("\"3\"", false), ("2.5", false)] {
        assert_eq!(Recipe::default().with(&format!("project.dim={value}")).is_ok(), fits, "{value}");
    }
}

/// A flat embedding has no third axis to show: the principal view lies in a plane of space.
#[test]
fn a_flat_embedding_stays_flat() {
    let map = map(&read_records(&data()), &recipe(&["project.method=pca", "embed.dim=2"])).unwrap();
    assert!(map.layout.len() == 3 * map.collections.n_items() && spread(&map.layout)[2] == 0.0);
}

fn open(session: &mut Session, recipe: &Recipe) {
    session.run_start(recipe.clone()).unwrap();
    while session.run_step().unwrap() != Stage::Done {}
}

/// From the plane to space and back: what is shown lies as what was shown, and has its widest side in front where nothing was.
#[test]
fn space_is_turned_to_the_plane_before() {
    let mut session = Session::new();
    session.open_start();
    session.file_start("rows.csv");
    session.file_push(data().as_bytes()).unwrap();
    session.file_end().unwrap();
    session.open_end().unwrap();
    let solid = recipe(&["project.iterations=200"]);
    open(&mut session, &solid);
    let shown = session.layout();
    assert_eq!((session.layout_dim(), shown.len() % 3), (3, 0));
    let [x, y, z] = spread(&shown);
    assert!(x >= y && y >= z, "the widest side in front: {x} {y} {z}");
    let made = map(&read_records(&data()), &solid).unwrap();
    assert_eq!(session.current().unwrap().0.hash(), made.hash(), "the map itself is not turned");

    let front: Vec<f32> = shown.chunks(3).flat_map(|p| [p[0], p[1]]).collect();
    open(&mut session, &solid.with("project.dim=2").unwrap());
    assert_eq!(session.layout_dim(), 2);
    let plane = session.layout();
    let nothing_left = |moving: &[f32], fixed: &[f32], dim: usize| {
        let turned = Turn::onto(moving, fixed, dim).apply(moving);
        let most = moving.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        assert!(turned.iter().zip(moving).all(|(a, b)| (a - b).abs() < 2e-3 * most), "{dim} dimensions");
    };
    nothing_left(&plane, &front, 2);

    open(&mut session, &solid.with("seed=5").unwrap());
    let again = session.layout();
    let lifted: Vec<f32> = plane.chunks(2).flat_map(|p| [p[0], p[1], 0.0]).collect();
    nothing_left(&again, &lifted, 3);
    open(&mut session, &solid.with("seed=6").unwrap());
    nothing_left(&session.layout(), &again, 3);
}

/// Two maps that differ along the third axis only: another hash, and other measures.
#[test]
fn hash_and_measures_see_all_axes() {
    let records = read_records(&data());
    let made = map(&records, &recipe(&["project.method=pca"])).unwrap();
    let squashed =
        Map { layout: made.layout.chunks(3).flat_map(|p| [p[0], p[1], 0.0]).collect(), ..made.clone() };
    let mut nudged = made.clone();
    nudged.layout[2] += 1.0;
    assert!(made.hash() != squashed.hash() && made.hash() != nudged.hash());
    // Against the layout itself as the space of the data: nothing is lost.
    let reference = Reference { points: Cow::Borrowed(&made.layout), dim: 3 };
    let of = |map: &Map| quality(&map.measure_input(&reference, &[]));
    let (whole, flat) = (of(&made), of(&squashed));
    assert_eq!(whole.ordering.trustworthiness, Some(1.0));
    assert!((whole.distances.rho.unwrap() - 1.0).abs() < 1e-9);
    assert!(flat.ordering.trustworthiness.unwrap() < 0.999 && flat.distances.rho.unwrap() < 0.999);
    assert_ne!(whole.data, flat.data);
}
