//! Names on the map: boxes against boxes at many zooms, by looking at every pair.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::explore::captions::captions;
use archipelago::explore::labels::{Caption, DISC_PX, Label, candidates, zooms};
use common::{Dice, blobs};
use proptest::prelude::*;

/// The screen's px at this zoom that a name's box covers, from corner to corner, the disc's edge `reach` px from its
/// middle; y downward.
fn name_box(label: &Label, zoom: f64, reach: f64) -> [f64; 4] {
    let [x, y] = [label.at[0] * zoom, -label.at[1] * zoom];
    [x - 0.5 * label.width, y + reach, x + 0.5 * label.width, y + reach + label.height]
}

fn caption_box(caption: &Caption, zoom: f64) -> [f64; 4] {
    let [x, y] = [caption.at[0] * zoom, -caption.at[1] * zoom];
    [x - 0.5 * caption.width, y - 0.5 * caption.height, x + 0.5 * caption.width, y + 0.5 * caption.height]
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// The radius of a disc in px: as drawn, whatever the map's largest and smallest disc and their growth.
fn reach(disc: f64, least: f64, scale: f64) -> f64 {
    (scale * (least + (1.0 - least) * disc)).min(DISC_PX)
}

/// No two boxes that are there at any of these zooms overlap.
fn assert_apart(labels: &[Label], captions: &[Caption], zooms: &[f64], at: &[f64], least: f64) {
    for &zoom in at {
        // Discs from points to the largest.
        for scale in [0.0, 5.0, 22.0, 40.0, 200.0] {
            let mut boxes: Vec<[f64; 4]> = Vec::new();
            boxes.extend(
                captions.iter().filter(|c| c.from <= zoom && zoom < c.to).map(|c| caption_box(c, zoom)),
            );
            let there = labels.iter().zip(zooms).filter(|(_, from)| **from <= zoom);
            boxes.extend(there.map(|(label, _)| name_box(label, zoom, reach(label.disc, least, scale))));
            for (i, &a) in boxes.iter().enumerate() {
                for &b in &boxes[..i] {
                    assert!(!overlap(a, b), "{a:?} and {b:?} at zoom {zoom}, discs of {scale}");
                }
            }
        }
    }
}

fn label() -> impl Strategy<Value = Label> {
    let coordinate =
        || prop_oneof![6 => -10.0..10.0f64, 2 => (-6i8..7).prop_map(f64::from), 1 => Just(f64::NAN)];
    (coordinate(), coordinate(), 5.0..200.0f64, 8.0..30.0f64, 0.0..=1.0f64)
        .prop_map(|(x, y, width, height, disc)| Label { at: [x, y], width, height, disc })
}

fn many(n: usize, seed: u64) -> Vec<Label> {
    let xy = blobs(seed, &[[0.0, 0.0], [3.0, 1.0], [-2.0, 4.0], [0.5, 0.2]], n / 4, 0.5);
    let mut dice = Dice::new(seed);
    let mut one = |at: &[f32]| Label {
        at: [at[0], at[1]].map(f64::from),
        width: 20.0 + 150.0 * dice.unit(),
        height: 14.0 + 6.0 * dice.unit(),
        disc: dice.unit() * dice.unit(),
    };
    xy.chunks_exact(2).map(&mut one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn names_never_overlap(
        labels in prop::collection::vec(label(), 0..60),
        places in prop::collection::vec(([-9.0..9.0f64, -9.0..9.0f64], [0.0..3.0f64, 0.0..3.0f64]), 0..6),
        least in 0.25..1.0f64,
    ) {
        let (at, spread): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        let captions = captions(&at, &spread, &vec![[120.0, 26.0]; at.len()]);
        let zooms = zooms(&labels, &captions);
        // Where something comes or goes, just before, and between.
        let mut when: Vec<f64> = zooms.iter().chain(captions.iter().flat_map(|c| [&c.from, &c.to])).copied().collect();
        when.retain(|zoom| zoom.is_finite());
        let near: Vec<f64> = when.iter().flat_map(|z| [*z, z * (1.0 - 1e-12), z * 1.1]).collect();
        when.extend(near);
        when.extend((0..20).map(|octave| 2f64.powi(octave)));
        assert_apart(&labels, &captions, &zooms, &when, least);
    }
}

/// The same greedy choice without cells: every pair, and all room there is.
fn slow_zooms(labels: &[Label], captions: &[Caption]) -> Vec<f64> {
    let placed: Vec<bool> = labels.iter().map(|l| l.at.iter().all(|c| c.is_finite())).collect();
    let of = |axis: usize| labels.iter().map(move |l| l.at[axis]).filter(|c| c.is_finite());
    let side = |axis| of(axis).fold(f64::MIN, f64::max) - of(axis).fold(f64::MAX, f64::min);
    let mut zoom = 64.0 / side(0).max(side(1));
    let mut out = vec![f64::INFINITY; labels.len()];
    for _ in 0..18 {
        for i in (0..labels.len()).filter(|&i| placed[i]) {
            let mut from: f64 = captions.iter().map(|c| labels[i].clear_of(c)).fold(0.5 * zoom, f64::max);
            for j in (0..labels.len()).filter(|&j| j != i) {
                let clear = labels[i].apart(&labels[j]);
                if out[j] < clear {
                    from = from.max(clear);
                }
            }
            if out[i] == f64::INFINITY && from <= zoom {
                out[i] = from;
            }
        }
        zoom *= 2.0;
    }
    out
}

#[test]
fn cells_change_nothing() {
    for (n, seed) in [(4, 1), (60, 2), (400, 3)] {
        let labels = many(n, seed);
        let at: Vec<[f64; 2]> = labels.iter().take(3).map(|l| l.at).collect();
        let captions = captions(&at, &vec![[0.4, 0.5]; at.len()], &vec![[150.0, 30.0]; at.len()]);
        let found = zooms(&labels, &captions);
        assert_eq!(found, slow_zooms(&labels, &captions));
        assert!(found.iter().filter(|z| z.is_finite()).count() * 10 > n * 9);
    }
}

#[test]
fn the_important_come_first_and_all_come_in_the_end() {
    let labels = many(2000, 7);
    let zooms = zooms(&labels, &[]);
    let mean = |part: &[f64]| part.iter().map(|z| z.log2()).sum::<f64>() / part.len() as f64;
    assert!(zooms.iter().all(|z| z.is_finite()));
    assert!(mean(&zooms[..200]) + 0.5 < mean(&zooms[1800..]));
    let first = zooms.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(zooms[0], first, "the most important is there from the beginning");
}

#[test]
fn nothing_and_one_and_one_place() {
    assert!(zooms(&[], &[]).is_empty());
    let one = Label { at: [3.0, 4.0], width: 50.0, height: 16.0, disc: 0.5 };
    assert!(zooms(&[one], &[])[0].is_finite());
    let far = zooms(&[one, one, Label { at: [1e30, -1e30], ..one }, Label { at: [f64::NAN; 2], ..one }], &[]);
    assert!(far[0].is_finite() && far[1].is_infinite() && far[2].is_finite() && far[3].is_infinite());
}

#[test]
fn candidates_are_popular_and_everywhere() {
    let xy = blobs(5, &[[0.0, 0.0], [40.0, 0.0], [0.0, 40.0]], 1000, 1.0);
    // Popular items are all in the first island.
    let popularity: Vec<u32> = (0..3000).map(|i| if i < 1000 { 1000 + i } else { 1 }).collect();
    let all = candidates(&xy, 2, &popularity, 3000);
    assert_eq!(all.len(), 3000);
    assert!(all.windows(2).all(|w| popularity[w[0] as usize] >= popularity[w[1] as usize]));
    let some = candidates(&xy, 2, &popularity, 300);
    assert_eq!(some.len(), 300);
    assert_eq!(some[0], all[0]);
    for island in 0..3 {
        let there = some.iter().filter(|&&i| i as usize / 1000 == island).count();
        assert!(there > 50, "{there} candidates in island {island}");
    }
    let (same, hidden) = (vec![1.0; 200], vec![f32::NAN; 200]);
    assert_eq!(candidates(&same, 2, &[7; 100], 10), (0..10).collect::<Vec<_>>());
    assert!(candidates(&hidden, 2, &[7; 100], 10).is_empty());
    assert_eq!(candidates(&[1.0; 300], 3, &[7; 100], 10), (0..10).collect::<Vec<_>>());
}

#[test]
fn candidates_in_space_are_everywhere_too() {
    // Two islands, one behind the other.
    let front = blobs(6, &[[0.0, 0.0]], 2000, 1.0);
    let xyz: Vec<f32> = front
        .chunks_exact(2)
        .enumerate()
        .flat_map(|(i, p)| [p[0], p[1], if i < 1000 { 0.0 } else { 50.0 } + (i % 7) as f32])
        .collect();
    let popularity: Vec<u32> = (0..2000).map(|i| if i < 1000 { 1000 + i } else { 1 }).collect();
    let some = candidates(&xyz, 3, &popularity, 300);
    assert_eq!((some.len(), some[0]), (300, 999));
    assert!(some.windows(2).all(|w| popularity[w[0] as usize] >= popularity[w[1] as usize]));
    assert!(some.iter().filter(|&&i| i >= 1000).count() > 80);
}
