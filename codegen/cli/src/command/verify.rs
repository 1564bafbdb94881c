//! `vmspec verify`: whether files are what their formats say.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Report;
use vmspec::runtime::Findings;
use vmspec::stream::carries;

use crate::carried_stream::CarriedStream;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{BAD, GOOD, Screen};
use crate::stream::Unpacking;
use crate::target::Choice;

/// Say whether files are sound, and where and why not
///
/// A file that breaks a rule of its format is refused, with the place and the reason. A file that
/// reads well may still have findings: each is listed, and those of class `note` alone do no harm.
///
/// Of a QEMU stream, such notes are the states of devices whose length nothing but a footer tells, and those that are another
/// thing by the stream's own description than by the spec.
///
/// The QEMU stream that a libvirt save image carries is verified too. Offsets in it are those of the file; where the stream is
/// packed, they are those of the stream as it is unpacked, which is said.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when every file is sound, 1 when one is not, \
    2 when one cannot be opened or read.")]
pub struct Verify {
    #[command(flatten)]
    choice: Choice,
    /// Fail on any finding, on a note too
    #[arg(long)]
    strict: bool,
    /// Leave out the stream that a libvirt save image carries
    #[arg(long)]
    no_stream: bool,
    #[command(flatten)]
    unpacking: Unpacking,
    /// The files to verify
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Verify {
    /// Looks at every file, also after one that fails.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let mut worst = Outcome::Good;
        for path in &self.files {
            let outcome = match self.verify(path) {
                Ok(verified) => self.report(path, &verified, screen)?,
                Err(refusal) => refusal.report(path, screen)?,
            };
            worst = worst.max(outcome);
        }
        Ok(worst)
    }

    fn verify(&self, path: &Path) -> Result<Verified, Refusal> {
        let mut target = if self.no_stream { self.choice.open(path)? } else { self.choice.open_carrier(path)? };
        let mut report = target.verify()?;
        let mut id = target.id;
        if target.format.spec == vmspec::vhdx::SPEC && target.offset == 0 {
            id.push_str(behind_headers(path, &mut report)?.as_str());
        }
        let carried = !self.no_stream && carries(target.format);
        let stream = carried.then(|| CarriedStream::verify(path, &self.choice, self.unpacking));
        Ok(Verified { id, report, stream })
    }

    fn report(&self, path: &Path, verified: &Verified, screen: &mut Screen) -> io::Result<Outcome> {
        let Verified { id, report, stream } = verified;
        let is_good = |report: &Report| report.is_empty() || report.is_harmless() && !self.strict;
        let good = is_good(report) && stream.as_ref().is_none_or(|stream| stream.is_good(is_good));
        let (verdict, outcome) = if good { ((GOOD, "ok"), Outcome::Good) } else { ((BAD, "not ok"), Outcome::Refused) };
        let carried = stream.as_ref().map_or_else(String::new, CarriedStream::what);
        screen.verdict(path, verdict, &format!("({id}{carried})"))?;
        screen.findings("", report)?;
        match stream {
            None => Ok(outcome),
            Some(stream) => Ok(outcome.max(stream.report(path, screen)?)),
        }
    }
}

/// What was found.
struct Verified {
    /// The format's id, with what else there is to say of what was looked at.
    id: String,
    report: Report,
    /// What was found in the stream that the file carries.
    stream: Option<CarriedStream>,
}

/// Looks at what cannot be read of a disk as it lies there: its log, and its tables through that.
fn behind_headers(path: &Path, report: &mut Report) -> Result<String, Refusal> {
    let mut findings = Findings::default();
    let verified = vmspec::vhdx::verify(File::open(path)?, &mut findings)?;
    report.left_out = report.left_out.saturating_add(findings.left_out());
    report.findings.extend(findings.finish());
    let log = match verified.entries {
        0 => String::new(),
        n => format!(", its tables read as after the replay of {n} of the log's entries"),
    };
    Ok(if verified.has_parent { format!("{log}, a differencing disk whose blocks were not looked at") } else { log })
}
