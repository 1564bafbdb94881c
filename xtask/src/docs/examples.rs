//! The code on the pages: specs are compiled, and together they show every key of the language. Of all other code it is known who runs it.

mod keys;
mod specs;

use std::path::Path;

use crate::chore::Failure;

use super::blocks::{Block, blocks};
use super::source::BookSource;

/// The page whose blocks are files and commands, which `downstream` runs in a fresh folder.
pub const STEPS: &str = "getting-started.md";
/// Pages whose Rust is tested by rustdoc: `generated-tests/src/lib.rs` includes them.
const TESTED_RUST: &[&str] = &["index.md", "runtime.md"];
/// Pages that are made, with the code in them.
const MADE: &[&str] = &["diagnostics", "formats"];
/// Blocks that nobody runs: the page, and how they begin.
const NOT_RUN: &[(&str, &str)] = &[
    ("language/externs.md", "impl Externs for Devices {"),
    ("editors.md", "$ vmspec schema "),
    ("editors.md", "# yaml-language-server: "),
    ("editors.md", "- run: "),
];
/// The page of settings of other programs, and what these are written in: only those programs can tell whether they are right.
const SETTINGS: (&str, &[&str]) = ("editors.md", &["json", "lua", "toml", "vim"]);

/// Looks at every block of every page; how many there are.
pub fn check(source: &BookSource) -> Result<usize, Failure> {
    let all: Vec<Block<'_>> = source.pages().flat_map(|(page, text)| blocks(page, text)).collect();
    let mut wrong: Vec<String> = all.iter().filter_map(|block| Some((block, fault(block)?))).map(told).collect();
    let written = all.iter().filter(|block| block.language() == "yaml" && !is_made(&block.page));
    let written = written.map(|block| block.text.as_str());
    wrong.extend(keys::missing(written).into_iter().map(|key| format!("  no example has {key}")));
    if wrong.is_empty() { Ok(all.len()) } else { Err(Failure(format!("code of the book\n{}", wrong.join("\n")))) }
}

fn told((block, why): (&Block<'_>, String)) -> String {
    format!("  {}: {why}", block.place())
}

fn is_made(page: &Path) -> bool {
    MADE.iter().any(|folder| page.starts_with(folder))
}

/// What is wrong with a block.
fn fault(block: &Block<'_>) -> Option<String> {
    let is_on = |page: &&str| block.page == Path::new(page);
    if NOT_RUN.iter().any(|(page, start)| is_on(page) && block.text.starts_with(start)) {
        return None;
    }
    match block.language() {
        "text" | "ebnf" => None,
        // Change and value of an example that is a test elsewhere.
        "diff" | "yaml" if is_made(&block.page) => None,
        "yaml" => specs::fault(&block.text),
        "rust" if block.has("ignore") => Some("not run, and not listed as such".to_owned()),
        "rust" if TESTED_RUST.iter().any(is_on) => None,
        "rust" | "toml" | "diff" if is_on(&STEPS) && block.file().is_some() => None,
        "console" if is_on(&STEPS) => None,
        language if is_on(&SETTINGS.0) && SETTINGS.1.contains(&language) => None,
        other => Some(format!("nobody runs a block in `{other}` on this page")),
    }
}

#[cfg(test)]
mod tests {
    use super::{BookSource, check};

    #[test]
    fn each_block_is_of_a_kind_that_somebody_runs() {
        let page = "```rust,ignore\n```\n```rsut\n```\n```yaml\n- a: u9\n```\n```\n```\n```rust\n```\n";
        let told = check(&BookSource::of(&[("runtime.md", page)])).err().map(|failure| failure.to_string());
        let told = told.unwrap_or_default();
        for what in
            ["runtime.md:1: not run", "runtime.md:3: nobody", "runtime.md:5: \nerror[N001]", "runtime.md:8: nobody"]
        {
            assert!(told.contains(what), "{what}: {told}");
        }
        assert!(!told.contains("runtime.md:10") && told.contains("no example has `spec` of a spec"), "{told}");
    }
}
