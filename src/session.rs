//! Session: the map on the screen, and what may replace it.
//!
//! Files that are opened and a run that goes on are kept apart from the current map until the run is done. Whatever
//! is cancelled before that, or cannot be read, is dropped, and the current map is as it was. Rows whose run failed are
//! kept beside it: another setting may make a map of them.

mod measures;
mod place;
pub mod preview;

use crate::csr::Csr;
use crate::embed::export;
use crate::error::{Error, ErrorKind, Result};
use crate::items::Items;
use crate::progress::{Progress, Stage};
use crate::project::align::Turn;
use crate::read::{FileInfo, ItemTable, Reader, Records, Table};
use crate::recipe::Recipe;
use crate::run::previous::Previous;
use crate::run::{Map, Run};
use measures::Measures;
pub use place::Landing;
use place::Placing;

/// Rows, and what is known about their items.
struct Data {
    records: Records,
    items: Option<ItemTable>,
}

/// What a set of files turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// New data: a run makes its map.
    Records,
    /// A table that now describes the current map.
    Items,
}

/// The current map and the work that may replace it.
#[derive(Default)]
pub struct Session {
    current: Option<(Data, Map)>,
    /// By what the current map is turned to lie as the one before it did; `None`: as it is.
    turn: Option<Turn>,
    /// Of the current map.
    measures: Measures,
    /// A list on its way into the current map.
    placing: Option<Placing>,
    /// Data that was opened and has no map yet.
    pending: Option<Data>,
    run: Option<Run>,
    /// The last run where it failed: the stages that it finished need not be done again. Of the rows that
    /// [`Session::run_start`] would take.
    failed: Option<Run>,
    /// The file being read.
    reader: Option<Reader>,
    /// The files read since `open_start`.
    records: Option<Records>,
    items: Option<ItemTable>,
}

impl Session {
    /// No map, no data.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins to read a set of files. Drops data that was opened before and has no map.
    pub fn open_start(&mut self) {
        self.cancel();
    }

    /// Begins to read the file called `name`.
    pub fn file_start(&mut self, name: &str) {
        self.reader = Some(Reader::new(name));
    }

    /// The file's next bytes. Returns the rows so far. After an error the whole set is dropped.
    pub fn file_push(&mut self, bytes: &[u8]) -> Result<u64> {
        let Some(reader) = &mut self.reader else { return Ok(0) };
        let pushed = reader.push(bytes).map(|()| reader.rows());
        self.or_cancel(pushed)
    }

    /// The end of the file.
    pub fn file_end(&mut self) -> Result<(Opened, FileInfo)> {
        let finished =
            self.reader.take().map_or_else(|| Err(Error::new(ErrorKind::EmptyFile)), Reader::finish);
        let kept = finished.and_then(|table| self.keep(table));
        self.or_cancel(kept)
    }

    fn keep(&mut self, table: Table) -> Result<(Opened, FileInfo)> {
        let info = table.info().clone();
        let taken = |what: &str, first: &FileInfo| {
            let problem = format!("Both {} and {} are {what}.", first.file, info.file);
            Err(Error::new(ErrorKind::TooManyFiles { problem }))
        };
        match table {
            Table::Records(records) => {
                if let Some(first) = &self.records {
                    return taken("files of collection,item rows", &first.info);
                }
                self.records = Some(records);
                Ok((Opened::Records, info))
            }
            Table::Items(items) => {
                if let Some(first) = &self.items {
                    return taken("tables of items", &first.info);
                }
                self.items = Some(items);
                Ok((Opened::Items, info))
            }
        }
    }

    /// The end of the set of files.
    ///
    /// # Errors
    /// [`ErrorKind::NoRecords`] when there is a table of items and nothing that it could describe;
    /// [`ErrorKind::BadItems`] when it describes none of the items.
    pub fn open_end(&mut self) -> Result<Opened> {
        let (records, items) = (self.records.take(), self.items.take());
        match (records, items, &mut self.current) {
            (Some(records), items, _) => {
                if let Some(table) = &items {
                    check_match(table, &records)?;
                }
                // A run that goes on is of other rows.
                (self.run, self.failed) = (None, None);
                self.pending = Some(Data { records, items });
                Ok(Opened::Records)
            }
            (None, Some(table), Some((data, _))) => {
                check_match(&table, &data.records)?;
                data.items = Some(table);
                self.measures = Measures::None;
                Ok(Opened::Items)
            }
            (None, Some(table), None) => Err(Error::new(ErrorKind::NoRecords).at(&table.info.file, 0, 0)),
            (None, None, _) => Err(Error::new(ErrorKind::EmptyFile)),
        }
    }

    /// Begins a run on the data opened last, or on the current map's when none is pending. Stages that an earlier run on the
    /// same data did by the same options are not done again.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when there is no data; [`ErrorKind::OptionOutOfRange`].
    pub fn run_start(&mut self, recipe: Recipe) -> Result<()> {
        recipe.check()?;
        let current = self.current.as_ref().map(|(data, map)| (&data.records, map));
        let (records, mut run) = match (&self.pending, current) {
            (Some(data), _) => (&data.records, Run::new(recipe.clone())?),
            (None, Some((records, map))) => (records, Run::again(map, recipe.clone())?),
            (None, None) => return Err(Error::new(ErrorKind::NoData)),
        };
        let previous = current.map(|(before, map)| {
            let turn = self.turn.clone().unwrap_or_else(|| Turn::identity(map.layout_dim));
            Previous::new(map, &turn, before, records)
        });
        if let Some(mut failed) = self.failed.take()
            && failed.change(recipe)? > run.stage()
        {
            run = failed;
        }
        run.set_previous(previous);
        self.run = Some(run);
        Ok(())
    }

    /// Has the run's map lie as it does elsewhere: see [`Session::turn`]. Another matrix than 2 x 2 or 3 x 3 is none.
    pub fn turn_run(&mut self, matrix: &[f64]) {
        if let Some(run) = &mut self.run {
            run.set_turn(Turn::of(matrix));
        }
    }

    /// By what the current map is turned to lie as the one before it did: row-major, row vectors are multiplied by it.
    pub fn turn(&self) -> &[f64] {
        self.turn.as_ref().map_or(&[], Turn::matrix)
    }

    /// Goes on by another recipe: finished stages with equal options are kept. Returns the stage that is next.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when there is no run; [`ErrorKind::OptionOutOfRange`]: the run goes on by the old recipe.
    pub fn run_change(&mut self, recipe: Recipe) -> Result<Stage> {
        self.run.as_mut().map_or_else(|| Err(Error::new(ErrorKind::NoData)), |run| run.change(recipe))
    }

    /// Does a piece of the run. When it is done its map becomes the current one. After an error there is no run; its rows
    /// are kept for another [`Session::run_start`], and the current map stays.
    pub fn run_step(&mut self) -> Result<Stage> {
        let Some(run) = &mut self.run else { return Err(Error::new(ErrorKind::NoData)) };
        let data = self.pending.as_ref().or(self.current.as_ref().map(|(data, _)| data));
        let Some(data) = data else { return Err(Error::new(ErrorKind::NoData)) };
        if let Err(error) = run.step(&data.records) {
            self.failed = self.run.take();
            return Err(error);
        }
        let stage = run.stage();
        if stage == Stage::Done
            && let Some(run) = self.run.take()
        {
            self.turn = Some(run.turn(&run.layout()));
            let data = self.pending.take().or_else(|| self.current.take().map(|(data, _)| data));
            self.current = data.map(|data| (data, run.into_map()));
            (self.measures, self.placing) = (Measures::None, None);
        }
        Ok(stage)
    }

    /// The file whose rows wait for a run: opened and not mapped yet, or mapped in vain.
    pub fn pending(&self) -> Option<&FileInfo> {
        self.pending.as_ref().map(|data| &data.records.info)
    }

    /// How far the run is; `None` when there is none.
    pub fn progress(&self) -> Option<Progress> {
        self.run.as_ref().map(Run::progress)
    }

    /// Drops the run and the data that has no map. The current map stays.
    pub fn cancel(&mut self) {
        (self.run, self.failed, self.pending) = (None, None, None);
        (self.reader, self.records, self.items) = (None, None, None);
    }

    fn or_cancel<T>(&mut self, result: Result<T>) -> Result<T> {
        if result.is_err() {
            self.cancel();
        }
        result
    }

    /// The map under way where there is a run, else the current one, with its data.
    fn shown(&self) -> Option<(&Data, &Map)> {
        let current = self.current.as_ref().map(|(data, map)| (data, map));
        match &self.run {
            Some(run) => {
                self.pending.as_ref().or(current.map(|(data, _)| data)).map(|data| (data, run.map()))
            }
            None => current,
        }
    }

    /// The positions now: of the run where there is one, else of the current map; turned to lie as the map before it did.
    /// Row-major n x [`Session::layout_dim`].
    pub fn layout(&self) -> Vec<f32> {
        match (&self.run, &self.current, &self.turn) {
            (Some(run), ..) => {
                let layout = run.layout();
                run.turn(&layout).apply(&layout)
            }
            (None, Some((_, map)), Some(turn)) => turn.apply(&map.layout),
            (None, Some((_, map)), None) => map.layout.clone(),
            (None, None, _) => Vec::new(),
        }
    }

    /// Positions of the current map, row-major n x 2, as they are on screen; empty without a map, or where it is in space.
    pub fn flat_layout(&self) -> Vec<f32> {
        match &self.current {
            Some((_, map)) if map.layout_dim == 2 => match &self.turn {
                Some(turn) => turn.apply(&map.layout),
                None => map.layout.clone(),
            },
            _ => Vec::new(),
        }
    }

    /// Dimensions of [`Session::layout`]: 2 or 3.
    pub fn layout_dim(&self) -> usize {
        match (&self.run, &self.current) {
            (Some(run), _) => run.layout_dim(),
            (None, Some((_, map))) => map.layout_dim,
            (None, None) => 2,
        }
    }

    /// The items of the same map as [`Session::layout`].
    pub fn items(&self) -> Option<Items> {
        self.shown().map(|(data, map)| Items::new(map, &data.records, data.items.as_ref()))
    }

    /// Up to `k` of the items most similar to `item` in the data, nearest first: ids and dissimilarities.
    pub fn neighbors(&self, item: u32, k: usize) -> (&[u32], &[f32]) {
        let graph = self.shown().map(|(_, map)| &*map.graph);
        neighbors_in(graph, item, k)
    }

    /// The rows read since [`Session::open_start`], before [`Session::open_end`].
    pub fn rows_read(&self) -> Option<&Records> {
        self.records.as_ref()
    }

    /// The current map and its data.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] without a map, [`ErrorKind::NoEmbedding`] when it was made without one.
    fn embedded(&self) -> Result<(&Data, &Map)> {
        match &self.current {
            None => Err(Error::new(ErrorKind::NoData)),
            Some((_, map)) if map.embedding.is_empty() => Err(Error::new(ErrorKind::NoEmbedding)),
            Some((data, map)) => Ok((data, map)),
        }
    }

    /// The current map's embedding as CSV: item, label (where a table gives labels), d1, d2, ...
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] without a map, [`ErrorKind::NoEmbedding`] when it was made without one.
    pub fn embedding_csv(&self) -> Result<String> {
        let (data, map) = self.embedded()?;
        let labels = data.items.as_ref().map(|_| Items::new(map, &data.records, data.items.as_ref()).labels);
        let names =
            map.collections.items.iter().enumerate().map(|(item, &id)| {
                (data.records.items.get(id), labels.as_ref().map(|labels| labels.get(item)))
            });
        Ok(export::csv(names, &map.embedding, map.dim))
    }

    /// The current map's embedding as a NPY file, rows in the order of the items.
    ///
    /// # Errors
    /// As [`Session::embedding_csv`].
    pub fn embedding_npy(&self) -> Result<Vec<u8>> {
        self.embedded().map(|(_, map)| export::npy(&map.embedding, map.dim))
    }

    /// The current map and the file it was made of.
    pub fn current(&self) -> Option<(&Map, &FileInfo)> {
        self.current.as_ref().map(|(data, map)| (map, &data.records.info))
    }
}

fn neighbors_in(graph: Option<&Csr<f32>>, item: u32, k: usize) -> (&[u32], &[f32]) {
    match graph {
        Some(graph) if (item as usize) < graph.n_rows() => {
            let (ids, lengths) = graph.row(item as usize);
            let k = k.min(ids.len());
            (&ids[..k], &lengths[..k])
        }
        _ => (&[], &[]),
    }
}

/// A table that names none of the items was made for other data.
fn check_match(table: &ItemTable, records: &Records) -> Result<()> {
    if records.items.iter().any(|name| table.keys.find(name).is_some()) {
        return Ok(());
    }
    let problem =
        format!("None of the {} items in this table is in {}.", table.keys.len(), records.info.file);
    Err(Error::new(ErrorKind::BadItems { problem }).at(&table.info.file, 0, 0))
}
