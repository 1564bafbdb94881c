//! What people are told of bytes that are refused: the author's words, and of flags the bits that are to blame.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use vmspec_generated_tests::features::say::Record;
use vmspec_generated_tests::{agree, hex};
use vmspec_runtime::Endian;

/// What every door says when the byte at `at` is `value`.
#[track_caller]
fn told(at: usize, value: u8) -> String {
    let mut bytes = hex("53415921 01 00 01 0300 01 10 00");
    bytes[at] = value;
    let e = agree::<Record>(&bytes, Endian::Little, &()).expect_err("it is refused");
    e.text.split_once(": ").expect("it starts with its offset").1.to_owned()
}

#[test]
fn of_what_a_field_must_be() {
    assert_eq!(told(0, 0), r#"magic: expected "SAY!", found "\x00AY!": this is for another tool (not_this_format)"#);
    assert_eq!(told(4, 2), "version: expected 1, found 2: a newer program is needed (unsupported)");
    assert_eq!(told(11, 1), "gap: expected zeros, found \"\\x01\": leave it alone (invalid)");
}

#[test]
fn of_values_without_a_name() {
    assert_eq!(told(5, 7), "kind: expected 0 to 1, found 7: a newer program wrote this (unsupported)");
    assert_eq!(told(6, 7), "again: expected 0 to 1, found 7: words of the field (unsupported)");
    assert_eq!(told(10, 0x11), "word.level: expected 0, found 1: levels are low (unsupported)");
}

#[test]
fn of_the_bits_that_are_to_blame() {
    let text = "needed: expected no bits but 0x3, found 1028 (0x404): flags that are not supported (unsupported)";
    assert_eq!(told(7, 7), text.replace("1028 (0x404)", "4"));
    assert_eq!(told(8, 0x80), text.replace("1028 (0x404)", "32768 (0x8000)"));
}

#[test]
fn of_rules() {
    assert_eq!(told(9, 9), "small: expected less than 9, found 9: too large (invalid)");
    assert_eq!(told(9, 5), "small: expected anything but 5, found 5: words of the rule (invalid)");
    assert_eq!(told(10, 0x90), "word.more: expected less than 9, found 9: more than enough (invalid)");
}
