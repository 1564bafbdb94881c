//! Writing a direct file in pieces of any length, front to back.

use super::DirectLayout;
use super::buffer::AlignedBuffer;
use crate::len64;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// A file that takes only aligned writes, and whose length can be set to any byte.
pub trait DirectFile {
    /// Writes all of `bytes` at `offset`. Both, and the address of `bytes`, are multiples of the block.
    ///
    /// # Errors
    /// Those of the file.
    fn write_all_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts or extends the file to `length` bytes.
    ///
    /// # Errors
    /// Those of the file.
    fn set_len(&mut self, length: u64) -> io::Result<()>;
}

impl DirectFile for File {
    fn write_all_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(offset))?;
        self.write_all(bytes)
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        Self::set_len(self, length)
    }
}

/// Writes a file that takes only aligned writes, through a buffer, from its first byte on. [`DirectWriter::finish`] writes
/// the last block; what was put after the last full buffer is lost without it.
#[derive(Debug)]
pub struct DirectWriter<W> {
    file: W,
    layout: DirectLayout,
    buffer: AlignedBuffer,
    /// Bytes of the buffer in use.
    used: usize,
    /// Offset in the file of the buffer's first byte: a multiple of the block.
    start: u64,
}

impl<W: DirectFile> DirectWriter<W> {
    /// Writes `file` from its first byte.
    pub fn new(file: W, layout: DirectLayout) -> Self {
        Self { file, layout, buffer: AlignedBuffer::new(layout), used: 0, start: 0 }
    }

    /// Writes the last block, padded with zeros, cuts the file to what was put, and gives it back.
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_blocks()?;
        let length = self.start.saturating_add(len64(self.used));
        if self.used > 0 {
            let mut block = self.buffer.bytes_mut().split_at_mut_checked(self.layout.block());
            let (block, _) = block.as_mut().ok_or(io::ErrorKind::InvalidInput)?;
            block.get_mut(self.used..).unwrap_or_default().fill(0);
            self.file.write_all_at(self.start, block)?;
        }
        self.file.set_len(length)?;
        Ok(self.file)
    }

    /// Writes the whole blocks of the buffer, and moves what is left to its start.
    fn write_blocks(&mut self) -> io::Result<()> {
        let part = self.used.checked_rem(self.layout.block()).unwrap_or(0);
        let whole = self.used.saturating_sub(part);
        if whole == 0 {
            return Ok(());
        }
        let blocks = self.buffer.bytes().get(..whole).unwrap_or_default();
        self.file.write_all_at(self.start, blocks)?;
        self.buffer.bytes_mut().copy_within(whole..self.used, 0);
        self.start = self.start.saturating_add(len64(whole));
        self.used = part;
        Ok(())
    }
}

/// `flush` writes whole blocks; the bytes of the last one wait for [`DirectWriter::finish`].
impl<W: DirectFile> Write for DirectWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.used >= self.layout.buffer() {
            self.write_blocks()?;
        }
        let room = self.buffer.bytes_mut().get_mut(self.used..);
        let room = room.unwrap_or_default();
        let n = room.len().min(bytes.len());
        if let (Some(to), Some(from)) = (room.get_mut(..n), bytes.get(..n)) {
            to.copy_from_slice(from);
        }
        self.used = self.used.saturating_add(n);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_blocks()
    }
}

/// The position only, which writers of nested types ask for: seeking elsewhere is `Unsupported`.
impl<W: DirectFile> Seek for DirectWriter<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let here = self.start.saturating_add(len64(self.used));
        let target = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::Current(n) | SeekFrom::End(n) => here.checked_add_signed(n),
        };
        if target == Some(here) { Ok(here) } else { Err(io::ErrorKind::Unsupported.into()) }
    }
}
