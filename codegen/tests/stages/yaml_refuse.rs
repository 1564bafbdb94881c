//! What YAML offers and a spec may not use: each refused at the right place, and all of them in one run.
#![allow(clippy::panic, clippy::indexing_slicing, clippy::format_collect)]

use vmspec_codegen::diagnostic::{Diagnostics, Style};
use vmspec_codegen::source::Sources;
use vmspec_codegen::syntax::yaml::{Kind, Node, parse};

/// What is reported, as `code@line:column`.
fn refused(text: &str) -> Vec<String> {
    let (sources, diagnostics, _) = read(text);
    let place = |d: &&vmspec_codegen::diagnostic::Diagnostic| {
        let (line, column) = sources.line_col(d.primary.span);
        format!("{}@{line}:{column}", d.code.as_str())
    };
    diagnostics.sorted().iter().map(place).collect()
}

fn read(text: &str) -> (Sources, Diagnostics, Option<Node>) {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add("t.yaml", text);
    let node = parse(file, text, &mut diagnostics);
    (sources, diagnostics, node)
}

#[test]
fn nothing_in_the_file() {
    assert_eq!(refused(""), ["Y008@1:1"]);
    assert_eq!(refused("# only a comment\n"), ["Y008@1:1"]);
    assert_eq!(refused("---\n...\n"), ["Y008@1:1"]);
}

#[test]
fn no_yaml() {
    assert_eq!(refused("a: [1, 2\n"), ["Y001@1:4"]);
    assert_eq!(refused("a: 'x\n").len(), 1);
    assert_eq!(refused("a: b: c\n"), ["Y001@1:5"]);
}

#[test]
fn tabs_in_the_indentation() {
    assert_eq!(refused("a:\n\tb: 1\n"), ["Y002@2:1"]);
    assert_eq!(refused("a:\n  b: 1\n\tc: 2\n"), ["Y002@3:1"]);
    assert!(refused("a: 1\t# a tab between value and comment\n").is_empty());
}

#[test]
fn second_documents_and_directives() {
    assert_eq!(refused("a: 1\n---\nb: 1\n"), ["Y004@2:1"]);
    assert_eq!(refused("%YAML 1.1\n---\na: 1\n"), ["Y015@1:1"]);
    assert!(refused("---\na: 1\n").is_empty());
}

#[test]
fn everything_that_is_not_allowed_is_listed() {
    let text = "a: &x 1\nb: *x\nc: !!str d\n<<: 1\na: 2\n? [e]\n: 1\nf: *missing\n*x : 1\n";
    let expected = ["Y013@1:4", "Y003@2:4", "Y005@3:4", "Y014@4:1", "Y006@5:1", "Y007@6:3", "Y003@8:4", "Y003@9:1"];
    assert_eq!(refused(text), expected);
}

#[test]
fn keys_are_the_same_however_they_are_quoted() {
    assert_eq!(refused("a: 1\n'a': 2\n\"\\x61\": 3\n"), ["Y006@2:1", "Y006@3:1"]);
}

#[test]
fn a_duplicate_key_shows_both_places() {
    let (sources, diagnostics, _) = read("a: 1\nb: 1\na: 2\n");
    let text = diagnostics.render(&sources, Style::Plain);
    assert!(text.contains("given again") && text.contains("first given here"), "{text}");
}

#[test]
fn control_and_invisible_characters() {
    assert_eq!(refused("a: x\u{7}y\n")[0], "Y011@1:5");
    assert_eq!(refused("# \u{202e} \u{200b} \u{2066}\na: 1\n"), ["Y012@1:3", "Y012@1:5", "Y012@1:7"]);
    assert_eq!(refused("a: x\u{feff}\n")[0], "Y012@1:5");
    assert_eq!(refused("a: 1\rb: 2\n")[0], "Y011@1:5");
    assert!(refused("\u{feff}a: 1\r\nb: \"\\0 \\u202e\"\r\n").is_empty());
}

#[test]
fn nested_32_levels_and_no_further() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(refused(&nested(32)).is_empty());
    assert_eq!(refused(&nested(33)), ["Y009@1:33"]);
    let blocks: String = (0..33).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(refused(&blocks), ["Y009@33:33"]);
}

#[test]
fn places_are_those_of_the_file() {
    let text =
        "\u{feff}# \u{fc}\nkey: 'it''s'\nlist:\n  - a b   # comment\n  - {x: [1, 2]}\n\n# end\nlast: |\n  text\n\n";
    let (sources, diagnostics, node) = read(text);
    assert!(diagnostics.is_empty());
    let mut seen = Vec::new();
    collect(&node.unwrap_or_else(|| panic!("a tree")), &sources, &mut seen);
    let list = "- a b   # comment\n  - {x: [1, 2]}";
    let expected = ["key", "'it''s'", "list", list, "a b", "{x: [1, 2]}", "x", "[1, 2]", "1", "2", "last", "text"];
    assert_eq!(seen[1..], expected);
}

/// The text of every node, outer ones first.
fn collect(node: &Node, sources: &Sources, out: &mut Vec<String>) {
    out.push(sources.text(node.span).to_owned());
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::Seq(items) => items.iter().for_each(|item| collect(item, sources, out)),
        Kind::Map(entries) => entries.iter().for_each(|(key, value)| {
            collect(key, sources, out);
            collect(value, sources, out);
        }),
    }
}
