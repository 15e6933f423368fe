//! Layouts by way of a sample: which items it has, how they are linked, where the others begin, and what the layout keeps.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use archipelago::csr::Csr;
use archipelago::graph::nearest::{nearest_neighbors, nearest_within_parts};
use archipelago::pack::Parts;
use archipelago::progress::Stage;
use archipelago::project::sampled::links::Links;
use archipelago::project::sampled::placing::{NEIGHBORS, NEVER, Placing, Rounds};
use archipelago::project::sampled::{initialize, sample};
use archipelago::project::{Method, ProjectOptions, Start};
use archipelago::recipe::Recipe;
use archipelago::run::{Run, map};
use common::{Dice, bits, blobs, on_any_threads, read_records, zipf_csv};

const METHODS: [Method; 2] = [Method::Tsne, Method::Umap];

fn options(method: Method, sample: u32) -> ProjectOptions {
    let (iterations, epochs, n_neighbors) = (200, 100, 15);
    ProjectOptions { method, sample, iterations, epochs, n_neighbors, ..ProjectOptions::default() }
}

/// Four groups of 150 on a square, as wide as they are far apart.
fn groups() -> Vec<f32> {
    blobs(7, &[[0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [4.0, 4.0, 0.0]], 150, 0.8)
}

fn layout(points: &[f32], parts: &Parts, options: &ProjectOptions) -> Vec<f32> {
    let nearest = nearest_within_parts(points, 3, options.wanted_neighbors(), parts);
    let mut status = initialize(points, 3, nearest, parts, options, 1).unwrap();
    let mut before = 0.0;
    while !status.is_done() {
        status.step().unwrap();
        let (share, text) = status.progress();
        assert!(share >= before - 1e-9 && share <= 1.0 && !text.is_empty(), "{share} after {before}");
        assert_eq!(status.layout().len(), points.len() / 3 * 2);
        before = share;
    }
    status.finish().unwrap().finish()
}

#[test]
fn samples_are_different_items_evenly_drawn() {
    for (n, count) in [(1000, 100), (1000, 1000), (50, 3), (10, 0), (10, 99)] {
        let ids = sample(n, count, 5);
        assert_eq!(ids.len(), count.min(n));
        assert!(ids.windows(2).all(|w| w[0] < w[1]) && ids.iter().all(|&i| (i as usize) < n));
    }
    let mut seen = [0u32; 20];
    (0..2000).for_each(|seed| sample(20, 5, seed).iter().for_each(|&i| seen[i as usize] += 1));
    assert!(seen.iter().all(|&times| (420..580).contains(&times)), "{seen:?}");
}

/// Shortest paths to all, by relaxing every entry until nothing changes.
fn shortest(nearest: &Csr<f32>, source: usize) -> Vec<f32> {
    let mut distances = vec![f32::INFINITY; nearest.n_rows()];
    distances[source] = 0.0;
    for _ in 0..nearest.n_rows() {
        for (i, j, d) in nearest.triples() {
            distances[j as usize] = distances[j as usize].min(distances[i as usize] + d);
        }
    }
    distances
}

#[test]
fn links_are_paths_to_near_sampled_items() {
    let points = blobs(3, &[[0.0, 0.0, 0.0]], 300, 1.0);
    let nearest = nearest_neighbors(&points, 3, 8);
    let ids = sample(300, 60, 1);
    let mut rank_of = vec![u32::MAX; 300];
    (0..).zip(&ids).for_each(|(rank, &i)| rank_of[i as usize] = rank);
    let lists = on_any_threads(|| {
        let mut links = Links::new(10);
        while links.done() < ids.len() {
            links.step(&nearest, &ids, &rank_of);
        }
        links.finish()
    });
    let (mut shortest_ones, mut all) = (0, 0);
    for (rank, &i) in ids.iter().enumerate() {
        let (columns, lengths) = lists.row(rank);
        let exact = shortest(&nearest, i as usize);
        assert_eq!(columns.len(), 10, "there are enough within four steps");
        assert!(lengths.windows(2).all(|w| w[0] <= w[1]) && !columns.contains(&(rank as u32)));
        for (&j, &d) in columns.iter().zip(lengths) {
            assert!(d >= exact[ids[j as usize] as usize], "a path");
            shortest_ones += usize::from(d <= 1.1 * exact[ids[j as usize] as usize]);
            all += 1;
        }
        // Sampled items that it lists itself are found at the lists' own distance, or nearer.
        for (&j, &d) in nearest.row(i as usize).0.iter().zip(nearest.row(i as usize).1) {
            let listed = columns.iter().position(|&r| ids[r as usize] == j);
            assert!(rank_of[j as usize] == u32::MAX || listed.is_none_or(|at| lengths[at] <= d));
        }
    }
    assert!(shortest_ones * 10 > 9 * all, "{shortest_ones} of {all}");
}

/// Rounds and medians as they are written.
fn slow_places(nearest: &Csr<f32>, rank_of: &[u32], sample: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let n = rank_of.len();
    let mut places: Vec<Option<[f32; 2]>> =
        rank_of.iter().map(|&rank| sample.get(rank as usize).copied()).collect();
    loop {
        let before = places.clone();
        for i in (0..n).filter(|&i| before[i].is_none()) {
            let near: Vec<[f32; 2]> =
                nearest.row(i).0.iter().filter_map(|&j| before[j as usize]).take(NEIGHBORS).collect();
            if !near.is_empty() {
                let median = |c: usize| {
                    let mut axis: Vec<f32> = near.iter().map(|p| p[c]).collect();
                    axis.sort_by(f32::total_cmp);
                    let middle = axis.len() / 2;
                    if axis.len() % 2 == 1 { axis[middle] } else { 0.5 * (axis[middle - 1] + axis[middle]) }
                };
                places[i] = Some([0, 1].map(median));
            }
        }
        if places == before {
            return places.into_iter().map(Option::unwrap_or_default).collect();
        }
    }
}

#[test]
fn others_begin_at_the_median_of_their_neighbors() {
    let mut dice = Dice::new(4);
    for (n, k, count) in [(300, 6, 12), (300, 3, 2), (40, 2, 1), (90, 20, 89), (40_000, 5, 300)] {
        // Lists of any items but the last ones, which nobody lists and which list each other only.
        let near = |i: usize, dice: &mut Dice| {
            if i < n - 3 { dice.below(n - 3) } else { n - 3 + (i + 1 - (n - 3)) % 3 }
        };
        let mut nearest = Csr::default();
        (0..n).for_each(|i| {
            let row: Vec<_> = (0..k).map(|e| (near(i, &mut dice) as u32, e as f32)).collect();
            nearest.push_row(row);
        });
        let mut rank_of = vec![u32::MAX; n];
        (0..).zip(sample(n - 3, count, 2)).for_each(|(rank, i)| rank_of[i as usize] = rank);
        let at: Vec<[f32; 2]> = (0..count).map(|_| [dice.unit() as f32, dice.unit() as f32]).collect();
        let (leader, layout) = on_any_threads(|| {
            let mut rounds = Rounds::new(&rank_of);
            while !rounds.is_done() {
                rounds.step(&nearest);
            }
            assert!(rounds.round_of[n - 3..] == [NEVER; 3] || count >= n - 3);
            let mut placing = Placing::new(&rounds, at.as_flattened(), 2);
            while !placing.is_done() {
                placing.step(&nearest, &rounds.round_of);
            }
            (rounds.leader, placing.layout)
        });
        assert_eq!(layout, slow_places(&nearest, &rank_of, &at).as_flattened(), "{n}");
        assert!(leader.iter().zip(&rank_of).all(|(&l, &r)| r == u32::MAX || l == r));
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let (points, parts) = (groups(), Parts::whole(600));
    for method in METHODS {
        on_any_threads(|| bits(&layout(&points, &parts, &options(method, 150))));
    }
}

/// The share of the 10 nearest that are kept, and of those that are of the item's own group.
fn kept(points: &[f32], layout: &[f32]) -> [f64; 2] {
    let (there, here) = (nearest_neighbors(points, 3, 10), nearest_neighbors(layout, 2, 10));
    let n = there.n_rows();
    let same = |i: usize| here.row(i).0.iter().filter(|j| there.row(i).0.contains(j)).count();
    let own = here.triples().filter(|&(i, j, _)| i / 150 == j / 150).count();
    [(0..n).map(same).sum::<usize>() as f64 / here.len() as f64, own as f64 / here.len() as f64]
}

#[test]
fn it_keeps_nearly_what_the_whole_keeps() {
    let (points, parts) = (groups(), Parts::whole(600));
    for method in METHODS {
        let sampled = layout(&points, &parts, &options(method, 150));
        let nearest = nearest_neighbors(&points, 3, options(method, 0).wanted_neighbors());
        let plain = ProjectOptions { exaggeration: 4.0, start: Start::Spectral, ..options(method, 0) };
        let mut status = archipelago::project::initialize(&points, 3, &nearest, &parts, &plain, 1).unwrap();
        status.run(u32::MAX);
        let (sampled, whole) = (kept(&points, &sampled), kept(&points, &status.finish()));
        println!("{method:?}: {sampled:?} by a sample, {whole:?} at once");
        assert!(sampled[0] > 0.9 * whole[0] && sampled[1] > whole[1] - 0.02, "{method:?}");
    }
}

/// Parts with a sampled item and without, and single items.
#[test]
fn parts_have_finite_layouts() {
    let mut points = groups();
    points.truncate(3 * 400);
    let of_item: Vec<u32> = (0..400).map(|i| if i < 350 { 0 } else { 1 + (i as u32 - 350) / 7 }).collect();
    let sizes = (0..9).map(|part| of_item.iter().filter(|&&p| p == part).count() as u32).collect();
    let parts = Parts { of_item, sizes };
    for method in METHODS {
        for start in [Start::Spectral, Start::Random] {
            let options = ProjectOptions { start, ..options(method, 100) };
            let made = layout(&points, &parts, &options);
            assert!(made.len() == 800 && made.iter().all(|v| v.is_finite()), "{method:?} {start:?}");
        }
    }
}

fn recipe(change: &str) -> Recipe {
    let short = Recipe::default().with("project.iterations=40").unwrap().with("project.epochs=20").unwrap();
    short.with(change).unwrap()
}

#[test]
fn as_many_as_there_are_is_the_plain_way() {
    let records = read_records(&zipf_csv(1, 300, 200, 5000));
    for method in ["tsne", "umap"] {
        let plain = recipe(&format!("project.method={method}"));
        let base = map(&records, &plain).unwrap();
        let n = base.collections.n_items();
        assert!(n > 120, "{n}");
        let of =
            |sample: usize| map(&records, &plain.with(&format!("project.sample={sample}")).unwrap()).unwrap();
        assert_eq!((of(n).layout, of(n + 1).layout), (base.layout.clone(), base.layout.clone()));
        let sampled = of(110);
        assert!(sampled.layout.len() == 2 * n && sampled.layout != base.layout);
        assert_eq!(sampled.divergence.is_some(), method == "tsne");
    }
    assert!(recipe("seed=2").with("project.sample=99").is_err());
}

#[test]
fn a_run_by_a_sample_may_change() {
    let records = read_records(&zipf_csv(1, 300, 200, 5000));
    let first = recipe("project.sample=110");
    for (change, goes_on) in [
        ("project.exaggeration=5", true),
        ("project.perplexity=5", false),
        ("project.sample=120", false),
        ("project.sample=0", false),
    ] {
        for phase in ["The sample: 3 of", "7 of"] {
            let mut run = Run::new(first.clone()).unwrap();
            while run.stage() != Stage::Project || !run.progress().text.starts_with(phase) {
                run.step(&records).unwrap();
                assert!(!run.has_layout() || !run.layout().is_empty());
            }
            let other = first.with(change).unwrap();
            run.change(other.clone()).unwrap();
            while run.stage() != Stage::Done {
                run.step(&records).unwrap();
            }
            let made = run.into_map();
            assert_eq!(made.continued, goes_on, "{change}");
            assert!(goes_on || made.layout == map(&records, &other).unwrap().layout, "{change}");
        }
    }
}
