//! Repulsion: how the points of each part push each other away, exactly where they are few and by interpolation beyond.

use super::exact;
use super::interpolation::Grid;
use super::kernel::Kernel;
use crate::csr::Csr;
use crate::pack::Parts;

/// From so many points on, a part's pushes are interpolated: about where that takes less time.
pub const INTERPOLATED_FROM: usize = 2000;

/// The pushes within each part.
pub struct Repulsion {
    kernel: Kernel,
    members: Csr<()>,
    /// Of each part that is interpolated, in order.
    grids: Vec<Grid>,
    /// The points and pushes of one part.
    points: Vec<[f32; 2]>,
    pushes: Vec<[f32; 2]>,
    /// The sum over all other points j of i's part of w^(1 + 1/a) (y_i - y_j), for each i.
    pub forces: Vec<[f32; 2]>,
}

impl Repulsion {
    /// For layouts of these `parts`.
    pub fn new(parts: &Parts, kernel: Kernel) -> Self {
        Repulsion {
            kernel,
            members: parts.members(),
            grids: parts.sizes.iter().filter(|&&n| is_large(n as usize)).map(|_| Grid::new(kernel)).collect(),
            points: Vec::new(),
            pushes: Vec::new(),
            forces: vec![[0.0; 2]; parts.of_item.len()],
        }
    }

    /// Finds the force on each point, and returns Z: the sum of w over all ordered pairs of points of the same part.
    pub fn update(&mut self, layout: &[[f32; 2]]) -> f64 {
        let mut z = 0.0;
        let mut grids = self.grids.iter_mut();
        for part in 0..self.members.n_rows() {
            let items = self.members.row(part).0;
            if items.len() < 2 {
                continue;
            }
            self.points.clear();
            self.points.extend(items.iter().map(|&i| layout[i as usize]));
            self.pushes.clear();
            self.pushes.resize(items.len(), [0.0; 2]);
            z += match is_large(items.len()).then(|| grids.next()).flatten() {
                Some(grid) => grid.push(&self.points, &mut self.pushes),
                None => exact::push(&self.points, self.kernel, &mut self.pushes),
            };
            for (&i, &push) in items.iter().zip(&self.pushes) {
                self.forces[i as usize] = push;
            }
        }
        z
    }
}

fn is_large(n_points: usize) -> bool {
    n_points >= INTERPOLATED_FROM
}
