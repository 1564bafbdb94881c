//! What values look like in JSON.
#![cfg(feature = "std")]
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, missing_docs)]

use serde::Serialize;
use serde_json::{json, to_value};
use vmspec_runtime::{Blob, Endian, Guid, Kept, Padding, Reserved, Text, Utf16, Uuid, Zeros};

#[derive(Serialize)]
struct Attributes {
    #[serde(serialize_with = "vmspec_runtime::serde::endian")]
    order: Endian,
    #[serde(serialize_with = "vmspec_runtime::serde::cstr")]
    text: std::ffi::CString,
    #[serde(serialize_with = "vmspec_runtime::serde::cstr_opt")]
    none: Option<std::ffi::CString>,
    #[serde(serialize_with = "vmspec_runtime::serde::cstr_opt")]
    some: Option<std::ffi::CString>,
    #[serde(serialize_with = "vmspec_runtime::serde::cstr_list")]
    list: Vec<std::ffi::CString>,
    #[serde(serialize_with = "vmspec_runtime::serde::hex")]
    array: [u8; 2],
    #[serde(serialize_with = "vmspec_runtime::serde::hex")]
    bytes: Vec<u8>,
}

#[test]
fn attributes() {
    let value = Attributes {
        order: Endian::Big,
        text: c"<a/>".into(),
        none: None,
        some: Some(c"\xff".into()),
        list: vec![c"a".into(), c"b".into()],
        array: [1, 0xab],
        bytes: vec![0xcd],
    };
    let expected = json!({
        "order": "big", "text": "<a/>", "none": null, "some": "\\xff", "list": ["a", "b"], "array": "01ab", "bytes": "cd",
    });
    assert_eq!(to_value(&value).unwrap(), expected);
}

#[test]
fn kept_values() {
    let text = "2dc27766-f623-4200-9d64-115e9bfd4a08";
    let guid: Guid = text.parse().unwrap();
    let uuid: Uuid = text.parse().unwrap();
    let range = Blob::Range { offset: 1, length: 2 };
    let shown = json!([
        to_value(Reserved([0_u8, 1])).unwrap(),
        to_value(Kept::<u8>::AsPinned).unwrap(),
        to_value(Kept::Other(7)).unwrap(),
        to_value(Padding::Zero).unwrap(),
        to_value(Padding::Other(vec![9])).unwrap(),
        to_value(Zeros::Zero(4)).unwrap(),
        to_value(Zeros::Other(vec![8])).unwrap(),
        to_value(range).unwrap(),
        to_value(Blob::from(vec![0xee])).unwrap(),
        to_value(Text::from("a")).unwrap(),
        to_value(Utf16::from("b")).unwrap(),
        to_value(guid).unwrap(),
        to_value(uuid).unwrap(),
    ]);
    let expected = json!([
        "0001", null, 7, null, "09", 4, "08", {"offset": 1, "length": 2}, "ee", "a", "b", text, text,
    ]);
    assert_eq!(shown, expected);
}
