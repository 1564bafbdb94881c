//! The steps of a page of the book, done in a fresh folder as somebody does who pastes them: files are written, commands run, and what
//! these print is held against the page.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::chore::Failure;
use crate::docs::blocks::{Block, blocks};
use crate::tree::Tree;

const PAGE: &str = "docs/src/getting-started.md";
/// What the page calls the project's folder, as seen from a crate beside it.
const BESIDE: &str = "../vmspec/";
/// Takes minutes; instead the program that the tests have built is run.
const NOT_RUN: &str = "cargo install --path ../vmspec/codegen/cli";
const LOCK: &str = "Cargo.lock";

/// A fresh folder, and where in it the page has come to.
struct Steps<'t> {
    tree: &'t Tree,
    /// Where cargo builds.
    target: &'t Path,
    /// Where the program `vmspec` is.
    programs: PathBuf,
    here: PathBuf,
}

/// Does all that the page says.
pub fn run(tree: &Tree, target: &Path) -> Result<(), Failure> {
    let page = tree.path(PAGE);
    let text = fs::read_to_string(&page).map_err(|e| Failure::at(&page, e))?;
    let fresh = env::temp_dir().join(format!("vmspec-{}", std::process::id()));
    fs::create_dir(&fresh).map_err(|e| Failure::at(&fresh, e))?;
    let done = all(tree, target, &fresh, &text);
    fs::remove_dir_all(&fresh).map_err(|e| Failure::at(&fresh, e))?;
    done
}

fn all(tree: &Tree, target: &Path, fresh: &Path, text: &str) -> Result<(), Failure> {
    let mut steps = Steps { tree, target, programs: program(tree)?, here: fresh.to_owned() };
    for block in blocks(Path::new(PAGE), text) {
        steps.step(&block).map_err(|Failure(why)| Failure(format!("{}: {why}", block.place())))?;
    }
    Ok(())
}

/// The folder of the program, which is built where the tests have not done so: they build it with features of their own.
fn program(tree: &Tree) -> Result<PathBuf, Failure> {
    let given = env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree.path("target"), PathBuf::from);
    let folder = std::path::absolute(given.join("debug")).map_err(|e| Failure::at(Path::new("target"), e))?;
    if !folder.join(vmspec()).is_file() {
        crate::ci::cargo(tree, &["build", "--quiet", "--package", "vmspec-cli"])?;
    }
    Ok(folder)
}

/// The file of the program.
fn vmspec() -> String {
    format!("vmspec{}", env::consts::EXE_SUFFIX)
}

impl Steps<'_> {
    fn step(&mut self, block: &Block<'_>) -> Result<(), Failure> {
        match (block.language(), block.file()) {
            ("console", _) => self.commands(&block.text),
            ("diff", Some(file)) => self.change(file, |old| changed(old, &block.text)),
            (_, Some(file)) if block.has("append") => self.change(file, |old| Some(format!("{old}{}", block.text))),
            (_, Some(file)) => self.write(file, &block.text),
            _ => Ok(()),
        }
    }

    fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.here.join(file);
        let root = self.tree.path("");
        let root = root.canonicalize().map_err(|e| Failure::at(&root, e))?;
        let text = text.replace(BESIDE, &format!("{}/", root.display()));
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&path, text)).map_err(|e| Failure::at(&path, e))
    }

    fn change(&self, file: &str, change: impl FnOnce(&str) -> Option<String>) -> Result<(), Failure> {
        let path = self.here.join(file);
        let old = fs::read_to_string(&path).map_err(|e| Failure::at(&path, e))?;
        let Some(new) = change(&old) else { return Err(Failure(format!("{file} has no such lines"))) };
        self.write(file, &new)
    }

    /// The commands of a block, each with what it prints below.
    fn commands(&mut self, text: &str) -> Result<(), Failure> {
        for command in format!("\n{text}").split("\n$ ").skip(1) {
            let (line, expected) = command.split_once('\n').unwrap_or((command, ""));
            println!("{line}");
            let printed = self.command(line)?;
            if printed.trim_end() != expected.trim_end() {
                return Err(Failure(format!("`{line}` prints\n{printed}\nand not\n{expected}")));
            }
        }
        Ok(())
    }

    /// Runs a command; what it prints on standard output.
    fn command(&mut self, line: &str) -> Result<String, Failure> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            _ if line == NOT_RUN => Ok(String::new()),
            ["cd", folder] => {
                let there = self.here.join(folder);
                self.here = there.canonicalize().map_err(|e| Failure::at(&there, e))?;
                Ok(String::new())
            }
            ["cargo", words @ ..] => {
                let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
                let printed = self.printed(Command::new(program).args(words))?;
                if let ["new", name] = words {
                    self.lock(name)?;
                }
                Ok(printed)
            }
            ["vmspec", words @ ..] => self.printed(Command::new(self.programs.join(vmspec())).args(words)),
            _ => Err(Failure(format!("nobody knows how to run `{line}`"))),
        }
    }

    /// A crate with the versions that are used everywhere in the project.
    fn lock(&self, name: &str) -> Result<(), Failure> {
        let lock = self.here.join(name).join(LOCK);
        fs::copy(self.tree.path(LOCK), &lock).map(drop).map_err(|e| Failure::at(&lock, e))
    }

    fn printed(&self, command: &mut Command) -> Result<String, Failure> {
        super::set(command, self.target).current_dir(&self.here);
        let Output { status, stdout, stderr } = command.output().map_err(|e| Failure(format!("{command:?}: {e}")))?;
        if !status.success() {
            return Err(Failure(format!("{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr))));
        }
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    }
}

/// A text with a change made to it: the lines that it had are there once.
fn changed(text: &str, change: &str) -> Option<String> {
    let without = |mark: char| {
        let kept = change.lines().filter(move |line| !line.starts_with(mark));
        kept.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect::<Vec<_>>().concat()
    };
    let (old, new) = (without('+'), without('-'));
    (text.matches(&old).count() == 1).then(|| text.replacen(&old, &new, 1))
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn a_change_is_made_once() {
        assert_eq!(changed("a\nb\nc\n", " a\n-b\n+d\n").as_deref(), Some("a\nd\nc\n"));
        assert_eq!(changed("a\nb\na\nb\n", " a\n-b\n"), None);
        assert_eq!(changed("a\n", "-b\n+c\n"), None);
    }
}
