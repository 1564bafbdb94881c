//! What is dumped: a reading with its spec and its file, or a part of it.

use std::fmt;

use vmspec_codegen::interpret::{Bytes, Look, NotFound, Reading, locate};
use vmspec_codegen::model::{Format, Site};

use super::value::Writer;

/// What a value was read from, where the format has a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The file.
    AsItLies,
    /// The same, in which there is nothing to replay.
    NothingToReplay,
    /// The file as it would be if its log were replayed: how much that is.
    Replayed(String),
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsItLies => f.write_str("as it lies in the file"),
            Self::NothingToReplay => f.write_str("as it lies in the file, in whose log there is nothing to replay"),
            Self::Replayed(what) => write!(f, "as if the log were replayed ({what}); nothing is written"),
        }
    }
}

/// What is dumped, and how much of it.
#[derive(Clone)]
pub struct View<'a> {
    /// The spec.
    pub format: &'a Format,
    /// What was read.
    pub reading: &'a Reading,
    /// The file.
    pub bytes: &'a dyn Bytes,
    /// The node that is shown, with all that is in it.
    pub top: Look<'a>,
    /// Its path, empty for the value as a whole.
    pub path: String,
    /// Whether everything is shown: absent fields, long lists, long texts.
    pub all: bool,
    /// How many levels below the top are shown.
    pub depth: usize,
    /// What it was read from, where that is to be said.
    pub seen: Option<Seen>,
}

/// What comes behind the value as it lies in the file.
pub enum Then<'a> {
    /// The tables, as if the log were replayed.
    Shown(Box<View<'a>>),
    /// Nothing: the log cannot be replayed.
    Refused(vmspec::Error),
}

impl<'a> View<'a> {
    /// The value as a whole.
    pub fn new(format: &'a Format, reading: &'a Reading, bytes: &'a dyn Bytes) -> Self {
        let top = Look::root(format, &reading.root);
        Self { format, reading, bytes, top, path: String::new(), all: false, depth: usize::MAX, seen: None }
    }

    /// Shows only what is at `path`.
    ///
    /// # Errors
    /// There is nothing, or it was not read.
    pub fn go_to(&mut self, path: &str) -> Result<(), NotFound> {
        (self.top, self.path) = locate(&self.top, path)?;
        Ok(())
    }

    /// How its values are put on a line that has so much room.
    pub fn writer(&self, room: usize) -> Writer<'a> {
        Writer { bytes: self.bytes, room: if self.all { usize::MAX } else { room } }
    }

    /// How many bytes the file has behind the value.
    pub fn behind(&self) -> u64 {
        self.bytes.size().saturating_sub(self.reading.end)
    }
}

/// A place in the spec: `file:line`.
pub fn shown_site(format: &Format, site: Site) -> Option<String> {
    let file = format.files.get(site.file)?;
    (site.line > 0).then(|| format!("{file}:{}", site.line))
}
