//! Engine: the session as the page's worker sees it. Converts and nothing else.

use super::convert::{Result, items_object, kind, object, recipe_of, row_columns, set};
use super::{report, to_js};
use crate::explore::edges;
use crate::progress::Stage;
use crate::read::RecordKind;
use crate::recipe::{MAP_VERSION, MAX_SEED, Recipe};
use crate::session::{Opened, Session};
use js_sys::{Float32Array, Object, Uint32Array};
use serde_json::json;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

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
    pub(super) session: Session,
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

    /// The end of the file: {kind, file, rows, skippedRows, bytes, hash, columns, rowColumns, edges, vectors, distances}. `rowColumns` are the
    /// further columns of numbers and times of a file of rows, [{name, kind: "number" | "time"}].
    #[wasm_bindgen(js_name = fileEnd)]
    pub fn file_end(&mut self) -> Result<JsValue> {
        let (opened, info) = self.session.file_end().map_err(to_js)?;
        let records = self.session.rows_read().filter(|_| opened == Opened::Records);
        object(&json!({
            "kind": kind(opened), "file": info.file, "rows": info.rows, "skippedRows": info.skipped_rows,
            "bytes": info.bytes, "hash": info.hash, "columns": info.columns,
            "rowColumns": records.map_or_else(Vec::new, |records| row_columns(&records.columns)),
            "edges": records.is_some_and(|records| records.kind == RecordKind::Edges),
            "vectors": records.is_some_and(|records| records.kind == RecordKind::Vectors),
            "distances": records.is_some_and(|records| records.are_distances),
        }))
    }

    /// The end of the set: "records" when a run is due, "items" when the current map has a new description.
    #[wasm_bindgen(js_name = openEnd)]
    pub fn open_end(&mut self) -> Result<String> {
        self.session.open_end().map(|opened| kind(opened).to_owned()).map_err(to_js)
    }

    /// Begins a run by `recipe`, a plain object with any of a recipe's keys. What an earlier run on the same data did by
    /// equal options is kept. When the run fails, its rows are kept too: the next `runStart` is of them.
    /// The map is turned by `turn`, as a report says; an empty one: to lie as the map before it did.
    #[wasm_bindgen(js_name = runStart)]
    pub fn run_start(&mut self, recipe: JsValue, turn: &[f64]) -> Result<()> {
        self.seconds.clear();
        self.session.run_start(recipe_of(recipe)?).map_err(to_js)?;
        self.session.turn_run(turn);
        Ok(())
    }

    /// Goes on by another recipe: finished stages with equal options are kept. Returns the stage that is next. Throws, and
    /// goes on by the old recipe, when the new one cannot be. To pause a run is not to call `runStep`.
    #[wasm_bindgen(js_name = runChange)]
    pub fn run_change(&mut self, recipe: JsValue) -> Result<JsValue> {
        object(&self.session.run_change(recipe_of(recipe)?).map_err(to_js)?)
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
        // A stage may come twice, when a change of the recipe goes back to it.
        match self.seconds.iter_mut().find(|(s, _)| *s == stage) {
            Some((_, sum)) => *sum += seconds,
            None => self.seconds.push((stage, seconds)),
        }
    }

    /// The positions now: x0, y0, x1, y1, ..., or x0, y0, z0, x1, ... where `layoutDim` is 3.
    pub fn layout(&self) -> Float32Array {
        Float32Array::from(self.session.layout().as_slice())
    }

    /// Dimensions of the positions now: 2 or 3.
    #[wasm_bindgen(js_name = layoutDim)]
    pub fn layout_dim(&self) -> u32 {
        self.session.layout_dim() as u32
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

    /// Up to `limit` edges of the current map's graph of nearest neighbors, the shortest on the map first, as pairs of ids;
    /// none of a map in space.
    pub fn edges(&self, limit: u32) -> Vec<u32> {
        let (xy, map) = (self.session.flat_layout(), self.session.current().map(|(map, _)| map));
        map.map_or_else(Vec::new, |map| edges::shortest(&map.graph, &xy, limit as usize))
    }

    /// What the formula of `recipe` gives for `n` pairs of rows of the map on screen: {pairs: [{a, b, collection, values:
    /// [[name, value]], weight}], drawn, zero, unusable}; of `drawn` pairs in all, `zero` weigh nothing and `unusable` count
    /// as nothing. Null where there are no rows or no formula. Throws with the formula's column where it is wrong.
    #[wasm_bindgen(js_name = formulaPreview)]
    pub fn formula_preview(&self, recipe: JsValue, n: u32) -> Result<JsValue> {
        let recipe = recipe_of(recipe)?;
        let Some(formula) = &recipe.count.formula else { return Ok(JsValue::NULL) };
        object(&self.session.preview(formula, n as usize).map_err(to_js)?)
    }

    /// The current map's embedding as a file's bytes, "csv" or "npy". Throws when there is no map, or it has none.
    #[wasm_bindgen(js_name = exportEmbedding)]
    pub fn export_embedding(&self, kind: &str) -> Result<Vec<u8>> {
        let bytes = match kind {
            "npy" => self.session.embedding_npy(),
            _ => self.session.embedding_csv().map(String::into_bytes),
        };
        bytes.map_err(to_js)
    }

    /// How the map was made and how good it is: see `web/report.rs`. Null before the first map.
    pub fn report(&self) -> Result<JsValue> {
        let Some((map, info)) = self.session.current() else { return Ok(JsValue::NULL) };
        object(&report::report(map, info, self.session.turn(), self.session.quality(), &self.seconds))
    }

    /// Begins to measure the current map. Throws when there is none.
    #[wasm_bindgen(js_name = measureStart)]
    pub fn measure_start(&mut self) -> Result<()> {
        self.session.measure_start().map_err(to_js)
    }

    /// Measures for about `budget_ms` milliseconds, at least one step. Returns whether all is measured.
    #[wasm_bindgen(js_name = measureStep)]
    pub fn measure_step(&mut self, budget_ms: f64) -> Result<bool> {
        let begin = now();
        loop {
            let finished = self.session.measure_step().map_err(to_js)?;
            if finished || now() - begin >= budget_ms {
                return Ok(finished);
            }
        }
    }

    /// What the current map is worth, as a plain object (`measure::Quality`); null until it is measured.
    pub fn quality(&self) -> Result<JsValue> {
        self.session.quality().map_or(Ok(JsValue::NULL), object)
    }

    /// For each item, the share of its 15 nearest in the data that is among its 15 nearest on the map; NaN where it has no
    /// neighbor in the data. Empty until the map is measured.
    pub fn trust(&self) -> Float32Array {
        Float32Array::from(self.session.quality().map_or(&[][..], |quality| &quality.of_item))
    }

    /// Begins to place a list of items, with a weight above 0 each, in the current map. Throws when there is none.
    #[wasm_bindgen(js_name = placeStart)]
    pub fn place_start(&mut self, items: &[u32], weights: &[f32]) -> Result<()> {
        self.session.place_start(items, weights).map_err(to_js)
    }

    /// Places for about `budget_ms` milliseconds, at least one step. Returns {at: [x, y], suggestions}, the latter the ids of
    /// the nearest items that are not on the list; null when it is to be called again. An empty list is at NaN.
    #[wasm_bindgen(js_name = placeStep)]
    pub fn place_step(&mut self, budget_ms: f64) -> Result<JsValue> {
        let begin = now();
        loop {
            if let Some(landing) = self.session.place_step().map_err(to_js)? {
                let out = Object::new();
                set(&out, "at", &Float32Array::from(&landing.at[..]))?;
                set(&out, "suggestions", &Uint32Array::from(&landing.suggestions[..]))?;
                return Ok(out.into());
            }
            if now() - begin >= budget_ms {
                return Ok(JsValue::NULL);
            }
        }
    }

    /// Drops the run and the data that has no map; the current map stays.
    #[wasm_bindgen(js_name = runCancel)]
    pub fn run_cancel(&mut self) {
        self.session.cancel();
    }
}
