//! A reader that cannot seek, with what was read of it ahead.

use crate::input::{read_once, read_up_to};
use crate::{Input, len64};
use alloc::vec;
use alloc::vec::Vec;
use binrw::io::{self, Read};

/// A reader that cannot seek: a pipe, a socket, a decompressor. It is never read past what is asked for, so reads may be
/// small: wrap what is slow in a buffered reader, or let it be read ahead with [`ReadInput::read_ahead`].
#[derive(Debug)]
pub struct ReadInput<R> {
    reader: R,
    /// Bytes that were read; those from `taken` up to `filled` are still to be taken.
    ahead: Vec<u8>,
    taken: usize,
    filled: usize,
    /// How many bytes are read at once; none are read that nobody asked for where it is 0.
    capacity: usize,
}

/// The furthest that a plain reader looks ahead, in bytes: what it looks at must be held.
const FURTHEST: u64 = 1 << 20;

/// The furthest that code by hand looks ahead in a plain reader, in bytes: this much memory is all it can ask for.
const FURTHEST_TOLD: u64 = 16 << 20;

/// Most bytes that a plain reader passes over without taking memory for them.
const SHORT: usize = 4 << 10;

/// Most bytes that a plain reader passes over at once.
const PASSED_OVER: usize = 64 << 10;

impl<R: Read> ReadInput<R> {
    /// A reader whose next byte is the next byte of the input.
    #[must_use]
    pub const fn new(reader: R) -> Self {
        Self { reader, ahead: Vec::new(), taken: 0, filled: 0, capacity: 0 }
    }

    /// From here on reads ahead, up to `capacity` bytes at once: what is passed over is then not copied.
    pub fn read_ahead(&mut self, capacity: usize) {
        self.capacity = capacity;
        if self.ahead.len() < capacity {
            self.ahead.resize(capacity, 0);
        }
    }

    /// The reader. Bytes that were read ahead and not taken are lost.
    #[must_use]
    pub fn into_inner(self) -> R {
        self.reader
    }

    /// Bytes read and not taken.
    fn held(&self) -> &[u8] {
        self.ahead.get(self.taken..self.filled).unwrap_or_default()
    }

    /// Takes bytes that were read; says how many there were.
    fn take_held(&mut self, to: &mut [u8]) -> usize {
        let n = self.held().len().min(to.len());
        if let (Some(to), Some(held)) = (to.get_mut(..n), self.held().get(..n)) {
            to.copy_from_slice(held);
        }
        self.drop_held(n);
        n
    }

    fn drop_held(&mut self, n: usize) {
        self.taken = self.taken.saturating_add(n);
        if self.taken >= self.filled {
            (self.taken, self.filled) = (0, 0);
        }
    }

    /// Reads once behind what is held, as far as there is room; says how many bytes that were.
    fn fetch(&mut self) -> io::Result<usize> {
        let room = self.ahead.get_mut(self.filled..).unwrap_or_default();
        let got = read_once(&mut self.reader, room)?;
        self.filled = self.filled.saturating_add(got);
        Ok(got)
    }

    /// Looks at the next `n` bytes, or as many as there are.
    fn look(&mut self, n: usize) -> io::Result<&[u8]> {
        if self.held().len() < n {
            self.look_further(n)?;
        }
        let held = self.held();
        Ok(held.get(..n).unwrap_or(held))
    }

    /// Reads until `n` bytes are held, or the input ends.
    #[cold]
    fn look_further(&mut self, n: usize) -> io::Result<()> {
        // Else a reader that is always looked at further than it is read would keep all that was ever read.
        self.ahead.truncate(self.filled);
        self.ahead.drain(..self.taken.min(self.ahead.len()));
        (self.taken, self.filled) = (0, self.ahead.len());
        self.read_ahead(self.capacity);
        while self.capacity >= n && self.filled < n {
            if self.fetch()? == 0 {
                return Ok(());
            }
        }
        let missing = n.saturating_sub(self.filled);
        if missing > 0 {
            self.ahead.truncate(self.filled);
            (&mut self.reader).take(len64(missing)).read_to_end(&mut self.ahead)?;
            self.filled = self.ahead.len();
            self.read_ahead(self.capacity);
        }
        Ok(())
    }

    /// Fills what the bytes that are held do not.
    #[cold]
    fn fill_further(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut got = self.take_held(to);
        while let Some(room) = to.get_mut(got..).filter(|room| !room.is_empty()) {
            if room.len() >= self.capacity {
                return read_up_to(&mut self.reader, room).map(|n| got.saturating_add(n));
            }
            if self.fetch()? == 0 {
                break;
            }
            got = got.saturating_add(self.take_held(room));
        }
        Ok(got)
    }

    /// Some of the next bytes; 0 at the end.
    pub(crate) fn read_some(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.held().is_empty() {
            if to.len() >= self.capacity {
                return read_once(&mut self.reader, to);
            }
            self.fetch()?;
        }
        Ok(self.take_held(to))
    }

    /// Passes over `n` bytes, as many at once as are read ahead.
    fn skip_fetched(&mut self, n: u64) -> io::Result<u64> {
        let mut left = n;
        loop {
            let held = usize::try_from(left).unwrap_or(usize::MAX).min(self.held().len());
            self.drop_held(held);
            left = left.saturating_sub(len64(held));
            if left == 0 || self.fetch()? == 0 {
                return Ok(n.saturating_sub(left));
            }
        }
    }

    /// Reads `n` bytes and forgets them, as many at once as `chunk` holds.
    fn skip_by(&mut self, n: u64, chunk: &mut [u8]) -> io::Result<u64> {
        let mut left = n;
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            match self.read_some(chunk.get_mut(..step).unwrap_or_default())? {
                0 => break,
                got => left = left.saturating_sub(len64(got)),
            }
        }
        Ok(n.saturating_sub(left))
    }
}

impl<R: Read> Input for ReadInput<R> {
    #[inline]
    fn fill(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if let Some(held) = self.held().get(..to.len()) {
            to.copy_from_slice(held);
            self.drop_held(to.len());
            return Ok(to.len());
        }
        if self.capacity == 0 && self.filled == 0 {
            return read_up_to(&mut self.reader, to);
        }
        self.fill_further(to)
    }

    fn append(&mut self, n: usize, to: &mut Vec<u8>) -> io::Result<usize> {
        let mut got = 0_usize;
        while got < n {
            let left = n.saturating_sub(got);
            if self.held().is_empty() {
                if left >= self.capacity {
                    let more = (&mut self.reader).take(len64(left)).read_to_end(to)?;
                    return Ok(got.saturating_add(more));
                }
                if self.fetch()? == 0 {
                    break;
                }
            }
            let held = self.held();
            let part = held.get(..left).unwrap_or(held);
            let size = part.len();
            to.extend_from_slice(part);
            self.drop_held(size);
            got = got.saturating_add(size);
        }
        Ok(got)
    }

    /// What is short goes over the stack. For the rest each read is a call of the system, so it is worth a buffer.
    fn skip(&mut self, n: u64) -> io::Result<u64> {
        if self.capacity > 0 {
            return self.skip_fetched(n);
        }
        if n <= len64(SHORT) {
            return self.skip_by(n, &mut [0; SHORT]);
        }
        let most = usize::try_from(n).unwrap_or(usize::MAX).min(PASSED_OVER);
        self.skip_by(n, &mut vec![0; most])
    }

    fn left(&mut self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn peek(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let seen = self.look(to.len())?;
        for (to, from) in to.iter_mut().zip(seen) {
            *to = *from;
        }
        Ok(seen.len())
    }

    fn peek_at(&mut self, ahead: u64, to: &mut [u8]) -> io::Result<Option<usize>> {
        let most = usize::try_from(FURTHEST_TOLD.saturating_sub(ahead)).unwrap_or(usize::MAX);
        let wanted = to.len().min(most);
        if wanted == 0 && !to.is_empty() {
            return Ok(None);
        }
        let start = usize::try_from(ahead).unwrap_or(usize::MAX);
        let seen = self.look(start.saturating_add(wanted))?.get(start..).unwrap_or_default();
        for (to, from) in to.iter_mut().zip(seen) {
            *to = *from;
        }
        Ok(Some(seen.len()))
    }

    fn until_nul(&mut self, room: usize, to: &mut Vec<u8>) -> io::Result<bool> {
        let mut byte = [0];
        for _ in 0..room {
            if self.fill(&mut byte)? == 0 {
                return Ok(false);
            }
            to.extend(byte);
            if byte == [0] {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn at_least(&mut self, n: u64) -> io::Result<Option<bool>> {
        match usize::try_from(n) {
            Ok(wanted) if n <= FURTHEST => self.look(wanted).map(|seen| Some(seen.len() == wanted)),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at each read, and counts how often it is asked.
    struct Trickle<'a> {
        left: &'a [u8],
        most: usize,
        reads: &'a core::cell::Cell<usize>,
    }

    impl Read for Trickle<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            self.reads.set(self.reads.get().saturating_add(1));
            let n = self.most.min(to.len());
            self.left.read(to.get_mut(..n).unwrap_or_default())
        }
    }

    /// Everything there is to do, of bytes that count up from 0.
    fn all(input: &mut impl Input) -> io::Result<()> {
        let (mut two, mut text, mut list) = ([0; 2], Vec::new(), Vec::new());
        assert_eq!((input.peek(&mut two)?, two), (2, [0, 1]));
        assert_eq!((input.fill(&mut two)?, two), (2, [0, 1]));
        assert_eq!(input.skip(5)?, 5);
        assert_eq!((input.append(9, &mut list)?, list.as_slice()), (9, (7..16).collect::<Vec<u8>>().as_slice()));
        assert_eq!((input.peek_at(40, &mut two)?, two), (Some(2), [56, 57]));
        assert_eq!(input.at_least(84)?, Some(true));
        assert_eq!(input.at_least(85)?, Some(false));
        assert_eq!(input.skip(60)?, 60);
        assert_eq!((input.until_nul(3, &mut text)?, text.as_slice()), (false, [76, 77, 78].as_slice()));
        assert_eq!((input.fill(&mut [0; 30])?, input.fill(&mut two)?, input.skip(4)?), (21, 0, 0));
        Ok(())
    }

    #[test]
    fn read_ahead_or_not_the_bytes_are_the_same() -> io::Result<()> {
        let bytes: Vec<u8> = (0..100).collect();
        for most in [1, 7, 100] {
            for capacity in [0, 1, 3, 16, 64, 200] {
                let reads = core::cell::Cell::new(0);
                let mut input = ReadInput::new(Trickle { left: &bytes, most, reads: &reads });
                input.read_ahead(capacity);
                all(&mut input)?;
            }
        }
        Ok(())
    }

    #[test]
    fn what_is_read_ahead_is_asked_for_at_once() -> io::Result<()> {
        let (bytes, reads) = (vec![9; 64], core::cell::Cell::new(0));
        let mut input = ReadInput::new(Trickle { left: &bytes, most: 64, reads: &reads });
        input.read_ahead(64);
        for _ in 0..16 {
            assert_eq!((input.fill(&mut [0; 2])?, input.skip(2)?), (2, 2));
        }
        assert_eq!(reads.get(), 1);
        Ok(())
    }

    #[test]
    fn nothing_is_read_that_nobody_asked_for() -> io::Result<()> {
        let (bytes, reads) = ([1, 2, 3, 4, 5], core::cell::Cell::new(0));
        let mut input = ReadInput::new(Trickle { left: &bytes, most: 5, reads: &reads });
        assert_eq!((input.peek(&mut [0; 2])?, input.fill(&mut [0; 3])?), (2, 3));
        assert_eq!(input.into_inner().left, [4, 5]);
        Ok(())
    }
}
