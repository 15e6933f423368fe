//! Drawing: a [`Scene`] owns everything that is on screen and draws it with WebGL2 through glow.
//!
//! Two words, as in regl: a *resource* is a handle to something on the GPU (gl.rs), a *command* is the complete
//! state of one draw (points.rs: the whole cloud in one `gl.POINTS` call; marks.rs: hovered and selected item;
//! lines.rs: lines between items).
//! What the cloud's command gets is made beside it: which points lie on top and which are left out first (order.rs), as
//! whole numbers (quantize.rs), so many as the screen can show and the device keeps up with (detail.rs), as faint as
//! they are crowded (density.rs). In place of points there can be their density (density_view.rs).
//!
//! The scene draws only when something changed since the last draw. The CPU keeps the truth (cloud.rs, the camera),
//! so a lost context costs nothing but an upload: [`Scene::lost`] drops all resources, [`Scene::draw`] makes them
//! again after [`Scene::restored`].

mod cloud;
mod columns;
mod contours;
mod counts;
mod density;
mod density_view;
mod detail;
mod display;
mod gl;
mod lines;
mod marks;
mod motion;
mod orbit;
mod order;
mod picture;
mod points;
mod quantize;
mod scene_density;
mod scene_space;
mod shader;
mod shading;
pub mod sizes;
mod space;
mod space_points;
mod vector;

pub use cloud::{Cloud, State, diameters};
pub use counts::Grid;
pub use density::{Crowd, Density, opacity};
pub use density_view::Counter;
pub use detail::Detail;
pub use display::Display;
pub use gl::{Device, Limits};
pub use lines::{LAYERS, LineStyle, Lines};
pub use orbit::{Axes, FARTHEST, Lift, NEAR, NEAREST, Orbit, Pose, Vector};
pub use order::order;
pub use picture::Tile;
pub use points::Look;
pub use quantize::Quantizer;
pub use shading::{How, Shading};
pub use space::{DepthLook, Space};
pub use vector::{Disc, Ring, Stroke, Strokes};

use std::rc::Rc;

use crate::camera::Camera;
use crate::error::Result;
use density_view::{DensityView, Ramp};
use marks::{Mark, Marks};
use picture::Whole;
use points::{Frame, Points};
use space_points::SpacePoints;

/// Whether this build shows more than points: space, densities, lines. A page's first build of the view does not, and is
/// small: without what is asked of this, the compiler leaves all of it out.
const MODES: bool = cfg!(any(feature = "modes", not(feature = "view")));

/// The background until another is set: #0b0e14.
pub const BACKGROUND: [u8; 3] = [0x0b, 0x0e, 0x14];

/// Gap and ring of a mark in CSS px: hovered, selected.
const RINGS: [[f64; 2]; 2] = [[1.5, 1.5], [2.0, 2.5]];

/// Everything on the GPU.
struct Resources {
    points: Points,
    marks: Marks,
    /// There while a galaxy is shown; then the flat points are not.
    space: Option<SpacePoints>,
    /// While the map is shown as a density.
    density: Option<DensityView>,
}

impl Resources {
    fn new(device: &Rc<Device>) -> Result<Self> {
        let (points, marks) = (Points::new(device)?, Marks::new(device)?);
        Ok(Resources { points, marks, space: None, density: None })
    }
}

/// What is on screen.
pub struct Scene {
    device: Rc<Device>,
    /// None while the context is lost.
    resources: Option<Resources>,
    limits: Limits,
    cloud: Cloud,
    camera: Camera,
    space: Option<Space>,
    /// Size of the drawing buffer in device px.
    buffer: [u32; 2],
    background: [u8; 3],
    hovered: Option<u32>,
    selected: Option<u32>,
    detail: Detail,
    /// How the density is shown; None = as points.
    shading: Option<Shading>,
    counter: Counter,
    ramp: Option<Ramp>,
    /// Frames of a density in motion, one after the other, that came late.
    slow: u32,
    lines: Lines,
    display: Display,
    /// Points of the frame drawn last.
    drawn: usize,
    /// What all tiles of a picture have in common, while one is drawn.
    whole: Option<Whole>,
    stale: Stale,
    changed: bool,
}

/// What the GPU has not heard of yet.
#[derive(Clone, Copy, Default)]
struct Stale {
    positions: bool,
    before: bool,
    styles: bool,
    states: bool,
}

impl Stale {
    const ALL: Stale = Stale { positions: true, before: true, styles: true, states: true };

    fn any(self) -> bool {
        self.positions || self.before || self.styles || self.states
    }
}

impl Scene {
    /// An empty scene in a live WebGL2 context.
    pub fn new(device: Rc<Device>) -> Result<Self> {
        let mut lines = Lines::default();
        if MODES {
            lines.prepare(&device);
        }
        Ok(Scene {
            resources: Some(Resources::new(&device)?),
            limits: device.limits(),
            device,
            cloud: Cloud::default(),
            camera: Camera::default(),
            space: None,
            buffer: [300, 150],
            background: BACKGROUND,
            hovered: None,
            selected: None,
            detail: Detail::default(),
            shading: None,
            counter: Counter::default(),
            ramp: None,
            slow: 0,
            lines,
            display: Display::default(),
            drawn: 0,
            whole: None,
            stale: Stale::ALL,
            changed: true,
        })
    }

    /// Another set of items, one for each popularity, not placed yet and all white. Nothing is hovered or selected.
    pub fn set_items(&mut self, popularity: &[u32]) {
        self.cloud = Cloud::new(popularity);
        (self.hovered, self.selected, self.space) = (None, None, None);
        self.lines.clear();
        (self.stale, self.changed) = (Stale::ALL, true);
    }

    /// New positions, two for each item. The camera stays, as far as its limits allow.
    pub fn set_positions(&mut self, xy: &[f32]) -> Result<()> {
        self.cloud.set_positions(xy)?;
        self.placed();
        Ok(())
    }

    fn placed(&mut self) {
        self.camera.set_bounds(self.cloud.bounds());
        self.lines.moved();
        (self.stale.positions, self.changed) = (true, true);
    }

    /// New states, one number of [`State`] for each item, or none when all are plain.
    pub fn set_states(&mut self, states: &[u8]) -> Result<()> {
        self.cloud.set_states(states)?;
        self.lines.moved();
        (self.stale.states, self.changed) = (true, true);
        Ok(())
    }

    /// Bytes of the cloud on the GPU.
    pub fn bytes(&self) -> usize {
        let all = |r: &Resources| r.points.bytes() + r.space.as_ref().map_or(0, SpacePoints::bytes);
        self.resources.as_ref().map_or(0, all)
    }

    /// New colors, one for each item.
    pub fn set_colors(&mut self, colors: &[[u8; 3]]) -> Result<()> {
        self.cloud.set_colors(colors)?;
        (self.stale.styles, self.changed) = (true, true);
        Ok(())
    }

    /// The color behind the points.
    pub fn set_background(&mut self, color: [u8; 3]) {
        self.changed |= self.background != color;
        self.background = color;
    }

    /// The color behind the points.
    pub fn background(&self) -> [u8; 3] {
        self.background
    }

    /// The item to mark as hovered. An id out of range is none.
    pub fn set_hovered(&mut self, id: Option<u32>) {
        let id = id.filter(|&id| (id as usize) < self.cloud.len());
        self.changed |= self.hovered != id;
        self.hovered = id;
    }

    /// The item to mark as selected. An id out of range is none.
    pub fn set_selected(&mut self, id: Option<u32>) {
        let id = id.filter(|&id| (id as usize) < self.cloud.len());
        self.changed |= self.selected != id;
        self.selected = id;
    }

    /// The camera as it is.
    pub fn camera(&self) -> &Camera {
        &self.camera
    }

    /// Changes the camera.
    pub fn with_camera(&mut self, change: impl FnOnce(&mut Camera)) {
        let before = self.camera;
        change(&mut self.camera);
        self.changed |= self.camera != before;
    }

    /// The points.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The drawing buffer wanted for a canvas of this CSS size: whole device px, within the device's limits, with
    /// the canvas's aspect.
    pub fn buffer_for(&self, width: f64, height: f64, device_pixel_ratio: f64) -> [u32; 2] {
        let wanted = [width, height].map(|side| if side.is_finite() { side.max(1.0) } else { 1.0 });
        let ratio = if device_pixel_ratio.is_finite() { device_pixel_ratio.clamp(0.1, 16.0) } else { 1.0 };
        let most = [0, 1].map(|axis| f64::from(self.limits.buffer[axis]) / wanted[axis]);
        let ratio = ratio.min(most[0]).min(most[1]);
        wanted.map(|side| ((side * ratio).round() as u32).max(1))
    }

    /// The canvas has this CSS size now and a drawing buffer of so many device px.
    pub fn resize(&mut self, width: f64, height: f64, buffer: [u32; 2]) {
        self.camera.resize(width, height);
        if let Some(space) = self.space.as_mut().filter(|_| MODES) {
            space.orbit.resize(self.camera.screen());
        }
        self.buffer = buffer;
        // A drawing buffer is empty after a change of size, even to the same one.
        self.changed = true;
    }

    /// Size of the drawing buffer in device px.
    pub fn buffer(&self) -> [u32; 2] {
        self.buffer
    }

    /// Device px per CSS px.
    pub fn pixel(&self) -> f64 {
        f64::from(self.buffer[0]) / self.camera.screen()[0]
    }

    /// Whether a draw would change the picture.
    pub fn needs_draw(&self) -> bool {
        self.changed && self.resources.is_some()
    }

    /// Draws if something changed; whether it did.
    pub fn draw(&mut self) -> bool {
        if !self.needs_draw() {
            return false;
        }
        if MODES {
            self.lines.prepare(&self.device);
            self.prepare_space();
        }
        if !self.device.compiled().unwrap_or(false) {
            return false;
        }
        if MODES && self.space.is_some() {
            return self.draw_space();
        }
        let Some(Resources { points, .. }) = &mut self.resources else { return false };
        let stale = std::mem::take(&mut self.stale);
        if stale.positions {
            points.upload_positions(&mut self.cloud);
        } else if stale.before {
            points.upload_before(&self.cloud);
        }
        if stale.styles {
            points.upload_styles(&self.cloud);
        }
        if stale.states {
            points.upload_states(&self.cloud);
        }
        self.changed = false;
        self.drawn = self.count();
        let share = if MODES { self.count_density(stale.any()) } else { 0.0 };
        let (mut look, background) = (self.look(), unit(self.background));
        let (pixel, count, display) = (self.pixel(), self.drawn, self.display);
        let frame = Frame { pixel, count, background, display, chosen: share == 1.0 };
        let marks = self.rings().map(|(id, ring)| self.mark(id?, &look, ring));
        look.opacity *= 1.0 - share;
        let lines = self.lines_view();
        let Some(Resources { points, marks: command, density, .. }) = &mut self.resources else {
            return false;
        };
        self.device.clear(self.buffer, background);
        let corner = self.whole.map_or([0.0; 2], |whole| whole.corner);
        density.iter().filter(|_| MODES && share > 0.0).for_each(|view| view.draw(share, corner));
        if let Some(view) = lines.filter(|_| MODES) {
            self.lines.draw(&self.device, &self.cloud, &self.camera, &view);
        }
        points.draw(&self.cloud, &self.camera, &look, &frame);
        marks.iter().flatten().for_each(|mark| command.draw(mark));
        true
    }

    /// Selected and hovered item, and gap and ring of their marks.
    fn rings(&self) -> [(Option<u32>, [f64; 2]); 2] {
        [(self.selected, [RINGS[1][0] * self.display.breath(), RINGS[1][1]]), (self.hovered, RINGS[0])]
    }

    fn mark(&self, id: u32, look: &Look, ring: [f64; 2]) -> Option<Mark> {
        let at = self.camera.to_screen(self.cloud.place(id)?);
        self.mark_at(id, at, look.diameter(self.cloud.size(id)), ring)
    }

    fn mark_at(&self, id: u32, at: [f64; 2], diameter: f64, [gap, ring]: [f64; 2]) -> Option<Mark> {
        if self.cloud.state(id) == State::Hidden {
            return None;
        }
        let [width, height] = self.camera.screen();
        let disc = 0.5 * diameter.max(5.0);
        let dark = luminance(self.background) < 0.4;
        Some(Mark {
            place: [(2.0 * at[0] / width - 1.0) as f32, (1.0 - 2.0 * at[1] / height) as f32],
            radii: [disc, disc + gap, disc + gap + ring].map(|r| (r * self.pixel()) as f32),
            disc: unit(self.cloud.color(id)),
            gap: unit(self.background),
            ring: if dark { [1.0; 3] } else { [0.08, 0.1, 0.14] },
        })
    }

    /// The context is lost: drops every resource. All calls stay safe and are kept for later.
    pub fn lost(&mut self) {
        self.resources = None;
        self.lines.lost();
    }

    /// The context is back: makes every resource again. The next draw is complete.
    pub fn restored(&mut self) -> Result<()> {
        self.resources = None;
        self.resources = Some(Resources::new(&self.device)?);
        self.limits = self.device.limits();
        (self.stale, self.changed) = (Stale::ALL, true);
        if MODES { self.set_shading(self.shading) } else { Ok(()) }
    }

    /// The device, to count its objects and read its error flag.
    pub fn device(&self) -> &Rc<Device> {
        &self.device
    }
}

/// Relative luminance, 0..=1, near enough to tell dark from light.
pub fn luminance([r, g, b]: [u8; 3]) -> f64 {
    (0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)) / 255.0
}

fn unit(color: [u8; 3]) -> [f32; 3] {
    color.map(|c| f32::from(c) / 255.0)
}
