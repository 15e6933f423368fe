//! What is under the pointer, and what lies in an area (area.rs): a uniform grid over the points.
//!
//! Points are sorted into square cells by one counting sort (sort.rs), about two to a cell, so building takes O(n) and a
//! layout that changes 15 times a second costs nothing until somebody points at it. A query goes outward from its
//! place, ring of cells by ring, until nothing farther can be meant; of a crowded cell it looks at the topmost points
//! until the rest lie below what is found. The answer is exact: the cell of a coordinate is a monotone function of
//! it, so a point r columns away is more than r - 1 cells away.

mod area;
pub mod captions;
pub mod color;
pub mod edges;
pub mod islands;
pub mod labels;
pub mod names_in_space;
mod sort;

use crate::camera::Bounds;
use sort::Sorting;

/// A uniform grid over points in the plane. Points with a coordinate that is not finite are in no cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    min: [f64; 2],
    /// Cells per map unit; 0 when all points are at one place.
    per_unit: f64,
    columns: usize,
    rows: usize,
    /// For each cell, row-major, the offset in `ids` where it starts; then the total.
    starts: Vec<u32>,
    /// Point ids, cell by cell; inside a cell in the order that they came in.
    ids: Vec<u32>,
    /// The largest size in each cell.
    largest: Vec<u8>,
    /// Until it is made.
    sorting: Option<Sorting>,
}

/// One query: where, and how far away a disc may be to be meant.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// The place asked for, in map units.
    pub at: [f64; 2],
    /// How far outside of a disc's edge the place may lie, in map units; >= 0.
    pub tolerance: f64,
    /// The radius of the largest disc, in map units; >= 0. It bounds the search.
    pub max_radius: f64,
    /// Whether points lie above each other in the order in which the grid got them. Then crowds cost little.
    pub sorted: bool,
}

/// A ring is taken to be nearer by this part of a cell than it is, for rounding.
const SLACK: f64 = 1e-3;

impl Grid {
    /// The grid of `xy` = x0, y0, x1, y1, ...: point i is `xy[2 i]`, `xy[2 i + 1]`. Points come in the order of their ids.
    pub fn new(xy: &[f32]) -> Self {
        Grid::in_order(xy, &[], &[])
    }

    /// The same, of points in the order of `ids`, which has each once, or none for the order of their
    /// numbers: for picking, the lowest of them first. `sizes` says
    /// which discs are large, by id; when empty, any may be. Most are small, and far from where one would look for a large one.
    pub fn in_order(xy: &[f32], ids: &[u32], sizes: &[u8]) -> Self {
        let mut grid = Grid::start(Bounds::of(xy), xy.len() / 2);
        grid.run(usize::MAX, xy, ids, sizes);
        grid
    }

    /// Column (axis 0) or row (axis 1) of a coordinate, clamped into the grid. Monotone in `value`.
    fn cell(&self, value: f64, axis: usize) -> usize {
        let last = if axis == 0 { self.columns } else { self.rows } - 1;
        // `as` saturates: below the grid is 0, NaN is 0.
        (((value - self.min[axis]) * self.per_unit) as usize).min(last)
    }

    /// Of the ring of cells that are `ring` columns or rows away from a cell, those that there are.
    fn ring(&self, [column, row]: [usize; 2], ring: usize) -> impl Iterator<Item = usize> {
        let rows = row.saturating_sub(ring)..=(row + ring).min(self.rows - 1);
        let (first, last) = (column.checked_sub(ring), Some(column + ring).filter(|&c| c < self.columns));
        let whole = first.unwrap_or(0)..=last.unwrap_or(self.columns - 1);
        rows.flat_map(move |r| {
            let at_end = r.abs_diff(row) == ring;
            let (run, sides) = if at_end { (Some(whole.clone()), [None; 2]) } else { (None, [first, last]) };
            run.into_iter().flatten().chain(sides.into_iter().flatten()).map(move |c| r * self.columns + c)
        })
    }

    /// The disc that is meant by pointing at a place: the topmost of those that cover it; when none does, the one
    /// whose edge is nearest, within the tolerance.
    ///
    /// `xy` are the points the grid was built from. `order` is a point's place in the order of drawing (later = above),
    /// `radius` its disc's, in map units, at most `query.max_radius`; `of_size` is the most that it is for a size. Two edges
    /// equally near: the upper; of two as high, too: the lower id.
    pub fn pick(
        &self,
        xy: &[f32],
        query: Query,
        order: impl Fn(u32) -> u32,
        radius: impl Fn(u32) -> f64,
        of_size: impl Fn(u8) -> f64,
    ) -> Option<u32> {
        let Query { at, tolerance, max_radius, sorted } = query;
        let finite = [tolerance + max_radius, at[0], at[1]].iter().all(|c| c.is_finite());
        if self.ids.is_empty() || !finite {
            return None;
        }
        let center = [0, 1].map(|axis| self.cell(at[axis], axis));
        // How far outside, at which place in the order, and which: better than the tolerance is what is found.
        let mut best = (tolerance, None);
        for ring in 0..self.columns.max(self.rows) {
            let cells = ring as f64 - 1.0 - SLACK;
            if cells > (best.0 + max_radius) * self.per_unit {
                break;
            }
            for cell in self.ring(center, ring) {
                let ids = &self.ids[self.starts[cell] as usize..self.starts[cell + 1] as usize];
                if ids.is_empty() || cells > (best.0 + of_size(self.largest[cell])) * self.per_unit {
                    continue;
                }
                for &id in ids.iter().rev() {
                    let here = order(id);
                    if best.0 <= 0.0 && best.1.is_some_and(|(above, _)| here < above) {
                        if sorted {
                            break;
                        }
                        continue;
                    }
                    let [x, y] = [xy[2 * id as usize], xy[2 * id as usize + 1]].map(f64::from);
                    let [dx, dy] = [x - at[0], y - at[1]];
                    let outside = ((dx * dx + dy * dy).sqrt() - radius(id)).max(0.0);
                    let above =
                        best.1.is_none_or(|(above, other)| here > above || (here == above && id < other));
                    if outside < best.0 || (outside == best.0 && above) {
                        best = (outside, Some((here, id)));
                    }
                }
            }
        }
        best.1.map(|(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_points_by_hand() {
        let xy = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, f32::NAN, 0.0];
        let grid = Grid::new(&xy);
        let query = |x, y| Query { at: [x, y], tolerance: 0.2, max_radius: 0.1, sorted: true };
        let at = |x, y| grid.pick(&xy, query(x, y), |id| id, |_| 0.1, |_| 0.1);
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
