//! Values found by their paths: in small specs of a header, lists, switches, gaps and bits, and in values that were read in
//! part.
#![allow(clippy::panic)]

use std::collections::BTreeMap;
use vmspec_codegen::compile;
use vmspec_codegen::interpret::{Look, Reading, Start, Value, find, locate, read};
use vmspec_codegen::model::Format;
use vmspec_codegen::source::Source;

const SPEC: &str = "
spec: 1
format: {id: found}
root: file
endian: be
enums:
  kind: {repr: u8, values: {0: end, 1: data, 2: name, 3: word}, unknown: error}
types:
  file:
    fields:
      - header: {type: header}
      - note: {if: header.version > 1, type: u8}
      - area:
          size: header.length
          slack: keep
          fields:
            - first: u8
            - second: {at: header.start, gap: keep, type: u8}
      - numbers: {type: u16, count: 3}
      - none: {type: u8, count: 0}
      - records: {type: record, until: it.kind == end}
  header: {fields: [{version: u8}, {length: u8}, {start: u8}, {bits: bits}]}
  bits: {bits: u8, fields: [{low: u4}, {high: u4}]}
  record:
    fields:
      - kind: kind
      - body:
          switch: kind
          cases:
            end: []
            data: [{address: u8}, {name: u8}]
            name: {text: cstr}
            word: {word: u32}
";

/// Version 1 and no note; five bytes of area, of which the third is the second field; then three numbers and four records.
const FILE: &[u8] = b"\x01\x05\x02\x21\x0a\x0b\x0c\x0d\x0e\0\x01\0\x02\0\x03\x01\x07\x08\x02hi\0\x03\0\0\0\x09\0";

fn format() -> Format {
    let texts = BTreeMap::from([("found.yaml".to_owned(), SPEC.to_owned())]);
    match compile(&Source::memory("found.yaml", texts)) {
        Ok((format, _)) => format,
        Err(failure) => panic!("{}", failure.render_short()),
    }
}

fn reading(format: &Format, file: &[u8]) -> Reading {
    read(format, Start { ty: format.root, at: 0, big: false }, &file)
}

/// Where the value at a path lies and what it is, or why there is none.
fn found(file: &[u8], path: &str) -> String {
    let format = format();
    let reading = reading(&format, file);
    match find(&Look::root(&format, &reading.root), path) {
        Ok(look) => {
            let value = match &look.node.value {
                Value::Int(n) => n.to_string(),
                Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
                Value::Blob(_) => "blob".to_owned(),
                Value::Record(_) => "record".to_owned(),
                Value::Case(..) => "case".to_owned(),
                Value::List(_) | Value::Packed(_) => "list".to_owned(),
                other => format!("{other:?}"),
            };
            format!("{}+{} {value}", look.node.at, look.node.len)
        }
        Err(not_found) => not_found.to_string(),
    }
}

#[track_caller]
fn finds(pairs: &[(&str, &str)]) {
    for (path, expected) in pairs {
        assert_eq!(found(FILE, path), *expected, "{path}");
    }
}

#[test]
fn the_file_is_as_the_spec_says() {
    let format = format();
    let reading = reading(&format, FILE);
    assert_eq!(reading.error, None);
    assert_eq!(reading.end, u64::try_from(FILE.len()).unwrap_or(0));
}

#[test]
fn fields_parts_and_elements() {
    finds(&[
        ("", "0+28 record"),
        ("header", "0+4 record"),
        ("header.length", "1+1 5"),
        ("header.bits.low", "3+1 1"),
        ("header.bits.high", "3+1 2"),
        ("numbers", "9+6 list"),
        ("numbers[2]", "13+2 3"),
        ("records[0].body.address", "16+1 7"),
        ("area.second", "6+1 12"),
    ]);
}

#[test]
fn gaps_and_slacks_have_names() {
    finds(&[
        ("area.second_gap", "5+1 blob"),
        ("area_slack", "7+2 blob"),
        (
            "unused_gap",
            "the value has no `unused_gap`; it has `header`, `note`, `area`, `area_slack`, `numbers`, `none`, `records`",
        ),
    ]);
}

#[test]
fn cases_add_no_step_and_may_be_named() {
    finds(&[
        ("records[0].body", "16+2 case"),
        ("records[0].body.data", "16+2 record"),
        ("records[0].body.data.address", "16+1 7"),
        // A field of the case that is there comes before the name of another case.
        ("records[0].body.name", "17+1 8"),
        ("records[1].body.text", "19+3 hi"),
        ("records[1].body.name", "19+3 hi"),
        ("records[2].body.word", "23+4 9"),
        ("records[3].body.end", "28+0 case"),
    ]);
    let format = format();
    let reading = reading(&format, FILE);
    let located = locate(&Look::root(&format, &reading.root), "records[0].body.data.address");
    assert_eq!(located.map(|(_, path)| path).as_deref(), Ok("records[0].body.address"));
}

#[test]
fn of_another_case_it_says_which_is_there() {
    finds(&[
        ("records[1].body.data", "`records[1].body` is of case `text`, not `data`"),
        ("records[1].body.address", "`records[1].body` is of case `text`, and `address` belongs to `data`"),
        ("records[3].body.word", "`records[3].body` is of case `end`, not `word`"),
    ]);
}

#[test]
fn what_is_not_there_says_what_is() {
    finds(&[
        ("headr.version", "the value has no `headr`; did you mean `header`?"),
        ("header.verison", "`header` has no `verison`; did you mean `version`?"),
        ("header.size", "`header` has no `size`; it has `version`, `length`, `start`, `bits`"),
        ("header.bits.hi", "`header.bits` has no `hi`; it has `low`, `high`"),
        ("header.version.major", "`header.version` has no `major`: it is u8"),
        ("header[0]", "`header` has no [0]: it is no list, but a `header`"),
        ("header.version[0]", "`header.version` has no [0]: it is no list, but u8"),
        ("records[1].body.text.length", "`records[1].body` has no `length`: it is cstr"),
        ("note", "`note` is absent"),
        ("note.x", "`note` is absent"),
    ]);
}

#[test]
fn lists_say_how_many_elements_they_have() {
    finds(&[
        ("numbers[3]", "`numbers` has no [3]: it is a list of 3 elements, [0] to [2]"),
        (
            "numbers[99999999999999999999]",
            "`numbers` has no [99999999999999999999]: it is a list of 3 elements, [0] to [2]",
        ),
        ("records.kind", "`records` has no `kind`: it is a list of 4 elements, [0] to [3]"),
        ("none[0]", "`none` has no [0]: it is empty"),
    ]);
}

#[test]
fn what_is_no_path_says_what_one_is() {
    let what = "is no path: a path is names and indices, such as `header.length` or `records[3].body`";
    for path in ["header.", ".header", "records[x]", "records[0", "records[0]body"] {
        assert_eq!(found(FILE, path), format!("`{path}` {what}"));
    }
    // Nothing of it reaches the terminal as it is.
    assert!(!found(FILE, "a\u{1b}[2Jb").contains('\u{1b}'));
}

#[test]
fn what_was_not_read_is_told_from_what_is_unknown() {
    let cut = FILE.get(..20).unwrap_or(FILE);
    assert_eq!(found(cut, "header.length"), "1+1 5");
    assert_eq!(found(cut, "records[0].body.name"), "17+1 8");
    let cut = FILE.get(..5).unwrap_or(FILE);
    assert_eq!(found(cut, "records"), "`records` could not be read");
    assert_eq!(found(cut, "area.second_gap"), "`area` could not be read");
}
