//! Expressions, typed.

use super::{EnumId, FlagsId, Place, Root, ScopeId, Site, Step, TypeId};

pub use crate::syntax::expr::{BinaryOp, UnaryOp};

/// The numbers an expression can give, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: i128,
    /// The greatest.
    pub max: i128,
}

/// What an expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// A number.
    Int(Range),
    /// A floating-point number: comparable with `==` alone.
    Float,
    /// A truth value.
    Bool,
    /// A value of an enum.
    Enum(EnumId),
    /// A set of flags.
    Flags(FlagsId),
    /// Bytes or text.
    Bytes,
    /// UTF-16 text: two of them are the same or not, and its size can be asked.
    Utf16,
    /// Something whose size alone can be asked: a blob, padding.
    Opaque,
    /// A guid (`true`) in Microsoft's order, or plain.
    Guid {
        /// Whether it is in Microsoft's mixed order.
        mixed: bool,
    },
    /// A byte order.
    Order,
    /// A struct as a place that something is read aside from.
    Place,
    /// A struct, bits or switch.
    Type(TypeId),
    /// A list.
    List(Box<Ty>),
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// What it gives.
    pub ty: Ty,
    /// Whether it can be absent: a path through a field that need not be there. The Rust value is an `Option`.
    pub absent: bool,
    /// Whether evaluating it can fail: overflow, division by zero, arithmetic on something absent.
    pub fallible: bool,
    /// As written.
    pub text: String,
    /// Where it stands.
    pub site: Site,
}

/// The kinds of expression.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A number.
    Int(i128),
    /// A truth value.
    Bool(bool),
    /// Text.
    Str(Vec<u8>),
    /// A guid, 16 bytes as on the wire.
    Guid([u8; 16]),
    /// A byte order; `true` is big.
    Order(bool),
    /// A value of an enum, by index.
    EnumValue(EnumId, usize),
    /// Something in the value.
    Place(Place),
    /// A row of a table of the state, or something in it, by its key: the place starts with the table. Absent where there is none.
    Row(Place, Box<Expr>),
    /// Whether a set or table of the state has a key.
    HasKey(Place, Box<Expr>),
    /// The struct that holds the expression, as a place.
    This,
    /// The number of bytes left in the window.
    Rest,
    /// The index of the element being read.
    Index,
    /// The enum that a number stands for (a `let` with a type).
    ToEnum(EnumId, Box<Expr>),
    /// An operator with one operand.
    Unary(UnaryOp, Box<Expr>),
    /// An operator with two operands; both are of types that it takes.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `low <= value <= high`
    InRange(Box<Expr>, Box<Expr>, Box<Expr>),
    /// An enum value is a member of a group, by index.
    InGroup(EnumId, usize, Box<Expr>),
    /// A choice.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function of an expression.
    Call(Function, Box<Expr>),
    /// `count(list where condition)`; in the condition `it` is the element.
    CountWhere(Box<Expr>, Box<Expr>),
    /// `first(list where condition).path`; in the condition `it` is the element, and in the path, the last part, it is the
    /// element that was found. Absent where there is none.
    FirstWhere(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Size in bytes of a field of this type (by its place).
    SizeOf(Place),
    /// Size in bytes of the whole value.
    SizeOfThis,
    /// Size in bytes of the file that a journal is replayed to.
    SizeOfFile,
    /// Offset of a field from the start of the value.
    OffsetOf(super::FieldId),
    /// A checksum over the whole value with a field as zero, or over a field.
    Checksum(Checksum, Option<super::FieldId>, Option<super::FieldId>),
}

/// Checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// CRC-32 of IEEE 802.3.
    Crc32,
    /// CRC-32C.
    Crc32c,
    /// Sum of the bytes modulo 2^8.
    Sum8,
    /// Sum of the bytes modulo 2^32.
    Sum32,
    /// Exclusive or of the bytes.
    Xor8,
}

/// Functions of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Elements of a list, bytes of text.
    Count,
    /// Sum of a list of numbers.
    Sum,
    /// Whether something is there.
    Present,
    /// Whether an enum value has a name, or flags have no unknown bit.
    Known,
    /// The least of a list.
    MinOf,
    /// The greatest of a list.
    MaxOf,
}

impl Expr {
    /// What of the state it looks up itself, parts of it aside: the scope, and the index of the cell where it is not all of it.
    #[must_use]
    pub fn looks_up(&self) -> Option<(ScopeId, Option<usize>)> {
        let (ExprKind::Place(place) | ExprKind::Row(place, _) | ExprKind::HasKey(place, _)) = &self.kind else {
            return None;
        };
        let Root::State(id) = place.root else { return None };
        Some((id, place.steps.first().and_then(|s| if let Step::Cell(cell) = s { Some(*cell) } else { None })))
    }
}

impl Range {
    /// All numbers of an unsigned integer of so many bits.
    #[must_use]
    pub fn unsigned(bits: u32) -> Self {
        Self { min: 0, max: 1_i128.checked_shl(bits).map_or(i128::MAX, |n| n.saturating_sub(1)) }
    }

    /// All numbers of a signed integer of so many bits.
    #[must_use]
    pub fn signed(bits: u32) -> Self {
        let half = 1_i128.checked_shl(bits.saturating_sub(1)).unwrap_or(i128::MAX);
        Self { min: half.saturating_neg(), max: half.saturating_sub(1) }
    }

    /// One number.
    #[must_use]
    pub fn of(n: i128) -> Self {
        Self { min: n, max: n }
    }

    /// Whether all of it fits a `u64`.
    #[must_use]
    pub fn is_u64(self) -> bool {
        self.min >= 0 && self.max <= i128::from(u64::MAX)
    }

    /// Whether a number lies in it.
    #[must_use]
    pub fn contains(self, n: i128) -> bool {
        self.min <= n && n <= self.max
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}
