//! Headers as zerocopy lends them, of one byte order, and without a rule.

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use super::fields;

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    magic: [u8; 16],
    version: U32,
    data_len: U32,
    was_running: U32,
    format: U32,
    cookie_offset: U32,
    unused: [U32; 14],
}

/// All of them, or nothing when one is something else.
pub fn all(bytes: &[u8]) -> Option<u64> {
    <[Header]>::ref_from_bytes(bytes).ok()?.iter().try_fold(0, |sum, it| {
        let words = it.unused.iter().fold(0, |sum, it| sum + u64::from(it.get()));
        let fields =
            fields(it.version.get(), it.data_len.get(), it.was_running.get(), it.format.get(), it.cookie_offset.get());
        (&it.magic == b"LibvirtQemudSave").then_some(sum + fields + words)
    })
}
