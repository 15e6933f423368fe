//! Engine: the session as the page's worker sees it. Converts and nothing else.

use super::to_js;
use crate::items::Items;
use crate::parallel;
use crate::progress::Stage;
use crate::read::{ColumnValues, MISSING, Texts};
use crate::recipe::{MAP_VERSION, MAX_SEED, Recipe};
use crate::session::{Opened, Session};
use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use serde_json::json;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

type Result<T, E = JsValue> = std::result::Result<T, E>;

/// A preset's recipe, as a plain object.
#[wasm_bindgen(js_name = defaultRecipe)]
pub fn default_recipe(preset: &str) -> Result<JsValue> {
    object(&Recipe::preset(preset).map_err(to_js)?)
}

/// The whole recipe of the keys given: the default preset's values for the rest.
#[wasm_bindgen(js_name = checkRecipe)]
pub fn check_recipe(recipe: JsValue) -> Result<JsValue> {
    object(&recipe_of(recipe)?)
}

/// A seed nobody chose, from the browser's source of randomness.
#[wasm_bindgen(js_name = freshSeed)]
pub fn fresh_seed() -> Result<f64> {
    let bits = getrandom::u64().map_err(|e| JsValue::from_str(&e.to_string()))?;
    Ok((bits & MAX_SEED) as f64)
}

/// See [`MAP_VERSION`].
#[wasm_bindgen(js_name = mapVersion)]
pub fn map_version() -> u32 {
    MAP_VERSION
}

/// Reads files, makes maps; lives in a worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    session: Session,
    /// Seconds of work in each stage of the last run.
    seconds: Vec<(Stage, f64)>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine with no map.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Begins to read a set of files that belong together.
    #[wasm_bindgen(js_name = openStart)]
    pub fn open_start(&mut self) {
        self.session.open_start();
    }

    /// Begins to read the file called `name`.
    #[wasm_bindgen(js_name = fileStart)]
    pub fn file_start(&mut self, name: &str) {
        self.session.file_start(name);
    }

    /// The file's next bytes. Returns the rows so far.
    #[wasm_bindgen(js_name = filePush)]
    pub fn file_push(&mut self, bytes: &[u8]) -> Result<f64> {
        self.session.file_push(bytes).map(|rows| rows as f64).map_err(to_js)
    }

    /// The end of the file: {kind, file, rows, skippedRows, bytes, hash, columns}.
    #[wasm_bindgen(js_name = fileEnd)]
    pub fn file_end(&mut self) -> Result<JsValue> {
        let (opened, info) = self.session.file_end().map_err(to_js)?;
        object(&json!({
            "kind": kind(opened), "file": info.file, "rows": info.rows, "skippedRows": info.skipped_rows,
            "bytes": info.bytes, "hash": info.hash, "columns": info.columns,
        }))
    }

    /// The end of the set: "records" when a run is due, "items" when the current map has a new description.
    #[wasm_bindgen(js_name = openEnd)]
    pub fn open_end(&mut self) -> Result<String> {
        self.session.open_end().map(|opened| kind(opened).to_owned()).map_err(to_js)
    }

    /// Begins a run by `recipe`, a plain object with any of a recipe's keys.
    #[wasm_bindgen(js_name = runStart)]
    pub fn run_start(&mut self, recipe: JsValue) -> Result<()> {
        self.seconds.clear();
        self.session.run_start(recipe_of(recipe)?).map_err(to_js)
    }

    /// Works for about `budget_ms` milliseconds, at least one step. Returns the progress.
    #[wasm_bindgen(js_name = runStep)]
    pub fn run_step(&mut self, budget_ms: f64) -> Result<JsValue> {
        let begin = now();
        let mut last = begin;
        loop {
            let progress = self.session.progress();
            let stage = self.session.run_step().map_err(to_js)?;
            let here = now();
            if let Some(progress) = progress {
                self.add_seconds(progress.stage, (here - last) / 1000.0);
            }
            last = here;
            if stage == Stage::Done || here - begin >= budget_ms {
                break;
            }
        }
        match self.session.progress() {
            Some(progress) => object(&progress),
            None => object(&json!({
                "stage": Stage::Done, "done": 1, "total": 1, "text": "", "overall": 1.0, "hasLayout": true,
            })),
        }
    }

    fn add_seconds(&mut self, stage: Stage, seconds: f64) {
        match self.seconds.last_mut() {
            Some((s, sum)) if *s == stage => *sum += seconds,
            _ => self.seconds.push((stage, seconds)),
        }
    }

    /// The positions now: x0, y0, x1, y1, ...
    pub fn layout(&self) -> Float32Array {
        Float32Array::from(self.session.layout().as_slice())
    }

    /// Names, labels, popularity and columns, one each per point.
    pub fn items(&self) -> Result<JsValue> {
        let Some(items) = self.session.items() else { return Ok(JsValue::NULL) };
        items_object(&items)
    }

    /// Up to `k` of the items most similar to `item` in the data: {ids, dissimilarities}, nearest first.
    pub fn neighbors(&self, item: u32, k: u32) -> Result<JsValue> {
        let (ids, lengths) = self.session.neighbors(item, k as usize);
        let out = Object::new();
        set(&out, "ids", &Uint32Array::from(ids))?;
        set(&out, "dissimilarities", &Float32Array::from(lengths))?;
        Ok(out.into())
    }

    /// Sizes, seconds, average distortion, the map's hash and how it was made. Null before the first map.
    pub fn report(&self) -> Result<JsValue> {
        let Some((map, info)) = self.session.current() else { return Ok(JsValue::NULL) };
        let seconds: serde_json::Map<_, _> = self
            .seconds
            .iter()
            .filter_map(|(stage, s)| Some((json!(stage).as_str()?.to_owned(), json!(s))))
            .collect();
        object(&json!({
            "mapVersion": MAP_VERSION, "mapHash": map.hash(),
            "file": { "name": info.file, "bytes": info.bytes, "hash": info.hash },
            "sizes": map.sizes, "seconds": seconds, "averageDistortion": map.average_distortion,
            "iterations": map.iterations, "seed": map.recipe.seed, "threads": parallel::threads(),
            "recipe": map.recipe,
            // WebAssembly's memory never shrinks, so this is the most that was in use since the page started.
            "memoryBytes": core::arch::wasm32::memory_size::<0>() as f64 * 65536.0,
        }))
    }

    /// Drops the run and the data that has no map; the current map stays.
    #[wasm_bindgen(js_name = runCancel)]
    pub fn run_cancel(&mut self) {
        self.session.cancel();
    }
}

fn kind(opened: Opened) -> &'static str {
    match opened {
        Opened::Records => "records",
        Opened::Items => "items",
    }
}

fn recipe_of(recipe: JsValue) -> Result<Recipe> {
    let value = serde_wasm_bindgen::from_value(recipe).map_err(JsValue::from)?;
    Recipe::from_value(value).map_err(to_js)
}

/// Plain objects, not Maps; null, not undefined.
fn object(value: &impl Serialize) -> Result<JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

fn set(object: &Object, key: &str, value: &JsValue) -> Result<()> {
    Reflect::set(object, &JsValue::from_str(key), value).map(|_| ())
}

/// All strings in one buffer: a page with 100,000 labels decodes the few that it shows.
fn texts((bytes, ends): (&[u8], &[u32])) -> Result<JsValue> {
    let out = Object::new();
    set(&out, "bytes", &Uint8Array::from(bytes))?;
    set(&out, "ends", &Uint32Array::from(ends))?;
    Ok(out.into())
}

fn items_object(items: &Items) -> Result<JsValue> {
    let parts = |t: &Texts| {
        let (bytes, ends) = t.parts();
        texts((bytes, ends))
    };
    let columns = Array::new();
    for column in &items.columns {
        let out = Object::new();
        set(&out, "name", &JsValue::from_str(&column.name))?;
        match &column.values {
            ColumnValues::Number(values) => {
                set(&out, "kind", &JsValue::from_str("number"))?;
                set(&out, "values", &Float32Array::from(values.as_slice()))?;
            }
            ColumnValues::Category { codes, categories } => {
                let mut counts = vec![0u32; categories.len()];
                codes.iter().filter(|&&c| c != MISSING).for_each(|&c| counts[c as usize] += 1);
                set(&out, "kind", &JsValue::from_str("category"))?;
                set(&out, "codes", &Uint32Array::from(codes.as_slice()))?;
                set(&out, "categories", &texts(categories.parts())?)?;
                set(&out, "counts", &Uint32Array::from(counts.as_slice()))?;
            }
        }
        columns.push(&out);
    }
    let out = Object::new();
    set(&out, "n", &JsValue::from_f64(items.popularity.len() as f64))?;
    set(&out, "names", &parts(&items.names)?)?;
    set(&out, "labels", &parts(&items.labels)?)?;
    set(&out, "popularity", &Uint32Array::from(items.popularity.as_slice()))?;
    set(&out, "columns", &columns)?;
    Ok(out.into())
}
