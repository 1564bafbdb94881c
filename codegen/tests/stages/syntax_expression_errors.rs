//! Everything that can be wrong with an expression or a type: the code, the column, and what people are told to write.
#![allow(clippy::panic, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use vmspec_codegen::diagnostic::{Diagnostic, Diagnostics};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::{Place, load, parse_expr, parse_type};

/// Text, code, column counted from 1, a part of the hint.
type Expected = (&'static str, &'static str, usize, &'static str);

const EXPRESSIONS: &[Expected] = &[
    ("", "X015", 1, ""),
    ("   ", "X015", 1, ""),
    ("a ; b", "X001", 3, ""),
    ("a == \u{e4}", "X001", 6, "ASCII"),
    ("a == \"x\"", "X001", 6, "single quotes"),
    ("a = b", "X002", 3, "`==`"),
    ("a === b", "X002", 5, "`==`"),
    ("a && b", "X002", 3, "`and`"),
    ("a || b", "X002", 3, "`or`"),
    ("!a", "X002", 1, "`not`"),
    ("f(a, b)", "X003", 4, "one argument"),
    ("a ? b : c", "X003", 3, "if c then a else b"),
    ("a[1]", "X003", 2, "first("),
    ("{a}", "X003", 1, ""),
    ("a + 1.5", "X004", 5, "whole"),
    ("1_000", "X004", 1, "no `_`"),
    ("10k", "X004", 1, "capital"),
    ("2 * 10KiB", "X004", 5, "capital"),
    ("0x", "X004", 1, "hex digits"),
    ("0x1G", "X004", 1, "hex digits"),
    ("12ab", "X004", 1, ""),
    ("1x2", "X004", 1, "start with a digit"),
    ("a < 18446744073709551616", "X005", 5, "18446744073709551615"),
    ("0x10000000000000000", "X005", 1, "18446744073709551615"),
    ("16777216T", "X005", 1, "18446744073709551615"),
    ("it == 'x", "X006", 7, "single quotes"),
    ("'x' == it", "X007", 1, "on the right"),
    ("a < b < c", "X008", 7, "a < b and b < c"),
    ("a == b != c", "X008", 8, ""),
    ("a in b in c", "X008", 8, ""),
    ("x and a < b <= c", "X008", 13, ""),
    ("a +", "X010", 4, ""),
    ("a and", "X010", 6, ""),
    ("f(", "X010", 3, ""),
    ("a.", "X010", 3, ""),
    ("if a then b", "X010", 12, ""),
    ("a in 1..", "X010", 9, ""),
    ("a + * b", "X011", 5, ""),
    ("a or or b", "X011", 6, ""),
    ("f()", "X011", 3, ""),
    ("()", "X011", 2, ""),
    ("a.1", "X011", 3, ""),
    ("a.in", "X011", 3, ""),
    ("if a b", "X011", 6, ""),
    ("(a b)", "X011", 4, ""),
    ("f(this except 3)", "X011", 15, ""),
    ("then", "X011", 1, ""),
    ("a b", "X012", 3, "operator"),
    ("a)", "X012", 2, "no `(`"),
    ("a..b", "X012", 2, "`in`"),
    ("a where b", "X012", 3, "function"),
    ("a else b", "X012", 3, "`if`"),
    ("a.b(c)(d)", "X012", 7, "one name"),
    ("(a + b", "X013", 1, "`)`"),
    ("f(a where b", "X013", 2, "`)`"),
    ("a.b(c", "X013", 4, "`)`"),
    ("x == guid(1", "X013", 11, ""),
    ("x == guid(12-34)", "X014", 11, "8, 4, 4, 4 and 12"),
    ("guid(0000000g-0000-0000-0000-000000000000)", "X014", 6, ""),
    ("1 + if a then b else c", "X017", 5, "(if c then a else b)"),
    ("a == not b", "X017", 6, "(not c)"),
];

const TYPES: &[Expected] = &[
    ("u32[4]", "X018", 4, "count"),
    ("bytes 16", "X018", 7, "one argument"),
    ("16", "X018", 1, ""),
    ("a.b", "X018", 2, ""),
    ("bytes(16) x", "X018", 11, ""),
    ("bytes(", "X010", 7, ""),
    ("bytes()", "X011", 7, ""),
    ("bytes(16", "X013", 6, ""),
    ("bytes(a = b)", "X002", 9, "`==`"),
];

fn check(found: Result<(), Diagnostic>, expected: &Expected) {
    let (text, code, column, hint) = *expected;
    let Err(error) = found else { panic!("{text}: no error") };
    let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(column - 1);
    assert_eq!((error.code.as_str(), Some(error.primary.span.range().start)), (code, at), "{text}: {error:?}");
    assert!(error.hint.clone().unwrap_or_default().contains(hint), "{text}: {:?}", error.hint);
}

#[test]
fn expressions() {
    for expected in EXPRESSIONS {
        let file = Sources::new().add("t.yaml", expected.0);
        check(parse_expr(expected.0, &Place::whole(file, expected.0)).map(|_| ()), expected);
    }
}

#[test]
fn types() {
    for expected in TYPES {
        let file = Sources::new().add("t.yaml", expected.0);
        check(parse_type(expected.0, &Place::whole(file, expected.0)).map(|_| ()), expected);
    }
}

#[test]
fn nesting_and_length() {
    let file = Sources::new().add("t.yaml", "");
    let codes = |text: String| parse_expr(&text, &Place::whole(file, &text)).map_err(|error| error.code.as_str()).err();
    let brackets = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(codes(brackets(63)), None);
    assert_eq!(codes(brackets(64)), Some("X009"));
    assert_eq!(codes(format!("a{}", " + a".repeat(63))), None);
    assert_eq!(codes(format!("a{}", " + a".repeat(64))), Some("X009"));
    assert_eq!(codes("a".repeat(4096)), None);
    assert_eq!(codes("a".repeat(4097)), Some("X016"));
}

/// One that ends too deep ends at its place: a caret behind the text points at another line.
#[test]
fn what_is_too_deep_lies_in_the_text() {
    for text in ["-".repeat(65), format!("{} ", "(".repeat(65)), format!("{}\u{e9}", "~".repeat(65))] {
        let file = Sources::new().add("t.yaml", &*text);
        let place = parse_expr(&text, &Place::whole(file, &text)).err().map(|error| error.primary.span.range());
        assert!(place.as_ref().is_some_and(|place| text.get(place.clone()).is_some()), "{place:?}");
    }
}

/// The place at which the bad `=` of an expression is reported.
fn place_in(yaml: &str) -> String {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let texts = BTreeMap::from([("t.yaml".to_owned(), format!("spec: 1\nconsts:\n{yaml}"))]);
    load(&Source::memory("t.yaml", texts), &mut sources, &mut diagnostics);
    diagnostics.render_short(&sources).lines().map(|line| line.split(": ").next().unwrap_or("")).collect()
}

#[test]
fn columns_in_scalars_of_every_style() {
    assert_eq!(place_in("  a: x = y\n"), "t.yaml:3:8");
    assert_eq!(place_in("  a:   'x = y'\n"), "t.yaml:3:11");
    assert_eq!(place_in("  a: \"x = y\"\n"), "t.yaml:3:9");
    assert_eq!(place_in("  {\u{e4}: 1, a: x = y}\n").split("t.yaml").last(), Some(":3:15"));
    assert_eq!(place_in("  a:\n    x = y\n"), "t.yaml:4:7");
    // The text is not what the file shows, so all of the scalar is marked.
    assert_eq!(place_in("  a: \"\\x78 = y\"\n"), "t.yaml:3:6");
    assert_eq!(place_in("  a: 'b == ''x'' = y'\n"), "t.yaml:3:6");
    assert_eq!(place_in("  a: x\n    = y\n"), "t.yaml:3:6");
    assert_eq!(place_in("  a: >\n    x = y\n"), "t.yaml:4:5");
}
