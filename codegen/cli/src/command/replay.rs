//! `vmspec replay`: the log of a VHDX file, replayed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::runtime::{Guid, len64};
use vmspec::vhdx::Recovery;

use crate::broken_log::{self, Refused};
use crate::fresh::{self, Fresh, HOLE};
use crate::outcome::Outcome;
use crate::plural::plural;
use crate::progress::Progress;
use crate::recognise;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};

/// Replay the log of a VHDX disk that was not closed properly
///
/// All of the log is checked before the first byte is written, and the replay may be cut off at any time and done
/// again. What the guest sees is what it last made durable. A disk that was closed properly is left as it is.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the file is clean now, 1 when its log cannot be replayed, 2 when the \
    command line is wrong or a file cannot be opened, read or written.")]
pub struct Replay {
    /// The disk
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Put the result into a new file, and leave FILE as it is
    #[arg(short, long, value_name = "OUT", conflicts_with = "dry_run")]
    out: Option<PathBuf>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Take a log in which nothing can be replayed as empty; changes that it had are lost
    #[arg(long)]
    discard_log: bool,
}

impl Replay {
    /// Replays, and says what that was.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.replay() {
            Ok((verdict, what)) => {
                let to = self.out.as_ref().map_or_else(String::new, |out| format!(", written to {}", out.display()));
                screen.verdict(&self.file, (GOOD, verdict), &format!("{what}{to}"))?;
                Ok(Outcome::Good)
            }
            Err(refused) => refused.report(&self.file, screen),
        }
    }

    fn replay(&self) -> Result<(&'static str, String), Refused> {
        if let Some(out) = &self.out {
            fresh::check_vacant(out)?;
        }
        let (mut file, length) = recognise::open(&self.file, 0)?;
        let recovery = broken_log::find(&mut file, self.discard_log)?;
        let done = self.said(&recovery);
        match &self.out {
            _ if self.dry_run => {}
            Some(out) => copy_and_run(&mut file, length, recovery, (&self.file, out))?,
            None if recovery.is_clean() => {}
            None => {
                let mut file = OpenOptions::new().read(true).write(true).open(&self.file)?;
                recovery.run(&mut file, random_guid()?)?;
            }
        }
        Ok(done)
    }

    /// What has been done, or would be.
    fn said(&self, recovery: &Recovery) -> (&'static str, String) {
        if recovery.is_clean() {
            return ("clean", "(nothing to replay)".to_owned());
        }
        if recovery.discards() {
            let verdict = if self.dry_run { "would discard" } else { "discarded" };
            return (verdict, "the log (nothing in it can be replayed)".to_owned());
        }
        let entries = u64::try_from(recovery.entries().len()).unwrap_or(u64::MAX);
        let what = format!("{}, {}", plural(entries, "entry"), plural(recovery.descriptors(), "descriptor"));
        (if self.dry_run { "would replay" } else { "replayed" }, what)
    }
}

/// Copies a file and replays its log in the copy.
fn copy_and_run(file: &mut File, length: u64, recovery: Recovery, (from, to): (&Path, &Path)) -> Result<(), Refusal> {
    let mut fresh = Fresh::vacant(to)?;
    copy(file, length, &mut fresh, from)?;
    let guid = random_guid()?;
    recovery.run(fresh.file_mut(), guid).map_err(|e| fresh.unwritten(e))?;
    fresh.keep(&fs::metadata(from)?, false)
}

/// Copies all of a file; zeros become holes.
fn copy(file: &mut File, length: u64, to: &mut Fresh, name: &Path) -> Result<(), Refusal> {
    to.file().set_len(length).map_err(|e| to.failed(e))?;
    io::Seek::rewind(file)?;
    let mut progress = Progress::new(name, length);
    let mut buffer = vec![0; HOLE];
    let mut at = 0;
    loop {
        let n = file.read(&mut buffer)?;
        let bytes = buffer.get(..n).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        to.put_at(at, bytes)?;
        at = at.saturating_add(len64(n));
        progress.reach(at);
    }
}

/// A random identifier, of version 4.
fn random_guid() -> Result<Guid, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| Refusal::Io(io::Error::other(e)))?;
    let number = u128::from_be_bytes(bytes) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    Ok(Guid::from_u128(number))
}
