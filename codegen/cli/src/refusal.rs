//! Why a file was not looked at, or did not pass, and how people are told.

use std::io;
use std::path::{Path, PathBuf};

use vmspec::{Class, Error};
use vmspec_codegen::Failure;
use vmspec_codegen::interpret::Trouble;

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

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Spec(Box::new(failure))
    }
}

impl Refusal {
    /// Prints it: what is wrong with the file or the spec is a result, what is wrong with the system is an error.
    pub fn report(&self, path: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        match self {
            Self::Io(e) => Ok(failed(path, e)),
            Self::Elsewhere(other, e) => Ok(failed(other, e)),
            Self::Choice(message) => {
                screen::complain(message);
                Ok(Outcome::Failed)
            }
            Self::Format(e) if e.class() == Class::Io => Ok(failed(path, innermost(e))),
            Self::Format(e) => refused(screen.refuse(path, e)),
            Self::Trouble(trouble) => match &trouble.io {
                Some(words) => Ok(failed(path, words)),
                None => refused(screen.refuse(path, trouble)),
            },
            Self::Spec(failure) => refused(screen.text(&spec::render(failure))),
            Self::Unknown(message) => refused(screen.refuse(path, message)),
        }
    }
}

fn failed(path: &Path, words: impl std::fmt::Display) -> Outcome {
    screen::complain(&format!("{}: {words}", path.display()));
    Outcome::Failed
}

fn refused(printed: io::Result<()>) -> io::Result<Outcome> {
    printed.map(|()| Outcome::Refused)
}

/// What the system said, without the field it happened to be asked for.
fn innermost(e: &Error) -> String {
    std::error::Error::source(e).map_or_else(|| e.to_string(), ToString::to_string)
}
