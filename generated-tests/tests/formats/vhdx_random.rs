//! VHDX logs that hold anything: the library makes of each what the oracle says, by replay and by reading through the
//! overlay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]


use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use vmspec_generated_tests::vhdx::random::{Case, case};
use vmspec_generated_tests::vhdx::{Verdict, oracle};
use vmspec_runtime::journal::Storage;

/// Names the seed of the first image; each one after it has the next.
const SEED: &str = "VMSPEC_VHDX_SEED";
/// Says how many images.
const CASES: &str = "VMSPEC_VHDX_CASES";

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// Replays an image and compares with what the oracle says.
fn replays(case: &Case, expected: &Verdict) {
    let mut after = case.file.clone();
    let outcome = vhdx_layer::replay(&mut after);
    let expected_file = match (&outcome, expected) {
        (Ok(None), Verdict::Clean) | (Err(_), Verdict::Refuse(_)) => {
            assert_eq!(after, case.file, "nothing is written");
            return;
        }
        (Ok(Some(entries)), Verdict::Replay(it)) => {
            assert_eq!(*entries, it.entries, "entries replayed");
            &it.file
        }
        _ => panic!("replay gives {outcome:?}, the oracle {expected:?}"),
    };
    assert_eq!(after.length(), expected_file.length(), "length after replay");
    if let Some(at) = after.first_difference(expected_file, &[oracle::HEADER_BYTES]) {
        panic!("replay gives other bytes at {at:#x}");
    }
}

/// Reads an image through the overlay and compares with what the oracle says.
fn overlays(case: &Case, expected: &Verdict) {
    let outcome = vhdx_layer::overlay(case.file.clone());
    let expected_file = match expected {
        Verdict::Refuse(_) => return assert!(outcome.is_err(), "the overlay is not refused"),
        Verdict::Clean => &case.file,
        Verdict::Replay(it) => &it.file,
    };
    let mut overlay = outcome.unwrap_or_else(|e| panic!("the overlay is refused: {e}"));
    assert_eq!(overlay.len().unwrap(), expected_file.length(), "length of the overlay");
    // All that is not zero before or after, with what lies around it.
    for at in case.file.places().chain(expected_file.places()) {
        let start = at.saturating_sub(4090);
        let n = (expected_file.length().saturating_sub(start)).min(3 * 4096 - 7);
        let mut bytes = vec![0xcc; usize::try_from(n).unwrap()];
        overlay.read_at(start, &mut bytes).unwrap_or_else(|e| panic!("reading {n} bytes at {start:#x}: {e}"));
        assert!(bytes == expected_file.read(start, bytes.len()), "the overlay gives other bytes at {start:#x}");
    }
}

/// Runs the images of some seeds, and says how many of each verdict there were.
fn run(seeds: Range<u64>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut count = |what: String| *counts.entry(what).or_insert(0) += 1;
    for seed in seeds {
        let case = case(seed);
        let expected = oracle::verdict(&case.file);
        let checked = catch_unwind(AssertUnwindSafe(|| {
            replays(&case, &expected);
            overlays(&case, &expected);
        }));
        if let Err(panic) = checked {
            println!("{SEED}={seed} {CASES}=1 gives this image again:\n{}", case.steps.join("\n"));
            resume_unwind(panic);
        }
        match &expected {
            Verdict::Refuse(why) => count(format!("refuse {why:?}")),
            Verdict::Clean => count("clean".to_owned()),
            Verdict::Replay(it) => {
                count("replay".to_owned());
                if it.entries > 1 {
                    count("replay, several entries".to_owned());
                }
                if it.file.length() > case.file.length() {
                    count("replay, grown".to_owned());
                }
                if it.descriptors == 0 {
                    count("replay, empty entries alone".to_owned());
                }
            }
        }
    }
    counts
}

#[test]
fn ten_thousand_logs_are_replayed_as_the_oracle_says() {
    let cases = variable(CASES).unwrap_or(10_000);
    let first = variable(SEED).unwrap_or(1);
    let threads = 4.min(cases.max(1));
    let share = cases.div_ceil(threads);
    let runs: Vec<_> = (0..threads)
        .map(|index| first + index * share..first + ((index + 1) * share).min(cases))
        .map(|seeds| std::thread::spawn(|| run(seeds)))
        .collect();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for run in runs {
        let counted = run.join().unwrap_or_else(|panic| resume_unwind(panic));
        for (what, n) in counted {
            *counts.entry(what).or_default() += n;
        }
    }
    println!("{counts:#?}");
    if variable(CASES).is_none() {
        assert!(counts["replay"] * 3 > cases && counts["replay, several entries"] * 8 > cases, "{counts:#?}");
        assert_eq!(counts.len(), 6 + 1 + 4, "every verdict is there: {counts:#?}");
        assert!(counts.values().all(|n| n * 200 > cases), "{counts:#?}");
    }
}
