//! Sizes of the points: one byte each, 0 = smallest .. 255 = largest, between which areas grow with a number.

use crate::select::nth;

/// The size of all where they are equal: a little larger than most of a map by popularity.
const EQUAL: u8 = 51;

/// Shares of the numbers, sorted, beyond which sizes do not differ any more: few wild ones would make all others alike.
const TAILS: [f64; 2] = [0.01, 0.99];

/// The square root of popularity, so that areas grow with it.
pub fn by_popularity(popularity: &[u32]) -> Vec<u8> {
    let root = |p: Option<&u32>| p.map_or(0.0, |&p| f64::from(p).sqrt());
    let (low, high) = (root(popularity.iter().min()), root(popularity.iter().max()));
    let span = if high > low { high - low } else { 1.0 };
    popularity.iter().map(|&p| (255.0 * (f64::from(p).sqrt() - low) / span).round() as u8).collect()
}

/// The square root of where a number lies between the lowest and the highest, so that areas grow with it. Without a
/// number (not finite): smallest. Where all are equal, so are all sizes.
pub fn by_number(values: &[f32]) -> Vec<u8> {
    let finite: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let rank = |share: f64| (share * finite.len().saturating_sub(1) as f64).round() as usize;
    let at = |share: f64| nth(&finite, rank(share)).map_or(0.0, f64::from);
    let (mut low, mut high) = (at(TAILS[0]), at(TAILS[1]));
    if low == high {
        (low, high) = (at(0.0), at(1.0));
    }
    let size = |&value: &f32| match f64::from(value) {
        value if !value.is_finite() => 0,
        _ if low == high => EQUAL,
        value => (255.0 * ((value - low) / (high - low)).clamp(0.0, 1.0).sqrt()).round() as u8,
    };
    values.iter().map(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_grow_with_the_number() {
        assert_eq!(by_popularity(&[1, 4, 9]), [0, 128, 255]);
        assert_eq!(by_number(&[-1.0, 0.0, 3.0, f32::NAN]), [0, 128, 255, 0]);
        let mut values: Vec<f32> = (0..=1000).map(|i| i as f32).collect();
        values[1000] = 1e30;
        let sizes = by_number(&values);
        assert_eq!(
            (sizes[0], sizes[250], sizes[999], sizes[1000]),
            (0, 126, 255, 255),
            "not by the wild one"
        );
        let mut rare = vec![0.0; 1000];
        rare[7] = 5.0;
        assert_eq!((by_number(&rare)[7], by_number(&rare)[8]), (255, 0));
    }

    #[test]
    fn equal_and_none() {
        assert_eq!(by_number(&[2.0, 2.0, f32::INFINITY]), [EQUAL, EQUAL, 0]);
        assert!(by_number(&[]).is_empty() && by_popularity(&[]).is_empty());
        assert_eq!(by_popularity(&[7, 7]), [0, 0]);
    }
}
