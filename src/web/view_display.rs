//! The view's choices of how points look, and their moves from one layout to another.

use wasm_bindgen::prelude::*;

use super::to_js;
use super::view::View;
use crate::draw::{Display, sizes};

#[wasm_bindgen]
impl View {
    /// Chooses how points look: `size` times the diameters of the rule (0.25..=8), with a rim or not, of this `opacity`
    /// (0.02..=1; NaN = as the view is crowded), and in motion with all points or with those the device keeps up with.
    #[wasm_bindgen(js_name = setDisplay)]
    pub fn set_display(&mut self, size: f64, rim: bool, opacity: f64, full: bool) {
        let display = Display { size, rim, opacity: Some(opacity), full, ..self.scene.display() };
        self.scene.set_display(display);
    }

    /// Sizes by one number per item (NaN = missing): areas grow with it; where all are equal, so are the sizes. An array
    /// of another length: by popularity, as at first. `setItems` goes back to that.
    #[wasm_bindgen(js_name = sizeBy)]
    pub fn size_by(&mut self, values: &[f32]) {
        self.grid = None; // it knows sizes
        let by_number = values.len() == self.popularity.len();
        self.scene.set_sizes(if by_number {
            sizes::by_number(values)
        } else {
            sizes::by_popularity(&self.popularity)
        });
    }

    /// The highlighted items and the selected one twinkle: `phase` is where in their turn, 0..1, and `strength` how much, 0
    /// (not at all) ..=1.
    #[wasm_bindgen(js_name = setTwinkle)]
    pub fn set_twinkle(&mut self, phase: f64, strength: f64) {
        let display = Display { phase, twinkle: strength, ..self.scene.display() };
        self.scene.set_display(display);
    }

    /// Moving items go to these places instead, and go on from where they come from. Throws as `setPositions` does.
    #[wasm_bindgen(js_name = turnTo)]
    pub fn turn_to(&mut self, xy: &[f32]) -> Result<(), JsValue> {
        self.grid = None;
        self.scene.turn_to(xy).map_err(to_js)
    }

    /// Moving items come from where a camera at (x, y) with this zoom showed them: so the camera may leap to where the new
    /// layout is seen, and what is on screen does not.
    #[wasm_bindgen(js_name = comeFrom)]
    pub fn come_from(&mut self, x: f64, y: f64, zoom: f64) {
        self.scene.come_from([x, y], zoom);
    }
}
