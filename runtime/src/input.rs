//! Where bytes come from: a slice, a reader that can seek, a reader that cannot. Positions and windows are the source's business.

use crate::len64;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use binrw::io::{self, Read, Seek, SeekFrom};
use core::ffi::CStr;

/// Where bytes come from.
pub trait Input {
    /// Whether [`Input::left`] is known and costs nothing.
    const KNOWN: bool = false;

    /// Fills `to` as far as the input goes, and says how far that was.
    ///
    /// # Errors
    /// Those of the reader.
    fn fill(&mut self, to: &mut [u8]) -> io::Result<usize>;

    /// Appends up to `n` bytes and says how many there were.
    ///
    /// # Errors
    /// Those of the reader.
    fn append(&mut self, n: usize, to: &mut Vec<u8>) -> io::Result<usize>;

    /// Passes over up to `n` bytes and says how many there were.
    ///
    /// # Errors
    /// Those of the reader.
    fn skip(&mut self, n: u64) -> io::Result<u64>;

    /// How many bytes are left, if that can be known without reading them.
    ///
    /// # Errors
    /// Those of the reader.
    fn left(&mut self) -> io::Result<Option<u64>>;

    /// Copies the next bytes to `to` without taking them; says how many there were.
    ///
    /// # Errors
    /// Those of the reader.
    fn peek(&mut self, to: &mut [u8]) -> io::Result<usize>;

    /// Appends bytes up to and with the next NUL, at most `room` of them; says whether there was one.
    ///
    /// # Errors
    /// Those of the reader.
    fn until_nul(&mut self, room: usize, to: &mut Vec<u8>) -> io::Result<bool>;

    /// Whether at least `n` bytes are left; none where that is further than the input can look ahead.
    ///
    /// # Errors
    /// Those of the reader.
    fn at_least(&mut self, n: u64) -> io::Result<Option<bool>> {
        Ok(self.left()?.map(|left| left >= n))
    }

    /// The `n` bytes that begin `ahead` bytes behind the next one, which stays the next; fewer where the input ends. None where
    /// the input cannot look so far.
    ///
    /// # Errors
    /// Those of the reader.
    fn ahead(&mut self, _ahead: u64, _n: usize) -> io::Result<Option<Cow<'_, [u8]>>> {
        Ok(None)
    }

    /// Copies the bytes that begin `ahead` bytes behind the next one to `to`, and says how many there were: fewer where the input
    /// ends. The next byte stays the next. None where the input cannot look so far.
    ///
    /// # Errors
    /// Those of the reader.
    fn peek_at(&mut self, ahead: u64, to: &mut [u8]) -> io::Result<Option<usize>> {
        let Some(found) = self.ahead(ahead, to.len())? else { return Ok(None) };
        for (to, from) in to.iter_mut().zip(found.iter()) {
            *to = *from;
        }
        Ok(Some(found.len()))
    }

    /// The same input once more, where reading it twice costs nothing.
    #[inline]
    fn again(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// Takes the next `n` bytes without copying them, where the input holds them all; else takes nothing.
    ///
    /// # Errors
    /// `UnexpectedEof` when there are fewer.
    #[inline]
    fn lend(&mut self, _n: usize) -> io::Result<Option<&[u8]>> {
        Ok(None)
    }
}

/// A slice. `skip` and `left` are exact and free.
#[derive(Clone, Copy, Debug)]
pub struct SliceInput<'a>(pub &'a [u8]);

impl<'a> SliceInput<'a> {
    /// The next `n` bytes, taken.
    #[inline]
    pub(crate) fn split(&mut self, n: usize) -> io::Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = tail;
        Ok(head)
    }
}

impl Input for SliceInput<'_> {
    const KNOWN: bool = true;

    #[inline]
    fn fill(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some((from, tail)) = self.0.split_at_checked(to.len()) else { return Ok(self.0.len()) };
        self.0 = tail;
        to.copy_from_slice(from);
        Ok(to.len())
    }

    fn append(&mut self, n: usize, to: &mut Vec<u8>) -> io::Result<usize> {
        let from = self.split(n.min(self.0.len()))?;
        to.extend_from_slice(from);
        Ok(from.len())
    }

    fn skip(&mut self, n: u64) -> io::Result<u64> {
        let n = usize::try_from(n).unwrap_or(usize::MAX).min(self.0.len());
        self.split(n).map(|s| len64(s.len()))
    }

    #[inline]
    fn left(&mut self) -> io::Result<Option<u64>> {
        Ok(Some(len64(self.0.len())))
    }

    #[inline]
    fn peek(&mut self, to: &mut [u8]) -> io::Result<usize> {
        for (to, from) in to.iter_mut().zip(self.0) {
            *to = *from;
        }
        Ok(to.len().min(self.0.len()))
    }

    fn until_nul(&mut self, room: usize, to: &mut Vec<u8>) -> io::Result<bool> {
        let (text, ends) = text_in(self.0.get(..room).unwrap_or(self.0));
        to.extend_from_slice(self.split(text)?);
        Ok(ends)
    }

    fn ahead(&mut self, ahead: u64, n: usize) -> io::Result<Option<Cow<'_, [u8]>>> {
        let start = usize::try_from(ahead).unwrap_or(usize::MAX).min(self.0.len());
        let found = self.0.get(start..).unwrap_or_default();
        Ok(Some(Cow::Borrowed(found.get(..n).unwrap_or(found))))
    }

    #[inline]
    fn again(&self) -> Option<Self> {
        Some(*self)
    }

    #[inline]
    fn lend(&mut self, n: usize) -> io::Result<Option<&[u8]>> {
        self.split(n).map(Some)
    }
}

/// A reader that can seek: blobs are passed over, and the end is asked for once.
#[derive(Debug)]
pub struct SeekInput<R>(pub R);

impl<R: Read + Seek> SeekInput<R> {
    /// Moves by `step` bytes from here. With `std` a `BufReader` keeps its buffer if it can.
    fn seek_by(&mut self, step: i64) -> io::Result<()> {
        #[cfg(feature = "std")]
        return self.0.seek_relative(step);
        #[cfg(not(feature = "std"))]
        return self.0.seek(SeekFrom::Current(step)).map(|_| ());
    }

    /// Gives back the last `n` bytes.
    fn back(&mut self, n: usize) -> io::Result<()> {
        let step = i64::try_from(n).map_err(|_| io::ErrorKind::InvalidInput)?;
        if step == 0 {
            return Ok(());
        }
        self.seek_by(step.saturating_neg())
    }

    /// Appends what one read gives of a text, up to and with its NUL. How many bytes that were, and whether the NUL was there.
    fn text_part<const MOST: usize>(&mut self, room: usize, to: &mut Vec<u8>) -> io::Result<(usize, bool)> {
        let mut chunk = [0; MOST];
        let part = chunk.get_mut(..room.min(MOST)).unwrap_or_default();
        let got = read_once(&mut self.0, part)?;
        let (text, ends) = text_in(part.get(..got).unwrap_or_default());
        to.extend_from_slice(part.get(..text).unwrap_or_default());
        self.back(got.saturating_sub(text))?;
        Ok((text, ends))
    }
}

impl<R: Read + Seek> Input for SeekInput<R> {
    #[inline]
    fn fill(&mut self, to: &mut [u8]) -> io::Result<usize> {
        read_up_to(&mut self.0, to)
    }

    fn append(&mut self, n: usize, to: &mut Vec<u8>) -> io::Result<usize> {
        (&mut self.0).take(len64(n)).read_to_end(to)
    }

    fn skip(&mut self, n: u64) -> io::Result<u64> {
        let step = i64::try_from(n).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        self.seek_by(step).map(|()| n)
    }

    fn left(&mut self) -> io::Result<Option<u64>> {
        let here = self.0.stream_position()?;
        let end = self.0.seek(SeekFrom::End(0))?;
        self.0.seek(SeekFrom::Start(here))?;
        Ok(Some(end.saturating_sub(here)))
    }

    fn peek(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let got = read_up_to(&mut self.0, to)?;
        self.back(got).map(|()| got)
    }

    fn ahead(&mut self, ahead: u64, n: usize) -> io::Result<Option<Cow<'_, [u8]>>> {
        let step = i64::try_from(ahead).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let mut held = Vec::new();
        // What is surely there is held but once: a vector that grows is copied.
        if self.left()?.is_some_and(|left| left >= ahead.saturating_add(len64(n))) {
            held.try_reserve_exact(n).map_err(|_| io::ErrorKind::Other)?;
        }
        self.seek_by(step)?;
        let got = self.append(n, &mut held)?;
        let back = i64::try_from(got).map_err(|_| io::ErrorKind::InvalidInput)?.saturating_add(step);
        self.seek_by(back.saturating_neg())?;
        Ok(Some(Cow::Owned(held)))
    }

    /// Most texts are short: the first chunk is small, and what follows the NUL is given back.
    fn until_nul(&mut self, room: usize, to: &mut Vec<u8>) -> io::Result<bool> {
        let (mut got, mut ends) = self.text_part::<256>(room, to)?;
        let mut room = room.saturating_sub(got);
        while !ends && got > 0 && room > 0 {
            (got, ends) = self.text_part::<4096>(room, to)?;
            room = room.saturating_sub(got);
        }
        Ok(ends)
    }
}

/// Length of the text at the start of `b`, with its NUL; and whether it has one.
fn text_in(b: &[u8]) -> (usize, bool) {
    match CStr::from_bytes_until_nul(b) {
        Ok(text) => (text.count_bytes().saturating_add(1), true),
        Err(_) => (b.len(), false),
    }
}

/// One read that is not interrupted.
pub(crate) fn read_once<R: Read>(reader: &mut R, to: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(to) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Reads until `to` is full or the input ends.
#[inline]
pub(crate) fn read_up_to<R: Read>(reader: &mut R, to: &mut [u8]) -> io::Result<usize> {
    let mut got = 0_usize;
    while let Some(room) = to.get_mut(got..)
        && !room.is_empty()
    {
        match read_once(reader, room)? {
            0 => break,
            n => got = got.saturating_add(n),
        }
    }
    Ok(got)
}
