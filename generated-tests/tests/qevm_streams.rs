//! Real QEMU streams, read and written as a whole and pulled from a plain reader.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{Cursor, Read};

use vmspec::Class;
use vmspec::format::{self, Prepare};
use vmspec::qevm::index::{Kind, Row, index};
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{
    DeviceBody, MultifdChannel, MultifdChannelEvent, MultifdChannelReader, Prepared, RamRecordBody, RecordBody, SPEC,
    Stream, StreamArgs, StreamBody, StreamEvent, StreamReader,
};
use vmspec::runtime::{Endian, Error, Wire};
use vmspec_generated_tests as harness;

const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis"];
/// Larger ones, which need not be there.
const FIXTURES: &[&str] = &[
    "q7-pc-min",
    "q7-pc-blk",
    "q7-pc-compress",
    "q7-pc-dbm",
    "q7-pc-multifd",
    "q7-pc-nofooter",
    "q7-pc-postcopy-adv",
    "q10-pc-min",
    "q10-pc-xbzrle",
    "q10-mapped",
];

fn streams() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let kept = SAMPLES.iter().filter_map(|name| Some((*name, harness::packed_sample(&format!("qevm/{name}.qevm"))?)));
    kept.chain(FIXTURES.iter().filter_map(|name| Some((*name, fixture(name)?))))
}

fn fixture(name: &str) -> Option<Vec<u8>> {
    harness::decompressed(&format!("qevm/{name}.qevm"))
}

/// Reads with what the stream itself tells.
fn prepared<R>(bytes: &[u8], then: impl FnOnce(&[u8], StreamArgs<'_>) -> Result<R, Error>) -> Result<R, Error> {
    <Prepared as Prepare<Stream>>::prepared(&mut Cursor::new(bytes), 0, &[], |_, args| then(bytes, args))
}

#[test]
fn every_byte_comes_out_as_it_went_in() {
    let format = format::by_id("qevm").unwrap();
    for (name, bytes) in streams() {
        let mut written = Vec::new();
        format.rewrite(&mut Cursor::new(&bytes), 0, &mut written).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(written == bytes, "{name}");
        let report = format.verify(&mut Cursor::new(&bytes), 0).unwrap();
        assert!(report.is_empty(), "{name}: {report:?}");
    }
}

fn whole(bytes: &[u8]) -> Stream {
    prepared(bytes, |b, args| Ok(Stream::parse_with(b, Endian::Big, args)?.0)).unwrap()
}

/// The states in a stream: of sections as a whole, of their first parts, and of further ones.
fn states(stream: &Stream) -> impl Iterator<Item = (bool, &DeviceBody)> {
    let (StreamBody::V3(body) | StreamBody::V4(body)) = &stream.body else { panic!("of format 2") };
    body.records.iter().filter_map(|record| match &*record.body {
        RecordBody::Start(section) | RecordBody::Full(section) => Some((true, &section.state.body)),
        RecordBody::Part(section) | RecordBody::End(section) => Some((false, &section.state.body)),
        RecordBody::Eof | RecordBody::Command(_) => None,
    })
}

#[test]
fn devices_that_are_described_here_have_values() {
    for (name, bytes) in streams().filter(|(name, _)| name.starts_with("q7-pc") || name.starts_with("q10")) {
        let stream = whole(&bytes);
        let has = |wanted: fn(&DeviceBody) -> bool| assert!(states(&stream).any(|(_, of)| wanted(of)), "{name}");
        has(|of| matches!(of, DeviceBody::Mc146818rtc(_)));
        has(|of| matches!(of, DeviceBody::Fdc(_)));
        has(|of| matches!(of, DeviceBody::Apic(_)));
        let cpu = states(&stream).find_map(|(_, of)| if let DeviceBody::Cpu(cpu) = of { Some(cpu) } else { None });
        assert_eq!(cpu.unwrap().regs.len(), 16, "{name}");
    }
}

/// A pull sees the same records as a whole, with the same pages.
#[test]
fn a_pipe_gives_the_same() {
    for (name, bytes) in streams() {
        let stream = whole(&bytes);
        let records =
            states(&stream).filter_map(|(_, of)| if let DeviceBody::Ram(ram) = of { Some(ram) } else { None });
        let bodies = records.flat_map(|ram| &ram.records).map(|record| &record.body);
        let pages = bodies.filter(|of| matches!(of, RamRecordBody::Page(_))).count();
        let sections = states(&stream).filter(|(is_first, _)| *is_first).count();
        let found = prepared(&bytes, pulled).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(found, (pages, sections), "{name}");
    }
}

/// How many pages and sections a pull reader finds; the reader cannot seek.
fn pulled(bytes: &[u8], args: StreamArgs<'_>) -> Result<(usize, usize), Error> {
    let mut reader = StreamReader::with_args(OneWay(bytes), args);
    let (mut pages, mut sections, mut before) = (0, 0, 0);
    while let Some(event) = reader.next_event()? {
        assert!(reader.event_offset() >= before);
        before = reader.event_offset();
        match event {
            StreamEvent::RamRecordBody(RamRecordBody::Page(_)) => {
                pages += 1;
                let state = reader.state().unwrap();
                assert!(state.block.get().is_some(), "a page is of a block");
            }
            StreamEvent::SectionStartHead(_) => sections += 1,
            _ => {}
        }
    }
    Ok((pages, sections))
}

/// Records lie one behind the other, and those of whole sections are of the devices that the description lists.
#[test]
fn an_index_lists_the_sections_of_the_stream() {
    for (name, bytes) in streams() {
        let mut records = Vec::new();
        let rows = |bytes: &[u8], args: StreamArgs<'_>| {
            index(OneWay(bytes), 0, args, |row| {
                records.extend(if let Row::Record(record) = row { Some(record) } else { None });
                Ok(())
            })
        };
        prepared(&bytes, rows).unwrap_or_else(|e| panic!("{name}: {e}"));
        let stream = whole(&bytes);
        let StreamBody::V3(body) = &stream.body else { panic!("{name}") };
        // Behind the magic and the version.
        let mut at = 8;
        for record in &records {
            assert_eq!(record.offset, at, "{name}: {record:?}");
            at += record.length;
        }
        let behind = stream.trailing.wire_len();
        assert_eq!(at + behind, u64::try_from(bytes.len()).unwrap(), "{name}");
        let Some(description) = &body.description else { continue };
        let schema = Schema::parse(&description.json).unwrap();
        let listed = schema.devices.iter().map(|device| (device.name.to_string(), device.instance_id));
        let full = records.iter().filter(|record| record.kind == Kind::Full);
        let found: Vec<_> =
            full.filter_map(|it| it.section.as_ref()).map(|it| (it.name.to_string(), it.instance)).collect();
        assert_eq!(found, listed.collect::<Vec<_>>(), "{name}");
    }
}

/// A channel is read from a pipe too, packet by packet.
#[test]
fn a_pipe_gives_the_packets_of_a_channel() {
    let Some(bytes) = harness::packed_sample("qevm/q7-pc-multifd.qevm.ch2") else { return };
    let (channel, _) = MultifdChannel::parse(&bytes).unwrap();
    let mut reader = MultifdChannelReader::new(OneWay(&bytes));
    let mut packets = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        match event {
            MultifdChannelEvent::MultifdChannelHead(head) => assert_eq!(head.id, channel.id),
            MultifdChannelEvent::MultifdPacket(packet) => packets.push(packet),
        }
    }
    assert_eq!(packets.len(), 6);
    assert_eq!(packets, channel.packets);
}

/// A reader that can do nothing but read.
struct OneWay<'b>(&'b [u8]);

impl Read for OneWay<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(to)
    }
}

/// A stream without configuration, footers and description ends at the first device that no spec describes.
#[test]
fn a_device_that_nothing_tells_of_is_named() {
    let Some(bytes) = fixture("q7-pc-2.2") else { return };
    let error = format::by_id("qevm").unwrap().verify(&mut Cursor::new(&bytes), 0).unwrap_err();
    assert_eq!((error.class(), error.offset()), (Class::Unsupported, Some(0x2ccbc)));
    assert_eq!(error.path(), "body.records[12].body.state.body");
    assert!(error.to_string().contains("`0000:00:00.0/I440FX` (section 13, instance 0, version 3)"), "{error}");
    assert_eq!(error.spec_line().0, SPEC);
}
