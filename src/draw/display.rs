//! What a visitor chooses of how the points look, beside the data and the colors.

use super::{Look, Scene};

/// Choices that hold for whatever map is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Display {
    /// Diameters are so many times those of the rule, 0.25..=8.
    pub size: f64,
    /// Whether discs have a darker rim.
    pub rim: bool,
    /// Opacity of one disc, 0.02..=1; none: as the view is crowded.
    pub opacity: Option<f64>,
    /// Whether frames of a motion have all points, however long they take.
    pub full: bool,
    /// Of the points that twinkle: where they are in their turn, 0..1.
    pub phase: f64,
    /// And how much they do, 0 = not at all..=1.
    pub twinkle: f64,
}

impl Default for Display {
    fn default() -> Self {
        Display { size: 1.0, rim: true, opacity: None, full: false, phase: 0.0, twinkle: 0.0 }
    }
}

impl Display {
    /// The same with each number in its range; one that is not finite becomes the usual one.
    pub fn within_range(self) -> Self {
        let usual = Display::default();
        let finite = |value: f64, or: f64| if value.is_finite() { value } else { or };
        Display {
            size: finite(self.size, usual.size).clamp(0.25, 8.0),
            opacity: self
                .opacity
                .filter(|opacity| opacity.is_finite())
                .map(|opacity| opacity.clamp(0.02, 1.0)),
            phase: finite(self.phase - self.phase.floor(), 0.0),
            twinkle: finite(self.twinkle, 0.0).clamp(0.0, 1.0),
            ..self
        }
    }

    /// How many times its usual distance the ring of a mark has: a slow breath.
    pub fn breath(&self) -> f64 {
        // A parabola for each half of the turn: near enough to a sine, without its code.
        let x = 2.0 * self.phase - 1.0;
        1.0 - 2.0 * self.twinkle * x * (1.0 - x.abs())
    }
}

impl Scene {
    /// What the visitor chose of how points look.
    pub fn display(&self) -> Display {
        self.display
    }

    /// Changes it.
    pub fn set_display(&mut self, display: Display) {
        let display = display.within_range();
        self.changed |= self.display != display;
        self.display = display;
    }

    /// New sizes, one for each item: see sizes.rs.
    pub fn set_sizes(&mut self, sizes: Vec<u8>) {
        if sizes.len() == self.cloud.len() {
            self.cloud.set_sizes(sizes);
            (self.stale.styles, self.changed) = (true, true);
        }
    }

    /// The largest disc that the device draws, in CSS px: its point has 2 px more, the ring of a mark some more.
    pub(super) fn largest_disc(&self) -> f64 {
        (f64::from(self.limits.point) / self.pixel() - 16.0).max(1.0)
    }

    /// How discs look at this zoom.
    pub fn look(&self) -> Look {
        if let Some(whole) = self.whole {
            return whole.look;
        }
        let look = self.disc_sizes();
        let part = self.count() as f64 / self.cloud.len().max(1) as f64;
        let look = look.crowded(self.crowd().density * part, self.cloud.mean_size());
        Look { opacity: self.display.opacity.unwrap_or(look.opacity), ..look }
    }

    /// How large discs are in the next frame; not how faint, which asks how crowded the whole view is.
    pub fn disc_sizes(&self) -> Look {
        let limit = self.largest_disc();
        let look = Look::new(self.cloud.len(), &self.camera, limit).sized(self.display.size, limit);
        self.whole.map_or(look, |whole| whole.look)
    }
}
