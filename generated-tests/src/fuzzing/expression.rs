//! An expression, at any place of a spec that has one: parsed, printed and parsed again it is the same; checked, it is refused with
//! a place or becomes Rust; worked out on any bytes it gives something or says that it cannot.
//!
//! An input is the place, the expression as text up to a NUL, and the bytes.

use std::collections::BTreeMap;
use std::str;

use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::Code;
use vmspec_codegen::interpret::{Start, read};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::expr::Expr;
use vmspec_codegen::syntax::{Place, parse_expr};

use super::printed::printed;
use super::spec::{emitted, is_chosen, refused};

/// Where an expression may stand, each with what it stands for as `EXPR`.
const PLACES: &[(&str, &str)] = &[
    ("if", "- x: {type: u8, if: EXPR}"),
    ("valid", "- x: {type: u32, valid: EXPR}"),
    ("expect", "- x: {type: i16, expect: EXPR}"),
    ("value", "- x: {type: u16, value: EXPR, mismatch: keep}"),
    ("count", "- x: {type: u8, count: EXPR, max_count: 64}"),
    ("size", "- x: {type: bytes(rest), size: EXPR}"),
    ("let", "- x: {let: EXPR}"),
    ("until", "- x: {type: u8, until: EXPR}"),
];

/// A spec with something of every type that expressions know.
const SPEC: &str = "\
spec: 1
format: {id: expression}
endian: be
root: record
consts: {kib: 1K, mask: 0xf0}
enums:
  level: {repr: u8, values: {1: low, 5: middle, 9: high}, groups: {outer: [low, high]}, unknown: keep}
flags:
  abilities: {repr: u8, bits: {0: first, 3: second}, unknown: keep}
types:
  point:
    fields:
      - px: i8
      - py: u16
  record:
    fields:
      - a: u8
      - b: i16
      - wide: u64
      - level: level
      - abilities: abilities
      - flag: bool
      - id: guid
      - name: pstr(u8)
      - n: {type: u8, valid: it < 9}
      - list: {type: u16, count: n}
      - points: {type: point, count: 2}
      - opt: {type: u32, if: flag}
      - at: point
      FIELD
";

/// The target.
pub fn run(data: &[u8]) {
    let Some((place, rest)) = data.split_first() else { return };
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let (text, bytes) = (rest.get(..end).unwrap_or_default(), rest.get(end.saturating_add(1)..).unwrap_or_default());
    let Ok(text) = str::from_utf8(text) else { return };
    let Some(expr) = parsed(text) else { return };
    lies_there(&expr, text);
    again(&expr);
    let place = usize::from(*place).checked_rem(PLACES.len()).and_then(|index| PLACES.get(index));
    if let Some((_, field)) = place {
        checked(field, text, bytes);
    }
}

/// The expression, unless it is refused; then the refusal has a place.
#[track_caller]
fn parsed(text: &str) -> Option<Expr> {
    let mut sources = Sources::new();
    let file = sources.add("expression", text);
    match parse_expr(text, &Place::whole(file, text)) {
        Ok(expr) => Some(expr),
        Err(refusal) => {
            assert!(text.get(refusal.primary.span.range()).is_some(), "a place outside: {refusal:?}");
            None
        }
    }
}

/// Its place has its text.
#[track_caller]
fn lies_there(expr: &Expr, text: &str) {
    assert_eq!(text.get(expr.span.range()), Some(&*expr.text));
}

/// Printed and parsed it is the same again. Brackets nest deeper than what they stand around.
#[track_caller]
fn again(expr: &Expr) {
    let text = printed(expr);
    let mut sources = Sources::new();
    let file = sources.add("expression", text.clone());
    match parse_expr(&text, &Place::whole(file, &text)) {
        Ok(again) => assert_eq!(printed(&again), text, "`{}`", expr.text),
        Err(refusal) if matches!(refusal.code, Code::NestedTooDeep | Code::TooLong) => {}
        Err(refusal) => panic!("`{}` is printed as `{text}`: {refusal:?}", expr.text),
    }
}

/// In a spec it is refused, or becomes Rust and is worked out.
#[track_caller]
fn checked(field: &str, text: &str, bytes: &[u8]) {
    let quoted = serde_json::to_string(text).expect("text is JSON");
    let spec = SPEC.replace("FIELD", &field.replace("EXPR", &quoted));
    let source = Source::memory("expression", BTreeMap::from([("expression".to_owned(), spec)]));
    let format = match compile(&source) {
        Ok((format, _)) => format,
        Err(failure) => return refused(&failure),
    };
    if is_chosen(text.as_bytes()) {
        emitted(&source, &format);
    }
    let reading = read(&format, Start { ty: format.root, at: 0, big: true }, &bytes);
    assert!(reading.end <= u64::try_from(bytes.len()).unwrap_or(u64::MAX), "{text}");
}

#[cfg(test)]
mod tests {
    use super::{PLACES, SPEC, run};
    use std::collections::BTreeMap;
    use vmspec_codegen::compile;
    use vmspec_codegen::diagnostic::Style;
    use vmspec_codegen::source::Source;

    /// Every place takes some expression: otherwise nothing would be worked out there.
    #[test]
    fn every_place_takes_an_expression() {
        let of = [
            ("if", "flag"),
            ("valid", "it > a"),
            ("expect", "it < b"),
            ("value", "wide & 0xff"),
            ("count", "n + 1"),
            ("size", "a"),
            ("let", "sum(list) + at.py"),
            ("until", "it == 0"),
        ];
        for ((name, field), (known, text)) in PLACES.iter().zip(of) {
            assert_eq!(*name, known);
            let spec = SPEC.replace("FIELD", &field.replace("EXPR", &format!("{text:?}")));
            let source = Source::memory("x", BTreeMap::from([("x".to_owned(), spec)]));
            if let Err(failure) = compile(&source) {
                panic!("{name}: {}", failure.render(Style::Plain));
            }
            run(&[&[0], text.as_bytes(), &[0; 80]].concat());
        }
    }
}
