//! Real QEMU streams, read and written as a whole and pulled from a plain reader.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{Cursor, Read};

use vmspec::Class;
use vmspec::format::{self, Prepare};
use vmspec::qevm::index::{Kind, Row, index};
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{
    DESCRIPTION, DeviceBody, Inputs, MultifdChannel, MultifdChannelEvent, MultifdChannelReader, MultifdPages,
    MultifdPagesArgs, Piix4Pm, Prepared, RamRecordBody, RecordBody, SPEC, Stream, StreamArgs, StreamBody, StreamEvent,
    StreamReader, VirtioPci, description,
};
use vmspec::runtime::{Endian, Error, Wire};
use vmspec_generated_tests as harness;

const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis", "q7-pc-2.2", "q7-xendev"];
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

/// How many offsets a packet has room for follows from the size of a page; pages of one byte show each of them.
#[test]
fn a_packet_has_room_for_as_many_offsets_as_fit() {
    for page_bits in [0, 12, 16] {
        let count = (512 << 10) >> page_bits;
        let args = MultifdPagesArgs { inputs: Inputs { page_bits, ..Inputs::default() } };
        let bytes = vec![0; 52 + 256 + 8 * count];
        let (pages, behind) = MultifdPages::parse_with(&bytes, Endian::Big, args).unwrap();
        assert_eq!((pages.offsets.len(), behind.len()), (count, 0));
        let error = MultifdPages::parse_with(&bytes[1..], Endian::Big, args).unwrap_err();
        assert_eq!(error.class(), Class::Truncated);
    }
}

/// A reader that can do nothing but read.
struct OneWay<'b>(&'b [u8]);

impl Read for OneWay<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(to)
    }
}

/// That of a stream of the same machine, made by hand.
fn another_description() -> Option<String> {
    let bytes = harness::packed_sample("qevm/q7-pc-2.2.description")?;
    Some(description::find(&mut Cursor::new(bytes), 0).unwrap().unwrap())
}

/// With another description the same stream is read to its end. The values are where they lie in the file.
#[test]
fn a_device_that_another_description_tells_of_is_read() {
    let Some(bytes) = harness::packed_sample("qevm/q7-pc-2.2.qevm") else { return };
    let Some(json) = another_description() else { return };
    let inputs = [(DESCRIPTION, &*json)];
    let format = format::by_id("qevm").unwrap();
    let report = format.verify_with(&mut Cursor::new(&bytes), 0, &inputs).unwrap();
    assert!(report.is_empty(), "{report:?}");
    let mut written = Vec::new();
    format.rewrite_with(&mut Cursor::new(&bytes), 0, &mut written, &inputs).unwrap();
    assert!(written == bytes);
    let read =
        |_: &mut dyn format::ReadSeek, args: StreamArgs<'_>| Ok(Stream::parse_with(&bytes, Endian::Big, args)?.0);
    let stream = <Prepared as Prepare<Stream>>::prepared(&mut Cursor::new(&bytes), 0, &inputs, read).unwrap();
    let StreamBody::V3(body) = &stream.body else { panic!("of another format") };
    assert!(body.configuration.is_none() && body.description.is_none());
    let ram = states(&stream).filter_map(|(_, of)| if let DeviceBody::Ram(ram) = of { Some(ram) } else { None });
    let records: Vec<_> = ram.flat_map(|ram| &ram.records).map(|record| &record.body).collect();
    let pages = records.iter().filter(|of| matches!(of, RamRecordBody::Page(_))).count();
    let zeros = records.iter().filter(|of| matches!(of, RamRecordBody::Zero(_))).count();
    assert_eq!((pages, zeros), (39, 2090));
    let cpus = states(&stream).filter_map(|(_, of)| if let DeviceBody::Cpu(cpu) = of { Some(cpu) } else { None });
    let eips: Vec<_> = cpus.map(|cpu| cpu.eip).collect();
    let word = |at: usize| u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap());
    assert_eq!(eips, [word(0x2bc0d + 16 * 8), word(0x2c440 + 16 * 8)], "of two processors");
    let heads = body.records.iter().filter_map(|record| match &*record.body {
        RecordBody::Full(section) => Some((section.section_id, section.idstr.to_string())),
        _ => None,
    });
    let heads: Vec<_> = heads.collect();
    assert_eq!(heads.len(), 30);
    assert_eq!(heads.last().unwrap(), &(42, "globalstate".to_owned()));
}

/// A stream without configuration, footers and description ends at the first device that no spec describes.
#[test]
fn a_device_that_nothing_tells_of_is_named() {
    let Some(mut bytes) = harness::packed_sample("qevm/q7-pc-2.2.qevm") else { return };
    bytes[0x2ccae..0x2ccb4].copy_from_slice(b"I440ZX");
    let error = format::by_id("qevm").unwrap().verify(&mut Cursor::new(&bytes), 0).unwrap_err();
    assert_eq!((error.class(), error.offset()), (Class::Unsupported, Some(0x2ccbc)));
    assert_eq!(error.path(), "body.records[12].body.state.body");
    assert!(error.to_string().contains("`0000:00:00.0/I440ZX` (section 13, instance 0, version 3)"), "{error}");
    assert_eq!(error.spec_line().0, SPEC);
}

/// The power management of a stream without a description, whatever its machine leaves out.
fn power_management(bytes: &[u8]) -> Piix4Pm {
    let found = states(&whole(bytes))
        .find_map(|(_, of)| if let DeviceBody::Piix4Pm(pm) = of { Some(pm.clone()) } else { None });
    *found.unwrap()
}

/// Where the slots for memory of an old PC would be, had it any.
const SLOTS: usize = 0x2f391;

#[test]
fn parts_that_depend_on_the_machine_are_told_by_what_is_around_them() {
    let Some(bytes) = harness::packed_sample("qevm/q7-pc-2.2.qevm") else { return };
    let old = power_management(&bytes);
    assert_eq!((old.pm1_status, &old.smb, old.acpi_index), (1, &None, None));
    assert_eq!(old.tmr_timer.expires, -1);
    let slots = |pm: &Piix4Pm| pm.subsections[0].state.as_memhp().unwrap().hotplug.slots.clone();
    assert_eq!(slots(&old), []);
    let two = [1, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 0, 0, 3, 0, 0, 0, 4];
    let more = [&bytes[..SLOTS], &two, &bytes[SLOTS..]].concat();
    let found: Vec<_> = slots(&power_management(&more)).iter().map(|it| (it.is_enabled, it.ost_status)).collect();
    assert_eq!(found, [(true, 2), (false, 4)]);
    let mut written = Vec::new();
    format::by_id("qevm").unwrap().rewrite(&mut Cursor::new(&more), 0, &mut written).unwrap();
    assert!(written == more);
    let Some(bytes) = harness::packed_sample("qevm/q7-xendev.qevm") else { return };
    let new = power_management(&bytes);
    assert_eq!((new.pm1_status, new.smb.is_some(), new.acpi_index), (1, true, Some(0)));
}

/// What the bytes do not tell, an input does, and so does a description. Read otherwise, a stream is refused or ends early.
#[test]
fn parts_that_depend_on_the_machine_can_be_told() {
    for (name, right, wrong) in [("q7-pc-2.2", "left_out", "sent"), ("q7-xendev", "sent", "left_out")] {
        let Some(bytes) = harness::packed_sample(&format!("qevm/{name}.qevm")) else { return };
        let sections = |input: &str, value: &str| {
            let count = |_: &mut dyn format::ReadSeek, args: StreamArgs<'_>| {
                Ok(states(&Stream::parse_with(&bytes, Endian::Big, args)?.0).count())
            };
            <Prepared as Prepare<Stream>>::prepared(&mut Cursor::new(&bytes), 0, &[(input, value)], count)
        };
        let all = sections("smbus", "untold").unwrap();
        assert_eq!(sections("smbus", right).unwrap(), all, "{name}");
        assert_ne!(sections("smbus", wrong).ok(), Some(all), "{name}");
        assert_ne!(sections("acpi_bridges", "false").ok(), Some(all), "{name}");
    }
    let Some(json) = another_description() else { return };
    let inputs = description::inputs(&Schema::parse(&json).unwrap());
    let told = [("page_bits", "12"), ("smbus", "left_out"), ("acpi_bridges", "true")];
    assert_eq!(inputs, told.map(|(name, value)| (name, value.to_owned())));
}

/// A stream of devices alone, all of which are described here. Values are where they lie in the file.
#[test]
fn devices_without_a_machine_have_values() {
    let Some(bytes) = harness::packed_sample("qevm/q7-xendev.qevm") else { return };
    let stream = whole(&bytes);
    let StreamBody::V3(body) = &stream.body else { panic!("of another format") };
    assert!(body.configuration.is_none() && body.description.is_none());
    assert!(states(&stream).all(|(_, of)| !matches!(of, DeviceBody::Opaque(_))));
    let device = |wanted: fn(&DeviceBody) -> bool| states(&stream).find(|(_, of)| wanted(of)).unwrap().1;
    let DeviceBody::Rtl8139(card) = device(|of| matches!(of, DeviceBody::Rtl8139(_))) else { panic!() };
    assert_eq!((card.phys, card.macaddr), (*b"RT\0\x124V", *b"RT\0\x124V"));
    assert_eq!((card.parent_obj.config.header.vendor, card.parent_obj.config.header.device), (0x10ec, 0x8139));
    assert_eq!((card.eeprom_contents[0], card.tctr, card.tally_rx_ok_mul), (0x8129, 0x0099_609d, Some(0)));
    let DeviceBody::VirtioRng(rng) = device(|of| matches!(of, DeviceBody::VirtioRng(_))) else { panic!() };
    let VirtioPci { proxy, msix, queues, config, .. } = &rng.virtio.device;
    assert_eq!((proxy.config.header.vendor, proxy.config.capability.as_ref().unwrap().id), (0x1af4, 0x11));
    assert_eq!((msix.as_ref().unwrap().table.len(), queues[0].size, config.len()), (2, 8, 0));
    assert_eq!(rng.virtio.common.subsections.len(), 3);
    let DeviceBody::Piix3(bridge) = device(|of| matches!(of, DeviceBody::Piix3(_))) else { panic!() };
    assert_eq!((bridge.dev.config.header.device, bridge.pci_irq_levels.as_deref()), (0x7000, Some(&[0; 4][..])));
}
