//! The program `mdbook`, which makes HTML of the pages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chore::Failure;

/// How to get it. The version is the one that the book was looked at with.
pub const HINT: &str = "mdbook is missing; `cargo install mdbook --locked --version 0.5.4` installs it";

/// Where it is: in a folder of the search path, or where cargo installs programs.
pub fn program() -> Option<PathBuf> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map(|home| PathBuf::from(home).join("bin"));
    let name = format!("mdbook{}", env::consts::EXE_SUFFIX);
    env::split_paths(&paths).chain(cargo).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

/// Makes the book anew.
pub fn run(program: &Path, source: &Path, book: &Path) -> Result<(), Failure> {
    if book.exists() {
        fs::remove_dir_all(book).map_err(|e| Failure::at(book, e))?;
    }
    let mut command = Command::new(program);
    command.arg("build").arg(source).arg("--dest-dir").arg(book);
    let output = command.output().map_err(|e| Failure::at(program, e))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let is_warned = said.lines().any(|line| line.trim_start().starts_with("WARN"));
    if output.status.success() && !is_warned { Ok(()) } else { Err(Failure(format!("mdbook: {said}"))) }
}
