//! What the columns hold: is the first row a header, is this a table of rows or of items, which column is which.
//!
//! Works on the rows of the file's start (see `sniff`). Names are compared in plain form, so `User ID`, `user_id`
//! and `userId` are one word.
//!
//! A table of many columns of numbers beside a name is one of `vectors`, with or without a header.
//!
//! A header that names both ends of a link (see `edges`) makes the file an edge list, unless it is a table of items or
//! names both a collection and an item as well. Without a header the first two columns are collection and item.

use std::collections::HashSet;

use super::edges;
use super::field::number;
use super::items::ItemColumns;
use super::records::{RecordColumns, RecordKind};
use super::row_columns::{self, RowColumnBuilder};
use super::vectors;

/// Words for a collection: the owner of a set of items.
const COLLECTION: [&str; 34] = [
    "collection",
    "user",
    "owner",
    "playlist",
    "list",
    "basket",
    "cart",
    "session",
    "recipe",
    "member",
    "player",
    "customer",
    "client",
    "order",
    "invoice",
    "transaction",
    "receipt",
    "listener",
    "viewer",
    "reader",
    "reviewer",
    "shopper",
    "visitor",
    "person",
    "people",
    "account",
    "household",
    "buyer",
    "subscriber",
    "voter",
    "student",
    "patient",
    "profile",
    "uid",
];
/// Words for an item: what becomes a point.
const ITEM: [&str; 37] = [
    "item",
    "artist",
    "song",
    "track",
    "album",
    "film",
    "movie",
    "title",
    "show",
    "series",
    "book",
    "ingredient",
    "product",
    "article",
    "good",
    "beatmap",
    "tag",
    "game",
    "place",
    "venue",
    "business",
    "restaurant",
    "anime",
    "manga",
    "package",
    "emoji",
    "word",
    "sku",
    "isbn",
    "asin",
    "stock",
    "gene",
    "species",
    "course",
    "skill",
    "actor",
    "dish",
];
/// Words for the weight of a row, best first.
const WEIGHT: [&str; 14] = [
    "weight",
    "count",
    "play",
    "playcount",
    "listen",
    "rating",
    "score",
    "value",
    "n",
    "quantity",
    "qty",
    "frequency",
    "freq",
    "amount",
];
/// Words for a label in an items table, best first.
const LABEL: [&str; 3] = ["label", "title", "name"];
/// Words for columns that are neither collection nor item.
const OTHER: [&str; 8] = ["time", "timestamp", "date", "datetime", "year", "genre", "genres", "category"];

/// What a column's name says that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Collection,
    Item,
    Weight,
}

/// How to read the file.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) has_header: bool,
    pub(super) layout: Layout,
    /// A name for each column of the first row, all different.
    pub(super) columns: Vec<String>,
    /// For rows: the further columns to read.
    pub(super) row_columns: Vec<RowColumnBuilder>,
}

/// The kinds of table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Records(RecordColumns),
    Items(ItemColumns),
    /// The columns of the vectors; names stand in the first one.
    Vectors(Vec<usize>),
}

/// The name in lower case, letters and digits only.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a column of this name holds, if the name is a known word, alone or as in `user_id`, `track name`, `plays`.
pub(super) fn role(name: &str) -> Option<Role> {
    let name = plain(name);
    let is = |words: &[&str]| {
        let stems = ["", "id", "ids", "name", "title", "key", "uri", "code"];
        let mut stems = stems.iter().filter_map(|end| name.strip_suffix(end));
        stems.any(|stem| {
            words.contains(&stem) || stem.strip_suffix('s').is_some_and(|one| words.contains(&one))
        })
    };
    if is(&COLLECTION) {
        Some(Role::Collection)
    } else if is(&ITEM) {
        Some(Role::Item)
    } else {
        weight_rank(&name).map(|_| Role::Weight)
    }
}

/// How good a word for the weight this plain name is; 0 is best.
fn weight_rank(plain: &str) -> Option<usize> {
    WEIGHT.iter().position(|&word| plain == word || plain.strip_suffix('s') == Some(word))
}

/// How to read a file that starts with these rows (blank ones left out; at least one).
pub(super) fn plan(sample: &[Vec<String>]) -> Plan {
    let first = sample.first().map(Vec::as_slice).unwrap_or_default();
    let has_header = is_header(sample);
    let rows = &sample[usize::from(has_header)..];
    let layout = match vector_columns(if has_header { first } else { &[] }, first.len(), rows) {
        Some(columns) => Layout::Vectors(columns),
        None if has_header => layout(first, rows),
        None => memberships(0, 1, None),
    };
    let given: Vec<&str> = match has_header {
        true => first.iter().map(String::as_str).collect(),
        false => {
            let known: &[&str] =
                if matches!(layout, Layout::Vectors(_)) { &["item"] } else { &["collection", "item"] };
            (0..first.len()).map(|i| known.get(i).copied().unwrap_or("")).collect()
        }
    };
    let columns = distinct(&given);
    let row_columns = match layout {
        Layout::Records(RecordColumns { collection, item, weight, .. }) => {
            let taken: Vec<usize> = [collection, item].into_iter().chain(weight).collect();
            row_columns::detect(&columns, rows, &taken)
        }
        Layout::Items(_) | Layout::Vectors(_) => Vec::new(),
    };
    Plan { has_header, layout, columns, row_columns }
}

fn memberships(collection: usize, item: usize, weight: Option<usize>) -> Layout {
    Layout::Records(RecordColumns {
        kind: RecordKind::Memberships,
        collection,
        item,
        weight,
        distances: false,
    })
}

fn linked(from: usize, to: usize, weight: Option<usize>, distances: bool) -> Layout {
    let kind = RecordKind::Edges;
    Layout::Records(RecordColumns { kind, collection: from, item: to, weight, distances })
}

/// Whether the first row names the columns. The first rule that fits decides:
/// 1. It names both a collection and an item: yes.
/// 2. One of its first two cells stands again in the same column: no, names of columns are not data.
/// 3. One of its first two cells is a known word for a collection or an item, or two cells name the ends of a link, or
///    an item and its neighbor: yes.
/// 4. One of its first two cells is a number: no.
/// 5. Some column holds only numbers below a first cell that is none: yes.
/// 6. One of its first two cells has a digit and the same shape as at least half of the cells below (`u1` above
///    `u2`, `u17`): no.
/// 7. Otherwise: yes.
fn is_header(sample: &[Vec<String>]) -> bool {
    let Some((first, rest)) = sample.split_first() else { return false };
    let roles: Vec<_> = first.iter().map(|name| role(name)).collect();
    let names = |wanted| roles.contains(&Some(wanted));
    if names(Role::Collection) && names(Role::Item) {
        return true;
    }
    let leading = || first.iter().take(2).enumerate().filter(|(_, cell)| !cell.is_empty());
    let below = |column: usize| rest.iter().filter_map(move |row| row.get(column)).filter(|c| !c.is_empty());
    if leading().any(|(column, cell)| below(column).any(|other| other == cell)) {
        return false;
    }
    let known = |column: usize| matches!(roles[column], Some(Role::Collection | Role::Item));
    let links = || edges::ends(first).is_some() || edges::neighbor_list(first).is_some();
    if leading().any(|(column, _)| known(column)) || links() {
        return true;
    }
    if leading().any(|(_, cell)| number(cell).is_some()) {
        return false;
    }
    let numbers_below = |column: usize| {
        number(&first[column]).is_none()
            && below(column).next().is_some()
            && below(column).all(|cell| number(cell).is_some())
    };
    if (0..first.len()).any(numbers_below) {
        return true;
    }
    let like_data = |column: usize, cell: &str| {
        let shape = shape(cell);
        let same = below(column).filter(|other| self::shape(other) == shape).count();
        cell.contains(|c: char| c.is_ascii_digit()) && same > 0 && 2 * same >= below(column).count()
    };
    !leading().any(|(column, cell)| like_data(column, cell))
}

/// The text with each run of letters as `a` and each run of digits as `9`.
fn shape(text: &str) -> String {
    let class = |c: char| match c {
        c if c.is_alphabetic() => 'a',
        c if c.is_numeric() => '9',
        c => c,
    };
    let mut out: Vec<char> = text.chars().map(class).collect();
    out.dedup();
    out.into_iter().collect()
}

/// Which column is which, by the names in the header.
///
/// An items table has its item in the first column and no collection column; a header `item` with a `label` or
/// `category` is one even if another column's name is a word for a collection. With another word than `item`
/// (`film,actor`) it takes three columns and no repeated key, else these are rows. One that names a neighbor and a distance
/// beside the item is none: these are each item's nearest.
fn layout(header: &[String], rest: &[Vec<String>]) -> Layout {
    let plain: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let roles: Vec<_> = header.iter().map(|name| role(name)).collect();
    let columns = 0..header.len();
    let first_with = |wanted, taken: Option<usize>| {
        columns.clone().find(|&i| Some(i) != taken && roles[i] == Some(wanted))
    };
    let generic = plain.iter().position(|name| name == "item" || name == "itemid");
    let described = plain.iter().any(|name| name == "label" || name == "category");
    let exact = plain.iter().position(|name| name == "collection");
    let collection = exact.or_else(|| first_with(Role::Collection, None));
    let item = generic.or_else(|| first_with(Role::Item, collection));

    if let (Some([from, to, distance]), false) = (edges::neighbor_list(header), described) {
        return linked(from, to, Some(distance), true);
    }
    let is_items = match (generic, item, collection) {
        (Some(generic), _, None) => generic == 0 || described,
        (Some(0), _, Some(_)) => described && exact.is_none(),
        (None, Some(0), None) => header.len() > 2 && !repeats(rest, 0),
        _ => false,
    };
    if let (true, Some(key)) = (is_items, item) {
        let named = |word: &&str| plain.iter().position(|name| name == word).filter(|&i| i != key);
        return Layout::Items(ItemColumns { key, label: LABEL.iter().find_map(named) });
    }

    let weight_beside = |taken: [usize; 2]| {
        let rest = columns.clone().filter(|i| !taken.contains(i));
        rest.filter_map(|i| Some((weight_rank(&plain[i])?, i))).min().map(|(_, i)| i)
    };
    if let (Some([from, to]), false) = (edges::ends(header), collection.is_some() && item.is_some()) {
        let weight = weight_beside([from, to]);
        let distance = edges::distance(header).filter(|_| weight.is_none());
        return linked(from, to, weight.or(distance), distance.is_some());
    }

    // What no word decides: the first column that is not taken and does not look like a weight or a time.
    let free = |taken: Option<usize>| {
        let other = |&i: &usize| Some(i) != taken;
        let named = |i: &usize| roles[*i] == Some(Role::Weight) || OTHER.contains(&plain[*i].as_str());
        let mut left = columns.clone().filter(other);
        left.clone().find(|i| !named(i)).or_else(|| left.next()).unwrap_or(0)
    };
    let (collection, item) = match (collection, item) {
        (Some(collection), Some(item)) => (collection, item),
        (Some(collection), None) => (collection, free(Some(collection))),
        // `film,actor`: of two words for items, the first is the owner.
        (None, Some(0)) => (0, first_with(Role::Item, Some(0)).unwrap_or_else(|| free(Some(0)))),
        (None, Some(item)) => (free(Some(item)), item),
        (None, None) => (0, 1),
    };
    memberships(collection, item, weight_beside([collection, item]))
}

/// The columns of vectors, if that is what the table holds: see [`vectors`]. Not where the header says otherwise: it
/// names both a collection and an item, both ends of a link, or what describes an item.
fn vector_columns(header: &[String], n_columns: usize, rows: &[Vec<String>]) -> Option<Vec<usize>> {
    const DESCRIBES: [&str; 5] = ["label", "category", "class", "cluster", "group"];
    let has = |wanted| header.iter().any(|name| role(name) == Some(wanted));
    let said = has(Role::Collection) && has(Role::Item)
        || edges::ends(header).is_some()
        || header.iter().any(|name| DESCRIBES.contains(&plain(name).as_str()));
    if said || repeats(rows, 0) { None } else { vectors::numeric_columns(n_columns, rows) }
}

/// Whether a column holds the same text twice.
fn repeats(rows: &[Vec<String>], column: usize) -> bool {
    let mut seen = HashSet::new();
    !rows.iter().filter_map(|row| row.get(column)).all(|cell| seen.insert(cell))
}

/// Names for the columns, all different: a blank one becomes `column 3`, a second `year` becomes `year (2)`.
fn distinct(given: &[&str]) -> Vec<String> {
    let mut used: HashSet<String> = HashSet::new();
    let mut out = Vec::with_capacity(given.len());
    for (i, name) in given.iter().enumerate() {
        let base = if name.trim().is_empty() { format!("column {}", i + 1) } else { name.trim().to_owned() };
        let again = (2..).map(|n| format!("{base} ({n})"));
        // At most one candidate per name before it is taken, so one is free.
        let name =
            std::iter::once(base.clone()).chain(again).find(|name| !used.contains(name)).unwrap_or(base);
        used.insert(name.clone());
        out.push(name);
    }
    out
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
