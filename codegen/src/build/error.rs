//! Why there are no modules, in full and in lines.

use crate::Failure;
use crate::diagnostic::Style;
use crate::output::State;
use std::fmt;
use std::path::PathBuf;

/// Why a build script fails. Both `Debug`, which `main` prints, and `Display` are all that is wrong, in full.
#[derive(Clone)]
pub struct Error {
    faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// A spec.
    Spec(Box<Failure>),
    /// A module is not as its spec says.
    NotFresh(PathBuf, State),
    /// A module cannot be read or written.
    File(PathBuf, String),
    /// A spec whose file is not called as a module can be.
    Name(String),
    /// A spec whose module another one has.
    Twice(String, PathBuf),
    /// Something was chosen that cannot be.
    Choice(String),
}

impl Error {
    /// All of them, if there are any.
    pub(super) fn of(faults: Vec<Fault>) -> Option<Self> {
        if faults.is_empty() { None } else { Some(Self { faults }) }
    }

    /// Each thing that is wrong, in a line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = |fault: &Fault| match fault {
            Fault::Spec(failure) => failure.render_short().lines().map(str::to_owned).collect(),
            other => vec![other.to_string()],
        };
        self.faults.iter().flat_map(lines).collect()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(failure) => f.write_str(failure.render(Style::Plain).trim_end()),
            Self::NotFresh(path, State::Missing) => {
                write!(f, "{}: missing; build without checking, and commit it", path.display())
            }
            Self::NotFresh(path, _) => {
                write!(f, "{}: not as its spec says; build without checking, and commit it", path.display())
            }
            Self::File(path, why) => write!(f, "{}: {why}", path.display()),
            Self::Name(spec) => write!(f, "{spec}: the file's name is not one that a module can have"),
            Self::Twice(spec, path) => write!(f, "{spec}: {} is the module of another spec", path.display()),
            Self::Choice(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            let between = if i == 0 { "" } else { "\n\n" };
            write!(f, "{between}{fault}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `main` has printed "Error: " already.
        write!(f, "\n\n{self}")
    }
}

impl std::error::Error for Error {}
