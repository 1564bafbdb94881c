//! `vmspec formats`: what this program knows.

use std::io;

use clap::Args;
use vmspec::format::{FORMATS, Format};

use crate::outcome::Outcome;
use crate::screen::{HEAD, Screen};

/// List the formats built in
#[derive(Debug, Args)]
pub struct Formats {}

impl Formats {
    /// Prints the table.
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let id = width("ID", |format| format.id);
        let title = width("TITLE", |format| format.title);
        screen.line(format_args!("{HEAD}{:id$}  {:title$}  {}{HEAD:#}", "ID", "TITLE", "SPEC"))?;
        for format in FORMATS {
            screen.line(format_args!("{:id$}  {:title$}  {}", format.id, format.title, format.spec))?;
        }
        Ok(Outcome::Good)
    }
}

/// How wide a column is.
fn width(head: &str, column: fn(&Format) -> &'static str) -> usize {
    let widths = FORMATS.iter().map(|format| column(format).chars().count());
    widths.fold(head.len(), usize::max)
}
