//! `dependencies`: what the crates of others may be, by `deny.toml`, and whether each is needed. Both are looked at by programs of
//! others, where these are installed.

use std::env;
use std::process::{Command, Stdio};

use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;

/// Commands of cargo. Advisories are left out: they come from a database that changes by the day.
const PROGRAMS: &[&[&str]] = &[&["deny", "check", "bans", "licenses", "sources"], &["machete"]];

/// Runs each that is there.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    for words in PROGRAMS {
        let name = words.first().copied().unwrap_or_default();
        if is_installed(name) {
            cargo(tree, words)?;
        } else {
            println!("skipped: there is no cargo-{name}, which `cargo install --locked cargo-{name}` adds");
        }
    }
    Ok(())
}

fn is_installed(name: &str) -> bool {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = command.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
