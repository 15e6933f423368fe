//! Safe handles over glow. Every `unsafe` block of the crate is in this file and in gl/ below it.
//!
//! glow marks all of GL unsafe because a native driver trusts its caller: wrong sizes and dead names are undefined
//! behavior. A WebGL context checks everything itself and at worst sets an error flag. The handles here keep the
//! rules for both: objects live as long as their handle, lengths come from slices, and a draw never reads past the
//! buffers it was given. They count themselves, so that tests can see that nothing is left behind.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::rc::Rc;

use glow::HasContext;

use crate::error::{Error, ErrorKind, Result};

pub mod offscreen;
mod program;
pub mod texture;
mod vertex_array;

pub use program::Program;
pub use vertex_array::VertexArray;

/// One GL context and the number of objects alive in it.
pub struct Device {
    gl: glow::Context,
    live: Cell<u32>,
    output: Cell<offscreen::Output>,
    compiling: program::Compiling,
}

/// What this device can do, read once: probed, not assumed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Largest width and height of a drawing buffer, in device px.
    pub buffer: [u32; 2],
    /// Largest diameter of a point, in device px.
    pub point: f32,
    /// Largest side of a texture.
    pub texture: u32,
}

fn problem(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Drawing { problem: what.into() })
}

impl Device {
    /// Takes over a context. It must be WebGL2 or OpenGL ES 3 and current on this thread.
    pub fn new(gl: glow::Context) -> Rc<Self> {
        let compiling = program::Compiling::new(&gl);
        Rc::new(Device { gl, live: Cell::new(0), output: Cell::default(), compiling })
    }

    /// GL objects alive now.
    pub fn live(&self) -> u32 {
        self.live.get()
    }

    /// The oldest error flag not read yet; 0 = none. Waits for the GPU: for tests.
    pub fn error(&self) -> u32 {
        // SAFETY: reads a flag of a live context.
        unsafe { self.gl.get_error() }
    }

    /// Reads the limits. A value the device does not tell (a lost context) becomes the least that WebGL2 promises.
    pub fn limits(&self) -> Limits {
        let (mut viewport, mut points) = ([0; 2], [0.0; 2]);
        // SAFETY: both slices have the two places that these parameters fill.
        let (renderbuffer, texture) = unsafe {
            self.gl.get_parameter_i32_slice(glow::MAX_VIEWPORT_DIMS, &mut viewport);
            self.gl.get_parameter_f32_slice(glow::ALIASED_POINT_SIZE_RANGE, &mut points);
            let most = [glow::MAX_RENDERBUFFER_SIZE, glow::MAX_TEXTURE_SIZE];
            most.map(|name| self.gl.get_parameter_i32(name)).into()
        };
        let side = |axis: usize| viewport[axis].min(renderbuffer).max(2048) as u32;
        let texture = texture.max(2048) as u32;
        Limits { buffer: [side(0), side(1)], point: points[1].max(1.0), texture }
    }

    /// Sets the part of the drawing buffer that is drawn to, from its lower left corner, and fills it.
    pub fn clear(&self, size: [u32; 2], color: [f32; 3]) {
        let alpha = if self.output.get().transparent { 0.0 } else { 1.0 };
        let [r, g, b] = color.map(|c| c * alpha);
        // SAFETY: plain state of a live context.
        unsafe {
            self.gl.viewport(0, 0, size[0] as i32, size[1] as i32);
            self.gl.clear_color(r, g, b, alpha);
            self.gl.clear(glow::COLOR_BUFFER_BIT);
        }
    }

    /// The drawing buffer's pixels, RGBA, lowest row first. Waits for the GPU: for tests and pictures.
    pub fn read_pixels(&self, size: [u32; 2]) -> Vec<u8> {
        self.read_part([0; 2], size)
    }

    fn read_part(&self, at: [u32; 2], size: [u32; 2]) -> Vec<u8> {
        let mut pixels = vec![0; size[0] as usize * size[1] as usize * 4];
        let [x, y, width, height] = [at[0], at[1], size[0], size[1]].map(|side| side as i32);
        let into = glow::PixelPackData::Slice(Some(&mut pixels));
        // SAFETY: `pixels` holds 4 bytes for each of width x height; rows of 4-byte pixels need no padding.
        unsafe { self.gl.read_pixels(x, y, width, height, glow::RGBA, glow::UNSIGNED_BYTE, into) };
        pixels
    }

    fn born(&self) {
        self.live.set(self.live.get() + 1);
    }

    fn died(&self) {
        self.live.set(self.live.get() - 1);
    }
}

/// Numbers that may be sent to a GPU as they lie in memory.
pub trait Plain: Copy + plain::Sealed {}
impl Plain for [u16; 2] {}
impl Plain for [u16; 4] {}
impl Plain for [u8; 4] {}
impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for f32 {}

mod plain {
    /// Closed: only types without padding, for which any bytes may be read.
    pub trait Sealed {}
    impl Sealed for [u16; 2] {}
    impl Sealed for [u16; 4] {}
    impl Sealed for [u8; 4] {}
    impl Sealed for u8 {}
    impl Sealed for u32 {}
    impl Sealed for f32 {}
}

/// All bytes of plain numbers.
fn bytes_of<T: Plain>(data: &[T]) -> &[u8] {
    // SAFETY: `Plain` types have no padding, so all of their bytes may be read; u8 needs no alignment.
    unsafe { std::slice::from_raw_parts(data.as_ptr().cast::<u8>(), size_of_val(data)) }
}

/// What becomes of the pixels that a draw meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    /// Covered by as much as the new ones are opaque (premultiplied alpha).
    Over,
    /// Summed up.
    Add,
    /// Colors are summed up, of alpha the larger one stays.
    AddMax,
    /// Replaced.
    Replace,
}

/// Vertex data on the GPU, one `T` a point.
pub struct Buffer {
    device: Rc<Device>,
    raw: glow::Buffer,
    len: usize,
    bytes: usize,
    /// WebGL lets a buffer hold either vertices or their order.
    target: u32,
}

impl Buffer {
    /// An empty buffer for vertices.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        Buffer::of(device, glow::ARRAY_BUFFER)
    }

    fn of(device: &Rc<Device>, target: u32) -> Result<Self> {
        // SAFETY: creates a name in a live context.
        let raw = unsafe { device.gl.create_buffer() }.map_err(problem)?;
        device.born();
        Ok(Buffer { device: device.clone(), raw, len: 0, bytes: 0, target })
    }

    /// Replaces the contents.
    pub fn upload<T: Plain>(&mut self, data: &[T]) {
        let bytes = bytes_of(data);
        let gl = &self.device.gl;
        // SAFETY: the buffer is alive; the driver copies `bytes` before returning; a partial write has its full size.
        unsafe {
            gl.bind_buffer(self.target, Some(self.raw));
            if bytes.len() == self.bytes && self.bytes > 0 {
                gl.buffer_sub_data_u8_slice(self.target, 0, bytes);
            } else {
                gl.buffer_data_u8_slice(self.target, bytes, glow::DYNAMIC_DRAW);
            }
        }
        (self.len, self.bytes) = (data.len(), bytes.len());
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: deleted once, by its only owner.
        unsafe { self.device.gl.delete_buffer(self.raw) };
        self.device.died();
    }
}

/// How an attribute lies in its buffer.
#[derive(Clone, Copy)]
pub enum Layout {
    /// `[u16; 2]`, read as 0..=65535.
    Whole2,
    /// `[u16; 4]`, read as 0..=65535.
    Whole4,
    /// `[u8; 4]`, 0..=255 read as 0..=1.
    Unit4,
    /// `u8`, read as 0..=255.
    Byte,
}
