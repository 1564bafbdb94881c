//! Which keys of a field or case go together: what reading checks, as data.

/// The keys that say what a field or case is.
pub const CONTENTS: &[&str] = &["let", "type", "magic", "fields", "switch", "extern", "journal"];

/// Keys that have a meaning beside another one only: one of these.
pub const NEEDS: &[(&str, &[&str])] = &[
    ("cases", &["switch"]),
    ("default", &["switch"]),
    ("open", &["switch"]),
    ("gap", &["at", "copies", "journal"]),
    ("slack", &["size"]),
    ("from", &["at", "via"]),
];

/// The keys that make a list.
pub const MAKES_LIST: &[&str] = &["count", "until", "while", "each", "marker"];
/// The keys about the elements of a list.
pub const OF_LIST: &[&str] = &["unique", "disjoint", "max_count", "lazy"];
/// The keys that make a value of a type, or are arguments of one.
const OF_TYPE: &[&str] = &["with", "value", "init", "mismatch", "unknown"];
/// The keys about bytes.
const OF_BYTES: &[&str] = &["size", "slack", "max", "at", "gap", "via", "from", "copies"];

/// The keys about a list that is held.
pub const OF_HELD: &[&str] = &[
    "until",
    "while",
    "each",
    "unique",
    "disjoint",
    "max_count",
    "valid",
    "expect",
    "remember",
    "init",
    "value",
    "copies",
];

/// Keys that do not stand beside each other: a field lies in the sequence or aside.
pub const APART: &[(&str, &str)] = &[("at", "via"), ("copies", "via")];

/// Keys that have no meaning beside a content.
pub const MISFITS: &[(&str, &[&[&str]])] = &[
    ("let", &[MAKES_LIST, OF_LIST, OF_TYPE, OF_BYTES, &["require", "remember"]]),
    (
        "magic",
        &[MAKES_LIST, OF_LIST, &["with", "value", "init", "unknown", "size", "slack", "max", "require", "copies"]],
    ),
    ("fields", &[OF_TYPE, &["copies"]]),
    ("switch", &[OF_TYPE, &["copies"]]),
    (
        "extern",
        &[
            MAKES_LIST,
            OF_LIST,
            &["value", "init", "mismatch", "unknown", "size", "slack", "via", "from", "copies", "require"],
        ],
    ),
    ("journal", &[MAKES_LIST, OF_LIST, OF_TYPE, &["size", "slack", "max", "at", "via", "from", "copies", "require"]]),
];
