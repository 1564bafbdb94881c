//! Borrowed values: a slice is borrowed exactly when it is read, and with the same values; what is wrong is said the same.

use std::fmt::Debug;

use serde::Serialize;
use vmspec_runtime::{Endian, Wire, WireRef};

use crate::doors::printed;
use crate::laws::same;

/// The slice is read and borrowed alike. Whether it was accepted.
#[track_caller]
pub fn lends<'b, R>(bytes: &'b [u8], order: Endian, args: &<R::Owned as Wire>::Args<'_>) -> bool
where
    R: WireRef<'b>,
    R::Owned: Debug + PartialEq + Serialize,
{
    let owned = R::Owned::parse_with(bytes, order, args.clone());
    match (owned, R::parse_prefix_with(bytes, order, args.clone())) {
        (Ok((owned, rest)), Ok((lent, after))) => {
            assert!(std::ptr::eq(rest, after), "another end: {}", printed(bytes));
            let all = R::parse_with(bytes, order, args.clone()).is_ok();
            assert_eq!(all, rest.is_empty(), "{}", printed(bytes));
            let lent = lent.to_value().unwrap_or_else(|e| panic!("borrowed, then no value: {e}: {}", printed(bytes)));
            same(&lent, &owned, bytes).unwrap_or_else(|e| panic!("not what was borrowed: {e}"));
            true
        }
        (Err(e), Err(f)) => {
            assert_eq!((e.path(), e.class()), (f.path(), f.class()), "{e} or {f}: {}", printed(bytes));
            false
        }
        (Ok(_), Err(e)) => panic!("not borrowed: {e}: {}", printed(bytes)),
        (Err(e), Ok(_)) => panic!("not read: {e}: {}", printed(bytes)),
    }
}
