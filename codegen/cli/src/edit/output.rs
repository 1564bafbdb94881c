//! Where a file goes that is written anew: into a new file, or in the place of the old one. Until it has been read
//! back it lies beside that under another name.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::interpret::{Bytes, FileBytes, Node, Reading, Start, Wanted, read_wanted, write};
use vmspec_codegen::model::Format;

use super::Joined;
use crate::fresh::{self, Fresh, HOLE};
use crate::progress::Progress;
use crate::refusal::Refusal;

/// How much is copied or written at a time.
const STEP: u64 = 1 << 20;

/// Where the result goes.
#[derive(Debug, Args)]
#[group(id = "where", required = true)]
pub struct Output {
    /// A new file for the result; one that is there is kept
    #[arg(short, long, value_name = "OUT", group = "where")]
    out: Option<PathBuf>,
    /// Put the result in the place of FILE, once it is whole and has been read back
    #[arg(long, group = "where")]
    in_place: bool,
}

/// A result that was written, and does not have its name yet.
pub struct Written {
    file: Fresh,
    replaces: bool,
    /// Its bytes.
    pub bytes: FileBytes,
    /// What is in it.
    pub reading: Reading,
}

impl Output {
    /// Where the result is to go, and whether that replaces a file.
    ///
    /// # Errors
    /// There is something already.
    fn place(&self, file: &Path) -> Result<(PathBuf, bool), Refusal> {
        let Some(out) = &self.out else {
            // Behind a link lies the file that is to be replaced.
            return Ok((fs::canonicalize(file)?, true));
        };
        if out.exists() && is_same_file(file, out)? {
            let name = out.display();
            let why = "is the file itself, and the rest is copied from it: give another name, or --in-place";
            return Err(Refusal::Choice(format!("{name} {why}")));
        }
        fresh::check_vacant(out).map(|()| (out.clone(), false))
    }

    /// What people call the result.
    pub fn name<'a>(&'a self, file: &'a Path) -> &'a Path {
        self.out.as_deref().unwrap_or(file)
    }

    /// Makes sure that there is a place for the result, before any work is done for it.
    pub fn check(&self, file: &Path) -> Result<(), Refusal> {
        self.place(file).map(|_| ())
    }

    /// Writes a tree with all that lies before and behind it in the file that it was read from, and reads the result
    /// back, with what is wanted of lists that are read one by one. Dropped without [`Written::keep`] it leaves nothing behind.
    pub fn write(
        &self,
        file: &Path,
        value: (&Format, Start, &Node, u64),
        (source, wanted): (&Joined, &Wanted),
    ) -> Result<Written, Refusal> {
        let (format, start, root, end) = value;
        let (to, replaces) = self.place(file)?;
        let temporary = Fresh::new(&to)?;
        let elsewhere = |e| temporary.failed(e);
        let progress = Progress::new(self.name(file), root.len.saturating_add(start.at));
        let holes = Holes { file: temporary.file() };
        let mut out = Told { inner: BufWriter::with_capacity(HOLE, holes), done: 0, progress };
        copy(source, (0, start.at), &mut out)?;
        write(format, start, root, source, &mut out).map_err(|trouble| match trouble.io {
            Some(words) => elsewhere(io::Error::other(words)),
            None => Refusal::Trouble(trouble),
        })?;
        copy(source, (end, source.first_size()), &mut out)?;
        out.flush().and_then(|()| temporary.file().set_len(out.done)).map_err(elsewhere)?;
        drop(out);
        let bytes = FileBytes::new(temporary.reopen()?).map_err(elsewhere)?;
        let reading = read_wanted(format, start, &bytes, wanted);
        Ok(Written { file: temporary, replaces, bytes, reading })
    }
}

impl Written {
    /// Gives the result its name, and the permissions of the file that it was made from.
    pub fn keep(self, file: &Path) -> Result<(), Refusal> {
        self.file.keep(&fs::metadata(file)?, self.replaces)
    }
}

fn is_same_file(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(fs::canonicalize(a)? == fs::canonicalize(b)? || is_same_inode(&fs::metadata(a)?, &fs::metadata(b)?))
}

#[cfg(unix)]
fn is_same_inode(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same_inode(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Copies a range piece by piece.
fn copy(source: &Joined, (from, to): (u64, u64), out: &mut impl Write) -> Result<(), Refusal> {
    let mut buffer = vec![0; usize::try_from(to.saturating_sub(from).min(STEP)).unwrap_or(0)];
    let mut at = from;
    while at < to {
        buffer.truncate(usize::try_from(to.saturating_sub(at)).unwrap_or(usize::MAX));
        source.read_at(at, &mut buffer)?;
        out.write_all(&buffer)?;
        at = at.saturating_add(buffer.as_slice().size());
    }
    Ok(())
}

/// A file in which long runs of zeros become holes, as they mostly were in what is copied.
struct Holes<'f> {
    file: &'f File,
}

impl Write for Holes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() < HOLE || bytes.iter().any(|byte| *byte != 0) {
            return self.file.write(bytes);
        }
        let step = i64::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.file.seek(SeekFrom::Current(step))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A writer that says how far it has come.
struct Told<W> {
    inner: W,
    done: u64,
    progress: Progress,
}

impl<W: Write> Write for Told<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.done = self.done.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        self.progress.reach(self.done);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
