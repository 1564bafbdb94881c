//! A circular journal: entries that say what is to be done to a storage, in a ring inside that storage.
//!
//! The format says what an entry is, by [`Entry`], and where the ring is, by [`Ring`]. Everything else is the same
//! for every such format and is here: [`scan`] finds the entries to replay, [`Plan`] checks them and replays them,
//! [`Overlay`] reads the storage as if that had been done, [`Appender`] writes entries. A [`Journal`] ties them
//! together.
//!
//! | in a spec | here |
//! |---|---|
//! | `at`, `size`, `stride` | [`Ring::new`] |
//! | `entry` | the type that implements [`Entry`] |
//! | `live` | [`Journal::live`] |
//! | `accept`, `follows`, `newest`, `tail`, `require`, `grow` | the methods of [`Entry`] with these names |
//! | `apply`: `list`, `at`, `zeros`, `bytes` | [`Entry::operations`]: one [`Operation`] for each element of the list |
//!
//! All offsets and lengths are bytes. Those called `start` and `tail` count from the ring's start, those called
//! `offset` and `at` from the start of what the type is about: the storage, or the entry.
//!
//! Everything in the ring is taken to be hostile: lengths, tails and lists are checked against the ring before they
//! are used, operations on the ring itself are refused, and nothing is written before all has been checked.

mod append;
mod bytes;
mod entry;
#[cfg(feature = "std")]
mod file;
mod overlay;
mod plan;
mod ranges;
mod reader;
mod ring;
mod scan;
mod sequence;
mod storage;
mod write;

pub use append::{Appender, Slot};
pub use bytes::EntryBytes;
pub use entry::{Entry, Operation, Part, Placed, What};
pub use overlay::Overlay;
pub use plan::Plan;
pub use reader::StorageReader;
pub use ring::Ring;
pub use scan::{Rejected, Scan, scan};
pub use storage::{Memory, Storage, StorageMut};

use crate::{Class, Error, Result};
use alloc::vec::Vec;

/// A journal that lies in a storage: where, whether what it says is still to be done, and what its entries must agree
/// with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journal<E: Entry> {
    /// Where it lies.
    pub ring: Ring,
    /// Whether it is to be replayed. When it is not, whatever the ring holds is of no account.
    pub live: bool,
    /// What [`Entry::accept`] is asked with.
    pub context: E::Context,
}

impl<E: Entry> Journal<E> {
    /// Looks through the ring, whether the journal is live or not.
    ///
    /// # Errors
    /// Those of [`scan()`].
    pub fn scan<S: Storage>(&self, storage: &mut S) -> Result<Scan<E>> {
        scan(storage, self.ring, &self.context)
    }

    /// Finds what is to be replayed and checks it, without writing; none when the journal is not live.
    ///
    /// # Errors
    /// Class `invalid` when it is live and holds no valid sequence; found is the number of valid entries. Those of
    /// [`scan()`] and [`Plan::new`].
    pub fn plan<S: Storage>(&self, storage: &mut S) -> Result<Option<Plan<E>>> {
        if !self.live {
            return Ok(None);
        }
        let found = self.scan(storage)?;
        if found.active.is_empty() {
            let expected = "a live journal that holds a valid sequence of entries";
            return Err(Error::new(Class::Invalid, expected, found.valid).located(self.ring.at()));
        }
        Plan::new(found.active, self.ring, storage).map(Some)
    }

    /// Replays the journal and then calls `emptied`, which declares it empty by the format's own means; a journal
    /// that is not live is left alone. What was replayed is durable by the time of that call. Until what it writes is
    /// durable too, the same replay can be done again. It gives what was replayed.
    ///
    /// # Errors
    /// Those of [`Journal::plan`], with the storage untouched; those of the storage and of `emptied`.
    pub fn replay<S: StorageMut>(
        &self,
        storage: &mut S,
        emptied: impl FnOnce(&mut S) -> Result<()>,
    ) -> Result<Option<Plan<E>>> {
        let plan = self.plan(storage)?;
        if let Some(plan) = &plan {
            plan.replay(storage)?;
            emptied(storage)?;
        }
        Ok(plan)
    }

    /// The storage as it will be after a replay, or as it is when the journal is not live. Nothing is written.
    ///
    /// # Errors
    /// Those of [`Journal::plan`].
    pub fn overlay<S: Storage>(&self, mut storage: S) -> Result<Overlay<S>> {
        let plan = match self.plan(&mut storage)? {
            Some(plan) => plan,
            None => Plan::<E>::new(Vec::new(), self.ring, &mut storage)?,
        };
        Ok(plan.overlay(storage))
    }
}
