//! Where the book is made: folders in that of cargo.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tree::Tree;

/// The folders of a run.
pub struct Target {
    root: PathBuf,
}

impl Target {
    /// Those of a checkout.
    pub fn of(tree: &Tree) -> Result<Self, Failure> {
        Ok(Self { root: tree.target()? })
    }

    /// What `mdbook` reads.
    pub fn source(&self) -> PathBuf {
        self.root.join("book-source")
    }

    /// What it writes.
    pub fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    /// What `cargo doc` writes.
    pub fn rustdoc(&self) -> PathBuf {
        self.root.join("doc")
    }

    /// Where that is put.
    pub fn api(&self) -> PathBuf {
        self.book().join("api")
    }
}

/// Copies a folder with all that is in it, and says how many files that were.
pub fn copy(from: &Path, to: &Path) -> Result<usize, Failure> {
    fs::create_dir_all(to).map_err(|e| Failure::at(to, e))?;
    let mut count = 0_usize;
    for entry in fs::read_dir(from).map_err(|e| Failure::at(from, e))? {
        let entry = entry.map_err(|e| Failure::at(from, e))?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if old.is_dir() {
            count = count.saturating_add(copy(&old, &new)?);
        } else {
            fs::copy(&old, &new).map_err(|e| Failure::at(&old, e))?;
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}
