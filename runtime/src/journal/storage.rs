//! What a journal lies in and is replayed to: bytes at offsets, with a length that can be set. And memory as one.

use crate::{Class, Error, Result, len64};
use alloc::vec::Vec;

/// Bytes at offsets, to be read. Offsets and lengths are in bytes from the start of the storage.
pub trait Storage {
    /// Whether [`Storage::lend`] lends every range inside. Where not, what is looked at is read into a buffer first.
    const LENDS: bool = false;

    /// How many bytes there are. Called `len` for short; it may ask the device.
    ///
    /// # Errors
    /// Those of the device.
    fn len(&mut self) -> Result<u64>;

    /// Fills `to` with the bytes from `offset` on.
    ///
    /// # Errors
    /// `truncated` where that goes past the end; `io` where the device fails.
    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()>;

    /// The `n` bytes from `offset` on, without copying them; none past the end, or where nothing is held in memory.
    fn lend(&self, _offset: u64, _n: usize) -> Option<&[u8]> {
        None
    }

    /// Whether there is not a byte.
    ///
    /// # Errors
    /// Those of [`Storage::len`].
    fn is_empty(&mut self) -> Result<bool> {
        self.len().map(|n| n == 0)
    }
}

/// A storage that can be written. What was written may be lost or reordered in a crash until [`StorageMut::flush`]
/// returns.
pub trait StorageMut: Storage {
    /// Writes all of `bytes` from `offset` on, past the end too: what lies between becomes zeros.
    ///
    /// # Errors
    /// Those of the device.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()>;

    /// Cuts or extends to `length` bytes, with zeros.
    ///
    /// # Errors
    /// Those of the device; `limit` for more than it can hold.
    fn set_len(&mut self, length: u64) -> Result<()>;

    /// Returns once all that was written, and the length, will outlast a crash.
    ///
    /// # Errors
    /// Those of the device.
    fn flush(&mut self) -> Result<()>;

    /// Makes `n` bytes from `offset` on zeros. The journal asks for nothing past the end. Without a better way it
    /// writes them, 64 KiB at a time; a device that has holes should make one.
    ///
    /// # Errors
    /// Those of the device.
    fn write_zeros(&mut self, offset: u64, n: u64) -> Result<()> {
        let (mut at, mut left) = (offset, n);
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
            self.write_at(at, ZEROS.get(..step).unwrap_or_default())?;
            at = at.saturating_add(len64(step));
            left = left.saturating_sub(len64(step));
        }
        Ok(())
    }
}

static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

impl<S: Storage> Storage for &mut S {
    const LENDS: bool = S::LENDS;

    fn len(&mut self) -> Result<u64> {
        (**self).len()
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        (**self).read_at(offset, to)
    }

    fn lend(&self, offset: u64, n: usize) -> Option<&[u8]> {
        (**self).lend(offset, n)
    }
}

impl<S: StorageMut> StorageMut for &mut S {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        (**self).write_at(offset, bytes)
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        (**self).set_len(length)
    }

    fn flush(&mut self) -> Result<()> {
        (**self).flush()
    }

    fn write_zeros(&mut self, offset: u64, n: u64) -> Result<()> {
        (**self).write_zeros(offset, n)
    }
}

impl Storage for &[u8] {
    const LENDS: bool = true;

    fn len(&mut self) -> Result<u64> {
        Ok(len64(<[u8]>::len(self)))
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        copy(self, offset, to)
    }

    fn lend(&self, offset: u64, n: usize) -> Option<&[u8]> {
        range(self, offset, n)
    }
}

/// A storage in memory, which never grows beyond `most` bytes: what a journal asks for is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    bytes: Vec<u8>,
    most: usize,
}

impl Memory {
    /// The bytes, and how many there may ever be.
    #[must_use]
    pub fn new(bytes: Vec<u8>, most: usize) -> Self {
        Self { bytes, most }
    }

    /// The bytes as they are.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, given back.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// At least `length` bytes.
    fn reach(&mut self, length: u64) -> Result<()> {
        if length > len64(self.bytes.len()) { self.set_len(length) } else { Ok(()) }
    }
}

impl Storage for Memory {
    const LENDS: bool = true;

    fn len(&mut self) -> Result<u64> {
        Ok(len64(self.bytes.len()))
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        copy(&self.bytes, offset, to)
    }

    fn lend(&self, offset: u64, n: usize) -> Option<&[u8]> {
        range(&self.bytes, offset, n)
    }
}

impl StorageMut for Memory {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let end = offset.saturating_add(len64(bytes.len()));
        self.reach(end)?;
        let start = usize::try_from(offset).ok();
        let to = start.and_then(|start| self.bytes.get_mut(start..)?.get_mut(..bytes.len()));
        let Some(to) = to else { return Err(too_long(end, self.most)) };
        to.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        let Some(length) = usize::try_from(length).ok().filter(|n| *n <= self.most) else {
            return Err(too_long(length, self.most));
        };
        let more = length.saturating_sub(self.bytes.len());
        if self.bytes.try_reserve(more).is_err() {
            return Err(too_long(len64(length), self.most));
        }
        self.bytes.resize(length, 0);
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// `n` bytes of a slice from `offset` on.
fn range(bytes: &[u8], offset: u64, n: usize) -> Option<&[u8]> {
    bytes.get(usize::try_from(offset).ok()?..)?.get(..n)
}

fn copy(bytes: &[u8], offset: u64, to: &mut [u8]) -> Result<()> {
    let Some(from) = range(bytes, offset, to.len()) else {
        let have = len64(bytes.len()).saturating_sub(offset);
        return Err(Error::short(Class::Truncated, offset, len64(to.len()), have));
    };
    to.copy_from_slice(from);
    Ok(())
}

#[cold]
fn too_long(length: u64, most: usize) -> Error {
    Error::limit(alloc::format!("a storage of at most {most} bytes"), length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn memory_grows_with_zeros_and_no_further_than_told() {
        let mut memory = Memory::new(vec![1; 4], 16);
        assert!(memory.write_at(6, &[2, 2]).is_ok());
        assert_eq!(memory.bytes(), [1, 1, 1, 1, 0, 0, 2, 2]);
        assert!(memory.write_zeros(1, 2).is_ok() && memory.set_len(7).is_ok());
        assert_eq!(memory.bytes(), [1, 0, 0, 1, 0, 0, 2]);
        for (offset, bytes) in [(15, &[3, 3][..]), (u64::MAX, &[3])] {
            let refused = memory.write_at(offset, bytes).map_err(|e| e.class());
            assert_eq!(refused, Err(Class::Limit));
        }
        assert_eq!(memory.set_len(u64::MAX).map_err(|e| e.class()), Err(Class::Limit));
        assert_eq!(memory.into_bytes().len(), 7);
    }

    #[test]
    fn reading_past_the_end_is_truncated() {
        let mut bytes: &[u8] = &[1, 2, 3];
        let mut two = [0; 2];
        assert!(bytes.read_at(1, &mut two).is_ok() && two == [2, 3]);
        let failed = bytes.read_at(2, &mut two).map_err(|e| (e.class(), e.offset()));
        assert_eq!(failed, Err((Class::Truncated, Some(2))));
        assert_eq!((bytes.lend(u64::MAX, 1), bytes.lend(2, 1), bytes.lend(2, 2)), (None, Some(&[3][..]), None));
    }
}
