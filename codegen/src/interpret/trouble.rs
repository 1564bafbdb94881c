//! What is wrong with a value: an error or a finding, with its place in the value, in the file and in the spec.

use crate::model::{Class, Site};
use std::fmt;

/// An error or a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The field path, such as `stream.records[3].length`; empty for the value as a whole.
    pub path: String,
    /// Absolute offset; none for a value that is written.
    pub offset: Option<u64>,
    /// Its class.
    pub class: Class,
    /// Why, where the system failed: the class is then of no meaning.
    pub io: Option<String>,
    /// What the spec asks for, as a phrase.
    pub expected: String,
    /// What was found instead, for people; empty for nothing that could be shown.
    pub found: String,
    /// The author's words.
    pub say: Option<String>,
    /// The place in the spec.
    pub site: Option<Site>,
}

/// `offset: path: expected X, found Y: words (class)`; what there is not is left out.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(offset) = self.offset {
            write!(f, "{offset:#x}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        if let Some(io) = &self.io {
            return write!(f, "{io} (io)");
        }
        write!(f, "{}", self.verdict())
    }
}

impl Trouble {
    /// The message without its place.
    #[must_use]
    pub fn verdict(&self) -> String {
        let found = if self.found.is_empty() { String::new() } else { format!(", found {}", self.found) };
        let say = self.say.as_ref().map_or_else(String::new, |say| format!(": {say}"));
        format!("expected {}{found}{say} ({})", self.expected, self.class.name())
    }
}
