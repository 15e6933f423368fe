//! What lies in an area of the view, for JavaScript.

use wasm_bindgen::prelude::*;

use super::index::{Screen, whole};
use super::view::View;
use crate::draw::State;
use crate::explore::Grid;

impl View {
    /// The items whose centers `find` says are in an area of a galaxy's CSS px. None without a galaxy.
    fn area_space(&mut self, find: impl Fn(&Grid, &[f32]) -> Vec<u32>) -> Option<Vec<u32>> {
        let space = self.scene.space()?;
        if space.is_moving() {
            return Some(Vec::new());
        }
        let screen = Screen::whole(self.screen.take(), &self.scene, space);
        let mut found = find(&screen.grid, &screen.px);
        found.retain(|&id| self.scene.cloud().state(id) != State::Hidden);
        self.screen = Some(screen);
        Some(found)
    }
}

#[wasm_bindgen]
impl View {
    /// The items whose centers lie inside a closed line of CSS px x0, y0, x1, y1, ...; not the hidden ones. In no
    /// particular order.
    #[wasm_bindgen(js_name = inPolygon)]
    pub fn in_polygon(&mut self, px: &[f64]) -> Vec<u32> {
        let corners = px.chunks_exact(2).map(|p| [p[0], p[1]]);
        let plain: Vec<[f64; 2]> = corners.clone().collect();
        if let Some(found) = self.area_space(|grid, xy| grid.in_polygon(xy, &plain)) {
            return found;
        }
        let (camera, cloud) = (self.scene.camera(), self.scene.cloud());
        if cloud.is_moving() {
            return Vec::new();
        }
        let corners: Vec<[f64; 2]> = corners.map(|px| camera.to_map(px)).collect();
        let grid = whole(&mut self.grid, cloud);
        let mut found = grid.in_polygon(cloud.xy(), &corners);
        found.retain(|&id| cloud.state(id) != State::Hidden);
        found
    }

    /// The items whose centers lie in the box between two CSS px; not the hidden ones. In no particular order.
    #[wasm_bindgen(js_name = inBox)]
    pub fn in_box(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) -> Vec<u32> {
        let (low, high) = ([x0.min(x1), y0.min(y1)], [x0.max(x1), y0.max(y1)]);
        if let Some(found) = self.area_space(|grid, xy| grid.in_box(xy, low, high)) {
            return found;
        }
        let (camera, cloud) = (self.scene.camera(), self.scene.cloud());
        if cloud.is_moving() {
            return Vec::new();
        }
        let (a, b) = (camera.to_map([x0, y0]), camera.to_map([x1, y1]));
        let grid = whole(&mut self.grid, cloud);
        let mut found =
            grid.in_box(cloud.xy(), [0, 1].map(|i| a[i].min(b[i])), [0, 1].map(|i| a[i].max(b[i])));
        found.retain(|&id| cloud.state(id) != State::Hidden);
        found
    }
}
