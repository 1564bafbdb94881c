//! `vmspec schema`: the language as editors read it.

use std::io;
use std::path::PathBuf;

use clap::Args;
use vmspec_codegen::output::{self, State};
use vmspec_codegen::schema;

use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};

/// Print the JSON Schema of the spec language, for completion and hover texts in editors
///
/// A spec names it in its first line: `# yaml-language-server: $schema=spec.schema.json`. `vmspec new` writes that
/// line where the schema lies in the folder.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the schema is printed or there, 2 when the file cannot be written.")]
pub struct Schema {
    /// Write it to a file, and make the folder if missing
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Schema {
    /// Prints the schema, or writes it.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let text = schema::text();
        let Some(path) = &self.out else {
            screen.text(&text)?;
            return Ok(Outcome::Good);
        };
        match output::write(path, &text) {
            Ok(state) => {
                let word = if state == State::Fresh { "up to date" } else { "written" };
                screen.verdict(path, (GOOD, word), &format!("({} lines)", text.lines().count()))?;
                Ok(Outcome::Good)
            }
            Err(e) => {
                screen::complain(&format!("{}: {e}", path.display()));
                Ok(Outcome::Failed)
            }
        }
    }
}
