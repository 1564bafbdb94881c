//! Whole specs read without a complaint: the drafts, where they are at hand, and the good snippets below.
#![allow(clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::Path;
use vmspec_codegen::diagnostic::{Diagnostics, Style};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::ast::{
    CaseDecl, Class, Content, ExampleBytes, ExampleResult, SpecFile, StateHolds, TypeBody,
};
use vmspec_codegen::syntax::load;
use vmspec_codegen::syntax::read::keys;
use vmspec_codegen::syntax::yaml::Kind;

/// A folder beside the checkout; where it is missing the tests that need it say so.
const DRAFTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/design/drafts");

fn load_clean(source: &Source) -> Vec<SpecFile> {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let files = load(source, &mut sources, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", diagnostics.render(&sources, Style::Plain));
    files
}

fn draft(name: &str) -> Option<Vec<SpecFile>> {
    let path = Path::new(DRAFTS).join(name);
    if !path.exists() {
        eprintln!("{} is absent: skipped", path.display());
        return None;
    }
    Some(load_clean(&Source::file(path, DRAFTS)))
}

/// Every key of the language at least once, and every shape that a key takes.
const EVERYTHING: &str = r#"
spec: 1
x-notes: [anything, {at: all}]
format: {id: everything, title: "Every key", doc: "About\n all of it.", refs: [one, two]}
root: image
roots: [other]
endian: le
consts: {sector: 4K, nothing: guid(00000000-0000-0000-0000-000000000000)}
enums:
  kind:
    repr: u8
    values: {0: a, 0x01: {name: b, since: 2, before: 0x10, doc: the second}, x: c, " ": d}
    groups: {both: [a, b], none: []}
    unknown: {keep: it > 3}
    class: unsupported
    doc: kinds
    refs: one text
    was: [old_kind, older_kind]
flags:
  bits:
    repr: u32
    bits: {0: a, 31: {name: b, doc: last}}
    groups: {all: [a, b]}
    unknown: keep
    class: note
    doc: bits
    was: old_bits
types:
  image:
    params: {big: bool, place_of: {type: place, doc: where}}
    endian: {try: [le, be], where: version <= 3}
    version: version
    size: length
    slack: keep
    max: 1G
    require: [a == b, {that: c > 0, class: invalid, say: no c}]
    class: limit
    doc: |
      Two
      lines.
    refs: [a]
    was: old
    fields:
      - a: u8
      - b: {type: bytes(16), count: 3, lazy: true}
      - c: {type: u8, until: it == 0, max_count: 9, unique: [it.a, it.b], disjoint: {start: it.a, size: it.b}, remember: {x: it}}
      - d: {type: u8, while: sum(d) < 9, marker: {none: 0, some: 1}, each: b where it == 1}
      - d2: {type: u8, marker: {more: 1, end: 0}}
      - e: {type: u8, if: a > 0, since: 1, before: 3, size: 4, slack: zero, at: 64K, gap: none, from: file}
      - f: {type: u8, value: 1, mismatch: keep, max: 9, init: 2, unknown: keep, class: invalid, as: "f[0]", doc: x, refs: y, was: z}
      - g: {type: other, via: a, from: window, with: {x: a + 1}}
      - g2: {type: other, copies: {at: [1], newest: it.a}}
      - h: {type: u8, valid: it > 0, expect: [{that: it < 9, say: many}, it != 5], unknown: error}
      - i: {magic: "\xffX", class: not_this_format, if: a == 1}
      - j: {let: a + 1, type: kind, valid: known(it)}
      - k: {extern: helper, with: {a: a}, max: 3}
      - l:
          journal: {at: a, size: b, stride: 512, entry: other, live: true, accept: it.a == b, follows: it.a == prev.a, newest: it.a, tail: it.b,
                    require: it.a > 0, grow: it.a, apply: {list: c, at: it.a, zeros: it.b, bytes: [it.c, partner(it).d]}}
      - m: {fields: [{n: u8}, _: zero(3)], require: n > 0, count: 2}
      - o:
          switch: a
          open: true
          require: b
          cases:
            a: []
            "two words": u8
            .../ide: [{p: u8}]
            true: {type: u8, valid: it > 0, count: rest, require: p}
            false: {legacy: blob(rest)}
            c: {named: {fields: [], remember: {x: true}}}
            d: {switch: b, cases: {e: u8}}
            e: {extern: helper}
          default: {rest: bytes(rest)}
  other:
    bits: u16
    endian: if big then be else le
    fields: [{a: u4}, {b: u12}]
  device:
    vmstate: a name
    version: {current: 2, minimum: 1}
    fields: []
    subsections: {a name/y: {version: 1, fields: [{b: u8}]}}
inputs: {a: {type: u8, init: 1, doc: a fact}}
state: {b: {per: image, cell: u8, init: 1, doc: B.}, c: {per: image, row: {d: u8, e: {type: bool}}}, f: {per: image, key: u8, row: {g: text}, max: 4}, h: {per: image, key: text, max: 9}}
vmstate: {subsection: {tag: 5, version: u32, version_bits: 8}, sentinel: {byte: 6, when: b}}
externs: {helper: {args: {n: u8, t: {type: text, doc: words}}, gives: length, doc: by hand}}
examples:
  good: {type: image, endian: be, with: {big: true}, hex: "00 01\nff", value: {a: 0, list: [1, {b: text}]}}
  bad: {sample: file.bin, error: {path: "b[1].c", class: truncated}}
use: []
extend: {device.body: {x: u8, y: [{z: u8}]}}
"#;

fn everything() -> SpecFile {
    let text = EVERYTHING.to_owned();
    let source = Source::memory("all.yaml", BTreeMap::from([("all.yaml".to_owned(), text)]));
    match load_clean(&source).pop() {
        Some(spec) => spec,
        None => panic!("no file"),
    }
}

#[test]
fn every_key_is_read() {
    let spec = everything();
    assert!(spec.later.is_empty());
    let image = &spec.types[0];
    assert_eq!((image.params.len(), image.require.len(), image.refs.len(), image.was.len()), (2, 2, 1, 1));
    assert_eq!(image.doc.as_ref().map(|doc| doc.value.as_str()), Some("Two\nlines."));
    let TypeBody::Fields(fields) = &image.body else { panic!("no bits") };
    let option = |name: &str| match fields.iter().find(|field| field.name.value == name) {
        Some(field) => &field.options,
        None => panic!("{name}"),
    };
    assert_eq!(option("b").lazy.as_ref().map(|lazy| lazy.value), Some(true));
    assert_eq!(option("g").via.as_ref().map(|via| via.text.as_str()), Some("a"));
    assert_eq!(option("g").from.as_ref().map(|from| from.value.as_str()), Some("window"));
    assert!(option("d").marker.is_some());
    assert_eq!((option("c").unique.len(), option("h").expect.len()), (2, 2));
    assert_eq!(option("e").at.as_ref().map(|at| at.text.as_str()), Some("64K"));
    assert!(matches!(&fields[10].content, Content::Magic(bytes) if bytes.value == [0xff, b'X']));
    assert!(matches!(&fields[11].content, Content::Let { of: Some(of), .. } if of.value == "kind"));
    assert!(matches!(&fields[12].content, Content::Extern(name) if name.value == "helper"));
    assert!(matches!(&spec.types[1].body, TypeBody::Bits { fields, .. } if fields.len() == 2));
}

#[test]
fn device_states_are_read() {
    let spec = everything();
    let rules = spec.vmstate.map(|rules| (rules.subsection.tag.value, rules.sentinel.map(|rule| rule.byte.value)));
    assert_eq!(rules, Some((5, Some(6))));
    let Some(state) = &spec.types[2].vmstate else { panic!("no state") };
    assert_eq!(
        (state.name.value.as_str(), state.versions.current.value, state.versions.minimum.value),
        ("a name", 2, 1)
    );
    let [subsection] = state.subsections.as_slice() else { panic!("one of them") };
    assert_eq!((subsection.name.value.as_str(), subsection.versions.minimum.value), ("a name/y", 1));
    assert_eq!(subsection.fields.len(), 1);
}

#[test]
fn state_is_read() {
    let spec = everything();
    let [cell, row, table, set] = spec.state.as_slice() else { panic!("four of them") };
    assert_eq!((cell.name.value.as_str(), cell.per.value.as_str()), ("b", "image"));
    assert!(matches!(&cell.holds, StateHolds::Cell(of, Some(init)) if of.value == "u8" && init.text == "1"));
    let StateHolds::Row(columns) = &row.holds else { panic!("no row") };
    let columns: Vec<_> = columns.iter().map(|c| (c.name.value.as_str(), c.kind.value.as_str())).collect();
    assert_eq!(columns, [("d", "u8"), ("e", "bool")]);
    let StateHolds::Table(key, columns, max) = &table.holds else { panic!("no table") };
    assert_eq!((key.value.as_str(), columns.len(), max.text.as_str()), ("u8", 1, "4"));
    assert!(matches!(&set.holds, StateHolds::Set(key, max) if key.value == "text" && max.text == "9"));
}

#[test]
fn cases_and_their_names() {
    let spec = everything();
    let TypeBody::Fields(fields) = &spec.types[0].body else { panic!("no bits") };
    let Some(Content::Switch(switch)) = fields.last().map(|field| &field.content) else { panic!("no switch") };
    let named = |case: &CaseDecl| (case.label.value.clone(), case.name.as_ref().map(|name| name.value.clone()));
    let own = |label: &str, name: Option<&str>| (label.to_owned(), name.map(str::to_owned));
    let expected = [
        own("a", None),
        own("two words", None),
        own(".../ide", None),
        own("true", None),
        own("false", Some("legacy")),
        own("c", Some("named")),
        own("d", None),
        own("e", None),
    ];
    assert_eq!(switch.cases.iter().map(named).collect::<Vec<_>>(), expected);
    assert_eq!(switch.default.as_ref().map(named), Some(own("default", Some("rest"))));
    assert!(switch.open && matches!(&switch.cases[0].content, Content::Fields(fields) if fields.is_empty()));
}

#[test]
fn examples_and_their_bytes() {
    let spec = everything();
    assert!(matches!(&spec.examples[0].bytes, ExampleBytes::Hex(hex) if hex.value == [0, 1, 0xff]));
    assert!(matches!(&spec.examples[0].expected, ExampleResult::Value(node) if matches!(node.kind, Kind::Map(_))));
    assert!(matches!(&spec.examples[1].bytes, ExampleBytes::Sample(path) if path.value == "file.bin"));
    assert!(
        matches!(&spec.examples[1].expected, ExampleResult::Error { class, .. } if class.value == Class::Truncated)
    );
}

#[test]
fn the_tables_of_keys_are_complete() {
    for construct in keys::CONSTRUCTS {
        let mut names: Vec<_> = construct.all().map(|key| key.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a key twice in {}", construct.name);
        for key in construct.all() {
            assert!(!key.doc.is_empty() && !key.doc.ends_with('.'), "{} of {}", key.name, construct.name);
            let written = [format!("{}:", key.name), format!(" {}: ", key.name)];
            assert!(written.iter().any(|text| EVERYTHING.contains(text)), "{} of {}", key.name, construct.name);
        }
    }
}

#[test]
fn draft_libvirt_save() {
    draft("libvirt-save.fmt.yaml");
}

#[test]
fn draft_vhdx() {
    draft("vhdx.fmt.yaml");
}

#[test]
fn draft_xen_xl() {
    draft("xen-xl.fmt.yaml");
}

#[test]
fn draft_qevm_and_its_devices() {
    if let Some(files) = draft("qevm.fmt.yaml") {
        assert_eq!(files.len(), 2);
    }
}

#[test]
fn draft_of_devices_alone_reads_the_files_that_use_it() {
    if let Some(files) = draft("qevm/devices.fmt.yaml") {
        assert_eq!(files.len(), 2);
    }
}
