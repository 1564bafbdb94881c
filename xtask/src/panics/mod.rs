//! `panics`: which ways into a panic are left in the machine code of every door of every format, and why none is taken. The lints
//! find what is written; this finds what the compiler made of it, the standard library's own checks among it.
//!
//! What the standard library has as machine code already is not looked into.

mod asm;
mod build;
mod reach;
mod reasons;
mod report;

use std::fs;
use std::path::Path;

use crate::chore::Failure;
use crate::tree::Tree;

/// Where the report is.
const REPORT: &str = "docs/panics.md";

/// Builds, looks, and writes the report.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let Some(text) = found(tree)? else { return Ok(()) };
    let path = tree.path(REPORT);
    fs::write(&path, text).map_err(|e| Failure::at(&path, e))?;
    println!("{REPORT}: written");
    Ok(())
}

/// The same, but the report must be what it is.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    let Some(text) = found(tree)? else { return Ok(()) };
    if tree.text(Path::new(REPORT))?.as_deref() == Some(&text) {
        println!("{REPORT}: as it should be");
        return Ok(());
    }
    Err(Failure(format!("{REPORT} is stale; `cargo xtask panics` writes it")))
}

/// The report; none on machines whose code cannot be read. It fails for a way into a panic that has no reason.
fn found(tree: &Tree) -> Result<Option<String>, Failure> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        println!("skipped: only the code of x86-64 Linux is read");
        return Ok(None);
    }
    let mut unit = asm::Unit::default();
    for path in build::assembly(tree)? {
        let text = fs::read_to_string(&path).map_err(|e| Failure::at(&path, e))?;
        unit.read(&text);
    }
    let sites = reach::sites(&unit);
    println!("{} functions, {} ways into a panic", unit.functions.len(), sites.len());
    report::report(&sites).map(Some)
}
