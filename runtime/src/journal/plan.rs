//! What a replay will do, found out and checked before anything is written.

use super::bytes::{EntryBytes, RingReader};
use super::ranges::{Origin, Range, Ranges};
use super::{Entry, Operation, Overlay, Part, Placed, Ring, Storage, StorageMut, What, write};
use crate::{Class, Error, Result};
use alloc::vec::Vec;

/// Files and seeks count in `i64`: nothing is longer.
const LONGEST: u64 = i64::MAX.cast_unsigned();

/// A replay that has been checked and can be done, or looked at without doing it. The storage must stay as it is
/// until then.
#[derive(Debug)]
pub struct Plan<E> {
    entries: Vec<Placed<E>>,
    changes: Changes,
}

impl<E: Entry> Plan<E> {
    /// Checks the entries of the active sequence against a storage.
    ///
    /// # Errors
    /// Those of [`Entry::require`] and [`Entry::operations`]; `invalid` for an operation on the ring itself or that
    /// goes past 2^63 bytes; `limit` where more than 4,194,304 ranges change; `io` where the storage fails.
    pub fn new<S: Storage>(entries: Vec<Placed<E>>, ring: Ring, storage: &mut S) -> Result<Self> {
        let length = storage.len()?;
        let mut changes = Changes::new(ring, length);
        let mut reader = RingReader::new(storage, ring);
        if let Some(last) = entries.last() {
            let offset = ring.offset(last.start);
            last.entry.require(length).map_err(|e| e.located(offset))?;
            changes.reach(last.entry.grow()).map_err(|e| e.located(offset))?;
        }
        for it in &entries {
            changes.add(&it.entry, &mut reader.entry(it.start, it.length))?;
        }
        Ok(Self { entries, changes })
    }

    /// The entries that are replayed, in order.
    #[must_use]
    pub fn entries(&self) -> &[Placed<E>] {
        &self.entries
    }

    /// How many operations the entries have together.
    #[must_use]
    pub const fn operations(&self) -> u64 {
        self.changes.operations
    }

    /// Length of the storage in bytes after the replay. It never shrinks.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.changes.length
    }

    /// Does it. A crash at any write or flush leaves a storage that the same replay brings to the same state: the
    /// ring is not written, so the journal is still as it was, and every byte written has its final value.
    ///
    /// The order is: flush, so that what is replayed cannot itself be lost; grow; write; flush. The journal may be
    /// declared empty after that, not before.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn replay<S: StorageMut>(&self, storage: &mut S) -> Result<()> {
        storage.flush()?;
        self.changes.write(storage)?;
        storage.flush()
    }

    /// The storage as it will be, without writing to it.
    pub fn overlay<S: Storage>(self, storage: S) -> Overlay<S> {
        Overlay::new(storage, self.changes)
    }
}

/// What becomes of a storage.
#[derive(Debug)]
pub(super) struct Changes {
    pub(super) ring: Ring,
    pub(super) ranges: Ranges,
    /// How long the storage will be.
    pub(super) length: u64,
    operations: u64,
}

impl Changes {
    /// None yet, to a storage of `length` bytes.
    pub(super) fn new(ring: Ring, length: u64) -> Self {
        Self { ring, ranges: Ranges::new(ring), length, operations: 0 }
    }

    /// At least this length.
    pub(super) fn reach(&mut self, length: u64) -> Result<()> {
        if length > LONGEST {
            return Err(Error::new(Class::Invalid, "a length below 2^63", length));
        }
        self.length = self.length.max(length);
        Ok(())
    }

    /// Adds the operations of a valid entry, on top of those added before.
    pub(super) fn add<E: Entry, S: Storage>(&mut self, entry: &E, bytes: &mut EntryBytes<'_, S>) -> Result<()> {
        let (start, length, offset) = (bytes.start(), bytes.length(), bytes.offset());
        let mut each = |operation: Operation<'_>| {
            self.operations = self.operations.saturating_add(1);
            match operation.what {
                What::Zeros(n) => self.put(operation.at, n, Origin::Zeros),
                What::Bytes(parts) => self.put_parts(operation.at, parts, start, length),
            }
        };
        entry.operations(bytes, &mut each).map_err(|e| e.located(offset))
    }

    fn put_parts(&mut self, at: u64, parts: &[Part], start: u64, length: u64) -> Result<()> {
        let mut at = at;
        for part in parts {
            if part.at.checked_add(part.length).is_none_or(|end| end > length) {
                return Err(Error::short(
                    Class::Invalid,
                    self.ring.offset(start),
                    part.length,
                    length.saturating_sub(part.at),
                ));
            }
            self.put(at, part.length, Origin::Ring(self.ring.after(start, part.at)))?;
            at = at.saturating_add(part.length);
        }
        Ok(())
    }

    fn put(&mut self, start: u64, n: u64, from: Origin) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let Some(end) = start.checked_add(n).filter(|end| *end <= LONGEST) else {
            return Err(Error::new(Class::Invalid, "an operation that ends below 2^63", i128::from(start)));
        };
        if self.ring.touches(start, end) {
            return Err(Error::new(Class::Invalid, "an operation that leaves the journal itself alone", start));
        }
        self.ranges.put(Range { start, end, from })?;
        self.reach(end)
    }

    /// Writes all of them, after growing.
    pub(super) fn write<S: StorageMut>(&self, storage: &mut S) -> Result<()> {
        let was = storage.len()?;
        if was < self.length {
            storage.set_len(self.length)?;
        }
        write::ranges(&self.ranges, self.ring, was, storage)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_in_their_entry() {
        let ring = Ring::new(100, 64, 8).unwrap();
        for (at, length, holds) in [(0, 16, true), (15, 1, true), (15, 2, false), (16, 1, false), (u64::MAX, 1, false)]
        {
            let put = Changes::new(ring, 0).put_parts(0, &[Part { at, length }], 56, 16);
            assert_eq!(put.map_err(|e| e.class()), if holds { Ok(()) } else { Err(Class::Invalid) });
        }
    }
}
