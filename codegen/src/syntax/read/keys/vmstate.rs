//! The keys of device states, and of markers.

use super::{Construct, FIELDS, Key, Keys, NOTES, REMEMBER, RULES, Shape};

/// `vmstate` of a file.
pub static VMSTATE: Construct = Construct {
    name: "`vmstate`",
    keys: &[&[
        Key::required("subsection", Shape::Mapping(|| &SUBSECTION_RULE), "what is in front of a subsection"),
        Key::new("sentinel", Shape::Mapping(|| &SENTINEL), "what is behind a nested state"),
    ]],
};

/// `subsection` of `vmstate`.
pub static SUBSECTION_RULE: Construct = Construct {
    name: "`subsection`",
    keys: &[&[
        Key::required("tag", Shape::Byte, "the byte that it begins with, in front of its name"),
        Key::required("version", Shape::Name, "the type of its version, behind its name"),
        Key::new("version_bits", Shape::Integer, "how many of the low bits of that count"),
    ]],
};

/// `sentinel` of `vmstate`.
pub static SENTINEL: Construct = Construct {
    name: "`sentinel`",
    keys: &[&[
        Key::required("byte", Shape::Byte, "the byte"),
        Key::new("when", Shape::Expression, "the condition under which it is there"),
    ]],
};

/// `version` of a device state.
pub static VERSIONS: Construct = Construct {
    name: "`version`",
    keys: &[&[
        Key::required("current", Shape::Integer, "the highest, and the one that is meant where none is said"),
        Key::required("minimum", Shape::Integer, "the lowest"),
    ]],
};

/// One of `subsections`.
pub static SUBSECTION: Construct = Construct {
    name: "a subsection",
    keys: &[
        &[
            Key::required(
                "version",
                Shape::Either(&[Shape::Integer, Shape::Mapping(|| &VERSIONS)]),
                "the versions there are, or the only one",
            ),
            Key::required("fields", FIELDS, "its fields in wire order"),
            Key::new(
                "subsections",
                Shape::Named(Keys::Texts, &Shape::Mapping(|| &SUBSECTION)),
                "what may follow its fields",
            ),
            Key::new("require", RULES, "rules over all fields"),
            Key::new("remember", REMEMBER, "what it tells later records"),
        ],
        NOTES,
    ],
};

/// `marker`
pub static MARKER: Construct = Construct {
    name: "`marker`",
    keys: &[&[
        Key::new("none", Shape::Byte, "the byte in the place of an element that is not there"),
        Key::new("some", Shape::Byte, "the byte before an element, beside `none`"),
        Key::new("more", Shape::Byte, "the byte before each element"),
        Key::new("end", Shape::Byte, "the byte behind the last element, beside `more`"),
    ]],
};
