//! Edge lists: which two columns of a header are the ends of a link.
//!
//! The two names are a pair of words for ends (`source` and `target`, `from` and `to`, ...), alone or with the same
//! noun on each (`source_id`, `from_node`, `NodeTo`), or one noun numbered or lettered (`node1` and `node2`,
//! `user_a` and `user_b`). A noun is `node`, `id` and the like, or a known word for a collection or an item. Bare
//! pairs such as `V1,V2` or `x1,x2` are no ends: programs write them above any table.

use super::header::{Role, plain, role};

/// Pairs of words for the two ends, the first for where the link starts.
const ENDS: [(&str, &str); 19] = [
    ("source", "target"),
    ("source", "destination"),
    ("source", "dest"),
    ("source", "sink"),
    ("src", "dst"),
    ("src", "dest"),
    ("src", "tgt"),
    ("src", "target"),
    ("from", "to"),
    ("origin", "destination"),
    ("origin", "dest"),
    ("citing", "cited"),
    ("follower", "followee"),
    ("follower", "followed"),
    ("follower", "following"),
    ("subject", "object"),
    ("head", "tail"),
    ("u", "v"),
    ("i", "j"),
];
/// Last letters of the two ends of one noun.
const SUFFIXES: [(&str, &str); 2] = [("1", "2"), ("a", "b")];
/// Nouns beside the known words for collections and items.
const NOUNS: [&str; 14] = [
    "node", "vertex", "id", "nodeid", "vertexid", "nodename", "name", "entity", "page", "paper", "station",
    "airport", "author", "protein",
];
/// Words for an item whose nearest a list names, beside the nouns.
const ASKING: [&str; 5] = ["query", "point", "index", "row", "key"];
/// Words for one of its nearest, alone or before a noun (`neighbor_id`).
const NEIGHBOR: [&str; 4] = ["neighbor", "neighbour", "neighbors", "neighbours"];
/// Words for how far the two are from each other.
const DISTANCE: [&str; 4] = ["distance", "dist", "distances", "dissimilarity"];
/// Columns looked at: a table wider than this is no edge list.
const WIDEST: usize = 64;

/// The columns of the two ends, if the header names both: the first such pair in the order of the columns.
pub(super) fn ends(header: &[String]) -> Option<[usize; 2]> {
    let names: Vec<String> = header.iter().take(WIDEST).map(|name| plain(name)).collect();
    let columns = 0..names.len();
    columns.clone().find_map(|first| {
        let second =
            columns.clone().find(|&second| second != first && are_ends(&names[first], &names[second]));
        Some([first, second?])
    })
}

/// The columns of a list of nearest neighbors, if the header names all three: an item, one of its nearest, their distance.
pub(super) fn neighbor_list(header: &[String]) -> Option<[usize; 3]> {
    let names: Vec<String> = header.iter().take(WIDEST).map(|name| plain(name)).collect();
    let is_neighbor = |name: &str| {
        let mut after = NEIGHBOR.iter().filter_map(|word| name.strip_prefix(word));
        after.any(|noun| noun.is_empty() || is_noun(noun) || ASKING.contains(&noun))
    };
    let neighbor = names.iter().position(|name| is_neighbor(name))?;
    let distance = names.iter().position(|name| DISTANCE.contains(&name.as_str()))?;
    let item = names.iter().position(|name| is_noun(name) || ASKING.contains(&name.as_str()))?;
    Some([item, neighbor, distance])
}

/// The column of distances beside the two ends of a link.
pub(super) fn distance(header: &[String]) -> Option<usize> {
    header.iter().take(WIDEST).position(|name| DISTANCE.contains(&plain(name).as_str()))
}

/// Whether two plain names are the two ends of a link, in this order.
fn are_ends(first: &str, second: &str) -> bool {
    let words = ENDS.iter().any(|(from, to)| {
        let before = first.strip_suffix(from).zip(second.strip_suffix(to));
        let behind = first.strip_prefix(from).zip(second.strip_prefix(to));
        [before, behind].into_iter().flatten().any(|(a, b)| a == b && (a.is_empty() || is_noun(a)))
    });
    words
        || SUFFIXES.iter().any(|(one, two)| {
            first.strip_suffix(one).zip(second.strip_suffix(two)).is_some_and(|(a, b)| a == b && is_noun(a))
        })
}

fn is_noun(name: &str) -> bool {
    NOUNS.contains(&name) || matches!(role(name), Some(Role::Collection | Role::Item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_names_for_a_list_of_neighbors() {
        let found = |header: &str| {
            let names: Vec<String> = header.split(',').map(str::to_owned).collect();
            neighbor_list(&names)
        };
        for header in [
            "item,neighbor,distance",
            "Item,Neighbour,Distance",
            "query,neighbor_index,dist",
            "id,neighbour_id,dissimilarity",
            "film,neighbors,distances",
            "node,neighbor_name,distance",
        ] {
            assert_eq!(found(header), Some([0, 1, 2]), "{header}");
        }
        assert_eq!(found("distance,rank,neighbor,row"), Some([3, 2, 0]));
        for header in
            ["item,neighbor", "item,neighbor,weight", "item,neighborhood,distance", "neighbor,distance"]
        {
            assert_eq!(found(header), None, "{header}");
        }
    }

    #[test]
    fn two_names_for_ends() {
        let found = |header: &str| {
            let names: Vec<String> = header.split(',').map(str::to_owned).collect();
            ends(&names)
        };
        for header in [
            "source,target",
            "Source,Target,weight",
            "from,to",
            "FromNodeId,ToNodeId",
            "from_user,to_user",
            "node_from,node_to",
            "src,dst",
            "node1,node2",
            "Node 1,Node 2",
            "artist_a,artist_b",
            "film1,film2",
            "id1,id2",
            "user_id_1,user_id_2",
            "u,v",
        ] {
            assert_eq!(found(header), Some([0, 1]), "{header}");
        }
        assert_eq!(found("weight,target,source"), Some([2, 1]));
        assert_eq!(found("node2,node1"), Some([1, 0]));
        for header in [
            "collection,item",
            "source,item",
            "source,label",
            "V1,V2",
            "x1,x2",
            "column 1,column 2",
            "source_id,target_name",
            "fromage,tomage",
            "user,item",
            "year1,year2",
            "item",
        ] {
            assert_eq!(found(header), None, "{header}");
        }
    }
}
