//! Measures: what the current map is worth, measured in steps once it is on the screen.

use super::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::items::{self, Items};
use crate::measure::Quality;
use crate::measure::quality::Status;
use crate::read::Column;
use crate::run::reference;

/// How far the current map is measured.
#[derive(Default)]
pub(super) enum Measures {
    /// Not at all: the map is new, or its items are described anew.
    #[default]
    None,
    /// Under way, with the columns that describe the items and the space of the data.
    UnderWay(Vec<Column>, Box<reference::Status>, Box<Status>),
    /// All of it.
    Done(Quality),
}

impl Session {
    /// Begins to measure the current map. What was measured before is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when there is no map.
    pub fn measure_start(&mut self) -> Result<()> {
        let Some((data, map)) = &self.current else { return Err(Error::new(ErrorKind::NoData)) };
        let columns = Items::columns(map, &data.records, data.items.as_ref());
        let reference = Box::new(reference::initialize(map, &data.records));
        self.measures = Measures::UnderWay(columns, reference, Box::default());
        Ok(())
    }

    /// A small piece of the measuring. Returns whether all is measured. Nothing that happens to a run disturbs it until that
    /// run's map replaces the current one.
    ///
    /// # Errors
    /// [`ErrorKind::NoData`] when nothing is being measured: the map it was begun for is no more.
    pub fn measure_step(&mut self) -> Result<bool> {
        let (Some((_, map)), Measures::UnderWay(columns, reference, status)) =
            (&self.current, &mut self.measures)
        else {
            return Err(Error::new(ErrorKind::NoData));
        };
        let Some(found) = reference.reference() else {
            reference.step();
            return Ok(false);
        };
        status.step(&map.measure_input(found, &items::labels(columns)));
        if !status.is_finished() {
            return Ok(false);
        }
        self.measures = Measures::Done(std::mem::take(status).finish());
        Ok(true)
    }

    /// What the current map is worth; `None` until it is measured.
    pub fn quality(&self) -> Option<&Quality> {
        match &self.measures {
            Measures::Done(quality) => Some(quality),
            _ => None,
        }
    }
}
