//! Log replay as MS-VHDX says it, as plainly as can be: every place of the log is decoded by itself, every sequence from
//! every place is followed, nothing is remembered or saved.
//!
//! The specification does not say everything. Where it does not:
//! - Headers that have the same sequence number must be the same, as real ones are, written by programs that never
//!   update them.
//! - `FlushedFileOffset` and `LastFileOffset` need not be multiples of 1 MiB: real ones are not.
//! - The room for a log lies in the file and behind the headers, also where the log is empty.
//! - A descriptor for the first 192 KiB makes its entry invalid: these are never logged. One for the log itself, or for
//!   bytes that no file can have, makes a log that cannot be replayed if it would be.

use std::ops::Range;

use super::{SECTOR, Sparse, checksum, u16_at, u32_at, u64_at};

/// The places of the headers.
pub const HEADERS: [u64; 2] = [64 << 10, 128 << 10];
/// The bytes that headers are in, which change when a log has been replayed.
pub const HEADER_BYTES: Range<u64> = 64 << 10..192 << 10;
/// What is before this is never logged: file identifier and headers.
pub const LOGGED_FROM: u64 = 192 << 10;
const MIB: u64 = 1 << 20;
/// The longest file there can be.
const LONGEST: u64 = i64::MAX as u64;

/// What is to become of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It must not be opened.
    Refuse(Refusal),
    /// There is nothing to replay.
    Clean,
    /// Its log is replayed.
    Replay(Replayed),
}

/// Why a file must not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// No current header.
    NoHeader,
    /// The current header says what it must not.
    Header,
    /// The log does not lie in the file.
    LogOutside,
    /// There is a log, but no sequence that counts.
    NoSequence,
    /// The file was longer when its log was written.
    Shortened,
    /// What is to be replayed would change the log, or bytes that no file has.
    Range,
}

/// A file after replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// How many entries that took.
    pub entries: usize,
    /// How many descriptors these have.
    pub descriptors: usize,
    /// The file, whose headers still say that there is a log.
    pub file: Sparse,
}

/// A header, or what of it the log is about.
struct Header {
    bytes: Vec<u8>,
}

impl Header {
    /// The header at a place, if its signature and checksum are right.
    fn valid(file: &Sparse, at: u64) -> Option<Self> {
        let bytes = file.read(at, 4096);
        let valid = at + 4096 <= file.length() && bytes.starts_with(b"head") && u32_at(&bytes, 4) == checksum(&bytes);
        valid.then_some(Self { bytes })
    }

    /// The current header of a file.
    fn current(file: &Sparse) -> Option<Self> {
        match HEADERS.map(|at| Self::valid(file, at)) {
            [None, None] => None,
            [Some(it), None] | [None, Some(it)] => Some(it),
            [Some(first), Some(second)] if first.sequence() > second.sequence() => Some(first),
            [Some(first), Some(second)] if first.sequence() < second.sequence() => Some(second),
            [Some(first), Some(second)] => (first.bytes == second.bytes).then_some(first),
        }
    }

    fn sequence(&self) -> u64 {
        u64_at(&self.bytes, 8)
    }

    fn is_allowed(&self) -> bool {
        let has_log = self.log().is_some();
        let (length, offset) = (u64::from(u32_at(&self.bytes, 68)), u64_at(&self.bytes, 72));
        u16_at(&self.bytes, 66) == 1
            && (u16_at(&self.bytes, 64) == 0 || !has_log)
            && length.is_multiple_of(MIB)
            && offset.is_multiple_of(MIB)
            && length <= 1 << 30
            && (length == 0 || offset >= MIB)
            && (!has_log || length > 0)
    }

    fn log(&self) -> Option<Log> {
        let guid: [u8; 16] = self.bytes[48..64].try_into().unwrap();
        let (length, offset) = (u64::from(u32_at(&self.bytes, 68)), u64_at(&self.bytes, 72));
        (guid != [0; 16]).then_some(Log { guid, at: offset, length })
    }
}

/// Where a log lies, and whose entries count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its identifier.
    pub guid: [u8; 16],
    /// Its offset in the file.
    pub at: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// The log of a file; none where there is none to be replayed.
///
/// # Errors
/// Why the file must not be opened.
pub fn log(file: &Sparse) -> Result<Option<Log>, Refusal> {
    let header = Header::current(file).ok_or(Refusal::NoHeader)?;
    if !header.is_allowed() {
        return Err(Refusal::Header);
    }
    let (length, offset) = (u64::from(u32_at(&header.bytes, 68)), u64_at(&header.bytes, 72));
    let inside = offset.checked_add(length).is_some_and(|end| end <= file.length());
    if inside || length == 0 { Ok(header.log()) } else { Err(Refusal::LogOutside) }
}

/// A valid entry.
#[derive(Clone, Debug)]
struct Entry {
    start: u64,
    length: u64,
    tail: u64,
    sequence: u64,
    flushed: u64,
    last: u64,
    operations: Vec<Operation>,
}

/// What a descriptor says is to be done.
#[derive(Clone, Debug)]
enum Operation {
    Zeros(Range<u128>),
    Data(u64, Vec<u8>),
}

impl Operation {
    fn range(&self) -> Range<u128> {
        match self {
            Self::Zeros(range) => range.clone(),
            Self::Data(at, bytes) => u128::from(*at)..u128::from(*at) + bytes.len() as u128,
        }
    }

    fn is_allowed(&self, log: Log) -> bool {
        let Range { start, end } = self.range();
        let (from, to) = (u128::from(log.at), u128::from(log.at + log.length));
        start == end || end <= u128::from(LONGEST) && (end <= from || start >= to)
    }

    fn apply(&self, file: &mut Sparse) {
        match self {
            Self::Data(at, bytes) => file.put(*at, bytes),
            Self::Zeros(range) if range.is_empty() => {}
            Self::Zeros(range) => {
                let (start, end) = (u64::try_from(range.start).unwrap(), u64::try_from(range.end).unwrap());
                file.resize(file.length().max(end));
                file.clear(start..end);
            }
        }
    }
}

/// So many bytes of the log from an offset in it on, which come round its end.
fn ring(file: &Sparse, log: Log, start: u64, n: u64) -> Vec<u8> {
    let first = n.min(log.length - start);
    let mut bytes = file.read(log.at + start, first as usize);
    bytes.extend(file.read(log.at, (n - first) as usize));
    bytes
}

/// The valid entry that starts at an offset in the log.
fn entry(file: &Sparse, log: Log, start: u64) -> Option<Entry> {
    let head = file.sector(log.at + start);
    let length = u64::from(u32_at(head, 8));
    if !head.starts_with(b"loge") || length == 0 || !length.is_multiple_of(SECTOR) || length > log.length {
        return None;
    }
    let bytes = ring(file, log, start, length);
    let (tail, sequence) = (u64::from(u32_at(&bytes, 12)), u64_at(&bytes, 16));
    let ours = bytes[32..48] == log.guid;
    if !ours || !tail.is_multiple_of(SECTOR) || tail >= log.length || sequence == 0 {
        return None;
    }
    let operations = operations(&bytes, sequence)?;
    let (flushed, last) = (u64_at(&bytes, 48), u64_at(&bytes, 56));
    let entry = Entry { start, length, tail, sequence, flushed, last, operations };
    (u32_at(&bytes, 4) == checksum(&bytes)).then_some(entry)
}

/// What an entry's descriptors say, if they and the data sectors are as they must be and there is nothing else.
fn operations(bytes: &[u8], sequence: u64) -> Option<Vec<Operation>> {
    let count = u64::from(u32_at(bytes, 24));
    let descriptors = (64 + 32 * count).div_ceil(SECTOR) * SECTOR;
    if descriptors > bytes.len() as u64 {
        return None;
    }
    let mut data = bytes[descriptors as usize..].chunks(4096);
    let mut operations = Vec::new();
    for descriptor in bytes[64..].chunks(32).take(count as usize) {
        let (at, number) = (u64_at(descriptor, 16), u64_at(descriptor, 24));
        if number != sequence || !at.is_multiple_of(SECTOR) || at < LOGGED_FROM {
            return None;
        }
        operations.push(match &descriptor[..4] {
            b"zero" => zeros(descriptor, at)?,
            b"desc" => Operation::Data(at, restored(descriptor, data.next()?, sequence)?),
            _ => return None,
        });
    }
    data.next().is_none().then_some(operations)
}

fn zeros(descriptor: &[u8], at: u64) -> Option<Operation> {
    let n = u64_at(descriptor, 8);
    n.is_multiple_of(SECTOR).then_some(Operation::Zeros(u128::from(at)..u128::from(at) + u128::from(n)))
}

/// The sector that a data descriptor and its data sector make together.
fn restored(descriptor: &[u8], sector: &[u8], sequence: u64) -> Option<Vec<u8>> {
    let number = u64::from(u32_at(sector, 4)) << 32 | u64::from(u32_at(sector, 4092));
    let valid = sector.starts_with(b"data") && number == sequence;
    valid.then(|| [&descriptor[8..16], &sector[8..4092], &descriptor[4..8]].concat())
}

/// The sequence that starts at a place, as far as it goes.
fn sequence(entries: &[Option<Entry>], place: usize, log: Log) -> Vec<&Entry> {
    let mut sequence: Vec<&Entry> = Vec::new();
    let mut place = place;
    while let Some(next) = &entries[place] {
        if sequence.last().is_some_and(|last| last.sequence.checked_add(1) != Some(next.sequence)) {
            break;
        }
        sequence.push(next);
        place = ((next.start + next.length) % log.length / SECTOR) as usize;
    }
    sequence
}

/// The active sequence, from its tail on: that of the greatest sequence number, the first of equal ones.
fn active(entries: &[Option<Entry>], log: Log) -> Vec<&Entry> {
    let mut active: Vec<&Entry> = Vec::new();
    for place in 0..entries.len() {
        let mut candidate = sequence(entries, place, log);
        let Some(head) = candidate.last().copied() else { continue };
        let Some(tail) = candidate.iter().position(|it| it.start == head.tail) else { continue };
        if active.last().is_none_or(|best| head.sequence > best.sequence) {
            active = candidate.split_off(tail);
        }
    }
    active
}

/// What is to become of a file.
#[must_use]
pub fn verdict(file: &Sparse) -> Verdict {
    let log = match log(file) {
        Err(why) => return Verdict::Refuse(why),
        Ok(None) => return Verdict::Clean,
        Ok(Some(log)) => log,
    };
    let entries: Vec<_> = (0..log.length / SECTOR).map(|place| entry(file, log, place * SECTOR)).collect();
    let active = active(&entries, log);
    let Some(head) = active.last() else { return Verdict::Refuse(Refusal::NoSequence) };
    if file.length() < head.flushed {
        return Verdict::Refuse(Refusal::Shortened);
    }
    let operations: Vec<_> = active.iter().flat_map(|it| &it.operations).collect();
    if head.last > LONGEST || !operations.iter().all(|it| it.is_allowed(log)) {
        return Verdict::Refuse(Refusal::Range);
    }
    let mut after = file.clone();
    for operation in &operations {
        operation.apply(&mut after);
    }
    after.resize(after.length().max(head.last));
    Verdict::Replay(Replayed { entries: active.len(), descriptors: operations.len(), file: after })
}
