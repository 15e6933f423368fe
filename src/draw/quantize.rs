//! Positions as whole numbers: 16 bits a coordinate, and 16 more that are read only from near.
//!
//! A map is cut into 65,535 quanta along its longer side. On a screen 1000 px wide that shows the whole map, a
//! quantum is 1/65 px: the high halves, 4 bytes a point, are all that is read. From [`FINE_PX`] on, the low halves are
//! read too: 32 bits together, finer than the f32 that they come from wherever it is not near 0.

use crate::camera::Bounds;

/// Quanta along the longer side. One more high half is left, to say that a point is hidden.
const QUANTA: f64 = 65_535.0;

/// The high half of a point that is not shown, x and y.
pub const HIDDEN: [u16; 2] = [65_535; 2];

/// A quantum wider than this, in device px, would show: then the low halves are read.
pub const FINE_PX: f64 = 0.25;

/// How places become whole numbers: quanta = (place - min) * per_unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantizer {
    /// Place of quantum 0, in map units.
    pub min: [f64; 2],
    /// Quanta per map unit.
    pub per_unit: f64,
}

impl Quantizer {
    /// For the points within these bounds.
    pub fn new(bounds: Bounds) -> Self {
        Quantizer { min: bounds.min, per_unit: QUANTA / (2.0 * bounds.half()) }
    }

    /// A place in quanta.
    pub fn quanta(&self, place: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (place[axis] - self.min[axis]) * self.per_unit)
    }

    /// High and low halves of a place; its quantum is high + low / 65536. A place outside of the bounds is moved to
    /// their edge.
    pub fn halves(&self, place: [f64; 2]) -> ([u16; 2], [u16; 2]) {
        // Below 65,535 quanta, the high half of hidden points.
        let most = QUANTA * 65_536.0 - 1.0;
        let whole = self.quanta(place).map(|q| (q * 65_536.0).clamp(0.0, most) as u32);
        (whole.map(|w| (w >> 16) as u16), whole.map(|w| w as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_keep_the_place() {
        let bounds = Bounds { min: [-3.0, 2.0], max: [5.0, 4.0] };
        let quantizer = Quantizer::new(bounds);
        for place in [[-3.0, 2.0], [5.0, 4.0], [0.1, 3.3], [4.999_999, 2.000_001], [9.0, -9.0]] {
            let (high, low) = quantizer.halves(place);
            assert_ne!(high[0], HIDDEN[0]);
            for axis in 0..2 {
                let kept = place[axis].clamp(bounds.min[axis], bounds.max[axis]);
                let back = (f64::from(high[axis]) + (f64::from(low[axis]) + 0.5) / 65_536.0)
                    / quantizer.per_unit
                    + bounds.min[axis];
                assert!((back - kept).abs() < 8.0 / 4e9 || place[axis] != kept, "{place:?}");
            }
        }
        let all_at_one_place = Quantizer::new(Bounds { min: [7.0; 2], max: [7.0; 2] });
        assert_eq!(all_at_one_place.halves([7.0; 2]), ([0; 2], [0; 2]));
    }
}
