//! Windows: what they hold, how they end, and how going past them differs from the input's end.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::redundant_closure_for_method_calls, clippy::indexing_slicing, missing_docs)]

use vmspec_runtime::{Blob, Class, Cursor, Error, Result};

fn told<T: std::fmt::Debug>(result: Result<T>) -> (Class, Option<u64>) {
    let e = result.unwrap_err();
    (e.class(), e.offset())
}

#[test]
fn positions_inside_are_absolute() {
    each_input!([1, 2, 3, 4], 10, |src| {
        let got = src.window(3, 3, |w| {
            assert_eq!((w.position(), w.rest()?, w.is_done()?), (10, 3, false));
            let b = w.block::<3>()?;
            assert_eq!((w.position(), w.is_done()?), (13, true));
            w.close().map(|()| b)
        });
        assert_eq!((got.unwrap(), src.position()), ([1, 2, 3], 13));
        assert_eq!(src.block::<1>().unwrap(), [4]);
    });
}

#[test]
fn past_a_window_is_invalid_past_the_input_truncated() {
    each_input!([1, 2, 3, 4], 10, |src| {
        let past = src.window(2, 9, |w| w.block::<3>());
        assert_eq!(told(past), (Class::Invalid, Some(10)));
    });
    for n in [5, 5_000, 1 << 21, u64::MAX / 2, u64::MAX] {
        each_input!([1, 2, 3, 4], 10, |src| {
            let past = src.window(n, u64::MAX, |_| Ok(()));
            assert_eq!(told(past), (Class::Truncated, Some(10)), "{n}");
        });
        each_input!([1, 2, 3, 4], 10, |src| {
            let inner = src.window(4, 4, |w| w.window(n, u64::MAX, |_| Ok(())));
            assert_eq!(told(inner), (Class::Invalid, Some(10)), "{n}");
        });
        each_input!([1, 2, 3, 4], 10, |src| {
            let e = src.window(n, 4, |_| Ok(())).unwrap_err();
            assert_eq!((e.class(), e.expected()), (Class::Limit, "at most 4 bytes"));
        });
    }
}

#[test]
fn everything_is_bounded_by_a_window() {
    let past: [fn(&mut Cursor<'_>) -> Result<()>; 8] = [
        |w| w.bytes(4, 99).map(drop),
        |w| w.blob(4).map(drop),
        |w| w.list(2, |_: &[u8; 2]| Ok(())).map(drop),
        |w| w.zeros(u64::MAX),
        |w| w.zeros_kept(4, 99).map(drop),
        |w| w.gap_keep(14).map(drop),
        |w| w.cstring().map(drop),
        |w| w.enter(4, 99).map(drop),
    ];
    for read in past {
        each_input!([1, 2, 3, 4, 5, 6, 7, 0], 10, |src| {
            let e = src.window(3, 99, read).unwrap_err();
            assert_eq!(e.class(), Class::Invalid, "{e}");
        });
    }
}

#[test]
fn entered_windows_bound_the_stream() {
    each_input!([1, 2, 3, 4, 5], 10, |src| {
        let outer = src.enter(4, 4).unwrap();
        let inner = src.enter(2, 2).unwrap();
        assert_eq!(src.rest().unwrap(), 2);
        assert_eq!(told(src.blob(3)), (Class::Invalid, Some(10)));
        src.blob(2).unwrap();
        src.close().unwrap();
        src.exit(inner);
        assert_eq!(src.rest().unwrap(), 2);
        assert_eq!(told(src.enter(3, 9)), (Class::Invalid, Some(12)));
        assert_eq!(src.block::<2>().unwrap(), [3, 4]);
        assert!(src.is_done().unwrap());
        src.exit(outer);
        assert_eq!(src.block::<1>().unwrap(), [5]);
        assert_eq!(src.enter(1, 0).unwrap_err().class(), Class::Limit);
    });
}

#[test]
fn entering_more_than_there_is() {
    each_input!([1, 2], 10, |src| {
        assert_eq!(src.enter(u64::MAX, u64::MAX).unwrap_err().class(), Class::Truncated);
    });
    each_input!([1, 2], 10, |src| {
        // A reader may not know yet; then the bytes are missed when they are read.
        let entered = src.enter(5, 9).map(|_| ());
        let read = entered.and_then(|()| src.block::<5>());
        assert_eq!(told(read), (Class::Truncated, Some(10)));
    });
}

#[test]
fn the_four_ends() {
    each_input!([1, 0, 0, 7, 8], 10, |src| {
        let e = src.window(3, 3, |w| w.block::<1>().and_then(|_| w.close())).unwrap_err();
        assert_eq!(e.to_string(), "0xb: expected a window that is used up, found 2 (invalid)");
    });
    each_input!([1, 0, 0, 7, 8], 10, |src| {
        src.window(3, 3, |w| w.block::<1>().and_then(|_| w.close_zero())).unwrap();
        let kept = src.window(2, 2, |w| w.close_keep()).unwrap();
        assert_eq!(kept, Blob::Range { offset: 13, length: 2 });
        assert_eq!(src.position(), 15);
        let empty = src.window(0, 0, |w| w.close_keep()).unwrap();
        assert_eq!(empty, Blob::EMPTY);
    });
    each_input!([1, 0, 0, 7, 8], 10, |src| {
        let other = src.window(5, 5, |w| w.block::<1>().and_then(|_| w.close_zero()));
        assert_eq!(told(other), (Class::Invalid, Some(13)));
    });
}

#[test]
fn gaps_go_forward_only() {
    each_input!([0, 0, 7, 8, 9], 10, |src| {
        src.gap_none(10).unwrap();
        src.gap_zero(12).unwrap();
        assert_eq!(src.gap_keep(14).unwrap(), Blob::Range { offset: 12, length: 2 });
        assert_eq!(src.gap_keep(14).unwrap(), Blob::EMPTY);
        let e = src.gap_none(15).unwrap_err();
        assert_eq!(e.to_string(), "0xe: expected an offset of 0xe, found 15 (0xf) (invalid)");
        let back: [Result<()>; 3] = [src.gap_none(13), src.gap_zero(0), src.gap_keep(13).map(drop)];
        for e in back.map(Result::unwrap_err) {
            assert_eq!((e.class(), e.expected()), (Class::Invalid, "an offset at or after 0xe"));
        }
        assert_eq!(src.block::<1>().unwrap(), [9]);
    });
    each_input!([0, 7], 10, |src| {
        assert_eq!(told(src.gap_zero(12)), (Class::Invalid, Some(11)));
    });
    for to in [13, u64::MAX - 1] {
        each_input!([0, 0], 10, |src| {
            assert_eq!(src.gap_zero(to).unwrap_err().class(), Class::Truncated);
        });
    }
}

#[test]
fn errors_come_out_of_a_window_unchanged() {
    each_input!([1, 2], 10, |src| {
        let e = src
            .window(2, 2, |w| -> Result<()> {
                Err(Error::uncomputed("a sum that fits").located(w.position()).field("x", 5))
            })
            .unwrap_err()
            .field("area", 4);
        assert_eq!(e.to_string(), "0xa: area.x: expected a sum that fits (invalid)");
        assert_eq!(e.spec_line(), ("", 5));
    });
}
