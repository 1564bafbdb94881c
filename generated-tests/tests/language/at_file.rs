//! Offsets of the file, through doors that know where a value begins and those that are told, and over holes of any size.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use vmspec::format::{Format, Unprepared};
use vmspec_generated_tests::features::at_file::{
    Image, ImageArgs, Inputs, MAGICS, SPEC, Stream, StreamArgs, StreamEvent, StreamReader, TITLE,
};
use vmspec_generated_tests::hex;
use vmspec_runtime::binrw::BinRead;
use vmspec_runtime::{Blob, Class, Endian, Wire};

/// A stream that lies in its file behind 256 other bytes.
const INSIDE: &str = "01 01 010c 000000000000010e aa ee 01 07";

fn origin(origin: u64) -> StreamArgs {
    StreamArgs { inputs: Inputs { origin } }
}

/// A file of zeros, with something at the start and at the end.
struct Sparse {
    head: Vec<u8>,
    tail: Vec<u8>,
    tail_at: u64,
    at: u64,
}

impl Sparse {
    fn end(&self) -> u64 {
        self.tail_at + u64::try_from(self.tail.len()).unwrap()
    }

    fn byte(&self, at: u64) -> u8 {
        let behind = at.checked_sub(self.tail_at).map(|at| self.tail.get(usize::try_from(at).unwrap()));
        let held = behind.unwrap_or_else(|| usize::try_from(at).ok().and_then(|at| self.head.get(at)));
        held.copied().unwrap_or(0)
    }
}

impl Read for Sparse {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = to.len().min(usize::try_from(self.end() - self.at).unwrap_or(usize::MAX));
        for byte in to.iter_mut().take(n) {
            *byte = self.byte(self.at);
            self.at += 1;
        }
        Ok(n)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[test]
fn every_door_counts_from_the_start_of_the_file() {
    let bytes = hex(INSIDE);
    let (value, rest) = Stream::parse_with(&bytes, Endian::Big, origin(0x100)).unwrap();
    assert!(rest.is_empty());
    let file = [vec![0x55; 0x100], bytes.clone()].concat();
    let mut from = Cursor::new(&file);
    from.set_position(0x100);
    let read = Stream::read_options(&mut from, Endian::Big, origin(0x100)).unwrap();
    let pages = read.blocks.first().unwrap().pages.clone();
    assert_eq!((pages, from.position()), (Some(Blob::Range { offset: 0x10e, length: 1 }), 0x110));
    let mut written = Vec::new();
    read.write_from_with(&mut from, &mut written, Endian::Big, origin(0x100)).unwrap();
    assert_eq!(written, bytes);
    let mut reader = StreamReader::with_args(bytes.as_slice(), origin(0x100));
    assert!(matches!(reader.next_event().unwrap(), Some(StreamEvent::Block(_))));
    let mut payload = [0; 4];
    assert_eq!((reader.read_pending(&mut payload).unwrap(), payload), (1, [1, 0, 0, 0]));
    assert!(matches!(reader.next_event().unwrap(), Some(StreamEvent::StreamTail(_))));
    assert!(reader.next_event().unwrap().is_none());
    for elsewhere in [0, 0xff, 0x101] {
        let e = value.write_from_with(&mut Cursor::new(&bytes), &mut Vec::new(), Endian::Big, origin(elsewhere));
        let e = e.unwrap_err();
        assert_eq!((e.class(), e.path()), (Class::Invalid, "blocks[0].bitmap".to_owned()), "{e}");
    }
}

#[test]
fn a_format_is_verified_and_rewritten_where_it_lies() {
    const FORMAT: Format = Format::of::<Stream, Unprepared>("at_file", TITLE, SPEC, MAGICS, &[("at_file.yaml", "")]);
    let bytes = hex(INSIDE);
    let mut file = Cursor::new([vec![0x55; 0x100], bytes.clone()].concat());
    let given: &[(&str, &str)] = &[("origin", "256")];
    assert!(FORMAT.verify_with(&mut file, 0x100, given).unwrap().is_empty());
    let mut written = Vec::new();
    FORMAT.rewrite_with(&mut file, 0x100, &mut written, given).unwrap();
    assert_eq!(written, bytes);
    let e = FORMAT.verify(&mut file, 0x100).unwrap_err();
    assert_eq!((e.path(), e.offset()), ("blocks[0].bitmap".to_owned(), Some(0x10c)), "{e}");
}

#[test]
fn a_hole_of_any_size_stays_in_the_source() {
    let far = 1_u64 << 40;
    let head = hex("01 01 0000 0000010000000000");
    let mut file = Sparse { head: head.clone(), tail: hex("aa 07"), tail_at: far, at: 0 };
    let read = Stream::read(&mut file).unwrap();
    let block = read.blocks.first().unwrap();
    assert_eq!(block.pages_gap, Blob::Range { offset: 12, length: far - 12 });
    assert_eq!((&block.pages, read.tail), (&Some(Blob::Range { offset: far, length: 1 }), 7));
    assert_eq!(read.byte_len(), far + 2);
    let mut reader = StreamReader::new(head.as_slice());
    let e = reader.next_event().unwrap_err();
    assert_eq!((e.class(), e.path()), (Class::Truncated, "blocks[0].pages".to_owned()), "{e}");
}

#[test]
fn a_gap_that_does_not_lead_to_its_offset_is_refused_before_it_is_written() {
    let bytes = hex("01 02 6100 0000000000 000000 00010002 09");
    let args = ImageArgs::default;
    let (value, _) = Image::parse_with(&bytes, Endian::Big, args()).unwrap();
    for wrong in [2, 4, u64::MAX] {
        let mut value = value.clone();
        value.numbers_gap = wrong;
        let mut written = vec![1, 2];
        let e = value.write_with(&mut written, Endian::Big, args()).unwrap_err();
        assert_eq!((e.class(), e.path(), written), (Class::Invalid, "numbers".to_owned(), vec![1, 2]), "{e}");
    }
}
