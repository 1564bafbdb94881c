//! Values with nothing inside: what QEMU calls them, and what their bytes mean.

use core::fmt;

/// What the bytes of a value mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafType {
    /// True unless all bytes are zero.
    Bool,
    /// A number without a sign.
    Unsigned,
    /// A number with a sign.
    Signed,
    /// A pointer to nothing.
    Null,
    /// Whatever they are.
    Bytes,
}

/// A value with nothing inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf<'a> {
    /// True or false.
    Bool(bool),
    /// A number without a sign.
    Unsigned(u64),
    /// A number with a sign.
    Signed(i64),
    /// A pointer to nothing.
    Null,
    /// Bytes, as they are.
    Bytes(&'a [u8]),
}

/// The types that QEMU gives a name, how many bytes they have, and what these mean. `int32 le` is a number that is to be less or
/// equal, not one in another byte order. `int64 equal` is what it calls a number without a sign, of all things.
const KNOWN: &[(&str, u64, LeafType)] = &[
    ("bool", 1, LeafType::Bool),
    ("int8", 1, LeafType::Signed),
    ("int16", 2, LeafType::Signed),
    ("int32", 4, LeafType::Signed),
    ("int64", 8, LeafType::Signed),
    ("uint8", 1, LeafType::Unsigned),
    ("uint16", 2, LeafType::Unsigned),
    ("uint32", 4, LeafType::Unsigned),
    ("uint64", 8, LeafType::Unsigned),
    ("int32 equal", 4, LeafType::Signed),
    ("int32 le", 4, LeafType::Signed),
    ("uint8 equal", 1, LeafType::Unsigned),
    ("uint16 equal", 2, LeafType::Unsigned),
    ("uint32 equal", 4, LeafType::Unsigned),
    ("int64 equal", 8, LeafType::Unsigned),
    ("CPU_Double_U", 8, LeafType::Bytes),
    ("float64", 8, LeafType::Bytes),
    ("timer", 8, LeafType::Bytes),
    ("nullptr", 1, LeafType::Null),
];

impl LeafType {
    /// The type of this name, with its bytes where they are known. What nobody knows is bytes.
    #[must_use]
    pub fn named(name: &str) -> (Self, Option<u64>) {
        let known = KNOWN.iter().find(|(known, _, _)| *known == name);
        known.map_or((Self::Bytes, None), |(_, size, kind)| (*kind, Some(*size)))
    }

    /// What bytes of this type mean.
    pub(super) fn value(self, bytes: &[u8]) -> Leaf<'_> {
        match self {
            Self::Bool => Leaf::Bool(bytes.iter().any(|b| *b != 0)),
            Self::Unsigned => Leaf::Unsigned(unsigned(bytes)),
            Self::Signed => Leaf::Signed(signed(bytes)),
            Self::Null => Leaf::Null,
            Self::Bytes => Leaf::Bytes(bytes),
        }
    }
}

/// Up to eight bytes as a number, the highest first.
fn unsigned(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b))
}

fn signed(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|b| *b >= 0x80);
    let above = if negative { u64::MAX } else { 0 };
    bytes.iter().fold(above, |n, b| n << 8 | u64::from(*b)).cast_signed()
}

impl fmt::Display for Leaf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Signed(value) => write!(f, "{value}"),
            Self::Null => f.write_str("null"),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}")),
        }
    }
}
