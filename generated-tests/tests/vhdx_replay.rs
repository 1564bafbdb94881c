//! Log replay of VHDX files that are kept here: what is to become of each was worked out from MS-VHDX beforehand. The
//! oracle says so, and the library does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod vhdx_layer;

use std::ops::Range;

use sha2::{Digest, Sha256};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::vhdx::{Refusal, Sparse, Verdict, oracle};
use vmspec_runtime::journal::Storage;

/// A line of `expected.tsv`.
struct Expected {
    name: String,
    /// `replay` and how many entries that takes, or `refuse`.
    verdict: String,
    length: u64,
    sha256: String,
}

fn expected() -> Vec<Expected> {
    let table = String::from_utf8(harness::sample("vhdx/expected.tsv")).unwrap();
    let line = |line: &str| {
        let [name, verdict, length, sha256] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let length = length.parse().unwrap();
        Expected { name: name.to_owned(), verdict: verdict.to_owned(), length, sha256: sha256.to_owned() }
    };
    table.lines().map(line).collect()
}

/// A file and what is expected of it. Without the program that unpacks samples there is none.
fn samples() -> impl Iterator<Item = (Expected, Sparse)> {
    expected().into_iter().filter_map(|it| {
        let bytes = harness::packed_sample(&format!("vhdx/{}", it.name))?;
        Some((it, Sparse::from_bytes(&bytes)))
    })
}

/// The sum that the table has: over everything but the headers and the log, where there is one.
fn sum(file: &Sparse, log: Option<Range<u64>>) -> String {
    let mut bytes = file.bytes();
    if let Some(log) = log {
        bytes.drain(log.start as usize..log.end as usize);
    }
    bytes.drain(64 << 10..192 << 10);
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the log of the samples is: they all come from the same image.
const LOG: Range<u64> = 1 << 20..2 << 20;

#[track_caller]
fn is_as_expected(expected: &Expected, verdict: &str, after: &Sparse) {
    assert_eq!(expected.verdict, verdict, "{}", expected.name);
    assert_eq!(expected.length, after.length(), "{}", expected.name);
    assert_eq!(expected.sha256, sum(after, Some(LOG)), "{}", expected.name);
}

#[test]
fn the_oracle_says_what_is_expected() {
    for (expected, file) in samples() {
        match oracle::verdict(&file) {
            Verdict::Refuse(_) => is_as_expected(&expected, "refuse", &file),
            Verdict::Clean => is_as_expected(&expected, "replay 0", &file),
            Verdict::Replay(it) => is_as_expected(&expected, &format!("replay {}", it.entries), &it.file),
        }
    }
}

#[test]
fn the_oracle_says_why_it_refuses() {
    for (expected, file) in samples().filter(|(expected, _)| expected.verdict == "refuse") {
        let why = if expected.name == "bad-flushed-head.vhdx" { Refusal::Shortened } else { Refusal::NoSequence };
        assert_eq!(oracle::verdict(&file), Verdict::Refuse(why), "{}", expected.name);
    }
}

#[test]
fn samples_become_what_is_expected() {
    for (expected, file) in samples() {
        let mut after = file.clone();
        let verdict = match vhdx_layer::replay(&mut after) {
            Ok(entries) => format!("replay {}", entries.unwrap_or(0)),
            Err(_) => {
                assert_eq!(file, after, "{}", expected.name);
                "refuse".to_owned()
            }
        };
        is_as_expected(&expected, &verdict, &after);
    }
}

/// Without writing, a file reads as it will be.
#[test]
fn samples_read_as_they_will_be() {
    for (expected, file) in samples().filter(|(expected, _)| expected.verdict != "refuse") {
        let mut overlay = vhdx_layer::overlay(file).unwrap();
        let mut bytes = vec![0; usize::try_from(overlay.len().unwrap()).unwrap()];
        overlay.read_at(0, &mut bytes).unwrap();
        is_as_expected(&expected, &expected.verdict, &Sparse::from_bytes(&bytes));
    }
}
