//! The view in space, for JavaScript: into a galaxy and out of it, and its camera.
//!
//! Only converts, as view.rs. Lengths are CSS px; numbers that are not finite are ignored.

use wasm_bindgen::prelude::*;

use super::to_js;
use super::view::View;
use crate::draw::Pose;

#[wasm_bindgen]
impl View {
    /// Shows the items in space: x0, y0, z0, x1, ... From the flat map points and camera go there by `stepSpace`; in a
    /// galaxy they are there at once. Throws, and changes nothing, when the length is not three times the number of items.
    #[wasm_bindgen(js_name = setSpace)]
    pub fn set_space(&mut self, xyz: &[f32]) -> Result<(), JsValue> {
        self.screen = None;
        self.scene.set_space(xyz).map_err(to_js)
    }

    /// Puts points and camera on the way back to the flat map: they are there after `stepSpace(1)`.
    #[wasm_bindgen(js_name = leaveSpace)]
    pub fn leave_space(&mut self) {
        self.screen = None;
        self.scene.leave_space();
    }

    /// The flat map again, at once.
    #[wasm_bindgen(js_name = dropSpace)]
    pub fn drop_space(&mut self) {
        self.screen = None;
        self.scene.drop_space();
    }

    /// How far points and camera have come on their way: 0 .. 1, where they stay.
    #[wasm_bindgen(js_name = stepSpace)]
    pub fn step_space(&mut self, t: f64) {
        self.scene.step_space(t);
    }

    /// Turns the galaxy as a hand does that drags it.
    #[wasm_bindgen(js_name = turnSpace)]
    pub fn turn_space(&mut self, dx: f64, dy: f64) {
        self.scene.with_orbit(&|orbit| orbit.turn(dx, dy));
    }

    /// Moves the galaxy by CSS px at the depth of the camera's target.
    #[wasm_bindgen(js_name = panSpace)]
    pub fn pan_space(&mut self, dx: f64, dy: f64) {
        self.scene.with_orbit(&|orbit| orbit.pan(dx, dy));
    }

    /// Goes nearer by a factor (> 1), so that this item keeps its px; without an item (-1), what is under the px.
    #[wasm_bindgen(js_name = dollySpace)]
    pub fn dolly_space(&mut self, x: f64, y: f64, factor: f64, id: i32) {
        let item = u32::try_from(id).ok().and_then(|id| self.scene.space()?.place(id));
        self.scene.with_orbit(&|orbit| {
            let place = item.unwrap_or_else(|| orbit.under([x, y]));
            if place.iter().all(|c| c.is_finite()) {
                orbit.dolly(place, factor);
            }
        });
    }

    /// Flies to the right, up and forward, in parts of the distance to the camera's target.
    #[wasm_bindgen(js_name = flySpace)]
    pub fn fly_space(&mut self, right: f64, up: f64, forward: f64) {
        self.scene.with_orbit(&|orbit| orbit.fly([right, up, forward]));
    }

    /// Begins a flight of the camera, by `stepSpace`: 0 = to where all is seen, 1 = the same from the first side,
    /// 2 = to look at an item from where the eye is, 3 = near to an item.
    #[wasm_bindgen(js_name = goSpace)]
    pub fn go_space(&mut self, to: u8, id: i32) {
        let place = u32::try_from(id).ok().and_then(|id| self.scene.space()?.place(id));
        match (to, place) {
            (2, Some(place)) => self.scene.fly_in_space(&|orbit| orbit.looking_at(place)),
            (3, Some(place)) => self.scene.fly_in_space(&|orbit| orbit.near_to(place)),
            _ => self.scene.fly_to_all(to == 1),
        }
    }

    /// Goes a part (0 .. 1) of the way to where all is seen: behind a galaxy that grows. Whether there is more to come.
    #[wasm_bindgen(js_name = followSpace)]
    pub fn follow_space(&mut self, part: f64) -> bool {
        self.scene.follow_space(part)
    }

    /// The CSS px where the camera's target is seen: the middle of what is not covered.
    #[wasm_bindgen(js_name = setMiddle)]
    pub fn set_middle(&mut self, x: f64, y: f64) {
        self.scene.set_middle([x, y]);
    }

    /// The camera in space: the target's x, y, z, then the eye's. Empty without a galaxy.
    #[wasm_bindgen(js_name = spaceCamera)]
    pub fn space_camera(&self) -> Vec<f64> {
        let Some(space) = self.scene.space() else { return Vec::new() };
        [space.orbit.pose().target, space.orbit.axes().eye].concat()
    }

    /// Puts the camera there, within its limits. Ignored unless these are six finite numbers, target and eye apart.
    #[wasm_bindgen(js_name = setSpaceCamera)]
    pub fn set_space_camera(&mut self, target_eye: &[f64]) {
        if let &[x, y, z, ex, ey, ez] = target_eye {
            let back = [ex - x, ey - y, ez - z];
            let distance = back.iter().map(|c| c * c).sum::<f64>().sqrt();
            self.scene.with_orbit(&|orbit| orbit.set(Pose { target: [x, y, z], back, distance }));
        }
    }
}
