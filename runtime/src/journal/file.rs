//! A file as a storage.

use super::{Storage, StorageMut};
use crate::{Error, Result};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};

/// Also for block devices, whose length cannot be set. The file's own position is not kept.
impl Storage for File {
    fn len(&mut self) -> Result<u64> {
        self.seek(SeekFrom::End(0)).map_err(|e| Error::io(0, e))
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        read_exact_at(self, offset, to).map_err(|e| Error::io(offset, e))
    }
}

/// `flush` is `fsync`. Zeros become a hole where the system and the file system have them.
impl StorageMut for File {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        write_all_at(self, offset, bytes).map_err(|e| Error::io(offset, e))
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        Self::set_len(self, length).map_err(|e| Error::io(length, e))
    }

    fn flush(&mut self) -> Result<()> {
        self.sync_all().map_err(|e| Error::io(0, e))
    }

    fn write_zeros(&mut self, offset: u64, n: u64) -> Result<()> {
        if punch(self, offset, n) { Ok(()) } else { overwrite(self, offset, n) }
    }
}

/// Makes a hole; whether there is one now.
#[cfg(target_os = "linux")]
fn punch(file: &File, offset: u64, n: u64) -> bool {
    use rustix::fs::{FallocateFlags, fallocate};
    fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, n).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn punch(_file: &File, _offset: u64, _n: u64) -> bool {
    false
}

/// Writes zeros, except where there are zeros already: a hole stays one.
fn overwrite(file: &mut File, offset: u64, n: u64) -> Result<()> {
    let (mut at, mut left) = (offset, n);
    let mut buffer = std::vec![0; 64 << 10];
    while left > 0 {
        let step = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let piece = buffer.get_mut(..step).unwrap_or_default();
        file.read_at(at, piece)?;
        if piece.iter().any(|b| *b != 0) {
            piece.fill(0);
            file.write_at(at, piece)?;
        }
        at = at.saturating_add(crate::len64(step));
        left = left.saturating_sub(crate::len64(step));
    }
    Ok(())
}

#[cfg(unix)]
fn read_exact_at(file: &File, offset: u64, to: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, to, offset)
}

#[cfg(unix)]
fn write_all_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_exact_at(mut file: &File, offset: u64, to: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    io::Read::read_exact(&mut file, to)
}

#[cfg(not(unix))]
fn write_all_at(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    io::Write::write_all(&mut file, bytes)
}
