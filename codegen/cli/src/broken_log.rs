//! What is to be done to a VHDX file before it is used, and what people are told where its log cannot be replayed.

use std::fs::File;
use std::io;
use std::path::Path;

use vmspec::vhdx::{BrokenLog, Headers, Recovery};
use vmspec::{Class, Error};

use crate::outcome::Outcome;
use crate::plural::plural;
use crate::refusal::Refusal;
use crate::screen::Screen;

/// What is said where `--discard-log` helps.
const DISCARD: &str = "a program that stops between naming its log in the header and writing the first entry, as QEMU \
    may, leaves such a file with its tables as they were; after any other accident changes would be lost. \
    --discard-log takes the log as empty";

/// Why not, and what else there is to say of it.
pub struct Refused {
    why: Refusal,
    more: Vec<String>,
}

impl Refused {
    /// Says it.
    pub fn report(self, file: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        let outcome = self.why.report(file, screen)?;
        self.more.iter().try_for_each(|line| screen.line(format_args!("  {line}")))?;
        Ok(outcome)
    }
}

impl<T: Into<Refusal>> From<T> for Refused {
    fn from(why: T) -> Self {
        Self { why: why.into(), more: Vec::new() }
    }
}

/// What is to be done to the file; a log in which nothing can be replayed is refused unless it may be discarded.
pub fn find(file: &mut File, discard: bool) -> Result<Recovery, Refused> {
    let broken = if discard { BrokenLog::Discard } else { BrokenLog::Refuse };
    Recovery::find(file, broken).map_err(|e| explain(file, e))
}

/// What looks like an entry and is none, for a log that has no other.
fn explain(file: &mut File, why: Error) -> Refused {
    let scanned = Headers::read(file).and_then(|headers| headers.journal()?.map(|log| log.scan(file)).transpose());
    let mut more = Vec::new();
    if let Ok(Some(scan)) = scanned
        && scan.active.is_empty()
        && why.class() != Class::Io
    {
        more.extend(scan.rejected.iter().map(|it| format!("entry at {:#x} of the log: {}", it.start, it.why)));
        more.extend(
            (scan.foreign > 0).then(|| {
                format!("{} of another session, which the header does not name", plural(scan.foreign, "entry"))
            }),
        );
        more.push(DISCARD.to_owned());
    }
    Refused { why: why.into(), more }
}
