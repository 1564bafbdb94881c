//! `vmspec qevm-index`: where everything lies in a QEMU migration stream.

use std::io::{self, BufReader, Cursor, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use vmspec::Error;
use vmspec::format::{Inputs, Prepare, ReadSeek};
use vmspec::qevm::index::{Kind, Pages, Record, Row, Section, index};
use vmspec::qevm::{Prepared, Stream, StreamArgs};

use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::stream::Unpacking;
use crate::target::{Choice, Target};

/// How much is read at a time.
const STEP: usize = 1 << 20;

/// List where each section and each run of pages lies in a QEMU migration stream
///
/// A record is a line: its offset and length, what it is, and the section with its number, instance and version. In front of it stand
/// the pages in it, each run with the offset of its first page's content, the length of each page's content and the distance from one to the
/// next, then how they are sent, their block and address in it. The stream is read once and not held, so that a guest of any size takes
/// little memory.
///
/// The stream may be that of a libvirt save image; offsets are those of the file. Where it is packed, they are those of the
/// stream as it is unpacked.
///
/// From a pipe, the description at the end of the stream is not known in time. Devices that no spec describes then end where a footer is found;
/// give the description with --desc where that is not enough.
#[derive(Debug, Args)]
#[command(name = "qevm-index")]
#[command(
    after_help = "Exit status: 0 when the stream was read to its end, 1 when there is none or it is not sound, 2 when the file \
    cannot be opened or read."
)]
pub struct QevmIndex {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    unpacking: Unpacking,
    /// Write a line of JSON for each, for programs such as jq
    #[arg(long)]
    json: bool,
    /// The stream, or a file that carries one; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Why the listing stopped.
enum Stopped {
    Refused(Refusal),
    /// Standard output fails.
    Unwritten(io::Error),
}

impl QevmIndex {
    /// Lists what is in the stream.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let listed = self.list(&mut screen.buffered());
        match listed {
            Ok(()) => Ok(Outcome::Good),
            Err(Stopped::Unwritten(e)) => Err(e),
            Err(Stopped::Refused(refusal)) => Ok(refusal.complain(&self.file)),
        }
    }

    fn list(&self, out: &mut dyn Write) -> Result<(), Stopped> {
        let mut unwritten = None;
        let mut row = |row: Row| {
            let written = if self.json { write_json(&row, out) } else { write_text(&row, out) };
            written.map_err(|e| {
                let kind = e.kind();
                unwritten = Some(e);
                Error::io(0, kind.into())
            })
        };
        let listed = if self.file == Path::new("-") { self.list_pipe(&mut row) } else { self.list_file(&mut row) };
        let flushed = out.flush();
        match (unwritten, listed) {
            (Some(e), _) => Err(Stopped::Unwritten(e)),
            (None, listed) => listed.map_err(Stopped::Refused).and(flushed.map_err(Stopped::Unwritten)),
        }
    }

    fn list_pipe(&self, row: &mut dyn FnMut(Row) -> Result<(), Error>) -> Result<(), Refusal> {
        let (pipe, inputs) = self.choice.pipe(Box::new(BufReader::with_capacity(STEP, io::stdin())))?;
        // There is nothing to look for a description in.
        let mut nothing = Cursor::new([]);
        with_args(&mut nothing, 0, &Target::inputs(&inputs), |_, args| {
            index(BufReader::with_capacity(STEP, pipe.reader), pipe.offset, args, row)
        })?;
        Ok(())
    }

    fn list_file(&self, row: &mut dyn FnMut(Row) -> Result<(), Error>) -> Result<(), Refusal> {
        let (mut target, _) = self.choice.stream(&self.file, self.unpacking)?;
        let (offset, inputs) = (target.offset, Target::inputs(&target.inputs));
        with_args(&mut target.reader, offset, &inputs, |reader, args| {
            reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
            index(reader, offset, args, row)
        })?;
        Ok(())
    }
}

/// Finds what has to be known in advance.
fn with_args(
    reader: &mut dyn ReadSeek,
    offset: u64,
    inputs: Inputs<'_>,
    then: impl FnOnce(&mut dyn ReadSeek, StreamArgs<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    <Prepared as Prepare<Stream>>::prepared(reader, offset, inputs, then)
}

fn write_text(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    match row {
        Row::Record(Record { kind, offset, length, section }) => {
            write!(out, "{offset:#12x} {length:>12}  {}", kind.name())?;
            if let Kind::Command(id) = kind {
                write!(out, " {}", id.name())?;
            }
            if let Some(section) = section {
                let id = section.id.map_or_else(String::new, |id| format!("section {id}, "));
                write!(out, " {} ({id}instance {}, version {})", section.name, section.instance, section.version)?;
            }
            writeln!(out)
        }
        Row::Pages(run) => {
            let Pages { pages, page_size, offset, length, stride, address, kind, .. } = run;
            let (block, kind) = (run.block.escape_ascii(), kind.name());
            let every = if *pages > 1 { format!(" every {stride}") } else { String::new() };
            writeln!(
                out,
                "{offset:#12x} {length:>12}{every}  {kind} {block} {address:#x}, {pages} pages of {page_size}"
            )
        }
    }
}

fn write_json(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let line = match row {
        Row::Record(record) => json!({
            "row": "record",
            "kind": record.kind.name(),
            "offset": record.offset,
            "length": record.length,
            "command": if let Kind::Command(id) = record.kind { Some(id.name()) } else { None },
            "section": record.section.as_ref().map(section),
        }),
        Row::Pages(run) => json!({
            "row": "pages",
            "kind": run.kind.name(),
            "block": String::from_utf8_lossy(&run.block),
            "address": run.address,
            "pages": run.pages,
            "page_size": run.page_size,
            "offset": run.offset,
            "length": run.length,
            "stride": run.stride,
        }),
    };
    writeln!(out, "{line}")
}

fn section(section: &Section) -> serde_json::Value {
    let Section { id, name, instance, version } = section;
    json!({"id": id, "name": name.to_string(), "instance": instance, "version": version})
}
