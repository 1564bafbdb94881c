//! `downstream`: builds and tests the crates in `generated-tests/downstream`. Each is a workspace of its own and depends on crates of
//! this one by their paths, as anybody's crate would. So do the crates of the book's first steps, which are made here.

mod steps;

mod rebuild;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chore::Failure;
use crate::ci::cargo_in;
use crate::tree::Tree;

const FOLDER: &str = "generated-tests/downstream";
const LOCK: &str = "Cargo.lock";
/// The crate for a machine without an operating system, and such a machine.
const BARE: (&str, &str) = ("bare_metal", "x86_64-unknown-none");

/// Tests every crate, and builds the one for bare metal for that.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let target = target(tree)?;
    for name in crates(tree)? {
        println!("{FOLDER}/{name}");
        let folder = tree.path(FOLDER).join(&name);
        // The same versions as everywhere in the project; what a crate does not need cargo leaves out.
        let lock = folder.join(LOCK);
        fs::copy(tree.path(LOCK), &lock).map_err(|e| Failure::at(&lock, e))?;
        let cargo = |words: &[&str]| cargo_in(&folder, words, |command| set(command, &target));
        cargo(&["fmt", "--check"])?;
        cargo(&["test", "--quiet"])?;
        rebuild::check(&folder, &name, |command| set(command, &target))?;
        if name == BARE.0 && has_bare() {
            cargo(&["build", "--quiet", "--target", BARE.1])?;
            println!("{FOLDER}/{name}: built for {}", BARE.1);
        } else if name == BARE.0 {
            println!("{FOLDER}/{name}: not built for {}, which `rustup target add` adds", BARE.1);
        }
    }
    steps::run(tree, &target)
}

/// What has a manifest there.
fn crates(tree: &Tree) -> Result<Vec<String>, Failure> {
    let folder = tree.path(FOLDER);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|e| Failure::at(&folder, e))? {
        let path = entry.map_err(|e| Failure::at(&folder, e))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        names.extend(name.filter(|_| path.join("Cargo.toml").is_file()));
    }
    names.sort();
    Ok(names)
}

/// One folder for all of them, so that what they share is built once. The tests of the macro build there too, and alike.
fn target(tree: &Tree) -> Result<PathBuf, Failure> {
    let given = env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree.path("target"), PathBuf::from);
    std::path::absolute(given.join("tests/trybuild")).map_err(|e| Failure::at(Path::new("target"), e))
}

/// Nobody looks into these programs with a debugger. No flags for the compiler: with them what runs on this machine, such as the
/// macro, would be built once more for bare metal.
fn set<'c>(command: &'c mut Command, target: &Path) -> &'c mut Command {
    command.env("CARGO_TARGET_DIR", target).env_remove("RUSTFLAGS").env("CARGO_PROFILE_DEV_DEBUG", "0")
}

fn has_bare() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", BARE.1]).output();
    let folder = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    !folder.is_empty() && Path::new(&folder).is_dir()
}
