//! When a crate that uses specs is built again: when a file has changed that one of its specs uses, and not when nothing has.

use std::env;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::chore::Failure;

/// Crates, one that has its module by the macro and one that makes it in its build script, each with a file that its spec uses.
const USED: &[(&str, &str)] = &[("build_script", "specs/parts/head.yaml"), ("private_format", "specs/frame.yaml")];

/// Builds a crate that has just been built, as it is and after a touch of that file. Other crates are not looked at.
pub fn check(folder: &Path, name: &str, set: impl Fn(&mut Command) -> &mut Command) -> Result<(), Failure> {
    let Some((_, used)) = USED.iter().find(|(known, _)| *known == name) else { return Ok(()) };
    let wrong = |what: &str| Err(Failure(format!("{name} is {what}")));
    if builds(folder, &set)? {
        return wrong("built again though nothing has changed");
    }
    touch(&folder.join(used))?;
    if !builds(folder, &set)? {
        return wrong(&format!("not built again when {used} changes"));
    }
    println!("{name} is built again when {used} changes, and only then");
    Ok(())
}

/// Whether cargo compiles anything.
fn builds(folder: &Path, set: impl Fn(&mut Command) -> &mut Command) -> Result<bool, Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--no-run"]).current_dir(folder).env("CARGO_TERM_QUIET", "false");
    let output = set(&mut command).output().map_err(|e| Failure(format!("cargo test --no-run: {e}")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(said.contains("Compiling")) } else { Err(Failure(said.into_owned())) }
}

/// What is in the file stays the same: cargo looks at its time.
fn touch(path: &Path) -> Result<(), Failure> {
    let now = |file: File| file.set_modified(SystemTime::now());
    File::options().append(true).open(path).and_then(now).map_err(|e| Failure::at(path, e))
}
