//! Islands and what they are called.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::explore::captions::{captions, titles};
use archipelago::explore::islands::{NONE, islands};
use common::blobs;

const CENTERS: [[f64; 2]; 4] = [[0.0, 0.0], [20.0, 2.0], [3.0, 18.0], [25.0, 25.0]];

#[test]
fn blobs_are_islands_with_their_points_and_middles() {
    let xy = blobs(3, &CENTERS, 1000, 1.2);
    let found = islands(&xy, 4, 50);
    assert_eq!(found.sizes.len(), 4);
    assert!(found.sizes.windows(2).all(|w| w[0] >= w[1]), "the largest is first");
    for center in CENTERS {
        let near = |at: &[f64; 2]| (at[0] - center[0]).hypot(at[1] - center[1]) < 0.5;
        let island = found.at.iter().position(near).expect("an island in each blob");
        assert!(found.spread[island].iter().all(|s| (0.8..1.6).contains(s)), "{:?}", found.spread[island]);
    }
    // Points belong to the island whose middle is nearest.
    for (point, &island) in xy.chunks_exact(2).zip(&found.of).filter(|(_, island)| **island != NONE) {
        let far = |at: &[f64; 2]| (at[0] - f64::from(point[0])).hypot(at[1] - f64::from(point[1]));
        let nearest = (0..4).min_by(|&a, &b| far(&found.at[a]).total_cmp(&far(&found.at[b]))).unwrap();
        assert_eq!(island as usize, nearest);
    }
    assert!(found.of.iter().filter(|&&island| island == NONE).count() < 40, "almost none are at sea");
}

#[test]
fn finer_smoothing_parts_what_coarser_joins() {
    let xy = blobs(9, &[[0.0, 0.0], [4.0, 0.0], [30.0, 30.0]], 1000, 0.7);
    assert_eq!(islands(&xy, 14, 10).sizes.len(), 2);
    assert_eq!(islands(&xy, 2, 100).sizes.len(), 3);
}

#[test]
fn hostile_points() {
    for xy in [&[][..], &[1.0, 2.0], &[f32::NAN; 20], &[5.0; 200], &[3e38, 3e38, -3e38, 1.0, 0.0, 1e-30]] {
        let found = islands(xy, 4, 1);
        assert_eq!(found.of.len(), xy.len() / 2);
        assert_eq!(found.sizes.iter().sum::<u32>() as usize, found.of.iter().filter(|&&i| i != NONE).count());
    }
}

#[test]
fn a_name_is_what_is_shared_here_and_not_elsewhere() {
    let xy = blobs(3, &CENTERS, 100, 1.2);
    let found = islands(&xy, 4, 20);
    let popularity: Vec<u32> = (0..400).collect();
    let blob = |i: u32| i / 100;
    // The first column is the same for nearly all; the second tells the blobs 1, 2 and 3 apart, 3 in part.
    let nearly: Vec<u32> = (0..400).map(|i| u32::from(i % 50 == 0)).collect();
    let own: Vec<u32> = (0..400)
        .map(|i| match blob(i) {
            0 => 10 + i,
            3 if i % 3 == 0 => NONE,
            blob => blob,
        })
        .collect();
    let titles = titles(&found, &popularity, &[(&nearly, 2), (&own, 500)]);
    for (island, title) in titles.iter().enumerate() {
        let of = blob(found.of.iter().position(|&i| i == island as u32).unwrap() as u32);
        assert_eq!(title.shared, (of > 0).then_some((1, of)));
        assert_eq!(title.popular, [100 * of + 99, 100 * of + 98], "the most popular, in order");
    }
}

#[test]
fn captions_fit_their_islands_and_the_first_has_its_way() {
    let all = captions(&[[0.0, 0.0], [50.0, 0.0], [0.1, 0.0]], &[[2.0, 2.0]; 3], &[[100.0, 20.0]; 3]);
    assert!(all[0].from < all[0].to && all[0].from == all[1].from);
    assert!(all[2].from >= all[0].to, "in the first one's way until that is gone: {:?}", all[2]);
    let none = captions(&[[0.0; 2]], &[[0.0; 2]], &[[100.0, 20.0]]);
    assert!(none[0].from >= none[0].to);
}
