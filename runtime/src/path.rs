//! Field paths such as `stream.records[3].body`, kept as steps until someone asks for the text.

use alloc::string::String;
use core::fmt::Write;

/// One step of a field path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Into a field.
    Field(&'static str),
    /// Into an element of the list before.
    Index(usize),
}

/// The path as text, outermost step first.
pub(crate) fn render(steps: impl Iterator<Item = Step>) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.extend([".", name]),
            // Writing to a string cannot fail.
            Step::Index(i) => _ = write!(text, "[{i}]"),
        }
    }
    text
}
