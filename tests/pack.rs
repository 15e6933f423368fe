//! Packing: parts keep their shape, never overlap, and stand close by.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::pack::{Parts, pack, packed};
use common::{Dice, bits};
use proptest::prelude::*;

/// Parts of the given sizes, their items mixed up, each around a place of its own.
fn some(sizes: &[usize], dim: usize, seed: u64, outliers: bool) -> (Vec<f32>, Parts) {
    let mut dice = Dice::new(seed);
    let mut left: Vec<usize> = sizes.to_vec();
    let mut named: Vec<Option<u32>> = vec![None; sizes.len()];
    let mut parts = Parts::default();
    let places: Vec<f64> = (0..sizes.len() * dim).map(|_| 100.0 * (dice.unit() - 0.5)).collect();
    let mut x = Vec::new();
    while left.iter().any(|&l| l > 0) {
        let p = dice.below(sizes.len());
        if left[p] == 0 {
            continue;
        }
        left[p] -= 1;
        let name = *named[p].get_or_insert_with(|| {
            parts.sizes.push(0);
            parts.sizes.len() as u32 - 1
        });
        parts.of_item.push(name);
        parts.sizes[name as usize] += 1;
        let far = if outliers && dice.below(30) == 0 { 9.0 } else { 1.0 };
        let width = far * (sizes[p] as f64).sqrt();
        x.extend((0..dim).map(|d| (places[p * dim + d] + width * (dice.unit() - 0.5)) as f32));
    }
    (x, parts)
}

/// The least distance in the plane between items of two parts, and of the farthest item from the origin.
fn distances(x: &[f32], dim: usize, parts: &Parts) -> (f64, f64) {
    let at = |i: usize| [f64::from(x[i * dim]), f64::from(x[i * dim + 1])];
    let (mut least, mut farthest) = (f64::INFINITY, 0.0f64);
    for i in 0..parts.of_item.len() {
        farthest = farthest.max(at(i)[0].hypot(at(i)[1]));
        for j in 0..i {
            if parts.of_item[i] != parts.of_item[j] {
                least = least.min((at(i)[0] - at(j)[0]).hypot(at(i)[1] - at(j)[1]));
            }
        }
    }
    (least, farthest)
}

/// Whether a straight line parts any two satellites in the plane: then their convex hulls do not meet.
fn satellites_are_apart(x: &[f32], dim: usize, parts: &Parts) -> bool {
    let members = parts.members();
    let of_two = |&p: &usize| p != parts.largest() && parts.sizes[p] > 1;
    let satellites: Vec<usize> = (0..parts.count()).filter(of_two).collect();
    let range = |part: usize, angle: f64| {
        let along = |&i: &u32| {
            f64::from(x[i as usize * dim]) * angle.cos() + f64::from(x[i as usize * dim + 1]) * angle.sin()
        };
        let items = members.row(part).0.iter().map(along);
        items.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
    };
    let angles = (0..360).map(|a| f64::from(a) * std::f64::consts::TAU / 360.0);
    satellites.iter().enumerate().all(|(k, &a)| {
        satellites[..k].iter().all(|&b| angles.clone().any(|angle| range(a, angle).1 < range(b, angle).0))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_keep_their_shape_and_do_not_meet(
        main in 1..200usize, small in prop::collection::vec(2..30usize, 0..25), alone in 0..60usize,
        dim in 2..5usize, seed: u64, outliers: bool
    ) {
        let mut sizes = vec![main];
        sizes.extend(&small);
        sizes.extend(std::iter::repeat_n(1, alone));
        let (x, parts) = some(&sizes, dim, seed, outliers);
        let mut y = x.clone();
        pack(&mut y, dim, &parts);
        prop_assert!(y.iter().all(|v| v.is_finite()));
        prop_assert_eq!(bits(&y), bits(&packed(&x, dim, &parts)), "the same every time");
        if parts.count() < 2 {
            prop_assert_eq!(bits(&x), bits(&y));
            return Ok(());
        }
        // Each part was moved as a whole.
        let members = parts.members();
        for p in 0..parts.count() {
            let items = members.row(p).0;
            for &i in items {
                for d in 0..dim {
                    let by = |i: u32| y[i as usize * dim + d] - x[i as usize * dim + d];
                    prop_assert!((by(i) - by(items[0])).abs() < 1e-3, "part {p}");
                }
            }
        }
        let (least, farthest) = distances(&y, dim, &parts);
        prop_assert!(least > 1e-2, "two parts are {least} apart");
        prop_assert!(satellites_are_apart(&y, dim, &parts), "satellites overlap");
        // Compact: no farther than some times what all bounding squares laid side by side would need.
        let area: f64 = sizes.iter().map(|&s| s as f64 * if outliers { 81.0 } else { 1.0 }).sum::<f64>();
        prop_assert!(farthest < 6.0 * area.sqrt() + 10.0, "{farthest} for an area of {area}");
    }
}

/// A single item far out does not push the others there.
#[test]
fn an_outlier_is_gone_around() {
    let (mut x, parts) = some(&[400, 9, 9, 5, 3, 2, 2, 1, 1, 1, 1], 2, 5, false);
    let members = parts.members();
    let first = members.row(parts.largest()).0[0] as usize;
    let without = distances(&packed(&x, 2, &parts), 2, &parts).1;
    x[2 * first] += 500.0;
    let y = packed(&x, 2, &parts);
    let others = (0..parts.of_item.len()).filter(|&i| i != first);
    let farthest = others.map(|i| f64::from(y[2 * i]).hypot(f64::from(y[2 * i + 1]))).fold(0.0, f64::max);
    // The mean moves by 500 / 400.
    assert!(farthest < without + 3.0, "{farthest}, without the outlier {without}");
    assert!(distances(&y, 2, &parts).0 > 0.1);
}

#[test]
fn many_small_parts_and_nothing_else() {
    // No part is large, some have no extent, and most are single items.
    let mut sizes = vec![2; 300];
    sizes.extend([1; 1000]);
    let (mut x, parts) = some(&sizes, 3, 8, false);
    pack(&mut x, 3, &parts);
    let (least, farthest) = distances(&x, 3, &parts);
    assert!(least > 1e-3 && farthest < 200.0, "{least} {farthest}");
    let mut same = vec![0.25; 3 * parts.of_item.len()];
    pack(&mut same, 3, &parts);
    assert!(same.iter().all(|v| v.is_finite()) && distances(&same, 3, &parts).0 > 1e-3);
}

#[test]
fn counts() {
    let parts = Parts { of_item: vec![0, 1, 1, 2, 1, 3, 3], sizes: vec![1, 3, 1, 2] };
    assert_eq!((parts.count(), parts.largest(), parts.isolated()), (4, 1, 2));
    assert_eq!(parts.members().row(1).0, [1, 2, 4]);
    assert_eq!((Parts::whole(0).count(), Parts::whole(3).sizes), (0, vec![3]));
}
