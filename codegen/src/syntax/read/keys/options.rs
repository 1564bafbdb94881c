//! The keys of the small mappings inside options, and of examples.

use super::{ARGUMENTS, CLASSES, Construct, Key, ORDERS, Shape};

/// Versions in which something is there.
pub(super) const VERSION_KEYS: &[Key] = &[
    Key::new("since", Shape::Integer, "the first version that has it"),
    Key::new("before", Shape::Integer, "the first version that has it no more"),
];

/// A rule written as a mapping.
pub static RULE: Construct = Construct {
    name: "a rule",
    keys: &[&[
        Key::required("that", Shape::Expression, "the condition"),
        Key::new("class", Shape::Word(CLASSES), "class of its failure").or("invalid"),
        Key::new("say", Shape::Text, "what people are told when it fails"),
    ]],
};

/// `endian` by trial.
pub static ENDIAN: Construct = Construct {
    name: "`endian`",
    keys: &[&[
        Key::required("try", Shape::List(&Shape::Word(ORDERS)), "the orders, in the order they are tried"),
        Key::required("where", Shape::Expression, "what holds in the right one"),
    ]],
};

/// `unknown` with a condition.
pub static UNKNOWN: Construct = Construct {
    name: "`unknown`",
    keys: &[&[Key::required("keep", Shape::Expression, "the condition under which an unknown value is kept")]],
};

/// `disjoint`.
pub static DISJOINT: Construct = Construct {
    name: "`disjoint`",
    keys: &[&[
        Key::required("start", Shape::Expression, "where the range of an element starts"),
        Key::required("size", Shape::Expression, "how long it is"),
    ]],
};

/// `copies`.
pub static COPIES: Construct = Construct {
    name: "`copies`",
    keys: &[&[
        Key::required("at", Shape::List(&Shape::Expression), "the offsets of the copies, ascending"),
        Key::new("newest", Shape::Expression, "the number that is greatest in the valid copy that counts"),
    ]],
};

/// One of `examples`.
pub static EXAMPLE: Construct = Construct {
    name: "an example",
    keys: &[&[
        Key::new("type", Shape::Name, "the type that is read; the root when not given"),
        Key::new("endian", Shape::Word(ORDERS), "byte order, for a type that is told it"),
        Key::new("with", ARGUMENTS, "arguments for the params of the type"),
        Key::new("inputs", ARGUMENTS, "inputs that are not what they are first"),
        Key::new("hex", Shape::Hex, "the bytes as hex digits"),
        Key::new("sample", Shape::Text, "the bytes as a file in the folder of samples"),
        Key::new("value", Shape::Any, "what the value holds, as far as it is said"),
        Key::new("error", Shape::Mapping(|| &EXAMPLE_ERROR), "how the reading fails"),
    ]],
};

/// `error` of an example.
pub static EXAMPLE_ERROR: Construct = Construct {
    name: "`error`",
    keys: &[&[
        Key::required("path", Shape::Path, "the field that fails: `header.version`"),
        Key::required("class", Shape::Word(CLASSES), "the class of the failure"),
    ]],
};
