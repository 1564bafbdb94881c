//! What is said of measurements: tables, the goals, a chart, and the page that has all of them.

pub mod given;
pub mod table;

mod chart;
mod cost;
mod goals;
mod instructions;
mod page;

use std::fs;
use std::path::Path;

use crate::rounds::Measured;
use given::Given;

/// Writes the page and the chart into a folder.
pub fn write(folder: &Path, measured: &[Measured], given: &Given) -> Result<(), String> {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    put("benchmarks.svg", &chart::drawn(measured))?;
    put("benchmarks.md", &page::text(measured, given))
}
