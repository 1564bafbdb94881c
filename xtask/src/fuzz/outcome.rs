//! What came of a target: how often it ran, how far it came, and whether it found something. libFuzzer says so as it goes.

use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;

use crate::chore::Failure;

/// Beginnings of lines that are of use to whoever waits.
const SHOWN: &[&str] = &["==", "artifact_prefix"];
/// The beginning of a panic, and how many lines of what it says are shown.
const PANIC: (&str, u8) = ("thread '", 8);

/// What came of a target.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    name: String,
    /// How many inputs were tried, and how many each second.
    executions: u64,
    rate: u64,
    /// How many places of the code were reached.
    coverage: u64,
    /// How many inputs are kept, before and after.
    corpus: (usize, usize),
    /// Whether an input failed.
    pub found: bool,
    /// Where that input is.
    artifacts: Vec<String>,
    /// How many more lines are shown.
    shown: u8,
}

/// Runs a target to its end.
pub fn of(target: &str, command: &mut Command, corpus: &Path) -> Result<Outcome, Failure> {
    let failed = |e: std::io::Error| Failure(format!("{target}: {e}"));
    let mut outcome = Outcome { name: target.to_owned(), ..Outcome::default() };
    outcome.corpus.0 = count(corpus);
    let mut child = command.spawn().map_err(failed)?;
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            outcome.take(&String::from_utf8_lossy(&line.map_err(failed)?));
        }
    }
    // Without a word about it too, as where a stack ends.
    outcome.found |= !child.wait().map_err(failed)?.success();
    outcome.corpus.1 = count(corpus);
    println!("{}", outcome.line());
    Ok(outcome)
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

impl Outcome {
    /// Learns from a line of libFuzzer.
    fn take(&mut self, line: &str) {
        let number = |text: &str| text.trim().parse().ok();
        if let Some(n) = line.strip_prefix("stat::number_of_executed_units:").and_then(number) {
            self.executions = n;
        } else if let Some(n) = line.strip_prefix("stat::average_exec_per_sec:").and_then(number) {
            self.rate = n;
        } else if let Some((_, rest)) = line.split_once(" cov: ") {
            self.coverage = rest.split(' ').next().and_then(number).unwrap_or(self.coverage);
        } else if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.artifacts.push(path.to_owned());
        }
        if line.starts_with(PANIC.0) {
            self.shown = PANIC.1;
        } else if line.starts_with("stack backtrace:") {
            self.shown = 0;
        }
        if self.shown > 0 || SHOWN.iter().any(|known| line.starts_with(known)) {
            println!("{line}");
        }
        self.shown = self.shown.saturating_sub(1);
    }

    fn line(&self) -> String {
        let (before, after) = self.corpus;
        let mut line = format!(
            "{:24} {:>10} {:>8} {:>8} {:>6} {:>6}  {}",
            self.name,
            self.executions,
            self.rate,
            self.coverage,
            before,
            after,
            if self.found { "found" } else { "-" }
        );
        for path in &self.artifacts {
            let _ = write!(line, " {path}");
        }
        line
    }
}

/// A line for each target.
pub fn table(outcomes: &[Outcome]) -> String {
    let head = format!(
        "{:24} {:>10} {:>8} {:>8} {:>6} {:>6}  found",
        "target", "executions", "a second", "places", "kept", "now"
    );
    outcomes.iter().fold(head, |table, outcome| format!("{table}\n{}", outcome.line()))
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn a_run_says_what_came_of_it() {
        let mut outcome = Outcome::default();
        for line in [
            "#1024\tpulse  cov: 812 ft: 900 corp: 12/1kb lim: 4 exec/s: 512 rss: 60Mb",
            "Done 2048 runs in 3 second(s)",
            "stat::number_of_executed_units: 2048",
            "stat::average_exec_per_sec:     682",
        ] {
            outcome.take(line);
        }
        let expected = Outcome { executions: 2048, rate: 682, coverage: 812, ..Outcome::default() };
        assert_eq!(outcome, expected);
        outcome.take("artifact_prefix='a/'; Test unit written to a/crash-0123");
        assert_eq!(outcome.artifacts, ["a/crash-0123"]);
    }
}
