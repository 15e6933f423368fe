//! Hubness: do a few items stand among everyone's nearest?
//!
//! Where popular items rule, most links lead to the same few items and are not returned (Radovanovic, Nanopoulos,
//! Ivanovic 2010, "Hubs in space"): in the maps made of raw counts at most 7 % of the links are mutual, and the map is
//! a ball around its hubs. O(links log k).

use crate::csr::Csr;

/// How the links to each item's nearest are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hubness {
    /// Of all links i -> j, the share that j returns: from 0 to 1, 0 where there are no links. Larger = fewer hubs.
    pub mutual_share: f64,
    /// Of all links, the share that points to the most linked 1 % of the items (rounded up to whole items): 0.01 where
    /// all are linked alike, 1 where they take everything.
    pub top_share: f64,
    /// Items without any link, from them or to them.
    pub isolated: usize,
}

/// The hubness of `lists`, items x items, each row nearest first: only the first `k` of a row are links. Links of an item
/// to itself are not counted. The lists of [`crate::count`] and the graph made of them may be given.
pub fn hubness(lists: &Csr<f32>, k: usize) -> Hubness {
    let n = lists.n_rows();
    let mut sorted = Csr { offsets: vec![0], columns: Vec::new(), values: Vec::<()>::new() };
    let mut linked = vec![0u32; n];
    let mut row = Vec::new();
    for i in 0..n {
        row.clear();
        row.extend(lists.row(i).0.iter().copied().take(k).filter(|&j| j as usize != i));
        row.sort_unstable();
        row.iter().for_each(|&j| linked[j as usize] += 1);
        sorted.push_row(row.iter().map(|&j| (j, ())));
    }
    let returned = |&(i, j, ()): &(u32, u32, ())| sorted.row(j as usize).0.binary_search(&i).is_ok();
    let mutual = sorted.triples().filter(returned).count();
    let isolated = (0..n).filter(|&i| linked[i] == 0 && sorted.row(i).0.is_empty()).count();
    linked.sort_unstable_by(|a, b| b.cmp(a));
    let top: usize = linked.iter().take(n.div_ceil(100)).map(|&links| links as usize).sum();
    let links = sorted.len().max(1) as f64;
    Hubness { mutual_share: mutual as f64 / links, top_share: top as f64 / links, isolated }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Rng, Use};

    fn lists(rows: &[&[u32]]) -> Csr<f32> {
        let mut lists = Csr::default();
        rows.iter().for_each(|row| lists.push_row(row.iter().map(|&j| (j, 1.0))));
        lists
    }

    #[test]
    fn by_hand() {
        // 0 <-> 1, 2 -> 0, 3 by itself. The most linked 1 % is one item: 0, with two of the three links.
        let found = hubness(&lists(&[&[1, 2], &[0], &[0], &[]]), 1);
        assert_eq!(found, Hubness { mutual_share: 2.0 / 3.0, top_share: 2.0 / 3.0, isolated: 1 });
        // With two each, 0 -> 2 is there too: all is mutual.
        assert_eq!(hubness(&lists(&[&[1, 2], &[0], &[0], &[]]), 2).mutual_share, 1.0);
        assert_eq!(hubness(&lists(&[]), 3), Hubness::default());
        assert_eq!(hubness(&lists(&[&[], &[]]), 3), Hubness { isolated: 2, ..Hubness::default() });
    }

    #[test]
    fn equals_a_naive_count() {
        for index in 0..60 {
            let mut rng = Rng::stream(5, Use::Test, index);
            let n = 2 + rng.below(250);
            let mut rows = Csr::default();
            for _ in 0..n {
                let mut row: Vec<u32> = (0..rng.below(12)).map(|_| rng.below(n)).collect();
                let mut seen = Vec::new();
                row.retain(|&j| {
                    !seen.contains(&j) && {
                        seen.push(j);
                        true
                    }
                });
                rows.push_row(row.into_iter().map(|j| (j, 1.0)));
            }
            let k = 1 + rng.below(8) as usize;
            let mut link = vec![vec![false; n as usize]; n as usize];
            for i in 0..n as usize {
                for &j in rows.row(i).0.iter().take(k) {
                    link[i][j as usize] = i != j as usize;
                }
            }
            let all = || (0..n as usize).flat_map(|i| (0..n as usize).map(move |j| (i, j)));
            let links = all().filter(|&(i, j)| link[i][j]).count();
            let mutual = all().filter(|&(i, j)| link[i][j] && link[j][i]).count();
            let to = |j: usize| link.iter().filter(|row| row[j]).count();
            let mut linked: Vec<usize> = (0..n as usize).map(to).collect();
            let isolated = (0..n as usize).filter(|&i| linked[i] == 0 && !link[i].contains(&true)).count();
            linked.sort();
            linked.reverse();
            let top: usize = linked[..(n as usize + 99) / 100].iter().sum();
            let found = hubness(&rows, k);
            let share = |part: usize| if links == 0 { 0.0 } else { part as f64 / links as f64 };
            assert_eq!(found, Hubness { mutual_share: share(mutual), top_share: share(top), isolated });
        }
    }
}
