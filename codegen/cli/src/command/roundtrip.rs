//! `vmspec roundtrip`: whether files come out of a read and a write as they went in.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::stream::Packing;

use crate::compare::{Compare, Difference};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};
use crate::stream::Carried;
use crate::target::{Choice, Target};

/// How much of the file is held for comparing.
const STEP: usize = 1 << 20;

/// Read files, write them again, and compare the bytes
///
/// Nothing is stored: what would be written is held against the file at once, so that an image of
/// any size takes a few MiB of memory and no disk.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when every file comes out as it went in, 1 when one does \
    not, 2 when one cannot be opened or read.")]
pub struct Roundtrip {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    carried: Carried,
    /// The files to read and write again
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Roundtrip {
    /// Looks at every file, also after one that fails.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let mut worst = Outcome::Good;
        for path in &self.files {
            let outcome = match self.roundtrip(path) {
                Ok(Comparison::Identical(what)) => {
                    screen.verdict(path, (GOOD, "identical"), &what)?;
                    Outcome::Good
                }
                Ok(Comparison::Differs(difference)) => {
                    screen.refuse(path, difference)?;
                    Outcome::Refused
                }
                Err(refusal) => refusal.report(path, screen)?,
            };
            worst = worst.max(outcome);
        }
        Ok(worst)
    }

    fn roundtrip(&self, path: &Path) -> Result<Comparison, Refusal> {
        let (mut target, packing) = self.open(path)?;
        let offset = target.offset;
        let mut compare = Compare::new(target.second_reader(STEP), offset);
        let inputs = Target::inputs(&target.inputs);
        let rewritten = target.format.rewrite_with(&mut target.reader, offset, &mut compare, &inputs);
        if let Some(difference) = compare.difference() {
            return Ok(Comparison::Differs(difference));
        }
        rewritten?;
        let bytes = compare.position().saturating_sub(offset);
        let unpacked = packing.map_or_else(String::new, |by| format!(" that {} packed", by.program()));
        Ok(match compare.finish()? {
            Some(difference) => Comparison::Differs(difference),
            None => Comparison::Identical(format!("({}, {bytes} bytes{unpacked})", target.id)),
        })
    }

    fn open(&self, path: &Path) -> Result<(Target, Option<Packing>), Refusal> {
        if !self.carried.stream {
            return self.choice.open(path).map(|target| (target, None));
        }
        self.choice.stream(path, self.carried.unpacking)
    }
}

enum Comparison {
    Identical(String),
    Differs(Difference),
}
