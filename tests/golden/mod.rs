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

/// Few epochs, for [`METHODS`].
pub const SHORT: [&str; 4] =
    ["project.epochs=30", "project.iterations=60", "embed.trainingEpochs=2", "embed.vectorDim=10"];

/// (data, what is changed of the default preset beside [`SHORT`], hash of the map): every method once, in the plane or in space.
pub const METHODS: [(&str, &[&str], &str); 18] = [
    ("fixture", &["project.perplexity=[8,20]", "project.degreesOfFreedom=0.7"], "bcff147c62c529b4"),
    ("fixture", &["project.from=embedding"], "ce7e596c380ffed9"),
    ("fixture", &["project.dim=3"], "94e9eec49051363a"),
    ("emoji", &["project.dim=3"], "c5fbd89781539479"),
    ("fixture", &["project.method=umap"], "571e7b26ec2f4a48"),
    (
        "fixture",
        &["project.method=umap", "project.densLambda=1", "project.setOpMixRatio=0.5"],
        "981f113c3cf50f09",
    ),
    ("fixture", &["project.method=umap", "project.dim=3", "project.from=embedding"], "1a13c4d5faf2edb1"),
    ("fixture", &["project.method=mde"], "f7b832f3319a6d3d"),
    ("fixture", &["project.method=mde", "project.dim=3", "embed.dim=2"], "f95f6b5d554f6f87"),
    ("fixture", &["project.method=pca"], "ce1131c77c9caa80"),
    ("fixture", &["project.method=randomProjection", "embed.dim=5"], "f372856b814c469e"),
    (
        "fixture",
        &["project.method=umap", "project.from=embedding", "embed.method=node2vec"],
        "78437fa0140ab688",
    ),
    ("fixture", &["project.from=embedding", "embed.method=ggvec"], "88f12ef2114e7f49"),
    ("fixture", &["project.from=embedding", "embed.method=item2vec"], "482e95a73da3fc6c"),
    ("fixture", &["project.method=mde", "embed.method=factors"], "eb3bdcd38b36193d"),
    ("vectors", &["count.metric=cosine"], "6c3aad8301584f14"),
    ("vectors", &["project.method=umap", "project.from=embedding"], "356e3917b8bc3780"),
    ("lists", &["project.method=umap"], "09b1064e388cb2ce"),
];

/// The rows that a name in [`GOLDEN`] or [`METHODS`] stands for.
pub fn rows(name: &str) -> String {
    match name {
        "emoji" => EMOJI.to_owned(),
        "vectors" => vectors(),
        "lists" => lists(),
        _ => fixture(),
    }
}

/// Rows of whole numbers: 150 of 9, in five groups.
fn points() -> Vec<[i32; 9]> {
    let mut state = 7u32;
    let mut below = |n: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) % n) as i32
    };
    let centers: Vec<[i32; 9]> = (0..5).map(|_| [0; 9].map(|_| below(60))).collect();
    (0..150).map(|i| centers[i % 5].map(|v| v + below(20))).collect()
}

/// A table of vectors.
fn vectors() -> String {
    let mut text = String::from("name,a,b,c,d,e,f,g,h,i\n");
    for (i, row) in points().iter().enumerate() {
        text += &format!("v{i},{}\n", row.map(|v| v.to_string()).join(","));
    }
    text
}

/// The ten nearest of each of them, with their distances.
fn lists() -> String {
    let points = points();
    let mut text = String::from("item,neighbor,distance\n");
    for (i, a) in points.iter().enumerate() {
        let squared = |b: &[i32; 9]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<i32>();
        let mut others: Vec<(i32, usize)> = points.iter().map(squared).zip(0..).collect();
        others.sort_unstable();
        for (squared, j) in &others[..11] {
            text += &format!("v{i},v{j},{}\n", f64::from(*squared).sqrt());
        }
    }
    text
}

/// Hash of what the grid pushes 3000 points by, which as a part of a map would have to be a hundred thousand.
pub const GRID: &str = "ea6a454f75c71ef9";

/// See [`GRID`].
pub fn grid() -> String {
    use archipelago::project::tsne::{interpolation::Grid, kernel::Kernel};
    let mut state = 3u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 1e6
    };
    let points: Vec<[f32; 2]> = (0..3000).map(|_| [next(), next()]).collect();
    let mut pushes = vec![[0.0f32; 2]; points.len()];
    let z = Grid::new(Kernel::new(1.0)).push(&points, &mut pushes);
    let bits = pushes.as_flattened().iter().map(|v| u64::from(v.to_bits())).chain([z.to_bits()]);
    let hash = bits.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ b).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
