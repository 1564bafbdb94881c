//! Generated files on disk.

use std::fs;
use std::io;
use std::path::Path;

/// How a file is, held against what it should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It says just that.
    Fresh,
    /// It says something else.
    Stale,
    /// It is not there.
    Missing,
}

/// Looks at a file.
///
/// # Errors
/// When it is there and cannot be read.
pub fn state(path: &Path, text: &str) -> io::Result<State> {
    match fs::read(path) {
        Ok(old) if old == text.as_bytes() => Ok(State::Fresh),
        Ok(_) => Ok(State::Stale),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(State::Missing),
        Err(e) => Err(e),
    }
}

/// Writes a file and the folders it lies in, and says how it was. One that is as it should be is left alone, so that nothing
/// is built again for it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, text: &str) -> io::Result<State> {
    let state = state(path, text)?;
    if state != State::Fresh {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(state)
}
