//! `archipelago map`: runs the pipeline with a progress bar.

#![allow(clippy::disallowed_methods)] // A clock: the report says how long each stage took.

use super::{MapArguments, input, output};
use archipelago::embed::Method;
use archipelago::error::{Error, ErrorKind, Result};
use archipelago::items::{self, Items};
use archipelago::measure;
use archipelago::parallel;
use archipelago::progress::{Stage, grouped};
use archipelago::read::{ItemTable, Records};
use archipelago::run::{Map, Run, reference};
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Instant;

/// Seconds that each stage took, in order.
pub type Seconds = Vec<(&'static str, f64)>;

/// Runs the command.
pub fn run(arguments: &MapArguments) -> Result<()> {
    make(arguments, arguments.quiet).map(|_| ())
}

/// Makes the map and writes what is asked for; prints nothing where it is to be `quiet`.
pub fn make(arguments: &MapArguments, quiet: bool) -> Result<(Map, Records, Option<ItemTable>)> {
    let quiet = quiet || arguments.quiet;
    parallel::set_threads(arguments.threads);
    let mut recipe = input::recipe(&arguments.recipe)?;
    for assignment in &arguments.set {
        recipe = recipe.with(assignment)?;
    }
    if let Some(seed) = arguments.seed {
        recipe.seed = seed;
        recipe.check()?;
    }
    // A path that cannot be written is told before the work, not after.
    for path in [&arguments.output, &arguments.report].into_iter().flatten() {
        output::check_path(path, &["csv", "json"])?;
    }
    if let Some(path) = &arguments.embedding {
        output::check_path(path, &["npy", "csv"])?;
        if !recipe.embeds() {
            return Err(Error::new(ErrorKind::NoEmbedding));
        }
    }

    let mut seconds = Seconds::new();
    let start = Instant::now();
    let table = arguments.items.as_deref().map(input::items).transpose()?;
    let records = input::records(&arguments.file)?;
    seconds.push(("read", start.elapsed().as_secs_f64()));

    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(1000) };
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}") {
        bar.set_style(style);
    }
    let mut run = Run::new(recipe)?;
    while run.stage() != Stage::Done {
        let stage = run.stage();
        let begin = Instant::now();
        run.step(&records)?;
        let spent = begin.elapsed().as_secs_f64();
        match seconds.last_mut() {
            Some((name, sum)) if *name == name_of(stage) => *sum += spent,
            _ => seconds.push((name_of(stage), spent)),
        }
        let progress = run.progress();
        bar.set_position((progress.overall * 1000.0) as u64);
        bar.set_message(format!("{}: {}", name_of(progress.stage), progress.text));
    }
    bar.finish_and_clear();
    let map = run.into_map();
    seconds.push(("total", start.elapsed().as_secs_f64()));

    if let Some(path) = &arguments.output {
        output::write_map(path, &map, &records, table.as_ref())?;
    }
    if let Some(path) = &arguments.embedding {
        output::write_embedding(path, &map, &records, table.as_ref())?;
    }
    if let Some(path) = &arguments.report {
        let begin = Instant::now();
        let columns = Items::columns(&map, &records, table.as_ref());
        let reference = reference::reference(&map, &records);
        let quality = measure::quality(&map.measure_input(&reference, &items::labels(&columns)));
        seconds.push(("measure", begin.elapsed().as_secs_f64()));
        output::write_report(path, &map, &records, &seconds, &quality)?;
    }
    if !quiet {
        let sizes = &map.sizes;
        println!(
            "{} rows, {} collections, {} items of {}",
            grouped(sizes.rows as usize),
            grouped(sizes.collections),
            grouped(sizes.items),
            grouped(sizes.items_read)
        );
        for (name, value) in &seconds {
            println!("{name:>8} {value:>8.2} s");
        }
        if map.recipe.embeds() && map.recipe.embed.method == Method::Mde {
            println!("average distortion {:.5} after {} iterations", map.average_distortion, map.iterations);
        }
        if let Some(recall) = map.recall {
            println!("recall {recall:.4} of the nearest vectors, on a sample");
        }
        if let Some(loss) = map.loss {
            println!("loss {loss:.5} of the embedding");
        }
        if let Some(divergence) = map.divergence {
            println!("Kullback-Leibler divergence {divergence:.5} of the map");
        }
        println!("map {} (seed {})", map.hash(), map.recipe.seed);
    }
    Ok((map, records, table))
}

/// The stage's name in the report.
fn name_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Collect => "collect",
        Stage::Count => "count",
        Stage::Graph => "graph",
        Stage::Embed => "embed",
        Stage::Nearest => "nearest",
        Stage::Project => "project",
        Stage::Done => "done",
    }
}
