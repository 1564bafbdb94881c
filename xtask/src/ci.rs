//! `ci`: everything that has to hold before a change goes in, one step after the other, up to the first that fails.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::chore::Failure;
use crate::tree::Tree;
use crate::{dependencies, docs, downstream, gate, generate, package, tidy};

/// What a step does.
enum Action {
    /// A chore of this program.
    Chore(fn(&Tree) -> Result<(), Failure>),
    /// One call of cargo after the other.
    Cargo(&'static [&'static [&'static str]]),
}

const STEPS: &[(&str, Action)] = &[
    ("generated files are fresh", Action::Chore(generate::check)),
    ("style", Action::Chore(tidy::run)),
    ("the book", Action::Chore(docs::check)),
    ("what is packed", Action::Chore(package::check)),
    ("crates of others", Action::Chore(dependencies::run)),
    ("format", Action::Cargo(&[&["fmt", "--all", "--", "--check"]])),
    ("lints", Action::Cargo(&[CLIPPY])),
    ("tests", Action::Cargo(&[TESTS])),
    ("builds alone and without std", Action::Cargo(&[ALONE, NO_STD_RUNTIME, NO_STD_SPECS])),
    ("instructions of generated code", Action::Chore(gate::check)),
    ("crates that use it", Action::Chore(downstream::run)),
    ("documentation", Action::Cargo(&[DOC])),
];

#[rustfmt::skip]
const CLIPPY: &[&str] = &["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
const TESTS: &[&str] = &["test", "--workspace"];
// With nothing switched on by others: in the tests each crate has the features that any of the others asks for.
const ALONE: &[&str] = &["check", "-p", "vmspec", "--all-features"];
const NO_STD_RUNTIME: &[&str] = &["check", "-p", "vmspec-runtime", "--no-default-features"];
const NO_STD_SPECS: &[&str] = &["check", "-p", "vmspec", "--no-default-features"];
const DOC: &[&str] = &["doc", "--workspace", "--no-deps", "--all-features"];

/// Runs every step.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let started = Instant::now();
    for (name, action) in STEPS {
        println!("==> {name}");
        let step = Instant::now();
        action.run(tree).map_err(|Failure(why)| Failure(format!("step '{name}' failed: {why}")))?;
        println!("==> {name}: ok, {:.1} s", step.elapsed().as_secs_f64());
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("==> all {} steps ok, {seconds:.1} s", STEPS.len());
    Ok(())
}

impl Action {
    fn run(&self, tree: &Tree) -> Result<(), Failure> {
        match self {
            Self::Chore(chore) => chore(tree),
            Self::Cargo(calls) => calls.iter().try_for_each(|words| cargo(tree, words)),
        }
    }
}

/// Runs cargo in the checkout; what it prints goes straight through. Only documentation minds its variable.
pub fn cargo(tree: &Tree, words: &[&str]) -> Result<(), Failure> {
    cargo_in(&tree.path(""), words, |command| command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs cargo in a folder, with what `set` says.
pub fn cargo_in(folder: &Path, words: &[&str], set: impl Fn(&mut Command) -> &mut Command) -> Result<(), Failure> {
    let shown = format!("cargo {}", words.join(" "));
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words).current_dir(folder);
    let status = set(&mut command).status().map_err(|e| Failure(format!("{shown}: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failure(format!("{shown}: {status}"))) }
}
