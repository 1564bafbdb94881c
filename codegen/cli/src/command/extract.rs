//! `vmspec extract`: one value out of a file, as bytes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::interpret::{Blob, Bytes, FileBytes, Look, Value, Wanted};

use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};
use crate::stream::Carried;

/// How much is copied at a time.
const STEP: u64 = 1 << 20;

/// Copy one value out of a file
///
/// Text comes without its NUL or length, UTF-16 as UTF-8, everything else as the bytes that stand for it in the file. A
/// value of any size is copied piece by piece and never held. It does not matter what is wrong with the file behind it.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the value was copied, 1 when it is not there or the file \
    or spec is not sound, 2 when the command line is wrong or a file cannot be opened, read or written.")]
pub struct Extract {
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    carried: Carried,
    /// Where the value is, as errors print it: `area.xml`, `stream.records[3].body`
    #[arg(value_name = "PATH")]
    path: String,
    /// A new file for the value, instead of standard output; one that is there is kept
    #[arg(short, long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// All bytes of the value as they are in the file, the NUL or length of text too
    #[arg(long)]
    raw: bool,
}

impl Extract {
    /// Copies the value. Complaints go to standard error: what is on standard output is the value.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.extract(screen) {
            Ok(()) => Ok(Outcome::Good),
            Err(Stopped::Refused(refusal)) => Ok(refusal.complain(&self.inspect.file)),
            Err(Stopped::Unwritten(e)) => Err(e),
        }
    }

    fn extract(&self, screen: &mut Screen) -> Result<(), Stopped> {
        let inspected = self.inspect.open_carried(&self.carried)?;
        let content = self.content(&inspected)?;
        let Some(out) = &self.out else {
            let mut out = io::stdout().lock();
            pour(&content, &inspected.bytes, &mut out, |_| ())?;
            return out.flush().map_err(Stopped::Unwritten);
        };
        save(&content, &inspected.bytes, out)?;
        let what = format!("{} bytes to {}", content.size(), out.display());
        screen.verdict(&self.inspect.file, (GOOD, "extracted"), &what).map_err(Stopped::Unwritten)
    }

    /// Where the bytes are. The tree is needed no longer than until that is known.
    fn content(&self, inspected: &Inspected) -> Result<Content, Refusal> {
        let wanted = Wanted { paths: vec![self.path.clone()], ..Wanted::default() };
        let reading = inspected.read(&wanted);
        let look = inspected.find(&reading, &self.path)?;
        if self.raw {
            return Ok(Content::in_file(&look));
        }
        Content::of(&look.innermost()).ok_or_else(|| {
            let path = &self.path;
            Refusal::Unknown(format!("`{path}` has unpaired surrogates, which UTF-8 has not; --raw copies it as it is"))
        })
    }
}

/// Why copying stopped.
enum Stopped {
    /// The value cannot be had, or not be put where it should go.
    Refused(Refusal),
    /// Standard output fails.
    Unwritten(io::Error),
}

impl<R: Into<Refusal>> From<R> for Stopped {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal.into())
    }
}

/// The bytes of a value.
enum Content {
    Held(Vec<u8>),
    /// At this offset of the file, so many.
    File(u64, u64),
}

impl Content {
    /// What the value says; none for UTF-16 that no text is written as.
    fn of(look: &Look<'_>) -> Option<Self> {
        match &look.node.value {
            Value::Text(text) | Value::Blob(Blob::Held(text)) => Some(Self::Held(text.clone())),
            Value::Utf16(units) => String::from_utf16(units).ok().map(|text| Self::Held(text.into_bytes())),
            _ => Some(Self::in_file(look)),
        }
    }

    fn in_file(look: &Look<'_>) -> Self {
        Self::File(look.node.at, look.node.len)
    }

    fn size(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.as_slice().size(),
            Self::File(_, size) => *size,
        }
    }
}

/// Copies to a file that is not there yet. Half a value would look like a whole one.
fn save(content: &Content, bytes: &FileBytes, path: &Path) -> Result<(), Stopped> {
    let elsewhere = |e| Stopped::Refused(Refusal::Elsewhere(path.to_owned(), e));
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(elsewhere)?;
    let mut progress = Progress::new(path, content.size());
    let poured = pour(content, bytes, &mut file, |done| progress.reach(done));
    if poured.is_err() {
        fs::remove_file(path).map_err(elsewhere)?;
    }
    poured.map_err(|stopped| match stopped {
        Stopped::Unwritten(e) => elsewhere(e),
        refused @ Stopped::Refused(_) => refused,
    })
}

/// Copies piece by piece, and says how far it has come.
fn pour(content: &Content, bytes: &FileBytes, out: &mut impl Write, mut reach: impl FnMut(u64)) -> Result<(), Stopped> {
    let (at, size) = match content {
        Content::Held(held) => return out.write_all(held).map_err(Stopped::Unwritten),
        Content::File(at, size) => (*at, *size),
    };
    let mut buffer = vec![0; usize::try_from(size.min(STEP)).unwrap_or(0)];
    let mut done = 0_u64;
    while done < size {
        let step = usize::try_from(size.saturating_sub(done)).unwrap_or(usize::MAX).min(buffer.len());
        let Some(piece) = buffer.get_mut(..step) else { break };
        bytes.read_at(at.saturating_add(done), piece)?;
        out.write_all(piece).map_err(Stopped::Unwritten)?;
        done = done.saturating_add(piece.size());
        reach(done);
    }
    Ok(())
}
