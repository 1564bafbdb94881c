//! What is wrong with a spec, and how people are told. Knows nothing of YAML or of the language.

mod code;
mod collect;
mod escape;
mod render;
mod suggest;

pub use code::Code;
pub use collect::Diagnostics;
pub use escape::{excerpt, printable};
pub use render::Style;
pub use suggest::{Suggestion, did_you_mean};

use crate::source::Span;

pub(crate) use escape::is_hidden;

/// A place and what is said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said.
    pub text: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Other places that have to do with it.
    pub secondary: Vec<Label>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Something wrong at `span`; `label` stands beside the caret.
    pub fn new(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        let primary = Label { span, text: label.into() };
        Self { code, message: message.into(), primary, secondary: Vec::new(), hint: None }
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: label.into() });
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(self, text: impl Into<String>) -> Self {
        self.maybe_hint(Some(text.into()))
    }

    /// Says what to do about it, unless that has been said or nothing is known.
    #[must_use]
    pub fn maybe_hint(mut self, text: Option<String>) -> Self {
        self.hint = self.hint.or(text);
        self
    }
}
