//! libvirt save images that ask for much: whatever a header says, memory follows what is there.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;

use vmspec::libvirt_save::Image;
use vmspec_generated_tests::counting::peak;
use vmspec_runtime::{Endian, ReadInput, Source, Wire, read_stream};

/// Where the header's words are: version, length of the area, running, compression, cookie.
const WORDS: [usize; 5] = [16, 20, 24, 28, 32];
const WORST: [u32; 11] = [0, 1, 2, 3, 7, 0x000f_ffff, 0x0010_0001, 0x0400_0000, 0x0400_0001, 0x7fff_ffff, 0xffff_ffff];

/// What is on top of the bytes that are there: errors, buffers.
const CONSTANT: usize = 8 << 10;
/// Where nobody knows how much is left, memory is taken in such steps.
const STEP: usize = 1 << 20;

fn tiny(order: Endian) -> Vec<u8> {
    let word = |n: u32| if order == Endian::Big { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut bytes = b"LibvirtQemudSave".to_vec();
    for n in [2, 8, 1, 0, 4] {
        bytes.extend_from_slice(&word(n));
    }
    bytes.resize(92, 0);
    bytes.extend_from_slice(b"<d>\0<c>\0memory");
    bytes
}

/// Reads by every door, each of which holds at most a constant and what is there.
fn bounded(bytes: &[u8]) {
    let most = CONSTANT + bytes.len();
    let slice = peak(|| drop(Image::parse(bytes))).0;
    assert!(slice <= most, "a slice: {slice}: {bytes:02x?}");
    let stream = peak(|| drop(read_stream::<Image, _>(&mut Cursor::new(bytes), Endian::Little, ()))).0;
    assert!(stream <= most + STEP, "a stream: {stream}: {bytes:02x?}");
    let pipe = peak(|| {
        let mut source = Source::new(ReadInput::new(bytes), 0);
        drop(Image::read_from(&mut source, Endian::Little, ()));
    })
    .0;
    assert!(pipe <= most + STEP, "a pipe: {pipe}: {bytes:02x?}");
}

#[test]
fn the_allocator_counts() {
    assert!(peak(|| drop(vec![0_u8; 100_000])).0 >= 100_000);
}

#[test]
fn each_word_at_its_worst() {
    for order in [Endian::Little, Endian::Big] {
        let good = tiny(order);
        assert!(Image::parse(&good).is_ok());
        for at in WORDS {
            for worst in WORST {
                let mut bytes = good.clone();
                let word = if order == Endian::Big { worst.to_be_bytes() } else { worst.to_le_bytes() };
                bytes[at..at + 4].copy_from_slice(&word);
                bounded(&bytes);
            }
        }
    }
}

#[test]
fn all_words_at_their_worst() {
    for (length, cookie) in WORST.iter().flat_map(|a| WORST.iter().map(move |b| (*a, *b))) {
        let mut bytes = tiny(Endian::Little);
        bytes[20..24].copy_from_slice(&length.to_le_bytes());
        bytes[32..36].copy_from_slice(&cookie.to_le_bytes());
        bounded(&bytes);
    }
}
