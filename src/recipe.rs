//! Recipe: every choice that makes a map, and its presets.
//!
//! The same data, recipe and seed give the same map bit for bit. A recipe is written as JSON, one object per stage;
//! keys left out have the default preset's value, unknown ones are refused. This is the only list of options and
//! defaults: the page, links and the command line read it from here.

use crate::collect::CollectOptions;
use crate::count::{CountOptions, Dissimilarity, Edges, Similarity};
use crate::embed::{self, EmbedOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::GraphOptions;
use crate::progress::Stage;
use crate::project::{self, ProjectOptions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Rises whenever the same data, recipe and seed would give other bits.
pub const MAP_VERSION: u32 = 4;

/// The largest seed: the largest whole number that JavaScript keeps exactly.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// Every choice that makes a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Recipe {
    /// Names all random streams; from 0 to 2^53 - 1. Default 1.
    pub seed: u64,
    /// Which items stay.
    pub collect: CollectOptions,
    /// How pairs are counted and compared.
    pub count: CountOptions,
    /// How the neighbor graph is made.
    pub graph: GraphOptions,
    /// How the embedding is made.
    pub embed: EmbedOptions,
    /// How the flat map is made.
    pub project: ProjectOptions,
}

impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            seed: 1,
            collect: CollectOptions::default(),
            count: CountOptions::default(),
            graph: GraphOptions::default(),
            embed: EmbedOptions::default(),
            project: ProjectOptions::default(),
        }
    }
}

impl Recipe {
    /// The presets' names.
    pub const PRESETS: [&'static str; 2] = ["default", "author"];

    /// A preset by name: `default`, or `author`, the recipe of the osu! and anime atlases (raw counts, 1/ln x).
    pub fn preset(name: &str) -> Result<Recipe> {
        match name {
            "default" => Ok(Recipe::default()),
            "author" => Ok(Recipe {
                collect: CollectOptions { min_collections: 5 },
                count: CountOptions {
                    similarity: Similarity::Raw,
                    dissimilarity: Dissimilarity::InverseLog,
                    max_neighbors: 700,
                    ..CountOptions::default()
                },
                graph: GraphOptions { n_neighbors: Some(15), ..GraphOptions::default() },
                embed: EmbedOptions {
                    start: embed::Start::Random,
                    min_decrease: 0.0,
                    ..EmbedOptions::default()
                },
                project: ProjectOptions {
                    method: project::Method::Umap,
                    from: project::NeighborsFrom::Embedding,
                    n_neighbors: 50,
                    min_dist: 0.25,
                    ..ProjectOptions::default()
                },
                ..Recipe::default()
            }),
            other => Err(bad(format!(
                "There is no preset \"{other}\"; there are {}.",
                Self::PRESETS.join(" and ")
            ))),
        }
    }

    /// Reads JSON: the keys that are there, the default preset's values for the rest.
    ///
    /// # Errors
    /// [`ErrorKind::BadRecipe`] for broken JSON (with its line and column), unknown keys and wrong types;
    /// [`ErrorKind::OptionOutOfRange`].
    pub fn from_json(text: &str) -> Result<Recipe> {
        let value = serde_json::from_str(text).map_err(|e| {
            bad(format!("The recipe is not valid JSON: {e}.")).at("", e.line() as u64, e.column() as u64)
        })?;
        Self::from_value(value)
    }

    /// As [`Recipe::from_json`], from parsed JSON.
    pub fn from_value(value: Value) -> Result<Recipe> {
        check_keys(&value, &Recipe::default().to_value(), "")?;
        let recipe = Recipe {
            seed: section(&value, "seed")?,
            collect: section(&value, "collect")?,
            count: section(&value, "count")?,
            graph: section(&value, "graph")?,
            embed: section(&value, "embed")?,
            project: section(&value, "project")?,
        };
        recipe.check()?;
        Ok(recipe)
    }

    /// The whole recipe as JSON.
    pub fn to_value(&self) -> Value {
        // Plain structs of numbers and names: there is nothing in them that JSON cannot hold.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The recipe with one option changed, written as `key=value`, such as `collect.minCollections=5`.
    pub fn with(&self, assignment: &str) -> Result<Recipe> {
        let Some((key, text)) = assignment.split_once('=') else {
            return Err(bad(format!("\"{assignment}\" is not of the form key=value.")));
        };
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        let nested = key.trim().rsplit('.').fold(value, |inner, part| json!({ part: inner }));
        check_keys(&nested, &self.to_value(), "")?;
        let mut whole = self.to_value();
        merge(&mut whole, nested);
        Self::from_value(whole)
    }

    /// Whether there is an embedding: not where the flat map is made of the similarity graph's own neighbors.
    pub fn embeds(&self) -> bool {
        self.project.needs_embedding()
    }

    /// The first stage that `other` would do in another way: what comes before it can be kept. `Done` when nothing differs.
    pub fn first_change(&self, other: &Recipe) -> Stage {
        let seeded = self.seed != other.seed;
        let embeds = other.embeds() && (!self.embeds() || self.embed != other.embed || seeded);
        // Which items stay depends on whether edges are distances.
        let by_distance = |recipe: &Recipe| recipe.count.edges == Edges::Distances;
        if self.collect != other.collect || by_distance(self) != by_distance(other) {
            Stage::Collect
        } else if self.count != other.count {
            Stage::Count
        } else if self.graph != other.graph {
            Stage::Graph
        } else if embeds {
            Stage::Embed
        } else if self.project != other.project || seeded {
            Stage::Nearest
        } else {
            Stage::Done
        }
    }

    /// Checks every option's range.
    pub fn check(&self) -> Result<()> {
        if self.seed > MAX_SEED {
            let (option, value) = ("seed", self.seed.to_string());
            let legal = "a whole number from 0 to 9007199254740991";
            return Err(Error::new(ErrorKind::OptionOutOfRange { option, value, legal }));
        }
        self.collect.check()?;
        self.count.check()?;
        self.graph.check()?;
        self.embed.check()?;
        self.project.check()
    }
}

fn bad(problem: String) -> Error {
    Error::new(ErrorKind::BadRecipe { problem })
}

/// The part of a recipe under `key`: the default preset's where it is missing. The message names the option.
fn section<T: DeserializeOwned>(recipe: &Value, key: &str) -> Result<T> {
    let read = |given: Value| {
        let mut whole = Recipe::default().to_value();
        merge(&mut whole, json!({ key: given }));
        T::deserialize(&whole[key])
    };
    let given = recipe.get(key).cloned().unwrap_or_else(|| Recipe::default().to_value()[key].take());
    read(given.clone()).map_err(|error| {
        let options = given.as_object().into_iter().flatten();
        let alone = options.map(|(option, value)| (option, read(json!({ option: value }))));
        let culprit = alone.filter_map(|(option, result)| Some((option, result.err()?))).next();
        bad(match culprit {
            Some((option, error)) => format!("The recipe's \"{key}.{option}\" is wrong: {error}."),
            None => format!("The recipe's \"{key}\" is wrong: {error}."),
        })
    })
}

/// Every key of `value` must be in `template`; the message names the key's full path and what is known there.
fn check_keys(value: &Value, template: &Value, path: &str) -> Result<()> {
    let place = if path.is_empty() { "The recipe".to_owned() } else { format!("The recipe's \"{path}\"") };
    match (value, template) {
        (Value::Object(given), Value::Object(known)) => {
            for (key, inner) in given {
                let Some(inner_template) = known.get(key) else {
                    let names: Vec<&str> = known.keys().map(String::as_str).collect();
                    return Err(bad(format!(
                        "{place} has no key \"{key}\". It knows: {}.",
                        names.join(", ")
                    )));
                };
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                check_keys(inner, inner_template, &path)?;
            }
            Ok(())
        }
        (_, Value::Object(_)) => Err(bad(format!("{place} must be an object, such as {{\"seed\": 1}}."))),
        (Value::Object(_), _) => Err(bad(format!("{place} is one value, not an object."))),
        _ => Ok(()),
    }
}

fn merge(whole: &mut Value, part: Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (key, value) in part {
                merge(whole.entry(key).or_insert(Value::Null), value);
            }
        }
        (whole, part) => *whole = part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_survive_json() {
        for name in Recipe::PRESETS {
            let recipe = Recipe::preset(name).unwrap();
            recipe.check().unwrap();
            assert_eq!(Recipe::from_json(&recipe.to_value().to_string()).unwrap(), recipe);
        }
        assert_eq!(Recipe::from_json("{}").unwrap(), Recipe::default());
        assert!(Recipe::preset("nothing").is_err());
    }

    #[test]
    fn set_changes_one_option() {
        let recipe = Recipe::default().with("collect.minCollections=7").unwrap();
        assert_eq!(recipe.collect.min_collections, 7);
        let recipe = recipe.with("count.pairWeight=product").unwrap().with("graph.nNeighbors=null").unwrap();
        assert_eq!(recipe.count.pair_weight, crate::count::PairWeight::Product);
        assert_eq!(recipe.with("seed=9").unwrap().seed, 9);
        for perplexity in ["40", "[10,100]", "40.5"] {
            let recipe = recipe.with(&format!("project.perplexity={perplexity}")).unwrap();
            assert_eq!(recipe.to_value()["project"]["perplexity"].to_string().replace(".0", ""), perplexity);
            assert_eq!(Recipe::from_value(recipe.to_value()).unwrap(), recipe);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let message = |text: &str| Recipe::from_json(text).unwrap_err().to_string();
        assert!(message(r#"{"sed":1}"#).contains("no key \"sed\""), "{}", message(r#"{"sed":1}"#));
        assert!(message(r#"{"collect":{"min":1}}"#).contains("It knows: minCollections"));
        assert!(message(r#"{"collect":5}"#).contains("must be an object"));
        assert!(message("{\n \"seed\": }").contains("line 2"), "{}", message("{\n \"seed\": }"));
        assert!(message(r#"{"embed":{"dim":"three"}}"#).contains("embed.dim"));
        assert!(message(r#"{"embed":{"dim":1}}"#).contains("from 2 to 512"));
        assert!(message(r#"{"project":{"perplexity":"many"}}"#).contains("project.perplexity"));
        assert!(message(r#"{"project":{"perplexity":[]}}"#).contains("a list of 1 to 8"));
        assert!(message(r#"{"seed":-1}"#).contains("seed"));
        assert!(message(r#"{"seed":9007199254740992}"#).contains("seed"));
        assert!(message(r#"{"count":{"similarity":"raw"}}"#).contains("dissimilarity"));
        assert!(Recipe::default().with("collect").is_err());
        assert!(Recipe::default().with("collect.minCollections.x=1").is_err());
        assert!(Recipe::default().with("=1").is_err());
    }
}
