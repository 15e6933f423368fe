//! Galaxies without a GPU: the camera in space, the way there and back, the order of drawing, the points as numbers.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::camera::{Bounds, Camera};
use archipelago::draw::{Cloud, FARTHEST, Lift, NEAR, NEAREST, Orbit, Pose, Space, Vector};
use proptest::prelude::*;

/// Any f64, with the ones that break things made likely.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::ANY,
        -1e3..1e3f64,
        -3.0..3.0f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(f64::MIN_POSITIVE),
        Just(f64::MAX),
    ]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn minus(a: Vector, b: Vector) -> Vector {
    [0, 1, 2].map(|i| a[i] - b[i])
}

fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

/// Points of a small hash of their number, in a box of 4 x 6 x 8.
fn places(n: u32) -> Vec<f32> {
    let hash = |i: u32| (i + 1).wrapping_mul(0x9e37_79b9) >> 8;
    (0..3 * n).map(|i| (hash(i * 7) % 10_007) as f32 / 10_007.0 * (4 + 2 * (i % 3)) as f32 - 1.0).collect()
}

fn front(xyz: &[f32]) -> Vec<f32> {
    xyz.chunks_exact(3).flat_map(|p| [p[0], p[1]]).collect()
}

/// A cloud of points by popularity, and a flat camera that shows all of it.
fn flat(n: u32, xy: &[f32]) -> (Cloud, Camera) {
    let popularity: Vec<u32> = (0..n).map(|i| i * 37 % 101).collect();
    let mut cloud = Cloud::new(&popularity);
    cloud.set_positions(xy).unwrap();
    let mut camera = Camera::default();
    camera.set_bounds(cloud.bounds());
    camera.resize(900.0, 600.0);
    camera.fit();
    (cloud, camera)
}

/// In the galaxy, at its first view.
fn arrived(n: u32) -> (Cloud, Camera, Space) {
    let xyz = places(n);
    let (cloud, camera) = flat(n, &front(&xyz));
    let mut space = Space::new(&cloud, &xyz, &camera).unwrap();
    space.fly_to_all(true);
    space.step(1.0);
    (cloud, camera, space)
}

proptest! {
    #[test]
    fn no_input_breaks_the_camera(
        steps in prop::collection::vec((0u8..9, hostile(), hostile(), hostile(), hostile()), 0..30),
    ) {
        let mut orbit = Orbit::new([900.0, 600.0], [1.0, -2.0, 3.0], 5.0);
        for (step, a, b, c, d) in steps {
            match step {
                0 => orbit.turn(a, b),
                1 => orbit.pan(a, b),
                2 => orbit.dolly([a, b, c], d),
                3 => orbit.fly([a, b, c]),
                4 => orbit.set(Pose { target: [a, b, c], back: [b, c, d], distance: d }),
                5 => orbit.set_middle([a, b]),
                6 => {
                    orbit.follow(a);
                }
                7 => orbit.set(orbit.looking_at(if a.is_finite() { [a % 9.0, 1.0, 2.0] } else { [1.0; 3] })),
                _ => orbit.set(Pose::between(&orbit.pose(), &orbit.fitting(true), a.clamp(0.0, 1.0))),
            }
            let Pose { target, back, distance } = orbit.pose();
            let (center, radius) = orbit.ball();
            prop_assert!(length(minus(target, center)) <= radius * (1.0 + 1e-9), "{step}: {target:?}");
            prop_assert!((length(back) - 1.0).abs() < 1e-9 && back[1].abs() < 0.9951, "{step}: {back:?}");
            let most = FARTHEST * orbit.fit_distance() * (1.0 + 1e-9);
            prop_assert!(distance >= NEAREST * radius * (1.0 - 1e-9) && distance <= most, "{distance}");
            let axes = orbit.axes();
            for (one, other) in [(axes.right, axes.up), (axes.up, axes.forward), (axes.right, axes.forward)] {
                prop_assert!(dot(one, other).abs() < 1e-9 && (length(one) - 1.0).abs() < 1e-9);
            }
            let [x, y, depth] = orbit.to_screen(&axes, target).unwrap();
            let [mx, my] = orbit.middle();
            // What the eye looks at is a difference of far larger numbers when it is near.
            let px = 1e-12 * (length(target) + distance) / distance * orbit.focal() + 1e-9;
            prop_assert!((x - mx).abs() < px && (y - my).abs() < px && (depth / distance - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_under_the_pointer_stays_there(
        px in [50.0..850.0f64, 50.0..550.0],
        turn in [-200.0..200.0f64, -200.0..200.0],
        factor in 0.8..3.0f64,
    ) {
        let mut orbit = Orbit::new([900.0, 600.0], [0.0; 3], 5.0);
        orbit.turn(turn[0], turn[1]);
        let place = orbit.under(px);
        let [x, y, _] = orbit.to_screen(&orbit.axes(), place).unwrap();
        prop_assert!((x - px[0]).abs() < 1e-9 && (y - px[1]).abs() < 1e-9);
        let mut nearer = orbit;
        nearer.dolly(place, factor);
        // Unless the target would leave the ball.
        if length(nearer.pose().target) < 4.999 {
            let [x, y, _] = nearer.to_screen(&nearer.axes(), place).unwrap();
            prop_assert!((x - px[0]).abs() < 1e-6 && (y - px[1]).abs() < 1e-6, "{x} {y}");
        }
        orbit.pan(30.0, -20.0);
        let [x, y, _] = orbit.to_screen(&orbit.axes(), place).unwrap();
        prop_assert!((x - px[0] - 30.0).abs() < 1e-6 && (y - px[1] + 20.0).abs() < 1e-6);
    }

    #[test]
    fn from_the_front_a_plane_is_seen_as_on_the_map(
        at in [-4.0..4.0f64, -4.0..4.0],
        move_by in [-200.0..200.0f64, -200.0..200.0],
        zoom in 0.6..50.0f64,
        middle in [200.0..700.0f64, 100.0..500.0],
    ) {
        let (_, mut camera) = flat(3, &[-4.0, -4.0, 4.0, 4.0, 0.0, 1.0]);
        camera.zoom_at(300.0, 300.0, zoom);
        camera.pan(move_by[0], move_by[1]);
        let lift = Lift { scale: 2.5, origin: [7.0, -1.0] };
        let mut orbit = Orbit::new(camera.screen(), [1.0, 2.0, 3.0], 9.0);
        orbit.set_middle(middle);
        orbit.put(orbit.flat(&camera, &lift));
        let ([x, y], wanted) = (lift.up(at), camera.to_screen(at));
        let [px, py, _] = orbit.to_screen(&orbit.axes(), [x, y, 3.0]).unwrap();
        prop_assert!((px - wanted[0]).abs() < 1e-6 && (py - wanted[1]).abs() < 1e-6);
    }
}

#[test]
fn all_of_the_ball_is_on_the_screen() {
    for screen in [[1280.0, 800.0], [390.0, 844.0], [900.0, 200.0]] {
        let mut orbit = Orbit::new(screen, [1.0, 2.0, 3.0], 4.0);
        orbit.turn(123.0, -45.0);
        orbit.set(orbit.fitting(false));
        let axes = orbit.axes();
        let mut edge = f64::INFINITY;
        for i in 0..1000 {
            let (a, z) = (f64::from(i) * 2.4, f64::from(i) / 500.0 - 0.999);
            let r = (1.0 - z * z).sqrt();
            let place = [1.0 + 4.0 * r * a.cos(), 2.0 + 4.0 * r * a.sin(), 3.0 + 4.0 * z];
            let [x, y, _] = orbit.to_screen(&axes, place).unwrap();
            edge = edge.min(x).min(y).min(screen[0] - x).min(screen[1] - y);
        }
        assert!(edge > 0.0 && edge < 0.08 * screen[0].min(screen[1]), "{screen:?}: {edge}");
    }
}

#[test]
fn flights_end_exactly_and_look_at_what_they_should() {
    let mut orbit = Orbit::new([900.0, 600.0], [0.0; 3], 5.0);
    let (from, item) = (orbit.pose(), [2.0, -1.0, 3.0]);
    let eye = orbit.axes().eye;
    let look = orbit.looking_at(item);
    assert_eq!(Pose::between(&from, &look, 1.0), look);
    assert_eq!(Pose::between(&from, &look, 0.0), from);
    orbit.set(look);
    assert!(length(minus(orbit.axes().eye, eye)) < 1e-9, "the eye stays");
    orbit.set(orbit.near_to(item));
    assert!(orbit.pose().distance < 2.0 && orbit.pose().target == item);
    // Straight up there is no right or left: the eye moves aside.
    orbit.set(orbit.looking_at([orbit.axes().eye[0], 40.0, orbit.axes().eye[2]]));
    assert!(orbit.pose().back[1] < -0.99);
    let before = orbit.pose();
    let half = Pose::between(&before, &orbit.fitting(true), 0.5);
    assert!((length(half.back) - 1.0).abs() < 1e-12);
}

/// The first frames of a layout may be a thousandth as large as the last one.
#[test]
fn a_flight_to_all_ends_where_all_is_seen_of_places_that_changed_on_the_way() {
    let n = 200;
    let xyz = places(n);
    let small: Vec<f32> = xyz.iter().map(|c| 0.001 * c).collect();
    let (cloud, camera) = flat(n, &front(&xyz));
    let mut space = Space::new(&cloud, &small, &camera).unwrap();
    space.fly_to_all(true);
    space.step(0.5);
    space.set(&cloud, &xyz).unwrap();
    space.step(0.9);
    space.step(1.0);
    assert_eq!(space.orbit.pose(), space.orbit.fitting(true));
}

#[test]
fn a_camera_that_follows_arrives_exactly_however_slow_the_frames_are() {
    for part in [0.05, 0.3, 1.0] {
        let mut orbit = Orbit::new([900.0, 600.0], [0.0; 3], 5.0);
        orbit.turn(80.0, -30.0);
        orbit.set_ball([7.0, -8.0, 9.0], 600.0);
        let mut frames = 1;
        while orbit.follow(part) {
            frames += 1;
            assert!(frames < 400, "{part}");
        }
        assert_eq!(orbit.pose(), orbit.fitting(false), "{part}");
    }
}

#[test]
fn the_way_begins_and_ends_as_the_flat_map_shows_it() {
    let n = 200;
    let xyz = places(n);
    // A map of other units, turned off its place, with one item that has none.
    let mut xy: Vec<f32> = front(&xyz).iter().map(|c| 30.0 * c + 400.0).collect();
    xy[7] = f32::NAN;
    let (cloud, mut camera) = flat(n, &xy);
    camera.zoom_at(200.0, 100.0, 3.0);
    let mut space = Space::new(&cloud, &xyz, &camera).unwrap();
    let same = |space: &Space, apart: f64| {
        let axes = space.orbit.axes();
        for id in (0..n).filter(|&id| id != 3) {
            let wanted = camera.to_screen(cloud.place(id).unwrap());
            let [x, y, _] = space.orbit.to_screen(&axes, space.place(id).unwrap()).unwrap();
            assert!((x - wanted[0]).abs().max((y - wanted[1]).abs()) < apart, "{id}: {x} {y} {wanted:?}");
        }
    };
    same(&space, 0.02);
    assert_eq!(space.place(3), Some([9, 10, 11].map(|i| f64::from(xyz[i]))), "appears where it belongs");
    space.fly_to_all(true);
    space.step(0.5);
    let half = space.place(5);
    assert!(space.is_moving());
    space.leave(&cloud, &camera);
    let apart = length(minus(space.place(5).unwrap(), half.unwrap()));
    assert!(apart < 1e-5, "turns where it is: {apart}");
    space.step(0.25);
    space.enter(&cloud, &xyz).unwrap();
    space.step(1.0);
    assert_eq!(space.place(5), Some([15, 16, 17].map(|i| f64::from(xyz[i]))));
    space.leave(&cloud, &camera);
    assert!(space.leaving && !space.step(0.999_999));
    same(&space, 0.1);
    assert!(space.step(1.0) && !space.is_moving());
    same(&space, 0.02);
    assert!(Space::new(&cloud, &xyz[1..], &camera).is_err());
}

#[test]
fn far_is_drawn_before_near() {
    let (mut cloud, _, mut space) = arrived(500);
    let states: Vec<u8> =
        (0..500).map(|id| if id % 7 == 0 { 1 } else { u8::from(id % 11 == 0) * 3 }).collect();
    cloud.set_states(&states).unwrap();
    for move_by in [[0.0, 0.0], [200.0, 90.0], [-400.0, -300.0]] {
        space.orbit.turn(move_by[0], move_by[1]);
        space.orbit.dolly([0.0, 1.0, 2.0], 1.6);
        let axes = space.orbit.axes();
        let depth = |id: u32| dot(minus(space.place(id).unwrap(), axes.eye), axes.forward);
        let order: Vec<u32> =
            space.order(&cloud, 100).iter().map(|&slot| cloud.items()[slot as usize]).collect();
        // The slow twin.
        let mut wanted: Vec<u32> = (0..500)
            .filter(|&id| cloud.slot(id) >= 100 && states[id as usize] != 3)
            .filter(|&id| depth(id) > NEAR * space.orbit.pose().distance)
            .collect();
        wanted.sort_by(|&a, &b| depth(b).total_cmp(&depth(a)));
        wanted.sort_by_key(|&id| states[id as usize] == 1);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let mut all = wanted.clone();
        all.sort_unstable();
        assert_eq!(sorted, all);
        let plain = wanted.iter().filter(|&&id| states[id as usize] != 1).count();
        assert!(order[plain..].iter().all(|&id| states[id as usize] == 1), "highlighted ones on top");
        // Equal to within one of 65,536 depths.
        let step = 4.0 * space.orbit.ball().1 / 65_536.0;
        assert!(order[..plain].windows(2).all(|pair| depth(pair[0]) > depth(pair[1]) - step));
    }
}

#[test]
fn places_survive_in_eight_bytes() {
    let (cloud, _, space) = arrived(300);
    let unit = |id: u32| space.quanta(space.place(id).unwrap());
    for (packed, &id) in space.gpu_positions(&cloud).iter().zip(cloud.items()) {
        let (wanted, _) = unit(id);
        for axis in 0..3 {
            let low = f64::from(packed[3] >> (5 * axis) & 31) / 32.0;
            assert!((f64::from(packed[axis as usize]) + low - wanted[axis as usize]).abs() <= 1.0 / 16.0);
        }
    }
    assert!(space.gpu_before(&cloud).is_empty());
    let gone = [f32::NAN, 0.0, 0.0, 1.0, 1.0, 1.0];
    let (cloud, camera) = flat(2, &[0.0, 0.0, 1.0, 1.0]);
    let mut space = Space::new(&cloud, &gone, &camera).unwrap();
    space.step(1.0);
    assert!(space.place(0).is_none() && space.place(1).is_some() && space.place(9).is_none());
    assert_eq!(space.gpu_positions(&cloud)[cloud.slot(0) as usize][0], 65_535);
    assert_eq!(space.order(&cloud, 0).len(), 1);
}

#[test]
fn no_points_and_points_at_one_place_have_a_camera() {
    for xyz in [&[][..], &[2.0; 9], &[f32::NAN; 6], &[f32::INFINITY, 0.0, 0.0]] {
        let n = xyz.len() as u32 / 3;
        let (cloud, camera) = flat(n, &front(xyz));
        let mut space = Space::new(&cloud, xyz, &camera).unwrap();
        space.fly_to_all(true);
        space.step(1.0);
        let pose = space.orbit.pose();
        assert!(pose.distance.is_finite() && pose.distance > 0.0, "{xyz:?} {pose:?}");
        space.order(&cloud, 0);
        space.leave(&cloud, &camera);
        space.step(1.0);
    }
    assert_eq!(Bounds::default().half(), 1.0);
}
