//! Engine: names on the map, and the lines of its graph. Converts and nothing else.

use super::convert::{Result, object, set, texts};
use super::engine::Engine;
use crate::explore::captions::{self, Island};
use crate::explore::edges;
use crate::explore::labels::{self, Label};
use crate::read::ColumnValues;
use js_sys::{Float32Array, Float64Array, Object, Uint32Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// At most `limit` items of the current map whose names may be shown, the most important first: {ids, labels, discs, at};
    /// `discs` are their sizes from 0 to 1, `at` their places, x0, y0, .... None of a map in space.
    #[wasm_bindgen(js_name = nameCandidates)]
    pub fn name_candidates(&self, limit: u32) -> Result<JsValue> {
        let (xy, popularity) = (self.session.flat_layout(), self.session.described().0);
        let ids = labels::candidates(&xy, &popularity, limit as usize);
        let at: Vec<f32> =
            ids.iter().flat_map(|&id| [xy[2 * id as usize], xy[2 * id as usize + 1]]).collect();
        let discs: Vec<f32> = labels::discs(&popularity, &ids).into_iter().map(|disc| disc as f32).collect();
        let out = Object::new();
        set(&out, "labels", &texts(self.session.labels_of(&ids).parts())?)?;
        set(&out, "discs", &Float32Array::from(&discs[..]))?;
        set(&out, "at", &Float32Array::from(&at[..]))?;
        set(&out, "ids", &Uint32Array::from(&ids[..]))?;
        Ok(out.into())
    }

    /// The islands of the current map, coarse ones first, of each scale the largest first: [{scale, at: [x, y], spread: [x, y],
    /// size, parent, column, value, popular}]; `parent` is a place in this list or null. Most of an island's items have
    /// `value` in `column`, where this is not ""; `popular` are the labels of its most popular items.
    #[wasm_bindgen(js_name = nameIslands)]
    pub fn name_islands(&self) -> Result<JsValue> {
        let xy = self.session.flat_layout();
        let (popularity, columns) = self.session.described();
        let categories: Vec<_> = columns
            .iter()
            .filter_map(|column| match &column.values {
                ColumnValues::Category { codes, categories } => Some((&*column.name, codes, categories)),
                ColumnValues::Number(_) => None,
            })
            .collect();
        let codes: Vec<(&[u32], usize)> =
            categories.iter().map(|(_, codes, names)| (codes.as_slice(), names.len())).collect();
        let all = if xy.is_empty() { Vec::new() } else { captions::named(&xy, &popularity, &codes) };
        let island = |Island { scale, at, spread, size, title, parent }: &Island| {
            let shared = title.shared.map(|(column, value)| {
                let (name, _, names) = categories[column as usize];
                (name, names.get(value))
            });
            let (column, value) = shared.unwrap_or_default();
            let labels = self.session.labels_of(&title.popular);
            let popular: Vec<&str> = (0..title.popular.len()).map(|i| labels.get(i)).collect();
            json!({
                "scale": scale, "at": at, "spread": spread, "size": size, "parent": parent,
                "column": column, "value": value, "popular": popular,
            })
        };
        object(&all.iter().map(island).collect::<Vec<Value>>())
    }

    /// From which zoom to which each caption is there, and from which on each name, in px per map unit: {captions: from0,
    /// to0, from1, ..., names}. Captions: x, y, spread x, spread y, width, height each, in the order in which they have their
    /// way; one never shown ends before it begins. Names: x, y, width, height, size of the disc each, the most important
    /// first; infinite for one never shown. All widths and heights in px, with the room that is to be left.
    #[wasm_bindgen(js_name = nameZooms)]
    pub fn name_zooms(&self, captions: &[f64], names: &[f64]) -> Result<JsValue> {
        let pairs =
            |from: usize| captions.chunks_exact(6).map(|c| [c[from], c[from + 1]]).collect::<Vec<_>>();
        let captions = captions::captions(&pairs(0), &pairs(2), &pairs(4));
        let label = |c: &[f64]| Label { at: [c[0], c[1]], width: c[2], height: c[3], disc: c[4] };
        let names: Vec<Label> = names.chunks_exact(5).map(label).collect();
        let zooms = labels::zooms(&names, &captions);
        let ranges: Vec<f64> = captions.iter().flat_map(|c| [c.from, c.to]).collect();
        let out = Object::new();
        set(&out, "captions", &Float64Array::from(&ranges[..]))?;
        set(&out, "names", &Float64Array::from(&zooms[..]))?;
        Ok(out.into())
    }

    /// Up to `limit` edges of the current map's graph of nearest neighbors, the shortest on the map first, as pairs of ids.
    pub fn edges(&self, limit: u32) -> Uint32Array {
        let xy = self.session.flat_layout();
        let map = self.session.current().map(|(map, _)| map);
        let pairs = map.map_or_else(Vec::new, |map| edges::shortest(&map.graph, &xy, limit as usize));
        Uint32Array::from(&pairs[..])
    }
}
