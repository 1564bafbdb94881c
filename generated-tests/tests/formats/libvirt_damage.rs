//! libvirt save images, damaged: cut off anywhere, changed anywhere in the header, nothing, noise.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use vmspec::libvirt_save::{HeaderWire, Image};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Class, Endian};

const SAMPLES: [&str; 2] = ["libvirt/lv11-zstd.save", "libvirt/lv9-gzip.save"];
/// Bytes of the header.
const HEADER: usize = 92;

/// Where the memory starts.
fn start_of_memory(image: &[u8]) -> usize {
    let word = image[20..24].try_into().expect("four bytes");
    HEADER + usize::try_from(u32::from_le_bytes(word)).expect("it fits")
}

/// The sample with the start of its memory only: the rest is never looked at.
fn small(name: &str) -> Vec<u8> {
    let mut bytes = harness::sample(name);
    bytes.truncate(start_of_memory(&bytes) + 16);
    bytes
}

#[test]
fn cut_off_in_header_or_area_is_truncated() {
    for name in SAMPLES {
        let bytes = small(name);
        let memory = start_of_memory(&bytes);
        // Behind the texts there are 64 KiB of zeros, all alike.
        let lengths = (0..2048).chain((2048..memory).step_by(61)).chain([memory - 1]);
        for length in lengths {
            let verdict = harness::agree::<Image>(&bytes[..length], Endian::Little, &());
            let e = verdict.err().unwrap_or_else(|| panic!("{name} is accepted with {length} bytes"));
            let (path, offset) = if length < HEADER { ("header", 0) } else { ("area", 92) };
            assert_eq!((e.path.as_str(), e.offset, e.class), (path, Some(offset), Class::Truncated), "{length}: {e}");
        }
    }
}

#[test]
fn cut_off_memory_is_shorter_memory() {
    for name in SAMPLES {
        let bytes = small(name);
        for length in start_of_memory(&bytes)..=bytes.len() {
            harness::round_trip::<Image>(&bytes[..length], Endian::Little, &());
        }
    }
}

/// How many single changes of a header are read; each that is must be written back the same.
fn changes(bytes: &[u8], values: impl Fn(u8) -> Vec<u8>) -> usize {
    let mut changed = bytes.to_vec();
    let mut accepted = 0;
    for at in 0..HEADER {
        for value in values(bytes[at]) {
            changed[at] = value;
            let Ok((image, taken)) = harness::read::<Image>(&changed, Endian::Little, &()) else { continue };
            let written = harness::write(&image, &changed, Endian::Little, &()).expect("what is read is written");
            assert!(written == changed[..taken], "byte {at} as {value:#x} is written otherwise");
            accepted += 1;
        }
        changed[at] = bytes[at];
    }
    accepted
}

#[test]
fn a_changed_header_is_refused_or_kept() {
    for name in SAMPLES {
        // The words that are not looked at accept every value.
        let accepted =
            changes(&small(name), |b| vec![0, 1, b ^ 1, b ^ 0x80, b.wrapping_add(1), b.wrapping_sub(1), 0xff]);
        assert!(accepted > 56 * 4, "{name}: {accepted}");
    }
}

#[test]
fn every_value_of_every_byte_of_a_header() {
    let mut bytes = harness::sample(SAMPLES[0]);
    bytes.truncate(HEADER);
    // Version (3 others), running or not (every other value), compression (6 others), unused bytes, and lengths that
    // still fit their rules.
    let accepted = harness::mutations::<HeaderWire>(&bytes, Endian::Little, &());
    assert!(accepted > 60 * 255, "{accepted}");
    // A tiny image: all values, whole.
    let tiny = tiny();
    assert!(changes(&tiny, |_| (0..=255).collect()) > 60 * 255);
    assert!(harness::mutations::<Image>(&tiny, Endian::Little, &()) > 60 * 255);
    assert!(harness::truncations::<Image>(&tiny, Endian::Little, &()) > 0);
}

/// The sample's header over an area of 8 bytes.
fn tiny() -> Vec<u8> {
    let mut bytes = harness::sample(SAMPLES[0]);
    bytes.truncate(HEADER);
    bytes[20..24].copy_from_slice(&8_u32.to_le_bytes());
    bytes[32..36].copy_from_slice(&4_u32.to_le_bytes());
    bytes.extend_from_slice(b"<d>\0<c>\0memory");
    bytes
}

#[test]
fn nothing_and_next_to_nothing_are_truncated() {
    harness::rejects::<Image>(&[], Endian::Little, &(), "header", Class::Truncated);
    harness::rejects::<Image>(b"L", Endian::Little, &(), "header", Class::Truncated);
    harness::rejects::<Image>(b"LibvirtQemudSave", Endian::Little, &(), "header", Class::Truncated);
}

#[test]
fn noise_is_refused_or_kept() {
    for magic in vmspec::libvirt_save::MAGICS {
        harness::noise::<Image>(magic, Endian::Little, &());
        // As far as the version, so that the noise gets further.
        let version = [magic, &2_u32.to_le_bytes()[..]].concat();
        harness::noise::<Image>(&version, Endian::Little, &());
    }
}
