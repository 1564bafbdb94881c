//! What has to be done to a file before it can be used: nothing, a replay of its log, or its refusal.

use super::{Headers, NO_GUID, SECTOR, VhdxLogHead};
use crate::runtime::journal::{Overlay, Placed, Plan, Ring, Storage, StorageMut};
use crate::runtime::{Found, Guid, Result};
use crate::{Class, Error};
use alloc::vec::Vec;

/// What becomes of a file that says that its log is to be replayed, and whose log has nothing that could be.
///
/// By the format it is corrupt and must not be opened (MS-VHDX 2.3.2). QEMU leaves such files: it says that the log is
/// to be replayed before it writes the first entry, and a crash in between leaves the tables as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BrokenLog {
    /// It is refused.
    #[default]
    Refuse,
    /// It is taken as if its log were empty. Changes that were in the log are lost.
    Discard,
}

/// What is to be done to a file before it can be used, looked at and not done yet. The file must stay as it is until
/// then.
#[derive(Debug)]
pub struct Recovery {
    headers: Headers,
    plan: Plan<VhdxLogHead>,
    discards: bool,
}

impl Recovery {
    /// Reads the headers, and the log where it is to be replayed, and checks everything. Nothing is written.
    ///
    /// # Errors
    /// Those of [`Headers::read`]; class `invalid` for a log that must be replayed and cannot be: without a valid
    /// sequence of entries unless [`BrokenLog::Discard`] is given, of a file that was cut off, or that would change
    /// the headers or the log itself; those of the storage.
    pub fn find<S: Storage>(storage: &mut S, broken: BrokenLog) -> Result<Self> {
        let headers = Headers::read(storage)?;
        let journal = headers.journal()?.filter(|journal| journal.live);
        let Some(journal) = journal else {
            let plan = nothing(storage)?;
            return Ok(Self { headers, plan, discards: false });
        };
        let found = journal.scan(storage)?;
        if !found.active.is_empty() {
            let plan = Plan::new(found.active, journal.ring, storage)?;
            return Ok(Self { headers, plan, discards: false });
        }
        match broken {
            BrokenLog::Refuse => Err(refused(journal.ring)),
            BrokenLog::Discard => Ok(Self { headers, plan: nothing(storage)?, discards: true }),
        }
    }

    /// The headers.
    #[must_use]
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        !self.headers.is_dirty()
    }

    /// Whether the log is given up, as nothing in it can be replayed.
    #[must_use]
    pub const fn discards(&self) -> bool {
        self.discards
    }

    /// The entries that are replayed, in order.
    #[must_use]
    pub fn entries(&self) -> &[Placed<VhdxLogHead>] {
        self.plan.entries()
    }

    /// How many descriptors these have.
    #[must_use]
    pub const fn descriptors(&self) -> u64 {
        self.plan.operations()
    }

    /// How long the file will be. It never becomes shorter.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.plan.length()
    }

    /// Does it. A clean file is left alone. A crash at any write or flush leaves a file on which the same can be done
    /// again, with the same result but for the headers' sequence numbers and `file_write_guid`.
    ///
    /// `file_write_guid` must be new and random: by it whoever has seen the file before learns that it changed. What
    /// the guest sees does not change by a replay, so `data_write_guid` stays and children of the disk still know it.
    ///
    /// Source: MS-VHDX 2.2.2, 2.3.3.
    ///
    /// # Errors
    /// Class `limit` when the headers' sequence number can grow no further, with the file untouched; those of the
    /// storage.
    pub fn run<S: StorageMut>(self, storage: &mut S, file_write_guid: Guid) -> Result<()> {
        if self.is_clean() {
            return Ok(());
        }
        let mut headers = self.headers;
        headers.check_updates(if self.discards { 1 } else { 2 })?;
        if !self.discards {
            headers.update(storage, |header| header.file_write_guid = file_write_guid)?;
            self.plan.replay(storage)?;
        }
        headers.update(storage, |header| {
            header.file_write_guid = file_write_guid;
            header.log_guid = NO_GUID;
        })
    }

    /// The file as it will be, without writing to it. In it the headers still name a log.
    pub fn overlay<S: Storage>(self, storage: S) -> Overlay<S> {
        self.plan.overlay(storage)
    }
}

/// Replays the log of a file, where there is something to replay; see [`Recovery::run`]. Gives the number of entries.
///
/// # Errors
/// Those of [`Recovery::find`] with the file untouched, and of [`Recovery::run`].
pub fn replay<S: StorageMut>(storage: &mut S, file_write_guid: Guid) -> Result<usize> {
    let recovery = Recovery::find(storage, BrokenLog::Refuse)?;
    let entries = recovery.entries().len();
    recovery.run(storage, file_write_guid).map(|()| entries)
}

/// A file as it is after replay, which is not done.
///
/// # Errors
/// Those of [`Recovery::find`].
pub fn overlay<S: Storage>(mut storage: S) -> Result<Overlay<S>> {
    Recovery::find(&mut storage, BrokenLog::Refuse).map(|recovery| recovery.overlay(storage))
}

/// A plan that changes nothing. No ring takes part in it.
fn nothing<S: Storage>(storage: &mut S) -> Result<Plan<VhdxLogHead>> {
    Plan::new(Vec::new(), Ring::new(0, SECTOR, SECTOR)?, storage)
}

/// Why a log without a valid sequence cannot be replayed.
#[cold]
fn refused(log: Ring) -> Error {
    let expected = "a log that can be replayed, as the header says that it is not empty";
    Error::new(Class::Invalid, expected, Found::Nothing).located(log.at()).field("log", 0)
}
