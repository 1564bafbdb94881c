//! The rich error of every door: where it is, what was expected, what was found, and how bad that is.

use crate::path::{Step, render};
use crate::rule::write_verdict;
use crate::{Class, Found, Rule};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use binrw::io;
use core::fmt;

#[derive(Debug)]
struct Inner {
    /// Innermost step first: callers add theirs on the way out.
    path: Vec<Step>,
    offset: Option<u64>,
    class: Class,
    expected: Cow<'static, str>,
    found: Found,
    say: Option<&'static str>,
    spec: &'static str,
    line: u32,
    cause: Option<io::Error>,
}

/// Why a read or a write failed, with the field's path, its absolute offset and the spec line. One pointer wide.
#[derive(Debug)]
pub struct Error(Box<Inner>);

/// `Result` with this crate's error.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    /// An error without a place; [`Error::field`], [`Error::index`] and [`Error::located`] add it on the way out.
    #[cold]
    #[must_use]
    pub fn new(class: Class, expected: impl Into<Cow<'static, str>>, found: impl Into<Found>) -> Self {
        Self(Box::new(Inner {
            path: Vec::new(),
            offset: None,
            class,
            expected: expected.into(),
            found: found.into(),
            say: None,
            spec: "",
            line: 0,
            cause: None,
        }))
    }

    /// A broken rule, without its place.
    #[cold]
    #[must_use]
    pub fn broken(rule: &'static Rule, found: impl Into<Found>) -> Self {
        let mut e = Self::new(rule.class, rule.expected, found);
        e.0.say = rule.say;
        e
    }

    /// The reader or writer failed at `offset`; an early end is `truncated`, all else `io`.
    #[cold]
    #[must_use]
    pub fn io(offset: u64, cause: io::Error) -> Self {
        let early = cause.kind() == io::ErrorKind::UnexpectedEof;
        let class = if early { Class::Truncated } else { Class::Io };
        let mut e = Self::new(class, "more input", Found::Nothing).located(offset);
        e.0.cause = Some(cause);
        e
    }

    /// What holds the bytes ends `have` bytes into the `need` bytes wanted at `offset`.
    #[cold]
    #[must_use]
    pub fn short(class: Class, offset: u64, need: u64, have: u64) -> Self {
        let bytes = if need == 1 { "byte" } else { "bytes" };
        Self::new(class, format!("{need} {bytes}"), have).located(offset)
    }

    /// An expression of the spec has no value here: it overflows, divides by zero or needs something absent. Class `invalid`.
    #[cold]
    #[must_use]
    pub fn uncomputed(expected: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Class::Invalid, expected, Found::Nothing)
    }

    /// Something larger than the spec allows. Class `limit`.
    #[cold]
    #[must_use]
    pub fn limit(expected: impl Into<Cow<'static, str>>, found: impl Into<Found>) -> Self {
        Self::new(Class::Limit, expected, found)
    }

    /// Gives the error its absolute offset, unless a deeper place already has.
    #[cold]
    #[must_use]
    pub fn located(mut self, offset: u64) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Counts its offset from `start` on, where the bytes begin that were read by themselves.
    #[cold]
    #[must_use]
    pub fn moved(mut self, start: u64) -> Self {
        self.0.offset = Some(self.0.offset.unwrap_or_default().saturating_add(start));
        self
    }

    /// Puts a field in front of the path; an empty name adds no step. The innermost field's line is kept.
    #[cold]
    #[must_use]
    pub fn field(mut self, name: &'static str, line: u32) -> Self {
        if !name.is_empty() {
            self.0.path.push(Step::Field(name));
        }
        if self.0.line == 0 {
            self.0.line = line;
        }
        self
    }

    /// Puts a field in front of the path whose name only the input knows, where a format describes itself. An empty name adds no
    /// step.
    #[cold]
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        if !name.is_empty() {
            self.0.path.push(Step::Named(name.into()));
        }
        self
    }

    /// Puts a list index in front of the path.
    #[cold]
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }

    /// Names the spec file. The innermost name is kept, since that is where the line belongs.
    #[cold]
    #[must_use]
    pub fn spec(mut self, file: &'static str) -> Self {
        if self.0.spec.is_empty() {
            self.0.spec = file;
        }
        self
    }

    /// The same error, of this class and about this.
    #[cold]
    #[must_use]
    pub(crate) fn recast(mut self, class: Class, expected: String) -> Self {
        self.0.class = class;
        self.0.expected = expected.into();
        self
    }

    /// The class of the failure.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// Absolute offset in the source, where one is known.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The field path, such as `stream.records[3].body`.
    #[must_use]
    pub fn path(&self) -> String {
        render(self.0.path.iter().rev())
    }

    /// The spec file and the line of the field that failed; `""` and 0 where not known.
    #[must_use]
    pub fn spec_line(&self) -> (&'static str, u32) {
        (self.0.spec, self.0.line)
    }

    /// What the spec asks for, as a phrase.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// The value that was found instead.
    #[must_use]
    pub fn found(&self) -> Found {
        self.0.found
    }

    /// The spec author's own words about the broken rule.
    #[must_use]
    pub fn say(&self) -> Option<&'static str> {
        self.0.say
    }

    /// The rich error inside a `binrw::Error`, however deep binrw nested it. Without `std` an early end of the input has
    /// none: `binrw::io::Error` then carries a kind only.
    #[must_use]
    pub fn of(error: &binrw::Error) -> Option<&Self> {
        match error.root_cause() {
            #[cfg(feature = "std")]
            binrw::Error::Io(e) => e.get_ref()?.downcast_ref(),
            other => other.custom_err(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &*self.0;
        if let Some(offset) = e.offset {
            write!(f, "{offset:#x}: ")?;
        }
        if !e.path.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        match &e.cause {
            Some(cause) if e.class == Class::Io => write!(f, "{cause} ({})", e.class),
            _ => write_verdict(f, &e.expected, &e.found, e.say, e.class),
        }
    }
}

impl core::error::Error for Error {
    #[cfg(feature = "std")]
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        let cause = self.0.cause.as_ref()?;
        Some(cause)
    }
}

/// An early end stays an `Io` error of kind `UnexpectedEof`, since binrw's `until_eof` and `is_eof` look for that.
impl From<Error> for binrw::Error {
    #[cold]
    fn from(e: Error) -> Self {
        match e.class() {
            Class::Truncated => Self::Io(io::Error::new(io::ErrorKind::UnexpectedEof, e)),
            _ => Self::Custom { pos: e.offset().unwrap_or(0), err: Box::new(e) },
        }
    }
}

/// Adds the place to an error on its way out. Success pays nothing.
pub trait Locate<T> {
    /// Puts a field in front of the path.
    ///
    /// # Errors
    /// The same error, with a longer path.
    fn field(self, name: &'static str, line: u32) -> Result<T>;

    /// Puts a list index in front of the path.
    ///
    /// # Errors
    /// The same error, with a longer path.
    fn index(self, index: usize) -> Result<T>;

    /// Names the spec file, unless a deeper place has.
    ///
    /// # Errors
    /// The same error, with the file.
    fn spec(self, file: &'static str) -> Result<T>;
}

impl<T> Locate<T> for Result<T> {
    #[inline]
    fn field(self, name: &'static str, line: u32) -> Self {
        match self {
            Ok(v) => Ok(v),
            Err(e) => Err(e.field(name, line)),
        }
    }

    #[inline]
    fn index(self, index: usize) -> Self {
        match self {
            Ok(v) => Ok(v),
            Err(e) => Err(e.index(index)),
        }
    }

    #[inline]
    fn spec(self, file: &'static str) -> Self {
        match self {
            Ok(v) => Ok(v),
            Err(e) => Err(e.spec(file)),
        }
    }
}
