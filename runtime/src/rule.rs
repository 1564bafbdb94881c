//! One rule of a spec, as generated code refers to it, and the classes of failure.

use crate::{Fault, Found};
use core::fmt;

/// What kind of failure this is, for a caller that must decide what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// The bytes are another format.
    NotThisFormat,
    /// The input ends too early.
    Truncated,
    /// Well-formed, but its writer says that it did not finish.
    Incomplete,
    /// A version or feature that the spec does not describe.
    Unsupported,
    /// A rule of the format is broken.
    Invalid,
    /// Larger than the spec's `max`, or nested deeper than is read.
    Limit,
    /// A value holds a range of a source, and the door in use has no source; or an input's length is needed and not known.
    NeedsSource,
    /// The reader or writer failed.
    Io,
    /// Worth saying, and nothing that a program of the format would refuse.
    Note,
}

impl Class {
    /// Whether this is a remark only. Every other class means that something is wrong.
    #[must_use]
    pub const fn is_note(self) -> bool {
        matches!(self, Self::Note)
    }

    /// The class as specs spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotThisFormat => "not_this_format",
            Self::Truncated => "truncated",
            Self::Incomplete => "incomplete",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid",
            Self::Limit => "limit",
            Self::NeedsSource => "needs_source",
            Self::Io => "io",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One rule of a spec. Lives in a static: costs nothing until broken.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The field's name; empty for a rule over a whole type.
    pub field: &'static str,
    /// The line in the spec.
    pub line: u32,
    /// The class that a failure gets.
    pub class: Class,
    /// What the spec asks for, as a phrase.
    pub expected: &'static str,
    /// The spec author's own words, shown after what was found.
    pub say: Option<&'static str>,
}

impl Rule {
    /// A rule, in the order in which generated tables list it.
    #[must_use]
    pub const fn new(field: &'static str, line: u32, class: Class, expected: &'static str) -> Self {
        Self { field, line, class, expected, say: None }
    }

    /// The same rule with the spec author's own words.
    #[must_use]
    pub const fn say(mut self, text: &'static str) -> Self {
        self.say = Some(text);
        self
    }

    /// This rule, broken by `found` at `at` bytes from the start of the block.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn fault(&'static self, at: u64, found: impl Into<Found>) -> Fault {
        Fault::new(self, at, found.into())
    }

    /// Nothing when the rule holds, else its fault: broken by `found` at `at` bytes from the start of the block.
    ///
    /// # Errors
    /// When it does not hold.
    #[inline]
    pub fn check(&'static self, holds: bool, at: u64, found: impl Into<Found>) -> Result<(), Fault> {
        if holds { Ok(()) } else { Err(self.fault(at, found)) }
    }
}

/// `expected X, found Y: words (class)`, as every message of this crate ends. What shows nothing is left out.
pub(crate) fn write_verdict(
    f: &mut fmt::Formatter<'_>,
    expected: &str,
    found: &Found,
    say: Option<&str>,
    class: Class,
) -> fmt::Result {
    write!(f, "expected {expected}")?;
    if *found != Found::Nothing {
        write!(f, ", found {found}")?;
    }
    if let Some(say) = say {
        write!(f, ": {say}")?;
    }
    write!(f, " ({class})")
}
