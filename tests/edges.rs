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
        prop_assert!(found.len() == 2 * limit.min(wanted.len()));
        let wanted: Vec<u32> = wanted.into_iter().take(limit).flat_map(|(_, a, b)| [a, b]).collect();
        prop_assert_eq!(found, wanted);
    }
}
