//! Weighing: from lists of nearest neighbors to the weighted graph that is laid out, in steps.
//!
//! Each list's distances become weights, one list after the other, in place; then an edge of the graph gets the weights that its
//! two ends give it, joined by the method's rule: t-SNE's mean of both, or UMAP's fuzzy union. Symmetric to the bit, columns
//! rising within a row.

use super::fuzzy_set::{Fuzzy, strengths};
use super::tsne::affinities::{Perplexity, conditional_rows};
use crate::csr::{Csr, Transposition};
use crate::parallel;
use std::ops::Range;

/// Points in a unit of parallel work.
const POINTS: usize = 256;
/// Entries of the lists in a step that weighs or joins, and in one that only copies.
const ENTRIES: usize = 1 << 18;
const COPIED: usize = 1 << 20;

/// What the weights are.
#[derive(Clone, Debug)]
pub enum Weights {
    /// t-SNE's affinities: see [`super::tsne::affinities`].
    Affinities(Perplexity),
    /// UMAP's membership strengths: see [`super::fuzzy_set`].
    Fuzzy(Fuzzy),
}

/// The making of the graph.
pub struct Status {
    lists: Csr<f32>,
    weights: Weights,
    at: At,
    /// Steps done, and about how many there are.
    steps: [usize; 2],
}

enum At {
    /// Weighs the lists from this one on.
    Weigh(usize),
    Transpose(Transposition<f32>),
    /// The lists' transpose, the rows joined so far, and their number.
    Join(Join),
    Copy(std::vec::IntoIter<Csr<f32>>, Csr<f32>),
    Done(Csr<f32>),
}

struct Join {
    back: Csr<f32>,
    parts: Vec<Csr<f32>>,
    done: usize,
    /// Of affinities: by what their sums are multiplied, so that all together are 1.
    scale: f32,
}

/// Ready to weigh `nearest`: row i holds the nearest of i (i left out) and their distances, nearest first.
pub fn initialize(nearest: Csr<f32>, weights: Weights) -> Status {
    let of = |entries: usize| nearest.len().div_ceil(entries);
    let total = 2 * of(ENTRIES) + 4 * of(COPIED);
    Status { lists: nearest, weights, at: At::Weigh(0), steps: [0, total.max(1)] }
}

/// As [`initialize`], for lists of weights.
pub(super) fn join(lists: Csr<f32>, weights: Weights) -> Status {
    let at = At::Transpose(Transposition::new(lists.n_rows()));
    Status { at, ..initialize(lists, weights) }
}

impl Status {
    /// Whether it is made.
    pub fn is_done(&self) -> bool {
        matches!(self.at, At::Done(_))
    }

    /// The share of it that is made, from 0 to 1.
    pub fn share(&self) -> f64 {
        (self.steps[0] as f64 / self.steps[1] as f64).min(1.0)
    }

    /// Does a step.
    pub fn step(&mut self) {
        self.steps[0] += 1;
        let n = self.lists.n_rows();
        self.at = match std::mem::replace(&mut self.at, At::Weigh(0)) {
            At::Weigh(first) => {
                let rows = self.rows(first);
                let last = rows.end;
                self.weigh(rows);
                if last < n { At::Weigh(last) } else { At::Transpose(Transposition::new(n)) }
            }
            At::Transpose(mut transposition) => {
                if transposition.step(&self.lists, COPIED) {
                    let scale = self.scale();
                    At::Join(Join { back: transposition.finish(), parts: Vec::new(), done: 0, scale })
                } else {
                    At::Transpose(transposition)
                }
            }
            At::Join(mut join) => {
                let rows = self.rows(join.done);
                join.done = rows.end;
                join.parts.extend(self.joined(rows, &join));
                if join.done < n {
                    At::Join(join)
                } else {
                    self.lists = Csr::default();
                    let len = join.parts.iter().map(Csr::len).sum();
                    let mut out = Csr { columns: Vec::with_capacity(len), ..Csr::default() };
                    out.values.reserve(len);
                    At::Copy(join.parts.into_iter(), out)
                }
            }
            At::Copy(mut parts, mut out) => {
                let until = out.len() + COPIED;
                loop {
                    let Some(part) = parts.next() else { break At::Done(out) };
                    let start = out.len();
                    out.offsets.extend(part.offsets[1..].iter().map(|end| start + end));
                    out.columns.extend(part.columns);
                    out.values.extend(part.values);
                    if out.len() >= until {
                        break At::Copy(parts, out);
                    }
                }
            }
            done @ At::Done(_) => done,
        };
    }

    /// The graph.
    pub fn finish(mut self) -> Csr<f32> {
        loop {
            match self.at {
                At::Done(graph) => return graph,
                _ => self.step(),
            }
        }
    }

    /// The rows from `first` on that a step goes through.
    fn rows(&self, first: usize) -> Range<usize> {
        let (n, until) = (self.lists.n_rows(), self.lists.offsets[first] + ENTRIES);
        let last = self.lists.offsets.partition_point(|&start| start < until);
        first..last.clamp((first + 1).min(n), n)
    }

    fn weigh(&mut self, rows: Range<usize>) {
        let (lists, weights) = (&self.lists, &self.weights);
        let made = parallel::map_chunks(rows.len(), POINTS, |chunk| {
            let chunk = rows.start + chunk.start..rows.start + chunk.end;
            match weights {
                Weights::Affinities(perplexity) => conditional_rows(lists, chunk, perplexity),
                Weights::Fuzzy(fuzzy) => strengths(lists, chunk, fuzzy),
            }
        });
        let mut at = self.lists.offsets[rows.start];
        for made in made {
            self.lists.values[at..at + made.len()].copy_from_slice(&made);
            at += made.len();
        }
    }

    fn scale(&self) -> f32 {
        // Rows sum to 1 each but for rounding, or are empty.
        let total = parallel::sum_chunks(self.lists.len(), POINTS * 64, |range| {
            self.lists.values[range].iter().map(|&p| f64::from(p)).sum()
        });
        if total > 0.0 { (0.5 / total) as f32 } else { 0.0 }
    }

    /// These rows of the graph.
    fn joined(&self, rows: Range<usize>, join: &Join) -> Vec<Csr<f32>> {
        let (lists, weights) = (&self.lists, &self.weights);
        // Written so that both directions round alike; a sum of two is the same in either order.
        let both = |one: f32, other: f32| match weights {
            Weights::Affinities(_) => Some((one + other) * join.scale),
            Weights::Fuzzy(Fuzzy { mix, .. }) => {
                let (sum, product) = (one + other, one * other);
                Some(mix * (sum - product) + (1.0 - mix) * product).filter(|&w| w > 0.0)
            }
        };
        parallel::map_chunks(rows.len(), POINTS, |chunk| {
            let mut part = Csr::default();
            let mut row: Vec<(u32, f32)> = Vec::new();
            for i in rows.start + chunk.start..rows.start + chunk.end {
                row.clear();
                for list in [lists.row(i), join.back.row(i)] {
                    row.extend(list.0.iter().copied().zip(list.1.iter().copied()));
                }
                row.sort_unstable_by_key(|&(j, _)| j);
                let ends = row.chunk_by(|(i, _), (j, _)| i == j);
                part.push_row(ends.filter_map(|ends| {
                    let other = ends.get(1).map_or(0.0, |end| end.1);
                    Some((ends[0].0, both(ends[0].1, other)?))
                }));
            }
            part
        })
    }
}
