//! The command line: the same recipe and the same bits as the page, without a browser.

mod input;
mod map;
mod output;
mod place;

use archipelago::error::Result;
use archipelago::recipe::Recipe;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Turns "who has what" data into a map.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a map of a CSV file of collection,item rows (gzip is understood).
    Map(MapArguments),
    /// Makes the map of a CSV file and places new items in it, or a person's own list; nothing of the map moves.
    Place(PlaceArguments),
    /// Prints a preset in full, as JSON.
    Recipe {
        /// The preset: default or author.
        #[arg(default_value = "default")]
        preset: String,
    },
}

/// What `map` takes.
#[derive(clap::Args)]
pub struct MapArguments {
    /// The CSV file of collection,item rows.
    file: PathBuf,
    /// A CSV file that describes the items: item,label,category,...
    #[arg(long)]
    items: Option<PathBuf>,
    /// A recipe: a JSON file, or the name of a preset.
    #[arg(long, default_value = "default")]
    recipe: String,
    /// Changes one option of the recipe; may be repeated. Example: --set collect.minCollections=5
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Names the random streams; the recipe's own when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Threads; 0 means all cores. The map does not depend on it.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Where the map goes: OUT.csv (item,label,x,y, z in space, and the embedding) or OUT.json.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Where the embedding alone goes: EMBEDDING.npy (for NumPy) or EMBEDDING.csv (item,label,d1,d2,...).
    #[arg(long)]
    embedding: Option<PathBuf>,
    /// Where sizes, seconds per stage and measures of the map's quality go, as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Prints nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

/// What `place` takes.
#[derive(clap::Args)]
pub struct PlaceArguments {
    #[command(flatten)]
    map: MapArguments,
    /// A CSV file of rows that bring new items: each is placed by what it is together with.
    #[arg(long, required_unless_present = "list", conflicts_with = "list")]
    new: Option<PathBuf>,
    /// A text file of names or labels of items of the map, one a line, a weight after a comma if one likes: where would that
    /// collection land?
    #[arg(long)]
    list: Option<PathBuf>,
    /// Where the places go: PLACED.csv (item,x,y,nearest); printed when left out.
    #[arg(long)]
    placed: Option<PathBuf>,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Map(arguments) => map::run(&arguments),
        Command::Place(arguments) => place::run(&arguments),
        Command::Recipe { preset } => print_recipe(&preset),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_recipe(preset: &str) -> Result<()> {
    let recipe = Recipe::preset(preset)?;
    println!("{}", serde_json::to_string_pretty(&recipe.to_value()).unwrap_or_default());
    Ok(())
}
