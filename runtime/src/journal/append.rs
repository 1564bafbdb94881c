//! Writing the journal: an entry goes behind the last one, and space is used again when a durable entry no longer
//! needs it.

use super::bytes::RingReader;
use super::plan::Changes;
use super::{Entry, Placed, Ring, Storage, StorageMut, scan};
use crate::{Class, Error, Found, Result, len64};
use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;

/// Appends entries to a journal.
///
/// After a crash at any write or flush of [`Appender::append`] the journal holds what it held before, or that and the
/// new entry. So an entry never goes where the sequence that is durable lies. That one starts at the tail that its
/// last entry names, which is not the newest tail there could be: space is free once an entry with a later tail has
/// been written.
#[derive(Debug)]
pub struct Appender<E: Entry> {
    ring: Ring,
    context: E::Context,
    /// The durable sequence, from the tail that its last entry names.
    entries: VecDeque<Placed<E>>,
    /// How many of them, from the front, the next entry's tail passes over.
    applied: usize,
    /// Offset in the ring behind the last entry.
    next: u64,
}

/// Where the next entry goes, and what it has to say for that.
#[derive(Debug)]
pub struct Slot<'a, E> {
    /// Offset from the ring's start at which it starts.
    pub start: u64,
    /// Offset from the ring's start that it names as its tail: of the first entry not applied yet, or its own.
    pub tail: u64,
    /// The entry it follows; none when it is the first.
    pub last: Option<&'a E>,
}

impl<E: Entry> Appender<E> {
    /// Starts an empty journal at the ring's start. The ring itself is not written: what it holds must be of no
    /// account.
    ///
    /// # Errors
    /// Class `invalid` when the ring holds a valid entry that would be accepted: it could be taken for one of the new
    /// sequence. Those of [`scan`].
    pub fn start<S: Storage>(ring: Ring, context: E::Context, storage: &mut S) -> Result<Self> {
        let found = scan::<E, _>(storage, ring, &context)?;
        if found.valid > 0 {
            let expected = "a ring without an entry that belongs to this journal";
            return Err(Error::new(Class::Invalid, expected, found.valid).located(ring.at()));
        }
        Ok(Self::resume(ring, context, Vec::new()))
    }

    /// Goes on behind the active sequence of a scan.
    pub fn resume(ring: Ring, context: E::Context, active: Vec<Placed<E>>) -> Self {
        let next = active.last().map_or(0, |it| ring.after(it.start, it.length));
        Self { ring, context, entries: active.into(), applied: 0, next }
    }

    /// Bytes that the next entry may have.
    #[must_use]
    pub fn free(&self) -> u64 {
        let used = self.entries.iter().fold(0_u64, |sum, it| sum.saturating_add(it.length));
        self.ring.size().saturating_sub(used)
    }

    /// The entries that a replay would now go through, in order.
    pub fn entries(&self) -> impl Iterator<Item = &Placed<E>> {
        self.entries.iter()
    }

    /// Where the next entry goes.
    #[must_use]
    pub fn slot(&self) -> Slot<'_, E> {
        let tail = self.entries.get(self.applied).map_or(self.next, |it| it.start);
        Slot { start: self.next, tail, last: self.entries.back().map(|it| &it.entry) }
    }

    /// Places an entry of `length` bytes behind the last one and returns once it is durable. `encode` makes its bytes.
    ///
    /// # Errors
    /// Class `limit` when there is no room for it; `invalid` when `encode` gives bytes that a scan would not take for
    /// the next entry, or operations that no replay would do. Nothing has been written then. Those of `encode` and
    /// the storage.
    pub fn append<S: StorageMut>(
        &mut self,
        storage: &mut S,
        length: u64,
        encode: impl FnOnce(&Slot<'_, E>) -> Result<Vec<u8>>,
    ) -> Result<()> {
        self.ring.check_length(length)?;
        if length > self.free() {
            let expected = format!("an entry of at most {} bytes, as the journal has no more room", self.free());
            return Err(Error::limit(expected, length).located(self.ring.offset(self.next)));
        }
        let bytes = encode(&self.slot())?;
        let entry = self.check(&bytes, length)?;
        self.write(storage, &bytes)?;
        storage.flush()?;
        self.entries.drain(..self.applied.min(self.entries.len()));
        self.applied = 0;
        self.entries.push_back(Placed { start: self.next, length, entry });
        self.next = self.ring.after(self.next, length);
        Ok(())
    }

    /// Notes that what the first `count` of [`Appender::entries`] say has been done to the storage and flushed. The
    /// next entry names the one behind them as its tail, and then their space is free.
    pub fn applied(&mut self, count: usize) {
        self.applied = self.applied.max(count.min(self.entries.len()));
    }

    /// Does to the storage what the entries say, flushes, and notes that as [`Appender::applied`] does.
    ///
    /// # Errors
    /// Those of [`Entry::operations`] and the storage.
    pub fn apply<S: StorageMut>(&mut self, storage: &mut S) -> Result<()> {
        let mut changes = Changes::new(self.ring, storage.len()?);
        let mut reader = RingReader::new(&mut *storage, self.ring);
        for it in self.entries.iter().skip(self.applied) {
            changes.add(&it.entry, &mut reader.entry(it.start, it.length))?;
        }
        if let Some(last) = self.entries.back() {
            changes.reach(last.entry.grow())?;
        }
        changes.write(storage)?;
        storage.flush()?;
        self.applied = self.entries.len();
        Ok(())
    }

    /// Empties the journal, to go on with another context. That it is empty must be durable first, by the format's
    /// own means: an identifier that is no longer current, a journal that is not live.
    ///
    /// # Errors
    /// Those of [`Appender::start`].
    pub fn reset<S: Storage>(&mut self, context: E::Context, storage: &mut S) -> Result<()> {
        *self = Self::start(self.ring, context, storage)?;
        Ok(())
    }

    /// The entry that bytes are, if a scan would take them for the next one.
    fn check(&self, bytes: &[u8], length: u64) -> Result<E> {
        let offset = self.ring.offset(self.next);
        let wrong = |expected: &'static str| Error::new(Class::Invalid, expected, Found::Nothing).located(offset);
        let stride = usize::try_from(self.ring.stride()).ok();
        let first = stride.and_then(|stride| bytes.get(..stride));
        if len64(bytes.len()) != length {
            return Err(Error::new(Class::Invalid, format!("{length} bytes of an entry"), bytes.len()).located(offset));
        }
        let entry = first.map_or(Ok(None), E::head)?.ok_or_else(|| wrong("bytes that are an entry"))?;
        let slot = self.slot();
        let ours = entry.length() == length && entry.tail() == slot.tail && entry.accept(&self.context);
        if !ours || slot.last.is_some_and(|last| !entry.follows(last)) {
            return Err(wrong("an entry that belongs to this journal and follows its last one"));
        }
        let mut reader = RingReader::new(bytes, Ring::new(0, length, self.ring.stride())?);
        entry.validate(&mut reader.entry(0, length))?;
        Changes::new(self.ring, 0).add(&entry, &mut reader.entry(0, length))?;
        Ok(entry)
    }

    fn write<S: StorageMut>(&self, storage: &mut S, bytes: &[u8]) -> Result<()> {
        let [first, second] = self.ring.ranges(self.next, len64(bytes.len()));
        let n = usize::try_from(first.end.saturating_sub(first.start)).unwrap_or(usize::MAX);
        let (head, tail) = bytes.split_at_checked(n).unwrap_or_default();
        storage.write_at(first.start, head)?;
        if tail.is_empty() { Ok(()) } else { storage.write_at(second.start, tail) }
    }
}
