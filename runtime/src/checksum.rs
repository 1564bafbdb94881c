//! Checksums a format may hold over its own bytes: the trait, and the sums that need no tables.

/// A checksum over bytes that arrive in pieces.
pub trait Checksum {
    /// Takes the next bytes.
    fn update(&mut self, bytes: &[u8]);

    /// The checksum of all bytes taken, as the wire would hold it.
    fn value(&self) -> u64;
}

/// Sum of all bytes, modulo 2^8.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum8(u8);

impl Checksum for Sum8 {
    fn update(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, b| sum.wrapping_add(*b));
    }

    fn value(&self) -> u64 {
        self.0.into()
    }
}

/// Sum of all bytes, modulo 2^32.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum32(u32);

impl Checksum for Sum32 {
    fn update(&mut self, bytes: &[u8]) {
        let add = |sum: u32, b: &u8| sum.wrapping_add(u32::from(*b));
        self.0 = bytes.iter().fold(self.0, add);
    }

    fn value(&self) -> u64 {
        self.0.into()
    }
}

/// Exclusive or of all bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Xor8(u8);

impl Checksum for Xor8 {
    fn update(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, b| sum ^ b);
    }

    fn value(&self) -> u64 {
        self.0.into()
    }
}

/// [`Sum8`] of a slice.
#[must_use]
pub fn sum8(bytes: &[u8]) -> u8 {
    let mut sum = Sum8::default();
    sum.update(bytes);
    sum.0
}

/// [`Sum32`] of a slice.
#[must_use]
pub fn sum32(bytes: &[u8]) -> u32 {
    let mut sum = Sum32::default();
    sum.update(bytes);
    sum.0
}

/// [`Xor8`] of a slice.
#[must_use]
pub fn xor8(bytes: &[u8]) -> u8 {
    let mut sum = Xor8::default();
    sum.update(bytes);
    sum.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors() {
        assert_eq!(sum32(b"123456789"), 477);
        assert_eq!(sum8(b"123456789"), 221);
        assert_eq!(xor8(b"123456789"), 0x31);
        assert_eq!((sum8(b""), sum32(b""), xor8(b"")), (0, 0, 0));
    }

    #[test]
    fn sums_wrap() {
        assert_eq!(sum8(&[0xff, 2]), 1);
        let mut sum = Sum32(u32::MAX);
        sum.update(&[1; 3]);
        assert_eq!(sum.value(), 2);
    }
}
