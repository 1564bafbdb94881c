//! Writing: positions, gathered writes, blobs copied from their source, kept padding, checksums.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::large_stack_arrays,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    missing_docs
)]

use std::io::{self, Cursor as Memory, Write};
use vmspec_runtime::{
    Blob, Checksum, ChecksumOutput, Class, CopyOutput, Crc32, Endian, Output, Padding, PlainOutput, Sink, VecOutput,
    WriteOutput, Zeros,
};

/// Keeps each write apart; fails once it has `most` bytes.
struct Calls {
    writes: Vec<Vec<u8>>,
    most: usize,
}

impl Calls {
    const fn new() -> Self {
        Self { writes: Vec::new(), most: usize::MAX }
    }

    fn sizes(&self) -> Vec<usize> {
        self.writes.iter().map(Vec::len).collect()
    }
}

impl Write for Calls {
    fn write(&mut self, b: &[u8]) -> io::Result<usize> {
        if self.writes.concat().len().saturating_add(b.len()) > self.most {
            return Err(io::Error::other("full"));
        }
        self.writes.push(b.to_vec());
        Ok(b.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn bytes(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i % 251) as u8).collect()
}

/// The writes that these puts become.
fn gathered(puts: &[usize]) -> Vec<usize> {
    let mut calls = Calls::new();
    let mut sink = Sink::new(WriteOutput::new(&mut calls));
    let mut all = Vec::new();
    for n in puts {
        sink.put(&bytes(*n)).unwrap();
        all.extend(bytes(*n));
    }
    assert_eq!(sink.position(), all.len() as u64);
    sink.finish().unwrap();
    assert!(calls.writes.concat() == all, "{puts:?}");
    calls.sizes()
}

#[test]
fn small_puts_are_gathered() {
    assert_eq!(gathered(&[]), []);
    assert_eq!(gathered(&[92]), [92]);
    assert_eq!(gathered(&[100, 100, 100]), [300]);
    assert_eq!(gathered(&[256, 1]), [257]);
    assert_eq!(gathered(&[1; 10_000]), [8_192, 1_808]);
    assert_eq!(gathered(&[300, 8_000]), [300, 8_000]);
}

#[test]
fn large_puts_go_straight_through() {
    assert_eq!(gathered(&[8_192]), [8_192]);
    assert_eq!(gathered(&[50_000]), [50_000]);
    assert_eq!(gathered(&[10, 50_000, 10]), [10, 50_000, 10]);
    assert_eq!(gathered(&[300, 9_000, 8_191, 1]), [300, 9_000, 8_192]);
}

#[test]
fn a_plain_output_writes_at_once() {
    let mut calls = Calls::new();
    let mut sink = Sink::new(PlainOutput(&mut calls));
    sink.put(b"ab").unwrap();
    sink.put(b"c").unwrap();
    assert_eq!(calls.sizes(), [2, 1]);
}

#[test]
fn the_writer_fails() {
    let full = || Calls { most: 0, ..Calls::new() };
    let e = Sink::new(PlainOutput(full())).put(b"ab").unwrap_err();
    assert_eq!(e.to_string(), "0x0: full (io)");
    let mut sink = Sink::new(WriteOutput::new(full()));
    sink.put(b"ab").unwrap();
    let e = sink.finish().map(drop).unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::Io, Some(2)));
    let mut sink = Sink::new(WriteOutput::new(full()));
    assert_eq!(sink.put(&bytes(9_000)).unwrap_err().class(), Class::Io);
}

#[test]
fn integers_zeros_and_alignment() {
    let mut v = vec![9];
    let mut sink = Sink::new(VecOutput(&mut v));
    sink.u16(Endian::Big, 1).unwrap();
    sink.u32(Endian::Little, 2).unwrap();
    sink.align(0, 8).unwrap();
    sink.u64(Endian::Big, 3).unwrap();
    sink.align(3, 0).unwrap();
    sink.align(14, 4).unwrap();
    assert_eq!(sink.position(), 18);
    sink.zeros(0).unwrap();
    sink.finish().unwrap();
    assert_eq!(v, [9, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0]);
    let mut v = Vec::new();
    Sink::new(VecOutput(&mut v)).zeros(10_000).unwrap();
    assert_eq!(v, [0; 10_000]);
}

#[test]
fn blobs_are_copied() {
    let source = bytes(1 << 20);
    let range = |offset, length| Blob::Range { offset, length };
    for (offset, length) in [(0, 0), (5, 1), (7, 300), (9, 9_000), (3, 700_000)] {
        let mut calls = Calls::new();
        let mut sink = Sink::new(CopyOutput::new(Memory::new(&source), &mut calls));
        sink.put(b"head").unwrap();
        sink.blob(&range(offset, length)).unwrap();
        sink.blob(&Blob::from(&b"tail"[..])).unwrap();
        assert_eq!(sink.position(), 8 + length);
        sink.finish().unwrap();
        let part = &source[offset as usize..][..length as usize];
        assert!(calls.writes.concat() == [b"head", part, b"tail"].concat());
    }
}

#[test]
fn much_is_copied_in_large_writes() {
    let source = bytes(600_000);
    let mut calls = Calls::new();
    let mut sink = Sink::new(CopyOutput::new(Memory::new(&source), &mut calls));
    let all = Blob::Range { offset: 0, length: 600_000 };
    sink.blob(&all).unwrap();
    sink.finish().unwrap();
    assert_eq!(calls.sizes(), [262_144, 262_144, 75_712]);
}

#[test]
fn ranges_that_cannot_be_copied() {
    let range = Blob::Range { offset: 2, length: u64::MAX };
    let mut v = Vec::new();
    let e = Sink::new(VecOutput(&mut v)).blob(&range).unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::NeedsSource, None));
    let e = Sink::new(WriteOutput::new(&mut v)).blob(&range).unwrap_err();
    assert_eq!(e.class(), Class::NeedsSource);
    let mut sink = Sink::new(CopyOutput::new(Memory::new(b"abcd"), &mut v));
    let e = sink.blob(&range).unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(2)));
}

#[test]
fn blobs_are_loaded() {
    let range = Blob::Range { offset: 1, length: 3 };
    let mut source = Memory::new(b"abcde");
    assert_eq!(range.load(&mut source, 3).unwrap(), b"bcd");
    assert_eq!(range.load(&mut source, 2).unwrap_err().class(), Class::Limit);
    let held = Blob::from(b"xyz".to_vec());
    assert_eq!(held.load(&mut source, 3).unwrap(), b"xyz");
    assert_eq!(held.load(&mut source, 2).unwrap_err().class(), Class::Limit);
    for (offset, length) in [(4, 2), (9, 1), (u64::MAX, 1), (1, u64::MAX)] {
        let e = Blob::Range { offset, length }.load(&mut source, u64::MAX);
        assert!(matches!(e.unwrap_err().class(), Class::Truncated | Class::Io));
    }
    assert!(Blob::EMPTY.is_empty() && !range.is_empty());
    let empty = Blob::Range { offset: 9, length: 0 };
    assert_eq!(empty.load(&mut source, 0).unwrap(), []);
}

#[test]
fn kept_padding_must_fit() {
    let put = |padding: &Padding, expected| -> vmspec_runtime::Result<Vec<u8>> {
        let mut v = Vec::new();
        Sink::new(VecOutput(&mut v)).padding(padding, expected)?;
        Ok(v)
    };
    let other = |b: &[u8]| Padding::Other(b.to_vec());
    assert_eq!(put(&Padding::Zero, 3).unwrap(), [0, 0, 0]);
    assert_eq!(put(&other(&[0, 1]), 2).unwrap(), [0, 1]);
    let e = put(&other(&[0, 1]), 3).unwrap_err();
    assert_eq!(e.to_string(), "expected 3 bytes of padding, found 2 (invalid)");
    assert_eq!(put(&other(&[0, 0]), 2).unwrap_err().class(), Class::Invalid);
    assert_eq!(put(&other(&[]), 0).unwrap_err().class(), Class::Invalid);
}

#[test]
fn zeros_are_a_value() {
    let mut v = Vec::new();
    let mut sink = Sink::new(VecOutput(&mut v));
    sink.zeros_value(&Zeros::from(2)).unwrap();
    sink.zeros_value(&Zeros::Other(vec![0, 7])).unwrap();
    let e = sink.zeros_value(&Zeros::Other(vec![0])).unwrap_err();
    assert_eq!(e.class(), Class::Invalid);
    assert_eq!(v, [0, 0, 0, 7]);
}

#[test]
fn a_checksum_instead_of_bytes() {
    let mut sink = Sink::new(ChecksumOutput(Crc32::default()));
    sink.put(b"1234").unwrap();
    sink.blob(&Blob::from(&b"56789"[..])).unwrap();
    let range = Blob::Range { offset: 0, length: 1 };
    assert_eq!(sink.blob(&range).unwrap_err().class(), Class::NeedsSource);
    assert_eq!(sink.position(), 9);
    assert_eq!(sink.finish().unwrap().0.value(), 0xcbf4_3926);
    const { assert!(!ChecksumOutput::<Crc32>::HAS_SOURCE) };
}

#[test]
fn what_lies_behind_a_gap_is_held_to_its_offset() {
    let mut out = vec![];
    let mut sink = Sink::new(VecOutput(&mut out));
    sink.zeros(5).unwrap();
    sink.gap_to(5, 0).unwrap();
    sink.gap_to(7, 2).unwrap();
    for (offset, gap) in [(0, 0), (4, 0), (6, 0), (u64::MAX, 2), (6, u64::MAX)] {
        let error = sink.gap_to(offset, gap).unwrap_err();
        let expected = format!("expected an offset of {:#x}, found {offset} ", gap.saturating_add(5));
        assert_eq!(error.class(), Class::Invalid);
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}
