//! Payload taken apart, and padding that is kept.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use vmspec_runtime::{Blob, Class, Padding};

const FOUND: Blob = Blob::Range { offset: 100, length: 10 };

#[test]
fn what_was_found_is_cut_in_two() {
    let (first, rest) = FOUND.cut(100, 4).unwrap();
    assert_eq!((first, rest), (Blob::Range { offset: 100, length: 4 }, Blob::Range { offset: 104, length: 6 }));
    let (all, none) = FOUND.cut(100, 10).unwrap();
    assert!(all == FOUND && none.is_empty());
    assert!(FOUND.cut(100, 0).unwrap().0.is_empty());
    let e = FOUND.cut(100, 11).unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(100)));
}

#[test]
fn nothing_may_be_left_of_the_whole() {
    assert_eq!(FOUND.whole(100, 10).unwrap(), FOUND);
    let behind = FOUND.whole(100, 9).unwrap_err();
    assert_eq!((behind.class(), behind.offset()), (Class::Invalid, Some(109)));
    assert_eq!(FOUND.whole(100, u64::MAX).unwrap_err().class(), Class::Invalid);
}

/// Kept bytes that are all zero would be read back as zeros, which is another value.
#[test]
fn padding_that_is_kept_is_not_all_zeros() {
    assert!(Padding::Zero.is_valid() && Padding::Other([0, 1].into()).is_valid());
    assert!(!Padding::Other([0, 0].into()).is_valid() && !Padding::Other([].into()).is_valid());
}
