//! Memory of guests, copied out of whole streams: real ones, whose memory files are known, and crafted ones.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use vmspec::format::{Prepare, ReadSeek};
use vmspec::qevm::index::{PageKind, Row, index};
use vmspec::qevm::memory::{Copied, copy, copy_with};
use vmspec::qevm::ram_image::RamImage;
use vmspec::qevm::{Prepared, Stream, StreamArgs};
use vmspec::{Class, Error};
use vmspec_generated_tests as harness;

/// Streams with all memory of a PC in them, in every form: the first is kept here, the others need not be there.
const STREAMS: &[&str] = &[
    "q7-isapc-1m",
    "q7-pc-min",
    "q7-pc-blk",
    "q7-pc-compress",
    "q7-pc-dbm",
    "q7-pc-nofooter",
    "q7-pc-postcopy-adv",
    "q10-pc-min",
    "q10-pc-xbzrle",
    "q10-mapped",
];

type Blocks = Vec<Copied<Cursor<Vec<u8>>>>;

fn copied(bytes: Vec<u8>, inputs: &[(&str, &str)], offset: u64) -> Result<Blocks, Error> {
    copy(&mut Cursor::new(bytes), offset, inputs, |_| Ok(Cursor::new(Vec::new())))
}

/// The bytes of a block, with the zeros at its end.
fn memory(block: &Copied<Cursor<Vec<u8>>>) -> Vec<u8> {
    let mut bytes = block.dest.get_ref().clone();
    assert!(bytes.len() <= usize::try_from(block.length).unwrap());
    bytes.resize(usize::try_from(block.length).unwrap(), 0);
    bytes
}

/// The streams that are there, each with the sum of the memory file that the guest had.
fn known() -> impl Iterator<Item = (&'static str, Vec<u8>, String)> {
    STREAMS.iter().filter_map(|name| {
        let (stream, truth) = (format!("qevm/{name}.qevm"), format!("qevm/{name}.qevm.ram.json"));
        let (stream, truth) = match *name {
            "q7-isapc-1m" => (harness::packed_sample(&stream), harness::packed_sample(&truth)),
            _ => (harness::decompressed(&stream), harness::fixture(&truth)),
        };
        let truth: Json = serde_json::from_slice(&truth?).unwrap();
        Some((*name, stream?, truth["sha256"].as_str().unwrap().to_owned()))
    })
}

#[test]
fn memory_is_that_of_the_guest() {
    for (name, stream, truth) in known() {
        let blocks = copied(stream, &[], 0).unwrap_or_else(|e| panic!("{name}: {e}"));
        let ram = blocks.iter().find(|block| block.name.0 == b"pc.ram").unwrap();
        assert_eq!(harness::hex_of(&Sha256::digest(memory(ram))), truth, "{name}");
        assert!(blocks.iter().all(|block| block.missing == 0), "{name}");
    }
}

/// With the connections in any order: their packets have numbers.
#[test]
fn pages_may_have_gone_through_connections_of_their_own() {
    let fixture = |name: &str| harness::decompressed(&format!("qevm/q7-pc-multifd.qevm{name}"));
    let (Some(stream), Some(first), Some(second)) = (fixture(""), fixture(".ch1"), fixture(".ch2")) else { return };
    let Some(truth) = harness::fixture("qevm/q7-pc-multifd.qevm.ram.json") else { return };
    let truth: Json = serde_json::from_slice(&truth).unwrap();
    let together = |channels: [&[u8]; 2]| {
        let mut channels = channels.map(Cursor::new);
        let channels = channels.iter_mut().map(|channel| -> &mut dyn ReadSeek { channel }).collect();
        copy_with(&mut Cursor::new(&stream), 0, &[], channels, |_| Ok(Cursor::new(Vec::new())))
    };
    for channels in [[&*first, &*second], [&*second, &*first]] {
        let blocks: Blocks = together(channels).unwrap();
        let ram = blocks.iter().find(|block| block.name.0 == b"pc.ram").unwrap();
        assert_eq!(harness::hex_of(&Sha256::digest(memory(ram))), truth["sha256"].as_str().unwrap());
        assert!(blocks.iter().all(|block| block.missing == 0));
    }
    let blocks: Blocks = copied(stream.clone(), &[], 0).unwrap();
    assert!(blocks.iter().any(|block| block.missing > 0), "without them pages are missing");
    let cut = together([&first, &second[..second.len() - 1]]).unwrap_err();
    assert_eq!(cut.class(), Class::Truncated, "{cut}");
}

/// Each page lies where the index says, and as it says. What was packed is not unpacked here.
#[test]
fn pages_lie_where_the_index_says() {
    for (name, stream, truth) in known().filter(|(name, ..)| *name != "q7-pc-compress") {
        let blocks = copied(stream.clone(), &[], 0).unwrap();
        let length = blocks.iter().find(|block| block.name.0 == b"pc.ram").unwrap().length;
        let mut image = RamImage::new(Cursor::new(Vec::new()), 4096).unwrap();
        image.add_block(b"pc.ram", 0..length).unwrap();
        let before = b"something in front".len();
        let rows = indexed(&stream, u64::try_from(before).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let file = [b"something in front", &*stream].concat();
        let runs = rows.iter().filter_map(|row| if let Row::Pages(run) = row { Some(run) } else { None });
        for run in runs.filter(|run| &*run.block == b"pc.ram") {
            for page in 0..run.pages {
                let address = run.address + page * run.page_size;
                let start = usize::try_from(run.offset + page * run.stride).unwrap();
                let content = &file[start..start + usize::try_from(run.length).unwrap()];
                match run.kind {
                    PageKind::Page | PageKind::Mapped => image.page(b"pc.ram", address, content).unwrap(),
                    PageKind::Fill(byte) => {
                        assert_eq!(content, [byte], "{name}");
                        image.fill(b"pc.ram", address, byte).unwrap();
                    }
                    PageKind::Xbzrle => image.difference(b"pc.ram", address, content).unwrap(),
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
        let mut memory = image.finish().into_inner();
        memory.resize(usize::try_from(length).unwrap(), 0);
        assert_eq!(harness::hex_of(&Sha256::digest(&memory)), truth, "{name}");
    }
}

/// The rows of a stream that starts at `start` of its file.
fn indexed(stream: &[u8], start: u64) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    <Prepared as Prepare<Stream>>::prepared(&mut Cursor::new(stream), 0, &[], |_, args| {
        index(stream, start, args, |row| {
            rows.push(row);
            Ok(())
        })
    })?;
    Ok(rows)
}

#[test]
fn a_run_ends_where_pages_are_sent_otherwise() {
    let first = record(0x0008, &[b"\x03ram", &[7; 4096]]);
    let pages = [0x1028, 0x2028].map(|word| record(word, &[&[8; 4096]]));
    let zeros = [0x4022, 0x5022].map(|word| record(word, &[&[0]]));
    let filled = record(0x6022, &[&[5]]);
    let stream = stream(0x8000, &[&first, &pages[0], &pages[1], &zeros[0]], &[&zeros[1], &filled]);
    let rows = indexed(&stream, 0).unwrap();
    let of = |row: &Row| match row {
        Row::Pages(run) => (run.kind.name(), run.address, run.pages, run.length, run.stride),
        Row::Record(record) => (record.kind.name(), record.offset, 0, record.length, 0),
    };
    let found: Vec<_> = rows.iter().map(of).collect();
    let (start, part) = (8, 8 + 17 + 20 + 4108 + 2 * 4104 + 9 + 8);
    let expected = [
        ("page", 0, 3, 4096, 4104),
        ("zero", 0x4000, 1, 1, 1),
        ("start", start, 0, part - start, 0),
        ("zero", 0x5000, 1, 1, 1),
        ("fill", 0x6000, 1, 1, 1),
        ("end", part, 0, 31, 0),
        ("eof", part + 31, 0, 1, 0),
    ];
    assert_eq!(found, expected);
    // What was read before something wrong has been told.
    let mut told = 0;
    let args = StreamArgs::default();
    let end = stream.len() - 10;
    let e = index(&stream[..end], 100, args, |_| {
        told += 1;
        Ok(())
    });
    let e = e.unwrap_err();
    assert_eq!((e.class(), told), (Class::Truncated, 4));
    assert!(e.offset().unwrap() > 100 && e.path().starts_with("body.records[1].body.state.body"), "{e}");
}

/// A stream with one section of memory, in two parts: a list of the block `ram` and records.
fn stream(length: u64, first: &[&[u8]], second: &[&[u8]]) -> Vec<u8> {
    let eos = 0x10_u64.to_be_bytes();
    let head = b"QEVM\0\0\0\x03\x01\0\0\0\x02\x03ram\0\0\0\0\0\0\0\x04";
    let list = [&(length | 4).to_be_bytes(), b"\x03ram".as_slice(), &length.to_be_bytes()].concat();
    [head, &*list, &first.concat(), &eos, b"\x03\0\0\0\x02", &second.concat(), &eos, b"\0"].concat()
}

fn record(word: u64, rest: &[&[u8]]) -> Vec<u8> {
    [word.to_be_bytes().to_vec(), rest.concat()].concat()
}

#[test]
fn records_without_a_name_are_of_the_block_before_in_another_section_too() {
    let page = record(0x0008, &[b"\x03ram", &[7; 4096]]);
    let changed = record(0x0060, &[&[1, 0, 4, 2, 2, 8, 9]]);
    let filled = record(0x1022, &[&[5]]);
    let blocks = copied(stream(0x3000, &[&page], &[&changed, &filled]), &[], 0).unwrap();
    let bytes = memory(&blocks[0]);
    assert_eq!(
        (&bytes[..5], &bytes[0x1000..0x2001]),
        ([7, 7, 8, 9, 7].as_slice(), [[5; 4096].as_slice(), &[0]].concat().as_slice())
    );
    assert_eq!((blocks[0].pages, blocks[0].missing), (2, 1));
}

#[test]
fn what_is_packed_is_never_more_than_a_page() {
    let broken = record(0x0100, &[b"\x03ram", &4_u32.to_be_bytes(), &[0x78, 0x9c, 0xff, 0xff]]);
    let e = copied(stream(0x1000, &[], &[&broken]), &[], 0).unwrap_err();
    assert_eq!((e.class(), &*e.path()), (Class::Invalid, "body.records[1].body.state.body.records[0]"));
}

#[test]
fn addresses_beyond_the_block_are_refused() {
    for word in [0x1008, 0x7fff_ffff_ffff_f008] {
        let page = record(word, &[b"\x03ram", &[7; 4096]]);
        let e = copied(stream(0x1000, &[&page], &[]), &[], 0).unwrap_err();
        assert_eq!((e.class(), &*e.path()), (Class::Invalid, "body.records[0].body.state.body.records[1]"));
    }
}

#[test]
fn nothing_is_opened_for_a_stream_that_is_cut_off() {
    let page = record(0x0008, &[b"\x03ram", &[7; 4096]]);
    let whole = stream(0x1000, &[&page], &[]);
    for cut in [8, 30, 60, 100, whole.len() - 1] {
        let mut bytes = Cursor::new(whole[..cut].to_vec());
        let open = |_: &_| -> Result<Cursor<Vec<u8>>, Error> { panic!("opened") };
        assert!(copy(&mut bytes, 0, &[], open).is_err(), "{cut}");
    }
    let late = [vec![0xee; 1000], whole].concat();
    assert_eq!(memory(&copied(late, &[("origin", "1000")], 1000).unwrap()[0]), [7; 4096]);
}
