//! The harness itself: it passes what is right, and it sees what is wrong. The types are written by hand, right and wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use arbitrary::Arbitrary;
use serde::Serialize;
use vmspec_generated_tests as harness;
use vmspec_runtime::{
    Blob, Class, Endian, EndianKind, Field, Found, Input, Output, Result, Rule, Sink, Source, Wire, impl_binrw,
};

/// `kind: u8` from 1 to 9, a driven length, payload.
#[derive(Clone, Debug, PartialEq, Serialize, Arbitrary)]
struct Entry {
    kind: u8,
    data: Blob,
}

static KIND: Rule = Rule::new("kind", 1, Class::Unsupported, "1 to 9");

impl Wire for Entry {
    type Args<'a> = ();
    const SPEC: &'static str = "by_hand.yaml";
    const NAME: &'static str = "entry";
    const LAYOUT: &'static [Field] = &[
        Field::at(0, 1, "kind", "u8", 1),
        Field::at(1, 1, "length", "u8", 2).driven(),
        Field::variable("data", "blob(length)", 3),
    ];

    fn read_from<I: Input>(src: &mut Source<I>, _: Endian, (): ()) -> Result<Self> {
        let base = src.position();
        let [kind, length] = src.block::<2>()?;
        if !(1..=9).contains(&kind) {
            return Err(KIND.fault(0, kind).at(base));
        }
        Ok(Self { kind, data: src.blob(length.into())? })
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, (): ()) -> Result<()> {
        let length = u8::try_from(self.data.wire_len());
        let length = length.map_err(|_| vmspec_runtime::Error::limit("at most 255", Found::Nothing))?;
        if !(1..=9).contains(&self.kind) {
            return Err(KIND.fault(0, self.kind).unwritten());
        }
        sink.put(&[self.kind, length])?;
        sink.blob(&self.data)
    }

    fn wire_len(&self, (): ()) -> u64 {
        self.data.wire_len().saturating_add(2)
    }
}
impl_binrw!(Entry, args: (), order: EndianKind::Endian(Endian::Big));

/// Two bytes in the byte order of the caller, with a fault that the param chooses.
#[derive(Clone, Debug, PartialEq, Serialize, Arbitrary)]
struct Faulty(u16);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    LosesBits,
    WritesMore,
    SaysLess,
    RefusesOwn,
    RefusesAll,
    Panics,
}

impl Wire for Faulty {
    type Args<'a> = Fault;
    const SPEC: &'static str = "by_hand.yaml";
    const NAME: &'static str = "faulty";
    const LAYOUT: &'static [Field] =
        &[Field::at(0, 1, "low", "u8", 1), Field::at(2, 1, "high", "u8", 2).since(3), Field::variable("x", "u8", 3)];

    fn read_from<I: Input>(src: &mut Source<I>, order: Endian, fault: Fault) -> Result<Self> {
        let bytes = src.block::<2>()?;
        assert!(fault != Fault::Panics || bytes != [9, 9], "as asked for");
        let value = if order == Endian::Big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
        Ok(Self(if fault == Fault::LosesBits { value & 0x7fff } else { value }))
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, order: Endian, fault: Fault) -> Result<()> {
        if fault == Fault::RefusesAll || (fault == Fault::RefusesOwn && self.0 > 999) {
            return Err(KIND.fault(0, self.0).unwritten());
        }
        sink.u16(order, self.0)?;
        if fault == Fault::WritesMore { sink.put(&[0]) } else { Ok(()) }
    }

    fn wire_len(&self, fault: Fault) -> u64 {
        if fault == Fault::SaysLess { 1 } else { 2 }
    }
}

/// The `point` of `lists_count.yaml`, read by hand, with a fault that the number chooses.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Point<const FAULT: u8> {
    x: i8,
    y: i8,
}

static SOFT: Rule = Rule::new("y", 1, Class::Note, "not so much");

impl<const FAULT: u8> Wire for Point<FAULT> {
    type Args<'a> = ();
    const SPEC: &'static str = "by_hand.yaml";
    const NAME: &'static str = "point";
    const LAYOUT: &'static [Field] = &[];

    fn read_from<I: Input>(src: &mut Source<I>, _: Endian, (): ()) -> Result<Self> {
        if FAULT == 1 {
            let [x] = src.block::<1>()?;
            let [y] = src.block::<1>()?;
            return Ok(Self { x: x.cast_signed(), y: y.cast_signed() });
        }
        let [x, y] = src.block::<2>()?;
        if FAULT == 2 && y == 9 {
            return Err(KIND.fault(0, y).at(0));
        }
        let y = if FAULT == 3 && y == 9 { 8 } else { y };
        Ok(Self { x: x.cast_signed(), y: y.cast_signed() })
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, (): ()) -> Result<()> {
        let y = if FAULT == 4 { self.y | 8 } else { self.y };
        sink.put(&[self.x.cast_unsigned(), y.cast_unsigned()])
    }

    fn wire_len(&self, (): ()) -> u64 {
        2
    }

    fn check_into(&self, at: u64, (): (), findings: &mut vmspec_runtime::Findings) {
        findings.expect(FAULT != 5 || self.y != 9, &SOFT, at, Found::Nothing);
    }
}

/// What the interpreter has against a hand-written point, for some bytes.
fn against<const FAULT: u8>(bytes: &[u8]) -> Option<String> {
    harness::differential::Pair::<Point<FAULT>>::new("lists_count.yaml", Endian::Little).difference(bytes)
}

#[test]
fn what_the_interpreter_does_not_say_is_seen() {
    for bytes in [&[][..], &[1], &[1, 9], &[1, 9, 3]] {
        assert_eq!(against::<0>(bytes), None, "{bytes:?}");
    }
    assert_eq!(against::<1>(&[1]).as_deref(), Some("the errors differ"));
    assert_eq!(against::<2>(&[1, 9]).as_deref(), Some("one refuses what the other reads"));
    assert_eq!(against::<3>(&[1, 9]).as_deref(), Some("the values differ at value.y: 8 against 9"));
    assert_eq!(against::<4>(&[1, 1]).as_deref(), Some("they are written differently"));
    assert_eq!(against::<5>(&[1, 9]).as_deref(), Some("the findings differ"));
}

#[test]
#[should_panic(expected = "as small as it gets (2 bytes): 0009")]
fn a_difference_is_told_with_a_small_input() {
    let pair = harness::differential::Pair::<Point<3>>::new("lists_count.yaml", Endian::Little);
    pair.changes(&[7, 8, 1], "a point", 8);
}

#[test]
#[should_panic(expected = "the values differ")]
fn mutations_find_a_difference() {
    let pair = harness::differential::Pair::<Point<3>>::new("lists_count.yaml", Endian::Little);
    pair.mutations(&[pair.seed("a point", vec![7, 1])], 1, 1_000);
}

const GOOD: &[u8] = &[3, 4, 1, 2, 3, 4];

#[test]
fn right_types_pass() {
    harness::accepts::<Entry>(GOOD, Endian::Big, &(), r#"{"kind": "0x3", "data": "01020304"}"#);
    harness::rejects::<Entry>(&[0, 0], Endian::Big, &(), "kind", Class::Unsupported);
    harness::rejects::<Entry>(&[1, 9, 0], Endian::Big, &(), "", Class::Truncated);
    harness::accepts::<Faulty>(&[1, 2], Endian::Little, &Fault::None, "\"513\"");
    harness::accepts::<Faulty>(&[1, 2], Endian::Big, &Fault::None, "258");
    harness::nests::<Entry>(GOOD, Endian::Little);
    harness::nests::<Entry>(&[0, 0], Endian::Little);
}

#[test]
fn checks_count_what_they_saw() {
    assert_eq!(harness::truncations::<Entry>(GOOD, Endian::Big, &()), 0);
    assert_eq!(harness::truncations::<Entry>(&[1, 0, 1], Endian::Big, &()), 1);
    // Kinds 1 to 9 but 3, lengths 0 to 3, any byte of the payload.
    assert_eq!(harness::mutations::<Entry>(GOOD, Endian::Big, &()), 8 + 4 + 4 * 255);
    assert!(harness::random_values::<Entry>(Endian::Big, &()) > 5);
    assert!(harness::random_values::<Faulty>(Endian::Little, &Fault::None) > 400);
    harness::laws::<Entry>(Endian::Big, &(), &[GOOD.to_vec()]);
    let table = harness::layout::<Entry>();
    let words: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[2], ["1", "1", "length", "u8", "driven"], "{table}");
    assert_eq!(words[3], ["-", "-", "data", "blob(length)", "held"], "{table}");
    harness::noise::<Entry>(&[3], Endian::Big, &());
}

#[test]
#[should_panic(expected = "written otherwise")]
fn lost_bits_are_seen() {
    harness::round_trip::<Faulty>(&[0xff, 0xff], Endian::Big, &Fault::LosesBits);
}

#[test]
#[should_panic(expected = "was read as")]
fn lost_bits_are_seen_in_changed_bytes() {
    harness::mutations::<Faulty>(&[0, 0], Endian::Big, &Fault::LosesBits);
}

#[test]
#[should_panic(expected = "law two does not hold")]
fn lost_bits_break_law_two() {
    harness::laws::<Faulty>(Endian::Big, &Fault::LosesBits, &[]);
}

#[test]
#[should_panic(expected = "was read, then not written")]
fn laws_hold_near_seeds_too() {
    harness::laws::<Faulty>(Endian::Big, &Fault::RefusesAll, &[vec![1, 2]]);
}

#[test]
#[should_panic(expected = "an example is missing")]
fn values_that_are_never_written_are_seen() {
    harness::laws::<Faulty>(Endian::Big, &Fault::RefusesAll, &[]);
}

#[test]
#[should_panic(expected = "`low` ends at 1, and `high` does not start there")]
fn a_hole_in_a_layout_is_seen() {
    drop(harness::layout::<Faulty>());
}

#[test]
#[should_panic(expected = "written otherwise")]
fn a_byte_too_many_is_seen() {
    harness::round_trip::<Faulty>(&[1, 2], Endian::Big, &Fault::WritesMore);
}

#[test]
#[should_panic(expected = "its length")]
fn a_wrong_length_is_seen() {
    harness::round_trip::<Faulty>(&[1, 2], Endian::Big, &Fault::SaysLess);
}

#[test]
#[should_panic(expected = "not written")]
fn a_value_that_is_read_and_not_written_is_seen() {
    harness::mutations::<Faulty>(&[0, 0], Endian::Big, &Fault::RefusesOwn);
}

#[test]
#[should_panic(expected = "as asked for")]
fn a_panic_is_seen() {
    harness::mutations::<Faulty>(&[9, 0], Endian::Big, &Fault::Panics);
}

#[test]
#[should_panic(expected = "bytes are left over")]
fn bytes_left_over_are_seen() {
    harness::round_trip::<Entry>(&[1, 0, 7], Endian::Big, &());
}

#[test]
#[should_panic(expected = ".data: expected \"01020305\"")]
fn another_value_is_seen() {
    harness::accepts::<Entry>(GOOD, Endian::Big, &(), r#"{"data": "01020305"}"#);
}

#[test]
#[should_panic(expected = "accepted")]
fn what_is_accepted_is_not_rejected() {
    harness::rejects::<Entry>(GOOD, Endian::Big, &(), "kind", Class::Unsupported);
}

#[test]
#[should_panic(expected = "kind")]
fn another_path_is_seen() {
    harness::rejects::<Entry>(&[0, 0], Endian::Big, &(), "data", Class::Unsupported);
}

#[test]
fn values_match_what_is_said_of_them() {
    let json = |text: &str| serde_json::from_str(text).unwrap();
    let same = |expected: &str, actual: &str| harness::matches(&json(expected), &json(actual), b"\x01\x02\xff");
    for (expected, actual) in [
        (r#"{"a": "7"}"#, r#"{"a": 7, "b": 8}"#),
        (r#"{"a": null, "b": "null"}"#, r#"{"b": null}"#),
        (r#"["true", "0xff", "-1", "1.5", "hi"]"#, r#"[true, 255, -1, 1.5, "hi"]"#),
        (r#""18446744073709551615""#, "18446744073709551615"),
        (r#"["02ff", ""]"#, r#"[{"offset": 1, "length": 2}, {"offset": 3, "length": 0}]"#),
        (r#""02ff""#, "[2, 255]"),
        (r#"{"end": {}}"#, r#"{"end": {"x": 1}}"#),
    ] {
        assert_eq!(same(expected, actual), Ok(()), "{expected}");
    }
    for (expected, actual, place) in [
        (r#"{"a": "7"}"#, r#"{"a": 8}"#, ".a: "),
        (r#"{"a": ["1", "2"]}"#, r#"{"a": [1, 3]}"#, ".a[1]: "),
        (r#"{"a": ["1"]}"#, r#"{"a": [1, 2]}"#, ".a: "),
        (r#"{"a": "1"}"#, r#"{"b": 1}"#, ".a: "),
        (r#""02fe""#, r#"{"offset": 1, "length": 2}"#, ": "),
        (r#""02ff""#, r#"{"offset": 2, "length": 2}"#, ": "),
        ("null", "0", ": "),
    ] {
        let difference = same(expected, actual).unwrap_err();
        assert!(difference.starts_with(place), "{difference}");
    }
}
