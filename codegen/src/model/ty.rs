//! Types: structs, bits, switches.

use super::{CaseId, Content, EnumId, Expr, Field, FieldId, FlagsId, Keep, Let, Policy, Remember, Rule};
use super::{ScopeId, Site, Size, Ty, TypeId};

/// A type.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its name in the spec; of an inline type, the path (`image.area`).
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
    /// Where it stands.
    pub site: Site,
    /// The type it is written in, for an inline one: its params are what it sees of the fields around it.
    pub outer: Option<TypeId>,
    /// Its params; the first of a switch is its tag.
    pub params: Vec<Param>,
    /// Its byte order.
    pub order: Order,
    /// What `since` and `before` compare with, for enums with versions.
    pub version: Option<Expr>,
    /// What it is made of.
    pub body: Body,
    /// Its size on the wire.
    pub size: Size,
    /// Whether a value holds a blob somewhere, kept gaps and slack aside.
    pub has_blob: bool,
    /// How much it takes of what is left around it.
    pub greed: super::Greed,
    /// Whether it can hold a value of itself.
    pub recursive: bool,
}

/// A param.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name in the spec; of a captured one, the path (`header.data_len`).
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// Its type.
    pub ty: ParamTy,
    /// Whether it can be absent.
    pub absent: bool,
    /// Whether it is what an inline type sees of the fields around it.
    pub captured: bool,
}

/// Types of params.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamTy {
    /// Unsigned, so many bytes.
    UInt(u32),
    /// Signed, so many bytes.
    Int(u32),
    /// `bool`
    Bool,
    /// An enum.
    Enum(EnumId),
    /// Flags.
    Flags(FlagsId),
    /// A guid; whether in Microsoft's order.
    Guid(bool),
    /// Text or bytes, borrowed.
    Text,
    /// Anything else that is captured: a reference to a held value of this type.
    Ref(Ty),
    /// A struct around that something is read aside from.
    Place,
    /// State that is lent: what later records are told goes there too.
    State(ScopeId),
    /// All inputs of the format.
    Inputs,
    /// The code by hand that was handed in.
    Externs,
}

/// A type's byte order.
#[derive(Debug, Clone)]
pub enum Order {
    /// Nothing in it has one.
    None,
    /// Always this; `true` is big.
    Fixed(bool),
    /// From the params: `true` is big.
    Expr(Expr),
    /// The first of these in which the condition holds; kept in the value.
    Try {
        /// The orders; `true` is big.
        orders: Vec<bool>,
        /// The condition over fields at fixed offsets.
        condition: Expr,
    },
    /// That of whatever holds it.
    Context,
}

/// What a type is made of.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "most types are structs, and there are few types")]
pub enum Body {
    /// Fields in wire order.
    Struct(Struct),
    /// Parts of an integer.
    Bits(Bits),
    /// One of several cases.
    Union(Union),
}

/// Fields in wire order.
#[derive(Debug, Clone)]
pub struct Struct {
    /// The fields, `let`s left out.
    pub fields: Vec<Field>,
    /// Its `let`s, in spec order.
    pub lets: Vec<Let>,
    /// `size`, `slack`, `max` of the type.
    pub window: Option<super::Window>,
    /// The field of this type that says the window's size; the window is known once it is read.
    pub window_field: Option<FieldId>,
    /// What becomes of bytes behind the fields, without a `size`.
    pub slack: Policy,
    /// Whether something is read aside from it, by its own fields or by types that are given it as a place. What is read
    /// aside lies behind the fields, and its slack is what nothing covers there; `keep` holds a blob for each such range.
    pub is_place: bool,
    /// Rules over all fields.
    pub require: Vec<Rule>,
    /// What is remembered once all fields are there.
    pub remember: Vec<Remember>,
    /// Fields driven from outside, in order: the `Driven` companion. Empty for most types.
    pub outside: Vec<FieldId>,
    /// Fields of types in this one that it drives.
    pub drives: Vec<OutsideDrive>,
}

/// Drivers of a field of another type: `header.length`.
#[derive(Debug, Clone)]
pub struct OutsideDrive {
    /// The field of this type that holds the other: `header`.
    pub holder: FieldId,
    /// Its type.
    pub of: TypeId,
    /// The field there: `length`.
    pub target: FieldId,
    /// What drives it.
    pub drives: Vec<super::Drive>,
}

/// Parts of an integer, least significant first.
#[derive(Debug, Clone)]
pub struct Bits {
    /// Size of the integer in bytes.
    pub bytes: u32,
    /// The parts.
    pub parts: Vec<Part>,
    /// Rules over all parts.
    pub require: Vec<Rule>,
}

/// A part of an integer.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// Where it stands.
    pub site: Site,
    /// As its type is written.
    pub written: String,
    /// Lowest bit.
    pub shift: u32,
    /// Width in bits.
    pub width: u32,
    /// What it is.
    pub kind: PartKind,
    /// Hard rules.
    pub valid: Vec<Rule>,
    /// Soft rules.
    pub expect: Vec<Rule>,
    /// Class of its rules.
    pub class: Option<super::Class>,
    /// The author's words for a failure of what it is.
    pub say: Option<String>,
    /// `unknown`, where it differs from the enum's own.
    pub unknown: Option<Keep>,
}

/// What a part of an integer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A number.
    UInt,
    /// `bool`, or `u1` written as `bool`.
    Bool,
    /// An enum.
    Enum(EnumId),
    /// Zero; refused otherwise.
    Zero,
    /// Zero, or what is found (`mismatch: keep`): held as a number.
    ZeroKept,
}

/// One of several cases.
#[derive(Debug, Clone)]
pub struct Union {
    /// What is switched on.
    pub tag: Tag,
    /// Whether the case drives the tag, so that `default` must hold it.
    pub driven: bool,
    /// The cases in spec order; `default` last.
    pub cases: Vec<Case>,
    /// Rules that hold whatever the case (`require` beside `switch`).
    pub require: Vec<Rule>,
}

impl Union {
    /// The cases in the order in which they are tried: exact labels before endings of texts, the default last.
    pub fn tried(&self) -> impl Iterator<Item = (CaseId, &Case)> {
        let rank = |case: &Case| match case.label {
            Label::TextEnding(_) => 1,
            Label::Default => 2,
            _ => 0,
        };
        let mut all: Vec<_> = self.cases.iter().enumerate().map(|(i, case)| (CaseId(i), case)).collect();
        all.sort_by_key(|(_, case)| rank(case));
        all.into_iter()
    }
}

/// What a switch is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// An enum.
    Enum(EnumId),
    /// A truth value.
    Bool,
    /// Text.
    Text,
    /// A guid; whether in Microsoft's order.
    Guid(bool),
}

/// What chooses a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// An enum value, by index.
    Enum(usize),
    /// `true` or `false`.
    Bool(bool),
    /// Exactly this text.
    Text(String),
    /// Text that ends in `/` and this.
    TextEnding(String),
    /// A guid, 16 bytes as on the wire.
    Guid([u8; 16]),
    /// Whatever no other case has.
    Default,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its label.
    pub label: Label,
    /// The label as written.
    pub written: String,
    /// The variant's name in Rust; of a default without a name `Other`, or one like it that no other case has.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// Where it stands.
    pub site: Site,
    /// The condition under which its label chooses it.
    pub when: Option<Expr>,
    /// What it holds: a field without `at` and presence; `None` for a case without fields.
    pub body: Option<Box<Field>>,
}

impl ParamTy {
    /// Whether it is handed down to whoever needs it, without being written.
    #[must_use]
    pub fn is_handed_down(&self) -> bool {
        matches!(self, Self::State(_) | Self::Inputs | Self::Externs)
    }

    /// Whether there is a value for it where the caller gives none.
    #[must_use]
    pub fn has_default(&self) -> bool {
        matches!(self, Self::Inputs | Self::Externs)
    }
}

impl Type {
    /// Whether it is read without arguments, or with those that there are defaults for.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.params.iter().all(|p| p.ty.has_default())
    }

    /// Whether something in it is as long as code by hand tells.
    #[must_use]
    pub fn asks_externs(&self) -> bool {
        self.params.iter().any(|p| p.ty == ParamTy::Externs)
    }

    /// The struct, where it is one.
    #[must_use]
    pub fn as_struct(&self) -> Option<&Struct> {
        match &self.body {
            Body::Struct(s) => Some(s),
            _ => None,
        }
    }

    /// Whether values are read and written with companions: some fields are driven from outside.
    #[must_use]
    pub fn is_driven_outside(&self) -> bool {
        self.as_struct().is_some_and(|s| !s.outside.is_empty())
    }

    /// Whether it names a byte order of its own, so that callers need not.
    #[must_use]
    pub fn has_own_order(&self) -> bool {
        !matches!(self.order, Order::Context)
    }

    /// Whether the value holds the byte order it was read in.
    #[must_use]
    pub fn holds_order(&self) -> bool {
        matches!(self.order, Order::Try { .. })
    }
}

impl Content {
    /// What an element of a lazy list is; else the content itself.
    #[must_use]
    pub fn element(&self) -> &Self {
        match self {
            Self::Lazy(lazy) => &lazy.element,
            content => content,
        }
    }

    /// Whether it stands for the scalar, bytes or text itself, not for a type.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        !matches!(self, Self::Type { .. })
    }
}
