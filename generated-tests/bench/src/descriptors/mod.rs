//! A log entry of 1 MiB with 353 descriptors, from a VHDX file: its descriptors alone, from memory, from a file and written;
//! all of it; and the log around it.

#[cfg(feature = "peers")]
mod deku;
mod derive;
mod entry;
mod file;
mod floor;
mod garbage;
mod generated;
mod log;
mod replay;
mod ring;
mod sample;
mod tuned;
#[cfg(feature = "peers")]
mod winnow;
mod write;
#[cfg(feature = "peers")]
mod zerocopy;

pub use entry::entry;
pub use file::from_file;
pub use garbage::garbage;
pub use log::scan;
pub use replay::replay;
pub use ring::ring;
pub use write::write;

use std::hint::black_box;

use crate::rounds::Group;

vmspec_macros::spec! { "../../../../specs/vhdx.yaml", vis = pub }

/// How many descriptors there are.
const COUNT: usize = 353;
/// The number of the entry.
const SEQUENCE: u64 = 0x1122_3344_5566_7788;

/// The descriptors from memory.
pub fn from_memory() -> Group {
    let bytes = sample::descriptors();
    let mut to = vec![0; bytes.len()];
    let group = Group::new("353 descriptors of a log entry, from memory", bytes.len())
        .case("derive", "binrw derive, `Cursor`", move || derive::all(black_box(bytes)))
        .case("tuned", "binrw derive, integers for arrays, `Cursor`", move || tuned::all(black_box(bytes)))
        .case("read", "generated, `BinRead` one by one, `Cursor`", move || generated::read(black_box(bytes)))
        .case("slice", "generated, slice to owned, `from_bytes`", move || generated::slice(black_box(bytes)))
        .case("parse", "generated, slice to owned, `parse`", move || generated::parse(black_box(bytes)))
        .case("views", "generated, views", move || generated::views(black_box(bytes)))
        .case("checked", "generated, views, every rule checked", move || generated::checked(black_box(bytes)));
    peers(group, bytes)
        .case("floor", "by hand, as fast as it goes", move || floor::all(black_box(bytes)).unwrap())
        .limit("copy", "copy of the bytes", move || {
            to.copy_from_slice(black_box(bytes));
            black_box(&to)[9].into()
        })
}

#[cfg(not(feature = "peers"))]
fn peers(group: Group, _: &'static [u8]) -> Group {
    group
}

#[cfg(feature = "peers")]
fn peers(group: Group, bytes: &'static [u8]) -> Group {
    group
        .case("deku", "deku derive, `Cursor`", move || deku::all(black_box(bytes)))
        .case("winnow", "winnow, slice to owned", move || winnow::all(black_box(bytes)))
        .case("zerocopy", "zerocopy, views", move || zerocopy::all(black_box(bytes)).unwrap())
}

/// A digest of a descriptor of a sector, on every field.
#[inline]
fn data(trailing: [u8; 4], leading: [u8; 8], file_offset: u64, sequence: u64) -> u64 {
    zeros(trailing, u64::from_le_bytes(leading), file_offset, sequence)
}

/// A digest of a descriptor of zeros, on every field.
#[inline]
fn zeros(reserved: [u8; 4], length: u64, file_offset: u64, sequence: u64) -> u64 {
    length.wrapping_add(u32::from_le_bytes(reserved).into()).wrapping_add(file_offset).wrapping_add(sequence)
}

/// What the spec says of a descriptor, for those who have to say it themselves.
#[inline]
fn keeps_rules(length: u64, file_offset: u64, sequence: u64) -> bool {
    sequence == SEQUENCE && file_offset.is_multiple_of(4096) && file_offset >= 192 << 10 && length.is_multiple_of(4096)
}
