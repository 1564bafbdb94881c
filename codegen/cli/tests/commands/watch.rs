//! `vmspec check --watch`: specs that change while it runs.

use crate::harness;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use harness::{Bench, Result};

/// Much longer than it takes anywhere.
const DEADLINE: Duration = Duration::from_mins(1);
/// The last line of every screen, for people and for programs.
const END: &[&str] = &["Checked; waiting for a change.", r#"{"type":"waiting"}"#];

const GOOD: &str = "spec: 1\nformat: {id: seen}\nroot: r\nendian: le\ntypes: {r: {fields: [{x: u8}]}}\n";
const WRONG: &str = "spec: 1\nformat: {id: seen}\nroot: r\nendian: le\ntypes: {r: {fields: [{x: u9}]}}\n";
const USING: &str = "spec: 1\nuse: [parts/part.yaml]\nformat: {id: seen}\nroot: r\nendian: le\n";
const PART: &str = "spec: 1\nendian: le\ntypes: {r: {fields: [{x: u8}]}}\n";

/// The program, watching, and the lines it prints.
struct Watching {
    program: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(bench: &Bench, words: &str) -> Result<Self> {
        let mut command = bench.command();
        command.args(["check", "--watch"]).args(words.split_whitespace());
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let out = program.stdout.take().ok_or("no output")?;
        Ok(Self { program, lines: lines(out) })
    }

    /// All of the next screen.
    fn screen(&self) -> Result<String> {
        let mut screen = String::new();
        loop {
            let line = self.lines.recv_timeout(DEADLINE).map_err(|e| format!("{e} after: {screen}"))?;
            if END.contains(&line.as_str()) {
                return Ok(screen);
            }
            screen.push_str(&line);
            screen.push('\n');
        }
    }

    /// Ends it as Ctrl-C would, and says what was printed since the last screen.
    fn end(mut self) -> Result<Vec<String>> {
        self.program.kill()?;
        self.program.wait()?;
        Ok(self.lines.iter().collect())
    }
}

/// A test that fails leaves no program behind.
impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn lines(out: ChildStdout) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(std::io::Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// As an editor saves: beside it, and then in its place.
fn replace(bench: &Bench, name: &str, text: &str) -> Result {
    bench.file("saved.tmp", text)?;
    Ok(fs::rename(bench.folder().join("saved.tmp"), bench.folder().join(name))?)
}

#[test]
fn every_save_is_checked() -> Result {
    let bench = Bench::new()?;
    bench.file("seen.yaml", GOOD)?;
    let watching = Watching::start(&bench, "seen.yaml")?;
    assert_eq!(watching.screen()?, "seen.yaml: ok (seen)\n");
    bench.file("seen.yaml", WRONG)?;
    // A write in place may be seen when only a part is there.
    let mut wrong = watching.screen()?;
    while !wrong.contains("u9") {
        wrong = watching.screen()?;
    }
    assert!(wrong.contains("seen.yaml:5"), "{wrong}");
    replace(&bench, "seen.yaml", GOOD)?;
    assert_eq!(watching.screen()?, "seen.yaml: ok (seen)\n");
    replace(&bench, "seen.yaml", WRONG)?;
    assert!(watching.screen()?.contains("u9"));
    assert_eq!(watching.end()?, [""; 0]);
    Ok(())
}

#[test]
fn a_used_file_is_watched_also_before_it_is_there() -> Result {
    let bench = Bench::new()?;
    bench.file("seen.yaml", USING)?;
    let watching = Watching::start(&bench, "seen.yaml --message-format short")?;
    assert!(watching.screen()?.contains("`parts/part.yaml` does not exist"));
    fs::create_dir(bench.folder().join("parts"))?;
    replace(&bench, "parts/part.yaml", PART)?;
    assert_eq!(watching.screen()?, "Checking.\nseen.yaml: ok (seen)\n");
    replace(&bench, "parts/part.yaml", &PART.replace("u8", "u9"))?;
    assert!(watching.screen()?.starts_with("Checking.\nparts/part.yaml:3:"));
    watching.end()?;
    Ok(())
}

#[test]
fn what_changes_nothing_prints_nothing() -> Result {
    let bench = Bench::new()?;
    bench.file("seen.yaml", GOOD)?;
    let watching = Watching::start(&bench, "seen.yaml")?;
    watching.screen()?;
    bench.file("other.txt", "no spec")?;
    replace(&bench, "seen.yaml", GOOD)?;
    replace(&bench, "seen.yaml", &GOOD.replace("seen", "next"))?;
    assert_eq!(watching.screen()?, "seen.yaml: ok (next)\n");
    assert_eq!(watching.end()?, [""; 0]);
    Ok(())
}

#[test]
fn a_spec_may_come_later() -> Result {
    let bench = Bench::new()?;
    let watching = Watching::start(&bench, "seen.yaml")?;
    assert_eq!(watching.screen()?, "");
    replace(&bench, "seen.yaml", GOOD)?;
    assert_eq!(watching.screen()?, "seen.yaml: ok (seen)\n");
    watching.end()?;
    Ok(())
}

#[test]
fn programs_are_told_line_by_line() -> Result {
    let bench = Bench::new()?;
    bench.file("seen.yaml", GOOD)?;
    let watching = Watching::start(&bench, "seen.yaml --message-format json")?;
    let good = r#"{"type":"checked","file":"seen.yaml","ok":true,"format":"seen","errors":0,"left_out":0}"#;
    assert_eq!(watching.screen()?, format!("{good}\n"));
    replace(&bench, "seen.yaml", WRONG)?;
    let screen = watching.screen()?;
    let types: Vec<_> = screen.lines().map(|line| line.split(',').next().unwrap_or_default()).collect();
    assert_eq!(types, [r#"{"type":"diagnostic""#, r#"{"type":"checked""#], "{screen}");
    assert_eq!(watching.end()?, [""; 0]);
    Ok(())
}
