//! Where written bytes go: memory, a writer, a writer beside the source of blobs, a checksum.

use crate::gather::Gather;
use crate::{Checksum, len64};
use alloc::vec;
use alloc::vec::Vec;
use binrw::io::{self, Read, Seek, SeekFrom, Write};

/// Most bytes copied from the source at once.
const COPY: u64 = 256 << 10;

/// Where bytes go.
pub trait Output {
    /// Takes all of `bytes`, perhaps to write them later.
    ///
    /// # Errors
    /// Those of the writer.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Takes `N` bytes from what puts them into zeros, where they are to lie: an array that is filled field by field and
    /// then copied makes the processor wait for the fields. What is returned is what `put` returns; the bytes are taken
    /// whatever that is.
    ///
    /// # Errors
    /// Those of the writer.
    #[inline]
    fn array<const N: usize, T>(&mut self, put: impl FnOnce(&mut [u8; N]) -> T) -> io::Result<T> {
        let mut b = [0; N];
        let put = put(&mut b);
        self.put(&b).map(|()| put)
    }

    /// Copies a range of the source; offset and length in bytes.
    ///
    /// # Errors
    /// Those of the source and the writer; an early end of the source is `UnexpectedEof`. Any where there is no source.
    fn copy(&mut self, _offset: u64, _length: u64) -> io::Result<()> {
        Err(io::ErrorKind::InvalidInput.into())
    }

    /// Shows the bytes of a range of the source, which is as long as `to`.
    ///
    /// # Errors
    /// As [`Output::copy`].
    fn look(&mut self, _offset: u64, _to: &mut [u8]) -> io::Result<()> {
        Err(io::ErrorKind::InvalidInput.into())
    }

    /// Whether [`Output::copy`] has a source to copy from.
    const HAS_SOURCE: bool = false;

    /// Writes what was taken and not yet written.
    ///
    /// # Errors
    /// Those of the writer.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Into memory.
#[derive(Debug)]
pub struct VecOutput<'a>(pub &'a mut Vec<u8>);

impl Output for VecOutput<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    #[inline]
    fn array<const N: usize, T>(&mut self, put: impl FnOnce(&mut [u8; N]) -> T) -> io::Result<T> {
        self.0.extend_from_slice(&[0; N]);
        self.0.last_chunk_mut().map(put).ok_or_else(|| io::ErrorKind::WriteZero.into())
    }
}

/// Into a writer, byte for byte as asked: for a value that is one put.
#[derive(Debug)]
pub struct PlainOutput<W>(pub W);

impl<W: Write> Output for PlainOutput<W> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// Into a writer, small puts gathered into writes of up to 8 KiB. [`Output::finish`] writes the last of them.
#[derive(Debug)]
pub struct WriteOutput<W> {
    gather: Gather,
    dest: W,
}

impl<W: Write> WriteOutput<W> {
    /// Into this writer.
    pub const fn new(dest: W) -> Self {
        Self { gather: Gather::new(), dest }
    }

    /// The writer. Bytes that were not finished are lost.
    pub fn into_inner(self) -> W {
        self.dest
    }
}

impl<W: Write> Output for WriteOutput<W> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.gather.put(bytes, &mut self.dest)
    }

    #[inline]
    fn array<const N: usize, T>(&mut self, put: impl FnOnce(&mut [u8; N]) -> T) -> io::Result<T> {
        self.gather.room(&mut self.dest).map(put)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.gather.flush(&mut self.dest)
    }
}

/// Into a writer as [`WriteOutput`], with the source that blobs are copied from.
#[derive(Debug)]
pub struct CopyOutput<S, W> {
    gather: Gather,
    source: S,
    dest: W,
    /// Grown to what the largest range needs, at most 256 KiB.
    buffer: Vec<u8>,
}

impl<S: Read + Seek, W: Write> CopyOutput<S, W> {
    /// From this source, which is what the value was read from, into this writer.
    pub const fn new(source: S, dest: W) -> Self {
        Self { gather: Gather::new(), source, dest, buffer: Vec::new() }
    }
}

impl<S: Read + Seek, W: Write> Output for CopyOutput<S, W> {
    const HAS_SOURCE: bool = true;

    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.gather.put(bytes, &mut self.dest)
    }

    #[inline]
    fn array<const N: usize, T>(&mut self, put: impl FnOnce(&mut [u8; N]) -> T) -> io::Result<T> {
        self.gather.room(&mut self.dest).map(put)
    }

    fn copy(&mut self, offset: u64, length: u64) -> io::Result<()> {
        let most = usize::try_from(length.min(COPY)).unwrap_or(usize::MAX);
        if self.buffer.len() < most {
            self.buffer = vec![0; most];
        }
        self.source.seek(SeekFrom::Start(offset))?;
        let mut left = length;
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
            let part = self.buffer.get_mut(..step).unwrap_or_default();
            self.source.read_exact(part)?;
            self.gather.put(part, &mut self.dest)?;
            left = left.saturating_sub(len64(step));
        }
        Ok(())
    }

    fn look(&mut self, offset: u64, to: &mut [u8]) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(offset))?;
        self.source.read_exact(to)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.gather.flush(&mut self.dest)
    }
}

/// Into a checksum: nothing is written. A range of a source cannot be summed, since there is no source.
#[derive(Clone, Debug, Default)]
pub struct ChecksumOutput<C>(pub C);

impl<C: Checksum> Output for ChecksumOutput<C> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.update(bytes);
        Ok(())
    }
}
