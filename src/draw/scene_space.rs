//! The scene in space: entering a galaxy and leaving it, its camera, and its frames.

use super::orbit::{Orbit, Pose, Vector};
use super::points::Frame;
use super::space::{DepthLook, Space};
use super::space_points::SpacePoints;
use super::{MODES, Resources, Scene, Stale, unit};
use crate::error::Result;
use std::ops::Range;

impl Scene {
    /// The galaxy, while it is shown or left.
    pub fn space(&self) -> Option<&Space> {
        self.space.as_ref().filter(|_| MODES)
    }

    /// Shows the items in space at x0, y0, z0, x1, ...: the points will go there from where they are now, and the
    /// camera from what it shows, as [`Scene::step_space`] says. In a galaxy already: new places, at once.
    pub fn set_space(&mut self, xyz: &[f32]) -> Result<()> {
        match &mut self.space {
            Some(space) if space.leaving => {
                space.enter(&self.cloud, xyz)?;
                space.fly_to_all(true);
            }
            Some(space) => space.set(&self.cloud, xyz)?,
            None => {
                let mut space = Space::new(&self.cloud, xyz, &self.camera)?;
                space.fly_to_all(true);
                self.space = Some(space);
                self.stale = Stale::ALL;
            }
        }
        (self.stale.positions, self.changed) = (true, true);
        Ok(())
    }

    /// Puts points and camera on the way back to the flat map: there they are after a step of 1.
    pub fn leave_space(&mut self) {
        if let Some(space) = self.space.as_mut().filter(|space| !space.leaving) {
            space.leave(&self.cloud, &self.camera);
            (self.stale.positions, self.changed) = (true, true);
        }
    }

    /// How far points and camera have come on their way, 0..=1, where they stay.
    pub fn step_space(&mut self, t: f64) {
        let Some(space) = &mut self.space else { return };
        self.stale.positions |= space.step(t);
        self.changed = true;
        if space.leaving && !space.is_moving() {
            self.drop_space();
        }
    }

    /// No galaxy any more, at once.
    pub fn drop_space(&mut self) {
        if self.space.take().is_some() {
            (self.stale, self.changed) = (Stale::ALL, true);
        }
    }

    /// Changes the camera in space, and ends its flight.
    pub fn with_orbit(&mut self, change: &dyn Fn(&mut Orbit)) {
        if let Some(space) = self.space.as_mut().filter(|space| !space.leaving) {
            let before = space.orbit;
            space.stop();
            change(&mut space.orbit);
            self.changed |= space.orbit != before;
        }
    }

    /// Starts a flight to a pose made from the camera as it is.
    pub fn fly_in_space(&mut self, pose: &dyn Fn(&Orbit) -> Pose) {
        if let Some(space) = self.space.as_mut().filter(|space| !space.leaving) {
            let pose = pose(&space.orbit);
            space.fly_to(pose);
        }
    }

    /// Starts a flight to where all is seen, from the same side or from the first one.
    pub fn fly_to_all(&mut self, first: bool) {
        if let Some(space) = self.space.as_mut().filter(|space| !space.leaving) {
            space.fly_to_all(first);
        }
    }

    /// Goes a part of the way to where all is seen: see [`Orbit::follow`].
    pub fn follow_space(&mut self, part: f64) -> bool {
        let mut goes_on = false;
        if let Some(space) = self.space.as_mut().filter(|space| !space.leaving) {
            let before = space.orbit;
            space.stop();
            goes_on = space.orbit.follow(part);
            self.changed |= space.orbit != before;
        }
        goes_on
    }

    /// CSS px and depth of an item in space; none when it is not seen.
    #[inline(never)]
    pub fn in_space(&self, id: u32) -> Option<Vector> {
        let space = self.space.as_ref()?;
        space.orbit.to_screen(&space.orbit.axes(), space.place(id)?)
    }

    /// The CSS px of an item, on the map or in space; none when it is not seen at all.
    pub fn to_screen(&self, id: u32) -> Option<[f64; 2]> {
        match self.space() {
            Some(_) => self.in_space(id).map(|[x, y, _]| [x, y]),
            None => self.cloud.place(id).map(|place| self.camera.to_screen(place)),
        }
    }

    /// The diameter in CSS px of an item's disc, on the map or in space.
    pub fn diameter(&self, id: u32) -> f64 {
        let size = self.cloud.size(id);
        match self.space() {
            Some(space) => {
                let depth = self.in_space(id).map_or(f64::INFINITY, |[.., depth]| depth);
                self.depth_look(space).diameter(size, depth)
            }
            None => self.disc_sizes().diameter(size),
        }
    }

    /// Where the target of the camera in space is seen, in CSS px.
    pub fn set_middle(&mut self, middle: [f64; 2]) {
        if let Some(space) = &mut self.space {
            let before = space.orbit.middle();
            space.orbit.set_middle(middle);
            self.changed |= space.orbit.middle() != before;
        }
    }

    /// How discs look in space.
    #[inline(never)]
    pub fn depth_look(&self, space: &Space) -> DepthLook {
        if let Some(look) = self.whole.and_then(|whole| whole.depth) {
            return look;
        }
        space.look(&self.cloud, self.look(), &self.display, self.largest_disc())
    }

    /// The CSS px of items that are seen, NaN for the others, and their depths, appended.
    pub fn screen_of_space(
        &self,
        space: &Space,
        ids: Range<usize>,
        px: &mut Vec<f32>,
        depths: &mut Vec<f32>,
    ) {
        let axes = space.orbit.axes();
        let places =
            ids.map(|id| space.place(id as u32).and_then(|place| space.orbit.to_screen(&axes, place)));
        for [x, y, depth] in places.map(|place| place.unwrap_or([f64::NAN; 3])) {
            px.extend([x as f32, y as f32]);
            depths.push(depth as f32);
        }
    }

    /// Makes what a frame in space will need, or frees it.
    #[inline(never)]
    pub(super) fn prepare_space(&mut self) {
        let Some(Resources { points, space, .. }) = &mut self.resources else { return };
        if self.space.is_none() {
            *space = None;
        } else if space.is_none() {
            // It can not be made in a context that is lost just now; then the frame comes when it is back.
            *space = SpacePoints::new(&self.device).ok();
            points.free();
            self.stale = Stale::ALL;
        }
    }

    /// Draws a frame in space.
    #[inline(never)]
    pub(super) fn draw_space(&mut self) -> bool {
        let count = self.count();
        let Some(space) = &self.space else { return false };
        let look = self.depth_look(space);
        let background = unit(self.background);
        let frame = Frame { pixel: self.pixel(), count, background, display: self.display, chosen: false };
        let marks = self.rings().map(|(id, ring)| {
            let id = id?;
            let [x, y, depth] = self.in_space(id)?;
            self.mark_at(id, [x, y], look.diameter(self.cloud.size(id), depth), ring)
        });
        let Some(Resources { marks: command, space: Some(resource), .. }) = &mut self.resources else {
            return false;
        };
        let stale = std::mem::take(&mut self.stale);
        if stale.positions || stale.before {
            resource.upload_positions(&self.cloud, space);
        }
        if stale.styles {
            resource.upload_styles(&self.cloud);
        }
        if stale.states {
            resource.upload_states(&self.cloud);
        }
        (self.changed, self.drawn) = (false, count);
        self.device.clear(self.buffer, background);
        resource.draw(&self.cloud, space, &look, &frame);
        marks.iter().flatten().for_each(|mark| command.draw(mark));
        true
    }
}
