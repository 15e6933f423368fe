//! Safe handles over glow. Every `unsafe` block of the crate is in this file.
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

/// One GL context and the number of objects alive in it.
pub struct Device {
    gl: glow::Context,
    live: Cell<u32>,
}

/// What this device can do, read once: probed, not assumed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Largest width and height of a drawing buffer, in device px.
    pub buffer: [u32; 2],
    /// Largest diameter of a point, in device px.
    pub point: f32,
}

fn problem(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Drawing { problem: what.into() })
}

impl Device {
    /// Takes over a context. It must be WebGL2 or OpenGL ES 3 and current on this thread.
    pub fn new(gl: glow::Context) -> Rc<Self> {
        Rc::new(Device { gl, live: Cell::new(0) })
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
        let renderbuffer = unsafe {
            self.gl.get_parameter_i32_slice(glow::MAX_VIEWPORT_DIMS, &mut viewport);
            self.gl.get_parameter_f32_slice(glow::ALIASED_POINT_SIZE_RANGE, &mut points);
            self.gl.get_parameter_i32(glow::MAX_RENDERBUFFER_SIZE)
        };
        let side = |axis: usize| viewport[axis].min(renderbuffer).max(2048) as u32;
        Limits { buffer: [side(0), side(1)], point: points[1].max(1.0) }
    }

    /// Sets the part of the drawing buffer that is drawn to, from its lower left corner, and fills it.
    pub fn clear(&self, size: [u32; 2], color: [f32; 3]) {
        // SAFETY: plain state of a live context.
        unsafe {
            self.gl.viewport(0, 0, size[0] as i32, size[1] as i32);
            self.gl.clear_color(color[0], color[1], color[2], 1.0);
            self.gl.clear(glow::COLOR_BUFFER_BIT);
        }
    }

    /// The drawing buffer's pixels, RGBA, lowest row first. Waits for the GPU: for tests and pictures.
    pub fn read_pixels(&self, size: [u32; 2]) -> Vec<u8> {
        let mut pixels = vec![0; size[0] as usize * size[1] as usize * 4];
        let (width, height) = (size[0] as i32, size[1] as i32);
        let into = glow::PixelPackData::Slice(Some(&mut pixels));
        // SAFETY: `pixels` holds 4 bytes for each of width x height; rows of 4-byte pixels need no padding.
        unsafe { self.gl.read_pixels(0, 0, width, height, glow::RGBA, glow::UNSIGNED_BYTE, into) };
        pixels
    }

    fn born(&self) {
        self.live.set(self.live.get() + 1);
    }

    fn died(&self) {
        self.live.set(self.live.get() - 1);
    }
}

/// A linked pair of shaders with its uniforms.
pub struct Program {
    device: Rc<Device>,
    raw: glow::Program,
    uniforms: Vec<Option<glow::UniformLocation>>,
}

impl Program {
    /// Compiles and links. `uniforms` are the names that [`Program::set`] counts, from 0.
    pub fn new(device: &Rc<Device>, vertex: &str, fragment: &str, uniforms: &[&str]) -> Result<Self> {
        let gl = &device.gl;
        // SAFETY: all names are created here, from this context, and are used only while alive; the shaders are
        // marked for deletion at once and go with the program.
        unsafe {
            let raw = gl.create_program().map_err(problem)?;
            device.born();
            let mut program = Program { device: device.clone(), raw, uniforms: Vec::new() };
            for (kind, source) in [(glow::VERTEX_SHADER, vertex), (glow::FRAGMENT_SHADER, fragment)] {
                let shader = gl.create_shader(kind).map_err(problem)?;
                gl.shader_source(shader, source);
                gl.compile_shader(shader);
                let compiled = gl.get_shader_compile_status(shader);
                let log = if compiled { String::new() } else { gl.get_shader_info_log(shader) };
                gl.attach_shader(raw, shader);
                gl.delete_shader(shader);
                if !compiled {
                    return Err(problem(format!("a shader does not compile: {}", log.trim())));
                }
            }
            gl.link_program(raw);
            if !gl.get_program_link_status(raw) {
                return Err(problem(format!(
                    "the shaders do not link: {}",
                    gl.get_program_info_log(raw).trim()
                )));
            }
            program.uniforms = uniforms.iter().map(|name| gl.get_uniform_location(raw, name)).collect();
            Ok(program)
        }
    }

    /// Makes this the program that draws.
    pub fn bind(&self) {
        // SAFETY: the program is alive as long as its handle.
        unsafe { self.device.gl.use_program(Some(self.raw)) }
    }

    /// Sets a uniform of 1 to 4 floats (by the length of `value`) of the bound program.
    pub fn set(&self, uniform: usize, value: &[f32]) {
        let (gl, at) = (&self.device.gl, self.uniforms[uniform].as_ref());
        // SAFETY: the location belongs to this program; a location the compiler dropped is None and ignored.
        unsafe {
            match *value {
                [x] => gl.uniform_1_f32(at, x),
                [x, y] => gl.uniform_2_f32(at, x, y),
                [x, y, z] => gl.uniform_3_f32(at, x, y, z),
                [x, y, z, w] => gl.uniform_4_f32(at, x, y, z, w),
                _ => debug_assert!(false, "a uniform has 1 to 4 floats"),
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SAFETY: deleted once, by its only owner.
        unsafe { self.device.gl.delete_program(self.raw) };
        self.device.died();
    }
}

/// Numbers that may be sent to a GPU as they lie in memory.
pub trait Plain: Copy + plain::Sealed {}
impl Plain for [u16; 2] {}
impl Plain for [u16; 4] {}
impl Plain for [u8; 4] {}
impl Plain for u8 {}

mod plain {
    /// Closed: only types without padding, for which any bytes may be read.
    pub trait Sealed {}
    impl Sealed for [u16; 2] {}
    impl Sealed for [u16; 4] {}
    impl Sealed for [u8; 4] {}
    impl Sealed for u8 {}
}

/// Vertex data on the GPU, one `T` a point.
pub struct Buffer {
    device: Rc<Device>,
    raw: glow::Buffer,
    len: usize,
    bytes: usize,
}

impl Buffer {
    /// An empty buffer.
    pub fn new(device: &Rc<Device>) -> Result<Self> {
        // SAFETY: creates a name in a live context.
        let raw = unsafe { device.gl.create_buffer() }.map_err(problem)?;
        device.born();
        Ok(Buffer { device: device.clone(), raw, len: 0, bytes: 0 })
    }

    /// Replaces the contents.
    pub fn upload<T: Plain>(&mut self, data: &[T]) {
        // SAFETY: `Plain` types have no padding, so all of their bytes may be read; u8 needs no alignment.
        let bytes = unsafe { std::slice::from_raw_parts(data.as_ptr().cast::<u8>(), size_of_val(data)) };
        let gl = &self.device.gl;
        // SAFETY: the buffer is alive; the driver copies `bytes` before returning; a partial write has its full size.
        unsafe {
            gl.bind_buffer(glow::ARRAY_BUFFER, Some(self.raw));
            if bytes.len() == self.bytes && self.bytes > 0 {
                gl.buffer_sub_data_u8_slice(glow::ARRAY_BUFFER, 0, bytes);
            } else {
                gl.buffer_data_u8_slice(glow::ARRAY_BUFFER, bytes, glow::DYNAMIC_DRAW);
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

/// Which buffers feed which attributes. It owns the buffers, so a draw can not outlive them.
pub struct VertexArray {
    device: Rc<Device>,
    raw: glow::VertexArray,
    buffers: Vec<Buffer>,
    /// Whether attribute i is read from its buffer. One that is not is 0 for every point.
    read: Vec<bool>,
}

impl VertexArray {
    /// Attribute i has a new buffer of layout i, and is not read yet. Without attributes, shaders have only
    /// `gl_VertexID`.
    pub fn new(device: &Rc<Device>, layouts: &[Layout]) -> Result<Self> {
        let gl = &device.gl;
        // SAFETY: the array and its buffers are alive and of this context; the layouts name the sizes that
        // `Buffer::upload` takes, tightly packed from offset 0.
        unsafe {
            let raw = gl.create_vertex_array().map_err(problem)?;
            device.born();
            let read = vec![false; layouts.len()];
            let mut array = VertexArray { device: device.clone(), raw, buffers: Vec::new(), read };
            gl.bind_vertex_array(Some(raw));
            for (index, layout) in layouts.iter().enumerate() {
                let buffer = Buffer::new(device)?;
                gl.bind_buffer(glow::ARRAY_BUFFER, Some(buffer.raw));
                let (size, kind, unit) = match layout {
                    Layout::Whole2 => (2, glow::UNSIGNED_SHORT, false),
                    Layout::Whole4 => (4, glow::UNSIGNED_SHORT, false),
                    Layout::Unit4 => (4, glow::UNSIGNED_BYTE, true),
                    Layout::Byte => (1, glow::UNSIGNED_BYTE, false),
                };
                gl.vertex_attrib_pointer_f32(index as u32, size, kind, unit, 0, 0);
                array.buffers.push(buffer);
            }
            gl.bind_vertex_array(None);
            Ok(array)
        }
    }

    /// Replaces what attribute `index` reads.
    pub fn upload<T: Plain>(&mut self, index: usize, data: &[T]) {
        self.buffers[index].upload(data);
    }

    /// Whether attribute `index` is read. Unread it costs nothing.
    pub fn read(&mut self, index: usize, read: bool) {
        if self.read[index] == read {
            return;
        }
        self.read[index] = read;
        let gl = &self.device.gl;
        // SAFETY: plain state of an array that is alive. `draw_points` sees to it that the buffer is long enough.
        unsafe {
            gl.bind_vertex_array(Some(self.raw));
            if read {
                gl.enable_vertex_attrib_array(index as u32);
            } else {
                gl.disable_vertex_attrib_array(index as u32);
            }
            gl.bind_vertex_array(None);
        }
    }

    /// Bytes in the buffers.
    pub fn bytes(&self) -> usize {
        self.buffers.iter().map(|buffer| buffer.bytes).sum()
    }

    /// Draws points `from..to` with the bound program, over what is there (premultiplied alpha). Sets all the state
    /// it needs. Never a point beyond the shortest buffer that is read.
    pub fn draw_points(&self, from: usize, to: usize) {
        self.draw(glow::POINTS, from, to);
    }

    /// The same with a triangle of each three vertices before `to`.
    pub fn draw_triangles(&self, to: usize) {
        self.draw(glow::TRIANGLES, 0, to);
    }

    fn draw(&self, kind: u32, from: usize, to: usize) {
        let lens =
            self.buffers.iter().zip(&self.read).filter(|(_, read)| **read).map(|(buffer, _)| buffer.len);
        let to = lens.min().unwrap_or(to).min(to);
        if from >= to {
            return;
        }
        let whole = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let gl = &self.device.gl;
        // SAFETY: a program is bound, the array is alive, and the vertices are within every buffer that is read.
        unsafe {
            gl.disable(glow::DEPTH_TEST);
            gl.enable(glow::BLEND);
            gl.blend_func(glow::ONE, glow::ONE_MINUS_SRC_ALPHA);
            gl.bind_vertex_array(Some(self.raw));
            gl.draw_arrays(kind, whole(from), whole(to - from));
            gl.bind_vertex_array(None);
        }
    }
}

impl Drop for VertexArray {
    fn drop(&mut self) {
        // SAFETY: deleted once, by its only owner.
        unsafe { self.device.gl.delete_vertex_array(self.raw) };
        self.device.died();
    }
}
