//! What may stand on the command line. Each command's own options stand with the command.

use clap::{Parser, Subcommand, ValueEnum};
use std::io;

use crate::command::{
    at, check, completions, doc, dump, explain, extract, fix, formats, generate, import_vmdesc, man, new, qevm_index,
    qevm_state, ram, raw, replay, roundtrip, schema, set, verify,
};
use crate::outcome::Outcome;
use crate::screen::Screen;

/// Check format specs, generate Rust from them, and verify files against the formats built in.
#[derive(Debug, Parser)]
#[command(name = "vmspec", version, propagate_version = true)]
#[command(after_help = "Exit status: 0 when all is well, 1 when a spec or a file is not, 2 when \
    the command line is wrong or a file cannot be opened, read or written.")]
pub struct Cli {
    /// When to use colour; auto is on a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 100)]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Formats(formats::Formats),
    Verify(verify::Verify),
    Roundtrip(roundtrip::Roundtrip),
    Dump(dump::Dump),
    At(at::At),
    QevmState(qevm_state::QevmState),
    QevmIndex(qevm_index::QevmIndex),
    Ram(ram::Ram),
    Raw(raw::Raw),
    Replay(replay::Replay),
    Extract(extract::Extract),
    Set(set::Set),
    Fix(fix::Fix),
    ImportVmdesc(import_vmdesc::ImportVmdesc),
    New(new::New),
    Check(check::Check),
    Explain(explain::Explain),
    Generate(generate::Generate),
    Doc(doc::Doc),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Manual),
}

impl Command {
    /// Runs the command. It fails only where standard output does.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self {
            Self::Formats(command) => command.run(screen),
            Self::Verify(command) => command.run(screen),
            Self::Roundtrip(command) => command.run(screen),
            Self::Dump(command) => command.run(screen),
            Self::At(command) => command.run(screen),
            Self::QevmState(command) => command.run(screen),
            Self::QevmIndex(command) => command.run(screen),
            Self::Ram(command) => command.run(screen),
            Self::Raw(command) => command.run(screen),
            Self::Replay(command) => command.run(screen),
            Self::Extract(command) => command.run(screen),
            Self::Set(command) => command.run(screen),
            Self::Fix(command) => command.run(screen),
            Self::ImportVmdesc(command) => command.run(screen),
            Self::New(command) => command.run(screen),
            Self::Check(command) => command.run(screen),
            Self::Explain(command) => command.run(screen),
            Self::Generate(command) => command.run(screen),
            Self::Doc(command) => command.run(screen),
            Self::Schema(command) => command.run(screen),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(screen),
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice of both output streams.
    pub fn apply(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
