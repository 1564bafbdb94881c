//! Runs the program in a folder of its own, with variants of a bundled image in it.

// Each file of tests uses its own part of this.
#![allow(dead_code)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/samples/libvirt");

/// What a run of the program gave.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The program in a folder of its own.
pub struct Bench(TempDir);

impl Bench {
    pub fn new() -> Result<Self> {
        Ok(Self(TempDir::new()?))
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result {
        Ok(fs::write(self.folder().join(name), bytes)?)
    }

    /// A real image, with bytes at some offsets replaced.
    pub fn image(&self, name: &str, changes: &[(usize, &[u8])]) -> Result {
        let mut image = sample()?;
        for (offset, bytes) in changes {
            let end = offset.checked_add(bytes.len()).ok_or("offset")?;
            image.splice(*offset..end, bytes.iter().copied());
        }
        self.file(name, image)
    }

    /// A command that has been told where, but not yet what.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vmspec"));
        command.current_dir(self.folder()).stdin(Stdio::null());
        for variable in ["CLICOLOR_FORCE", "NO_COLOR", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs with words separated by spaces.
    pub fn run(&self, words: &str) -> Result<Run> {
        let output = self.command().args(words.split_whitespace()).output()?;
        Run::of(output)
    }
}

impl Run {
    pub fn of(output: Output) -> Result<Self> {
        Ok(Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Holds the exit code and standard output against what they should be.
    #[track_caller]
    pub fn gives(&self, code: i32, out: &str) {
        assert_eq!(self.out, out, "standard error: {}", self.err);
        assert_eq!(self.code, Some(code));
    }
}

/// The smallest real image: written by libvirt 11.3, memory packed with zstd.
pub fn sample() -> Result<Vec<u8>> {
    Ok(fs::read(Path::new(SAMPLES).join("lv11-zstd.save"))?)
}
