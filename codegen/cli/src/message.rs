//! What is said of specs in the forms that programs read: a line for each fault, or a line of JSON. The members of the JSON are
//! described in `docs/src/editors.md`.

use std::io;
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;
use vmspec_codegen::diagnostic::{Diagnostic, Label, Style, printable};
use vmspec_codegen::source::{Sources, Span};
use vmspec_codegen::{Checked, Failure};

use crate::screen::{self, Screen};
use crate::spec;

/// How faults of specs are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With the lines they are about
    #[default]
    Human,
    /// A line each, as editors like them: `path:line:column: error[CODE]: message`
    Short,
    /// A line of JSON each
    Json,
}

impl MessageFormat {
    /// Tells every fault of a spec.
    pub fn refuse(self, failure: &Failure, screen: &mut Screen) -> io::Result<()> {
        match self {
            Self::Human => screen.text(&spec::render(failure)),
            Self::Short => screen.text(&failure.render_short()),
            Self::Json => faults(failure).iter().try_for_each(|fault| json(fault, screen)),
        }
    }

    /// Tells that a file cannot be opened.
    pub fn complain(self, path: &Path, words: &str, screen: &mut Screen) -> io::Result<()> {
        let path = path.display().to_string();
        match self {
            Self::Human | Self::Short => screen::complain(&format!("{path}: {words}")),
            Self::Json => json(&Fault::without_place(path, words), screen)?,
        }
        Ok(())
    }
}

/// Prints a line of JSON.
pub fn json(message: &impl Serialize, screen: &mut Screen) -> io::Result<()> {
    screen.line(serde_json::to_string(message)?)
}

/// Something that is wrong.
#[derive(Serialize)]
struct Fault {
    r#type: &'static str,
    severity: &'static str,
    code: Option<&'static str>,
    title: Option<&'static str>,
    message: String,
    file: String,
    spans: Vec<Place>,
    hint: Option<String>,
    suggestion: Option<Suggestion>,
    rendered: String,
}

/// A stretch of a file. Lines and columns count from 1, columns in characters of Unicode.
#[derive(Serialize)]
struct Place {
    file: String,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    column_start: usize,
    line_end: usize,
    column_end: usize,
    is_primary: bool,
    label: String,
}

/// What to write at a place.
#[derive(Serialize)]
struct Suggestion {
    byte_start: usize,
    byte_end: usize,
    replacement: String,
}

/// How a check of a spec went.
#[derive(Serialize)]
pub struct Verdict<'a> {
    r#type: &'static str,
    file: String,
    ok: bool,
    format: Option<&'a str>,
    errors: usize,
    left_out: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    driven: Option<Vec<Driven<'a>>>,
}

#[derive(Serialize)]
struct Driven<'a> {
    line: u32,
    field: &'a str,
    by: &'a str,
}

/// Nothing more until a spec changes.
#[derive(Serialize)]
pub struct Waiting {
    r#type: &'static str,
}

impl Waiting {
    /// Says so.
    pub fn now() -> Self {
        Self { r#type: "waiting" }
    }
}

impl<'a> Verdict<'a> {
    /// Of a spec without faults, with what drives what where that is asked for.
    pub fn good(path: &Path, checked: &'a Checked, driven: bool) -> Self {
        let each = |d: &'a vmspec_codegen::Driven| Driven { line: d.line, field: &d.field, by: &d.by };
        let driven = driven.then(|| checked.driven.iter().map(each).collect());
        Self { ok: true, format: Some(&checked.id), driven, ..Self::bad(path, 0, 0) }
    }

    /// Of a spec with so many faults, some of which are not told.
    pub fn bad(path: &Path, errors: usize, left_out: usize) -> Self {
        let file = path.display().to_string();
        Self { r#type: "checked", file, ok: false, format: None, errors, left_out, driven: None }
    }
}

fn faults(failure: &Failure) -> Vec<Fault> {
    let rendered = failure.render_each(Style::Plain);
    let faults = failure.diagnostics.sorted().into_iter().zip(rendered);
    faults.map(|(diagnostic, rendered)| Fault::of(diagnostic, &failure.sources, rendered)).collect()
}

impl Fault {
    fn of(diagnostic: &Diagnostic, sources: &Sources, rendered: String) -> Self {
        let primary = &diagnostic.primary;
        let others = diagnostic.secondary.iter().map(|label| place(label, false, sources));
        let suggestion = diagnostic.suggestion(sources).map(|suggestion| {
            let range = suggestion.span.range();
            Suggestion { byte_start: range.start, byte_end: range.end, replacement: suggestion.replacement }
        });
        Self {
            code: Some(diagnostic.code.as_str()),
            title: Some(diagnostic.code.title()),
            spans: [place(primary, true, sources)].into_iter().chain(others).collect(),
            hint: diagnostic.hint.clone(),
            suggestion,
            rendered,
            ..Self::without_place(sources.path(primary.span.file).to_owned(), &diagnostic.message)
        }
    }

    fn without_place(file: String, message: &str) -> Self {
        let rendered = printable(&format!("error: {file}: {message}"));
        Self {
            r#type: "diagnostic",
            severity: "error",
            code: None,
            title: None,
            message: message.to_owned(),
            file,
            spans: Vec::new(),
            hint: None,
            suggestion: None,
            rendered,
        }
    }
}

fn place(label: &Label, is_primary: bool, sources: &Sources) -> Place {
    let (file, range) = (label.span.file, label.span.range());
    let (line_start, column_start) = sources.line_col(label.span);
    let (line_end, column_end) = sources.line_col(Span::new(file, range.end..range.end));
    let (byte_start, byte_end) = (range.start, range.end);
    let (file, label) = (sources.path(file).to_owned(), label.text.clone());
    Place { file, byte_start, byte_end, line_start, column_start, line_end, column_end, is_primary, label }
}
