//! The command that draws the cloud: one `gl.POINTS` call for all points, antialiased discs.
//!
//! 12 bytes a point in two buffers: positions (two floats, replaced by every frame of a live layout) and styles
//! (color and size in four bytes, replaced when the coloring changes). The formulas are in points.vert and
//! points.frag; [`Look`] holds what they need besides.

use std::rc::Rc;

use super::cloud::Cloud;
use super::gl::{Device, Layout, Program, VertexArray};
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
    /// Discs become more solid as the camera comes nearer and they overlap less.
    pub fn new(n: usize, camera: &Camera, limit: f64) -> Self {
        let magnification = camera.magnification();
        let [width, height] = camera.screen();
        // A phone shows the same map smaller; its discs shrink less, as they must still be seen and touched.
        let screen = (width.min(height) / SCREEN).sqrt().clamp(0.65, 1.2);
        let scale = screen * magnification.powf(GROWTH);
        let [smallest, largest] = super::cloud::diameters(n).map(|d| d * scale);
        let far = super::cloud::opacity(n);
        let opacity = far + (0.92 - far) * (1.0 - 1.0 / magnification.max(1.0));
        Look { smallest, largest, cap: CAP.min(limit), opacity }
    }

    /// Diameter in CSS px of a disc whose size is `size` between the smallest, 0, and the largest, 1.
    pub fn diameter(&self, size: f64) -> f64 {
        (self.smallest + size * (self.largest - self.smallest)).min(self.cap)
    }
}

const CENTER: usize = 0;
const SCALE: usize = 1;
const SIZES: usize = 2;
const OPACITY: usize = 3;
const PIXEL: usize = 4;

/// The cloud's resources on the GPU.
pub struct Points {
    program: Program,
    array: VertexArray,
}

impl Points {
    /// Compiles the shaders; no points yet.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        let (vertex, fragment) = (include_str!("points.vert"), include_str!("points.frag"));
        let program =
            Program::new(device, vertex, fragment, &["center", "scale", "sizes", "opacity", "pixel"])?;
        let array = VertexArray::new(device, &[Layout::Float2, Layout::Unit4])?;
        Ok(Points { program, array })
    }

    /// Sends all positions.
    pub fn upload_positions(&mut self, cloud: &Cloud) {
        self.array.buffer(0).upload(&cloud.gpu_positions());
    }

    /// Sends all colors and sizes.
    pub fn upload_styles(&mut self, cloud: &Cloud) {
        self.array.buffer(1).upload(&cloud.gpu_styles());
    }

    /// Draws. `pixel` = device px per CSS px.
    pub fn draw(&self, cloud: &Cloud, camera: &Camera, look: &Look, pixel: f64) {
        let (middle, half) = (cloud.bounds().center(), cloud.bounds().half());
        let center = [0, 1].map(|axis| (camera.center()[axis] - middle[axis]) / half);
        let high = center.map(|c| c as f32);
        let low = [0, 1].map(|axis| (center[axis] - f64::from(high[axis])) as f32);
        let scale = [0, 1].map(|axis| (2.0 * half * camera.zoom() / camera.screen()[axis]) as f32);
        let sizes = [look.smallest, look.largest, look.cap].map(|px| (px * pixel) as f32);
        self.program.bind();
        self.program.set(CENTER, &[high[0], high[1], low[0], low[1]]);
        self.program.set(SCALE, &scale);
        self.program.set(SIZES, &sizes);
        self.program.set(OPACITY, &[look.opacity as f32]);
        self.program.set(PIXEL, &[pixel as f32]);
        self.array.draw_points(cloud.len());
    }
}
