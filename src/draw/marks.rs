//! The command that marks the hovered and the selected item: its disc again, opaque, with a ring around it.
//!
//! One tiny draw for each mark, everything in uniforms, after the cloud: so that a marked item lies above all
//! others without a change to the cloud's buffers.

use std::rc::Rc;

use super::gl::{Device, Program, VertexArray};
use super::shader::shader;
use crate::error::Result;

/// One mark; lengths in device px, colors 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Clip coordinates of the item.
    pub place: [f32; 2],
    /// Outer radius of the disc, of the gap and of the ring, rising.
    pub radii: [f32; 3],
    /// Color of the disc.
    pub disc: [f32; 3],
    /// Color of the gap.
    pub gap: [f32; 3],
    /// Color of the ring.
    pub ring: [f32; 3],
}

/// The resources of the marks on the GPU.
pub struct Marks {
    program: Program,
    array: VertexArray,
}

impl Marks {
    /// Compiles the shaders.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        let (vertex, fragment) = (shader!("mark.vert"), shader!("mark.frag"));
        let program = Program::new(device, vertex, fragment, &["place", "radii", "disc", "gap", "ring"])?;
        Ok(Marks { program, array: VertexArray::new(device, &[])? })
    }

    /// Draws one mark.
    pub fn draw(&self, mark: &Mark) {
        self.program.bind();
        self.program.set(0, &mark.place);
        for (uniform, value) in [mark.radii, mark.disc, mark.gap, mark.ring].iter().enumerate() {
            self.program.set(uniform + 1, value);
        }
        self.array.draw_points(0, 1);
    }
}
