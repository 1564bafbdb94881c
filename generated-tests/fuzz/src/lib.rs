//! What every target of cargo-fuzz is made of. What a target does is in `vmspec-generated-tests`, where a test does it too.

#![allow(clippy::missing_panics_doc, clippy::panic, clippy::expect_used)]

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process;

use vmspec_generated_tests::counting::peak;
use vmspec_generated_tests::fuzzing::{Target, dictionary, target};

/// Names a folder: a target that finds it in its environment writes its seeds there and ends.
pub const SEEDS: &str = "VMSPEC_FUZZ_SEEDS";
/// Names a file: what is put into inputs is written there.
pub const WORDS: &str = "VMSPEC_FUZZ_WORDS";

#[doc(hidden)]
pub use libfuzzer_sys;
#[doc(hidden)]
pub use vmspec_generated_tests::counting::Counting;

/// The target of this name, before its first input.
#[must_use]
pub fn start(name: &str) -> Target {
    let target = *target(name).expect("a target of this name");
    assert!(peak(|| drop(std::hint::black_box(vec![0_u8; 1000]))).0 >= 1000, "memory is not counted");
    if let Some(folder) = env::var_os(SEEDS).map(PathBuf::from) {
        for (index, seed) in (target.seeds)().iter().enumerate() {
            let path = folder.join(format!("seed-{index:04}"));
            fs::write(&path, seed).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
        if let Some(path) = env::var_os(WORDS).map(PathBuf::from) {
            let words = dictionary(&(target.words)());
            fs::write(&path, words).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
        process::exit(0);
    }
    target
}

/// The program of a target.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[global_allocator]
        static ALLOCATOR: $crate::Counting = $crate::Counting;
        static TARGET: std::sync::LazyLock<vmspec_generated_tests::fuzzing::Target> =
            std::sync::LazyLock::new(|| $crate::start(stringify!($name)));

        $crate::libfuzzer_sys::fuzz_target!(
            init: std::sync::LazyLock::force(&TARGET),
            |data: &[u8]| (TARGET.run)(data)
        );
    };
}
