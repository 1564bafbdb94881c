//! The description of devices in a QEMU migration stream: its own, or that of another stream of the same machine.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Format;
use vmspec::qevm::{self, description};

use crate::refusal::Refusal;
use crate::stream::{self, Unpacking};

/// Where a description is taken from.
#[derive(Debug, Args)]
pub struct Description {
    /// Take the description of its devices from another QEMU stream of the same machine, or that of a save image
    #[arg(long = "desc", value_name = "STREAM")]
    of: Option<PathBuf>,
}

impl Description {
    /// The JSON of the description of a file of this format, which lies at `offset`: that of the other stream where one is given.
    pub fn json<R: Read + Seek>(&self, format: &Format, file: &mut R, offset: u64) -> Result<Option<String>, Refusal> {
        if let Some(json) = self.other()? {
            return Ok(Some(json));
        }
        if format.spec == qevm::SPEC { Ok(description::find(file, offset)?) } else { Ok(None) }
    }

    /// The JSON of the description of the other stream.
    pub fn other(&self) -> Result<Option<String>, Refusal> {
        self.of.as_deref().map(of).transpose()
    }
}

fn of(path: &Path) -> Result<String, Refusal> {
    let (mut file, offset) = stream::open(path, 0, Unpacking::default()).map_err(|refusal| refusal.elsewhere(path))?;
    let found = description::find(&mut file, offset)?;
    found.ok_or_else(|| Refusal::Choice(format!("there is no description of devices in {}", path.display())))
}
