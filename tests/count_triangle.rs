//! Few items that meet often are counted by pairs (`count/triangle.rs`) where both ends of a pair weigh the same, and by
//! rows where weights are multiplied: with weights of 1 both are the same, to the bit.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, collect};
use archipelago::count::{CountOptions, Normalization, PairWeight, Similarity, count, initialize};
use common::{Dice, bits, on_any_threads, records_of};

#[test]
fn by_pairs_and_by_rows_are_the_same() {
    let mut dice = Dice::new(13);
    let pairs: Vec<[usize; 2]> = (0..6000).map(|k| [k % 300, dice.below(70)]).collect();
    let records = records_of(&pairs, Some(vec![1.0; pairs.len()]));
    let mut collections = collect(&records, &CollectOptions { min_collections: 1 }).unwrap();
    // The weights of a pair that comes twice were added.
    collections.by_collection.values.fill(1.0);
    collections.by_item.values.fill(1.0);
    for similarity in [Similarity::Cosine, Similarity::Jaccard, Similarity::IdfCosine, Similarity::Latent] {
        for normalization in [Normalization::None, Normalization::InverseSize, Normalization::InverseLog] {
            let options = |pair_weight| CountOptions {
                pair_weight,
                similarity,
                dissimilarity: similarity.usual_dissimilarity(),
                normalization,
                max_neighbors: 20,
                ..Default::default()
            };
            let by_pairs = on_any_threads(|| {
                let mut status = initialize(&collections, &options(PairWeight::One)).unwrap();
                // Steps of uneven lengths.
                while status.done() < collections.n_items() {
                    status.run(&collections, status.done() * 2 + 3);
                }
                let lists = status.finish().unwrap();
                (bits(&lists.values), lists.columns, lists.offsets)
            });
            let by_rows = count(&collections, &options(PairWeight::Product)).unwrap();
            let by_rows = (bits(&by_rows.values), by_rows.columns, by_rows.offsets);
            assert!(by_pairs == by_rows, "{similarity:?}, {normalization:?}");
        }
    }
}
