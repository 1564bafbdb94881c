//! New values start from what the spec says.
#![allow(clippy::expect_used, reason = "a failed expectation is a failed test")]

use vmspec_generated_tests::{features::init, hex};
use vmspec_runtime::Wire;

#[test]
fn a_starting_value_is_written_as_the_spec_says() {
    let mut bytes = Vec::new();
    init::Record::initial().write_to(&mut bytes).expect("a starting value is valid");
    assert_eq!(bytes, hex("0700 00200000 01 01 03 11 000000"));
}
