//! The command that draws the cloud as a density: counts of points on cells, shaded (after datashader).
//!
//! On the device: points are summed up in a float target (count.vert), their counts in a histogram (tally.vert), that
//! in a table of levels (levels.frag), and with this the screen is shaded (shade.frag). Nothing is read back, so
//! nothing waits. Where the device can not sum up floats, or half floats would not be exact, the same is done on the CPU
//! (counts.rs, shading.rs) and what goes to the device is one picture. A picture is kept until something of it changes:
//! a hovered item does not count the cloud again.

use std::rc::Rc;

use super::cloud::Cloud;
use super::contours::Field;
use super::counts::{Counted, Grid};
use super::gl::texture::{Format, Target, Texture};
use super::gl::{Blend, Device, Program, VertexArray};
use super::points::Points;
use super::shader::shader;
use super::shading::{BINS, How, Levels, Shading, stride};
use crate::camera::Camera;
use crate::error::Result;

/// Who counts the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// The CPU.
    Cpu,
    /// The device, in half floats where these are exact.
    Half,
    /// The device, in floats.
    #[default]
    Float,
}

/// Rows of the histogram (tally.vert).
const ROWS: usize = 32;

/// Points on a cell, on average, up to which half floats sum up colors well: the densest cells have some more.
const HALF_MOST: f64 = 16.0;

/// Points that the CPU counts at most, so that no frame takes long: a fair sample of more looks the same.
const CPU_MOST: usize = 1_000_000;

/// Width of a contour in CSS px.
const LINE: f32 = 1.0;

/// What a picture depends on besides the cloud.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shot {
    /// What is in view.
    pub camera: Camera,
    /// Where it is counted.
    pub grid: Grid,
    /// Device px per CSS px.
    pub pixel: f64,
    /// How counts are shown.
    pub shading: Shading,
    /// Points on a cell, on average.
    pub density: f64,
    /// How far each is spread, in cells.
    pub reach: f64,
    /// So many points are counted, the last ones in order.
    pub count: usize,
    /// How far moving points have come.
    pub blend: f64,
    /// Dimmed points are mixed with it.
    pub background: [f32; 3],
    /// Color of contours, and how opaque they are.
    pub ink: [f32; 4],
    /// Colors from low to high, if not the points' own.
    pub ramp: Option<Ramp>,
}

/// Evenly spaced colors, low to high, 0..=1 each.
pub type Ramp = [[f32; 3]; 5];

/// What the device needs to count.
struct Sums {
    format: Format,
    count: Program,
    tally: Program,
    levels: Program,
    histogram: Target,
    table: Target,
    /// As large as the grid was last.
    counts: Option<Target>,
}

impl Sums {
    fn new(device: &Rc<Device>, format: Format) -> Result<Self> {
        let places =
            ["center", "scale", "beforeCenter", "beforeScale", "blend", "grid", "reach", "background"];
        let (screen, histogram) = (shader!("screen.vert"), [BINS as u32, ROWS as u32]);
        Ok(Sums {
            format,
            count: Program::new(device, shader!("count.vert"), shader!("count.frag"), &places)?,
            tally: Program::new(device, shader!("tally.vert"), shader!("tally.frag"), &["counts", "stride"])?,
            levels: Program::new(device, screen, shader!("levels.frag"), &["tally"])?,
            histogram: Target::new(device, format, histogram)?,
            table: Target::new(device, format, [BINS as u32, 1])?,
            counts: None,
        })
    }

    /// An error when there is no target so large.
    fn draw(
        &mut self,
        device: &Rc<Device>,
        array: &VertexArray,
        points: &mut Points,
        cloud: &Cloud,
        shot: &Shot,
    ) -> Result<()> {
        let grid = &shot.grid;
        if self.counts.as_ref().is_none_or(|counts| counts.texture().size() != grid.size) {
            self.counts = None;
            self.counts = Some(Target::new(device, self.format, grid.size)?);
        }
        let Some(counts) = &self.counts else { return Ok(()) };
        counts.begin();
        self.count.bind();
        let size = grid.size.map(|side| side as f32);
        self.count.set(5, &[grid.screen[0] as f32, grid.screen[1] as f32, size[0], size[1]]);
        self.count.set(6, &[shot.reach as f32, grid.margin as f32]);
        self.count.set(7, &shot.background);
        points.add_up(&self.count, cloud, &shot.camera, shot.count);

        self.histogram.begin();
        self.tally.bind();
        self.tally.sample(0, 0, counts.texture());
        let cells = grid.size[0] as usize * grid.size[1] as usize;
        self.tally.set(1, &[stride(cells) as f32]);
        array.draw(glow::POINTS, Blend::AddMax, 0, cells.div_ceil(stride(cells)));

        self.table.begin();
        self.levels.bind();
        self.levels.sample(0, 0, self.histogram.texture());
        array.draw(glow::TRIANGLES, Blend::Replace, 0, 3);
        device.to_screen();
        Ok(())
    }
}

/// The density view's resources on the GPU.
pub struct DensityView {
    device: Rc<Device>,
    sums: Option<Sums>,
    shade: Program,
    /// No attributes.
    array: VertexArray,
    /// Mean colors and opacities, when the CPU has counted.
    picture: Texture,
    field: Texture,
    /// Lower left corner of the screen in the field's cells, and cells per CSS px.
    window: [f64; 2],
    shot: Option<Shot>,
    /// Whether the picture shown is the CPU's.
    by_cpu: bool,
}

impl DensityView {
    /// Compiles the shaders. `best` is the best counter that may be used.
    pub fn new(device: &Rc<Device>, best: Counter) -> Result<Self> {
        let uniforms = [
            "counts", "levels", "field", "cell", "how", "ready", "share", "lines", "ink", "ramp[0]",
            "ramp[1]", "ramp[2]", "ramp[3]", "ramp[4]", "corner",
        ];
        let sums = [(Counter::Float, Format::Float4), (Counter::Half, Format::Half4)]
            .into_iter()
            .filter(|&(counter, format)| counter <= best && device.sums_in(format))
            .find_map(|(_, format)| Sums::new(device, format).ok());
        let (mut picture, mut field) =
            (Texture::new(device, Format::Unit4)?, Texture::new(device, Format::Float1)?);
        picture.upload([1, 1], Some(&[[0u8; 4]]));
        field.upload([1, 1], Some(&[0.0f32]));
        Ok(DensityView {
            device: device.clone(),
            sums,
            shade: Program::new(device, shader!("screen.vert"), shader!("shade.frag"), &uniforms)?,
            array: VertexArray::new(device, &[])?,
            picture,
            field,
            window: [0.0; 2],
            shot: None,
            by_cpu: false,
        })
    }

    /// Who counted last.
    pub fn counter(&self) -> Counter {
        match self.sums.as_ref().map(|sums| sums.format) {
            Some(Format::Float4) if !self.by_cpu => Counter::Float,
            Some(_) if !self.by_cpu => Counter::Half,
            _ => Counter::Cpu,
        }
    }

    /// Counts and equalizes, unless it has been done: `changed` says whether something of the cloud did.
    pub fn count(&mut self, points: &mut Points, cloud: &Cloud, shot: Shot, changed: bool) {
        if !changed && self.shot == Some(shot) {
            return;
        }
        self.shot = Some(shot);
        self.by_cpu = match &mut self.sums {
            Some(sums) if sums.format == Format::Half4 && shot.density > HALF_MOST => true,
            Some(sums) => {
                let drawn = sums.draw(&self.device, &self.array, points, cloud, &shot);
                if drawn.is_err() {
                    self.sums = None;
                }
                drawn.is_err()
            }
            None => true,
        };
        if self.by_cpu {
            let count = shot.count.min(CPU_MOST);
            let of = Counted { count, reach: shot.reach, background: shot.background };
            let sums = shot.grid.count(cloud, &shot.camera, of);
            self.picture.upload(shot.grid.size, Some(&shaded(&sums, &shot)));
        }
        if shot.shading.contours {
            let field = Field::new(cloud, &shot.camera, shot.count);
            self.window = [field.origin, field.per_px];
            self.field.upload(field.size, Some(&field.crossed));
        }
    }

    /// What is counted next is new.
    pub fn forget(&mut self) {
        self.shot = None;
    }

    /// Draws what was counted over the screen, or a part of it whose lower left corner is there, in device px; `share` of
    /// the picture is density.
    pub fn draw(&self, share: f64, corner: [f32; 2]) {
        let Some(shot) = &self.shot else { return };
        let counts = self.sums.as_ref().and_then(|sums| sums.counts.as_ref().zip(Some(&sums.table)));
        let textures = counts.filter(|_| !self.by_cpu);
        let [counts, levels] =
            textures.map_or([&self.picture; 2], |(counts, table)| [counts.texture(), table.texture()]);
        let how = match shot.shading.how {
            How::Equalized => 0.0,
            How::Log => 1.0,
            How::Linear => 2.0,
        };
        let [origin, per_px] = self.window.map(|value| value as f32);
        let pixel = shot.pixel as f32;
        let width = if shot.shading.contours { LINE * pixel } else { 0.0 };
        let flag = |on: bool| if on { 1.0 } else { 0.0 };
        self.shade.bind();
        for (unit, texture) in [counts, levels, &self.field].into_iter().enumerate() {
            self.shade.sample(unit, unit as u32, texture);
        }
        self.shade.set(3, &[shot.grid.cell as f32, shot.grid.margin as f32]);
        self.shade.set(4, &[how]);
        self.shade.set(5, &[flag(self.by_cpu), flag(shot.ramp.is_some())]);
        self.shade.set(6, &[share as f32]);
        self.shade.set(7, &[origin, origin, per_px / pixel, width]);
        self.shade.set(8, &shot.ink);
        for (step, color) in shot.ramp.iter().flatten().enumerate() {
            self.shade.set(9 + step, color);
        }
        self.shade.set(14, &corner);
        self.array.draw(glow::TRIANGLES, Blend::Over, 0, 3);
    }
}

/// Mean colors, or those of the ramp, and opacities as alpha.
fn shaded(sums: &[[f32; 4]], shot: &Shot) -> Vec<[u8; 4]> {
    let (levels, how) = (Levels::of(sums), shot.shading.how);
    let byte = |value: f32| (255.0 * value + 0.5) as u8;
    let shade = |&[r, g, b, t]: &[f32; 4]| {
        if t <= 0.0 {
            return [0; 4];
        }
        let [r, g, b] = shot.ramp.map_or([r / t, g / t, b / t], |ramp| {
            let at = 4.0 * levels.value(how, t);
            let low = (at as usize).min(3);
            [0, 1, 2].map(|channel| {
                let (from, to) = (ramp[low][channel], ramp[low + 1][channel]);
                from + (to - from) * (at - low as f32)
            })
        });
        [byte(r), byte(g), byte(b), byte(levels.opacity(how, t))]
    };
    sums.iter().map(shade).collect()
}
