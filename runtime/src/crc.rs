//! CRC-32 (IEEE 802.3) and CRC-32C (Castagnoli), sixteen bytes a step. With `std` CRC-32C uses the processor's instruction.

use crate::Checksum;

/// Entry `k`, `i`: the CRC of the byte `i` followed by `k` zero bytes.
type Tables = [[u32; 256]; 16];

static IEEE: Tables = tables(0xedb8_8320);
#[cfg(any(not(feature = "std"), test))]
static CASTAGNOLI: Tables = tables(0x82f6_3b78);

/// CRC-32 as in IEEE 802.3, gzip and zip.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crc32(u32);

impl Checksum for Crc32 {
    fn update(&mut self, bytes: &[u8]) {
        self.0 = append(&IEEE, self.0, bytes);
    }

    fn value(&self) -> u64 {
        self.0.into()
    }
}

/// CRC-32C as in iSCSI and ext4.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crc32c(u32);

impl Checksum for Crc32c {
    fn update(&mut self, bytes: &[u8]) {
        #[cfg(feature = "std")]
        let sum = ::crc32c::crc32c_append(self.0, bytes);
        #[cfg(not(feature = "std"))]
        let sum = append(&CASTAGNOLI, self.0, bytes);
        self.0 = sum;
    }

    fn value(&self) -> u64 {
        self.0.into()
    }
}

/// [`Crc32`] of a slice.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    append(&IEEE, 0, bytes)
}

/// [`Crc32c`] of a slice.
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    let mut crc = Crc32c::default();
    crc.update(bytes);
    crc.0
}

/// The CRC of bytes whose CRC is `crc`, followed by `bytes`.
fn append(tables: &Tables, crc: u32, bytes: &[u8]) -> u32 {
    let (blocks, tail) = bytes.as_chunks::<16>();
    let crc = blocks.iter().fold(!crc, |crc, block| step(tables, crc, block));
    let [first, ..] = tables;
    !tail.iter().fold(crc, |crc, b| {
        let [low, ..] = crc.to_le_bytes();
        (crc >> 8) ^ entry(first, low ^ b)
    })
}

/// Sixteen bytes at once: each adds what it becomes after the bytes behind it.
#[inline]
fn step(tables: &Tables, crc: u32, block: &[u8; 16]) -> u32 {
    let mut mixed = *block;
    for (byte, c) in mixed.iter_mut().zip(crc.to_le_bytes()) {
        *byte ^= c;
    }
    let behind = tables.iter().rev();
    mixed.iter().zip(behind).fold(0, |sum, (byte, table)| sum ^ entry(table, *byte))
}

#[inline]
fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

const fn tables(polynomial: u32) -> Tables {
    let mut tables = [[0; 256]; 16];
    let mut row = first_row(polynomial);
    let mut rest = tables.as_mut_slice();
    while let Some((table, below)) = rest.split_first_mut() {
        *table = row;
        row = next_row(&row, polynomial);
        rest = below;
    }
    tables
}

/// The CRC of each byte.
const fn first_row(polynomial: u32) -> [u32; 256] {
    let mut row = [0; 256];
    let mut rest = row.as_mut_slice();
    let mut byte = 0_u32;
    while let Some((slot, below)) = rest.split_first_mut() {
        *slot = zero_byte(byte, polynomial);
        byte = byte.wrapping_add(1);
        rest = below;
    }
    row
}

/// The row above, each entry with one more zero byte behind it.
const fn next_row(above: &[u32; 256], polynomial: u32) -> [u32; 256] {
    let mut row = *above;
    let mut rest = row.as_mut_slice();
    while let Some((slot, below)) = rest.split_first_mut() {
        *slot = zero_byte(*slot, polynomial);
        rest = below;
    }
    row
}

/// Eight zero bits.
const fn zero_byte(mut crc: u32, polynomial: u32) -> u32 {
    let mut bit = 0_u32;
    while bit < 8 {
        let carry = crc & 1;
        crc >>= 1;
        if carry == 1 {
            crc ^= polynomial;
        }
        bit = bit.wrapping_add(1);
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// One bit at a time, straight from the definition.
    fn slow(polynomial: u32, bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, b| zero_byte_after(crc, *b, polynomial))
    }

    fn zero_byte_after(crc: u32, byte: u8, polynomial: u32) -> u32 {
        zero_byte(crc ^ u32::from(byte), polynomial)
    }

    #[test]
    fn vectors() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(append(&CASTAGNOLI, 0, b"123456789"), 0xe306_9283);
        assert_eq!((crc32(b""), crc32c(b"")), (0, 0));
    }

    #[test]
    fn every_length_against_the_definition() {
        let bytes: Vec<u8> = (0..100_u8).map(|i| i.wrapping_mul(37)).collect();
        for n in 0..=bytes.len() {
            let b = bytes.get(..n).unwrap_or_default();
            assert_eq!(crc32(b), slow(0xedb8_8320, b));
            assert_eq!(crc32c(b), slow(0x82f6_3b78, b));
            assert_eq!(append(&CASTAGNOLI, 0, b), slow(0x82f6_3b78, b));
        }
    }

    #[test]
    fn pieces_make_the_whole() {
        let (mut ieee, mut castagnoli) = (Crc32::default(), Crc32c::default());
        for piece in [&b"1234"[..], b"", b"56789"] {
            ieee.update(piece);
            castagnoli.update(piece);
        }
        assert_eq!((ieee.value(), castagnoli.value()), (0xcbf4_3926, 0xe306_9283));
    }
}
