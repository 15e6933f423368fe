//! The whole way: golden bits, any number of threads, cut anywhere, any chunks.
#![cfg(not(target_arch = "wasm32"))]

mod golden;

use archipelago::parallel::with_threads;
use archipelago::progress::Stage;
use archipelago::read::{Reader, Records, Table};
use archipelago::recipe::Recipe;
use archipelago::run::{Run, map};

fn read(text: &str, chunk: usize) -> Records {
    let mut reader = Reader::new("rows.csv");
    for part in text.as_bytes().chunks(chunk) {
        reader.push(part).unwrap();
    }
    match reader.finish().unwrap() {
        Table::Records(records) => records,
        Table::Items(_) => panic!("rows, not items"),
    }
}

fn recipe(preset: &str) -> Recipe {
    Recipe::preset(preset).unwrap()
}

/// Natively; tests/web_worker.rs and tests/browser/determinism.spec.mjs hold the other builds to the same.
#[test]
fn golden_maps() {
    let made = golden::GOLDEN.map(|(name, preset, _)| {
        let records = read(&golden::rows(name), 1 << 16);
        (name, preset, map(&records, &recipe(preset)).unwrap().hash())
    });
    assert_eq!(made, golden::GOLDEN.map(|(name, preset, hash)| (name, preset, hash.to_owned())));
}

#[test]
fn any_number_of_threads_makes_the_same_bits() {
    let records = read(golden::EMOJI, 1 << 16);
    let one = with_threads(1, || map(&records, &recipe("default")).unwrap());
    for threads in [2, 4] {
        let many = with_threads(threads, || map(&records, &recipe("default")).unwrap());
        assert_eq!(many.layout, one.layout, "{threads} threads");
        assert_eq!(many.embedding, one.embedding, "{threads} threads");
        assert_eq!(many.graph, one.graph, "{threads} threads");
    }
}

#[test]
fn the_seed_and_nothing_else_changes_the_map() {
    let text = golden::fixture();
    let first = map(&read(&text, 7), &recipe("default")).unwrap();
    let again = map(&read(&text, 100_000), &recipe("default")).unwrap();
    assert_eq!(first.layout, again.layout);
    let other = map(&read(&text, 7), &Recipe { seed: 2, ..recipe("default") }).unwrap();
    assert_ne!(first.layout, other.layout);
}

/// Looking at a run between its steps, as the page does for every frame, changes nothing.
#[test]
fn frames_do_not_disturb() {
    let records = read(&golden::fixture(), 1 << 16);
    for preset in Recipe::PRESETS {
        let recipe = recipe(preset);
        let mut run = Run::new(recipe.clone()).unwrap();
        let mut overall = 0.0;
        let mut stages = Vec::new();
        while run.stage() != Stage::Done {
            run.step(&records).unwrap();
            let progress = run.progress();
            assert!(progress.overall >= overall && progress.overall <= 1.0, "{progress:?}");
            assert!(progress.done <= progress.total, "{progress:?}");
            overall = progress.overall;
            stages.push(progress.stage);
            if run.has_layout() {
                assert_eq!(run.layout().len(), 2 * run.map().collections.n_items());
                assert!(run.layout().iter().all(|v| v.is_finite()));
            }
        }
        stages.dedup();
        let all = || Stage::ALL.into_iter().skip(1);
        let embeds = |stage: &Stage| recipe.embeds() || *stage != Stage::Embed;
        assert_eq!(stages, all().filter(embeds).collect::<Vec<_>>());
        assert_eq!(run.into_map().layout, map(&records, &recipe).unwrap().layout);
    }
}

/// What a map is for: the groups that the rows were made of stand together.
#[test]
fn neighbors_on_the_map_are_of_one_group() {
    let records = read(&golden::fixture(), 1 << 16);
    let map = map(&records, &recipe("default")).unwrap();
    let group = |i: usize| records.items.get(map.collections.items[i]).as_bytes()[1];
    let n = map.collections.n_items();
    let mut same = 0;
    for i in 0..n {
        let distance = |j: usize| {
            (map.layout[2 * i] - map.layout[2 * j]).hypot(map.layout[2 * i + 1] - map.layout[2 * j + 1])
        };
        let mut others: Vec<usize> = (0..n).filter(|&j| j != i).collect();
        others.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        same += others[..5].iter().filter(|&&j| group(i) == group(j)).count();
    }
    let share = same as f64 / (5 * n) as f64;
    assert!(share > 0.9, "only {share} of the 5 nearest are of the same group; by chance 0.2");
}
