//! The bytes of an entry where they lie in the ring: lent by memory, read a piece at a time from anything else.

use super::{Ring, Storage};
use crate::{Checksum, Class, Error, Found, Result, align_down, len64};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// How much of a storage that does not lend is read at once. Two such pieces are held, since lists of an entry may be
/// read side by side.
pub(super) const CHUNK: u64 = 256 << 10;

/// The ring of a storage, to be read. Offsets are those in the ring.
pub(super) struct RingReader<S> {
    storage: S,
    ring: Ring,
    /// The piece used last.
    recent: Chunk,
    other: Chunk,
}

/// A piece of the ring that was read. Empty where the storage lends.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    held: Range<u64>,
}

impl<S: Storage> RingReader<S> {
    pub(super) fn new(storage: S, ring: Ring) -> Self {
        Self { storage, ring, recent: Chunk::default(), other: Chunk::default() }
    }

    pub(super) fn ring(&self) -> Ring {
        self.ring
    }

    /// An entry of `length` bytes that starts at an offset in the ring.
    pub(super) fn entry(&mut self, start: u64, length: u64) -> EntryBytes<'_, S> {
        EntryBytes { reader: self, start, length }
    }

    /// Bytes from `inside` on: at least one, at most `most`, and none behind the ring's end.
    pub(super) fn piece(&mut self, inside: u64, most: u64) -> Result<&[u8]> {
        let most = most.min(self.ring.size().saturating_sub(inside));
        if !S::LENDS {
            self.hold(inside)?;
        }
        let held = if S::LENDS { self.lent(inside, most) } else { self.recent.from(inside, most) };
        let missing = || Error::short(Class::Truncated, self.ring.offset(inside), most, 0);
        held.filter(|bytes| !bytes.is_empty() || most == 0).ok_or_else(missing)
    }

    fn lent(&self, inside: u64, most: u64) -> Option<&[u8]> {
        self.storage.lend(self.ring.offset(inside), usize::try_from(most).ok()?)
    }

    /// Makes the recent piece one that holds `inside`.
    fn hold(&mut self, inside: u64) -> Result<()> {
        if self.recent.held.contains(&inside) {
            return Ok(());
        }
        core::mem::swap(&mut self.recent, &mut self.other);
        if self.recent.held.contains(&inside) { Ok(()) } else { self.refill(inside) }
    }

    /// Reads from the stride that holds `inside` on, so that no stride is cut in two.
    fn refill(&mut self, inside: u64) -> Result<()> {
        let start = align_down(inside, self.ring.stride()).unwrap_or(inside);
        let whole = align_down(CHUNK, self.ring.stride()).unwrap_or(CHUNK);
        let n = self.ring.strides_in(whole).min(self.ring.size().saturating_sub(start));
        let size = usize::try_from(n).map_err(|_| Error::limit("a buffer that fits into memory", n))?;
        self.recent.held = 0..0;
        if self.recent.bytes.len() != size {
            // The old ones are given back before there are new ones.
            self.recent.bytes = Vec::new();
            self.recent.bytes = vec![0; size];
        }
        self.storage.read_at(self.ring.offset(start), &mut self.recent.bytes)?;
        self.recent.held = start..start.saturating_add(n);
        Ok(())
    }
}

impl Chunk {
    /// Up to `most` bytes from `inside` on.
    fn from(&self, inside: u64, most: u64) -> Option<&[u8]> {
        let start = inside.checked_sub(self.held.start)?;
        let held = self.bytes.get(usize::try_from(start).ok()?..)?;
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(held.len());
        held.get(..most)
    }
}

/// An entry's bytes where they lie in the ring, which may be its end and its start. Offsets are those in the entry.
pub struct EntryBytes<'a, S> {
    reader: &'a mut RingReader<S>,
    start: u64,
    length: u64,
}

impl<S: Storage> EntryBytes<'_, S> {
    /// Length of the entry in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Offset in the storage of the entry's first byte.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.reader.ring.offset(self.start)
    }

    /// Offset of the entry's first byte from the start of the ring.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// Offset in the storage of the byte at `at` of the entry.
    #[must_use]
    pub fn offset_of(&self, at: u64) -> u64 {
        self.reader.ring.offset(self.reader.ring.after(self.start, at))
    }

    /// The `N` bytes at `at`.
    ///
    /// # Errors
    /// Class `invalid` past the end of the entry; those of the storage.
    pub fn block<const N: usize>(&mut self, at: u64) -> Result<[u8; N]> {
        let mut block = [0; N];
        self.fill(at, &mut block).map(|()| block)
    }

    /// Fills `to` with the bytes from `at` on.
    ///
    /// # Errors
    /// Class `invalid` past the end of the entry; those of the storage.
    pub fn fill(&mut self, at: u64, to: &mut [u8]) -> Result<()> {
        let mut rest = to;
        let n = len64(rest.len());
        self.pieces(at, n, |piece| {
            let (head, tail) = core::mem::take(&mut rest).split_at_mut_checked(piece.len()).unwrap_or_default();
            if head.len() == piece.len() {
                head.copy_from_slice(piece);
            }
            rest = tail;
        })
    }

    /// Gives `n` bytes from `at` on in pieces, in order: one where they lie in one piece in memory, two where they come
    /// round the ring's end, more where they are read.
    ///
    /// # Errors
    /// Class `invalid` past the end of the entry; those of the storage.
    pub fn pieces(&mut self, at: u64, n: u64, mut take: impl FnMut(&[u8])) -> Result<()> {
        self.check(at, n)?;
        let (mut at, mut left) = (at, n);
        while left > 0 {
            let inside = self.reader.ring.after(self.start, at);
            let piece = self.reader.piece(inside, left)?;
            take(piece);
            let taken = len64(piece.len());
            at = at.saturating_add(taken);
            left = left.saturating_sub(taken);
        }
        Ok(())
    }

    /// Gives `count` elements of `N` bytes each from `at` on, in order, each with its index and its offset in the
    /// storage. They are looked at where they lie; one that comes round the ring's end is put together first.
    ///
    /// # Errors
    /// Class `invalid` past the end of the entry, before the first element; those of `take` and the storage.
    pub fn elements<const N: usize>(
        &mut self,
        at: u64,
        count: u64,
        mut take: impl FnMut(u64, u64, &[u8; N]) -> Result<()>,
    ) -> Result<()> {
        let size = len64(N);
        self.check(at, count.saturating_mul(size))?;
        let mut index = 0;
        while index < count {
            let here = at.saturating_add(index.saturating_mul(size));
            let left = count.saturating_sub(index).saturating_mul(size);
            let (ring, inside) = (self.reader.ring, self.reader.ring.after(self.start, here));
            let (whole, _) = self.reader.piece(inside, left)?.as_chunks::<N>();
            let mut offset = ring.offset(inside);
            for bytes in whole {
                take(index, offset, bytes)?;
                index = index.saturating_add(1);
                offset = offset.saturating_add(size);
            }
            if whole.is_empty() {
                take(index, offset, &self.block(here)?)?;
                index = index.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Nothing when the `n` bytes from `at` on are zeros.
    ///
    /// # Errors
    /// Class `invalid` where they are not, and past the end of the entry; those of the storage.
    pub fn zeros(&mut self, at: u64, n: u64) -> Result<()> {
        let mut found = None;
        let mut here = at;
        self.pieces(at, n, |piece| {
            let odd = piece.iter().position(|b| *b != 0).map(|i| here.saturating_add(len64(i)));
            found = found.or(odd);
            here = here.saturating_add(len64(piece.len()));
        })?;
        found.map_or(Ok(()), |at| Err(Error::new(Class::Invalid, "zeros", Found::Nothing).located(self.offset_of(at))))
    }

    /// The checksum of the whole entry with zeros in place of the bytes `zeroed`, which are those of the checksum
    /// itself.
    ///
    /// # Errors
    /// Class `invalid` for a range that is not in the entry; those of the storage.
    pub fn checksum<C: Checksum>(&mut self, mut sum: C, zeroed: Range<u64>) -> Result<u64> {
        let gap = zeroed.end.saturating_sub(zeroed.start);
        self.check(zeroed.start, gap)?;
        self.pieces(0, zeroed.start, |piece| sum.update(piece))?;
        (0..gap).for_each(|_| sum.update(&[0]));
        let behind = zeroed.start.saturating_add(gap);
        let rest = self.length.saturating_sub(behind);
        self.pieces(behind, rest, |piece| sum.update(piece))?;
        Ok(sum.value())
    }

    /// The `n` bytes from `at` on as they lie in memory: the second slice is empty unless they come round the ring's
    /// end. None where the storage does not lend, and past the end of the entry.
    #[must_use]
    pub fn lent(&self, at: u64, n: u64) -> Option<[&[u8]; 2]> {
        self.check(at, n).ok()?;
        let inside = self.reader.ring.after(self.start, at);
        let [first, second] = self.reader.ring.ranges(inside, n);
        let lend = |range: Range<u64>| {
            let n = usize::try_from(range.end.saturating_sub(range.start)).ok()?;
            self.reader.storage.lend(range.start, n)
        };
        Some([lend(first)?, lend(second)?])
    }

    fn check(&self, at: u64, n: u64) -> Result<()> {
        let have = self.length.saturating_sub(at);
        if at <= self.length && n <= have {
            return Ok(());
        }
        Err(Error::short(Class::Invalid, self.reader.ring.offset(self.reader.ring.after(self.start, at)), n, have))
    }
}

/// So that an entry can be read like any file: `SeekInput(StorageReader::new(bytes))` is an input of a `Source`.
impl<S: Storage> Storage for EntryBytes<'_, S> {
    fn len(&mut self) -> Result<u64> {
        Ok(self.length)
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        self.fill(offset, to)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;
    use crate::{Sum32, crc32};

    /// The same bytes, not lent.
    struct Read<'a>(&'a [u8]);

    impl Storage for Read<'_> {
        fn len(&mut self) -> Result<u64> {
            Ok(len64(self.0.len()))
        }

        fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
            self.0.read_at(offset, to)
        }
    }

    fn ring() -> Ring {
        Ring::new(4, 12, 4).unwrap()
    }

    const FILE: [u8; 20] = [9, 9, 9, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 9, 9, 9, 9];

    #[test]
    fn an_entry_comes_round() {
        let (mut lent, mut read) = (RingReader::new(&FILE[..], ring()), RingReader::new(Read(&FILE), ring()));
        let (mut lent, mut read) = (lent.entry(8, 8), read.entry(8, 8));
        assert_eq!(lent.block::<6>(1).ok(), Some([9, 10, 11, 0, 1, 2]));
        assert_eq!(read.block::<6>(1).ok(), Some([9, 10, 11, 0, 1, 2]));
        assert_eq!(lent.lent(2, 5), Some([&[10, 11][..], &[0, 1, 2]]));
        assert_eq!(lent.lent(5, 3), Some([&[1, 2, 3][..], &[]]));
        assert_eq!((read.lent(0, 1), lent.lent(4, 5)), (None, None));
        assert_eq!((lent.offset(), lent.start(), lent.length()), (12, 8, 8));
    }

    #[test]
    fn elements_are_looked_at_where_they_lie() {
        for (at, want) in
            [(1, [(0, 13, [9, 10, 11]), (1, 4, [0, 1, 2])]), (2, [(0, 14, [10, 11, 0]), (1, 5, [1, 2, 3])])]
        {
            let mut seen = vec![];
            let mut take = |index, offset, bytes: &[u8; 3]| {
                seen.push((index, offset, *bytes));
                Ok(())
            };
            let mut lent = RingReader::new(&FILE[..], ring());
            assert!(lent.entry(8, 8).elements(at, 2, &mut take).is_ok());
            let mut read = RingReader::new(Read(&FILE), ring());
            assert!(read.entry(8, 8).elements(at, 2, &mut take).is_ok());
            assert_eq!(seen, [want, want].concat());
        }
    }

    #[test]
    fn elements_past_the_entry_are_refused_before_the_first() {
        let mut lent = RingReader::new(&FILE[..], ring());
        let mut entry = lent.entry(8, 8);
        for (at, count) in [(0, 3), (3, 2), (9, 0), (0, u64::MAX)] {
            let refused = entry.elements(at, count, |_, _, _: &[u8; 3]| panic!("an element"));
            assert_eq!(refused.map_err(|e| e.class()), Err(Class::Invalid), "{at} {count}");
        }
        assert!(entry.elements(8, 0, |_, _, _: &[u8; 3]| panic!("an element")).is_ok());
        let stopped = entry.elements(0, 2, |index, _, _: &[u8; 4]| Err(Error::limit("stop", index)));
        assert_eq!(stopped.map_err(|e| e.class()), Err(Class::Limit));
    }

    #[test]
    fn what_is_not_zero_is_found_in_its_place() {
        let bytes = [9, 9, 9, 9, 0, 0, 5, 0, 9, 9, 9, 9, 0, 0, 0, 0];
        let mut lent = RingReader::new(&bytes[..], ring());
        let mut entry = lent.entry(8, 8);
        assert!(entry.zeros(0, 6).is_ok() && entry.zeros(7, 1).is_ok());
        assert_eq!(entry.zeros(2, 6).map_err(|e| (e.class(), e.offset())), Err((Class::Invalid, Some(6))));
        assert_eq!((entry.offset_of(3), entry.offset_of(6)), (15, 6));
    }

    #[test]
    fn nothing_is_read_past_the_entry() {
        let mut reader = RingReader::new(&FILE[..], ring());
        let mut entry = reader.entry(4, 4);
        for (at, n) in [(0, 5), (4, 1), (5, 0), (u64::MAX, 1), (1, u64::MAX)] {
            let failed = entry.pieces(at, n, |_| ()).map_err(|e| e.class());
            assert_eq!(failed, Err(Class::Invalid), "{at} {n}");
        }
        assert!(entry.pieces(4, 0, |_| panic!("no piece")).is_ok());
    }

    #[test]
    fn a_checksum_passes_over_itself() {
        let whole = crc32(&[8, 0, 0, 11, 0, 1, 2, 3]);
        for zeroed in [1..3, 1..1] {
            let mut lent = RingReader::new(&FILE[..], ring());
            let sum = lent.entry(8, 8).checksum(crate::Crc32::default(), zeroed.clone());
            assert_eq!(sum.ok() == Some(whole.into()), zeroed == (1..3));
        }
        let mut read = RingReader::new(Read(&FILE), ring());
        assert_eq!(read.entry(8, 8).checksum(Sum32::default(), 0..8).ok(), Some(0));
        assert!(read.entry(8, 8).checksum(Sum32::default(), 7..9).is_err());
    }

    #[test]
    fn large_rings_are_read_in_pieces_of_whole_strides() {
        let bytes = vec![7; 700 << 10];
        let ring = Ring::new(0, 700 << 10, 100 << 10).unwrap();
        let mut reader = RingReader::new(Read(&bytes), ring);
        let mut sizes = vec![];
        let taken = reader.entry(0, 700 << 10).pieces(0, 700 << 10, |piece| sizes.push(piece.len() >> 10));
        assert!(taken.is_ok() && sizes == [200, 200, 200, 100], "{sizes:?}");
    }

    #[test]
    fn two_places_are_read_side_by_side() {
        let bytes = vec![7; 2 << 20];
        let mut reader = RingReader::new(Read(&bytes), Ring::new(0, 2 << 20, 4096).unwrap());
        let mut entry = reader.entry(0, 2 << 20);
        for at in (0..4096).step_by(32) {
            entry.block::<32>(at).unwrap();
            entry.block::<8>((1 << 20) + at * 16).unwrap();
        }
        assert_eq!((reader.recent.held, reader.other.held), (1 << 20..(1 << 20) + CHUNK, 0..CHUNK));
    }

    #[test]
    fn a_storage_that_ends_early_is_truncated() {
        let mut lent = RingReader::new(&FILE[..10], ring());
        assert_eq!(lent.entry(0, 12).block::<12>(0).map_err(|e| e.class()), Err(Class::Truncated));
        let mut read = RingReader::new(Read(&FILE[..10]), ring());
        assert_eq!(read.entry(0, 12).block::<12>(0).map_err(|e| e.class()), Err(Class::Truncated));
    }
}
