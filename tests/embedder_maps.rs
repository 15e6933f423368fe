//! Whole maps by each embedder and each projection.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::embed::EmbedOptions;
use archipelago::embed::walks::graph_of_pairs;
use archipelago::graph::parts;
use archipelago::progress::Stage;
use archipelago::recipe::Recipe;
use archipelago::run::{Run, map};
use common::groups::two_groups;
use common::{blobs, read_records, zipf_csv};

/// From rows to a flat map, by each embedder and each projection: looked at between steps, changed under way, and again.
#[test]
fn whole_maps_by_each_method() {
    let records = read_records(&zipf_csv(3, 150, 90, 1500));
    let base = [
        "embed.trainingEpochs=3",
        "embed.vectorDim=10",
        "project.epochs=20",
        "project.iterations=20",
        "project.from=embedding",
    ];
    let base = base.iter().fold(Recipe::default(), |recipe, option| recipe.with(option).unwrap());
    for (embed, project) in [
        ("node2vec", "umap"),
        ("ggvec", "tsne"),
        ("item2vec", "pca"),
        ("factors", "mde"),
        ("mde", "mde"),
        ("mde", "randomProjection"),
        ("item2vec", "randomProjection"),
        ("mde", "pca"),
    ] {
        let what = format!("{embed}, {project}");
        let with = |embed: &str| base.with(&format!("embed.method={embed}")).unwrap();
        let recipe = with(embed).with(&format!("project.method={project}")).unwrap();
        let straight = map(&records, &recipe).unwrap();
        let n = straight.collections.n_items();
        assert_eq!(straight.dim, if embed == "mde" { 3 } else { 10 }, "{what}");
        assert_eq!((straight.layout.len(), straight.embedding.len()), (2 * n, straight.dim * n), "{what}");
        assert!(straight.layout.iter().all(|v| v.is_finite()), "{what}");
        assert_eq!(straight.loss.is_some(), !["mde", "factors"].contains(&embed), "{what}");
        assert_eq!(straight.average_distortion > 0.0, embed == "mde", "{what}");

        // Begun by another embedder, changed while it is at work, and looked at after every step.
        let mut run = Run::new(with(if embed == "item2vec" { "mde" } else { "item2vec" })).unwrap();
        while run.stage() != Stage::Embed {
            run.step(&records).unwrap();
        }
        (0..3).for_each(|_| run.step(&records).unwrap());
        assert_eq!(run.change(recipe.clone()).unwrap(), Stage::Embed, "{what}");
        while run.stage() != Stage::Done {
            run.step(&records).unwrap();
            let progress = run.progress();
            assert!((0.0..=1.0).contains(&progress.overall) && run.layout().len() == 2 * n, "{what}");
        }
        assert!(!run.map().continued, "{what}");
        assert_eq!((run.map().hash(), run.map().loss), (straight.hash(), straight.loss), "{what}");
        assert_eq!(run.map().sizes, straight.sizes, "{what}");
        assert_eq!(Run::again(&straight, recipe).unwrap().stage(), Stage::Done, "{what}");
    }
}

/// The principal view shows most of the spread, a random one less, and MDE on the plane bends less than the view that it
/// begins with.
#[test]
fn flat_maps_are_what_they_say() {
    use archipelago::project::flat::{Source, initialize};
    let (similar, _) = two_groups(30);
    let whole = parts(60, &similar.pairs);
    let graph = graph_of_pairs(60, &similar);
    let x: Vec<f32> = blobs(4, &[[0.0; 5]], 60, 1.0)
        .chunks(5)
        .flat_map(|p| [5.0 * p[0], p[1], 3.0 * p[2], p[3], p[4]])
        .collect();
    let source =
        Source { embedding: &x, dim: 5, unit_rows: false, similar: &similar, graph: &graph, parts: &whole };
    let options = EmbedOptions::default();
    let flat = |method| {
        let mut status = initialize(&source, method, 2, &options, 1).unwrap();
        status.run(usize::MAX);
        assert!(status.is_finished());
        status.finish()
    };
    let spread = |x: &[f32]| x.iter().map(|v| v * v).sum::<f32>();
    use archipelago::project::Method as Flat;
    let (pca, random, mde) = (flat(Flat::Pca), flat(Flat::RandomProjection), flat(Flat::Mde));
    assert!(spread(&pca) > spread(&random) && spread(&pca) > 0.8 * spread(&x));
    let length = |x: &[f32]| {
        let far = |&[i, j]: &[u32; 2]| {
            let (a, b) = (&x[2 * i as usize..], &x[2 * j as usize..]);
            ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
        };
        similar.pairs.iter().map(far).sum::<f32>() / spread(x).sqrt()
    };
    assert!(length(&mde) < 0.9 * length(&pca), "{} {}", length(&mde), length(&pca));
}
