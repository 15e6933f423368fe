//! The view's lines: an item's neighbors, a person's own items, the whole graph.

use wasm_bindgen::prelude::*;

use super::view::View;
use crate::draw::LineStyle;

/// A style of [red, green, blue, opacity, width, fading]: colors and opacity from 0 to 1, width in CSS px.
fn style_of(style: &[f32]) -> LineStyle {
    let at = |i: usize| style.get(i).copied().unwrap_or(0.0);
    let color = [0, 1, 2].map(|i| (255.0 * at(i)).round() as u8);
    LineStyle {
        color,
        opacity: at(3).clamp(0.0, 1.0),
        width: at(4).clamp(0.0, 64.0).into(),
        fading: at(5) > 0.0,
    }
}

#[wasm_bindgen]
impl View {
    /// Replaces the lines of a layer (0 the graph, 1 rays, 2 of the selected item, 3 of the hovered one; drawn in this order,
    /// below the points) by lines between items, given as pairs of ids. Of many, the first count most. `style` is
    /// [red, green, blue, opacity, width, fading]: colors and opacity 0..=1, width in CSS px, fading 1 = long ones fade.
    #[wasm_bindgen(js_name = setLines)]
    pub fn set_lines(&mut self, layer: u32, pairs: &[u32], style: &[f32]) {
        self.scene.set_lines(layer as usize, None, pairs, style_of(style));
    }

    /// The same with lines from one place of the map to items.
    #[wasm_bindgen(js_name = setRays)]
    pub fn set_rays(&mut self, layer: u32, x: f64, y: f64, ids: &[u32], style: &[f32]) {
        self.scene.set_lines(layer as usize, Some([x, y]), ids, style_of(style));
    }
}
