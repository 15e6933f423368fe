//! Counting against its slow twin: the whole co-occurrence matrix, by the formulas as they stand in the
//! documentation, in f64. For every pair weight, normalization and similarity.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::collect::{CollectOptions, Collections, EntryColumn, collect};
use archipelago::count::{CountOptions, Dissimilarity, Edges, Normalization, PairWeight, Similarity, count};
use archipelago::csr::Csr;
use archipelago::read::RowColumnKind;
use common::{Dice, bits, on_any_threads, records_of, zipf_pairs};
use proptest::prelude::*;

const PAIR_WEIGHTS: [PairWeight; 5] =
    [PairWeight::One, PairWeight::Product, PairWeight::Closeness, PairWeight::Gaussian, PairWeight::HalfLife];
const NORMALIZATIONS: [Normalization; 3] =
    [Normalization::None, Normalization::InverseSize, Normalization::InverseLog];
const DISSIMILARITIES: [Dissimilarity; 5] = [
    Dissimilarity::InverseLog,
    Dissimilarity::InverseLogPlusOne,
    Dissimilarity::Inverse,
    Dissimilarity::OneMinus,
    Dissimilarity::NegativeLog,
];

/// One row of a collection: its item, its weight, the value of its column (NaN: none).
#[derive(Clone, Copy)]
struct Entry(usize, f64, f64);

fn entries(collections: &Collections) -> Vec<Vec<Entry>> {
    let all = &collections.by_collection;
    let value = |e: usize| collections.row_columns.first().map_or(0.0, |c| c.origin + f64::from(c.values[e]));
    let row = |c: usize| {
        let entry = |e: usize| Entry(all.columns[e] as usize, f64::from(all.values[e]), value(e));
        (all.offsets[c]..all.offsets[c + 1]).map(entry).collect()
    };
    (0..all.n_rows()).map(row).collect()
}

/// The curve of the documentation, by trying every piece.
fn read_off(curve: Option<&Vec<[f64; 2]>>, x: f64) -> f64 {
    let Some(curve) = curve else { return x };
    if x >= curve[curve.len() - 1][0] {
        return curve[curve.len() - 1][1];
    }
    let piece = curve.windows(2).find(|p| p[0][0] <= x && x < p[1][0]);
    piece.map_or(0.0, |p| p[0][1] + (p[1][1] - p[0][1]) * (x - p[0][0]) / (p[1][0] - p[0][0]))
}

fn pair_weight(options: &CountOptions, a: Entry, b: Entry) -> f64 {
    let apart = (a.2 - b.2).abs();
    let r = if apart == 0.0 { 0.0 } else { apart / a.2.abs().max(b.2.abs()) };
    let weight = match options.pair_weight {
        PairWeight::One => 1.0,
        PairWeight::Product => {
            let curve = options.rating_curve.as_ref();
            read_off(curve, a.1) * read_off(curve, b.1)
        }
        PairWeight::Closeness => (2.0 * (1.0 - r / options.range)).max(0.0),
        PairWeight::Gaussian => (-(r / options.range).powi(2) / 2.0).exp(),
        PairWeight::HalfLife => 0.5f64.powf(apart / options.half_life),
        PairWeight::Formula => unreachable!("its own tests have it"),
    };
    if weight.is_nan() { 0.0 } else { weight }
}

/// The amount of a row in similarities against chance.
fn amount(options: &CountOptions, a: Entry) -> f64 {
    match options.pair_weight {
        PairWeight::One => 1.0,
        PairWeight::Product => read_off(options.rating_curve.as_ref(), a.1),
        _ => f64::from(u8::from(!a.2.is_nan())),
    }
}

/// G2 as 2 sum observed ln(observed / expected) over the four cells.
fn log_likelihood(both: f64, one: f64, other: f64, total: f64) -> f64 {
    let cells = [
        (both, one * other),
        (one - both, one * (total - other)),
        (other - both, (total - one) * other),
        (total - one - other + both, (total - one) * (total - other)),
    ];
    let sum: f64 = cells
        .iter()
        .filter(|(x, margins)| *x > 0.0 && *margins > 0.0)
        .map(|(x, margins)| x * (x / (margins / total)).ln())
        .sum();
    if both * total < one * other { -2.0 * sum.max(0.0) } else { 2.0 * sum.max(0.0) }
}

/// All similarities, n x n.
fn similarities(collections: &Collections, options: &CountOptions) -> Vec<Vec<f64>> {
    let n = collections.n_items();
    let collected = entries(collections);
    let factor = |size: usize| {
        let n_or_two = size.max(2) as f64;
        let idf = match options.similarity {
            Similarity::IdfCosine => ((1.0 + n as f64) / (0.5 + size as f64)).ln(),
            _ => 1.0,
        };
        idf * idf
            * match options.normalization {
                Normalization::None => 1.0,
                Normalization::InverseSize => 1.0 / (n_or_two - 1.0),
                Normalization::InverseLog => 1.0 / n_or_two.ln(),
            }
    };
    let mut c = vec![vec![0.0; n]; n];
    let (mut marginals, mut total, mut largest) = (vec![0.0; n], 0.0, 0.0f64);
    let (mut pairs, mut pair_sum) = (0.0, 0.0);
    for rows in collected.iter().filter(|rows| !rows.is_empty()) {
        let f = factor(rows.len());
        total += f;
        for &a in rows {
            marginals[a.0] += f * amount(options, a);
            largest = largest.max(amount(options, a));
            for &b in rows {
                c[a.0][b.0] += f * pair_weight(options, a, b);
                if a.0 != b.0 {
                    pairs += f * amount(options, a) * amount(options, b);
                    pair_sum += f * pair_weight(options, a, b);
                }
            }
        }
    }
    let largest = if largest > 0.0 { largest } else { 1.0 };
    let mean = if pair_sum > 0.0 { pair_sum / pairs } else { 1.0 };
    // In which units the table of pairs and of items is.
    let (pair_unit, unit) = match options.pair_weight {
        PairWeight::One => (1.0, 1.0),
        PairWeight::Product => (largest * largest, largest),
        _ => (mean, 1.0),
    };
    let of = |i: usize, j: usize| {
        let pair: f64 = c[i][j];
        let (both, one, other) = (pair / pair_unit, marginals[i] / unit, marginals[j] / unit);
        let lift = (both + options.smoothing) / (one * other / total + options.smoothing);
        match options.similarity {
            _ if pair == 0.0 => 0.0,
            Similarity::Raw => pair,
            Similarity::Cosine | Similarity::IdfCosine => pair / (c[i][i] * c[j][j]).sqrt(),
            Similarity::Jaccard => pair / (c[i][i] + c[j][j] - pair),
            Similarity::Conditional => pair / c[i][i],
            Similarity::Pmi => lift.ln(),
            Similarity::PositivePmi => lift.ln().max(0.0),
            Similarity::Lift => lift,
            Similarity::LogLikelihood => log_likelihood(both, one, other, total),
            Similarity::Latent => unreachable!("its own tests have it"),
        }
    };
    (0..n).map(|i| (0..n).map(|j| if i == j { 0.0 } else { of(i, j) }).collect()).collect()
}

fn length(dissimilarity: Dissimilarity, x: f64) -> Option<f64> {
    match dissimilarity {
        Dissimilarity::InverseLog => (x > 2.0).then(|| 1.0 / x.ln()),
        Dissimilarity::InverseLogPlusOne => (x >= 1e-6).then(|| 1.0 / (1.0 + x).ln()),
        Dissimilarity::Inverse => (x >= 1e-6).then(|| 1.0 / x),
        Dissimilarity::OneMinus => (x > 0.0).then(|| (1.0 - x).max(1e-4)),
        Dissimilarity::NegativeLog => (x > 0.0).then(|| (-x.ln()).max(1e-4)),
    }
}

/// Compares [`count`] with its twin, up to rounding; then shorter lists with the beginning of the long ones.
fn matches_twin(collections: &Collections, options: &CountOptions) {
    let n = collections.n_items();
    let options = CountOptions { max_neighbors: n as u32, ..options.clone() };
    let want = similarities(collections, &options);
    let found = match count(collections, &options) {
        Ok(lists) => lists,
        Err(error) => {
            assert_eq!(error.code(), "no-edges");
            Csr { offsets: vec![0; n + 1], ..Csr::default() }
        }
    };
    for i in 0..n {
        let (others, lengths) = found.row(i);
        let mut seen = vec![None; n];
        for (e, (&j, &d)) in others.iter().zip(lengths).enumerate() {
            assert!(seen[j as usize].replace(d).is_none(), "twice in a row");
            if e > 0 {
                assert!(lengths[e - 1] <= d, "{options:?} row {i}: nearest first");
                let tie = want[i][others[e - 1] as usize] == want[i][j as usize] && lengths[e - 1] == d;
                let exact = matches!(options.similarity, Similarity::Raw)
                    && options.pair_weight == PairWeight::One
                    && options.normalization == Normalization::None;
                assert!(!(tie && exact) || others[e - 1] < j, "{options:?} row {i}: ties by lower id");
            }
        }
        for j in 0..n {
            let x = want[i][j];
            match (seen[j], length(options.dissimilarity, x)) {
                (None, None) => {}
                // Within rounding of the edge of the domain.
                (Some(d), None) => assert!(
                    x > -1e-4 && (x < 1e-4 || (x - 2.0).abs() < 1e-4),
                    "{options:?} {i} {j}: {d}, not none for {x}"
                ),
                (None, Some(_)) => {
                    assert!(x < 1e-4 || (x - 2.0).abs() < 1e-4, "{options:?} {i} {j}: none, not for {x}");
                }
                (Some(found), Some(want)) => {
                    // How much an error of 3e-6 (1 + x) in the similarity may move the length. The log-likelihood ratio of an
                    // empty cell turns its rounding r into 2 r ln r.
                    let rounding = if options.similarity == Similarity::LogLikelihood { 3e-5 } else { 3e-6 };
                    let slack = rounding * (1.0 + x);
                    let near = length(options.dissimilarity, x + slack).unwrap_or(0.0);
                    let far = length(options.dissimilarity, x - slack).unwrap_or(f64::INFINITY);
                    let d = f64::from(found);
                    assert!(
                        near - 1e-6 * want <= d && d <= far * (1.0 + 1e-6),
                        "{options:?} {i} {j}: {d}, not {want}"
                    );
                }
            }
        }
    }
    for keep in [1, 3] {
        let Ok(short) = count(collections, &CountOptions { max_neighbors: keep, ..options.clone() }) else {
            continue;
        };
        for i in 0..n {
            let (long, keep) = (found.row(i), (keep as usize).min(found.row(i).0.len()));
            assert_eq!(short.row(i), (&long.0[..keep], &long.1[..keep]), "{options:?} row {i}, {keep} kept");
        }
    }
}

/// Kept items of rows with weights and a column; about one value in nine is missing.
fn collections_of(rows: &[(usize, usize, u8, f32)], min_collections: u32) -> Option<Collections> {
    let pairs: Vec<[usize; 2]> = rows.iter().map(|r| [r.0, r.1]).collect();
    let weights = rows.iter().map(|r| f32::from(r.2) / 4.0).collect();
    let mut found = collect(&records_of(&pairs, Some(weights)), &CollectOptions { min_collections }).ok()?;
    let values = (0..found.by_collection.len())
        .map(|e| rows[e % rows.len()].3)
        .map(|v| if v > 8.0 { f32::NAN } else { v });
    let values = values.collect();
    let kind = RowColumnKind::Number;
    found.row_columns = vec![EntryColumn { name: "pp".to_owned(), kind, origin: 5.0, values }];
    // The same entries the other way round, as collect gives them.
    let ids = (0..found.by_collection.len() as u32).collect();
    let numbered = Csr {
        offsets: found.by_collection.offsets.clone(),
        columns: found.by_collection.columns.clone(),
        values: ids,
    };
    found.entry_of = numbered.transpose(found.n_items()).values;
    Some(found)
}

/// Rows of up to 8 collections and 12 items, some repeated, with weights 0 to 3.
fn rows() -> impl Strategy<Value = Vec<(usize, usize, u8, f32)>> {
    prop::collection::vec((0..8usize, 0..12usize, 0..13u8, 0.0..9.0f32), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_choice_is_its_dense_twin(rows in rows(), min_collections in 1..3u32, curve in any::<bool>(), smooth in any::<bool>()) {
        let Some(collections) = collections_of(&rows, min_collections) else { return Ok(()) };
        let rating_curve = curve.then(|| vec![[0.5, 0.25], [1.0, 1.0], [2.5, 4.0]]);
        let smoothing = if smooth { 0.5 } else { 0.0 };
        for pair_weight in PAIR_WEIGHTS {
            for normalization in NORMALIZATIONS {
                for similarity in Similarity::ALL.into_iter().filter(|s| *s != Similarity::Latent) {
                    for dissimilarity in DISSIMILARITIES.into_iter().filter(|d| d.check(similarity).is_ok()) {
                        let rating_curve = rating_curve.clone();
                        matches_twin(&collections, &CountOptions {
                            pair_weight, normalization, similarity, dissimilarity, rating_curve, smoothing,
                            half_life: 2.0, ..CountOptions::default()
                        });
                    }
                }
            }
        }
    }

    #[test]
    fn any_weights_are_near_the_twin(rows in rows(), scale in -18..18i32) {
        let Some(mut collections) = collections_of(&rows, 1) else { return Ok(()) };
        collections.by_collection.values.iter_mut().for_each(|w| *w *= 10f32.powi(scale));
        collections.by_item.values.iter_mut().for_each(|w| *w *= 10f32.powi(scale));
        for similarity in [Similarity::Cosine, Similarity::IdfCosine, Similarity::Jaccard] {
            let options = CountOptions { pair_weight: PairWeight::Product, similarity, ..CountOptions::default() };
            matches_twin(&collections, &options);
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let pairs = zipf_pairs(11, 300, 500, 9000);
    let mut dice = Dice::new(12);
    let rows: Vec<_> =
        pairs.iter().map(|p| (p[0], p[1], dice.below(20) as u8, dice.unit() as f32 * 9.0)).collect();
    let collections = collections_of(&rows, 2).unwrap();
    for pair_weight in PAIR_WEIGHTS {
        for similarity in [Similarity::Cosine, Similarity::IdfCosine, Similarity::LogLikelihood] {
            let dissimilarity = similarity.usual_dissimilarity();
            let options = CountOptions {
                pair_weight,
                similarity,
                dissimilarity,
                max_neighbors: 40,
                ..Default::default()
            };
            let lists = on_any_threads(|| {
                let lists = count(&collections, &options).unwrap();
                (bits(&lists.values), lists.columns, lists.offsets)
            });
            assert!(lists.2.windows(2).any(|w| w[1] - w[0] == 40) && collections.n_items() > 200);
        }
    }
}

/// A path 0 - 1 - 2 and a pair 3 - 4 as closed neighborhoods.
fn edges(weight: f32) -> Collections {
    let rows: [&[(u32, f32)]; 5] = [
        &[(0, 2.0), (1, 2.0)],
        &[(0, 2.0), (1, 3.0), (2, 3.0)],
        &[(1, 3.0), (2, 3.0)],
        &[(3, 1.0), (4, 1.0)],
        &[(3, 1.0), (4, 1.0)],
    ];
    let mut by_collection = Csr::default();
    rows.iter().for_each(|row| by_collection.push_row(row.iter().map(|&(j, w)| (j, w * weight))));
    let by_item = by_collection.transpose(5);
    Collections { items: (0..5).collect(), by_collection, by_item, is_edges: true, ..Collections::default() }
}

#[test]
fn edges_count_as_neighborhoods_or_directly() {
    let row = |lists: &Csr<f32>, i: usize| -> Vec<(u32, f32)> {
        lists.row(i).0.iter().copied().zip(lists.row(i).1.iter().copied()).collect()
    };
    // 0 and 2 are both next to 1, so they have a neighborhood in common, though no edge.
    let lists = count(&edges(1.0), &CountOptions::default()).unwrap();
    assert_eq!(lists.row(0).0, [1, 2]);
    let direct = CountOptions {
        edges: Edges::Direct,
        dissimilarity: Dissimilarity::Inverse,
        ..CountOptions::default()
    };
    let lists = count(&edges(1.0), &direct).unwrap();
    assert_eq!(row(&lists, 0), [(1, 0.5)]);
    assert_eq!(row(&lists, 1), [(2, 1.0 / 3.0), (0, 0.5)]);
    assert_eq!(row(&lists, 4), [(3, 1.0)]);
    // 1 - x only where weights are similarities.
    let direct = CountOptions { dissimilarity: Dissimilarity::OneMinus, ..direct };
    let error = count(&edges(1.0), &direct).unwrap_err().to_string();
    assert!(error.contains("count.dissimilarity") && error.contains("edge weights above 1"), "{error}");
    assert_eq!(row(&count(&edges(0.25), &direct).unwrap(), 0), [(1, 0.5)]);
    // Memberships do not mind, but are checked.
    let memberships = Collections { is_edges: false, ..edges(1.0) };
    assert_eq!(count(&memberships, &direct).unwrap(), count(&memberships, &CountOptions::default()).unwrap());
    assert!(count(&memberships, &CountOptions { similarity: Similarity::Raw, ..direct }).is_err());
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let rows: Vec<_> = (0..40).map(|i| (i % 5, i * 7 % 11, 4, i as f32 / 5.0)).collect();
    let collections = collections_of(&rows, 1).unwrap();
    let options = CountOptions { pair_weight: PairWeight::Closeness, ..CountOptions::default() };
    let named = CountOptions { column: Some("stars".to_owned()), ..options.clone() };
    let message = count(&collections, &named).unwrap_err().to_string();
    assert!(message.contains("\"stars\"") && message.contains("\"pp\""), "{message}");
    let named = CountOptions { column: Some("pp".to_owned()), ..options.clone() };
    assert_eq!(count(&collections, &named).unwrap(), count(&collections, &options).unwrap());
    let without = Collections { row_columns: Vec::new(), ..collections };
    let message = count(&without, &options).unwrap_err().to_string();
    assert!(message.contains("no such column"), "{message}");
}
