//! Vertex array: the buffers of a draw, which attributes read them, and the draw itself.

use std::rc::Rc;

use glow::HasContext;

use super::{Blend, Buffer, Device, Layout, Plain, problem};
use crate::error::Result;

/// Which buffers feed which attributes. It owns the buffers, so a draw can not outlive them.
pub struct VertexArray {
    device: Rc<Device>,
    raw: glow::VertexArray,
    buffers: Vec<Buffer>,
    /// Whether attribute i is read from its buffer. One that is not is 0 for every point.
    read: Vec<bool>,
    /// Which points are drawn, and when, by [`VertexArray::draw_order`].
    order: Option<Buffer>,
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
            let mut array =
                VertexArray { device: device.clone(), raw, buffers: Vec::new(), read, order: None };
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

    /// Empties all buffers.
    pub fn free(&mut self) {
        self.buffers.iter_mut().for_each(|buffer| buffer.upload::<u8>(&[]));
    }

    /// Bytes in the buffers.
    pub fn bytes(&self) -> usize {
        self.buffers.iter().chain(&self.order).map(|buffer| buffer.bytes).sum()
    }

    /// Draws points `from..to` with the bound program, over what is there (premultiplied alpha).
    pub fn draw_points(&self, from: usize, to: usize) {
        self.draw(glow::POINTS, Blend::Over, from, to);
    }

    /// The same with a triangle of each three vertices before `to`.
    pub fn draw_triangles(&self, to: usize) {
        self.draw(glow::TRIANGLES, Blend::Over, 0, to);
    }

    /// Draws `from..to` as glow::POINTS or glow::TRIANGLES with the bound program. Sets all the state it needs. Never a
    /// vertex beyond the shortest buffer that is read.
    pub fn draw(&self, shape: u32, blend: Blend, from: usize, to: usize) {
        let lens =
            self.buffers.iter().zip(&self.read).filter(|(_, read)| **read).map(|(buffer, _)| buffer.len);
        let to = lens.min().unwrap_or(to).min(to);
        if from >= to {
            return;
        }
        let gl = &self.device.gl;
        // SAFETY: a program is bound, the array is alive, and the vertices are within every buffer that is read.
        unsafe {
            self.bind(blend);
            gl.draw_arrays(shape, whole(from), whole(to - from));
            gl.bind_vertex_array(None);
        }
    }

    /// Replaces the points that [`VertexArray::draw_order`] draws, in their order. Without memory for it none are drawn.
    pub fn upload_order(&mut self, order: &[u32]) {
        if self.order.is_none() {
            self.order = Buffer::of(&self.device, glow::ELEMENT_ARRAY_BUFFER).ok();
        }
        if let Some(buffer) = &mut self.order {
            buffer.upload(order);
        }
    }

    /// Draws the points of the last order, each `< n`, where every buffer that is read holds n.
    pub fn draw_order(&self, n: usize) {
        let Some(order) = self.order.as_ref().filter(|order| order.len > 0) else { return };
        let mut read = self.buffers.iter().zip(&self.read).filter(|(_, read)| **read);
        if read.any(|(buffer, _)| buffer.len < n) {
            return;
        }
        let gl = &self.device.gl;
        // SAFETY: a program is bound, array and order are alive, and the points are within every buffer that is read.
        unsafe {
            self.bind(Blend::Over);
            gl.bind_buffer(glow::ELEMENT_ARRAY_BUFFER, Some(order.raw));
            gl.draw_elements(glow::POINTS, whole(order.len), glow::UNSIGNED_INT, 0);
            gl.bind_vertex_array(None);
        }
    }

    /// All the state of a draw.
    fn bind(&self, blend: Blend) {
        let gl = &self.device.gl;
        // SAFETY: plain state; the array is alive.
        unsafe {
            gl.disable(glow::DEPTH_TEST);
            gl.enable(glow::BLEND);
            let alpha = if blend == Blend::AddMax { glow::MAX } else { glow::FUNC_ADD };
            gl.blend_equation_separate(glow::FUNC_ADD, alpha);
            let under = match blend {
                Blend::Over => glow::ONE_MINUS_SRC_ALPHA,
                Blend::Add | Blend::AddMax => glow::ONE,
                Blend::Replace => glow::ZERO,
            };
            gl.blend_func(glow::ONE, under);
            gl.bind_vertex_array(Some(self.raw));
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

/// As GL takes numbers of things.
fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
