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

/// A part by its name, and what measures it. What it builds over and over goes into a folder of its own.
type Part = (&'static str, fn(&Tree, &Path) -> Result<Vec<Line>, Failure>);

const PARTS: &[Part] =
    &[("generator", generator::measured), ("library", library::measured), ("types", synthetic::measured)];

/// Measures the parts whose names contain this, and shows each when it is done.
pub fn run(tree: &Tree, name: &str) -> Result<(), Failure> {
    measured(tree, name).map(drop)
}

/// Measures all of it.
pub fn all(tree: &Tree) -> Result<Vec<Line>, Failure> {
    measured(tree, "")
}

fn measured(tree: &Tree, name: &str) -> Result<Vec<Line>, Failure> {
    let target = tree.target()?.join("cost");
    let mut lines = Vec::new();
    for (_, part) in PARTS.iter().filter(|(part, _)| part.contains(name)) {
        let measured = part(tree, &target)?;
        for line in &measured {
            println!("{}: {}", line.what, line.measured);
        }
        lines.extend(measured);
    }
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
