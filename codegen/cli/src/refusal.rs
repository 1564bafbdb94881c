//! Why a file was not looked at, or did not pass, and how people are told.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use vmspec::{Class, Error};
use vmspec_codegen::Failure;
use vmspec_codegen::interpret::{NotFound, Trouble};

use crate::outcome::Outcome;
use crate::screen::{self, Screen};
use crate::spec;

/// Why a file was not looked at, or did not pass.
pub enum Refusal {
    /// The system says no.
    Io(io::Error),
    /// The system says no, to another file than the one that is looked at.
    Elsewhere(PathBuf, io::Error),
    /// The format says no.
    Format(Error),
    /// The spec says no.
    Trouble(Box<Trouble>),
    /// There is no value at a path.
    Missing(Box<NotFound>),
    /// The spec itself is wrong.
    Spec(Box<Failure>),
    /// What the command line asks for is not there, or cannot be done.
    Choice(String),
    /// There is nothing to read, or nothing to read it as.
    Unknown(String),
}

impl From<io::Error> for Refusal {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

impl From<Error> for Refusal {
    fn from(e: Error) -> Self {
        Self::Format(e)
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(Box::new(trouble))
    }
}

impl From<NotFound> for Refusal {
    fn from(not_found: NotFound) -> Self {
        Self::Missing(Box::new(not_found))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Spec(Box::new(failure))
    }
}

impl Refusal {
    /// The same of another file than the one that is looked at.
    pub fn elsewhere(self, path: &Path) -> Self {
        match self {
            Self::Io(e) => Self::Elsewhere(path.to_owned(), e),
            Self::Format(_) | Self::Unknown(_) => Self::Choice(self.said(path).to_string()),
            other => other,
        }
    }

    /// Whether it is for the system, not for the file.
    pub fn is_failure(&self) -> bool {
        self.said(Path::new("")).outcome == Outcome::Failed
    }

    /// What is said, without the file.
    pub fn words(&self) -> String {
        self.said(Path::new("")).words
    }

    /// Prints it: what is wrong with the file or the spec is a result, what is wrong with the system is an error.
    pub fn report(&self, path: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        let said = self.said(path);
        match (self, said.outcome, said.about) {
            (Self::Spec(failure), ..) => screen.text(&spec::render(failure))?,
            (_, Outcome::Refused, Some(about)) => screen.refuse(about, said.words)?,
            _ => screen::complain(&said.to_string()),
        }
        Ok(said.outcome)
    }

    /// Prints it on standard error, whatever it is: for commands whose standard output is the value itself.
    pub fn complain(&self, path: &Path) -> Outcome {
        let said = self.said(path);
        match self {
            Self::Spec(failure) => screen::warn(&spec::render(failure)),
            _ => screen::complain(&said.to_string()),
        }
        said.outcome
    }

    fn said<'a>(&'a self, path: &'a Path) -> Said<'a> {
        let failed = |about, words| Said { about: Some(about), words, outcome: Outcome::Failed };
        let refused = |words| Said { about: Some(path), words, outcome: Outcome::Refused };
        match self {
            Self::Io(e) => failed(path, e.to_string()),
            Self::Elsewhere(other, e) => failed(other, e.to_string()),
            Self::Format(e) if e.class() == Class::Io => failed(path, innermost(e)),
            Self::Format(e) => refused(e.to_string()),
            Self::Trouble(trouble) => match &trouble.io {
                Some(words) => failed(path, words.clone()),
                None => refused(trouble.to_string()),
            },
            Self::Missing(not_found) => refused(not_found.to_string()),
            Self::Spec(_) => refused(String::new()),
            Self::Unknown(message) => refused(message.clone()),
            Self::Choice(message) => Said { about: None, words: message.clone(), outcome: Outcome::Failed },
        }
    }
}

/// What is said of a file.
struct Said<'a> {
    about: Option<&'a Path>,
    words: String,
    outcome: Outcome,
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.about {
            Some(path) => write!(f, "{}: {}", path.display(), self.words),
            None => f.write_str(&self.words),
        }
    }
}

/// What the system said, without the field it happened to be asked for.
fn innermost(e: &Error) -> String {
    std::error::Error::source(e).map_or_else(|| e.to_string(), ToString::to_string)
}
