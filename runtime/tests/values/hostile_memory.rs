//! A length that lies takes no memory: the peak follows what the input holds.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, missing_docs)]

use crate::counting;

use counting::peak;
use std::io::Cursor as Memory;
use vmspec_runtime::{Blob, CopyOutput, Cursor, ReadInput, Result, SeekInput, Sink, Source};

/// An error and its place.
const SMALL: usize = 4 << 10;
const STEP: usize = 1 << 20;
const LENGTHS: [u64; 6] = [1 << 20, (1 << 20) + 1, 1 << 32, 1 << 46, u64::MAX - 1, u64::MAX];

/// Runs a read that must fail, over every kind of input.
macro_rules! refused {
    ($bytes:expr, |$src:ident| $read:expr) => {{
        let bytes: &[u8] = $bytes;
        let mut $src = Cursor::over(bytes, 0);
        let (slice, failed) = peak(|| $read.map(drop).is_err());
        assert!(failed && slice < SMALL, "slice: {slice}");
        let mut $src = Source::new(SeekInput(Memory::new(bytes)), 0);
        let (seek, failed) = peak(|| $read.map(drop).is_err());
        assert!(failed && seek <= STEP + SMALL, "seek: {seek}");
        let mut $src = Source::new(ReadInput::new(bytes), 0);
        let (read, failed) = peak(|| $read.map(drop).is_err());
        assert!(failed && read <= STEP + SMALL, "read: {read}");
    }};
}

#[test]
fn hostile_lengths() {
    for n in LENGTHS {
        refused!(&[1; 9], |src| src.bytes(n, u64::MAX));
        refused!(&[1; 9], |src| src.window(n, u64::MAX, |w| w.bytes(n, n)));
        refused!(&[1; 9], |src| src.list(n, |b: &[u8; 8]| Ok(*b)));
        refused!(&[1; 9], |src| src.zeros(n));
        refused!(&[0; 9], |src| src.zeros_kept(n, u64::MAX));
        refused!(&[1; 9], |src| src.zeros_kept(n, u64::MAX));
        refused!(&[1; 9], |src| src.enter(n, u64::MAX).and_then(|_| src.bytes(n, n)));
        refused!(&[1; 9], |src| src.blob(n).and_then(|_| src.block::<1>()));
    }
    refused!(&[1; 9], |src| src.cstring());
}

#[test]
fn a_reader_that_knows_its_end_is_asked_first() {
    for n in LENGTHS.into_iter().skip(1) {
        let mut src = Source::new(SeekInput(Memory::new([0; 9])), 0);
        let (held, _) = peak(|| src.bytes(n, u64::MAX).is_err());
        assert!(held < SMALL, "{held}");
    }
}

#[test]
fn at_most_twice_what_arrived() {
    let bytes = vec![1; 5 << 20];
    let arrived: usize = 5 << 20;
    let mut src = Source::new(ReadInput::new(&bytes[..]), 0);
    let (held, _) = peak(|| src.bytes(u64::MAX, u64::MAX).is_err());
    assert!(held <= arrived + STEP + SMALL, "{held}");
    let mut src = Source::new(ReadInput::new(&bytes[..]), 0);
    let (held, got) = peak(|| src.bytes(5 << 20, u64::MAX));
    assert!(got.is_ok() && held <= 2 * arrived + SMALL, "{held}");
    let mut src = Source::new(SeekInput(Memory::new(&bytes)), 0);
    let (held, got) = peak(|| src.bytes(5 << 20, u64::MAX));
    assert!(got.is_ok() && held <= arrived + SMALL, "{held}");
}

#[test]
fn a_copy_holds_no_more_than_its_buffer() {
    let bytes = vec![1; 3 << 20];
    let copy = |length| -> (usize, Result<()>) {
        let range = Blob::Range { offset: 0, length };
        let output = CopyOutput::new(Memory::new(&bytes), std::io::sink());
        peak(|| Sink::new(output).blob(&range))
    };
    assert!(copy(3 << 20).0 <= (256 << 10) + SMALL);
    assert!(copy(u64::MAX).0 <= (256 << 10) + SMALL);
    assert!(copy(100).0 <= 100 + SMALL);
}

#[test]
fn looking_ahead_all_the_time_holds_little() {
    let bytes = vec![1; 2 << 20];
    let mut src = Source::new(ReadInput::new(&bytes[..]), 0);
    let (held, ()) = peak(|| {
        while let Ok(Some(_)) = src.peek::<9>() {
            src.block::<8>().unwrap();
        }
        src.block::<8>().unwrap();
    });
    assert_eq!(src.position(), 2 << 20);
    assert!(held < SMALL, "{held}");
}
