//! What is where on the screen of a galaxy, and under the pointer there.

use super::view::View;
use crate::draw::{Orbit, Scene, Space, State};
use crate::explore::{Grid, Query};

/// The items as a camera in space shows them: made at the first question after a change.
pub struct Screen {
    of: (Orbit, f64),
    pub(super) px: Vec<f32>,
    depths: Vec<f32>,
    pub(super) grid: Grid,
}

impl Screen {
    /// The screen of now: the old one if nothing changed since.
    pub(super) fn of(old: Option<Screen>, scene: &Scene, space: &Space) -> Screen {
        let of = (space.orbit, space.blend());
        old.filter(|old| old.of == of).unwrap_or_else(|| {
            let (px, depths) = scene.screen_of_space(space);
            let grid = Grid::new(&px);
            Screen { of, px, depths, grid }
        })
    }
}

impl View {
    /// The item under a CSS px of a galaxy: of several the one nearest to the eye. None without a galaxy.
    pub(super) fn pick_space(&mut self, at: [f64; 2], tolerance: f64) -> Option<i32> {
        let space = self.scene.space()?;
        if space.is_moving() {
            return Some(-1);
        }
        let look = self.scene.depth_look(space);
        let screen = Screen::of(self.screen.take(), &self.scene, space);
        let query = Query { at, tolerance, max_radius: 0.5 * look.look.cap, sorted: false };
        let cloud = self.scene.cloud();
        // As they are drawn; positive numbers are in the order of their bits, of which the first is 0.
        let order = |id: u32| {
            let order = !screen.depths[id as usize].to_bits() & (u32::MAX >> 1);
            order | u32::from(cloud.state(id) == State::Highlighted) << 31
        };
        let radius = |id| match cloud.state(id) {
            State::Hidden => f64::NEG_INFINITY,
            _ => 0.5 * look.diameter(cloud.size(id), screen.depths[id as usize].into()),
        };
        let found = screen.grid.pick(&screen.px, query, order, radius, |_| query.max_radius);
        self.screen = Some(screen);
        Some(found.and_then(|id| i32::try_from(id).ok()).unwrap_or(-1))
    }
}
