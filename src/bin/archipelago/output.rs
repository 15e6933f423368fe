//! Files out: the map as CSV or JSON, and the report.

use super::input::io_error;
use super::map::Seconds;
use archipelago::embed::export;
pub use archipelago::embed::export::csv_field;
use archipelago::error::{Error, ErrorKind, Result};
use archipelago::measure::Quality;
use archipelago::read::{ItemTable, Records};
use archipelago::recipe::MAP_VERSION;
use archipelago::run::Map;
use serde_json::{Map as Object, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// The map's axes in files.
const AXES: [&str; 3] = ["x", "y", "z"];

/// Refuses, before any work, a path whose ending is not known or whose folder is not there.
pub fn check_path(path: &Path, endings: &[&str]) -> Result<()> {
    let problem = match path.extension().and_then(|e| e.to_str()) {
        Some(ending) if endings.contains(&ending) => match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                format!("{}: the folder does not exist.", path.display())
            }
            _ => return Ok(()),
        },
        _ => format!("{}: the name must end in .{}.", path.display(), endings.join(" or .")),
    };
    Err(Error::new(ErrorKind::Io { problem }))
}

/// The name and label of each item of the map.
fn names<'a>(map: &'a Map, records: &'a Records, items: Option<&'a ItemTable>) -> Vec<(&'a str, &'a str)> {
    let label = |name: &'a str| {
        let row = items.and_then(|table| table.keys.find(name).map(|row| table.labels.get(row as usize)));
        row.unwrap_or(name)
    };
    map.collections.items.iter().map(|&id| records.items.get(id)).map(|name| (name, label(name))).collect()
}

/// Writes the map: item, label, x, y, in space z, and, where there is one, the embedding's coordinates.
pub fn write_map(path: &Path, map: &Map, records: &Records, items: Option<&ItemTable>) -> Result<()> {
    let names = names(map, records, items);
    // Without an embedding each has none of its coordinates.
    let embedded = |item: usize| map.embedding.get(item * map.dim..(item + 1) * map.dim).unwrap_or_default();
    let positions =
        map.layout.chunks_exact(map.layout_dim).enumerate().map(|(item, at)| (at, embedded(item)));
    let text = if path.extension().is_some_and(|e| e == "json") {
        let points: Vec<Value> = names
            .iter()
            .zip(positions)
            .map(|(&(item, label), (at, e))| {
                let mut point = json!({"item": item, "label": label, "embedding": e});
                AXES.iter().zip(at).for_each(|(axis, v)| point[axis] = json!(v));
                point
            })
            .collect();
        let whole = json!({
            "mapVersion": MAP_VERSION, "mapHash": map.hash(), "recipe": map.recipe.to_value(), "items": points,
        });
        whole.to_string()
    } else {
        let mut text = String::from("item,label");
        AXES[..map.layout_dim].iter().for_each(|axis| _ = write!(text, ",{axis}"));
        (0..map.dim).for_each(|d| _ = write!(text, ",e{}", d + 1));
        text.push('\n');
        for (&(item, label), (at, e)) in names.iter().zip(positions) {
            // Rust prints the shortest digits that read back to the same bits.
            _ = write!(text, "{},{}", csv_field(item), csv_field(label));
            at.iter().chain(e).for_each(|v| _ = write!(text, ",{v}"));
            text.push('\n');
        }
        text
    };
    std::fs::write(path, text).map_err(|e| io_error(path, &e))
}

/// Writes the embedding alone, in the order of the map: NPY, or CSV with names.
pub fn write_embedding(path: &Path, map: &Map, records: &Records, items: Option<&ItemTable>) -> Result<()> {
    let bytes = if path.extension().is_some_and(|e| e == "npy") {
        export::npy(&map.embedding, map.dim)
    } else {
        let labelled = items.is_some();
        let names = names(map, records, items);
        let names = names.iter().map(|&(item, label)| (item, labelled.then_some(label)));
        export::csv(names, &map.embedding, map.dim).into_bytes()
    };
    std::fs::write(path, bytes).map_err(|e| io_error(path, &e))
}

/// Writes sizes, seconds per stage, the average distortion and what the map is worth.
pub fn write_report(
    path: &Path,
    map: &Map,
    records: &Records,
    seconds: &Seconds,
    quality: &Quality,
) -> Result<()> {
    let stages: Object<String, Value> =
        seconds.iter().map(|&(name, s)| (name.to_owned(), json!(s))).collect();
    let report = json!({
        "mapVersion": MAP_VERSION,
        "mapHash": map.hash(),
        "file": { "name": records.info.file, "bytes": records.info.bytes, "hash": records.info.hash },
        "sizes": map.sizes,
        "seconds": stages,
        "averageDistortion": map.average_distortion,
        "divergence": map.divergence,
        "recall": map.recall,
        "loss": map.loss,
        "iterations": map.iterations,
        "hubness": {
            "mutualShare": map.hubness.mutual_share, "topShare": map.hubness.top_share,
            "isolated": map.hubness.isolated,
        },
        "quality": quality,
        "seed": map.recipe.seed,
        "threads": archipelago::parallel::threads(),
        "recipe": map.recipe.to_value(),
    });
    let text = serde_json::to_string_pretty(&report).unwrap_or_default() + "\n";
    std::fs::write(path, text).map_err(|e| io_error(path, &e))
}
