//! The keys of fields and cases.

use super::options::VERSION_KEYS;
use super::{
    ARGUMENTS, CASES, CLASSES, COPIES, Construct, DISJOINT, FIELDS, JOURNAL, Key, MARKER, MISMATCHES, NOTES, POLICIES,
    REMEMBER, RULES, Shape, UNKNOWN_SHAPE,
};

/// What a field or case is.
const CONTENT: &[Key] = &[
    Key::new("type", Shape::Type, "what it is; beside `let` the enum it is"),
    Key::new("magic", Shape::Magic, "fixed bytes, one for each character"),
    Key::new("fields", FIELDS, "a group of fields"),
    Key::new("switch", Shape::Expression, "the value that chooses one of `cases`"),
    Key::new("cases", CASES, "value and content, for `switch`"),
    Key::new("default", Shape::Case, "content for all other values of `switch`"),
    Key::new("open", Shape::Boolean, "whether `extend` may add cases").or("false"),
    Key::new("extern", Shape::Name, "code written by hand that tells its length"),
];

/// How many there are, and what a list must be like.
const REPETITION: &[Key] = &[
    Key::new("count", Shape::Expression, "how many there are, or `rest`"),
    Key::new("until", Shape::Expression, "the condition, tested after each element, that ends the list"),
    Key::new("while", Shape::Expression, "the condition, tested before each element, for one more"),
    Key::new("each", Shape::Choice, "the list with an element for each of this one: `list where condition`"),
    Key::new("marker", Shape::Mapping(|| &MARKER), "bytes that say whether an element follows"),
    Key::new(
        "unique",
        Shape::Either(&[Shape::Expression, Shape::List(&Shape::Expression)]),
        "what no two elements have in common",
    ),
    Key::new("disjoint", Shape::Mapping(|| &DISJOINT), "ranges of the elements that do not overlap"),
    Key::new("max_count", Shape::Expression, "the most elements there may be"),
    Key::new("lazy", Shape::Boolean, "whether elements are read one by one, when they are asked for").or("false"),
];

/// Where it lies, and what it holds.
const HOLDS: &[Key] = &[
    Key::new("size", Shape::Expression, "its length in bytes"),
    Key::new("slack", Shape::Word(POLICIES), "what becomes of bytes behind its content").or("none"),
    Key::new("via", Shape::Expression, "the offset it lies at, read aside"),
    Key::new("from", Shape::Name, "the place that `at` or `via` counts from: `type`, `file` or a param").or("type"),
    Key::new("value", Shape::Expression, "the value it must have"),
    Key::new("valid", RULES, "rules that fail the reading"),
    Key::new("expect", RULES, "rules whose failure is a finding"),
    Key::new("require", RULES, "rules over all fields of a group"),
    Key::new("mismatch", Shape::Word(MISMATCHES), "what becomes of a value that is not the fixed one").or("error"),
    Key::new("max", Shape::Expression, "the most bytes it may have"),
    Key::new("init", Shape::Expression, "what a builder starts from"),
    Key::new("unknown", UNKNOWN_SHAPE, "what becomes of a value without a name"),
    Key::new("with", ARGUMENTS, "arguments for the params of its type"),
    Key::new("remember", REMEMBER, "what it tells later records"),
    Key::new("class", Shape::Word(CLASSES), "class of its rules").or("invalid"),
    Key::new("say", Shape::Text, "what people are told when it is not as it must be"),
];

/// What only a field has: a case is there when it is chosen, where its field is.
const FIELD_ONLY: &[Key] = &[
    Key::new("let", Shape::Expression, "a value without bytes"),
    Key::new("journal", Shape::Mapping(|| &JOURNAL), "a ring of entries that are replayed"),
    Key::new("if", Shape::Expression, "the condition under which it is there"),
    Key::new("at", Shape::Expression, "the offset it lies at, ahead of the fields before it"),
    Key::new("copies", Shape::Mapping(|| &COPIES), "the offsets at which it stands, once each"),
    Key::new("gap", Shape::Word(POLICIES), "what becomes of the bytes skipped by `at`, `copies` or `journal`")
        .or("none"),
    Key::new("as", Shape::Text, "its name in dumps"),
];

/// A field.
pub static FIELD: Construct =
    Construct { name: "a field", keys: &[CONTENT, FIELD_ONLY, VERSION_KEYS, REPETITION, HOLDS, NOTES] };

/// What only a case has.
const CASE_ONLY: &[Key] = &[Key::new("if", Shape::Expression, "the condition under which it is chosen, over a text")];

/// A case of a switch.
pub static CASE: Construct = Construct { name: "a case", keys: &[CONTENT, CASE_ONLY, REPETITION, HOLDS, NOTES] };

/// Whether a case may be called `name` in `{name: type}`; the keys of fields and cases are what they are.
#[must_use]
pub fn is_case_name(name: &str) -> bool {
    FIELD.key(name).is_none()
}
