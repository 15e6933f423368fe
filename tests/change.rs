//! What is kept from one run to the next: stages with equal options, rows whose run failed, the places of the map before.
#![cfg(not(target_arch = "wasm32"))]

mod common;
mod golden;

use archipelago::error::Result;
use archipelago::progress::Stage;
use archipelago::project::align::Turn;
use archipelago::project::{Method, NeighborsFrom};
use archipelago::read::Records;
use archipelago::recipe::Recipe;
use archipelago::run::previous::Previous;
use archipelago::run::{Map, Run, map};
use archipelago::session::Session;
use common::{bits, read_records, zipf_csv};

/// One option of each stage, changed, and the first stage that must be done again.
const CHANGES: [(&str, Stage); 9] = [
    ("collect.minCollections=5", Stage::Collect),
    ("count.maxNeighbors=9", Stage::Count),
    ("graph.nNeighbors=6", Stage::Graph),
    ("embed.maxIterations=7", Stage::Embed),
    ("seed=3", Stage::Embed),
    ("project.minDist=0.1", Stage::Nearest),
    ("project.from=graph", Stage::Nearest),
    ("project.method=tsne", Stage::Nearest),
    ("seed=1", Stage::Done),
];

fn finish(mut run: Run, records: &Records) -> Map {
    while run.stage() != Stage::Done {
        run.step(records).unwrap();
    }
    run.into_map()
}

fn assert_same(kept: &Map, straight: &Map, what: &str) {
    assert!(!kept.continued, "{what}");
    assert_eq!(kept.layout, straight.layout, "{what}");
    assert_eq!(kept.embedding, straight.embedding, "{what}");
    assert_eq!(kept.graph, straight.graph, "{what}");
    assert_eq!(kept.similar, straight.similar, "{what}");
    assert_eq!(kept.sizes, straight.sizes, "{what}");
    assert_eq!(kept.recipe, straight.recipe, "{what}");
    assert_eq!(kept.average_distortion.to_bits(), straight.average_distortion.to_bits(), "{what}");
    assert_eq!((kept.iterations, kept.dim), (straight.iterations, straight.dim), "{what}");
}

fn short() -> Recipe {
    let mut recipe = Recipe::default();
    (recipe.project.from, recipe.project.method) = (NeighborsFrom::Embedding, Method::Umap);
    (recipe.embed.max_iterations, recipe.project.epochs, recipe.project.iterations) = (12, 12, 12);
    recipe
}

/// The slow obvious twin of keeping stages is to do them all.
#[test]
fn a_run_that_keeps_stages_gives_the_same_bits() {
    let records = read_records(&golden::fixture());
    let base = map(&records, &short()).unwrap();
    for (change, stage) in CHANGES {
        let other = short().with(change).unwrap();
        let run = Run::again(&base, other.clone()).unwrap();
        assert_eq!(run.stage(), stage, "{change}");
        assert_eq!(run.has_layout(), stage != Stage::Collect, "{change}");
        assert_same(&finish(run, &records), &map(&records, &other).unwrap(), change);
    }
    // What two changes have in common, and back.
    let other = short().with("graph.nNeighbors=6").unwrap().with("project.minDist=0.1").unwrap();
    let there = finish(Run::again(&base, other).unwrap(), &records);
    assert_same(&finish(Run::again(&there, short()).unwrap(), &records), &base, "back");
}

/// Changed in every stage, after its first steps: as if the run had been by the new recipe from the start.
#[test]
fn a_run_that_is_changed_gives_the_bits_of_its_last_recipe() {
    let records = read_records(&golden::fixture());
    for (change, first) in CHANGES {
        let other = short().with(change).unwrap();
        let straight = map(&records, &other).unwrap();
        for at in Stage::ALL.into_iter().filter(|&stage| stage != Stage::Done) {
            for steps in [0, 1, 3] {
                let mut run = Run::new(short()).unwrap();
                while run.stage() != at {
                    run.step(&records).unwrap();
                }
                (0..steps).for_each(|_| run.step(&records).unwrap());
                let reached = run.stage();
                if reached == Stage::Done {
                    continue;
                }
                let next = run.change(other.clone()).unwrap();
                assert!(
                    next <= reached.max(first) && next <= first.max(reached),
                    "{change}: {next:?} after {reached:?}"
                );
                let made = finish(run, &records);
                if !made.continued {
                    assert_same(&made, &straight, &format!("{change} in {at:?} after {steps} steps"));
                }
            }
        }
    }
    let mut run = Run::new(short()).unwrap();
    run.step(&records).unwrap();
    let mut bad = short();
    bad.project.epochs = 0;
    assert_eq!(run.change(bad).unwrap_err().code(), "option-out-of-range");
    assert_same(&finish(run, &records), &map(&records, &short()).unwrap(), "a refused change");
}

/// By name, whatever the order of the rows.
#[test]
fn the_previous_map_is_a_start() {
    let text = "user,song\n".to_owned()
        + &(0..8).map(|u| format!("u{u},a\nu{u},b\nu{},c\n", u % 3)).collect::<String>();
    let later: Vec<String> = (0..4).map(|u| format!("u{u},d\nu{u},c\nu{u},a\n")).collect();
    let (before, records) =
        (read_records(&text), read_records(&format!("user,song\n{}u9,a\n", later.concat())));
    let mut base = map(&before, &short()).unwrap();
    let place = |name: &str| [f32::from(name.as_bytes()[0]), 1.0];
    base.embedding = base.collections.items.iter().flat_map(|&id| place(before.items.get(id))).collect();
    base.dim = 2;
    let previous = Previous::new(&base, &Turn::identity(2), &before, &records);
    let collections = archipelago::collect::collect(&records, &short().collect).unwrap();
    let places = previous.places(&collections, 2).unwrap();
    for (item, &id) in collections.items.iter().enumerate() {
        let at = [places[2 * item], places[2 * item + 1]];
        match records.items.get(id) {
            "d" => assert!(at.iter().all(|v| v.is_nan()), "d is new"),
            name => assert_eq!(at, place(name), "{name}"),
        }
    }
    assert_eq!(collections.n_items(), 3);
    assert_eq!(previous.places(&collections, 3), None, "of another dimension");
    let strangers = read_records("user,song\nu1,x\nu1,y\nu2,x\nu2,y\nu3,x\nu3,y\nu4,x\n");
    let others = archipelago::collect::collect(&strangers, &short().collect).unwrap();
    assert_eq!(Previous::new(&base, &Turn::identity(2), &before, &strangers).places(&others, 2), None);
}

/// What is carried over is said, and only that.
#[test]
fn carried_over_positions_are_told() {
    let records = read_records(&golden::fixture());
    let base = map(&records, &short()).unwrap();
    let mut moved = short().with("embed.start=previous").unwrap();
    let mut run = Run::again(&base, moved.clone()).unwrap();
    run.set_previous(Some(Previous::new(&base, &Turn::identity(2), &records, &records)));
    assert_eq!(run.stage(), Stage::Embed);
    let near = finish(run, &records);
    assert!(near.continued && near.average_distortion <= base.average_distortion);
    // A little further from where it stood, not somewhere else.
    let size: f32 = base.embedding.iter().map(|v| v * v).sum();
    let step: f32 = base.embedding.iter().zip(&near.embedding).map(|(a, b)| (a - b) * (a - b)).sum();
    assert!(step < 0.25 * size, "{step} of {size}");
    // Without a map before it is a straight run.
    let first = map(&records, &moved).unwrap();
    assert!(!first.continued && first.embedding == base.embedding);
    // The next layout keeps the embedding, and that it was carried over.
    moved.project.min_dist = 0.1;
    let again = finish(Run::again(&near, moved.clone()).unwrap(), &records);
    assert!(again.continued && again.embedding == near.embedding && again.layout != near.layout);

    // A change in the middle of the embedding goes on from there; what it needs anew, it begins anew.
    for (change, goes_on) in [("embed.repulsiveFraction=2", true), ("embed.dim=2", false), ("seed=4", false)]
    {
        let mut run = Run::new(short()).unwrap();
        while run.stage() != Stage::Embed || !run.progress().text.ends_with("iterations") {
            run.step(&records).unwrap();
        }
        (0..6).for_each(|_| run.step(&records).unwrap());
        let other = short().with(change).unwrap();
        run.change(other.clone()).unwrap();
        let done = run.progress().done;
        assert_eq!(done > 0, goes_on, "{change}: at iteration {done}");
        let made = finish(run, &records);
        assert_eq!(made.continued, goes_on, "{change}");
        let straight = map(&records, &other).unwrap();
        assert_eq!(made.layout == straight.layout, !goes_on, "{change}");
        assert_eq!(made.sizes, straight.sizes, "{change}");
    }
}

/// t-SNE goes on by what does not touch its affinities, and says so; by others it begins again.
#[test]
fn tsne_may_change_while_it_runs() {
    let records = read_records(&golden::fixture());
    let recipe = short().with("project.method=tsne").unwrap().with("project.iterations=40").unwrap();
    for (change, goes_on) in [
        ("project.exaggeration=4", true),
        ("project.iterations=60", true),
        ("project.learningRate=20", true),
        ("project.perplexity=5", false),
        ("project.start=random", false),
    ] {
        let mut run = Run::new(recipe.clone()).unwrap();
        while !run.progress().text.ends_with("iterations") || run.stage() != Stage::Project {
            run.step(&records).unwrap();
        }
        (0..30).for_each(|_| run.step(&records).unwrap());
        let other = recipe.with(change).unwrap();
        let next = run.change(other.clone()).unwrap();
        assert_eq!(next, if goes_on { Stage::Project } else { Stage::Nearest }, "{change}");
        let made = finish(run, &records);
        assert_eq!(made.continued, goes_on, "{change}");
        assert_eq!(made.recipe, other, "{change}");
        if !goes_on {
            assert_same(&made, &map(&records, &other).unwrap(), change);
        }
    }
}

/// More dimensions than a tree can search, as features: the map is of their principal axes.
#[test]
fn many_dimensions_make_a_map_too() {
    let records = read_records(&golden::fixture());
    let made = map(&records, &short().with("embed.dim=9").unwrap()).unwrap();
    assert_eq!(made.embedding.len(), 9 * made.collections.n_items());
    assert!(made.layout.len() == 2 * made.collections.n_items() && made.layout.iter().all(|v| v.is_finite()));
}

fn data() -> String {
    zipf_csv(1, 40, 30, 600)
}

fn other_data() -> String {
    zipf_csv(2, 50, 40, 700)
}

fn open(session: &mut Session, name: &str, text: &str) {
    session.open_start();
    session.file_start(name);
    session.file_push(text.as_bytes()).unwrap();
    session.file_end().unwrap();
    session.open_end().unwrap();
}

fn finish_session(session: &mut Session) -> Result<()> {
    while session.run_step()? != Stage::Done {}
    Ok(())
}

fn with_map() -> Session {
    let mut session = Session::new();
    open(&mut session, "first.csv", &data());
    session.run_start(short()).unwrap();
    finish_session(&mut session).unwrap();
    session
}

/// Another seed turns the map, and what is shown is turned back; the map itself is that of the pipeline.
#[test]
fn a_new_layout_lies_as_the_one_before() {
    let mut session = with_map();
    let mut before = session.layout();
    for seed in [2, 3, 4] {
        let other = Recipe { seed, ..short() };
        session.run_start(other.clone()).unwrap();
        finish_session(&mut session).unwrap();
        let shown = session.layout();
        let left = Turn::onto(&shown, &before, 2).apply(&shown);
        let most = shown.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        assert!(left.iter().zip(&shown).all(|(a, b)| (a - b).abs() < 1e-3 * most), "nothing is left to turn");
        let made = map(&read_records(&data()), &other).unwrap();
        assert_eq!(session.current().unwrap().0.hash(), made.hash(), "the map is not turned");
        before = shown;
    }
}

/// The file and the positions of the current map.
fn seen(session: &Session) -> Option<(String, Vec<u32>)> {
    let (map, info) = session.current()?;
    let (shown, layout) = (session.layout(), &map.layout);
    let turned = Turn::onto(layout, &shown, 2).apply(layout);
    let most = layout.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    assert!(shown.iter().zip(&turned).all(|(a, b)| (a - b).abs() < 1e-3 * most), "nothing else is on screen");
    Some((info.file.clone(), bits(&map.layout)))
}

/// Rows of which no map could be made wait for another setting; the map before stays meanwhile.
#[test]
fn a_failed_run_keeps_its_rows() {
    let straight = map(&read_records(&other_data()), &short()).unwrap();
    let few = short().with("collect.minCollections=1000").unwrap();
    let near = short().with("graph.maxDistance=1e-9").unwrap();
    for (bad, code, stage) in [(few, "too-few-items", Stage::Collect), (near, "no-edges", Stage::Graph)] {
        for mut session in [with_map(), Session::new()] {
            let before = seen(&session);
            open(&mut session, "second.csv", &other_data());
            session.run_start(bad.clone()).unwrap();
            assert_eq!(finish_session(&mut session).unwrap_err().code(), code);
            assert_eq!(seen(&session), before, "the map before stays");
            assert_eq!(session.pending().unwrap().file, "second.csv");
            assert_eq!(session.run_step().unwrap_err().code(), "no-data", "nothing goes on by itself");
            // The setting is changed, in vain at first.
            session.run_start(Recipe { seed: 3, ..bad.clone() }).unwrap();
            assert_eq!(session.progress().unwrap().stage, stage, "what was done is kept");
            assert_eq!(finish_session(&mut session).unwrap_err().code(), code);
            session.run_start(short()).unwrap();
            assert_eq!(session.progress().unwrap().stage, stage);
            finish_session(&mut session).unwrap();
            let (map, _) = session.current().unwrap();
            assert!(map.hubness.mutual_share > 0.0 && map.distortions.histogram.iter().sum::<u32>() > 0);
            let lines = session.embedding_csv().unwrap().lines().count();
            assert_eq!(lines, 1 + map.collections.n_items());
            assert_eq!(session.embedding_npy().unwrap().len(), 128 + 4 * map.embedding.len());
            assert_eq!(seen(&session), Some(("second.csv".to_owned(), bits(&straight.layout))));
            assert!(session.pending().is_none());
        }
    }
    // Or they are given up, and a run is of the map's own rows.
    let mut session = with_map();
    open(&mut session, "second.csv", &other_data());
    session.run_start(short().with("collect.minCollections=1000").unwrap()).unwrap();
    finish_session(&mut session).unwrap_err();
    session.cancel();
    session.run_start(short()).unwrap();
    assert_eq!(session.run_step().unwrap(), Stage::Done, "nothing is left to do");
    assert_eq!(seen(&session), seen(&with_map()));
}

#[test]
fn a_setting_may_change_while_it_runs() {
    let mut session = with_map();
    assert_eq!(session.run_change(short()).unwrap_err().code(), "no-data");
    let (first, other) = (Recipe { seed: 5, ..short() }, short().with("graph.nNeighbors=6").unwrap());
    session.run_start(first.clone()).unwrap();
    session.run_step().unwrap();
    let mut bad = short();
    bad.project.epochs = 0;
    assert_eq!(session.run_change(bad).unwrap_err().code(), "option-out-of-range");
    assert!(session.progress().is_some(), "it goes on as it was");
    assert_eq!(session.run_change(other.clone()).unwrap(), Stage::Graph);
    finish_session(&mut session).unwrap();
    let straight = map(&read_records(&data()), &other).unwrap();
    assert_eq!(seen(&session), Some(("first.csv".to_owned(), bits(&straight.layout))));
    assert_eq!(session.current().unwrap().0.recipe, other);
    // Canceled after a change, all is as before.
    let before = seen(&session);
    session.run_start(first).unwrap();
    session.run_change(short().with("collect.minCollections=5").unwrap()).unwrap();
    (0..4).for_each(|_| _ = session.run_step().unwrap());
    session.cancel();
    assert_eq!(seen(&session), before);
}

/// Rows that come without a word while a run goes on end it: its map would be of other rows.
#[test]
fn a_run_does_not_outlive_its_rows() {
    for again in [false, true] {
        let mut session = with_map();
        let before = seen(&session);
        if !again {
            open(&mut session, "second.csv", &other_data());
        }
        session.run_start(Recipe { seed: 9, ..short() }).unwrap();
        (0..3).for_each(|_| _ = session.run_step().unwrap());
        session.file_start("third.csv");
        session.file_push(zipf_csv(3, 9, 7, 60).as_bytes()).unwrap();
        session.file_end().unwrap();
        session.open_end().unwrap();
        assert_eq!(seen(&session), before);
        assert_eq!(session.run_step().unwrap_err().code(), "no-data");
        session.run_start(short()).unwrap();
        finish_session(&mut session).unwrap();
        assert_eq!(seen(&session).unwrap().0, "third.csv");
    }
}
