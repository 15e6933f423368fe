//! The edge to JavaScript: start-up, errors as plain objects, and the two classes the page uses.
//!
//! wasm-bindgen, web-sys and js-sys are named in this folder only, and it only converts: typed arrays, numbers and
//! small plain objects in and out. A build has one of the two: `Engine` for the compute worker (builds single and
//! threads), or `View` for the page's main thread, so that nobody loads the engine twice. Of the view there is a small
//! build (view) with all that a first map needs, and one with everything (modes) that takes its place then.

#[cfg(not(feature = "view"))]
mod convert;
#[cfg(not(feature = "view"))]
pub mod engine;
#[cfg(feature = "view")]
mod index;
#[cfg(feature = "modes")]
mod names;
#[cfg(not(feature = "view"))]
mod report;
#[cfg(feature = "view")]
pub mod view;
#[cfg(feature = "modes")]
mod view_area;
#[cfg(feature = "modes")]
mod view_density;
#[cfg(feature = "view")]
mod view_display;
#[cfg(feature = "view")]
mod view_flight;
#[cfg(feature = "modes")]
mod view_lines;
#[cfg(feature = "modes")]
mod view_names;
#[cfg(feature = "modes")]
mod view_picture;
#[cfg(feature = "modes")]
mod view_space;

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// An [`Error`] as JavaScript sees it. "" and 0 where something does not apply.
#[derive(Serialize)]
struct ErrorObject<'a> {
    code: &'a str,
    message: String,
    hint: &'a str,
    file: &'a str,
    line: u64,
    column: u64,
}

/// The plain object {code, message, hint, file, line, column} that every function of this folder throws.
pub fn to_js(error: Error) -> JsValue {
    let place = error.place.as_deref();
    let object = ErrorObject {
        code: error.code(),
        message: error.message(),
        hint: error.hint(),
        file: place.map_or("", |place| &place.file),
        line: place.map_or(0, |place| place.line),
        column: place.map_or(0, |place| place.column),
    };
    // Only strings and numbers: this can not fail; if it did, the message alone still tells.
    serde_wasm_bindgen::to_value(&object).unwrap_or_else(|_| JsValue::from_str(&error.message()))
}
