//! What lies in an area: all points in a box, or inside a line drawn around them.
//!
//! Cells wholly inside are taken as they are; points are looked at only in cells at the edge. Both answers are exact.
//! The line closes itself and may cross itself: inside is what it goes around, in either direction, any number of
//! times but none (the nonzero rule: Foley et al., Computer Graphics, 2nd ed., 17.2).

use super::Grid;

/// Columns that an edge may be off by, through rounding.
const SLACK: usize = 1;

/// The part of a row's height by which an edge's piece in it is taken to be longer, at both ends.
const MORE: f64 = 0.01;

impl Grid {
    /// The ids of all points with min <= place <= max, cell by cell.
    pub fn in_box(&self, xy: &[f32], min: [f64; 2], max: [f64; 2]) -> Vec<u32> {
        let mut found = Vec::new();
        if self.ids.is_empty() || !(min[0] <= max[0] && min[1] <= max[1]) {
            return found;
        }
        let inside = |&id: &u32| {
            let at = place(xy, id);
            (0..2).all(|axis| min[axis] <= at[axis] && at[axis] <= max[axis])
        };
        let cells = |axis: usize| (self.cell(min[axis], axis), self.cell(max[axis], axis));
        let (columns, rows) = (cells(0), cells(1));
        for row in rows.0..=rows.1 {
            // A cell between those of two coordinates lies between the coordinates: `cell` is monotone.
            if row == rows.0 || row == rows.1 || columns.1 - columns.0 < 2 {
                found.extend(self.row(row, columns.0, columns.1).iter().copied().filter(inside));
            } else {
                found.extend(self.row(row, columns.0, columns.0).iter().copied().filter(inside));
                found.extend_from_slice(self.row(row, columns.0 + 1, columns.1 - 1));
                found.extend(self.row(row, columns.1, columns.1).iter().copied().filter(inside));
            }
        }
        found
    }

    /// The ids of all points inside a closed line, cell by cell. None when a corner is not finite.
    pub fn in_polygon(&self, xy: &[f32], corners: &[[f64; 2]]) -> Vec<u32> {
        let mut found = Vec::new();
        let finite = corners.iter().flatten().all(|c| c.is_finite());
        if self.ids.is_empty() || corners.len() < 3 || !finite {
            return found;
        }
        let edges: Vec<Edge> = corners
            .iter()
            .enumerate()
            .map(|(i, &to)| (corners[(i + corners.len() - 1) % corners.len()], to))
            .collect();
        // The edges by the row of their lower end; an edge is at work in the rows from there to its upper end.
        let row_of = |y: f64| self.cell(y, 1);
        let mut coming: Vec<u64> = edges
            .iter()
            .enumerate()
            .map(|(i, (a, b))| (row_of(a[1].min(b[1])) as u64) << 32 | i as u64)
            .collect();
        coming.sort_unstable();
        let end = edges.iter().map(|(a, b)| row_of(a[1].max(b[1]))).max().unwrap_or(0);
        let (mut next, mut active, mut spans): (usize, Vec<Edge>, Vec<u64>) = (0, Vec::new(), Vec::new());
        for row in (coming[0] >> 32) as usize..=end {
            active.retain(|(a, b)| row_of(a[1].max(b[1])) >= row);
            while next < coming.len() && (coming[next] >> 32) as usize == row {
                active.push(edges[coming[next] as u32 as usize]);
                next += 1;
            }
            spans.clear();
            let span = |edge| self.columns(edge, row).map(|column| column as u64);
            spans.extend(active.iter().map(span).map(|[from, to]| from << 32 | to));
            spans.sort_unstable();
            self.take_row(xy, row, &spans, &active, &mut found);
        }
        found
    }

    /// The points of a row inside the line: `spans` are the columns that its edges touch (first << 32 | last), in
    /// order; between them a row is wholly inside or outside.
    fn take_row(&self, xy: &[f32], row: usize, spans: &[u64], active: &[Edge], found: &mut Vec<u32>) {
        let inside = |&id: &u32| winding(active, place(xy, id)) != 0;
        let mut next = 0;
        for &span in spans {
            let (from, to) = ((span >> 32) as usize, span as u32 as usize);
            if from > next {
                let between = self.row(row, next, from - 1);
                if between.first().is_some_and(inside) {
                    found.extend_from_slice(between);
                }
            }
            if to >= next {
                found.extend(self.row(row, from.max(next), to).iter().copied().filter(inside));
                next = to + 1;
            }
        }
    }

    /// The columns that an edge touches in a row, and some beside them.
    fn columns(&self, &(a, b): &Edge, row: usize) -> [usize; 2] {
        let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
        let y = |row: f64| if self.per_unit > 0.0 { self.min[1] + row / self.per_unit } else { low[1] };
        // The first and the last row have what lies beyond them, too.
        let below = if row == 0 { low[1] } else { y(row as f64 - MORE).clamp(low[1], high[1]) };
        let above =
            if row + 1 == self.rows { high[1] } else { y((row + 1) as f64 + MORE).clamp(low[1], high[1]) };
        let x = |y: f64| {
            let t = if high[1] > low[1] { ((y - low[1]) / (high[1] - low[1])).clamp(0.0, 1.0) } else { 0.0 };
            low[0] + (high[0] - low[0]) * t
        };
        let ends = if high[1] > low[1] { [x(below), x(above)] } else { [low[0], high[0]] };
        let (left, right) = (self.cell(ends[0].min(ends[1]), 0), self.cell(ends[0].max(ends[1]), 0));
        [left.saturating_sub(SLACK), (right + SLACK).min(self.columns - 1)]
    }

    /// The points in some columns of a row.
    fn row(&self, row: usize, from: usize, to: usize) -> &[u32] {
        let start = row * self.columns;
        &self.ids[self.starts[start + from] as usize..self.starts[start + to + 1] as usize]
    }
}

type Edge = ([f64; 2], [f64; 2]);

fn place(xy: &[f32], id: u32) -> [f64; 2] {
    [xy[2 * id as usize], xy[2 * id as usize + 1]].map(f64::from)
}

/// How often the edges go around a place, counterclockwise. Those that do not pass its height do not count.
fn winding(edges: &[Edge], [x, y]: [f64; 2]) -> i32 {
    let turn = |&(a, b): &Edge| {
        let left = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);
        if a[1] <= y && y < b[1] {
            i32::from(left > 0.0)
        } else if b[1] <= y && y < a[1] {
            -i32::from(left < 0.0)
        } else {
            0
        }
    };
    edges.iter().map(turn).sum()
}
