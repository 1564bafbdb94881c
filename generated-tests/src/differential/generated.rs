//! One side: generated code, by its first door, a slice.

use serde::Serialize;
use vmspec_runtime::{Endian, Error, Finding, Findings, Wire};

use super::outcome::{Accepted, Fact, Outcome};
use crate::write;

/// What a generated type makes of bytes.
#[must_use]
pub fn outcome<T: Wire + Serialize>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Outcome {
    let (value, rest) = match T::parse_with(bytes, order, args.clone()) {
        Ok(read) => read,
        Err(e) => return Outcome::Refused(of_error(&e)),
    };
    let mut findings = Findings::default();
    value.check_into(0, args.clone(), &mut findings);
    let taken = bytes.len().saturating_sub(rest.len());
    Outcome::Accepted(Box::new(Accepted {
        taken: u64::try_from(taken).unwrap_or(u64::MAX),
        left_out: findings.left_out(),
        findings: findings.finish().iter().map(of_finding).collect(),
        value: serde_json::to_vec(&value).expect("a value can be shown as JSON"),
        written: write(&value, bytes, order, args).map_err(|e| of_error(&e)),
        element: None,
    }))
}

fn of_error(e: &Error) -> Fact {
    Fact { class: e.class().name(), offset: e.offset(), path: e.path(), text: e.to_string() }
}

fn of_finding(finding: &Finding) -> Fact {
    let path = finding.path.clone();
    Fact { class: finding.class().name(), offset: Some(finding.offset), path, text: finding.to_string() }
}
