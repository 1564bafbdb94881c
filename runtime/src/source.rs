//! Bounded reading: a position that is counted, allocation that follows the input, a blob that is passed over lazily.
//! Windows, padding and looking ahead have files of their own.

use crate::{Blob, Class, Error, Fault, Input, Result, SliceInput, len64};
use alloc::format;
use alloc::vec::Vec;

/// What is longer than so many bytes is held against what is left before anything of it is read.
pub(crate) const STEP: usize = 1 << 20;

/// Largest piece in bytes for which memory is taken before the bytes have arrived, where nobody knows how many are left.
const PIECE: usize = 512 << 10;

/// What is no longer than so many bytes goes over the stack at little cost: clearing a whole chunk for it takes longer than
/// reading it.
const FEW: usize = 64;

/// Largest piece in bytes that goes over the stack.
pub(crate) const CHUNK: usize = 4096;

/// The limit of a source that is in no window.
pub(crate) const NO_WINDOW: u64 = u64::MAX;

/// The pending blob reaches to an end that nobody knows; it is not part of the position yet.
pub(crate) const TO_END: u64 = u64::MAX;

/// How deep types may nest in themselves: deeper input is an attack on the stack.
const DEEPEST: u8 = 64;

/// An input with its position, the end of the current window, and a blob that is passed over when next needed.
#[derive(Clone, Debug)]
pub struct Source<I> {
    pub(crate) input: I,
    /// Absolute offset in bytes of the next byte, after a pending blob.
    pub(crate) position: u64,
    /// Absolute offset in bytes of the first byte that was there to be read, which windows in memory share.
    pub(crate) first: u64,
    /// Absolute offset in bytes of the window's end.
    pub(crate) limit: u64,
    /// Absolute offset in bytes of the input's end, once it was asked for.
    end: Option<u64>,
    /// Bytes before `position` that the input has yet to pass over.
    pub(crate) pending: u64,
    pub(crate) depth: u8,
}

/// A source over a slice, which can also lend.
pub type Cursor<'a> = Source<SliceInput<'a>>;

impl<I: Input> Source<I> {
    /// An input whose next byte is at the absolute offset `position`.
    #[inline]
    pub const fn new(input: I, position: u64) -> Self {
        Self { input, position, first: position, limit: NO_WINDOW, end: None, pending: 0, depth: 0 }
    }

    /// Absolute position of the next byte.
    #[inline]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Absolute position of what is `offset` bytes behind the first byte that was read.
    #[inline]
    pub const fn from_first(&self, offset: u64) -> u64 {
        self.first.saturating_add(offset)
    }

    /// The input, positioned after everything taken.
    ///
    /// # Errors
    /// When a blob at the end is cut short.
    pub fn into_input(mut self) -> Result<I> {
        self.settle()?;
        Ok(self.input)
    }

    /// Passes over the blob that nobody took.
    ///
    /// # Errors
    /// When it is cut short.
    #[inline]
    pub fn settle(&mut self) -> Result<()> {
        if self.pending == 0 { Ok(()) } else { self.settle_blob() }
    }

    #[cold]
    fn settle_blob(&mut self) -> Result<()> {
        let n = core::mem::take(&mut self.pending);
        if n == TO_END {
            let got = self.input.skip(n).map_err(|e| Error::io(self.position, e))?;
            self.position = self.position.saturating_add(got);
            return Ok(());
        }
        let start = self.position.saturating_sub(n);
        let got = self.input.skip(n).map_err(|e| Error::io(start, e))?;
        if got < n { Err(Error::short(Class::Truncated, start, n, got)) } else { Ok(()) }
    }

    /// Enters a type that may hold itself; [`Source::ascend`] leaves it.
    ///
    /// # Errors
    /// Class `limit` when that is the 65th level.
    #[inline]
    pub fn descend(&mut self) -> Result<()> {
        if self.depth >= DEEPEST {
            return Err(too_deep(self.position));
        }
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    /// Leaves a type that may hold itself.
    #[inline]
    pub fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// At the end of the input or of the window.
    #[inline]
    pub fn block<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut b = [0; N];
        self.fill(&mut b)?;
        Ok(b)
    }

    /// The next `N` bytes, into an array that is there: one that is carried out of a `Result` is copied in parts that no
    /// register holds.
    ///
    /// # Errors
    /// At the end of the input or of the window.
    #[expect(clippy::inline_always, reason = "a copy of constant length, which a call makes one of any length")]
    #[inline(always)]
    pub fn fill<const N: usize>(&mut self, b: &mut [u8; N]) -> Result<()> {
        let at = self.position;
        self.claim(len64(N))?;
        match self.input.fill(b) {
            Ok(got) if got == N => Ok(()),
            got => Err(ended(at, N, got)),
        }
    }

    /// The value of the next `N` bytes.
    ///
    /// # Errors
    /// At the end of the input or of the window, and those of `decode`.
    #[inline]
    pub fn decode<const N: usize, T>(&mut self, decode: impl FnOnce(&[u8; N]) -> Result<T, Fault>) -> Result<T> {
        let base = self.position;
        let mut b = [0; N];
        self.fill(&mut b)?;
        decode(&b).map_err(|f| f.at(base))
    }

    /// The next `n` bytes in memory. Refused before memory is taken when more than `max` bytes, or than there are.
    ///
    /// # Errors
    /// At the end of the input or of the window, and above `max`.
    pub fn bytes(&mut self, n: u64, max: u64) -> Result<Vec<u8>> {
        self.check_max(n, max)?;
        self.check_room(n)?;
        self.check_left(n, len64(STEP))?;
        match usize::try_from(n) {
            // Most texts are short, and are copied once.
            Ok(few) if few <= FEW => self.with_chunk(few, <[u8]>::to_vec),
            _ => {
                let at = self.position;
                self.claim(n)?;
                self.hold(n, at)
            }
        }
    }

    /// Reads `n` bytes that were claimed at `at`. Where nobody knows how many are left, they are gathered in pieces and joined
    /// once: growing one piece would hold three times what arrived.
    pub(crate) fn hold(&mut self, n: u64, at: u64) -> Result<Vec<u8>> {
        let size = usize::try_from(n).map_err(|_| no_memory(n, at))?;
        if size <= PIECE || self.knows_end() {
            return self.hold_piece(size, (at, n, 0));
        }
        let mut pieces = Vec::new();
        let mut left = size;
        while left > 0 {
            let step = left.min(PIECE);
            let held = n.saturating_sub(len64(left));
            pieces.push(self.hold_piece(step, (at, n, held))?);
            left = left.saturating_sub(step);
        }
        let mut whole = Vec::new();
        let reserved = whole.try_reserve_exact(size);
        reserved.map_err(|_| no_memory(n, at))?;
        for piece in pieces {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    /// One piece of the `n` bytes at `at`, of which some are held already.
    fn hold_piece(&mut self, size: usize, of: (u64, u64, u64)) -> Result<Vec<u8>> {
        let (at, n, held) = of;
        let mut piece = Vec::new();
        let reserved = piece.try_reserve_exact(size);
        reserved.map_err(|_| no_memory(len64(size), at))?;
        let got = self.input.append(size, &mut piece).map_err(|e| Error::io(at, e))?;
        if got < size {
            return Err(Error::short(Class::Truncated, at, n, held.saturating_add(len64(got))));
        }
        Ok(piece)
    }

    /// `count` elements of `N` bytes, 4 KiB at a time. The count is held against the window and the input first.
    ///
    /// # Errors
    /// When they do not fit, and those of `decode`, with the element's index.
    pub fn list<const N: usize, T>(
        &mut self,
        count: u64,
        mut decode: impl FnMut(&[u8; N]) -> Result<T, Fault>,
    ) -> Result<Vec<T>> {
        const { assert!(N > 0, "an element takes at least one byte") };
        let total = count.saturating_mul(len64(N));
        self.check_room(total)?;
        self.check_left(total, len64(CHUNK))?;
        let per_chunk = len64(CHUNK.checked_div(N).unwrap_or(1).max(1));
        let mut out = self.room_for::<T>(count, total)?;
        let mut left = count;
        while left > 0 {
            let n = usize::try_from(left.min(per_chunk)).unwrap_or(1);
            let at = self.position;
            let mut elements = |b: &[u8]| decode_all(b, at, &mut out, &mut decode);
            if N > CHUNK {
                elements(&self.block::<N>()?)?;
            } else {
                self.with_chunk(n.saturating_mul(N), elements)??;
            }
            left = left.saturating_sub(len64(n));
        }
        Ok(out)
    }

    /// An empty list, with room for as many elements as take no more memory than their `total` bytes, which are there.
    fn room_for<T>(&self, count: u64, total: u64) -> Result<Vec<T>> {
        let mut list = Vec::new();
        if self.knows_end() || total <= len64(CHUNK) {
            let fit = total.checked_div(len64(size_of::<T>())).unwrap_or(0).min(count);
            let reserved = list.try_reserve_exact(usize::try_from(fit).unwrap_or(usize::MAX));
            reserved.map_err(|_| no_memory(total, self.position))?;
        }
        Ok(list)
    }

    /// Whether a length was held against what the input still holds.
    const fn knows_end(&self) -> bool {
        I::KNOWN || self.end.is_some()
    }

    /// The next `n` bytes as a range. They are passed over when the next byte is asked for. No bytes are [`Blob::EMPTY`].
    ///
    /// # Errors
    /// At the end of the input or of the window.
    pub fn blob(&mut self, n: u64) -> Result<Blob> {
        if n == 0 {
            // A kept gap in front is not its payload.
            self.settle()?;
            return Ok(Blob::EMPTY);
        }
        let offset = self.position;
        self.check_room(n)?;
        self.check_left(n, 0)?;
        self.claim(n)?;
        self.pending = n;
        Ok(Blob::Range { offset, length: n })
    }

    /// How many bytes are left in the window; without one, in the input.
    ///
    /// # Errors
    /// Class `needs_source` without a window, for an input whose length is not known.
    pub fn rest(&mut self) -> Result<u64> {
        if self.in_window() {
            return Ok(self.room());
        }
        match self.left()? {
            Some(left) => Ok(left),
            None => Err(unknown_length(self.position)),
        }
    }

    /// Whether a window bounds what can be read.
    pub(crate) const fn in_window(&self) -> bool {
        self.limit != NO_WINDOW
    }

    /// Bytes left in the window.
    pub(crate) const fn room(&self) -> u64 {
        self.limit.saturating_sub(self.position)
    }

    /// Reserves the next `n` bytes of the window.
    #[inline]
    pub(crate) fn claim(&mut self, n: u64) -> Result<()> {
        self.check_room(n)?;
        self.settle()?;
        self.position = self.position.saturating_add(n);
        Ok(())
    }

    /// Takes the next `n` bytes, at most [`CHUNK`], lent where the input holds them and else over the stack.
    pub(crate) fn with_chunk<T>(&mut self, n: usize, look: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let at = self.position;
        self.claim(len64(n))?;
        match self.input.lend(n) {
            Ok(Some(lent)) => return Ok(look(lent)),
            Ok(None) => {}
            Err(_) => return Err(self.cut_off(at, n)),
        }
        if n <= FEW { self.over_stack::<FEW, T>(n, at, look) } else { self.over_stack::<CHUNK, T>(n, at, look) }
    }

    #[inline]
    fn over_stack<const MOST: usize, T>(&mut self, n: usize, at: u64, look: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let mut chunk = [0; MOST];
        let part = chunk.get_mut(..n).unwrap_or_default();
        match self.input.fill(part) {
            Ok(got) if got == n => Ok(look(part)),
            got => Err(ended(at, n, got)),
        }
    }

    /// An input that lends ends before the `n` bytes at `at`.
    #[cold]
    pub(crate) fn cut_off(&mut self, at: u64, n: usize) -> Error {
        let left = self.input.left().ok().flatten().unwrap_or(0);
        Error::short(Class::Truncated, at, len64(n), left)
    }

    /// Bytes left in the input; a reader is asked once.
    pub(crate) fn left(&mut self) -> Result<Option<u64>> {
        if self.end.is_none() {
            self.settle()?;
            let at = self.position;
            let left = self.input.left().map_err(|e| Error::io(at, e))?;
            self.end = left.map(|n| at.saturating_add(n));
        }
        Ok(self.end.map(|end| end.saturating_sub(self.position)))
    }

    /// Refuses what is larger than the spec's `max`, in bytes.
    pub(crate) fn check_max(&self, n: u64, max: u64) -> Result<()> {
        if n > max {
            return Err(Error::limit(format!("at most {max} bytes"), n).located(self.position));
        }
        Ok(())
    }

    /// Refuses what does not fit in the window.
    #[inline]
    pub(crate) fn check_room(&self, n: u64) -> Result<()> {
        if n > self.room() {
            return Err(no_room(self.position, n, self.room(), self.in_window()));
        }
        Ok(())
    }

    /// Refuses what the input no longer holds, where that is free to know or `n` is above `unasked` bytes.
    pub(crate) fn check_left(&mut self, n: u64, unasked: u64) -> Result<()> {
        if (I::KNOWN || n > unasked)
            && let Some(left) = self.left()?
            && n > left
        {
            return Err(Error::short(Class::Truncated, self.position, n, left));
        }
        Ok(())
    }
}

/// The input ended before `n` bytes at `at` were there, or the reader failed.
#[cold]
pub(crate) fn ended(at: u64, n: usize, got: binrw::io::Result<usize>) -> Error {
    match got {
        Ok(got) => Error::short(Class::Truncated, at, len64(n), len64(got)),
        Err(e) => Error::io(at, e),
    }
}

/// Appends the elements of `b`, which starts at the absolute offset `at`.
fn decode_all<const N: usize, T>(
    b: &[u8],
    at: u64,
    out: &mut Vec<T>,
    decode: &mut impl FnMut(&[u8; N]) -> Result<T, Fault>,
) -> Result<()> {
    let mut place = at;
    for element in b.as_chunks().0 {
        match decode(element) {
            Ok(value) => out.push(value),
            Err(fault) => return Err(fault.at(place).index(out.len())),
        }
        place = place.saturating_add(len64(N));
    }
    Ok(())
}

#[cold]
fn no_room(at: u64, n: u64, room: u64, in_window: bool) -> Error {
    let class = if in_window { Class::Invalid } else { Class::Truncated };
    Error::short(class, at, n, room)
}

#[cold]
fn no_memory(n: u64, at: u64) -> Error {
    Error::limit("a size that fits in memory", n).located(at)
}

#[cold]
fn too_deep(at: u64) -> Error {
    Error::limit(format!("at most {DEEPEST} levels of nesting"), DEEPEST).located(at)
}

#[cold]
pub(crate) fn unknown_length(at: u64) -> Error {
    let nothing = crate::Found::Nothing;
    Error::new(Class::NeedsSource, "a source of known length", nothing).located(at)
}
