//! `archipelago place`: new items, or a person's own list, in the map of a file.

use super::{PlaceArguments, input, map, output};
use archipelago::csr::Csr;
use archipelago::error::{Error, ErrorKind, Result};
use archipelago::items::Items;
use archipelago::place::{self, list, rows};
use archipelago::read::Records;
use archipelago::run::Map;
use std::fmt::Write as _;
use std::path::Path;

/// Runs the command.
pub fn run(arguments: &PlaceArguments) -> Result<()> {
    if let Some(path) = &arguments.placed {
        output::check_path(path, &["csv"])?;
    }
    // Read before the map is made: what is wrong with it is told at once.
    let new = arguments.new.as_deref().map(input::records).transpose()?;
    let (map, records, table) = map::make(&arguments.map, arguments.placed.is_none())?;
    if map.layout_dim != 2 {
        return Err(Error::new(ErrorKind::NotFlat));
    }
    let (names, weights) = match (&new, &arguments.list) {
        (Some(new), _) => of_rows(&map, &records, new)?,
        (None, Some(path)) => {
            let items = Items::new(&map, &records, table.as_ref());
            of_list(&map, &items, path)?
        }
        (None, None) => return Err(problem("place needs --new or --list.".to_owned())),
    };
    let mut status = place::initialize(&map, &weights);
    status.run_all();
    let text = csv(&map, &records, &names, &weights, &status.places());
    match &arguments.placed {
        Some(path) => std::fs::write(path, text).map_err(|e| input::io_error(path, &e))?,
        None => print!("{text}"),
    }
    let lost: Vec<&str> =
        (0..names.len()).filter(|&i| weights.row(i).0.is_empty()).map(|i| names[i].as_str()).collect();
    if !lost.is_empty() {
        eprintln!(
            "{} of {} have no place, as nothing that they are with is on the map: {}",
            lost.len(),
            names.len(),
            lost.join(", ")
        );
    }
    Ok(())
}

fn problem(problem: String) -> Error {
    Error::new(ErrorKind::Io { problem })
}

/// New items by their rows.
fn of_rows(map: &Map, records: &Records, new: &Records) -> Result<(Vec<String>, Csr<f32>)> {
    let mut status = rows::initialize(map, records, new)?;
    status.run(usize::MAX);
    let names = status.names.clone();
    Ok((names, place::weights(&status.finish(), &map.recipe)))
}

/// One point: a text file of names or labels, one a line, with a weight after a comma if one likes.
fn of_list(map: &Map, items: &Items, path: &Path) -> Result<(Vec<String>, Csr<f32>)> {
    let text = std::fs::read_to_string(path).map_err(|e| input::io_error(path, &e))?;
    let key = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
    let keys: Vec<[String; 2]> =
        (0..items.popularity.len()).map(|i| [key(items.names.get(i)), key(items.labels.get(i))]).collect();
    // By name before label; of several, the most popular.
    let find = |wanted: &str| {
        let wanted = key(wanted);
        [0, 1].iter().find_map(|&by| {
            let same = keys.iter().enumerate().filter(|(_, keys)| keys[by] == wanted).map(|(i, _)| i);
            same.max_by_key(|&i| (items.popularity[i], std::cmp::Reverse(i)))
        })
    };
    let (mut list, mut missing) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let weighted = line.rsplit_once(',').and_then(|(name, weight)| {
            let weight = weight.trim().parse::<f32>().ok().filter(|w| *w > 0.0 && w.is_finite())?;
            Some((find(name)?, weight))
        });
        match find(line).map(|item| (item, 1.0)).or(weighted) {
            Some((item, weight)) => list.push((item as u32, weight)),
            None => missing.push(line),
        }
    }
    eprintln!("{} of {} found on the map", list.len(), list.len() + missing.len());
    if !missing.is_empty() {
        eprintln!("not found: {}", missing.join(", "));
    }
    Ok((vec![path.display().to_string()], list::taste(map, &list, 0).near))
}

/// item, x, y and the map's item that weighs most for it; blanks where it has no place.
fn csv(map: &Map, records: &Records, names: &[String], weights: &Csr<f32>, places: &[f32]) -> String {
    let mut text = String::from("item,x,y,nearest\n");
    for (i, name) in names.iter().enumerate() {
        let (ids, values) = weights.row(i);
        let name = output::csv_field(name);
        match ids.iter().zip(values).reduce(|a, b| if b.1 > a.1 { b } else { a }) {
            Some((&nearest, _)) => {
                let nearest = records.items.get(map.collections.items[nearest as usize]);
                let (x, y) = (places[2 * i], places[2 * i + 1]);
                _ = writeln!(text, "{name},{x},{y},{}", output::csv_field(nearest));
            }
            None => _ = writeln!(text, "{name},,,"),
        }
    }
    text
}
