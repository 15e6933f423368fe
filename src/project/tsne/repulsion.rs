//! Repulsion: how the points of each part push each other away. In the plane exactly where they are few, then by a tree, very
//! many by interpolation. In space always by a tree: a grid would have too many nodes.

use super::exact;
use super::interpolation::Grid;
use super::kernel::Kernel;
use super::tree::Tree;
use crate::csr::Csr;
use crate::pack::Parts;

/// From so many points on the tree takes less time than all pairs: 0.5 ms for 1000 points on two threads, and 1.4 ms.
const TREE_FROM: usize = 500;
/// From so many points on the grid takes less time than the tree: both about 70 ms on two threads.
const GRID_FROM: usize = 100_000;

/// Parts of more points push in pieces; of smaller ones, so many points at once.
const PIECE: usize = 1 << 14;

/// How the points of one part push.
enum By<const D: usize> {
    Exact,
    Grid(Box<Grid>),
    Tree(Box<Tree<D>>),
}

/// The pushes within each part, in `D` dimensions.
pub struct Repulsion<const D: usize> {
    kernel: Kernel,
    members: Csr<()>,
    /// Of each part.
    by: Vec<By<D>>,
    /// The part that is next, its pieces that are done, and Z so far.
    part: usize,
    pieces: usize,
    z: f64,
    /// The points and pushes of one part.
    points: Vec<[f32; D]>,
    pushes: Vec<[f32; D]>,
    /// The sum over all other points j of i's part of w^(1 + 1/a) (y_i - y_j), for each i.
    pub forces: Vec<[f32; D]>,
}

impl<const D: usize> Repulsion<D> {
    /// For layouts of these `parts`.
    pub fn new(parts: &Parts, kernel: Kernel) -> Self {
        let mut all = Repulsion {
            kernel,
            members: parts.members(),
            by: Vec::new(),
            part: 0,
            pieces: 0,
            z: 0.0,
            points: Vec::new(),
            pushes: Vec::new(),
            forces: vec![[0.0; D]; parts.of_item.len()],
        };
        all.set_kernel(kernel);
        all
    }

    /// Another kernel from here on.
    pub fn set_kernel(&mut self, kernel: Kernel) {
        self.kernel = kernel;
        (self.part, self.pieces, self.z) = (0, 0, 0.0);
        let by = |part: usize| match self.members.row(part).0.len() {
            // In space by the tree too: all pairs would be another two loops to load.
            0..TREE_FROM if D == 2 => By::Exact,
            GRID_FROM.. if D == 2 => By::Grid(Box::new(Grid::new(kernel))),
            _ => By::Tree(Box::new(Tree::new(kernel))),
        };
        self.by = (0..self.members.n_rows()).map(by).collect();
    }

    /// Finds the force on each point, and returns Z: the sum of w over all ordered pairs of points of the same part.
    pub fn update(&mut self, layout: &[[f32; D]]) -> f64 {
        loop {
            if let Some(z) = self.piece(layout) {
                return z;
            }
        }
    }

    /// Whether [`Repulsion::piece`] is on its way.
    pub fn is_within(&self) -> bool {
        self.part > 0 || self.pieces > 0
    }

    /// Does a piece of [`Repulsion::update`]; the last one returns Z. `layout` must be the same until then.
    pub fn piece(&mut self, layout: &[[f32; D]]) -> Option<f64> {
        let mut done = 0;
        while self.part < self.by.len() {
            let n = self.members.row(self.part).0.len();
            if n > 1 {
                if done + n > PIECE && done > 0 {
                    return None;
                }
                done += n;
                if self.pieces == 0 {
                    self.points.clear();
                    self.points.extend(self.members.row(self.part).0.iter().map(|&i| layout[i as usize]));
                    self.pushes.clear();
                    self.pushes.resize(n, [0.0; D]);
                }
                self.z += self.push()?;
                for (&i, &push) in self.members.row(self.part).0.iter().zip(&self.pushes) {
                    self.forces[i as usize] = push;
                }
            }
            self.part += 1;
            self.pieces = 0;
        }
        self.part = 0;
        Some(std::mem::take(&mut self.z))
    }

    /// A piece of the pushes in the part at hand, or all of them where its points are few; Z when they are done.
    fn push(&mut self) -> Option<f64> {
        let (points, pushes) = (&self.points, &mut self.pushes);
        let piece = self.pieces;
        self.pieces += 1;
        match &mut self.by[self.part] {
            By::Exact if D == 2 => Some(exact::push(points, self.kernel, pushes)),
            By::Exact => Some(0.0),
            // Only where D is 2, so the pairs are the points.
            By::Grid(grid) => {
                let points = points.as_flattened().as_chunks().0;
                match piece {
                    0 => grid.spread(points),
                    1 => grid.convolve(),
                    _ => return Some(grid.gather(pushes.as_flattened_mut().as_chunks_mut().0)),
                }
                None
            }
            By::Tree(tree) if points.len() <= PIECE => Some(tree.push(points, pushes)),
            By::Tree(tree) => {
                if piece == 0 {
                    tree.build(points);
                    return None;
                }
                tree.walk(PIECE).then(|| tree.finish(pushes))
            }
        }
    }
}
