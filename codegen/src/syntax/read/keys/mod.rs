//! The keys of the language as data: for every construct its keys, what they mean and what they take.
//! Reading checks against these tables, and documentation is made from them.

mod content;
mod declarations;
mod journal;
mod options;

pub use content::{CASE, FIELD, is_case_name};
pub use declarations::{CONST, ENUM, ENUM_VALUE, EXTERN, FLAG, FLAGS, FORMAT, INPUT, PARAM, STATE, TOP_LEVEL, TYPE};
pub use journal::{APPLY, JOURNAL};
pub use options::{COPIES, DISJOINT, ENDIAN, EXAMPLE, EXAMPLE_ERROR, RULE, UNKNOWN};

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
}

/// What a key takes.
#[derive(Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// A name of the language.
    Name,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An expression.
    Expression,
    /// Elements of a list: `list where condition`.
    Choice,
    /// A type: `u32`, `bytes(16)`.
    Type,
    /// A mapping with fixed keys: those of the construct the function gives, as constructs hold each other.
    Mapping(fn() -> &'static Construct),
    /// A mapping from names, or from texts that stand for values, to these.
    Named(&'static Shape),
    /// A list of these.
    List(&'static Shape),
    /// One of these shapes.
    Either(&'static [Shape]),
    /// Anything.
    Any,
    /// A key of the language whose value is not read yet.
    Later,
}

impl Key {
    /// A key that need not be given.
    const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, shape, required: false }
    }

    /// A key that must be given.
    const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, shape, required: true }
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
];

/// Bytes that no field covers.
pub const POLICIES: &[&str] = &["none", "zero", "keep"];
/// What becomes of a value that is not as pinned.
pub const MISMATCHES: &[&str] = &["error", "keep"];
/// Byte orders.
pub const ORDERS: &[&str] = &["le", "be"];
/// What an extern tells.
pub const GIVES: &[&str] = &["length"];
/// What becomes of values without a name.
pub const UNKNOWNS: &[&str] = &["error", "keep"];
/// Classes of failures and findings.
pub const CLASSES: &[&str] = &["not_this_format", "truncated", "unsupported", "limit", "invalid", "incomplete", "note"];

/// One text or several.
const TEXTS: Shape = Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]);
/// A byte order, written or worked out.
const ENDIANS: Shape = Shape::Either(&[Shape::Word(ORDERS), Shape::Expression, Shape::Mapping(|| &ENDIAN)]);
/// A rule.
const ONE_RULE: Shape = Shape::Either(&[Shape::Expression, Shape::Mapping(|| &RULE)]);
/// One rule or several.
const RULES: Shape = Shape::Either(&[Shape::Expression, Shape::Mapping(|| &RULE), Shape::List(&ONE_RULE)]);
/// What becomes of values without a name, with a condition perhaps.
const UNKNOWN_SHAPE: Shape = Shape::Either(&[Shape::Word(UNKNOWNS), Shape::Mapping(|| &UNKNOWN)]);
/// Fields in wire order.
const FIELDS: Shape = Shape::List(&Shape::Named(&Shape::Either(&[Shape::Type, Shape::Mapping(|| &FIELD)])));
/// What a case may be.
const CASE_SHAPE: Shape = Shape::Either(&[Shape::Type, FIELDS, Shape::Mapping(|| &CASE)]);
/// The cases of a switch.
const CASES: Shape = Shape::Named(&CASE_SHAPE);
/// Arguments by param name.
const ARGUMENTS: Shape = Shape::Named(&Shape::Expression);
/// State by name, and what it is from here on.
const REMEMBER: Shape = Shape::Named(&Shape::Either(&[Shape::Expression, ARGUMENTS]));

/// Notes that every declaration takes.
const NOTES: &[Key] = &[
    Key::new("doc", Shape::Text, "documentation, part of the generated Rust"),
    Key::new("refs", TEXTS, "where the facts come from"),
    Key::new("was", TEXTS, "earlier names"),
];
