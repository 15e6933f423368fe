//! The view's names in space: which there are in a frame, for JavaScript.

use wasm_bindgen::prelude::*;

use super::view::View;
use crate::draw::State;
use crate::explore::names_in_space::{Anchor, Frame, Names, Seen};

#[wasm_bindgen]
impl View {
    /// The names that a galaxy may show, the most important first: ids, and width and height of each box in CSS px, with
    /// the room to leave; one without width is never shown. None is seen yet.
    #[wasm_bindgen(js_name = setSpaceNames)]
    pub fn set_space_names(&mut self, ids: Vec<u32>, boxes: &[f32]) {
        let boxes = boxes.chunks_exact(2).map(|size| [size[0], size[1]].map(f64::from));
        self.names = (ids, Names::new(boxes.collect()));
    }

    /// The names of this frame: 1 if another frame is due though nothing moves, else 0; then for each name its place among
    /// those that were set, the CSS px of the middle of its box's upper edge, and its opacity. `amount` (>= 1): how many times
    /// its box a name needs to come; `step`: how much of a fade passed since the last frame, 1 = at once; where they are not
    /// `wanted`, or while points are on their way, those that are there go.
    #[wasm_bindgen(js_name = spaceNames)]
    pub fn space_names(&mut self, amount: f64, step: f64, wanted: bool) -> Vec<f32> {
        let Some(space) = self.scene.space() else { return vec![0.0] };
        let (axes, look, cloud) = (space.orbit.axes(), self.scene.depth_look(space), self.scene.cloud());
        let (ids, names) = &mut self.names;
        let anchor = |name: usize| {
            let &id = ids.get(name)?;
            let [x, y, depth] = space.orbit.to_screen(&axes, space.place(id)?)?;
            let hangs = 0.5 * look.diameter(cloud.size(id), depth);
            let shown = cloud.state(id) != State::Hidden;
            shown.then(|| Anchor {
                at: [x, y + hangs],
                clear: look.clear(depth),
                near: look.distance / depth,
            })
        };
        let wanted = wanted && !space.is_moving();
        let (seen, more) = names.frame(Frame { screen: space.orbit.screen(), amount, step, wanted }, anchor);
        let parts = |seen: &Seen| {
            [f64::from(seen.name), seen.at[0], seen.at[1], seen.opacity].map(|part| part as f32)
        };
        [f32::from(u8::from(more))].into_iter().chain(seen.iter().flat_map(parts)).collect()
    }
}
