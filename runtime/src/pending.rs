//! What only a plain reader needs: the blob of the element just read, before the next one.

use crate::{ReadInput, Source, len64};
use binrw::io::{self, Read};

/// The pending blob reaches to an end that nobody knows.
const TO_END: u64 = u64::MAX;

impl<R: Read> Source<ReadInput<R>> {
    /// Makes all that is left the pending blob.
    pub fn pend_to_end(&mut self) {
        self.pending = TO_END;
        self.position = TO_END;
    }

    /// Reads of the pending blob; 0 when it is used up. What is not read is passed over with the next element.
    ///
    /// # Errors
    /// Those of the reader; `UnexpectedEof` when the input ends before the blob does.
    pub fn read_pending(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = usize::try_from(self.pending).unwrap_or(usize::MAX).min(to.len());
        if n == 0 {
            return Ok(0);
        }
        let got = self.input.read_some(to.get_mut(..n).unwrap_or_default())?;
        if self.pending != TO_END {
            if got == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.pending = self.pending.saturating_sub(len64(got));
        }
        Ok(got)
    }
}
