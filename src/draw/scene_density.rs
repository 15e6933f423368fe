//! The scene as a density: when it is one, and what its picture depends on.

use super::counts::Grid;
use super::density_view::{Counter, DensityView, Ramp, Shot};
use super::shading::{MOST_REACH, SMOOTH, Shading};
use super::{Resources, Scene, luminance, unit};
use crate::error::Result;

/// Frames further apart than this are slower than the CPU's.
const SLOW_MS: f64 = 120.0;

impl Scene {
    /// Shows the map as a density, or as points again (None).
    pub fn set_shading(&mut self, shading: Option<Shading>) -> Result<()> {
        self.changed |= self.shading != shading;
        self.shading = shading;
        let Some(resources) = &mut self.resources else { return Ok(()) };
        if shading.is_none() {
            resources.density = None;
        } else if resources.density.is_none() {
            resources.density = Some(DensityView::new(&self.device, self.counter)?);
        }
        Ok(())
    }

    /// How the density is shown; None = the map is shown as points.
    pub fn shading(&self) -> Option<Shading> {
        self.shading
    }

    /// No better counter than this may be used: for tests, and for devices that count slowly.
    pub fn set_counter(&mut self, best: Counter) -> Result<()> {
        self.counter = best;
        if let Some(resources) = &mut self.resources {
            resources.density = None;
            self.changed |= self.shading.is_some();
        }
        self.set_shading(self.shading)
    }

    /// Who counted the density that was drawn last; None where there is none.
    pub fn counter(&self) -> Option<Counter> {
        self.resources.as_ref()?.density.as_ref().map(DensityView::counter)
    }

    /// Colors of densities from low to high, where the points' own say nothing; none: the mean of the points' own.
    pub fn set_ramp(&mut self, ramp: Option<[[u8; 3]; 5]>) {
        let ramp = ramp.map(|ramp| ramp.map(unit));
        self.changed |= self.ramp != ramp;
        self.ramp = ramp;
    }

    /// Colors of densities from low to high, if not the points' own, 0..=1 each.
    pub fn ramp(&self) -> Option<Ramp> {
        self.ramp
    }

    /// A frame of a motion came `interval` ms after the one before. A device that counts slowly, such as one without a
    /// GPU, leaves it to the CPU from now on.
    pub(super) fn watch(&mut self, interval: f64) {
        let counts = self.counter().is_some_and(|counter| counter != Counter::Cpu);
        if !counts || interval <= 0.0 || self.density_share() == 0.0 {
            return;
        }
        self.slow = if interval > SLOW_MS { self.slow + 1 } else { 0 };
        // One late frame may have had other reasons.
        if self.slow == 2 && self.set_counter(Counter::Cpu).is_err() {
            self.shading = None;
        }
    }

    /// The part of the picture that is density, 0..=1; the rest are points.
    pub fn density_share(&self) -> f64 {
        if let Some(whole) = self.whole {
            return whole.share;
        }
        self.shading.map_or(0.0, |shading| shading.share(self.crowd().density, &self.camera))
    }

    /// The cells of a density drawn now.
    pub fn grid(&self) -> Option<Grid> {
        self.shot().map(|shot| shot.grid)
    }

    /// How far a point is spread in it, in cells.
    pub fn reach(&self) -> f64 {
        self.shot().map_or(0.0, |shot| shot.reach)
    }

    /// The density to be drawn now, if any.
    pub(super) fn shot(&self) -> Option<Shot> {
        if let Some(whole) = self.whole {
            return whole.shot;
        }
        let (shading, count, pixel) = (self.shading?, self.count(), self.pixel());
        let part = count as f64 / self.cloud.len().max(1) as f64;
        let density = self.crowd().density * part;
        let least = if shading.spread && density < SMOOTH { pixel.floor() } else { 1.0 };
        let grid = Grid::new(self.buffer, self.limits.texture, least);
        let density = density * (grid.cell / pixel).powi(2);
        let most = (MOST_REACH * pixel / grid.cell).min(0.5 * f64::from(self.limits.point) - 1.0).max(0.0);
        let reach = shading.reach(density, most);
        // One of two sizes, so that zooming makes no new targets.
        let grid = if reach > 0.0 { grid.with_margin(most.ceil() as u32) } else { grid };
        Some(Shot {
            camera: self.camera,
            grid,
            pixel,
            shading,
            density,
            reach,
            count,
            blend: self.cloud.blend(),
            background: unit(self.background),
            ink: if luminance(self.background) < 0.4 {
                [1.0, 1.0, 1.0, 0.55]
            } else {
                [0.08, 0.1, 0.14, 0.4]
            },
            ramp: self.ramp,
        })
    }

    /// Counts what is to be drawn; the share of the picture that it is.
    pub(super) fn count_density(&mut self, changed: bool) -> f64 {
        let (share, shot) = (self.density_share(), self.shot());
        let Some(Resources { points, density: Some(view), .. }) = &mut self.resources else { return 0.0 };
        match shot {
            Some(shot) if share > 0.0 => view.count(points, &self.cloud, shot, changed),
            _ => view.forget(),
        }
        share
    }
}
