//! Join: makes the members of a group each other's neighbors, where they are near.
//!
//! The inner loop of the search for many rows: all pairs of a group with a fresh member are measured, and each end learns
//! of the other. Groups are measured in parallel, against the lists as they were; then what they found is sorted in, by
//! ranges of rows. As lists are sets, neither order matters.

use super::lists::{insert, key};
use super::products::Compared;
use crate::parallel;

/// Groups in a unit of parallel work.
const GROUPS: usize = 16;
/// Ranges of rows that what was found is sorted in by.
const RANGES: usize = 16;

/// Groups of rows, flat.
#[derive(Default)]
pub struct Groups {
    /// Rows of all groups, one group after another: the fresh ones first.
    pub members: Vec<u32>,
    /// For each group, where its fresh members end and where all of them end.
    pub ends: Vec<[usize; 2]>,
}

impl Groups {
    /// Fresh members, and all members, of a group.
    fn group(&self, g: usize) -> (usize, &[u32]) {
        let start = g.checked_sub(1).map_or(0, |before| self.ends[before][1]);
        let [fresh, end] = self.ends[g];
        (fresh - start, &self.members[start..end])
    }
}

/// A row and the key of a neighbor for it.
type Found = (u32, u64);

/// Joins every group into `lists` (n x `k`). Returns how many neighbors are new.
pub fn join(compared: &Compared, groups: &Groups, lists: &mut [u64], k: usize) -> usize {
    let range = compared.rows.len().div_ceil(RANGES);
    let found = parallel::map_chunks(groups.ends.len(), GROUPS, |chunk| {
        let mut found: [Vec<Found>; RANGES] = Default::default();
        let mut worst = Vec::new();
        for g in chunk {
            let (fresh, members) = groups.group(g);
            worst.clear();
            worst.extend(members.iter().map(|&m| lists[(m as usize + 1) * k - 1]));
            measure(compared, fresh, members, |i, j, d| {
                for (i, j) in [(i, j), (j, i)] {
                    let neighbor = key(d, members[j]);
                    if neighbor < worst[i] {
                        found[members[i] as usize / range].push((members[i], neighbor));
                    }
                }
            });
        }
        found
    });
    let new = parallel::map_parts(lists, range * k, |start, part| {
        let mut new = 0;
        for &(row, neighbor) in found.iter().flat_map(|found| &found[start / (range * k)]) {
            new += usize::from(insert(&mut part[row as usize * k - start..][..k], neighbor));
        }
        new
    });
    new.into_iter().sum()
}

/// Calls `each(i, j, squared distance)` for all pairs i < j of members with i among the first `fresh`.
#[inline(always)]
fn measure(compared: &Compared, fresh: usize, members: &[u32], mut each: impl FnMut(usize, usize, f32)) {
    let Some(last) = members.len().checked_sub(1) else { return };
    let row = |m: usize| members[m.min(last)];
    for i in (0..fresh).step_by(2) {
        for j in (i + 1..members.len()).step_by(4) {
            let found =
                compared.two_by_four([row(i), row(i + 1)], [row(j), row(j + 1), row(j + 2), row(j + 3)]);
            for (i, found) in (i..fresh).zip(found) {
                for (j, d) in (j..members.len()).zip(found) {
                    if j > i {
                        each(i, j, d);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knn::Metric;
    use crate::knn::lists::{NONE, id};
    use crate::knn::metric::Rows;

    #[test]
    fn every_pair_with_a_fresh_member_once() {
        let values: Vec<f32> = (0..20).map(|i| i as f32).collect();
        let compared = Compared::new(Rows::new(&values, 1, Metric::Euclidean));
        for (fresh, n) in [(0, 5), (1, 1), (1, 2), (3, 3), (4, 9), (5, 20), (20, 20)] {
            let members: Vec<u32> = (0..n as u32).collect();
            let mut seen = Vec::new();
            measure(&compared, fresh, &members, |i, j, d| {
                assert_eq!(compared.rows.distance(d), (j - i) as f32);
                seen.push((i, j));
            });
            seen.sort_unstable();
            let wanted = (0..fresh).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
            assert_eq!(seen, wanted.collect::<Vec<_>>(), "{fresh} of {n}");
        }
    }

    #[test]
    fn both_ends_learn() {
        let compared = Compared::new(Rows::new(&[0.0, 1.0, 3.0, 7.0], 1, Metric::Euclidean));
        let groups = Groups { members: vec![0, 1, 2, 3, 1], ends: vec![[1, 3], [4, 5]] };
        let mut lists = [NONE; 4];
        // 0-1, 0-2 (farther: 2 keeps it, 0 does not), 3-1.
        assert_eq!(join(&compared, &groups, &mut lists, 1), 4);
        assert_eq!(lists.map(id), [1, 0, 0, 1]);
    }
}
