//! A file that gets its name once it is whole. Until then it lies beside that under another one, and is removed when
//! something goes wrong.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use vmspec::runtime::journal::StorageMut;
use vmspec::{Class, Error};

use crate::refusal::Refusal;

/// So many zeros that are written at once become a hole.
pub const HOLE: usize = 64 << 10;

/// A file that is being written.
pub struct Fresh {
    file: NamedTempFile,
    to: PathBuf,
}

impl Fresh {
    /// An empty one.
    pub fn new(to: &Path) -> Result<Self, Refusal> {
        let folder = to.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".vmspec-").tempfile_in(folder);
        let file = file.map_err(|e| Refusal::Elsewhere(to.to_owned(), e))?;
        Ok(Self { file, to: to.to_owned() })
    }

    /// An empty one for a name that is not in use.
    pub fn vacant(to: &Path) -> Result<Self, Refusal> {
        check_vacant(to)?;
        Self::new(to)
    }

    /// The file.
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// The file, to be written as a storage.
    pub fn file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Writes a piece of it where the file has its length already; one of zeros stays a hole.
    pub fn put_at(&mut self, at: u64, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        self.file_mut().write_at(at, bytes).map_err(|e| self.unwritten(e))
    }

    /// The file once more, with a position of its own.
    pub fn reopen(&self) -> Result<File, Refusal> {
        self.file.reopen().map_err(|e| self.failed(e))
    }

    /// What the system says of this file.
    pub fn failed(&self, e: io::Error) -> Refusal {
        Refusal::Elsewhere(self.to.clone(), e)
    }

    /// What was said while this file was written: by the system of it, or by the format of what it is made from.
    pub fn unwritten(&self, e: Error) -> Refusal {
        if e.class() == Class::Io { self.failed(io::Error::other(e)) } else { e.into() }
    }

    /// Gives it its name, and the owner and permissions of the file that it was made from.
    pub fn keep(self, like: &Metadata, replaces: bool) -> Result<(), Refusal> {
        let Self { file, to } = self;
        let failed = |e| Refusal::Elsewhere(to.clone(), e);
        hand_over(file.as_file(), like);
        file.as_file().set_permissions(like.permissions()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        let kept = if replaces { file.persist(&to) } else { file.persist_noclobber(&to) };
        kept.map(|_| ()).map_err(|e| failed(e.error))
    }
}

/// Makes sure that a name is not in use.
pub fn check_vacant(to: &Path) -> Result<(), Refusal> {
    // A link that leads nowhere is something too.
    match fs::symlink_metadata(to) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Refusal::Elsewhere(to.to_owned(), e)),
        Ok(_) => Err(Refusal::Choice(format!("{} is there already, and is kept: give another name", to.display()))),
    }
}

/// Gives a file the owner of another one. Whoever may not do so owns it.
#[cfg(unix)]
fn hand_over(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(like.uid()), Some(like.gid()));
}

#[cfg(not(unix))]
fn hand_over(_: &File, _: &Metadata) {}
