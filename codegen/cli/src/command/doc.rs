//! `vmspec doc`: pages about a format, from its spec.

use std::io;
use std::path::PathBuf;

use clap::Args;
use vmspec_codegen::document;
use vmspec_codegen::output;

use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};
use crate::spec;

/// Write pages about a format: every record with a picture and tables, the examples, where each fact is from
///
/// The pages are Markdown, and lie in a folder that `mdbook build` makes HTML of. One that is up to date is left alone, and
/// so is a `book.toml` that is there.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the pages are there, 1 when the spec is wrong, \
    2 when a file cannot be read or written.")]
pub struct Doc {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// The folder for the pages, made if missing
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

impl Doc {
    /// Writes all pages of one format.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let source = match spec::from_file(&self.spec) {
            Ok(source) => source,
            Err(e) => {
                screen::complain(&format!("{}: {e}", self.spec.display()));
                return Ok(Outcome::Failed);
            }
        };
        let format = match vmspec_codegen::compile(&source) {
            Ok((format, _)) => format,
            Err(failure) => {
                screen.text(&spec::render(&failure))?;
                return Ok(Outcome::Refused);
            }
        };
        let files = document::book(&format);
        for (path, text) in &files {
            if let Err(e) = self.write(path, text) {
                screen::complain(&format!("{}: {e}", self.out.join(path).display()));
                return Ok(Outcome::Failed);
            }
        }
        let pages = document::pages(&format).len();
        screen.verdict(&self.out, (GOOD, "written"), &format!("({pages} pages)"))?;
        Ok(Outcome::Good)
    }

    fn write(&self, path: &str, text: &str) -> io::Result<()> {
        let to = self.out.join(path);
        if path == document::SETTINGS && to.exists() {
            return Ok(());
        }
        output::write(&to, text).map(|_| ())
    }
}
