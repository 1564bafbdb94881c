//! The tree that a value is read into.

use super::journal::Scan;
use super::lazy::Lazy;
use super::trouble::Trouble;
use crate::model::{CaseId, Copies, FieldId, Key, Scalar, TypeId};

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is in the model.
    pub what: What,
    /// Absolute offset of its first byte.
    pub at: u64,
    /// How many bytes it takes: of a field in a window, without the window's slack.
    pub len: u64,
    /// The value.
    pub value: Value,
}

/// What a node is in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The value as a whole.
    Root(TypeId),
    /// A field of a struct, or a part of a bits type.
    Field(TypeId, FieldId),
    /// An element of a list, which is the field or case around it.
    Element(usize),
    /// The body of a case of a switch.
    Case(TypeId, CaseId),
    /// A valid entry of a journal: its type, and its number among those in the ring.
    Entry(TypeId, usize),
    /// Bytes passed over before a field at an offset.
    Gap(TypeId, FieldId),
    /// A copy of a field that is not the one that counts.
    Copy(TypeId, FieldId, usize),
    /// Bytes between the copy before and this one.
    CopyGap(TypeId, FieldId, usize),
    /// Bytes behind the content of a field's window.
    Slack(TypeId, FieldId),
    /// Bytes behind the fields of a type with a window of its own.
    OwnSlack(TypeId),
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A field that is not there. Its place is where it would have been, its length 0.
    Absent,
    /// An integer of any width and sign.
    Int(i128),
    /// `f32`, as its bits.
    F32(u32),
    /// `f64`, as its bits.
    F64(u64),
    /// A truth value.
    Bool(bool),
    /// A value of an enum, named or not, as on the wire.
    Enum(Key),
    /// Flags, all bits of them.
    Flags(u64),
    /// A guid or uuid, as on the wire; the content says in which order.
    Guid([u8; 16]),
    /// `bytes`, a magic.
    Bytes(Vec<u8>),
    /// `utf8`, `cstr` without its NUL, `pstr` without its length.
    Text(Vec<u8>),
    /// `utf16`, as units.
    Utf16(Vec<u16>),
    /// `blob`; a gap or slack that is kept.
    Blob(Blob),
    /// `zero` or `align`; a gap or slack that must be zero: the bytes found, if they are not all zero. How many there are is
    /// the node's length.
    Zeros(Option<Vec<u8>>),
    /// A struct.
    Record(Record),
    /// The parts of an integer, least significant first, each with the place of the whole integer.
    Bits(Vec<Node>),
    /// A case of a switch and its body, which has the place and length of the switch.
    Case(CaseId, Option<Box<Node>>),
    /// A list.
    List(Vec<Node>),
    /// A list of plain integers.
    Packed(Packed),
    /// A copy with the bytes of the one that counts.
    Same,
    /// The bytes of a copy that is not valid, and why it is not.
    Refused(Vec<u8>, Box<Trouble>),
    /// A list whose elements are read one by one.
    Lazy(Lazy),
    /// A journal that was looked through. It is only ever looked at, and a tree with it is not written.
    Scan(Box<Scan>),
}

/// Payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blob {
    /// Where its node is in the file that was read: the offset. Its length is the node's.
    File(u64),
    /// In memory.
    Held(Vec<u8>),
}

/// A struct.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// One node for each field of the model, in order; after an error, those that were read.
    pub fields: Vec<Node>,
    /// Gaps, slacks and copies that do not count, in the order of the bytes.
    pub extras: Vec<Node>,
    /// The byte order that was found by trial; `true` is big.
    pub order: Option<bool>,
    /// The version that its enums and flags are read in, where it has one.
    pub version: Option<u64>,
    /// Of the pinned fields that may hold another value, those that hold what they are pinned to: they follow their pin.
    pub as_pinned: Vec<FieldId>,
}

/// A list of plain integers, as they lie on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// What each is: `UInt` or `Int`.
    pub scalar: Scalar,
    /// Whether they are big-endian.
    pub big: bool,
    /// All their bytes.
    pub bytes: Vec<u8>,
}

impl Packed {
    /// Size of an element in bytes, at least 1.
    #[must_use]
    pub fn step(&self) -> usize {
        match self.scalar {
            Scalar::UInt(n) | Scalar::Int(n) => usize::try_from(n).unwrap_or(1).max(1),
            _ => 1,
        }
    }

    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bytes.len().checked_div(self.step()).unwrap_or(0)
    }

    /// The elements.
    pub fn numbers(&self) -> impl Iterator<Item = i128> + '_ {
        self.bytes.chunks_exact(self.step()).map(|b| self.number(b))
    }

    /// An element.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<i128> {
        self.bytes.chunks_exact(self.step()).nth(index).map(|b| self.number(b))
    }

    fn number(&self, bytes: &[u8]) -> i128 {
        number(bytes, self.big, matches!(self.scalar, Scalar::Int(_)))
    }
}

/// The integer of at most 8 bytes in this order.
#[must_use]
pub fn number(bytes: &[u8], big: bool, signed: bool) -> i128 {
    let join = |n: i128, b: &u8| (n << 8) | i128::from(*b);
    let n = if big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) };
    let bits = u32::try_from(bytes.len()).unwrap_or(8).saturating_mul(8);
    let half = 1_i128.checked_shl(bits.saturating_sub(1)).unwrap_or(i128::MAX);
    if signed && n >= half { n.saturating_sub(half.saturating_mul(2)) } else { n }
}

/// The bytes of an integer, `n` of them, in this order; what does not fit is cut off.
#[must_use]
pub fn number_bytes(value: i128, n: usize, big: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = value.to_le_bytes().into_iter().take(n).collect();
    if big {
        bytes.reverse();
    }
    bytes
}

impl Record {
    /// How many bytes lie behind the content of a field of this struct, in its window.
    #[must_use]
    pub fn slack(&self, field: &Node) -> u64 {
        let What::Field(ty, id) = field.what else { return 0 };
        let slack = self.extras.iter().find(|extra| extra.what == What::Slack(ty, id));
        slack.map_or(0, |slack| slack.len)
    }

    /// The copies of a field that do not count.
    pub fn copies(&self, field: &Node) -> impl Iterator<Item = (usize, &Node)> {
        let of = if let What::Field(ty, id) = field.what { Some((ty, id)) } else { None };
        self.extras.iter().filter_map(move |extra| match extra.what {
            What::Copy(ty, id, i) if of == Some((ty, id)) => Some((i, extra)),
            _ => None,
        })
    }

    /// Which copy of a field counts: the one that is none of the extras.
    #[must_use]
    pub fn current_copy(&self, (ty, id): (TypeId, FieldId), copies: &Copies) -> usize {
        let is_extra = |i: &usize| self.extras.iter().any(|extra| extra.what == What::Copy(ty, id, *i));
        (0..copies.at.len()).find(|i| !is_extra(i)).unwrap_or(0)
    }

    /// Where a field starts: of one with copies the first of them.
    #[must_use]
    pub fn start(&self, field: &Node) -> u64 {
        self.copies(field).map(|(_, copy)| copy.at).fold(field.at, u64::min)
    }

    /// Where a field ends: of one with copies the last of them.
    #[must_use]
    pub fn end(&self, field: &Node) -> u64 {
        self.copies(field).map(|(_, copy)| copy.end()).fold(field.end(), u64::max)
    }

    /// The length of a field with its slack.
    #[must_use]
    pub fn with_slack(&self, field: &Node) -> u64 {
        field.len.saturating_add(self.slack(field))
    }
}

impl Node {
    /// What is not there, where it would have been.
    #[must_use]
    pub fn absent(what: What, at: u64) -> Self {
        Self { what, at, len: 0, value: Value::Absent }
    }

    /// Absolute offset behind its last byte.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }

    /// How much memory it takes with all that is in it, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        let of = |nodes: &[Self]| nodes.iter().map(Self::weight).sum();
        let inside = match &self.value {
            Value::Record(record) => record.fields.iter().chain(&record.extras).map(Self::weight).sum(),
            Value::Bits(nodes) | Value::List(nodes) => of(nodes),
            Value::Case(_, Some(body)) => body.weight(),
            Value::Lazy(list) => list.held.values().map(Self::weight).sum(),
            Value::Bytes(bytes) | Value::Text(bytes) | Value::Zeros(Some(bytes)) => bytes.len(),
            Value::Utf16(units) => units.len().saturating_mul(2),
            Value::Packed(packed) => packed.bytes.len(),
            _ => 0,
        };
        size_of::<Self>().saturating_add(inside)
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self.value, Value::Absent)
    }

    /// The struct, where it is one.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match &self.value {
            Value::Record(record) => Some(record),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Packed, number, number_bytes};
    use crate::model::Scalar;

    #[test]
    fn integers_of_both_orders_and_signs() {
        assert_eq!((number(&[1, 2], true, false), number(&[1, 2], false, false)), (0x102, 0x201));
        assert_eq!((number(&[0xff, 0xfe], true, true), number(&[0xff; 8], false, false)), (-2, u64::MAX.into()));
        assert_eq!((number_bytes(-2, 2, true), number_bytes(0x1_02_03, 2, false)), (vec![0xff, 0xfe], vec![3, 2]));
    }

    #[test]
    fn packed_lists_give_their_elements() {
        let list = Packed { scalar: Scalar::Int(2), big: false, bytes: vec![1, 0, 0xff, 0xff] };
        assert_eq!((list.count(), list.get(1), list.get(2)), (2, Some(-1), None));
    }
}
