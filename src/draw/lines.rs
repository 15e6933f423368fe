//! The command that draws lines below the points: an item's neighbors, a person's own items, the whole graph.
//!
//! Lines come in layers, each one call of triangles: the ends in the quanta of the points, so that they end where these
//! are, from however near. All six corners of a line have both its ends, 96 bytes a line: instances would need 16, but drawing
//! by a processor takes each of them for a call of its own. Nothing is on the GPU before there is a line, nor after the
//! last. The formulas are in line.vert and line.frag.
//!
//! Of many lines a frame draws the first, so many as cover the screen a few times: fewer in motion.

use std::rc::Rc;

use super::cloud::{Cloud, State};
use super::gl::{Device, Layout, Program, VertexArray};
use super::shader::shader;
use super::{Scene, unit};
use crate::camera::Camera;
use crate::error::Result;

/// Layers, drawn in this order: the graph, rays from a place, the selected item's neighbors, the hovered one's.
pub const LAYERS: usize = 4;

/// Corners of a line.
const CORNERS: usize = 6;

/// How often the lines of a layer may cover the screen, in motion and still.
const COVER: [f64; 2] = [1.5, 12.0];

/// What a line costs besides its pixels, as so many of them.
const OVERHEAD_PX: f64 = 40.0;

/// So many lines are always drawn.
const FEW: usize = 256;

/// What is fainter is not drawn, as in line.vert.
pub(super) const FAINT: f64 = 0.012;

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
pub(super) struct Layer {
    /// Where all lines come from; none = each comes from an item.
    from: Option<[f64; 2]>,
    /// Items: where each line goes to, or the two ends of each.
    ends: Vec<u32>,
    pub style: LineStyle,
    /// Length from which on they fade, in map units; 0 = none does.
    pub fade: f64,
    /// Sums of the lengths of all lines up to each, in map units.
    lengths: Vec<f64>,
    stale: bool,
}

/// All layers, and what they are on the GPU.
#[derive(Default)]
pub struct Lines {
    layers: [Layer; LAYERS],
    gpu: Option<Gpu>,
    /// Whether the last frame left some out.
    cut: bool,
}

/// The frame that lines are drawn in.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Device px per CSS px.
    pub pixel: f64,
    /// Device px of the screen.
    pub screen: f64,
    /// The part of all points that is in view: of the lines too, more or less.
    pub share: f64,
    /// Whether the camera moves.
    pub moving: bool,
    /// So many layers are drawn, the first.
    pub layers: usize,
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
    /// The ends of all lines between items that are shown.
    pub fn ends(&self, cloud: &Cloud) -> Vec<[[f64; 2]; 2]> {
        let shown = |id: u32| ((id as usize) < cloud.len() && cloud.state(id) != State::Hidden).then_some(id);
        let place = |id: u32| shown(id).and_then(|id| cloud.place(id));
        let line = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| Some([a?, b?]);
        match self.from {
            Some(at) => self.ends.iter().filter_map(|&id| line(Some(at), place(id))).collect(),
            None => {
                self.ends.chunks_exact(2).filter_map(|ends| line(place(ends[0]), place(ends[1]))).collect()
            }
        }
    }

    /// Sums their lengths, from the first, and finds from which length on they fade.
    pub fn measure(&mut self, ends: &[[[f64; 2]; 2]]) {
        let length = |[a, b]: &[[f64; 2]; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
        let mut sum = 0.0;
        self.lengths.clear();
        self.lengths.extend(ends.iter().map(|line| {
            sum += length(line);
            sum
        }));
        let middle = ends.get(ends.len() / 2).filter(|_| self.style.fading && ends.len() > 1);
        self.fade = middle.map_or(0.0, |line| 2.0 * length(line));
    }

    /// The ends as quanta, for each corner.
    fn corners(&mut self, cloud: &Cloud) -> (Vec<[u16; 4]>, Vec<[u16; 4]>) {
        let quantizer = cloud.quantizer();
        let ends = self.ends(cloud);
        self.measure(&ends);
        let corners = |side: usize| {
            let whole = |line: &[[f64; 2]; 2]| {
                let (high, low) = quantizer.halves(line[side]);
                [[high[0], high[1], low[0], low[1]]; CORNERS]
            };
            ends.iter().flat_map(whole).collect()
        };
        (corners(0), corners(1))
    }

    /// How many lines a frame draws.
    pub fn count(&self, camera: &Camera, view: &View) -> usize {
        let most = COVER[usize::from(!view.moving)] * view.screen;
        let per_unit = camera.zoom() * view.pixel * (self.style.width * view.pixel + 2.0) * view.share;
        // Both sums grow with the number.
        let (mut low, mut high) = (0, self.lengths.len());
        while low < high {
            let middle = (low + high) / 2;
            let cost = self.lengths[middle] * per_unit + middle as f64 * OVERHEAD_PX;
            (low, high) = if cost <= most { (middle + 1, high) } else { (low, middle) };
        }
        low.max(FEW).min(self.lengths.len())
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

    /// Whether the last frame left some out.
    pub fn are_cut(&self) -> bool {
        self.cut
    }

    /// Takes that for another frame's.
    pub(super) fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }

    /// All layers, the lowest first.
    pub(super) fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Bytes on the GPU.
    pub fn bytes(&self) -> usize {
        self.gpu.iter().flat_map(|gpu| gpu.arrays.iter().flatten()).map(VertexArray::bytes).sum()
    }

    /// No lines.
    pub fn clear(&mut self) {
        *self = Lines { gpu: self.gpu.take(), ..Lines::default() };
    }

    /// Makes what a frame will need on the GPU, and frees what it will not. The program is there from the first time on:
    /// the one who picks an item is not to wait until it is compiled.
    pub fn prepare(&mut self, device: &Rc<Device>) {
        let Some(gpu) = &mut self.gpu else {
            self.gpu = Gpu::new(device).ok();
            return;
        };
        for (layer, array) in self.layers.iter().zip(&mut gpu.arrays) {
            if layer.ends.is_empty() {
                *array = None;
            }
        }
    }

    /// Draws all layers.
    pub fn draw(&mut self, device: &Rc<Device>, cloud: &Cloud, camera: &Camera, view: &View) {
        self.cut = false;
        let Some(gpu) = self.gpu.as_mut().filter(|_| self.layers.iter().any(|l| !l.ends.is_empty())) else {
            return;
        };
        gpu.program.bind();
        let quantizer = cloud.quantizer();
        let center = quantizer.quanta(camera.center());
        let low = center.map(|c| (65_536.0 * (c - c.floor())) as f32);
        gpu.program.set(0, &[center[0].floor() as f32, center[1].floor() as f32, low[0], low[1]]);
        let screen = camera.screen();
        gpu.program.set(1, &screen.map(|side| (2.0 * camera.zoom() / (quantizer.per_unit * side)) as f32));
        gpu.program.set(2, &screen.map(|side| (0.5 * side * view.pixel) as f32));
        for (layer, array) in self.layers.iter_mut().zip(&mut gpu.arrays).take(view.layers) {
            if layer.ends.is_empty() {
                continue;
            }
            if array.is_none() {
                (*array, layer.stale) = (VertexArray::new(device, &[Layout::Whole4; 2]).ok(), true);
            }
            let Some(array) = array else { continue };
            if std::mem::take(&mut layer.stale) {
                let (from, to) = layer.corners(cloud);
                array.upload(0, &from);
                array.upload(1, &to);
                array.read(0, true);
                array.read(1, true);
            }
            let count = layer.count(camera, view);
            self.cut |= count < layer.lengths.len();
            let style = &layer.style;
            let px = |css: f64| (css * view.pixel) as f32;
            gpu.program.set(3, &[px(style.width), px(layer.fade * camera.zoom()), style.opacity]);
            gpu.program.set(4, &unit(style.color));
            array.draw_triangles(count * CORNERS);
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
        *layer = Layer { from, ends, style, stale: true, ..Layer::default() };
        self.changed = true;
    }

    /// The lines.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }
}
