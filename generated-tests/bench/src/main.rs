//! How fast generated code is, beside its peers, on the same bytes in one run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "it measures what the project made itself"
)]

mod derived;
mod log_entry;
mod log_ring;
mod rounds;
mod sections;
mod stream;

use std::env;
use std::process::ExitCode;

use rounds::Group;

const HELP: &str = "\
How fast generated code is, beside its peers, on the same bytes in one run.

Usage: vmspec-bench [NAME]

Runs the groups whose names contain NAME, or all. Each round runs every case of a group once;
a ratio is the median of those to the first case, round by round.
";

/// A group by its name.
type Named = (&'static str, fn() -> Group);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let wanted = match words.as_slice() {
        [] => "",
        [name] if !name.starts_with('-') => name,
        _ => {
            print!("{HELP}");
            return ExitCode::from(u8::from(words != ["--help"]) * 2);
        }
    };
    let groups: [Named; 7] = [
        ("log-descriptors", log_entry::descriptors),
        ("log-entry", log_entry::entry),
        ("log-ring", log_ring::ring),
        ("log-scan", log_ring::garbage),
        ("sections", sections::read),
        ("stream-file", stream::from_file),
        ("stream-pipe", stream::from_pipe),
    ];
    for (_, group) in groups.iter().filter(|(name, _)| name.contains(wanted)) {
        println!("{}", group().measure());
    }
    ExitCode::SUCCESS
}
