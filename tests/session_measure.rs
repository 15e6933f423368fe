//! The session measures its current map: in steps, after the map is there, and whatever runs beside it.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::error::Result;
use archipelago::progress::Stage;
use archipelago::recipe::Recipe;
use archipelago::session::{Opened, Session};
use common::{bits, zipf_csv};

fn data() -> String {
    zipf_csv(1, 40, 30, 600)
}

fn other_data() -> String {
    zipf_csv(2, 50, 40, 700)
}

/// A short way to a map.
fn recipe() -> Recipe {
    let mut recipe = Recipe::default();
    (recipe.embed.max_iterations, recipe.project.iterations) = (10, 10);
    recipe
}

fn open(session: &mut Session, files: &[(&str, &str)]) -> Result<Opened> {
    session.open_start();
    for (name, text) in files {
        session.file_start(name);
        session.file_push(text.as_bytes())?;
        session.file_end()?;
    }
    session.open_end()
}

fn open_and_map(session: &mut Session, files: &[(&str, &str)], recipe: Recipe) -> Result<()> {
    if open(session, files)? == Opened::Records {
        session.run_start(recipe)?;
        while session.run_step()? != Stage::Done {}
    }
    Ok(())
}

/// Measures the current map to its end; the number of steps.
fn measure(session: &mut Session) -> usize {
    session.measure_start().unwrap();
    (1..).find(|_| session.measure_step().unwrap()).unwrap()
}

#[test]
fn the_current_map_is_measured_in_steps_that_a_run_does_not_disturb() {
    let mut session = Session::new();
    assert!(session.measure_start().is_err() && session.measure_step().is_err(), "no map");
    let table = "item,kind,size\nitem 3,a,1\nitem 0,b,2\nitem 1,a,3\n";
    open_and_map(&mut session, &[("first.csv", &data()), ("items.csv", table)], recipe()).unwrap();
    assert!(session.quality().is_none() && session.measure_step().is_err(), "not begun");
    let (before, hash) = (bits(&session.layout()), session.current().unwrap().0.hash());
    assert!(measure(&mut session) > 3);
    let quality = session.quality().unwrap().clone();
    let n = session.layout().len() / 2;
    assert_eq!((quality.of_item.len(), quality.data_items, quality.ordering.points), (n, n, n));
    let shares: Vec<f64> = quality.data.iter().map(|preserved| preserved.share.unwrap()).collect();
    assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
    let columns: Vec<_> =
        quality.labels.iter().map(|labels| (labels.column.as_str(), labels.items)).collect();
    assert_eq!(columns, [("kind", 3)], "numbers are no labels");
    assert_eq!((bits(&session.layout()), session.current().unwrap().0.hash()), (before, hash));

    // Another run, canceled: the measures stay. One to its end: they are of another map.
    session.measure_start().unwrap();
    open(&mut session, &[("second.csv", &other_data())]).unwrap();
    session.run_start(recipe()).unwrap();
    session.run_step().unwrap();
    assert!(!session.measure_step().unwrap());
    session.cancel();
    while !session.measure_step().unwrap() {}
    assert_eq!(session.quality(), Some(&quality));
    open_and_map(&mut session, &[("second.csv", &other_data())], recipe()).unwrap();
    assert!(session.quality().is_none() && session.measure_step().is_err());

    // New labels make new measures.
    measure(&mut session);
    assert!(session.quality().unwrap().labels.is_empty());
    open(&mut session, &[("items.csv", table)]).unwrap();
    assert!(session.quality().is_none());
    measure(&mut session);
    assert_eq!(session.quality().unwrap().labels.len(), 1);
}

/// Links taken as they are need no weight, so a recipe may name a column that they do not have: measuring fell over that.
/// And maps of hardly any items, with fewer than there are factors.
#[test]
fn maps_whose_recipe_weighs_nothing_and_tiny_maps_are_measured() {
    let ring: String = (0..40).map(|i| format!("n{i},n{}\nn{i},n{}\n", (i + 1) % 40, (i + 7) % 40)).collect();
    let direct = [
        "count.edges=direct",
        "count.dissimilarity=inverse",
        "count.pairWeight=halfLife",
        "count.column=when",
    ];
    let direct = direct.iter().fold(recipe(), |recipe, option| recipe.with(option).unwrap());
    let tiny = "user,song\nann,a\nann,b\nben,a\nben,b\nben,c\ncem,a\n";
    let of_tiny = recipe().with("collect.minCollections=1").unwrap();
    for (text, recipe, n) in [(format!("source,target\n{ring}"), direct, 40), (tiny.to_owned(), of_tiny, 3)] {
        let mut session = Session::new();
        open_and_map(&mut session, &[("rows.csv", &text)], recipe).unwrap();
        measure(&mut session);
        assert_eq!(session.quality().unwrap().ordering.points, n);
    }
}
