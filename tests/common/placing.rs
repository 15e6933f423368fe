//! Groups of items, maps of them, and what is placed there.

use super::Dice;
use archipelago::csr::Csr;
use archipelago::place;
use archipelago::read::Records;
use archipelago::recipe::Recipe;
use archipelago::run::Map;

pub const GROUPS: usize = 4;
pub const SIZE: usize = 24;

/// Collections of six items, mostly of one group; item `g-i` is number i of group g.
pub fn grouped(wanted: impl Fn(usize, usize) -> bool) -> String {
    let mut dice = Dice::new(3);
    let mut text = String::from("user,item,weight\n");
    for user in 0..900 {
        for _ in 0..6 {
            let group = if dice.below(12) == 0 { dice.below(GROUPS) } else { user % GROUPS };
            let (item, weight) = (dice.below(SIZE), 1 + dice.below(5));
            if wanted(group, item) {
                text += &format!("u{user},{group}-{item},{weight}\n");
            }
        }
    }
    text
}

/// The default recipe with some options changed.
pub fn recipe(options: &[&str]) -> Recipe {
    options.iter().fold(Recipe::default(), |recipe, option| recipe.with(option).unwrap())
}

/// All at once.
pub fn places(map: &Map, weights: &Csr<f32>) -> Vec<f32> {
    let mut status = place::initialize(map, weights);
    status.run_all();
    status.places()
}

/// The share of the 8 points of the map nearest to `at` whose name begins as `group` says.
pub fn share(map: &Map, old: &Records, at: &[f32], group: &str) -> f64 {
    let far = |i: usize| (map.layout[2 * i] - at[0]).hypot(map.layout[2 * i + 1] - at[1]);
    let mut order: Vec<usize> = (0..map.collections.n_items()).collect();
    order.sort_by(|&a, &b| far(a).total_cmp(&far(b)));
    let name = |i: usize| old.items.get(map.collections.items[i]);
    order.iter().take(8).filter(|&&i| name(i).starts_with(group)).count() as f64 / 8.0
}

/// Ways to a map, one of each kind.
pub fn ways() -> Vec<Recipe> {
    let few = ["project.iterations=150", "project.epochs=100", "embed.maxIterations=60"];
    let of = |options: &[&str]| recipe(&[&few[..], options].concat());
    vec![
        of(&[]),
        of(&["project.degreesOfFreedom=0.7"]),
        of(&["project.method=umap"]),
        of(&[
            "project.method=umap",
            "project.from=embedding",
            "count.dissimilarity=inverse",
            "count.similarity=raw",
        ]),
        of(&["project.method=mde"]),
        of(&["project.method=pca"]),
    ]
}
