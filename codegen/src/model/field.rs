//! Fields of a struct, and the bodies of cases.

use super::{Aside, Enum, Expr, Lazy, Place, Policy, Range, Remember, Rule, Site, Size, TypeId};
use super::{EnumId, FieldId, FlagsId, Journal};

/// A field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the spec; `_` for one that is not kept.
    pub name: String,
    /// Its name in Rust; of `_`, a name that no other field has.
    pub rust: String,
    /// `as`.
    pub shown: Option<String>,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
    /// Where it stands.
    pub site: Site,
    /// As its type is written, for layouts and docs.
    pub written: String,
    /// Versions it is in, for layouts and docs; `presence` has the condition.
    pub since: Option<u64>,
    /// First version it is not in.
    pub before: Option<u64>,
    /// When it is there; `None`: always.
    pub presence: Option<Presence>,
    /// Where it starts, when not right behind the field before.
    pub at: Option<At>,
    /// Where its copies are; `at` is that of the first.
    pub copies: Option<super::Copies>,
    /// Where it is read aside, when not in the sequence.
    pub aside: Option<Aside>,
    /// The window it fills.
    pub window: Option<Window>,
    /// Whether, and how, it is a list.
    pub repeat: Option<Repeat>,
    /// What it, or each element, is.
    pub content: Content,
    /// Whether the value holds it, or what it follows from.
    pub role: Role,
    /// Hard rules, all with `field` set to this field.
    pub valid: Vec<Rule>,
    /// Soft rules.
    pub expect: Vec<Rule>,
    /// What is remembered once it is there and its rules hold; of a list, of each element.
    pub remember: Vec<Remember>,
    /// Most bytes that are held of it.
    pub max: Option<u64>,
    /// What a builder starts from.
    pub init: Option<Expr>,
    /// `unknown`, where it differs from the enum's or flags' own.
    pub unknown: Option<super::Keep>,
    /// Class of its rules, enum and magic included.
    pub class: Option<super::Class>,
    /// The author's words for a failure of what it is: pin, magic, unknown value.
    pub say: Option<String>,
    /// What must not follow it, though it takes no bytes itself.
    pub unlike: Option<Expr>,
    /// What is known of a journal, for a field that is one.
    pub journal: Option<Box<Journal>>,
    /// Whether it is a case of a switch that lies behind a box, for what it takes in memory.
    pub boxed: bool,
    /// Its size on the wire, present.
    pub size: Size,
}

/// Most bytes of a block: of fields that are read and written as one array.
pub const MOST_IN_BLOCK: u64 = 8192;

impl Field {
    /// Whether it is one value that is always there, right behind the field before, and looks at nothing else: what can be
    /// part of a block.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let here = self.presence.is_none() && self.at.is_none() && self.aside.is_none();
        here && self.window.is_none() && self.repeat.is_none() && self.unlike.is_none()
    }
}

/// When a field is there.
#[derive(Debug, Clone)]
pub struct Presence {
    /// The condition, version limits included.
    pub that: Expr,
    /// A driven field of this type (or of an outside type) that is 0 exactly when this field is absent.
    pub zero_when_absent: bool,
}

/// `at`
#[derive(Debug, Clone)]
pub struct At {
    /// The offset, counted from what `from` says.
    pub offset: Expr,
    /// What it counts from.
    pub from: AtFrom,
    /// What becomes of the bytes passed over.
    pub gap: Policy,
}

/// What an `at` counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtFrom {
    /// The start of the struct, named or inline, that holds the field.
    Type,
    /// The first byte of the value that is read or written; where that lies in its file is part of the offset already.
    File,
}

impl At {
    /// The offset from the start of the struct, where that is always the same.
    #[must_use]
    pub fn constant(&self) -> Option<u64> {
        match (self.from, &self.offset.kind) {
            (AtFrom::Type, super::ExprKind::Int(n)) => u64::try_from(*n).ok(),
            _ => None,
        }
    }
}

/// `size`: a window that the field must use up.
#[derive(Debug, Clone)]
pub struct Window {
    /// Its size in bytes.
    pub size: Expr,
    /// What becomes of the rest.
    pub slack: Policy,
    /// Most bytes.
    pub max: Option<u64>,
    /// Whether it is held in memory as a whole; else it is entered in the stream, since it holds a blob.
    pub held: bool,
}

/// How a list goes on and ends.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// How it ends.
    pub until: Until,
    /// The elements that its own stand for, one each; `until` counts them.
    pub each: Option<Each>,
    /// Rules over all elements: no two have the same.
    pub unique: Vec<Expr>,
    /// No two overlap: start and size.
    pub disjoint: Option<(Expr, Expr)>,
    /// Most elements.
    pub max_count: Option<Expr>,
}

/// `each`: the elements of an earlier list that a list has one element for each of.
#[derive(Debug, Clone)]
pub struct Each {
    /// The list, a field of the same type.
    pub list: FieldId,
    /// Which of its elements, with the element as `it`.
    pub condition: Expr,
}

/// How a list ends.
#[derive(Debug, Clone)]
pub enum Until {
    /// After so many elements.
    Count(Expr),
    /// At the end of the window.
    Rest,
    /// After the first element for which the condition holds (`it` is the element).
    Until(Expr),
    /// Before the first place where the condition does not hold; it sees the elements so far.
    While(Expr),
}

/// Scalars: fixed size, read in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Unsigned, so many bytes: 1, 2, 4, 8.
    UInt(u32),
    /// Signed, so many bytes.
    Int(u32),
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// 0 or 1.
    Bool,
    /// An enum.
    Enum(EnumId),
    /// Flags.
    Flags(FlagsId),
    /// `guid`
    Guid,
    /// `uuid`
    Uuid,
    /// `bytes(n)` of at most 4,096.
    Bytes(usize),
}

/// How long something is.
#[derive(Debug, Clone)]
pub enum Length {
    /// So many bytes.
    Const(u64),
    /// As the expression says.
    Expr(Expr),
    /// To the end of the window.
    Rest,
    /// As code by hand tells; of a blob alone.
    Told(Box<super::Told>),
}

/// What a field, element or case is.
#[derive(Debug, Clone)]
pub enum Content {
    /// A scalar.
    Scalar(Scalar),
    /// Constant bytes.
    Magic(Vec<u8>),
    /// `bytes(n)`
    Bytes(Length),
    /// `utf8(n)`
    Utf8(Length),
    /// `utf16(n)`
    Utf16(Length),
    /// `blob(n)`
    Blob(Length),
    /// `zero(n)`
    Zero(Length),
    /// `align(n)`
    Align(Expr),
    /// `cstr`
    CStr,
    /// `pstr(uN)`, length in so many bytes.
    PStr(u32),
    /// A list that is not held: its elements are read one by one when they are asked for.
    Lazy(Box<Lazy>),
    /// A type, with an argument for each of its params (captured ones included).
    Type {
        /// The type.
        id: TypeId,
        /// Its arguments, in the order of its params; the first of a switch is what it is switched on.
        args: Vec<Expr>,
    },
}

/// What decides a field's value.
#[derive(Debug, Clone)]
pub enum Role {
    /// It is in the struct.
    Held,
    /// Fields of this type fix it: a local on read, computed on write.
    Driven(Vec<Drive>),
    /// Fields outside the type fix it: it is in the `Driven` companion.
    DrivenOutside,
    /// It follows from its pin.
    Pinned(Pin),
    /// It has no value to hold: magic, zero, align without `mismatch: keep`.
    Implied,
    /// As `Implied`, but what is found is held.
    ImpliedKept,
}

/// `value:`
#[derive(Debug, Clone)]
pub struct Pin {
    /// The value.
    pub value: Expr,
    /// Whether another value is held (`mismatch: keep`), as `Kept`.
    pub kept: bool,
    /// When it can be computed.
    pub kind: PinKind,
}

/// When a pin can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinKind {
    /// From other fields and params.
    Plain,
    /// A checksum: after everything else.
    Checksum,
}

/// One driver of a driven field: `target = inverse(measured)`.
#[derive(Debug, Clone)]
pub struct Drive {
    /// The field of this type that holds the driver (or is it), where the measurement is made.
    pub from: Place,
    /// What is measured there.
    pub driver: Driver,
    /// How the target follows: `(measured * multiply) / divide + add`, the division exact.
    pub add: i128,
    /// See `add`.
    pub multiply: i128,
    /// See `add`.
    pub divide: i128,
    /// Whether the target is 0 when the driver is absent.
    pub zero_when_absent: bool,
    /// For people: `size of area`.
    pub text: String,
}

/// What of a field drives another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// Its size in bytes, slack included.
    Size,
    /// The number of its elements.
    Count,
    /// Its offset from the start of the struct it lies in.
    Offset,
    /// The case of the switch.
    Tag,
    /// The size of the type itself (`size: p` on the type).
    TypeSize,
}

impl Field {
    /// Whether the generated struct has a member for it.
    #[must_use]
    pub fn is_held(&self) -> bool {
        match &self.role {
            Role::Held | Role::ImpliedKept => true,
            Role::Pinned(pin) => pin.kept,
            Role::Driven(_) | Role::DrivenOutside | Role::Implied => false,
        }
    }

    /// Whether it is driven, from inside or outside.
    #[must_use]
    pub fn is_driven(&self) -> bool {
        matches!(self.role, Role::Driven(_) | Role::DrivenOutside)
    }

    /// Whether the member is an `Option`.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.presence.is_some()
    }

    /// The type, where the content is one.
    #[must_use]
    pub fn type_id(&self) -> Option<TypeId> {
        match self.content {
            Content::Type { id, .. } => Some(id),
            _ => None,
        }
    }
}

impl Scalar {
    /// Size in bytes.
    #[must_use]
    pub fn size(self, enums: &[Enum], flags: &[super::Flags]) -> u64 {
        match self {
            Self::UInt(n) | Self::Int(n) => u64::from(n),
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Bool => 1,
            Self::Enum(id) => id.of(enums).repr.size(),
            Self::Flags(id) => u64::from(id.of(flags).bits / 8),
            Self::Guid | Self::Uuid => 16,
            Self::Bytes(n) => u64::try_from(n).unwrap_or(u64::MAX),
        }
    }

    /// The numbers it can hold, for an integer.
    #[must_use]
    pub fn range(self) -> Option<Range> {
        match self {
            Self::UInt(n) => Some(Range::unsigned(n.saturating_mul(8))),
            Self::Int(n) => Some(Range::signed(n.saturating_mul(8))),
            _ => None,
        }
    }
}
