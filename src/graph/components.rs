//! Components: the parts of a graph that no edge connects, found edge by edge (union-find; Galler, Fischer 1964).

use crate::pack::Parts;

/// The parts as far as edges were given.
#[derive(Clone, Debug, Default)]
pub struct Components {
    parent: Vec<u32>,
}

impl Components {
    /// Of `n` items without an edge.
    pub fn new(n: usize) -> Self {
        Components { parent: (0..n as u32).collect() }
    }

    fn find(&mut self, mut i: u32) -> u32 {
        let parent = &mut self.parent;
        while parent[i as usize] != i {
            // Halving keeps the trees flat without recursion.
            parent[i as usize] = parent[parent[i as usize] as usize];
            i = parent[i as usize];
        }
        i
    }

    /// An edge.
    pub fn join(&mut self, i: u32, j: u32) {
        let (a, b) = (self.find(i), self.find(j));
        // The lower id becomes the root, so roots do not depend on the order of edges.
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// The parts, numbered in order of their first items.
    pub fn finish(mut self) -> Parts {
        let n = self.parent.len();
        let mut parts = Parts { of_item: vec![0; n], sizes: Vec::new() };
        for i in 0..n as u32 {
            let root = self.find(i);
            if root == i {
                parts.of_item[i as usize] = parts.sizes.len() as u32;
                parts.sizes.push(1);
            } else {
                let part = parts.of_item[root as usize];
                parts.of_item[i as usize] = part;
                parts.sizes[part as usize] += 1;
            }
        }
        parts
    }
}
