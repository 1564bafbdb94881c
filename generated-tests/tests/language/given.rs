//! What callers give beside the bytes: inputs and code by hand, through the doors that take them and those that do without.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Cursor;

use vmspec::format::{Format, Root, Unprepared};
use vmspec_codegen::interpret::{self, Start};
use vmspec_generated_tests::differential::model;
use vmspec_generated_tests::features::externs::{self, Externs, NoExterns};
use vmspec_generated_tests::features::inputs::{self, Flavor, Inputs, Options};
use vmspec_generated_tests::features::roots;
use vmspec_generated_tests::{externs as by_hand, hex};
use vmspec_runtime::binrw::{BinRead, BinWrite};
use vmspec_runtime::{Ahead, Class, Endian, Guid, Result, SetInput, Wire};

/// A stream of the first values of all inputs.
const PLAIN: &str = "494e 01 0005 0012 01 aabbccdd 00 00000000 07";
/// The same with pages of eight bytes.
const LARGER: &str = "494e 01 0005 0012 01 0011223344556677 00 0000000000000000 07";

fn larger() -> inputs::StreamArgs {
    inputs::StreamArgs { inputs: Inputs { page_bits: 3, ..Inputs::default() } }
}

#[test]
fn every_door_without_arguments_takes_the_first_values() {
    let bytes = hex(PLAIN);
    let (value, rest) = inputs::Stream::parse(&bytes).unwrap();
    assert!(rest.is_empty() && value.check().is_empty());
    assert_eq!(value.byte_len(Inputs::default()), 18);
    let mut written = Vec::new();
    value.write_from(&mut Cursor::new(&bytes), &mut written).unwrap();
    assert_eq!(written, bytes);
    let read = inputs::Stream::read(&mut Cursor::new(&bytes)).unwrap();
    assert_eq!(read, value);
    let mut events = 0;
    let mut reader = inputs::StreamReader::new(bytes.as_slice());
    while reader.next_event().unwrap().is_some() {
        events += 1;
    }
    assert!(events > 2, "{events}");
    let fixed = inputs::Table::from_bytes(&[1, 3], inputs::TableArgs::default()).unwrap();
    let mut written = Cursor::new(Vec::new());
    fixed.write(&mut written).unwrap();
    assert_eq!(written.into_inner(), [1, 3]);
}

#[test]
fn the_same_bytes_mean_something_else_with_other_inputs() {
    let bytes = hex(LARGER);
    assert!(inputs::Stream::parse(&bytes).is_err());
    let (value, rest) = inputs::Stream::parse_with(&bytes, Endian::Little, larger()).unwrap();
    assert!(rest.is_empty());
    assert!(inputs::Stream::parse_with(&hex(PLAIN), Endian::Little, larger()).is_err());
    let (mut from, mut to) = (Cursor::new(&bytes), Vec::new());
    value.write_from_with(&mut from, &mut to, Endian::Little, larger()).unwrap();
    assert_eq!(to, bytes);
    let e = value.write_from(&mut from, &mut Vec::new()).unwrap_err();
    assert_eq!(e.class(), Class::Invalid, "a writer that is given other inputs refuses: {e}");
}

#[test]
fn inputs_are_set_by_name() {
    let mut all = Inputs::default();
    let owner = "ffffffff-0000-1111-2222-333333333333";
    let given = [
        ("page_bits", "3"),
        ("sizes", "true"),
        ("flavor", "rich"),
        ("options", "2"),
        ("shift", "-7"),
        ("owner", owner),
    ];
    assert!(given.iter().all(|(name, value)| all.set_input(name, value)));
    let owner: Guid = owner.parse().unwrap();
    let expected =
        Inputs { page_bits: 3, sizes: true, flavor: Flavor::Rich, options: Options::PADDED, shift: -7, owner };
    assert_eq!(all, expected);
    for (name, value) in [("page_bits", "256"), ("page_bits", "x"), ("sizes", "1"), ("flavor", "odd"), ("other", "1")] {
        assert!(!all.set_input(name, value), "{name}={value}");
    }
    assert_eq!(all, expected);
}

#[test]
fn a_format_is_verified_and_rewritten_with_inputs() {
    const FORMAT: Format = Format::of::<inputs::Stream, Unprepared>(
        "inputs",
        inputs::TITLE,
        inputs::SPEC,
        inputs::MAGICS,
        &[("inputs.yaml", "")],
    );
    let (plain, larger) = (hex(PLAIN), hex(LARGER));
    let three: &[(&str, &str)] = &[("page_bits", "3")];
    assert!(FORMAT.verify(&mut Cursor::new(&plain), 0).is_ok());
    assert!(FORMAT.verify(&mut Cursor::new(&larger), 0).is_err());
    assert!(FORMAT.verify_with(&mut Cursor::new(&larger), 0, three).unwrap().is_empty());
    let mut to = Vec::new();
    FORMAT.rewrite_with(&mut Cursor::new(&larger), 0, &mut to, three).unwrap();
    assert_eq!(to, larger);
    let e = FORMAT.verify_with(&mut Cursor::new(&larger), 0, &[("page_bit", "3")]).unwrap_err();
    assert_eq!(
        (e.class(), e.to_string()),
        (Class::Unsupported, "expected an input `page_bit` that can be `3` (unsupported)".into())
    );
}

/// What a file begins with says what it is.
#[test]
fn a_file_of_a_format_may_be_one_of_several_things() {
    const CHANNEL: Root = Root::of::<roots::Channel, Unprepared>("channel", &[b"\x11SIDE"]);
    const FORMAT: Format =
        Format::of::<roots::Stream, Unprepared>("roots", roots::TITLE, roots::SPEC, roots::MAGICS, &[]).or(&[CHANNEL]);
    let (stream, channel) = (b"..MAINPART\x07".as_slice(), b"..\x11SIDE\0payload".as_slice());
    assert!(FORMAT.matches(&channel[2..]) && FORMAT.may_continue(b"\x11S") && !FORMAT.matches(b"PART"));
    assert_eq!(FORMAT.other(&channel[2..]).map(|other| other.name), Some("channel"));
    assert!(FORMAT.other(&stream[2..]).is_none() && FORMAT.other(b"other").is_none());
    for (bytes, findings) in [(stream, 0), (channel, 1)] {
        assert_eq!(FORMAT.verify(&mut Cursor::new(bytes), 2).unwrap().findings.len(), findings);
        let mut to = Vec::new();
        FORMAT.rewrite(&mut Cursor::new(bytes), 2, &mut to).unwrap();
        assert_eq!(to, bytes[2..]);
    }
    let e = FORMAT.verify(&mut Cursor::new(b"PARTPART\x07"), 0).unwrap_err();
    assert_eq!((e.class(), e.path()), (Class::NotThisFormat, "magic".to_owned()));
}

/// The interpreter's choice is the same, and so is the table of formats.
#[test]
fn the_model_tells_roots_by_how_they_begin() {
    let format = model(roots::SPEC);
    let named = |head: &[u8]| format.ty(format.root_of(head)).name.as_str();
    let heads: [&[u8]; 5] = [b"\x11SIDE", b"MAIN", b"PART", b"TOLD", b""];
    assert_eq!(heads.map(named), ["channel", "stream", "stream", "stream", "stream"]);
    let channel = vmspec::format::find(b"\x11\x22\x33\x44").and_then(|it| it.other(b"\x11\x22\x33\x44"));
    assert_eq!(channel.map(|other| other.name), Some("multifd_channel"));
    assert!(vmspec::format::find(b"metadata").is_none(), "a part of something else");
}

#[test]
fn without_code_by_hand_a_field_says_what_it_needs() {
    let bytes = hex("4558 613b 00");
    let e = externs::Stream::parse(&bytes).unwrap_err();
    let text = "0x2: title: expected code that tells the length of `line` (stop 59 (0x3b)) (unsupported)";
    assert_eq!((e.class(), e.to_string()), (Class::Unsupported, text.to_owned()));
    let format = model(externs::SPEC);
    let reading = interpret::read(format, Start { ty: format.root, at: 0, big: false }, &bytes.as_slice());
    assert_eq!(reading.error.map(|e| e.to_string()), Some(text.to_owned()));
    let mut reader = externs::StreamReader::new(bytes.as_slice());
    assert_eq!(reader.next_event().map(|_| ()).map_err(|e| e.to_string()), Err(text.to_owned()));
}

/// Knows lines and nothing else.
#[derive(Debug)]
struct LinesAlone;

impl Externs for LinesAlone {
    fn line(&self, ahead: &mut Ahead<'_>, stop: u8) -> Result<u64> {
        by_hand::f_externs::Externs.line(ahead, stop)
    }
}

#[test]
fn what_is_left_out_is_refused_with_the_device_it_stood_at() {
    let bytes = hex("4558 613b 01 02 6162 01 07 46 00");
    let args = externs::StreamArgs { externs: &LinesAlone, ..externs::StreamArgs::default() };
    let e = externs::Stream::parse_with(&bytes, Endian::Big, args).unwrap_err();
    let text = "0x8: records[0].body.state.body: expected code that tells the length of `opaque_state` \
        (idstr \"ab\", version 1, kind 1, exact 0) (unsupported)";
    assert_eq!(e.to_string(), text);
    let args = externs::StreamArgs { externs: &by_hand::f_externs::Externs, ..externs::StreamArgs::default() };
    let (value, _) = externs::Stream::parse_with(&bytes, Endian::Big, args).unwrap();
    // A writer asks nobody.
    let mut written = Vec::new();
    value.write_from(&mut Cursor::new(&bytes), &mut written).unwrap();
    assert_eq!(written, bytes);
    let none: &dyn Externs = &NoExterns;
    assert_eq!(format!("{none:?}"), "Externs");
}
