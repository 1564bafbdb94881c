//! Checksums, byte by byte.

use super::bytes::Bytes;
use crate::model::Checksum;
use std::io;
use std::sync::LazyLock;

/// How much is held at a time.
const STEP: u64 = 64 << 10;

/// The checksum of a range of bytes - start, length - with those of another range as zeros.
///
/// # Errors
/// Those of the bytes.
pub fn over(
    kind: Checksum,
    bytes: &(impl Bytes + ?Sized),
    range: (u64, u64),
    without: Option<(u64, u64)>,
) -> io::Result<u64> {
    let (mut at, mut left) = range;
    let (from, zeros) = without.unwrap_or((0, 0));
    let mut sum = Sum::new(kind);
    while left > 0 {
        let step = left.min(STEP);
        let mut chunk = vec![0; usize::try_from(step).unwrap_or(0)];
        bytes.read_at(at, &mut chunk)?;
        for (place, byte) in (at..).zip(&chunk) {
            let is_zero = place >= from && place < from.saturating_add(zeros);
            sum.add(if is_zero { 0 } else { *byte });
        }
        at = at.saturating_add(step);
        left = left.saturating_sub(step);
    }
    Ok(sum.finish())
}

/// A checksum under way.
pub struct Sum {
    kind: Checksum,
    state: u32,
}

impl Sum {
    /// Of no bytes.
    #[must_use]
    pub fn new(kind: Checksum) -> Self {
        let state = if matches!(kind, Checksum::Crc32 | Checksum::Crc32c) { u32::MAX } else { 0 };
        Self { kind, state }
    }

    /// With one more byte.
    pub fn add(&mut self, byte: u8) {
        self.state = match self.kind {
            Checksum::Crc32 => crc(self.state, byte, &CRC32),
            Checksum::Crc32c => crc(self.state, byte, &CRC32C),
            Checksum::Sum8 => self.state.wrapping_add(byte.into()) & 0xff,
            Checksum::Sum32 => self.state.wrapping_add(byte.into()),
            Checksum::Xor8 => self.state ^ u32::from(byte),
        };
    }

    /// The checksum.
    #[must_use]
    pub fn finish(&self) -> u64 {
        let is_crc = matches!(self.kind, Checksum::Crc32 | Checksum::Crc32c);
        if is_crc { (!self.state).into() } else { self.state.into() }
    }
}

/// What each byte makes of a CRC.
type Remainders = [u32; 256];

/// IEEE 802.3, reversed.
static CRC32: LazyLock<Remainders> = LazyLock::new(|| remainders(0xedb8_8320));
/// Castagnoli, reversed.
static CRC32C: LazyLock<Remainders> = LazyLock::new(|| remainders(0x82f6_3b78));

/// The remainder of each byte by a reversed polynomial.
fn remainders(polynomial: u32) -> Remainders {
    let step = |n: u32| if n & 1 == 1 { n >> 1 ^ polynomial } else { n >> 1 };
    let mut byte = 0;
    [(); 256].map(|()| {
        let remainder = (0..8).fold(byte, |n, _| step(n));
        byte = byte.saturating_add(1);
        remainder
    })
}

/// One more byte of a CRC.
fn crc(state: u32, byte: u8, of: &Remainders) -> u32 {
    let [low, ..] = state.to_le_bytes();
    let remainder = of.get(usize::from(low ^ byte)).copied().unwrap_or_default();
    state >> 8 ^ remainder
}

#[cfg(test)]
mod tests {
    use super::over;
    use crate::model::Checksum;

    #[test]
    fn check_values() {
        let sum = |kind| over(kind, b"123456789".as_slice(), (0, 9), None).unwrap_or(0);
        assert_eq!((sum(Checksum::Crc32), sum(Checksum::Crc32c)), (0xcbf4_3926, 0xe306_9283));
        assert_eq!((sum(Checksum::Sum8), sum(Checksum::Sum32), sum(Checksum::Xor8)), (0xdd, 0x1dd, 0x31));
    }

    #[test]
    fn a_range_can_count_as_zeros() {
        let b = [9, 1, 2, 3, 9];
        assert_eq!(over(Checksum::Sum32, b.as_slice(), (1, 3), Some((2, 1))).ok(), Some(4));
    }
}
