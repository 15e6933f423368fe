//! Convert: between the crate's values and JavaScript's.

use super::to_js;
use crate::items::Items;
use crate::read::{ColumnValues, MISSING, RowColumn, RowColumnKind, Texts};
use crate::recipe::Recipe;
use crate::session::Opened;
use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

pub(super) type Result<T, E = JsValue> = std::result::Result<T, E>;

pub(super) fn kind(opened: Opened) -> &'static str {
    match opened {
        Opened::Records => "records",
        Opened::Items => "items",
    }
}

/// Name and kind of each column of the rows.
pub(super) fn row_columns(columns: &[RowColumn]) -> Vec<Value> {
    let kind = |column: &RowColumn| match column.kind {
        RowColumnKind::Number => "number",
        RowColumnKind::Time => "time",
    };
    columns.iter().map(|column| json!({ "name": column.name, "kind": kind(column) })).collect()
}

pub(super) fn recipe_of(recipe: JsValue) -> Result<Recipe> {
    let value = serde_wasm_bindgen::from_value(recipe).map_err(JsValue::from)?;
    Recipe::from_value(value).map_err(to_js)
}

/// Plain objects, not Maps; null, not undefined.
pub(super) fn object(value: &impl Serialize) -> Result<JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

pub(super) fn set(object: &Object, key: &str, value: &JsValue) -> Result<()> {
    Reflect::set(object, &JsValue::from_str(key), value).map(|_| ())
}

/// All strings in one buffer: a page with 100,000 labels decodes the few that it shows.
pub(super) fn texts((bytes, ends): (&[u8], &[u32])) -> Result<JsValue> {
    let out = Object::new();
    set(&out, "bytes", &Uint8Array::from(bytes))?;
    set(&out, "ends", &Uint32Array::from(ends))?;
    Ok(out.into())
}

pub(super) fn items_object(items: &Items) -> Result<JsValue> {
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
