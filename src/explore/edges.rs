//! Edges: the lines of a graph between points, the shortest on the map first, as many as can be drawn.
//!
//! Two passes over the graph: lengths are counted by the high bits of their floating-point numbers, which order as they
//! do, and of the bins that fit, the edges are gathered and sorted. So a graph of any size takes little memory.

use crate::csr::Csr;

/// The high bits of a length's number that say its bin.
const BITS: u32 = 16;

/// Up to `limit` edges of a graph over the points of `xy` = x0, y0, x1, y1, ..., the shortest first, as pairs of rows. An
/// edge in both of its rows is one edge. Those with an end that has no place are left out.
pub fn shortest(graph: &Csr<f32>, xy: &[f32], limit: usize) -> Vec<u32> {
    let n = graph.n_rows().min(xy.len() / 2);
    let visit = |with: &mut dyn FnMut(u32, u32, u32)| {
        for i in 0..n {
            for &j in graph.row(i).0 {
                let (a, b) = (i, j as usize);
                // From the lower row, unless only the higher one has it.
                let once = b < n && (a < b || (b < a && !graph.row(b).0.contains(&(a as u32))));
                if !once {
                    continue;
                }
                let [x, y] = [0, 1].map(|axis| xy[2 * a + axis] - xy[2 * b + axis]);
                let square = x * x + y * y;
                if square.is_finite() {
                    with(square.to_bits(), a.min(b) as u32, a.max(b) as u32);
                }
            }
        }
    };
    let mut counts = vec![0usize; 1 << BITS];
    visit(&mut |square, _, _| counts[(square >> (32 - BITS)) as usize] += 1);
    let mut sum = 0;
    let bins = counts.iter().take_while(|&&count| {
        sum += count;
        sum <= limit
    });
    // The bin that does not fit is gathered too, and what is too much goes after sorting; but not millions of equal lengths.
    let last = bins.count() as u32;
    let (mut edges, mut keys): (Vec<[u32; 2]>, Vec<u64>) = (Vec::new(), Vec::new());
    visit(&mut |square, a, b| {
        let bin = square >> (32 - BITS);
        if bin < last || (bin == last && edges.len() < limit.max(65_536) * 2) {
            // Rows rise, and so does an edge's place in the list.
            keys.push(u64::from(square) << 32 | edges.len() as u64);
            edges.push([a, b]);
        }
    });
    keys.sort_unstable();
    keys.iter().take(limit).flat_map(|&key| edges[key as u32 as usize]).collect()
}
