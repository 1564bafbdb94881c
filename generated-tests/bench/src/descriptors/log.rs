//! The search for entries in a log of 1 MiB, sector by sector.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinRead;
use vmspec_runtime::journal::Entry;

use super::derive;
use super::sample;
use super::vhdx::VhdxLogHead;
use crate::rounds::Group;

/// Where entries start; all other sectors hold data.
const STARTS: [usize; 4] = [3, 60, 130, 200];

/// The heads of entries.
pub fn scan() -> Group {
    let bytes: &'static [u8] = log().leak();
    Group::new("the heads of 4 entries in a log of 256 sectors", bytes.len())
        .case("derive", "binrw derive, `Cursor`", move || derived(black_box(bytes)))
        .case("head", "generated, heads of a journal", move || heads(black_box(bytes)))
}

fn log() -> Vec<u8> {
    let mut log = sample::entry(0);
    let head = log[..sample::HEAD].to_vec();
    log[0] = b'x';
    for start in STARTS {
        log[start * 4096..][..sample::HEAD].copy_from_slice(&head);
    }
    log
}

fn derived(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let mut sum = 0_u64;
    for at in (0..bytes.len() as u64).step_by(4096) {
        from.set_position(at);
        if let Ok(head) = derive::Head::read(&mut from) {
            assert!(head.entry_length.is_multiple_of(4096) && head.tail.is_multiple_of(4096) && head.sequence > 0);
            sum = sum.wrapping_add(head.sequence).wrapping_add(head.last_file_offset);
        }
    }
    sum
}

fn heads(bytes: &[u8]) -> u64 {
    let mut sum = 0_u64;
    for sector in bytes.as_chunks::<4096>().0 {
        if let Ok(Some(head)) = VhdxLogHead::head(sector) {
            sum = sum.wrapping_add(head.sequence).wrapping_add(head.last_file_offset);
        }
    }
    sum
}
