//! The interpreter with what is read aside and lists that are read one by one: what is held and what is left over, what is
//! refused and where, and what is written.
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use vmspec_codegen::compile;
use vmspec_codegen::interpret::edit::{Given, misread, set};
use vmspec_codegen::interpret::{
    Blob, Bytes, Look, Node, Reading, Start, Trouble, Value, Wanted, derive, find, read, read_wanted, write,
};
use vmspec_codegen::model::Format;
use vmspec_codegen::source::Source;

/// A file with a region of items anywhere behind a table of pointers, and a lazy table of entries.
const DISK: &str = "
enums: {kind: {repr: u8, values: {0: number, 1: text}, unknown: error}}
types:
  r:
    slack: keep
    fields:
      - magic: {magic: DISK}
      - region_at: u8
      - region_size: u8
      - table_at: u8
      - count: u8
      - region: {type: region, via: region_at, from: file, size: region_size}
      - table: {type: entry, via: table_at, from: file, count: count, with: {odd: index % 2 == 1}, lazy: true}
  region:
    slack: keep
    fields:
      - n: u8
      - items: {type: item, with: {around: this}, count: n}
  item:
    params: {around: place}
    fields:
      - kind: kind
      - offset: u8
      - length: u8
      - value: {if: length > 0, via: offset, from: around, size: length, switch: kind, cases: {number: {n: u16}, text: utf8(rest)}}
  entry:
    params: {odd: bool}
    bits: u16
    require: not odd or state < 2
    fields: [{state: u4}, {place: u12}]
";

/// 12..16 and 34..36 belong to nothing, nor do 4..6 and 9..10 of the region.
const BYTES: &[u8] = b"DISK\x10\x12\x24\x04........\
    \x02\x01\x0f\x03\x00\x0b\x02ABCD\x39\x05EFtxt\
    ..\x01\x00\x11\x00\x25\x00\x31\x00end";

fn format(types: &str) -> Format {
    let text = format!("spec: 1\nformat: {{id: t}}\nroot: r\nendian: le\n{types}");
    let source = Source::memory("t.yaml", BTreeMap::from([("t.yaml".into(), text)]));
    compile(&source).unwrap_or_else(|e| panic!("{}", e.render_short())).0
}

fn start(format: &Format) -> Start {
    Start { ty: format.root, at: 0, big: false }
}

fn reading(format: &Format, bytes: &[u8]) -> Reading {
    read(format, start(format), &bytes)
}

fn sound(format: &Format, bytes: &[u8]) -> Reading {
    let reading = reading(format, bytes);
    assert_eq!(reading.error, None);
    assert_eq!(written(format, &reading, bytes), bytes[..usize::try_from(reading.end).unwrap()]);
    reading
}

/// What is written of a tree that says of itself that all is where it should be.
fn written(format: &Format, reading: &Reading, bytes: &[u8]) -> Vec<u8> {
    let mut root = reading.root.clone();
    derive(format, start(format), &mut root, &bytes).unwrap();
    assert_eq!(root, reading.root);
    let mut out = Vec::new();
    write(format, start(format), &root, &bytes, &mut out).unwrap();
    out
}

/// Path, class and offset of the error.
fn refusal(format: &Format, bytes: &[u8]) -> (String, &'static str, u64) {
    told(&reading(format, bytes).error.unwrap())
}

fn told(error: &Trouble) -> (String, &'static str, u64) {
    (error.path.clone(), error.class.name(), error.offset.unwrap())
}

fn at<'a>(format: &'a Format, reading: &'a Reading, path: &str) -> Look<'a> {
    find(&Look::root(format, &reading.root), path).unwrap_or_else(|e| panic!("{e}"))
}

fn changed(bytes: &[u8], at: usize, to: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] = to;
    bytes
}

/// The result of setting values, or why there is none.
fn sets(format: &Format, bytes: &[u8], wanted: &Wanted, values: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let before = read_wanted(format, start(format), &bytes, wanted);
    let mut root = before.root.clone();
    for (path, value) in values {
        set(format, &mut root, path, &Given::Text((*value).to_owned()), &bytes)?;
    }
    derive(format, start(format), &mut root, &bytes).map_err(|e| e.to_string())?;
    let mut out = Vec::new();
    write(format, start(format), &root, &bytes, &mut out).map_err(|e| e.to_string())?;
    let after = read_wanted(format, start(format), &out.as_slice(), wanted);
    if let Some(error) = after.error {
        return Err(error.to_string());
    }
    assert_eq!(misread(format, &root, &after.root), None);
    Ok(out)
}

fn pieces(look: &Look<'_>) -> Vec<(u64, u64)> {
    look.children().iter().map(|piece| (piece.node.at, piece.node.len)).collect()
}

#[test]
fn what_lies_aside_is_in_the_value_of_the_field_that_points_to_it() {
    let format = format(DISK);
    let reading = sound(&format, BYTES);
    let region = at(&format, &reading, "region");
    assert_eq!((region.node.at, region.node.len), (0x10, 0x12));
    let text = at(&format, &reading, "region.items[0].value");
    assert_eq!((text.node.at, text.node.len), (0x1f, 3));
    assert_eq!(at(&format, &reading, "region.items[1].value.n").node.value, Value::Int(0x0539));
    let element = at(&format, &reading, "region.items[0]");
    assert_eq!((element.node.at, element.node.len), (0x11, 3), "an element takes what lies in its row alone");
}

#[test]
fn what_nothing_covers_is_a_node_for_each_range() {
    let format = format(DISK);
    let reading = sound(&format, BYTES);
    let slack = at(&format, &reading, "slack");
    assert_eq!(pieces(&slack), [(8, 8), (0x22, 2), (0x2c, 3)]);
    assert_eq!(pieces(&at(&format, &reading, "region.slack")), [(0x17, 4), (0x1d, 2)]);
    assert_eq!(at(&format, &reading, "slack[1]").node.value, Value::Blob(Blob::File(0x22)));
    assert_eq!(reading.end, BYTES.size());
}

#[test]
fn neighbours_leave_nothing_between() {
    let format = format(DISK);
    let tight = b"DISK\x08\x06\x0e\x02\x01\x01\x04\x02abAABB";
    let reading = sound(&format, tight);
    assert_eq!(pieces(&at(&format, &reading, "slack")), []);
    assert_eq!(pieces(&at(&format, &reading, "region.slack")), []);
    let swapped = b"DISK\x0c\x06\x08\x02AABB\x01\x01\x04\x02ab";
    assert_eq!(pieces(&at(&format, &sound(&format, swapped), "slack")), []);
}

#[test]
fn errors_are_where_a_pointer_leads() {
    let format = format(DISK);
    let of = |at, to| refusal(&format, &changed(BYTES, at, to));
    let error = |path: &str, class, at| (path.to_owned(), class, at);
    assert_eq!(of(4, 7), error("region", "invalid", 7), "before the end of the fields");
    assert_eq!(of(4, 0x1e), error("region", "truncated", 0x1e), "ends outside of the file");
    assert_eq!(of(6, 0xf0), error("table", "truncated", 0xf0));
    assert_eq!(of(0x12, 0x10), error("region.items[0].value", "invalid", 0x20), "ends outside of the region");
    assert_eq!(of(0x12, 3), error("region.items[0].value", "invalid", 0x13), "in front of what was read");
    assert_eq!(of(0x12, 6), error("region", "invalid", 0x16), "in a field that comes later");
    assert_eq!(of(0x12, 0x0c), error("region", "invalid", 0x1c), "shares a byte with another");
    assert_eq!(of(6, 0x21), error("", "invalid", 0x21), "shares a byte with the region");
    assert_eq!(of(0x16, 1), error("region.items[1].value", "invalid", 0x1b), "its bytes are a window");
}

#[test]
fn no_more_is_read_aside_than_there_is() {
    let format = format(
        "types:
  r: {size: n, max: 64, fields: [{n: u8}, {list: {type: one, with: {around: this}, count: 4}}]}
  one: {params: {around: place}, fields: [{at: u8}, {what: {type: bytes(3), via: at, from: around}}]}",
    );
    let bytes = b"\x09\x05\x05\x05\x05abc.";
    assert_eq!(refusal(&format, bytes), ("list[3].what".to_owned(), "limit", 5));
    assert_eq!(refusal(&format, b"\x08\x05\x05\x05\x05abc"), ("list[2].what".to_owned(), "limit", 5));
    sound(&format, b"\x0e\x05\x08\x0b\x05abcdefghi");
}

#[test]
fn the_same_bytes_can_be_held_twice_and_are_written_once() {
    let types = "types:
  r: {slack: keep, fields: [{n: u8}, {list: {type: one, with: {around: this}, count: n}}]}
  one: {params: {around: place}, fields: [{at: u8}, {size: u8}, {what: {type: utf8(size), via: at, from: around}}]}";
    let format = format(types);
    let bytes = b"\x02\x06\x03\x06\x03.abc.";
    sound(&format, bytes);
    let none = Wanted::default();
    let error = sets(&format, bytes, &none, &[("list[0].what", "xyz")]).unwrap_err();
    assert!(error.contains("same bytes"), "{error}");
    let both = sets(&format, bytes, &none, &[("list[0].what", "xyz"), ("list[1].what", "xyz")]);
    assert_eq!(both.as_deref(), Ok(b"\x02\x06\x03\x06\x03.xyz.".as_slice()));
    assert_eq!(refusal(&format, b"\x02\x06\x03\x06\x02.abc."), (String::new(), "invalid", 6));
}

#[test]
fn slack_may_have_to_be_zero_or_not_to_be() {
    let of = |slack: &str| {
        format(&format!("types: {{r: {{{slack}fields: [{{at: u8}}, {{what: {{type: u16, via: at}}}}, {{b: u8}}]}}}}"))
    };
    let (none, zero) = (of(""), of("slack: zero, "));
    let reading = sound(&none, b"\x02bxy.");
    assert_eq!((reading.end, at(&none, &reading, "what").node.at), (4, 2), "what follows is not part of it");
    assert_eq!(refusal(&none, b"\x03b.xy"), (String::new(), "invalid", 2));
    let reading = sound(&zero, b"\x03b\0xy\0\0");
    assert_eq!((reading.end, pieces(&at(&zero, &reading, "slack"))), (7, vec![(2, 1), (5, 2)]));
    assert_eq!(refusal(&zero, b"\x03b.xy\0\0"), (String::new(), "invalid", 2));
    assert_eq!(refusal(&zero, b"\x03b\0xy\0."), (String::new(), "invalid", 6));
}

#[test]
fn what_takes_no_bytes_may_lie_anywhere() {
    let format = format("types: {r: {fields: [{at: u8}, {n: u8}, {what: {type: bytes(n), via: at}}]}}");
    sound(&format, b"\xff\0");
    sound(&format, b"\0\0");
    assert_eq!(refusal(&format, b"\0\x01"), ("what".to_owned(), "invalid", 0));
}

#[test]
fn values_that_lie_aside_are_set_where_they_are() {
    let (format, none) = (format(DISK), Wanted::default());
    let set = |values: &[(&str, &str)]| sets(&format, BYTES, &none, values);
    let mut expected = BYTES.to_vec();
    expected[0x1b..0x1d].copy_from_slice(&[0x34, 0x12]);
    assert_eq!(set(&[("region.items[1].value.n", "0x1234")]), Ok(expected));
    let mut expected = BYTES.to_vec();
    expected[0x1f..0x22].copy_from_slice(b"xyz");
    assert_eq!(set(&[("region.items[0].value", "xyz")]), Ok(expected));
}

#[test]
fn lengths_follow_and_what_has_no_room_is_refused() {
    let (format, none) = (format(DISK), Wanted::default());
    let set = |values: &[(&str, &str)]| sets(&format, BYTES, &none, values);
    for (path, value) in [
        ("region.items[0].offset", "0x0e"),
        ("region.items[1].value", "-"),
        ("region.items[0].value", "too long"),
        ("region_at", "0x11"),
        ("table_at", "0x25"),
    ] {
        let error = set(&[(path, value)]).unwrap_err();
        assert!(error.contains("aside"), "{path}: {error}");
    }
    let error = set(&[("region.items[0].length", "2")]).unwrap_err();
    assert!(error.contains("size of"), "{error}");
}

#[test]
fn lazy_lists_hold_what_was_asked_for() {
    let format = format(DISK);
    let lazy = |wanted: &Wanted| {
        let reading = read_wanted(&format, start(&format), &BYTES, wanted);
        assert_eq!(reading.error, None);
        assert_eq!(written(&format, &reading, BYTES), BYTES);
        let table = at(&format, &reading, "table");
        assert_eq!((table.count(), table.node.at, table.node.len), (Some(4), 0x24, 8));
        let Value::Lazy(list) = &table.node.value else { panic!("{table:?}") };
        list.held.iter().map(|(i, node)| (*i, node.at)).collect::<Vec<_>>()
    };
    assert_eq!(lazy(&Wanted::default()), []);
    let one = Wanted { paths: vec!["table[2].place".into()], ..Wanted::default() };
    assert_eq!(lazy(&one), [(2, 0x28)]);
    assert_eq!(lazy(&Wanted { first: 1, ..Wanted::default() }), [(0, 0x24), (3, 0x2a)]);
}

#[test]
fn elements_know_their_index_when_they_are_asked_for() {
    let format = format(DISK);
    let bytes = changed(BYTES, 0x2a, 0x32);
    assert_eq!(reading(&format, &bytes).error, None, "it is not looked at");
    let of = |wanted: &Wanted| read_wanted(&format, start(&format), &bytes.as_slice(), wanted).error;
    let third = Wanted { paths: vec!["table[3]".into()], ..Wanted::default() };
    assert_eq!(told(&of(&third).unwrap()), ("table[3]".to_owned(), "invalid", 0x2a));
    assert_eq!(told(&of(&Wanted::checked([])).unwrap()), ("table[3]".to_owned(), "invalid", 0x2a));
    let second = Wanted { paths: vec!["table[2]".into()], ..Wanted::default() };
    assert_eq!(of(&second), None);
    assert_eq!(read_wanted(&format, start(&format), &BYTES, &Wanted::checked([])).error, None);
}

#[test]
fn an_element_of_a_lazy_list_is_set() {
    let format = format(DISK);
    let wanted = Wanted::checked(["table[2]".to_owned(), "table[3]".to_owned()]);
    let out = sets(&format, BYTES, &wanted, &[("table[2].place", "0x123")]);
    let mut expected = BYTES.to_vec();
    expected[0x28..0x2a].copy_from_slice(&[0x35, 0x12]);
    assert_eq!(out, Ok(expected));
    let error = sets(&format, BYTES, &wanted, &[("table[3].state", "2")]).unwrap_err();
    assert!(error.contains("table[3]"), "{error}");
    assert!(sets(&format, BYTES, &wanted, &[("table[4].state", "1")]).is_err());
}

/// A file of sevens behind its own length, with one byte at the end that no rule allows.
struct Same(u64);
impl Bytes for Same {
    fn size(&self) -> u64 {
        self.0
    }
    fn read_at(&self, at: u64, to: &mut [u8]) -> std::io::Result<()> {
        to.fill(7);
        if at == 0 {
            to.copy_from_slice(&u32::try_from(self.0 - 4).unwrap().to_le_bytes());
        } else if at == self.0 - 1 {
            to.fill(222);
        }
        Ok(())
    }
}

/// The first bytes of one.
struct Cut(Same);
impl Bytes for Cut {
    fn size(&self) -> u64 {
        8
    }
    fn read_at(&self, at: u64, to: &mut [u8]) -> std::io::Result<()> {
        self.0.read_at(at, to)
    }
}

/// Two values for each element: more than a reading may have.
const LONG: u64 = (4 << 20) + 9;

#[test]
fn a_long_list_takes_no_memory() {
    let types = "types:
  r: {fields: [{n: u32}, {list: {type: entry, count: n, lazy: true}}]}
  entry: {fields: [{a: {type: u8, valid: it < 200}}]}";
    let format = format(types);
    let bytes = Same(LONG);
    let whole = read(&format, start(&format), &bytes);
    assert_eq!((whole.error, whole.end), (None, LONG));
    let checked = read_wanted(&format, start(&format), &bytes, &Wanted::checked([]));
    let last = LONG - 1;
    assert_eq!(told(&checked.error.unwrap()), (format!("list[{}].a", last - 4), "invalid", last));
    let cut = Same(u64::from(u32::MAX));
    let cut = read(&format, start(&format), &Cut(cut)).error.unwrap();
    assert_eq!(told(&cut), ("list".to_owned(), "truncated", 4));
}

#[test]
fn nodes_of_places_have_their_names() {
    let format = format(DISK);
    let reading = sound(&format, BYTES);
    let names: Vec<String> = Look::root(&format, &reading.root).children().iter().map(Look::name).collect();
    assert_eq!(names, ["magic", "region_at", "region_size", "table_at", "count", "region", "table", "slack"]);
    let Node { value: Value::Record(record), .. } = &reading.root else { panic!("{:?}", reading.root) };
    assert_eq!(record.extras.len(), 1);
}
