//! The cloud as the CPU knows it: order, sizes, colors, states and positions of all points.
//!
//! This is the truth from which everything on the GPU can be made again after a lost context. What the GPU gets is
//! 12 bytes a point in the order of drawing (order.rs): two halves of a position (quantize.rs), color and size; one
//! more while states are set, and 8 more while the points move to another layout. Where points crowd, the ones that
//! people know are seen; zooming in parts the crowd, because discs grow slower than distances.

use super::density::Density;
use super::order::order;
use super::quantize::{HIDDEN, Quantizer};
use super::sizes;
use crate::camera::Bounds;
use crate::error::{Error, ErrorKind, Result};

/// Smallest and largest diameter in CSS px when the whole map of `n` points is shown: few points are drawn large, many
/// small. The cube root, not the square root: points gather in islands, so most of the screen is sea. For a screen
/// whose shorter side is 900 px.
pub fn diameters(n: usize) -> [f64; 2] {
    let base = (80.0 / (n.max(1) as f64).cbrt()).clamp(1.5, 10.0);
    [base, (3.2 * base).clamp(6.0, 26.0)]
}

/// How a point is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// As the others.
    Plain = 0,
    /// Solid, and above all that are not.
    Highlighted = 1,
    /// Faint, most of its color gone.
    Dimmed = 2,
    /// Not at all.
    Hidden = 3,
}

impl State {
    /// The state of this number; of any other, plain.
    pub fn of(number: u8) -> Self {
        match number {
            1 => State::Highlighted,
            2 => State::Dimmed,
            3 => State::Hidden,
            _ => State::Plain,
        }
    }
}

/// All points.
#[derive(Clone, Debug, Default)]
pub struct Cloud {
    /// Item id of each slot; slots are drawn from 0 upward.
    items: Vec<u32>,
    /// Slot of each item.
    slots: Vec<u32>,
    /// Size of each item between the smallest, 0, and the largest, 255.
    sizes: Vec<u8>,
    /// Mean size and mean of the squares, sizes from 0 to 1.
    mean_size: [f64; 2],
    colors: Vec<[u8; 3]>,
    /// By item; empty when all are plain.
    states: Vec<State>,
    /// x0, y0, x1, y1, ... in map units, by item; empty until they are known.
    xy: Vec<f32>,
    bounds: Bounds,
    density: Density,
    /// Where the points come from, and how far they have come: 0 = there, 1 = here.
    before: Vec<f32>,
    blend: f64,
}

impl Cloud {
    /// One point for each popularity: its disc's size grows with the square root, so its area with the popularity.
    pub fn new(popularity: &[u32]) -> Self {
        let n = popularity.len();
        let items = order(popularity);
        let mut slots = vec![0; n];
        for (slot, &id) in items.iter().enumerate() {
            slots[id as usize] = slot as u32;
        }
        let mut cloud = Cloud { items, slots, colors: vec![[255; 3]; n], blend: 1.0, ..Cloud::default() };
        cloud.set_sizes(sizes::by_popularity(popularity));
        cloud
    }

    /// New sizes, one byte for each point: see sizes.rs.
    pub fn set_sizes(&mut self, sizes: Vec<u8>) {
        let mut counts = [0u32; 256];
        sizes.iter().for_each(|&size| counts[size as usize] += 1);
        let sum = |of: fn(f64) -> f64| -> f64 {
            counts.iter().enumerate().map(|(size, &n)| f64::from(n) * of(size as f64 / 255.0)).sum()
        };
        self.mean_size =
            [sum(|size| size), sum(|size| size * size)].map(|sum| sum / sizes.len().max(1) as f64);
        self.sizes = sizes;
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The box around all points that are shown.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Positions by item, x0, y0, ...; empty until they are known.
    pub fn xy(&self) -> &[f32] {
        &self.xy
    }

    /// The item of each slot: slots are drawn from 0 upward, so later ones lie above.
    pub fn items(&self) -> &[u32] {
        &self.items
    }

    /// The place of an item in the order of drawing: later is above.
    pub fn slot(&self, id: u32) -> u32 {
        self.slots[id as usize]
    }

    /// The last `count` items in the order of drawing.
    pub fn last(&self, count: usize) -> &[u32] {
        &self.items[self.len().saturating_sub(count)..]
    }

    /// An item's size between the smallest, 0, and the largest, 1.
    pub fn size(&self, id: u32) -> f64 {
        f64::from(self.sizes[id as usize]) / 255.0
    }

    /// All sizes by item, between the smallest, 0, and the largest, 255.
    pub fn sizes(&self) -> &[u8] {
        &self.sizes
    }

    /// An item's color.
    pub fn color(&self, id: u32) -> [u8; 3] {
        self.colors[id as usize]
    }

    /// Mean size and mean of the squares of the sizes.
    pub fn mean_size(&self) -> [f64; 2] {
        self.mean_size
    }

    /// How an item is shown.
    pub fn state(&self, id: u32) -> State {
        self.states.get(id as usize).copied().unwrap_or(State::Plain)
    }

    /// Whether any item is not plain.
    pub fn has_states(&self) -> bool {
        !self.states.is_empty()
    }

    /// How many points are where.
    pub fn density(&self) -> &Density {
        &self.density
    }

    /// Where an item is now, unless it is hidden: its position not known, or not finite.
    pub fn place(&self, id: u32) -> Option<[f64; 2]> {
        let at = |xy: &[f32]| {
            let at = xy.get(2 * id as usize..2 * id as usize + 2)?;
            (at[0].is_finite() && at[1].is_finite()).then(|| [f64::from(at[0]), f64::from(at[1])])
        };
        let now = at(&self.xy)?;
        let before = at(&self.before).unwrap_or(now);
        Some([0, 1].map(|axis| now[axis] + (before[axis] - now[axis]) * (1.0 - self.blend)))
    }

    /// Whether the points are on their way from one layout to another.
    pub fn is_moving(&self) -> bool {
        !self.before.is_empty()
    }

    /// How far they have come: 1 = they are there.
    pub fn blend(&self) -> f64 {
        self.blend
    }

    /// Puts the points on the way from where they are now, on another way perhaps, to new positions.
    pub fn move_to(&mut self, xy: &[f32]) -> Result<()> {
        let before: Vec<f32> = if self.is_moving() {
            let place = |id| self.place(id).map_or([f32::NAN; 2], |place| place.map(|c| c as f32));
            (0..self.len() as u32).flat_map(place).collect()
        } else {
            self.xy.clone()
        };
        self.set_positions(xy)?;
        (self.before, self.blend) = (before, if self.xy.is_empty() { 1.0 } else { 0.0 });
        self.set_blend(self.blend);
        Ok(())
    }

    /// Changes where the points are going, if they move, and not where they come from.
    pub fn turn_to(&mut self, xy: &[f32]) -> Result<()> {
        let (before, blend) = (std::mem::take(&mut self.before), self.blend);
        let turned = self.set_positions(xy);
        (self.before, self.blend) = (before, blend);
        turned
    }

    /// Changes the places where moving points come from.
    pub fn change_before(&mut self, change: impl Fn([f64; 2]) -> [f64; 2]) {
        for at in self.before.chunks_exact_mut(2) {
            let place = change([f64::from(at[0]), f64::from(at[1])]);
            (at[0], at[1]) = (place[0] as f32, place[1] as f32);
        }
    }

    /// How far the points have come, 0..=1. From 1 on there is no way back.
    pub fn set_blend(&mut self, blend: f64) {
        self.blend = if self.is_moving() { blend.clamp(0.0, 1.0) } else { 1.0 };
        if self.blend == 1.0 {
            self.before = Vec::new();
        }
    }

    /// New states, one for each point, or none when all are plain.
    pub fn set_states(&mut self, states: &[u8]) -> Result<()> {
        if !(states.is_empty() || states.len() == self.len()) {
            let problem = format!("{} points came with {} states", self.len(), states.len());
            return Err(Error::new(ErrorKind::Drawing { problem }));
        }
        self.states = states.iter().map(|&number| State::of(number)).collect();
        Ok(())
    }

    /// New positions, two for each point. Those with a coordinate that is not finite are hidden.
    pub fn set_positions(&mut self, xy: &[f32]) -> Result<()> {
        if xy.len() != 2 * self.len() {
            let problem =
                format!("{} points came with {} coordinates, not {}", self.len(), xy.len(), 2 * self.len());
            return Err(Error::new(ErrorKind::Drawing { problem }));
        }
        self.xy.clear();
        self.xy.extend_from_slice(xy);
        self.bounds = Bounds::of(xy);
        (self.before, self.blend) = (Vec::new(), 1.0);
        Ok(())
    }

    /// New colors, one for each point.
    pub fn set_colors(&mut self, colors: &[[u8; 3]]) -> Result<()> {
        if colors.len() != self.len() {
            let problem = format!("{} points came with {} colors", self.len(), colors.len());
            return Err(Error::new(ErrorKind::Drawing { problem }));
        }
        self.colors.copy_from_slice(colors);
        Ok(())
    }

    /// How the GPU's positions become places: those of now.
    pub fn quantizer(&self) -> Quantizer {
        Quantizer::new(self.bounds)
    }

    /// What the GPU gets as positions: in order of drawing, their high and low halves. Counts them on the way.
    pub fn gpu_positions(&mut self) -> (Vec<[u16; 2]>, Vec<[u16; 2]>) {
        let quantizer = self.quantizer();
        let halves = self.items.iter().map(|&id| halves(&self.xy, &quantizer, id));
        let (high, low): (Vec<_>, Vec<_>) = halves.unzip();
        self.density = Density::new(&high);
        (high, low)
    }

    /// What the GPU gets of the places where the points come from, in order of drawing, and how to read them.
    pub fn gpu_before(&self) -> (Vec<[u16; 4]>, Quantizer) {
        let quantizer = Quantizer::new(Bounds::of(&self.before));
        let whole = |&id: &u32| {
            let (high, low) = halves(&self.before, &quantizer, id);
            [high[0], high[1], low[0], low[1]]
        };
        (if self.is_moving() { self.items.iter().map(whole).collect() } else { Vec::new() }, quantizer)
    }

    /// What the GPU gets as states: in order of drawing; nothing when all are plain.
    pub fn gpu_states(&self) -> Vec<u8> {
        let state = |&id: &u32| self.state(id) as u8;
        if self.has_states() { self.items.iter().map(state).collect() } else { Vec::new() }
    }

    /// What the GPU gets as style: in order of drawing, color and size.
    pub fn gpu_styles(&self) -> Vec<[u8; 4]> {
        let style = |&id: &u32| {
            let [r, g, b] = self.colors[id as usize];
            [r, g, b, self.sizes[id as usize]]
        };
        self.items.iter().map(style).collect()
    }
}

/// The halves of an item's position.
fn halves(xy: &[f32], quantizer: &Quantizer, id: u32) -> ([u16; 2], [u16; 2]) {
    match xy.get(2 * id as usize..2 * id as usize + 2) {
        Some(at) if at[0].is_finite() && at[1].is_finite() => {
            quantizer.halves([f64::from(at[0]), f64::from(at[1])])
        }
        _ => (HIDDEN, [0; 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn popular_is_drawn_last() {
        let mut cloud = Cloud::new(&[4, 100, 0, 4]);
        assert_eq!([0, 1, 2, 3].map(|id| cloud.slot(id)), [2, 3, 0, 1]);
        assert_eq!([0, 1, 2, 3].map(|id| cloud.size(id)), [0.2, 1.0, 0.0, 0.2]);
        cloud.set_positions(&[0.0, 0.0, 10.0, 4.0, f32::NAN, 1.0, 5.0, f32::INFINITY]).unwrap();
        assert_eq!(cloud.bounds(), Bounds { min: [0.0, 0.0], max: [10.0, 4.0] });
        assert_eq!(cloud.gpu_positions().0, [HIDDEN, HIDDEN, [0, 0], [65_534, 26_214]]);
        assert!(cloud.set_positions(&[1.0]).is_err());
        assert_eq!(cloud.place(1), Some([10.0, 4.0]), "an error changes nothing");
    }

    #[test]
    fn a_way_can_be_left_for_another() {
        let mut cloud = Cloud::new(&[1, 1]);
        cloud.move_to(&[0.0, 0.0, 1.0, 1.0]).unwrap();
        assert!(!cloud.is_moving(), "there was nothing to come from");
        cloud.move_to(&[4.0, 0.0, 1.0, f32::NAN]).unwrap();
        assert!(cloud.is_moving() && cloud.place(0) == Some([0.0, 0.0]) && cloud.place(1).is_none());
        cloud.set_blend(0.25);
        assert_eq!(cloud.place(0), Some([1.0, 0.0]));
        cloud.move_to(&[5.0, 8.0, 2.0, 2.0]).unwrap();
        assert_eq!(
            (cloud.place(0), cloud.place(1)),
            (Some([1.0, 0.0]), Some([2.0, 2.0])),
            "from where they are"
        );
        cloud.set_blend(0.5);
        assert_eq!(cloud.place(0), Some([3.0, 4.0]));
        assert!(cloud.move_to(&[0.0]).is_err());
        cloud.set_blend(1.0);
        assert!(!cloud.is_moving() && cloud.gpu_before().0.is_empty());
        cloud.set_blend(0.5);
        assert_eq!(cloud.place(0), Some([5.0, 8.0]), "no way back");
    }

    #[test]
    fn no_points_and_equal_points() {
        let mut none = Cloud::new(&[]);
        assert!(none.set_positions(&[]).is_ok() && none.gpu_styles().is_empty());
        let equal = Cloud::new(&[7, 7]);
        assert_eq!((equal.size(0), equal.place(0)), (0.0, None));
    }
}
