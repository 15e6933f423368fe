//! The camera in space: an eye that looks at a target from a distance, and how places become CSS px.
//!
//! Pure arithmetic in f64, without sines: a direction is a unit vector, and a turn by an angle a is the rational one
//! by t = a/2, cos = (1 - t^2) / (1 + t^2), sin = 2t / (1 + t^2), exact for 2 atan(t). The map's y always points up
//! on the screen (a turntable), so the eye never stands right above or below the target.
//!
//! Perspective: a place at `depth` before the eye is shown focal / depth times as large, where focal is the geometric
//! mean of the screen's sides. Looked at from the front ([`Pose::flat`]), the plane through the target is shown just as
//! [`Camera`] shows it.
//!
//! After every move the target is inside of the ball around all points, and the distance between [`NEAREST`] times
//! the ball's radius and [`FARTHEST`] times the distance from which all is seen: nobody gets lost. Numbers that are not
//! finite are ignored.

use crate::camera::Camera;

/// A place or a direction in space.
pub type Vector = [f64; 3];

/// The smallest distance, as a part of the ball's radius.
pub const NEAREST: f64 = 1.0 / 500.0;

/// The largest distance, in distances from which all is seen.
pub const FARTHEST: f64 = 2.0;

/// Places nearer to the eye than this part of the distance are not shown.
pub const NEAR: f64 = 0.05;

/// The eye's direction is at most so steep: the sine of 84 degrees.
const STEEPEST: f64 = 0.995;

/// Free part of the screen's smaller side around the ball, at each border.
const MARGIN: f64 = 0.015;

/// A camera that follows has arrived when it is so near, in parts of the ball's radius and of the distance.
const ARRIVED: f64 = 1e-3;

/// Where galaxies are first seen from: a little to the side and from above.
const FIRST: Vector = [0.42, 0.36, 0.83];

/// Where the eye is and what it looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// What is in the middle.
    pub target: Vector,
    /// Unit vector from the target to the eye.
    pub back: Vector,
    /// From the target to the eye.
    pub distance: f64,
}

impl Pose {
    /// The pose between two: the distance in equal factors, the target so that a zoom keeps the place it is about.
    #[inline(never)]
    pub fn between(from: &Pose, to: &Pose, t: f64) -> Pose {
        if t >= 1.0 {
            return *to;
        }
        let distance = from.distance * (to.distance / from.distance).powf(t);
        let way = from.distance - to.distance;
        let zoomed = way.abs() > 0.05 * from.distance;
        let part = if zoomed { (from.distance - distance) / way } else { t };
        let back = unit(mix(from.back, to.back, t)).unwrap_or(from.back);
        Pose { target: mix(from.target, to.target, part), back, distance }
    }
}

/// The camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orbit {
    pose: Pose,
    /// Width and height of the screen in CSS px, each at least 1.
    screen: [f64; 2],
    /// The CSS px where the target is seen.
    middle: [f64; 2],
    /// CSS px of a unit at distance 1.
    focal: f64,
    /// The ball around all points.
    center: Vector,
    radius: f64,
}

/// What turns places into px: the directions of the screen's axes and into the screen.
pub struct Axes {
    /// Unit vectors.
    pub right: Vector,
    /// Unit vectors.
    pub up: Vector,
    /// Unit vectors.
    pub forward: Vector,
    /// The eye's place.
    pub eye: Vector,
}

impl Orbit {
    /// All of a ball, from the front.
    pub fn new(screen: [f64; 2], center: Vector, radius: f64) -> Self {
        let middle = screen.map(|side| 0.5 * side);
        let pose = Pose { target: center, back: [0.0, 0.0, 1.0], distance: 1.0 };
        let focal = (screen[0] * screen[1]).sqrt();
        let mut orbit = Orbit { pose, screen, middle, focal, center, radius };
        orbit.pose.distance = orbit.fit_distance();
        orbit
    }

    /// Where the eye is.
    pub fn pose(&self) -> Pose {
        self.pose
    }

    /// Width and height of the screen in CSS px.
    pub fn screen(&self) -> [f64; 2] {
        self.screen
    }

    /// The CSS px where the target is seen.
    pub fn middle(&self) -> [f64; 2] {
        self.middle
    }

    /// Center and radius of the ball around all points.
    pub fn ball(&self) -> (Vector, f64) {
        (self.center, self.radius)
    }

    /// CSS px of a unit at distance 1.
    pub fn focal(&self) -> f64 {
        self.focal
    }

    /// The distance from which the ball fits the screen.
    #[inline(never)]
    pub fn fit_distance(&self) -> f64 {
        let side = self.screen[0].min(self.screen[1]);
        let half = (0.5 - MARGIN) * side;
        self.radius * (half * half + self.screen[0] * self.screen[1]).sqrt() / half
    }

    /// How near the eye is: 1 = the whole ball fits.
    pub fn magnification(&self) -> f64 {
        self.fit_distance() / self.pose.distance
    }

    /// The pose that shows all from the same side, or from the first one.
    pub fn fitting(&self, first: bool) -> Pose {
        let back = if first { unit(FIRST).unwrap_or(FIRST) } else { self.pose.back };
        Pose { target: self.center, back, distance: self.fit_distance() }
    }

    /// The pose from the front that shows the plane of a flat map, lifted by `lift`, as its camera does.
    pub fn flat(&self, camera: &Camera, lift: &Lift) -> Pose {
        let [x, y] = lift.up(camera.to_map(self.middle));
        let distance = self.focal() * lift.scale / camera.zoom();
        Pose { target: [x, y, self.center[2]], back: [0.0, 0.0, 1.0], distance }
    }

    /// Puts the camera there, beyond the limits if need be: on the way from a flat map.
    #[inline(never)]
    pub fn put(&mut self, pose: Pose) {
        let all = pose.target.iter().chain(&pose.back).chain([&pose.distance]);
        if let (true, true, Some(back)) =
            (all.into_iter().all(|c| c.is_finite()), pose.distance > 0.0, unit(pose.back))
        {
            self.pose = Pose { back, ..pose };
        }
    }

    /// Puts the camera there, as far as the limits allow.
    #[inline(never)]
    pub fn set(&mut self, pose: Pose) {
        self.put(pose);
        self.limit();
    }

    /// The points have another ball around them.
    pub fn set_ball(&mut self, center: Vector, radius: f64) {
        (self.center, self.radius) = (center, radius);
    }

    /// The screen has a new size; the part of the fit stays. The middle is that of the screen again.
    pub fn resize(&mut self, screen: [f64; 2]) {
        let magnification = self.magnification();
        (self.screen, self.middle) = (screen, screen.map(|side| 0.5 * side));
        self.focal = (screen[0] * screen[1]).sqrt();
        self.pose.distance = self.fit_distance() / magnification;
    }

    /// The camera that shows only a part of this one's screen, as it is seen there: `at` is its upper left corner, `size`
    /// its width and height, in CSS px. The one camera whose middle may lie outside of its screen.
    pub fn part(&self, at: [f64; 2], size: [f64; 2]) -> Orbit {
        Orbit { screen: size, middle: [0, 1].map(|axis| self.middle[axis] - at[axis]), ..*self }
    }

    /// The CSS px where the target is seen from now on.
    pub fn set_middle(&mut self, middle: [f64; 2]) {
        if middle.iter().all(|px| px.is_finite()) {
            self.middle = [0, 1].map(|axis| middle[axis].clamp(0.0, self.screen[axis]));
        }
    }

    /// The directions of the screen.
    #[inline(never)]
    pub fn axes(&self) -> Axes {
        let Pose { target, back, distance } = self.pose;
        // Never straight up or down, so this is not 0.
        let right = unit([back[2], 0.0, -back[0]]).unwrap_or([1.0, 0.0, 0.0]);
        let up = cross(back, right);
        Axes { right, up, forward: back.map(|c| -c), eye: along(target, back, distance) }
    }

    /// CSS px and depth of a place; none behind the eye or too near to it.
    #[inline(never)]
    pub fn to_screen(&self, axes: &Axes, place: Vector) -> Option<Vector> {
        let from_eye = [0, 1, 2].map(|axis| place[axis] - axes.eye[axis]);
        let depth = dot(axes.forward, from_eye);
        if depth <= NEAR * self.pose.distance {
            return None;
        }
        let scale = self.focal() / depth;
        let (x, y) = (dot(axes.right, from_eye), dot(axes.up, from_eye));
        Some([self.middle[0] + x * scale, self.middle[1] - y * scale, depth])
    }

    /// The place under a CSS px at the target's depth.
    #[inline(never)]
    pub fn under(&self, px: [f64; 2]) -> Vector {
        let (axes, unit) = (self.axes(), self.pose.distance / self.focal());
        let right = along(self.pose.target, axes.right, (px[0] - self.middle[0]) * unit);
        along(right, axes.up, (self.middle[1] - px[1]) * unit)
    }

    /// Turns the points as a hand does that drags them by `dx`, `dy` CSS px: half a turn for the shorter side.
    pub fn turn(&mut self, dx: f64, dy: f64) {
        let per_px = std::f64::consts::PI / self.screen[0].min(self.screen[1]);
        if !(dx.is_finite() && dy.is_finite()) {
            return;
        }
        let [x, y, z] = self.pose.back;
        let [z, x] = rotated([z, x], -dx * per_px);
        let level = x.hypot(z);
        let [flat, steep] = rotated([level, y], dy * per_px);
        let least = (1.0 - STEEPEST * STEEPEST).sqrt();
        let (flat, steep) = if flat < least { (least, STEEPEST.copysign(steep)) } else { (flat, steep) };
        let part = if level > 0.0 { flat / level } else { 1.0 };
        self.set(Pose { back: [x * part, steep, z * part], ..self.pose });
    }

    /// Moves the points by CSS px at the target's depth, as a dragging hand does.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        let target = self.under([self.middle[0] - dx, self.middle[1] - dy]);
        self.set(Pose { target, ..self.pose });
    }

    /// Goes nearer by a factor (> 1), so that a place stays at its px.
    pub fn dolly(&mut self, place: Vector, factor: f64) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let distance = self.limited(self.pose.distance / factor);
        let target = mix(place, self.pose.target, distance / self.pose.distance);
        self.set(Pose { target, distance, ..self.pose });
    }

    /// Flies to the right, up and forward by parts of the distance, target and eye together.
    pub fn fly(&mut self, [right, up, forward]: Vector) {
        let (axes, step) = (self.axes(), self.pose.distance.max(0.1 * self.radius));
        let target = along(self.pose.target, axes.right, right * step);
        let target = along(along(target, axes.up, up * step), axes.forward, forward * step);
        self.set(Pose { target, ..self.pose });
    }

    /// The pose in which the eye, from where it is, looks at a place.
    pub fn looking_at(&self, place: Vector) -> Pose {
        let eye = self.axes().eye;
        let back = [0, 1, 2].map(|axis| eye[axis] - place[axis]);
        let distance = dot(back, back).sqrt();
        if distance <= self.radius * NEAREST {
            return Pose { target: place, ..self.pose };
        }
        let level = back[0].hypot(back[2]).max(1e-9 * distance);
        let most = level * STEEPEST / (1.0 - STEEPEST * STEEPEST).sqrt();
        let back = [back[0], back[1].clamp(-most, most), back[2]];
        Pose { target: place, back: unit(back).unwrap_or(self.pose.back), distance }
    }

    /// Goes a part of the way to where all is seen. Whether there is more to come; at its end all is seen exactly.
    pub fn follow(&mut self, part: f64) -> bool {
        let all = self.fitting(false);
        let off = [0, 1, 2].map(|axis| self.pose.target[axis] - all.target[axis]);
        let near = dot(off, off).sqrt() < ARRIVED * self.radius
            && (self.pose.distance / all.distance - 1.0).abs() < ARRIVED;
        self.set(if near { all } else { Pose::between(&self.pose, &all, part) });
        !near
    }

    /// The pose that has a place in the middle, so near that its neighborhood is seen.
    pub fn near_to(&self, place: Vector) -> Pose {
        Pose { target: place, distance: self.pose.distance.min(0.35 * self.radius), ..self.pose }
    }

    fn limited(&self, distance: f64) -> f64 {
        distance.clamp(NEAREST * self.radius, FARTHEST * self.fit_distance())
    }

    fn limit(&mut self) {
        self.pose.distance = self.limited(self.pose.distance);
        let off = [0, 1, 2].map(|axis| self.pose.target[axis] - self.center[axis]);
        let far = dot(off, off).sqrt();
        if far > self.radius {
            self.pose.target = along(self.center, off, self.radius / far);
        }
        let [x, y, z] = self.pose.back;
        if y.abs() > STEEPEST {
            let (level, least) = (x.hypot(z), (1.0 - STEEPEST * STEEPEST).sqrt());
            let [x, z] = if level > 1e-9 { [x, z].map(|c| c * least / level) } else { [0.0, least] };
            self.pose.back = [x, STEEPEST.copysign(y), z];
        }
    }
}

/// How a flat map lies in space: its units and its origin in those of space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// Units of space for one of the map.
    pub scale: f64,
    /// The place of the map's origin.
    pub origin: [f64; 2],
}

impl Lift {
    /// A place of the map in space.
    pub fn up(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| self.origin[axis] + self.scale * at[axis])
    }
}

fn rotated([a, b]: [f64; 2], angle: f64) -> [f64; 2] {
    // No more than a quarter turn at once.
    let t = (0.5 * angle).clamp(-1.0, 1.0);
    let (cos, sin) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
    [cos * a - sin * b, sin * a + cos * b]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn along(from: Vector, direction: Vector, length: f64) -> Vector {
    [0, 1, 2].map(|axis| from[axis] + direction[axis] * length)
}

pub(super) fn mix(from: Vector, to: Vector, t: f64) -> Vector {
    [0, 1, 2].map(|axis| from[axis] + (to[axis] - from[axis]) * t)
}

#[inline(never)]
fn unit(a: Vector) -> Option<Vector> {
    let length = dot(a, a).sqrt();
    (length > 1e-12 && length.is_finite()).then(|| a.map(|c| c / length))
}
