//! Diagnostics as people and editors see them.
#![allow(clippy::panic, clippy::indexing_slicing, clippy::string_slice, clippy::arithmetic_side_effects)]

use vmspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics, Style, excerpt, printable};
use vmspec_codegen::source::{FileId, Source, Sources, Span};

fn two_files() -> (Sources, FileId, FileId) {
    let mut sources = Sources::new();
    let first = sources.add("a.yaml", "one: 1\ntwo: 2\n\u{fc}ber: 3\n");
    let second = sources.add("b.yaml", "x: y");
    (sources, first, second)
}

#[test]
fn caret_code_labels_and_hint() {
    let (sources, first, second) = two_files();
    let mut diagnostics = Diagnostics::new();
    let diagnostic = Diagnostic::new(Code::DuplicateKey, "message", Span::new(first, 7..10), "label");
    diagnostics
        .push(diagnostic.also(Span::new(first, 0..3), "other").also(Span::new(second, 3..4), "far").hint("do this"));
    let expected = "\
error[Y006]: message
 --> a.yaml:2:1
  |
1 | one: 1
  | --- other
2 | two: 2
  | ^^^ label
  |
 ::: b.yaml:1:4
  |
1 | x: y
  |    - far
  |
  = help: do this

1 error
";
    assert_eq!(diagnostics.render(&sources, Style::Plain), expected);
    assert_eq!(diagnostics.render_short(&sources), "a.yaml:2:1: error[Y006]: message (do this)\n");
    let colored = diagnostics.render(&sources, Style::Color);
    assert!(colored.contains("\u{1b}[") && !expected.contains('\u{1b}'));
}

#[test]
fn by_file_and_place_whatever_came_first() {
    let (sources, first, second) = two_files();
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(Diagnostic::new(Code::NotYaml, "third", Span::new(second, 0..1), ""));
    diagnostics.push(Diagnostic::new(Code::NotYaml, "second", Span::new(first, 14..19), ""));
    diagnostics.push(Diagnostic::new(Code::NotYaml, "first", Span::new(first, 0..1), ""));
    diagnostics.push(Diagnostic::new(Code::NotYaml, "again", Span::new(first, 0..1), ""));
    let lines = diagnostics.render_short(&sources);
    let expected =
        ["a.yaml:1:1: error[Y001]: first", "a.yaml:3:1: error[Y001]: second", "b.yaml:1:1: error[Y001]: third"];
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    assert!(diagnostics.render(&sources, Style::Plain).ends_with("\n3 errors\n"));
}

#[test]
fn not_more_than_people_can_read() {
    let mut sources = Sources::new();
    let file = sources.add("a.yaml", "x".repeat(200));
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend((0..150).map(|at| Diagnostic::new(Code::NotYaml, "m", Span::new(file, at..at + 1), "l")));
    assert_eq!((diagnostics.len(), diagnostics.left_out(), diagnostics.is_full()), (100, 50, true));
    assert!(diagnostics.render(&sources, Style::Plain).ends_with("150 errors, 50 of them not shown\n"));
}

#[test]
fn nothing_wrong_says_nothing() {
    assert_eq!(Diagnostics::new().render(&Sources::new(), Style::Plain), "");
}

#[test]
fn no_character_of_a_spec_reaches_a_terminal_raw() {
    let text = "a: \u{1b}[2J\u{202e}\u{200b}\u{85}\rb\u{feff}\u{e0041}\n";
    let mut sources = Sources::new();
    let file = sources.add("\u{1b}]0;x\u{7}.yaml", text);
    let mut diagnostics = Diagnostics::new();
    let diagnostic = Diagnostic::new(Code::NotYaml, text, Span::new(file, 0..text.len()), text).hint(text);
    diagnostics.push(diagnostic.also(Span::new(file, 3..4), text));
    let shown = [diagnostics.render(&sources, Style::Plain), diagnostics.render_short(&sources)].concat();
    let harmful = |c: &char| (c.is_control() && *c != '\n') || "\u{202e}\u{200b}\u{feff}\u{e0041}".contains(*c);
    assert_eq!(shown.chars().find(harmful), None, "{shown:?}");
    assert!(shown.contains("\\u{1b}[2J\\u{202e}"), "{shown}");
}

#[test]
fn places_at_every_end_of_a_file_can_be_shown() {
    for text in ["", "a", "a\n", "\n\n", "a\r\nb\r\n", "\u{1f600}\u{301}", "\t\ta\n", "a\n\u{fc}"] {
        let mut sources = Sources::new();
        let file = sources.add("a.yaml", text);
        for start in 0..=text.len() {
            for end in start..=text.len() {
                if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                    continue;
                }
                let mut diagnostics = Diagnostics::new();
                diagnostics.push(Diagnostic::new(Code::NotYaml, "m", Span::new(file, start..end), "here"));
                let shown = diagnostics.render(&sources, Style::Plain);
                assert!(shown.contains("a.yaml:"), "{text:?} {start}..{end}: {shown}");
            }
        }
    }
}

#[test]
fn far_places_are_shown_without_what_lies_between() {
    let text = format!("a: 1\n{}a: 2\n", "b: 1\n".repeat(10_000));
    let mut sources = Sources::new();
    let file = sources.add("a.yaml", text.clone());
    let mut diagnostics = Diagnostics::new();
    let end = text.len();
    let diagnostic = Diagnostic::new(Code::DuplicateKey, "m", Span::new(file, end - 5..end - 4), "given again");
    diagnostics.push(diagnostic.also(Span::new(file, 0..1), "first given here"));
    let shown = diagnostics.render(&sources, Style::Plain);
    assert!(
        shown.contains("a.yaml:10002:1") && shown.contains("given again") && shown.contains("first given here"),
        "{shown}"
    );
    assert!(shown.lines().count() < 20, "{shown}");
}

#[test]
fn codes_are_unique_and_explained() {
    let mut seen = std::collections::BTreeSet::new();
    for code in Code::ALL {
        let text = code.as_str();
        assert!(seen.insert(text), "{text} twice");
        assert!(text.len() == 4 && text.starts_with(|c: char| c.is_ascii_uppercase()), "{text}");
        assert!(text[1..].bytes().all(|b| b.is_ascii_digit()), "{text}");
        assert!(!code.title().is_empty() && !code.title().ends_with('.'), "{text}");
        assert!(code.explain().ends_with('.'), "{text}");
    }
}

#[test]
fn pieces_of_a_spec_in_messages_are_cut() {
    assert_eq!(excerpt("a\tb"), "a\\tb");
    assert_eq!(excerpt(&"x".repeat(100)).len(), 63);
    assert_eq!(printable("\u{ad}\u{2028}"), "\\u{ad}\\u{2028}");
}

#[test]
fn lines_and_columns_count_from_one() {
    let (sources, first, _) = two_files();
    assert_eq!(sources.line_col(Span::new(first, 0..0)), (1, 1));
    assert_eq!(sources.line_col(Span::new(first, 6..7)), (1, 7));
    assert_eq!(sources.line_col(Span::new(first, 7..8)), (2, 1));
    assert_eq!(sources.line_col(Span::new(first, 16..17)), (3, 2));
    assert_eq!(sources.line_col(Span::new(first, 999..999)), (4, 1));
    assert_eq!(sources.text(Span::new(first, 14..19)), "\u{fc}ber");
    assert_eq!(Source::MAX_BYTES, 4 * 1024 * 1024);
}
