//! Lengths that no spec tells, for the interpreter: by the same code that generated readers ask. The tests of generated code
//! have it too.

use vmspec::qevm::devices::{Devices, State};
use vmspec::runtime::{Class as Kind, Error};
use vmspec_codegen::interpret::{Asked, Externs, Untold};
use vmspec_codegen::model::Class;

/// Tells the lengths of states in a QEMU migration stream.
#[derive(Debug)]
pub struct Told<'a>(pub &'a Devices<'a>);

impl Externs for Told<'_> {
    fn length(&self, asked: &Asked<'_>) -> Result<u64, Untold> {
        let number = |name: &str| u32::try_from(asked.number(name)).unwrap_or_default();
        let state = State {
            offset: asked.start(),
            idstr: asked.text("idstr"),
            instance: number("instance"),
            version: number("version"),
            section_id: number("section_id"),
        };
        self.0.length(&mut asked.reader(), &state).map_err(|error| untold(&error, asked.start()))
    }
}

fn untold(error: &Error, start: u64) -> Untold {
    Untold {
        class: class(error.class()),
        at: error.offset().map_or(0, |at| at.saturating_sub(start)),
        expected: error.expected().to_owned(),
        found: error.found().to_string(),
    }
}

fn class(of: Kind) -> Class {
    match of {
        Kind::Truncated => Class::Truncated,
        Kind::Unsupported => Class::Unsupported,
        Kind::Limit => Class::Limit,
        _ => Class::Invalid,
    }
}
