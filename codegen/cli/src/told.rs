//! Lengths that no spec tells, for the interpreter: by the same code that generated readers ask.

use vmspec::qevm::description;
use vmspec::qevm::devices::{Devices, State};
use vmspec::qevm::schema::Schema;
use vmspec::runtime::{Class as Kind, Error};
use vmspec_codegen::interpret::edit::set_input;
use vmspec_codegen::interpret::{Asked, Externs, Untold};
use vmspec_codegen::model::{Class, Format};

use crate::refusal::Refusal;

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

/// Sets the inputs that a description tells, where a format has them.
pub fn set_inputs(format: &mut Format, json: &str) -> Result<(), Refusal> {
    for (name, value) in description::inputs(&Schema::parse(json)?) {
        if format.inputs.iter().any(|input| input.param.name == name) {
            set_input(format, &format!("{name}={value}")).map_err(Refusal::Choice)?;
        }
    }
    Ok(())
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
