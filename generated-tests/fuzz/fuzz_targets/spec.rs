//! See `vmspec_generated_tests::fuzzing`.

#![no_main]

vmspec_fuzz::target!(spec);
