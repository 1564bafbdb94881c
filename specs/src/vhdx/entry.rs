//! The log's entries as entries of a journal.

use super::{LogDescriptorBody, LogEntry, LogSector};
use crate::runtime::journal::{Entry, EntryBytes, Operation, Part, Storage, StorageReader, What};
use crate::runtime::{Endian, Guid, Result, SeekInput, Source, Wire, get, get_u32, get_u64, is_aligned, len64};
use crate::{Class, Error};

/// What the first bytes of an entry say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    length: u32,
    tail: u32,
    /// One more than that of the entry before.
    pub sequence: u64,
    log_guid: Guid,
    flushed_file_offset: u64,
    pub(super) last_file_offset: u64,
}

/// Length of a head, of which the first descriptor comes behind.
const HEAD: u64 = 64;
/// Length of a descriptor, and where in it the ends of a sector are.
const DESCRIPTOR: u64 = 32;
const TRAILING: Part = Part { at: 4, length: 4 };
const LEADING: Part = Part { at: 8, length: 8 };
const DATA: Part = Part { at: 8, length: 4084 };

impl LogHead {
    fn entry<S: Storage>(bytes: &mut EntryBytes<'_, S>) -> Result<LogEntry> {
        let mut source = Source::new(SeekInput(StorageReader::new(bytes)), 0);
        LogEntry::read_from(&mut source, Endian::Little, ())
    }
}

impl Entry for LogHead {
    /// The log's identifier and its length, which no tail reaches.
    type Context = (Guid, u64);

    const MARKED: bool = true;

    fn head(first: &[u8]) -> Result<Option<Self>> {
        let Some(b) = first.first_chunk::<64>().filter(|b| b.starts_with(b"loge")) else { return Ok(None) };
        let order = Endian::Little;
        let head = Self {
            length: get_u32::<8, 64>(b, order),
            tail: get_u32::<12, 64>(b, order),
            sequence: get_u64::<16, 64>(b, order),
            log_guid: Guid(*get::<32, 16, 64>(b)),
            flushed_file_offset: get_u64::<48, 64>(b, order),
            last_file_offset: get_u64::<56, 64>(b, order),
        };
        if !is_aligned(head.tail.into(), len64(LogSector::SIZE)) || head.sequence == 0 {
            return Err(Error::new(Class::Invalid, "a tail at a sector and a sequence number", head.tail));
        }
        Ok(Some(head))
    }

    fn length(&self) -> u64 {
        self.length.into()
    }

    fn accept(&self, (log_guid, length): &(Guid, u64)) -> bool {
        self.log_guid == *log_guid && u64::from(self.tail) < *length
    }

    fn validate<S: Storage>(&self, bytes: &mut EntryBytes<'_, S>) -> Result<()> {
        Self::entry(bytes).map(|_| ())
    }

    fn follows(&self, prev: &Self) -> bool {
        prev.sequence.checked_add(1) == Some(self.sequence)
    }

    fn newest(&self) -> i128 {
        self.sequence.into()
    }

    fn tail(&self) -> u64 {
        self.tail.into()
    }

    fn require(&self, length: u64) -> Result<()> {
        if self.flushed_file_offset <= length {
            return Ok(());
        }
        Err(Error::new(Class::Invalid, "a file that is at least `flushed_file_offset` long", length))
    }

    fn grow(&self) -> u64 {
        self.last_file_offset
    }

    fn operations<S: Storage>(
        &self,
        bytes: &mut EntryBytes<'_, S>,
        each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
    ) -> Result<()> {
        let entry = Self::entry(bytes)?;
        let sector = len64(LogSector::SIZE);
        let mut data = bytes.length().saturating_sub(len64(entry.sectors.len()).saturating_mul(sector));
        let mut here = HEAD;
        let part = |at: u64, part: Part| Part { at: at.saturating_add(part.at), length: part.length };
        for it in &entry.descriptors {
            let at = it.file_offset;
            match &it.body {
                LogDescriptorBody::Zero(zero) => each(Operation { at, what: What::Zeros(zero.length) })?,
                LogDescriptorBody::Data(_) => {
                    let parts = [part(here, LEADING), part(data, DATA), part(here, TRAILING)];
                    each(Operation { at, what: What::Bytes(&parts) })?;
                    data = data.saturating_add(sector);
                }
            }
            here = here.saturating_add(DESCRIPTOR);
        }
        Ok(())
    }
}
