//! Why there is no value at a path, in words.

use crate::diagnostic::printable;
use std::fmt;

/// How many names are listed.
const LISTED: usize = 12;

/// There is no value at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// How far the path goes, as errors print it; empty for the value as a whole. To the end, where that is absent or could
    /// not be read.
    pub reached: String,
    /// The step that leads nowhere.
    pub step: String,
    /// Why it does.
    pub why: Why,
}

/// Why a step leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is not written as paths are.
    NoPath,
    /// No such name; a sentence with one that is near.
    Near(String),
    /// No such name; those that there are.
    Unknown(Vec<String>),
    /// The value has no parts: what it is.
    Plain(String),
    /// The value is a list of so many: an index is needed.
    List(usize),
    /// The value is no list: what it is.
    NoList(String),
    /// The list has so many elements.
    Index(usize),
    /// So many fields have no name.
    Nameless(usize),
    /// It can be there, and is not.
    Absent,
    /// It was not read, since it or something before it is wrong.
    Unread,
    /// It belongs to another case than the one that is there.
    OtherCase {
        /// The case that is there.
        there: String,
        /// The case that it belongs to.
        other: String,
    },
}

impl NotFound {
    /// Whether it may be there in the file, and was not read: a list of which only a part was read is too short as well.
    #[must_use]
    pub fn may_be_unread(&self) -> bool {
        matches!(self.why, Why::Unread | Why::Index(_))
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = printable(&self.step);
        let step = step.as_str();
        let here = &Here(&self.reached);
        match &self.why {
            Why::NoPath => {
                write!(
                    f,
                    "`{step}` is no path: a path is names and indices, such as `header.length` or `records[3].body`"
                )
            }
            Why::Near(hint) => write!(f, "{here} has no `{step}`; {hint}"),
            Why::Unknown(names) => write!(f, "{here} has no `{step}`; it has {}", Names(names)),
            Why::Plain(kind) => write!(f, "{here} has no `{step}`: it is {kind}"),
            Why::List(count) => write!(f, "{here} has no `{step}`: it is a list{}", Indices(*count)),
            Why::NoList(kind) => write!(f, "{here} has no {step}: it is no list, but {kind}"),
            Why::Index(0) => write!(f, "{here} has no {step}: it is empty"),
            Why::Index(count) => write!(f, "{here} has no {step}: it is a list{}", Indices(*count)),
            Why::Nameless(count) => write!(f, "{here} has {count} fields without a name"),
            Why::Absent => write!(f, "{here} is absent"),
            Why::Unread => write!(f, "{here} could not be read"),
            Why::OtherCase { there, other } if *other == self.step => {
                write!(f, "{here} is of case `{there}`, not `{other}`")
            }
            Why::OtherCase { there, other } => {
                write!(f, "{here} is of case `{there}`, and `{step}` belongs to `{other}`")
            }
        }
    }
}

impl std::error::Error for NotFound {}

/// Where a path has led.
struct Here<'a>(&'a str);

impl fmt::Display for Here<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("the value") } else { write!(f, "`{}`", self.0) }
    }
}

/// The indices of a list.
struct Indices(usize);

impl fmt::Display for Indices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str(" without elements"),
            1 => f.write_str(" of one element, [0]"),
            n => write!(f, " of {n} elements, [0] to [{}]", n.saturating_sub(1)),
        }
    }
}

/// Some names, not too many.
struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().take(LISTED).enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
