//! How an error grows its place on the way out, what it says, and how it travels through binrw.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::error::Error as _;
use std::io;
use vmspec_runtime::{Class, Error, Fault, Found, Locate, Result, Rule};

static KIND: Rule = Rule::new("kind", 12, Class::Invalid, "0 to 4");
static VERSION: Rule = Rule::new("version", 5, Class::Unsupported, "at most 2").say("version 3 was only proposed");
static WHOLE: Rule = Rule::new("", 40, Class::Invalid, "parts that do not overlap");

fn inner(fault: Fault, base: u64) -> Result<()> {
    Err(fault.at(base))
}

#[test]
fn the_place_grows_outward() {
    let e = inner(KIND.fault(3, 8_u8), 0x118)
        .field("body", 20)
        .index(0)
        .field("records", 30)
        .spec("inner.yaml")
        .field("stream", 40)
        .spec("outer.yaml")
        .unwrap_err();
    assert_eq!(e.to_string(), "0x11b: stream.records[0].body.kind: expected 0 to 4, found 8 (invalid)");
    assert_eq!(e.path(), "stream.records[0].body.kind");
    assert_eq!(e.spec_line(), ("inner.yaml", 12));
    assert_eq!((e.offset(), e.class()), (Some(0x11b), Class::Invalid));
}

#[test]
fn bytes_read_by_themselves_lie_somewhere() {
    assert_eq!(KIND.fault(3, 8_u8).at(1).moved(0x100).offset(), Some(0x104));
    assert_eq!(Error::new(Class::Invalid, "x", Found::Nothing).moved(7).offset(), Some(7));
    assert_eq!(KIND.fault(3, 8_u8).at(1).moved(u64::MAX).offset(), Some(u64::MAX));
}

#[test]
fn three_ways_out_of_a_block() {
    let fault = VERSION.fault(4, 3_u32);
    assert_eq!(fault.clone().at(10).offset(), Some(14));
    assert_eq!(fault.clone().at(u64::MAX).offset(), Some(u64::MAX));
    assert_eq!(fault.clone().at_exactly(10).offset(), Some(10));
    assert_eq!(fault.clone().unwritten().offset(), None);
    assert_eq!(
        fault.to_string(),
        "0x4: version: expected at most 2, found 3: version 3 was only proposed (unsupported)"
    );
    assert_eq!(
        fault.unwritten().to_string(),
        "version: expected at most 2, found 3: version 3 was only proposed (unsupported)"
    );
}

#[test]
fn nothing_known_leaves_no_stub() {
    let e = WHOLE.fault(0, Found::Nothing).unwritten();
    assert_eq!(e.to_string(), "expected parts that do not overlap (invalid)");
    assert_eq!((e.path().as_str(), e.spec_line()), ("", ("", 40)));
    let e = Error::limit("at most 7 levels", 8_u8);
    assert_eq!(e.to_string(), "expected at most 7 levels, found 8 (limit)");
    let e = Error::uncomputed("a difference of at least 0").field("n", 3);
    assert_eq!(e.to_string(), "n: expected a difference of at least 0 (invalid)");
}

#[test]
fn the_innermost_place_counts() {
    let e = KIND.fault(1, 9_u8).at(1).located(99).field("x", 99);
    assert_eq!((e.offset(), e.spec_line().1), (Some(2), 12));
}

#[test]
fn causes() {
    let e = Error::io(3, io::Error::other("the disk is gone")).field("area", 9);
    assert_eq!(e.to_string(), "0x3: area: the disk is gone (io)");
    assert_eq!(e.source().unwrap().to_string(), "the disk is gone");
    let e = Error::io(3, io::ErrorKind::UnexpectedEof.into());
    assert_eq!(e.to_string(), "0x3: expected more input (truncated)");
    let e = Error::short(Class::Truncated, 3, 8, 2);
    assert_eq!(e.to_string(), "0x3: expected 8 bytes, found 2 (truncated)");
    assert!(e.source().is_none());
}

#[test]
fn through_binrw() {
    let out: binrw::Error = Error::short(Class::Truncated, 3, 8, 2).field("a", 1).into();
    assert!(out.is_eof());
    assert_eq!(Error::of(&out).unwrap().path(), "a");
    let out: binrw::Error = KIND.fault(1, 9_u8).at(4).into();
    assert!(matches!(out, binrw::Error::Custom { pos: 5, .. }));
    assert_eq!(Error::of(&out).unwrap().class(), Class::Invalid);
    let deep = binrw::error::ContextExt::with_message(out, "while reading a parent");
    assert_eq!(Error::of(&deep).unwrap().path(), "kind");
    assert!(Error::of(&binrw::Error::Io(io::ErrorKind::NotFound.into())).is_none());
    assert!(Error::of(&binrw::Error::Io(io::Error::other("else"))).is_none());
}

#[test]
fn classes_have_the_names_of_specs() {
    for (class, name) in [
        (Class::NotThisFormat, "not_this_format"),
        (Class::Truncated, "truncated"),
        (Class::Incomplete, "incomplete"),
        (Class::Unsupported, "unsupported"),
        (Class::Invalid, "invalid"),
        (Class::Limit, "limit"),
        (Class::NeedsSource, "needs_source"),
        (Class::Io, "io"),
        (Class::Note, "note"),
    ] {
        assert_eq!((class.to_string().as_str(), class.is_note()), (name, name == "note"));
    }
}

#[test]
fn small_and_sendable() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Error>();
    sendable::<Fault>();
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
}
