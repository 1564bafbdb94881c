//! Files made to exhaust a reader of YAML take little time, little memory and no deep stack, their report included.
#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::format_collect,
    clippy::format_push_string
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use vmspec_codegen::diagnostic::{Code, Diagnostics, Style};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::load;

const MEGABYTE: usize = 1 << 20;

/// Debug builds on busy machines are slow; what this is to find out takes minutes, or ends in an abort.
const LIMIT: Duration = Duration::from_secs(30);

fn refused(text: String) -> Diagnostics {
    let start = Instant::now();
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let texts = BTreeMap::from([("bad.yaml".to_owned(), text)]);
    load(&Source::memory("bad.yaml", texts), &mut sources, &mut diagnostics);
    let report = diagnostics.render(&sources, Style::Plain);
    assert!(report.len() < 4 * MEGABYTE, "a report of {} bytes", report.len());
    assert!(diagnostics.len() <= Diagnostics::MAX);
    assert!(start.elapsed() < LIMIT, "it took {:?}", start.elapsed());
    diagnostics
}

fn codes(diagnostics: &Diagnostics) -> Vec<Code> {
    let mut codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    codes.dedup();
    codes
}

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

#[test]
fn a_megabyte_of_opening_brackets() {
    assert_eq!(codes(&refused(repeated("[", MEGABYTE))), [Code::TooDeep]);
}

#[test]
fn a_megabyte_of_mappings_in_mappings() {
    assert_eq!(codes(&refused(repeated("{a: ", MEGABYTE))), [Code::TooDeep]);
}

#[test]
fn a_megabyte_of_question_marks() {
    assert_eq!(codes(&refused(repeated("? ", MEGABYTE))), [Code::TooDeep]);
}

#[test]
fn a_megabyte_of_dashes() {
    assert_eq!(codes(&refused(repeated("- ", MEGABYTE))), [Code::TooDeep]);
    assert_eq!(codes(&refused(format!("a:\n  {}", repeated("- ", MEGABYTE)))), [Code::TooDeep]);
}

#[test]
fn an_alias_bomb_is_listed_and_not_followed() {
    let bomb = format!("a: &a [{}]\nb: [{}]\n", repeated("x,", 23_000), repeated("*a,", 23_000));
    let found = refused(bomb);
    assert!(found.iter().any(|d| d.code == Code::Anchor));
    assert!(found.iter().any(|d| d.code == Code::Alias));
    assert!(found.left_out() > 7000);
}

#[test]
fn aliases_of_aliases() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 1..10 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(",");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    assert!(refused(bomb).iter().any(|d| d.code == Code::Alias));
}

#[test]
fn an_alias_of_itself() {
    assert!(refused("spec: &a [*a]\n".to_owned()).iter().any(|d| d.code == Code::Alias));
}

#[test]
fn over_200_000_values() {
    assert_eq!(codes(&refused(repeated("- a\n", 4 * 200_001))), [Code::TooManyNodes]);
}

#[test]
fn one_hundred_thousand_unknown_keys() {
    let keys: String = (0..90_000).map(|n| format!("k{n}: 1\n")).collect();
    assert!(refused(keys).left_out() > 80_000);
}

#[test]
fn one_key_many_times() {
    let found = refused(format!("{{{}}}", repeated("a: 1, ", MEGABYTE / 2)));
    assert_eq!(codes(&found), [Code::DuplicateKey]);
}

#[test]
fn a_megabyte_of_control_characters() {
    assert_eq!(codes(&refused(repeated("\u{1}", MEGABYTE)))[0], Code::ControlCharacter);
}

#[test]
fn a_line_of_megabytes() {
    assert_eq!(codes(&refused(format!("spec: {}", repeated("a", 3 * MEGABYTE)))), [Code::BadInteger]);
}

#[test]
fn expressions_in_thousands_of_brackets() {
    for piece in ["(", "not ", "-", "~", "if ", "f(", "a.b("] {
        let consts: String = (0..200).map(|n| format!("  c{n}: {}a\n", repeated(piece, 4000))).collect();
        assert_eq!(codes(&refused(format!("spec: 1\nconsts:\n{consts}"))), [Code::NestedTooDeep], "{piece}");
    }
}

#[test]
fn expressions_that_are_long_chains() {
    for piece in ["a+", "a or ", "a."] {
        let consts: String = (0..200).map(|n| format!("  c{n}: {}a\n", repeated(piece, 4000))).collect();
        assert_eq!(codes(&refused(format!("spec: 1\nconsts:\n{consts}"))), [Code::NestedTooDeep], "{piece}");
    }
    let long = format!("spec: 1\nconsts:\n  c: {}\n", repeated("a", 5000));
    assert_eq!(codes(&refused(long)), [Code::TooLong]);
}

#[test]
fn groups_in_groups_as_deep_as_allowed() {
    let (open, close) = ("[{a: {fields: ".repeat(9), "}}]".repeat(9));
    let text = format!("spec: 1\ntypes: {{t: {{fields: {open}[{{a: u8}}]{close}}}}}\n");
    assert_eq!(codes(&refused(text)), []);
}
