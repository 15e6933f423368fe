//! Coincident: points in exactly one place are parted a little, so that each can be seen and picked.
//!
//! Attraction has its least at distance 0, so two items that have only each other may end in one place. Each such group is
//! spread as a sunflower (Vogel 1979) around its place: the k-th of it at `distance` sqrt(k), turned by the golden angle.

/// The golden angle.
const TURN: f64 = 2.399_963_229_728_653;

/// Rounds at most: by rounding, two points that were parted from others may meet again.
const ROUNDS: usize = 8;

/// Parts the points of `layout` (row-major n x `dim`, 2 or more) that have equal coordinates; the first of each place stays.
pub fn part(layout: &mut [f32], dim: usize, distance: f32) {
    for round in 0..ROUNDS {
        let moves = coincident(layout, dim);
        if moves.is_empty() {
            break;
        }
        for (i, k) in moves {
            let radius = f64::from(distance) * (k as f64).sqrt();
            let (sin, cos) = libm::sincos(TURN * (k + round) as f64);
            layout[i * dim] += (radius * cos) as f32;
            layout[i * dim + 1] += (radius * sin) as f32;
        }
    }
}

/// Points that stand where another one does, and how many before them do.
fn coincident(layout: &[f32], dim: usize) -> Vec<(usize, usize)> {
    let mut order: Vec<u32> = (0..(layout.len() / dim) as u32).collect();
    let key = |i: u32| layout[i as usize * dim..][..dim].iter().map(|v| v.to_bits());
    order.sort_unstable_by(|&i, &j| key(i).cmp(key(j)).then(i.cmp(&j)));
    let mut since = 0usize;
    let mut found = Vec::new();
    for pair in order.windows(2) {
        since = if key(pair[0]).eq(key(pair[1])) { since + 1 } else { 0 };
        if since > 0 {
            found.push((pair[1] as usize, since));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_coincident_points_move() {
        let mut layout = vec![1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 1.0, 2.5, 1.0, 2.0];
        part(&mut layout, 2, 0.01);
        assert_eq!(layout[..4], [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(layout[6..8], [1.0, 2.5]);
        let apart =
            |i: usize, j: usize| (layout[2 * i] - layout[2 * j]).hypot(layout[2 * i + 1] - layout[2 * j + 1]);
        assert!((apart(0, 2) - 0.01).abs() < 1e-6 && (apart(0, 4) - 0.01 * 2f32.sqrt()).abs() < 1e-6);
        assert!(apart(2, 4) > 0.01);
        part(&mut [], 2, 0.01);
    }
}
