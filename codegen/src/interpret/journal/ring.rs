//! The ring that a journal's entries go round in, and its bytes in a row.

use crate::interpret::bytes::Bytes;
use std::io;

/// Where a journal lies. All numbers are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ring {
    /// Offset of its first byte in the file.
    pub at: u64,
    /// How long it is.
    pub size: u64,
    /// From one place where an entry may start to the next.
    pub stride: u64,
}

impl Ring {
    /// The offset in the file of the byte behind it.
    #[must_use]
    pub fn end(self) -> u64 {
        self.at.saturating_add(self.size)
    }

    /// The offset in the file of a byte that comes round the end: of the first bytes behind the end those at the start.
    #[must_use]
    pub fn folded(self, at: u64) -> u64 {
        if at >= self.end() { at.saturating_sub(self.size) } else { at }
    }

    /// The offset in the file of an offset in the ring.
    #[must_use]
    pub fn offset(self, start: u64) -> u64 {
        self.at.saturating_add(start)
    }

    /// How many strides it has.
    #[must_use]
    pub fn strides(self) -> u64 {
        self.size.checked_div(self.stride).unwrap_or(0)
    }

    /// The offset in the ring that is `n` bytes behind another.
    pub(super) fn after(self, start: u64, n: u64) -> u64 {
        start.saturating_add(n).checked_rem(self.size).unwrap_or(0)
    }

    /// Whether a byte of the file is one of `n` from another on, which may come round the end.
    #[must_use]
    pub fn reaches(self, at: u64, n: u64, offset: u64) -> bool {
        self.distance(at.saturating_sub(self.at), offset).is_some_and(|distance| distance < n)
    }

    /// How many of `n` bytes from an offset of the file on come round the end.
    #[must_use]
    pub fn beyond(self, at: u64, n: u64) -> u64 {
        at.saturating_add(n).saturating_sub(self.end())
    }

    /// How far a byte of the file is behind an offset in the ring; none where it does not lie in the ring.
    #[must_use]
    pub fn distance(self, start: u64, offset: u64) -> Option<u64> {
        let inside = offset.checked_sub(self.at).filter(|inside| *inside < self.size)?;
        Some(inside.checked_sub(start).unwrap_or_else(|| inside.saturating_add(self.size).saturating_sub(start)))
    }
}

/// A file in which behind the end of a ring comes its start once more, up to some offset.
pub(super) struct Unrolled<'b> {
    bytes: &'b dyn Bytes,
    ring: Ring,
    end: u64,
}

impl<'b> Unrolled<'b> {
    pub(super) fn new(bytes: &'b dyn Bytes, ring: Ring, end: u64) -> Self {
        Self { bytes, ring, end }
    }
}

impl Bytes for Unrolled<'_> {
    fn size(&self) -> u64 {
        self.end
    }

    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        if at.saturating_add(to.size()) > self.end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let first = usize::try_from(self.ring.end().saturating_sub(at)).unwrap_or(usize::MAX).min(to.len());
        let (first, second) = to.split_at_mut_checked(first).unwrap_or_default();
        if !first.is_empty() {
            self.bytes.read_at(at, first)?;
        }
        if second.is_empty() {
            return Ok(());
        }
        self.bytes.read_at(self.ring.folded(at.max(self.ring.end())), second)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ring, Unrolled};
    use crate::interpret::bytes::Bytes;

    const RING: Ring = Ring { at: 2, size: 6, stride: 2 };

    #[test]
    fn behind_the_end_comes_the_start() {
        let bytes = Unrolled::new(&b"abcdefghij".as_slice(), RING, 12).all(4, 8);
        assert_eq!(bytes.as_deref(), Some(b"efghcdef".as_slice()));
        assert_eq!(Unrolled::new(&b"abcdefghij".as_slice(), RING, 12).all(9, 3).as_deref(), Some(b"def".as_slice()));
        assert_eq!(Unrolled::new(&b"abcdefghij".as_slice(), RING, 12).all(9, 4), None);
    }

    #[test]
    fn places_in_the_ring() {
        assert_eq!((RING.folded(7), RING.folded(8), RING.after(4, 4), RING.strides()), (7, 2, 2, 3));
        assert_eq!([1, 2, 6, 7, 8].map(|at| RING.distance(4, at)), [None, Some(2), Some(0), Some(1), None]);
    }

    impl Unrolled<'_> {
        fn all(&self, at: u64, n: usize) -> Option<Vec<u8>> {
            let mut to = vec![0; n];
            self.read_at(at, &mut to).ok().map(|()| to)
        }
    }
}
