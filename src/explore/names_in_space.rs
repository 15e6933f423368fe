//! Names in space: which of them there are in a frame of a galaxy, and how much of each is seen.
//!
//! On the flat map a name has one zoom from which on it is there (labels.rs). Where a cloud turns nothing like that
//! holds: places pass before one another. So each frame chooses anew, greedily, the most important first, where the
//! near count more: rank r at depth d has the weight (distance of the target / d)^2 / r. What keeps that calm:
//!
//! - A name that was chosen in the frame before weighs [`BONUS`] times as much, and two such need less room between
//!   them than another one needs to come. So names that drift do not come and go, and what is chosen once is chosen
//!   again while nothing moves. One that went waits for [`REST`] before it may come again: none flickers.
//! - What goes fades out, what comes fades in, and only after what was in its place is gone; what fades and is run
//!   over by another name is gone at once. So no two names that are seen ever overlap, whatever the motion.
//!
//! O(names + those in sight by its logarithm) a frame; boxes are found by the strips of the screen that they touch.

/// So many times its weight has a name that was chosen in the frame before.
pub const BONUS: f64 = 4.0;

/// How clear the air before a name must be, 0..=1: for it to come, and to stay.
pub const CLEAR: [f64; 2] = [0.42, 0.3];

/// So many times the length of a fade a name is away at least, once it went while it was in sight.
pub const REST: f32 = 4.0;

/// Names around the screen, up to so many CSS px, are chosen too: they come in as they are.
pub const AROUND: f64 = 60.0;

/// Names that begin to be seen in one frame: each is a picture to be made.
pub const AT_ONCE: usize = 24;

/// Names chosen in one frame.
const MOST: usize = 400;

/// Height of a strip of the screen, CSS px.
const STRIP: f64 = 32.0;

/// Where a name hangs in this frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The middle of its box's upper edge, CSS px.
    pub at: [f64; 2],
    /// How clear the air before it is, 0..=1.
    pub clear: f64,
    /// The target's distance over its own depth.
    pub near: f64,
}

/// What a frame is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width and height, CSS px.
    pub screen: [f64; 2],
    /// How much room a name needs to come: so many times its box, >= 1.
    pub amount: f64,
    /// How much of a fade has passed since the frame before: 1 = at once.
    pub step: f64,
    /// Whether there are to be names: else those that are there go.
    pub wanted: bool,
}

/// A name that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Its place in the order of importance.
    pub name: u32,
    /// The middle of its box's upper edge, CSS px.
    pub at: [f64; 2],
    /// Above 0, up to 1.
    pub opacity: f64,
}

/// The names that a galaxy may show, and which of them it does.
#[derive(Debug, Default)]
pub struct Names {
    /// Width and height of each, CSS px, with the room to leave; the most important first.
    boxes: Vec<[f64; 2]>,
    chosen: Vec<bool>,
    /// How much of each is seen, 0..=1; below 0, it is chosen and waits so many fades.
    seen: Vec<f32>,
    /// How long each must stay away, in fades.
    rest: Vec<f32>,
}

/// CSS px that a name needs to come, on every side, beyond its room: for what drifts.
pub const DRIFT: f64 = 8.0;

/// A name begins to be seen when it has been chosen for so many times the length of a fade: in a fast motion many are for
/// a few frames only.
pub const WAIT: f32 = 1.5;

/// How many times its box a name needs, for one that comes and between two that stay.
pub fn room(amount: f64) -> [f64; 2] {
    let amount = if amount.is_finite() { amount.clamp(1.0, 10.0) } else { 1.0 };
    [amount, 1.0 + 0.25 * (amount - 1.0)]
}

/// The weight of a name, by its place in the order of importance.
pub fn weight(name: usize, near: f64, chosen: bool) -> f32 {
    (near * near / (name + 1) as f64 * if chosen { BONUS } else { 1.0 }) as f32
}

/// A name's box in this frame.
#[derive(Clone, Copy)]
struct Place {
    name: u32,
    anchor: Anchor,
    size: [f64; 2],
    stays: bool,
}

impl Place {
    fn middle(&self, axis: usize) -> f64 {
        self.anchor.at[axis] + if axis == 1 { 0.5 * self.size[1] } else { 0.0 }
    }

    /// Whether two boxes, each so many times as large and then so many px larger on each side, overlap.
    fn overlaps(&self, other: &Place, [times, more]: [f64; 2]) -> bool {
        let near = |axis: usize| {
            let room = 0.5 * times * (self.size[axis] + other.size[axis]) + 2.0 * more;
            (self.middle(axis) - other.middle(axis)).abs() < room
        };
        near(0) && near(1)
    }

    /// Whether any of it is so near to the screen.
    fn reaches(&self, screen: [f64; 2], around: f64) -> bool {
        (0..2).all(|axis| {
            let (middle, half) = (self.middle(axis), 0.5 * self.size[axis] + around);
            middle + half > 0.0 && middle - half < screen[axis]
        })
    }
}

/// How large boxes are taken: so many times as large, and then so many px larger on each side.
const ITSELF: [f64; 2] = [1.0, 0.0];

/// Boxes by the strips of the screen that they touch.
struct Strips {
    strips: Vec<Vec<Place>>,
    room: [f64; 2],
}

impl Strips {
    fn new(height: f64, room: [f64; 2]) -> Self {
        Strips { strips: vec![Vec::new(); (height.clamp(1.0, 1e5) / STRIP) as usize + 1], room }
    }

    fn touched(&self, place: &Place) -> std::ops::RangeInclusive<usize> {
        let (middle, half) = (place.middle(1), 0.5 * self.room[0] * place.size[1] + self.room[1]);
        // `as` saturates: what is above the screen is in the first strip.
        let strip = |y: f64| ((y / STRIP) as usize).min(self.strips.len() - 1);
        strip(middle - half)..=strip(middle + half)
    }

    fn add(&mut self, place: Place) {
        for strip in self.touched(&place) {
            self.strips[strip].push(place);
        }
    }

    fn any(&self, place: &Place, meets: impl Fn(&Place) -> bool) -> bool {
        self.touched(place).any(|strip| self.strips[strip].iter().any(&meets))
    }
}

impl Names {
    /// None of which is seen yet. One without width is never shown.
    pub fn new(boxes: Vec<[f64; 2]>) -> Self {
        let n = boxes.len();
        Names { boxes, chosen: vec![false; n], seen: vec![0.0; n], rest: vec![0.0; n] }
    }

    /// Whether a name was chosen in the last frame.
    pub fn is_chosen(&self, name: usize) -> bool {
        self.chosen.get(name).is_some_and(|&chosen| chosen)
    }

    /// The names of a frame, where each hangs, and whether another frame is due though nothing moves. `anchor` gives
    /// none for what can not be seen.
    #[inline(never)]
    pub fn frame(&mut self, frame: Frame, anchor: impl Fn(usize) -> Option<Anchor>) -> (Vec<Seen>, bool) {
        let step = if frame.step.is_finite() { frame.step.clamp(0.0, 1.0) as f32 } else { 1.0 };
        let mut more = false;
        let (mut candidates, mut going): (Vec<Place>, Vec<Place>) = (Vec::new(), Vec::new());
        let mut keys: Vec<u32> = Vec::new();
        for (name, &size) in self.boxes.iter().enumerate() {
            let (stays, visible) = (self.chosen[name], self.seen[name] > 0.0);
            self.rest[name] = (self.rest[name] - step).max(0.0);
            let rests = self.rest[name] > 0.0;
            if !(frame.wanted || visible) {
                continue;
            }
            let place = anchor(name).map(|anchor| Place { name: name as u32, anchor, size, stays });
            match place.filter(|place| size[0] > 0.0 && place.reaches(frame.screen, AROUND)) {
                Some(place) if frame.wanted && !rests && place.anchor.clear >= CLEAR[usize::from(stays)] => {
                    let weight = weight(name, place.anchor.near, stays);
                    // Positive numbers are in the order of their bits.
                    keys.push(!weight.to_bits());
                    candidates.push(place);
                }
                Some(place) => {
                    self.rest[name] = if frame.wanted && stays { REST } else { self.rest[name] };
                    more |= rests;
                    if visible {
                        going.push(place);
                    } else {
                        self.seen[name] = 0.0;
                    }
                }
                None => self.seen[name] = 0.0,
            }
        }
        let order = ranks(&keys).into_iter().map(|at| candidates[at as usize]);
        let chosen = choose(order, frame.amount, frame.screen[1]);
        self.chosen.fill(false);
        chosen.iter().for_each(|place| self.chosen[place.name as usize] = true);
        for place in candidates.iter().filter(|place| !self.chosen[place.name as usize]) {
            if place.stays {
                self.rest[place.name as usize] = REST;
                more = true;
            }
            if self.seen[place.name as usize] > 0.0 {
                going.push(*place);
            } else {
                self.seen[place.name as usize] = 0.0;
            }
        }
        let order = ranks(&going.iter().map(|place| place.name).collect::<Vec<_>>());
        let going: Vec<Place> = order.into_iter().map(|at| going[at as usize]).collect();
        let (all, fades) = self.fade(frame, step, &chosen, &going);
        (all, more || fades)
    }

    /// What is seen of those that are chosen and of those that go, and whether any of them fades.
    fn fade(&mut self, frame: Frame, step: f32, chosen: &[Place], going: &[Place]) -> (Vec<Seen>, bool) {
        let mut there = Strips::new(frame.screen[1], ITSELF);
        let (mut all, mut more, mut begun) = (Vec::new(), false, 0);
        let mut see = |place: &Place, seen: f32| {
            // The root: what is far is to be read, too.
            let opacity = f64::from(seen) * place.anchor.clear.min(1.0).sqrt();
            all.push(Seen { name: place.name, at: place.anchor.at, opacity });
        };
        for place in chosen {
            let seen = &mut self.seen[place.name as usize];
            if *seen > 0.0 {
                *seen = (*seen + step).min(1.0);
                more |= *seen < 1.0;
                see(place, *seen);
                there.add(*place);
            }
        }
        for place in going {
            let seen = &mut self.seen[place.name as usize];
            *seen = (*seen - step).max(0.0);
            if *seen > 0.0 && there.any(place, |other| place.overlaps(other, ITSELF)) {
                *seen = 0.0;
            }
            if *seen > 0.0 {
                more = true;
                see(place, *seen);
                there.add(*place);
            }
        }
        for place in chosen {
            let seen = &mut self.seen[place.name as usize];
            if *seen > 0.0 {
                continue;
            }
            let hidden = !place.reaches(frame.screen, 0.0);
            *seen = (if *seen == 0.0 { -WAIT } else { *seen } + step).min(-f32::MIN_POSITIVE);
            let early = *seen < -f32::MIN_POSITIVE && step < 1.0;
            let waits = early || begun == AT_ONCE || step == 0.0;
            if there.any(place, |other| place.overlaps(other, ITSELF)) || waits && !hidden {
                more = true;
                continue;
            }
            begun += usize::from(!hidden);
            *seen = if hidden { 1.0 } else { step };
            more |= *seen < 1.0;
            see(place, *seen);
        }
        (all, more)
    }
}

/// The places of keys, the smallest key first, equal ones as they stand: a counting sort by 11 bits, three times. The
/// browser's sort is made for size, and would take most of a frame's time.
fn ranks(keys: &[u32]) -> Vec<u32> {
    const BITS: u32 = 11;
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    for pass in 0..3 {
        let digit = |at: u32| (keys[at as usize] >> (BITS * pass)) as usize & ((1 << BITS) - 1);
        let mut starts = vec![0u32; (1 << BITS) + 1];
        order.iter().for_each(|&at| starts[digit(at) + 1] += 1);
        for at in 0..1 << BITS {
            starts[at + 1] += starts[at];
        }
        let mut next = vec![0; keys.len()];
        for &at in &order {
            let place = &mut starts[digit(at)];
            next[*place as usize] = at;
            *place += 1;
        }
        order = next;
    }
    order
}

/// Those of the candidates, the weightiest first, that have room beside the ones before them.
fn choose(candidates: impl Iterator<Item = Place>, amount: f64, height: f64) -> Vec<Place> {
    let [come, stay] = room(amount);
    let (come, stay) = ([come, DRIFT], [stay, 0.0]);
    let mut taken = Strips::new(height, come);
    let mut chosen = Vec::new();
    for place in candidates {
        let meets =
            |other: &Place| place.overlaps(other, if place.stays && other.stays { stay } else { come });
        if !taken.any(&place, meets) {
            taken.add(place);
            chosen.push(place);
            if chosen.len() == MOST {
                break;
            }
        }
    }
    chosen
}
