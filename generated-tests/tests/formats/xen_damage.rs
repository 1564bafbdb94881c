//! Xen xl save files, damaged: cut off anywhere, every value of every byte of the headers, noise.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use vmspec::xen_xl::Savefile;
use vmspec_generated_tests as harness;
use vmspec_runtime::{Class, Endian};

/// Bytes of the xl header.
const HEADER: usize = 48;

#[test]
fn cut_off_files_are_refused() {
    for name in ["good-hvm-v3", "be-all", "good-pv"] {
        let bytes = harness::sample(&format!("xl/{name}.xlsave"));
        // Everything but the pages, which are all alike, and those with a step.
        let lengths = (0..bytes.len()).filter(|n| *n < 400 || *n > bytes.len() - 200 || n % 97 == 0);
        for length in lengths {
            let verdict = harness::agree::<Savefile>(&bytes[..length], Endian::Little, &());
            let e = verdict.err().unwrap_or_else(|| panic!("{name} is accepted with {length} bytes"));
            assert_eq!(e.class, Class::Truncated, "{name}, {length} bytes: {e}");
            let at = e.offset.and_then(|at| usize::try_from(at).ok());
            assert!(at.is_some_and(|at| at <= length), "{name}, {length} bytes: {e}");
        }
    }
}

/// How many single changes are read; each that is must be written back the same.
fn changes(bytes: &[u8], places: impl Iterator<Item = usize>) -> usize {
    let mut changed = bytes.to_vec();
    let mut accepted = 0;
    for at in places {
        for value in 0..=255 {
            changed[at] = value;
            let Ok((file, taken)) = harness::read::<Savefile>(&changed, Endian::Little, &()) else { continue };
            let written = harness::write(&file, &changed, Endian::Little, &()).expect("what is read is written");
            assert!(written == changed[..taken], "byte {at} as {value:#x} is written otherwise");
            accepted += 1;
        }
        changed[at] = bytes[at];
    }
    accepted
}

#[test]
fn every_value_of_every_byte_of_the_headers() {
    for name in ["good-hvm-v3", "be-all"] {
        let bytes = harness::sample(&format!("xl/{name}.xlsave"));
        let config = 75;
        let headers = (0..HEADER + 4).chain(HEADER + config..HEADER + config + 232);
        let accepted = changes(&bytes, headers);
        // Optional flags, reserved bits and words, what CPUID and registers say: most of what is there is not looked at.
        assert!((20_000..40_000).contains(&accepted), "{name}: {accepted}");
    }
}

#[test]
fn every_value_of_every_byte_behind_the_pages() {
    let bytes = harness::sample("xl/good-hvm-v3.xlsave");
    let accepted = changes(&bytes, bytes.len() - 152..bytes.len());
    assert!((10_000..30_000).contains(&accepted), "{accepted}");
}

#[test]
fn nothing_and_next_to_nothing_are_truncated() {
    harness::rejects::<Savefile>(&[], Endian::Little, &(), "", Class::Truncated);
    harness::rejects::<Savefile>(b"Xen saved domain", Endian::Little, &(), "", Class::Truncated);
}

#[test]
fn noise_is_refused_or_kept() {
    for magic in vmspec::xen_xl::MAGICS {
        harness::noise::<Savefile>(magic, Endian::Little, &());
        // As far as the stream, so that the noise gets further.
        let header = [magic, &[4, 3, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], b"LibxlFmt\0\0\0\x02"].concat();
        harness::noise::<Savefile>(&header, Endian::Little, &());
        let context = [&header[..], &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], &[0xff; 8], b"XENF\0\0\0\x03"].concat();
        harness::noise::<Savefile>(&context, Endian::Little, &());
    }
}
