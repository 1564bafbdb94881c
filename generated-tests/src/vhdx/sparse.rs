//! A file of mostly zeros in memory. It never holds more than what was written to it, whatever its length. Copies share
//! their sectors, and tables of them, so that a copy costs little and what two of them share is not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use vmspec_codegen::interpret::Bytes;
use vmspec_runtime::journal::{Storage, StorageMut};
use vmspec_runtime::{Class, Error, Result};

use super::SECTOR;

/// A sector that is not held.
static ZEROS: [u8; 4096] = [0; 4096];

/// How many sectors a table has.
const ROOM: u64 = 256;

/// Sectors that lie one behind the other, each if it is held.
#[derive(Clone)]
struct Table([Option<Arc<[u8; 4096]>>; ROOM as usize]);

impl Table {
    const EMPTY: Self = Self([const { None }; ROOM as usize]);

    /// Indices of the sectors that are held, in a table of this index.
    fn held(&self, table: u64) -> impl Iterator<Item = u64> + '_ {
        let index = move |(place, sector): (u64, &Option<_>)| sector.as_ref().map(|_| table * ROOM + place);
        (0..).zip(&self.0).filter_map(index)
    }
}

/// Bytes at offsets; what was never written is zero. Two are equal when their bytes are.
#[derive(Clone, Default)]
pub struct Sparse {
    tables: BTreeMap<u64, Arc<Table>>,
    length: u64,
    taken: u64,
}

impl Sparse {
    /// So many zeros.
    #[must_use]
    pub fn zeros(length: u64) -> Self {
        Self { tables: BTreeMap::new(), length, taken: 0 }
    }

    /// These bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut file = Self::zeros(bytes.len() as u64);
        for (index, chunk) in (0..).zip(bytes.chunks(4096)) {
            if *chunk != ZEROS[..chunk.len()] {
                file.put(index * SECTOR, chunk);
            }
        }
        file
    }

    /// How many bytes there are.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// How many bytes were read through [`Storage`].
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// Where sectors are held, in order. All others are zero.
    pub fn places(&self) -> impl Iterator<Item = u64> + '_ {
        self.tables.iter().flat_map(|(index, table)| table.held(*index)).map(|index| index * SECTOR)
    }

    /// The sector that starts at this multiple of its size.
    #[must_use]
    pub fn sector(&self, at: u64) -> &[u8; 4096] {
        self.held(at / SECTOR).unwrap_or(&ZEROS)
    }

    fn held(&self, index: u64) -> Option<&[u8; 4096]> {
        self.tables.get(&(index / ROOM))?.0[(index % ROOM) as usize].as_deref()
    }

    fn slot(&mut self, index: u64) -> &mut Option<Arc<[u8; 4096]>> {
        let table = self.tables.entry(index / ROOM).or_insert_with(|| Arc::new(Table::EMPTY));
        &mut Arc::make_mut(table).0[(index % ROOM) as usize]
    }

    /// The bytes of a range, with zeros past the end.
    #[must_use]
    pub fn read(&self, at: u64, n: usize) -> Vec<u8> {
        let mut bytes = vec![0; n];
        self.fill(at, &mut bytes);
        bytes
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.read(0, usize::try_from(self.length).expect("a file that fits into memory"))
    }

    /// Writes bytes, past the end too.
    pub fn put(&mut self, at: u64, bytes: &[u8]) {
        self.length = self.length.max(at + bytes.len() as u64);
        for (index, inside, part) in pieces(at, bytes.len()) {
            let sector = self.slot(index).get_or_insert_with(|| Arc::new(ZEROS));
            Arc::make_mut(sector)[inside.clone()].copy_from_slice(&bytes[part]);
        }
    }

    /// Makes a range zeros, which does not go past the end for that.
    pub fn clear(&mut self, range: Range<u64>) {
        let length = self.length;
        let end = range.end.min(length);
        if range.start >= end {
            return;
        }
        let (first, last) = (range.start / SECTOR, end.div_ceil(SECTOR));
        let tables = self.tables.range(first / ROOM..last.div_ceil(ROOM));
        let held: Vec<u64> = tables.flat_map(|(index, table)| table.held(*index)).collect();
        for index in held.into_iter().filter(|index| (first..last).contains(index)) {
            let (start, behind) = (index * SECTOR, (index + 1) * SECTOR);
            let slot = self.slot(index);
            if range.start <= start && end >= behind.min(length) {
                *slot = None;
            } else if let Some(sector) = slot {
                let inside = range.start.max(start) - start..end.min(behind) - start;
                Arc::make_mut(sector)[inside.start as usize..inside.end as usize].fill(0);
            }
        }
    }

    /// Cuts or extends it.
    pub fn resize(&mut self, length: u64) {
        self.clear(length..self.length);
        self.length = length;
    }

    /// The first multiple of [`SECTOR`] at which the bytes of two files are not the same, ranges apart that start and
    /// end at such multiples. `u64::MAX` stands for another length.
    #[must_use]
    pub fn first_difference(&self, other: &Self, apart: &[Range<u64>]) -> Option<u64> {
        let tables: BTreeSet<u64> = self.tables.keys().chain(other.tables.keys()).copied().collect();
        let compared = tables.into_iter().filter(|table| !self.shares(other, *table));
        let sectors = compared.flat_map(|table| (table * ROOM..(table + 1) * ROOM).map(|index| index * SECTOR));
        let mut looked_at = sectors.filter(|at| !apart.iter().any(|range| range.contains(at)));
        let different = looked_at.find(|at| !self.same_sector(other, *at));
        different.or((self.length != other.length).then_some(u64::MAX))
    }

    fn shares(&self, other: &Self, table: u64) -> bool {
        let both = self.tables.get(&table).zip(other.tables.get(&table));
        both.is_some_and(|(one, another)| Arc::ptr_eq(one, another))
    }

    fn same_sector(&self, other: &Self, at: u64) -> bool {
        std::ptr::eq(self.sector(at), other.sector(at)) || self.sector(at) == other.sector(at)
    }

    fn fill(&self, at: u64, to: &mut [u8]) {
        for (index, inside, part) in pieces(at, to.len()) {
            match self.held(index) {
                Some(sector) => to[part].copy_from_slice(&sector[inside]),
                None => to[part].fill(0),
            }
        }
    }
}

/// For the reference interpreter.
impl Bytes for Sparse {
    fn size(&self) -> u64 {
        self.length
    }

    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        if at.saturating_add(to.len() as u64) > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.fill(at, to);
        Ok(())
    }
}

/// The parts of a range that lie in one sector each: which sector, where in it, where in the range.
fn pieces(at: u64, n: usize) -> impl Iterator<Item = (u64, Range<usize>, Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let here = at + done as u64;
        let inside = (here % SECTOR) as usize;
        let size = (4096 - inside).min(n - done);
        let part = done..done + size;
        done = part.end;
        (size > 0).then_some((here / SECTOR, inside..inside + size, part))
    })
}

impl PartialEq for Sparse {
    fn eq(&self, other: &Self) -> bool {
        self.first_difference(other, &[]).is_none()
    }
}

impl fmt::Debug for Sparse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, {} sectors held", self.length, self.places().count())
    }
}

impl Storage for Sparse {
    fn len(&mut self) -> Result<u64> {
        Ok(self.length)
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let have = self.length.saturating_sub(offset);
        if have < to.len() as u64 {
            return Err(Error::short(Class::Truncated, offset, to.len() as u64, have));
        }
        self.taken += to.len() as u64;
        self.fill(offset, to);
        Ok(())
    }
}

impl StorageMut for Sparse {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.put(offset, bytes);
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        self.resize(length);
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn write_zeros(&mut self, offset: u64, n: u64) -> Result<()> {
        self.clear(offset..offset + n);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_bytes_that_were_written() {
        let (mut file, mut plain) = (Sparse::zeros(10_000), vec![0_u8; 10_000]);
        for (at, n) in [(0, 10), (4090, 12), (8191, 1), (100, 9000), (9990, 10)] {
            let bytes: Vec<u8> = (0..n).map(|i| (at + i) as u8 | 1).collect();
            file.put(at as u64, &bytes);
            plain[at..at + n].copy_from_slice(&bytes);
        }
        assert_eq!((file.bytes(), &file), (plain.clone(), &Sparse::from_bytes(&plain)));
        for range in [50..60, 4000..8192, 8192..9999] {
            file.clear(range.start as u64..range.end as u64);
            plain[range].fill(0);
            assert_eq!(file.bytes(), plain);
        }
        file.put(4999, &[1, 2]);
        file.resize(5000);
        file.resize(6000);
        assert_eq!((file.read(4998, 4), file.length()), (vec![0, 1, 0, 0], 6000));
    }

    #[test]
    fn differences_are_found() {
        let file = Sparse::from_bytes(&[1; 9000]);
        let mut other = file.clone();
        assert_eq!(file.first_difference(&other, &[]), None);
        other.put(8999, &[2]);
        assert_eq!(file.first_difference(&other, &[]), Some(8192));
        let apart = 8192..12_288;
        assert_eq!(file.first_difference(&other, &[apart]), None);
        other = file.clone();
        other.resize(9001);
        assert_eq!(file.first_difference(&other, &[]), Some(u64::MAX));
    }

    #[test]
    fn nothing_is_read_past_the_end() {
        let mut file = Sparse::from_bytes(&[7; 10]);
        let mut to = [0; 4];
        assert!(Storage::read_at(&mut file, 6, &mut to).is_ok() && to == [7; 4] && file.taken() == 4);
        assert_eq!(Storage::read_at(&mut file, 7, &mut to).map_err(|e| e.class()), Err(Class::Truncated));
    }
}
