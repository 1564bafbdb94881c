//! `coverage`: which code the tests run, by `cargo llvm-cov`: a line for each part of the project, and the files of which least is run.

use std::cmp::Reverse;
use std::env;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::chore::Failure;
use crate::tree::Tree;

const HINT: &str = "`cargo install --locked cargo-llvm-cov` and `rustup component add llvm-tools` add what it needs";
/// Whose tests are run.
const TESTS: &[&str] = &[
    "--no-report",
    "--package",
    "vmspec-runtime",
    "--package",
    "vmspec-codegen",
    "--package",
    "vmspec",
    "--package",
    "vmspec-generated-tests",
    "--lib",
    "--tests",
];
/// What emits code is run by no test, but whenever something is generated.
const GENERATE: &[&str] = &["run", "--no-report", "--package", "xtask", "--", "generate", "--check"];
/// Parts of the project; the first whose folder a file is in has it.
const PARTS: &[(&str, &str)] = &[
    ("runtime", "runtime/src/"),
    ("codegen", "codegen/src/"),
    ("generated formats", "specs/src/generated/"),
    ("generated features", "generated-tests/src/features/"),
    ("formats by hand", "specs/src/"),
];
/// The parts that nobody wrote by hand.
const GENERATED: &[&str] = &["specs/src/generated/", "generated-tests/src/features/"];
/// So many files are named.
const FEW: usize = 25;

/// How much of something there is, and how much of that was not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    all: u64,
    missed: u64,
}

/// One file.
#[derive(Debug, PartialEq, Eq)]
struct File {
    name: String,
    regions: Share,
    lines: Share,
}

/// Runs the tests and says so. What emits code is run by the chore that looks whether generated files are fresh.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    if !is_installed() {
        println!("skipped: there is no cargo-llvm-cov that works; {HINT}");
        return Ok(());
    }
    told(tree, &["clean", "--workspace", "--profraw-only"], Stdio::inherit())?;
    told(tree, TESTS, Stdio::inherit())?;
    told(tree, GENERATE, Stdio::inherit())?;
    let table = told(tree, &["report", "--summary-only"], Stdio::piped())?;
    let files: Vec<File> = table.lines().filter_map(file).collect();
    if files.is_empty() {
        return Err(Failure("cargo llvm-cov tells of no file".to_owned()));
    }
    print!("{}", summary(&files));
    Ok(())
}

fn llvm_cov(words: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg("llvm-cov").args(words);
    command
}

fn is_installed() -> bool {
    let quiet = |words: &[&str]| llvm_cov(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    // Without the tools of LLVM it would ask whether to install them.
    quiet(&["show-env"]).is_ok_and(|status| status.success())
}

fn told(tree: &Tree, words: &[&str], to: Stdio) -> Result<String, Failure> {
    let shown = format!("cargo llvm-cov {}", words.join(" "));
    let mut command = llvm_cov(words);
    command.current_dir(tree.path("")).stdout(to).stderr(Stdio::inherit());
    let child = command.spawn().map_err(|e| Failure(format!("{shown}: {e}")))?;
    let output = child.wait_with_output().map_err(|e| Failure(format!("{shown}: {e}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure(format!("{shown}: {}", output.status)))
}

/// A line of the table: the name; regions, those missed and their share; the same of functions; the same of lines; of branches.
fn file(line: &str) -> Option<File> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| words.get(at)?.parse::<u64>().ok();
    let share = |at: usize| Some(Share { all: number(at)?, missed: number(at.saturating_add(1))? });
    let name = words.first().filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "rs"))?;
    Some(File { name: (*name).to_owned(), regions: share(1)?, lines: share(7)? })
}

fn summary(files: &[File]) -> String {
    let mut text = format!("{:24} {:>8} {:>8}\n", "", "lines", "regions");
    for (name, folder) in PARTS {
        let of: Vec<&File> = files.iter().filter(|file| part(&file.name) == Some(folder)).collect();
        let lines = of.iter().map(|file| file.lines).fold(Share::default(), Share::and);
        let regions = of.iter().map(|file| file.regions).fold(Share::default(), Share::and);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:24} {:>8} {:>8}", lines.shown(), regions.shown());
    }
    text + &least(files)
}

/// The files by hand of which most lines are not run.
fn least(files: &[File]) -> String {
    let by_hand = |file: &&File| part(&file.name).is_some_and(|folder| !GENERATED.contains(&folder));
    let mut files: Vec<&File> = files.iter().filter(by_hand).filter(|file| file.lines.missed > 0).collect();
    files.sort_by_key(|file| (Reverse(file.lines.missed), &file.name));
    let lines = files.into_iter().take(FEW).map(|file| {
        let (missed, run) = (file.lines.missed, file.lines.shown());
        format!("{missed:>6} {run:>8}  {}\n", file.name)
    });
    format!("\nof code by hand, lines that are not run and the share of those that are:\n{}", lines.collect::<String>())
}

/// The folder of the part that a file is in.
fn part(name: &str) -> Option<&'static str> {
    PARTS.iter().map(|(_, folder)| *folder).find(|folder| name.contains(folder))
}

impl Share {
    const fn and(self, other: Self) -> Self {
        Self { all: self.all.saturating_add(other.all), missed: self.missed.saturating_add(other.missed) }
    }

    /// In tenths of a percent, rounded down: what is not run at all must not look as if it were.
    fn shown(self) -> String {
        let run = self.all.saturating_sub(self.missed).saturating_mul(1000).checked_div(self.all).unwrap_or(0);
        format!("{}.{}%", run / 10, run % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::{File, Share, file, part, summary};

    const LINE: &str = "runtime/src/a.rs   200   50   75.00%   9   1   88.89%   1000   1   99.90%   0   0   -";

    #[test]
    fn a_line_of_the_table_is_a_file() {
        let (regions, lines) = (Share { all: 200, missed: 50 }, Share { all: 1000, missed: 1 });
        assert_eq!(file(LINE), Some(File { name: "runtime/src/a.rs".to_owned(), regions, lines }));
        assert_eq!((file("TOTAL 1 2 3% 4 5 6% 7 8 9%"), file("---"), file("Filename.rs Regions")), (None, None, None));
    }

    #[test]
    fn what_is_not_run_is_told() {
        let files: Vec<File> =
            [LINE, &LINE.replace("runtime/src/a", "x/specs/src/generated/b")].into_iter().filter_map(file).collect();
        let told = summary(&files);
        assert!(told.lines().any(|line| line.split_whitespace().eq(["runtime", "99.9%", "75.0%"])), "{told}");
        assert!(told.lines().any(|line| line.split_whitespace().eq(["1", "99.9%", "runtime/src/a.rs"])), "{told}");
        assert!(!told.contains("b.rs"), "{told}");
        assert_eq!(part("x/specs/src/generated/b.rs"), Some("specs/src/generated/"));
    }
}
