//! What is under the pointer, and what lies in an area (area.rs): a uniform grid over the points.
//!
//! Points are sorted into square cells by one counting sort, about two to a cell, so building takes O(n) and a
//! layout that changes 15 times a second costs nothing until somebody points at it. A query visits the cells its
//! radius touches. The answer is exact: the cell of a coordinate is a monotone function of it, so a point inside
//! the query's box can not lie in a cell outside the box's cells, whatever the rounding.

mod area;
pub mod captions;
pub mod color;
pub mod edges;
pub mod islands;
pub mod labels;

use crate::camera::Bounds;

/// Points per cell that building aims for, on average.
const POINTS_PER_CELL: f64 = 2.0;

/// A uniform grid over points in the plane. Points with a coordinate that is not finite are in no cell.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    min: [f64; 2],
    /// Cells per map unit; 0 when all points are at one place.
    per_unit: f64,
    columns: usize,
    rows: usize,
    /// For each cell, row-major, the offset in `ids` where it starts; then the total.
    starts: Vec<u32>,
    /// Point ids, cell by cell, rising inside a cell.
    ids: Vec<u32>,
}

/// One query: where, and how far away a disc may be to be meant.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// The place asked for, in map units.
    pub at: [f64; 2],
    /// How far outside of a disc's edge the place may lie, in map units; >= 0.
    pub tolerance: f64,
    /// The largest radius of any disc, in map units; >= 0. It bounds the search.
    pub max_radius: f64,
}

impl Grid {
    /// The grid of `xy` = x0, y0, x1, y1, ...: point i is `xy[2 i]`, `xy[2 i + 1]`.
    pub fn new(xy: &[f32]) -> Self {
        let bounds = Bounds::of(xy);
        let n = xy.len() / 2;
        let side = |axis: usize| bounds.max[axis] - bounds.min[axis];
        let longer = side(0).max(side(1));
        if n == 0 || longer <= 0.0 || !longer.is_finite() {
            return Grid::fill(bounds.min, 0.0, 1, 1, xy);
        }
        // Square cells, n / 2 by area; the second bound is for a map that is (nearly) a line. Together they keep
        // the grid below 1.5 n + 1 cells.
        let wanted = n as f64 / POINTS_PER_CELL;
        let per_unit = (wanted / (side(0) * side(1))).sqrt().min(wanted / longer);
        let cells = |axis: usize| (side(axis) * per_unit) as usize + 1;
        Grid::fill(bounds.min, per_unit, cells(0), cells(1), xy)
    }

    fn fill(min: [f64; 2], per_unit: f64, columns: usize, rows: usize, xy: &[f32]) -> Self {
        let mut grid =
            Grid { min, per_unit, columns, rows, starts: vec![0; columns * rows + 1], ids: Vec::new() };
        let cell_of = |grid: &Grid, point: &[f32]| {
            let finite = point[0].is_finite() && point[1].is_finite();
            finite
                .then(|| grid.cell(f64::from(point[1]), 1) * grid.columns + grid.cell(f64::from(point[0]), 0))
        };
        for point in xy.chunks_exact(2) {
            if let Some(cell) = cell_of(&grid, point) {
                grid.starts[cell + 1] += 1;
            }
        }
        for cell in 0..columns * rows {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        let mut next = grid.starts.clone();
        grid.ids = vec![0; grid.starts[columns * rows] as usize];
        for (id, point) in xy.chunks_exact(2).enumerate() {
            if let Some(cell) = cell_of(&grid, point) {
                grid.ids[next[cell] as usize] = id as u32;
                next[cell] += 1;
            }
        }
        grid
    }

    /// Column (axis 0) or row (axis 1) of a coordinate, clamped into the grid. Monotone in `value`.
    fn cell(&self, value: f64, axis: usize) -> usize {
        let last = if axis == 0 { self.columns } else { self.rows } - 1;
        // `as` saturates: below the grid is 0, NaN is 0.
        (((value - self.min[axis]) * self.per_unit) as usize).min(last)
    }

    /// Calls `visit` with the id of every point in the box, and of some beside it.
    pub fn visit(&self, min: [f64; 2], max: [f64; 2], mut visit: impl FnMut(u32)) {
        if self.ids.is_empty() {
            return;
        }
        let columns = self.cell(min[0], 0)..=self.cell(max[0], 0);
        for row in self.cell(min[1], 1)..=self.cell(max[1], 1) {
            let start = self.starts[row * self.columns + columns.start()] as usize;
            let end = self.starts[row * self.columns + columns.end() + 1] as usize;
            self.ids[start..end].iter().for_each(|&id| visit(id));
        }
    }

    /// The disc that is meant by pointing at a place: the topmost of those that cover it; when none does, the one
    /// whose edge is nearest, within the tolerance.
    ///
    /// `xy` are the points the grid was built from, `disc` gives a point's radius (map units, at most
    /// `query.max_radius`) and its place in the order of drawing (later = above). Two edges equally near: the upper.
    pub fn pick(&self, xy: &[f32], query: Query, disc: impl Fn(u32) -> (f64, u32)) -> Option<u32> {
        let reach = query.tolerance + query.max_radius;
        if !(reach.is_finite() && query.at[0].is_finite() && query.at[1].is_finite()) {
            return None;
        }
        let mut best: Option<(f64, u32, u32)> = None;
        let (min, max) = (query.at.map(|c| c - reach), query.at.map(|c| c + reach));
        self.visit(min, max, |id| {
            let [x, y] = [xy[2 * id as usize], xy[2 * id as usize + 1]].map(f64::from);
            let (radius, order) = disc(id);
            let outside = ((x - query.at[0]).hypot(y - query.at[1]) - radius).max(0.0);
            let nearer = best.is_none_or(|(b, o, _)| outside < b || (outside == b && order > o));
            if outside <= query.tolerance && nearer {
                best = Some((outside, order, id));
            }
        });
        best.map(|(_, _, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_points_by_hand() {
        let xy = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, f32::NAN, 0.0];
        let grid = Grid::new(&xy);
        let at = |x, y| grid.pick(&xy, Query { at: [x, y], tolerance: 0.2, max_radius: 0.1 }, |i| (0.1, i));
        assert_eq!(
            [at(0.05, 0.0), at(0.75, 0.0), at(0.0, 1.25), at(0.5, 0.5)],
            [Some(0), Some(1), Some(2), None]
        );
    }

    #[test]
    fn cells_stay_few_whatever_the_shape() {
        let line: Vec<f32> = (0..1000).flat_map(|i| [i as f32, 0.0]).collect();
        let steep: Vec<f32> = (0..1000).flat_map(|i| [0.0, i as f32]).collect();
        let far = [0.0, 0.0, 3e38, 3e38, -3e38, 1.0, 1.0, 1e-30];
        for xy in [&line[..], &steep, &far, &[], &[1.0, 1.0], &[2.0; 64], &[f32::INFINITY, 0.0]] {
            let grid = Grid::new(xy);
            assert!(grid.columns * grid.rows <= 4 * (xy.len() / 2 + 1), "{} x {}", grid.columns, grid.rows);
        }
    }
}
