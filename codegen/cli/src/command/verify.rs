//! `vmspec verify`: whether files are what their formats say.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::Report;
use vmspec::runtime::Findings;

use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{BAD, GOOD, Screen};
use crate::states::drift;
use crate::target::{Choice, Target};

/// Say whether files are sound, and where and why not
///
/// A file that breaks a rule of its format is refused, with the place and the reason. A file that
/// reads well may still have findings: each is listed, and those of class `note` alone do no harm.
///
/// Of a QEMU stream, such notes are the states of devices whose length nothing but a footer tells, and those that are another
/// thing by the stream's own description than by the spec.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when every file is sound, 1 when one is not, \
    2 when one cannot be opened or read.")]
pub struct Verify {
    #[command(flatten)]
    choice: Choice,
    /// Fail on any finding, on a note too
    #[arg(long)]
    strict: bool,
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
                Ok((id, report)) => self.report(path, &id, &report, screen)?,
                Err(refusal) => refusal.report(path, screen)?,
            };
            worst = worst.max(outcome);
        }
        Ok(worst)
    }

    /// The format's id, with what else there is to say of what was looked at, and what was found.
    fn verify(&self, path: &Path) -> Result<(String, Report), Refusal> {
        let mut target = self.choice.open(path)?;
        let mut report =
            target.format.verify_with(&mut target.reader, target.offset, &Target::inputs(&target.inputs))?;
        if target.format.spec == vmspec::qevm::SPEC {
            report.add(drift::findings(&mut target)?);
            report.findings.sort_by_key(|finding| finding.offset);
        }
        let mut id = target.format.id.to_owned();
        if target.format.spec == vmspec::vhdx::SPEC && target.offset == 0 {
            id.push_str(behind_headers(path, &mut report)?.as_str());
        }
        Ok((id, report))
    }

    fn report(&self, path: &Path, id: &str, report: &Report, screen: &mut Screen) -> io::Result<Outcome> {
        let good = report.is_empty() || report.is_harmless() && !self.strict;
        let (verdict, outcome) = if good { ((GOOD, "ok"), Outcome::Good) } else { ((BAD, "not ok"), Outcome::Refused) };
        screen.verdict(path, verdict, &format!("({id})"))?;
        for finding in &report.findings {
            screen.line(format_args!("  {finding}"))?;
        }
        if report.left_out > 0 {
            screen.line(format_args!("  and {} more", report.left_out))?;
        }
        Ok(outcome)
    }
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
