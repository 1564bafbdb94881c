//! Behind something that takes all that is left nothing is written: a reader would take it for a part of that.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a failed expectation is a failed test")]

use vmspec_generated_tests::features::taking_the_rest::{
    File, FileBody, Inner, Lists, Optional, Outer, OuterInner, Padded, Record, RecordData, Windows, WindowsCased,
    WindowsCasedTrue,
};
use vmspec_generated_tests::{hex, read};
use vmspec_runtime::{Blob, Class, Endian, Wire};

fn of<T: for<'a> Wire<Args<'a> = ()>>(text: &str) -> T {
    read::<T>(&hex(text), Endian::Big, &()).expect("it is read").0
}

fn refused<T: Wire>(value: &T, args: &T::Args<'_>, path: &str) {
    let e = vmspec_generated_tests::write(value, &[], Endian::Big, args).expect_err("it would be read otherwise");
    assert_eq!((e.path().as_str(), e.class()), (path, Class::Invalid));
}

fn whole(bytes: &[u8]) -> Record {
    Record { data: RecordData::Whole(bytes.to_vec()) }
}

fn byte(value: u8) -> Record {
    Record { data: RecordData::Byte(value) }
}

#[test]
fn a_field_behind_a_case() {
    let mut value: File = of("01 aabb");
    value.body = FileBody::Raw(Blob::from(Vec::new()));
    value.more = Blob::from(vec![1]);
    refused(&value, &(), "more");
}

#[test]
fn a_field_behind_something_in_types_in_the_field_before() {
    let mut value: File = of("00 01 00 ccdd");
    value.more = Blob::from(vec![0xcc, 0xdd]);
    let text = Inner { has_text: 1, text: Some(vec![1]) };
    value.body = FileBody::False(Outer { inner: OuterInner::InIt(text) });
    refused(&value, &(), "more");
    value.more = Blob::from(Vec::new());
    assert_eq!(vmspec_generated_tests::write(&value, &[], Endian::Big, &()).expect("it is whole"), hex("00 01 01 01"));
}

#[test]
fn elements_and_what_follows_a_list() {
    let start: Lists = of("00 00");
    refused(&Lists { exact: vec![whole(&[]), byte(1)], ..start.clone() }, &(), "exact");
    refused(&Lists { listed: vec![whole(&[1]), byte(1)], ..start.clone() }, &(), "listed");
    refused(&Lists { others: vec![whole(&[]), whole(&[])], ..start.clone() }, &(), "others");
    refused(&Lists { listed: vec![byte(1), whole(&[])], others: vec![byte(2)], ..start }, &(), "others");
}

#[test]
fn slack_of_a_window() {
    let start: Windows = of("03 0007aa 000800 0009000000000000 61626364 05");
    let kept_slack = Blob::from(vec![0xaa]);
    let start = Windows { kept_slack: kept_slack.clone(), ..start };
    let cased = WindowsCased::True(WindowsCasedTrue { short: "abcd".into() });
    refused(&Windows { kept: whole(&[7]), cased: cased.clone(), ..start.clone() }, &(), "kept");
    refused(&Windows { zeros: whole(&[8]), ..start.clone() }, &(), "zeros");
    refused(&Windows { eight: whole(&[0; 6]), ..start.clone() }, &(), "eight");
    refused(&Windows { filled: vec![1, 2, 3], ..start.clone() }, &(), "filled");
    let all = Windows { kept: whole(&[7, 7]), kept_slack: Blob::from(Vec::new()), ..start };
    refused(
        &Windows { cased: WindowsCased::True(WindowsCasedTrue { short: "abc".into() }), ..all.clone() },
        &(),
        "cased.short",
    );
    let all = Windows { eight: whole(&[0; 7]), cased, ..all };
    assert!(vmspec_generated_tests::write(&all, &[], Endian::Big, &()).is_ok());
}

#[test]
fn slack_of_a_type() {
    let value: Padded = of("03 0007");
    refused(&Padded { body: whole(&[]), slack: Blob::from(vec![1]) }, &(), "slack");
    assert!(vmspec_generated_tests::write(&value, &[], Endian::Big, &()).is_ok());
}

#[test]
fn optional_fields() {
    let value: Optional = of("01 aabb");
    refused(&Optional { which: 3, number: Some(1), number_gap: Blob::from(vec![0]), ..value }, &(), "number");
}
