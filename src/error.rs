//! Every message a user can see.
//!
//! An [`Error`] is data: what went wrong ([`ErrorKind`]), where ([`Place`]: file, line, column) and what to do
//! about it ([`Error::hint`]). `Display` puts the three into one sentence each, the same in the page and on the
//! command line.

use std::fmt;

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where in the input something is wrong. Lines and columns count from 1; 0 means "not known".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File name or address as the user gave it; empty when there is no file.
    pub file: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// Column (field number) in that line, from 1.
    pub column: u64,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file has no bytes, or only blank lines.
    EmptyFile,
    /// The file has a header and no rows.
    HeaderOnly,
    /// The file has one column, so nothing to pair.
    OneColumn,
    /// The file is not text.
    Binary {
        /// What the first bytes look like, such as "PNG image"; empty when unknown.
        looks_like: String,
    },
    /// A row's text is not UTF-8.
    NotUtf8,
    /// The file is text in two or four bytes per character (UTF-16 or UTF-32).
    Utf16,
    /// No row has both a collection and an item (or, in an items file, an item).
    NoUsableRows {
        /// Rows in the file.
        rows: u64,
    },
    /// A row has fewer fields than the columns that are read.
    MissingField {
        /// Name of the missing column.
        name: String,
    },
    /// A weight that is no number, is not finite, or is negative.
    BadWeight {
        /// The field as it stands in the file.
        value: String,
    },
    /// A distance that is no number, is not finite, or is negative.
    BadDistance {
        /// The field as it stands in the file.
        value: String,
    },
    /// A number of a vector that is none, or is not finite.
    BadNumber {
        /// The field as it stands in the file.
        value: String,
    },
    /// A field longer than any name or number should be: usually a quote that was never closed.
    FieldTooLong {
        /// The longest field accepted, in bytes.
        limit: usize,
    },
    /// A row longer or with more fields than any table should have.
    RowTooLong,
    /// More than 4 GiB of different names.
    TooMuchText,
    /// The items file names the same column twice, or has no rows that match the data.
    BadItems {
        /// What is wrong, as a sentence.
        problem: String,
    },
    /// Files that cannot be opened together.
    TooManyFiles {
        /// Which, as a sentence.
        problem: String,
    },
    /// An items file came, but no map or membership rows to describe.
    NoRecords,
    /// A run was asked for, and no data was opened.
    NoData,
    /// The embedding was asked for of a map that was made without one.
    NoEmbedding,
    /// Something was to be placed in a map that is not flat.
    NotFlat,
    /// The limits leave fewer than two items.
    TooFewItems {
        /// Items in the file.
        found: usize,
        /// Items that stay.
        kept: usize,
        /// The limit: items must be in at least this many collections.
        min_collections: u32,
    },
    /// No collection holds two different items.
    NothingCoOccurs {
        /// Number of collections.
        collections: usize,
    },
    /// Every item is in the same collections, so there is nothing to tell them apart.
    AllTheSame,
    /// Every pair was left out by the similarity's domain (such as 1/ln(x), x > 1).
    NoEdges {
        /// What every pair failed, as a sentence.
        reason: String,
    },
    /// A recipe is not valid JSON, or has an unknown or misplaced key.
    BadRecipe {
        /// What is wrong, as a sentence.
        problem: String,
    },
    /// An option is outside its legal range.
    OptionOutOfRange {
        /// The option's full key, such as `graph.nNeighbors`.
        option: &'static str,
        /// The value given.
        value: String,
        /// The legal range, in words.
        legal: &'static str,
    },
    /// A pair weight's formula cannot be read. The place's column is where in its text.
    BadFormula {
        /// What is wrong, as a sentence.
        problem: String,
    },
    /// The drawing surface could not be made.
    Drawing {
        /// What the device said.
        problem: String,
    },
    /// A file could not be read or written (command line only).
    Io {
        /// What the system said.
        problem: String,
    },
    /// The user cancelled. Not shown as an error; nothing was changed.
    Cancelled,
}

/// Something the user should know, with its place and a way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Where, when it came from a file.
    pub place: Option<Box<Place>>,
}

impl Error {
    /// An error without a place.
    pub fn new(kind: ErrorKind) -> Self {
        Error { kind, place: None }
    }

    /// The same error with its place; 0 for a line or column that does not apply.
    pub fn at(mut self, file: &str, line: u64, column: u64) -> Self {
        self.place = Some(Box::new(Place { file: file.to_owned(), line, column }));
        self
    }

    /// A stable name for programs, such as `bad-weight`.
    pub fn code(&self) -> &'static str {
        use ErrorKind::*;
        match &self.kind {
            EmptyFile => "empty-file",
            HeaderOnly => "header-only",
            OneColumn => "one-column",
            Binary { .. } => "binary",
            NotUtf8 => "not-utf8",
            Utf16 => "utf16",
            NoUsableRows { .. } => "no-usable-rows",
            MissingField { .. } => "missing-field",
            BadWeight { .. } => "bad-weight",
            BadDistance { .. } => "bad-distance",
            BadNumber { .. } => "bad-number",
            FieldTooLong { .. } => "field-too-long",
            RowTooLong => "row-too-long",
            TooMuchText => "too-much-text",
            BadItems { .. } => "bad-items",
            TooManyFiles { .. } => "too-many-files",
            NoRecords => "no-records",
            NoData => "no-data",
            NoEmbedding => "no-embedding",
            NotFlat => "not-flat",
            TooFewItems { .. } => "too-few-items",
            NothingCoOccurs { .. } => "nothing-co-occurs",
            AllTheSame => "all-the-same",
            NoEdges { .. } => "no-edges",
            BadRecipe { .. } => "bad-recipe",
            OptionOutOfRange { .. } => "option-out-of-range",
            BadFormula { .. } => "bad-formula",
            Drawing { .. } => "drawing",
            Io { .. } => "io",
            Cancelled => "cancelled",
        }
    }

    /// What went wrong, one sentence, without place or hint.
    pub fn message(&self) -> String {
        use ErrorKind::*;
        match &self.kind {
            EmptyFile => "The file is empty.".into(),
            HeaderOnly => "The file has a header line but no rows.".into(),
            OneColumn => "The file has only one column.".into(),
            Binary { looks_like } if looks_like.is_empty() => "The file is not a text file.".into(),
            Binary { looks_like } => format!("The file is not a text file: it looks like a {looks_like}."),
            NotUtf8 => "The text is not UTF-8.".into(),
            Utf16 => "The text is UTF-16 or UTF-32, not UTF-8.".into(),
            NoUsableRows { rows } => {
                format!("Of {rows} rows, none has a name in every column that is needed.")
            }
            MissingField { name } => format!("The row ends before the column \"{name}\"."),
            BadWeight { value } => format!("The weight \"{value}\" is not a finite number from 0 upward."),
            BadDistance { value } => format!("The distance \"{value}\" is not a finite number from 0 upward."),
            BadNumber { value } => format!("\"{value}\" is not a finite number."),
            FieldTooLong { limit } => format!("A field is longer than {limit} bytes."),
            RowTooLong => "A row is longer than 16 MiB or has more than a million fields.".into(),
            TooMuchText => "The file has more than 4 GiB of different names.".into(),
            TooManyFiles { problem } | BadItems { problem } => problem.clone(),
            NoRecords => "This is a table of items, and there is no map yet that it could describe.".into(),
            NoData => "There is no data to make a map of.".into(),
            NotFlat => "Points can be placed in flat maps only; this one is in space.".into(),
            NoEmbedding => "This map was laid out from the similarity graph: it has no embedding.".into(),
            TooFewItems { found, kept, min_collections } => format!(
                "Of {found} items, {kept} stay after dropping those in fewer than {min_collections} collections; a map needs at least 2."
            ),
            NothingCoOccurs { collections } => {
                format!(
                    "None of the {collections} collections holds two different items, so nothing connects them."
                )
            }
            AllTheSame => {
                "Every item is in exactly the same collections, or has the same vector, so nothing tells them apart.".into()
            }
            NoEdges { reason } => reason.clone(),
            BadRecipe { problem } | BadFormula { problem } => problem.clone(),
            OptionOutOfRange { option, value, legal } => {
                format!("{option} = {value} is not possible: it must be {legal}.")
            }
            Drawing { problem } => format!("The map cannot be drawn: {problem}."),
            Io { problem } => problem.clone(),
            Cancelled => "Cancelled.".into(),
        }
    }

    /// What to do about it, one sentence; empty when there is nothing to say.
    pub fn hint(&self) -> &'static str {
        use ErrorKind::*;
        match &self.kind {
            EmptyFile | HeaderOnly | NoUsableRows { .. } => {
                "Choose a file with rows such as: collection,item"
            }
            OneColumn => {
                "Each row needs a collection and an item, separated by a comma, semicolon, tab or |."
            }
            Binary { .. } => "Export the table as CSV (UTF-8 text) and drop that file.",
            NotUtf8 | Utf16 => "Save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\") and try again.",
            MissingField { .. } => "Fill in the missing field or remove the row.",
            BadWeight { .. } => "Correct the weight, or remove the weight column to count every row once.",
            BadDistance { .. } => "Correct the distance, or remove the row.",
            BadNumber { .. } => "Correct the number, leave the cell empty, or remove the column.",
            FieldTooLong { .. } | RowTooLong => "Look for a quotation mark that is opened and never closed.",
            TooMuchText => "Split the file, or give the collections and items shorter names.",
            BadItems { .. } => {
                "The items file needs a first column \"item\" with the same names as in the rows."
            }
            TooManyFiles { .. } => {
                "Drop one file with collection,item rows and at most one that describes the items."
            }
            NoRecords => "Drop the file with collection,item rows too, or first.",
            NoData => "Open a file, an address or a demo set first.",
            NotFlat => "Set project.dim to 2, make the map, and place them again.",
            NoEmbedding => {
                "Choose the embedding as what the flat map is made from (project.from), make the map, and export again."
            }
            TooFewItems { .. } => "Lower collect.minCollections, or use a file with more rows.",
            NothingCoOccurs { .. } => {
                "Check that the first column is the owner (user, playlist, recipe) and the second the item."
            }
            AllTheSame => "Use rows in which different collections hold different items.",
            NoEdges { .. } => "Choose the preset \"default\", which has no such limit.",
            BadRecipe { .. } => "See `archipelago recipe default` for every key and its value.",
            OptionOutOfRange { .. } => "Change the option, or leave it out to use the preset's value.",
            BadFormula { .. } => {
                "A formula looks like exp(-abs(a.time - b.time) / 30) or a.weight * b.weight / ln(size)."
            }
            Drawing { .. } => "Try another browser, or switch on hardware acceleration in its settings.",
            Io { .. } | Cancelled => "",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            if !place.file.is_empty() {
                write!(f, "{}", place.file)?;
            }
            if place.line > 0 {
                write!(f, "{}line {}", if place.file.is_empty() { "" } else { ", " }, place.line)?;
            }
            if place.column > 0 {
                write!(f, ", column {}", place.column)?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.message())?;
        if !self.hint().is_empty() {
            write!(f, " {}", self.hint())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
