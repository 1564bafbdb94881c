//! Tables kept by hand: what cannot be shown, and which changes change nothing, each with why.

use std::cell::Cell;
use std::fs;

use crate::formats::{Failure, root};

/// A line of a table.
#[derive(Debug)]
pub struct Line {
    /// The spec's file name.
    spec: String,
    /// What it is about; `*` stands for any text.
    pattern: String,
    /// Why.
    pub reason: String,
    /// How often it was needed.
    used: Cell<usize>,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    lines: Vec<Line>,
}

impl Table {
    /// The table in a file beside the sources.
    pub fn read(name: &'static str) -> Result<Self, Failure> {
        let path = root().join("generated-tests/rules").join(name);
        let text = fs::read_to_string(&path).map_err(|e| format!("{name}: {e}"))?;
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let lines = lines.map(|line| Line::parse(line).ok_or_else(|| format!("{name}: no line of three: {line}")));
        Ok(Self { name, lines: lines.collect::<Result<_, _>>()? })
    }

    /// Why something is so, where a line says it.
    pub fn reason(&self, spec: &str, what: &str) -> Option<&str> {
        let line = self.lines.iter().find(|line| line.spec == spec && fits(&line.pattern, what))?;
        line.used.set(line.used.get().saturating_add(1));
        Some(&line.reason)
    }

    /// Fails for lines that are of no use, of the specs that were looked at.
    pub fn used_up(&self, specs: &[String]) -> Result<(), Failure> {
        let unused = self.lines.iter().filter(|line| specs.contains(&line.spec) && line.used.get() == 0);
        let unused: Vec<String> = unused.map(|line| format!("  {}: {}", line.spec, line.pattern)).collect();
        if unused.is_empty() {
            Ok(())
        } else {
            Err(format!("{} has lines of no use:\n{}", self.name, unused.join("\n")))
        }
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t').map(str::to_owned);
        let (spec, pattern, reason) = (columns.next()?, columns.next()?, columns.next()?);
        Some(Self { spec, pattern, reason, used: Cell::new(0) })
    }
}

/// Whether a text is as a pattern says.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    (0..=text.len()).filter_map(|at| text.get(at..)).any(|tail| fits(rest, tail))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("a.*.c", "a.b.b.c") && fits("*", "") && fits("a*", "a") && fits("a", "a"));
        assert!(!fits("a.*.c", "a.c") && !fits("a", "ab") && !fits("*b", "a"));
    }
}
