//! Specs from files, and what is wrong with them on the screen.

use std::fs;
use std::io;
use std::path::Path;

use vmspec_codegen::Failure;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::source::Source;

use crate::screen;

/// A spec, which may use others of its folder. One that cannot be opened is no wrong spec: it is reported here.
pub fn open(path: &Path) -> Option<Source> {
    if let Err(e) = readable(path) {
        screen::complain(&format!("{}: {e}", path.display()));
        return None;
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    Some(Source::file(path, folder.unwrap_or(Path::new("."))))
}

fn readable(path: &Path) -> io::Result<()> {
    if fs::File::open(path)?.metadata()?.is_file() { Ok(()) } else { Err(io::Error::other("it is not a plain file")) }
}

/// Every error with its place in the text. Colours are taken out later where they are not wanted.
pub fn render(failure: &Failure) -> String {
    failure.render(Style::Color)
}
