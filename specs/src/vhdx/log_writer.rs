//! Changing tables by way of the log, so that a crash leaves the old ones or the new ones.

use super::draft::{Change, Draft, Sector, Step};
use super::{
    Headers, LogDescriptor, LogDescriptorBody, LogDescriptorBodyData, LogDescriptorBodyZero, LogEntry, LogSector, MIB,
    NO_GUID, SECTOR, VhdxLogContext, VhdxLogHead,
};
use crate::runtime::journal::{Appender, Plan, Ring, Slot, Storage, StorageMut};
use crate::runtime::{Guid, Padding, Reserved, Result, Wire, align_down, align_up};
use crate::{Class, Error};
use alloc::format;
use alloc::vec::Vec;
use core::array;

/// The identifiers that a session of changes needs. Each must be new and random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogGuids {
    /// By it whoever has seen the file before learns that it changed.
    pub file_write: Guid,
    /// By it children of the disk learn that what the guest sees changed. None where it does not.
    pub data_write: Option<Guid>,
    /// What entries of this session have.
    pub log: Guid,
}

/// Writes changes into the log of a file, and from there into the file.
///
/// What [`LogWriter::append`] is given is one entry: after a crash it is there as a whole or not at all. It takes effect
/// in the file with [`LogWriter::apply`]; until then only the log has it, and the file is to be read through
/// [`overlay`](super::overlay). [`LogWriter::finish`] applies all and leaves a clean file. A writer that is dropped
/// leaves a file that has to be replayed.
///
/// What has been logged may not be written in any other way until the writer has finished: a replay would undo that.
/// After an error of the storage the writer can no longer be used, and the file is to be replayed.
#[derive(Debug)]
pub struct LogWriter {
    headers: Headers,
    ring: Ring,
    appender: Appender<VhdxLogHead>,
    log_guid: Guid,
}

impl LogWriter {
    /// Starts a session in a clean file. The log gets an entry that changes nothing, and then the headers name the log:
    /// at any time it can be replayed.
    ///
    /// # Errors
    /// Those of [`Headers::read`]; class `invalid` for a file whose log must be replayed first, one without a log, and
    /// `guids` that are not new; those of the storage.
    pub fn start<S: StorageMut>(storage: &mut S, guids: LogGuids) -> Result<Self> {
        let headers = Headers::read(storage)?;
        if headers.is_dirty() {
            return Err(Error::new(Class::Invalid, "a file whose log has been replayed", 0_u8).field("log", 0));
        }
        if guids.log == NO_GUID || guids.file_write == headers.current().file_write_guid {
            return Err(Error::new(Class::Invalid, "identifiers that are new", 0_u8).field("log", 0));
        }
        // To name the log, and after a crash to replay it.
        headers.check_updates(3)?;
        let Some(journal) = headers.journal()? else {
            return Err(Error::new(Class::Invalid, "a file with room for a log", 0_u8).field("log", 0));
        };
        let context = VhdxLogContext { header_log_guid: guids.log, ..journal.context };
        let appender = Appender::start(journal.ring, context, storage)?;
        let mut writer = Self { headers, ring: journal.ring, appender, log_guid: guids.log };
        writer.append_steps(storage, &[])?;
        writer.headers.update(storage, |header| {
            header.file_write_guid = guids.file_write;
            header.data_write_guid = guids.data_write.unwrap_or(header.data_write_guid);
            header.log_guid = guids.log;
        })?;
        Ok(writer)
    }

    /// Logs changes as one entry, in this order. They are durable when this returns, and nothing was written when it
    /// fails for another reason than the storage.
    ///
    /// # Errors
    /// Class `limit` when the log has no room for them; [`LogWriter::checkpoint`] makes some. `invalid` for a change of
    /// what is never logged: the headers, what comes before them, and the log itself. Those of the storage.
    pub fn append<S: StorageMut>(&mut self, storage: &mut S, changes: &[Change<'_>]) -> Result<()> {
        let steps = self.steps(storage, changes)?;
        self.append_steps(storage, &steps)
    }

    /// Logs changes as however many entries are needed, in this order, and makes room where there is none. A crash
    /// leaves those that the first entries have.
    ///
    /// # Errors
    /// Those of [`LogWriter::append`], with changes made up to there.
    pub fn append_all<S: StorageMut>(&mut self, storage: &mut S, changes: &[Change<'_>]) -> Result<()> {
        let steps = self.steps(storage, changes)?;
        self.spread(storage, &steps)
    }

    /// Does what the log says to the file. It stays in the log until there is an entry that says otherwise.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn apply<S: StorageMut>(&mut self, storage: &mut S) -> Result<()> {
        self.appender.apply(storage)
    }

    /// Applies all, and frees the room that it took in the log.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn checkpoint<S: StorageMut>(&mut self, storage: &mut S) -> Result<()> {
        self.apply(storage)?;
        self.encode(storage, &[], |_| true)
    }

    /// Applies all, and says in the headers that the log is empty.
    ///
    /// # Errors
    /// Those of [`Headers::update`] and of the storage.
    pub fn finish<S: StorageMut>(mut self, storage: &mut S) -> Result<()> {
        self.apply(storage)?;
        self.headers.update(storage, |header| header.log_guid = NO_GUID)
    }

    /// Bytes that the next entry may have. One sector more is kept free, so that there is always room for the entry
    /// that frees the others.
    #[must_use]
    pub fn room(&self) -> u64 {
        self.appender.free().saturating_sub(SECTOR)
    }

    /// The changes as sectors, over the file as the log makes it.
    fn steps<S: Storage>(&self, storage: &mut S, changes: &[Change<'_>]) -> Result<Vec<Step>> {
        let entries = self.appender.entries().cloned().collect();
        let plan = Plan::<VhdxLogHead>::new(entries, self.ring, storage)?;
        let mut draft = Draft::new(plan.overlay(storage));
        changes.iter().try_for_each(|change| draft.add(change))?;
        Ok(draft.into_steps())
    }

    fn append_steps<S: StorageMut>(&mut self, storage: &mut S, steps: &[Step]) -> Result<()> {
        let room = self.room();
        self.encode(storage, steps, |length| length <= room)
    }

    /// Halves what does not fit even into an empty log.
    fn spread<S: StorageMut>(&mut self, storage: &mut S, steps: &[Step]) -> Result<()> {
        match self.append_steps(storage, steps) {
            Err(e) if e.class() == Class::Limit => {}
            done => return done,
        }
        self.checkpoint(storage)?;
        match self.append_steps(storage, steps) {
            Err(e) if e.class() == Class::Limit && steps.len() > 1 => {}
            done => return done,
        }
        let (first, second) = steps.split_at_checked(steps.len().div_ceil(2)).unwrap_or_default();
        self.spread(storage, first)?;
        self.spread(storage, second)
    }

    fn encode<S: StorageMut>(&mut self, storage: &mut S, steps: &[Step], fits: impl FnOnce(u64) -> bool) -> Result<()> {
        // Its length is promised to be there after a crash.
        storage.flush()?;
        let flushed = storage.len()?;
        let logged = self.appender.entries().map(|it| it.entry.last_file_offset);
        let end = logged.chain(steps.iter().map(Step::end)).fold(flushed, u64::max);
        let mut entry = LogEntry {
            tail: 0,
            sequence: 0,
            reserved: Reserved::ZERO,
            log_guid: self.log_guid,
            flushed_file_offset: align_down(flushed, MIB).unwrap_or(0),
            last_file_offset: align_up(end, MIB).unwrap_or(end),
            descriptors: steps.iter().map(descriptor).collect(),
            pad: Padding::Zero,
            sectors: steps.iter().filter_map(sector).collect(),
        };
        let length = entry.wire_len(());
        if !fits(length) {
            let expected = format!("changes that take at most {} bytes of the log", self.room());
            return Err(Error::limit(expected, length).field("log", 0));
        }
        self.appender.append(storage, length, |slot| bytes(&mut entry, slot))
    }
}

/// The entry's bytes where it lies.
fn bytes(entry: &mut LogEntry, slot: &Slot<'_, VhdxLogHead>) -> Result<Vec<u8>> {
    entry.tail = u32::try_from(slot.tail).map_err(|_| Error::limit("a log of at most 4 GiB", slot.tail))?;
    let last = slot.last.map_or(0, |last| last.sequence);
    entry.sequence = last.checked_add(1).ok_or_else(|| Error::limit("a sequence number that can still grow", last))?;
    let mut bytes = Vec::new();
    entry.write_to(&mut bytes)?;
    Ok(bytes)
}

fn descriptor(step: &Step) -> LogDescriptor {
    match step {
        Step::Zeros { at, length } => {
            let zero = LogDescriptorBodyZero { reserved: Reserved::ZERO, length: *length };
            LogDescriptor { body: LogDescriptorBody::Zero(zero), file_offset: *at }
        }
        Step::Data { at, sector } => LogDescriptor { body: LogDescriptorBody::Data(parts(sector).0), file_offset: *at },
    }
}

fn sector(step: &Step) -> Option<LogSector> {
    match step {
        Step::Zeros { .. } => None,
        Step::Data { sector, .. } => Some(parts(sector).1),
    }
}

/// A sector as the log has it: its first and last bytes, and what lies between. The types say how many these are.
fn parts(sector: &Sector) -> (LogDescriptorBodyData, LogSector) {
    let mut rest = sector.iter().copied();
    let (leading, data, trailing) = (next(&mut rest), next(&mut rest), next(&mut rest));
    (LogDescriptorBodyData { trailing, leading }, LogSector { data })
}

fn next<const N: usize>(bytes: &mut impl Iterator<Item = u8>) -> [u8; N] {
    array::from_fn(|_| bytes.next().unwrap_or(0))
}
