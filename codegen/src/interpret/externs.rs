//! Code by hand that tells lengths, as whoever reads with the interpreter hands it in.

use super::bytes::Bytes;
use super::datum::Datum;
use crate::model::Class;
use std::io::{self, Read, Seek, SeekFrom};

/// Code by hand: it looks ahead, and tells how long something is.
pub trait Externs {
    /// The length of what an extern is asked about, in bytes.
    ///
    /// # Errors
    /// Why it cannot tell.
    fn length(&self, asked: &Asked<'_>) -> Result<u64, Untold>;
}

/// What an extern is asked.
pub struct Asked<'a> {
    /// Its name in the spec.
    pub name: &'a str,
    /// Its arguments, by their names in the spec.
    pub args: Vec<(&'a str, Datum<'a>)>,
    /// Whether the bytes end with a window, and not with the input.
    pub in_window: bool,
    pub(super) bytes: &'a dyn Bytes,
    /// Absolute offset of the field.
    pub(super) start: u64,
    /// Absolute offset of the end of the window, or of the input.
    pub(super) end: u64,
}

/// Why an extern cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// The class of the failure.
    pub class: Class,
    /// Where, from the start of the field.
    pub at: u64,
    /// What it asks for, as a phrase.
    pub expected: String,
    /// What it found instead, for people; empty for nothing that could be shown.
    pub found: String,
}

/// No code by hand: whatever needs it is refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoExterns;

impl Externs for NoExterns {
    fn length(&self, asked: &Asked<'_>) -> Result<u64, Untold> {
        let args: Vec<String> = asked.args.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
        let given = if args.is_empty() { String::new() } else { format!(" ({})", args.join(", ")) };
        let expected = format!("code that tells the length of `{}`{given}", asked.name);
        Err(Untold { class: Class::Unsupported, at: 0, expected, found: String::new() })
    }
}

impl Asked<'_> {
    /// How many bytes there are from the start of the field, up to the end of the window or of the input.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Fills `to` with the bytes that begin so far behind the start of the field.
    ///
    /// # Errors
    /// `UnexpectedEof` past the end, and those of the system.
    pub fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        let end = u64::try_from(to.len()).ok().and_then(|n| at.checked_add(n));
        if end.is_none_or(|end| end > self.left()) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.bytes.read_at(self.start.saturating_add(at), to)
    }
}

/// The bytes from the start of a field, as a reader that can seek; offsets count from the field.
pub struct AskedReader<'a> {
    asked: &'a Asked<'a>,
    at: u64,
}

impl<'a> Asked<'a> {
    /// The bytes from the start of the field.
    #[must_use]
    pub fn reader(&'a self) -> AskedReader<'a> {
        AskedReader { asked: self, at: 0 }
    }

    /// Absolute offset of the field.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// An argument that is a number; 0 where there is none of this name.
    #[must_use]
    pub fn number(&self, name: &str) -> u64 {
        let value = self.arg(name).and_then(Datum::number);
        value.and_then(|n| u64::try_from(n).ok()).unwrap_or_default()
    }

    /// An argument that is a text; empty where there is none of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> &[u8] {
        match self.arg(name) {
            Some(Datum::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    fn arg(&self, name: &str) -> Option<&Datum<'a>> {
        self.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

impl Read for AskedReader<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.asked.left().saturating_sub(self.at);
        let n = to.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let to = to.get_mut(..n).unwrap_or_default();
        self.asked.read_at(self.at, to)?;
        self.at = self.at.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }
}

impl Seek for AskedReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.asked.left().checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// An argument as errors show it.
fn shown(value: &Datum<'_>) -> String {
    match value {
        Datum::Bytes(bytes) => super::read::shown(bytes),
        Datum::Enum(crate::model::Key::Bytes(bytes)) => super::read::shown(bytes),
        Datum::Guid(text) => super::datum::guid_text(text, false),
        value => value.number().map_or_else(String::new, super::read::number),
    }
}
