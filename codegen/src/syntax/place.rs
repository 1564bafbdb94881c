//! Where the characters of a scalar stand in its file.

use super::yaml::{Kind, Node};
use crate::source::{FileId, Span};
use std::ops::Range;

/// Where the text of a scalar stands: exactly where the file shows the text as it is, else only the scalar as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    span: Span,
    /// Where the text's first byte stands in the file, when every other byte follows from it.
    base: Option<usize>,
}

impl Place {
    /// The place of the scalar `node` in the file whose text is `file_text`.
    #[must_use]
    pub fn of(node: &Node, file_text: &str) -> Self {
        let range = node.span.range();
        let written = file_text.get(range.clone()).unwrap_or("");
        let base = match &node.kind {
            Kind::Scalar { text, plain: true } if written == text => Some(range.start),
            Kind::Scalar { text, plain: false } if unquoted(written) == Some(text) => {
                Some(range.start.saturating_add(1))
            }
            _ => None,
        };
        Self { span: node.span, base }
    }

    /// The place of a text that is all of `file`.
    #[must_use]
    pub fn whole(file: FileId, text: &str) -> Self {
        Self { span: Span::new(file, 0..text.len()), base: Some(0) }
    }

    /// The place of the bytes `range` of the text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let at =
            |base: usize| Span::new(self.span.file, base.saturating_add(range.start)..base.saturating_add(range.end));
        self.base.map_or(self.span, at)
    }
}

/// What stands between quotes, if there are any.
fn unquoted(written: &str) -> Option<&str> {
    let inner = |quote: char| written.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
    inner('"').or_else(|| inner('\''))
}
