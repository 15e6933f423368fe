//! A person's own list in a finished map: among its items, the same bits everywhere, and nothing of the map moves.
#![cfg(not(target_arch = "wasm32"))]

mod common;
mod golden;

use archipelago::place::list;
use archipelago::progress::Stage;
use archipelago::recipe::Recipe;
use archipelago::run::map;
use archipelago::session::Session;
use common::placing::{GROUPS, grouped, places, recipe, share, ways};
use common::{bits, read_records};

#[test]
fn a_list_lands_among_its_items() {
    let old = read_records(&grouped(|_, item| item % 6 != 5));
    for recipe in ways() {
        let map = map(&old, &recipe).unwrap();
        let of = |name: &str| {
            let id = old.items.find(name).unwrap();
            map.collections.items.binary_search(&id).unwrap() as u32
        };
        let list = |group: usize, weight: f32| -> Vec<(u32, f32)> {
            [0, 2, 7, 9, 13].map(|item| (of(&format!("{group}-{item}")), weight)).to_vec()
        };
        for group in 0..GROUPS {
            let other = (group + 1) % GROUPS;
            let mixed = [list(group, 3.0), list(other, 0.5)].concat();
            let taste = list::taste(&map, &mixed, 10);
            let sum: f32 = taste.near.values.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5 && taste.suggestions.len() == 10);
            assert!(taste.suggestions.iter().all(|i| mixed.iter().all(|(j, _)| i != j)), "not what one has");
            let at = places(&map, &taste.near);
            let pure = share(&map, &old, &at, &format!("{group}-"));
            assert!(pure > 0.6, "{:?}: {pure} of group {group}", recipe.project.method);
        }
        assert!(places(&map, &list::taste(&map, &[], 10).near).iter().all(|v| v.is_nan()));
    }
}

/// The bits that the page gives too: tests/web_worker.rs.
#[test]
fn the_golden_places() {
    let records = read_records(&golden::fixture());
    let placed = golden::PLACED.map(|(preset, _)| {
        let map = map(&records, &Recipe::preset(preset).unwrap()).unwrap();
        let at = places(&map, &list::taste(&map, &golden::LIST.map(|item| (item, 1.0)), 10).near);
        (preset, [at[0].to_bits(), at[1].to_bits()])
    });
    assert_eq!(placed, golden::PLACED);
}

#[test]
fn the_session_places_a_list_in_its_map() {
    let mut session = Session::new();
    assert!(session.place_start(&[0], &[1.0]).is_err() && session.place_step().is_err(), "no map");
    session.open_start();
    session.file_start("old.csv");
    session.file_push(grouped(|_, item| item % 6 != 5).as_bytes()).unwrap();
    session.file_end().unwrap();
    session.open_end().unwrap();
    let go = |session: &mut Session, options: &[&str]| {
        session.run_start(recipe(options)).unwrap();
        while session.run_step().unwrap() != Stage::Done {}
    };
    go(&mut session, &["project.iterations=100"]);
    // Another seed: the map is turned to lie as the one before.
    go(&mut session, &["project.iterations=100", "seed=5"]);
    let layout = session.layout();
    session.place_start(&[0, 1, 2, 1000, 3], &[1.0, 2.0, 1.0, 9.0, f32::NAN]).unwrap();
    let mut steps = 1;
    let landing = loop {
        match session.place_step().unwrap() {
            Some(landing) => break landing,
            None => steps += 1,
        }
    };
    assert!(steps > 100 && session.place_step().is_err(), "{steps} steps, then over");
    assert_eq!(bits(&session.layout()), bits(&layout));
    let map = session.current().unwrap().0;
    let want = list::taste(map, &[(0, 1.0), (1, 2.0), (2, 1.0)], 10);
    assert_eq!(landing.suggestions, want.suggestions);
    let untuned = places(map, &want.near);
    // As far from every item on the screen as in the map.
    for i in 0..map.collections.n_items() {
        let far = |at: &[f32], layout: &[f32]| (at[0] - layout[2 * i]).hypot(at[1] - layout[2 * i + 1]);
        assert!((far(&landing.at, &layout) - far(&untuned, &map.layout)).abs() < 1e-3);
    }
    session.place_start(&[], &[]).unwrap();
    let nowhere = (0..).find_map(|_| session.place_step().unwrap()).unwrap();
    assert!(nowhere.at.iter().all(|v| v.is_nan()) && nowhere.suggestions.is_empty());
    session.place_start(&[0], &[1.0]).unwrap();
    go(&mut session, &["project.iterations=50"]);
    assert!(session.place_step().is_err(), "the map it was begun for is no more");
}
