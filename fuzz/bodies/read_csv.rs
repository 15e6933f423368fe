/// Any bytes give a table or an error with a message, the same however they are cut; a table keeps its promises.
pub fn read_csv(data: &[u8]) {
    use archipelago::read::{ColumnValues, MISSING, Reader, RecordKind, Table};

    // The first byte says how to cut.
    let (&cut, bytes) = data.split_first().unwrap_or((&0, data));
    let read = |chunk: usize| {
        let mut reader = Reader::new("fuzz.csv");
        bytes.chunks(chunk).try_for_each(|part| reader.push(part))?;
        reader.finish()
    };
    let table = read(bytes.len().max(1));
    assert_eq!(format!("{table:?}"), format!("{:?}", read(usize::from(cut) + 1)), "the cuts change nothing");
    match table {
        Err(error) => assert!(!error.to_string().is_empty() && error.place.is_some()),
        Ok(Table::Records(records)) => {
            let n_items = records.items.len() as u32;
            let n_collections = match records.kind {
                RecordKind::Memberships => records.collections.len() as u32,
                RecordKind::Edges | RecordKind::Vectors => n_items,
            };
            assert!(records.kind == RecordKind::Memberships || records.collections.is_empty());
            let vectors = &records.vectors;
            assert_eq!(vectors.values.len(), n_items as usize * vectors.dim * usize::from(vectors.dim > 0));
            assert!(vectors.values.iter().all(|value| value.is_finite()));
            assert_eq!(vectors.dim, vectors.columns.len());
            let kept = match records.kind {
                RecordKind::Vectors => n_items as usize,
                _ => records.rows.len(),
            };
            assert!(kept > 0);
            assert_eq!(records.rows.is_empty(), records.kind == RecordKind::Vectors);
            assert!(records.rows.iter().all(|row| row[0] < n_collections && row[1] < n_items));
            assert_eq!(kept as u64, records.info.rows - records.info.skipped_rows);
            if let Some(weights) = &records.weights {
                assert_eq!(weights.len(), records.rows.len());
                assert!(weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0));
            }
            for column in &records.columns {
                assert_eq!(column.values.len(), records.rows.len(), "{}", column.name);
                assert!(column.origin.is_finite() && column.values.iter().all(|v| v.is_finite() || v.is_nan()));
            }
            let mut names = records.collections.iter().chain(records.items.iter());
            assert!(names.all(|name| !name.is_empty() && name.trim() == name));
        }
        Ok(Table::Items(items)) => {
            assert_eq!(items.keys.len() as u64, items.info.rows - items.info.skipped_rows);
            assert_eq!(items.labels.len(), items.keys.len());
            for column in &items.columns {
                let n = match &column.values {
                    ColumnValues::Number(numbers) => numbers.len(),
                    ColumnValues::Category { codes, categories } => {
                        assert!(codes.iter().all(|&code| code == MISSING || (code as usize) < categories.len()));
                        codes.len()
                    }
                };
                assert_eq!(n, items.keys.len(), "{}", column.name);
            }
        }
    }
}
