//! Data that looks like a subsection of the device state in front of it: it can be written behind a sentinel and not without one, and
//! errors say where a sentinel should be.

#![allow(clippy::unwrap_used)]

use vmspec_generated_tests::features::vmstate_sentinels::Stream;
use vmspec_generated_tests::hex;
use vmspec_runtime::{Class, Wire};

fn read(digits: &str) -> Stream {
    let bytes = hex(digits);
    let (value, rest) = Stream::parse(&bytes).unwrap();
    assert!(rest.is_empty());
    value
}

fn written(value: &Stream) -> Vec<u8> {
    let mut to = Vec::new();
    value.write_to(&mut to).unwrap();
    to
}

#[test]
fn what_would_be_taken_for_a_subsection_needs_a_sentinel_in_front() {
    for (digits, offset, what) in [
        ("04 11 06 05 07 6972712f666f6f aabb 06 01020304", 2, "a subsection of irq follows"),
        (
            "04 11 06 616263646566676869 aabb 06 0507636c 6f636b2f78 00000001 07 01020304",
            13,
            "a subsection of clock follows",
        ),
        (
            "04 11 06 616263646566676869 aabb 06 0507636c 6f636b2f7a 00000001 07 01020304",
            13,
            "a subsection of clock follows",
        ),
    ] {
        let mut value = read(digits);
        assert_eq!(written(&value), hex(digits));
        value.format = 3;
        let mut to = Vec::new();
        let e = value.write_to(&mut to).unwrap_err();
        assert_eq!((e.offset(), e.class()), (Some(offset), Class::Invalid), "{e}");
        assert!(e.expected().contains(what), "{e}");
        assert!(to.is_empty());
    }
}

#[test]
fn what_looks_like_nothing_is_written_in_both_formats() {
    for (without, with) in [
        ("03 11 05 07 6973612f666f6f aabb 01020304", "04 11 06 05 07 6973612f666f6f aabb 06 01020304"),
        ("03 00 000000000000000000 0000 00000000", "04 00 06 000000000000000000 0000 06 00000000"),
        (
            "03 11 616263646566676869 aabb 05 07 636c6f636b2f78 00000001 07 01020304 05 09 6465762f6c696e6573 00000001 21 22 23 06",
            "04 11 06 616263646566676869 aabb 05 07 636c6f636b2f78 00000001 07 06 01020304 \
             05 09 6465762f6c696e6573 00000001 21 06 22 06 23 06",
        ),
    ] {
        let mut value = read(without);
        value.format = 4;
        assert_eq!(written(&value), hex(with));
        assert_eq!(read(with), value);
    }
}

#[test]
fn errors_say_where_a_sentinel_should_be() {
    for (digits, text) in [
        ("04 11 00 6162636465666768 aabb 06 01020304", "0x2: device.irq.sentinel: expected 6, found 0 (invalid)"),
        ("04 11 06 616263646566676869 aabb", "0xe: device.clock.sentinel: expected 1 byte, found 0 (truncated)"),
        (
            "04 11 06 616263646566676869 aabb 06 01020304 05 09 6465762f6c696e6573 00000001 21 06 22 23 06",
            "0x25: device.subsections[0].state.lines[1].sentinel: expected 6, found 35 (0x23) (invalid)",
        ),
    ] {
        let bytes = hex(digits);
        assert_eq!(Stream::parse(&bytes).unwrap_err().to_string(), text);
    }
}
