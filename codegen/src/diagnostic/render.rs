//! Diagnostics as text for terminals and for editors.

use super::escape::masked;
use super::{Diagnostic, Diagnostics, Label, printable};
use crate::source::Sources;
use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Padding, Renderer, Snippet};
use std::fmt::Write;
use std::ops::Range;

/// How rendered text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With the escape sequences of colors.
    Color,
}

impl Diagnostics {
    /// Every diagnostic with the lines it is about, and how many there are.
    #[must_use]
    pub fn render(&self, sources: &Sources, style: Style) -> String {
        let mut out = String::new();
        for text in self.render_each(sources, style) {
            out.push_str(&text);
            out.push_str("\n\n");
        }
        if !self.is_empty() {
            out.push_str(&self.summary());
            out.push('\n');
        }
        out
    }

    /// Every diagnostic with the lines it is about, each by itself.
    #[must_use]
    pub fn render_each(&self, sources: &Sources, style: Style) -> Vec<String> {
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Color => Renderer::styled(),
        };
        self.sorted().into_iter().map(|diagnostic| render_one(&renderer, diagnostic, sources)).collect()
    }

    /// One line per diagnostic: `path:line:column: error[code]: message (hint)`.
    #[must_use]
    pub fn render_short(&self, sources: &Sources) -> String {
        let mut out = String::new();
        for diagnostic in self.sorted() {
            let span = diagnostic.primary.span;
            let (line, column) = sources.line_col(span);
            let path = printable(sources.path(span.file));
            let message = printable(&diagnostic.message);
            let hint = diagnostic.hint.as_deref().map(|h| format!(" ({})", printable(h))).unwrap_or_default();
            let code = diagnostic.code.as_str();
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{path}:{line}:{column}: error[{code}]: {message}{hint}");
        }
        out
    }

    /// How many there are, as text.
    #[must_use]
    pub fn summary(&self) -> String {
        let total = self.len().saturating_add(self.left_out());
        let errors = if total == 1 { "error" } else { "errors" };
        match self.left_out() {
            0 => format!("{total} {errors}"),
            n => format!("{total} {errors}, {n} of them not shown"),
        }
    }
}

/// The most bytes of a file that one piece of it shows.
const WINDOW: usize = 16 << 10;

fn render_one(renderer: &Renderer, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let title = Level::ERROR.primary_title(printable(&diagnostic.message)).id(diagnostic.code.as_str());
    let primary = (AnnotationKind::Primary, &diagnostic.primary);
    let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
    let mut pieces: Vec<Vec<Marked<'_>>> = Vec::new();
    for marked in std::iter::once(primary).chain(secondary) {
        match pieces.iter_mut().find(|piece| fit_together(piece, marked, sources)) {
            Some(piece) => piece.push(marked),
            None => pieces.push(vec![marked]),
        }
    }
    let mut group = title.elements(pieces.iter().map(|piece| element(piece, sources)));
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(printable(hint)));
    }
    renderer.render(&[group])
}

type Marked<'l> = (AnnotationKind, &'l Label);

/// Whether one more label can be shown in the same piece of a file.
fn fit_together(piece: &[Marked<'_>], marked: Marked<'_>, sources: &Sources) -> bool {
    let file = marked.1.span.file;
    let same_file = piece.iter().all(|(_, label)| label.span.file == file);
    let all = piece.iter().map(|(_, label)| *label).chain([marked.1]);
    same_file && window(sources.file_text(file), all).len() <= WINDOW
}

/// A piece of a file with its labels. Only its lines are handed on, as files may be long; of a line that is long itself only the place.
fn element<'a>(piece: &[Marked<'_>], sources: &Sources) -> Element<'a> {
    let Some((_, first)) = piece.first() else { return Padding.into() };
    let text = sources.file_text(first.span.file);
    let path = printable(sources.path(first.span.file));
    let window = window(text, piece.iter().map(|(_, label)| *label));
    let (line, column) = sources.line_col(first.span);
    if window.len() > WINDOW {
        return Origin::path(path).line(line).char_column(column).into();
    }
    let before = text.get(..window.start).unwrap_or("");
    let line = before.matches('\n').count().saturating_add(1);
    let shown = masked(text.get(window.clone()).unwrap_or(""));
    let annotations: Vec<_> = piece.iter().map(|(kind, label)| annotation(*kind, label, &window)).collect();
    Snippet::source(shown).line_start(line).path(path).annotations(annotations).into()
}

fn annotation<'a>(kind: AnnotationKind, label: &Label, window: &Range<usize>) -> Annotation<'a> {
    let range = label.span.range();
    let length = window.len();
    let start = range.start.saturating_sub(window.start).min(length);
    let end = range.end.saturating_sub(window.start).clamp(start, length);
    kind.span(start..end).label(printable(&label.text))
}

/// The whole lines from the first label to the last.
fn window<'l>(text: &str, labels: impl Iterator<Item = &'l Label> + Clone) -> Range<usize> {
    let first = labels.clone().map(|label| label.span.range().start).min().unwrap_or(0).min(text.len());
    let last = labels.map(|label| label.span.range().end).max().unwrap_or(0).clamp(first, text.len());
    let start = text.get(..first).and_then(|t| t.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let end = text.get(last..).and_then(|t| t.find('\n')).map_or(text.len(), |at| last.saturating_add(at));
    start..end
}
