//! `bench`: generated code beside its peers, on the same bytes in one run. `--write` makes the page of it.

mod about;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;
use crate::{cost, gate};

/// What is measured, and the command that it runs too. In one go, since both are of the same crates with the same features then.
/// Nothing that is measured calls the generator, which takes longest to optimise.
const BUILD: &[&str] = &[
    "build",
    "--quiet",
    "--release",
    "--config",
    "profile.release.debug=false",
    "--config",
    "profile.release.package.vmspec-codegen.opt-level=0",
    "--package",
    "vmspec-cli",
    "--package",
    "vmspec-bench",
    "--features",
    "vmspec-bench/peers,vmspec-bench/shipped",
];
const DOCS: &str = "docs";

/// Measures the groups whose names contain this, and shows them.
pub fn run(tree: &Tree, name: Option<&str>) -> Result<(), Failure> {
    let words: Vec<&str> = name.into_iter().collect();
    measure(tree, &words)
}

fn measure(tree: &Tree, words: &[&str]) -> Result<(), Failure> {
    cargo(tree, BUILD)?;
    let program = tree.target()?.join("release/vmspec-bench");
    let status = Command::new(&program).args(words).current_dir(tree.path("")).status();
    let status = status.map_err(|e| Failure::at(&program, e))?;
    if status.success() { Ok(()) } else { Err(Failure(format!("{} {}: {status}", program.display(), words.join(" ")))) }
}

/// Measures all there is, and writes about it.
pub fn write(tree: &Tree) -> Result<(), Failure> {
    let mut given = about::lines(tree)?;
    for it in gate::counted(tree)?.unwrap_or_default() {
        let _ = writeln!(given, "instructions\t{}\t{}\t{:.0}\t{:.2}", it.group, it.case, it.instructions, it.ratio);
    }
    for line in cost::all(tree)? {
        let _ = writeln!(given, "cost\t{}\t{}", line.what, line.measured);
        if let Some((key, part)) = line.part {
            let _ = writeln!(given, "part\t{key}\t{part:.3}");
        }
    }
    let path = tree.target()?.join("bench-given.tsv");
    fs::write(&path, given).map_err(|e| Failure::at(&path, e))?;
    let path = path.display().to_string();
    measure(tree, &["--write", DOCS, &path])
}
