//! Lanes: points side by side, so that a loop over them becomes SIMD code.

/// Points side by side.
pub const LANES: usize = 8;

/// `points` in blocks: of each block all first coordinates, then all second ones. The last lanes that no point fills
/// stand at `far` along each axis.
pub fn blocks<const D: usize>(points: &[[f32; D]], far: f32) -> Vec<[[f32; LANES]; D]> {
    points
        .chunks(LANES)
        .map(|block| std::array::from_fn(|c| std::array::from_fn(|l| block.get(l).map_or(far, |p| p[c]))))
        .collect()
}
