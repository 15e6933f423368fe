//! The command that draws lines below the points: an item's neighbors, a person's own items, the whole graph.
//!
//! Lines come in layers, each one call of instanced quads, 16 bytes a line: the ends in the quanta of the points, so
//! that they end where these are, from however near. Nothing is on the GPU before there is a line, nor after the last.
//! The formulas are in line.vert and line.frag.

use std::rc::Rc;

use super::cloud::{Cloud, State};
use super::gl::{Device, Layout, Program, VertexArray};
use super::shader::shader;
use super::{Scene, unit};
use crate::camera::Camera;
use crate::error::Result;

/// Layers, drawn in this order: the graph, rays from a place, the selected item's neighbors, the hovered one's.
pub const LAYERS: usize = 4;

/// The most lines of a layer that are drawn while the camera moves.
const MOVING: usize = 20_000;

/// How the lines of a layer look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineStyle {
    /// Their color.
    pub color: [u8; 3],
    /// Their opacity, 0..=1.
    pub opacity: f32,
    /// Their width in CSS px.
    pub width: f64,
    /// Whether long ones fade: from twice the length of the middle one in order.
    pub fading: bool,
}

/// One layer.
#[derive(Clone, Debug, Default)]
struct Layer {
    /// Where all lines come from; none = each comes from an item.
    from: Option<[f64; 2]>,
    /// Items: where each line goes to, or the two ends of each.
    ends: Vec<u32>,
    style: LineStyle,
    /// Length from which on they fade, in map units; 0 = none does.
    fade: f64,
    stale: bool,
}

/// All layers, and what they are on the GPU.
#[derive(Default)]
pub struct Lines {
    layers: [Layer; LAYERS],
    gpu: Option<Gpu>,
}

struct Gpu {
    program: Program,
    arrays: [Option<VertexArray>; LAYERS],
}

impl Gpu {
    fn new(device: &Rc<Device>) -> Result<Self> {
        let uniforms = ["center", "scale", "side", "look", "color"];
        let program = Program::new(device, shader!("line.vert"), shader!("line.frag"), &uniforms)?;
        Ok(Gpu { program, arrays: Default::default() })
    }
}

impl Layer {
    /// The ends of all lines between items that are shown, and the length from which on they fade.
    fn halves(&self, cloud: &Cloud) -> (Vec<[u16; 4]>, Vec<[u16; 4]>, f64) {
        let quantizer = cloud.quantizer();
        let shown = |id: u32| ((id as usize) < cloud.len() && cloud.state(id) != State::Hidden).then_some(id);
        let place = |id: u32| shown(id).and_then(|id| cloud.place(id));
        let whole = |at: [f64; 2]| {
            let (high, low) = quantizer.halves(at);
            [high[0], high[1], low[0], low[1]]
        };
        let (mut from, mut to, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| {
            if let (Some(a), Some(b)) = (a, b) {
                from.push(whole(a));
                to.push(whole(b));
                lengths.push((a[0] - b[0]).hypot(a[1] - b[1]));
            }
        };
        match self.from {
            Some(at) => self.ends.iter().for_each(|&id| add(Some(at), place(id))),
            None => self.ends.chunks_exact(2).for_each(|ends| add(place(ends[0]), place(ends[1]))),
        }
        let fade = lengths.get(lengths.len() / 2).map_or(0.0, |middle| 2.0 * middle);
        (from, to, if self.style.fading { fade } else { 0.0 })
    }
}

impl Lines {
    /// All ends have moved, or are on another GPU.
    pub fn moved(&mut self) {
        self.layers.iter_mut().for_each(|layer| layer.stale = true);
    }

    /// Frees all that is on the GPU.
    pub fn lost(&mut self) {
        self.gpu = None;
        self.moved();
    }

    /// Whether there are more than a frame in motion draws.
    pub fn are_many(&self) -> bool {
        self.layers.iter().any(|layer| layer.ends.len() > 2 * MOVING)
    }

    /// Bytes on the GPU.
    pub fn bytes(&self) -> usize {
        self.gpu.iter().flat_map(|gpu| gpu.arrays.iter().flatten()).map(VertexArray::bytes).sum()
    }

    /// Draws all layers; `pixel` device px are a CSS px, `moving` says that the camera is.
    pub fn draw(&mut self, device: &Rc<Device>, cloud: &Cloud, camera: &Camera, pixel: f64, moving: bool) {
        if self.layers.iter().all(|layer| layer.ends.is_empty()) {
            self.gpu = None;
            return;
        }
        if self.gpu.is_none() {
            self.gpu = Gpu::new(device).ok();
        }
        let Some(gpu) = &mut self.gpu else { return };
        gpu.program.bind();
        let quantizer = cloud.quantizer();
        let center = quantizer.quanta(camera.center());
        let low = center.map(|c| (65_536.0 * (c - c.floor())) as f32);
        gpu.program.set(0, &[center[0].floor() as f32, center[1].floor() as f32, low[0], low[1]]);
        let screen = camera.screen();
        gpu.program.set(1, &screen.map(|side| (2.0 * camera.zoom() / (quantizer.per_unit * side)) as f32));
        gpu.program.set(2, &screen.map(|side| (0.5 * side * pixel) as f32));
        for (layer, array) in self.layers.iter_mut().zip(&mut gpu.arrays) {
            if layer.ends.is_empty() {
                *array = None;
                continue;
            }
            if array.is_none() {
                (*array, layer.stale) = (VertexArray::per_instance(device, &[Layout::Whole4; 2]).ok(), true);
            }
            let Some(array) = array else { continue };
            if std::mem::take(&mut layer.stale) {
                let (from, to, fade) = layer.halves(cloud);
                array.upload(0, &from);
                array.upload(1, &to);
                layer.fade = fade;
            }
            let style = &layer.style;
            let px = |css: f64| (css * pixel) as f32;
            gpu.program.set(3, &[px(style.width), px(layer.fade * camera.zoom()), style.opacity]);
            gpu.program.set(4, &unit(style.color));
            array.draw_quads(if moving { MOVING } else { usize::MAX });
        }
    }
}

impl Scene {
    /// Replaces the lines of a layer: between the items `ends[0]` and `ends[1]`, and so on, or from one place to each of
    /// `ends`. Of many, the first are drawn first where not all can be. Layers from [`LAYERS`] on are ignored.
    pub fn set_lines(&mut self, layer: usize, from: Option<[f64; 2]>, ends: &[u32], style: LineStyle) {
        let Some(layer) = self.lines.layers.get_mut(layer) else { return };
        if layer.ends.is_empty() && ends.is_empty() {
            return;
        }
        let nowhere = from.is_some_and(|at| !at.iter().all(|c| c.is_finite()));
        let ends = if nowhere { Vec::new() } else { ends.to_vec() };
        *layer = Layer { from, ends, style, fade: 0.0, stale: true };
        self.changed = true;
    }

    /// The lines.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }
}
