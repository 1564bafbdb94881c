//! What only a plain reader needs: the blob of the element just read, before the next one.

use crate::source::TO_END;
use crate::{Blob, ReadInput, Result, Source, len64};
use binrw::io::{self, Read};

impl<R: Read> Source<ReadInput<R>> {
    /// Makes all that is left the pending blob: in the window, or without one in the input.
    ///
    /// # Errors
    /// When the pending blob before is cut short.
    pub fn pend_to_end(&mut self) -> Result<()> {
        self.settle()?;
        if self.in_window() {
            return self.blob(self.room()).map(|_| ());
        }
        self.pending = TO_END;
        Ok(())
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
        if self.pending == TO_END {
            self.position = self.position.saturating_add(len64(got));
            return Ok(got);
        }
        if got == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.pending = self.pending.saturating_sub(len64(got));
        Ok(got)
    }

    /// What was passed over since `start`, an absolute offset.
    #[must_use]
    pub fn passed(&self, start: u64) -> Blob {
        match self.position.saturating_sub(start) {
            0 => Blob::EMPTY,
            length => Blob::Range { offset: start, length },
        }
    }

    /// From here on reads ahead, up to `capacity` bytes at once: payload that is passed over is then not copied.
    pub fn read_ahead(&mut self, capacity: usize) {
        self.input.read_ahead(capacity);
    }

    /// Nothing is pending any more: what was read ended in an error.
    pub fn forget_pending(&mut self) {
        self.pending = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_left_counts_as_it_is_read_or_passed_over() {
        for read in [0, 2, 5] {
            let mut src = Source::new(ReadInput::new([1, 2, 3, 4, 5].as_slice()), 10);
            assert!(src.pend_to_end().is_ok());
            let mut to = [0; 5];
            let got = src.read_pending(to.get_mut(..read).unwrap_or_default());
            assert_eq!((got.ok(), src.position()), (Some(read), len64(read).saturating_add(10)));
            assert!(src.settle().is_ok());
            assert_eq!((src.position(), src.passed(10)), (15, Blob::Range { offset: 10, length: 5 }));
            assert_eq!(src.passed(15), Blob::EMPTY);
        }
    }

    #[test]
    fn a_kept_gap_is_not_the_payload_of_an_empty_blob_behind_it() {
        let mut src = Source::new(ReadInput::new([1, 2, 3].as_slice()), 0);
        assert_eq!(src.gap_keep(2).ok(), Some(Blob::Range { offset: 0, length: 2 }));
        assert_eq!(src.blob(0).ok(), Some(Blob::EMPTY));
        assert_eq!(src.read_pending(&mut [0; 4]).ok(), Some(0));
        assert_eq!(src.block().ok(), Some([3]));
    }

    #[test]
    fn all_that_is_left_of_a_window_ends_with_it() -> Result<()> {
        let mut src = Source::new(ReadInput::new([1, 2, 3, 4, 5].as_slice()), 0);
        let outer = src.enter(3, u64::MAX)?;
        let ([first], mut to) = (src.block()?, [0; 5]);
        src.pend_to_end()?;
        assert_eq!((first, src.read_pending(&mut to).ok(), to), (1, Some(2), [2, 3, 0, 0, 0]));
        assert_eq!(src.passed(1), Blob::Range { offset: 1, length: 2 });
        src.close()?;
        src.exit(outer);
        assert_eq!(src.block()?, [4]);
        Ok(())
    }
}
