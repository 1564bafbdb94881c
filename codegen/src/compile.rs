//! The stages one after the other: from a source to a model, or to what is wrong with it.

use crate::diagnostic::{Code, Diagnostics, Style};
use crate::model::Format;
use crate::source::{Source, Sources, Span};
use std::path::{Path, PathBuf};

/// A spec that does not say something the generator could build.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The files of the run.
    pub sources: Sources,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

impl Failure {
    /// All diagnostics with the lines they are about.
    #[must_use]
    pub fn render(&self, style: Style) -> String {
        self.diagnostics.render(&self.sources, style)
    }

    /// Each diagnostic with the lines it is about; behind those that are told, how many are not.
    #[must_use]
    pub fn render_each(&self, style: Style) -> Vec<String> {
        let mut texts = self.diagnostics.render_each(&self.sources, style);
        texts.extend((self.diagnostics.left_out() > 0).then(|| self.diagnostics.summary()));
        texts
    }

    /// All diagnostics, a line each.
    #[must_use]
    pub fn render_short(&self) -> String {
        self.diagnostics.render_short(&self.sources)
    }

    /// The files of the run by their paths, and those that should have been: they may come.
    pub fn inputs(&self) -> impl Iterator<Item = String> + '_ {
        let missing = self.missing().into_iter().map(|path| path.display().to_string());
        self.sources.ids().map(|id| self.sources.path(id).to_owned()).chain(missing)
    }

    /// Where files should be that are used and are not there.
    #[must_use]
    pub fn missing(&self) -> Vec<PathBuf> {
        let of_missing = self.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::MissingFile);
        let path = |span: Span| {
            let folder = Path::new(self.sources.path(span.file)).parent()?;
            Some(folder.join(self.sources.text(span).trim_matches(['"', '\''])))
        };
        of_missing.filter_map(|diagnostic| path(diagnostic.primary.span)).collect()
    }
}

/// The model of a spec and the files it was read from.
///
/// # Errors
/// Everything that is wrong with the spec, as far as one run can see it.
pub fn compile(source: &Source) -> Result<(Format, Sources), Failure> {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let files = crate::syntax::load(source, &mut sources, &mut diagnostics);
    let files = crate::lower::lower(files, &mut diagnostics);
    let format = match crate::resolve::resolve(&files, &sources, &mut diagnostics) {
        Some((format, written)) => {
            crate::check::check(&format, &written, &sources, &mut diagnostics);
            Some(format)
        }
        None => None,
    };
    match format {
        Some(format) if diagnostics.is_empty() => Ok((format, sources)),
        _ => Err(Failure { sources, diagnostics }),
    }
}
