//! Xen xl save files that ask for much: whatever lengths and counts say, memory follows what is there.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;

use vmspec::xen_xl::Savefile;
use vmspec_generated_tests as harness;
use vmspec_generated_tests::counting::peak;
use vmspec_runtime::{Class, Endian, ReadInput, Source, Wire, read_stream};

/// On top of what is there: errors, buffers.
const CONSTANT: usize = 16 << 10;
/// Where nobody knows how much is left, memory is taken in such steps.
const STEP: usize = 1 << 20;

/// Reads by every door, each of which holds at most a constant and so many times what is there.
#[track_caller]
fn bounded(bytes: &[u8], times: usize) {
    let most = CONSTANT + times * bytes.len();
    let slice = peak(|| drop(Savefile::parse(bytes))).0;
    assert!(slice <= most, "a slice: {slice} of {most}");
    let stream = peak(|| drop(read_stream::<Savefile, _>(&mut Cursor::new(bytes), Endian::Little, ()))).0;
    assert!(stream <= most + STEP, "a stream: {stream} of {most}");
    let pipe = peak(|| {
        let mut source = Source::new(ReadInput::new(bytes), 0);
        drop(Savefile::read_from(&mut source, Endian::Little, ()));
    })
    .0;
    assert!(pipe <= most + STEP, "a pipe: {pipe} of {most}");
}

/// An xl header and a libxl header.
fn libxl() -> Vec<u8> {
    let mut bytes = b"Xen saved domain, xl format\n \0 \r".to_vec();
    for word in [0x0102_0304_u32, 2, 0, 0] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(b"LibxlFmt\0\0\0\x02\0\0\0\0");
    bytes
}

/// The same with a libxc stream of a guest of this kind behind it.
fn libxc(guest: u32) -> Vec<u8> {
    let mut bytes = libxl();
    bytes.extend_from_slice(&record(1, 0, &[]));
    bytes.extend_from_slice(&[0xff; 8]);
    bytes.extend_from_slice(b"XENF\0\0\0\x02\0\0\0\0\0\0\0\0");
    for word in [guest, 12, 4, 21] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// A record that says it has so many bytes, and has these.
fn record(kind: u32, length: u32, body: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
}

/// Every door refuses the bytes at this path, within the bounds.
#[track_caller]
fn refused(start: Vec<u8>, record: &[u8], path: &str, class: Class) {
    let bytes = [start, record.to_vec()].concat();
    bounded(&bytes, 4);
    harness::rejects::<Savefile>(&bytes, Endian::Little, &(), path, class);
}

#[test]
fn the_allocator_counts() {
    assert!(peak(|| drop(vec![0_u8; 100_000])).0 >= 100_000);
}

#[test]
fn libxl_bodies_of_4_gigabytes() {
    for kind in [2, 3, 5, 0x8000_0000] {
        let record = record(kind, u32::MAX, &[2, 0, 0, 0, 0, 0, 0, 0, b'a', 0, b'b', 0]);
        refused(libxl(), &record, "stream.records[0].body", Class::Truncated);
    }
}

#[test]
fn libxc_bodies_of_4_gigabytes() {
    let path = "stream.records[0].libxc.records[0].body";
    for kind in [1, 8, 9, 10, 11, 15, 0x8000_0000] {
        refused(libxc(2), &record(kind, u32::MAX, &[1; 16]), path, Class::Limit);
    }
    for kind in [9, 11, 15, 0x8000_0000] {
        refused(libxc(2), &record(kind, 128 << 20, &[1; 16]), path, Class::Truncated);
    }
    // Here a pipe finds something else wrong before it comes to the end.
    for kind in [1, 8, 10] {
        bounded(&[libxc(2), record(kind, 128 << 20, &[1; 16])].concat(), 4);
    }
}

#[test]
fn counts_beyond_their_records() {
    let path = "stream.records[0].libxc.records[0].body";
    for count in [1 << 31, u32::MAX, 3] {
        let body = [&count.to_le_bytes()[..], &[0; 20]].concat();
        refused(libxc(2), &record(1, 24, &body), &format!("{path}.pfns"), Class::Invalid);
        refused(libxc(2), &record(10, 24, &body), &format!("{path}.params"), Class::Invalid);
    }
}

#[test]
fn p2m_frames_of_every_page_there_can_be() {
    let info = record(2, 8, &[8, 4, 0, 0, 0, 0, 0, 0]);
    let frames = record(3, 16, &[[0; 4], [0xff; 4], [0; 4], [0; 4]].concat());
    refused(libxc(1), &[info, frames].concat(), "stream.records[0].libxc.records[1].body.frames", Class::Invalid);
}

/// As many pages as a record can name, each of which has data that is not there.
#[test]
fn more_pages_than_a_record_can_hold() {
    let count = 1_u32 << 20;
    let body = [&count.to_le_bytes()[..], &[0; 4], &vec![0; 8 << 20]].concat();
    let record = record(1, 8 + (8 << 20), &body);
    refused(libxc(2), &record, "stream.records[0].libxc.records[0].body.pages", Class::Invalid);
}

#[test]
fn a_million_pages_without_data() {
    let count = 1_u32 << 20;
    let pfns: Vec<u8> = (0..u64::from(count)).flat_map(|pfn| (pfn | 0xf << 60).to_le_bytes()).collect();
    let body = [&count.to_le_bytes()[..], &[0; 4], &pfns].concat();
    let end = record(0, 0, &[]);
    let bytes = [libxc(2), record(1, 8 + (8 << 20), &body), end.clone(), end].concat();
    bounded(&bytes, 4);
    let (_, taken) = harness::read::<Savefile>(&bytes, Endian::Little, &()).expect("it is read");
    assert_eq!(taken, bytes.len());
}

#[test]
fn records_without_an_end() {
    let many: Vec<u8> = record(0x8000_0000, 0, &[]).repeat(10_000);
    let path = "stream.records[10000]";
    // A record of eight bytes is a value of some hundred.
    let bytes = [libxl(), many.clone()].concat();
    bounded(&bytes, 100);
    harness::rejects::<Savefile>(&bytes, Endian::Little, &(), path, Class::Truncated);
    let bytes = [libxc(2), many].concat();
    bounded(&bytes, 100);
    let path = "stream.records[0].libxc.records[10000]";
    harness::rejects::<Savefile>(&bytes, Endian::Little, &(), path, Class::Truncated);
}

#[test]
fn configs_beyond_their_room() {
    for (optional, config, path, class) in [
        (u32::MAX, 4, "optional", Class::Limit),
        (16 << 20, u32::MAX, "optional", Class::Truncated),
        (8, u32::MAX, "optional.config_len", Class::Invalid),
        (8, 1 << 31, "optional.config_len", Class::Invalid),
    ] {
        let mut bytes = libxl();
        bytes[44..48].copy_from_slice(&u32::to_le_bytes(optional));
        bytes[48..52].copy_from_slice(&u32::to_le_bytes(config));
        bounded(&bytes, 4);
        harness::rejects::<Savefile>(&bytes, Endian::Little, &(), path, class);
    }
}
