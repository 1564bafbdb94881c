//! A file for the formats built in: opened, and its format settled.

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use clap::Args;
use vmspec::format::Format;
use vmspec::qevm;

use crate::description::Description;
use crate::inputs::Inputs;
use crate::offset;
use crate::progress::{Progress, Watched};
use crate::recognise;
use crate::refusal::Refusal;
use crate::spec;

/// How much is read at a time.
const STEP: usize = 64 << 10;

/// Which part of each file is read, and as what.
#[derive(Debug, Args)]
pub struct Choice {
    /// Read every file as this format; without it the first bytes tell
    #[arg(long, value_name = "ID", value_parser = recognise::format_parser())]
    format: Option<&'static Format>,
    /// Start N bytes into each file (512, 0x200, 64K, 1M, 2G)
    #[arg(long, value_name = "N", default_value = "0", value_parser = offset::parse)]
    offset: u64,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    description: Description,
}

/// A file, opened.
pub struct Target {
    /// Its bytes.
    pub reader: Watched<BufReader<File>>,
    /// Where the value starts.
    pub offset: u64,
    /// What it is.
    pub format: &'static Format,
    /// Its inputs that are not what they are first.
    pub inputs: Vec<(String, String)>,
}

impl Choice {
    /// Opens a file and settles its format.
    pub fn open(&self, path: &Path) -> Result<Target, Refusal> {
        let (mut file, length) = recognise::open(path, self.offset)?;
        let format = match self.format {
            Some(format) => format,
            None => recognise::recognise(&mut file, self.offset)?,
        };
        let mut inputs = self.inputs(format)?;
        inputs.extend(self.description.other()?.map(|json| (qevm::DESCRIPTION.to_owned(), json)));
        file.rewind()?;
        let reader = BufReader::with_capacity(STEP, file);
        Ok(Target { reader: Watched::new(reader, Progress::new(path, length)), offset: self.offset, format, inputs })
    }

    fn inputs(&self, format: &Format) -> Result<Vec<(String, String)>, Refusal> {
        if self.inputs.is_empty() && self.offset == 0 {
            return Ok(Vec::new());
        }
        let (mut model, _) = vmspec_codegen::compile(&spec::built_in(format))?;
        self.inputs.set(&mut model, self.offset)
    }
}

impl Target {
    /// The inputs as the format takes them.
    pub fn inputs(inputs: &[(String, String)]) -> Vec<(&str, &str)> {
        inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
