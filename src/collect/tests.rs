//! Tests of collecting: by hand, and against a slow twin.

use super::*;
use crate::random::{Rng, Use};
use crate::read::{Reader, Table};

fn all_of(text: &str, min_collections: u32) -> Result<(Records, Collections)> {
    let mut reader = Reader::new("rows.csv");
    reader.push(text.as_bytes())?;
    let Table::Records(records) = reader.finish()? else { panic!("rows expected") };
    let collections = collect(&records, &CollectOptions { min_collections })?;
    Ok((records, collections))
}

#[test]
fn closed_neighborhoods_by_hand() {
    // a - b twice, once each way; a - c; d links only to itself.
    let text = "source,target,weight\na,b,2\nb,a,3\na,c,1\nd,d,9\n";
    let (_, found) = all_of(text, 1).unwrap();
    assert!(found.is_edges);
    assert_eq!((found.repeated_rows, found.self_links, found.n_items_read), (1, 1, 4));
    let rows: Vec<_> = (0..4).map(|v| found.by_collection.row(v)).collect();
    assert_eq!(rows[0], (&[0, 1, 2][..], &[5.0, 5.0, 1.0][..]), "a with its heaviest link, b, c");
    assert_eq!(rows[1], (&[0, 1][..], &[5.0, 5.0][..]));
    assert_eq!(rows[2], (&[0, 2][..], &[1.0, 1.0][..]));
    assert_eq!(rows[3], (&[3][..], &[1.0][..]), "alone");
    assert_eq!(all_of(text, 3).unwrap_err().code(), "too-few-items");
    let (_, found) = all_of(text, 2).unwrap();
    assert_eq!(found.items, [0, 1, 2]);
    assert_eq!(found.popularity(), [3, 2, 2], "links and itself");
}

#[test]
fn neighborhoods_without_anything_to_tell_are_errors() {
    assert_eq!(all_of("from,to\na,a\nb,b\n", 1).unwrap_err().code(), "nothing-co-occurs");
    assert_eq!(all_of("from,to\na,b\nb,c\nc,a\n", 1).unwrap_err().code(), "all-the-same");
    assert!(all_of("from,to,weight\na,b,1\nb,c,1\nc,a,2\n", 1).is_ok(), "the weights differ");
}

#[test]
fn a_repeated_pair_keeps_the_values_of_its_heaviest_row() {
    let text = "user,item,weight,pp\nu,x,1,10\nu,x,3,30\nu,x,3,31\nu,y,1,\nv,y,2,5\nv,x,1,7\nw,y,1,2\n";
    let (_, found) = all_of(text, 1).unwrap();
    assert_eq!(found.row_columns.len(), 1);
    let column = &found.row_columns[0];
    let values: Vec<f64> = (0..4).map(|entry| column.value(entry)).collect();
    assert_eq!((values[0], values[2], values[3]), (30.0, 7.0, 5.0));
    assert!(values[1].is_nan());
    assert_eq!(found.by_collection.values, [7.0, 1.0, 1.0, 2.0, 1.0]);
    assert_eq!(found.entry_of, [0, 2, 1, 3, 4]);
    assert_eq!(found.weight_name.as_deref(), Some("weight"));
    let (_, found) = all_of("from,to,day\na,b,3\nc,a,4\n", 1).unwrap();
    let days: Vec<f64> = (0..7).map(|entry| found.row_columns[0].value(entry)).collect();
    assert_eq!(days, [3.0, 3.0, 4.0, 3.0, 3.0, 4.0, 4.0], "of equal links, the first is the heaviest");
}

/// Every entry looked up in the rows, one by one.
#[test]
fn the_slow_twin_agrees_on_random_rows() {
    for seed in 0..60 {
        let mut rng = Rng::stream(seed, Use::Test, 0);
        let header = if seed % 2 == 0 { "source,target,weight,x" } else { "user,item,weight,x" };
        let mut text = format!("{header}\n");
        for _ in 0..rng.below(40) + 5 {
            text += &format!("{},{},{},{}\n", rng.below(8), rng.below(8), rng.below(4), rng.below(100));
        }
        let min = 1 + rng.below(3);
        let Ok((records, found)) = all_of(&text, min) else { continue };
        let weights = records.weights.as_ref().unwrap();
        let is_edges = records.kind == RecordKind::Edges;
        let n_rows = if is_edges { records.items.len() } else { records.collections.len() };
        let rows_of = |c: u32, i: u32| -> Vec<usize> {
            let same = |[a, b]: [u32; 2]| [a, b] == [c, i] || is_edges && [b, a] == [c, i];
            (0..records.rows.len()).filter(|&row| same(records.rows[row])).collect()
        };
        // (weight, row to take the values from), if there is such an entry.
        let pair = |c: u32, i: u32| -> Option<(f32, usize)> {
            let rows = rows_of(c, i);
            let best = rows.iter().copied().reduce(|a, b| if weights[b] > weights[a] { b } else { a })?;
            Some((rows.iter().map(|&row| weights[row]).sum(), best))
        };
        let entry = |c: u32, i: u32| match is_edges && c == i {
            false => pair(c, i),
            true => {
                let links = (0..n_rows as u32).filter(|&other| other != c).filter_map(|other| pair(c, other));
                let heaviest = links.reduce(|a, b| if b.0 > a.0 { b } else { a });
                Some(heaviest.unwrap_or((1.0, usize::MAX)))
            }
        };
        let all: Vec<u32> = (0..records.items.len() as u32).collect();
        let held = |i: u32| (0..n_rows as u32).filter(|&c| entry(c, i).is_some()).count();
        let items: Vec<u32> = all.into_iter().filter(|&i| held(i) >= min as usize).collect();
        assert_eq!(found.items, items, "{text}");
        let mut at = 0;
        for c in 0..n_rows as u32 {
            for (new, &i) in items.iter().enumerate() {
                let Some((weight, row)) = entry(c, i) else { continue };
                assert_eq!(found.by_collection.columns[at] as usize, new);
                assert_eq!(found.by_collection.values[at], weight, "{c} {i} of {text}");
                let value = records.columns[0].values.get(row).copied().unwrap_or(f32::NAN);
                assert_eq!(found.row_columns[0].values[at].to_bits(), value.to_bits(), "{c} {i} of {text}");
                at += 1;
            }
        }
        assert_eq!(at, found.by_collection.len());
        for (e, (&entry, &weight)) in found.entry_of.iter().zip(&found.by_item.values).enumerate() {
            assert_eq!(found.by_collection.values[entry as usize], weight, "entry {e}");
        }
    }
}
