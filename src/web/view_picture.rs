//! Pictures of what the view shows, for JavaScript.

use wasm_bindgen::prelude::*;

use super::to_js;
use super::view::View;
use crate::draw::Tile;

#[wasm_bindgen]
impl View {
    /// Pixels of a part of a picture that is `scale` times as fine as the drawing buffer: RGBA, not premultiplied, upper
    /// row first. `x`, `y` are its corner in the picture's px. `paper` is the color behind the points, three numbers;
    /// empty = transparent.
    #[wasm_bindgen(js_name = pictureTile)]
    pub fn picture_tile(
        &mut self,
        scale: f64,
        x: u32,
        y: u32,
        width: u32,
        height: u32,
        paper: &[u8],
    ) -> Result<Vec<u8>, JsValue> {
        let tile = Tile { at: [x, y], size: [width, height] };
        self.scene.tile(scale, tile, paper.try_into().ok()).map_err(to_js)
    }

    /// Whether discs have a darker rim.
    #[wasm_bindgen(js_name = hasRims)]
    pub fn has_rims(&self) -> bool {
        self.scene().display().rim
    }

    /// The discs in view on a `paper` as of `pictureTile`, the lowest first: x, y, radius in CSS px, opacity, red, green,
    /// blue 0..=1, and so on. When there are more than `most`, a single number: how many.
    pub fn discs(&mut self, most: u32, paper: &[u8]) -> Vec<f32> {
        match self.scene.on_paper(paper.try_into().ok(), |scene| scene.discs(most as usize)) {
            Err(n) => vec![n as f32],
            Ok(discs) => discs
                .iter()
                .flat_map(|disc| {
                    let [r, g, b] = disc.color;
                    let [x, y, radius, opacity] =
                        [disc.at[0], disc.at[1], disc.radius, disc.opacity].map(|v| v as f32);
                    [x, y, radius, opacity, r, g, b]
                })
                .collect(),
        }
    }

    /// The lines in view but those of the hovered item: first how many there are, then of at most `most`, the lowest first: the
    /// two ends, x and y in CSS px, width, opacity, red, green, blue 0..=1, and so on.
    pub fn strokes(&mut self, most: u32) -> Vec<f32> {
        let strokes = self.scene.on_paper(None, |scene| scene.strokes(most as usize));
        let told = strokes.told.iter().flat_map(|stroke| {
            let [[ax, ay], [bx, by]] = stroke.ends;
            let [r, g, b] = stroke.color;
            let [ax, ay, bx, by, width, opacity] =
                [ax, ay, bx, by, stroke.width, stroke.opacity].map(|v| v as f32);
            [ax, ay, bx, by, width, opacity, r, g, b]
        });
        std::iter::once(strokes.found as f32).chain(told).collect()
    }

    /// The mark of the selected item on a `paper`: x, y, the radii of its disc, of the gap and of the ring in CSS px, their
    /// colors 0..=1. Empty when there is none.
    pub fn ring(&mut self, paper: &[u8]) -> Vec<f32> {
        let ring = self.scene.on_paper(paper.try_into().ok(), |scene| scene.ring());
        ring.map_or_else(Vec::new, |ring| {
            let lengths = ring.at.iter().chain(&ring.radii).map(|&v| v as f32);
            lengths.chain(ring.colors.into_iter().flatten()).collect()
        })
    }
}
