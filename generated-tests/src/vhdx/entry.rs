//! Entries of a log, made field by field, and wrong wherever a test wants them to be.

use super::oracle::Log;
use super::{SECTOR, Sparse, put_checksum};

/// What a descriptor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The sector at this offset becomes [`payload`] of this number.
    Data(u64, u64),
    /// So many bytes from this offset on become zeros.
    Zeros(u64, u64),
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The log that it says it belongs to.
    pub guid: [u8; 16],
    /// Its sequence number.
    pub sequence: u64,
    /// Its tail: an offset in the log.
    pub tail: u64,
    /// How long the file was when it was written.
    pub flushed: u64,
    /// How long the file is at least.
    pub last: u64,
    /// Its descriptors.
    pub changes: Vec<Change>,
    /// Bytes put at offsets of the entry before its checksum is worked out.
    pub patches: Vec<(u64, Vec<u8>)>,
}

impl Draft {
    /// An entry that belongs to a log and is a sequence of its own.
    #[must_use]
    pub fn new(log: Log, sequence: u64, start: u64, changes: Vec<Change>) -> Self {
        Self { guid: log.guid, sequence, tail: start, flushed: 0, last: 0, changes, patches: Vec::new() }
    }

    /// How many bytes its header and its descriptors take, to the end of their last sector.
    #[must_use]
    pub fn descriptor_bytes(&self) -> u64 {
        (64 + 32 * self.changes.len() as u64).next_multiple_of(SECTOR)
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        let data = self.changes.iter().filter(|it| matches!(it, Change::Data(..))).count();
        self.descriptor_bytes() + data as u64 * SECTOR
    }

    /// Its bytes. A patch that does not lie in it is left out.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header();
        self.changes.iter().for_each(|it| bytes.extend(it.descriptor(self.sequence)));
        bytes.resize(bytes.len().next_multiple_of(4096), 0);
        for change in &self.changes {
            if let Change::Data(_, number) = change {
                bytes.extend(data_sector(*number, self.sequence));
            }
        }
        for (at, patch) in &self.patches {
            let at = usize::try_from(*at).unwrap();
            if let Some(to) = bytes.get_mut(at..at + patch.len()) {
                to.copy_from_slice(patch);
            }
        }
        put_checksum(&mut bytes);
        bytes
    }

    fn header(&self) -> Vec<u8> {
        let mut bytes = b"loge\0\0\0\0".to_vec();
        bytes.extend(u32::try_from(self.length()).unwrap().to_le_bytes());
        bytes.extend(u32::try_from(self.tail).unwrap().to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend(u32::try_from(self.changes.len()).unwrap().to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(self.guid);
        bytes.extend(self.flushed.to_le_bytes());
        bytes.extend(self.last.to_le_bytes());
        bytes
    }
}

impl Change {
    fn descriptor(&self, sequence: u64) -> Vec<u8> {
        let (mut bytes, at) = match self {
            Self::Data(at, number) => {
                let payload = payload(*number);
                ([b"desc", &payload[4092..], &payload[..8]].concat(), at)
            }
            Self::Zeros(at, n) => ([&b"zero\0\0\0\0"[..], &n.to_le_bytes()].concat(), at),
        };
        bytes.extend(at.to_le_bytes());
        bytes.extend(sequence.to_le_bytes());
        bytes
    }
}

/// A sector that is like that of no other number, at its start and at its end too.
#[must_use]
pub fn payload(number: u64) -> [u8; 4096] {
    let mut payload = [number.to_le_bytes()[0] ^ 0x5a; 4096];
    payload[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    payload[8..16].copy_from_slice(&number.to_be_bytes());
    payload[4084..4092].copy_from_slice(&number.to_le_bytes());
    payload.copy_within(2..6, 4092);
    payload
}

fn data_sector(number: u64, sequence: u64) -> Vec<u8> {
    let [a, b, c, d, high @ ..] = sequence.to_le_bytes();
    [b"data", &high[..], &payload(number)[8..4092], &[a, b, c, d]].concat()
}

/// Writes bytes into a log from an offset in it on, round its end.
pub fn place(file: &mut Sparse, log: Log, start: u64, bytes: &[u8]) {
    let first = usize::try_from(log.length - start).unwrap().min(bytes.len());
    file.put(log.at + start, &bytes[..first]);
    file.put(log.at, &bytes[first..]);
}

/// Writes entries one behind the other, of which each goes on from the one before: the first at `start`, which is the
/// tail of all. It gives the offset behind the last one.
pub fn place_sequence(file: &mut Sparse, log: Log, start: u64, drafts: &[Draft]) -> u64 {
    let mut next = start;
    for draft in drafts {
        let bytes = Draft { tail: start, ..draft.clone() }.bytes();
        place(file, log, next, &bytes);
        next = (next + bytes.len() as u64) % log.length;
    }
    next
}
