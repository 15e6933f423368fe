//! The Engine in a dedicated worker, as the page uses it: the golden bits, plain objects, errors, cancel.
//! In the threads build a pool of two threads works; in the single build none.
#![cfg(all(target_arch = "wasm32", not(feature = "view")))]

mod golden;

use archipelago::web::engine::{Engine, check_recipe, default_recipe, fresh_seed, map_version};
use js_sys::{Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The pool starts once in a worker; the tests of this file run one after the other.
async fn start_threads() {
    #[cfg(feature = "threads")]
    {
        use std::sync::atomic::{AtomicBool, Ordering};
        static STARTED: AtomicBool = AtomicBool::new(false);
        if !STARTED.swap(true, Ordering::SeqCst) {
            let promise = archipelago::web::init_thread_pool(2);
            js_sys::futures::JsFuture::from(promise).await.unwrap();
        }
        assert_eq!(archipelago::parallel::threads(), 2);
    }
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |o, key| Reflect::get(&o, &key.into()).unwrap())
}

fn text(object: &JsValue, path: &str) -> String {
    get(object, path).as_string().unwrap_or_default()
}

fn number(object: &JsValue, path: &str) -> f64 {
    get(object, path).as_f64().unwrap_or(f64::NAN)
}

/// Reads one file to its end.
fn push(engine: &mut Engine, name: &str, content: &str) -> Result<JsValue, JsValue> {
    engine.file_start(name);
    for chunk in content.as_bytes().chunks(5000) {
        engine.file_push(chunk)?;
    }
    engine.file_end()
}

fn open(engine: &mut Engine, files: &[(&str, &str)]) -> Result<String, JsValue> {
    engine.open_start();
    for (name, content) in files {
        push(engine, name, content)?;
    }
    engine.open_end()
}

fn run(engine: &mut Engine, recipe: JsValue) -> Result<(), JsValue> {
    engine.run_start(recipe, &[])?;
    while text(&engine.run_step(20.0)?, "stage") != "done" {}
    Ok(())
}

fn map(engine: &mut Engine, rows: &str, preset: &str) -> String {
    assert_eq!(open(engine, &[("rows.csv", rows)]).unwrap(), "records");
    run(engine, default_recipe(preset).unwrap()).unwrap();
    text(&engine.report().unwrap(), "mapHash")
}

#[wasm_bindgen_test]
async fn golden_maps() {
    start_threads().await;
    let mut engine = Engine::new();
    for (name, preset, hash) in golden::GOLDEN {
        assert_eq!(map(&mut engine, &golden::rows(name), preset), hash, "{name}, {preset}");
    }
}

#[wasm_bindgen_test]
async fn golden_methods() {
    use archipelago::recipe::Recipe;
    start_threads().await;
    let mut engine = Engine::new();
    for (name, changes, hash) in golden::METHODS {
        let all = golden::SHORT.iter().chain(changes);
        let recipe = all.fold(Recipe::default(), |recipe, change| recipe.with(change).unwrap());
        open(&mut engine, &[("rows.csv", &golden::rows(name))]).unwrap();
        let recipe = js_sys::JSON::parse(&recipe.to_value().to_string()).unwrap();
        run(&mut engine, recipe).unwrap();
        assert_eq!(text(&engine.report().unwrap(), "mapHash"), hash, "{name}, {changes:?}");
        let dim = number(&engine.report().unwrap(), "recipe.project.dim") as u32;
        assert_eq!((engine.layout_dim(), engine.layout().length() % dim), (dim, 0));
    }
    assert_eq!(golden::grid(), golden::GRID);
}

#[wasm_bindgen_test]
async fn golden_places() {
    start_threads().await;
    let mut engine = Engine::new();
    assert!(engine.place_start(&[0], &[1.0]).is_err() && engine.place_step(1.0).is_err(), "no map");
    for (preset, bits) in golden::PLACED {
        // Another session's map would be turned to lie as the one before it.
        engine = Engine::new();
        map(&mut engine, &golden::fixture(), preset);
        engine.place_start(&golden::LIST, &[1.0; 5]).unwrap();
        let landing = loop {
            let landing = engine.place_step(1.0).unwrap();
            if !landing.is_null() {
                break landing;
            }
        };
        let at = js_sys::Float32Array::from(get(&landing, "at"));
        assert_eq!([0, 1].map(|c| at.get_index(c).to_bits()), bits, "{preset}");
        assert_eq!(Uint32Array::from(get(&landing, "suggestions")).length(), 10);
    }
}

#[wasm_bindgen_test]
async fn items_neighbors_and_report_are_plain_objects() {
    start_threads().await;
    let mut engine = Engine::new();
    let rows = golden::fixture();
    let table = "item,label,kind,size\ng0-1,First,a,1.5\ng1-2,Second,b,\n";
    assert_eq!(open(&mut engine, &[("rows.csv", &rows), ("items.csv", table)]).unwrap(), "records");
    run(&mut engine, default_recipe("default").unwrap()).unwrap();
    let items = engine.items().unwrap();
    let n = number(&items, "n") as u32;
    assert_eq!(engine.layout().length(), 2 * n);
    assert_eq!(Uint32Array::from(get(&items, "names.ends")).length(), n);
    assert_eq!(Uint32Array::from(get(&items, "popularity")).length(), n);
    assert_eq!(text(&items, "columns.0.name"), "kind");
    assert_eq!(text(&items, "columns.0.kind"), "category");
    assert_eq!(text(&items, "columns.1.kind"), "number");
    let near = engine.neighbors(0, 5).unwrap();
    assert_eq!(Uint32Array::from(get(&near, "ids")).length(), 5);
    assert_eq!(Uint32Array::from(get(&engine.neighbors(u32::MAX, 5).unwrap(), "ids")).length(), 0);
    let report = engine.report().unwrap();
    assert_eq!(number(&report, "sizes.items") as u32, n);
    assert_eq!(number(&report, "recipe.seed"), 1.0);
    assert!(number(&report, "divergence") > 0.0);

    assert!(get(&report, "quality").is_null() && engine.quality().unwrap().is_null(), "not measured yet");
    engine.measure_start().unwrap();
    while !engine.measure_step(20.0).unwrap() {}
    let quality = get(&engine.report().unwrap(), "quality");
    assert_eq!(number(&quality, "dataItems") as u32, n);
    assert_eq!(number(&quality, "data.1.k"), 15.0);
    assert!((0.0..=1.0).contains(&number(&quality, "data.1.share")));
    assert!((0.5..=1.0).contains(&number(&quality, "ordering.trustworthiness")));
    assert_eq!(text(&quality, "labels.0.column"), "kind");
    assert_eq!(engine.trust().length(), n);
}

#[wasm_bindgen_test]
async fn errors_say_what_where_and_how() {
    start_threads().await;
    let mut engine = Engine::new();
    let before = map(&mut engine, &golden::fixture(), "default");
    let error = open(&mut engine, &[("bad.csv", "user,song,weight\nann,a,1\nben,b,-2\n")]).unwrap_err();
    assert_eq!(text(&error, "code"), "bad-weight");
    assert_eq!(text(&error, "file"), "bad.csv");
    assert_eq!([number(&error, "line"), number(&error, "column")], [3.0, 3.0]);
    assert!(!text(&error, "message").is_empty() && !text(&error, "hint").is_empty());
    let recipe = js_sys::Object::new();
    Reflect::set(&recipe, &"sed".into(), &1.into()).unwrap();
    assert_eq!(text(&engine.run_start(recipe.into(), &[]).unwrap_err(), "code"), "bad-recipe");
    assert_eq!(text(&default_recipe("nothing").unwrap_err(), "code"), "bad-recipe");
    assert_eq!(text(&engine.report().unwrap(), "mapHash"), before, "the map before stays");
}

#[wasm_bindgen_test]
async fn a_canceled_run_leaves_the_map() {
    start_threads().await;
    let mut engine = Engine::new();
    let before = map(&mut engine, &golden::fixture(), "default");
    open(&mut engine, &[("emoji.csv", golden::EMOJI)]).unwrap();
    engine.run_start(default_recipe("default").unwrap(), &[]).unwrap();
    for _ in 0..8 {
        engine.run_step(1.0).unwrap();
    }
    engine.run_cancel();
    assert_eq!(text(&engine.report().unwrap(), "mapHash"), before);
    assert_eq!(engine.layout().length(), 2 * number(&engine.items().unwrap(), "n") as u32);
    run(&mut engine, default_recipe("default").unwrap()).unwrap();
    assert_eq!(text(&engine.report().unwrap(), "mapHash"), before, "a run on the same data again");
}

#[wasm_bindgen_test]
fn recipes_and_seeds() {
    let recipe = check_recipe(js_sys::Object::new().into()).unwrap();
    assert_eq!(number(&recipe, "seed"), 1.0);
    assert_eq!(text(&recipe, "count.similarity"), "latent");
    assert_eq!(number(&recipe, "graph.nNeighbors"), 10.0);
    assert!(get(&recipe, "embed.repulsiveFraction").is_null());
    let seeds = [fresh_seed().unwrap(), fresh_seed().unwrap()];
    assert!(seeds.iter().all(|s| s.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(s)));
    assert_ne!(seeds[0], seeds[1]);
    assert!(map_version() >= 1);
}

/// Two million edges, all of one length: selection in a standard library compiled for size took minutes for them, and the
/// author's recipe on counts that are mostly 1 never came to an end.
#[wasm_bindgen_test]
fn lengths_all_alike_do_not_hang() {
    let n = 2000;
    let mut graph = archipelago::graph::Graph::default();
    for i in 0..n {
        graph.push_row((0..n).filter(|&j| j != i).map(|j| (j, 1.5)));
    }
    assert_eq!(archipelago::graph::default_max_distance(&graph), 4.5);
}
