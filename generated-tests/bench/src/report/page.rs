//! The page of all numbers.

use std::fmt::Write;

use super::given::Given;
use super::table::Table;
use super::{cost, goals, instructions};
use crate::rounds::Measured;

const HEAD: &str = "\
# Benchmarks

Written by `cargo xtask bench --write`; no number here is from elsewhere. All cases of a group find the same on the same bytes, which
is asserted. Each round runs every case of a group, and a ratio is the median of those of the rounds, so that it holds whatever else the
machine does; a time alone does not. `cargo xtask bench NAME` measures the groups whose names contain NAME.

![How many times as fast as binrw's derive generated code is](benchmarks.svg)

";

/// Goals without a measurement.
const NOT_MEASURED: &str = "\
That lengths which an input makes up take no memory is held by tests, not measured here (7). Kaitai Struct's own target for Rust is
left out: its runtime is not in the registry (9). The crate `kaitai` 0.1.2 there is another project, which needs unstable Rust.
";

/// The page.
pub fn text(measured: &[Measured], given: &Given) -> String {
    let mut text = HEAD.to_owned();
    text += "| | |\n|---|---|\n";
    for line in given.of("about") {
        let _ = writeln!(text, "| {} |", line.join(" | "));
    }
    text += "\n## Goals\n\n";
    text += &goals::table(measured, given);
    text += "\n";
    text += NOT_MEASURED;
    text += "\n## Times\n\n";
    let tables: Vec<String> = measured.iter().map(|it| Table(it).to_string()).collect();
    text += &tables.join("\n");
    text += "\n## Instructions\n\nAs `cargo xtask gate` counts them.\n\n";
    text += &instructions::table(given);
    text += "\n## Cost of generating and compiling\n\nAs `cargo xtask cost` measures it.\n\n";
    text += &cost::table(given);
    text
}
