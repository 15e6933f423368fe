//! The command that draws the cloud: one `gl.POINTS` call for all points, antialiased discs.
//!
//! 12 bytes a point in three buffers: the high and the low halves of the positions (replaced by every frame of a live
//! layout) and styles (color and size, replaced when the coloring changes). Two more are there only while they are
//! needed: states, and the places that moving points come from. While items are highlighted there are two calls, so
//! that these lie on top. The formulas are in points.vert and points.frag; [`Look`] holds what they need besides.

use std::rc::Rc;

use super::cloud::Cloud;
use super::density::opacity;
use super::display::Display;
use super::gl::{Device, Layout, Program, VertexArray};
use super::quantize::{FINE_PX, Quantizer};
use super::shader::shader;
use crate::camera::Camera;
use crate::error::Result;

/// How fast discs grow with the zoom: diameter ~ magnification^0.35. Linear growth would show dots from afar and
/// blobs from near.
const GROWTH: f64 = 0.35;

/// No disc is wider than this, in CSS px.
const CAP: f64 = 44.0;

/// How discs look at this moment: their sizes in CSS px and their opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Diameter of the smallest.
    pub smallest: f64,
    /// Diameter of the largest.
    pub largest: f64,
    /// No diameter is larger.
    pub cap: f64,
    /// Of one disc, 0..=1.
    pub opacity: f64,
}

/// Shorter side of the screen that disc sizes are made for, in CSS px.
const SCREEN: f64 = 900.0;

impl Look {
    /// The look of `n` points at the camera's zoom, where `limit` is the largest point the device draws, in CSS px.
    /// Solid: see [`Look::crowded`].
    pub fn new(n: usize, camera: &Camera, limit: f64) -> Self {
        let magnification = camera.magnification();
        let [width, height] = camera.screen();
        // A phone shows the same map smaller; its discs shrink less, as they must still be seen and touched.
        let screen = (width.min(height) / SCREEN).sqrt().clamp(0.65, 1.2);
        let scale = screen * magnification.powf(GROWTH);
        let [smallest, largest] = super::cloud::diameters(n).map(|d| d * scale);
        Look { smallest, largest, cap: CAP.min(limit), opacity: opacity(0.0) }
    }

    /// The same where `density` points lie on a square CSS px; `mean` are the mean of their sizes, 0..=1, and of the
    /// squares of these. As the camera comes nearer, discs overlap less and become more solid.
    pub fn crowded(self, density: f64, mean: [f64; 2]) -> Self {
        let span = self.largest - self.smallest;
        let square = self.smallest * (self.smallest + 2.0 * span * mean[0]) + span * span * mean[1];
        let area = std::f64::consts::FRAC_PI_4 * square.min(self.cap * self.cap);
        Look { opacity: opacity(density * area), ..self }
    }

    /// The same with diameters `times` as large; no point of the device is larger than `limit`.
    pub fn sized(self, times: f64, limit: f64) -> Self {
        let [smallest, largest] = [self.smallest, self.largest].map(|d| d * times);
        Look { smallest, largest, cap: (CAP * times.max(1.0)).min(limit), ..self }
    }

    /// Diameter in CSS px of a disc whose size is `size` between the smallest, 0, and the largest, 1.
    pub fn diameter(&self, size: f64) -> f64 {
        (self.smallest + size * (self.largest - self.smallest)).min(self.cap)
    }
}

/// What a draw needs besides the cloud, the camera and the look.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Device px per CSS px.
    pub pixel: f64,
    /// So many points are drawn, the last ones in order.
    pub count: usize,
    /// Dimmed points are mixed with it.
    pub background: [f32; 3],
    /// What the visitor chose.
    pub display: Display,
}

/// How much darker a rim is than its disc.
const RIM: f32 = 0.42;

/// Attributes of points.vert, in the order of their locations.
const LAYOUTS: [Layout; 5] = [Layout::Whole2, Layout::Whole2, Layout::Unit4, Layout::Byte, Layout::Whole4];
const HIGH: usize = 0;
const LOW: usize = 1;
const STYLE: usize = 2;
const STATE: usize = 3;
const BEFORE: usize = 4;

/// The cloud's resources on the GPU.
pub struct Points {
    program: Program,
    array: VertexArray,
    before: Option<Quantizer>,
}

impl Points {
    /// Compiles the shaders; no points yet.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        let (vertex, fragment) = (shader!("points.vert"), shader!("points.frag"));
        let uniforms = [
            "center",
            "scale",
            "beforeCenter",
            "beforeScale",
            "blend",
            "sizes",
            "opacity",
            "pixel",
            "background",
            "chosen",
            "rim",
            "twinkle",
        ];
        let mut array = VertexArray::new(device, &LAYOUTS)?;
        array.read(HIGH, true);
        array.read(STYLE, true);
        Ok(Points { program: Program::new(device, vertex, fragment, &uniforms)?, array, before: None })
    }

    /// Sends all positions.
    pub fn upload_positions(&mut self, cloud: &mut Cloud) {
        let (high, low) = cloud.gpu_positions();
        self.array.upload(HIGH, &high);
        self.array.upload(LOW, &low);
        self.upload_before(cloud);
    }

    /// Sends where moving points come from, or frees it.
    pub fn upload_before(&mut self, cloud: &Cloud) {
        if cloud.is_moving() || self.before.is_some() {
            let (before, quantizer) = cloud.gpu_before();
            self.array.upload(BEFORE, &before);
            self.array.read(BEFORE, cloud.is_moving());
            self.before = cloud.is_moving().then_some(quantizer);
        }
    }

    /// Sends all colors, sizes and states.
    pub fn upload_styles(&mut self, cloud: &Cloud) {
        self.array.upload(STYLE, &cloud.gpu_styles());
    }

    /// Sends all states, or frees them.
    pub fn upload_states(&mut self, cloud: &Cloud) {
        self.array.upload(STATE, &cloud.gpu_states());
        self.array.read(STATE, cloud.has_states());
    }

    /// Bytes on the GPU.
    pub fn bytes(&self) -> usize {
        self.array.bytes()
    }

    /// Draws.
    pub fn draw(&mut self, cloud: &Cloud, camera: &Camera, look: &Look, frame: &Frame) {
        let now = cloud.quantizer();
        let fine = camera.zoom() * frame.pixel / now.per_unit > FINE_PX;
        self.array.read(LOW, fine);
        self.program.bind();
        // Without their low halves, points are taken to be in the middle of their quanta.
        self.window(0, camera, &now, if fine { 0.0 } else { 0.5 });
        if let Some(before) = &self.before {
            self.window(2, camera, before, 0.0);
        }
        let sizes = [look.smallest, look.largest, look.cap].map(|px| (px * frame.pixel) as f32);
        let scalars = [cloud.blend(), look.opacity, frame.pixel].map(|value| value as f32);
        self.program.set(4, &scalars[..1]);
        self.program.set(5, &sizes);
        self.program.set(6, &scalars[1..2]);
        self.program.set(7, &scalars[2..]);
        self.program.set(8, &frame.background);
        let Display { rim, phase, twinkle, .. } = frame.display;
        self.program.set(10, &[if rim { RIM } else { 0.0 }]);
        self.program.set(11, &[phase, twinkle].map(|value| value as f32));
        let passes: &[f32] = if cloud.has_states() { &[1.0, 2.0] } else { &[0.0] };
        for &chosen in passes {
            self.program.set(9, &[chosen]);
            self.array.draw_points(cloud.len() - frame.count.min(cloud.len()), cloud.len());
        }
    }

    /// Sets a center and a scale, from uniform `first` on: the camera in quanta, less a part of one.
    fn window(&self, first: usize, camera: &Camera, quantizer: &Quantizer, part: f64) {
        let center = quantizer.quanta(camera.center()).map(|c| c - part);
        let low = center.map(|c| (65_536.0 * (c - c.floor())) as f32);
        let scale = camera.screen().map(|side| (2.0 * camera.zoom() / (quantizer.per_unit * side)) as f32);
        self.program.set(first, &[center[0].floor() as f32, center[1].floor() as f32, low[0], low[1]]);
        self.program.set(first + 1, &scale);
    }
}
