//! `bench`: generated code beside its peers, on the same bytes in one run. `--write` makes the page of it.

mod about;

use std::fmt::Write;
use std::fs;

use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;
use crate::{cost, gate};

const RUN: &[&str] = &["run", "--quiet", "--release", "--package", "vmspec-bench", "--features", "peers,shipped", "--"];
/// The command, as what is measured runs it too.
const BUILD: &[&str] = &["build", "--quiet", "--release", "--package", "vmspec-cli"];
const DOCS: &str = "docs";

/// Measures the groups whose names contain this, and shows them.
pub fn run(tree: &Tree, name: Option<&str>) -> Result<(), Failure> {
    cargo(tree, BUILD)?;
    let words: Vec<&str> = RUN.iter().copied().chain(name).collect();
    cargo(tree, &words)
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
    cargo(tree, BUILD)?;
    cargo(tree, &[RUN, &["--write", DOCS, &path]].concat())
}
