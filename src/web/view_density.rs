//! The view's density mode, for JavaScript.

use wasm_bindgen::prelude::*;

use super::to_js;
use super::view::View;
use crate::draw::{Counter, How, Scene, Shading};

impl View {
    /// What is on screen, for Rust, to be changed: for tests.
    pub fn scene_mut(&mut self) -> &mut Scene {
        &mut self.scene
    }
}

#[wasm_bindgen]
impl View {
    /// Shows the map as the density of its points: `how` = 1 equalized, 2 log, 3 linear; any other: as points again.
    /// With `spread`, sparse points are smoothed; with `contours`, lines of equal density are drawn; with `fade`,
    /// points take over where the camera is so near that they are sparse.
    #[wasm_bindgen(js_name = setDensity)]
    pub fn set_density(&mut self, how: u8, spread: bool, contours: bool, fade: bool) -> Result<(), JsValue> {
        let how = match how {
            1 => Some(How::Equalized),
            2 => Some(How::Log),
            3 => Some(How::Linear),
            _ => None,
        };
        let shading = how.map(|how| Shading { how, spread, contours, fade });
        self.scene.set_shading(shading).map_err(to_js)
    }

    /// The part of the picture that is density, 0..=1; the rest are points.
    #[wasm_bindgen(js_name = densityShare)]
    pub fn density_share(&self) -> f64 {
        self.scene.density_share()
    }

    /// The best counter that may be used: 0 the CPU, 1 the device in half floats, 2 (the default) in floats.
    #[wasm_bindgen(js_name = setCounter)]
    pub fn set_counter(&mut self, best: u8) -> Result<(), JsValue> {
        self.scene
            .set_counter([Counter::Cpu, Counter::Half, Counter::Float][best.min(2) as usize])
            .map_err(to_js)
    }
}
