//! `vmspec roundtrip`: whether files come out of a read and a write as they went in.

use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::compare::{Compare, Difference};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};
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
        let target = self.choice.open(path)?;
        let (id, offset) = (target.format.id, target.offset);
        let mut compare = Compare::new(second_handle(path, offset)?, offset);
        let rewritten = rewrite(target, &mut compare);
        if let Some(difference) = compare.difference() {
            return Ok(Comparison::Differs(difference));
        }
        rewritten?;
        let bytes = compare.position().saturating_sub(offset);
        Ok(match compare.finish()? {
            Some(difference) => Comparison::Differs(difference),
            None => Comparison::Identical(format!("({id}, {bytes} bytes)")),
        })
    }
}

enum Comparison {
    Identical(String),
    Differs(Difference),
}

/// A handle of its own: a duplicate would share the reading position.
fn second_handle(path: &Path, offset: u64) -> io::Result<BufReader<File>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    Ok(BufReader::with_capacity(STEP, file))
}

fn rewrite(mut target: Target, compare: &mut Compare<BufReader<File>>) -> Result<(), Refusal> {
    let format = target.format;
    format.rewrite_with(&mut target.reader, target.offset, compare, &Target::inputs(&target.inputs))?;
    Ok(())
}
