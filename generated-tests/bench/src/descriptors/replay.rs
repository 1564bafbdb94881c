//! A log of 16 entries of 1 MiB each, found, validated and replayed.

use std::hint::black_box;

use vmspec_runtime::Wire;
use vmspec_runtime::journal::Memory;

use super::ring::journal;
use super::sample;
use crate::rounds::Group;

const ENTRIES: usize = 16;
/// Where the log is, in front of all that its entries change.
const AT: usize = 64 << 10;
const LENGTH: usize = ENTRIES * sample::LENGTH;
/// The file with its log, and what its entries change.
const FILE: usize = 64 << 20;

/// In memory.
pub fn replay() -> Group {
    let file: &'static [u8] = file().leak();
    let mut to = vec![0; file.len()];
    Group::new("a log of 16 entries of 1 MiB, validated and replayed in memory", LENGTH)
        .case("replay", "generated, a copy of the file, found, validated and replayed", move || {
            replayed(black_box(file))
        })
        .limit("copy", "a copy of the file alone", move || {
            to.copy_from_slice(black_box(file));
            black_box(&to)[9].into()
        })
}

fn file() -> Vec<u8> {
    let mut file = vec![0; FILE];
    for i in 0..ENTRIES {
        let mut entry = sample::value(0);
        entry.sequence += i as u64;
        for (at, descriptor) in entry.descriptors.iter_mut().enumerate() {
            descriptor.file_offset = (32 << 20) + at as u64 * 4096;
        }
        let mut bytes = Vec::new();
        entry.write_to(&mut bytes).unwrap();
        file[AT + i * sample::LENGTH..][..sample::LENGTH].copy_from_slice(&bytes);
    }
    file
}

fn replayed(file: &[u8]) -> u64 {
    let mut storage = Memory::new(file.to_vec(), FILE);
    let plan = journal(AT as u64, LENGTH).replay(&mut storage, |_| Ok(())).unwrap().unwrap();
    let entries = plan.entries().len() as u64;
    assert_eq!(entries, ENTRIES as u64);
    entries
}
