//! Blobs over a reader that cannot seek: handed out before the next element, or passed over.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::io::{ErrorKind, Read};
use vmspec_runtime::{ReadInput, Source};

fn source(b: &[u8]) -> Source<ReadInput<&[u8]>> {
    Source::new(ReadInput::new(b), 0)
}

#[test]
fn a_blob_is_read_before_the_next_element() {
    let mut src = source(b"abcdefgh");
    src.blob(5).unwrap();
    let mut to = [0; 3];
    assert_eq!((src.read_pending(&mut to).unwrap(), &to), (3, b"abc"));
    assert_eq!((src.read_pending(&mut to).unwrap(), &to), (2, b"dec"));
    assert_eq!(src.read_pending(&mut to).unwrap(), 0);
    assert_eq!((src.position(), src.block::<3>().unwrap()), (5, *b"fgh"));
}

#[test]
fn what_is_not_read_is_passed_over() {
    let mut src = source(b"abcdefgh");
    assert_eq!(src.peek::<2>().unwrap(), Some(*b"ab"));
    src.blob(5).unwrap();
    let mut to = [0; 1];
    src.read_pending(&mut to).unwrap();
    assert_eq!(&to, b"a");
    assert_eq!(src.block::<3>().unwrap(), *b"fgh");
    assert_eq!(src.read_pending(&mut to).unwrap(), 0);
    assert_eq!(src.read_pending(&mut []).unwrap(), 0);
}

#[test]
fn a_blob_that_is_cut_short() {
    let mut src = source(b"abc");
    src.blob(5).unwrap();
    let mut to = [0; 8];
    assert_eq!(src.read_pending(&mut to).unwrap(), 3);
    let e = src.read_pending(&mut to).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::UnexpectedEof);
    assert!(src.settle().is_err());
}

#[test]
fn a_blob_to_the_end() {
    let mut src = source(b"abcd");
    assert!(!src.is_done().unwrap());
    src.block::<1>().unwrap();
    assert_eq!(src.peek::<1>().unwrap(), Some(*b"b"));
    src.pend_to_end().unwrap();
    let mut to = [0; 2];
    assert_eq!((src.read_pending(&mut to).unwrap(), to[0]), (1, b'b'));
    assert_eq!((src.read_pending(&mut to).unwrap(), &to), (2, b"cd"));
    assert_eq!(src.read_pending(&mut to).unwrap(), 0);
    assert!(src.is_done().unwrap());
    src.settle().unwrap();
}

#[test]
fn the_reader_is_not_read_past_what_was_asked() {
    let mut reader: &[u8] = b"ab\0cdef";
    let mut src = Source::new(ReadInput::new(&mut reader), 0);
    src.cstring().unwrap();
    src.block::<1>().unwrap();
    let _ = src.into_input().unwrap().into_inner();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "def");
}
