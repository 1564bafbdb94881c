//! What was measured elsewhere, and is told line by line: words with tabs between them.

use std::fs;

/// All of it.
#[derive(Default)]
pub struct Given {
    lines: Vec<Vec<String>>,
}

impl Given {
    /// What a file says.
    pub fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
        let words = |line: &str| line.split('\t').map(str::to_owned).collect();
        Ok(Self { lines: text.lines().map(words).collect() })
    }

    /// The lines of a kind, without its name.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a [String]> {
        self.lines
            .iter()
            .filter_map(move |line| line.split_first())
            .filter(move |(it, _)| *it == kind)
            .map(|(_, it)| it)
    }

    /// The last word of the line that starts so, as a number.
    pub fn number(&self, start: &[&str]) -> Option<f64> {
        let line =
            self.lines.iter().find(|line| line.len() > start.len() && line.iter().zip(start).all(|(a, b)| a == b));
        line?.last()?.parse().ok()
    }
}
