//! The keys of the language as data: for every construct its keys, what they mean and what they take.
//! Reading checks against these tables, and documentation is made from them.

mod content;
mod declarations;
mod journal;
mod options;
mod together;
mod types;
mod vmstate;
mod words;

pub use content::{CASE, FIELD, is_case_name};
pub use declarations::{CONST, ENUM, ENUM_VALUE, EXTERN, FLAG, FLAGS, FORMAT, INPUT, PARAM, STATE, TOP_LEVEL, TYPE};
pub use journal::{APPLY, JOURNAL};
pub use options::{COPIES, DISJOINT, ENDIAN, EXAMPLE, EXAMPLE_ERROR, RULE, UNKNOWN};
pub use together::{APART, CONTENTS, MAKES_LIST, MISFITS, NEEDS, OF_HELD, OF_LIST};
pub use types::{BUILT_IN, BuiltIn};
pub use vmstate::{MARKER, SENTINEL, SUBSECTION, SUBSECTION_RULE, VERSIONS, VMSTATE};
pub use words::{CLASSES, GIVES, LANGUAGE, MISMATCHES, ORDERS, POLICIES, UNKNOWNS, Word};

pub use super::names::Named;

/// A kind of mapping with fixed keys.
#[derive(Debug)]
pub struct Construct {
    /// What it is called in messages, with its article: `an enum`.
    pub name: &'static str,
    /// Its keys, in lists because some are shared between constructs.
    pub keys: &'static [&'static [Key]],
}

/// A key of a construct.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it means, in one line.
    pub doc: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Whether it must be given.
    pub required: bool,
    /// What holds where it is not given, as it would be written.
    pub default: Option<&'static str>,
}

/// What a key takes.
#[derive(Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// Characters that stand for a byte each.
    Magic,
    /// Pairs of hex digits.
    Hex,
    /// The path of a value, empty for all of it.
    Path,
    /// The name of something that is declared elsewhere.
    Name,
    /// A name that is given here.
    NewName,
    /// A whole number.
    Integer,
    /// A number of 0 to 255.
    Byte,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Word(&'static [Word]),
    /// An expression.
    Expression,
    /// A byte order, or an expression that gives one.
    Order,
    /// Elements of a list: `list where condition`.
    Choice,
    /// A type: `u32`, `bytes(16)`.
    Type,
    /// A mapping with fixed keys: those of the construct the function gives, as constructs hold each other.
    Mapping(fn() -> &'static Construct),
    /// A mapping from names, or from texts that stand for values, to these.
    Named(Keys, &'static Shape),
    /// A list of these.
    List(&'static Shape),
    /// One of these shapes.
    Either(&'static [Shape]),
    /// A name with a type, or with the keys of a field.
    Field,
    /// What a case is: a type, fields, the keys of a case, or one of these behind a name.
    Case,
    /// Anything.
    Any,
    /// A key of the language whose value is not read yet.
    Later,
}

/// What the keys of a mapping are, where they are not fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// The names of what is declared.
    New(Named),
    /// Names of what is declared elsewhere.
    Known,
    /// Any texts.
    Texts,
    /// Whole numbers.
    Integers,
    /// A type and a field of it: `type.field`.
    Targets,
}

impl Key {
    /// A key that need not be given.
    const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, shape, required: false, default: None }
    }

    /// A key that must be given.
    const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, shape, required: true, default: None }
    }

    /// Without it this holds.
    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

impl Construct {
    /// All keys.
    pub fn all(&self) -> impl Iterator<Item = &'static Key> + Clone + use<> {
        self.keys.iter().copied().flatten()
    }

    /// The key called `name`.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.all().find(|key| key.name == name)
    }
}

/// Every construct, the ones people meet first in front.
pub static CONSTRUCTS: &[&Construct] = &[
    &TOP_LEVEL,
    &FORMAT,
    &CONST,
    &TYPE,
    &FIELD,
    &CASE,
    &ENUM,
    &FLAGS,
    &ENUM_VALUE,
    &FLAG,
    &PARAM,
    &STATE,
    &INPUT,
    &EXTERN,
    &RULE,
    &ENDIAN,
    &UNKNOWN,
    &DISJOINT,
    &COPIES,
    &JOURNAL,
    &APPLY,
    &EXAMPLE,
    &EXAMPLE_ERROR,
    &VMSTATE,
    &SUBSECTION_RULE,
    &SENTINEL,
    &SUBSECTION,
    &VERSIONS,
    &MARKER,
];

/// One text or several.
const TEXTS: Shape = Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]);
/// A byte order, written or worked out.
const ENDIANS: Shape = Shape::Either(&[Shape::Order, Shape::Mapping(|| &ENDIAN)]);
/// A rule.
const ONE_RULE: Shape = Shape::Either(&[Shape::Expression, Shape::Mapping(|| &RULE)]);
/// One rule or several.
const RULES: Shape = Shape::Either(&[Shape::Expression, Shape::Mapping(|| &RULE), Shape::List(&ONE_RULE)]);
/// What becomes of values without a name, with a condition perhaps.
const UNKNOWN_SHAPE: Shape = Shape::Either(&[Shape::Word(UNKNOWNS), Shape::Mapping(|| &UNKNOWN)]);
/// Fields in wire order.
const FIELDS: Shape = Shape::List(&Shape::Field);
/// The cases of a switch.
const CASES: Shape = Shape::Named(Keys::Texts, &Shape::Case);
/// Arguments by param name.
const ARGUMENTS: Shape = Shape::Named(Keys::New(Named::Value), &Shape::Expression);
/// State by name, and what it is from here on.
const REMEMBER: Shape =
    Shape::Named(Keys::Known, &Shape::Either(&[Shape::Expression, Shape::Named(Keys::Known, &Shape::Expression)]));
/// Names and types.
const PARAMS: Shape = Shape::Named(Keys::New(Named::Value), &Shape::Either(&[Shape::Name, Shape::Mapping(|| &PARAM)]));

/// Notes that every declaration takes.
const NOTES: &[Key] = &[
    Key::new("doc", Shape::Text, "documentation, part of the generated Rust"),
    Key::new("refs", TEXTS, "where the facts come from"),
    Key::new("was", TEXTS, "earlier names"),
];
