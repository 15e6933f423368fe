//! What is where: the grids that picking asks. They are made at the first question after a change, or before it in pieces.

use wasm_bindgen::prelude::*;

use super::view::View;
use crate::camera::Bounds;
use crate::draw::{Cloud, Orbit, Scene, Space, State};
use crate::explore::{Grid, Query};

/// The grid of the flat map, gone on with by so many points.
fn flat<'a>(grid: &'a mut Option<Grid>, cloud: &Cloud, points: usize) -> (&'a Grid, bool) {
    let grid = grid.get_or_insert_with(|| Grid::start(cloud.bounds(), cloud.len()));
    let made = grid.run(points, cloud.xy(), cloud.items(), cloud.sizes());
    (grid, made)
}

/// The grid of the flat map, all of it.
pub(super) fn whole<'a>(grid: &'a mut Option<Grid>, cloud: &Cloud) -> &'a Grid {
    flat(grid, cloud, usize::MAX).0
}

/// The items as a camera in space shows them.
pub struct Screen {
    of: (Orbit, f64),
    pub(super) px: Vec<f32>,
    depths: Vec<f32>,
    pub(super) grid: Grid,
}

impl Screen {
    /// The screen of now: the old one if nothing changed since.
    fn of(old: Option<Screen>, space: &Space) -> Screen {
        let of = (space.orbit, space.blend());
        let new = || Screen { of, px: Vec::new(), depths: Vec::new(), grid: Grid::default() };
        old.filter(|old| old.of == of).unwrap_or_else(new)
    }

    /// The screen of now, all of it.
    pub(super) fn whole(old: Option<Screen>, scene: &Scene, space: &Space) -> Screen {
        let mut screen = Screen::of(old, space);
        screen.run(usize::MAX, scene, space);
        screen
    }

    /// Goes on by so many points; whether it is made.
    fn run(&mut self, points: usize, scene: &Scene, space: &Space) -> bool {
        let (seen, n) = (self.depths.len(), scene.cloud().len());
        if seen == n {
            return self.grid.run(points, &self.px, &[], &[]);
        }
        let piece = seen..n.min(seen.saturating_add(points));
        let rest = points - piece.len();
        scene.screen_of_space(space, piece, &mut self.px, &mut self.depths);
        if self.depths.len() < n {
            return false;
        }
        self.grid = Grid::start(Bounds::of(&self.px), n);
        self.grid.run(rest, &self.px, &[], &[])
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
        let screen = Screen::whole(self.screen.take(), &self.scene, space);
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

#[wasm_bindgen]
impl View {
    /// Goes on, by so many points, with what picking needs to know of what is shown now. Whether it is there; where it is
    /// not, the next question waits for the rest. Moving items can not be picked and need none.
    pub fn index(&mut self, points: u32) -> bool {
        let points = points as usize;
        let Some(space) = self.scene.space() else {
            let cloud = self.scene.cloud();
            return cloud.is_moving() || flat(&mut self.grid, cloud, points).1;
        };
        if space.is_moving() {
            return true;
        }
        let mut screen = Screen::of(self.screen.take(), space);
        let made = screen.run(points, &self.scene, space);
        self.screen = Some(screen);
        made
    }
}
