//! Space: the points of a galaxy as the CPU knows them, where they come from and go to, and how discs look by depth.
//!
//! It stands beside the cloud, which has the same items' order, sizes, colors and states, and their places on the flat
//! map. On the way between map and galaxy the points go from one to the other while the camera flies; both ends of
//! the way are places in space, the flat one in the plane through the ball's middle (a [`Lift`]), so that its picture
//! is the flat map's.
//!
//! The GPU gets 12 bytes a point: 21 bits a coordinate in four u16 (16 high, 5 low, the low ones together in the
//! fourth), color and size. Quanta are cubes.

use super::cloud::{Cloud, State};
use super::columns;
use super::display::Display;
use super::orbit::{self, Lift, NEAR, Orbit, Pose, Vector};
use super::points::Look;
use crate::camera::{Bounds, Camera};
use crate::error::{Error, ErrorKind, Result};

/// Whole quanta along the longest side, and parts of each.
const QUANTA: f64 = 65_535.0;
const PARTS: f64 = 32.0;

/// x of a point that is not shown.
const HIDDEN: u16 = 65_535;

/// The color's share of the background at the far end.
const FOG: f64 = 0.72;

/// Discs at the target's depth are so many times as wide as on the map: there is more room.
const WIDER: f64 = 1.3;

/// Points of a galaxy, its camera, and the way there.
pub struct Space {
    /// x0, y0, z0, x1, ... by item.
    xyz: Vec<f32>,
    /// Where moving points come from; empty when they stand.
    before: Vec<f32>,
    blend: f64,
    /// How strong depth shows, before and after the move: 0 = as the flat map, 1 = as a galaxy.
    cues: [f64; 2],
    /// The camera.
    pub orbit: Orbit,
    flight: Option<Flight>,
    /// The box of the galaxy seen from the front: the flat map is as wide, about the same middle.
    front: Bounds,
    /// Place of quantum 0, and quanta for a unit.
    grain: (Vector, f64),
    /// Whether the points go back to the flat map.
    pub leaving: bool,
    /// How crowded it is, to opacity: see columns.rs.
    crowd: f64,
}

/// Where the camera flies from and to.
struct Flight {
    from: Pose,
    to: Pose,
    /// To where all is seen, whatever becomes of all meanwhile: the places may still move.
    all: bool,
}

/// How discs look in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthLook {
    /// At the target's depth.
    pub look: Look,
    /// The target's depth.
    pub distance: f64,
    /// How strong depth shows, 0..=1.
    pub cues: f64,
    /// Depths at which the fog begins and is thickest.
    pub fog: [f64; 2],
    /// The background's share of the color at the far end.
    pub fog_most: f64,
}

impl DepthLook {
    /// Diameter in CSS px of a disc whose size is `size` between 0 and 1, so far from the eye.
    pub fn diameter(&self, size: f64, depth: f64) -> f64 {
        let Look { smallest, largest, cap, .. } = self.look;
        let nearer = 1.0 + self.cues * (self.distance / depth - 1.0);
        ((smallest + size * (largest - smallest)) * nearer).min(cap)
    }

    /// How clear the air is before something so far from the eye, 0..=1: less in the fog, and right before the eye.
    pub fn clear(&self, depth: f64) -> f64 {
        let smooth = |[low, high]: [f64; 2]| {
            let t = ((depth - low) / (high - low)).clamp(0.0, 1.0);
            t * t * (3.0 - 2.0 * t)
        };
        let near = NEAR * self.distance;
        (1.0 - self.cues * smooth(self.fog)) * smooth([near, 4.0 * near])
    }
}

/// Center of the box around all points of two layouts with finite places, its longest side, and the radius of the ball
/// about the center. Of no points, or all at one place, a ball of 1.
#[inline(never)]
fn extent(layouts: [&[f32]; 2]) -> (Vector, f64, f64) {
    let (mut min, mut max) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
    let finite = |p: &[f32]| p.iter().all(|c| c.is_finite());
    for layout in layouts {
        for place in layout.chunks_exact(3).filter(|p| finite(p)) {
            for axis in 0..3 {
                min[axis] = min[axis].min(place[axis]);
                max[axis] = max[axis].max(place[axis]);
            }
        }
    }
    let (min, max) = (min.map(f64::from), max.map(f64::from));
    let side = (max[0] - min[0]).max(max[1] - min[1]).max(max[2] - min[2]);
    if side.is_nan() || side <= 0.0 {
        return (if min[0].is_finite() { min } else { [0.0; 3] }, 2.0, 1.0);
    }
    let center = orbit::mix(min, max, 0.5);
    let mut square = 0.0f64;
    for layout in layouts {
        for place in layout.chunks_exact(3).filter(|p| finite(p)) {
            let off = [0, 1, 2].map(|axis| f64::from(place[axis]) - center[axis]);
            square = square.max(off[0] * off[0] + off[1] * off[1] + off[2] * off[2]);
        }
    }
    (center, side, square.sqrt())
}

impl Space {
    /// The galaxy of a cloud's items at `xyz`, three numbers for each; its camera shows what the flat one does, and the
    /// points lie as on the flat map. `screen` is its CSS size.
    pub fn new(cloud: &Cloud, xyz: &[f32], camera: &Camera) -> Result<Self> {
        let mut space = Space {
            xyz: Vec::new(),
            before: Vec::new(),
            blend: 1.0,
            cues: [1.0; 2],
            orbit: Orbit::new(camera.screen(), [0.0; 3], 1.0),
            flight: None,
            front: Bounds::default(),
            grain: ([0.0; 3], 1.0),
            leaving: false,
            crowd: 0.0,
        };
        space.set(cloud, xyz)?;
        space.before = space.lifted(cloud);
        // Without a flat map there is no way from it.
        if space.is_moving() {
            (space.blend, space.cues) = (0.0, [0.0, 1.0]);
            space.measure();
        }
        let flat = space.orbit.flat(camera, &space.lift(cloud));
        space.orbit.put(flat);
        Ok(space)
    }

    /// New places, at once. The camera stays where it is, as far as its limits allow.
    pub fn set(&mut self, cloud: &Cloud, xyz: &[f32]) -> Result<()> {
        if xyz.len() != 3 * cloud.len() {
            let problem = format!(
                "{} points came with {} coordinates, not {}",
                cloud.len(),
                xyz.len(),
                3 * cloud.len()
            );
            return Err(Error::new(ErrorKind::Drawing { problem }));
        }
        self.xyz.clear();
        self.xyz.extend_from_slice(xyz);
        let (center, _, radius) = extent([&[], xyz]);
        self.orbit.set_ball(center, radius);
        self.crowd = columns::crowd(xyz, center, radius);
        let front: Vec<f32> = xyz.chunks_exact(3).flat_map(|p| [p[0], p[1]]).collect();
        self.front = Bounds::of(&front);
        if self.before.is_empty() {
            self.cues = [1.0; 2];
        }
        self.measure();
        Ok(())
    }

    /// How places become whole numbers, over both ends of the way.
    #[inline(never)]
    fn measure(&mut self) {
        let (center, side, _) = extent([&self.before, &self.xyz]);
        self.grain = (center.map(|c| c - 0.5 * side), QUANTA / side);
    }

    /// How the flat map lies in space.
    #[inline(never)]
    fn lift(&self, cloud: &Cloud) -> Lift {
        let scale = self.front.half() / cloud.bounds().half();
        let (to, from) = (self.front.center(), cloud.bounds().center());
        Lift { scale, origin: [0, 1].map(|axis| to[axis] - scale * from[axis]) }
    }

    /// The flat map's places in space.
    #[inline(never)]
    fn lifted(&self, cloud: &Cloud) -> Vec<f32> {
        let (z, lift) = (self.orbit.ball().0[2], self.lift(cloud));
        let up = |p: &[f32]| {
            let [x, y] = lift.up([f64::from(p[0]), f64::from(p[1])]);
            [x, y, z].map(|c| c as f32)
        };
        cloud.xy().chunks_exact(2).flat_map(up).collect()
    }

    /// Where all items are now.
    #[inline(never)]
    fn now(&self, cloud: &Cloud) -> Vec<f32> {
        let mut all = Vec::with_capacity(3 * cloud.len());
        for id in 0..cloud.len() as u32 {
            all.extend(self.place(id).map_or([f32::NAN; 3], |place| place.map(|c| c as f32)));
        }
        all
    }

    /// Puts the points on the way back to the flat map from where they are now.
    pub fn leave(&mut self, cloud: &Cloud, camera: &Camera) {
        let before = self.now(cloud);
        self.cues = [self.now_cues(), 0.0];
        (self.xyz, self.before, self.blend) = (self.lifted(cloud), before, 0.0);
        self.leaving = true;
        self.measure();
        self.fly_to(self.orbit.flat(camera, &self.lift(cloud)));
    }

    /// Back to the galaxy at `xyz`, when the points are on their way out of it.
    pub fn enter(&mut self, cloud: &Cloud, xyz: &[f32]) -> Result<()> {
        let before = self.now(cloud);
        let cues = self.now_cues();
        self.set(cloud, xyz)?;
        (self.before, self.blend, self.cues, self.leaving) = (before, 0.0, [cues, 1.0], false);
        self.measure();
        Ok(())
    }

    /// How far points and camera have come, 0..=1. Whether places changed for good.
    pub fn step(&mut self, t: f64) -> bool {
        let t = if t.is_nan() { 1.0 } else { t.clamp(0.0, 1.0) };
        if let Some(Flight { from, to, all }) = &self.flight {
            let to = if *all { Pose { back: to.back, ..self.orbit.fitting(false) } } else { *to };
            self.orbit.put(Pose::between(from, &to, t));
        }
        if t == 1.0 {
            self.flight = None;
        }
        if !self.is_moving() {
            return false;
        }
        self.blend = t;
        let there = t == 1.0;
        if there {
            self.before = Vec::new();
            self.cues = [self.cues[1]; 2];
        }
        there
    }

    /// Starts a flight of the camera.
    pub fn fly_to(&mut self, pose: Pose) {
        self.flight = Some(Flight { from: self.orbit.pose(), to: pose, all: false });
    }

    /// Starts a flight to where all is seen, from the same side or from the first one.
    pub fn fly_to_all(&mut self, first: bool) {
        let (from, to) = (self.orbit.pose(), self.orbit.fitting(first));
        self.flight = Some(Flight { from, to, all: true });
    }

    /// Ends a flight where it is: the visitor moved.
    pub fn stop(&mut self) {
        self.flight = None;
    }

    /// Whether points are on their way.
    pub fn is_moving(&self) -> bool {
        !self.before.is_empty()
    }

    /// How far they have come.
    pub fn blend(&self) -> f64 {
        self.blend
    }

    fn now_cues(&self) -> f64 {
        self.cues[0] + (self.cues[1] - self.cues[0]) * self.blend
    }

    /// Where an item is now; none when it has no place.
    #[inline(never)]
    pub fn place(&self, id: u32) -> Option<Vector> {
        let at = |xyz: &[f32]| {
            let at = xyz.get(3 * id as usize..3 * id as usize + 3)?;
            at.iter().all(|c| c.is_finite()).then(|| [0, 1, 2].map(|axis| f64::from(at[axis])))
        };
        let now = at(&self.xyz)?;
        Some(at(&self.before).map_or(now, |before| orbit::mix(before, now, self.blend)))
    }

    /// How discs look now, given how they look on the flat map; `limit` is the largest disc that the device draws.
    pub fn look(&self, cloud: &Cloud, flat: Look, display: &Display, limit: f64) -> DepthLook {
        let (cues, n) = (self.now_cues(), cloud.len());
        let (radius, distance) = (self.orbit.ball().1, self.orbit.pose().distance);
        let deep = Look::at(n, self.orbit.screen(), self.orbit.magnification(), limit)
            .sized(WIDER * display.size, limit);
        let px = radius * self.orbit.focal() / distance;
        let deep = deep.crowded(self.crowd / (px * px), cloud.mean_size());
        let between = |from: f64, to: f64| from + (to - from) * cues;
        let look = Look {
            smallest: between(flat.smallest, deep.smallest),
            largest: between(flat.largest, deep.largest),
            cap: flat.cap,
            opacity: between(flat.opacity, display.opacity.unwrap_or(deep.opacity)),
        };
        let near = (distance - 0.4 * radius).max(0.2 * distance);
        DepthLook { look, distance, cues, fog: [near, near + 1.7 * radius], fog_most: FOG * cues }
    }

    /// What the GPU gets as positions: in order of drawing.
    pub fn gpu_positions(&self, cloud: &Cloud) -> Vec<[u16; 4]> {
        self.gpu(cloud, &self.xyz)
    }

    /// The same of where moving points come from; nothing when they stand.
    pub fn gpu_before(&self, cloud: &Cloud) -> Vec<[u16; 4]> {
        if self.is_moving() { self.gpu(cloud, &self.before) } else { Vec::new() }
    }

    #[inline(never)]
    fn gpu(&self, cloud: &Cloud, xyz: &[f32]) -> Vec<[u16; 4]> {
        let (origin, per_unit) = self.grain;
        let most = QUANTA * PARTS - 1.0;
        let packed = |&id: &u32| {
            let at = &xyz[3 * id as usize..3 * id as usize + 3];
            if at.iter().any(|c| !c.is_finite()) {
                return [HIDDEN; 4];
            }
            let [x, y, z] = [0, 1, 2].map(|axis| {
                ((f64::from(at[axis]) - origin[axis]) * per_unit * PARTS).clamp(0.0, most) as u32
            });
            let low = (x & 31) | (y & 31) << 5 | (z & 31) << 10;
            [(x >> 5) as u16, (y >> 5) as u16, (z >> 5) as u16, low as u16]
        };
        cloud.items().iter().map(packed).collect()
    }

    /// A place in quanta, and quanta for a unit.
    pub fn quanta(&self, place: Vector) -> (Vector, f64) {
        let (origin, per_unit) = self.grain;
        ([0, 1, 2].map(|axis| (place[axis] - origin[axis]) * per_unit), per_unit)
    }

    /// The slots from `first` on that can be seen, from far to near, equally far ones in their order; highlighted ones
    /// after all others, from far to near too. One counting sort by 65,536 depths.
    #[inline(never)]
    pub fn order(&self, cloud: &Cloud, first: usize) -> Vec<u32> {
        const DEPTHS: usize = 65_536;
        let (axes, pose, (center, radius)) = (self.orbit.axes(), self.orbit.pose(), self.orbit.ball());
        let off = [0, 1, 2].map(|axis| center[axis] - axes.eye[axis]);
        let away = off.map(|c| c * c).iter().sum::<f64>().sqrt();
        // On the way from a flat map, points may lie outside of the ball.
        let (near, far) = (NEAR * pose.distance, away + 1.8 * radius);
        let per_depth = (DEPTHS - 1) as f64 / (far - near).max(1e-12);
        let items = &cloud.items()[first.min(cloud.len())..];
        let eye: f64 = (0..3).map(|axis| axes.eye[axis] * axes.forward[axis]).sum();
        let depth_in = |layout: &[f32], id: u32| {
            let at = &layout[3 * id as usize..3 * id as usize + 3];
            (0..3).map(|axis| f64::from(at[axis]) * axes.forward[axis]).sum::<f64>() - eye
        };
        let key = |&id: &u32| {
            let mut depth = depth_in(&self.xyz, id);
            let before = if self.is_moving() { depth_in(&self.before, id) } else { depth };
            if before.is_finite() {
                depth = before + (depth - before) * self.blend;
            }
            if depth <= near || !depth.is_finite() || cloud.state(id) == State::Hidden {
                return u32::MAX;
            }
            let above = if cloud.state(id) == State::Highlighted { DEPTHS } else { 0 };
            // `as` saturates.
            (((far - depth) * per_depth) as usize).min(DEPTHS - 1) as u32 + above as u32
        };
        let keys: Vec<u32> = items.iter().map(key).collect();
        let mut starts = vec![0u32; 2 * DEPTHS + 1];
        for &key in keys.iter().filter(|&&key| key != u32::MAX) {
            starts[key as usize + 1] += 1;
        }
        for depth in 0..2 * DEPTHS {
            starts[depth + 1] += starts[depth];
        }
        let mut order = vec![0; starts[2 * DEPTHS] as usize];
        for (slot, &key) in keys.iter().enumerate().filter(|(_, key)| **key != u32::MAX) {
            order[starts[key as usize] as usize] = (first + slot) as u32;
            starts[key as usize] += 1;
        }
        order
    }
}
