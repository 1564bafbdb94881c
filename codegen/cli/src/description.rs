//! The description of devices in a QEMU migration stream: its own, or that of another stream of the same machine.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Format;
use vmspec::qevm::devices::Devices;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{self, description};

use crate::refusal::Refusal;

/// Where a description is taken from.
#[derive(Debug, Args)]
pub struct Description {
    /// Take the description of its devices from another QEMU stream of the same machine
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

fn of(path: &Path) -> Result<String, Refusal> {
    let mut file = File::open(path).map_err(|e| Refusal::Elsewhere(path.to_owned(), e))?;
    let found = description::find(&mut file, 0)?;
    found.ok_or_else(|| Refusal::Choice(format!("there is no description of devices in {}", path.display())))
}
