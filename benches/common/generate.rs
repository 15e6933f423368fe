//! Seeded rows of any size that look like what people keep: a few items that everyone has and a long tail, a few
//! large collections and many small ones, and tastes, so that there is something to map.
//!
//! - Items: the chance of rank r is proportional to 1 / (r + 100) (Zipf and Mandelbrot's law): no item is in every
//!   collection and the rarest still has some.
//! - Sizes of collections: exponential, so the mean square is twice the squared mean; at most a third of the items.
//! - Tastes: 64 groups on a ring. Three of four items are of the collection's own group or one beside it.
//! - A collection has an item once.

#![allow(dead_code, reason = "each program uses its own part")]

use archipelago::names::Names;
use archipelago::read::{Reader, Records, Table};
use std::io::{self, Write};

/// How much to generate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Rows; a collection too small to hold its share may leave out a few.
    pub rows: usize,
    /// Different items to draw from.
    pub items: usize,
    /// Collections.
    pub collections: usize,
}

/// The size of the osu! beatmap atlas. Its rows and items are known; how many players they are of is not: here 90 rows
/// each on average.
pub const OSU: Size = Size { rows: 35_800_000, items: 45_071, collections: 400_000 };

const GROUPS: usize = 64;
/// Mandelbrot's shift of the ranks.
const SHIFT: f64 = 100.0;

/// SplitMix64 (Steele, Lea, Flood 2014): small, portable, good enough for inputs.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In 0 (excluded) to 1.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
    }
}

/// Calls `visit(collection, item)` for each row, one collection after the other.
pub fn rows(seed: u64, size: Size, mut visit: impl FnMut(u32, u32)) {
    let Size { rows, items, collections } = size;
    let mut dice = Dice(seed);
    let largest = (items / 3).max(1);
    let sizes: Vec<f64> = (0..collections).map(|_| -dice.unit().ln()).collect();
    let scale = rows as f64 / sizes.iter().sum::<f64>();
    // The collection that took each item last, plus one.
    let mut taken = vec![0u32; items];
    let mut owed = 0.0;
    for (collection, size) in sizes.into_iter().enumerate() {
        owed += size * scale;
        let n = (owed as usize).min(largest);
        // What a full collection can not hold goes to the next ones.
        owed -= n as f64;
        let taste = dice.next() as usize % GROUPS;
        for _ in 0..n {
            // Tries again for an item that is there already; near-full collections stay a little short.
            for _ in 0..50 {
                let item = draw(&mut dice, taste, items);
                if taken[item] != collection as u32 + 1 {
                    taken[item] = collection as u32 + 1;
                    visit(collection as u32, item as u32);
                    break;
                }
            }
        }
    }
}

/// An item for a collection of this taste. Group g owns the ranks that leave g when divided by the number of groups.
fn draw(dice: &mut Dice, taste: usize, items: usize) -> usize {
    let rank = (SHIFT * ((1.0 + items as f64 / SHIFT).powf(dice.unit()) - 1.0)) as usize;
    let kind = dice.next() as usize;
    let item = match kind % 8 {
        0 | 1 => rank,
        2 => rank / GROUPS * GROUPS + (taste + 1) % GROUPS,
        3 => rank / GROUPS * GROUPS + (taste + GROUPS - 1) % GROUPS,
        _ => rank / GROUPS * GROUPS + taste,
    };
    item.min(items - 1)
}

/// The rows as the reader would give them, without the detour over text: 35.8 million of them take 290 MB here and
/// 500 MB as CSV.
pub fn records(seed: u64, size: Size) -> Records {
    // The reader makes the frame, so that this file need not know every field.
    let mut reader = Reader::new("generated.csv");
    reader.push(b"collection,item\na,b\n").expect("a good file");
    let Ok(Table::Records(mut records)) = reader.finish() else { panic!("rows expected") };
    records.rows = Vec::with_capacity(size.rows);
    rows(seed, size, |collection, item| records.rows.push([collection, item]));
    records.collections = names("user", size.collections);
    records.items = names("item", size.items);
    records.info.rows = records.rows.len() as u64;
    records
}

fn names(what: &str, n: usize) -> Names {
    let mut names = Names::new();
    for i in 0..n {
        names.intern(&format!("{what} {i}")).expect("room for all names");
    }
    names
}

/// The same rows as CSV.
pub fn write_csv(seed: u64, size: Size, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "collection,item")?;
    let mut outcome = Ok(());
    rows(seed, size, |collection, item| {
        if outcome.is_ok() {
            outcome = writeln!(out, "user {collection},item {item}");
        }
    });
    outcome
}
