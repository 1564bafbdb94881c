//! The log as a ring: an entry of 1 MiB validated where it lies, and a ring that is full of heads of nothing.

use std::hint::black_box;

use vmspec::vhdx::{VhdxLogContext, VhdxLogHead};
use vmspec_generated_tests::vhdx::image;
use vmspec_runtime::Guid;
use vmspec_runtime::journal::{Journal, Ring, Storage};

use crate::log_entry;
use crate::rounds::Group;

const RING: u32 = 2 << 20;

/// One entry, in one piece and round the end of the ring.
pub fn ring() -> Group {
    let entry = log_entry::made(RING);
    let (whole, wrapped) = (placed(&entry, 0), placed(&entry, 400 * 4096));
    let bytes: &'static [u8] = entry.leak();
    Group::new("a ring of 2 MiB with a log entry of 1 MiB, found and validated", bytes.len())
        .case("in one piece", move || valid(black_box(whole)))
        .case("round the end", move || valid(black_box(wrapped)))
        .limit("CRC-32C of the entry alone", move || crc32c::crc32c(black_box(bytes)).into())
}

/// 64 MiB whose every sector starts like an entry as long as the log.
pub fn garbage() -> Group {
    let group =
        Group::new("a ring where every sector starts like an entry of half the ring, with a bad checksum", 64 << 20);
    group
        .limit("64 MiB", || valid(black_box(heads(64 << 20))))
        .limit("16 MiB", || valid(black_box(heads(16 << 20))))
        .limit("4 MiB", || valid(black_box(heads(4 << 20))))
}

fn heads(length: u32) -> &'static [u8] {
    static MADE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let all = MADE.get_or_init(|| {
        let mut head = log_entry::made(64 << 20)[..4096].to_vec();
        head[8..12].copy_from_slice(&(2_u32 << 20).to_le_bytes());
        head.repeat(64 << 20 >> 12)
    });
    &all[..length as usize]
}

fn placed(entry: &[u8], at: usize) -> &'static [u8] {
    let mut ring = vec![0; RING as usize];
    let mut entry = entry.to_vec();
    entry[12..16].copy_from_slice(&u32::try_from(at).unwrap().to_le_bytes());
    vmspec_generated_tests::vhdx::put_checksum(&mut entry);
    for (i, sector) in entry.chunks(4096).enumerate() {
        let to = (at + i * 4096) % ring.len();
        ring[to..to + 4096].copy_from_slice(sector);
    }
    ring.leak()
}

fn journal(length: u32) -> Journal<VhdxLogHead> {
    let context = VhdxLogContext { header_log_guid: Guid(image::LOG_GUID), header_log_length: length };
    Journal { ring: Ring::new(0, length.into(), 4096).unwrap(), live: true, context }
}

fn valid(ring: &[u8]) -> u64 {
    let mut storage = ring;
    let length = u32::try_from(Storage::len(&mut storage).unwrap()).unwrap();
    journal(length).scan(&mut storage).unwrap().valid
}
