//! The entry, written by generated code.

use vmspec_runtime::{Guid, Padding, Reserved, Wire};

use super::vhdx::{
    LogDescriptor, LogDescriptorBody, LogDescriptorBodyData, LogDescriptorBodyZero, LogEntry, LogSector,
};
use super::{COUNT, SEQUENCE};
use crate::random::Random;

/// How many descriptors are about a sector of data; the others are about zeros.
pub const SECTORS: usize = 253;
/// How long the entry is.
pub const LENGTH: usize = 1 << 20;
/// Where its descriptors start.
pub const HEAD: usize = 64;
/// The log that it belongs to.
pub const GUID: Guid = Guid([7; 16]);

/// The entry as a value. `tail` is where it lies in its log.
pub fn value(tail: u32) -> LogEntry {
    let mut random = Random::new(1);
    let sector = |_| LogSector { data: random.bytes() };
    let sectors = (0..SECTORS).map(sector).collect();
    LogEntry {
        tail,
        sequence: SEQUENCE,
        reserved: Reserved::default(),
        log_guid: GUID,
        flushed_file_offset: 8 << 20,
        last_file_offset: 9 << 20,
        descriptors: kinds(&mut random),
        pad: Padding::default(),
        sectors,
    }
}

/// Both kinds as they come, so many of each.
fn kinds(random: &mut Random) -> Vec<LogDescriptor> {
    let mut data = SECTORS;
    let each = (0..COUNT).map(|i| {
        let is_data = random.below((COUNT - i) as u64) < data as u64;
        data -= usize::from(is_data);
        let body = if is_data {
            LogDescriptorBody::Data(LogDescriptorBodyData { trailing: random.bytes(), leading: random.bytes() })
        } else {
            let length = random.below(100) * 4096;
            LogDescriptorBody::Zero(LogDescriptorBodyZero { reserved: Reserved::default(), length })
        };
        LogDescriptor { body, file_offset: (192 << 10) + random.below(10_000_000) * 4096 }
    });
    each.collect()
}

/// The entry, checksum and all.
pub fn entry(tail: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    value(tail).write_to(&mut bytes).unwrap();
    assert_eq!(bytes.len(), LENGTH);
    bytes
}

/// Its descriptors, without what is before and behind them.
pub fn descriptors() -> &'static [u8] {
    entry(0)[HEAD..HEAD + 32 * COUNT].to_vec().leak()
}
