//! `cost`: what generating and checking costs, and compiling what was generated, beside binrw's derive of the same types.

mod generator;
mod library;
mod synthetic;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::chore::Failure;
use crate::tree::Tree;

/// Something that was measured.
#[derive(Debug)]
pub struct Line {
    /// What it is.
    pub what: String,
    /// How much it is, with its unit.
    pub measured: String,
    /// For what is compared with the derive: its name, and the part of what the derive costs.
    pub part: Option<(&'static str, f64)>,
}

impl Line {
    fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self { what: what.into(), measured: measured.into(), part: None }
    }

    fn time(what: impl Into<String>, took: Duration) -> Self {
        Self::new(what, format!("{:.3} s", took.as_secs_f64()))
    }
}

/// Measures, and shows it.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    for line in measured(tree)? {
        println!("{}: {}", line.what, line.measured);
    }
    Ok(())
}

/// Measures.
pub fn measured(tree: &Tree) -> Result<Vec<Line>, Failure> {
    // What is built here is built over and over; nothing else is disturbed by it.
    let target = tree.target()?.join("cost");
    let mut lines = generator::measured(tree, &target)?;
    lines.extend(library::measured(tree, &target)?);
    lines.extend(synthetic::measured(tree, &target)?);
    Ok(lines)
}

/// How long something takes.
fn timed(work: impl FnOnce() -> Result<(), Failure>) -> Result<Duration, Failure> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// The middle one.
fn median(mut of: Vec<Duration>) -> Duration {
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or_default()
}

/// A path as an argument.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The specs that are shipped and describe a format.
fn formats(tree: &Tree) -> Result<Vec<PathBuf>, Failure> {
    let mut formats = Vec::new();
    for path in tree.files_in("specs", "yaml")? {
        let text = tree.text(&path)?.unwrap_or_default();
        if text.lines().any(|line| line.starts_with("format:")) {
            formats.push(path);
        }
    }
    Ok(formats)
}
