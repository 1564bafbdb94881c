//! Bytes that a writer sets to zero: checked, or kept as they are.

use crate::source::CHUNK;
use crate::{Class, Error, Input, Padding, Result, Source, Zeros, len64, padding_for};
use alloc::vec;
use alloc::vec::Vec;

impl<I: Input> Source<I> {
    /// `n` zero bytes.
    ///
    /// # Errors
    /// When one is not zero, with its offset; at the end of the input or of the window.
    pub fn zeros(&mut self, n: u64) -> Result<()> {
        self.check_room(n)?;
        let mut left = n;
        while left > 0 {
            let step = chunk_of(left);
            let at = self.position;
            let first = self.with_chunk(step, first_other)?;
            if let Some((i, found)) = first {
                return Err(not_zero(at.saturating_add(len64(i)), found));
            }
            left = left.saturating_sub(len64(step));
        }
        Ok(())
    }

    /// `n` bytes that should be zero, kept where they are not; then they are held, at most `max` of them.
    ///
    /// # Errors
    /// At the end of the input or of the window; class `limit` for more than `max` bytes to hold.
    pub fn zeros_kept(&mut self, n: u64, max: u64) -> Result<Padding> {
        let other = self.zero_or_other(n, max)?;
        Ok(other.map_or(Padding::Zero, Padding::Other))
    }

    /// All that is left, which must be zero; its length in bytes.
    ///
    /// # Errors
    /// When a byte is not zero; as [`Source::rest`].
    pub fn zeros_rest(&mut self) -> Result<u64> {
        let n = self.rest()?;
        self.zeros(n).map(|()| n)
    }

    /// All that is left, which should be zero, kept where it is not; then it is held, at most `max` bytes of it.
    ///
    /// # Errors
    /// As [`Source::rest`]; class `limit` for more than `max` bytes to hold.
    pub fn zeros_rest_kept(&mut self, max: u64) -> Result<Zeros> {
        let n = self.rest()?;
        let other = self.zero_or_other(n, max)?;
        Ok(other.map_or(Zeros::Zero(n), Zeros::Other))
    }

    /// Zero bytes up to a multiple of `to`, counted from the absolute offset `start`.
    ///
    /// # Errors
    /// When one is not zero.
    #[inline]
    pub fn align(&mut self, start: u64, to: u64) -> Result<()> {
        self.zeros(padding_for(self.position.saturating_sub(start), to))
    }

    /// Bytes up to a multiple of `to`, counted from the absolute offset `start`, kept where they are not zero.
    ///
    /// # Errors
    /// At the end of the input or of the window.
    pub fn align_kept(&mut self, start: u64, to: u64) -> Result<Padding> {
        let n = padding_for(self.position.saturating_sub(start), to);
        self.zeros_kept(n, n)
    }

    /// The next `n` bytes, unless all are zero. Memory is taken from the first other byte on.
    fn zero_or_other(&mut self, n: u64, max: u64) -> Result<Option<Vec<u8>>> {
        self.check_room(n)?;
        let start = self.position;
        let mut left = n;
        while left > 0 {
            let step = chunk_of(left);
            let zeros = self.position.saturating_sub(start);
            left = left.saturating_sub(len64(step));
            let other = self.with_chunk(step, |b| first_other(b).map(|_| b.to_vec()))?;
            if let Some(chunk) = other {
                return self.hold_from(zeros, &chunk, left, max).map(Some);
            }
        }
        Ok(None)
    }

    /// `zeros` zero bytes, a chunk after them and the `left` bytes after that, in one piece.
    fn hold_from(&mut self, zeros: u64, chunk: &[u8], left: u64, max: u64) -> Result<Vec<u8>> {
        let total = zeros.saturating_add(len64(chunk.len())).saturating_add(left);
        self.check_max(total, max)?;
        let rest = self.bytes(left, left)?;
        let zeros = usize::try_from(zeros).map_err(|_| Error::limit("less padding", total))?;
        let mut held = vec![0; zeros];
        held.extend_from_slice(chunk);
        held.extend_from_slice(&rest);
        Ok(held)
    }
}

/// As much of `left` as one chunk takes.
fn chunk_of(left: u64) -> usize {
    usize::try_from(left).map_or(CHUNK, |n| n.min(CHUNK))
}

/// Place and value of the first byte that is not zero.
fn first_other(b: &[u8]) -> Option<(usize, u8)> {
    // Whole blocks first: they are compared many bytes at a time, which the search for one byte is not.
    let is_zero = |block: &&[u8; 64]| block.iter().fold(0, |any, byte| any | byte) == 0;
    let blocks = b.as_chunks::<64>().0;
    let zeros = blocks.iter().take_while(is_zero).count();
    let rest = b.iter().copied().enumerate();
    let mut rest = rest.skip(zeros.saturating_mul(64));
    rest.find(|(_, byte)| *byte != 0)
}

#[cold]
fn not_zero(at: u64, found: u8) -> Error {
    Error::new(Class::Invalid, "zero padding", found).located(at)
}
