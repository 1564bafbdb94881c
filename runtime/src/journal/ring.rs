//! Where a journal lies in its storage, and how an offset behind its end comes round to its start.

use crate::{Class, Error, Result, align_up, is_aligned};
use alloc::format;
use core::ops::Range;

/// The largest stride: two are held in memory while the ring is looked through.
const MOST_STRIDE: u64 = 1 << 20;

/// The part of a storage that entries go round in. All numbers are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    at: u64,
    size: u64,
    stride: u64,
}

impl Ring {
    /// A ring of `size` bytes at offset `at` of the storage, in which every entry starts and ends at a multiple of
    /// `stride` from its start.
    ///
    /// # Errors
    /// Class `invalid` unless `stride` is 1 byte to 1 MiB, `size` a multiple of it that is not 0, and the end below
    /// 2^64.
    pub fn new(at: u64, size: u64, stride: u64) -> Result<Self> {
        if !(1..=MOST_STRIDE).contains(&stride) {
            return Err(Error::new(Class::Invalid, "a stride of 1 byte to 1 MiB", stride).located(at));
        }
        if size == 0 || !is_aligned(size, stride) {
            let expected = format!("a journal of one or more times {stride} bytes");
            return Err(Error::new(Class::Invalid, expected, size).located(at));
        }
        if at.checked_add(size).is_none() {
            return Err(Error::new(Class::Invalid, "a journal that ends below 2^64", size).located(at));
        }
        Ok(Self { at, size, stride })
    }

    /// Offset of the ring in the storage.
    #[must_use]
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// Bytes of the ring: a multiple of the stride, never 0.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Bytes from one place where an entry may start to the next.
    #[must_use]
    pub const fn stride(&self) -> u64 {
        self.stride
    }

    /// Offset in the storage of the byte behind the ring.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.at.saturating_add(self.size)
    }

    /// The offset in the ring, from its start, that is `n` bytes behind the offset `from`, coming round as often as
    /// needed.
    #[must_use]
    pub const fn after(&self, from: u64, n: u64) -> u64 {
        // `size` is never 0. Both terms are below it, so that their sum is below twice the size.
        let (from, n) = (modulo(from, self.size), modulo(n, self.size));
        match self.size.checked_sub(n) {
            Some(gap) if from >= gap => from.saturating_sub(gap),
            _ => from.saturating_add(n),
        }
    }

    /// How far it is from one offset in the ring on to another: 0 to `size - 1` bytes.
    #[must_use]
    pub const fn distance(&self, from: u64, to: u64) -> u64 {
        self.after(to, self.size.saturating_sub(modulo(from, self.size)))
    }

    /// The offset in the storage of an offset in the ring.
    #[must_use]
    pub const fn offset(&self, inside: u64) -> u64 {
        self.at.saturating_add(modulo(inside, self.size))
    }

    /// The `n` bytes from an offset in the ring on, as ranges of the storage: the second is empty unless they come
    /// round.
    #[must_use]
    pub fn ranges(&self, inside: u64, n: u64) -> [Range<u64>; 2] {
        let start = self.offset(inside);
        let first = n.min(self.end().saturating_sub(start));
        let second = n.saturating_sub(first).min(self.size);
        [start..start.saturating_add(first), self.at..self.at.saturating_add(second)]
    }

    /// Whether any of the bytes from `offset` of the storage to `end` is in the ring.
    #[must_use]
    pub const fn touches(&self, offset: u64, end: u64) -> bool {
        offset < self.end() && self.at < end
    }

    /// Nothing when an entry may have this length.
    ///
    /// # Errors
    /// Class `invalid` when it is 0, no multiple of the stride or more than the ring.
    pub fn check_length(&self, length: u64) -> Result<()> {
        if length > 0 && length <= self.size && is_aligned(length, self.stride) {
            return Ok(());
        }
        let expected = format!("an entry of {} to {} bytes in steps of {}", self.stride, self.size, self.stride);
        Err(Error::new(Class::Invalid, expected, length))
    }

    /// Nothing when the whole ring lies in a storage of `length` bytes.
    ///
    /// # Errors
    /// Class `truncated` when it does not.
    pub fn check_inside(&self, length: u64) -> Result<()> {
        if self.end() <= length {
            return Ok(());
        }
        Err(Error::short(Class::Truncated, self.at, self.size, length.saturating_sub(self.at)))
    }

    /// The whole strides that about `n` bytes are, at least one.
    pub(crate) fn strides_in(&self, n: u64) -> u64 {
        align_up(n, self.stride).unwrap_or(self.stride).max(self.stride).min(self.size)
    }
}

const fn modulo(n: u64, of: u64) -> u64 {
    match n.checked_rem(of) {
        Some(n) => n,
        None => 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn offsets_come_round() {
        let Ok(ring) = Ring::new(1000, 40, 8) else { panic!("a ring") };
        assert_eq!((ring.after(32, 8), ring.after(32, 16), ring.after(0, 40), ring.after(39, 39)), (0, 8, 0, 38));
        assert_eq!((ring.distance(32, 8), ring.distance(8, 32), ring.distance(8, 8)), (16, 24, 0));
        assert_eq!(ring.ranges(32, 8), [1032..1040, 1000..1000]);
        assert_eq!(ring.ranges(32, 24), [1032..1040, 1000..1016]);
        assert_eq!(ring.ranges(8, 40), [1008..1040, 1000..1008]);
        assert!(
            ring.touches(0, 1001) && ring.touches(1039, 2000) && !ring.touches(0, 1000) && !ring.touches(1040, 1041)
        );
    }

    #[test]
    fn the_edge_of_u64() {
        let Ok(ring) = Ring::new(0, u64::MAX - 3, 4) else { panic!("a ring") };
        assert_eq!(ring.after(u64::MAX - 7, 8), 4);
        assert_eq!(ring.after(u64::MAX, 0), 3);
        assert_eq!(ring.distance(u64::MAX - 7, 4), 8);
        assert!(Ring::new(4, u64::MAX - 3, 4).is_err());
    }

    #[test]
    fn rings_that_cannot_be() {
        for (size, stride) in [(0, 8), (12, 8), (8, 0), (4 << 20, 2 << 20)] {
            assert!(Ring::new(0, size, stride).is_err(), "{size} {stride}");
        }
    }

    #[test]
    fn lengths_of_entries() {
        let Ok(ring) = Ring::new(64, 40, 8) else { panic!("a ring") };
        assert!(ring.check_length(8).is_ok() && ring.check_length(40).is_ok());
        for n in [0, 4, 12, 48, u64::MAX] {
            assert!(ring.check_length(n).is_err(), "{n}");
        }
        assert!(ring.check_inside(104).is_ok() && ring.check_inside(103).is_err());
    }
}
