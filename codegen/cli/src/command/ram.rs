//! `vmspec ram`: the guest's memory out of a file.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Format;
use vmspec::memory::{self, Block};
use vmspec::pages::PageIndex;
use vmspec::qevm::memory::Copied;

use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{BAD, GOOD, Screen};
use crate::stream::Unpacking;
use crate::stream_memory::{self, BlockFile};
use crate::target::{Choice, Target};

/// Most ranges of pages that are listed.
const LISTED: usize = 16;

/// Copy a guest's memory into files of its own
///
/// Each piece of memory becomes a file: page N at byte N times the size of a page, the last copy
/// where the file has several. Pages that are not there, or were never used, are holes. The input
/// is read twice and never held, so that a guest of any size takes little memory.
///
/// Of a QEMU stream, or that of a libvirt save image, each RAM block becomes a file; what a file name
/// cannot have is written as %XX. A block of which the stream has nothing is left out. Pages that went
/// through further connections, as multifd sends them, are put in their places where these are given.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the memory was copied, 1 when the file is not sound or \
    has no memory to copy, or only a part of it, 2 when a file cannot be opened, read or written.")]
pub struct Ram {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    unpacking: Unpacking,
    /// What went through a further connection of a multifd migration; may be given several times
    #[arg(long = "channel", value_name = "FILE")]
    channels: Vec<PathBuf>,
    /// The file the guest was saved in
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder for the memory, made if missing; files that are there are kept
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

impl Ram {
    /// Copies every piece of memory.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.copy() {
            Ok(Memory::Pages(copied)) => {
                for (path, pages) in copied {
                    self.report(&path, &pages, screen)?;
                }
                Ok(Outcome::Good)
            }
            Ok(Memory::Blocks(copied)) => {
                let mut worst = Outcome::Good;
                for (path, block) in copied {
                    worst = worst.max(self.report_block(path.as_deref(), &block, screen)?);
                }
                Ok(worst)
            }
            Err(refusal) => refusal.report(&self.file, screen),
        }
    }

    fn copy(&self) -> Result<Memory, Refusal> {
        let Some((mut target, _)) = self.choice.open_stream(&self.file, self.unpacking)? else {
            let mut target = self.choice.open(&self.file)?;
            let blocks = memory::blocks(target.format, &mut target.reader, target.offset)?;
            return match blocks {
                Some(blocks) => self.copy_pages(&mut target, blocks).map(Memory::Pages),
                None => Err(unseen(target.format)),
            };
        };
        let copied = stream_memory::copy(&mut target, &self.file, &self.channels, &self.out)?;
        if copied.is_empty() {
            return Err(Refusal::Unknown("there is no memory in the stream".into()));
        }
        Ok(Memory::Blocks(copied))
    }

    fn copy_pages(&self, target: &mut Target, blocks: Vec<Block>) -> Result<Vec<(PathBuf, PageIndex)>, Refusal> {
        fs::create_dir_all(&self.out).map_err(|e| named(&self.out, &e))?;
        let mut copied = Vec::new();
        for Block { name, pages } in blocks {
            let path = self.out.join(format!("{name}.bin"));
            let mut file = create(&path)?;
            // Half a guest would look like a whole one.
            if let Err(refusal) = fill(&mut file, &pages, &mut target.reader, &path) {
                fs::remove_file(&path).map_err(|e| named(&path, &e))?;
                return Err(refusal);
            }
            copied.push((path, pages));
        }
        Ok(copied)
    }

    fn report_block(&self, path: Option<&Path>, block: &Copied<File>, screen: &mut Screen) -> io::Result<Outcome> {
        let Copied { name, length, page_size, pages, missing, .. } = block;
        let Some(path) = path else {
            let what = format!("{name} of {length} bytes: nothing of it is in the stream");
            return screen.verdict(&self.file, (BAD, "left out"), &what).map(|()| Outcome::Good);
        };
        let what = format!("{pages} pages of {page_size} bytes of {name} to {}", path.display());
        if *missing == 0 {
            return screen.verdict(&self.file, (GOOD, "copied"), &what).map(|()| Outcome::Good);
        }
        let what = format!("{what}; {missing} pages were not sent, or by connections of their own");
        screen.verdict(&self.file, (BAD, "copied in part"), &what).map(|()| Outcome::Refused)
    }

    fn report(&self, path: &Path, pages: &PageIndex, screen: &mut Screen) -> io::Result<()> {
        let what = format!("{} pages of {} bytes to {}", pages.len(), pages.page_size(), path.display());
        screen.verdict(&self.file, (GOOD, "copied"), &what)?;
        let ranges = ranges(pages);
        for (first, last) in ranges.iter().take(LISTED) {
            screen.line(format_args!("  {first:#x} to {last:#x}"))?;
        }
        let more = ranges.len().saturating_sub(LISTED);
        if more > 0 { screen.line(format_args!("  and {more} more")) } else { Ok(()) }
    }
}

/// What is said of a format whose files have memory that cannot be seen, or none.
fn unseen(format: &Format) -> Refusal {
    Refusal::Unknown(format!("the memory in a file of format {} is not looked into", format.id))
}

/// What was copied, and where to.
enum Memory {
    /// Pages from their places in the file.
    Pages(Vec<(PathBuf, PageIndex)>),
    /// Blocks of a stream.
    Blocks(Vec<BlockFile>),
}

/// A new file; one that is there is not written over.
fn create(path: &Path) -> Result<File, Refusal> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    created.map_err(|e| named(path, &e).into())
}

/// Copies the pages and sets the length, for pages at the end that were never used.
fn fill<R: io::Read + io::Seek>(
    file: &mut File,
    pages: &PageIndex,
    reader: &mut R,
    path: &Path,
) -> Result<(), Refusal> {
    pages.copy_to(reader, file)?;
    let end = pages.runs().last().map_or(0, |run| run.pages.end);
    file.set_len(end.saturating_mul(pages.page_size())).map_err(|e| named(path, &e).into())
}

/// An error of the system with the path it is about, which is not that of the input.
fn named(path: &Path, e: &io::Error) -> io::Error {
    io::Error::new(e.kind(), format!("{}: {e}", path.display()))
}

/// The pages that are there: first and last of each range.
fn ranges(pages: &PageIndex) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = Vec::new();
    for run in pages.runs() {
        let last = run.pages.end.saturating_sub(1);
        match out.last_mut() {
            Some(before) if before.1.saturating_add(1) == run.pages.start => before.1 = last,
            _ => out.push((run.pages.start, last)),
        }
    }
    out
}
