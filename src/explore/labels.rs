//! Labels: from which zoom on each name is on the map.
//!
//! Dynamic labeling (Been, Daiches, Yap 2006): a name's box keeps its size in px while places part as the camera comes
//! nearer, so two boxes that are apart once stay apart. A name that appears at its zoom and never goes away again
//! can not flicker, and what is decided here once holds in every frame.
//!
//! Greedy, octave by octave from far to near, the most important first: whoever finds room appears, at exactly the
//! zoom at which it is clear of all that are there already. Within an octave importance decides, between octaves room;
//! importance alone would leave holes where an important name waits for its place. A list of the names in each
//! cell of the screen makes it O(names) an octave.

/// The longer side of the map in px at the zoom where the first octave ends.
const FAR_PX: f64 = 64.0;

/// Octaves: up to 64 * 2^17 px, nearer than any camera comes.
const OCTAVES: usize = 18;

/// The largest radius of a disc in px (draw/points.rs).
pub const DISC_PX: f64 = 22.0;

/// The smallest disc is at least this part of the largest (draw/cloud.rs).
const SMALLEST: f64 = 0.25;

/// A name below its item's disc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The item's place, in map units.
    pub at: [f64; 2],
    /// Width of the name's box in px, with the room to leave at its sides.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The size of the disc between the smallest, 0, and the largest, 1: the name hangs on its edge.
    pub disc: f64,
}

/// A name of a region, around a place; it is there from one zoom to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caption {
    /// The middle of its box, in map units.
    pub at: [f64; 2],
    /// Width of its box in px.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The zoom (px per map unit) from which on it is there.
    pub from: f64,
    /// The zoom from which on it is not there any more.
    pub to: f64,
}

/// The zoom from which on two boxes are apart, whose middles are so far from each other on the map, and that are apart
/// where their middles are `clear` px from each other along one axis; infinite where they never are.
fn apart(a: [f64; 2], b: [f64; 2], clear: [f64; 2]) -> f64 {
    let zoom = |axis: usize| {
        let far = (a[axis] - b[axis]).abs();
        if far > 0.0 { clear[axis] / far } else { f64::INFINITY }
    };
    // A little more, so that no rounding makes them touch.
    zoom(0).min(zoom(1)) * (1.0 + 1e-9)
}

impl Label {
    /// The zoom from which on two names are apart. Each hangs on the edge of its disc, whose radius is min(22 px, f(zoom) s):
    /// the upper one's may reach farther down than the lower one's, by less than 22 (1 - s of the lower / s of the upper).
    pub fn apart(&self, other: &Label) -> f64 {
        let (upper, lower) = if self.at[1] > other.at[1] { (self, other) } else { (other, self) };
        let size = |label: &Label| SMALLEST + (1.0 - SMALLEST) * label.disc;
        let farther = DISC_PX * (1.0 - size(lower) / size(upper)).max(0.0);
        apart(self.at, other.at, [0.5 * (self.width + other.width), upper.height + farther])
    }

    /// The zoom from which on it is clear of a caption: apart from it, or there is no caption any more.
    pub fn clear_of(&self, caption: &Caption) -> f64 {
        // It hangs below its item: from above it reaches farther down, by the disc at its largest.
        let above = self.at[1] > caption.at[1];
        let hangs = if above { DISC_PX + self.height } else { 0.0 };
        let clear = [0.5 * (self.width + caption.width), 0.5 * caption.height + hangs];
        let clear = apart(self.at, caption.at, clear);
        if clear <= caption.from || caption.to <= caption.from { 0.0 } else { clear.min(caption.to) }
    }
}

/// From which zoom on each name is there, px per map unit; infinite for one that finds no room or has no place. `labels`
/// are in the order of importance, `captions` were there first.
pub fn zooms(labels: &[Label], captions: &[Caption]) -> Vec<f64> {
    let mut zooms = vec![f64::INFINITY; labels.len()];
    let placed = |label: &Label| label.at.iter().all(|c| c.is_finite());
    let mut waiting: Vec<u32> = (0..labels.len() as u32).filter(|&i| placed(&labels[i as usize])).collect();
    let (mut min, mut max) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    let (mut width, mut height) = (1.0f64, 1.0f64);
    for label in waiting.iter().map(|&i| &labels[i as usize]) {
        for axis in 0..2 {
            (min[axis], max[axis]) = (min[axis].min(label.at[axis]), max[axis].max(label.at[axis]));
        }
        (width, height) = (width.max(label.width), height.max(label.height));
    }
    let extent = (max[0] - min[0]).max(max[1] - min[1]);
    let mut zoom = FAR_PX / if extent > 0.0 { extent } else { 1.0 };
    let least: Vec<f64> =
        labels.iter().map(|label| captions.iter().map(|c| label.clear_of(c)).fold(0.0, f64::max)).collect();
    let mut there: Vec<u32> = Vec::new();
    for _ in 0..OCTAVES {
        // As wide as two boxes at the octave's beginning, where all is twice as near: then the cells beside suffice.
        let mut cells = Cells::new([2.0 * width, 2.0 * (height + DISC_PX)].map(|px| px / zoom), labels.len());
        there.iter().for_each(|&i| cells.add(i, labels[i as usize].at));
        waiting.retain(|&i| {
            let label = &labels[i as usize];
            // What is apart from the octave before on is not looked at.
            let mut from = least[i as usize].max(0.5 * zoom);
            cells.visit(label.at, |other| {
                let clear = label.apart(&labels[other as usize]);
                // One that appears later, and clear of this, is no obstacle.
                if from <= zoom && zooms[other as usize] < clear {
                    from = from.max(clear);
                }
            });
            let room = from <= zoom;
            if room {
                zooms[i as usize] = from;
                there.push(i);
                cells.add(i, label.at);
            }
            !room
        });
        zoom *= 2.0;
    }
    zooms
}

/// Which names are in which cell of the screen: lists by a hash of the cell. Two cells in one list do no harm, as every
/// answer is looked at.
struct Cells {
    size: [f64; 2],
    heads: Vec<u32>,
    next: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Cells {
    fn new(size: [f64; 2], n: usize) -> Self {
        Cells { size, heads: vec![NONE; n.next_power_of_two()], next: vec![NONE; n] }
    }

    fn cell(&self, at: [f64; 2]) -> [i64; 2] {
        [0, 1].map(|axis| (at[axis] / self.size[axis]).floor() as i64)
    }

    fn list(&self, [x, y]: [i64; 2]) -> usize {
        let mixed =
            (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        (mixed >> 32) as usize & (self.heads.len() - 1)
    }

    fn add(&mut self, i: u32, at: [f64; 2]) {
        let list = self.list(self.cell(at));
        self.next[i as usize] = self.heads[list];
        self.heads[list] = i;
    }

    /// Calls `visit` with all within one cell of a place, and perhaps some others, or one of them twice.
    fn visit(&self, at: [f64; 2], mut visit: impl FnMut(u32)) {
        let [x, y] = self.cell(at);
        for cell in (0..9).map(|i| [x.wrapping_add(i % 3 - 1), y.wrapping_add(i / 3 - 1)]) {
            let mut i = self.heads[self.list(cell)];
            while i != NONE {
                visit(i);
                i = self.next[i as usize];
            }
        }
    }
}

/// At most `limit` items whose names may be shown, the most important first: of every cell of a grid the most popular,
/// and of finer grids the more, until there are enough; so that there are names wherever one comes near. `places` are
/// x0, y0, x1, ..., or in space (`dim` 3) x0, y0, z0, x1, ...
pub fn candidates(places: &[f32], dim: usize, popularity: &[u32], limit: usize) -> Vec<u32> {
    let at = |i: u32, axis: usize| f64::from(places[dim * i as usize + axis]);
    let placed = |&i: &u32| (0..dim).all(|axis| at(i, axis).is_finite());
    // Sorted as whole numbers, as everywhere in explore/: each kind of key would be another sort to load.
    let key = |i: u32| u64::from(u32::MAX - popularity[i as usize]) << 32 | u64::from(i);
    let n = popularity.len().min(places.len() / dim.max(1)) as u32;
    let mut keys: Vec<u64> = (0..n).filter(placed).map(key).collect();
    keys.sort_unstable();
    let order: Vec<u32> = keys.iter().map(|&key| key as u32).collect();
    if order.len() <= limit {
        return order;
    }
    let ends = |axis: usize| {
        let all = order.iter().map(|&i| at(i, axis));
        all.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], c| [low.min(c), high.max(c)])
    };
    let ends: Vec<[f64; 2]> = (0..dim).map(ends).collect();
    let side = ends.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
    // By rank: whether it is taken.
    let (mut taken, mut n) = (vec![false; order.len()], 0);
    // Up to 4^11 cells, or 8^7.
    for bits in if dim == 2 { 2..12 } else { 1..8 } {
        let mut seen = vec![false; 1 << (dim * bits)];
        let per_unit = f64::from(1u32 << bits) / if side > 0.0 { side } else { 1.0 };
        let cell =
            |i: u32, axis: usize| (((at(i, axis) - ends[axis][0]) * per_unit) as usize).min((1 << bits) - 1);
        for (rank, &i) in order.iter().enumerate() {
            let cell = (0..dim).fold(0, |all, axis| all << bits | cell(i, axis));
            let first = !std::mem::replace(&mut seen[cell], true);
            if first && !taken[rank] && n < limit {
                (taken[rank], n) = (true, n + 1);
            }
        }
    }
    // All in one place: simply the most important.
    let left = order.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(&i, _)| i).take(limit - n);
    let mut chosen: Vec<u32> =
        order.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(&i, _)| i).collect();
    chosen.extend(left);
    chosen
}

/// The size of some items' discs between the smallest, 0, and the largest, 1: it grows with the root of the popularity.
pub fn discs(popularity: &[u32], ids: &[u32]) -> Vec<f64> {
    let root = |p: u32| f64::from(p).sqrt();
    let (low, high) = popularity.iter().fold((u32::MAX, 0), |(low, high), &p| (low.min(p), high.max(p)));
    let span = if high > low { root(high) - root(low) } else { 1.0 };
    ids.iter().map(|&i| popularity.get(i as usize).map_or(0.0, |&p| (root(p) - root(low)) / span)).collect()
}
