//! Files in: CSV tables, gzipped or not, and recipes.

use archipelago::error::{Error, ErrorKind, Result};
use archipelago::read::{ItemTable, Reader, Records, Table};
use archipelago::recipe::Recipe;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// The system's word on a file.
pub fn io_error(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io { problem: format!("{}: {error}.", path.display()) })
}

/// Reads a table; a file that begins as gzip does is unpacked.
fn table(path: &Path) -> Result<Table> {
    let fail = |e: std::io::Error| io_error(path, &e);
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut file = BufReader::with_capacity(CHUNK, File::open(path).map_err(fail)?);
    let is_gzip = file.fill_buf().map_err(fail)?.starts_with(&[0x1f, 0x8b]);
    let mut source: Box<dyn Read> =
        if is_gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut reader = Reader::new(&name);
    let mut chunk = vec![0; CHUNK];
    loop {
        match source.read(&mut chunk).map_err(fail)? {
            0 => return reader.finish(),
            n => reader.push(&chunk[..n])?,
        }
    }
}

/// Reads collection,item rows.
pub fn records(path: &Path) -> Result<Records> {
    match table(path)? {
        Table::Records(records) => Ok(records),
        Table::Items(items) => Err(Error::new(ErrorKind::NoRecords).at(&items.info.file, 0, 0)),
    }
}

/// Reads a table of items.
pub fn items(path: &Path) -> Result<ItemTable> {
    match table(path)? {
        Table::Items(items) => Ok(items),
        Table::Records(records) => {
            let problem =
                "The file given with --items has collection,item rows, not a table of items.".to_owned();
            Err(Error::new(ErrorKind::BadItems { problem }).at(&records.info.file, 0, 0))
        }
    }
}

/// The recipe that `name` means: a preset, or a JSON file.
pub fn recipe(name: &str) -> Result<Recipe> {
    if Recipe::PRESETS.contains(&name) {
        return Recipe::preset(name);
    }
    let path = Path::new(name);
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        // Neither a file nor a preset: the list of presets helps more than the system's word.
        Err(_) if !path.exists() && !name.contains(['.', '/']) => return Recipe::preset(name),
        Err(error) => return Err(io_error(path, &error)),
    };
    Recipe::from_json(&text).map_err(|error| match error.place.clone() {
        Some(place) => error.at(name, place.line, place.column),
        None => error.at(name, 0, 0),
    })
}
