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

use vmspec_generated_tests::held::{overlays, replays};
use vmspec_generated_tests::vhdx::random::case;
use vmspec_generated_tests::vhdx::{Verdict, oracle};

/// Names the seed of the first image; each one after it has the next.
const SEED: &str = "VMSPEC_VHDX_SEED";
/// Says how many images.
const CASES: &str = "VMSPEC_VHDX_CASES";

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// Runs the images of some seeds, and says how many of each verdict there were.
fn run(seeds: Range<u64>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut count = |what: String| *counts.entry(what).or_insert(0) += 1;
    for seed in seeds {
        let case = case(seed);
        let expected = oracle::verdict(&case.file);
        let checked = catch_unwind(AssertUnwindSafe(|| {
            replays(&case.file, &expected);
            overlays(&case.file, &expected);
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
