//! QEMU streams that ask for much or mean harm: clean errors, memory that follows what is there, and no more time than that.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;

use vmspec::Class;
use vmspec::format;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{RamRecordBody, Stream, StreamArgs, StreamBody, StreamEvent, StreamReader};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::counting::peak;
use vmspec_runtime::{Endian, ReadInput, Result, Source, Wire, read_stream};

/// On top of what is there: errors, buffers.
const CONSTANT: usize = 64 << 10;
/// Where nobody knows how much is left, memory is taken in such steps.
const STEP: usize = 1 << 20;

const HEAD: &str = "5145564d 00000003";
/// A section of memory with a block `a` of one page, up to its first page.
const RAM: &str = "01 00000002 03 72616d 00000000 00000004 0000000000001004 01 61 0000000000001000";

fn stream(parts: &[&str]) -> Vec<u8> {
    harness::hex(&[&[HEAD], parts].concat().concat())
}

fn parsed(bytes: &[u8]) -> Result<Stream> {
    Ok(Stream::parse_with(bytes, Endian::Big, StreamArgs::default())?.0)
}

/// Reads by every door, each of which holds at most a constant and so many times what is there.
#[track_caller]
fn bounded(bytes: &[u8], times: usize) {
    let most = CONSTANT + times * bytes.len();
    let (slice, ()) = peak(|| drop(parsed(bytes)));
    assert!(slice <= most, "a slice: {slice} of {most}");
    let (file, ()) =
        peak(|| drop(read_stream::<Stream, _>(&mut Cursor::new(bytes), Endian::Big, StreamArgs::default())));
    assert!(file <= most + STEP, "a file: {file} of {most}");
    let (pipe, ()) = peak(|| {
        let mut source = Source::new(ReadInput::new(bytes), 0);
        drop(Stream::read_from(&mut source, Endian::Big, StreamArgs::default()));
    });
    assert!(pipe <= most + STEP, "a pipe: {pipe} of {most}");
    let (pulled, ()) = peak(|| {
        let mut reader = StreamReader::with_args(bytes, StreamArgs::default());
        while let Ok(Some(_)) = reader.next_event() {}
    });
    assert!(pulled <= most + STEP, "pulled: {pulled} of {most}");
}

/// Every door refuses the stream, within the bounds.
#[track_caller]
fn refused(parts: &[&str], path: &str, class: Class) {
    let bytes = stream(parts);
    bounded(&bytes, 8);
    harness::rejects::<Stream>(&bytes, Endian::Big, &StreamArgs::default(), path, class);
}

/// Streams with something of every kind that has a length or a count.
fn with_lengths() -> Vec<Vec<u8>> {
    let package = "08 0007 0004 00000009  08 0002 0004 00000001";
    let discard = "08 0006 0014 00 01 61 00 0000000000001000 0000000000002000";
    let bitmap = "04 00000003 0c 64697274792d6269746d6170 00000000 00000001 1c 01 64 01 62 00010000 01 \
                  40 0000000000000000 00000800 0000000000000008 ff00000000000000 01";
    let htab = "04 00000004 0a 73706170722f68746162 00000000 00000001 00000000 00000001 0001 0002 \
                000102030405060708090a0b0c0d0e0f 00000000 0000 0000";
    let attributes = "04 00000005 17 733339302d73746f726167655f61747472696275746573 00000000 00000000 \
                      0000000000001002 0000000000000003 010203 0000000000000001";
    let pages = "0000000000000142 01 61 00000000 0000000000000040 01 0003 0102 ff 0000000000000010";
    let configuration = "07 00000002 7063 05 1a 636f6e66696775726174696f6e2f6361706162696c6974696573 00000001 \
                         00000001 01 78";
    let description = "06 00000002 7b7d";
    let legacy = "5145564d 00000002 0000000000000022 05 74696d6572 00000000 00000001 00000010 \
                  0000000000000001 0000000000000000";
    vec![
        stream(&[configuration, package, discard, "00", description]),
        stream(&[bitmap, htab, attributes, "00"]),
        stream(&[RAM, pages, "00"]),
        harness::hex(legacy),
        harness::packed_sample("qevm/q7-none.qevm").unwrap(),
    ]
}

#[test]
fn lengths_of_4_gigabytes_everywhere() {
    let largest: [&[u8]; 6] =
        [&[0xff; 2], &[0xff; 4], &[0xff; 8], &[0x7f, 0xff, 0xff, 0xff], &[0x40, 0, 0, 0], &[0x3f; 8]];
    for bytes in with_lengths() {
        for at in 4..bytes.len() {
            for length in largest {
                let mut changed = bytes.clone();
                let end = changed.len().min(at + length.len());
                changed[at..end].copy_from_slice(&length[..end - at]);
                bounded(&changed, 8);
            }
        }
    }
}

#[test]
fn a_section_may_be_repeated_under_its_own_name_only() {
    let timer = "04 00000001 05 74696d6572 00000000 00000001 0000000000000001 0000000000000000";
    assert!(parsed(&stream(&[timer, timer, "00"])).is_ok());
    let path = "body.records[1].body.version";
    refused(&[timer, "04 00000001 03 72616d 00000000 00000004 0000000000000010", "00"], path, Class::Invalid);
    refused(&[timer, &timer.replacen("00000000 00000001", "00000002 00000001", 1), "00"], path, Class::Invalid);
}

#[test]
fn more_sections_than_any_machine_has() {
    let one = |id: u32| format!("04 {id:08x} 05 74696d6572 00000000 00000001 {:032x}", 0);
    let sections: Vec<String> = (0..5000).map(one).collect();
    let e = parsed(&stream(&[&sections.concat(), "00"])).unwrap_err();
    assert_eq!((e.class(), &*e.path()), (Class::Limit, "body.records[4096].body.version"));
}

#[test]
fn more_blocks_than_any_machine_has() {
    let list = |count: usize| (0..count).map(|i| format!("02 {i:04x} 0000000000000001")).collect::<Vec<_>>().concat();
    let section = |count: usize| format!("01 00000002 03 72616d 00000000 00000004 {:016x} {}", 0x2004, list(count));
    let e = parsed(&stream(&[&section(5000), "00"])).unwrap_err();
    let path = "body.records[0].body.state.body.records[0].body.list[4096]";
    assert_eq!((e.class(), &*e.path()), (Class::Limit, path));
}

#[test]
fn blocks_whose_lengths_overflow() {
    let section = "01 00000002 03 72616d 00000000 00000004";
    let path = "body.records[0].body.state.body.records[0].body.list";
    let more = "0000000000002004 01 61 0000000000001000 01 62 fffffffffffff000";
    refused(&[section, more], &format!("{path}[1].length"), Class::Invalid);
    let wraps = "fffffffffffff004 01 61 fffffffffffff000 01 62 0000000000001000";
    refused(&[section, wraps], "body.records[0].body.state.body.records[1].kind", Class::Unsupported);
}

/// What is held of a block is many times what its name and its length take.
#[test]
fn blocks_of_no_bytes() {
    let list = "01 00000002 03 72616d 00000000 00000004 0000000000001004".to_owned()
        + &"01 62 0000000000000000".repeat(10_000);
    let bytes = stream(&[&list, "00"]);
    bounded(&bytes, 64);
    let path = "body.records[0].body.state.body.records[0].body.list[10000]";
    harness::rejects::<Stream>(&bytes, Endian::Big, &StreamArgs::default(), path, Class::Truncated);
}

#[test]
fn pages_of_no_block() {
    let records = "body.records[0].body.state.body.records";
    let page = "0000000000000002 01 62 00";
    refused(&[RAM, page], &format!("{records}[1].block"), Class::Invalid);
    for first in ["0000000000000022 00", "0000000000000028 00", "0000000000000060 01 0000"] {
        refused(&[RAM, first], &format!("{records}[1].body"), Class::Invalid);
    }
}

/// As QEMU does, which looks for the name of each in a table.
#[test]
fn a_subsection_may_come_again() {
    let one = "05 1e 636f6e66696775726174696f6e2f7461726765742d706167652d62697473 00000001 0000000e";
    for times in [2, 20_000] {
        let bytes = stream(&["07 00000002 7063", &one.repeat(times), "00"]);
        bounded(&bytes, 8);
        let StreamBody::V3(body) = parsed(&bytes).unwrap().body else { panic!() };
        assert_eq!(body.configuration.unwrap().state.subsections.len(), times);
    }
}

#[test]
fn packages_in_packages() {
    let depth = 4096_u32;
    let nested: Vec<String> = (0..depth).map(|i| format!("08 0007 0004 {:08x}", (depth - 1 - i) * 9)).collect();
    let bytes = stream(&[&nested.concat(), "00"]);
    bounded(&bytes, 8);
    assert_eq!(parsed(&bytes).unwrap_err().class(), Class::Limit);
}

#[test]
fn names_that_are_no_text() {
    let device = "04 00000001 04 fffe80c0 00000000 00000001 00";
    let e = parsed(&stream(&[device])).unwrap_err();
    assert_eq!((e.class(), &*e.path()), (Class::Unsupported, "body.records[0].body.state.body"));
    assert!(e.to_string().is_ascii(), "{e}");
    let machine = "07 00000002 ff63";
    refused(&[machine], "body.configuration.state.machine", Class::Invalid);
    refused(&["00 06 00000002 ff7d"], "body.description.json", Class::Invalid);
    let capability = "07 00000002 7063 05 1a 636f6e66696775726174696f6e2f6361706162696c6974696573 00000001 \
                      00000001 02 ff78 00";
    bounded(&stream(&[capability]), 8);
    let block = RAM.replace("01 61", "02 ff61") + "0000000000000002 02 ff61 00 0000000000000010 00";
    assert!(parsed(&stream(&[&block])).is_ok(), "a name is bytes");
}

/// A description of 10 MB: lists in lists, or objects, or the same field over and over.
#[test]
fn descriptions_of_nothing_but_brackets() {
    let nested = |open: &str, close: &str| {
        let depth = 10_000_000 / (open.len() + close.len());
        format!(r#"{{"configuration": {}{}}}"#, open.repeat(depth), close.repeat(depth))
    };
    let fields = r#"{"name": "a", "type": "uint8", "size": 1},"#.repeat(230_000);
    let device = r#"{"name": "d", "instance_id": 0, "vmsd_name": "d", "version": 1, "fields": ["#;
    let wide = format!(r#"{{"page_size": 4096, "devices": [{device}{}]}}]}}"#, fields.trim_end_matches(','));
    let qevm = format::by_id("qevm").unwrap();
    for json in [nested("[", "]"), nested(r#"{"a":"#, "}"), "[".repeat(10_000_000), wide] {
        let length = u32::try_from(json.len()).unwrap();
        let (held, schema) = peak(|| Schema::parse(&json).map(drop).map_err(|e| e.class()));
        assert!(held <= 16 * json.len(), "{held} of {length}");
        assert!(matches!(schema, Ok(()) | Err(Class::Invalid | Class::Limit)));
        let bytes = [stream(&["00 06"]), length.to_be_bytes().to_vec(), json.into_bytes()].concat();
        let (held, found) = peak(|| qevm.verify(&mut Cursor::new(&bytes), 0).map(drop));
        assert!(held <= CONSTANT + 16 * bytes.len(), "{held} of {}", bytes.len());
        found.unwrap();
    }
}

/// Pages are passed over by 64 KiB; the rest are a few texts.
const WALK: usize = 68 << 10;

#[test]
fn a_stream_of_a_gigabyte_takes_no_more_than_a_short_one() {
    let walk = |length| {
        let mut reader = StreamReader::with_args(harness::Long::qemu_stream(length), StreamArgs::default());
        let (held, (pages, end)) = peak(|| {
            let mut pages = 0_u64;
            while let Some(event) = reader.next_event().unwrap() {
                pages += u64::from(matches!(event, StreamEvent::RamRecordBody(RamRecordBody::Page(_))));
            }
            (pages, reader.event_offset())
        });
        assert!(end > length && held < WALK, "{held}");
        (held, pages)
    };
    let (few, many) = (walk(1 << 20), walk(1 << 30));
    assert_eq!(few.0, many.0);
    assert_eq!((few.1, many.1), (255, 261_061));
}
