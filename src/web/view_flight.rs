//! Flights of the view's camera, for JavaScript.

use wasm_bindgen::prelude::*;

use super::view::View;
use crate::camera::Camera;
use crate::flight::{Flight, Sight};

/// CSS px that a flight takes for the width of the screen: its longer side, so that all of it is seen.
fn side(camera: &Camera) -> f64 {
    camera.screen()[0].max(camera.screen()[1])
}

fn sight(camera: &Camera) -> Sight {
    Sight { center: camera.center(), width: side(camera) / camera.zoom() }
}

#[wasm_bindgen]
impl View {
    /// Prepares a flight from where the camera is to another place, clamped as by `setCamera`. Returns how long it is to
    /// the eye: 1 is about half a screen of panning, 0 = it is there.
    #[wasm_bindgen(js_name = startFlight)]
    pub fn start_flight(&mut self, x: f64, y: f64, zoom: f64) -> f64 {
        let from = *self.scene().camera();
        let mut to = from;
        to.set([x, y], zoom);
        let flight = Flight::new(sight(&from), sight(&to));
        self.flight = Some(flight);
        flight.length()
    }

    /// Moves the camera to a part of the way, 0..=1.
    #[wasm_bindgen(js_name = flyTo)]
    pub fn fly_to(&mut self, part: f64) {
        if let Some(flight) = self.flight {
            let sight = flight.at(part);
            self.scene.with_camera(|camera| camera.set(sight.center, side(camera) / sight.width));
        }
    }

    /// The box around some items, in CSS px: left, top, right, bottom; of items without a place, left > right.
    #[wasm_bindgen(js_name = boxOf)]
    pub fn box_of(&self, ids: &[u32]) -> Vec<f64> {
        let (camera, cloud) = (self.scene().camera(), self.scene().cloud());
        let known = ids.iter().filter(|&&id| (id as usize) < cloud.len());
        let (mut min, mut max) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for at in known.filter_map(|&id| cloud.place(id)).map(|place| camera.to_screen(place)) {
            min = [min[0].min(at[0]), min[1].min(at[1])];
            max = [max[0].max(at[0]), max[1].max(at[1])];
        }
        vec![min[0], min[1], max[0], max[1]]
    }
}
