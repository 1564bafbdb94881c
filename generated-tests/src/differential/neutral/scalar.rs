//! Single values as serde shows those of generated types.

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use vmspec_codegen::emit::enums::unknown_variant;
use vmspec_codegen::interpret::{Blob as Place, Node, Value};
use vmspec_codegen::model::{Enum, EnumId, Key, Repr};
use vmspec_runtime::{Blob, Guid, Padding, Text, Utf16, Uuid, Zeros, serde as shown};

use super::frame::Frame;

/// How bytes are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// As hexadecimal digits.
    Hex,
    /// As a list of numbers.
    List,
}

/// Bytes.
pub struct Bytes<'a>(pub &'a [u8], pub Digits);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            Digits::Hex => shown::hex(self.0, s),
            Digits::List => s.collect_seq(self.0),
        }
    }
}

/// An integer of any width that a spec has.
pub fn int<S: Serializer>(n: i128, s: S) -> Result<S::Ok, S::Error> {
    match (u64::try_from(n), i64::try_from(n)) {
        (Ok(n), _) => s.serialize_u64(n),
        (_, Ok(n)) => s.serialize_i64(n),
        _ => Err(S::Error::custom(format!("{n} is no integer of 64 bits"))),
    }
}

/// Text that is valid, or is shown escaped.
pub fn c_text<S: Serializer>(text: &[u8], s: S) -> Result<S::Ok, S::Error> {
    let text = std::ffi::CString::new(text).map_err(S::Error::custom)?;
    shown::cstr(&text, s)
}

/// Text behind its length.
pub fn text<S: Serializer>(text: &[u8], s: S) -> Result<S::Ok, S::Error> {
    Text(text.to_vec()).serialize(s)
}

/// Units of UTF-16.
pub fn utf16<S: Serializer>(units: &[u16], s: S) -> Result<S::Ok, S::Error> {
    Utf16(units.to_vec()).serialize(s)
}

/// A guid, in Microsoft's order or not.
pub fn guid<S: Serializer>(bytes: [u8; 16], mixed: bool, s: S) -> Result<S::Ok, S::Error> {
    if mixed { Guid(bytes).serialize(s) } else { Uuid(bytes).serialize(s) }
}

/// Payload, or a list that is not held: no bytes, a range, or what is in memory.
pub fn blob<S: Serializer>(node: &Node, s: S) -> Result<S::Ok, S::Error> {
    match &node.value {
        _ if node.len == 0 => Blob::EMPTY.serialize(s),
        Value::Blob(Place::File(offset)) => Blob::Range { offset: *offset, length: node.len }.serialize(s),
        Value::Blob(Place::Held(bytes)) => Blob::Bytes(bytes.clone()).serialize(s),
        Value::Lazy(list) => Blob::Range { offset: list.source, length: node.len }.serialize(s),
        other => Err(S::Error::custom(format!("no blob: {other:?}"))),
    }
}

/// Which member zeros have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Zero {
    /// `Reserved`: all bytes.
    Reserved,
    /// `Padding`: none, or all bytes.
    Padding,
    /// `Zeros`: how many, or all bytes.
    Zeros,
    /// How many.
    Count,
}

/// Zeros, or what was found instead.
pub fn zeros<S: Serializer>(node: &Node, member: Zero, s: S) -> Result<S::Ok, S::Error> {
    let Value::Zeros(other) = &node.value else {
        return Err(S::Error::custom(format!("no zeros: {:?}", node.value)));
    };
    let length = usize::try_from(node.len).map_err(S::Error::custom)?;
    match (member, other) {
        (Zero::Reserved, None) => shown::hex(&vec![0; length], s),
        (Zero::Reserved, Some(bytes)) => shown::hex(bytes, s),
        (Zero::Padding, other) => other.clone().map_or(Padding::Zero, Padding::Other).serialize(s),
        (Zero::Zeros, other) => other.clone().map_or(Zeros::Zero(node.len), Zeros::Other).serialize(s),
        (Zero::Count, None) => s.serialize_u64(node.len),
        (Zero::Count, Some(bytes)) => Err(S::Error::custom(format!("zeros that are none: {bytes:?}"))),
    }
}

/// A value of an enum, which has a name only in the versions that know it.
pub fn enum_value<S: Serializer>(frame: &Frame<'_>, id: EnumId, key: &Key, s: S) -> Result<S::Ok, S::Error> {
    let e = frame.format.enum_(id);
    let version = if e.versioned { frame.version() } else { None };
    let known = |since: Option<u64>, before: Option<u64>| match version {
        Some(v) => since.is_none_or(|n| v >= n.into()) && before.is_none_or(|n| v < n.into()),
        None => true,
    };
    match e.values.iter().find(|value| value.key == *key && known(value.since, value.before)) {
        Some(value) => s.serialize_str(&value.name),
        None => unknown(e, key, s),
    }
}

fn unknown<S: Serializer>(e: &Enum, key: &Key, s: S) -> Result<S::Ok, S::Error> {
    let variant = unknown_variant(e).to_string().to_ascii_lowercase();
    let mut map = s.serialize_map(Some(1))?;
    map.serialize_entry(&variant, &Unnamed(e.repr, key))?;
    map.end()
}

struct Unnamed<'a>(Repr, &'a Key);

impl Serialize for Unnamed<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.1) {
            (_, Key::Int(n)) => int(*n, s),
            (Repr::Guid, Key::Bytes(bytes)) => guid(sixteen(bytes)?, true, s),
            (Repr::Uuid, Key::Bytes(bytes)) => guid(sixteen(bytes)?, false, s),
            (Repr::Bytes(33..), Key::Bytes(bytes)) => Bytes(bytes, Digits::Hex).serialize(s),
            (_, Key::Bytes(bytes)) => Bytes(bytes, Digits::List).serialize(s),
        }
    }
}

fn sixteen<E: Error>(bytes: &[u8]) -> Result<[u8; 16], E> {
    <[u8; 16]>::try_from(bytes).map_err(E::custom)
}
