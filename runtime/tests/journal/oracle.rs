//! The same rules, written down as plainly as can be: copies everything, tries everything, remembers nothing.

use crate::tiny::{RECORD, RECORDS};
use vmspec_runtime::crc32c;
use vmspec_runtime::journal::Ring;

/// What is to become of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no sequence to replay.
    NoSequence,
    /// The sequence may not be replayed to this file.
    Refused,
    /// The file after replay, and how many entries that took.
    Replayed { file: Vec<u8>, entries: usize },
}

/// An entry as a copy of its bytes.
#[derive(Clone)]
struct Copied {
    place: usize,
    bytes: Vec<u8>,
}

impl Copied {
    fn word(&self, at: usize) -> usize {
        u32::from_be_bytes(self.bytes[at..at + 4].try_into().unwrap()) as usize
    }

    fn long(&self, at: usize) -> u64 {
        u64::from_be_bytes(self.bytes[at..at + 8].try_into().unwrap())
    }

    fn strides(&self) -> usize {
        self.word(8)
    }

    fn records(&self) -> Vec<usize> {
        (0..self.word(24)).map(|i| RECORDS as usize + i * RECORD as usize).collect()
    }
}

pub struct Oracle<'a> {
    pub file: &'a [u8],
    pub ring: Ring,
    pub owner: u32,
    /// Lengths above this are refused.
    pub most: u64,
}

impl Oracle<'_> {
    fn stride(&self) -> usize {
        self.ring.stride() as usize
    }

    fn places(&self) -> usize {
        self.ring.size() as usize / self.stride()
    }

    fn strides_from(&self, place: usize, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for index in 0..count {
            let start = self.ring.at() as usize + (place + index) % self.places() * self.stride();
            bytes.extend_from_slice(&self.file[start..start + self.stride()]);
        }
        bytes
    }

    fn entry(&self, place: usize) -> Option<Copied> {
        let first = Copied { place, bytes: self.strides_from(place, 1) };
        if &first.bytes[..4] != b"REC!" || first.word(20) != self.owner as usize || first.word(16) == 0 {
            return None;
        }
        if !(1..=self.places()).contains(&first.strides()) {
            return None;
        }
        let whole = Copied { place, bytes: self.strides_from(place, first.strides()) };
        self.is_valid(&whole).then_some(whole)
    }

    fn is_valid(&self, entry: &Copied) -> bool {
        if RECORDS as usize + entry.word(24).saturating_mul(RECORD as usize) > self.stride() {
            return false;
        }
        let mut data = 0;
        for record in entry.records() {
            let is_data = entry.bytes[record] == b'd';
            let length = entry.long(record + 16);
            if !is_data && entry.bytes[record] != b'z' || entry.word(record + 4) != entry.word(16) {
                return false;
            }
            if is_data && (length == 0 || length > self.stride() as u64) {
                return false;
            }
            data += usize::from(is_data);
        }
        let mut zeroed = entry.bytes.clone();
        zeroed[4..8].fill(0);
        let marks = (1..entry.strides()).all(|i| entry.bytes[i * self.stride()] == b'+');
        entry.strides() == data + 1 && marks && crc32c(&zeroed) as usize == entry.word(4)
    }

    /// The sequence that starts at a place, as far as it goes.
    fn sequence(&self, place: usize, entries: &[Option<Copied>]) -> Vec<Copied> {
        let mut sequence: Vec<Copied> = Vec::new();
        let mut next = place;
        while let Some(entry) = entries[next].clone() {
            if sequence.last().is_some_and(|last| last.word(16) + 1 != entry.word(16)) {
                break;
            }
            next = (next + entry.strides()) % self.places();
            sequence.push(entry);
        }
        sequence
    }

    /// From every place in turn: the sequence there counts if its last entry's tail is in it.
    fn active(&self) -> Vec<Copied> {
        let mut active: Vec<Copied> = Vec::new();
        let entries: Vec<_> = (0..self.places()).map(|place| self.entry(place)).collect();
        for place in 0..self.places() {
            let mut sequence = self.sequence(place, &entries);
            let Some(last) = sequence.last().cloned() else { continue };
            let Some(tail) = sequence.iter().position(|it| it.place == last.word(12)) else { continue };
            if active.last().is_none_or(|best| last.word(16) > best.word(16)) {
                active = sequence.split_off(tail);
            }
        }
        active
    }

    pub fn verdict(&self) -> Verdict {
        let active = self.active();
        let Some(last) = active.last() else { return Verdict::NoSequence };
        if (self.file.len() as u64) < last.long(28) || !self.may_grow(last.long(36)) {
            return Verdict::Refused;
        }
        if active.iter().any(|it| it.records().into_iter().any(|record| !self.may_do(it, record))) {
            return Verdict::Refused;
        }
        let mut file = self.file.to_vec();
        for entry in &active {
            self.apply(entry, &mut file);
        }
        let grown = file.len().max(last.long(36) as usize);
        file.resize(grown, 0);
        Verdict::Replayed { file, entries: active.len() }
    }

    fn may_grow(&self, length: u64) -> bool {
        length <= self.most
    }

    fn may_do(&self, entry: &Copied, record: usize) -> bool {
        let (at, length) = (u128::from(entry.long(record + 8)), u128::from(entry.long(record + 16)));
        let (from, to) = (u128::from(self.ring.at()), u128::from(self.ring.end()));
        length == 0 || at + length <= u128::from(self.most) && (at + length <= from || at >= to)
    }

    fn apply(&self, entry: &Copied, file: &mut Vec<u8>) {
        let mut data = 0;
        for record in entry.records() {
            let (at, length) = (entry.long(record + 8) as usize, entry.long(record + 16) as usize);
            if length == 0 {
                continue;
            }
            file.resize(file.len().max(at + length), 0);
            if entry.bytes[record] == b'z' {
                file[at..at + length].fill(0);
            } else {
                data += self.stride();
                file[at] = entry.bytes[record + 1];
                file[at + 1..at + length].copy_from_slice(&entry.bytes[data + 1..data + length]);
            }
        }
    }
}
