//! `miri`: runs tests in an interpreter of Rust that notices undefined behaviour. The project's own code is safe; what it calls of others
//! need not be.

use std::env;
use std::process::{Command, Stdio};

use crate::chore::Failure;
use crate::tree::Tree;

/// What says that there is no miri.
const HINT: &str = "`rustup component add miri rust-src --toolchain nightly` adds it";

/// What is run: the runtime's own tests, and those of the formats that read states of devices by generated code. More takes very long.
const RUNS: &[&[&str]] = &[
    &["--package", "vmspec-runtime", "--lib"],
    &["--package", "vmspec", "--lib", "--", "qevm::devices", "qevm::import_vmdesc"],
];

/// Runs each, where there is a miri.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    if !is_installed() {
        println!("skipped: there is no miri for the nightly toolchain, which {HINT}");
        return Ok(());
    }
    for words in RUNS {
        println!("==> miri: {}", words.join(" "));
        let mut command = miri(&["test", "--quiet"]);
        command.args(*words).current_dir(tree.path("")).env("MIRIFLAGS", "-Zmiri-disable-isolation");
        let status = command.status().map_err(|e| Failure(format!("cargo miri: {e}")))?;
        if !status.success() {
            return Err(Failure(format!("cargo miri test {}: {status}", words.join(" "))));
        }
    }
    Ok(())
}

/// Cargo of the nightly toolchain. This program was started by cargo of another one, which must not be handed on.
fn miri(words: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "miri"]).args(words);
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), std::path::PathBuf::from);
    command.env("CARGO_TARGET_DIR", target.join("miri"));
    command
}

fn is_installed() -> bool {
    let status = miri(&["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
