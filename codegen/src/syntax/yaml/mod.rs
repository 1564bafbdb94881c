//! YAML 1.2 with places, cut down to what a spec may use. Scalars stay text: what they mean is for their key to say.

mod build;
mod characters;
mod refuse;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use build::Builder;
use granit_parser::Parser;

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands: a scalar with its quotes, a list or mapping up to its last value.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A single value.
    Scalar {
        /// Its text, escapes worked out.
        text: String,
        /// Whether it stands without quotes.
        plain: bool,
    },
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order written. Keys are scalars, each of them once.
    Map(Vec<(Node, Node)>),
}

/// How deep lists and mappings nest.
pub const MAX_DEPTH: usize = 32;
/// How many values a file holds.
pub const MAX_NODES: usize = 200_000;

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }

    /// Whether nothing is written here: the value of `key:`.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.span.is_empty() && self.is_bare()
    }

    /// Whether it stands for something that has been reported and left out, such as an alias. Nothing more is said about it.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        !self.span.is_empty() && self.is_bare()
    }

    fn is_bare(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if text.is_empty())
    }
}

/// Reads the YAML in `text`, which is `file`. Everything that a spec may not use is reported; without a value there is nothing to go on with.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    let control_characters = characters::check(file, text, diagnostics);
    let mut builder = Builder::new(file, text, diagnostics);
    let options = granit_parser::options! {
        strict_indentation: true,
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // One level more than allowed, so that the level is refused here and in our words.
        flow_nesting_limit: MAX_DEPTH.saturating_add(2),
        block_nesting_limit: MAX_DEPTH.saturating_add(2),
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let going_on = match event {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                // The parser stumbles over control characters, which have been reported.
                if !control_characters {
                    builder.refuse(refuse::scan_error(file, text, &error));
                }
                false
            }
        };
        if !going_on {
            return None;
        }
    }
    builder.finish()
}

impl Builder<'_> {
    fn finish(self) -> Option<Node> {
        let (root, diagnostics, file) = self.into_parts();
        let root = root.filter(|node| !node.is_absent());
        if root.is_none() {
            let span = Span::new(file, 0..0);
            diagnostics.push(
                Diagnostic::new(Code::EmptyFile, "the file is empty", span, "a spec starts here")
                    .hint("start with `spec: 1`"),
            );
        }
        root
    }
}
