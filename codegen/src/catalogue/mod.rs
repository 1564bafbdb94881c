//! What people are told of the codes of errors: a story for each, with a spec that breaks the rule, what is said of it, and the change that
//! puts it right. The command and the book tell it from here.

mod example;
mod pages;

pub use example::{Change, Example, Line};
pub use pages::{Page, pages};

use crate::diagnostic::Code;

/// Families of codes: the letter, and what they are about.
pub const FAMILIES: &[(char, &str)] = &[
    ('F', "files"),
    ('Y', "YAML itself"),
    ('S', "keys and shapes"),
    ('X', "expressions as text"),
    ('N', "names"),
    ('T', "types of expressions"),
    ('D', "driven values"),
    ('L', "layout"),
    ('V', "versions"),
    ('C', "cases and values"),
    ('M', "state"),
    ('P', "places"),
    ('J', "journals"),
    ('E', "examples"),
];

/// The codes of a family, in order.
pub fn codes_of(letter: char) -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(move |code| code.as_str().starts_with(letter))
}
