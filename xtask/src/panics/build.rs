//! Builds the crate that asks for every door, as assembly.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::chore::Failure;
use crate::tree::Tree;

const FOLDER: &str = "generated-tests/panics";
const LOCK: &str = "Cargo.lock";
/// Functions that nobody calls are made too, since somebody may. Names are such that they can be read.
const FLAGS: &str = "--emit=asm -Clink-dead-code -Csymbol-mangling-version=v0 -Cdebuginfo=0";
const BUILD: &[&str] = &["build", "--quiet", "--release", "--message-format", "json"];
/// The crates that are looked at.
pub const CRATES: &[&str] = &["vmspec_runtime", "vmspec", "vmspec_every_door"];

/// The files of assembly, one for each crate.
pub fn assembly(tree: &Tree) -> Result<Vec<PathBuf>, Failure> {
    let folder = tree.path(FOLDER);
    let lock = folder.join(LOCK);
    // The same versions as everywhere in the project; what the crate does not need cargo leaves out.
    fs::copy(tree.path(LOCK), &lock).map_err(|e| Failure::at(&lock, e))?;
    let given = env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree.path("target"), PathBuf::from);
    let target = std::path::absolute(given.join("panics")).map_err(|e| Failure::at(Path::new("target"), e))?;
    let told = told(&folder, &target)?;
    let deps = target.join("release/deps");
    CRATES.iter().map(|name| one(&deps, name, &told)).collect()
}

/// What cargo tells of what it built, or had built before.
fn told(folder: &Path, target: &Path) -> Result<String, Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(BUILD).current_dir(folder).stderr(Stdio::inherit());
    command.env("CARGO_TARGET_DIR", target).env("RUSTFLAGS", FLAGS);
    let output = command.output().map_err(|e| Failure(format!("cargo: {e}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure(format!("cargo {}: {}", BUILD.join(" "), output.status)))
}

/// The file of a crate: called as its library, which earlier builds may have left beside it under other numbers.
fn one(deps: &Path, name: &str, told: &str) -> Result<PathBuf, Failure> {
    let start = format!("/lib{name}-");
    let number = told.split(&start).nth(1).and_then(|rest| rest.split('.').next());
    let number = number.ok_or_else(|| Failure(format!("cargo does not tell of {name}")))?;
    Ok(deps.join(format!("{name}-{number}.s")))
}
