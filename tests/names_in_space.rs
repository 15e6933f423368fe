//! Names in space: what is chosen in a frame against an obvious twin, and whole flights in which nothing may overlap or flicker.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::draw::{Orbit, Vector};
use archipelago::explore::names_in_space::{
    AROUND, AT_ONCE, Anchor, BONUS, CLEAR, DRIFT, Frame, Names, REST, Seen, WAIT, room,
};
use common::Dice;
use proptest::prelude::*;

const SCREEN: [f64; 2] = [900.0, 600.0];
const STILL: Frame = Frame { screen: SCREEN, amount: 1.5, step: 0.25, wanted: true };

type Box4 = [f64; 4];

/// Left, top, right, bottom of a name's box, `times` as large.
fn area(at: [f64; 2], size: [f64; 2], times: f64) -> Box4 {
    let (x, y) = (at[0], at[1] + 0.5 * size[1]);
    let [w, h] = size.map(|side| 0.5 * times * side);
    [x - w, y - h, x + w, y + h]
}

fn overlap(a: Box4, b: Box4) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn shrunk(a: Box4) -> Box4 {
    [a[0] + 1e-6, a[1] + 1e-6, a[2] - 1e-6, a[3] - 1e-6]
}

/// No two names that are seen overlap.
fn assert_apart(seen: &[Seen], boxes: &[[f64; 2]]) {
    for (i, a) in seen.iter().enumerate() {
        for b in &seen[..i] {
            let [one, other] = [a, b].map(|s| shrunk(area(s.at, boxes[s.name as usize], 1.0)));
            assert!(!overlap(one, other), "{a:?} and {b:?}");
        }
        assert!(a.opacity > 0.0 && a.opacity <= 1.0, "{a:?}");
    }
}

/// What is to be chosen, by looking at every pair, and how long each rests then.
fn obvious(
    boxes: &[[f64; 2]],
    (chosen, rest): (&[bool], &[f32]),
    anchors: &[Option<Anchor>],
    amount: f64,
    step: f32,
) -> (Vec<bool>, Vec<f32>) {
    let in_sight = |i: usize, anchor: &Anchor| {
        let [left, top, right, bottom] = area(anchor.at, boxes[i], 1.0);
        let inside = right + AROUND > 0.0 && left - AROUND < SCREEN[0];
        boxes[i][0] > 0.0 && inside && bottom + AROUND > 0.0 && top - AROUND < SCREEN[1]
    };
    let mut rest: Vec<f32> = rest.iter().map(|rest| (rest - step).max(0.0)).collect();
    let on = |i: usize, anchor: &Anchor| {
        in_sight(i, anchor) && rest[i] == 0.0 && anchor.clear >= CLEAR[usize::from(chosen[i])]
    };
    let mut all: Vec<(f32, usize, Anchor)> = anchors
        .iter()
        .enumerate()
        .filter_map(|(i, anchor)| Some((i, (*anchor)?)))
        .filter(|(i, anchor)| on(*i, anchor))
        .map(|(i, a)| {
            let weight = a.near * a.near / (i + 1) as f64 * if chosen[i] { BONUS } else { 1.0 };
            (weight as f32, i, a)
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let [come, stay] = room(amount);
    let mut taken: Vec<(usize, Anchor)> = Vec::new();
    for (_, i, anchor) in all {
        let free = taken.iter().all(|&(j, other)| {
            let (times, more) = if chosen[i] && chosen[j] { (stay, 0.0) } else { (come, DRIFT) };
            let room = |at, size| {
                let [left, top, right, bottom] = area(at, size, times);
                [left - more, top - more, right + more, bottom + more]
            };
            !overlap(room(anchor.at, boxes[i]), room(other.at, boxes[j]))
        });
        if free {
            taken.push((i, anchor));
        }
    }
    let now: Vec<bool> = (0..boxes.len()).map(|i| taken.iter().any(|&(j, _)| j == i)).collect();
    for (i, anchor) in anchors.iter().enumerate() {
        if chosen[i] && !now[i] && anchor.is_some_and(|anchor| in_sight(i, &anchor)) {
            rest[i] = REST;
        }
    }
    (now, rest)
}

fn anchor() -> impl Strategy<Value = Option<Anchor>> {
    let some = (-200.0..1100.0f64, -100.0..700.0f64, 0.0..=1.0f64, 0.2..8.0f64)
        .prop_map(|(x, y, clear, near)| Some(Anchor { at: [x, y], clear, near }));
    let wild = Just(Some(Anchor { at: [f64::NAN, f64::INFINITY], clear: f64::NAN, near: f64::INFINITY }));
    prop_oneof![12 => some, 1 => Just(None), 1 => wild]
}

fn sizes() -> impl Strategy<Value = [f64; 2]> {
    prop_oneof![9 => (10.0..200.0f64, 10.0..30.0f64).prop_map(|(w, h)| [w, h]), 1 => Just([0.0, 20.0])]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_frames_are_chosen_as_the_obvious_way_does_and_nothing_overlaps(
        boxes in prop::collection::vec(sizes(), 60),
        frames in prop::collection::vec((prop::collection::vec(anchor(), 60), 0.0..=1.0f64, any::<bool>()), 1..6),
        amount in 1.0..3.0f64,
    ) {
        let mut names = Names::new(boxes.clone());
        let (mut chosen, mut rest) = (vec![false; 60], vec![0.0; 60]);
        for (anchors, step, again) in frames {
            for _ in 0..=usize::from(again) {
                let frame = Frame { amount, step, ..STILL };
                (chosen, rest) = obvious(&boxes, (&chosen, &rest), &anchors, amount, step as f32);
                let (seen, _) = names.frame(frame, |i| anchors[i]);
                prop_assert_eq!(&chosen, &(0..60).map(|i| names.is_chosen(i)).collect::<Vec<_>>());
                assert_apart(&seen, &boxes);
                let again = obvious(&boxes, (&chosen, &rest), &anchors, amount, 0.0).0;
                prop_assert_eq!(&chosen, &again, "and it stays so");
            }
        }
    }
}

/// `n` places in a ball of crowds about the origin, and boxes for their names.
fn cloud(n: usize, seed: u64) -> (Vec<Vector>, Vec<[f64; 2]>) {
    let mut dice = Dice::new(seed);
    let crowds: Vec<Vector> = (0..20).map(|_| [0; 3].map(|_: i32| 1.4 * dice.unit() - 0.7)).collect();
    let places =
        (0..n).map(|i| crowds[i % 20].map(|c| c + 0.3 * (dice.unit() - 0.5) + 0.2 * (dice.unit() - 0.5)));
    let places = places.collect();
    (places, (0..n).map(|_| [40.0 + 120.0 * dice.unit(), 19.0]).collect())
}

fn orbit() -> Orbit {
    Orbit::new(SCREEN, [0.0; 3], 1.3)
}

/// Where names hang as a camera sees them, with fog behind the target.
fn seen_by<'a>(orbit: &Orbit, places: &'a [Vector]) -> impl Fn(usize) -> Option<Anchor> + use<'a> {
    let (orbit, axes, distance) = (*orbit, orbit.axes(), orbit.pose().distance);
    move |i| {
        let [x, y, depth] = orbit.to_screen(&axes, *places.get(i)?)?;
        let clear = 1.0 - ((depth - 0.8 * distance) / distance).clamp(0.0, 1.0);
        Some(Anchor { at: [x, y + 4.0], clear, near: distance / depth })
    }
}

/// Frames until nothing fades any more; the last one.
fn settle(names: &mut Names, frame: Frame, anchor: impl Fn(usize) -> Option<Anchor>) -> Vec<Seen> {
    for _ in 0..100 {
        let (seen, more) = names.frame(frame, &anchor);
        if !more {
            return seen;
        }
    }
    panic!("it fades for ever")
}

fn ids(seen: &[Seen]) -> Vec<u32> {
    let mut ids: Vec<u32> = seen.iter().map(|s| s.name).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_flight_overlaps_nowhere_and_names_do_not_come_and_go() {
    let (places, boxes) = cloud(3000, 5);
    let mut names = Names::new(boxes.clone());
    let mut orbit = orbit();
    settle(&mut names, STILL, seen_by(&orbit, &places));
    let (mut left, mut born, mut before) =
        (vec![-99; places.len()], vec![0; places.len()], vec![false; places.len()]);
    let (mut comes, mut returns, mut lives) = (0, 0, Vec::new());
    for frame in 0..600 {
        // Turns, then flies in, then turns there.
        match frame / 200 {
            1 => orbit.dolly([0.2, 0.1, 0.3], 1.012),
            _ => orbit.turn(1.5, if frame % 100 < 50 { 0.4 } else { -0.4 }),
        }
        let anchor = seen_by(&orbit, &places);
        let (seen, _) = names.frame(STILL, &anchor);
        assert_apart(&seen, &boxes);
        for i in 0..places.len() {
            let inside = anchor(i).is_some_and(|a| {
                let [left, top, right, bottom] = area(a.at, boxes[i], 1.0);
                right > 0.0 && bottom > 0.0 && left < SCREEN[0] && top < SCREEN[1]
            });
            let now = seen.iter().any(|s| s.name as usize == i);
            if now && !before[i] && inside {
                comes += 1;
                returns += usize::from(frame - left[i] < 16);
                born[i] = frame;
            } else if before[i] && !now && inside {
                left[i] = frame;
                lives.push(frame - born[i]);
            }
            before[i] = now;
        }
    }
    lives.sort_unstable();
    assert!(comes > 100, "{comes} names came");
    assert_eq!(returns, 0, "within four fades");
    // A third of a second, in a motion that turns the cloud by half a circle in 7 seconds.
    assert!(lives[lives.len() / 2] > 20, "{:?}", [1, 2, 3, 4].map(|q| lives[(q * lives.len() - 1) / 4]));
}

#[test]
fn small_shakes_change_nothing() {
    let (places, boxes) = cloud(3000, 9);
    let mut names = Names::new(boxes);
    let mut orbit = orbit();
    let first = ids(&settle(&mut names, STILL, seen_by(&orbit, &places)));
    assert!(first.len() > 10, "{} names", first.len());
    for shake in 0..40 {
        let way = if shake % 2 == 0 { 0.4 } else { -0.4 };
        orbit.turn(way, -way);
        let now = ids(&names.frame(STILL, seen_by(&orbit, &places)).0);
        assert_eq!(now, first);
    }
}

#[test]
fn the_same_frames_give_the_same_names() {
    let (places, boxes) = cloud(800, 2);
    let run = || {
        let (mut names, mut orbit) = (Names::new(boxes.clone()), orbit());
        (0..50)
            .map(|_| (orbit.turn(9.0, 2.0), names.frame(STILL, seen_by(&orbit, &places))).1)
            .collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn important_first_nearer_more_important_and_none_in_the_fog() {
    let at = |x: f64, near: f64, clear: f64| Some(Anchor { at: [x, 300.0], clear, near });
    let chosen = |anchors: &[Option<Anchor>]| {
        let mut names = Names::new(vec![[100.0, 20.0]; anchors.len()]);
        ids(&settle(&mut names, STILL, |i| anchors[i]))
    };
    assert_eq!(chosen(&[at(400.0, 1.0, 1.0), at(450.0, 1.0, 1.0), at(700.0, 1.0, 1.0)]), [0, 2]);
    assert_eq!(chosen(&[at(400.0, 1.0, 1.0), at(450.0, 1.5, 1.0), at(700.0, 1.0, 1.0)]), [1, 2]);
    assert_eq!(chosen(&[at(400.0, 1.0, 0.3), at(450.0, 1.0, 1.0), at(700.0, 1.0, 0.1)]), [1]);
    assert!(chosen(&[at(-200.0, 1.0, 1.0), at(1200.0, 1.0, 1.0), None]).is_empty());
    // More room, fewer names; never less than the boxes themselves.
    let row: Vec<_> = (0..8).map(|i| at(100.0 + 110.0 * f64::from(i), 1.0, 1.0)).collect();
    let count = |amount: f64| {
        let mut names = Names::new(vec![[90.0, 20.0]; 8]);
        settle(&mut names, Frame { amount, ..STILL }, |i| row[i]).len()
    };
    assert_eq!([1.0, 1.5, 3.0, f64::NAN, -1.0].map(count), [8, 4, 3, 8, 8]);
}

#[test]
fn names_fade_and_what_comes_waits_for_what_goes() {
    let mut names = Names::new(vec![[100.0, 20.0]; 2]);
    let at = |x: f64, near: f64| Some(Anchor { at: [x, 300.0], clear: 0.64, near });
    let far = [at(400.0, 0.5), at(420.0, 1.0)];
    let opacity = |(seen, more): (Vec<Seen>, bool)| {
        (seen.iter().map(|s| (s.name, s.opacity as f32)).collect::<Vec<_>>(), more)
    };
    /// Frames until a name is seen, which must be this many.
    fn waits(names: &mut Names, frames: f32, anchor: impl Fn(usize) -> Option<Anchor>) {
        for _ in 1..frames as i32 {
            let (seen, more) = names.frame(STILL, &anchor);
            assert!(seen.is_empty() && more);
        }
    }
    waits(&mut names, WAIT / 0.25, |i| far[i]);
    for (seen, more) in [(0.2, true), (0.4, true), (0.6, true), (0.8, false), (0.8, false)] {
        assert_eq!(opacity(names.frame(STILL, |i| far[i])), (vec![(1, seen)], more));
    }
    // The important one comes near: twice the weight does not drive the other out, eight times does.
    let near = [at(400.0, 1.0), at(420.0, 1.0)];
    assert_eq!(opacity(names.frame(STILL, |i| near[i])).0, [(1, 0.8)]);
    let nearer = [at(400.0, 2.0), at(420.0, 1.0)];
    for seen in [0.6, 0.4, 0.2] {
        let (all, more) = opacity(names.frame(STILL, |i| nearer[i]));
        assert!(more && (all[0].1 - seen).abs() < 1e-6 && all.len() == 1 && all[0].0 == 1, "{all:?}");
    }
    waits(&mut names, WAIT / 0.25 - 3.0, |i| nearer[i]);
    assert_eq!(opacity(names.frame(STILL, |i| nearer[i])), (vec![(0, 0.2)], true));
    // Without motion all is at once.
    let calm = Frame { step: 1.0, ..STILL };
    assert_eq!(opacity(names.frame(calm, |i| nearer[i])).0, [(0, 0.8)]);
    // The one that went rests for a while; then nothing more is to come.
    let more: Vec<bool> = (0..4).map(|_| names.frame(calm, |i| nearer[i]).1).collect();
    assert_eq!((more[0], more[3]), (true, false));
    let farther = [at(400.0, 0.3), at(420.0, 1.0)];
    assert_eq!(opacity(names.frame(calm, |i| farther[i])).0, [(1, 0.8)]);
    // Not wanted any more: they fade where they are, and come again as others do.
    let gone = Frame { wanted: false, ..STILL };
    let fading: Vec<_> = (0..4).map(|_| opacity(names.frame(gone, |i| far[i]))).collect();
    assert_eq!(fading.iter().map(|f| f.0.len()).collect::<Vec<_>>(), [1, 1, 1, 0]);
    assert!(!fading[3].1);
    waits(&mut names, WAIT / 0.25, |i| far[i]);
    assert_eq!(opacity(names.frame(STILL, |i| far[i])), (vec![(1, 0.2)], true));
}

#[test]
fn few_begin_in_a_frame_and_what_enters_from_the_side_is_there() {
    let (w, columns) = (30.0, 9);
    let at = |i: usize| {
        let [x, y] = [i % columns, i / columns].map(|cell| cell as f64 * 60.0);
        Some(Anchor { at: [40.0 + 1.5 * x, 20.0 + y], clear: 1.0, near: 1.0 })
    };
    let mut names = Names::new(vec![[w, 15.0]; 81]);
    let mut sizes = Vec::new();
    loop {
        let (seen, more) = names.frame(STILL, at);
        if !seen.is_empty() {
            sizes.push(seen.len());
        }
        if !more {
            break;
        }
    }
    assert_eq!(sizes[..4], [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, 81]);
    let mut names = Names::new(vec![[w, 15.0]; 1]);
    let from = |x: f64| move |_: usize| Some(Anchor { at: [x, 300.0], clear: 1.0, near: 1.0 });
    assert!(names.frame(STILL, from(-80.0)).0.is_empty());
    assert_eq!(names.frame(STILL, from(-40.0)).0[0].opacity, 1.0, "not on the screen yet");
    assert_eq!(names.frame(STILL, from(10.0)).0[0].opacity, 1.0);
}
