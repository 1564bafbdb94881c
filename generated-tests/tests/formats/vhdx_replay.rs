//! Log replay of VHDX files that are kept here: what is to become of each was worked out from MS-VHDX beforehand. The
//! oracle says so, and the library does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::ops::Range;

use sha2::{Digest, Sha256};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::held;
use vmspec_generated_tests::vhdx::entry::{Change, Draft, place_sequence};
use vmspec_generated_tests::vhdx::image::{self, Header};
use vmspec_generated_tests::vhdx::{Refusal, Sparse, Verdict, oracle};
use vmspec_runtime::Class;
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
        bytes.drain(usize::try_from(log.start).unwrap()..usize::try_from(log.end).unwrap());
    }
    bytes.drain(64 << 10..192 << 10);
    harness::hex_of(&Sha256::digest(&bytes))
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
        let verdict = if let Ok(entries) = held::replay(&mut after) {
            format!("replay {}", entries.unwrap_or(0))
        } else {
            assert_eq!(file, after, "{}", expected.name);
            "refuse".to_owned()
        };
        is_as_expected(&expected, &verdict, &after);
    }
}

/// Without writing, a file reads as it will be.
#[test]
fn samples_read_as_they_will_be() {
    for (expected, file) in samples().filter(|(expected, _)| expected.verdict != "refuse") {
        let mut overlay = held::overlay(file).unwrap();
        let mut bytes = vec![0; usize::try_from(overlay.len().unwrap()).unwrap()];
        overlay.read_at(0, &mut bytes).unwrap();
        is_as_expected(&expected, &expected.verdict, &Sparse::from_bytes(&bytes));
    }
}

/// A replay numbers headers four times. Where they cannot be numbered so often nothing is written, and the file can still
/// be read.
#[test]
fn headers_that_cannot_be_numbered_further_are_left_alone() {
    for left in 0..7 {
        let mut file = image::dirty(1 << 20);
        file.put(oracle::HEADERS[1], &Header { sequence: u64::MAX - left, ..Header::dirty(0, 1 << 20) }.bytes());
        let log = image::log(1 << 20);
        place_sequence(&mut file, log, 0, &[Draft::new(log, 3, 0, vec![Change::Data(5 << 20, 9)])]);
        let mut after = file.clone();
        let outcome = held::replay(&mut after);
        if left < 4 {
            assert_eq!(outcome.map_err(|e| e.class()), Err(Class::Limit), "{left}");
            assert_eq!(after, file, "{left}");
        } else {
            assert_eq!((outcome.ok(), oracle::verdict(&after)), (Some(Some(1)), Verdict::Clean), "{left}");
        }
        let mut overlay = held::overlay(file).unwrap();
        let mut sector = [0; 4096];
        overlay.read_at(5 << 20, &mut sector).unwrap();
        assert!(sector == vmspec_generated_tests::vhdx::entry::payload(9));
    }
}
