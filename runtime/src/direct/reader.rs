//! Reading a direct file at any offset and length.

use super::DirectLayout;
use super::buffer::AlignedBuffer;
use crate::{align_down, len64};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Reads a file that takes only aligned reads, through a buffer. Offsets are those of the file.
#[derive(Debug)]
pub struct DirectReader<R> {
    file: R,
    layout: DirectLayout,
    buffer: AlignedBuffer,
    /// Offset in the file of the buffer's first byte.
    start: u64,
    /// Bytes of the buffer that are filled.
    filled: usize,
    /// Offset in the file of the next byte to give.
    position: u64,
}

impl<R: Read + Seek> DirectReader<R> {
    /// Reads `file` from its first byte.
    pub fn new(file: R, layout: DirectLayout) -> Self {
        Self { file, layout, buffer: AlignedBuffer::new(layout), start: 0, filled: 0, position: 0 }
    }

    /// The file, at an offset that is of no meaning.
    pub fn into_inner(self) -> R {
        self.file
    }

    /// Bytes of the buffer from the position on.
    fn held(&self) -> &[u8] {
        let filled = self.buffer.bytes().get(..self.filled).unwrap_or_default();
        let skip = self.position.checked_sub(self.start);
        let skip = skip.and_then(|n| usize::try_from(n).ok());
        skip.and_then(|n| filled.get(n..)).unwrap_or_default()
    }

    /// Fills the buffer from the block that holds the position. One read is enough: should it give
    /// less than a block before the file's end, the next one starts at that block again.
    fn refill(&mut self) -> io::Result<()> {
        let start = align_down(self.position, len64(self.layout.block())).unwrap_or(0);
        self.filled = 0;
        self.file.seek(SeekFrom::Start(start))?;
        self.start = start;
        loop {
            match self.file.read(self.buffer.bytes_mut()) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
                Ok(n) => {
                    self.filled = n;
                    return Ok(());
                }
            }
        }
    }
}

impl<R: Read + Seek> BufRead for DirectReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.held().is_empty() {
            self.refill()?;
            if self.held().is_empty() && self.position < self.file.seek(SeekFrom::End(0))? {
                return Err(io::Error::other("the file gives less than a block"));
            }
        }
        Ok(self.held())
    }

    fn consume(&mut self, n: usize) {
        let n = n.min(self.held().len());
        self.position = self.position.saturating_add(len64(n));
    }
}

impl<R: Read + Seek> Read for DirectReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        let held = self.fill_buf()?;
        let n = held.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..n), held.get(..n)) {
            to.copy_from_slice(from);
        }
        self.consume(n);
        Ok(n)
    }
}

/// What is in the buffer stays usable. Seeking past the end is allowed; reading there gives nothing.
impl<R: Read + Seek> Seek for DirectReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::Current(n) => self.position.checked_add_signed(n),
            SeekFrom::End(n) => self.file.seek(SeekFrom::End(0))?.checked_add_signed(n),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position)
    }
}
