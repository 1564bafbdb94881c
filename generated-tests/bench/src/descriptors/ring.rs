//! The log as a ring: an entry of 1 MiB found and validated where it lies.

use std::hint::black_box;

use vmspec_runtime::journal::{Journal, Ring};

use super::sample;
use super::vhdx::{VhdxLogContext, VhdxLogHead};
use crate::rounds::Group;

const RING: usize = 2 << 20;
const SECTOR: usize = 4096;

/// One entry, in one piece and round the end of the ring.
pub fn ring() -> Group {
    let bytes: &'static [u8] = sample::entry(0).leak();
    let (whole, wrapped) = (placed(0), placed(400 * SECTOR));
    Group::new("a ring of 2 MiB with a log entry of 1 MiB, found and validated", bytes.len())
        .case("whole", "generated, in one piece", move || valid(black_box(whole)))
        .case("wrapped", "generated, round the end", move || valid(black_box(wrapped)))
        .limit("crc", "CRC-32C of the entry alone", move || crc32c::crc32c(black_box(bytes)).into())
}

fn placed(at: usize) -> &'static [u8] {
    let mut ring = vec![0; RING];
    for (i, sector) in sample::entry(u32::try_from(at).unwrap()).chunks(SECTOR).enumerate() {
        let to = (at + i * SECTOR) % RING;
        ring[to..to + SECTOR].copy_from_slice(sector);
    }
    ring.leak()
}

/// How many entries there are.
fn valid(ring: &[u8]) -> u64 {
    let mut storage = ring;
    let valid = journal(0, ring.len()).scan(&mut storage).unwrap().valid;
    assert_eq!(valid, 1);
    valid
}

/// The log at a place of a file.
pub fn journal(at: u64, length: usize) -> Journal<VhdxLogHead> {
    let header_log_length = u32::try_from(length).unwrap();
    let context = VhdxLogContext { header_log_guid: sample::GUID, header_log_length };
    Journal { ring: Ring::new(at, length as u64, SECTOR as u64).unwrap(), live: true, context }
}
