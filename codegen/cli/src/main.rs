//! The command `vmspec`: reads the command line, runs one command, says how it went with the exit code.

#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes_without_reason)]

mod args;
mod broken_log;
mod carried_stream;
mod command;
mod compare;
mod description;
mod dump;
mod edit;
mod fresh;
mod inputs;
mod inspect;
mod message;
mod offset;
mod outcome;
mod plural;
mod progress;
mod recognise;
mod refusal;
mod replayed;
mod screen;
mod shared_file;
mod spec;
mod states;
mod stream;
mod stream_memory;
mod target;
mod told;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::outcome::Outcome;
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.apply();
    match cli.command.run(&mut Screen::new()) {
        Ok(outcome) => outcome.into(),
        Err(e) => unwritten(&e).into(),
    }
}

/// Commands fail only where standard output does. A reader that has seen enough, as `head`, is no failure.
fn unwritten(e: &io::Error) -> Outcome {
    if e.kind() == io::ErrorKind::BrokenPipe {
        return Outcome::Good;
    }
    screen::complain(&format!("cannot write to standard output: {e}"));
    Outcome::Failed
}
