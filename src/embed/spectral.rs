//! Spectral: the bottom eigenvectors of a graph's normalized Laplacian, as a start that knows the whole graph.
//!
//! I - S with S = D^-1/2 W D^-1/2 (Belkin and Niyogi 2003). The eigenvectors are found by Chebyshev-filtered subspace
//! iteration (Zhou, Saad, Tiago, Chelikowsky 2006): a fixed number of rounds, so it can neither stall nor hang as
//! Lanczos does on graphs with many small eigenvalues (PyMDE's issue 34); a start needs no more precision. Each part that
//! nothing connects to the rest has eigenvectors of its own, small ones exactly, as of the whole graph the bottom ones
//! would only tell the parts apart.

use crate::csr::Csr;
use crate::eigen::symmetric_eigen;
use crate::graph::{NeighborPairs, connected_components};
use crate::pack::{Parts, pack};
use crate::parallel;
use crate::random::{Rng, Use};

/// Vectors iterated beyond those wanted: they take up what the last wanted one would be mixed with.
const GUARDS: usize = 4;
/// Rounds of filtering.
const ROUNDS: usize = 8;
/// Degree of the Chebyshev filter.
const DEGREE: usize = 12;
/// Rows in a unit of parallel work.
const ROWS: usize = 512;
/// Parts of up to this many items are solved exactly.
const SMALL: usize = 24;
/// Share of random jitter in the start: it parts items that the eigenvectors put in one place.
const JITTER: f32 = 0.05;

/// Coordinates (row-major, n_items x dim): of unit variance along each axis for the largest part, and for another as much
/// smaller as its share of that size fills less room, beside it; see [`crate::pack`]. Items without a pair stand there too.
pub fn start(n_items: usize, dim: usize, pairs: &NeighborPairs, seed: u64) -> Vec<f32> {
    let (of_item, sizes) = connected_components(n_items, &pairs.pairs);
    let parts = Parts { of_item, sizes };
    let mut rng = Rng::stream(seed, Use::EmbedStart, 0);
    let mut x: Vec<f32> = (0..n_items * dim).map(|_| rng.normal()).collect();
    let members = parts.members();
    let largest = parts.sizes.get(parts.largest()).copied().unwrap_or(0);
    let mut place = vec![0u32; n_items];
    let mut of_part: Vec<Vec<usize>> = vec![Vec::new(); parts.count()];
    for (p, &[i, _]) in pairs.pairs.iter().enumerate() {
        of_part[parts.of_item[i as usize] as usize].push(p);
    }
    for (part, inside) in of_part.iter().enumerate() {
        let items = members.row(part).0;
        // Room grows with the number of items, so width with its root.
        let share = f64::from(parts.sizes[part]) / f64::from(largest.max(1));
        let width = libm::pow(share, 1.0 / dim as f64) as f32;
        // Too few points have no shape, unless they are a part among others: the random start stays.
        let has_shape = items.len() >= dim + GUARDS + 2 || (parts.count() > 1 && items.len() > 1);
        if !has_shape {
            continue;
        }
        for (p, &i) in items.iter().enumerate() {
            place[i as usize] = p as u32;
        }
        let both = inside.iter().flat_map(|&p| {
            let ([i, j], w) = (pairs.pairs[p].map(|i| place[i as usize]), pairs.weights[p]);
            [(i, j, w), (j, i, w)]
        });
        let graph = Csr::from_triples(items.len(), both.collect::<Vec<_>>().into_iter());
        let exact = parts.count() > 1 && items.len() <= SMALL;
        let vectors =
            if exact { exact_eigenvectors(&graph, dim) } else { bottom_eigenvectors(&graph, dim, seed) };
        let scale = (items.len() as f32).sqrt();
        for (p, &i) in items.iter().enumerate() {
            for d in 0..dim {
                let at = &mut x[i as usize * dim + d];
                // A width of 1 changes no bit.
                *at = (vectors[p * dim + d] * scale + *at * JITTER) * width;
            }
        }
    }
    pack(&mut x, dim, &parts);
    x
}

/// As [`bottom_eigenvectors`], exactly, for few items: O(n^3). Columns beyond n - 1 are 0.
fn exact_eigenvectors(graph: &Csr<f32>, wanted: usize) -> Vec<f32> {
    let n = graph.n_rows();
    let root: Vec<f64> =
        (0..n).map(|i| graph.row(i).1.iter().map(|&w| f64::from(w)).sum::<f64>().sqrt()).collect();
    let mut matrix = vec![0.0; n * n];
    for (i, j, w) in graph.triples() {
        matrix[i as usize * n + j as usize] += f64::from(w) / (root[i as usize] * root[j as usize]);
    }
    let (_, vectors) = symmetric_eigen(matrix, n);
    // The first is the trivial one.
    let at = |i: usize, c: usize| if c + 1 < n { vectors[i * n + c + 1] as f32 } else { 0.0 };
    (0..n).flat_map(|i| (0..wanted).map(move |c| at(i, c))).collect()
}

/// The `wanted` eigenvectors after the trivial one, row-major n x wanted, each of unit length, of the normalized
/// Laplacian of a connected `graph` with symmetric positive weights. Approximate; signs are arbitrary but fixed.
pub fn bottom_eigenvectors(graph: &Csr<f32>, wanted: usize, seed: u64) -> Vec<f32> {
    let n = graph.n_rows();
    let width = wanted + GUARDS;
    let degree: Vec<f32> = (0..n).map(|i| graph.row(i).1.iter().sum::<f32>()).collect();
    let inverse_root: Vec<f32> = degree.iter().map(|d| 1.0 / d.max(f32::MIN_POSITIVE).sqrt()).collect();
    let mut smooth = graph.clone();
    for i in 0..n {
        for e in smooth.offsets[i]..smooth.offsets[i + 1] {
            smooth.values[e] *= inverse_root[i] * inverse_root[smooth.columns[e] as usize];
        }
    }
    let norm = degree.iter().map(|&d| f64::from(d)).sum::<f64>().sqrt();
    let trivial: Vec<f32> = degree.iter().map(|d| (f64::from(d.sqrt()) / norm) as f32).collect();

    let mut rng = Rng::stream(seed, Use::Spectral, 0);
    let mut block = Block { n, width, data: (0..n * width).map(|_| rng.normal()).collect() };
    let mut cut = 0.0;
    for round in 0..ROUNDS {
        // The first rounds use the plain operator: there is no estimate yet of what to damp.
        block = if round == 0 { smooth_times(&smooth, &block, DEGREE) } else { filter(&smooth, &block, cut) };
        block.orthonormalize(&trivial);
        cut = block.rotate_to_ritz_vectors(&smooth);
    }
    (0..n).flat_map(|i| block.data[i * width..i * width + wanted].to_vec()).collect()
}

/// `width` vectors of length `n`, row-major n x width.
struct Block {
    n: usize,
    width: usize,
    data: Vec<f32>,
}

/// ((I + S) / 2)^times of the block: eigenvalues in [0, 1], the wanted ones largest.
fn smooth_times(smooth: &Csr<f32>, block: &Block, times: usize) -> Block {
    let mut out = multiply(smooth, block, 0.5, 0.5, None);
    for _ in 1..times {
        out = multiply(smooth, &out, 0.5, 0.5, None);
    }
    out
}

/// The Chebyshev polynomial that is within [-1, 1] for eigenvalues of (I + S) / 2 in [0, cut] and grows fast above.
fn filter(smooth: &Csr<f32>, block: &Block, cut: f32) -> Block {
    // Maps [0, cut] to [-1, 1]: t = 2 e / cut - 1 with e = (1 + s) / 2, so t = s / cut + 1 / cut - 1.
    let (a, b) = (1.0 / cut, 1.0 / cut - 1.0);
    let mut before: Option<Block> = None;
    let mut now = multiply(smooth, block, a, b, None);
    for _ in 1..DEGREE {
        let minus = before.as_ref().unwrap_or(block);
        let next = multiply(smooth, &now, 2.0 * a, 2.0 * b, Some(minus));
        before = Some(std::mem::replace(&mut now, next));
    }
    now
}

/// a S x + b x - minus.
fn multiply(smooth: &Csr<f32>, x: &Block, a: f32, b: f32, minus: Option<&Block>) -> Block {
    // Two and three wanted vectors, the usual ones, with a width that the compiler knows.
    match x.width {
        6 => multiply_by::<6>(smooth, x, a, b, minus),
        7 => multiply_by::<7>(smooth, x, a, b, minus),
        _ => multiply_by::<0>(smooth, x, a, b, minus),
    }
}

/// The same for blocks of `W` vectors, or, if `W` is 0, of any number.
fn multiply_by<const W: usize>(smooth: &Csr<f32>, x: &Block, a: f32, b: f32, minus: Option<&Block>) -> Block {
    let width = if W == 0 { x.width } else { W };
    let mut data = vec![0.0f32; x.n * width];
    parallel::for_each_part(&mut data, ROWS * width, |start, part| {
        for (r, out) in part.chunks_exact_mut(width).enumerate() {
            let i = start / width + r;
            let (columns, values) = smooth.row(i);
            // Sums in registers where there is room.
            let mut kept = [0.0; W];
            let sums = if W == 0 { &mut *out } else { &mut kept[..] };
            for (&j, &v) in columns.iter().zip(values) {
                let row = &x.data[j as usize * width..][..width];
                for (sum, &x) in sums.iter_mut().zip(row) {
                    *sum += v * x;
                }
            }
            if W > 0 {
                out.copy_from_slice(&kept);
            }
            for (c, o) in out.iter_mut().enumerate() {
                *o = a * *o + b * x.data[i * width + c] - minus.map_or(0.0, |m| m.data[i * width + c]);
            }
        }
    });
    Block { n: x.n, width, data }
}

impl Block {
    /// Sum over rows of f(row), a table of `size` numbers, in fixed chunks.
    fn table(&self, size: usize, f: impl Fn(usize, &[f32], &mut [f64]) + Sync) -> Vec<f64> {
        let parts = parallel::map_chunks(self.n, ROWS, |rows| {
            let mut sums = vec![0.0f64; size];
            for i in rows {
                f(i, &self.data[i * self.width..][..self.width], &mut sums);
            }
            sums
        });
        let mut total = vec![0.0f64; size];
        for part in parts {
            for (t, p) in total.iter_mut().zip(part) {
                *t += p;
            }
        }
        total
    }

    /// Makes the columns orthonormal and orthogonal to `trivial` (modified Gram and Schmidt, twice for safety).
    fn orthonormalize(&mut self, trivial: &[f32]) {
        let width = self.width;
        for c in 0..width {
            for _ in 0..2 {
                let dots = self.table(c + 1, |i, row, sums| {
                    for (k, sum) in sums[..c].iter_mut().enumerate() {
                        *sum += f64::from(row[c]) * f64::from(row[k]);
                    }
                    sums[c] += f64::from(row[c]) * f64::from(trivial[i]);
                });
                for (i, row) in self.data.chunks_exact_mut(width).enumerate() {
                    let mut value = f64::from(row[c]) - dots[c] * f64::from(trivial[i]);
                    for k in 0..c {
                        value -= dots[k] * f64::from(row[k]);
                    }
                    row[c] = value as f32;
                }
                let square =
                    self.table(1, |_, row, sums| sums[0] += f64::from(row[c]) * f64::from(row[c]))[0];
                // A column that vanishes was in the span of the others; 0 keeps it out of everything.
                let scale = if square > 1e-30 { (1.0 / square.sqrt()) as f32 } else { 0.0 };
                for row in self.data.chunks_exact_mut(width) {
                    row[c] *= scale;
                }
            }
        }
    }

    /// Rayleigh and Ritz: rotates the columns to the best eigenvectors in their span, largest eigenvalue of (I + S) / 2
    /// first. Returns the smallest of these, which the next filter damps from there down.
    fn rotate_to_ritz_vectors(&mut self, smooth: &Csr<f32>) -> f32 {
        let width = self.width;
        let image = multiply(smooth, self, 0.5, 0.5, None);
        let matrix = self.table(width * width, |i, row, sums| {
            let other = &image.data[i * width..][..width];
            for a in 0..width {
                for b in 0..width {
                    sums[a * width + b] += f64::from(row[a]) * f64::from(other[b]);
                }
            }
        });
        let (values, vectors) = symmetric_eigen(matrix, width);
        for row in self.data.chunks_exact_mut(width) {
            let old: Vec<f64> = row.iter().map(|&v| f64::from(v)).collect();
            for (c, out) in row.iter_mut().enumerate() {
                *out = (0..width).map(|k| old[k] * vectors[k * width + c]).sum::<f64>() as f32;
            }
        }
        values.last().map_or(0.5, |&v| v as f32).clamp(0.05, 0.999_999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring's bottom eigenvectors are a sine and a cosine: the start is a circle.
    #[test]
    fn a_ring_starts_as_a_circle() {
        let n = 60u32;
        let mut pairs: Vec<[u32; 2]> = (0..n - 1).map(|i| [i, i + 1]).collect();
        pairs.push([0, n - 1]);
        pairs.sort_unstable();
        let graph = Csr::from_triples(
            n as usize,
            pairs.iter().flat_map(|&[i, j]| [(i, j, 1.0), (j, i, 1.0)]).collect::<Vec<_>>().into_iter(),
        );
        let v = bottom_eigenvectors(&graph, 2, 1);
        let radius: Vec<f32> = v.chunks(2).map(|p| p[0].hypot(p[1])).collect();
        let mean = radius.iter().sum::<f32>() / radius.len() as f32;
        assert!(radius.iter().all(|r| (r / mean - 1.0).abs() < 0.02), "{radius:?}");
    }

    /// Two rings, a path of 3 and a single item: each ring starts as a circle, the smaller one smaller, none over another.
    #[test]
    fn each_part_has_a_start_of_its_own() {
        let ring = |at: u32, n: u32| (0..n).map(move |i| [at + i.min((i + 1) % n), at + i.max((i + 1) % n)]);
        let mut pairs: Vec<[u32; 2]> = ring(0, 40).chain(ring(40, 10)).chain([[50, 51], [51, 52]]).collect();
        pairs.sort_unstable();
        let weights = vec![1.0; pairs.len()];
        let x = start(54, 2, &NeighborPairs { pairs, weights }, 1);
        let circle = |items: std::ops::Range<usize>| {
            let n = items.len() as f32;
            let mean = [0, 1].map(|d| items.clone().map(|i| x[2 * i + d]).sum::<f32>() / n);
            let radii: Vec<f32> =
                items.clone().map(|i| (x[2 * i] - mean[0]).hypot(x[2 * i + 1] - mean[1])).collect();
            let radius = radii.iter().sum::<f32>() / n;
            assert!(radii.iter().all(|r| (r / radius - 1.0).abs() < 0.25), "{radii:?}");
            (mean, radius)
        };
        let ((a, r), (b, s)) = (circle(0..40), circle(40..50));
        assert!((r - 2f32.sqrt()).abs() < 0.1 && (s / r - 0.5).abs() < 0.1, "{r} {s}");
        assert!((a[0] - b[0]).hypot(a[1] - b[1]) > r + s);
    }
}
