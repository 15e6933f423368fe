//! Csr: rows of (column, value), flat.
//!
//! The form of everything sparse here: which items a collection holds, which collections hold an item, the
//! co-occurrence lists, the graph. `offsets[r]..offsets[r + 1]` are the entries of row `r`.

/// A sparse matrix by rows. `T = ()` stores no values.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr<T> {
    /// `n_rows + 1` offsets into `columns` and `values`, from 0, never falling.
    pub offsets: Vec<usize>,
    /// Column of each entry, row by row.
    pub columns: Vec<u32>,
    /// Value of each entry, row by row; same length as `columns`.
    pub values: Vec<T>,
}

impl<T> Default for Csr<T> {
    fn default() -> Self {
        Csr { offsets: vec![0], columns: Vec::new(), values: Vec::new() }
    }
}

impl<T: Copy> Csr<T> {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Columns and values of row `r`.
    pub fn row(&self, r: usize) -> (&[u32], &[T]) {
        let range = self.offsets[r]..self.offsets[r + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// Appends a row.
    pub fn push_row(&mut self, entries: impl IntoIterator<Item = (u32, T)>) {
        for (column, value) in entries {
            self.columns.push(column);
            self.values.push(value);
        }
        self.offsets.push(self.columns.len());
    }

    /// From (row, column, value) triples in any order: within a row, entries keep the order they came in.
    /// Counting sort, O(rows + entries).
    pub fn from_triples(n_rows: usize, triples: impl Iterator<Item = (u32, u32, T)> + Clone) -> Self {
        let mut offsets = vec![0usize; n_rows + 1];
        for (row, _, _) in triples.clone() {
            offsets[row as usize + 1] += 1;
        }
        for r in 0..n_rows {
            offsets[r + 1] += offsets[r];
        }
        let len = offsets[n_rows];
        let mut next = offsets.clone();
        let mut columns = vec![0u32; len];
        let mut values = Vec::with_capacity(len);
        if let Some((_, _, first)) = triples.clone().next() {
            values.resize(len, first);
        }
        for (row, column, value) in triples {
            let at = next[row as usize];
            next[row as usize] += 1;
            columns[at] = column;
            values[at] = value;
        }
        Csr { offsets, columns, values }
    }

    /// Every entry as (row, column, value), row by row.
    pub fn triples(&self) -> impl Iterator<Item = (u32, u32, T)> + Clone + '_ {
        (0..self.n_rows()).flat_map(move |r| {
            let (columns, values) = self.row(r);
            columns.iter().zip(values).map(move |(&c, &v)| (r as u32, c, v))
        })
    }

    /// Rows become columns. The columns of each new row rise.
    pub fn transpose(&self, n_columns: usize) -> Self {
        Self::from_triples(n_columns, self.triples().map(|(r, c, v)| (c, r, v)))
    }
}

/// [`Csr::transpose`] in steps.
#[derive(Clone, Debug)]
pub struct Transposition<T> {
    out: Csr<T>,
    /// Rows counted, then rows filled in.
    rows: [usize; 2],
    /// Where the next entry of each new row goes.
    next: Vec<usize>,
}

impl<T: Copy + Default> Transposition<T> {
    /// Of a matrix with `n_columns`.
    pub fn new(n_columns: usize) -> Self {
        let out = Csr { offsets: vec![0; n_columns + 1], columns: Vec::new(), values: Vec::new() };
        Transposition { out, rows: [0; 2], next: Vec::new() }
    }

    /// Goes through about so many entries of `from`, always the same matrix; returns whether all is done.
    pub fn step(&mut self, from: &Csr<T>, entries: usize) -> bool {
        let n = from.n_rows();
        let pass = usize::from(self.rows[0] == n);
        let (first, until) = (self.rows[pass], from.offsets[self.rows[pass]] + entries);
        let last = from.offsets.partition_point(|&start| start < until).clamp((first + 1).min(n), n);
        if pass == 0 {
            let columns = &from.columns[from.offsets[first]..from.offsets[last]];
            columns.iter().for_each(|&c| self.out.offsets[c as usize + 1] += 1);
        } else {
            if self.next.is_empty() {
                let mut sum = 0;
                self.out.offsets.iter_mut().for_each(|offset| {
                    sum += *offset;
                    *offset = sum;
                });
                self.next = self.out.offsets.clone();
                self.out.columns = vec![0; from.len()];
                self.out.values = vec![T::default(); from.len()];
            }
            for row in first..last {
                let (columns, values) = from.row(row);
                for (&column, &value) in columns.iter().zip(values) {
                    let at = &mut self.next[column as usize];
                    (self.out.columns[*at], self.out.values[*at]) = (row as u32, value);
                    *at += 1;
                }
            }
        }
        self.rows[pass] = last;
        self.rows == [n; 2]
    }

    /// The transposed matrix.
    pub fn finish(self) -> Csr<T> {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transpose_twice_is_sorted_self() {
        let csr = Csr::from_triples(3, [(2, 1, 'a'), (0, 3, 'b'), (2, 0, 'c'), (0, 0, 'd')].into_iter());
        assert_eq!(csr.row(0), (&[3u32, 0][..], &['b', 'd'][..]));
        assert_eq!(csr.row(1), (&[][..], &[][..]));
        let twice = csr.transpose(4).transpose(3);
        assert_eq!(twice.row(0), (&[0u32, 3][..], &['d', 'b'][..]));
        assert_eq!(twice.row(2), (&[0u32, 1][..], &['c', 'a'][..]));
    }

    #[test]
    fn transposed_in_steps_is_transposed() {
        let triples = (0..90u32).map(|e| (e * 7 % 13, e * e % 11, e as f32));
        for n_rows in [13, 20] {
            let csr = Csr::from_triples(n_rows, triples.clone());
            for entries in [1, 5, 1000] {
                let mut status = Transposition::new(11);
                while !status.step(&csr, entries) {}
                assert_eq!(status.finish(), csr.transpose(11), "{n_rows} rows, {entries} at once");
            }
        }
    }
}
