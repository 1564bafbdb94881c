//! VHDX files and their log, by hand from MS-VHDX: what the generated code and the journal of the runtime are held to.
//! Nothing here uses either of them.
//!
//! | module | is |
//! |---|---|
//! | [`oracle`] | a plain, slow reader of the log: what is to become of a file |
//! | [`image`] | small images with a log |
//! | [`sectors`] | large disks with sectors of 4096 bytes |
//! | [`entry`] | entries of a log, right and wrong ones |
//! | [`random`] | images whose log holds anything |
//! | [`sparse`] | a file of mostly zeros in memory |
//! | [`crash`] | a storage that fails, and what a crash may leave of it |

// Plain as a test is: offsets are those of the specification, and what does not hold fails by a panic.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]
#![allow(clippy::as_conversions, clippy::cast_possible_truncation)]

pub mod crash;
pub mod entry;
pub mod image;
pub mod oracle;
pub mod random;
pub mod sectors;
pub mod sparse;

pub use oracle::{Refusal, Replayed, Verdict};
pub use sparse::Sparse;

/// Bytes of a sector of the log, and of what a descriptor restores.
pub const SECTOR: u64 = 4096;

/// The number at an offset.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

/// The number at an offset.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The number at an offset.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// The CRC-32C of bytes of which the four at 4 are the sum itself, and count as zeros.
fn checksum(bytes: &[u8]) -> u32 {
    let zeroed = crc32c::crc32c_append(crc32c::crc32c(&bytes[..4]), &[0; 4]);
    crc32c::crc32c_append(zeroed, &bytes[8..])
}

/// Writes that sum.
pub fn put_checksum(bytes: &mut [u8]) {
    let sum = checksum(bytes);
    bytes[4..8].copy_from_slice(&sum.to_le_bytes());
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sum_is_the_one_of_the_specification() {
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(super::checksum(b"abcdefghij"), crc32c::crc32c(b"abcd\0\0\0\0ij"));
    }
}
