//! Bytes that were read and can be had once more, for a checksum over them: a slice has them all, a reader has not.

use crate::{Checksum, Input, Source};

/// Where bytes were read from, if they are still there.
#[derive(Clone, Copy, Debug)]
pub struct Again<I> {
    input: Option<I>,
    start: u64,
}

impl<I: Input> Source<I> {
    /// What is read from here on, for once more.
    #[inline]
    #[must_use]
    pub fn again(&self) -> Again<I> {
        let input = if self.pending == 0 { self.input.again() } else { None };
        Again { input, start: self.position() }
    }
}

impl<I: Input> Again<I> {
    /// The checksum of everything up to the absolute offset `end`, with the `N` bytes at the absolute offset `own` as zeros: a
    /// checksum does not cover itself. None where the bytes are gone.
    pub fn sum<C: Checksum, const N: usize>(mut self, mut sum: C, end: u64, own: u64) -> Option<u64> {
        let length = |from: u64, to: u64| usize::try_from(to.checked_sub(from)?).ok();
        let bytes = self.input.as_mut()?.lend(length(self.start, end)?).ok()??;
        let (before, rest) = bytes.split_at_checked(length(self.start, own)?)?;
        let (_, behind) = rest.split_first_chunk::<N>()?;
        sum.update(before);
        sum.update(&[0; N]);
        sum.update(behind);
        Some(sum.value())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Cursor, ReadInput, Result, Source, Sum32, len64};

    #[test]
    fn a_checksum_over_what_was_read() -> Result<()> {
        let mut src = Cursor::over(&[9, 1, 2, 3, 4, 9], 100);
        src.block::<1>()?;
        let again = src.again();
        src.block::<4>()?;
        assert_eq!(again.sum::<_, 2>(Sum32::default(), src.position(), 102), Some(1 + 4));
        assert_eq!(again.sum::<_, 4>(Sum32::default(), src.position(), 101), Some(0));
        Ok(())
    }

    #[test]
    fn what_is_not_there_has_none() -> Result<()> {
        let bytes = [1, 2, 3, 4];
        let mut src = Cursor::over(&bytes, 0);
        let again = src.again();
        src.block::<4>()?;
        let sums = [(5, 0), (4, 3), (4, len64(9))].map(|(end, own)| again.sum::<_, 2>(Sum32::default(), end, own));
        assert_eq!(sums, [None; 3]);
        let read = Source::new(ReadInput::new(bytes.as_slice()), 0);
        assert_eq!(read.again().sum::<_, 1>(Sum32::default(), 4, 0), None);
        Ok(())
    }
}
