//! Textures that shaders read, and targets: textures that are drawn to in place of the screen.
//!
//! Read by whole texels only (`texelFetch`, or nearest), as float textures can not be filtered everywhere.
#![allow(unsafe_code)]

use std::rc::Rc;

use glow::HasContext;

use super::{Device, Plain, Program, bytes_of, problem};
use crate::error::Result;

/// What a texel holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Four f32.
    Float4,
    /// Four half floats: whole numbers up to 2048 are exact.
    Half4,
    /// Four bytes, read as 0..=1.
    Unit4,
    /// One f32.
    Float1,
}

impl Format {
    /// Internal format, format and type for GL, and bytes a texel.
    fn gl(self) -> (i32, u32, u32, usize) {
        match self {
            Format::Float4 => (glow::RGBA32F as i32, glow::RGBA, glow::FLOAT, 16),
            Format::Half4 => (glow::RGBA16F as i32, glow::RGBA, glow::HALF_FLOAT, 8),
            Format::Unit4 => (glow::RGBA8 as i32, glow::RGBA, glow::UNSIGNED_BYTE, 4),
            Format::Float1 => (glow::R32F as i32, glow::RED, glow::FLOAT, 4),
        }
    }
}

impl Device {
    /// Whether points can be summed up in targets of this format, as far as the device says: to be sure, make one.
    pub fn sums_in(&self, format: Format) -> bool {
        let has = |name: &str| self.gl.supported_extensions().contains(name);
        match format {
            Format::Float4 => has("EXT_color_buffer_float") && has("EXT_float_blend"),
            Format::Half4 => has("EXT_color_buffer_float") || has("EXT_color_buffer_half_float"),
            Format::Unit4 | Format::Float1 => false,
        }
    }
}

/// A texture.
pub struct Texture {
    device: Rc<Device>,
    raw: glow::Texture,
    format: Format,
    size: [u32; 2],
}

impl Texture {
    /// A texture without texels.
    pub fn new(device: &Rc<Device>, format: Format) -> Result<Self> {
        let gl = &device.gl;
        // SAFETY: creates a name in a live context and sets its plain state.
        let raw = unsafe {
            let raw = gl.create_texture().map_err(problem)?;
            gl.bind_texture(glow::TEXTURE_2D, Some(raw));
            for filter in [glow::TEXTURE_MIN_FILTER, glow::TEXTURE_MAG_FILTER] {
                gl.tex_parameter_i32(glow::TEXTURE_2D, filter, glow::NEAREST as i32);
            }
            for wrap in [glow::TEXTURE_WRAP_S, glow::TEXTURE_WRAP_T] {
                gl.tex_parameter_i32(glow::TEXTURE_2D, wrap, glow::CLAMP_TO_EDGE as i32);
            }
            raw
        };
        device.born();
        Ok(Texture { device: device.clone(), raw, format, size: [0; 2] })
    }

    /// Replaces all texels, lowest row first: as many numbers as `size` has. Nothing = texels of any value.
    pub fn upload<T: Plain>(&mut self, size: [u32; 2], data: Option<&[T]>) {
        let (internal, format, kind, texel) = self.format.gl();
        let bytes = data.map(bytes_of);
        let whole = size[0] as usize * size[1] as usize * texel;
        assert!(bytes.is_none_or(|bytes| bytes.len() == whole), "a texel is {texel} bytes");
        let (width, height) = (size[0] as i32, size[1] as i32);
        let gl = &self.device.gl;
        // SAFETY: the texture is alive and the slice has as many bytes as the texels; rows of 4-byte numbers need no
        // padding.
        unsafe {
            gl.bind_texture(glow::TEXTURE_2D, Some(self.raw));
            if size == self.size && data.is_some() {
                let from = glow::PixelUnpackData::Slice(bytes);
                gl.tex_sub_image_2d(glow::TEXTURE_2D, 0, 0, 0, width, height, format, kind, from);
            } else {
                let from = glow::PixelUnpackData::Slice(bytes);
                gl.tex_image_2d(glow::TEXTURE_2D, 0, internal, width, height, 0, format, kind, from);
            }
        }
        self.size = size;
    }

    /// Texels in a row, and rows.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }
}

impl Drop for Texture {
    fn drop(&mut self) {
        // SAFETY: deleted once, by its only owner.
        unsafe { self.device.gl.delete_texture(self.raw) };
        self.device.died();
    }
}

impl Program {
    /// Lets a sampler of the bound program read a texture, through texture unit `unit`.
    pub fn sample(&self, uniform: usize, unit: u32, texture: &Texture) {
        let gl = &self.device.gl;
        // SAFETY: the texture is alive and the location belongs to the bound program; a location the compiler dropped
        // is None and ignored.
        unsafe {
            gl.active_texture(glow::TEXTURE0 + unit);
            gl.bind_texture(glow::TEXTURE_2D, Some(texture.raw));
            gl.uniform_1_i32(self.uniform(uniform), unit as i32);
        }
    }
}

/// A texture that can be drawn to.
pub struct Target {
    texture: Texture,
    raw: glow::Framebuffer,
}

impl Target {
    /// A target of this size. An error when the device can not draw to such a one after all.
    pub fn new(device: &Rc<Device>, format: Format, size: [u32; 2]) -> Result<Self> {
        let mut texture = Texture::new(device, format)?;
        texture.upload::<u8>(size, None);
        let gl = &device.gl;
        // SAFETY: both names are alive and of this context.
        unsafe {
            let raw = gl.create_framebuffer().map_err(problem)?;
            device.born();
            let target = Target { texture, raw };
            gl.bind_framebuffer(glow::FRAMEBUFFER, Some(raw));
            let place = glow::COLOR_ATTACHMENT0;
            let texture = Some(target.texture.raw);
            gl.framebuffer_texture_2d(glow::FRAMEBUFFER, place, glow::TEXTURE_2D, texture, 0);
            let complete = gl.check_framebuffer_status(glow::FRAMEBUFFER) == glow::FRAMEBUFFER_COMPLETE;
            device.to_screen();
            if complete { Ok(target) } else { Err(problem("no target of this format and size")) }
        }
    }

    /// What was drawn.
    pub fn texture(&self) -> &Texture {
        &self.texture
    }

    /// From here on, draws go to this target, which is all zero now.
    pub fn begin(&self) {
        let gl = &self.texture.device.gl;
        let [width, height] = self.texture.size;
        // SAFETY: the target is alive; the rest is plain state.
        unsafe {
            gl.bind_framebuffer(glow::FRAMEBUFFER, Some(self.raw));
            gl.viewport(0, 0, width as i32, height as i32);
            gl.clear_color(0.0, 0.0, 0.0, 0.0);
            gl.clear(glow::COLOR_BUFFER_BIT);
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // SAFETY: deleted once, by its only owner.
        unsafe { self.texture.device.gl.delete_framebuffer(self.raw) };
        self.texture.device.died();
    }
}
