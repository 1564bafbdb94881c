//! The keys of `journal`.

use super::{Construct, Key, RULES, Shape};

/// `journal`.
pub static JOURNAL: Construct = Construct {
    name: "`journal`",
    keys: &[&[
        Key::required("at", Shape::Expression, "the offset at which the ring starts"),
        Key::required("size", Shape::Expression, "its length in bytes"),
        Key::required("stride", Shape::Expression, "bytes from one place where an entry may start to the next"),
        Key::required("entry", Shape::Name, "the type of an entry"),
        Key::required("live", Shape::Expression, "the condition under which there is something to replay"),
        Key::required("accept", Shape::Expression, "whether the entry `it` belongs to the journal as it is now"),
        Key::required("follows", Shape::Expression, "whether the entry `it` comes next after `prev`"),
        Key::required("newest", Shape::Expression, "what is greatest in the last entry of the newest sequence"),
        Key::required("tail", Shape::Expression, "offset in the ring of the first entry to replay"),
        Key::new("require", RULES, "rules on the last entry, before anything is written"),
        Key::new("grow", Shape::Expression, "bytes that the file has at least after a replay"),
        Key::required("apply", Shape::Mapping(|| &APPLY), "what an entry does"),
    ]],
};

/// `apply` of a journal.
pub static APPLY: Construct = Construct {
    name: "`apply`",
    keys: &[&[
        Key::required("list", Shape::Name, "the list of the entry whose elements say what is done"),
        Key::required("at", Shape::Expression, "the offset in the file that the element `it` is about"),
        Key::new("zeros", Shape::Expression, "how many zeros go there, where that is not absent"),
        Key::new(
            "bytes",
            Shape::Either(&[Shape::Expression, Shape::List(&Shape::Expression)]),
            "parts of the entry that go there, one behind the other",
        ),
    ]],
};
