//! `vmspec man`: manual pages.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use vmspec_codegen::output;

use crate::args::Cli;
use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};

/// What stands at the foot of each page.
const SOURCE: &str = concat!("vmspec ", env!("CARGO_PKG_VERSION"));

/// Write a manual page for each command
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the pages are there, 2 when one cannot be written.")]
pub struct Manual {
    /// The folder for the pages, made if missing; `man` looks in those called man1
    #[arg(value_name = "DIR")]
    out: PathBuf,
}

impl Manual {
    /// Writes `vmspec.1`, `vmspec-dump.1` and so on.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let pages = pages();
        for page in &pages {
            let path = self.out.join(page.get_filename());
            if let Err(e) = text(page).and_then(|text| output::write(&path, &text)) {
                screen::complain(&format!("{}: {e}", path.display()));
                return Ok(Outcome::Failed);
            }
        }
        screen.verdict(&self.out, (GOOD, "written"), &format!("({} pages)", pages.len()))?;
        Ok(Outcome::Good)
    }
}

/// The program's page, then one for each command.
fn pages() -> Vec<Man> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let commands: Vec<Command> = program.get_subcommands().cloned().collect();
    std::iter::once(program).chain(commands).map(|command| Man::new(command).source(SOURCE)).collect()
}

fn text(page: &Man) -> io::Result<String> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}
