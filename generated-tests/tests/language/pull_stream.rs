//! A stream of any size over a pipe: its pages take no memory, neither at once nor one by one, and each event says where it
//! lies. What was remembered can be looked at on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use vmspec_generated_tests::counting::{asked, peak};
use vmspec_generated_tests::externs::f_pull_stream::Externs;
use vmspec_generated_tests::features::pull_stream::{
    Inputs, RamRecordBody, Stream, StreamArgs, StreamEvent, StreamReader,
};
use vmspec_generated_tests::{Long, hex};
use vmspec_runtime::{Blob, Class, Endian, Wire};

/// What a stream of any size may take: what lies behind it is passed over by 64 KiB, the rest are a few texts and what is
/// remembered of sections and blocks.
const MOST: usize = 68 << 10;

fn long(head: &str, middle: &str, times: u64, end: &str) -> Long {
    Long::new(hex(head), hex(middle), times, hex(end))
}

fn args() -> StreamArgs<'static> {
    StreamArgs { inputs: Inputs::default(), externs: &Externs }
}

/// Walks through a stream: how many pages there are, how often one of a block that was named before asked for memory, and the
/// most that is held.
fn walk(stream: Long) -> (usize, usize, usize) {
    let mut reader = StreamReader::with_args(stream, args());
    let (held, (pages, asks)) = peak(|| {
        let (mut pages, mut asks) = (0, 0);
        while let (more, Some(is_page)) = asked(|| step(&mut reader)) {
            pages += usize::from(is_page);
            asks += more * usize::from(is_page);
        }
        (pages, asks)
    });
    (pages, asks, held)
}

/// The next event: whether it is a page of a block that was named before.
fn step(reader: &mut StreamReader<'static, Long>) -> Option<bool> {
    let StreamEvent::RamRecord(record) = reader.next_event().unwrap()? else { return Some(false) };
    let RamRecordBody::More(page) = record.body else { return Some(false) };
    let mut to = [0; 8];
    let n = reader.read_pending(&mut to).unwrap();
    assert_eq!((n, to[0]), (2, 0xcc));
    let at = reader.event_offset();
    assert_eq!(page.data, Blob::Range { offset: at + 2, length: 2 });
    let block = reader.state().and_then(|state| state.block.get()).expect("no block");
    assert_eq!(*block, *b"a");
    Some(true)
}

const BLOCKS: &str = "0011 0161 0003 0162 0001  0006 0161 aabb";

#[test]
fn pages_take_no_memory() {
    let head = format!("5053 03  01 01 03 72616d 02  {BLOCKS}");
    let of = |times| walk(long(&head, "000b ccdd", times, "0000 7e01 00 ff"));
    let (few, many) = (of(10), of(100_000));
    assert_eq!((few.0, few.1), (10, 0));
    assert_eq!((many.0, many.1), (100_000, 0));
    assert_eq!(few.2, many.2);
    assert!(many.2 < MOST, "{}", many.2);
}

#[test]
fn sections_take_no_more_the_more_there_are() {
    let head = format!("5053 03  01 01 03 72616d 02  {BLOCKS} 0000 7e01  01 02 03 6e6963 02 01 a1a2 7e02");
    let middle =
        "02 01 000b ccdd 000b ccdd 0000 7e01  02 02 02 a1a2a3a4 7e02  03 02 02 0161  03 01 01 08 02 01 000b ccdd 0000";
    let of = |times| walk(long(&head, middle, times, "00"));
    let (few, many) = (of(10), of(10_000));
    assert_eq!((few.0, many.0), (30, 30_000));
    assert_eq!(few.2, many.2);
    assert!(many.2 < MOST, "{}", many.2);
}

#[test]
fn devices_in_a_window_take_no_more_the_more_there_are() {
    let device = "03 72616d 04 0001 0000 03 72616d";
    let of = |times: u16| {
        let length = times * 13;
        let length = format!("{length:04x}");
        let sum = length.get(2..).unwrap_or_default();
        let stream = long(&format!("5053 02 {length}"), device, times.into(), &format!("{sum} 00"));
        let mut reader = StreamReader::with_args(stream, args());
        let mut devices = 0;
        let (held, refused) = peak(|| {
            loop {
                match reader.next_event() {
                    Ok(Some(StreamEvent::LegacyDeviceHead(_))) => devices += 1,
                    Ok(Some(_)) => {}
                    Ok(None) => break None,
                    Err(e) => break Some((e.path(), e.class())),
                }
            }
        });
        (devices, refused, held)
    };
    // A number of one byte cannot be as large as that of two: all of the devices are read before that is found out.
    let refused = Some(("body.check".to_owned(), Class::Invalid));
    let (few, many) = (of(30), of(5000));
    assert_eq!((few.0, &few.1, many.0, &many.1), (30, &refused, 5000, &refused));
    assert!(many.2 == few.2 && many.2 < MOST, "{}", many.2);
}

#[test]
fn events_say_where_they_lie() {
    let bytes = hex("5053 03  54 616200  01 02 05 636c6f636b 02 0102 03 7e02  03 00 00  00 ffee");
    let mut reader = StreamReader::with_args(bytes.as_slice(), args());
    assert!(reader.state().is_none());
    let mut places = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        let name = format!("{event:?}");
        places.push((name.split('(').next().unwrap_or_default().to_owned(), reader.event_offset()));
    }
    assert!(reader.state().is_none());
    let expected = [
        ("SectionsHead", 0),
        ("SectionStartHead", 7),
        ("DeviceBody", 16),
        ("SectionStartTail", 19),
        ("CommandHead", 21),
        ("RecordBody", 24),
        ("SectionsTail", 25),
        ("StreamTail", 25),
    ];
    assert_eq!(places, expected.map(|(name, at)| (name.to_owned(), at)));
}

/// Commands in packages of commands, so deep.
fn nested(depth: usize) -> Vec<u8> {
    let mut record = hex("03 00 00");
    for _ in 0..depth {
        let length = u8::try_from(record.len()).unwrap_or(u8::MAX);
        let mut around = vec![3, 1, 1, length];
        around.append(&mut record);
        record = around;
    }
    let mut all = hex("5053 03");
    all.append(&mut record);
    all.push(0);
    all
}

#[test]
fn packages_in_packages_are_read_as_deep_as_the_whole() {
    for depth in [0, 1, 30, 31, 32, 33, 60] {
        let bytes = nested(depth);
        let whole =
            Stream::parse_with(&bytes, Endian::Big, args()).map(drop).map_err(|e| (e.path(), e.class(), e.offset()));
        let mut reader = StreamReader::with_args(bytes.as_slice(), args());
        let mut commands = 0;
        let pulled = loop {
            match reader.next_event() {
                Ok(Some(StreamEvent::CommandHead(_))) => commands += 1,
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(e) => break Err((e.path(), e.class(), e.offset())),
            }
        };
        assert_eq!(pulled, whole, "{depth}");
        assert!(pulled.is_err() || commands == depth + 1, "{commands} commands, {depth} deep");
    }
}
