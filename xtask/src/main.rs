//! The project's chores: `cargo xtask CHORE`. Nothing here is needed to use the libraries.

#![forbid(unsafe_code)]

mod bench;
mod chore;
mod ci;
mod cost;
mod coverage;
mod demo;
mod dependencies;
mod docs;
mod downstream;
mod fuzz;
mod gate;
mod generate;
mod miri;
mod package;
mod panics;
mod tidy;
mod tree;

use std::env;
use std::process::ExitCode;

use crate::chore::Chore;
use crate::tree::Tree;

const HELP: &str = "\
The project's chores.

Usage: cargo xtask <CHORE>

Chores:
  generate          Write all generated files anew from specs/*.yaml and generated-tests/features/*.yaml
  generate --check  Write nothing; list the files that are stale, missing or orphaned
  demo              Generate, then show what is in a real libvirt image
  bench [NAME]      Measure generated code beside its peers, on the same bytes in one run: all groups, or those
                    whose names contain NAME
  bench --write     Measure all of it, with gate and cost, and write docs/benchmarks.md and docs/benchmarks.svg
  cost [NAME]       Measure generating and checking (generator), compiling the crate of all formats (library), and
                    compiling 60 types beside binrw's derive (types): all of it, or what is called so
  gate              Hold the instructions of generated code against the baseline; this needs valgrind
  gate --write      Write the baseline anew
  rules             Write docs/rule-coverage.md: which rules of the formats the tests keep and break
  rules --check     Write nothing; fail where it is stale
  rules --craft     First look for inputs that keep and break what no input does; some minutes
  mutate            Change the specs in one place at a time, and write docs/rule-mutation.md: what the tests notice.
                    `--help` behind either says what else there is
  tidy              Hold the files against the rules of style
  downstream        Build and test crates that use the project as anybody's do
  docs              Make the book of the project, in target/book; this needs mdbook
  docs --api        The same, with the documentation of the crates in it
  package           Pack the crates that are for others, look into what is packed, and build it; publish nothing
  package --check   Build nothing of it
  dependencies      Hold the crates of others against deny.toml, and find unused ones, where cargo-deny and
                    cargo-machete are installed
  panics            Find the ways into a panic that are left in machine code, and write docs/panics.md
  panics --check    Write nothing; fail where that is stale
  miri              Run tests in an interpreter that notices undefined behaviour, where miri is installed
  coverage          Say how much of each crate the tests run, and which files least, where cargo-llvm-cov is installed
  fuzz              Fuzz every target of generated-tests/fuzz, where cargo-fuzz is installed; or those that are named
  fuzz --minutes N  For so many minutes each, instead of 5
  ci                Everything that has to hold before a change goes in
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let chore = match Chore::named(&words) {
        Ok(Chore::Help) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(chore) => chore,
        Err(complaint) => {
            eprintln!("error: {complaint}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match Tree::enter().and_then(|tree| chore.run(&tree)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
