//! What an expression gives.

use super::tree::{Blob, Node, Value};
use crate::model::{Argument, Content, Field, Format, Key, Scalar};
use std::borrow::Cow;

/// The value of an expression, or something in the tree that it names.
#[derive(Debug, Clone)]
pub enum Datum<'a> {
    /// Nothing is there.
    Absent,
    /// A number.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A value of an enum, as on the wire.
    Enum(Key),
    /// A value of an enum that its version does not know, as on the wire.
    Unnamed(Key),
    /// Flags.
    Flags(u64),
    /// Bytes or text.
    Bytes(Cow<'a, [u8]>),
    /// A guid, its bytes in the order of its text.
    Guid([u8; 16]),
    /// A byte order; `true` is big.
    Order(bool),
    /// Values, one for each element of a list.
    List(Vec<Datum<'a>>),
    /// A struct that something is read aside from, by its index among those around.
    Place(usize),
    /// A struct, bits, a switch, a list of them, or something else whose value is not asked for.
    Node(&'a Node, Option<&'a Field>),
}

impl<'a> Datum<'a> {
    /// What a node of this field gives.
    #[must_use]
    pub fn of(node: &'a Node, field: Option<&'a Field>) -> Self {
        match &node.value {
            Value::Absent => Self::Absent,
            Value::Int(n) => Self::Int(*n),
            Value::F32(bits) => Self::Float(f32::from_bits(*bits).into()),
            Value::F64(bits) => Self::Float(f64::from_bits(*bits)),
            Value::Bool(b) => Self::Bool(*b),
            Value::Enum(key) => Self::Enum(key.clone()),
            Value::Flags(bits) => Self::Flags(*bits),
            Value::Guid(wire) => {
                let mixed = field.is_some_and(|f| matches!(f.content, Content::Scalar(Scalar::Guid)));
                Self::Guid(if mixed { turned(*wire) } else { *wire })
            }
            Value::Bytes(bytes) | Value::Text(bytes) | Value::Blob(Blob::Held(bytes)) => Self::Bytes(bytes.into()),
            Value::Utf16(units) => Self::Bytes(units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
            _ => Self::Node(node, field),
        }
    }

    /// An argument that an example gives.
    #[must_use]
    pub fn given(format: &Format, argument: &Argument) -> Self {
        match argument {
            Argument::Int(n) => Self::Int(*n),
            Argument::Bool(b) => Self::Bool(*b),
            Argument::Enum(id, i) => {
                format.enum_(*id).values.get(*i).map_or(Self::Absent, |value| Self::Enum(value.key.clone()))
            }
            Argument::Flags(_, bits) => Self::Flags(*bits),
            Argument::Guid(_, text) => Self::Guid(*text),
            Argument::Text(text) => Self::Bytes(text.clone().into()),
        }
    }

    /// The number: that of an enum or flags too.
    #[must_use]
    pub fn number(&self) -> Option<i128> {
        match self {
            Self::Int(n) | Self::Enum(Key::Int(n)) | Self::Unnamed(Key::Int(n)) => Some(*n),
            Self::Flags(bits) => Some((*bits).into()),
            Self::Bool(b) => Some((*b).into()),
            _ => None,
        }
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The elements of a list, one after the other: there may be many.
    #[must_use]
    pub fn elements(&self) -> Box<dyn Iterator<Item = Datum<'a>> + '_> {
        match self {
            Self::List(all) => Box::new(all.iter().cloned()),
            Self::Node(Node { value: Value::List(nodes), .. }, field) => {
                Box::new(nodes.iter().map(|node| Datum::of(node, *field)))
            }
            Self::Node(Node { value: Value::Packed(packed), .. }, _) => Box::new(packed.numbers().map(Datum::Int)),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// How many elements a list has, or bytes a text.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::List(all) => all.len(),
            Self::Node(Node { value: Value::List(nodes), .. }, _) => nodes.len(),
            Self::Node(Node { value: Value::Packed(packed), .. }, _) => packed.count(),
            Self::Node(Node { value: Value::Lazy(list), .. }, _) => list.len(),
            _ => 0,
        }
    }

    /// The same without a tie to the tree; what is neither a number nor a text of its own is nothing.
    #[must_use]
    pub fn detached(&self) -> Datum<'static> {
        match self {
            Self::Int(n) => Datum::Int(*n),
            Self::Float(n) => Datum::Float(*n),
            Self::Bool(b) => Datum::Bool(*b),
            Self::Enum(key) => Datum::Enum(key.clone()),
            Self::Unnamed(key) => Datum::Unnamed(key.clone()),
            Self::Flags(bits) => Datum::Flags(*bits),
            Self::Bytes(bytes) => Datum::Bytes(bytes.to_vec().into()),
            Self::Guid(text) => Datum::Guid(*text),
            Self::Order(big) => Datum::Order(*big),
            Self::Place(index) => Datum::Place(*index),
            Self::List(all) => Datum::List(all.iter().map(Datum::detached).collect()),
            Self::Absent | Self::Node(..) => Datum::Absent,
        }
    }

    /// Whether two are the same value; numbers, enums and flags by their number.
    #[must_use]
    #[allow(clippy::float_cmp, reason = "a spec that compares floats means just that")]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) | (Self::Order(a), Self::Order(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Guid(a), Self::Guid(b)) => a == b,
            (Self::Enum(a), Self::Enum(b)) | (Self::Unnamed(a), Self::Unnamed(b)) => a == b,
            (Self::Enum(_), Self::Unnamed(_)) | (Self::Unnamed(_), Self::Enum(_)) => false,
            (a, b) => a.number().is_some_and(|a| b.number() == Some(a)),
        }
    }
}

/// Microsoft's mixed order to that of the text and back: the first three groups turned round.
#[must_use]
pub fn turned(bytes: [u8; 16]) -> [u8; 16] {
    let mut out = bytes;
    for group in [0..4, 4..6, 6..8] {
        if let Some(group) = out.get_mut(group) {
            group.reverse();
        }
    }
    out
}

/// A guid as people write it, from its bytes on the wire; `mixed` says that these are in Microsoft's order.
#[must_use]
pub fn guid_text(wire: &[u8], mixed: bool) -> String {
    let wire = wire.first_chunk().copied().unwrap_or_default();
    let text = if mixed { turned(wire) } else { wire };
    let digits = format!("{:032x}", u128::from_be_bytes(text));
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| digits.get(group).unwrap_or_default().to_owned());
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::{Datum, turned};
    use crate::model::Key;

    #[test]
    fn enums_and_flags_are_their_numbers() {
        assert!(Datum::Enum(Key::Int(3)).same(&Datum::Int(3)) && Datum::Int(3).same(&Datum::Flags(3)));
        assert!(!Datum::Absent.same(&Datum::Absent) && !Datum::Bytes(b"a".as_slice().into()).same(&Datum::Int(97)));
    }

    #[test]
    fn guids_turn_their_first_groups() {
        let text = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        assert_eq!(turned(text), [4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16]);
        assert_eq!(turned(turned(text)), text);
    }
}
