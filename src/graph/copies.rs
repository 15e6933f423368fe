//! Copies: items that are all equally near to each other must not make an island.
//!
//! Items with equal collections lie at the least distance from each other. Where there are more of them than k, their k
//! nearest are copies only, chosen by id, and nothing leads from them to the rest of the map, although each has farther
//! neighbors: an island that says "these are one item", and hides where it belongs. The rule: a part of more than k items (and
//! more than 2) whose edges all have one length, and out of which the graph leads, is such an island; each of its items then
//! gives half of its k (rounded down, at least one) to the nearest outside. All other parts stay as they are, and so does data
//! without such islands, to the bit.

use super::Graph;
use crate::csr::Csr;
use crate::pack::Parts;

/// The `lists` (row i: the neighbors of i, nearest first) with each island of copies linked on, or `None` where there
/// is none. `parts` are those of the lists, which were made for `k` neighbors; an edge of `graph` longer than `max_distance` leads nowhere.
///
/// Where an item has no edge of its own that leads out, it takes the nearest that its copies have. O(items + edges of
/// the islands).
pub fn link_on(
    graph: &Graph,
    lists: &Csr<f32>,
    parts: &Parts,
    k: usize,
    max_distance: f32,
) -> Option<Csr<f32>> {
    if parts.count() < 2 {
        return None;
    }
    let members = parts.members();
    // For each part the one length of its edges, NaN where there are several; infinite where there is no edge.
    let mut length = vec![f32::INFINITY; parts.count()];
    for (i, _, d) in lists.triples() {
        let one = &mut length[parts.of_item[i as usize] as usize];
        *one = if one.is_infinite() || *one == d { d } else { f32::NAN };
    }
    let leads_out = |part: usize| {
        let mut exits: Vec<(f32, u32)> = Vec::new();
        for &i in members.row(part).0 {
            exits.extend(edges_out(graph, i, part, parts, max_distance));
        }
        exits.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        exits.sort_by_key(|&(_, j)| j);
        exits.dedup_by_key(|&mut (_, j)| j);
        exits.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        exits
    };
    let islands = (0..parts.count()).filter(|&p| parts.sizes[p] as usize > k.max(2) && length[p].is_finite());
    let exits: Vec<(usize, Vec<(f32, u32)>)> =
        islands.map(|p| (p, leads_out(p))).filter(|(_, exits)| !exits.is_empty()).collect();
    if exits.is_empty() {
        return None;
    }
    let mut out = Csr { columns: Vec::with_capacity(lists.len()), ..Csr::default() };
    for i in 0..lists.n_rows() {
        let (columns, lengths) = lists.row(i);
        let row = columns.iter().copied().zip(lengths.iter().copied());
        let part = parts.of_item[i] as usize;
        let Ok(at) = exits.binary_search_by_key(&part, |&(p, _)| p) else {
            out.push_row(row);
            continue;
        };
        let mut ways: Vec<(f32, u32)> = edges_out(graph, i as u32, part, parts, max_distance).collect();
        for &(d, j) in &exits[at].1 {
            // The way over a copy.
            if ways.len() < columns.len() / 2 && !ways.iter().any(|&(_, known)| known == j) {
                ways.push((d + length[part], j));
            }
        }
        ways.truncate((columns.len() / 2).max(1));
        let kept = columns.len().saturating_sub(ways.len()).max(1);
        out.push_row(row.take(kept).chain(ways.into_iter().map(|(d, j)| (j, d))));
    }
    Some(out)
}

/// The edges of `i` that lead out of its `part`, nearest first, as (length, item).
fn edges_out<'a>(
    graph: &'a Graph,
    i: u32,
    part: usize,
    parts: &'a Parts,
    max_distance: f32,
) -> impl Iterator<Item = (f32, u32)> + 'a {
    let (columns, lengths) = graph.row(i as usize);
    let edges = lengths.iter().copied().zip(columns.iter().copied());
    edges.filter(move |&(d, j)| d <= max_distance && parts.of_item[j as usize] as usize != part)
}
