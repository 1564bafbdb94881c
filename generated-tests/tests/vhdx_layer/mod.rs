//! What the library makes of a VHDX file, for the tests that hold it to the oracle.

#![allow(dead_code, unreachable_pub)]

pub mod stand_in;

use vmspec_generated_tests::vhdx::entry::{Change, Draft};
use vmspec_generated_tests::vhdx::oracle::Log;
use vmspec_runtime::Result;
use vmspec_runtime::journal::{Appender, Overlay, Storage, StorageMut};

/// Replays the log of a file, and says how many entries that took; none where there was nothing to replay.
pub fn replay<S: StorageMut>(file: &mut S) -> Result<Option<usize>> {
    let journal = stand_in::journal(file)?;
    Ok(journal.replay(file, |_| Ok(()))?.map(|plan| plan.entries().len()))
}

/// A file as it would be after replay.
pub fn overlay<S: Storage>(mut file: S) -> Result<Overlay<S>> {
    stand_in::journal(&mut file)?.overlay(file)
}

/// The log of a file, to be written.
pub struct Writer {
    appender: Appender<stand_in::E>,
    log: Log,
}

impl Writer {
    /// Goes on behind what the log holds.
    pub fn open<S: Storage>(file: &mut S, log: Log) -> Result<Self> {
        let journal = stand_in::journal(file)?;
        let found = journal.scan(file)?;
        Ok(Self { appender: Appender::resume(journal.ring, journal.context, found.active), log })
    }

    /// Writes an entry with these changes; it is durable after that.
    pub fn append<S: StorageMut>(&mut self, file: &mut S, changes: &[Change]) -> Result<()> {
        let mut draft = Draft::new(self.log, 1, 0, changes.to_vec());
        self.appender.append(file, draft.length(), |slot| {
            draft.sequence = slot.last.map_or(1, |last| last.sequence + 1);
            draft.tail = slot.tail;
            Ok(draft.bytes())
        })
    }

    /// Does what the log says, so that its entries are no longer needed.
    pub fn apply<S: StorageMut>(&mut self, file: &mut S) -> Result<()> {
        self.appender.apply(file)
    }

    /// How many bytes the next entry may have.
    pub fn free(&self) -> u64 {
        self.appender.free()
    }

    /// Where the next entry goes, as an offset in the log.
    pub fn next(&self) -> u64 {
        self.appender.slot().start
    }
}
