//! A storage as it will be after a replay, without writing: what the journal changes is read from the ring, all else
//! from below.

use super::plan::Changes;
use super::ranges::{Origin, Range};
use super::{Storage, StorageReader, write};
use crate::{Class, Error, Result, len64};

/// A storage that is read as if it had been replayed. It holds where each changed range comes from, and no bytes.
#[derive(Debug)]
pub struct Overlay<S> {
    below: S,
    changes: Changes,
}

impl<S: Storage> Overlay<S> {
    pub(super) fn new(below: S, changes: Changes) -> Self {
        Self { below, changes }
    }

    /// A reader that starts at the first byte.
    pub fn reader(&mut self) -> StorageReader<&mut Self> {
        StorageReader::new(self)
    }

    /// The storage below, as it always was.
    pub fn into_inner(self) -> S {
        self.below
    }

    /// Reads the part of `to`, which starts at `offset`, that a range has.
    fn fill(&mut self, range: Range, offset: u64, to: &mut [u8]) -> Result<()> {
        let skip = usize::try_from(range.start.saturating_sub(offset)).unwrap_or(usize::MAX);
        let n = usize::try_from(range.length()).unwrap_or(usize::MAX);
        let part = to.get_mut(skip..).and_then(|to| to.get_mut(..n)).unwrap_or_default();
        match range.from {
            Origin::Zeros => part.fill(0),
            Origin::Ring(inside) => write::read_ring(&mut self.below, self.changes.ring, inside, part)?,
        }
        Ok(())
    }

    /// Reads what lies below, with zeros behind its end.
    fn read_below(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let there = self.below.len()?.saturating_sub(offset);
        let n = usize::try_from(there).unwrap_or(usize::MAX).min(to.len());
        let (there, behind) = to.split_at_mut_checked(n).unwrap_or_default();
        behind.fill(0);
        if there.is_empty() { Ok(()) } else { self.below.read_at(offset, there) }
    }
}

impl<S: Storage> Storage for Overlay<S> {
    fn len(&mut self) -> Result<u64> {
        Ok(self.changes.length)
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let have = self.changes.length.saturating_sub(offset);
        if len64(to.len()) > have {
            return Err(Error::short(Class::Truncated, offset, len64(to.len()), have));
        }
        self.read_below(offset, to)?;
        let end = offset.saturating_add(len64(to.len()));
        let over: alloc::vec::Vec<Range> = self.changes.ranges.within(offset, end).collect();
        over.into_iter().try_for_each(|range| self.fill(range, offset, to))
    }
}
