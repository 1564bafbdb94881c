//! All files of a run: the main one and every one it uses, each once.

use super::ast::SpecFile;
use super::read::read;
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, printable};
use crate::source::{Location, Refusal, Source, Sources, Span};
use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;

/// How many files one run reads.
const MAX_FILES: usize = 1000;

/// Reads the main file of `source` and all files it uses, the main one first. Files may use each other in a circle.
pub fn load(source: &Source, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Vec<SpecFile> {
    let first = source.main().and_then(|location| source.read(&location).map(|text| (location, text)));
    let mut loader =
        Loader { source, sources, diagnostics, seen: BTreeSet::new(), waiting: VecDeque::new(), files: Vec::new() };
    match first {
        Ok((location, text)) => {
            loader.seen.insert(location.key.clone());
            loader.read(&location, text);
        }
        Err(why) => loader.refuse_main(&why),
    }
    while let Some((from, path, span)) = loader.waiting.pop_front() {
        if let Err(why) = loader.follow(&from, &path, span) {
            loader.refuse(&why, &path, span);
        }
    }
    loader.files
}

struct Loader<'a> {
    source: &'a Source,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    /// The files that have been read.
    seen: BTreeSet<PathBuf>,
    /// The entries of `use` that have not been followed: the using file, the path, where it is written.
    waiting: VecDeque<(Location, String, Span)>,
    files: Vec<SpecFile>,
}

impl Loader<'_> {
    fn read(&mut self, location: &Location, text: String) {
        let file = self.sources.add(location.shown.clone(), text);
        let text = self.sources.file_text(file);
        let Some(root) = yaml::parse(file, text, self.diagnostics) else { return };
        let Some(spec) = read(file, text, &root, self.diagnostics) else { return };
        let uses = spec.uses.iter().map(|entry| (location.clone(), entry.value.clone(), entry.span));
        self.waiting.extend(uses);
        self.files.push(spec);
    }

    fn follow(&mut self, from: &Location, path: &str, span: Span) -> Result<(), Refusal> {
        let location = self.source.used(from, path)?;
        if self.seen.contains(&location.key) {
            return Ok(());
        }
        if self.seen.len() >= MAX_FILES {
            let message = format!("over {MAX_FILES} files");
            self.diagnostics.push(Diagnostic::new(Code::TooManyFiles, message, span, "not read any more"));
            return Ok(());
        }
        let text = self.source.read(&location)?;
        self.seen.insert(location.key.clone());
        self.read(&location, text);
        Ok(())
    }

    fn refuse(&mut self, why: &Refusal, path: &str, span: Span) {
        self.diagnostics.push(refused(why, path, span));
    }

    /// The main file is not there: an empty one stands in for it, so that there is a place to point to.
    fn refuse_main(&mut self, why: &Refusal) {
        let path = self.source.shown();
        let file = self.sources.add(path, "");
        self.diagnostics.push(refused(why, path, Span::new(file, 0..0)));
    }
}

fn refused(why: &Refusal, path: &str, span: Span) -> Diagnostic {
    let path = printable(path);
    match why {
        Refusal::Missing => Diagnostic::new(Code::MissingFile, format!("`{path}` does not exist"), span, "not found"),
        Refusal::Outside => {
            let message = format!("`{path}` lies outside of the folder of specs");
            Diagnostic::new(Code::OutsideFolder, message, span, "outside")
                .hint("paths are relative, and stay in the folder")
        }
        Refusal::TooLarge => Diagnostic::new(Code::FileTooLarge, format!("`{path}` has over 4 MiB"), span, "too large"),
        Refusal::NotUtf8(at) => {
            Diagnostic::new(Code::NotUtf8, format!("`{path}` is not UTF-8 at byte {at}"), span, "not UTF-8")
        }
        Refusal::Unreadable(words) => Diagnostic::new(
            Code::Unreadable,
            format!("`{path}` cannot be read: {}", printable(words)),
            span,
            "not readable",
        ),
    }
}
