//! Examples of a spec: bytes and what they mean, or why they mean nothing.

use std::fmt::Debug;

use serde::Serialize;
use vmspec_runtime::{Class, Endian, Wire};

use crate::doors::printed;
use crate::{agree, matches, mutations, round_trip, truncations};

/// The bytes are read by every door and hold what `expected`, JSON, says (see [`matches()`]); law one holds for them, and
/// for whatever damaged bytes are still read.
#[track_caller]
pub fn accepts<T: Wire + Debug + Serialize>(bytes: &[u8], order: Endian, args: &T::Args<'_>, expected: &str) {
    let value = round_trip::<T>(bytes, order, args);
    let expected = serde_json::from_str(expected).expect("the expected value is JSON");
    let actual = serde_json::to_value(&value).expect("a value can be shown as JSON");
    if let Err(difference) = matches(&expected, &actual, bytes) {
        panic!("{difference}\n{actual}");
    }
    truncations::<T>(bytes, order, args);
    mutations::<T>(bytes, order, args);
}

/// Every door refuses the bytes at this path with this class.
#[track_caller]
pub fn rejects<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>, path: &str, class: Class) {
    match agree::<T>(bytes, order, args) {
        Ok((value, _)) => panic!("accepted: {value:?}: {}", printed(bytes)),
        Err(e) => assert_eq!((e.path.as_str(), e.class), (path, class), "{e}"),
    }
}

/// The bytes of hex digits; white space is ignored.
#[must_use]
pub fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter(|c| !c.is_whitespace()).filter_map(|c| c.to_digit(16)).collect();
    let (pairs, odd) = digits.as_chunks::<2>();
    assert!(odd.is_empty(), "an odd number of hex digits");
    pairs.iter().filter_map(|[high, low]| u8::try_from(high.wrapping_shl(4) | low).ok()).collect()
}
