//! Colors of points: by category, by number, or by popularity when nothing is chosen.
//!
//! Every coloring gives one color per item and a legend that says exactly what was done. The page draws a number's
//! legend as a CSS gradient, which mixes sRGB linearly between stops; so does this file, and the two agree.

use serde::Serialize;

use crate::select::{nth, sorted};

/// Category code of an item without a value.
pub const MISSING_CODE: u32 = u32::MAX;

/// Categories that get a color of their own; the others share [`Theme::other`].
pub const N_CATEGORY_COLORS: usize = 11;

/// An sRGB color.
pub type Rgb = [u8; 3];

/// Colors of the largest categories. Found by search: the smallest distance of any two, in Oklab and seen with
/// normal, protanopic and deuteranopic eyes (Machado et al. 2009), was made as large as possible within a band of
/// lightness that stands out from a dark and from a light background. Ordered so that the first few differ most.
pub const CATEGORY_COLORS: [Rgb; N_CATEGORY_COLORS] = [
    [0x29, 0x7c, 0xef],
    [0xf6, 0xd3, 0x2b],
    [0xe5, 0x55, 0x9a],
    [0xf9, 0xbc, 0xfd],
    [0xb7, 0x6b, 0x1c],
    [0x47, 0xf8, 0x9e],
    [0x42, 0xc3, 0xc7],
    [0xb6, 0x88, 0xfe],
    [0x08, 0x98, 0x68],
    [0xfe, 0x98, 0x7c],
    [0x98, 0xb3, 0x05],
];

/// What colors depend on besides the data: the side of the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether the background is dark.
    pub dark: bool,
}

impl Theme {
    /// Color of all categories beyond the largest.
    pub fn other(self) -> Rgb {
        if self.dark { [0x84, 0x8b, 0x98] } else { [0x8d, 0x93, 0x9e] }
    }

    /// Color of items without a value: nearer to the background than any other.
    pub fn missing(self) -> Rgb {
        if self.dark { [0x4a, 0x50, 0x5c] } else { [0xc4, 0xc8, 0xcf] }
    }

    /// Numbers, low to high.
    fn numbers(self) -> &'static [Rgb; 9] {
        if self.dark { &NUMBERS_ON_DARK } else { &NUMBERS_ON_LIGHT }
    }

    /// Popularity, least to most.
    pub fn popularity(self) -> &'static [Rgb; 5] {
        if self.dark { &STARS } else { &INK }
    }
}

/// Nine samples of matplotlib's perceptually uniform "plasma" (Smith and van der Walt 2015, CC0) from 0.10 to 0.98,
/// with their lightness in Oklab set to rise evenly from 0.50 to 0.94: the dark end of the original would drown.
const NUMBERS_ON_DARK: [Rgb; 9] = [
    [0x65, 0x3a, 0xd7],
    [0x97, 0x33, 0xdc],
    [0xc1, 0x36, 0xcc],
    [0xe2, 0x4b, 0xa9],
    [0xf9, 0x66, 0x85],
    [0xfe, 0x8b, 0x6e],
    [0xff, 0xae, 0x6a],
    [0xff, 0xcf, 0x66],
    [0xf7, 0xf4, 0x17],
];

/// Nine samples of "plasma" as it is, from 0 to 0.82: its bright end would fade into a light background.
const NUMBERS_ON_LIGHT: [Rgb; 9] = [
    [0x0d, 0x08, 0x87],
    [0x43, 0x03, 0x9e],
    [0x6c, 0x00, 0xa8],
    [0x92, 0x0f, 0xa3],
    [0xb3, 0x2c, 0x8e],
    [0xce, 0x4b, 0x75],
    [0xe4, 0x69, 0x5e],
    [0xf4, 0x89, 0x48],
    [0xfd, 0xae, 0x32],
];

/// The colors of stars, from faint blue to warm white.
const STARS: [Rgb; 5] =
    [[0x41, 0x68, 0xb8], [0x62, 0x98, 0xf0], [0xa6, 0xc8, 0xff], [0xf6, 0xf6, 0xff], [0xff, 0xe6, 0xb8]];

/// The colors of ink, from thin to full.
const INK: [Rgb; 5] =
    [[0x94, 0xb4, 0xe4], [0x5e, 0x8d, 0xd6], [0x35, 0x67, 0xb8], [0x1d, 0x40, 0x85], [0x17, 0x28, 0x57]];

/// What the colors of a numeric column mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename = "number", rename_all = "camelCase")]
pub struct NumberLegend {
    /// Smallest finite value; 0 when there is none.
    pub min: f32,
    /// Largest finite value; 0 when there is none.
    pub max: f32,
    /// Rising from 0 (min) to 1 (max), linear in sRGB between.
    pub stops: Vec<Stop>,
    /// Items without a finite value.
    pub missing: u32,
    /// Their color.
    pub missing_color: String,
}

/// One color of a gradient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stop {
    /// Where, 0..=1.
    pub at: f64,
    /// "#rrggbb".
    pub color: String,
}

/// What the colors of a category column mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename = "category", rename_all = "camelCase")]
pub struct CategoryLegend {
    /// Largest first; last "Other" when there are more categories than colors.
    pub entries: Vec<Entry>,
    /// Items without a category.
    pub missing: u32,
    /// Their color.
    pub missing_color: String,
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Category code; -1 = all others together.
    pub code: i64,
    /// "#rrggbb".
    pub color: String,
    /// Items.
    pub count: u32,
}

/// Colors by category: `codes` has one code per item, below `n_categories`; any other is missing.
pub fn by_category(codes: &[u32], n_categories: u32, theme: Theme) -> (Vec<Rgb>, CategoryLegend) {
    let mut counts = vec![0u32; highest(codes, n_categories)];
    let mut missing = 0;
    for &code in codes {
        counts.get_mut(code as usize).map_or_else(|| missing += 1, |count| *count += 1);
    }
    // By falling count, then by rising code.
    let present = counts.iter().zip(0u32..).filter(|&(&count, _)| count > 0);
    let mut keys: Vec<u64> =
        present.map(|(&count, code)| u64::from(!count) << 32 | u64::from(code)).collect();
    keys.sort_unstable();
    let largest: Vec<u32> = keys.iter().map(|&key| key as u32).collect();
    let mut color_of = vec![theme.other(); counts.len()];
    let mut entries = Vec::new();
    for (&code, &color) in largest.iter().zip(&CATEGORY_COLORS) {
        color_of[code as usize] = color;
        entries.push(Entry { code: i64::from(code), color: hex(color), count: counts[code as usize] });
    }
    let others: u32 = largest.iter().skip(N_CATEGORY_COLORS).map(|&code| counts[code as usize]).sum();
    if others > 0 {
        entries.push(Entry { code: -1, color: hex(theme.other()), count: others });
    }
    let colors =
        codes.iter().map(|&code| color_of.get(code as usize).copied().unwrap_or(theme.missing())).collect();
    (colors, CategoryLegend { entries, missing, missing_color: hex(theme.missing()) })
}

/// One more than the highest code below `n_categories` that occurs.
fn highest(codes: &[u32], n_categories: u32) -> usize {
    codes.iter().filter(|&&code| code < n_categories).max().map_or(0, |&code| code as usize + 1)
}

/// The smallest share of a legend that a gradient can take: the rounding of its stops stays far below it.
const NARROWEST: f64 = 1e-9;

/// Colors by number: linear from the smallest to the largest value; what is not finite is missing.
///
/// A few wild values must not leave all others in one color: when the middle 98 % of the values span less than a
/// third of the whole, the gradient spans those, and values beyond it have its end colors. The legend's stops say so;
/// where they could not, being too near each other to tell apart (`NARROWEST` of the whole), the whole is spanned.
pub fn by_number(values: &[f32], theme: Theme) -> (Vec<Rgb>, NumberLegend) {
    let finite: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let missing = (values.len() - finite.len()) as u32;
    let rank = |part: f64| (part * (finite.len().max(1) - 1) as f64).round() as usize;
    let part = |part: f64| nth(&finite, rank(part)).map_or(0.0, f64::from);
    let (min, max) = (part(0.0), part(1.0));
    let (mut low, mut high) = (min, max);
    let middle = [part(0.01), part(0.99)];
    if (NARROWEST..1.0 / 3.0).contains(&((middle[1] - middle[0]) / (max - min))) {
        [low, high] = middle;
    }
    let colors = values.iter().map(|&value| {
        let t = if high > low { (f64::from(value) - low) / (high - low) } else { 0.5 };
        if value.is_finite() { ramp(theme.numbers(), t) } else { theme.missing() }
    });
    let legend = NumberLegend {
        min: min as f32,
        max: max as f32,
        stops: stops(theme.numbers(), [min, max], [low, high]),
        missing,
        missing_color: hex(theme.missing()),
    };
    (colors.collect(), legend)
}

/// The gradient from `low` to `high` as stops between `min` and `max`, with its end colors beyond.
fn stops(colors: &[Rgb], [min, max]: [f64; 2], [low, high]: [f64; 2]) -> Vec<Stop> {
    let whole = |t: f64| if max > min { (t - min) / (max - min) } else { t };
    if max <= min {
        let color = hex(ramp(colors, 0.5));
        return vec![Stop { at: 0.0, color: color.clone() }, Stop { at: 1.0, color }];
    }
    let last = colors.len() - 1;
    let inner = colors.iter().enumerate().map(|(i, &color)| {
        // Exactly `low` and `high` at the ends, so that a legend never reaches beyond its range by rounding.
        let share = i as f64 / last as f64;
        let at = whole(low * (1.0 - share) + high * share);
        Stop { at, color: hex(color) }
    });
    let before = (low > min).then(|| Stop { at: 0.0, color: hex(colors[0]) });
    let after = (high < max).then(|| Stop { at: 1.0, color: hex(colors[last]) });
    before.into_iter().chain(inner).chain(after).collect()
}

/// Colors when nothing is chosen: by rank of popularity, so that few are bright whatever the numbers. Equally
/// popular items have the same color.
pub fn by_popularity(popularity: &[u32], theme: Theme) -> Vec<Rgb> {
    let sorted = sorted(popularity);
    let last = sorted.len().max(2) as f64 - 1.0;
    // Each popularity once, with its color: many items share one.
    let mut colors: Vec<(u32, Rgb)> = Vec::new();
    let mut first = 0;
    for equal in sorted.chunk_by(|a, b| a == b) {
        // The middle of the ranks that share this popularity; its power leaves the bright end to the top few.
        let rank = (0.5 * (2 * first + equal.len() - 1) as f64 / last).min(1.0);
        colors.push((equal[0], ramp(theme.popularity(), rank.powi(3))));
        first += equal.len();
    }
    let color = |p: &u32| colors[colors.partition_point(|(q, _)| q < p)].1;
    popularity.iter().map(color).collect()
}

/// The color at `t` of evenly spaced colors, linear in sRGB; `t` outside of 0..=1 takes the end.
fn ramp(colors: &[Rgb], t: f64) -> Rgb {
    let x = t.clamp(0.0, 1.0) * (colors.len() - 1) as f64;
    let i = (x as usize).min(colors.len() - 2);
    let (from, to) = (colors[i], colors[i + 1]);
    [0, 1, 2].map(|c| {
        (f64::from(from[c]) + (f64::from(to[c]) - f64::from(from[c])) * (x - i as f64)).round() as u8
    })
}

/// "#rrggbb".
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
