//! Programs: pairs of shaders, which the device compiles beside everything else.
//!
//! To ask a device how a compilation went is to wait for it, and for all that it still has to draw: hundreds of ms where a
//! processor draws. So nothing is asked before the first use, and a device that is told to be patient says whether
//! it is done without waiting (KHR_parallel_shader_compile).

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use glow::HasContext;

use super::{Device, problem};
use crate::error::Result;

/// Programs of which it is not known yet whether they are any good, and their shaders.
pub struct Compiling {
    programs: RefCell<Vec<(glow::Program, [glow::Shader; 2])>>,
    /// Whether the device can say whether it is done.
    tells: bool,
    /// Whether it is asked.
    patient: Cell<bool>,
}

impl Compiling {
    pub(super) fn new(gl: &glow::Context) -> Self {
        let tells = gl.supported_extensions().contains("KHR_parallel_shader_compile");
        Compiling { programs: RefCell::default(), tells, patient: Cell::new(false) }
    }
}

impl Device {
    /// From now on [`Device::compiled`] does not wait.
    pub fn be_patient(&self) {
        self.compiling.patient.set(self.compiling.tells);
    }

    /// Whether all programs made until now can be used; an error if one can not, and again whenever it is asked. Waits
    /// for it unless told to be patient.
    pub fn compiled(&self) -> Result<bool> {
        self.check(self.compiling.patient.get())
    }

    /// The same, but waits in any case.
    pub fn compile(&self) -> Result<()> {
        self.check(false).map(drop)
    }

    fn check(&self, patient: bool) -> Result<bool> {
        let mut programs = self.compiling.programs.borrow_mut();
        while let Some(&(program, shaders)) = programs.first() {
            // SAFETY: both are alive as long as they are listed; the extension is there if the device tells.
            unsafe {
                if patient && !self.gl.get_program_completion_status(program) {
                    return Ok(false);
                }
                if !self.gl.get_program_link_status(program) {
                    let logs = shaders.map(|shader| self.gl.get_shader_info_log(shader)).concat();
                    let log = logs + &self.gl.get_program_info_log(program);
                    return Err(problem(["the shaders do not compile: ", log.trim()].concat()));
                }
                shaders.iter().for_each(|&shader| self.gl.delete_shader(shader));
                // The first question after a program's uniforms waits as well: better now than at its first draw.
                self.gl.get_uniform_location(program, "none");
            }
            programs.remove(0);
        }
        Ok(true)
    }
}

/// A linked pair of shaders with its uniforms.
pub struct Program {
    pub(super) device: Rc<Device>,
    raw: glow::Program,
    names: Vec<&'static str>,
    uniforms: OnceCell<Vec<Option<glow::UniformLocation>>>,
}

impl Program {
    /// Has the two compiled and linked. `uniforms` are the names that [`Program::set`] counts, from 0.
    pub fn new(device: &Rc<Device>, vertex: &str, fragment: &str, uniforms: &[&'static str]) -> Result<Self> {
        let gl = &device.gl;
        // SAFETY: all names are created here, from this context, and are used only while alive.
        unsafe {
            let shaders = [gl.create_shader(glow::VERTEX_SHADER), gl.create_shader(glow::FRAGMENT_SHADER)];
            let [Ok(first), Ok(second)] = shaders else {
                shaders.into_iter().flatten().for_each(|shader| gl.delete_shader(shader));
                return Err(problem("no shader can be made"));
            };
            let raw = gl.create_program().map_err(problem)?;
            device.born();
            for (shader, source) in [(first, vertex), (second, fragment)] {
                gl.shader_source(shader, source);
                gl.compile_shader(shader);
                gl.attach_shader(raw, shader);
            }
            gl.link_program(raw);
            device.compiling.programs.borrow_mut().push((raw, [first, second]));
            let (device, names) = (device.clone(), uniforms.to_vec());
            Ok(Program { device, raw, names, uniforms: OnceCell::new() })
        }
    }

    /// Makes this the program that draws.
    pub fn bind(&self) {
        // SAFETY: the program is alive as long as its handle.
        unsafe { self.device.gl.use_program(Some(self.raw)) }
    }

    /// Where a uniform is; None where the compiler dropped it.
    pub(super) fn uniform(&self, uniform: usize) -> Option<&glow::UniformLocation> {
        let find = || {
            // SAFETY: the program is alive.
            self.names
                .iter()
                .map(|name| unsafe { self.device.gl.get_uniform_location(self.raw, name) })
                .collect()
        };
        self.uniforms.get_or_init(find)[uniform].as_ref()
    }

    /// Sets a uniform of 1 to 4 floats (by the length of `value`) of the bound program.
    pub fn set(&self, uniform: usize, value: &[f32]) {
        let (gl, at) = (&self.device.gl, self.uniform(uniform));
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
        let gl = &self.device.gl;
        // SAFETY: each is deleted once: the program by its only owner, the shaders by whoever takes them off the list.
        self.device.compiling.programs.borrow_mut().retain(|(program, shaders)| {
            if *program == self.raw {
                shaders.iter().for_each(|&shader| unsafe { gl.delete_shader(shader) });
            }
            *program != self.raw
        });
        unsafe { gl.delete_program(self.raw) };
        self.device.died();
    }
}
