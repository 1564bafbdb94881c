//! Descriptors as zerocopy lends them: one struct of both kinds, as it has no enums with a byte order.

use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use super::{data, keeps_rules, zeros};

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Descriptor {
    kind: [u8; 4],
    first: [u8; 4],
    second: [u8; 8],
    file_offset: U64,
    sequence: U64,
}

/// All of them, or nothing when one is of no kind.
pub fn all(bytes: &[u8]) -> Option<u64> {
    let mut sum = 0_u64;
    for it in <[Descriptor]>::ref_from_bytes(bytes).ok()? {
        let (offset, sequence) = (it.file_offset.get(), it.sequence.get());
        sum = sum.wrapping_add(match &it.kind {
            b"desc" => {
                assert!(keeps_rules(0, offset, sequence));
                data(it.first, it.second, offset, sequence)
            }
            b"zero" => {
                let length = u64::from_le_bytes(it.second);
                assert!(keeps_rules(length, offset, sequence));
                zeros(it.first, length, offset, sequence)
            }
            _ => return None,
        });
    }
    Some(sum)
}
