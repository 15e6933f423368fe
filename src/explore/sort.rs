//! Making a grid: one counting sort, whole or in pieces. Of ten million points at once it would hold up a page for seconds.

use super::Grid;
use crate::camera::Bounds;

/// Points per cell that building aims for, on average.
const POINTS_PER_CELL: f64 = 2.0;

/// What is not yet a grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sorting {
    /// How many points there are.
    n: usize,
    /// The cell of each point that was counted; of one that has no place, one beyond the last.
    cells: Vec<u32>,
    /// What will be the grid's ids, and how many points are not there yet.
    ids: Vec<u32>,
    left: usize,
}

impl Grid {
    /// A grid that is still to be made, by [`Grid::run`], of `n` points within `bounds`. Until then nothing is found in it.
    pub fn start(bounds: Bounds, n: usize) -> Self {
        let side = |axis: usize| bounds.max[axis] - bounds.min[axis];
        let longer = side(0).max(side(1));
        let (mut per_unit, mut columns, mut rows) = (0.0, 1, 1);
        if n > 0 && longer > 0.0 && longer.is_finite() {
            // Square cells, n / 2 by area; the second bound is for a map that is (nearly) a line. Together they keep
            // the grid below 1.5 n + 1 cells.
            let wanted = n as f64 / POINTS_PER_CELL;
            per_unit = (wanted / (side(0) * side(1))).sqrt().min(wanted / longer);
            let cells = |axis: usize| (side(axis) * per_unit) as usize + 1;
            (columns, rows) = (cells(0), cells(1));
        }
        let sorting = Some(Sorting { n, ..Sorting::default() });
        Grid { min: bounds.min, per_unit, columns, rows, sorting, ..Grid::default() }
    }

    /// Goes on by so many points; whether the grid is made. `xy`, `ids` and `sizes` as for [`Grid::in_order`], the same
    /// each time; without ids points come in the order of their numbers.
    pub fn run(&mut self, points: usize, xy: &[f32], ids: &[u32], sizes: &[u8]) -> bool {
        let Some(mut sorting) = self.sorting.take_if(|_| points > 0) else { return self.sorting.is_none() };
        let n_cells = self.columns * self.rows;
        if self.starts.is_empty() {
            self.starts = vec![0; n_cells + 1];
            sorting.cells.reserve_exact(sorting.n);
        }
        // How many there are of each cell, then where it ends, then, as it is filled from its end, where it starts.
        let counted = sorting.cells.len();
        let piece = counted..sorting.n.min(counted.saturating_add(points));
        let mut rest = points - piece.len();
        for point in xy[2 * piece.start..2 * piece.end].chunks_exact(2) {
            let mut cell = n_cells;
            if point[0].is_finite() && point[1].is_finite() {
                cell = self.cell(f64::from(point[1]), 1) * self.columns + self.cell(f64::from(point[0]), 0);
                self.starts[cell] += 1;
            }
            sorting.cells.push(cell as u32);
        }
        if rest > 0 && self.largest.is_empty() {
            let mut end = 0;
            for start in &mut self.starts {
                end += *start;
                *start = end;
            }
            self.largest = vec![0; n_cells];
            (sorting.ids, sorting.left) = (vec![0; end as usize], sorting.n);
        }
        while rest > 0 && sorting.left > 0 {
            (rest, sorting.left) = (rest - 1, sorting.left - 1);
            let id = ids.get(sorting.left).copied().unwrap_or(sorting.left as u32);
            let cell = sorting.cells[id as usize] as usize;
            if cell < n_cells {
                self.starts[cell] -= 1;
                sorting.ids[self.starts[cell] as usize] = id;
                let size = sizes.get(id as usize).copied().unwrap_or(u8::MAX);
                self.largest[cell] = size.max(self.largest[cell]);
            }
        }
        if self.largest.is_empty() || sorting.left > 0 {
            self.sorting = Some(sorting);
            return false;
        }
        self.ids = sorting.ids;
        true
    }
}
