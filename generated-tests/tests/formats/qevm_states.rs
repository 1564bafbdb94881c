//! Devices of real streams, taken apart by the streams' own descriptions, are what QEMU's `analyze-migration.py` says they are;
//! and the guests' memory is what their memory files had.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::Cursor;

use crate::qevm_walk::{Page, Section, description, walk};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use vmspec::qevm::device_state::{Released, Value, expected_length};
use vmspec::qevm::ram_image::RamImage;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::state_json::StateJson;
use vmspec_generated_tests as harness;

/// Streams that are kept here, of every kind of machine.
const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis"];

/// Larger ones, which need not be there.
const FIXTURES: &[&str] = &[
    "q7-pc-multifd",
    "q7-pc-min",
    "q7-pc-blk",
    "q7-pc-compress",
    "q7-pc-nofooter",
    "q7-pc-postcopy-adv",
    "q10-pc-min",
    "q10-pc-xbzrle",
    "q10-mapped",
];

/// Finds a file by its name.
type Get = fn(&str) -> Option<Vec<u8>>;

/// The streams with a name, and a way to get at what lies beside them.
fn streams() -> impl Iterator<Item = (&'static str, Vec<u8>, Get)> {
    let kept = SAMPLES.iter().map(|name| beside(name, sample));
    kept.chain(FIXTURES.iter().map(|name| beside(name, fixture))).flatten()
}

fn beside(name: &'static str, get: Get) -> Option<(&'static str, Vec<u8>, Get)> {
    Some((name, get(&format!("{name}.qevm"))?, get))
}

fn sample(name: &str) -> Option<Vec<u8>> {
    harness::packed_sample(&format!("qevm/{name}"))
}

fn fixture(name: &str) -> Option<Vec<u8>> {
    let name = format!("qevm/{name}");
    if name.ends_with(".ram.json") { harness::fixture(&name) } else { harness::decompressed(&name) }
}

#[test]
fn states_are_what_the_original_program_says() {
    for (name, stream, get) in streams() {
        let schema = Schema::parse(description(&stream)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let walk = walk(&stream, &schema);
        let mut state = StateJson::new();
        for section in &walk.sections {
            match section {
                Section::Ram(id) => state.ram("ram", *id, walk.ram.blocks.iter().map(|(n, l)| (&**n, *l))),
                Section::Device(idstr, id, body) => state.device(idstr, *id, body),
            }
        }
        let Some(expected) = get(&format!("{name}.qevm.state.json")) else { continue };
        let expected = String::from_utf8(expected).unwrap();
        let found = state.finish();
        let values = [&*found, &*expected].map(|text| serde_json::from_str::<Json>(text).unwrap());
        assert_eq!(values[0], values[1], "{name}");
        assert!(found == expected.trim_end(), "{name}: not the same text");
    }
}

#[test]
fn every_byte_of_a_state_is_in_a_field() {
    for (name, stream, _) in streams() {
        let schema = Schema::parse(description(&stream)).unwrap();
        for section in walk(&stream, &schema).sections {
            let Section::Device(idstr, _, body) = section else { continue };
            let length = u64::try_from(body.bytes.len()).unwrap();
            assert_eq!(expected_length(body.vmsd, &Released), length, "{name}: {idstr}");
            for member in &body.members {
                let at = usize::try_from(member.offset).unwrap();
                assert_eq!(member.bytes, &stream[at..at + member.bytes.len()], "{name}: {idstr}");
                if let Value::Structs(bodies) = &member.value {
                    assert_eq!(bodies.iter().map(|it| it.bytes.len()).sum::<usize>(), member.bytes.len());
                }
            }
        }
    }
}

/// Streams with all of the memory of a PC in them.
const WITH_MEMORY: &[&str] = &["q7-pc-min", "q7-pc-nofooter", "q7-pc-postcopy-adv", "q10-pc-min", "q10-pc-xbzrle"];

#[test]
fn memory_is_that_of_the_guest() {
    assert_eq!(sum_of_memory("q7-isapc-1m", sample), truth("q7-isapc-1m", sample));
    for name in WITH_MEMORY {
        assert_eq!(sum_of_memory(name, fixture), truth(name, fixture), "{name}");
    }
}

/// The sum of the memory file that the guest had.
fn truth(name: &str, get: Get) -> Option<String> {
    let truth: Json = serde_json::from_slice(&get(&format!("{name}.qevm.ram.json"))?).unwrap();
    Some(truth["sha256"].as_str().unwrap().to_owned())
}

/// The sum of the memory that the stream has.
fn sum_of_memory(name: &str, get: Get) -> Option<String> {
    let stream = get(&format!("{name}.qevm"))?;
    let schema = Schema::parse(description(&stream)).unwrap();
    let ram = walk(&stream, &schema).ram;
    let (_, length) = *ram.blocks.iter().find(|(name, _)| name == "pc.ram").unwrap();
    let mut image = RamImage::new(Cursor::new(Vec::new()), schema.page_size.unwrap()).unwrap();
    image.add_block(b"pc.ram", 0..length).unwrap();
    for (_, address, page) in ram.pages.iter().filter(|(block, _, _)| block == "pc.ram") {
        match page {
            Page::Filled(byte) => image.fill(b"pc.ram", *address, *byte).unwrap(),
            Page::Whole(bytes) => image.page(b"pc.ram", *address, bytes).unwrap(),
            Page::Difference(bytes) => image.difference(b"pc.ram", *address, bytes).unwrap(),
            Page::Packed => panic!("{name} has packed pages"),
        }
    }
    let mut memory = image.finish().into_inner();
    memory.resize(usize::try_from(length).unwrap(), 0);
    Some(harness::hex_of(&Sha256::digest(&memory)))
}
