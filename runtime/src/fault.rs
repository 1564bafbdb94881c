//! A broken rule in a fixed-size block: `Copy`, no heap, since a scan may meet millions.

use crate::rule::write_verdict;
use crate::{Error, Found, Rule};
use core::fmt;

/// A broken rule. [`Fault::at`] and its siblings turn it into an [`Error`] on the way out of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Offset in bytes from the start of the block.
    pub at: u64,
    /// The rule.
    pub rule: &'static Rule,
    /// The value that broke it.
    pub found: Found,
    /// The fields around the rule's own, from the inside out; what goes deeper than this is left out.
    pub within: [Option<&'static str>; 3],
}

impl Fault {
    /// The rich error, for a block that starts at the absolute offset `base`.
    #[cold]
    #[must_use]
    pub fn at(self, base: u64) -> Error {
        self.at_exactly(base.saturating_add(self.at))
    }

    /// The rich error at an absolute offset, where the fault does not know its place in a block.
    #[cold]
    #[must_use]
    pub fn at_exactly(self, offset: u64) -> Error {
        self.unwritten().located(offset)
    }

    /// The rich error for a value that cannot be written: it has no offset yet.
    #[cold]
    #[must_use]
    pub fn unwritten(self) -> Error {
        let own = Error::broken(self.rule, self.found).field(self.rule.field, self.rule.line);
        self.within.iter().flatten().fold(own, |e, field| e.field(field, 0))
    }

    /// The same fault as seen from a block around: `field` starts `at` bytes into it.
    #[cold]
    #[must_use]
    pub fn within(mut self, field: &'static str, at: u64) -> Self {
        self.at = self.at.saturating_add(at);
        if let Some(free) = self.within.iter_mut().find(|w| w.is_none()) {
            *free = Some(field);
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, rule, found, within } = self;
        write!(f, "{at:#x}: ")?;
        for field in within.iter().rev().flatten() {
            write!(f, "{field}{}", if rule.field.is_empty() { ": " } else { "." })?;
        }
        if !rule.field.is_empty() {
            write!(f, "{}: ", rule.field)?;
        }
        write_verdict(f, rule.expected, found, rule.say, rule.class)
    }
}

impl core::error::Error for Fault {}
