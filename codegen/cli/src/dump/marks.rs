//! Findings and the error: where in a tree they stand, and what is said of them at the end.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};

use vmspec_codegen::diagnostic::printable;
use vmspec_codegen::interpret::{Reading, Trouble};

use super::palette::Palette;
use super::view::View;
use super::walk::lies_in;
use crate::plural::plural;

/// A finding or the error.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// What is wrong.
    pub trouble: &'a Trouble,
    /// Whether it is the error.
    pub fatal: bool,
}

impl Mark<'_> {
    /// The message below the node at `path`.
    pub fn seen_from(&self, path: &str, palette: &Palette) -> String {
        let (style, word) = if self.fatal { (palette.error, "error") } else { (palette.finding, "finding") };
        let inner = self.trouble.path.strip_prefix(path).unwrap_or(&self.trouble.path).trim_start_matches('.');
        let of = if inner.is_empty() { String::new() } else { format!(" in {inner}") };
        let at = self.trouble.offset.map_or_else(String::new, |at| format!(" at {at:#x}"));
        format!("{style}{word}{of}{at}{style:#}: {}", printable(&message(self.trouble)))
    }
}

/// What is wrong, without the place.
pub fn message(trouble: &Trouble) -> String {
    trouble.io.as_ref().map_or_else(|| trouble.verdict(), |io| format!("{io} (io)"))
}

/// All that was found in a part of a value, each given out once.
pub struct Marks<'a> {
    left: Vec<Mark<'a>>,
    /// The paths of all of them, and of all that they lie in.
    around: HashSet<&'a str>,
}

impl<'a> Marks<'a> {
    /// Those of what is at a path.
    pub fn new(reading: &'a Reading, path: &str) -> Self {
        let left: Vec<_> = all(reading).filter(|mark| lies_in(&mark.trouble.path, path)).collect();
        let around = left.iter().flat_map(|mark| prefixes(&mark.trouble.path)).collect();
        Self { left, around }
    }

    /// Whether something at this path or in it is not as it should be.
    pub fn concerns(&self, path: &str) -> bool {
        self.around.contains(path)
    }

    /// The elements of the list at this path that have something wrong in them.
    pub fn indices(&self, path: &str) -> BTreeSet<usize> {
        if !self.concerns(path) {
            return BTreeSet::new();
        }
        let index =
            |mark: &Mark<'_>| mark.trouble.path.strip_prefix(path)?.strip_prefix('[')?.split(']').next()?.parse().ok();
        self.left.iter().filter_map(index).collect()
    }

    /// Those of this path and all in it, once.
    pub fn take(&mut self, path: &str) -> Vec<Mark<'a>> {
        if !self.concerns(path) {
            return Vec::new();
        }
        self.left.extract_if(.., |mark| lies_in(&mark.trouble.path, path)).collect()
    }
}

fn all(reading: &Reading) -> impl Iterator<Item = Mark<'_>> {
    let findings = reading.findings.iter().map(|trouble| Mark { trouble, fatal: false });
    findings.chain(reading.error.iter().map(|trouble| Mark { trouble, fatal: true }))
}

/// A path and all that it lies in: `a.b[1]` lies in `a.b`, `a` and the value as a whole.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.char_indices().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| at);
    ends.chain([0, path.len()]).filter_map(|end| path.get(..end))
}

/// What is wrong with the value as a whole, and what the file has behind it. Nothing where all is well.
pub fn summary(view: &View<'_>, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    let (reading, behind) = (view.reading, view.behind());
    if reading.findings.is_empty() && reading.error.is_none() && behind == 0 {
        return Ok(());
    }
    writeln!(out)?;
    for mark in all(reading) {
        let (style, word) = if mark.fatal { (palette.error, "error") } else { (palette.finding, "finding") };
        writeln!(out, "{style}{word}{style:#}: {}", printable(&mark.trouble.to_string()))?;
    }
    if reading.left_out > 0 {
        writeln!(out, "and {} more", plural(reading.left_out, "finding"))?;
    }
    match (behind, reading.error.is_some()) {
        (0, _) => Ok(()),
        (n, true) => writeln!(out, "{} not read, from {:#x} on", plural(n, "byte"), reading.end),
        (n, false) => writeln!(out, "{} behind the value, from {:#x} on", plural(n, "byte"), reading.end),
    }
}

#[cfg(test)]
mod tests {
    use super::prefixes;

    #[test]
    fn a_path_lies_in_each_of_its_prefixes() {
        let of = |path| prefixes(path).collect::<Vec<_>>();
        assert_eq!(of("a.b[1].c"), ["a", "a.b", "a.b[1]", "", "a.b[1].c"]);
        assert_eq!(of(""), ["", ""]);
    }
}
