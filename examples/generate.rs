//! Writes generated rows as CSV: seeded, Zipf, of any size (see benches/common/generate.rs).
//!
//! usage: cargo run --release --example generate -- ROWS ITEMS COLLECTIONS [SEED] > FILE.csv
//!        cargo run --release --example generate -- osu > FILE.csv

#[path = "../benches/common/generate.rs"]
mod generate;

use std::io::{BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (size, seed) = match words[..] {
        ["osu"] => (generate::OSU, 1),
        [rows, items, collections, ref seed @ ..] if seed.len() < 2 => {
            let size = generate::Size {
                rows: rows.parse()?,
                items: items.parse()?,
                collections: collections.parse()?,
            };
            (size, seed.first().map_or(Ok(1), |seed| seed.parse())?)
        }
        _ => return Err("say how much: ROWS ITEMS COLLECTIONS [SEED], or osu".into()),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    generate::write_csv(seed, size, &mut out)?;
    Ok(out.flush()?)
}
