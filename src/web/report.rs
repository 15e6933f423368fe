//! Report: how a map was made and how good it is, as the page shows it.

use crate::measure::Quality;
use crate::parallel;
use crate::progress::Stage;
use crate::read::FileInfo;
use crate::recipe::MAP_VERSION;
use crate::run::Map;
use serde_json::{Map as JsonMap, Value, json};

/// {mapVersion, mapHash, continued, turn, file, sizes, seconds, averageDistortion, divergence (null for UMAP), recall (null but for
/// vectors), loss (null for MDE), iterations, hubness,
/// components, distortions, quality, seed, threads, recipe, memoryBytes}; `seconds` holds the stages that the last run did,
/// `quality` is null until the map is measured.
pub(super) fn report(
    map: &Map,
    info: &FileInfo,
    turn: &[f64],
    quality: Option<&Quality>,
    seconds: &[(Stage, f64)],
) -> Value {
    let seconds: JsonMap<_, _> =
        seconds.iter().filter_map(|(stage, s)| Some((json!(stage).as_str()?.to_owned(), json!(s)))).collect();
    let sizes = &map.sizes;
    json!({
        "mapVersion": MAP_VERSION, "mapHash": map.hash(), "continued": map.continued, "turn": turn,
        "file": { "name": info.file, "bytes": info.bytes, "hash": info.hash },
        "sizes": sizes, "seconds": seconds, "averageDistortion": map.average_distortion,
        "divergence": map.divergence, "recall": map.recall, "loss": map.loss, "iterations": map.iterations,
        "seed": map.recipe.seed, "threads": parallel::threads(),
        "hubness": {
            "mutualShare": map.hubness.mutual_share, "topShare": map.hubness.top_share,
            "isolated": map.hubness.isolated,
        },
        "quality": quality, "distortions": map.recipe.embeds().then_some(&map.distortions),
        "components": {
            "count": sizes.components, "largest": sizes.largest_component, "isolated": sizes.isolated,
        },
        "recipe": map.recipe,
        // WebAssembly's memory never shrinks, so this is the most that was in use since the page started.
        "memoryBytes": core::arch::wasm32::memory_size::<0>() as f64 * 65536.0,
    })
}
