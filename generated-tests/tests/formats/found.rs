//! Inputs that fuzzing found: each is given to its target again. They lie in `generated-tests/fuzz/found`, in a folder for each target.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vmspec_generated_tests::fuzzing::{TARGETS, dictionary, target};

fn listed(folder: &str) -> BTreeSet<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn name(path: &Path) -> &str {
    path.file_stem().and_then(|name| name.to_str()).expect("a name")
}

#[test]
fn inputs_that_were_found_are_found_no_more() {
    for folder in listed("fuzz/found") {
        let target = target(name(&folder)).unwrap_or_else(|| panic!("no target for {}", folder.display()));
        for path in listed(&format!("fuzz/found/{}", target.name)) {
            println!("{}", path.display());
            (target.run)(&fs::read(&path).expect("it can be read"));
        }
    }
}

/// Each target is a program, and each starts from something.
#[test]
fn every_target_has_a_program_and_seeds() {
    let programs = listed("fuzz/fuzz_targets");
    let names: BTreeSet<_> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(programs.iter().map(|path| name(path)).collect::<BTreeSet<_>>(), names);
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(seeds.len() > 3 && seeds.iter().all(|seed| seed.len() <= 16 << 10), "{}", target.name);
        let words = (target.words)();
        assert_eq!(dictionary(&words).lines().count(), words.len());
    }
}
