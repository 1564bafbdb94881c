//! Enums and flags.

use super::{Class, Expr, Site};

/// What stands for a value on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repr {
    /// An unsigned integer of 1 to 64 bits; outside `bits` it is 8, 16, 32 or 64.
    UInt(u32),
    /// A signed integer of 8, 16, 32 or 64 bits.
    Int(u32),
    /// So many bytes.
    Bytes(usize),
    /// A guid in Microsoft's mixed order.
    Guid,
    /// A guid in plain order.
    Uuid,
}

impl Repr {
    /// Size in bytes; of an integer that only fits into `bits`, that of the smallest type that holds it.
    #[must_use]
    pub fn size(self) -> u64 {
        match self {
            Self::UInt(bits) | Self::Int(bits) => u64::from(bits.div_ceil(8).next_power_of_two()),
            Self::Bytes(n) => u64::try_from(n).unwrap_or(u64::MAX),
            Self::Guid | Self::Uuid => 16,
        }
    }

    /// Whether it is an integer.
    #[must_use]
    pub fn is_int(self) -> bool {
        matches!(self, Self::UInt(_) | Self::Int(_))
    }
}

/// What becomes of a value or bit without a name.
#[derive(Debug, Clone)]
pub enum Keep {
    /// It is refused.
    Never,
    /// It is kept.
    Always,
    /// It is kept when the condition on it (`it`, an integer) holds.
    If(Box<Expr>),
}

/// The wire value of an enum value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A number.
    Int(i128),
    /// Bytes, for `bytes(n)`; for guids the 16 bytes as on the wire.
    Bytes(Vec<u8>),
}

/// A named set of values.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name in the spec.
    pub name: String,
    /// Indices of its members.
    pub members: Vec<usize>,
}

/// An enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
    /// Where it stands.
    pub site: Site,
    /// What stands for it on the wire.
    pub repr: Repr,
    /// Its values, in spec order.
    pub values: Vec<EnumValue>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// What becomes of other values.
    pub unknown: Keep,
    /// Whether the Rust enum has a variant for other values: it, or a field of its type, keeps some.
    pub has_unknown: bool,
    /// Class of the error for an unknown value.
    pub class: Class,
    /// The author's words for it.
    pub say: Option<String>,
    /// Whether some value is limited to versions, so that reading takes a version.
    pub versioned: bool,
}

impl Enum {
    /// The value with a name that stands for this key: in a version, one that the version knows.
    #[must_use]
    pub fn named(&self, key: &Key, version: Option<u64>) -> Option<&EnumValue> {
        let there = |value: &&EnumValue| version.is_none_or(|version| value.is_in(version));
        self.values.iter().filter(|value| value.key == *key).find(there)
    }
}

impl EnumValue {
    /// Whether a version knows it.
    #[must_use]
    pub fn is_in(&self, version: u64) -> bool {
        is_in((self.since, self.before), version)
    }
}

impl Flag {
    /// Whether a version knows it.
    #[must_use]
    pub fn is_in(&self, version: u64) -> bool {
        is_in((self.since, self.before), version)
    }
}

fn is_in((since, before): (Option<u64>, Option<u64>), version: u64) -> bool {
    since.is_none_or(|since| version >= since) && before.is_none_or(|before| version < before)
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// Its wire value.
    pub key: Key,
    /// The wire value as written.
    pub written: String,
    /// First version that knows it.
    pub since: Option<u64>,
    /// First version that does not.
    pub before: Option<u64>,
    /// `doc`.
    pub doc: Option<String>,
    /// Where it stands.
    pub site: Site,
}

/// A flags type.
#[derive(Debug, Clone)]
pub struct Flags {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
    /// Where it stands.
    pub site: Site,
    /// Width in bits.
    pub bits: u32,
    /// Its named bits, in spec order.
    pub flags: Vec<Flag>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// What becomes of other bits; the condition of `If` sees all bits as a number.
    pub unknown: Keep,
    /// Whether a value can hold other bits: it, or a field of its type, keeps some.
    pub has_unknown: bool,
    /// Class of the error for an unknown bit.
    pub class: Class,
    /// The author's words for it.
    pub say: Option<String>,
    /// Whether some bit is limited to versions.
    pub versioned: bool,
}

/// A bit of a flags type.
#[derive(Debug, Clone)]
pub struct Flag {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust, upper case.
    pub rust: String,
    /// Its number.
    pub bit: u32,
    /// First version that knows it.
    pub since: Option<u64>,
    /// First version that does not.
    pub before: Option<u64>,
    /// `doc`.
    pub doc: Option<String>,
    /// Where it stands.
    pub site: Site,
}
