//! What the YAML parser says, in the words of diagnostics.

use super::MAX_DEPTH;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use granit_parser::{ErrorKind, Marker, ScanError};

/// The byte at which a marker stands.
pub(super) fn offset(text: &str, marker: &Marker) -> usize {
    let mut at = marker.byte_offset().unwrap_or(text.len()).min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// An error that ends the reading of a file.
pub(super) fn scan_error(file: FileId, text: &str, error: &ScanError) -> Diagnostic {
    let at = offset(text, error.marker());
    if let Some(tab) = indenting_tab(text, at) {
        let span = Span::new(file, tab..tab.saturating_add(1));
        return Diagnostic::new(Code::TabIndent, "a tab in the indentation", span, "a tab").hint("indent with spaces");
    }
    let width = text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
    let span = Span::new(file, at..at.saturating_add(width));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(span),
        ErrorKind::DirectiveDisallowed => {
            Diagnostic::new(Code::Directive, "a spec has no directives", span, "this line").hint("remove the line")
        }
        kind => Diagnostic::new(Code::NotYaml, format!("not valid YAML: {}", error.info()), span, "here")
            .maybe_hint(advice(kind)),
    }
}

/// Lists and mappings nested too deeply, at the one too many.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("nested deeper than {MAX_DEPTH} levels");
    Diagnostic::new(Code::TooDeep, message, span, "one level too many")
        .hint("move the inner parts into types of their own")
}

/// What most often leads to an error.
fn advice(kind: &ErrorKind) -> Option<String> {
    let text = match kind {
        ErrorKind::MappingValueNotAllowed => "a value with `: ` in it needs quotes; a key stands on a line of its own",
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "between `{` and `}` or `[` and `]`, a value with a bracket or a comma in it needs quotes"
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            "a backslash in double quotes is written `\\\\`, or stands in single quotes"
        }
        ErrorKind::UnexpectedCharacter { .. } => "a value that starts with this character needs quotes",
        ErrorKind::SimpleKeyExpected | ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            "a key ends in `: `, and all keys of a mapping are indented alike"
        }
        ErrorKind::ExpectedBlockSequenceEntry => "all entries of a list start with `- ` and are indented alike",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A tab before the first other character of the line at `at`, of the line behind it, or of the line before it.
fn indenting_tab(text: &str, at: usize) -> Option<usize> {
    let start_before = |end: usize| text.get(..end)?.rfind('\n').map(|n| n.saturating_add(1)).or(Some(0));
    let line = start_before(at)?;
    let behind = text.get(at..)?.find('\n').map(|n| at.saturating_add(n).saturating_add(1));
    let before = start_before(line.saturating_sub(1));
    [Some(line), behind, before].into_iter().flatten().find_map(|start| {
        let indent = text.get(start..)?.bytes().take_while(|b| matches!(b, b' ' | b'\t'));
        indent.zip(start..).find(|(b, _)| *b == b'\t').map(|(_, place)| place)
    })
}
