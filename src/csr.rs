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
}
