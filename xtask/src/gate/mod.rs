//! `gate`: how many instructions generated code takes, beside binrw's derive, so that it does not become slower unnoticed. Time
//! is `bench`'s: it depends on the machine and on what else that does, instructions hardly do.

mod baseline;
mod counts;

pub use counts::{Counted, counted};

use std::path::Path;

use crate::chore::Failure;
use crate::tree::Tree;

const BASELINE: &str = "generated-tests/bench/baseline.toml";
/// How much of a ratio may be lost.
const MAY_FALL: f64 = 0.05;

/// Counts, and compares with what was held before.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    let Some(counted) = counted(tree)? else { return Ok(()) };
    let path = Path::new(BASELINE);
    let text = tree.text(path)?.unwrap_or_default();
    let held = baseline::read(&text).map_err(|e| Failure::at(path, e))?;
    let breaches: Vec<String> = held.iter().filter_map(|held| breach(held, &counted)).collect();
    let unheld = counted.iter().filter(|it| it.gated && !held.iter().any(|held| held.is(it)));
    let unheld: Vec<String> = unheld.map(|it| format!("{} {}: not in the baseline", it.group, it.case)).collect();
    let wrong = [breaches, unheld].concat();
    if wrong.is_empty() {
        println!("{} cases take no more instructions than before, as times of binrw's derive", held.len());
        return Ok(());
    }
    let advice = "where that is meant: cargo xtask gate --write";
    Err(Failure(format!("{}\n{advice}", wrong.join("\n"))))
}

/// Counts, and holds what was counted.
pub fn write(tree: &Tree) -> Result<(), Failure> {
    let Some(counted) = counted(tree)? else { return Ok(()) };
    let path = tree.path(BASELINE);
    std::fs::write(&path, baseline::text(&counted)).map_err(|e| Failure::at(&path, e))?;
    for it in counted.iter().filter(|it| it.gated) {
        println!("{} {}: {:.2}", it.group, it.case, it.ratio);
    }
    Ok(())
}

/// What is wrong with a case that is held.
fn breach(held: &baseline::Held, counted: &[Counted]) -> Option<String> {
    let (name, before) = (format!("{} {}", held.group, held.case), held.ratio);
    let Some(now) = counted.iter().find(|it| held.is(it)) else { return Some(format!("{name}: no such case")) };
    let fell = now.ratio < before * (1.0 - MAY_FALL);
    fell.then(|| format!("{name}: {:.2} times as few instructions as binrw's derive, {before:.2} before", now.ratio))
}
