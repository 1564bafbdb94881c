//! Windows: bytes of which a part of the format must make do, how they end, and the gaps before fields at an offset.

use crate::source::{NO_WINDOW, STEP};
use crate::{Blob, Class, Cursor, Error, Input, Result, Source, len64};
use alloc::format;

impl<I: Input> Source<I> {
    /// A window of `n` bytes in memory, at most `max`: a slice lends them, a reader reads them in one piece. Positions
    /// inside are absolute; going past its end is `invalid`. `read` ends with one of the closes.
    ///
    /// # Errors
    /// When the window is larger than `max` (`limit`), than the window around it (`invalid`) or than what the input holds
    /// (`truncated`); and those of `read`.
    pub fn window<T>(&mut self, n: u64, max: u64, read: impl FnOnce(&mut Cursor<'_>) -> Result<T>) -> Result<T> {
        let (start, first, depth) = (self.position, self.first, self.depth);
        let inside = |held: &[u8]| {
            let mut cursor = Cursor::inside(held, start);
            (cursor.first, cursor.depth) = (first, depth);
            read(&mut cursor)
        };
        self.check_max(n, max)?;
        self.check_room(n)?;
        self.check_left(n, len64(STEP))?;
        self.claim(n)?;
        let lent = match usize::try_from(n) {
            Ok(size) => self.input.lend(size),
            Err(_) => Ok(None),
        };
        match lent {
            Ok(Some(held)) => inside(held),
            Ok(None) => inside(&self.hold(n, start)?),
            Err(e) => Err(Error::io(start, e)),
        }
    }

    /// Narrows to a window of `n` bytes in the stream, for contents that are not held. Gives what [`Source::exit`] needs.
    ///
    /// # Errors
    /// When the window is larger than `max` (`limit`), than the window around it (`invalid`) or than what the input holds
    /// (`truncated`).
    pub fn enter(&mut self, n: u64, max: u64) -> Result<u64> {
        self.check_max(n, max)?;
        self.check_room(n)?;
        self.check_left(n, 0)?;
        let end = self.position.saturating_add(n);
        if end == NO_WINDOW {
            return Err(Error::short(Class::Truncated, self.position, n, self.room()));
        }
        Ok(core::mem::replace(&mut self.limit, end))
    }

    /// Narrows to a window of `n` bytes that began at `start`, of which a part has been read. Gives what [`Source::exit`]
    /// needs.
    ///
    /// # Errors
    /// As [`Source::enter`]; and `invalid` when more than `n` bytes have been read already.
    pub fn enter_from(&mut self, start: u64, n: u64, max: u64) -> Result<u64> {
        self.check_max(n, max)?;
        let read = self.position.saturating_sub(start);
        let left = n
            .checked_sub(read)
            .ok_or_else(|| Error::new(Class::Invalid, format!("a size of at least {read} bytes"), n).located(start))?;
        self.enter(left, u64::MAX)
    }

    /// Holds the number of elements of a list, each of at least `least` bytes, against what is left.
    ///
    /// # Errors
    /// When they cannot fit: `invalid` past a window, `truncated` past the input.
    pub fn elements(&mut self, count: u64, least: u64) -> Result<()> {
        let total = count.saturating_mul(least);
        self.check_room(total)?;
        // Nothing is taken for the elements yet, so that a short list is refused where it is cut off, by every door alike.
        if total > len64(STEP) { self.check_left(total, len64(STEP)) } else { Ok(()) }
    }

    /// The same where each has `size` bytes: a short list is refused as a whole.
    ///
    /// # Errors
    /// When they do not fit: `invalid` past a window, `truncated` past the input.
    pub fn elements_of_size(&mut self, count: u64, size: u64) -> Result<()> {
        let total = count.saturating_mul(size);
        self.check_room(total)?;
        self.check_left(total, 0)
    }

    /// Leaves a window in the stream. What is left in it is not looked at: one of the closes comes first.
    pub fn exit(&mut self, outer: u64) {
        self.limit = outer;
    }

    /// The end of a window that must be used up.
    ///
    /// # Errors
    /// Class `invalid` when bytes are left over; found is how many.
    pub fn close(&mut self) -> Result<()> {
        match self.rest()? {
            0 => Ok(()),
            over => Err(leftover(self.position, over)),
        }
    }

    /// The end of a window whose rest must be zero.
    ///
    /// # Errors
    /// When it is not.
    pub fn close_zero(&mut self) -> Result<()> {
        self.zeros_rest().map(|_| ())
    }

    /// The end of a window whose rest is kept, as a blob.
    ///
    /// # Errors
    /// When the input ends before the window does.
    pub fn close_keep(&mut self) -> Result<Blob> {
        let n = self.rest()?;
        self.blob(n)
    }

    /// The next field is at the absolute offset `to`, which must be here.
    ///
    /// # Errors
    /// Class `invalid` when it is elsewhere.
    pub fn gap_none(&mut self, to: u64) -> Result<()> {
        match self.gap(to)? {
            0 => Ok(()),
            _ => Err(misplaced("an offset of", self.position, to)),
        }
    }

    /// The next field is at the absolute offset `to`, with zeros before it.
    ///
    /// # Errors
    /// Class `invalid` when that is before here, outside the window, or not zero.
    pub fn gap_zero(&mut self, to: u64) -> Result<()> {
        let n = self.gap(to)?;
        self.zeros(n)
    }

    /// The next field is at the absolute offset `to`; what is before it is kept, as a blob.
    ///
    /// # Errors
    /// Class `invalid` when that is before here or outside the window.
    pub fn gap_keep(&mut self, to: u64) -> Result<Blob> {
        let n = self.gap(to)?;
        self.blob(n)
    }

    /// Bytes from here to `to`.
    fn gap(&self, to: u64) -> Result<u64> {
        match to.checked_sub(self.position) {
            Some(n) => Ok(n),
            None => Err(misplaced("an offset at or after", self.position, to)),
        }
    }
}

#[cold]
pub(crate) fn leftover(at: u64, over: u64) -> Error {
    Error::new(Class::Invalid, "a window that is used up", over).located(at)
}

#[cold]
fn misplaced(what: &str, here: u64, to: u64) -> Error {
    Error::new(Class::Invalid, format!("{what} {here:#x}"), to).located(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lent_windows_are_not_copied() {
        let b = [1, 2, 3, 4];
        let mut src = Cursor::over(&b, 100);
        let taken = src
            .window(3, 8, |w| {
                assert_eq!((w.position(), w.rest().unwrap_or(0)), (100, 3));
                let slice = w.slice(3)?;
                assert!(core::ptr::eq(slice.as_ptr(), b.as_ptr()));
                w.close().map(|()| len64(slice.len()))
            })
            .unwrap_or(0);
        assert_eq!((taken, src.position()), (3, 103));
    }

    #[test]
    fn what_is_read_begins_where_it_did_in_windows_too() {
        let mut src = Cursor::over(&[1, 2, 3, 4, 5], 100);
        let there =
            src.block::<1>().and_then(|_| src.window(3, 8, |w| w.gap_zero(w.from_first(1)).map(|()| w.from_first(2))));
        assert_eq!(there.ok(), Some(102));
        assert_eq!(src.from_first(u64::MAX), u64::MAX);
        let back = src.gap_keep(src.from_first(3)).map_err(|e| (e.class(), e.offset()));
        assert_eq!(back, Err((Class::Invalid, Some(104))));
    }
}
