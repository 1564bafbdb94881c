//! Keys and shapes that are wrong: what is reported, and where. All errors of a file come in one run.
#![allow(clippy::panic)]

use std::collections::BTreeMap;
use vmspec_codegen::diagnostic::{Diagnostics, Style};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::load;

fn run(text: &str) -> (Sources, Diagnostics) {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let texts = BTreeMap::from([("t.yaml".to_owned(), text.to_owned())]);
    load(&Source::memory("t.yaml", texts), &mut sources, &mut diagnostics);
    (sources, diagnostics)
}

/// What is reported for a file, as `code at text`, in order.
fn reported(text: &str) -> Vec<String> {
    let (sources, diagnostics) = run(text);
    let one = |d: &&vmspec_codegen::diagnostic::Diagnostic| {
        format!("{} {}", d.code.as_str(), sources.text(d.primary.span)).trim_end().to_owned()
    };
    diagnostics.sorted().iter().map(one).collect()
}

fn of_field(field: &str) -> Vec<String> {
    reported(&format!("spec: 1\ntypes:\n  t:\n    fields:\n      - {field}\n"))
}

fn of_type(keys: &str) -> Vec<String> {
    reported(&format!("spec: 1\ntypes: {{t: {{{keys}}}}}\n"))
}

fn hint(text: &str) -> String {
    let (_, diagnostics) = run(text);
    diagnostics.iter().find_map(|d| d.hint.clone()).unwrap_or_default()
}

#[test]
fn top_level() {
    assert_eq!(reported("format: {id: x}\n"), ["S103"]);
    assert_eq!(reported("spec: 2\n"), ["S112 2"]);
    assert_eq!(reported("spec: one\n"), ["S104 one"]);
    assert_eq!(reported("spec: 1\ntyps: {}\nx-mine: [{a: 1}]\n"), ["S105 typs"]);
    assert_eq!(reported("- spec: 1\n"), ["S101 spec"]);
    assert_eq!(reported("just text\n"), ["S101 just text"]);
    assert_eq!(reported("spec: 1\ntypes:\nenums: []\nflags: 1\nuse: a\nroots: {}\n").len(), 5);
    assert_eq!(reported("spec: 1\nformat: {id: A-b, title: '', refs: [a, [b]]}\n"), ["S113 A-b", "S121 ''", "S101 b"]);
    assert_eq!(reported("spec: 1\nroot: [a]\nroots: [B, c]\n"), ["S101 a", "S113 B"]);
    assert_eq!(
        reported("spec: 1\nextend: {a: {}, a.b: {c: u8, d: {x: }}, a.b.c: {}}\n"),
        ["S118 a", "S108 x", "S118 a.b.c"]
    );
}

#[test]
fn every_key_hint() {
    assert!(hint("spec: 1\ntyps: {}\n").starts_with("did you mean `types`? allowed keys: spec, format"));
    assert!(hint("spec: 1\nfields: []\n").starts_with("`fields` is a key of a type and of a field"));
    assert!(hint("spec: 1\nformat: {id: a, zzzzzz: 1}\n").starts_with("allowed keys: id, title"));
    assert_eq!(hint("spec: 1\ntypes: {t: {slack: kepe, fields: [{a: u8}]}}\n"), "did you mean `keep`?");
    assert_eq!(hint("spec: 1\ntypes: {FileId: {fields: [{a: u8}]}}\n"), "write `file_id`");
    assert!(hint("spec: 1\ntypes: {t: {fields: [a:u8]}}\n").contains("`- a: u8`"));
    let hanging = "spec: 1\ntypes:\n  t:\n    fields:\n      - a:\n        type: u8\n";
    assert!(hint(hanging).contains("indent the options further"));
}

#[test]
fn names() {
    assert_eq!(
        reported("spec: 1\nconsts: {it: 1, le: 2, not: 3, size: 4, _: 5}\n"),
        ["S114 it", "S114 le", "S114 not", "S113 _"]
    );
    assert_eq!(of_type("params: {rest: u8, self: u8, big: bool}, fields: [{rest: u8}]"), ["S114 rest", "S114 self"]);
    assert_eq!(of_field("true: u8"), ["S114 true"]);
    assert_eq!(of_field("_: align(8)"), [""; 0]);
    assert_eq!(of_field("Name: u8"), ["S113 Name"]);
    let types = "spec: 1\ntypes: {u8: {fields: [{a: u8}]}, i8259: {fields: [{a: u8}]}, text: {fields: [{a: u8}]}}\n";
    assert_eq!(reported(types), ["S114 u8", "S114 text"]);
}

#[test]
fn enums_and_flags() {
    let of_enum = |keys: &str| reported(&format!("spec: 1\nenums: {{e: {{{keys}}}}}\n"));
    assert_eq!(of_enum(""), ["S103 e"]);
    let (sources, diagnostics) = run("spec: 1\nenums: {e: {}}\n");
    assert!(diagnostics.render_short(&sources).contains("missing keys `repr`, `unknown`, `values` in an enum"));
    assert_eq!(of_enum("repr: u8, values: {1: a}, unknown: maybe"), ["S102 maybe"]);
    assert_eq!(of_enum("repr: u8, values: [a], unknown: keep"), ["S101 a"]);
    assert_eq!(of_enum("repr: u8, values: {1: {since: 2}}, unknown: keep"), ["S103 1"]);
    assert_eq!(of_enum("repr: u8, values: {1: {name: a, since: x}}, unknown: keep"), ["S104 x"]);
    assert_eq!(of_enum("repr: u8, values: {1: a}, unknown: {keep: it >}"), ["X010"]);
    assert_eq!(of_enum("repr: u8, values: {1: a}, groups: {g: a, h: [B]}, unknown: keep"), ["S101 a", "S113 B"]);
    assert_eq!(of_enum("repr: u8, bits: {1: a}, values: {}, unknown: error"), ["S105 bits"]);
    let flags = |bits: &str| reported(&format!("spec: 1\nflags: {{f: {{repr: u8, bits: {bits}, unknown: keep}}}}\n"));
    assert_eq!(flags("{0: a, 0x1: b, 1_0: c, -1: d, 1K: e}"), ["S104 1_0", "S104 -1", "S104 1K"]);
    assert_eq!(flags("{}"), [""; 0]);
}

#[test]
fn types() {
    assert_eq!(of_type(""), ["S103 t"]);
    assert_eq!(of_type("fields: []"), ["S111 []"]);
    assert_eq!(of_type("fields: {a: u8}"), ["S101 a"]);
    assert_eq!(reported("spec: 1\ntypes: {t: [{a: u8}]}\n"), ["S101 a"]);
    assert_eq!(of_type("fields: [{a: u8}], version: {current: 1}"), ["S101 current"]);
    assert_eq!(
        of_type("fields: [{a: u8}], vmstate: t, version: {current: 1}, subsections: {x: 1}"),
        ["S103 version", "C005 x", "S101 1"]
    );
    assert_eq!(of_type("fields: [{a: u8}], endian: big"), ["S102 big"]);
    assert_eq!(of_type("fields: [{a: u8}], endian: {try: [le, middle], where: a = 1}"), ["S102 middle", "X002 ="]);
    assert_eq!(of_type("fields: [{a: u8}], endian: {try: le}"), ["S103 endian", "S101 le"]);
    assert_eq!(of_type("fields: [{a: u8}], params: {p: bytes(4), q: {doc: x}}"), ["S113 bytes(4)", "S103 q"]);
    assert_eq!(of_type("fields: [{a: u8}], require: [{say: x}, a b]"), ["S103 require", "X012 b"]);
    assert_eq!(of_type("fields: [{a: u8}], doc: \"\\x1b\""), ["S120 \"\\x1b\""]);
}

#[test]
fn fields_of_the_wrong_shape() {
    assert_eq!(of_field("a"), ["S106 a"]);
    assert_eq!(of_field("{}"), ["S106 {}"]);
    assert_eq!(of_field("[a, b]"), ["S106 a"]);
    assert_eq!(of_field("{a: u8, b: u8}"), ["S106 b"]);
    assert_eq!(of_field("a: [u8]"), ["S101 u8"]);
    assert_eq!(of_field("a:"), ["S108 a"]);
    assert_eq!(of_field("a: {type: }"), ["S101"]);
    assert_eq!(of_field("a: {type: [u8]}"), ["S101 u8"]);
    assert_eq!(of_field("a: {fields: []}"), ["S111 []"]);
    assert_eq!(of_field("a: u8["), ["X018 ["]);
    assert_eq!(of_field("a: {magic: \"\\u0100\"}"), ["S115 \"\\u0100\""]);
    assert_eq!(of_field("a: {magic: ''}"), ["S121 ''"]);
}

#[test]
fn contents() {
    assert_eq!(of_field("a: {}"), ["S108 a"]);
    assert_eq!(of_field("a: {value: 3}"), ["S108 a"]);
    assert_eq!(of_field("a: {type: u8, magic: x}"), ["S107 magic"]);
    assert_eq!(of_field("a: {switch: x, cases: {}, fields: [{b: u8}]}"), ["S107 switch"]);
    assert_eq!(of_field("a: {let: 1, magic: x}"), ["S107 magic"]);
    assert_eq!(of_field("a: {let: x, type: some_enum}"), [""; 0]);
    assert_eq!(of_field("a: {extern: x, journal: {}}"), ["S107 journal"]);
}

#[test]
fn keys_that_need_others() {
    assert_eq!(of_field("a: {cases: {x: u8}}"), ["S109 cases"]);
    assert_eq!(of_field("a: {type: u8, default: u8, open: true}"), ["S109 default", "S109 open"]);
    assert_eq!(of_field("a: {type: u8, gap: keep}"), ["S109 gap"]);
    assert_eq!(of_field("a: {type: u8, slack: keep}"), ["S109 slack"]);
    assert_eq!(of_field("a: {switch: x}"), ["S103 a"]);
    assert_eq!(of_field("a: {switch: x, open: true}"), [""; 0]);
    assert_eq!(of_field("a: {type: u8, unique: it, max_count: 3}"), ["S119 unique", "S119 max_count"]);
    assert_eq!(of_field("a: {type: u8, count: 2, marker: {none: 1}, unique: it}"), [""; 0]);
    assert_eq!(of_field("a: {type: u8, marker: {more: 1, end: 0}, unique: it}"), [""; 0]);
}

#[test]
fn keys_that_do_not_fit() {
    assert_eq!(of_field("a: {let: 1, count: 2, value: 3}"), ["S110 count", "S110 value"]);
    assert_eq!(of_field("a: {magic: x, with: {b: 1}}"), ["S110 with"]);
    assert_eq!(of_field("a: {fields: [{b: u8}], init: 1}"), ["S110 init"]);
    assert_eq!(of_field("a: {switch: b, cases: {c: u8}, unknown: keep}"), ["S110 unknown"]);
    assert_eq!(of_field("a: {type: u8, require: b}"), ["S110 require"]);
}

#[test]
fn options() {
    let words =
        "a: {type: u8, at: 1, size: 4, slack: kepe, gap: zeros, mismatch: no, class: bad, since: v2, open: yes}";
    assert_eq!(of_field(words), ["S102 kepe", "S102 zeros", "S102 no", "S102 bad", "S104 v2", "S109 open"]);
    assert_eq!(of_field("a: {type: u8, count: [1], unique: [it, {a: b}], size: }"), ["S101 1", "S101 a", "S101"]);
    assert_eq!(of_field("a: {type: u8, count: 1, disjoint: {start: 1}}"), ["S103 disjoint"]);
    assert_eq!(of_field("a: {type: u8, with: [b]}"), ["S101 b"]);
    assert_eq!(of_field("a: {type: u8, valid: {tht: b}}"), ["S105 tht"]);
    assert_eq!(of_field("a: {type: u8, valid: {that: b, class: x, say: ''}}"), ["S102 x", "S121 ''"]);
    assert_eq!(of_field("a: {type: u8, repr: u8}"), ["S105 repr"]);
}

#[test]
fn cases() {
    let case = |case: &str| of_field(&format!("a: {{switch: b, cases: {{x: {case}}}}}"));
    for good in [
        "[]",
        "u8",
        "[{c: u8}]",
        "{type: u8, with: {d: 1}}",
        "{type: u8, if: c}",
        "{legacy: blob(rest)}",
        "{legacy: {type: u8}}",
        "{legacy: []}",
    ] {
        assert_eq!(case(good), [""; 0], "{good}");
    }
    assert_eq!(case(""), ["S108 x"]);
    assert_eq!(case("[u8]"), ["S106 u8"]);
    assert_eq!(case("{type: u8, at: 4}"), ["S105 at"]);
    assert_eq!(case("{Legacy: u8}"), ["S113 Legacy"]);
    assert_eq!(case("{legacy: }"), ["S108 legacy"]);
    assert_eq!(case("{one: u8, two: u8}"), ["S108 x", "S105 one", "S105 two"]);
    assert_eq!(case("{let: 1}"), ["S105 let"]);
}

#[test]
fn examples() {
    let example = |keys: &str| reported(&format!("spec: 1\nexamples: {{e: {{{keys}}}}}\n"));
    assert_eq!(example("hex: '00 1 2', value: {a: 1}"), [""; 0]);
    assert_eq!(example("hex: 00 1, value: 1"), ["S116 1"]);
    assert_eq!(example("hex: 00 1g, value: 1"), ["S116 1g"]);
    assert_eq!(example("value: 1"), ["S117 e"]);
    assert_eq!(
        example("hex: 00, sample: x, value: 1, error: {path: a, class: invalid}"),
        ["S117 sample", "S117 error"]
    );
    assert_eq!(example("hex: 00, error: {path: a}"), ["S103 error"]);
    assert_eq!(example("hex: 00, error: {path: a, class: io}, endian: xe"), ["S102 io", "S102 xe"]);
}

#[test]
fn what_has_been_refused_is_not_complained_about_again() {
    assert_eq!(reported("spec: 1\ntypes: *a\nenums: *b\nroot: *c\n"), ["Y003 *a", "Y003 *b", "Y003 *c"]);
    assert_eq!(of_field("a: {type: *x, count: *y, valid: *z}"), ["Y003 *x", "Y003 *y", "Y003 *z"]);
    assert_eq!(of_field("*x"), ["Y003 *x"]);
}

#[test]
fn all_errors_of_a_file_in_one_run() {
    let text = "spec: 1\nformat: {id: X}\nenums: {e: 1}\ntypes:\n  a: {fields: [{b: u8[}]}\n";
    assert_eq!(reported(text).len(), 1, "a file that is no YAML has no structure");
    let text = "spec: 1\nformat: {id: X}\nenums: {e: 1}\ntypes:\n  a: {fields: [{b: 1}, {c: {valid: a = b}}]}\n";
    let (sources, diagnostics) = run(text);
    let report = diagnostics.render(&sources, Style::Plain);
    assert!(report.ends_with("\n5 errors\n"), "{report}");
}
