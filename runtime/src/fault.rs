//! A broken rule in a fixed-size block: an offset in the block, not yet in the file.

use crate::rule::write_verdict;
use crate::{Class, Error, Found, Rule};
use alloc::boxed::Box;
use core::fmt;

/// A broken rule. [`Fault::at`] and its siblings turn it into an [`Error`] on the way out of the block.
///
/// As large as a pointer: a result is handed through memory as large as the larger of value and fault, and a compiler keeps in
/// registers only what never shares that memory with something larger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<Broken>);

/// What is known of a broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Broken {
    at: u64,
    rule: &'static Rule,
    found: Found,
    /// The fields around the rule's own, from the inside out; what goes deeper than this is left out.
    within: [Option<&'static str>; 3],
}

impl Fault {
    /// A rule that is broken by `found`, `at` bytes from the start of the block.
    #[cold]
    #[must_use]
    pub(crate) fn new(rule: &'static Rule, at: u64, found: Found) -> Self {
        Self(Box::new(Broken { at, rule, found, within: [None; 3] }))
    }

    /// Offset in bytes from the start of the block.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.0.at
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        self.0.rule
    }

    /// The value that broke it.
    #[must_use]
    pub fn found(&self) -> Found {
        self.0.found
    }

    /// The fields around the rule's own, from the inside out; what goes deeper than three is left out.
    pub fn around(&self) -> impl Iterator<Item = &'static str> {
        self.0.within.into_iter().flatten()
    }

    /// The rich error, for a block that starts at the absolute offset `base`.
    #[cold]
    #[must_use]
    pub fn at(self, base: u64) -> Error {
        let offset = base.saturating_add(self.0.at);
        self.at_exactly(offset)
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
        let Broken { rule, found, within, .. } = *self.0;
        let own = Error::broken(rule, found).field(rule.field, rule.line);
        within.iter().flatten().fold(own, |e, field| e.field(field, 0))
    }

    /// The fault of a block that is known to break a rule.
    #[cold]
    #[must_use]
    pub fn of<T>(read: Result<T, Self>) -> Self {
        static SOME: Rule = Rule::new("", 0, Class::Invalid, "bytes that keep every rule");
        read.err().unwrap_or_else(|| SOME.fault(0, Found::Nothing))
    }

    /// The same fault as seen from a block around: `field` starts `at` bytes into it.
    #[cold]
    #[must_use]
    pub fn within(mut self, field: &'static str, at: u64) -> Self {
        self.0.at = self.0.at.saturating_add(at);
        if let Some(free) = self.0.within.iter_mut().find(|w| w.is_none()) {
            *free = Some(field);
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Broken { at, rule, found, within } = &*self.0;
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
