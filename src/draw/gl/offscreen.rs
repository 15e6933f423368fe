//! A buffer beside the screen that draws go to, to be read: for pictures.
#![allow(unsafe_code)]

use std::rc::Rc;

use glow::HasContext;

use super::{Device, problem};
use crate::error::Result;

/// Where draws go.
#[derive(Clone, Copy, Default)]
pub(super) struct Output {
    /// None = the screen.
    pub frame: Option<glow::Framebuffer>,
    /// Whether clearing leaves nothing there, not even the background.
    pub transparent: bool,
}

/// A buffer of RGBA bytes. As long as it lives, it is drawn to in place of the screen.
pub struct Offscreen {
    device: Rc<Device>,
    frame: glow::Framebuffer,
    color: glow::Renderbuffer,
}

impl Offscreen {
    /// A buffer of this size, which must be within the device's limits; `transparent`: its background is not drawn.
    pub fn new(device: &Rc<Device>, size: [u32; 2], transparent: bool) -> Result<Self> {
        let gl = &device.gl;
        // SAFETY: all names are created here, from this context, and live as long as the handle that owns them.
        unsafe {
            let frame = gl.create_framebuffer().map_err(problem)?;
            let color =
                gl.create_renderbuffer().inspect_err(|_| gl.delete_framebuffer(frame)).map_err(problem)?;
            device.born();
            device.born();
            let offscreen = Offscreen { device: device.clone(), frame, color };
            let (width, height) = (size[0] as i32, size[1] as i32);
            gl.bind_renderbuffer(glow::RENDERBUFFER, Some(color));
            gl.renderbuffer_storage(glow::RENDERBUFFER, glow::RGBA8, width, height);
            device.output.set(Output { frame: Some(frame), transparent });
            device.to_screen();
            let place = glow::COLOR_ATTACHMENT0;
            gl.framebuffer_renderbuffer(glow::FRAMEBUFFER, place, glow::RENDERBUFFER, Some(color));
            if gl.check_framebuffer_status(glow::FRAMEBUFFER) == glow::FRAMEBUFFER_COMPLETE {
                Ok(offscreen)
            } else {
                Err(problem("this device draws no picture of that size"))
            }
        }
    }

    /// The pixels of a part, RGBA with premultiplied alpha, lowest row first; `at` is its lower left corner. Waits for
    /// the GPU.
    pub fn read(&self, at: [u32; 2], size: [u32; 2]) -> Vec<u8> {
        self.device.to_screen();
        self.device.read_part(at, size)
    }
}

impl Drop for Offscreen {
    fn drop(&mut self) {
        self.device.output.set(Output::default());
        self.device.to_screen();
        // SAFETY: each is deleted once, by its only owner.
        unsafe {
            self.device.gl.delete_framebuffer(self.frame);
            self.device.gl.delete_renderbuffer(self.color);
        }
        self.device.died();
        self.device.died();
    }
}

impl Device {
    /// From here on, draws go to the screen, or to the picture that is being made in its place.
    pub fn to_screen(&self) {
        // SAFETY: plain state of a live context; an output that is set is alive.
        unsafe { self.gl.bind_framebuffer(glow::FRAMEBUFFER, self.output.get().frame) }
    }
}
