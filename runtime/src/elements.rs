//! Elements of lists that are not held: read from the source when they are asked for.

use crate::source::CHUNK;
use crate::{Blob, Cursor, Error, Locate, Result, SeekInput, Source, len64};
use alloc::vec::Vec;
use binrw::io::{Read, Seek, SeekFrom};

impl Blob {
    /// The element of this index, of `N` bytes; none behind the last. `decode` is told index and absolute offset. The position of
    /// `source` is moved.
    ///
    /// # Errors
    /// Those of `decode`, with the element's index, and of the source.
    pub fn element<const N: usize, T>(
        &self,
        source: &mut (impl Read + Seek),
        index: u64,
        mut decode: impl FnMut(u64, u64, &[u8; N]) -> Result<T>,
    ) -> Result<Option<T>> {
        let start = index.saturating_mul(len64(N));
        if self.wire_len().saturating_sub(start) < len64(N) {
            return Ok(None);
        }
        let (at, bytes) = self.part(source, start, len64(N))?;
        let Some(element) = bytes.first_chunk() else { return Ok(None) };
        decode(index, at, element).index(usize::try_from(index).unwrap_or(usize::MAX)).map(Some)
    }

    /// All elements of `N` bytes in order, each handed to `each` with its index; 4 KiB are in memory at once.
    ///
    /// # Errors
    /// Those of `decode` and `each`, with the element's index, and of the source.
    pub fn elements<const N: usize, T>(
        &self,
        source: &mut (impl Read + Seek),
        mut decode: impl FnMut(u64, u64, &[u8; N]) -> Result<T>,
        mut each: impl FnMut(u64, T) -> Result<()>,
    ) -> Result<()> {
        const { assert!(N > 0, "an element takes at least one byte") };
        let step = len64(CHUNK.max(N).checked_div(N).unwrap_or(1).saturating_mul(N));
        let (mut index, mut start) = (0_u64, 0_u64);
        while start < self.wire_len() {
            let (mut at, bytes) = self.part(source, start, step.min(self.wire_len().saturating_sub(start)))?;
            for element in bytes.as_chunks().0 {
                let done = decode(index, at, element).and_then(|element| each(index, element));
                done.index(usize::try_from(index).unwrap_or(usize::MAX))?;
                index = index.saturating_add(1);
                at = at.saturating_add(len64(N));
            }
            start = start.saturating_add(step);
        }
        Ok(())
    }

    /// `n` bytes from `start` on, and their absolute offset.
    fn part(&self, source: &mut (impl Read + Seek), start: u64, n: u64) -> Result<(u64, Vec<u8>)> {
        match self {
            Self::Range { offset, .. } => {
                let at = offset.saturating_add(start);
                source.seek(SeekFrom::Start(at)).map_err(|e| Error::io(at, e))?;
                Ok((at, Source::new(SeekInput(source), at).bytes(n, n)?))
            }
            Self::Bytes(held) => {
                let mut held = Cursor::over(held, 0);
                held.blob(start)?;
                Ok((start, held.bytes(n, n)?))
            }
        }
    }
}
