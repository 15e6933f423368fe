//! Distances: each item's nearest as the file itself lists them, such as another program's k nearest neighbors. Nothing is counted.

use crate::csr::Csr;
use crate::read::Records;

/// The lists of edges whose weights are distances: row i has the ends of the links from i and how far they are, nearest first,
/// ties by lower id, at most `keep` of them. A pair that is listed again has its least distance; a link from an item to
/// itself, with which many programs begin a list, is left out. Without weights, no lists.
pub fn lists(records: &Records, keep: usize) -> Csr<f32> {
    let distances = records.weights.as_deref().unwrap_or_default();
    let links = records.rows.iter().zip(distances).filter(|([from, to], _)| from != to);
    let links: Vec<_> = links.map(|(&[from, to], &distance)| (from, to, distance)).collect();
    let given = Csr::from_triples(records.items.len(), links.into_iter());
    let mut out = Csr::default();
    // As whole numbers: the bits of numbers from 0 upward order as these do.
    let mut row: Vec<u64> = Vec::new();
    for i in 0..given.n_rows() {
        let (ids, distances) = given.row(i);
        row.clear();
        row.extend(ids.iter().zip(distances).map(|(&id, d)| u64::from(id) << 32 | u64::from(d.to_bits())));
        row.sort_unstable();
        row.dedup_by_key(|link| *link >> 32);
        row.iter_mut().for_each(|link| *link = link.rotate_left(32));
        row.sort_unstable();
        out.push_row(row.iter().take(keep).map(|&link| (link as u32, f32::from_bits((link >> 32) as u32))));
    }
    out
}
