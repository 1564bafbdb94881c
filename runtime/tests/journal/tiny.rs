//! A small journal format, made up for these tests. All numbers are big-endian.
//!
//! The first stride of an entry: `REC!`, crc32c of the entry, length and tail in strides, serial (u32 each, as are
//! the next two), owner, count of records, then u64 each: length that the storage must have, length that it gets.
//! Then the records, 24 bytes each. A `z` record makes zeros. A `d` record holds the first byte of its data; the
//! others are in a stride of their own, which starts with `+`, so that no such stride looks like the start of an
//! entry.

use vmspec_runtime::journal::{Entry, EntryBytes, Operation, Part, Ring, Storage, What};
use vmspec_runtime::{Class, Crc32c, Error, Result, crc32c};

pub const RECORDS: u64 = 44;
pub const RECORD: u64 = 24;

/// The head of an entry. `MARKED` is whether the runtime may rely on the `+` of the other strides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<const MARKED: bool> {
    stride: u64,
    strides: u64,
    tail: u64,
    pub serial: u32,
    pub owner: u32,
    count: u64,
    needs: u64,
    grows: u64,
}

pub type Marked = Head<true>;
pub type Unmarked = Head<false>;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn no(expected: &'static str) -> Error {
    Error::uncomputed(expected)
}

impl<const MARKED: bool> Entry for Head<MARKED> {
    type Context = u32;
    const MARKED: bool = MARKED;

    fn head(first: &[u8]) -> Result<Option<Self>> {
        if first.get(..4) != Some(b"REC!") {
            return Ok(None);
        }
        if word(first, 16) == 0 {
            return Err(no("a serial"));
        }
        let stride = first.len() as u64;
        Ok(Some(Self {
            stride,
            strides: word(first, 8).into(),
            tail: word(first, 12).into(),
            serial: word(first, 16),
            owner: word(first, 20),
            count: word(first, 24).into(),
            needs: long(first, 28),
            grows: long(first, 36),
        }))
    }

    fn length(&self) -> u64 {
        self.strides * self.stride
    }

    fn accept(&self, owner: &u32) -> bool {
        self.owner == *owner
    }

    fn validate<S: Storage>(&self, bytes: &mut EntryBytes<'_, S>) -> Result<()> {
        if self.count > (self.stride - RECORDS) / RECORD {
            return Err(no("records that fit"));
        }
        let mut data = 0;
        for index in 0..self.count {
            let record = bytes.block::<24>(RECORDS + index * RECORD)?;
            let length = long(&record, 16);
            match record[0] {
                b'z' => {}
                b'd' if (1..=self.stride).contains(&length) => {
                    data += 1;
                    if bytes.block(self.stride * data)? != *b"+" {
                        return Err(no("a stride of data"));
                    }
                }
                _ => return Err(no("a record")),
            }
            if word(&record, 4) != self.serial {
                return Err(no("records of this entry"));
            }
        }
        let sum: u64 = bytes.block(4).map(u32::from_be_bytes)?.into();
        let whole = self.strides == data + 1 && bytes.checksum(Crc32c::default(), 4..8)? == sum;
        if whole { Ok(()) } else { Err(Error::new(Class::Invalid, "a checksum", sum)) }
    }

    fn follows(&self, prev: &Self) -> bool {
        prev.serial.checked_add(1) == Some(self.serial)
    }

    fn newest(&self) -> i128 {
        self.serial.into()
    }

    fn tail(&self) -> u64 {
        self.tail * self.stride
    }

    fn require(&self, length: u64) -> Result<()> {
        if length >= self.needs { Ok(()) } else { Err(no("a longer storage")) }
    }

    fn grow(&self) -> u64 {
        self.grows
    }

    fn operations<S: Storage>(
        &self,
        bytes: &mut EntryBytes<'_, S>,
        each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut data = 0;
        for index in 0..self.count {
            let here = RECORDS + index * RECORD;
            let record = bytes.block::<24>(here)?;
            let (at, length) = (long(&record, 8), long(&record, 16));
            if record[0] == b'z' {
                each(Operation { at, what: What::Zeros(length) })?;
            } else {
                data += 1;
                let first = Part { at: here + 1, length: 1 };
                let rest = Part { at: self.stride * data + 1, length: length - 1 };
                each(Operation { at, what: What::Bytes(&[first, rest]) })?;
            }
        }
        Ok(())
    }
}

/// What a record does.
#[derive(Clone, Debug)]
pub enum Do {
    Zeros { at: u64, length: u64 },
    Data { at: u64, bytes: Vec<u8> },
}

/// An entry to be encoded. The tail is in strides.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub tail: u32,
    pub serial: u32,
    pub owner: u32,
    pub needs: u64,
    pub grows: u64,
    pub records: Vec<Do>,
}

impl Draft {
    /// How many strides it takes.
    pub fn strides(&self) -> usize {
        1 + self.records.iter().filter(|it| matches!(it, Do::Data { .. })).count()
    }

    pub fn encode(&self, stride: usize) -> Vec<u8> {
        let mut bytes = vec![0; stride * self.strides()];
        let numbers = [self.strides() as u32, self.tail, self.serial, self.owner, self.records.len() as u32];
        bytes[..4].copy_from_slice(b"REC!");
        for (index, number) in numbers.into_iter().enumerate() {
            bytes[8 + index * 4..][..4].copy_from_slice(&number.to_be_bytes());
        }
        bytes[28..36].copy_from_slice(&self.needs.to_be_bytes());
        bytes[36..44].copy_from_slice(&self.grows.to_be_bytes());
        let mut data = 0;
        for (index, record) in self.records.iter().enumerate() {
            let (kind, first, at, length) = match record {
                Do::Zeros { at, length } => (b'z', 0, *at, *length),
                Do::Data { at, bytes: put } => {
                    data += stride;
                    bytes[data] = b'+';
                    bytes[data + 1..][..put.len() - 1].copy_from_slice(&put[1..]);
                    (b'd', put[0], *at, put.len() as u64)
                }
            };
            let to = &mut bytes[RECORDS as usize + index * RECORD as usize..][..RECORD as usize];
            to[..2].copy_from_slice(&[kind, first]);
            to[4..8].copy_from_slice(&self.serial.to_be_bytes());
            to[8..16].copy_from_slice(&at.to_be_bytes());
            to[16..].copy_from_slice(&length.to_be_bytes());
        }
        seal(&mut bytes);
        bytes
    }
}

/// Makes the checksum right.
pub fn seal(entry: &mut [u8]) {
    entry[4..8].fill(0);
    let sum = crc32c(entry);
    entry[4..8].copy_from_slice(&sum.to_be_bytes());
}

/// Puts an entry into the ring of a file, at an offset in the ring.
pub fn place(file: &mut [u8], ring: Ring, start: u64, entry: &[u8]) {
    let mut left = entry;
    for range in ring.ranges(start, entry.len() as u64) {
        let to = &mut file[range.start as usize..range.end as usize];
        let (now, then) = left.split_at(to.len());
        to.copy_from_slice(now);
        left = then;
    }
}
