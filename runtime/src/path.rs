//! Field paths such as `stream.records[3].body`, kept as steps until someone asks for the text.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::Write;

/// One step of a field path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Into a field.
    Field(&'static str),
    /// Into a field whose name the input gave.
    Named(Box<str>),
    /// Into an element of the list before.
    Index(usize),
}

/// The path as text, outermost step first.
pub(crate) fn render<'a>(steps: impl Iterator<Item = &'a Step>) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Field(name) => push(&mut text, name),
            Step::Named(name) => push(&mut text, name),
            // Writing to a string cannot fail.
            Step::Index(i) => _ = write!(text, "[{i}]"),
        }
    }
    text
}

fn push(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push('.');
    }
    text.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::{Step, render};

    #[test]
    fn names_are_joined_whoever_gave_them() {
        let steps =
            [Step::Named("0000:00:01.1/ide".into()), Step::Field("bus"), Step::Index(1), Step::Named("cmd".into())];
        assert_eq!(render(steps.iter()), "0000:00:01.1/ide.bus[1].cmd");
    }
}
