//! The camera: which part of the map is on screen, and how map units become CSS pixels.
//!
//! Pure arithmetic in f64: no GL, no DOM. The map's y points up, the screen's y points down, and the origin of the
//! screen is its top left corner. A camera is its center (map coordinates) and its zoom (CSS px per map unit).
//!
//! Two limits hold after every call, so that nobody gets lost: the center stays inside the map's bounding box, and
//! the zoom stays between [`MIN_ZOOM`] and [`MAX_ZOOM`] times that of [`Camera::fit`]. Input that is not finite
//! (a link made by hand) is ignored; input that is out of range is clamped.

/// Smallest zoom, as a multiple of the zoom that shows the whole map.
pub const MIN_ZOOM: f64 = 0.5;

/// Largest zoom, as a multiple of the zoom that shows the whole map. At this zoom an f32 position, of 24 bits over
/// half the map's extent, is still right to about a tenth of a pixel on a screen 1000 px wide.
pub const MAX_ZOOM: f64 = 4096.0;

/// The part of the screen's smaller side that [`Camera::fit`] leaves free at each border, and its largest value in px.
const MARGIN: (f64, f64) = (0.06, 40.0);

/// An axis-aligned box in map coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest x and y.
    pub min: [f64; 2],
    /// Largest x and y.
    pub max: [f64; 2],
}

impl Default for Bounds {
    /// The box of a map without points.
    fn default() -> Self {
        Bounds { min: [-1.0, -1.0], max: [1.0, 1.0] }
    }
}

impl Bounds {
    /// The box around all points whose two coordinates are finite; `xy` is x0, y0, x1, y1, ... Without any such
    /// point, the default box.
    pub fn of(xy: &[f32]) -> Self {
        let (mut min, mut max) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for point in xy.chunks_exact(2).filter(|p| p[0].is_finite() && p[1].is_finite()) {
            for axis in 0..2 {
                min[axis] = min[axis].min(point[axis]);
                max[axis] = max[axis].max(point[axis]);
            }
        }
        if min[0] > max[0] {
            return Bounds::default();
        }
        Bounds { min: min.map(f64::from), max: max.map(f64::from) }
    }

    /// The middle.
    pub fn center(&self) -> [f64; 2] {
        [0, 1].map(|axis| 0.5 * (self.min[axis] + self.max[axis]))
    }

    /// Half the longer side; 1 when all points are at one place, so that it can always be divided by.
    pub fn half(&self) -> f64 {
        let half = 0.5 * (self.max[0] - self.min[0]).max(self.max[1] - self.min[1]);
        if half > 0.0 { half } else { 1.0 }
    }
}

/// What part of the map is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    center: [f64; 2],
    zoom: f64,
    /// Width and height of the screen in CSS px, each at least 1.
    screen: [f64; 2],
    bounds: Bounds,
}

impl Default for Camera {
    fn default() -> Self {
        let mut camera =
            Camera { center: [0.0; 2], zoom: 1.0, screen: [300.0, 150.0], bounds: Bounds::default() };
        camera.fit();
        camera
    }
}

impl Camera {
    /// The center in map coordinates.
    pub fn center(&self) -> [f64; 2] {
        self.center
    }

    /// CSS px per map unit.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Width and height of the screen in CSS px.
    pub fn screen(&self) -> [f64; 2] {
        self.screen
    }

    /// The box around all points.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The zoom at which the whole map fits the screen, with a margin.
    pub fn fit_zoom(&self) -> f64 {
        let margin = (MARGIN.0 * self.screen[0].min(self.screen[1])).min(MARGIN.1);
        let room = |axis: usize| (self.screen[axis] - 2.0 * margin).max(1.0);
        let extent = |axis: usize| {
            let side = self.bounds.max[axis] - self.bounds.min[axis];
            // A map that is a line, or one point, has no extent that way: any zoom fits it.
            if side > 1e-9 * self.bounds.half() { side } else { 1e-9 * self.bounds.half() }
        };
        // A single point has half() = 1: show it as if the map were 2 units wide.
        if self.bounds.min == self.bounds.max {
            return room(0).min(room(1)) / 2.0;
        }
        (room(0) / extent(0)).min(room(1) / extent(1))
    }

    /// How far in the camera is: 1 = the whole map fits.
    pub fn magnification(&self) -> f64 {
        self.zoom / self.fit_zoom()
    }

    /// Shows the whole map.
    pub fn fit(&mut self) {
        self.center = self.bounds.center();
        self.zoom = self.fit_zoom();
    }

    /// The map has new bounds. The camera stays where it is, as far as the limits allow.
    pub fn set_bounds(&mut self, bounds: Bounds) {
        self.bounds = bounds;
        self.limit();
    }

    /// The screen has a new size in CSS px. The center and the part of the fit stay: a map that fitted still fits.
    pub fn resize(&mut self, width: f64, height: f64) {
        let magnification = self.magnification();
        let side = |px: f64| if px.is_finite() { px.clamp(1.0, 65_536.0) } else { 1.0 };
        self.screen = [side(width), side(height)];
        self.zoom = magnification * self.fit_zoom();
        self.limit();
    }

    /// Moves the map by `dx`, `dy` CSS px, as a dragging hand does.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        let center = [self.center[0] - dx / self.zoom, self.center[1] + dy / self.zoom];
        self.set(center, self.zoom);
    }

    /// Zooms by `factor` (> 1 = in) so that the place under the CSS px (`x`, `y`) stays there.
    pub fn zoom_at(&mut self, x: f64, y: f64, factor: f64) {
        if !(x.is_finite() && y.is_finite() && factor.is_finite() && factor > 0.0) {
            return;
        }
        let under = self.to_map([x, y]);
        let zoom = self.limited(self.zoom * factor);
        let kept = self.zoom / zoom;
        let center = [0, 1].map(|axis| under[axis] + (self.center[axis] - under[axis]) * kept);
        self.set(center, zoom);
    }

    /// Sets center (map coordinates) and zoom (CSS px per map unit). Ignored unless all are finite and zoom > 0.
    pub fn set(&mut self, center: [f64; 2], zoom: f64) {
        if center.iter().all(|c| c.is_finite()) && zoom.is_finite() && zoom > 0.0 {
            self.center = center;
            self.zoom = zoom;
            self.limit();
        }
    }

    /// The CSS px where a place of the map is.
    pub fn to_screen(&self, place: [f64; 2]) -> [f64; 2] {
        [
            0.5 * self.screen[0] + (place[0] - self.center[0]) * self.zoom,
            0.5 * self.screen[1] - (place[1] - self.center[1]) * self.zoom,
        ]
    }

    /// The place of the map under a CSS px.
    pub fn to_map(&self, px: [f64; 2]) -> [f64; 2] {
        [
            self.center[0] + (px[0] - 0.5 * self.screen[0]) / self.zoom,
            self.center[1] - (px[1] - 0.5 * self.screen[1]) / self.zoom,
        ]
    }

    /// The camera that shows only a part of this one's screen, at the same zoom: `at` is its upper left corner, `size` its
    /// width and height, in CSS px. The one camera whose center may lie outside of the map.
    pub fn part(&self, at: [f64; 2], size: [f64; 2]) -> Camera {
        let center = self.to_map([0, 1].map(|axis| at[axis] + 0.5 * size[axis]));
        Camera { center, screen: size, ..*self }
    }

    fn limited(&self, zoom: f64) -> f64 {
        let fit = self.fit_zoom();
        zoom.clamp(MIN_ZOOM * fit, MAX_ZOOM * fit)
    }

    fn limit(&mut self) {
        self.zoom = self.limited(self.zoom);
        for axis in 0..2 {
            self.center[axis] = self.center[axis].clamp(self.bounds.min[axis], self.bounds.max[axis]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Camera {
        let mut camera = Camera::default();
        camera.set_bounds(Bounds { min: [-10.0, 0.0], max: [10.0, 5.0] });
        camera.resize(800.0, 600.0);
        camera.fit();
        camera
    }

    #[test]
    fn fit_shows_the_box_with_a_margin_and_y_up() {
        let camera = camera();
        assert_eq!(camera.center(), [0.0, 2.5]);
        assert!((camera.zoom() - (800.0 - 72.0) / 20.0).abs() < 1e-12);
        assert_eq!(camera.to_screen([0.0, 2.5]), [400.0, 300.0]);
        assert!(camera.to_screen([0.0, 5.0])[1] < 300.0, "larger y is higher on the screen");
    }

    #[test]
    fn no_extent_still_has_a_zoom() {
        for xy in [&[3.0f32, 4.0][..], &[3.0, 4.0, 3.0, 4.0], &[0.0, 0.0, 5.0, 0.0], &[], &[f32::NAN, 1.0]] {
            let mut camera = Camera::default();
            camera.set_bounds(Bounds::of(xy));
            camera.fit();
            assert!(camera.zoom().is_finite() && camera.zoom() > 0.0, "{xy:?}");
        }
    }

    #[test]
    fn a_fitting_map_still_fits_after_a_resize() {
        let mut camera = camera();
        camera.resize(300.0, 900.0);
        assert!((camera.magnification() - 1.0).abs() < 1e-12);
    }
}
