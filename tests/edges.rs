//! The graph's edges, the shortest first, against sorting all of them.
#![cfg(not(target_arch = "wasm32"))]

use archipelago::csr::Csr;
use archipelago::explore::edges::shortest;
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #[test]
    fn as_sorting_all(
        xy in prop::collection::vec(prop_oneof![4 => -3.0f32..3.0, 2 => (-2i8..3).prop_map(f32::from), 1 => Just(f32::NAN)], 40),
        rows in prop::collection::vec(prop::collection::btree_set(0u32..20, 0..6), 20),
        limit in 0usize..80,
    ) {
        let mut graph = Csr::from_triples(0, std::iter::empty());
        let mut wanted = BTreeSet::new();
        for (i, row) in rows.iter().enumerate() {
            for &j in row.iter().filter(|&&j| j as usize != i) {
                let (a, b) = (j.min(i as u32), j.max(i as u32));
                let [x, y] = [0, 1].map(|axis| xy[2 * a as usize + axis] - xy[2 * b as usize + axis]);
                if (x * x + y * y).is_finite() {
                    wanted.insert(((x * x + y * y).to_bits(), a, b));
                }
            }
            graph.push_row(row.iter().filter(|&&j| j as usize != i).map(|&j| (j, 1.0)));
        }
        let found = shortest(&graph, &xy, limit);
        let length = |ends: &[u32]| {
            let (a, b) = (2 * ends[0] as usize, 2 * ends[1] as usize);
            let [x, y] = [0, 1].map(|axis| xy[a + axis] - xy[b + axis]);
            (x * x + y * y).to_bits()
        };
        let found: Vec<(u32, u32, u32)> = found.chunks_exact(2).map(|e| (length(e), e[0], e[1])).collect();
        // Of equal lengths any may come first.
        let lengths: Vec<u32> = found.iter().map(|edge| edge.0).collect();
        prop_assert_eq!(lengths, wanted.iter().take(limit).map(|edge| edge.0).collect::<Vec<_>>());
        prop_assert!(found.iter().all(|edge| wanted.contains(edge)));
        prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    }
}
