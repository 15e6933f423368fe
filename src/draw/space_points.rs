//! The command that draws a galaxy: one call for all points, from far to near.
//!
//! 12 bytes a point: places (8) and styles (4). States and the places that moving points come from are there only while
//! they are needed, as on the flat map. There is no depth buffer: discs are antialiased and let others shine through,
//! so what is far must be drawn first; a buffer of depths would cut edges hard, and every canvas would have to have
//! one. The slots are sorted by depth when the camera moved, those alone that the frame draws, so that the detail of
//! moving pictures (detail.rs) bounds this work too. The list of slots is 4 bytes a point drawn.

use std::rc::Rc;

use super::cloud::Cloud;
use super::display::Display;
use super::gl::{Device, Layout, Program, VertexArray};
use super::orbit::{NEAR, Pose};
use super::points::{Frame, RIM};
use super::shader::shader;
use super::space::{DepthLook, Space};
use crate::error::Result;

/// Attributes of space.vert, in the order of their locations.
const LAYOUTS: [Layout; 4] = [Layout::Whole4, Layout::Unit4, Layout::Byte, Layout::Whole4];
const PLACE: usize = 0;
const STYLE: usize = 1;
const STATE: usize = 2;
const BEFORE: usize = 3;

const UNIFORMS: [&str; 15] = [
    "eye",
    "eyeParts",
    "right",
    "up",
    "forward",
    "shift",
    "blend",
    "sizes",
    "depths",
    "cues",
    "opacity",
    "pixel",
    "background",
    "rim",
    "twinkle",
];

/// The galaxy's resources on the GPU.
pub struct SpacePoints {
    program: Program,
    array: VertexArray,
    /// What the list of slots was made for; none when it must be made again.
    sorted: Option<(Pose, f64, usize)>,
}

impl SpacePoints {
    /// Compiles the shaders; no points yet.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        let program = Program::new(device, shader!("space.vert"), shader!("points.frag"), &UNIFORMS)?;
        let mut array = VertexArray::new(device, &LAYOUTS)?;
        array.read(PLACE, true);
        array.read(STYLE, true);
        Ok(SpacePoints { program, array, sorted: None })
    }

    /// Sends all places, those that moving points come from too.
    pub fn upload_positions(&mut self, cloud: &Cloud, space: &Space) {
        self.array.upload(PLACE, &space.gpu_positions(cloud));
        self.array.upload(BEFORE, &space.gpu_before(cloud));
        self.array.read(BEFORE, space.is_moving());
        self.sorted = None;
    }

    /// Sends all colors and sizes.
    pub fn upload_styles(&mut self, cloud: &Cloud) {
        self.array.upload(STYLE, &cloud.gpu_styles());
    }

    /// Sends all states, or frees them.
    pub fn upload_states(&mut self, cloud: &Cloud) {
        self.array.upload(STATE, &cloud.gpu_states());
        self.array.read(STATE, cloud.has_states());
        self.sorted = None;
    }

    /// Bytes on the GPU.
    pub fn bytes(&self) -> usize {
        self.array.bytes()
    }

    /// Draws.
    pub fn draw(&mut self, cloud: &Cloud, space: &Space, look: &DepthLook, frame: &Frame) {
        let now = (space.orbit.pose(), space.blend(), frame.count);
        if self.sorted != Some(now) {
            self.array.upload_order(&space.order(cloud, cloud.len() - frame.count.min(cloud.len())));
            self.sorted = Some(now);
        }
        let (orbit, axes) = (&space.orbit, space.orbit.axes());
        let (eye, per_unit) = space.quanta(axes.eye);
        let [width, height] = orbit.screen();
        let [x, y] = orbit.middle();
        let scaled = |axis: [f64; 3], by: f64| axis.map(|c| (c * by / per_unit) as f32);
        let flat = &look.look;
        let sizes = [flat.smallest, flat.largest, flat.cap].map(|px| (px * frame.pixel) as f32);
        let depths = [NEAR * look.distance, look.distance, look.fog[0], look.fog[1]].map(|d| d as f32);
        let Display { rim, phase, twinkle, .. } = frame.display;
        let rest = [space.blend(), look.cues, look.fog_most, flat.opacity, frame.pixel, phase, twinkle]
            .map(|c| c as f32);
        let values: [&[f32]; UNIFORMS.len()] = [
            &eye.map(|c| c.floor() as f32),
            &eye.map(|c| (c - c.floor()) as f32),
            &scaled(axes.right, 2.0 * orbit.focal() / width),
            &scaled(axes.up, 2.0 * orbit.focal() / height),
            &scaled(axes.forward, 1.0),
            &[(2.0 * x / width - 1.0) as f32, (1.0 - 2.0 * y / height) as f32],
            &rest[..1],
            &sizes,
            &depths,
            &rest[1..3],
            &rest[3..4],
            &rest[4..5],
            &frame.background,
            &[if rim { RIM } else { 0.0 }],
            &rest[5..],
        ];
        self.program.bind();
        for (uniform, value) in values.into_iter().enumerate() {
            self.program.set(uniform, value);
        }
        self.array.draw_order(cloud.len());
    }
}
