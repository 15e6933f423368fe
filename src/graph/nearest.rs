//! Nearest: the exact k nearest neighbors of points in 2, 3 or 4 dimensions, by a k-d tree (Bentley 1975).
//!
//! The tree is implicit: points are reordered so that every node is a range, split in the middle along its widest
//! side. Leaves hold up to 16 points and are searched one by one. Ties are broken by lower id, so that the answer
//! does not depend on the tree. O(n log n) to build, about O(k + log n) a query in so few dimensions.

use super::search::search;
use crate::csr::Csr;
use crate::pack::Parts;
use crate::parallel;
use std::ops::Range;

/// Most points in a leaf.
const LEAF: usize = 16;
/// Points in a unit of parallel work.
const POINTS: usize = 128;

/// A k-d tree over `n x D` points.
pub struct Tree<const D: usize> {
    /// Points in tree order.
    points: Vec<[f32; D]>,
    /// The point's id, in tree order.
    ids: Vec<u32>,
    /// Nodes in preorder.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    /// The points below.
    start: u32,
    end: u32,
    /// The index of the right child (the left one follows its parent); 0 for a leaf.
    right: u32,
    axis: u8,
    /// Points left of here have a coordinate <= this, points to the right >= this.
    split: f32,
}

/// A neighbor: its squared distance and its id. Nearer ones come first, ties by lower id.
pub type Found = (f32, u32);

impl<const D: usize> Tree<D> {
    /// The tree of `points`, row-major `n x D`. Coordinates must be finite.
    pub fn new(points: &[f32]) -> Self {
        let mut growing = Growing::new(points);
        while !growing.step(usize::MAX) {}
        growing.finish()
    }

    /// Leaves the `k` nearest of the point at place `place` in `found`, nearest first, itself left out.
    fn search(&self, place: usize, k: usize, found: &mut Vec<Found>, stack: &mut Vec<(u32, f32)>) {
        let query = self.points[place];
        found.clear();
        stack.clear();
        stack.push((0, 0.0));
        while let Some((node, at_least)) = stack.pop() {
            let worst = if found.len() < k { f32::INFINITY } else { found[k - 1].0 };
            // Equal is kept: a tie may have a lower id.
            if at_least > worst {
                continue;
            }
            let n = self.nodes[node as usize];
            if n.right == 0 {
                self.scan(n, place, k, found);
                continue;
            }
            let offset = query[n.axis as usize] - n.split;
            let (near, far) = if offset < 0.0 { (node + 1, n.right) } else { (n.right, node + 1) };
            // The distance to the far side is at least that to the splitting plane.
            stack.push((far, at_least.max(offset * offset)));
            stack.push((near, at_least));
        }
    }

    fn scan(&self, leaf: Node, place: usize, k: usize, found: &mut Vec<Found>) {
        let query = self.points[place];
        for p in leaf.start as usize..leaf.end as usize {
            if p == place {
                continue;
            }
            let mut squared = 0.0;
            for (a, b) in query.iter().zip(&self.points[p]) {
                let difference = a - b;
                squared += difference * difference;
            }
            let candidate = (squared, self.ids[p]);
            if found.len() == k {
                if !before(candidate, found[k - 1]) {
                    continue;
                }
                found.pop();
            }
            let at = found.partition_point(|&f| before(f, candidate));
            found.insert(at, candidate);
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Calls `each(id, nearest)` for the points at `places` in the tree's own order, which holds near points together: the
    /// same neighbors as [`Tree::nearest`], for some points at a time.
    pub fn for_each_nearest(&self, places: Range<usize>, k: usize, mut each: impl FnMut(u32, &[Found])) {
        let k = k.min(self.len().saturating_sub(1));
        let (mut found, mut stack) = (Vec::with_capacity(k + 1), Vec::new());
        for place in places {
            if k > 0 {
                self.search(place, k, &mut found, &mut stack);
            }
            each(self.ids[place], &found);
        }
    }

    /// The `k` nearest of every point: row i holds ids and Euclidean distances, nearest first, i itself left out.
    /// Rows have min(k, n - 1) entries.
    pub fn nearest(&self, k: usize) -> Csr<f32> {
        let n = self.points.len();
        let k = k.min(n.saturating_sub(1));
        if k == 0 {
            return Csr { offsets: vec![0; n + 1], ..Csr::default() };
        }
        let mut rows = vec![(0.0, 0); n * k];
        // In tree order, so that one query's nodes are still in the cache for the next.
        parallel::for_each_part(&mut rows, POINTS * k, |start, part| {
            let (mut found, mut stack) = (Vec::with_capacity(k + 1), Vec::new());
            for (q, row) in part.chunks_exact_mut(k).enumerate() {
                self.search(start / k + q, k, &mut found, &mut stack);
                row.copy_from_slice(&found);
            }
        });
        let mut out = Csr {
            offsets: (0..=n).map(|i| i * k).collect(),
            columns: vec![0; n * k],
            values: vec![0.0; n * k],
        };
        for (place, row) in rows.chunks_exact(k).enumerate() {
            let start = self.ids[place] as usize * k;
            for (e, &(squared, id)) in row.iter().enumerate() {
                out.columns[start + e] = id;
                out.values[start + e] = squared.sqrt();
            }
        }
        out
    }
}

/// A tree that is being built, node by node.
pub(super) struct Growing<const D: usize> {
    all: Vec<[f32; D]>,
    ids: Vec<u32>,
    nodes: Vec<Node>,
    /// (start, end, parent whose right child this is, or MAX). Depth is log2(n): the stack stays small.
    stack: Vec<(usize, usize, usize)>,
}

impl<const D: usize> Growing<D> {
    /// Of `points`, row-major `n x D`, nothing built.
    pub(super) fn new(points: &[f32]) -> Self {
        let all: Vec<[f32; D]> = points.chunks_exact(D).map(|p| p.try_into().unwrap_or([0.0; D])).collect();
        let stack = vec![(0, all.len(), usize::MAX)];
        Growing { ids: (0..all.len() as u32).collect(), all, nodes: Vec::new(), stack }
    }

    /// Goes on for about so many points, those of a node and of one below it counted each; returns whether all is built.
    pub(super) fn step(&mut self, mut points: usize) -> bool {
        let Growing { all, ids, nodes, stack } = self;
        while let Some((start, end, parent)) = stack.pop() {
            let here = nodes.len();
            if parent != usize::MAX {
                let parent: &mut Node = &mut nodes[parent];
                parent.right = here as u32;
            }
            nodes.push(Node { start: start as u32, end: end as u32, right: 0, axis: 0, split: 0.0 });
            if end - start <= LEAF {
                continue;
            }
            let axis = widest_axis(all, &ids[start..end]);
            let middle = (end - start) / 2;
            let along =
                |&a: &u32, &b: &u32| all[a as usize][axis].total_cmp(&all[b as usize][axis]).then(a.cmp(&b));
            #[allow(clippy::disallowed_methods, reason = "without ties: the id decides")]
            ids[start..end].select_nth_unstable_by(middle, along);
            let split = all[ids[start + middle] as usize][axis];
            nodes[here].axis = axis as u8;
            nodes[here].split = split;
            // Last in, first out: the left child comes next, right after its parent.
            stack.push((start + middle, end, here));
            stack.push((start, start + middle, usize::MAX));
            points = points.saturating_sub(end - start);
            if points == 0 {
                break;
            }
        }
        stack.is_empty()
    }

    /// The tree.
    pub(super) fn finish(self) -> Tree<D> {
        let points = self.ids.iter().map(|&i| self.all[i as usize]).collect();
        Tree { points, ids: self.ids, nodes: self.nodes }
    }
}

/// Nearer, or as near with a lower id.
#[inline]
fn before(a: Found, b: Found) -> bool {
    a.0 < b.0 || (a.0 == b.0 && a.1 < b.1)
}

fn widest_axis<const D: usize>(points: &[[f32; D]], ids: &[u32]) -> usize {
    let mut low = [f32::INFINITY; D];
    let mut high = [f32::NEG_INFINITY; D];
    for &id in ids {
        for d in 0..D {
            low[d] = low[d].min(points[id as usize][d]);
            high[d] = high[d].max(points[id as usize][d]);
        }
    }
    (0..D).fold(0, |best, d| if high[d] - low[d] > high[best] - low[best] { d } else { best })
}

/// The exact `k` nearest neighbors of `points`, row-major `n x dim`, `dim` from 2 to 4. See [`Tree::nearest`].
///
/// # Panics
/// When `dim` is not 2, 3 or 4: the recipe checks it.
pub fn nearest_neighbors(points: &[f32], dim: usize, k: usize) -> Csr<f32> {
    match dim {
        2 => Tree::<2>::new(points).nearest(k),
        3 => Tree::<3>::new(points).nearest(k),
        4 => Tree::<4>::new(points).nearest(k),
        _ => panic!("nearest neighbors of points in {dim} dimensions"),
    }
}

/// As [`nearest_neighbors`], of each item among those of its own part only: rows of smaller parts are shorter. All at once;
/// see [`search`](super::search) for the same in steps.
pub fn nearest_within_parts(points: &[f32], dim: usize, k: usize, parts: &Parts) -> Csr<f32> {
    let mut search = search(points, dim, k, parts);
    while !search.is_done() {
        search.step();
    }
    search.finish()
}

/// The `k` nearest of each item along its own edges of `graph`, of its own part only: nearest first, ties by lower id. Rows
/// are shorter where an item has fewer edges. Appends to `lists` up to the row `until`.
pub fn append_nearest_in_graph(
    graph: &Csr<f32>,
    k: usize,
    parts: &Parts,
    until: usize,
    lists: &mut Csr<f32>,
) {
    for i in lists.n_rows()..until.min(graph.n_rows()) {
        let (columns, lengths) = graph.row(i);
        let inside = columns.iter().copied().zip(lengths.iter().copied());
        let inside = inside.filter(|&(j, _)| parts.of_item[j as usize] == parts.of_item[i]);
        lists.push_row(inside.take(k));
    }
}
