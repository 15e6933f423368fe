//! The maps that every build must make, bit for bit: read by tests/pipeline.rs natively and by tests/web_worker.rs in a
//! browser, single and threaded. A change that moves a bit on purpose raises `MAP_VERSION` and writes new hashes here;
//! the native test prints them.

#![allow(dead_code, reason = "each test binary uses its own part")]

/// A small table made for this: five groups of collections that share most of their items.
pub fn fixture() -> String {
    let mut state = 1u32;
    let mut below = |n: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % n
    };
    let mut rows = String::from("collection,item\n");
    for collection in 0..120 {
        let group = collection % 5;
        for _ in 0..8 {
            let group = if below(10) == 0 { below(5) } else { group };
            rows += &format!("c{collection},g{group}-{}\n", below(24));
        }
    }
    rows
}

/// The emoji demo: 15,944 rows.
pub const EMOJI: &str = include_str!("../../www/demo/emoji/memberships.csv");

/// (data, preset, hash of the map).
pub const GOLDEN: [(&str, &str, &str); 4] = [
    ("fixture", "default", "5547f0e0d4434948"),
    ("fixture", "author", "2d6eb22c9cc1165a"),
    ("emoji", "default", "22bfe46d56a70612"),
    ("emoji", "author", "694d49c286bf596b"),
];

/// Items of the fixture's map as a list, and the bits of where it lands by each of these presets.
pub const LIST: [u32; 5] = [3, 14, 15, 92, 65];
/// (preset, bits of x and y).
pub const PLACED: [(&str, [u32; 2]); 1] = [("default", [1074888252, 1097327042])];

/// The rows that a name in [`GOLDEN`] stands for.
pub fn rows(name: &str) -> String {
    if name == "emoji" { EMOJI.to_owned() } else { fixture() }
}
