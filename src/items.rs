//! Items: what is known about the points of a map, in the order of the points.

use crate::measure::Labels;
use crate::measure::purity::NO_LABEL;
use crate::names::Names;
use crate::read::{Column, ColumnValues, ItemTable, MISSING, Records, Texts};
use crate::run::Map;

/// Names, labels, popularity and columns of the items of a map, one each per point.
#[derive(Clone, Debug)]
pub struct Items {
    /// The items' names in the data.
    pub names: Texts,
    /// What to show for each: the table's label, else the name.
    pub labels: Texts,
    /// In how many collections each is.
    pub popularity: Vec<u32>,
    /// Columns to color by.
    pub columns: Vec<Column>,
}

impl Items {
    /// The items of `map`, which was made of `records`, as `table` describes them.
    pub fn new(map: &Map, records: &Records, table: Option<&ItemTable>) -> Items {
        let (mut names, mut labels) = (Texts::default(), Texts::default());
        let mut rows = Vec::with_capacity(map.collections.n_items());
        for &id in &map.collections.items {
            let name = records.items.get(id);
            let row = table.and_then(|t| t.keys.find(name));
            let label = table.zip(row).map_or(name, |(t, row)| t.labels.get(row as usize));
            // Texts refuses what passes 4 GiB; the names are parts of tables that did not.
            _ = names.push(name);
            _ = labels.push(label);
            rows.push(row);
        }
        Items { names, labels, popularity: map.collections.popularity(), columns: columns(table, &rows) }
    }

    /// The columns alone.
    pub fn columns(map: &Map, records: &Records, table: Option<&ItemTable>) -> Vec<Column> {
        let row = |&id: &u32| table.and_then(|t| t.keys.find(records.items.get(id)));
        columns(table, &map.collections.items.iter().map(row).collect::<Vec<_>>())
    }
}

/// The columns of two categories or more as labels to measure by.
pub fn labels(columns: &[Column]) -> Vec<Labels<'_>> {
    const { assert!(MISSING == NO_LABEL) };
    let mut out = Vec::new();
    for Column { name, values } in columns {
        if let ColumnValues::Category { codes, categories } = values
            && categories.len() > 1
        {
            out.push(Labels { column: name, codes, n_labels: categories.len() });
        }
    }
    out
}

fn columns(table: Option<&ItemTable>, rows: &[Option<u32>]) -> Vec<Column> {
    table.map_or_else(Vec::new, |t| t.columns.iter().map(|c| in_order(c, rows)).collect())
}

/// The values of `column` at `rows`; categories that no item has are left out.
fn in_order(column: &Column, rows: &[Option<u32>]) -> Column {
    let values = match &column.values {
        ColumnValues::Number(values) => ColumnValues::Number(
            rows.iter().map(|row| row.map_or(f32::NAN, |r| values[r as usize])).collect(),
        ),
        ColumnValues::Category { codes, categories } => {
            let mut used = Names::new();
            let code = |row: &Option<u32>| {
                let old = row.map_or(MISSING, |r| codes[r as usize]);
                if old == MISSING { MISSING } else { used.intern(categories.get(old)).unwrap_or(MISSING) }
            };
            let codes = rows.iter().map(code).collect();
            ColumnValues::Category { codes, categories: used }
        }
    };
    Column { name: column.name.clone(), values }
}
