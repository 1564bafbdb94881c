//! Code by hand that looks ahead and tells a length, through every kind of input.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::redundant_closure_for_method_calls,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    missing_docs
)]

use std::io::{self, Read, Seek, SeekFrom};
use vmspec_runtime::{Ahead, Blob, Class, Error, Found, ReadInput, Result, SeekInput, SetInput, Source, set_input};

fn up_to(stop: u8) -> impl Fn(&mut Ahead<'_>) -> Result<u64> {
    move |ahead| {
        while ahead.block()? != [stop] {}
        Ok(ahead.looked_at())
    }
}

#[test]
fn what_was_looked_at_is_read_again() {
    each_input!([9, 1, 2, 3, 4], 10, |src| {
        src.blob(1).unwrap();
        assert_eq!(src.told(9, up_to(3)).unwrap(), Blob::Range { offset: 11, length: 3 });
        assert_eq!((src.block::<1>().unwrap(), src.position()), ([4], 15));
    });
    each_input!([1, 2], 10, |src| {
        assert_eq!(src.told(9, |ahead| up_to(2)(ahead).map(|_| 0)).unwrap(), Blob::EMPTY);
        assert_eq!(src.block::<2>().unwrap(), [1, 2]);
    });
}

#[test]
fn looking_ends_with_the_window_and_with_the_input() {
    each_input!([1, 2, 3], 10, |src| {
        let e = src.told(9, up_to(7)).unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(13)));
        assert_eq!(src.block::<1>().unwrap(), [1]);
        let outer = src.enter(1, 1).unwrap();
        let e = src.told(9, up_to(3)).unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(12)));
        src.told(9, |ahead| Ok(ahead.room().unwrap())).unwrap();
        src.exit(outer);
        assert_eq!(src.block::<1>().unwrap(), [3]);
    });
}

#[test]
fn a_length_is_held_against_its_limits() {
    each_input!([1, 2, 3], 10, |src| {
        let e = src.told(2, |_| Ok(3)).unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Limit, Some(10)));
        let outer = src.enter(2, 2).unwrap();
        let e = src.told(9, |_| Ok(3)).unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(10)));
        src.exit(outer);
        // A plain reader finds out when it passes over.
        let e = src.told(u64::MAX, |_| Ok(u64::MAX - 20)).and_then(|_| src.settle()).unwrap_err();
        assert_eq!(e.class(), Class::Truncated);
    });
}

#[test]
fn an_error_gets_the_place_of_the_field() {
    each_input!([1, 2, 3], 10, |src| {
        src.blob(2).unwrap();
        let e = src.told(9, |_| Err(Error::new(Class::Unsupported, "another", 1))).unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Unsupported, Some(12)));
        let e =
            src.told(9, |ahead| Err(ahead.untold("a", &[("b", Found::from(12_u8)), ("c", "d".into())]))).unwrap_err();
        assert_eq!(
            e.to_string(),
            "0xc: expected code that tells the length of `a` (b 12 (0xc), c \"d\") (unsupported)"
        );
    });
}

#[test]
fn ahead_is_a_reader_that_can_seek() {
    each_input!([0, 1, 2, 3, 4, 5], 10, |src| {
        src.block::<1>().unwrap();
        let look = |ahead: &mut Ahead<'_>| -> io::Result<u64> {
            let (mut two, mut all) = ([0; 2], Vec::new());
            ahead.seek(SeekFrom::Start(2))?;
            ahead.read_exact(&mut two)?;
            assert_eq!((two, ahead.stream_position()?, ahead.position()), ([3, 4], 4, 15));
            ahead.seek(SeekFrom::Current(-3))?;
            ahead.read_to_end(&mut all)?;
            assert_eq!(all, [2, 3, 4, 5]);
            assert!(ahead.seek(SeekFrom::End(0)).is_err() && ahead.seek(SeekFrom::Current(-9)).is_err());
            ahead.skip(100);
            assert_eq!((ahead.read(&mut two)?, ahead.looked_at()), (0, 105));
            Ok(1)
        };
        src.told(9, |ahead| look(ahead).map_err(|e| Error::io(0, e))).unwrap();
        assert_eq!(src.block::<4>().unwrap(), [2, 3, 4, 5]);
    });
}

/// Bytes without an end. Counts how many were taken.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        to.fill(0);
        self.0 = self.0.saturating_add(to.len() as u64);
        Ok(to.len())
    }
}

#[test]
fn a_plain_reader_holds_no_more_than_its_limit() {
    let mut src = Source::new(ReadInput::new(Endless(0)), 0);
    let far = |ahead: &mut Ahead<'_>| {
        let mut piece = [0; 4096];
        loop {
            ahead.read_exact(&mut piece).map_err(|e| Error::io(0, e))?;
        }
    };
    let e = src.told(u64::MAX, far).unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::Limit, Some(0)));
    let jump = |ahead: &mut Ahead<'_>| {
        ahead.skip(1 << 40);
        ahead.block::<1>().map(|_| 1)
    };
    assert_eq!(src.told(u64::MAX, jump).unwrap_err().class(), Class::Limit);
    assert_eq!(src.into_input().unwrap().into_inner().0, 16 << 20);
}

#[test]
fn inputs_are_set_from_text() {
    let mut n = 1_u8;
    assert!(set_input(&mut n, "7".parse().ok()) && n == 7);
    assert!(!set_input(&mut n, "256".parse().ok()) && n == 7);
    assert!(!().set_input("n", "7"));
}

/// A file that counts how often it is gone about in.
struct Counted {
    bytes: io::Cursor<Vec<u8>>,
    moves: usize,
}

impl Read for Counted {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(to)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.moves = self.moves.saturating_add(1);
        self.bytes.seek(to)
    }
}

#[test]
fn looking_byte_by_byte_goes_back_once_for_many() {
    let mut bytes = vec![0; 100_000];
    bytes.push(7);
    let mut src = Source::new(SeekInput(Counted { bytes: io::Cursor::new(bytes), moves: 0 }), 0);
    assert_eq!(src.told(u64::MAX, up_to(7)).unwrap().wire_len(), 100_001);
    let moves = src.into_input().unwrap().0.moves;
    assert!(moves < 200, "{moves}");
}
