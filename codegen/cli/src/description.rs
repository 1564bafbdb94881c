//! The description of devices in a QEMU migration stream: its own, or that of another stream of the same machine.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Format;
use vmspec::qevm::devices::Devices;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{self, description};
use vmspec_codegen::interpret::edit::set_input;
use vmspec_codegen::model::Format as Model;

use crate::refusal::Refusal;
use crate::stream::{self, Unpacking};

/// Where a description is taken from.
#[derive(Debug, Args)]
pub struct Description {
    /// Take the description of its devices from another QEMU stream of the same machine, or that of a save image
    #[arg(long = "desc", value_name = "STREAM")]
    of: Option<PathBuf>,
}

/// The description of devices, in JSON.
#[derive(Debug)]
pub enum Json {
    /// Of the stream itself.
    Own(String),
    /// Of another stream.
    Another(String),
}

impl Json {
    /// The text.
    pub fn text(&self) -> &str {
        match self {
            Self::Own(json) | Self::Another(json) => json,
        }
    }

    /// What tells the lengths of states, by what it says.
    pub fn devices<'a>(&self, schema: &'a Schema<'a>) -> Devices<'a> {
        match self {
            Self::Own(_) => Devices::described_by(schema),
            Self::Another(_) => Devices::described_by_another(schema),
        }
    }
}

impl Description {
    /// The description of a file of this format, which lies at `offset`: that of the other stream where one is given.
    pub fn json<R: Read + Seek>(&self, format: &Format, file: &mut R, offset: u64) -> Result<Option<Json>, Refusal> {
        if let Some(json) = self.other()? {
            return Ok(Some(Json::Another(json)));
        }
        let own = if format.spec == qevm::SPEC { description::find(file, offset)? } else { None };
        Ok(own.map(Json::Own))
    }

    /// The JSON of the description of the other stream.
    pub fn other(&self) -> Result<Option<String>, Refusal> {
        self.of.as_deref().map(of).transpose()
    }
}

/// Sets the inputs that a description tells, where a format has them.
pub fn set_inputs(format: &mut Model, json: &str) -> Result<(), Refusal> {
    for (name, value) in description::inputs(&Schema::parse(json)?) {
        if format.inputs.iter().any(|input| input.param.name == name) {
            set_input(format, &format!("{name}={value}")).map_err(Refusal::Choice)?;
        }
    }
    Ok(())
}

fn of(path: &Path) -> Result<String, Refusal> {
    let (mut file, offset) = stream::open(path, 0, Unpacking::default()).map_err(|refusal| refusal.elsewhere(path))?;
    let found = description::find(&mut file, offset)?;
    found.ok_or_else(|| Refusal::Choice(format!("there is no description of devices in {}", path.display())))
}
