//! Any storage as a reader with a position, so that whatever reads files reads it: `SeekInput`, binrw, an entry's own
//! reader.

use super::Storage;
use crate::len64;
use binrw::io::{self, Read, Seek, SeekFrom};

/// A storage with a position.
#[derive(Debug)]
pub struct StorageReader<S> {
    storage: S,
    position: u64,
}

impl<S: Storage> StorageReader<S> {
    /// Reads from the first byte on.
    pub const fn new(storage: S) -> Self {
        Self { storage, position: 0 }
    }

    /// The storage, given back.
    pub fn into_inner(self) -> S {
        self.storage
    }

    fn length(&mut self) -> io::Result<u64> {
        self.storage.len().map_err(failed)
    }
}

/// At the end, and behind it, there is nothing to read.
impl<S: Storage> Read for StorageReader<S> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.length()?.saturating_sub(self.position);
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(to.len());
        let to = to.get_mut(..n).unwrap_or_default();
        if !to.is_empty() {
            self.storage.read_at(self.position, to).map_err(failed)?;
            self.position = self.position.saturating_add(len64(n));
        }
        Ok(n)
    }
}

/// Seeking past the end is allowed.
impl<S: Storage> Seek for StorageReader<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::Current(n) => self.position.checked_add_signed(n),
            SeekFrom::End(n) => self.length()?.checked_add_signed(n),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cold]
fn failed(e: crate::Error) -> io::Error {
    let early = e.class() == crate::Class::Truncated;
    let kind = if early { io::ErrorKind::UnexpectedEof } else { io::ErrorKind::Other };
    io::Error::new(kind, e)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SeekInput, Source};

    #[test]
    fn a_source_reads_it() {
        let bytes: &[u8] = &[1, 2, 3, 4];
        let mut source = Source::new(SeekInput(StorageReader::new(bytes)), 0);
        assert_eq!(source.block::<3>().ok(), Some([1, 2, 3]));
        assert!(source.block::<2>().is_err());
    }

    #[test]
    fn positions_past_the_end() {
        let mut reader = StorageReader::new(&[7, 8][..]);
        let mut to = [0; 4];
        assert_eq!(reader.seek(SeekFrom::End(-1)).ok(), Some(1));
        assert_eq!((reader.read(&mut to).ok(), to), (Some(1), [8, 0, 0, 0]));
        assert_eq!(reader.seek(SeekFrom::Start(u64::MAX)).ok(), Some(u64::MAX));
        assert_eq!(reader.read(&mut to).ok(), Some(0));
        assert!(reader.seek(SeekFrom::Current(1)).is_err() && reader.seek(SeekFrom::End(-3)).is_err());
    }
}
