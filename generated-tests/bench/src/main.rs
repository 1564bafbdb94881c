//! How fast generated code is, beside its peers, on the same bytes in one run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    unused_qualifications,
    reason = "it measures what the project made itself; binrw's derive writes `count` as a path"
)]

mod command;
mod descriptors;
mod file;
mod header;
mod pages;
mod random;
mod report;
mod rounds;
mod sections;
#[cfg(feature = "shipped")]
mod shipped;

use std::env;
use std::process::ExitCode;

use command::Command;
use rounds::Group;

const HELP: &str = "\
How fast generated code is, beside its peers, on the same bytes in one run.

Usage: vmspec-bench [NAME]
       vmspec-bench --write FOLDER GIVEN
       vmspec-bench --list
       vmspec-bench --case GROUP CASE TIMES

Runs the groups whose names contain NAME, or all. Each round runs every case of a group once;
a ratio is the median of those to the first case, round by round.

  --write  Measures all, and writes the page and the chart of it into a folder; GIVEN is a file
           that says what was measured elsewhere
  --list   Only names groups and their cases
  --case   Runs one case so many times and measures nothing, for a profiler or a counter of
           instructions
";

/// A group by its name.
type Named = (&'static str, fn() -> Group);

/// All of them.
const GROUPS: &[Named] = &[
    ("descriptors", descriptors::from_memory),
    ("descriptors-file", descriptors::from_file),
    ("descriptors-write", descriptors::write),
    ("entry", descriptors::entry),
    ("log-scan", descriptors::scan),
    ("log-ring", descriptors::ring),
    ("log-replay", descriptors::replay),
    ("log-garbage", descriptors::garbage),
    ("pages", pages::index),
    ("pages-few", pages::few),
    ("pages-restore", pages::restore),
    ("pages-file", pages::from_file),
    ("pages-file-restore", pages::restore_from_file),
    ("header", header::from_memory),
    ("header-write", header::write),
    ("sections", sections::from_memory),
    ("sections-file", sections::from_file),
    ("sections-write", sections::write),
    #[cfg(feature = "shipped")]
    ("stream-file", shipped::from_file),
    #[cfg(feature = "shipped")]
    ("stream-pipe", shipped::from_pipe),
    #[cfg(feature = "shipped")]
    ("image", shipped::verify),
    #[cfg(feature = "shipped")]
    ("programs-check", shipped::check),
    #[cfg(feature = "shipped")]
    ("programs-convert", shipped::convert),
    #[cfg(feature = "shipped")]
    ("programs-analyze", shipped::analyze),
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(command) = Command::named(&words) else {
        eprint!("{HELP}");
        return ExitCode::from(2);
    };
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
