//! Captions: what islands are called, and from which zoom to which their names are on the map.
//!
//! An island is named by what most of its items share and few others have: of all columns' values the one with the
//! largest share * ln(share / share on the whole map), its part of the Kullback-Leibler divergence. Where nothing
//! is shared by two items in five and on the whole map by fewer than two thirds as many, the name is that of its most
//! popular items.
//!
//! A caption is there while the island is wide enough for it and not so wide that one stands in its midst. Two
//! captions never overlap: the later one in order appears once it is clear of the earlier.

use super::islands::{Islands, NONE};
use super::labels::Caption;

/// Least share of an island's items that a name says something about.
const SHARE: f64 = 0.4;

/// Least times that the share is larger than on the whole map.
const LIFT: f64 = 1.5;

/// Items whose names may name an island.
pub const POPULAR: usize = 2;

/// What an island is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Title {
    /// Column and value, where its items share one.
    pub shared: Option<(u32, u32)>,
    /// Its most popular items, the first first.
    pub popular: Vec<u32>,
}

/// What each island is called. `columns` are values below a number of values each, or larger where there is none.
pub fn titles(islands: &Islands, popularity: &[u32], columns: &[(&[u32], usize)]) -> Vec<Title> {
    let n = islands.sizes.len();
    let mut titles = vec![Title::default(); n];
    for (item, &island) in islands.of.iter().enumerate().filter(|(_, island)| **island != NONE) {
        let popular = &mut titles[island as usize].popular;
        let rank = |&i: &u32| (u32::MAX - popularity[i as usize], i);
        let at = popular.partition_point(|i| rank(i) < rank(&(item as u32)));
        if at < POPULAR {
            popular.insert(at, item as u32);
            popular.truncate(POPULAR);
        }
    }
    let mut best = vec![0.0; n];
    for (column, &(values, n_values)) in columns.iter().enumerate() {
        // Values island by island: many values are rare, so a table of both would be large.
        let mut pairs: Vec<u64> = Vec::new();
        let mut whole = vec![0u32; n_values];
        for (&value, &island) in
            values.iter().zip(&islands.of).filter(|(value, _)| (**value as usize) < n_values)
        {
            whole[value as usize] += 1;
            if island != NONE {
                pairs.push(u64::from(island) << 32 | u64::from(value));
            }
        }
        pairs.sort_unstable();
        let all = f64::from(whole.iter().sum::<u32>().max(1));
        for run in pairs.chunk_by(|a, b| a == b) {
            let (island, value) = ((run[0] >> 32) as usize, run[0] as u32);
            // Items without a value count as others.
            let share = run.len() as f64 / f64::from(islands.sizes[island]);
            let lift = share / (f64::from(whole[value as usize]) / all);
            if share >= SHARE && lift >= LIFT && run.len() > 2 {
                let score = share * libm::log(lift);
                if score > best[island] {
                    (best[island], titles[island].shared) = (score, Some((column as u32, value)));
                }
            }
        }
    }
    titles
}

/// A caption's name may be so much wider than the island, and its standard deviations four wide.
const FITS: f64 = 1.6;

/// Width of an island on screen, in px, beyond which it has no name any more.
const WIDE_PX: f64 = 1100.0;

/// The captions of islands that spread so far, with boxes of these sizes in px, in order: the first has its way.
pub fn captions(at: &[[f64; 2]], spread: &[[f64; 2]], boxes: &[[f64; 2]]) -> Vec<Caption> {
    let mut captions: Vec<Caption> = Vec::new();
    for ((&at, spread), &[width, height]) in at.iter().zip(spread).zip(boxes) {
        let px = |px: f64, spread: f64| if spread > 0.0 { px / (4.0 * spread) } else { f64::INFINITY };
        let from = px(width / FITS, spread[0]);
        let to = px(WIDE_PX, spread[0].max(spread[1]));
        let mut caption = Caption { at, width, height, from: if from < to { from } else { to }, to };
        // Each that is in the way may push it past another: until nothing does.
        while let Some(clear) =
            captions.iter().map(|other| clear(&caption, other)).find(|&z| z > caption.from)
        {
            caption.from = clear;
        }
        captions.push(caption);
    }
    captions
}

/// From which zoom on `caption` does not overlap `other`.
fn clear(caption: &Caption, other: &Caption) -> f64 {
    let zoom = |axis: usize, sum: f64| {
        let far = (caption.at[axis] - other.at[axis]).abs();
        if far > 0.0 { 0.5 * sum / far * (1.0 + 1e-9) } else { f64::INFINITY }
    };
    let apart = zoom(0, caption.width + other.width).min(zoom(1, caption.height + other.height));
    let end = apart.min(other.to);
    // Either is not there at all, or is gone before the other comes, or they are apart before.
    let never = caption.from >= caption.to || other.from >= other.to || caption.to <= other.from;
    if never || end <= other.from { 0.0 } else { end }
}

/// Cells of smoothing at each scale, from coarse to fine, and one in how many points an island has at least.
const SCALES: [(usize, usize); 3] = [(9, 100), (4, 250), (2, 600)];

/// Points of an island at least, on a small map.
const LEAST: usize = 12;

/// An island of some scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Island {
    /// Its scale: 0 is the coarsest.
    pub scale: usize,
    /// The middle of its crowded part, in map units.
    pub at: [f64; 2],
    /// How far its points spread, in map units: the standard deviation along each axis.
    pub spread: [f64; 2],
    /// Its points.
    pub size: u32,
    /// What it is called.
    pub title: Title,
    /// The island of the next coarser scale in which its most popular item lies, as a place in the list.
    pub parent: Option<usize>,
}

/// The islands of all scales, coarse ones first, of one scale the largest first.
pub fn named(xy: &[f32], popularity: &[u32], columns: &[(&[u32], usize)]) -> Vec<Island> {
    let mut all: Vec<Island> = Vec::new();
    let (mut coarser, mut offset): (Vec<u32>, usize) = (Vec::new(), 0);
    for (scale, (radius, part)) in SCALES.into_iter().enumerate() {
        let found = super::islands::islands(xy, radius, (popularity.len() / part).max(LEAST));
        let titles = titles(&found, popularity, columns);
        let start = all.len();
        for (i, title) in titles.into_iter().enumerate() {
            let parent = title.popular.first().and_then(|&item| coarser.get(item as usize));
            let parent = parent.filter(|&&island| island != NONE).map(|&island| offset + island as usize);
            let (at, spread, size) = (found.at[i], found.spread[i], found.sizes[i]);
            all.push(Island { scale, at, spread, size, title, parent });
        }
        (coarser, offset) = (found.of, start);
    }
    all
}
