//! What a run was made on and with.

use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::thread;

use crate::chore::Failure;
use crate::tree::Tree;

/// Crates whose version is said.
const CRATES: [&str; 5] = ["binrw", "crc32c", "deku", "winnow", "zerocopy"];

/// A line for each thing.
pub fn lines(tree: &Tree) -> Result<String, Failure> {
    let crates: Vec<String> = versions(&tree.text("Cargo.lock".as_ref())?.unwrap_or_default());
    let cores = thread::available_parallelism().map_or_else(|_| "unknown".into(), |n| n.to_string());
    let facts = [
        ("date", said("date", &["--utc", "+%F"])),
        ("system", said("uname", &["--kernel-name", "--kernel-release", "--machine"])),
        ("CPU", cpu()),
        ("cores", cores),
        ("load of the last minutes when it started", load()),
        ("compiler", said("rustc", &["--version"])),
        ("crates", crates.join(", ")),
    ];
    Ok(facts.iter().fold(String::new(), |mut text, (what, it)| {
        let _ = writeln!(text, "about\t{what}\t{it}");
        text
    }))
}

/// What a program says, or that it is unknown.
fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    output.map_or_else(|_| "unknown".into(), |it| String::from_utf8_lossy(&it.stdout).trim().to_owned())
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| "unknown".into(), |(_, name)| name.to_owned())
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(", ")
}

/// The versions that a lock file says.
fn versions(lock: &str) -> Vec<String> {
    let version = |name: &str| {
        let (_, behind) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", behind.split_once('"')?.0))
    };
    CRATES.iter().filter_map(|name| version(name)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = "[[package]]\nname = \"binrw\"\nversion = \"0.15.2\"\nsource = \"x\"\n\n[[package]]\nname = \"deku\"\nversion = \"1.2\"\n";
        assert_eq!(super::versions(lock), ["binrw 0.15.2", "deku 1.2"]);
    }
}
