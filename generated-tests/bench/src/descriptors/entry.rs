//! The entry of 1 MiB, all of it.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinRead;
use vmspec_runtime::{Wire, WireRef};

use super::vhdx::{LogDescriptor, LogDescriptorView, LogEntry, LogEntryRef, LogSector, LogSectorArgs, LogSectorView};
use super::{COUNT, SEQUENCE, derive, generated, sample};
use crate::rounds::Group;

/// Looked at, borrowed and as a value.
pub fn entry() -> Group {
    let bytes: &'static [u8] = sample::entry(0).leak();
    let mut to = vec![0; bytes.len()];
    Group::new("a log entry of 1 MiB, every rule and its checksum looked at", bytes.len())
        .case("derive", "binrw derive, `Cursor`, and CRC-32C", move || derive::validate(black_box(bytes)))
        .case("read", "generated, `BinRead`, `Cursor`", move || {
            generated::digest(&LogEntry::read(&mut Cursor::new(black_box(bytes))).unwrap().descriptors)
        })
        .case("slice", "generated, slice to owned", move || {
            generated::digest(&LogEntry::parse(black_box(bytes)).unwrap().0.descriptors)
        })
        .case("borrowed", "generated, borrowed from a slice", move || borrowed(black_box(bytes)))
        .case("views", "generated, views, no rule and no checksum looked at", move || views(black_box(bytes)))
        .limit("crc", "CRC-32C alone", move || crc32c::crc32c(black_box(bytes)).into())
        .limit("copy", "copy of the bytes", move || {
            to.copy_from_slice(black_box(bytes));
            black_box(&to)[9].into()
        })
}

fn borrowed(bytes: &[u8]) -> u64 {
    let entry = LogEntryRef::parse(bytes).unwrap();
    entry.descriptors.iter().fold(0, |sum, it| sum.wrapping_add(generated::view(it).unwrap()))
}

/// The descriptors, and what each sector starts and ends with.
fn views(bytes: &[u8]) -> u64 {
    let (head, sectors) = bytes.split_at(bytes.len() - sample::SECTORS * LogSector::SIZE);
    let blocks = head[sample::HEAD..].as_chunks::<{ LogDescriptor::SIZE }>().0.iter().take(COUNT);
    let args = LogSectorArgs { sequence: SEQUENCE };
    for block in sectors.as_chunks::<{ LogSector::SIZE }>().0 {
        let sector = LogSectorView::new(block, args).unwrap();
        assert_eq!(u64::from(sector.sequence_high()) << 32 | u64::from(sector.sequence_low()), SEQUENCE);
    }
    blocks.fold(0, |sum, it| sum.wrapping_add(generated::view(LogDescriptorView::new(it, generated::ARGS)).unwrap()))
}
