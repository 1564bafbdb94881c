//! A file to look at: opened, and its format told by how it begins.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use vmspec::format::{self, FORMATS, Format};
use vmspec::{Class, Error};

use crate::offset;
use crate::outcome::Outcome;
use crate::progress::{Progress, Watched};
use crate::screen::{self, Screen};

/// How much of a file is looked at to tell its format.
const HEAD: u64 = 64;
/// How much is read at a time.
const STEP: usize = 64 << 10;

/// Which part of each file is read, and as what.
#[derive(Debug, Args)]
pub struct Choice {
    /// Read every file as this format; without it the first bytes tell
    #[arg(long, value_name = "ID", value_parser = format_parser())]
    format: Option<&'static Format>,
    /// Start N bytes into each file (512, 0x200, 64K, 1M, 2G)
    #[arg(long, value_name = "N", default_value = "0", value_parser = offset::parse)]
    offset: u64,
}

fn format_parser() -> impl TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.id))
        .try_map(|id| format::by_id(&id).ok_or("no such format"))
}

/// A file, opened.
pub struct Target {
    /// Its bytes.
    pub reader: Watched<BufReader<File>>,
    /// Where the value starts.
    pub offset: u64,
    /// What it is.
    pub format: &'static Format,
}

/// Why a file was not looked at, or did not pass.
pub enum Refusal {
    /// The system says no.
    Io(io::Error),
    /// The format says no.
    Format(Error),
    /// There is nothing to read, or no format to read it as.
    Unknown(String),
}

impl From<io::Error> for Refusal {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

impl From<Error> for Refusal {
    fn from(e: Error) -> Self {
        Self::Format(e)
    }
}

impl Refusal {
    /// Prints it: what is wrong with the file is a result, what is wrong with the system is an error.
    pub fn report(&self, path: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        let path_shown = path.display();
        match self {
            Self::Io(e) => screen::complain(&format!("{path_shown}: {e}")),
            Self::Format(e) if e.class() == Class::Io => {
                screen::complain(&format!("{path_shown}: {}", innermost(e)));
            }
            Self::Format(e) => return screen.refuse(path, e).map(|()| Outcome::Refused),
            Self::Unknown(message) => {
                return screen.refuse(path, message).map(|()| Outcome::Refused);
            }
        }
        Ok(Outcome::Failed)
    }
}

/// What the system said, without the field it happened to be asked for.
fn innermost(e: &Error) -> String {
    std::error::Error::source(e).map_or_else(|| e.to_string(), ToString::to_string)
}

impl Choice {
    /// Opens a file and settles its format.
    pub fn open(&self, path: &Path) -> Result<Target, Refusal> {
        let mut file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        let length = file.seek(SeekFrom::End(0))?;
        if length <= self.offset {
            return Err(Refusal::Unknown(nothing_there(self.offset, length)));
        }
        let format = match self.format {
            Some(format) => format,
            None => self.recognise(&mut file)?,
        };
        file.rewind()?;
        let reader = BufReader::with_capacity(STEP, file);
        Ok(Target { reader: Watched::new(reader, Progress::new(path, length)), offset: self.offset, format })
    }

    /// The format whose magic is there; or the one whose magic is cut off, so that its reader says so.
    fn recognise(&self, file: &mut File) -> Result<&'static Format, Refusal> {
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(self.offset))?;
        file.take(HEAD).read_to_end(&mut head)?;
        format::find(&head)
            .or_else(|| FORMATS.iter().find(|format| format.may_continue(&head)))
            .ok_or_else(|| Refusal::Unknown(unknown(self.offset, &head)))
    }
}

fn nothing_there(offset: u64, length: u64) -> String {
    let class = Class::Truncated;
    if length == 0 {
        format!("{offset:#x}: the file is empty ({class})")
    } else {
        format!("{offset:#x}: the file ends before, at {length:#x} ({class})")
    }
}

fn unknown(offset: u64, head: &[u8]) -> String {
    let class = Class::NotThisFormat;
    let shown = head.get(..16).unwrap_or(head).escape_ascii();
    format!("{offset:#x}: no known format begins with \"{shown}\" ({class})")
}
