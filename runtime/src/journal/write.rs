//! Writing what a replay changes: in the order of the storage, each byte once, neighbours together.

use super::bytes::CHUNK;
use super::ranges::{Origin, Ranges};
use super::{Ring, Storage, StorageMut};
use crate::{Error, Result, len64};
use alloc::vec;
use alloc::vec::Vec;

/// Writes ranges to a storage that had `was` bytes before it grew: what is behind them is zero already.
pub(super) fn ranges<S: StorageMut>(ranges: &Ranges, ring: Ring, was: u64, storage: &mut S) -> Result<()> {
    let mut gathered = Gathered { at: 0, room: Vec::new(), held: 0 };
    for range in ranges.iter() {
        match range.from {
            Origin::Zeros => {
                let n = range.end.min(was).saturating_sub(range.start);
                if n > 0 {
                    storage.write_zeros(range.start, n)?;
                }
            }
            Origin::Ring(inside) => gathered.copy(range.start, inside, range.length(), ring, storage)?,
        }
    }
    gathered.write(storage)
}

/// Reads `to` from an offset in the ring on.
pub(super) fn read_ring<S: Storage>(storage: &mut S, ring: Ring, inside: u64, to: &mut [u8]) -> Result<()> {
    let [first, second] = ring.ranges(inside, len64(to.len()));
    let n = usize::try_from(first.end.saturating_sub(first.start)).unwrap_or(usize::MAX);
    let (head, tail) = to.split_at_mut_checked(n).unwrap_or_default();
    storage.read_at(first.start, head)?;
    if tail.is_empty() { Ok(()) } else { storage.read_at(second.start, tail) }
}

/// Bytes that lie one behind the other in the storage and are written at once.
struct Gathered {
    at: u64,
    /// Room for them, which is made once and used again.
    room: Vec<u8>,
    held: usize,
}

impl Gathered {
    fn write<S: StorageMut>(&mut self, storage: &mut S) -> Result<()> {
        if self.held > 0 {
            storage.write_at(self.at, self.room.get(..self.held).unwrap_or_default())?;
            self.held = 0;
        }
        Ok(())
    }

    /// Adds `n` bytes of the ring that go to `at`.
    fn copy<S: StorageMut>(&mut self, at: u64, inside: u64, n: u64, ring: Ring, storage: &mut S) -> Result<()> {
        let (mut at, mut inside, mut left) = (at, inside, n);
        while left > 0 {
            let end = self.at.saturating_add(len64(self.held));
            if at != end || len64(self.held) >= CHUNK {
                self.write(storage)?;
                self.at = at;
            }
            let taken = self.take(inside, left, ring, storage)?;
            at = at.saturating_add(taken);
            inside = ring.after(inside, taken);
            left = left.saturating_sub(taken);
        }
        Ok(())
    }

    /// Takes up to `most` bytes of the ring, and says how many.
    fn take<S: Storage>(&mut self, inside: u64, most: u64, ring: Ring, storage: &mut S) -> Result<u64> {
        if self.room.is_empty() {
            let size = usize::try_from(CHUNK).map_err(|_| Error::limit("a buffer that fits into memory", CHUNK))?;
            self.room = vec![0; size];
        }
        let free = self.room.get_mut(self.held..).unwrap_or_default();
        let n = free.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        read_ring(storage, ring, inside, free.get_mut(..n).unwrap_or_default())?;
        self.held = self.held.saturating_add(n);
        Ok(len64(n))
    }
}
