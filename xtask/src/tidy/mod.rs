//! `tidy`: holds the files against the rules of style that no lint knows, by counting. Every breach is told, not the first.

mod crates;
mod functions;
mod text;

pub use text::machine_paths;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tree::{GENERATED, Tree};

/// A file with its text.
pub struct TextFile {
    /// Its path in the checkout.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl TextFile {
    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.extension().is_some_and(|e| e == "rs")
    }

    /// Whether a program wrote it.
    pub fn is_generated(&self) -> bool {
        self.text.starts_with(GENERATED)
    }

    /// Whether it lies in a folder.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// What breaks a rule, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Breach {
    path: PathBuf,
    line: usize,
    what: String,
}

impl Breach {
    /// A breach at a line of a file, counted from 1.
    pub fn new(path: &Path, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }

    /// What is wrong there.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}:{}: {}", self.path.display(), self.line, self.what)
    }
}

/// Looks at every text file of the checkout.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let files = text_files(tree)?;
    let mut breaches = Vec::new();
    for file in &files {
        breaches.extend(text::breaches(file));
        breaches.extend(functions::breaches(file));
    }
    breaches.extend(crates::breaches(tree, &files)?);
    if breaches.is_empty() {
        println!("{} files, all tidy", files.len());
        return Ok(());
    }
    breaches.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let shown = breaches.iter().map(ToString::to_string);
    Err(Failure(format!("{} breaches of the rules of style\n{}", breaches.len(), shown.collect::<String>())))
}

/// What is not UTF-8, such as samples, is no text.
fn text_files(tree: &Tree) -> Result<Vec<TextFile>, Failure> {
    let mut files = Vec::new();
    for path in tree.all_files()? {
        let bytes = std::fs::read(tree.path(&path)).map_err(|e| Failure::at(&path, e))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(TextFile { path, text });
        }
    }
    Ok(files)
}
