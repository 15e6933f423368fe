//! A scene in motion: points on their way from one layout to another, and frames with so much detail as comes in time.

use super::lines::View;
use super::{Crowd, LAYERS, MODES, Scene};
use crate::error::Result;

impl Scene {
    /// New positions, two for each item, to which the points move from where they are now, as [`Scene::set_blend`] says.
    pub fn move_to(&mut self, xy: &[f32]) -> Result<()> {
        self.cloud.move_to(xy)?;
        self.placed();
        Ok(())
    }

    /// The same while they move: only where they are going changes, not where they come from.
    pub fn turn_to(&mut self, xy: &[f32]) -> Result<()> {
        self.cloud.turn_to(xy)?;
        self.placed();
        Ok(())
    }

    /// Moving points come from where a camera with this center and zoom showed them, to be seen there by this one.
    pub fn come_from(&mut self, center: [f64; 2], zoom: f64) {
        let (now, ratio) = (self.camera.center(), zoom / self.camera.zoom());
        if ratio.is_finite() && center.iter().all(|c| c.is_finite()) {
            self.cloud
                .change_before(|place| [0, 1].map(|axis| now[axis] + (place[axis] - center[axis]) * ratio));
            (self.stale.before, self.changed) = (true, true);
        }
    }

    /// How far moving points have come, from 0 to 1, where they stay.
    pub fn set_blend(&mut self, blend: f64) {
        if self.cloud.is_moving() {
            self.cloud.set_blend(blend);
            self.stale.before |= !self.cloud.is_moving();
            self.changed = true;
        }
    }

    /// A frame of a motion follows, `interval` ms after the one before; 0 = not known. It has so much detail as the
    /// device showed in time.
    pub fn moved(&mut self, interval: f64) {
        if MODES {
            self.watch(interval);
        }
        if !self.display.full {
            self.detail.moved(interval, self.drawn);
        }
    }

    /// A motion is over: the next frame has all detail.
    pub fn rest(&mut self) {
        if self.detail.rest() {
            self.changed |= self.drawn < self.count() || self.lines.are_cut();
        }
    }

    /// Points that a frame drawn now has.
    pub fn count(&self) -> usize {
        if let Some(whole) = self.whole {
            return whole.count;
        }
        // A density leaves no point out but for time.
        let all = self.shading.is_some() && self.space.is_none();
        let px = if all { f64::INFINITY } else { f64::from(self.buffer[0]) * f64::from(self.buffer[1]) };
        let seen = if self.space.is_some() { self.cloud.len() as f64 } else { self.crowd().points };
        self.detail.count(self.cloud.len(), seen, px)
    }

    /// What lines have to know of this frame; none are drawn between moving points.
    pub(super) fn lines_view(&self) -> Option<View> {
        if let Some(whole) = self.whole {
            return whole.lines;
        }
        let [width, height] = self.buffer.map(f64::from);
        let share = self.crowd().points / self.cloud.len().max(1) as f64;
        let (pixel, moving) = (self.pixel(), self.detail.is_moving());
        (!self.cloud.is_moving()).then_some(View {
            pixel,
            screen: width * height,
            share,
            moving,
            layers: LAYERS,
        })
    }

    pub(super) fn crowd(&self) -> Crowd {
        self.cloud.density().seen(&self.camera, &self.cloud.quantizer())
    }
}
