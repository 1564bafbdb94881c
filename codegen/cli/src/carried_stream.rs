//! What was found in the stream that a file carries, when the file was verified.

use std::io;
use std::path::Path;

use vmspec::format::Report;
use vmspec::stream::{FIELD, Packing};

use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::stream::{self, Unpacking};
use crate::target::{Choice, Target};

/// What was found in a stream.
pub struct CarriedStream {
    /// How it was packed, if it could be unpacked.
    packing: Option<Packing>,
    found: Result<Report, Refusal>,
}

impl CarriedStream {
    /// Looks at the stream that a file carries.
    pub fn verify(path: &Path, choice: &Choice, unpacking: Unpacking) -> Self {
        match choice.open_stream(path, unpacking) {
            Ok(Some((mut target, packing))) => Self { packing, found: found(&mut target) },
            Ok(None) => Self { packing: None, found: Ok(Report::default()) },
            Err(refusal) => Self { packing: None, found: Err(refusal) },
        }
    }

    /// Whether all is well with it.
    pub fn is_good(&self, is_good: impl Fn(&Report) -> bool) -> bool {
        self.found.as_ref().is_ok_and(is_good)
    }

    /// What it is, for the line about the file.
    pub fn what(&self) -> String {
        match (self.packing, &self.found) {
            (Some(packing), _) => format!(" with its stream, unpacked by {}", packing.program()),
            (None, Err(refusal)) if refusal.is_failure() => ", its stream not looked at".to_owned(),
            (None, _) => " with its stream".to_owned(),
        }
    }

    /// Lists what is wrong.
    pub fn report(&self, path: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        let place = if self.packing.is_some() { "unpacked " } else { "" };
        match &self.found {
            Ok(report) => screen.findings(place, report).map(|()| Outcome::Good),
            Err(refusal) if refusal.is_failure() => Ok(refusal.complain(path)),
            Err(refusal) => {
                screen.line(format_args!("  {place}{}", refusal.words()))?;
                Ok(Outcome::Refused)
            }
        }
    }
}

/// Findings with the path to the stream.
fn found(target: &mut Target) -> Result<Report, Refusal> {
    let within = |refusal| if let Refusal::Format(e) = refusal { stream::within(e).into() } else { refusal };
    let mut report = target.verify().map_err(within)?;
    for finding in &mut report.findings {
        let dot = if finding.path.is_empty() { "" } else { "." };
        finding.path = format!("{FIELD}{dot}{}", finding.path);
    }
    Ok(report)
}
