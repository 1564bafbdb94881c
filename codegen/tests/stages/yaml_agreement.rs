//! What is accepted means the same to the reference reader of YAML: the same tree, with the same texts.
#![allow(clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::string_slice)]

use serde_yaml::Value;
use std::fs;
use std::path::{Path, PathBuf};
use vmspec_codegen::diagnostic::Diagnostics;
use vmspec_codegen::source::Sources;
use vmspec_codegen::syntax::yaml::{Kind, Node, parse};

/// A folder beside the checkout; where it is missing the tests that need it say so.
const DRAFTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/design/drafts");

/// Pieces of YAML with every style of scalar, list and mapping.
const SNIPPETS: &[&str] = &[
    "a",
    "'a'",
    "\"a\\n\\x41\\u00e9\"",
    "a: b",
    "a:",
    "a: ~",
    "- a\n- b",
    "- - a\n  - b\n- c",
    "-\n  a: 1\n  b: 2\n-\n  - x",
    "a: [b, c, {d: e}, [f]]",
    "{a: b, 'c': d, \"e\": f}",
    "{a: , b}",
    "[]",
    "{}",
    "a: {}\nb: []\nc: ''",
    "a: |\n  one\n   two\n\n  three\n",
    "a: |-\n  one\n",
    "a: |+\n  one\n\nb: 1\n",
    "a: >\n  one\n  two\n\n  three\n",
    "a: >-\n  one\n    two\n  three\n",
    "a: one\n  two\n  three",
    "a: 'one\n\n  two'",
    "a: \"one\\\n  two\"",
    "a: it == 1 and b.c != 2",
    "a: x | y << 3",
    "a: 'it''s'",
    "a: b#c\nd: e # f",
    "a: http://x:80/y",
    "[a: b, c: d]",
    "? a\n: b",
    "0x10: 1\n1.5: 2\ntrue: 3",
    "a:\n- b\n- c\nd: e",
    "a: -1\nb: -x\nc: -.5",
    "\u{e9}: \u{4e2d}\u{1f600}",
    "a: yes\nb: 012\nc: 1_000\nd: 2001-01-01",
    "a:   \n  b:   \n    - c  \n",
    "---\na: 1\n...\n",
    "a: 1\r\nb: x\r\n  y\r\n",
    "{a: [\n  1,\n  2,\n]}",
];

/// Our tree, if the text is accepted.
fn ours(text: &str) -> Option<Node> {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add("t.yaml", text);
    parse(file, text, &mut diagnostics).filter(|_| diagnostics.is_empty())
}

/// Whether both are the same but for the types that the reference reader guesses.
fn agrees(ours: &Node, theirs: &Value) -> bool {
    match (&ours.kind, theirs) {
        (Kind::Seq(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        (Kind::Map(a), Value::Mapping(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(&a.0, b.0) && agrees(&a.1, b.1))
        }
        (Kind::Scalar { text, .. }, Value::String(theirs)) => text == theirs,
        (Kind::Scalar { text, plain: true }, Value::Null) => matches!(text.as_str(), "" | "~" | "null"),
        (Kind::Scalar { text, plain: true }, Value::Bool(b)) => *text == b.to_string(),
        (Kind::Scalar { text, plain: true }, Value::Number(_)) => {
            text.starts_with(|c: char| "+-.0123456789".contains(c))
        }
        _ => false,
    }
}

fn check(text: &str, what: &str) {
    let Some(node) = ours(text) else { panic!("not accepted: {what}") };
    match serde_yaml::from_str::<Value>(text) {
        Ok(theirs) => assert!(agrees(&node, &theirs), "{what}\n{node:#?}\n{theirs:#?}"),
        Err(error) => panic!("only we accept it: {what}: {error}"),
    }
}

#[test]
fn snippets_mean_the_same() {
    for text in SNIPPETS {
        check(text, text);
    }
}

#[test]
fn drafts_mean_the_same() {
    let files = [yaml_files(Path::new(DRAFTS)), yaml_files(&Path::new(DRAFTS).join("qevm"))].concat();
    if files.is_empty() {
        eprintln!("{DRAFTS} is absent: skipped");
    }
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        check(&text, &path.display().to_string());
    }
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect()
}

/// Every text that is one change away from a snippet: whatever we accept of these the reference reader reads alike.
#[test]
fn changed_snippets_mean_the_same() {
    const PIECES: &[&str] = &["", " ", "\n", ":", "- ", "#", "'", "\"", "[", "}", ",", "|", "\\", "? ", "\u{e9}"];
    let mut accepted = 0;
    for text in SNIPPETS {
        for at in text.char_indices().map(|(at, _)| at) {
            let behind = at + text[at..].chars().next().map_or(0, char::len_utf8);
            for piece in PIECES {
                // Block scalars that the end of the file cuts off get a line break from one reader only.
                let changed = format!("{}{piece}{}\n", &text[..at], &text[behind..]);
                accepted += usize::from(both_read(&changed));
            }
        }
    }
    assert!(accepted > 1000, "{accepted}");
}

/// Whether both accept the text; it is an error when they read it differently.
fn both_read(text: &str) -> bool {
    let Some((ours, theirs)) = ours(text).zip(serde_yaml::from_str::<Value>(text).ok()) else { return false };
    assert!(agrees(&ours, &theirs), "{text:?}\n{ours:#?}\n{theirs:#?}");
    true
}
