//! Names on a map, for JavaScript: which items and islands may have one, and from which zoom on it is there.
//!
//! In the build that a page loads after its first map; the worker takes it for these functions alone.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::explore::captions;
use crate::explore::labels::{self, Label};

/// An island as JavaScript sees it: see [`name_islands`].
#[derive(Serialize)]
struct Island {
    scale: usize,
    at: [f64; 2],
    spread: [f64; 2],
    size: u32,
    parent: Option<usize>,
    shared: Option<(u32, u32)>,
    popular: Vec<u32>,
}

/// At most `limit` items whose names may be shown, the most important first, at `dim` numbers each: x0, y0, x1, ..., or in
/// space x0, y0, z0, x1, ...
#[wasm_bindgen(js_name = nameCandidates)]
pub fn name_candidates(places: &[f32], dim: u8, popularity: &[u32], limit: u32) -> Vec<u32> {
    labels::candidates(places, if dim == 3 { 3 } else { 2 }, popularity, limit as usize)
}

/// The sizes of some items' discs, from 0 to 1.
#[wasm_bindgen(js_name = nameDiscs)]
pub fn name_discs(popularity: &[u32], ids: &[u32]) -> Vec<f32> {
    labels::discs(popularity, ids).into_iter().map(|disc| disc as f32).collect()
}

/// The islands of a map, coarse ones first, of each scale the largest first: [{scale, at: [x, y], spread: [x, y], size,
/// parent, shared, popular}]; `parent` is a place in this list or null. Most of an island's items have value `shared[1]`
/// in column `shared[0]`, where this is not null; `popular` are its most popular items. `codes` are the values of all
/// columns, one column after the other, below `counts` values each, or larger where there is none.
#[wasm_bindgen(js_name = nameIslands)]
pub fn name_islands(
    xy: &[f32],
    popularity: &[u32],
    codes: &[u32],
    counts: &[u32],
) -> Result<JsValue, JsValue> {
    let columns: Vec<(&[u32], usize)> =
        codes.chunks_exact(popularity.len().max(1)).zip(counts.iter().map(|&count| count as usize)).collect();
    let all = if xy.is_empty() { Vec::new() } else { captions::named(xy, popularity, &columns) };
    let island = |island: captions::Island| {
        let captions::Island { scale, at, spread, size, title, parent } = island;
        Island { scale, at, spread, size, parent, shared: title.shared, popular: title.popular }
    };
    Ok(serde_wasm_bindgen::to_value(&all.into_iter().map(island).collect::<Vec<_>>())?)
}

/// From which zoom to which each caption is there, and from which on each name, in px per map unit: from0, to0, from1, ...,
/// then one number for each name. Captions: x, y, spread x, spread y, width, height each, in the order in which they have
/// their way; one never shown ends before it begins. Names: x, y, width, height, size of the disc each, the most important
/// first; infinite for one never shown. All widths and heights in px, with the room that is to be left.
#[wasm_bindgen(js_name = nameZooms)]
pub fn name_zooms(captions: &[f64], names: &[f64]) -> Vec<f64> {
    let pairs = |from: usize| captions.chunks_exact(6).map(|c| [c[from], c[from + 1]]).collect::<Vec<_>>();
    let captions = captions::captions(&pairs(0), &pairs(2), &pairs(4));
    let label = |c: &[f64]| Label { at: [c[0], c[1]], width: c[2], height: c[3], disc: c[4] };
    let names: Vec<Label> = names.chunks_exact(5).map(label).collect();
    let zooms = labels::zooms(&names, &captions);
    captions.iter().flat_map(|c| [c.from, c.to]).chain(zooms).collect()
}
