//! Looking ahead, text up to its NUL, and padding, through every kind of input.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::redundant_closure_for_method_calls,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use std::cell::Cell;
use std::ffi::CString;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use vmspec_runtime::{Class, Padding, ReadInput, SeekInput, Source, Zeros};

#[test]
fn peeking_takes_nothing() {
    each_input!([1, 2, 3, 4], 10, |src| {
        assert_eq!(src.peek::<2>().unwrap(), Some([1, 2]));
        assert_eq!(src.peek_bytes(4).unwrap(), Some(vec![1, 2, 3, 4]));
        assert_eq!(src.peek::<5>().unwrap(), None);
        assert_eq!((src.peek_bytes(0).unwrap(), src.position()), (Some(vec![]), 10));
        assert_eq!(src.block::<1>().unwrap(), [1]);
        src.blob(1).unwrap();
        assert_eq!(src.peek::<2>().unwrap(), Some([3, 4]));
        assert_eq!(src.peek::<3>().unwrap(), None);
        assert_eq!(src.bytes(2, 2).unwrap(), [3, 4]);
        assert_eq!(src.peek::<1>().unwrap(), None);
    });
}

#[test]
fn peeking_stays_in_the_window() {
    each_input!([1, 2, 3, 4], 10, |src| {
        src.window(2, 2, |w| {
            assert_eq!(w.peek::<3>()?, None);
            assert_eq!(w.peek::<2>()?, Some([1, 2]));
            w.zeros_kept(2, 2)
        })
        .unwrap();
        let outer = src.enter(1, 1).unwrap();
        assert_eq!(src.peek::<2>().unwrap(), None);
        src.exit(outer);
        assert_eq!(src.peek::<2>().unwrap(), Some([3, 4]));
    });
}

#[test]
fn every_way_on_after_a_peek() {
    let fresh = || {
        let mut src = Source::new(ReadInput::new(&[0, 0, 7, 0, 9][..]), 0);
        assert_eq!(src.peek::<3>().unwrap(), Some([0, 0, 7]));
        src
    };
    assert_eq!(fresh().block::<4>().unwrap(), [0, 0, 7, 0]);
    assert_eq!(fresh().bytes(5, 5).unwrap(), [0, 0, 7, 0, 9]);
    assert_eq!(fresh().bytes(2, 2).unwrap(), [0, 0]);
    assert_eq!(fresh().cstring().unwrap(), CString::default());
    fresh().zeros(2).unwrap();
    let mut src = fresh();
    src.blob(4).unwrap();
    assert_eq!(src.block::<1>().unwrap(), [9]);
    let mut src = fresh();
    src.blob(2).unwrap();
    assert_eq!(src.cstring().unwrap(), CString::new([7]).unwrap());
    assert!(src.left_at_least(1).unwrap() && !src.left_at_least(2).unwrap());
    assert_eq!((src.block::<1>().unwrap(), src.is_done().unwrap()), ([9], true));
}

#[test]
fn what_is_at_least_left() {
    each_input!([1, 2, 3], 10, |src| {
        assert!(src.left_at_least(0).unwrap());
        assert!(src.left_at_least(3).unwrap());
        assert!(!src.left_at_least(4).unwrap());
        assert!(!src.left_at_least(1 << 20).unwrap());
        src.window(2, 2, |w| {
            assert!(w.left_at_least(2)? && !w.left_at_least(u64::MAX)?);
            w.blob(2)
        })
        .unwrap();
        src.blob(1).unwrap();
        assert!(!src.left_at_least(1).unwrap() && src.is_done().unwrap());
    });
    let mut src = Source::new(ReadInput::new(&[1][..]), 0);
    let e = src.left_at_least((1 << 20) + 1).unwrap_err();
    assert_eq!(e.class(), Class::NeedsSource);
}

#[test]
fn text_of_every_length_across_chunk_borders() {
    for n in [0, 1, 254, 255, 256, 257, 767, 768, 769, 4_095, 4_096, 4_097, 20_000] {
        let mut b = vec![b'x'; n];
        b.extend(b"\0after");
        each_input!(&b, 3, |src| {
            assert_eq!(src.cstring().unwrap().to_bytes().len(), n);
            assert_eq!(src.position(), 4 + n as u64);
            assert_eq!(src.block::<5>().unwrap(), *b"after");
        });
        // The window ends right before the NUL: it is not part of it.
        each_input!(&b, 3, |src| {
            let size = n as u64;
            let e = src.window(size, size, |w| w.cstring()).unwrap_err();
            assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(3)));
        });
        each_input!(&b, 3, |src| {
            src.enter(n as u64, n as u64).unwrap();
            assert_eq!(src.cstring().unwrap_err().class(), Class::Invalid);
        });
        each_input!(&b[..n], 3, |src| {
            let e = src.cstring().unwrap_err();
            assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(3)));
        });
    }
}

/// Counts reads, and gives few bytes at a time.
struct Slow<'a> {
    bytes: io::Cursor<&'a [u8]>,
    most: usize,
    reads: &'a Cell<usize>,
}

impl Read for Slow<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.reads.set(self.reads.get() + 1);
        if self.reads.get().is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = to.len().min(self.most);
        self.bytes.read(&mut to[..n])
    }
}

impl Seek for Slow<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn readers_that_give_little_and_are_interrupted() {
    let b = b"some text\0\0\0\0tail";
    for most in 1..20 {
        let reads = Cell::new(0);
        let slow = || Slow { bytes: io::Cursor::new(&b[..]), most, reads: &reads };
        let mut src = Source::new(SeekInput(slow()), 0);
        assert_eq!(src.peek::<4>().unwrap(), Some(*b"some"));
        assert_eq!(src.cstring().unwrap().as_c_str(), c"some text");
        src.zeros(3).unwrap();
        assert_eq!(src.bytes(4, 4).unwrap(), b"tail");
        let mut src = Source::new(ReadInput::new(slow()), 0);
        assert_eq!(src.peek::<4>().unwrap(), Some(*b"some"));
        assert_eq!(src.cstring().unwrap().as_c_str(), c"some text");
        src.blob(3).unwrap();
        assert_eq!(src.bytes(4, 4).unwrap(), b"tail");
    }
}

#[test]
fn text_costs_few_reads() {
    let b = [&[b'x'; 3_000][..], b"\0"].concat();
    let reads = Cell::new(0);
    let bytes = io::Cursor::new(&b[..]);
    let slow = Slow { bytes, most: usize::MAX, reads: &reads };
    let mut src = Source::new(SeekInput(slow), 0);
    assert_eq!(src.cstring().unwrap().count_bytes(), 3_000);
    assert!(reads.get() < 8, "{} reads", reads.get());
    let mut src = Source::new(SeekInput(BufReader::new(io::Cursor::new(&b))), 0);
    assert_eq!(src.cstring().unwrap().count_bytes(), 3_000);
}

#[test]
fn zeros_are_checked() {
    let mut b = vec![0; 10_000];
    b[9_000] = 5;
    each_input!(&b, 100, |src| {
        src.zeros(9_000).unwrap();
        assert_eq!(src.position(), 9_100);
        let e = src.zeros(1).unwrap_err();
        assert_eq!(e.to_string(), "0x238c: expected zero padding, found 5 (invalid)");
    });
    each_input!(&b, 100, |src| {
        let e = src.zeros(10_000).unwrap_err();
        assert_eq!(e.offset(), Some(9_100));
    });
    for n in [u64::MAX, 1 << 50, 9] {
        each_input!([0; 8], 0, |src| {
            assert_eq!(src.zeros(n).unwrap_err().class(), Class::Truncated);
        });
    }
}

#[test]
fn padding_is_kept() {
    let mut b = vec![0; 10_000];
    b[9_000] = 5;
    each_input!(&b, 0, |src| {
        assert_eq!(src.zeros_kept(6_000, 0).unwrap(), Padding::Zero);
        let kept = src.zeros_kept(4_000, 4_000).unwrap();
        assert_eq!(kept, Padding::Other(b[6_000..].to_vec()));
        assert!(src.is_done().unwrap());
    });
    each_input!(&b, 0, |src| {
        assert_eq!(src.zeros_kept(9_001, 9_000).unwrap_err().class(), Class::Limit);
    });
    for n in [u64::MAX, 10_001] {
        each_input!(&b, 0, |src| {
            assert_eq!(src.zeros_kept(n, u64::MAX).unwrap_err().class(), Class::Truncated);
        });
    }
}

#[test]
fn the_rest_is_kept() {
    each_input!([1, 0, 0, 0, 2, 9], 0, |src| {
        let zero = src.window(4, 4, |w| w.block::<1>().and_then(|_| w.zeros_rest_kept(0)));
        assert_eq!(zero.unwrap(), Zeros::Zero(3));
        let other = src.window(2, 2, |w| w.zeros_rest_kept(2)).unwrap();
        assert_eq!(other, Zeros::Other(vec![2, 9]));
    });
    each_input!([0, 7], 0, |src| {
        let e = src.window(2, 2, |w| w.zeros_rest_kept(1)).unwrap_err();
        assert_eq!(e.class(), Class::Limit);
    });
    each_input!([0, 0], 0, |src| {
        assert_eq!(src.window(2, 2, |w| w.zeros_rest()).unwrap(), 2);
    });
    let mut src = Source::new(ReadInput::new(&[0][..]), 0);
    assert_eq!(src.zeros_rest().unwrap_err().class(), Class::NeedsSource);
}

#[test]
fn alignment_counts_from_the_start_given() {
    each_input!([1, 0, 0, 0, 1, 0, 0, 3, 8], 100, |src| {
        src.block::<1>().unwrap();
        src.align(100, 4).unwrap();
        assert_eq!(src.position(), 104);
        src.align(100, 4).unwrap();
        src.align(100, 0).unwrap();
        src.block::<1>().unwrap();
        assert_eq!(src.align_kept(100, 4).unwrap(), Padding::Other(vec![0, 0, 3]));
        assert_eq!(src.align_kept(100, 8).unwrap(), Padding::Zero);
        src.block::<1>().unwrap();
        assert_eq!(src.align(100, u64::MAX).unwrap_err().class(), Class::Truncated);
    });
}
