//! The two headers: which of them is current, and how they are changed so that one is good at any time.

use super::{Header, Vhdx, VhdxLogHead, read_at};
use crate::Error;
use crate::runtime::journal::{Journal, Storage, StorageMut};
use crate::runtime::{Fault, Result};

/// The headers of a file, and where its log is.
#[derive(Clone, Debug, PartialEq)]
pub struct Headers(Vhdx);

impl Headers {
    /// Reads both, and finds out which is current. What comes before them is looked at too.
    ///
    /// # Errors
    /// Class `not_this_format` for a file that is no VHDX file; `invalid` without a current header; those of the rules
    /// that the current one breaks; those of the storage.
    pub fn read<S: Storage>(storage: &mut S) -> Result<Self> {
        read_at(storage, 0, ()).map(Self)
    }

    /// The current one.
    #[must_use]
    pub const fn current(&self) -> &Header {
        self.0.header.current()
    }

    /// Whether the log is to be replayed before anything else is read.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.0.dirty()
    }

    /// How often they can still be changed: each time takes two sequence numbers.
    #[must_use]
    pub const fn updates_left(&self) -> u64 {
        u64::MAX.saturating_sub(self.current().sequence) >> 1
    }

    /// Nothing where they can still be changed so often.
    ///
    /// # Errors
    /// Class `limit` where they cannot.
    pub(super) fn check_updates(&self, needed: u64) -> Result<()> {
        if self.updates_left() >= needed {
            return Ok(());
        }
        let expected = "a sequence number that can still grow";
        Err(Error::limit(expected, self.current().sequence).field("header", 0))
    }

    /// The log, where the file has room for one.
    ///
    /// # Errors
    /// Class `invalid` for a log that cannot be.
    pub fn journal(&self) -> Result<Option<Journal<VhdxLogHead>>> {
        self.0.log_journal()
    }

    /// Changes the headers. The one that is not current becomes the current one, and then the other follows, each
    /// durable before the next step: a crash anywhere leaves the old state or the new one.
    ///
    /// Source: MS-VHDX 2.2.2.1.
    ///
    /// # Errors
    /// Class `limit` when the sequence number can grow no further, with nothing written; those of the storage.
    pub fn update<S: StorageMut>(&mut self, storage: &mut S, change: impl FnOnce(&mut Header)) -> Result<()> {
        let mut next = self.current().clone();
        change(&mut next);
        self.check_updates(1)?;
        let last = self.current().sequence.saturating_add(2);
        for sequence in [last.saturating_sub(1), last] {
            next.sequence = sequence;
            let index = self.0.header.next_index();
            let places = Vhdx::COPIES_OF_HEADER;
            storage.write_at(places.place(places.at[0], index), &next.to_bytes().map_err(Fault::unwritten)?)?;
            storage.flush()?;
            self.0.header.supersede(index, next.clone())?;
        }
        Ok(())
    }
}
