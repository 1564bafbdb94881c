//! What the book is made of: the files of `docs`, and pages that are made from the specs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tree::Tree;

use super::{diagnostics, formats, language};

const FOLDER: &str = "docs";
const SUMMARY: &str = "src/SUMMARY.md";
/// Pages that are made, and the line of the table of contents where they go.
const MADE: &[(&str, MakePages)] = &[
    ("<!-- language -->", language::pages),
    ("<!-- diagnostics -->", diagnostics::pages),
    ("<!-- formats -->", formats::pages),
];

type MakePages = fn(&Tree) -> Result<Vec<MadePage>, Failure>;

/// The files of an mdBook, by their paths in its folder.
pub struct BookSource {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// A page that is made, and its place in the table of contents.
pub struct MadePage {
    /// Its path in `src`.
    pub path: PathBuf,
    /// What it is called there.
    pub title: String,
    /// Its Markdown.
    pub text: String,
    /// Whether it is one of those of the page before that is no part.
    pub is_part: bool,
}

impl BookSource {
    /// Of these files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| (PathBuf::from("src").join(path), text.as_bytes().to_vec());
        Self { files: files.iter().map(file).collect() }
    }

    /// Reads what is there, and makes the rest.
    pub fn gather(tree: &Tree) -> Result<Self, Failure> {
        let mut files = BTreeMap::new();
        for path in tree.all_files_in(FOLDER)? {
            let bytes = fs::read(tree.path(&path)).map_err(|e| Failure::at(&path, e))?;
            files.insert(path.strip_prefix(FOLDER).unwrap_or(&path).to_owned(), bytes);
        }
        files.insert("layout.css".into(), formats::STYLE.into());
        let mut source = Self { files };
        for (line, make) in MADE {
            source.add(line, make(tree)?)?;
        }
        Ok(source)
    }

    /// Adds pages, and puts their names where the table of contents has a line for them.
    fn add(&mut self, line: &str, pages: Vec<MadePage>) -> Result<(), Failure> {
        let summary = self.files.get(Path::new(SUMMARY)).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let summary = summary.filter(|text| text.contains(line));
        let Some(summary) = summary else { return Err(Failure(format!("{FOLDER}/{SUMMARY}: no line `{line}`"))) };
        let entries: Vec<String> = pages.iter().map(MadePage::entry).collect();
        self.files.insert(SUMMARY.into(), summary.replace(line, &entries.join("\n")).into_bytes());
        for page in pages {
            self.files.insert(Path::new("src").join(page.path), page.text.into_bytes());
        }
        Ok(())
    }

    /// The pages: their paths in `src` and their text.
    pub fn pages(&self) -> impl Iterator<Item = (&Path, &str)> {
        let is_page = |path: &&PathBuf| path.extension().is_some_and(|e| e == "md");
        let pages = self.files.iter().filter(move |(path, _)| is_page(path));
        pages.filter_map(|(path, bytes)| Some((path.strip_prefix("src").ok()?, str::from_utf8(bytes).ok()?)))
    }

    /// Whether there is a file in `src`.
    pub fn has(&self, path: &Path) -> bool {
        self.files.contains_key(&Path::new("src").join(path))
    }

    /// Writes all of them into a folder that has nothing else.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|e| Failure::at(folder, e))?;
        }
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            let made = path.parent().map_or(Ok(()), fs::create_dir_all);
            made.and_then(|()| fs::write(&path, bytes)).map_err(|e| Failure::at(&path, e))?;
        }
        Ok(())
    }
}

impl MadePage {
    /// Its line of the table of contents.
    fn entry(&self) -> String {
        let indent = if self.is_part { "  " } else { "" };
        format!("{indent}- [{}]({})", self.title, self.path.display())
    }
}
