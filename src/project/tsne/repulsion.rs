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
    /// The points and pushes of one part.
    points: Vec<[f32; D]>,
    pushes: Vec<[f32; D]>,
    /// The sum over all other points j of i's part of w^(1 + 1/a) (y_i - y_j), for each i.
    pub forces: Vec<[f32; D]>,
}

impl<const D: usize> Repulsion<D> {
    /// For layouts of these `parts`.
    pub fn new(parts: &Parts, kernel: Kernel) -> Self {
        let by = |&n: &u32| match n as usize {
            // In space by the tree too: all pairs would be another two loops to load.
            0..TREE_FROM if D == 2 => By::Exact,
            GRID_FROM.. if D == 2 => By::Grid(Box::new(Grid::new(kernel))),
            _ => By::Tree(Box::new(Tree::new(kernel))),
        };
        Repulsion {
            kernel,
            members: parts.members(),
            by: parts.sizes.iter().map(by).collect(),
            points: Vec::new(),
            pushes: Vec::new(),
            forces: vec![[0.0; D]; parts.of_item.len()],
        }
    }

    /// Finds the force on each point, and returns Z: the sum of w over all ordered pairs of points of the same part.
    pub fn update(&mut self, layout: &[[f32; D]]) -> f64 {
        let mut z = 0.0;
        for (part, by) in self.by.iter_mut().enumerate() {
            let items = self.members.row(part).0;
            if items.len() < 2 {
                continue;
            }
            self.points.clear();
            self.points.extend(items.iter().map(|&i| layout[i as usize]));
            self.pushes.clear();
            self.pushes.resize(items.len(), [0.0; D]);
            z += match by {
                By::Exact if D == 2 => exact::push(&self.points, self.kernel, &mut self.pushes),
                By::Exact => 0.0,
                // Only where D is 2, so the pairs are the points.
                By::Grid(grid) => grid.push(
                    self.points.as_flattened().as_chunks().0,
                    self.pushes.as_flattened_mut().as_chunks_mut().0,
                ),
                By::Tree(tree) => tree.push(&self.points, &mut self.pushes),
            };
            for (&i, &push) in items.iter().zip(&self.pushes) {
                self.forces[i as usize] = push;
            }
        }
        z
    }
}
