//! Files as they are found: opened, and their format told by how they begin or by its id.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use vmspec::Class;
use vmspec::format::{self, FORMATS, Format};

use crate::refusal::Refusal;

/// What an option takes that names a format: its id.
pub fn format_parser() -> impl TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.id))
        .try_map(|id| format::by_id(&id).ok_or("no such format"))
}

/// Opens a file that has something at `offset`; its length as well.
pub fn open(path: &Path, offset: u64) -> Result<(File, u64), Refusal> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    let length = file.seek(SeekFrom::End(0))?;
    if length <= offset {
        return Err(Refusal::Unknown(nothing_there(offset, length)));
    }
    Ok((file, length))
}

/// The format whose magic is at `offset`; or the one whose magic is cut off, so that its reader says so.
pub fn recognise(file: &mut File, offset: u64) -> Result<&'static Format, Refusal> {
    told_by(&format::head(file, offset)?, offset)
}

/// The format of what begins so, at this offset of its file.
pub fn told_by(head: &[u8], offset: u64) -> Result<&'static Format, Refusal> {
    format::find(head)
        .or_else(|| FORMATS.iter().find(|format| format.may_continue(head)))
        .ok_or_else(|| Refusal::Unknown(unknown(offset, head)))
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
