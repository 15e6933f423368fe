//! The cloud as the CPU knows it: order, sizes, colors and positions of all points.
//!
//! This is the truth from which everything on the GPU can be made again after a lost context. What the GPU gets is
//! 12 bytes a point: two floats and four bytes, in the order of drawing: the most popular last, on top. Where points
//! crowd, the ones that people know are seen; zooming in parts the crowd, because discs grow slower than distances.

use crate::camera::Bounds;
use crate::error::{Error, ErrorKind, Result};

/// Where a hidden point is put: outside of everything that a camera can show. See points.vert.
const HIDDEN: [f32; 2] = [4.0, 4.0];

/// Smallest and largest diameter in CSS px when the whole map of `n` points is shown: few points are drawn large, many
/// small. The cube root, not the square root: points gather in islands, so most of the screen is sea. For a screen
/// whose shorter side is 900 px.
pub fn diameters(n: usize) -> [f64; 2] {
    let base = (60.0 / (n.max(1) as f64).cbrt()).clamp(1.5, 10.0);
    [base, (3.2 * base).clamp(6.0, 26.0)]
}

/// Opacity of one disc when the whole map of `n` points is shown: 0.92 up to a thousand points, 0.72 at 16 thousand.
pub fn opacity(n: usize) -> f64 {
    (0.92 - 0.17 * ((n.max(1) as f64).log10() - 3.0)).clamp(0.4, 0.92)
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
    colors: Vec<[u8; 3]>,
    /// x0, y0, x1, y1, ... in map units, by item; empty until they are known.
    xy: Vec<f32>,
    bounds: Bounds,
}

impl Cloud {
    /// One point for each popularity: its disc's size grows with the square root, so its area with the popularity.
    pub fn new(popularity: &[u32]) -> Self {
        let n = popularity.len();
        let mut items: Vec<u32> = (0..n as u32).collect();
        items.sort_by_key(|&id| (popularity[id as usize], std::cmp::Reverse(id)));
        let mut slots = vec![0; n];
        for (slot, &id) in items.iter().enumerate() {
            slots[id as usize] = slot as u32;
        }
        let root = |id: Option<&u32>| id.map_or(0.0, |&id| f64::from(popularity[id as usize]).sqrt());
        let (low, high) = (root(items.first()), root(items.last()));
        let span = if high > low { high - low } else { 1.0 };
        let sizes =
            popularity.iter().map(|&p| (255.0 * (f64::from(p).sqrt() - low) / span).round() as u8).collect();
        let colors = vec![[255; 3]; n];
        Cloud { items, slots, sizes, colors, xy: Vec::new(), bounds: Bounds::default() }
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

    /// The place of an item in the order of drawing: later is above.
    pub fn slot(&self, id: u32) -> u32 {
        self.slots[id as usize]
    }

    /// An item's size between the smallest, 0, and the largest, 1.
    pub fn size(&self, id: u32) -> f64 {
        f64::from(self.sizes[id as usize]) / 255.0
    }

    /// An item's color.
    pub fn color(&self, id: u32) -> [u8; 3] {
        self.colors[id as usize]
    }

    /// Where an item is, unless it is hidden: its position not known, or not finite.
    pub fn place(&self, id: u32) -> Option<[f64; 2]> {
        let at = self.xy.get(2 * id as usize..2 * id as usize + 2)?;
        (at[0].is_finite() && at[1].is_finite()).then(|| [f64::from(at[0]), f64::from(at[1])])
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

    /// What the GPU gets as positions: in order of drawing, centered and scaled to [-1, 1] by the bounds.
    pub fn gpu_positions(&self) -> Vec<[f32; 2]> {
        let (center, half) = (self.bounds.center(), self.bounds.half());
        let place = |&id: &u32| {
            self.place(id).map_or(HIDDEN, |p| [0, 1].map(|axis| ((p[axis] - center[axis]) / half) as f32))
        };
        self.items.iter().map(place).collect()
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
        assert_eq!(cloud.gpu_positions(), [HIDDEN, HIDDEN, [-1.0, -0.4], [1.0, 0.4]]);
        assert!(cloud.set_positions(&[1.0]).is_err());
        assert_eq!(cloud.place(1), Some([10.0, 4.0]), "an error changes nothing");
    }

    #[test]
    fn no_points_and_equal_points() {
        let mut none = Cloud::new(&[]);
        assert!(none.set_positions(&[]).is_ok() && none.gpu_styles().is_empty());
        let equal = Cloud::new(&[7, 7]);
        assert_eq!((equal.size(0), equal.place(0)), (0.0, None));
    }
}
