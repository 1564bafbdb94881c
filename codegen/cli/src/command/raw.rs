//! `vmspec raw`: a disk as the guest sees it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::runtime::journal::Storage;
use vmspec::runtime::len64;
use vmspec::vhdx::{Block, BlockMap, Disk, Recovery, parent};
use vmspec::{Class, Error};

use crate::broken_log::{self, Refused};
use crate::fresh::{Fresh, HOLE};
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::recognise;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};

/// Write the disk in a VHDX file as the guest sees it
///
/// Where the file was not closed properly it is read as if its log had been replayed; it is never written. A log that has
/// to be replayed and cannot be is refused. Parts that are zeros become holes. A differencing disk is refused, as the
/// rest of it is in its parent.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the disk was written, 1 when the file is not sound or is a differencing \
    disk, 2 when the command line is wrong or a file cannot be opened, read or written.")]
pub struct Raw {
    /// The disk
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A new file for the disk; one that is there is kept
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Take a log in which nothing can be replayed as empty, as QEMU does; changes that it had are missing
    #[arg(long)]
    discard_log: bool,
}

impl Raw {
    /// Writes the disk, and says how large it is.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.write() {
            Ok(what) => {
                screen.verdict(&self.file, (GOOD, "written"), &format!("to {} ({what})", self.out.display()))?;
                Ok(Outcome::Good)
            }
            Err(refused) => refused.report(&self.file, screen),
        }
    }

    fn write(&self) -> Result<String, Refused> {
        let mut fresh = Fresh::vacant(&self.out)?;
        let (mut file, _) = recognise::open(&self.file, 0)?;
        let recovery = broken_log::find(&mut file, self.discard_log)?;
        let through = through(&recovery);
        let mut overlay = recovery.overlay(file);
        let map = BlockMap::read(&mut overlay).map_err(|e| with_parent(&mut overlay, e))?;
        let mut disk = Disk::new(overlay, map);
        copy(&mut disk, &mut fresh, &self.file)?;
        fresh.keep(&fs::metadata(&self.file)?, false)?;
        Ok(format!("{} bytes{through}", disk.map().size()))
    }
}

/// What became of the log.
fn through(recovery: &Recovery) -> &'static str {
    if recovery.discards() {
        ", without the log, in which nothing can be replayed"
    } else if recovery.is_clean() {
        ""
    } else {
        ", with the log replayed"
    }
}

/// For a differencing disk, what it says of its parent.
fn with_parent<S: Storage>(file: &mut S, e: Error) -> Refusal {
    let texts = match parent(file) {
        Ok(texts) if e.class() == Class::Unsupported && !texts.is_empty() => texts,
        _ => return e.into(),
    };
    let plain = |c: &char| !c.is_control();
    let lines =
        texts.iter().map(|(name, value)| format!("\n  {name}: {}", value.chars().filter(plain).collect::<String>()));
    Refusal::Unknown(format!("{e}; of its parent the file says:{}", lines.collect::<String>()))
}

/// Copies block by block. What is not copied is a hole.
fn copy<S: Storage>(disk: &mut Disk<S>, to: &mut Fresh, name: &Path) -> Result<(), Refusal> {
    let (size, block_size) = (disk.map().size(), disk.map().block_size());
    to.file().set_len(size).map_err(|e| to.failed(e))?;
    let mut progress = Progress::new(name, size);
    for index in 0..disk.map().blocks() {
        let start = index.saturating_mul(block_size);
        if let Block::At(_) = disk.block(index)? {
            copy_range(disk, start, start.saturating_add(block_size).min(size), to)?;
        }
        progress.reach(start);
    }
    Ok(())
}

fn copy_range<S: Storage>(disk: &mut Disk<S>, start: u64, end: u64, to: &mut Fresh) -> Result<(), Refusal> {
    let mut buffer = vec![0; HOLE];
    let mut at = start;
    while at < end {
        buffer.truncate(usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX));
        disk.read_at(at, &mut buffer)?;
        to.put_at(at, &buffer)?;
        at = at.saturating_add(len64(buffer.len()));
    }
    Ok(())
}
