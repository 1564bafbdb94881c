//! A file for the formats built in: opened, and its format settled.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;

use clap::Args;
use vmspec::format::{Format, Report, head};
use vmspec::qevm;
use vmspec::stream::{Packing, carries};

use crate::description::Description;
use crate::inputs::Inputs;
use crate::offset;
use crate::progress::{Progress, Watched};
use crate::recognise;
use crate::refusal::Refusal;
use crate::shared_file::SharedFile;
use crate::spec;
use crate::states::drift;
use crate::stream::{self, Packed, Pipe, Stream, Unpacking};

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
    pub reader: Watched<BufReader<SharedFile>>,
    file: SharedFile,
    /// Where the value starts.
    pub offset: u64,
    /// What it is.
    pub format: &'static Format,
    /// What is said of what it is: the id of the format, and what else than its root it is.
    pub id: String,
    /// Whether it is something else than the root of its format.
    is_other: bool,
    /// Its inputs that are not what they are first.
    pub inputs: Vec<(String, String)>,
}

impl Choice {
    /// Opens a file and settles its format.
    pub fn open(&self, path: &Path) -> Result<Target, Refusal> {
        let (file, format) = self.settled(path)?;
        let inputs = self.inputs(format, self.offset)?;
        Target::new(path, file, (format, self.offset), inputs)
    }

    /// The same for a file that carries a stream: what is given of inputs is for that.
    pub fn open_carrier(&self, path: &Path) -> Result<Target, Refusal> {
        let (file, format) = self.settled(path)?;
        let inputs = if carries(format) { Vec::new() } else { self.inputs(format, self.offset)? };
        Target::new(path, file, (format, self.offset), inputs)
    }

    /// Opens a file for the QEMU stream that it is or carries; none where its format has none. Says how it was packed, too.
    pub fn open_stream(&self, path: &Path, unpacking: Unpacking) -> Result<Option<(Target, Option<Packing>)>, Refusal> {
        let (file, format) = self.settled(path)?;
        let Some(stream) = stream::follow(format, file, self.offset, (path, unpacking))? else { return Ok(None) };
        let Stream { file, offset, origin, packing } = stream;
        let format = stream::format()?;
        let inputs = self.inputs(format, origin)?;
        Target::new(path, file, (format, offset), inputs).map(|target| Some((target, packing)))
    }

    /// The same where there has to be one.
    pub fn stream(&self, path: &Path, unpacking: Unpacking) -> Result<(Target, Option<Packing>), Refusal> {
        let opened = self.open_stream(path, unpacking)?;
        opened.ok_or_else(|| Refusal::Unknown("there is no QEMU stream in it".into()))
    }

    /// The QEMU stream in what comes through a pipe, and its inputs.
    pub fn pipe(&self, from: Packed) -> Result<(Pipe, Vec<(String, String)>), Refusal> {
        let pipe = Pipe::follow(from, self.format, self.offset)?;
        let inputs = self.inputs(stream::format()?, pipe.origin)?;
        Ok((pipe, inputs))
    }

    fn settled(&self, path: &Path) -> Result<(File, &'static Format), Refusal> {
        let (mut file, _) = recognise::open(path, self.offset)?;
        let format = match self.format {
            Some(format) => format,
            None => recognise::recognise(&mut file, self.offset)?,
        };
        Ok((file, format))
    }

    fn inputs(&self, format: &Format, origin: u64) -> Result<Vec<(String, String)>, Refusal> {
        let mut inputs = Vec::new();
        if !self.inputs.is_empty() || origin > 0 {
            let (mut model, _) = vmspec_codegen::compile(&spec::built_in(format))?;
            inputs = self.inputs.set(&mut model, origin)?;
        }
        inputs.extend(self.description.other()?.map(|json| (qevm::DESCRIPTION.to_owned(), json)));
        Ok(inputs)
    }
}

impl Target {
    fn new(
        path: &Path,
        mut file: File,
        (format, offset): (&'static Format, u64),
        inputs: Vec<(String, String)>,
    ) -> Result<Self, Refusal> {
        let other = format.other(&head(&mut file, offset)?);
        let id = other.map_or_else(|| format.id.to_owned(), |other| format!("{}: {}", format.id, other.name));
        let file = SharedFile::new(file);
        let length = file.at(0).seek(SeekFrom::End(0))?;
        let reader = BufReader::with_capacity(STEP, file.at(0));
        Ok(Self {
            reader: Watched::new(reader, Progress::new(path, length)),
            file,
            offset,
            format,
            id,
            is_other: other.is_some(),
            inputs,
        })
    }

    /// Another reader of the value's bytes, which gets as many at a time.
    pub fn second_reader(&self, step: usize) -> BufReader<SharedFile> {
        BufReader::with_capacity(step, self.file.at(self.offset))
    }

    /// Looks for what is wrong with it. Of a QEMU stream that is also where a spec and a description do not agree.
    pub fn verify(&mut self) -> Result<Report, Refusal> {
        let inputs = Self::inputs(&self.inputs);
        let mut report = self.format.verify_with(&mut self.reader, self.offset, &inputs)?;
        if self.format.spec == qevm::SPEC && !self.is_other {
            report.add(drift::findings(self)?);
            report.findings.sort_by_key(|finding| finding.offset);
        }
        Ok(report)
    }

    /// The inputs as the format takes them.
    pub fn inputs(inputs: &[(String, String)]) -> Vec<(&str, &str)> {
        inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
