//! A log that lies: every sector starts like an entry, with a bad checksum. The time must not grow faster than the log does.

use std::hint::black_box;
use std::sync::OnceLock;

use super::ring::journal;
use super::sample;
use crate::rounds::Group;

const LONGEST: usize = 64 << 20;

/// Logs of three lengths, each gone through.
pub fn garbage() -> Group {
    Group::new("a log where every sector starts like an entry of 2 MiB, with a bad checksum", LONGEST)
        .limit("64", "generated, 64 MiB", || valid(64 << 20))
        .limit("16", "generated, 16 MiB", || valid(16 << 20))
        .limit("4", "generated, 4 MiB", || valid(4 << 20))
}

fn heads() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut head = sample::entry(0)[..4096].to_vec();
        head[8..12].copy_from_slice(&(2_u32 << 20).to_le_bytes());
        head.repeat(LONGEST / head.len())
    })
}

fn valid(length: usize) -> u64 {
    let mut storage = &black_box(heads())[..length];
    journal(0, length).scan(&mut storage).unwrap().valid
}
