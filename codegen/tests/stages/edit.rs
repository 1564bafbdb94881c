//! Setting values: what can be set and to what, what is said otherwise, and that everything else follows.
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use vmspec_codegen::compile;
use vmspec_codegen::interpret::edit::{Given, compare, misread, presence_at, set};
use vmspec_codegen::interpret::room::{derive_in_room, windows};
use vmspec_codegen::interpret::{Node, Reading, Start, derive, read, write};
use vmspec_codegen::model::Format;
use vmspec_codegen::source::Source;

/// A value of a small spec.
struct Bench {
    format: Format,
    start: Start,
    bytes: Vec<u8>,
    before: Reading,
}

impl Bench {
    /// The type `r` of a spec that says so much, in little-endian.
    fn new(spec: &str, bytes: &[u8]) -> Self {
        let text = format!("spec: 1\nformat: {{id: t}}\nroot: r\nendian: le\n{spec}");
        let source = Source::memory("t.yaml", BTreeMap::from([("t.yaml".into(), text)]));
        let format = compile(&source).unwrap_or_else(|e| panic!("{}", e.render_short())).0;
        let start = Start { ty: format.root, at: 0, big: false };
        let before = read(&format, start, &bytes);
        assert_eq!(before.error, None);
        Self { format, start, bytes: bytes.to_vec(), before }
    }

    fn set(&self, values: &[(&str, &str)]) -> Result<Node, String> {
        let mut root = self.before.root.clone();
        for (path, value) in values {
            set(&self.format, &mut root, path, &Given::Text((*value).to_owned()), &self.bytes.as_slice())?;
        }
        Ok(root)
    }

    /// What is written of a tree.
    fn write(&self, root: &Node) -> Vec<u8> {
        let mut out = Vec::new();
        write(&self.format, self.start, root, &self.bytes.as_slice(), &mut out).unwrap();
        out
    }

    /// The bytes with values set, windows keeping their sizes; they read without an error.
    fn sets(&self, values: &[(&str, &str)]) -> Vec<u8> {
        let mut root = self.set(values).unwrap();
        derive_in_room(&self.format, self.start, &self.before.root, &mut root, &self.bytes.as_slice()).unwrap();
        let out = self.write(&root);
        let after = read(&self.format, self.start, &out.as_slice());
        assert_eq!(after.error, None, "{out:x?}");
        out
    }

    /// The bytes with values set, windows growing.
    fn grows(&self, values: &[(&str, &str)]) -> Vec<u8> {
        let mut root = self.set(values).unwrap();
        derive(&self.format, self.start, &mut root, &self.bytes.as_slice()).unwrap();
        self.write(&root)
    }

    #[track_caller]
    fn refuses(&self, path: &str, value: &str, words: &str) {
        assert_eq!(self.set(&[(path, value)]).map(|_| ()), Err(words.to_owned()));
    }
}

const CHOICES: &str = "
enums:
  tag: {repr: bytes(2), values: {AB: first, CD: second}, unknown: error}
  kind: {repr: u8, values: {0: end, 1: data, 2: note}, unknown: error}
  open: {repr: i8, values: {0: none, -1: last}, unknown: keep}
flags: {opts: {repr: u16, bits: {0: json, 3: stream}, unknown: keep}}
types:
  word: {bits: u8, fields: [{level: u5}, {on: bool}, {_: zero(2)}]}
  r:
    fields:
      - tag: tag
      - kind: kind
      - open: open
      - opts: opts
      - word: word
      - on: bool
      - id: guid
      - plain: uuid
      - half: f32
      - raw: bytes(2)
      - few: {type: i16, count: 2}
";

fn choices() -> Bench {
    let bytes =
        [b"AB\x01\x00\x01\x00\x03\x00".as_slice(), &[0; 32], &[0, 0, 0, 0], b"\x01\x02", &[1, 0, 2, 0]].concat();
    Bench::new(CHOICES, &bytes)
}

#[test]
fn values_of_every_kind() {
    let guid = "00010203-0405-0607-0809-0a0b0c0d0e0f";
    let out = choices().sets(&[
        ("tag", "second"),
        ("kind", "2"),
        ("open", "-7"),
        ("opts", "json | stream|0x8000"),
        ("word.level", "31"),
        ("word.on", "true"),
        ("on", "1"),
        ("id", guid),
        ("plain", guid),
        ("half", "-0.5"),
        ("raw", "ff 00"),
        ("few[1]", "-2"),
    ]);
    assert_eq!(&out[..9], b"CD\x02\xf9\x09\x80\x3f\x01\x03");
    assert_eq!(&out[9..16], [2, 1, 0, 5, 4, 7, 6]);
    assert_eq!(&out[24..40], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    assert_eq!(&out[40..], [0, 0, 0, 0xbf, 0xff, 0, 1, 0, 0xfe, 0xff]);
    let out = choices().sets(&[("tag", "AB"), ("open", "none"), ("opts", "none"), ("opts", "0x4")]);
    assert_eq!(&out[..6], b"AB\x01\x00\x04\x00");
}

#[test]
fn what_is_no_value_is_told_with_those_that_are() {
    let bench = choices();
    bench.refuses("tag", "frist", "`tag` takes first or second, not `frist`; did you mean `first`?");
    bench.refuses("kind", "dat", "`kind` takes end, data or note, not `dat`; did you mean `data`?");
    bench.refuses("kind", "9", "`kind` takes end, data or note, not `9`");
    bench.refuses("open", "200", "`open` takes a number from -128 to 127, and 200 is more");
    bench.refuses("open", "abcdefgh", "`open` takes none, last or a number, not `abcdefgh`");
    bench.refuses(
        "opts",
        "json|strem",
        "`opts` takes json, stream, several of them with | between, or a number, not `strem`; did you mean `stream`?",
    );
    bench.refuses("word.level", "32", "`word.level` takes a number from 0 to 31, and 32 is more");
    bench.refuses("word", "1", "`word` has fields: set them one by one, such as `word.level`");
    bench.refuses("on", "yes", "`on` takes true or false, not `yes`");
    bench.refuses("raw", "ff", "`raw` takes 2 bytes, and these are 1");
    bench.refuses("raw", "f", "`raw` takes hex digits such as 00ff, or @FILE, not `f`");
    bench.refuses("few", "1", "`few` is a list: set its elements, such as `few[0]`");
    bench.refuses("few[1]", "40000", "`few[1]` takes a number from -32768 to 32767, and 40000 is more");
    bench.refuses("few[2]", "1", "`few` has no [2]: it is a list of 2 elements, [0] to [1]");
    bench.refuses("onn", "1", "the value has no `onn`; did you mean `on`?");
    bench.refuses("on", "-", "`on` is always there");
    bench.refuses("half", "much", "`half` takes a number such as 0.5, 1e9, inf or nan, not `much`");
    bench.refuses("id", "5", "`id` takes a guid such as 2dc27766-f623-4200-9d64-115e9bfd4a08, not `5`");
}

const FOLLOWS: &str = "
types:
  head: {fields: [{len: u16}, {at: u16}, {big: bool}]}
  r:
    fields:
      - magic: {magic: MAGI}
      - head: head
      - area: {size: head.len, max: 1K, fields: [{name: cstr}, {note: {type: cstr, at: head.at, gap: zero}}]}
      - body: {switch: head.big, cases: {true: {wide: u16}, false: {narrow: u8}}}
      - halves: u8
      - data: bytes(halves * 2)
      - count: u8
      - list: {type: u8, count: count}
      - one: {type: u8, value: 1}
      - room: zero(2)
      - _: align(4)
      - sum: {type: u8, value: sum8(this except sum)}
      - free: {type: u8, value: 7, mismatch: keep}
";

#[test]
fn what_follows_from_others_says_from_what() {
    let mut bytes = b"MAGI\x06\0\x03\0\0ab\0cd\0\x05\x01\xaa\xbb\x01\x09\x01\0\0".to_vec();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let sum = bytes.iter().fold(7_u8, |sum, byte| sum.wrapping_add(*byte));
    bytes.extend([sum, 7]);
    let bench = Bench::new(FOLLOWS, &bytes);
    bench.refuses("head.len", "1", "`head.len` is the size of `area`: change that instead");
    bench.refuses("head.at", "1", "`head.at` is the offset of `area.note`: it follows from what lies before that");
    bench.refuses("head.big", "1", "`head.big` is the case of `body`: the case is not changed");
    bench.refuses("halves", "1", "`halves` is what follows from the size of `data`: change that instead");
    bench.refuses("count", "2", "`count` is the number of elements of `list`: elements are not added or taken away");
    bench.refuses("magic", "MAGO", "`magic` is always \"MAGI\"");
    bench.refuses("one", "2", "`one` is always `1`: it is worked out when the file is written");
    bench.refuses("sum", "2", "`sum` is always `sum8(this except sum)`: it is worked out when the file is written");
    bench.refuses("room", "0001", "`room` is always zero");
    let out = bench.sets(&[("area.name", "longer"), ("data", "01020304"), ("free", "8"), ("body", "255")]);
    assert_eq!(&out[4..9], [10, 0, 7, 0, 0]);
    assert_eq!(&out[9..19], b"longer\0cd\0");
    assert_eq!(&out[19..25], [0xff, 2, 1, 2, 3, 4]);
    assert_eq!(out.last(), Some(&8));
}

#[test]
fn texts_and_what_they_are_held_in() {
    let spec = "
types:
  r:
    fields:
      - c: cstr
      - p: pstr(u8)
      - fixed: utf8(4)
      - n: u8
      - wide: utf16(n)
      - m: u8
      - blob: blob(m)
      - kept: {type: zero(2), mismatch: keep}
      - mark: {magic: ab, mismatch: keep}
";
    let bench = Bench::new(spec, b"a\0\x01bcccc\x02d\0\x01e\0\0ab");
    let out = bench.sets(&[
        ("c", "-"),
        ("p", ""),
        ("fixed", "\u{e9}"),
        ("wide", "hi"),
        ("blob", ""),
        ("kept", "0100"),
        ("mark", "xy"),
    ]);
    assert_eq!(out, b"-\0\0\xc3\xa9\0\0\x04h\0i\0\0\x01\0xy");
    bench.refuses("fixed", "ccccc", "`fixed` takes 4 bytes, and these are 5");
    bench.refuses("mark", "abc", "`mark` takes 2 bytes, as characters or in hex, not `abc`");
}

#[test]
fn fields_come_and_go() {
    let spec = "
flags: {opts: {repr: u8, bits: {0: extra}, unknown: error}}
types:
  r:
    fields:
      - opts: opts
      - note_len: u8
      - extra: {type: u16, if: opts.extra}
      - note: {type: utf8(note_len), if: note_len > 0}
      - inner: {if: opts.extra, fields: [{x: u8}]}
      - end: u8
";
    let bench = Bench::new(spec, b"\x01\x02\x05\x00hi\x07\x09");
    assert_eq!(bench.sets(&[("note", "-")]), b"\x01\0\x05\0\x07\x09");
    assert_eq!(bench.sets(&[("extra", "none"), ("inner", "none"), ("opts", "none")]), b"\0\x02hi\x09");
    let without = Bench::new(spec, b"\0\0\x09");
    assert_eq!(without.sets(&[("note", "none")]), b"\0\x04none\x09");
    without.refuses("inner", "1", "`inner` is not there, and has fields: it cannot be added with one value");
    without.refuses("inner.x", "1", "`inner` is absent");
    without.refuses("end", "-", "`end` is always there");
    // Whether it may be there is a matter of the rules, which reading back looks at.
    let mut root = without.set(&[("extra", "5")]).unwrap();
    derive(&without.format, without.start, &mut root, &without.bytes.as_slice()).unwrap();
    let out = without.write(&root);
    assert_eq!(out, b"\0\0\x05\0\x09");
}

const ROOM: &str = "
types:
  r:
    fields:
      - len: u8
      - area: {size: len, max: 64, fields: [{name: cstr}, {spare: {type: zero(rest), mismatch: keep}}]}
      - tail: u8
";

#[test]
fn room_gives_way_and_grows() {
    let bench = Bench::new(ROOM, b"\x06ab\0\0\0\0\xee");
    assert_eq!(bench.sets(&[("area.name", "abcd")]), b"\x06abcd\0\0\xee");
    assert_eq!(bench.sets(&[("area.name", "")]), b"\x06\0\0\0\0\0\0\xee");
    assert_eq!(bench.sets(&[("area.name", "abcde")]), b"\x06abcde\0\xee", "to the last zero");
    assert_eq!(bench.sets(&[("area.name", "abcdef")]), b"\x07abcdef\0\xee", "and further");
    assert_eq!(bench.grows(&[("area.name", "abcd")]), b"\x08abcd\0\0\0\0\xee");
    assert_eq!(bench.sets(&[("area.spare", "1")]), b"\x04ab\0\0\xee", "room that is set stays so");
    assert_eq!(bench.sets(&[("area.spare", "1"), ("area.name", "abc")]), b"\x05abc\0\0\xee");
    let used = Bench::new(ROOM, b"\x06ab\0\0\x01\0\xee");
    assert_eq!(used.sets(&[("area.name", "abc")]), b"\x07abc\0\0\x01\0\xee", "what is no zero is no room");
}

#[test]
fn windows_tell_what_became_of_them() {
    let bench = Bench::new(ROOM, b"\x06ab\0\0\0\0\xee");
    let told = |name: &str| {
        let out = bench.sets(&[("area.name", name)]);
        let after = read(&bench.format, bench.start, &out.as_slice());
        let all = windows(&bench.format, &bench.before.root, &after.root);
        all.into_iter().map(|window| (window.path, window.size, window.room)).collect::<Vec<_>>()
    };
    let spare = |was, is| Some(("area.spare".to_owned(), was, is));
    assert_eq!(told("abcd"), [("area".to_owned(), (6, 6), spare(3, 1))]);
    assert_eq!(told("abcdefg"), [("area".to_owned(), (6, 8), spare(3, 0))]);
    assert_eq!(told("xy"), []);
}

#[test]
fn slack_is_room_where_it_is_zero() {
    let spec = |slack: &str| {
        format!(
            "types: {{r: {{fields: [{{n: u8}}, {{a: {{size: n, slack: {slack}, max: 64, type: cstr}}}}, {{z: u8}}]}}}}"
        )
    };
    for slack in ["zero", "keep"] {
        let bench = Bench::new(&spec(slack), b"\x05ab\0\0\0\xee");
        assert_eq!(bench.sets(&[("a", "abc")]), b"\x05abc\0\0\xee", "{slack}");
        assert_eq!(bench.sets(&[("a", "")]), b"\x05\0\0\0\0\0\xee", "{slack}");
        assert_eq!(bench.sets(&[("a", "abcdef")]), b"\x07abcdef\0\xee", "{slack}");
    }
    let used = Bench::new(&spec("keep"), b"\x05ab\0\0\x01\xee");
    assert_eq!(used.sets(&[("a", "abc")]), b"\x06abc\0\0\x01\xee");
}

#[test]
fn types_keep_their_own_windows() {
    let spec = "
types:
  r: {fields: [{chunks: {type: chunk, count: 2}}, {z: u8}]}
  chunk: {size: len, slack: zero, max: 64, fields: [{len: u8}, {text: cstr}]}
";
    let bench = Bench::new(spec, b"\x06ab\0\0\0\x04cd\0\xee");
    assert_eq!(bench.sets(&[("chunks[0].text", "abcd")]), b"\x06abcd\0\x04cd\0\xee");
    assert_eq!(bench.sets(&[("chunks[1].text", "c")]), b"\x06ab\0\0\0\x04c\0\0\xee");
    assert_eq!(bench.sets(&[("chunks[1].text", "cde")]), b"\x06ab\0\0\0\x05cde\0\xee");
}

#[test]
fn windows_inside_of_others_come_first() {
    let spec = "
types:
  r:
    fields:
      - n: u8
      - outer:
          size: n
          max: 64
          fields:
            - m: u8
            - inner: {size: m, max: 32, fields: [{s: cstr}, {room: zero(rest)}]}
            - spare: {type: zero(rest), mismatch: keep}
      - z: u8
";
    let bench = Bench::new(spec, b"\x08\x04ab\0\0\0\0\0\xee");
    assert_eq!(bench.sets(&[("outer.inner.s", "abc")]), b"\x08\x04abc\0\0\0\0\xee");
    assert_eq!(bench.sets(&[("outer.inner.s", "abcd")]), b"\x08\x05abcd\0\0\0\xee", "the outer room gives the rest");
    assert_eq!(bench.sets(&[("outer.inner.s", "abcdefgh")]), b"\x0a\x09abcdefgh\0\xee");
}

#[test]
fn gaps_before_offsets_that_are_fixed_give_way() {
    let spec = |gap: &str| {
        format!("types: {{r: {{fields: [{{s: cstr}}, {{a: {{type: u8, at: 6, gap: {gap}}}}}, {{z: u8}}]}}}}")
    };
    for gap in ["zero", "keep"] {
        let bench = Bench::new(&spec(gap), b"ab\0\0\0\0\x05\xee");
        assert_eq!(bench.sets(&[("s", "abcd")]), b"abcd\0\0\x05\xee", "{gap}");
        assert_eq!(bench.sets(&[("s", "")]), b"\0\0\0\0\0\0\x05\xee", "{gap}");
    }
    // Where the offset follows from the field, the gap stays as it is.
    let bench = Bench::new(
        "types: {r: {fields: [{p: u8}, {s: cstr}, {a: {type: u8, at: p, gap: keep}}]}}",
        b"\x06ab\0\0\0\x05",
    );
    assert_eq!(bench.sets(&[("s", "abcd")]), b"\x08abcd\0\0\0\x05");
}

#[test]
fn changes_and_moves_are_told() {
    let bench = Bench::new(ROOM, b"\x06ab\0\0\0\0\xee");
    let mut root = bench.set(&[("area.name", "abcdefg")]).unwrap();
    derive(&bench.format, bench.start, &mut root, &bench.bytes.as_slice()).unwrap();
    let told = compare(&bench.format, &bench.before.root, &root);
    let changes: Vec<_> = told.changes.iter().map(|change| (change.path.as_str(), change.origin.as_deref())).collect();
    assert_eq!(changes, [("len", Some("the size of `area`")), ("area.name", None)]);
    let moves: Vec<_> = told.moves.iter().map(|m| (m.first.as_str(), m.last.as_deref(), m.by)).collect();
    assert_eq!(moves, [("area.spare", None, 5)]);
}

#[test]
fn a_tag_that_no_case_has_may_be_another() {
    let spec = "
enums: {kind: {repr: u8, values: {0: end, 1: data}, unknown: keep}}
types:
  r:
    fields:
      - kind: kind
      - length: u8
      - body: {size: length, max: 9, switch: kind, cases: {end: [], data: [{x: u16}]}, default: {other: bytes(rest)}}
";
    let bench = Bench::new(spec, b"\x07\x02ab");
    assert_eq!(bench.sets(&[("kind", "9"), ("body", "616263")]), b"\x09\x03abc");
    assert_eq!(bench.sets(&[("kind", "data")]), b"\x01\x02ab", "the body is read as that case");
    let named = Bench::new(spec, b"\x01\x02ab");
    named.refuses("kind", "9", "`kind` is the case of `body`: the case is not changed");
    assert_eq!(named.sets(&[("body.x", "1")]), named.sets(&[("body.data.x", "1")]));
    named.refuses("body", "1", "`body` has fields: set them one by one, such as `body.x`");
}

#[test]
fn what_is_read_as_something_else_is_noticed() {
    let spec = "types: {r: {fields: [{there: bool}, {a: {type: u8, if: there}}, {rest: blob(rest)}]}}";
    let bench = Bench::new(spec, b"\x01\x05xy");
    let after = |values: &[(&str, &str)]| {
        let mut root = bench.set(values).unwrap();
        derive(&bench.format, bench.start, &mut root, &bench.bytes.as_slice()).unwrap();
        let out = bench.write(&root);
        misread(&bench.format, &root, &read(&bench.format, bench.start, &out.as_slice()).root)
    };
    assert_eq!(after(&[("there", "false")]), Some("a".to_owned()));
    assert_eq!(after(&[("there", "false"), ("a", "-")]), None);
    assert_eq!(presence_at(&bench.format, &bench.before.root, "a").as_deref(), Some("there"));
}
