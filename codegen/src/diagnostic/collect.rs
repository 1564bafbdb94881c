//! The diagnostics of a run: each once, and not more than people can read.

use super::{Code, Diagnostic};
use crate::source::Span;
use std::collections::BTreeSet;

/// The diagnostics of a run.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    seen: BTreeSet<(Span, Code)>,
    left_out: usize,
}

impl Diagnostics {
    /// How many are kept; the others are only counted.
    pub const MAX: usize = 100;

    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, unless the same rule has been reported at the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.primary.span, diagnostic.code);
        if self.seen.contains(&key) {
            return;
        }
        if self.kept.len() < Self::MAX {
            self.seen.insert(key);
            self.kept.push(diagnostic);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Adds several.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether further ones are only counted, so that hints for them are wasted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kept.len() >= Self::MAX
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// How many were counted only.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// All that are kept, in the order of files and places.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.kept.iter().collect();
        all.sort_by_key(|d| (d.primary.span.file, d.primary.span.start, d.code));
        all
    }

    /// All that are kept, in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
